import pytest

from ingest.synthetic.mask_agreement import MaskAgreement, agreement


def test_equal_masks_agree_wholly() -> None:
    equal = agreement(4.0, 4.0, agreed=1.0)
    assert (equal.iou_water, equal.iou_other) == (1.0, 1.0)
    assert equal.matthews == pytest.approx(1.0)
    assert equal.kappa == pytest.approx(1.0)


def test_scores_of_a_real_comparison() -> None:
    """The ai_scl masks of DaFab's S2A_MSIL2A_20150716T091006_N0500_R050_T34SGH_20231012T222736_water_analysis_200."""
    masks = MaskAgreement(43.8385, 0.2007, 1.2112)
    scores = (masks.iou_water, masks.iou_other, masks.matthews, masks.kappa)
    assert [round(score, 2) for score in scores] == [0.97, 0.97, 0.97, 0.97]
    assert masks.other_in_both == pytest.approx(54.7496, abs=1e-3)


def test_masks_without_water_score_nothing() -> None:
    empty = agreement(0.0, 0.0, agreed=0.9)
    assert (empty.iou_water, empty.iou_other, empty.matthews, empty.kappa) == (0.0, 1.0, 0.0, 0.0)

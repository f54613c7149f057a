"""How far two generated water masks of one scene agree, with the scores that follow from it."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class MaskAgreement:
    """Shares of the scene in percent, which add up to 100 with what neither mask calls water."""

    water_in_both: float
    water_in_first_only: float
    water_in_second_only: float

    @property
    def water_in_first(self) -> float:
        return self.water_in_both + self.water_in_first_only

    @property
    def water_in_second(self) -> float:
        return self.water_in_both + self.water_in_second_only

    @property
    def other_in_both(self) -> float:
        return 100 - self.water_in_both - self.water_in_first_only - self.water_in_second_only

    @property
    def iou_water(self) -> float:
        return _quotient(self.water_in_both, 100 - self.other_in_both)

    @property
    def iou_other(self) -> float:
        return _quotient(self.other_in_both, 100 - self.water_in_both)

    @property
    def matthews(self) -> float:
        """The Matthews correlation coefficient, 0 where a mask has no water."""
        first, second = self.water_in_first, self.water_in_second
        scale = sqrt(first * second * (100 - first) * (100 - second))
        return _quotient(
            self.water_in_both * self.other_in_both - self.water_in_first_only * self.water_in_second_only, scale
        )

    @property
    def kappa(self) -> float:
        """Cohen's kappa, 0 where a mask has no water."""
        first, second = self.water_in_first, self.water_in_second
        if not first or not second:
            return 0.0
        by_chance = (first * second + (100 - first) * (100 - second)) / 100
        return _quotient(self.water_in_both + self.other_in_both - by_chance, 100 - by_chance)

    def as_dafab(self) -> dict[str, float]:
        """The object of ``trustworthiness_observed_water_mask``."""
        return {
            "overlap_water_percentage": round(self.water_in_both, 4),
            "left_join_water_percentage": round(self.water_in_first_only, 4),
            "right_join_water_percentage": round(self.water_in_second_only, 4),
            "overlap_other_percentage": round(self.other_in_both, 4),
            "iou_score_water": round(self.iou_water, 2),
            "iou_score_other": round(self.iou_other, 2),
            "mcc_score": round(self.matthews, 2),
            "kappa_score": round(self.kappa, 2),
        }


def agreement(first: float, second: float, *, agreed: float) -> MaskAgreement:
    """The agreement of two masks.

    Args:
        first: water in the first mask, percent of the scene.
        second: water in the second mask, percent of the scene.
        agreed: share of the smaller that the other has too, 0 to 1.
    """
    both = agreed * min(first, second)
    return MaskAgreement(both, first - both, second - both)


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole else 0.0

from datetime import date
from typing import Any

import pytest

from ingest.synthetic.archive import synthetic_archive
from ingest.synthetic.river import TILE_KM2, is_flooded
from ingest.synthetic.water_items import water_item
from ontology import terms
from ontology.anomaly import Thresholds, water_anomaly
from tests.ingest.synthetic.contents import Contents


def _analysis(item: dict[str, Any]) -> dict[str, Any]:
    analysis: dict[str, Any] = item["properties"]["dafab:water-analysis"]
    return analysis


def _excluded(item: dict[str, Any]) -> float:
    difference = _analysis(item)["difference_water_mask"]
    return float(difference["exclusion_reference"] + difference["exclusion_observed"])


def _anomaly(item: dict[str, Any]) -> str | None:
    """The code of the anomaly under the default rule, None where it is not assessed."""
    analysis = _analysis(item)
    found = water_anomaly(
        Thresholds(),
        excess_percent=analysis["excess_total_water_observed"],
        excess_km2=analysis["excess_total_water_observed_area(km2)"],
        deficit_percent=analysis["deficit_water_observed"],
        deficit_km2=analysis["deficit_water_observed_area(km2)"],
        excluded_percent=_excluded(item),
    )
    return None if found is None else found.anomaly_type


def _in_flood(item: dict[str, Any]) -> bool:
    return is_flooded(date.fromisoformat(item["properties"]["datetime"][:10]))


def test_difference_mask_adds_up_to_100(contents: Contents) -> None:
    for item in contents.water_items:
        shares = _analysis(item)["difference_water_mask"]
        assert len(shares) == 8
        assert sum(shares.values()) == pytest.approx(100, abs=1e-3)
        assert all(0 <= share <= 100 for share in shares.values())


def test_flood_raises_flood_anomalies_in_its_days_only(contents: Contents) -> None:
    inside = [_anomaly(item) for item in contents.water_items if _in_flood(item)]
    outside = [_anomaly(item) for item in contents.water_items if not _in_flood(item)]
    assert set(inside) == {terms.ANOMALY_FLOOD, None}
    assert inside.count(terms.ANOMALY_FLOOD) >= 12
    assert terms.ANOMALY_FLOOD not in outside
    assert terms.ANOMALY_FLOOD_AND_DROUGHT not in outside


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_flood_shows_whatever_the_seed(seed: int) -> None:
    items = [water_item(product, seed=seed) for product in synthetic_archive(seed=seed).level_2a]
    floods = [_in_flood(item) for item in items if _anomaly(item) == terms.ANOMALY_FLOOD]
    assert floods.count(True) >= 8
    assert floods.count(False) <= 2


def test_dry_spell_gives_one_or_two_droughts(contents: Contents) -> None:
    dry = [item for item in contents.water_items if _anomaly(item) == terms.ANOMALY_DROUGHT]
    assert 1 <= len(dry) <= 2
    assert all(item["properties"]["datetime"].startswith("2025-09") for item in dry)


def test_overcast_scenes_are_wholly_excluded(contents: Contents) -> None:
    excluded = [_excluded(item) for item in contents.water_items]
    assert max(excluded) == 100
    assert min(excluded) < 1
    assert any(60 < share < 100 for share in excluded)


def test_measures_follow_from_the_mask(contents: Contents) -> None:
    for item in contents.water_items:
        analysis = _analysis(item)
        mask, usual = analysis["difference_water_mask"], analysis["reference_permanent_water_visible"]
        assert usual == pytest.approx(mask["water_permanent_observed"] + mask["water_deficit_observed"], abs=1e-3)
        beyond = mask["water_excess_observed"] + mask["water_seasonal_observed"]
        km2 = analysis["excess_total_water_observed_area(km2)"]
        assert km2 == pytest.approx(beyond / 100 * TILE_KM2, abs=0.02)
        if usual:
            assert analysis["excess_total_water_observed"] == pytest.approx(100 * beyond / usual, abs=0.02)


def test_outlined_bodies_cover_no_more_than_the_water(contents: Contents) -> None:
    for item in contents.water_items:
        analysis = _analysis(item)
        for kind in ("excess_total_water", "deficit_water"):
            bodies = analysis[kind]
            assert bodies["total_area(km2)"] <= analysis[f"{kind}_observed_area(km2)"] + 0.01
            assert bodies["min_area(km2)"] <= bodies["mean_area(km2)"] <= bodies["max_area(km2)"]


def test_masks_agree_within_their_ranges(contents: Contents) -> None:
    for item in contents.water_items:
        masks = _analysis(item)["trustworthiness_observed_water_mask"]
        assert set(masks) == {"ai_noai", "ai_scl", "noai_scl"}
        for agreement in masks.values():
            shares = [share for name, share in agreement.items() if name.endswith("_percentage")]
            assert sum(shares) == pytest.approx(100, abs=1e-3)
            assert all(0 <= score <= 1 for name, score in agreement.items() if name.endswith("_score"))


def test_water_items_have_the_members_of_dafab(contents: Contents) -> None:
    for item in contents.water_items:
        assert set(item) == {
            *("type", "stac_version", "stac_extensions", "id", "collection", "geometry", "bbox"),
            *("properties", "links", "assets"),
        }
        assert item["id"].endswith("_water_analysis_200")
        assert (item["stac_version"], item["collection"]) == ("1.1.0", "water_analysis")
        assert len(_analysis(item)) == 17
        assert len(item["assets"]) == 30
        assert [link["rel"] for link in item["links"]] == ["root", "self", "collection", "derived_from"]
        assert (item["properties"]["processing:level"], item["properties"]["processing:version"]) == ("L4", "2.0.0")


def test_field_items_count_fields_of_clear_scenes(contents: Contents) -> None:
    for item in contents.field_items:
        fields = item["properties"]["dafab:smart-agriculture"]
        assert fields["number_of_fields"] > 1000
        assert 0 < fields["field_percentage"] < 100
        mean, total = fields["mean_area_of_fields(ha)"], fields["total_field_area(ha)"]
        assert mean == pytest.approx(total / fields["number_of_fields"], abs=0.01)
        assert fields["min_area_of_fields(ha)"] < mean < fields["max_area_of_fields(ha)"]
        assert len(item["assets"]) == 3

"""DaFab's water analyses: every measure, and the anomaly that the site's rule finds."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.dafab.water import read_water_analysis
from ingest.document import Mapped, Notice
from ingest.errors import MetadataMissing
from ingest.settings import MappingSettings
from ontology import terms
from ontology.anomaly import RULE_NAME, Thresholds, anomaly_rule
from ontology.identifiers import collection_iri, instrument_iri, item_iri, model_iri, platform_iri, rule_iri, tile_iri
from ontology.records import (
    Asset,
    MaskAgreement,
    Model,
    ProcessingRun,
    WaterAnalysis,
    WaterAnomaly,
    WaterDifference,
)
from tests.ingest.documents import PRODUCT, WATER_MEASURES, json_document, water_item
from tests.ingest.stored import as_stored

_DEFAULT = MappingSettings()
_PLACE = "properties.dafab:water-analysis"


def read(item: dict[str, Any], settings: MappingSettings = _DEFAULT) -> Mapped:
    return read_water_analysis(json_document(item, "dafab-water-analysis"), settings)


def analysis_of(item: dict[str, Any], settings: MappingSettings = _DEFAULT) -> WaterAnalysis:
    record = read(item, settings).record
    assert isinstance(record, WaterAnalysis)
    return record


def _agreement(compared: str) -> MaskAgreement:
    return MaskAgreement(
        compared=compared,
        water_in_both=12,
        water_in_first_only=0.25,
        water_in_second_only=0.75,
        other_in_both=87,
        iou_water=0.96,
        iou_other=0.98,
        matthews=-0.5,
        kappa=0.94,
    )


_IDENTIFIER = f"{PRODUCT}_water_analysis_200"
_SOURCE = item_iri("sentinel_2_l2a", PRODUCT)
_RULE = rule_iri(RULE_NAME, Thresholds().fingerprint)
_GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
_OBSERVED = terms.OBSERVED_WATER_MASK
_FULL = {
    "iri": item_iri("water_analysis", _IDENTIFIER),
    "identifier": _IDENTIFIER,
    "collection": collection_iri("water_analysis"),
    "kind": terms.WATER_ANALYSIS,
    "footprint": "POLYGON ((22 40, 23 40, 23 41, 22 41, 22 40))",
    "sensed_at": datetime(2024, 8, 12, 9, 20, 29, 24000, tzinfo=UTC),
    "platform": platform_iri("sentinel-2b"),
    "instruments": (instrument_iri("sentinel-2b", "msi"),),
    "processing_level": terms.code("ProcessingLevel", "L4"),
    "processing_version": "2.0.0",
    "relative_orbit": 93,
    "tile": tile_iri("MGRS-34TGL"),
    "derived_from": (_SOURCE,),
    "run": ProcessingRun(kind=terms.INFERENCE_ACTIVITY, model=model_iri("water_analysis", "2.0.0"), inputs=(_SOURCE,)),
    "assets": tuple(
        Asset(
            key=key,
            href=f"https://dafab.example/stac/assets/dafab/items/{_IDENTIFIER}/{key}",
            kind=kind,
            title=title,
            media_type=media_type,
        )
        for key, kind, title, media_type in (
            ("dafab-AI-difference-water-mask", terms.CLOUD_OPTIMIZED_ASSET, "AI difference water mask", _GEOTIFF),
            ("dafab-AI-observed-water", _OBSERVED, "AI observed water", _GEOTIFF),
            ("dafab-AI-postprocessed-observed-water", _OBSERVED, "AI postprocessed observed water", _GEOTIFF),
            ("dafab-GFM-reference-water-mask", terms.REFERENCE_WATER_MASK, "GFM reference water mask", _GEOTIFF),
            ("dafab-no-AI-observed-water", _OBSERVED, "No-AI observed water", _GEOTIFF),
            ("dafab-water-excess", terms.ASSET, "Vectorized Excess Water", "application/geo+json"),
        )
    ),
    "reference_mask": item_iri("water_analysis", _IDENTIFIER) + "#asset-dafab-GFM-reference-water-mask",
    "observed_mask": item_iri("water_analysis", _IDENTIFIER) + "#asset-dafab-AI-postprocessed-observed-water",
    "observed_water": 12.5,
    "observed_water_visible": 12.25,
    "permanent_water": 6.5,
    "permanent_water_visible": 6.25,
    "seasonal_water": 1.5,
    "seasonal_water_visible": 1.25,
    "excess_percent": 96.5,
    "excess_km2": 640,
    "excess_bodies": 7,
    "deficit_percent": 0.5,
    "deficit_km2": 3.75,
    "deficit_bodies": 2,
    "difference": WaterDifference(
        other=70,
        excluded_in_reference=0.5,
        excluded_in_observation=15,
        deficit=0.25,
        excess=6,
        seasonal_observed=1,
        seasonal_not_observed=1.25,
        permanent_observed=6,
    ),
    "agreements": tuple(map(_agreement, ("ai_noai", "ai_scl", "noai_scl"))),
    "anomaly": WaterAnomaly(anomaly_type=terms.ANOMALY_NORMAL, score=96.5, rule=_RULE),
}


_MASKS = {"reference_mask", "observed_mask"}
_NOT_OF_ITEMS = {"permanent_water_km2", "observed_water_km2"}
"""Items give these waters in percent of what was in view, whose surface they do not give."""


@pytest.mark.parametrize("field", _FULL)
def test_a_field_is_read(field: str) -> None:
    assert getattr(analysis_of(water_item()), field) == _FULL[field]


def test_every_measure_of_the_record_is_claimed() -> None:
    own = set(WaterAnalysis.__annotations__)
    assert own <= _FULL.keys() | _NOT_OF_ITEMS
    filled = {field.name for field in fields(WaterAnalysis) if getattr(analysis_of(water_item()), field.name)}
    assert filled == _FULL.keys()


def test_nothing_of_a_good_item_is_noted_and_its_record_comes_back_from_its_triples() -> None:
    mapped = read(water_item())
    assert mapped.notices == ()
    assert as_stored(mapped.record) == mapped.record


def test_the_model_and_the_rule_come_along() -> None:
    references = read(water_item()).references
    model = Model(iri=model_iri("water_analysis", "2.0.0"), name="water_analysis", version="2.0.0")
    assert model in references
    assert anomaly_rule(Thresholds()) in references


_REFERENCE = "dafab-GFM-reference-water-mask"
_BY_PREFERENCE = [
    "dafab-AI-postprocessed-observed-water",
    "dafab-AI-observed-water",
    "dafab-no-AI-postprocessed-observed-water",
    "dafab-no-AI-observed-water",
]


def _departures(excess: tuple[float, float | None], deficit: tuple[float, float | None]) -> dict[str, Any]:
    """The measures of an item, from percent and km² of its excess and its deficit."""
    return {
        "excess_total_water_observed": excess[0],
        "excess_total_water_observed_area(km2)": excess[1],
        "deficit_water_observed": deficit[0],
        "deficit_water_observed_area(km2)": deficit[1],
    }


_SITE = Thresholds(
    flood_excess_percent=50,
    flood_excess_km2=100,
    drought_deficit_percent=5,
    drought_deficit_km2=1,
    maximum_excluded_percent=20,
)


@pytest.mark.parametrize(
    ("thresholds", "excess", "deficit", "anomaly_type", "score", "area_km2"),
    [
        (Thresholds(), (96.5, 640), (0.5, 4), terms.ANOMALY_NORMAL, 96.5, None),
        (Thresholds(), (100, 25), (0.5, 4), terms.ANOMALY_FLOOD, 100, 560),
        (Thresholds(), (900, 24.99), (0.5, 4), terms.ANOMALY_NORMAL, 900, None),
        (Thresholds(), (2, 1), (30, 25), terms.ANOMALY_DROUGHT, 30, 1),
        (Thresholds(), (2, 1), (99, 24.99), terms.ANOMALY_NORMAL, 99, None),
        (Thresholds(), (150, 80), (45, 30), terms.ANOMALY_FLOOD_AND_DROUGHT, 150, 561),
        (Thresholds(), (0, 0), (0, 0), terms.ANOMALY_NORMAL, 0, None),
        (Thresholds(), (900, None), (99, None), terms.ANOMALY_NORMAL, 900, None),
        (_SITE, (96.5, 640), (0.5, 4), terms.ANOMALY_FLOOD, 96.5, 560),
        (_SITE, (2, 1), (5, 1), terms.ANOMALY_DROUGHT, 5, 1),
        (_SITE, (50, 99), (4.9, 50), terms.ANOMALY_NORMAL, 50, None),
    ],
)
def test_the_thresholds_of_the_site_decide(
    thresholds: Thresholds,
    excess: tuple[float, float | None],
    deficit: tuple[float, float | None],
    anomaly_type: str,
    score: float,
    area_km2: float | None,
) -> None:
    mapped = read(water_item(**_departures(excess, deficit)), MappingSettings(thresholds))
    rule = anomaly_rule(thresholds)
    assert isinstance(mapped.record, WaterAnalysis)
    expected = WaterAnomaly(anomaly_type=anomaly_type, score=score, rule=rule.iri, area_km2=area_km2)
    assert mapped.record.anomaly == expected
    assert rule in mapped.references


@pytest.mark.parametrize(
    ("excess", "deficit", "area_km2"),
    [(0.1, 0.2, 0.3), (0, 0, 0), (560, None, None), (None, 1, None), ("560", 1, None), (-1, 1, None)],
)
def test_the_surface_of_a_flood_and_drought_is_that_of_both_outlines(
    excess: Any, deficit: Any, area_km2: float | None
) -> None:
    outlines = {"excess_total_water": {"total_area(km2)": excess}, "deficit_water": {"total_area(km2)": deficit}}
    analysis = analysis_of(water_item(**_departures((150, 80), (45, 30)), **outlines))
    assert analysis.anomaly is not None
    assert analysis.anomaly.area_km2 == area_km2
    assert as_stored(analysis) == analysis


@pytest.mark.parametrize(
    ("keys", "reference", "observed"),
    [
        ([_REFERENCE, *_BY_PREFERENCE], _REFERENCE, "dafab-AI-postprocessed-observed-water"),
        (_BY_PREFERENCE[1:], None, "dafab-AI-observed-water"),
        (_BY_PREFERENCE[2:], None, "dafab-no-AI-postprocessed-observed-water"),
        (_BY_PREFERENCE[3:], None, "dafab-no-AI-observed-water"),
        ([_REFERENCE], _REFERENCE, None),
        (["dafab-AI-difference-water-mask", "dafab-AI-cloud-mask", "dafab-ESA-worldcover"], None, None),
        (["dafab-gfm-reference-water-mask", "reference-water-mask"], None, None),
        ([], None, None),
    ],
)
def test_the_masks_of_an_analysis_are_found_by_their_keys(
    keys: list[str], reference: str | None, observed: str | None
) -> None:
    analysis = analysis_of(water_item() | {"assets": {key: {"href": "a.tif"} for key in keys}})
    masks = {asset.key: f"{analysis.iri}#asset-{asset.key}" for asset in analysis.assets}
    assert analysis.reference_mask == (None if reference is None else masks[reference])
    assert analysis.observed_mask == (None if observed is None else masks[observed])
    kinds = {asset.key: asset.kind for asset in analysis.assets}
    expected = dict.fromkeys(keys, terms.ASSET) | dict.fromkeys({*keys} & {*_BY_PREFERENCE}, _OBSERVED)
    assert kinds == expected | ({} if reference is None else {reference: terms.REFERENCE_WATER_MASK})
    assert as_stored(analysis) == analysis


@pytest.mark.parametrize(
    "measures",
    [
        {"excess_total_water_observed": None},
        {"deficit_water_observed": None},
        {"excess_total_water_observed": "much"},
        {"difference_water_mask": {"exclusion_observed": 60.5}},
    ],
)
def test_what_cannot_be_assessed_has_no_anomaly_and_still_its_other_measures(measures: dict[str, Any]) -> None:
    analysis = analysis_of(water_item(**measures))
    assert analysis.anomaly is None
    assert analysis.observed_water == 12.5
    assert as_stored(analysis) == analysis


def test_without_a_difference_nothing_counts_as_excluded() -> None:
    analysis = analysis_of(water_item(difference_water_mask=None))
    assert analysis.difference is None
    assert analysis.anomaly is not None


def test_an_item_without_any_measure_is_an_analysis_of_nothing() -> None:
    item = water_item(**dict.fromkeys(WATER_MEASURES))
    analysis = analysis_of(item)
    measured = set(WaterAnalysis.__annotations__)
    assert {getattr(analysis, name) for name in measured - _MASKS} == {None, ()}
    assert analysis.platform == platform_iri("sentinel-2b")
    assert as_stored(analysis) == analysis


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("excess_total_water_observed", "excess_percent"),
        ("observed_water", "observed_water"),
        ("observed_water_visible", "observed_water_visible"),
        ("reference_permanent_water", "permanent_water"),
    ],
)
def test_a_percentage_of_the_reference_may_exceed_a_hundred(name: str, field: str) -> None:
    mapped = read(water_item(**{name: 1234.5}))
    assert getattr(mapped.record, field) == 1234.5
    assert mapped.notices == ()


def test_a_measure_of_zero_is_kept() -> None:
    measures = {"observed_water": 0, "excess_total_water": {"number": 0}, "difference_water_mask": {"other": 0}}
    analysis = analysis_of(water_item(**measures))
    assert (analysis.observed_water, analysis.excess_bodies, analysis.difference) == (0, 0, WaterDifference(other=0))


@pytest.mark.parametrize(
    ("measures", "place", "reason"),
    [
        ({"deficit_water_observed": 100.5}, "deficit_water_observed", "100.5 lies outside 0 to 100"),
        ({"observed_water": "12"}, "observed_water", "'12' is not a number"),
        ({"observed_water": -0.5}, "observed_water", "-0.5 lies outside 0 to ∞"),
        ({"deficit_water": {"number": 1.5}}, "deficit_water.number", "1.5 is not a whole number"),
        ({"deficit_water": 3}, "deficit_water", "is not an object but int"),
        ({"difference_water_mask": {"other": 101}}, "difference_water_mask.other", "101 lies outside 0 to 100"),
        (
            {"trustworthiness_observed_water_mask": {"ai_scl": {"iou_score_water": 1.5, "kappa_score": 1}}},
            "trustworthiness_observed_water_mask.ai_scl.iou_score_water",
            "1.5 lies outside 0 to 1",
        ),
        (
            {"trustworthiness_observed_water_mask": {"ai_scl": 0.5}},
            "trustworthiness_observed_water_mask.ai_scl",
            "is not an object but float",
        ),
    ],
)
def test_a_measure_that_does_not_fit_is_left_out_with_its_place(
    measures: dict[str, Any], place: str, reason: str
) -> None:
    assert read(water_item(**measures)).notices == (Notice(f"{_PLACE}.{place}", f"{reason}; left out of the record"),)


@pytest.mark.parametrize("masks", [{"ai_scl": 0.5}, {"ai_scl": {}}, {}, []])
def test_masks_without_measures_give_no_agreement(masks: Any) -> None:
    assert analysis_of(water_item(trustworthiness_observed_water_mask=masks)).agreements == ()


def test_measures_that_are_no_object_are_left_out_with_a_notice() -> None:
    item = water_item()
    item["properties"]["dafab:water-analysis"] = "none"
    mapped = read(item)
    assert mapped.notices == (Notice(_PLACE, "is not an object but str; left out of the record"),)


def test_without_a_version_the_model_is_not_named() -> None:
    item = water_item()
    del item["properties"]["processing:version"]
    assert analysis_of(item).run == ProcessingRun(kind=terms.INFERENCE_ACTIVITY, inputs=(_SOURCE,))


def test_what_the_item_itself_says_goes_before_its_name() -> None:
    item = water_item()
    item["properties"] |= {"platform": "Sentinel-2A", "sat:relative_orbit": 0, "grid:code": "MGRS-34SGH"}
    analysis = analysis_of(item)
    assert (analysis.platform, analysis.relative_orbit, analysis.tile) == (
        platform_iri("sentinel-2a"),
        0,
        tile_iri("MGRS-34SGH"),
    )


def test_a_derived_item_is_refused_as_any_item() -> None:
    with pytest.raises(MetadataMissing, match="geometry: is absent or null"):
        read(water_item() | {"geometry": None})

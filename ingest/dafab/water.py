"""The catalogue's view of DaFab's ``water_analysis`` items."""

from dataclasses import replace
from typing import Any

from ingest.dafab.derived import read_derived
from ingest.dafab.water_masks import mask_of, with_mask_kinds
from ingest.document import Document, Mapped
from ingest.references import References
from ingest.settings import MappingSettings
from ingest.stac.members import Members
from ontology import terms
from ontology.anomaly import anomaly_rule, water_anomaly
from ontology.records import MaskAgreement, WaterAnalysis, WaterAnomaly, WaterDifference

PROPERTY = "dafab:water-analysis"

_DIFFERENCE = {
    "other": "other",
    "excluded_in_reference": "exclusion_reference",
    "excluded_in_observation": "exclusion_observed",
    "deficit": "water_deficit_observed",
    "excess": "water_excess_observed",
    "seasonal_observed": "water_seasonal_observed",
    "seasonal_not_observed": "water_seasonal_not_observed",
    "permanent_observed": "water_permanent_observed",
}
_AGREEMENT = {
    "water_in_both": "overlap_water_percentage",
    "water_in_first_only": "left_join_water_percentage",
    "water_in_second_only": "right_join_water_percentage",
    "other_in_both": "overlap_other_percentage",
    "iou_water": "iou_score_water",
    "iou_other": "iou_score_other",
    "matthews": "mcc_score",
    "kappa": "kappa_score",
}


def read_water_analysis(document: Document, settings: MappingSettings) -> Mapped:
    """The record of a water analysis, with the anomaly that the site's rule finds in it.

    Raises:
        DocumentRefused: as for any STAC item.

    Source: DaFab's JSON Schema of the collection ``water_analysis``.
    """
    item = read_derived(document, measures=PROPERTY, model="water_analysis")
    own = _water_fields(item.measures, item.references, settings) | _masks(item.fields)
    fields = item.fields | own | {"kind": terms.WATER_ANALYSIS}
    return Mapped(WaterAnalysis(**fields), item.references.records(), tuple(item.notices))


def _masks(fields: dict[str, Any]) -> dict[str, Any]:
    assets, owner = fields["assets"], fields["iri"]
    return {
        "assets": with_mask_kinds(assets),
        "reference_mask": mask_of(terms.REFERENCE_WATER_MASK, assets, owner=owner),
        "observed_mask": mask_of(terms.OBSERVED_WATER_MASK, assets, owner=owner),
    }


def _water_fields(measures: Members, references: References, settings: MappingSettings) -> dict[str, Any]:
    difference = _difference(measures)
    excess_bodies = measures.within(measures.object("excess_total_water"), "excess_total_water")
    deficit_bodies = measures.within(measures.object("deficit_water"), "deficit_water")
    extent = {
        "excess_percent": measures.number(WaterAnalysis, "excess_percent", "excess_total_water_observed"),
        "excess_km2": measures.number(WaterAnalysis, "excess_km2", "excess_total_water_observed_area(km2)"),
        "deficit_percent": measures.number(WaterAnalysis, "deficit_percent", "deficit_water_observed"),
        "deficit_km2": measures.number(WaterAnalysis, "deficit_km2", "deficit_water_observed_area(km2)"),
    }
    references.add(anomaly_rule(settings.thresholds))
    excluded = None if difference is None else difference.excluded_in_observation
    return {
        **_surfaces(measures),
        **extent,
        "excess_bodies": excess_bodies.integer(WaterAnalysis, "excess_bodies", "number"),
        "deficit_bodies": deficit_bodies.integer(WaterAnalysis, "deficit_bodies", "number"),
        "difference": difference,
        "agreements": _agreements(measures),
        "anomaly": _with_area(
            water_anomaly(settings.thresholds, **extent, excluded_percent=excluded),
            excess_bodies.number(WaterAnomaly, "area_km2", "total_area(km2)"),
            deficit_bodies.number(WaterAnomaly, "area_km2", "total_area(km2)"),
        ),
    }


_DELINEATED = {
    terms.ANOMALY_FLOOD: (True, False),
    terms.ANOMALY_DROUGHT: (False, True),
    terms.ANOMALY_FLOOD_AND_DROUGHT: (True, True),
}
"""Which of the outlined excess and deficit an anomaly of a type consists of; a normal scene has no outline."""


def _with_area(anomaly: WaterAnomaly | None, *outlined_km2: float | None) -> WaterAnomaly | None:
    """An anomaly with the surface inside its outlines, which the producer gives for excess and for deficit."""
    if anomaly is None or anomaly.anomaly_type not in _DELINEATED:
        return anomaly
    counted = [area for area, counts in zip(outlined_km2, _DELINEATED[anomaly.anomaly_type], strict=True) if counts]
    known = [area for area in counted if area is not None]
    # Sums of decimals get digits that nobody measured; the sixth decimal is a square metre.
    return replace(anomaly, area_km2=round(sum(known), 6)) if len(known) == len(counted) else anomaly


def _surfaces(measures: Members) -> dict[str, float | None]:
    names = {
        "observed_water": "observed_water",
        "observed_water_visible": "observed_water_visible",
        "permanent_water": "reference_permanent_water",
        "permanent_water_visible": "reference_permanent_water_visible",
        "seasonal_water": "reference_seasonal_water",
        "seasonal_water_visible": "reference_seasonal_water_visible",
    }
    return {field: measures.number(WaterAnalysis, field, name) for field, name in names.items()}


def _difference(measures: Members) -> WaterDifference | None:
    mask = measures.within(measures.object("difference_water_mask"), "difference_water_mask")
    shares = {field: mask.number(WaterDifference, field, name) for field, name in _DIFFERENCE.items()}
    return WaterDifference(**shares) if any(share is not None for share in shares.values()) else None


def _agreements(measures: Members) -> tuple[MaskAgreement, ...]:
    masks = measures.within(
        measures.object("trustworthiness_observed_water_mask"), "trustworthiness_observed_water_mask"
    )
    compared = {name: masks.object(name) for name in sorted(masks.values)}
    pairs = ((name, masks.within(measures, name)) for name, measures in compared.items() if measures)
    return tuple(
        MaskAgreement(
            compared=name,
            **{field: pair.number(MaskAgreement, field, member) for field, member in _AGREEMENT.items()},
        )
        for name, pair in pairs
    )

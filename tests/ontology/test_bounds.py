"""Bounds are read from the annotations of the records and hold at both ends."""

import math

import pytest

from ontology.bounds import Bounds, bounds_of, fault_of
from ontology.records import AnomalyRule, Asset, Band, FieldAnalysis, MaskAgreement, Scene, WaterAnalysis, WaterAnomaly
from ontology.related import AdministrativeUnit, GasPlume, InSituObservation, Link, SoilMoistureObservation


@pytest.mark.parametrize(
    ("record_class", "field", "expected"),
    [
        (AnomalyRule, "drought_deficit_percent", Bounds(0, 100)),
        (AnomalyRule, "flood_excess_percent", Bounds(0, None)),
        (Scene, "cloud_cover", Bounds(0, 100)),
        (Scene, "sun_elevation", Bounds(-90, 90)),
        (WaterAnalysis, "sun_elevation", Bounds(-90, 90)),
        (Scene, "relative_orbit", Bounds(0, 2**63 - 1)),
        (Asset, "epsg", Bounds(1, 2**63 - 1)),
        (MaskAgreement, "kappa", Bounds(-1, 1)),
        (WaterAnomaly, "area_km2", Bounds(0, None)),
        (FieldAnalysis, "cloud_free_agricultural_coverage", Bounds(0, 100)),
        (AdministrativeUnit, "level", Bounds(0, 2**63 - 1)),
        (GasPlume, "emission_rate_kg_h", Bounds(0, None)),
        (GasPlume, "confidence", Bounds(0, 1)),
        (SoilMoistureObservation, "soil_moisture", Bounds(0, 1)),
        (InSituObservation, "value", Bounds(None, None)),
        (Link, "score", Bounds(0, 1)),
        (Scene, "title", None),
        (Scene, "bands", None),
    ],
)
def test_bounds_come_from_the_annotation(record_class: type, field: str, expected: Bounds | None) -> None:
    assert bounds_of(record_class, field) == expected


@pytest.mark.parametrize(
    ("record_class", "field", "value"),
    [
        (Scene, "cloud_cover", 0),
        (Scene, "cloud_cover", 100),
        (Scene, "sun_elevation", -90.0),
        (WaterAnalysis, "excess_percent", 1e9),
        (Band, "position", 1),
        (InSituObservation, "value", -2.0),
        (Scene, "title", -1),
    ],
)
def test_a_value_on_a_bound_or_within_has_no_fault(record_class: type, field: str, value: float) -> None:
    assert fault_of(record_class, field, value) is None


@pytest.mark.parametrize(
    ("record_class", "field", "value", "fault"),
    [
        (Scene, "cloud_cover", 100.1, "100.1 lies outside 0 to 100"),
        (Scene, "cloud_cover", math.nextafter(0, -1), "lies outside 0 to 100"),
        (Scene, "sun_elevation", -90.5, "lies outside -90 to 90"),
        (WaterAnalysis, "excess_percent", -0.5, "lies outside 0 to ∞"),
        (SoilMoistureObservation, "soil_moisture", 20, "20 lies outside 0 to 1"),
        (Band, "position", 0, "0 lies outside 1 to 9223372036854775807"),
    ],
)
def test_a_value_beyond_a_bound_has_a_fault(record_class: type, field: str, value: float, fault: str) -> None:
    assert fault in str(fault_of(record_class, field, value))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["cloud_cover", "resolution_m", "title"])
def test_what_is_not_finite_is_a_fault_with_or_without_bounds(field: str, value: float) -> None:
    assert str(fault_of(Scene, field, value)).endswith("is not a finite number")


def test_a_field_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        bounds_of(Scene, "no_such_field")

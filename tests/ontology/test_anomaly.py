"""The rule that calls a water extent a flood, a drought, both or neither."""

from dataclasses import fields, replace
from math import inf, nan

import pytest

from ontology import terms
from ontology.anomaly import ThresholdInvalid, Thresholds, anomaly_rule, water_anomaly
from ontology.records import WaterAnomaly

LIMITS = Thresholds(
    flood_excess_percent=100,
    flood_excess_km2=25,
    drought_deficit_percent=30,
    drought_deficit_km2=20,
    maximum_excluded_percent=60,
)
NAMES = [field.name for field in fields(Thresholds)]


def assessed(
    excess: tuple[float | None, float | None], deficit: tuple[float | None, float | None], excluded: float | None = 0
) -> WaterAnomaly | None:
    """The anomaly under ``LIMITS``; excess and deficit are (percent, km²)."""
    return water_anomaly(
        LIMITS,
        excess_percent=excess[0],
        excess_km2=excess[1],
        deficit_percent=deficit[0],
        deficit_km2=deficit[1],
        excluded_percent=excluded,
    )


def type_of(excess: tuple[float, float | None], deficit: tuple[float, float | None]) -> str:
    anomaly = assessed(excess, deficit)
    assert anomaly is not None
    return anomaly.anomaly_type


@pytest.mark.parametrize(
    ("excess", "expected"),
    [
        ((99.9, 25.1), terms.ANOMALY_NORMAL),
        ((100, 25), terms.ANOMALY_FLOOD),
        ((100.1, 25.1), terms.ANOMALY_FLOOD),
        ((100.1, 24.9), terms.ANOMALY_NORMAL),
        ((100.1, None), terms.ANOMALY_NORMAL),
    ],
)
def test_a_flood_reaches_both_thresholds_of_excess(excess: tuple[float, float | None], expected: str) -> None:
    assert type_of(excess, (0, 0)) == expected


@pytest.mark.parametrize(
    ("deficit", "expected"),
    [
        ((29.9, 20.1), terms.ANOMALY_NORMAL),
        ((30, 20), terms.ANOMALY_DROUGHT),
        ((30.1, 20.1), terms.ANOMALY_DROUGHT),
        ((30.1, 19.9), terms.ANOMALY_NORMAL),
        ((30.1, None), terms.ANOMALY_NORMAL),
    ],
)
def test_a_drought_reaches_both_thresholds_of_deficit(deficit: tuple[float, float | None], expected: str) -> None:
    assert type_of((0, 0), deficit) == expected


def test_a_scene_can_hold_a_flood_and_a_drought() -> None:
    assert type_of((100, 25), (30, 20)) == terms.ANOMALY_FLOOD_AND_DROUGHT


def test_no_excess_and_no_deficit_is_normal() -> None:
    assert type_of((0, 0), (0, 0)) == terms.ANOMALY_NORMAL


@pytest.mark.parametrize(("excess", "deficit"), [(None, 0.0), (0.0, None), (None, None)])
def test_an_unknown_percentage_is_not_assessed(excess: float | None, deficit: float | None) -> None:
    assert assessed((excess, 30), (deficit, 30)) is None


@pytest.mark.parametrize(("excluded", "is_assessed"), [(None, True), (59.9, True), (60, True), (60.1, False)])
def test_a_scene_that_was_mostly_hidden_is_not_assessed(excluded: float | None, is_assessed: bool) -> None:
    assert (assessed((200, 30), (0, 0), excluded) is not None) == is_assessed


@pytest.mark.parametrize(("excess", "deficit", "score"), [(120.5, 40, 120.5), (3, 40.5, 40.5), (0, 0, 0)])
def test_the_score_is_the_larger_percentage(excess: float, deficit: float, score: float) -> None:
    anomaly = assessed((excess, 30), (deficit, 30))
    assert anomaly is not None
    assert anomaly.score == score


def test_an_anomaly_names_the_rule_with_its_thresholds() -> None:
    anomaly = assessed((0, 0), (0, 0))
    assert anomaly is not None
    assert anomaly.rule == anomaly_rule(LIMITS).iri


@pytest.mark.parametrize("name", NAMES)
def test_another_threshold_is_another_rule(name: str) -> None:
    other = replace(LIMITS, **{name: getattr(LIMITS, name) + 0.5})
    assert other.fingerprint != LIMITS.fingerprint
    assert anomaly_rule(other).iri != anomaly_rule(LIMITS).iri


def test_a_whole_number_and_its_float_are_one_rule() -> None:
    assert replace(LIMITS, flood_excess_km2=25.0).fingerprint == LIMITS.fingerprint


def test_a_rule_holds_every_threshold() -> None:
    rule = anomaly_rule(LIMITS)
    assert {name: getattr(rule, name) for name in NAMES} == {name: getattr(LIMITS, name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [-0.1, nan, inf])
def test_a_threshold_outside_its_range_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ThresholdInvalid, match=f"threshold {name}"):
        Thresholds(**{name: value})


def test_only_the_flood_percentage_may_exceed_a_hundred() -> None:
    assert Thresholds(flood_excess_percent=250).flood_excess_percent == 250
    with pytest.raises(ThresholdInvalid, match="0 to 100"):
        Thresholds(drought_deficit_percent=100.1)


def test_the_rule_is_described_by_the_terms_that_it_names() -> None:
    named = {terms.FLOOD_EXCESS_PERCENT, terms.FLOOD_EXCESS_SURFACE, terms.MAXIMUM_EXCLUDED_PERCENT}
    assert all(iri.removeprefix(terms.ORR) in anomaly_rule(LIMITS).description for iri in named)

"""A record is held to the bounds and shapes that it is declared with, and the fault is named."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import records, terms
from ontology.constraints import constraints_of
from ontology.errors import RecordInvalid
from ontology.prefixed import prefixed
from ontology.records import Record
from ontology.shapes import SHAPES
from ontology.soundness import soundness
from ontology.validation import ensure_valid, violations
from tests.ontology.broken_records import ASSET, BROKEN, SCENE, asset, scene, water
from tests.ontology.record_strategies import STORED_CLASSES
from tests.ontology.sound_records import sound_records

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 0.5, 1e300, float("nan"), "", "x", b"x", (), (None,), [], datetime(2026, 1, 1), ASSET, {}]
)


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_sound_record_breaks_no_rule(record_class: type, data: st.DataObject) -> None:
    record = data.draw(sound_records(record_class))
    assert violations(record, thorough=True) == []
    ensure_valid(record)


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(data=st.data(), junk=JUNK)
def test_whatever_a_field_holds_a_fault_is_named_where_there_is_one(
    record_class: type, data: st.DataObject, junk: Any
) -> None:
    field = data.draw(st.sampled_from(sorted(one.name for one in fields(record_class))))
    record = replace(data.draw(sound_records(record_class)), **{field: junk})
    faults = violations(record, thorough=True)
    if field != "iri":
        assert bool(violations(record)) != soundness(SHAPES[record_class])(record)
    if not faults:
        ensure_valid(record)
        return
    assert all(fault.message and fault.remedy and fault.rule for fault in faults)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_with_its_property(name: str) -> None:
    record, path, rule = BROKEN[name]
    assert [(fault.path, fault.rule) for fault in violations(record)] == [(path, rule)]


@pytest.mark.parametrize("name", BROKEN)
def test_a_record_that_breaks_a_rule_is_not_written(name: str) -> None:
    record, path, rule = BROKEN[name]
    with pytest.raises(RecordInvalid, match=rf"{prefixed(path)}: .+ \(rule {rule}\); ") as refused:
        ensure_valid(record)
    assert str(refused.value).startswith(f"{record.iri}: ")


@pytest.mark.parametrize(
    ("record", "path", "rule"),
    [
        (scene(sensed_at=datetime(2026, 1, 2)), terms.SENSED_AT, "timezone"),
        (scene(sensed_at="2026-01-02"), terms.SENSED_AT, "datatype"),
        (scene(title=7), terms.TITLE, "datatype"),
        (scene(cloud_cover=float("nan")), terms.CLOUD_COVER, "finite"),
        (scene(resolution_m=float("inf")), terms.GROUND_SAMPLING_DISTANCE, "finite"),
        (scene(cloud_cover=True), terms.CLOUD_COVER, "datatype"),
        (scene(relative_orbit=1.5), terms.RELATIVE_ORBIT, "datatype"),
        (scene(kind=terms.ASSET), terms.TYPE, "kind"),
        (scene(platform="sentinel-2a"), terms.ON_PLATFORM, "iri"),
        (scene(instruments=["a:b"]), terms.ACQUIRED_BY, "datatype"),
        (scene(assets=[ASSET]), terms.HAS_ASSET, "datatype"),
        (scene(assets=("B04",)), terms.HAS_ASSET, "class"),
        (scene(assets=(ASSET, ASSET)), terms.HAS_ASSET, "unique"),
        (scene(run="today"), terms.GENERATED_BY_RUN, "class"),
        (water(difference="much"), terms.DIFFERENCE_OTHER, "class"),
        (scene(iri="S1"), "", "iri"),
        (scene(iri=SCENE.iri + "#part"), "", "iri"),
    ],
)
def test_a_fault_that_no_triple_could_show_is_named(record: Record, path: str, rule: str) -> None:
    assert [(fault.path, fault.rule) for fault in violations(record)] == [(path, rule)]
    with pytest.raises(RecordInvalid):
        ensure_valid(record)


@pytest.mark.parametrize(
    ("wkt", "message"),
    [
        ("POINT (181 0)", "leaves the globe"),
        ("POINT (0 -91)", "leaves the globe"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "is no valid area"),
        ("POLYGON ((0 0, 1 1, 1 0))", "does not parse"),
        ("POLYGON ((x))", "does not parse"),
        ("MULTIPOLYGON (EMPTY)", "is empty"),
    ],
)
def test_a_footprint_is_drawn_where_thoroughness_is_asked_for(wkt: str, message: str) -> None:
    ensure_valid(scene(footprint=wkt))
    (fault,) = violations(scene(footprint=wkt), thorough=True)
    assert (fault.path, fault.rule, fault.focus) == (terms.AS_WKT, "geometry", f"{SCENE.iri}#footprint")
    assert fault.message.startswith(message)


def test_a_fault_in_a_part_is_placed_in_it() -> None:
    (fault,) = violations(asset(bands=(records.Band(position=1, resolution_m=-10.0),)))
    assert fault.record == SCENE.iri
    assert fault.focus == f"{SCENE.iri}#asset-B04/band-1"
    assert fault.place == "#asset-B04/band-1 orr:groundSamplingDistance"


def test_the_refusal_names_property_value_rule_and_remedy_and_counts_the_others() -> None:
    with pytest.raises(RecordInvalid) as refused:
        ensure_valid(scene(cloud_cover=101.0, snow_cover=-1.0, relative_orbit=-1))
    assert str(refused.value) == (
        f"{SCENE.iri}: orr:relativeOrbit: -1 is below 0 (rule minimum); "
        "give a whole number from 0 to 2^63 - 1, or leave it out; 2 more"
    )


def test_every_fault_is_found_and_not_the_first_alone() -> None:
    assert len(violations(scene(cloud_cover=101.0, snow_cover=-1.0, polarisations=("x:y", "x:z")))) == 4


@pytest.mark.parametrize("bound", [0.0, 100.0, 0, 100])
def test_bounds_are_inclusive(bound: float) -> None:
    ensure_valid(scene(cloud_cover=bound))


def test_a_start_that_is_the_end_is_in_order() -> None:
    ensure_valid(scene(started_at=SCENE.sensed_at, ended_at=SCENE.sensed_at))


def test_every_class_that_is_stored_has_constraints() -> None:
    assert set(STORED_CLASSES) == set(SHAPES)
    assert all(constraints_of(shape) for shape in SHAPES.values())

"""Records become triples and come back as they were, through the text that is loaded and the engine that keeps it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import records, related, terms
from ontology.errors import RecordInvalid
from ontology.identifiers import owned_iri
from ontology.literals import time_text
from ontology.shapes import SHAPES
from ontology.triples import owner_of, record_from, statements
from tests.ontology.record_strategies import KINDS, STORED_CLASSES, records_of

SCENE = records.Scene(
    iri="https://w3id.org/orrery/id/item/c/s",
    identifier="s",
    collection="https://w3id.org/orrery/id/collection/c",
    footprint="POINT (1 2)",
    sensed_at=datetime(2026, 1, 2, tzinfo=UTC),
)


def stored(*written: records.Record | related.Related) -> ox.Store:
    """A store that loaded the statements of records as N-Triples."""
    store = ox.Store()
    text = "".join(f"{s} {p} {o} .\n" for record in written for s, p, o in statements(record))
    store.load(text, format=ox.RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_record_comes_back_as_it_was_written(record_class: type, data: st.DataObject) -> None:
    record = data.draw(records_of(record_class))
    assert record_from(record.iri, stored(record)) == record


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_record_with_every_field_comes_back_as_it_was_written(record_class: type, data: st.DataObject) -> None:
    record = data.draw(records_of(record_class, complete=True))
    assert record_from(record.iri, stored(record)) == record


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_subject_belongs_to_the_record(record_class: type, data: st.DataObject) -> None:
    record = data.draw(records_of(record_class, complete=True))
    assert {owner_of(subject[1:-1]) for subject, _, _ in statements(record)} == {record.iri}


@pytest.mark.parametrize("value", [0.0, 1e-7, 5e-324, 0.1 + 0.2, 1e16, 1.7976931348623157e308])
def test_a_float_is_a_decimal_without_an_exponent_and_loses_no_digit(value: float) -> None:
    scene = _scene_with(resolution_m=value)
    (text,) = [o for _, p, o in statements(scene) if p == f"<{terms.GROUND_SAMPLING_DISTANCE}>"]
    assert "e" not in text.partition("^^")[0].lower()
    assert record_from(scene.iri, stored(scene)) == scene


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02T03:04:05.000006Z", "2026-01-02T03:04:05.000006Z"),
    ],
)
def test_a_time_is_written_in_utc_with_a_fraction_only_where_there_is_one(text: str, expected: str) -> None:
    assert time_text(datetime.fromisoformat(text)) == expected


@pytest.mark.parametrize("text", ['"', "\\", "\n\r\t\b\f", "\0", "\x7f", "\x85\u2028", "𝄞\ufffe", "' . <x> <y> \""])
def test_a_text_that_needs_escapes_is_kept(text: str) -> None:
    scene = _scene_with(title=text)
    assert record_from(scene.iri, stored(scene)) == scene


def test_parts_of_parts_never_share_an_iri() -> None:
    band = records.Band(position=1, name="one")
    other = records.Asset(key="a-band-1", href="b")
    scene = _scene_with(assets=(records.Asset(key="a", href="a", bands=(band,)), other))
    assert record_from(scene.iri, stored(scene)) == scene


def test_triples_of_other_records_do_no_harm() -> None:
    other = records.GridTile(iri="https://w3id.org/orrery/id/tile/MGRS-34SGH", code="MGRS-34SGH")
    assert record_from(SCENE.iri, stored(other, SCENE)) == SCENE


KINDS_OF_ALL = [(record_class, kind) for record_class in STORED_CLASSES for kind in KINDS.get(record_class, ())]


@pytest.mark.parametrize(("record_class", "kind"), KINDS_OF_ALL)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_inferred_beside_a_record_does_no_harm(record_class: type, kind: str, data: st.DataObject) -> None:
    record = replace(data.draw(records_of(record_class)), kind=kind, **_without_crop(record_class, kind))
    own = SHAPES[record_class]
    stated = {*own.types, kind}
    inferred = {*own.kinds, terms.FLOOD_SCENE, terms.WATER_ANALYSIS} - stated
    assert record_from(record.iri, [*stored(record), *_inferred(record.iri, *inferred)]) == record


def test_the_kind_of_a_part_is_not_the_inferred_one() -> None:
    scene = _scene_with(assets=(records.Asset(key="a", href="a"),))
    inferred = _inferred(SCENE.iri + "#asset-a", terms.CLOUD_OPTIMIZED_ASSET)
    assert record_from(scene.iri, [*stored(scene), *inferred]) == scene


def test_a_thing_that_was_only_inferred_to_be_a_scene_is_no_record() -> None:
    with pytest.raises(RecordInvalid, match="no record has the types none"):
        record_from(SCENE.iri, _inferred(SCENE.iri, terms.SCENE))


def test_inferred_properties_do_no_harm() -> None:
    inferred = {
        terms.HAS_ANOMALY_TYPE: terms.ANOMALY_FLOOD,
        terms.INTERSECTS_UNIT: "https://w3id.org/orrery/id/unit/EL",
        terms.ACQUIRED_BY_PLATFORM: "https://w3id.org/orrery/id/platform/sentinel-2a",
        terms.AVAILABLE_AT: "https://w3id.org/orrery/id/site/CESNET",
    }
    scene, units = ox.NamedNode(SCENE.iri), ("https://w3id.org/orrery/id/unit/EL61",)
    triples = [ox.Triple(scene, ox.NamedNode(term), ox.NamedNode(value)) for term, value in inferred.items()]
    assert record_from(SCENE.iri, [*stored(_scene_with(units=units)), *triples]) == _scene_with(units=units)


@pytest.mark.parametrize("footprint", [None, "POLYGON ((1 2, 3 2, 3 4, 1 2))"])
def test_the_delineation_of_an_anomaly_is_its_own_geometry(footprint: str | None) -> None:
    anomaly = records.WaterAnomaly(
        anomaly_type=terms.ANOMALY_FLOOD, score=120.0, rule="https://w3id.org/orrery/id/rule/r/1", footprint=footprint
    )
    analysis = records.WaterAnalysis(**_values_of_scene(), kind=terms.WATER_ANALYSIS, anomaly=anomaly)
    written = {s: o for s, p, o in statements(analysis) if p == f"<{terms.AS_WKT}>"}
    delineated = f"<{SCENE.iri}#anomaly/footprint>" in written
    assert delineated == (footprint is not None)
    assert f'"{SCENE.footprint}"' in written[f"<{SCENE.iri}#footprint>"]
    assert record_from(SCENE.iri, stored(analysis)) == analysis


def test_a_record_without_a_footprint_writes_no_geometry() -> None:
    unit = related.AdministrativeUnit(iri="https://w3id.org/orrery/id/unit/EL61", name="Thessalia", nuts_code="EL61")
    assert {p for _, p, _ in statements(unit)} == {f"<{p}>" for p in (terms.TYPE, terms.LABEL, terms.NUTS_CODE)}


def test_the_masks_of_an_analysis_are_assets_of_its_own() -> None:
    mask = records.Asset(key="reference", href="r.tif", kind=terms.REFERENCE_WATER_MASK)
    mask_iri = owned_iri(SCENE.iri, "asset", mask.key)
    analysis = records.WaterAnalysis(
        **_values_of_scene(), kind=terms.WATER_ANALYSIS, assets=(mask,), reference_mask=mask_iri
    )
    assert (f"<{mask_iri}>", f"<{terms.TYPE}>", f"<{terms.REFERENCE_WATER_MASK}>") in statements(analysis)
    assert record_from(SCENE.iri, stored(analysis)) == analysis


def test_a_label_is_read_in_english_where_there_are_several_languages() -> None:
    concept = ox.NamedNode(terms.ANOMALY_FLOOD)
    store = stored(records.Concept(iri=concept.value, label="flood", scheme=terms.CODE + "AnomalyType"))
    store.add(ox.Quad(concept, ox.NamedNode(terms.PREF_LABEL), ox.Literal("Hochwasser", language="de")))
    record = record_from(concept.value, store)
    assert isinstance(record, records.Concept)
    assert record.label == "flood"


def test_triples_without_a_type_of_a_record_are_refused() -> None:
    with pytest.raises(RecordInvalid, match="no record has the types none"):
        record_from(SCENE.iri, ())


def test_a_record_without_a_required_property_is_refused() -> None:
    triples = [quad for quad in stored(SCENE) if quad.predicate.value != terms.SENSED_AT]
    with pytest.raises(RecordInvalid, match="sensed_at"):
        record_from(SCENE.iri, triples)


def _scene_with(**changes: Any) -> records.Scene:
    return replace(SCENE, **changes)


def _values_of_scene() -> dict[str, Any]:
    return {name: getattr(SCENE, name) for name in ("iri", "identifier", "collection", "footprint", "sensed_at")}


def _inferred(iri: str, *classes: str) -> list[ox.Triple]:
    """That a thing is of classes which nobody stated."""
    predicates = (terms.TYPE, terms.INFERRED_TYPE)
    pairs = [(predicate, one) for predicate in predicates for one in classes]
    return [ox.Triple(ox.NamedNode(iri), ox.NamedNode(p), ox.NamedNode(one)) for p, one in pairs]


def _without_crop(record_class: type, kind: str) -> dict[str, None]:
    return {"crop": None} if record_class is related.Parcel and kind == terms.PARCEL else {}

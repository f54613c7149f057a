"""The published shapes are valid SHACL, say what the records' own bounds say, and find the same faults."""

from functools import cache
from importlib.resources import files

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.views.validation_report import COMPONENTS
from ontology import terms
from ontology.constraints import constraints_of
from ontology.loader import ontology_text
from ontology.records import Record
from ontology.related import Related
from ontology.shacl import RESOURCE, SH, published_shapes, shapes_turtle
from ontology.shapes import SHAPES
from ontology.triples import Statement, owner_of, statements
from ontology.validation import violations
from tests.ontology.broken_records import BROKEN, SCENE, WATER, apart
from tests.ontology.record_strategies import STORED_CLASSES
from tests.ontology.sound_records import sound_records

Fault = tuple[str, str]
"""Property and constraint component."""


@cache
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(published_shapes(), format="turtle")


def graph_of(group: list[Statement]) -> rdflib.Graph:
    return rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in group), format="nt")


def faults_in(graph: rdflib.Graph) -> dict[str, set[Fault]]:
    """What pySHACL finds, by the IRI of the record."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes())
    assert isinstance(report, rdflib.Graph)
    found: dict[str, set[Fault]] = {}
    for result in report.objects(None, rdflib.URIRef(SH + "result")):
        focus, path, component = (
            str(report.value(result, rdflib.URIRef(SH + name)))
            for name in ("focusNode", "resultPath", "sourceConstraintComponent")
        )
        found.setdefault(owner_of(focus), set()).add((path, component))
    return found


def test_published_shapes_are_the_generated_ones() -> None:
    assert files("ontology").joinpath(RESOURCE).read_text("utf-8") == shapes_turtle(), "make shapes renews them"


def test_published_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(graph_of(statements(SCENE)), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


def test_published_shapes_read_the_same_in_rdflib_and_pyoxigraph() -> None:
    read = rdflib.Graph().parse(published_shapes(), format="turtle")
    assert len(read) == len(set(ox.parse(published_shapes(), format=ox.RdfFormat.TURTLE)))


@pytest.mark.parametrize("complete", [False, True])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sound_records_of_every_class_conform(complete: bool, data: st.DataObject) -> None:
    group: list[Statement] = []
    for number, record_class in enumerate(STORED_CLASSES):
        record: Record | Related = data.draw(sound_records(record_class, complete=complete))
        group += statements(apart(number, record))
    assert faults_in(graph_of(group)) == {}


@pytest.fixture(scope="module")
def found() -> dict[str, set[Fault]]:
    """What pySHACL finds in all broken records, each under an IRI of its own."""
    group = [one for number, (record, _, _) in enumerate(BROKEN.values()) for one in statements(apart(number, record))]
    return faults_in(graph_of(group))


@pytest.mark.parametrize("name", BROKEN)
def test_shapes_find_what_validation_finds(name: str, found: dict[str, set[Fault]]) -> None:
    record = apart(list(BROKEN).index(name), BROKEN[name][0])
    expected = {(fault.path, COMPONENTS[fault.rule]) for fault in violations(record)}
    assert found.get(record.iri) == expected


def test_what_is_inferred_beside_what_is_stated_is_no_fault() -> None:
    inferred = [
        (f"<{WATER.iri}>", f"<{predicate}>", f"<{value}>")
        for predicate, value in [
            (terms.TYPE, terms.FLOOD_SCENE),
            (terms.TYPE, terms.OPTICAL_SCENE),
            (terms.TYPE, terms.EO_PRODUCT),
            (terms.INFERRED_TYPE, terms.FLOOD_SCENE),
            (terms.HAS_ANOMALY_TYPE, terms.ANOMALY_FLOOD),
            (terms.HAS_ANOMALY_TYPE, terms.ANOMALY_FLOOD_AND_DROUGHT),
            (terms.ACQUIRED_BY_PLATFORM, "https://w3id.org/orrery/id/platform/sentinel-2a"),
        ]
    ]
    assert faults_in(graph_of([*statements(WATER), *inferred])) == {}


def test_published_ontology_conforms() -> None:
    """Satellites, instruments and codes are labelled in five languages."""
    assert faults_in(rdflib.Graph().parse(data=ontology_text(), format="turtle")) == {}


@pytest.mark.parametrize("value", ['"12"^^<http://www.w3.org/2001/XMLSchema#string>', "<https://example.org/12>"])
def test_a_cover_that_is_no_decimal_is_found(value: str) -> None:
    group = [*statements(SCENE), (f"<{SCENE.iri}>", f"<{terms.CLOUD_COVER}>", value)]
    assert (terms.CLOUD_COVER, COMPONENTS["datatype"]) in faults_in(graph_of(group))[SCENE.iri]


def test_a_second_value_of_a_single_property_is_found() -> None:
    group = [
        *statements(SCENE),
        (
            f"<{SCENE.iri}>",
            f"<{terms.SENSED_AT}>",
            '"2026-01-03T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
    ]
    assert faults_in(graph_of(group)) == {SCENE.iri: {(terms.SENSED_AT, COMPONENTS["maxCount"])}}


def test_every_constraint_has_its_shape_with_name_and_message() -> None:
    paths = {(str(shape), str(path)) for shape, path in shapes().subject_objects(rdflib.URIRef(SH + "path"))}
    constrained = {one.term for shape in SHAPES.values() for one in constraints_of(shape)}
    assert constrained <= {path for _, path in paths}
    for shape, path in paths:
        told = {str(p).removeprefix(SH) for p in shapes().predicates(rdflib.URIRef(shape))}
        assert {"message", "path"} <= told, shape
        assert "name" in told or path == terms.AS_WKT

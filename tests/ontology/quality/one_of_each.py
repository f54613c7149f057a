"""One record of each class and kind, each pointing to others as the ontology says that it may."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from rdflib import RDF, RDFS, SKOS, SOSA, Graph, URIRef
from rdflib.term import Node

from ontology import terms
from ontology.identifiers import BASE
from ontology.literals import IRI
from ontology.properties import Owned, Shape, Value
from ontology.shapes import TOP_LEVEL
from ontology.triples import statements
from tests.ontology.quality.ontology_graph import CODE, ORR, above, local, named, ours
from tests.ontology.sound_records import sound_records

# One try, the same in every run; nothing is looked for, so nothing needs to be shrunk.
_FIRST = settings(
    max_examples=50, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def iri_of(class_iri: str) -> str:
    """The IRI of the record of a class."""
    return f"{BASE}one/{local(URIRef(class_iri))}"


_ELSEWHERE = {
    SKOS.inScheme: str(CODE.Crop),
    SOSA.hasFeatureOfInterest: iri_of(terms.AGRICULTURAL_PARCEL),
}
"""What properties of other vocabularies lead to, of whose range our modules say nothing."""


@cache
def all_records() -> list[Any]:
    """A complete record for each class, and for each more specific class that such a record may have."""
    return [record for shape in TOP_LEVEL for record in _of_shape(shape)]


def _of_shape(shape: Shape) -> Iterator[Any]:
    record = find(sound_records(shape.record, complete=True), lambda _: True, settings=_FIRST)
    record = _pointing_to_others(shape, record)
    kinds = [kind for kind in (shape.default_kind, *shape.kinds) if kind is not None]
    if not kinds:
        yield replace(record, iri=iri_of(shape.types[-1]))
    for kind in kinds:
        yield replace(record, iri=iri_of(kind), kind=kind)


def _pointing_to_others(shape: Shape, record: Any) -> Any:
    changes: dict[str, Any] = {}
    for prop in shape.properties:
        value = getattr(record, prop.field)
        if isinstance(prop, Value) and prop.codec is IRI:
            target = _target(URIRef(prop.term))
            changes[prop.field] = (target,) if prop.many else target
        elif isinstance(prop, Owned) and value is not None:
            parts = tuple(_pointing_to_others(prop.shape, part) for part in (value if prop.many else (value,)))
            changes[prop.field] = parts if prop.many else parts[0]
    return replace(record, **changes)


def _target(predicate: URIRef) -> str:
    if predicate in _ELSEWHERE:
        return _ELSEWHERE[predicate]
    graph = ours()
    scheme = graph.value(predicate, ORR.codeScheme)
    if scheme is not None:
        return named(graph.subjects(SKOS.inScheme, scheme))[0]
    range_ = graph.value(predicate, RDFS.range)
    classes = [kind for shape in TOP_LEVEL for kind in (*shape.types, *shape.kinds)]
    fitting = (kind for kind in classes if range_ is None or range_ in above(graph, URIRef(kind)))
    return iri_of(next(fitting, str(range_)))


@cache
def records_graph() -> Graph:
    """The triples of all of them."""
    text = "".join(f"{s} {p} {o} .\n" for record in all_records() for s, p, o in statements(record))
    return Graph().parse(data=text, format="nt")


def classes_of_records() -> set[Node]:
    """Classes that one of them is stated to have."""
    return set(records_graph().objects(None, RDF.type))

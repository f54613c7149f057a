"""Which triples the patterns of a query may match at all, whatever else the query says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.prologue import Prologue, prologue_of
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.syntax import parse
from graph_service.sparql.triples import Triple, triples_in

_ANYTHING = frozenset(("PathNegatedPropertySet",))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the triples that one pattern matches have in common; None for what may be anything."""

    subject: str | None
    predicates: frozenset[str] | None
    value: str | None

    def may_match(self, triple: ox.Triple | ox.Quad) -> bool:
        if self.predicates is not None and triple.predicate.value not in self.predicates:
            return False
        return _may_be(self.subject, triple.subject) and _may_be(self.value, triple.object)


def _may_be(iri: str | None, term: object) -> bool:
    return iri is None or getattr(term, "value", None) == iri


@dataclass(frozen=True, slots=True)
class Patterns:
    """The triple patterns of a query, those of sub-queries and EXISTS among them."""

    shapes: tuple[_Shape, ...]

    @classmethod
    def of(cls, text: str) -> "Patterns":
        """The patterns of a query.

        Raises:
            QueryInvalid: it is no SPARQL 1.1 query, or too long or too deep to be parsed.
        """
        query = parse(text)
        return cls(tuple(_shapes(query.body, prologue_of(query.prologue))))

    def first_match(self, triples: Iterable[ox.Triple | ox.Quad]) -> ox.Triple | ox.Quad | None:
        """The first of some triples that a pattern may match; None where none is."""
        return next((one for one in triples if any(shape.may_match(one) for shape in self.shapes)), None)


def _shapes(body: CompValue, prologue: Prologue) -> Iterator[_Shape]:
    for node in nodes_of(body):
        if not isinstance(node, CompValue):
            continue
        if node.name == "TriplesBlock":
            yield from (_shape(triple, prologue) for triple in triples_in(node.triples))
        elif node.name == "GraphGraphPattern" and not _has_triples(node):
            # It matches names of graphs, which come and go with what is in them.
            yield _Shape(None, None, None)


def _has_triples(node: CompValue) -> bool:
    return any(isinstance(one, CompValue) and one.name == "TriplesBlock" for one in nodes_of(node.graph))


def _shape(triple: Triple, prologue: Prologue) -> _Shape:
    if isinstance(triple.predicate, CompValue) and triple.predicate.name != "pname":
        # A path goes over triples whose ends need not be its own.
        return _Shape(None, _steps(triple.predicate, prologue), None)
    predicate = prologue.iri(triple.predicate)
    predicates = None if predicate is None else frozenset((predicate,))
    return _Shape(prologue.iri(triple.subject), predicates, prologue.iri(triple.object))


def _steps(path: CompValue, prologue: Prologue) -> frozenset[str] | None:
    """The properties that a path may go along; None where it may be any, or where it goes nowhere as well."""
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, CompValue) and (node.name in _ANYTHING or getattr(node, "mod", None) in ("*", "?")):
            return None
        if isinstance(node, URIRef) or (isinstance(node, CompValue) and node.name == "pname"):
            iri = prologue.iri(node)
            if iri is None:
                return None
            found.add(iri)
    return frozenset(found)

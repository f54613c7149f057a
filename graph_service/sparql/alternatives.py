"""The ways in which one triple pattern can hold under an ontology, each a triple pattern over what is stated."""

from collections.abc import Iterator
from typing import Any

from rdflib import Literal, URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.reasoning.meaning import Meaning
from graph_service.reasoning.relations import Repeated, Step, Way, steps_of
from graph_service.sparql.prologue import Prologue
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.triples import Triple
from ontology import terms

_OF_THE_ONTOLOGY = (terms.RDF, terms.RDFS, "http://www.w3.org/2002/07/owl#", terms.SKOS)
"""Namespaces of properties that speak of terms: what is asked of an ontology is asked as it stands."""


class Alternatives:
    """An ontology's meaning, applied to the triple patterns of one query."""

    def __init__(self, meaning: Meaning, prologue: Prologue) -> None:
        self._meaning = meaning
        self._prologue = prologue

    def of(self, triple: Triple) -> tuple[Triple, ...]:
        """Triples that together have the solutions of a triple with an IRI as its predicate; itself if it has one.

        A solution of several of them is one solution of the triple; ``are_apart`` tells where there is none.
        """
        predicate = self._prologue.iri(triple.predicate)
        found: tuple[Triple, ...]
        if predicate is None:
            return (triple,)
        if predicate == terms.TYPE:
            found = tuple(self._instances(triple))
        elif predicate.startswith(_OF_THE_ONTOLOGY):
            return (triple,)
        else:
            found = tuple(self._statements(triple, predicate))
        return found or (triple,)

    def path(self, term: Any, *, repeated: bool) -> Any:
        """A path that relates what a property relates; the property as it is, where it relates no more.

        Args:
            term: the property.
            repeated: whether the path is followed again and again, so that no part of it need say so.
        """
        predicate = self._prologue.iri(term)
        if predicate is None or predicate.startswith(_OF_THE_ONTOLOGY):
            return term
        ways = self._meaning.properties(predicate).ways
        if repeated:
            ways = steps_of(ways)
        return term if ways == (Step(predicate),) else _alternative(ways)

    def along(self, triple: Triple) -> tuple[Triple, ...]:
        """Triples that together have the solutions of a triple whose predicate is a widened path."""
        return tuple(triple._replace(object=value) for value in self._values(triple.object, ""))

    def is_along(self, path: CompValue, value: Any) -> bool:
        """Whether ``path`` and ``along`` together say all that a path to a value can mean."""
        nodes = list(nodes_of(path))
        properties = [iri for node in nodes if (iri := self._prologue.iri(node)) is not None]
        if terms.TYPE in properties:
            return False
        turned = any(isinstance(node, CompValue) and node.name == "PathEltOrInverse" for node in nodes)
        plain = not turned and not any(iri.startswith(_OF_THE_ONTOLOGY) for iri in properties)
        return plain or self._values(value, "") == (value,)

    def are_apart(self, one: Triple, other: Triple) -> bool:
        """Whether no solution of one alternative can be one of another."""
        if one.subject != other.subject or one.predicate != other.predicate:
            return False
        values = str(one.object), str(other.object)
        if str(one.predicate) == terms.TYPE:
            return self._meaning.are_apart(*values)
        return values[0] != values[1] and self._meaning.is_single(str(one.predicate))

    def _instances(self, triple: Triple) -> Iterator[Triple]:
        of_class = self._prologue.iri(triple.object)
        if of_class is None:
            return
        classes = self._meaning.cover(of_class)
        if classes != (of_class,):
            yield from (Triple(triple.subject, URIRef(terms.TYPE), URIRef(one)) for one in classes)

    def _statements(self, triple: Triple, predicate: str) -> Iterator[Triple]:
        ways = self._meaning.properties(predicate).ways
        values = self._values(triple.object, predicate)
        if ways == (Step(predicate),) and values == (triple.object,):
            return
        for way in ways:
            for value in values:
                if isinstance(way, Step) and not way.inverse:
                    yield Triple(triple.subject, URIRef(way.iri), value)
                elif isinstance(way, Step):
                    yield from _turned(way, triple.subject, value)
                else:
                    yield Triple(triple.subject, _path(way), value)

    def _values(self, value: Any, predicate: str) -> tuple[Any, ...]:
        code = self._prologue.iri(value)
        if code is None or self._meaning.is_written(predicate):
            return (value,)
        codes = self._meaning.codes(code)
        return (value,) if len(codes) == 1 else tuple(URIRef(one) for one in codes)


def _turned(way: Step, subject: Any, value: Any) -> Iterator[Triple]:
    # A literal is nobody's subject.
    if not (isinstance(value, Literal) or (isinstance(value, CompValue) and value.name == "literal")):
        yield Triple(value, URIRef(way.iri), subject)


def _alternative(ways: tuple[Way, ...]) -> CompValue:
    return CompValue("PathAlternative", part=[_path(way) for way in ways])


def _path(way: Way) -> Any:
    if isinstance(way, Repeated):
        return CompValue("PathElt", part=_alternative(steps_of((way,))), mod="+")
    return CompValue("PathEltOrInverse", part=URIRef(way.iri)) if way.inverse else URIRef(way.iri)

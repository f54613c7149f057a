"""How often the patterns of a query hold, roughly: enough to tell whether candidates help."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Protocol

from rdflib import Literal, URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.prologue import Prologue
from graph_service.sparql.syntax import node_text
from graph_service.sparql.triples import Triple
from ontology import terms

_KEPT = 4_096
_FRESH = 200
"""Changes after which a count is made again."""


class Counting(Protocol):
    """A graph whose statements can be counted."""

    def change_number(self) -> int:
        """Number of the last change."""
        ...

    def count_up_to(self, subject: str | None, predicate: str | None, value: str | None, most: int) -> int:
        """How many quads match terms in N-Triples syntax, up to a number."""
        ...

    def subjects_of_type(self, class_iri: str) -> list[str]:
        """IRIs of everything that is stated to be of a class, in any graph."""
        ...


class Statistics:
    """Counts of patterns, kept for a while: they steer what is done, never what is found."""

    def __init__(self, graph: Counting) -> None:
        self._graph = graph
        self._kept: OrderedDict[tuple[str | None, ...], tuple[int, int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def fewest(self, triples: Iterable[Triple], prologue: Prologue, most: int) -> int:
        """The number of matches of the rarest of some triples, up to a number."""
        return min((self._count(triple, prologue, most) for triple in triples), default=most)

    def among(self, variable: Any, triples: Iterable[Triple], prologue: Prologue) -> frozenset[str] | None:
        """The members of a class that a variable must be of, as they stand now; None where no triple names one."""
        for triple in triples:
            is_type = triple.subject == variable and prologue.iri(triple.predicate) == terms.TYPE
            if is_type and (of_class := prologue.iri(triple.object)) is not None:
                return frozenset(self._graph.subjects_of_type(of_class))
        return None

    def _count(self, triple: Triple, prologue: Prologue, most: int) -> int:
        subject, predicate, value = (_term(one, prologue) for one in triple)
        pattern = (subject, predicate, value)
        if pattern == (None, None, None):
            return most
        now = self._graph.change_number()
        with self._lock:
            change, counted_to, count = self._kept.get(pattern, (-_FRESH, 0, 0))
        if now - change < _FRESH and (count < counted_to or counted_to >= most):
            return min(count, most)
        found = self._graph.count_up_to(subject, predicate, value, most)
        with self._lock:
            self._kept[pattern] = (now, most, found)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _term(term: Any, prologue: Prologue) -> str | None:
    """A term in N-Triples syntax; None for what may be anything: variables, blank nodes and paths."""
    if (iri := prologue.iri(term)) is not None:
        return f"<{iri}>"
    if isinstance(term, Literal) or (isinstance(term, CompValue) and term.name == "literal"):
        return node_text(_resolved(term, prologue))
    return None


def _resolved(term: Any, prologue: Prologue) -> Any:
    if isinstance(term, Literal):
        return CompValue("literal", string=str(term), datatype=URIRef(str(term.datatype or terms.STRING)))
    if term.datatype is None:
        return term
    return CompValue("literal", string=term.string, datatype=URIRef(prologue.iri(term.datatype) or "urn:unknown"))

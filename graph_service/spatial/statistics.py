"""How often the patterns of a query hold, roughly: enough to tell whether candidates help."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.index.geometries import Connection
from graph_service.index.geometry_sample import Sample, count_written, sample_of
from graph_service.sparql.prologue import Prologue
from graph_service.sparql.syntax import node_text
from graph_service.sparql.triples import Triple
from ontology import terms

_PATTERNS = 4_096
"""Patterns whose counts are kept."""
_CLASSES = 4
"""Classes whose members are kept: a hundred thousand names take 15 MB."""
_FRESH = 200
"""Changes after which a count is made again."""
_GROWN = 0.1
"""Growth of the index after which another sample is taken."""
_Pattern = tuple[str | None, str | None, str | None]
"""Subject, predicate and object in N-Triples syntax; None for any."""


@dataclass(frozen=True, slots=True)
class _Count:
    """How often a pattern held."""

    change: int
    limit: int
    """Where counting stopped."""
    number: int


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

    def quads_with(self, predicate: str) -> Iterator[ox.Quad]:
        """Every quad with a property, whatever graph holds it."""
        ...


class Statistics:
    """Numbers that steer what is done, never what is found; any threads may ask."""

    def __init__(self, graph: Counting) -> None:
        self._graph = graph
        self._counts: OrderedDict[_Pattern, _Count] = OrderedDict()
        self._members: OrderedDict[str, tuple[int, frozenset[str]]] = OrderedDict()
        self._sample: tuple[int, Sample] | None = None
        self._lock = threading.Lock()

    def fewest(self, triples: Iterable[Triple], prologue: Prologue, most: int) -> int:
        """The number of matches of the rarest of some triples, up to a number."""
        now = self._graph.change_number()
        return min((self._count(triple, prologue, most, now) for triple in triples), default=most)

    def among(self, variable: Any, triples: Iterable[Triple], prologue: Prologue) -> frozenset[str] | None:
        """The members of a class that a variable must be of, as they stand now; None where no triple names one."""
        for triple in triples:
            is_type = triple.subject == variable and prologue.iri(triple.predicate) == terms.TYPE
            if is_type and (of_class := prologue.iri(triple.object)) is not None:
                return self._members_of(of_class)
        return None

    def places(self, connection: Connection) -> Sample:
        """A sample of the geometries in the index, not much older than it."""
        written = count_written(connection)
        with self._lock:
            if self._sample is None or abs(written - self._sample[0]) > self._sample[0] * _GROWN:
                self._sample = written, sample_of(connection)
            return self._sample[1]

    @property
    def last_sample(self) -> Sample | None:
        """The sample that was taken last; None before the first."""
        with self._lock:
            return None if self._sample is None else self._sample[1]

    def _members_of(self, class_iri: str) -> frozenset[str]:
        now = self._graph.change_number()
        with self._lock:
            change, members = self._members.get(class_iri, (-1, frozenset()))
        if change != now:
            members = frozenset(self._graph.subjects_of_type(class_iri))
            with self._lock:
                _keep(self._members, class_iri, (now, members), _CLASSES)
        return members

    def _count(self, triple: Triple, prologue: Prologue, most: int, now: int) -> int:
        subject, predicate, value = (_term(one, prologue) for one in triple)
        pattern = (subject, predicate, value)
        if pattern == (None, None, None):
            return most
        with self._lock:
            kept = self._counts.get(pattern)
        if kept is None or now - kept.change >= _FRESH or (kept.number == kept.limit and kept.limit < most):
            # Further than asked, so that somewhat more is known the next time.
            limit = 1 << (most - 1).bit_length()
            kept = _Count(now, limit, self._graph.count_up_to(subject, predicate, value, limit))
            with self._lock:
                _keep(self._counts, pattern, kept, _PATTERNS)
        return min(kept.number, most)


def _keep(kept: "OrderedDict[Any, Any]", key: Any, value: Any, most: int) -> None:
    """Note a value, and forget the oldest where there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


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

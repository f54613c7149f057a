"""Whether the inferences in a graph are those that a second, independent reckoning comes to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import pyoxigraph as ox

from graph_service.reasoning.fixpoint import Fixpoint, Head
from graph_service.reasoning.program import INFERRED_TYPE, TYPE, Program
from graph_service.reasoning.rules import class_key
from graph_service.reasoning.surroundings import Audience, record_of
from graph_service.store.evaluation import Results
from ontology.triples import Statement


class Queried(Protocol):
    """A graph that can be asked for everything in it."""

    def query(self, text: str, *, audiences: Sequence[str] = ()) -> Results:
        """The results of a query over what the audiences may see."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class Disagreement:
    """A statement about a record that is in the graph or follows, and not both."""

    record: str
    """IRI."""
    statement: Statement
    kind: Literal["missing", "extra"]
    """Missing in the graph, or extra there."""
    audience: Audience


Told = Callable[[str], None]
"""Is told in words what is done next."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What one named graph, or the public one, holds."""

    stated: list[Statement]
    inferred: set[Statement]

    def records(self) -> set[str]:
        return {record_of(subject) for subject, predicate, _ in self.stated if predicate == TYPE}


class Comparison:
    """The inferences in a graph, held against the fixpoint of the same statements.

    Args:
        fixpoint: of the ontology, without any records.
        program: by which the inferences were made; names alone are taken from it: what is written
            and what is stated.
        described: IRIs that the ontology describes and no record does; nothing is inferred of them.
    """

    def __init__(self, fixpoint: Fixpoint, program: Program, described: frozenset[str]) -> None:
        self._fixpoint = fixpoint
        self._program = program
        self._described = described

    def unwritten(self) -> list[str]:
        """Named heads of chains and class expressions that the program does not write though it should."""
        return sorted({head.term[1:-1] for head in self._fixpoint.heads if not self._is_known(head)})

    def _is_known(self, head: Head) -> bool:
        key = class_key(head.term) if head.is_class else head.term
        # A value that a class brings along is left out where records state the property: nobody could tell it.
        return key in self._program.written or (head.valued and key in self._program.stated)

    def disagreements(
        self, graph: Queried, audiences: Sequence[str], *, tell: Told = lambda _: None
    ) -> Iterator[Disagreement]:
        """Every difference, each audience with what it may see: the public graph and its own.

        Args:
            graph: that holds the records.
            audiences: IRIs of its named graphs.
            tell: told of each step, of which a large graph needs seconds.
        """
        held, public = self._closed(graph, None, self._fixpoint, tell)
        yield from self._between(held, public, None)
        for audience in audiences:
            held, seen = self._closed(graph, audience, public, tell)
            yield from self._between(held, seen, audience)

    def _closed(self, graph: Queried, audience: Audience, below: Fixpoint, tell: Told) -> tuple[_Held, Fixpoint]:
        name = "public graph" if audience is None else audience
        tell(f"reading {name}")
        held = self._held(graph, audience)
        return held, below.with_facts(held.stated, on_round=lambda number: tell(f"{name}, round {number}"))

    def _held(self, graph: Queried, audience: Audience) -> _Held:
        wanted = "?s ?p ?o" if self._fixpoint.uses_literals else "?s ?p ?o FILTER(isIRI(?o))"
        where = wanted if audience is None else f"GRAPH <{audience}> {{ {wanted} }}"
        rows = graph.query(f"SELECT ?s ?p ?o {{ {where} }}", audiences=[] if audience is None else [audience])
        assert isinstance(rows, ox.QuerySolutions)
        found = [(str(row[0]), str(row[1]), str(row[2])) for row in rows]
        marked = {(s, TYPE, o) for s, p, o in found if p == INFERRED_TYPE}
        is_inferred = self._program.is_inferred
        inferred = {one for one in found if is_inferred(one) or one in marked}
        return _Held([one for one in found if one not in inferred], inferred)

    def _between(self, held: _Held, closed: Fixpoint, audience: Audience) -> Iterator[Disagreement]:
        records = held.records() - self._described
        stated = set(held.stated)
        wanted = {
            one
            for head in closed.heads
            for fact in (closed.facts(head) if self._is_written(head) else ())
            if fact not in stated and record_of(fact[0]) in records
            for one in self._as_written(fact)
        }
        found: list[Disagreement] = [
            *(Disagreement(record_of(one[0]), one, "missing", audience) for one in wanted - held.inferred),
            *(Disagreement(record_of(one[0]), one, "extra", audience) for one in held.inferred - wanted),
        ]
        yield from sorted(found, key=lambda one: (one.record, one.statement, one.kind))

    def _is_written(self, head: Head) -> bool:
        return (class_key(head.term) if head.is_class else head.term) in self._program.written

    def _as_written(self, fact: Statement) -> tuple[Statement, ...]:
        """A fact, with what tells it from a stated one where its class does not."""
        subject, predicate, value = fact
        if predicate == TYPE and class_key(value) in self._program.stated:
            return fact, (subject, INFERRED_TYPE, value)
        return (fact,)

"""The facts around some records: what a graph says of the things that they lead to, as far as rules look."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from graph_service.reasoning.program import INFERRED_TYPE, TYPE, Program
from ontology.triples import Statement, owner_of

Audience = str | None
"""The named graph of a restricted data set; None for the public one."""

FactsByAudience = Mapping[Audience, Sequence[Statement]]


class Graph(Protocol):
    """The look-ups that reasoning needs of a store, in N-Triples syntax."""

    def statements_of(self, subject: str) -> list[tuple[Audience, Statement]]:
        """Every statement with a subject, and the graph that holds it."""
        ...

    def subjects_with(self, predicate: str, value: str) -> list[tuple[Audience, str]]:
        """The subjects that have a property with a value, and the graphs that say so."""
        ...


def record_of(term: str) -> str:
    """The IRI of the record that a term in N-Triples syntax is, or is a part of."""
    return owner_of(term.strip("<>"))


class Surroundings:
    """The facts that an audience may see around a change, which has not reached the graph yet.

    Args:
        program: which tells how far to look.
        graph: as it stands.
        described: facts of the ontology's own codes and individuals, by subject.
        written: facts of the records that the change writes.
        touched: IRIs of the records that the change writes or deletes; the graph's word on them is old.
    """

    def __init__(
        self,
        program: Program,
        graph: Graph,
        described: Mapping[str, Sequence[Statement]],
        written: FactsByAudience,
        touched: frozenset[str],
    ) -> None:
        self._program = program
        self._graph = graph
        self._described = described
        self._touched = touched
        self._written: dict[str, list[tuple[Audience, Statement]]] = {}
        self._pointing: dict[tuple[str, str], list[tuple[Audience, str]]] = {}
        for audience, facts in written.items():
            for fact in facts:
                self._written.setdefault(fact[0], []).append((audience, fact))
                if fact[1] in program.incoming:
                    self._pointing.setdefault((fact[1], fact[2]), []).append((audience, fact[0]))
        self._known: dict[str, list[tuple[Audience, Statement]]] = {}

    def of(self, facts: Iterable[Statement], audience: Audience) -> list[Statement]:
        """Some facts with all that rules may need beside them, as far as an audience may see."""
        found: dict[Statement, None] = {}
        pending = list(self._program.assigned)
        seen = set(pending)
        for fact in facts:
            self._meet(fact, found, seen, pending)
        while pending:
            for fact in self._next_to(pending.pop(), audience):
                if fact not in found:
                    self._meet(fact, found, seen, pending)
        return list(found)

    def _meet(self, fact: Statement, found: dict[Statement, None], seen: set[str], pending: list[str]) -> None:
        found[fact] = None
        for term in (fact[0], fact[2]) if fact[1] in self._program.followed else (fact[0],):
            if term not in seen:
                seen.add(term)
                pending.append(term)

    def _next_to(self, term: str, audience: Audience) -> list[Statement]:
        """Facts of a thing, and those of others that say something of it."""
        return [*self._seen_of(term, audience), *self._incoming(term, audience)]

    def _seen_of(self, term: str, audience: Audience) -> list[Statement]:
        return [fact for owner, fact in self._facts_of(term) if owner is None or owner == audience]

    def _facts_of(self, term: str) -> list[tuple[Audience, Statement]]:
        if not term.startswith("<"):
            return []
        if (known := self._known.get(term)) is None:
            known = self._known[term] = [*self._held(term), *((None, fact) for fact in self._described.get(term, ()))]
        return known

    def _held(self, term: str) -> list[tuple[Audience, Statement]]:
        if (written := self._written.get(term)) is not None:
            return written
        if record_of(term) in self._touched:
            return []
        # What was inferred of other records follows again; it may be out of date, or rest on this one.
        held = self._graph.statements_of(term)
        inferred = {(owner, (term, TYPE, fact[2])) for owner, fact in held if fact[1] == INFERRED_TYPE}
        relevant, is_inferred = self._program.relevant, self._program.is_inferred
        return [one for one in held if relevant([one[1]]) and not is_inferred(one[1]) and one not in inferred]

    def _incoming(self, term: str, audience: Audience) -> list[Statement]:
        if not term.startswith("<") or "#" in term:  # nothing but its owner says anything of a part
            return []
        found: list[Statement] = []
        for predicate in self._program.incoming:
            pointing = [
                *self._pointing.get((predicate, term), ()),
                *(
                    (owner, subject)
                    for owner, subject in self._graph.subjects_with(predicate, term)
                    if record_of(subject) not in self._touched
                ),
            ]
            found += [(subject, predicate, term) for owner, subject in pointing if owner is None or owner == audience]
        return found

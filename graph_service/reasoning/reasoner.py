"""What is inferred of records when they are written, and which others have to be looked at again.

An inferred statement belongs to the record that is its subject, stands in the same
graph and goes with it. It is told from a stated one by its name: producers state
none of the properties and classes that are inferred. Of a class that a producer can
state too, an inferred statement says so beside (``orr:inferredType``).
"""

import hashlib
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from graph_service.reasoning.closure import Closure, Facts
from graph_service.reasoning.names import labels_in
from graph_service.reasoning.program import INFERRED_TYPE, TYPE, program_of
from graph_service.reasoning.rules import class_key
from graph_service.reasoning.surroundings import Audience, FactsByAudience, Graph, Surroundings, record_of
from ontology.identifiers import document_iri
from ontology.loader import Ontology
from ontology.triples import Statement

_VERSION = 1
"""Raised when the same axioms come to mean other inferences."""

Inferred = Mapping[Audience, list[Statement]]


def ground(triples: Iterable[ox.Triple]) -> list[Statement]:
    """The triples that have no blank node, as statements."""
    return [
        (str(t.subject), str(t.predicate), str(t.object))
        for t in triples
        if not isinstance(t.subject, ox.BlankNode) and not isinstance(t.object, ox.BlankNode)
    ]


class Reasoner:
    """The rules of one ontology at work."""

    def __init__(self, ontology: Ontology) -> None:
        """Rules compiled from an ontology.

        Raises:
            OntologyInvalid: an axiom would mix inferred and stated properties.
        """
        self.program = program_of(ontology)
        self._closure = Closure(self.program)
        self.published = frozenset(ground(ontology.triples))
        """What the ontology itself states, less axioms over unnamed things."""
        self.described = frozenset(subject[1:-1] for subject, _, _ in self.published)
        """IRIs that the ontology says something of."""
        self.labels = labels_in(ontology.triples)
        """All that each term is called, by IRI."""
        self._facts: dict[str, list[Statement]] = {}
        for fact in self.program.relevant(sorted(self.published)):
            self._facts.setdefault(fact[0], []).append(fact)

    def fingerprint(self, ontology_digest: str) -> str:
        """An IRI that differs wherever the ontology or the way that rules are read from it differs."""
        return document_iri(hashlib.sha256(f"{ontology_digest} {_VERSION}".encode()).hexdigest())

    def relevant(self, statements: Iterable[Statement]) -> list[Statement]:
        """Those of a record's statements that anything can be inferred from."""
        return self.program.relevant(statements)

    def inferred(self, written: FactsByAudience, graph: Graph, touched: frozenset[str]) -> Inferred:
        """What follows of the records of a change, by audience.

        Args:
            written: relevant statements of the records that the change writes, by audience.
            graph: as it stands before.
            touched: IRIs of the records that the change writes or deletes.
        """
        around = Surroundings(self.program, graph, self._facts, written, touched)
        return {
            audience: self._conclusions(self._closure.of(around.of(facts, audience)), facts)
            for audience, facts in written.items()
            if facts
        }

    def _conclusions(self, facts: Facts, stated: Iterable[Statement]) -> list[Statement]:
        known = set(stated)
        subjects = {fact[0] for fact in known}
        own = {record_of(subject) for subject in subjects}
        found: list[Statement] = []
        for key in self.program.written:
            for subject, values in facts.values.get(key, {}).items():
                if subject in subjects or record_of(subject) in own:
                    found += self._written_as(key, subject, values, known)
        return sorted(found)

    def _written_as(self, key: str, subject: str, values: set[str], known: set[Statement]) -> list[Statement]:
        if key.startswith("<"):
            return [(subject, key, value) for value in values]
        class_term = key.removeprefix("a ")
        statement = (subject, TYPE, class_term)
        if statement in known:
            return []
        beside = [(subject, INFERRED_TYPE, class_term)] if key in self.program.stated else []
        return [statement, *beside]

    def reasons(self, before: Iterable[Statement], after: Iterable[Statement]) -> set[str]:
        """The things of which other records may know something else when some statements become others.

        Args:
            before: of the records of a change, as they were; inferred ones do no harm.
            after: relevant statements of the same records as they will be.
        """
        inner, passed_on, incoming = self.program.inner, self.program.passed_on, self.program.incoming
        found: set[str] = set()
        for subject, predicate, value in set(before).symmetric_difference(after):
            key = predicate if predicate != TYPE else class_key(value)
            if key in inner:
                found.add(subject)
                if key in passed_on:
                    found.add(f"<{record_of(subject)}>")
            if key in incoming:
                found.add(value)
        return found

    def dependents(self, reasons: Iterable[str], graph: Graph) -> set[str]:
        """IRIs of the records whose inferences may rest on some things, in any number of steps, they included."""
        pending = list(reasons)
        seen = set(pending)
        while pending:
            term = pending.pop()
            for other in self._resting_on(term, graph):
                if other not in seen:
                    seen.add(other)
                    pending.append(other)
        return {record_of(term) for term in seen}

    def _resting_on(self, term: str, graph: Graph) -> set[str]:
        if not term.startswith("<"):
            return set()
        keys = self.program.followed_to_parts if "#" in term else self.program.followed
        found = {s for key in keys for _, s in graph.subjects_with(key, term)} - {f"<{record_of(term)}>"}
        found |= {fact[2] for _, fact in graph.statements_of(term) if fact[1] in self.program.incoming}
        return found | {f"<{record_of(one)}>" for one in found if "#" in one}

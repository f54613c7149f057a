"""A change to the graph while it is put together: what goes, what comes, and what follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, Triple

from graph_service.reasoning.reasoner import Reasoner
from graph_service.reasoning.surroundings import Audience, Graph, record_of
from graph_service.store.graph_store import GraphStore
from ontology import terms
from ontology.shapes import TOP_LEVEL
from ontology.triples import Statement, record_from, statements

Lines = dict[Audience, list[Statement | str]]
"""Statements, and N-Triples, by the graph that holds them."""


def statement(quad: Quad) -> Statement:
    """A quad without its graph, in N-Triples syntax."""
    return (str(quad.subject), str(quad.predicate), str(quad.object))


def audience_of(quad: Quad) -> Audience:
    """The IRI of the graph that holds a quad; None for the public one."""
    graph = quad.graph_name
    return graph.value if isinstance(graph, NamedNode) else None


def is_record(found: Iterable[Quad | Triple]) -> bool:
    """Whether what a graph has of a subject and its parts makes it a record, by the classes it is stated to have."""
    described: dict[str, set[str]] = {}
    inferred: set[tuple[str, str]] = set()
    for one in found:
        if isinstance(one.subject, NamedNode) and isinstance(one.object, NamedNode) and "#" not in one.subject.value:
            if one.predicate.value == terms.TYPE:
                described.setdefault(one.subject.value, set()).add(one.object.value)
            elif one.predicate.value == terms.INFERRED_TYPE:
                inferred.add((one.subject.value, one.object.value))
    return any(
        {one for one in classes if (iri, one) not in inferred}.issuperset(shape.types)
        for iri, classes in described.items()
        for shape in TOP_LEVEL
    )


@dataclass(slots=True)
class Draft:
    """Statements to remove and to add, and the facts among them that inference starts from."""

    reasoner: Reasoner
    remove: Lines = field(default_factory=dict)
    add: Lines = field(default_factory=dict)
    before: dict[Audience, list[Statement]] = field(default_factory=dict)
    """Of the records that are replaced or deleted, with what was inferred of them."""
    written: dict[Audience, list[Statement]] = field(default_factory=dict)
    """Relevant facts of the records that are written."""
    touched: set[str] = field(default_factory=set)
    """IRIs of the records that are written or deleted."""

    def take(self, iri: str, quads: Iterable[Quad]) -> None:
        """Remove a record, with what was inferred of it."""
        self.touched.add(iri)
        for quad in quads:
            gone = statement(quad)
            # What the ontology says as well, it goes on saying.
            if gone not in self.reasoner.published:
                self.remove.setdefault(audience_of(quad), []).append(gone)
                self.before.setdefault(audience_of(quad), []).append(gone)

    def put(self, iri: str, lines: Sequence[Statement | str], facts: Iterable[Statement], audience: Audience) -> None:
        """Add a record.

        Args:
            iri: of the record.
            lines: everything that it states.
            facts: the relevant statements of it.
            audience: IRI of the graph that will hold it; None for the public one.
        """
        self.touched.add(iri)
        self.add.setdefault(audience, []).extend(lines)
        self.written.setdefault(audience, []).extend(facts)

    def infer(self, graph: Graph) -> list[Statement]:
        """Add what follows of the records that are written, and return it."""
        inferred = self.reasoner.inferred(self.written, graph, frozenset(self.touched))
        for audience, found in inferred.items():
            self.add.setdefault(audience, []).extend(found)
        return [one for found in inferred.values() for one in found]

    def affected(self, graph: Graph) -> tuple[set[str], set[str]]:
        """The things whose change can alter other records' inferences, and the IRIs of those records."""
        reasons: set[str] = set()
        # By audience, because a record that becomes restricted says as much as before, but to fewer.
        for audience in self.before.keys() | self.written.keys():
            before = self.reasoner.relevant(self.before.get(audience, ()))
            reasons |= self.reasoner.reasons(before, self.written.get(audience, ()))
        return reasons, self.reasoner.dependents(reasons, graph) - self.touched if reasons else set()


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to go and to come so that records have the inferences that they should."""

    records: list[str]
    """IRIs of those that have others."""
    remove: Lines
    add: Lines


def difference_of(iris: Sequence[str], graph: GraphStore, reasoner: Reasoner) -> Difference:
    """How the inferences of some records in a graph differ from what follows of what they state.

    Args:
        iris: of the records; what is none, or is in the graph no more, is passed over.
        graph: that holds them.
        reasoner: that says what follows.
    """
    held: dict[str, tuple[Audience, set[Statement]]] = {}
    written: dict[Audience, list[Statement]] = {}
    for iri in iris:
        if is_record(quads := graph.about(iri)):
            stated = statements(record_from(iri, quads))
            audience = audience_of(quads[0])
            held[iri] = (audience, _beyond(stated, quads) - reasoner.published)
            written.setdefault(audience, []).extend(reasoner.relevant(stated))
    should: dict[str, set[Statement]] = {}
    for inferred in reasoner.inferred(written, graph, frozenset(held)).values():
        for one in inferred:
            should.setdefault(record_of(one[0]), set()).add(one)
    difference = Difference([], {}, {})
    for iri, (audience, has) in held.items():
        wanted = should.get(iri, set())
        if has != wanted:
            difference.records.append(iri)
            difference.remove.setdefault(audience, []).extend(sorted(has - wanted))
            difference.add.setdefault(audience, []).extend(sorted(wanted - has))
    return difference


def _beyond(stated: Iterable[Statement], quads: Iterable[Quad]) -> set[Statement]:
    """What a graph holds of a record besides its own statements, whoever put it there."""
    own = set(stated)
    predicates = {predicate for _, predicate, _ in own}
    # A literal can be written in several ways, and no rule gives one where a record states one.
    others = {statement(q) for q in quads if isinstance(q.object, NamedNode) or str(q.predicate) not in predicates}
    return others - own

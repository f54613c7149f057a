"""Queries that find what follows from a schema of RDFS as well as what is stated (SPARQL 1.1 Entailment Regimes, 4).

A property becomes a path over those that imply it, which the engine walks as a set. A triple that asks for
members of a class is left out where a triple beside it implies it, becomes a filter where another binds its
subject, and else a subquery that finds each member once. So a solution is found as often as if everything
that follows stood in the graph. What stands there is told by ``Ways``: nothing is looked for that cannot be.
Variables in place of a property or a class find what is stated.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pyparsing import ParseResults
from rdflib import BNode, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.sparql.expansion import hidden
from graph_service.sparql.forms import is_short_construct
from graph_service.sparql.prologue import Prologue, prologue_of
from graph_service.sparql.scope import new_variables
from graph_service.sparql.syntax import Query, node_text
from graph_service.sparql.triples import Triple, block_of, group_of, simplified, triples_in, union_of
from graph_service.sparql.ways import Membership, Ways
from ontology import terms

_MOST = 2_000
"""Patterns that one query may be given beside its own."""
_FORMS = ("SelectQuery", "SubSelect", "AskQuery", "DescribeQuery", "ConstructQuery")


@dataclass(frozen=True, slots=True)
class Note:
    """What was done about one triple of a query."""

    triple: str
    """As SPARQL."""
    done: str


@dataclass(slots=True)
class Entailment:
    """The rewriting of one query."""

    prologue: Prologue
    ways: Ways
    """Of the graphs that are merged."""
    named: Ways
    """Of any one named graph."""
    new: Iterator[Variable]
    """Variables that the query does not use."""
    notes: list[Note] = field(default_factory=list)
    _variables: dict[BNode, Variable] = field(default_factory=dict)
    _added: int = 0

    @classmethod
    def within(cls, query: Query, ways: Ways, named: Ways) -> "Entailment":
        """The rewriting of a query; the graphs of FROM need not be those that are usually merged."""
        merged = named if query.body.datasetClause else ways
        return cls(prologue_of(query.prologue), merged, named, new_variables(query.body))

    def of(self, node: Any) -> Any:
        """A tree whose triples find what follows as well; equal to the one given where nothing does.

        Raises:
            QueryInvalid: it would be too wide.
        """
        if isinstance(node, CompValue):
            if node.name == "ServiceGraphPattern" or is_short_construct(node):
                return node  # another catalogue answers by itself, and a short CONSTRUCT says what it is asked
            if node.name == "GraphGraphPattern":
                return self._within_graph(node)
            kept = {"template"} & node.keys()
            made = CompValue(node.name, **{key: one if key in kept else self.of(one) for key, one in node.items()})
            if node.name == "GroupGraphPatternSub":
                return group_of(self._parts(list(made.part or ())))
            return hidden(node, made) if node.name in _FORMS else made
        if isinstance(node, ParseResults | list):
            return [self.of(one) for one in node]
        return node

    def _within_graph(self, node: CompValue) -> CompValue:
        around, self.ways = self.ways, self.named
        made = CompValue(node.name, **{key: self.of(one) for key, one in node.items()})
        self.ways = around
        return made

    def _parts(self, parts: list[CompValue]) -> Iterator[CompValue]:
        split = any(self._is_split(triple) for part in parts for triple in _triples(part))
        # Only filters stand between triples of which each holds in every solution.
        for together, run in groupby(parts, key=lambda part: part.name in ("TriplesBlock", "Filter")):
            if not together:
                yield from run
                continue
            listed = list(run)
            triples = [triple for part in listed for triple in _triples(part)]
            # A blank node cannot stand for the same thing in two groups; a variable can.
            named = [self._renamed(triple) for triple in triples] if split else triples
            yield from self._run(list(self._apart(named)))
            yield from (part for part in listed if part.name == "Filter")

    def _is_split(self, triple: Triple) -> bool:
        blank = isinstance(triple.subject, BNode) or isinstance(triple.object, BNode)
        return blank and any(self._class(one) is not None for one in self._apart([triple]))

    def _renamed(self, triple: Triple) -> Triple:
        return Triple(*(self._variable(term) if isinstance(term, BNode) else term for term in triple))

    def _variable(self, node: BNode) -> Variable:
        if node not in self._variables:
            self._variables[node] = next(self.new)
        return self._variables[node]

    def _apart(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Triples of which each path that ends with a class is two."""
        for triple in triples:
            path = triple.predicate
            parts = path.part if isinstance(path, CompValue) and path.name == "PathSequence" else ()
            if parts and self._class(Triple(None, simplified(parts[-1]), triple.object)) is not None:
                middle = next(self.new)
                rest = CompValue("PathSequence", part=list(parts[:-1]))
                yield Triple(triple.subject, simplified(rest), middle)
                yield Triple(middle, simplified(parts[-1]), triple.object)
            else:
                yield triple

    def _class(self, triple: Triple) -> str | None:
        """The class whose members a triple asks for, where there are ways to be of it beside the statement."""
        if self.prologue.iri(triple.predicate) != terms.TYPE:
            return None
        iri = self.prologue.iri(triple.object)
        return None if iri is None or self.ways.membership(iri) == Membership((iri,)) else iri

    def _run(self, triples: Sequence[Triple]) -> Iterator[CompValue]:
        """Triples that are joined, less those that are implied, with what finds members of classes."""
        classes = [(triple, self._class(triple)) for triple in triples]
        rest = [triple for triple, iri in classes if iri is None]
        asked = [(triple, iri) for triple, iri in classes if iri is not None]
        kept: list[Triple] = []
        members: list[CompValue | Triple] = []
        for rank, (triple, iri) in enumerate(asked):
            others = [*rest, *kept, *(other for other, _ in asked[rank + 1 :])]
            if any(self._implies(other, triple.subject, iri) for other in others):
                self._note(triple, "left out, because a triple beside it implies it")
                continue
            members.append(self._member(triple, iri, bound=_binds([*rest, *kept], triple.subject)))
            kept.append(triple)
        block = [triple._replace(predicate=self._path(triple)) for triple in rest]
        block += [one for one in members if isinstance(one, Triple)]
        if block:
            yield block_of(block)
        yield from (one for one in members if not isinstance(one, Triple))

    def _implies(self, triple: Triple, term: Any, iri: str) -> bool:
        """Whether whatever a term stands for in solutions of a triple is of a class."""
        schema = self.ways.schema
        path = triple.predicate
        if triple.subject == term and self.prologue.iri(path) == terms.TYPE:
            return self.prologue.iri(triple.object) in schema.classes.get(iri, ())
        parts = path.part if isinstance(path, CompValue) and path.name == "PathSequence" else (path,)
        ends = [self.prologue.iri(simplified(part)) for part in (parts[0], parts[-1])]
        as_subject = triple.subject == term and ends[0] in schema.subjects.get(iri, ())
        return as_subject or (triple.object == term and ends[1] in schema.values.get(iri, ()))

    def _member(self, triple: Triple, iri: str, *, bound: bool) -> CompValue | Triple:
        """What finds each member of a class once."""
        found = self.ways.membership(iri)
        self._note(triple, f"found by {_listed(found)}")
        if len(found.classes) == 1 and not (found.subjects or found.values):
            return triple._replace(object=URIRef(found.classes[0]))
        groups = [group_of([block_of([one])]) for one in self._alternatives(triple.subject, found)]
        self._added += len(groups)
        if self._added > _MOST:
            raise QueryInvalid(f"with what follows, the query would have {_MOST:,} patterns more; ask for less")
        if bound or not isinstance(triple.subject, Variable):
            return CompValue("Filter", expr=CompValue("Builtin_EXISTS", graph=group_of([union_of(groups)])))
        shown = [CompValue("vars", var=triple.subject)]
        where = group_of([union_of(groups)])
        return union_of([CompValue("SubSelect", modifier="DISTINCT", projection=shown, where=where)])

    def _alternatives(self, term: Any, found: Membership) -> Iterator[Triple]:
        yield from (Triple(term, URIRef(terms.TYPE), URIRef(one)) for one in found.classes)
        yield from (Triple(term, URIRef(one), next(self.new)) for one in found.subjects)
        yield from (Triple(next(self.new), URIRef(one), term) for one in found.values)

    def _path(self, triple: Triple) -> Any:
        """The predicate of a triple, with the properties that imply each of its own."""
        made = self._widened(triple.predicate)
        if made is not triple.predicate:
            self._note(triple, f"followed along {node_text(made)}")
        return made

    def _widened(self, path: Any) -> Any:
        path = simplified(path)
        if not isinstance(path, CompValue) or path.name == "pname":
            iri = self.prologue.iri(path)
            found = () if iri is None else self.ways.properties(iri)
            return path if iri is None or found == (iri,) else _along(found)
        if path.name == "PathNegatedPropertySet":
            return path
        inner = path.part if isinstance(path.part, ParseResults | list) else [path.part]
        made = [self._widened(part) for part in inner]
        if all(one is simplified(part) for one, part in zip(made, inner, strict=True)):
            return path
        whole = made if isinstance(path.part, ParseResults | list) else made[0]
        return CompValue(path.name, **{**path, "part": whole})

    def _note(self, triple: Triple, done: str) -> None:
        self.notes.append(Note(" ".join(node_text(term) for term in triple), done))


def _triples(part: CompValue) -> Iterator[Triple]:
    return triples_in(part.triples) if part.name == "TriplesBlock" else iter(())


def _binds(triples: Iterable[Triple], term: Any) -> bool:
    return any(term in (triple.subject, triple.object) for triple in triples)


def _along(properties: Sequence[str]) -> Any:
    parts = [URIRef(iri) for iri in properties]
    return parts[0] if len(parts) == 1 else CompValue("PathAlternative", part=parts)


def _listed(found: Membership) -> str:
    names = (
        *(f"<{one}>" for one in found.classes),
        *(f"subjects of <{one}>" for one in found.subjects),
        *(f"values of <{one}>" for one in found.values),
    )
    return ", ".join(names)

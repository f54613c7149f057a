"""Topological relations as properties: ``?a geo:sfWithin ?b`` holds where geometries say so, or somebody does.

OGC 22-047r1, clause 11, rules of query rewrite: a feature stands for its default
geometry, a geometry for its serialisations, and what is stated counts as well. A
triple becomes a subquery that finds each pair once, as if the statements stood in the
graph. The same patterns are asked whether the index gives candidates or not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from pyparsing import ParseResults
from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.index.places import Whose
from graph_service.sparql.patience import ensure_time
from graph_service.sparql.prologue import Prologue
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.syntax import node_text
from graph_service.sparql.triples import Triple, block_of, group_of, triples_in, union_of
from graph_service.spatial.blocks import are_writable
from graph_service.spatial.candidates import MOST_PAIRS, Candidates
from graph_service.spatial.explanation import Explanation
from graph_service.spatial.predicates import Relation
from graph_service.spatial.relations import GEOF, MEETING, relation_of_property
from graph_service.spatial.statements import SERIALISATIONS
from graph_service.spatial.statistics import Statistics
from ontology import terms

_BLOCK = 900
_ENDS = (Whose(frozenset((terms.HAS_DEFAULT_GEOMETRY,))), Whose())


def has_relations(tree: Any, prologue: Prologue) -> bool:
    """Whether a query names a topological property."""
    return any(relation_of_property(prologue.iri(node)) for node in nodes_of(tree) if _is_name(node))


def _is_name(node: Any) -> bool:
    return isinstance(node, URIRef) or (isinstance(node, CompValue) and node.name == "pname")


@dataclass(slots=True)
class Relations:
    """The rewriting of the topological properties of one query."""

    prologue: Prologue
    new: Iterator[Variable]
    """Variables that the query does not use."""
    candidates: Candidates | None
    """None for what holds of any state of the graph."""
    statistics: Statistics
    explanation: Explanation

    def of(self, node: Any) -> Any:
        """A tree whose triples with such properties are answered by geometries as well."""
        if isinstance(node, CompValue):
            if node.name in ("ServiceGraphPattern", "FakeGroupGraphPatten"):
                return node  # another catalogue answers by itself, and a short CONSTRUCT says what it is asked
            if node.name == "GraphGraphPattern" and self.candidates is not None:
                # The candidates are of the graphs that are merged, not of each named one.
                return Relations(self.prologue, self.new, None, self.statistics, self.explanation).of(node)
            kept = {"template"} & node.keys()
            made = {key: value if key in kept else self.of(value) for key, value in node.items()}
            made_node = CompValue(node.name, **made)
            return group_of(self._parts(made_node.part or ())) if node.name == "GroupGraphPatternSub" else made_node
        if isinstance(node, ParseResults | list):
            return [self.of(one) for one in node]
        return node

    def _parts(self, parts: Iterable[CompValue]) -> Iterator[CompValue]:
        for part in parts:
            triples = list(triples_in(part.triples)) if part.name == "TriplesBlock" else []
            related = [triple for triple in triples if self._relation(triple) is not None]
            rest = [triple for triple in triples if triple not in related]
            if not related:
                yield part
                continue
            if rest:
                yield block_of(rest)
            for triple in related:
                yield self._related(triple, rest)

    def _relation(self, triple: Triple) -> str | None:
        """The relation that a triple states of ends that can be looked up."""
        ends = (triple.subject, triple.object)
        if not all(isinstance(end, Variable) or self.prologue.iri(end) is not None for end in ends):
            return None
        return relation_of_property(self.prologue.iri(triple.predicate))

    def _related(self, triple: Triple, rest: list[Triple]) -> CompValue:
        ensure_time()
        relation = self._relation(triple)
        assert relation is not None
        ends = (triple.subject, triple.object)
        first, second = next(self.new), next(self.new)
        call = CompValue("Function", iri=URIRef(GEOF + relation), distinct=[], expr=[first, second])
        found = [_ends(ends[0], first), _ends(ends[1], second), CompValue("Filter", expr=call)]
        blocks = self._blocks(triple, relation, rest)
        ways = [group_of([block_of([triple])]), *(group_of([*block, *found]) for block in blocks)]
        shown = list(dict.fromkeys(end for end in ends if isinstance(end, Variable)))
        if not shown:
            held = CompValue("Builtin_EXISTS", graph=group_of([union_of(ways)]))
            return CompValue("Filter", expr=held)
        projection = [CompValue("vars", var=one) for one in shown]
        where = group_of([union_of(ways)])
        return union_of([CompValue("SubSelect", modifier="DISTINCT", projection=projection, where=where)])

    def _blocks(self, triple: Triple, relation: str, rest: list[Triple]) -> list[list[CompValue]]:
        """Candidates for the ends of a triple; one empty block where there are none to be had."""
        text = " ".join(node_text(term) for term in triple)
        if self.candidates is None:
            return [[]]
        variables = [end for end in (triple.subject, triple.object) if isinstance(end, Variable)]
        rows = (
            self._rows(triple, relation, self.candidates, rest) if relation in MEETING and len(set(variables)) else None
        )
        if rows is None or len(variables) != len(set(variables)) or not are_writable(rows):
            self.explanation.add(text, done="answered by geometries", reason="the index gives no candidates")
            return [[]]
        names = tuple(str(one) for one in variables)
        self.explanation.add(
            text, done="answered by geometries, with candidates from the index", variables=names, candidates=len(rows)
        )
        listed = [[URIRef(iri) for iri in row] for row in rows]
        return [
            [CompValue("InlineData", var=variables, value=listed[start : start + _BLOCK])]
            for start in range(0, max(len(listed), 1), _BLOCK)
        ]

    def _rows(
        self, triple: Triple, relation: str, candidates: Candidates, rest: list[Triple]
    ) -> list[tuple[str, ...]] | None:
        constant = self.prologue.iri(triple.subject) or self.prologue.iri(triple.object)
        if constant is not None:
            boxes = candidates.boxes_at(constant)
            if boxes is None:
                return None
            features, geometries = (candidates.near(boxes, whose) for whose in _ENDS)
            if features is None or geometries is None:
                return None
            return [(one,) for one in dict.fromkeys((*features, *geometries))]
        among = [self.statistics.among(end, rest, self.prologue) for end in (triple.subject, triple.object)]
        found: dict[tuple[str, ...], None] = {}
        for one, other in product(_ENDS, _ENDS):
            pairs = candidates.pairs(Relation(relation), one, other, among)
            if pairs is None:
                return None
            found.update(dict.fromkeys(pairs.rows()))
        return list(found) if len(found) <= MOST_PAIRS else None


def _ends(end: Any, literal: Variable) -> CompValue:
    """What relates a feature or a geometry to its serialisations."""
    written = CompValue("PathAlternative", part=[URIRef(iri) for iri in SERIALISATIONS])
    by_default = CompValue("PathSequence", part=[URIRef(terms.HAS_DEFAULT_GEOMETRY), written])
    return union_of(group_of([block_of([Triple(end, path, literal)])]) for path in (by_default, written))

"""Queries that ask the spatial index first: filters on places are answered by it, or get candidates and stay.

A group whose triples bind a literal of a geometry, and whose filter must hold of it, has
the same solutions when its triples are joined with the candidates: each solution has
one binding of the variable that they are for, and that is among them. The triples are
written once for each block of candidates, in a union, because the engine's planner
joins short lists first and long ones last. Filters that speak of nothing but variables
of these triples go with them; every other part of the group stays where it is. The
condition itself is asked again of no candidates but those of which the index cannot
tell for certain that it holds. What is not of this form stays as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyparsing import ParseResults
from rdflib import BNode, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry
from graph_service.index.rows import Box
from graph_service.sparql.prologue import Prologue
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.syntax import node_text
from graph_service.sparql.triples import Triple, group_of, triples_in, union_of
from graph_service.spatial.anchors import Anchor, anchors_of
from graph_service.spatial.blocks import are_writable, union_text
from graph_service.spatial.candidates import MOST, MOST_PAIRS, Candidates, Chosen
from graph_service.spatial.conditions import Condition, bare, conditions_of, freed
from graph_service.spatial.explanation import Explanation
from graph_service.spatial.habits import MANY, RARE, UNBOUND
from graph_service.spatial.predicates import Predicate
from graph_service.spatial.statements import boxes_of
from graph_service.spatial.statistics import Statistics

_PASSIVE = frozenset(("Filter", "Bind", "OptionalGraphPattern", "MinusGraphPattern"))
"""Parts of a group that no planner starts from."""
_FIXED = frozenset(
    ("Builtin_EXISTS", "Builtin_NOTEXISTS", "Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE",
     "Builtin_BOUND")
)  # fmt: skip
"""Expressions that are evaluated where they stand."""
_WORTH = 6
"""How many times rarer than the rarest pattern candidates must be: each takes several times as long (measured)."""
_SOON = 300
"""Geometries that the engine looks at before a query that stops early is planned (measured)."""
_FEW = 100
"""Solutions of a pattern that the engine goes through sooner than the index is asked."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What the index says of one condition."""

    condition: Condition
    variables: list[Variable]
    """That candidates are for."""
    chosen: Chosen


@dataclass(slots=True)
class Rewriting:
    """The rewriting of one query."""

    prologue: Prologue
    candidates: Candidates
    statistics: Statistics
    explanation: Explanation
    changed: bool = field(default=False, init=False)
    streams: float = field(default=0.0, init=False)
    """Solutions after which the engine stops; 0 where it needs all."""

    def of(self, body: CompValue) -> CompValue:
        """A query, or a subquery, with candidates in its groups."""
        if body.where is None or body.datasetClause:
            self._leave_all(body, "the query names its graphs, or has no pattern")
            return body
        around, self.streams = self.streams, streamed(body) or self.streams
        where = self._group(body.where)
        self.streams = around
        return CompValue(body.name, **{**body, "where": where})

    def _group(self, group: CompValue) -> CompValue:
        if group.name == "SubSelect":
            return self.of(group)
        if group.name != "GroupGraphPatternSub":
            self._leave_all(group, "the pattern is a template as well")
            return group
        parts = list(group.part or ())
        joined = [part for part in parts if part.name not in _PASSIVE and part.name != "TriplesBlock"]
        has_triples = any(part.name == "TriplesBlock" for part in parts)
        if not joined:
            return group_of(self._parts(parts))
        if has_triples or len(joined) > 1 or joined[0].name != "GroupOrUnionGraphPattern":
            self._leave_all(group, "the group joins other patterns, from which the engine may start")
            return group
        for part in parts:
            if part is not joined[0]:
                self._leave_all(part, "nothing in its own group binds the geometry")
        inner = union_of(self._group(one) for one in joined[0].graph)
        return group_of(inner if part is joined[0] else part for part in parts)

    def _leave_all(self, tree: Any, reason: str) -> None:
        for node in nodes_of(tree):
            if isinstance(node, CompValue) and node.name == "Filter":
                for condition in conditions_of(node.expr, self.prologue, {}):
                    self.explanation.add(node_text(condition.expression), reason=condition.reason or reason)

    def _parts(self, parts: Sequence[CompValue]) -> list[Any]:
        for part in parts:
            if part.name in ("OptionalGraphPattern", "MinusGraphPattern"):
                self._leave_all(part, "it stands in OPTIONAL or MINUS")
        first = next((k for k, part in enumerate(parts) if part.name == "TriplesBlock"), None)
        if first is None:
            return list(parts)
        end = next((k for k in range(first, len(parts)) if parts[k].name not in ("TriplesBlock", "Filter")), len(parts))
        filters = [part for part in parts if part.name == "Filter"]
        given = self._given(parts[first:end], filters, _constants(parts))
        if given is None:
            return list(parts)
        before, run, after = (
            list(freed(some, given.condition)) for some in (parts[:first], parts[first:end], parts[end:])
        )
        names: dict[BNode, BNode] = {}
        body = " ".join(node_text(part) for part in _afresh(run, names))
        asked = f"{body} FILTER({node_text(given.condition.alone)})"
        union = union_text(
            given.variables, ((given.chosen.certain, body), (given.chosen.possible, asked)), names.values()
        )
        if union is None:
            self.explanation.add("the pattern", reason="it is too long to be written for each block of candidates")
            return list(parts)
        self.changed = True
        kept = [part for part in run if part.name == "Filter" and not _moves(part, run)]
        return [*before, union, *kept, *after]

    def _given(
        self, run: Sequence[CompValue], filters: Iterable[CompValue], constants: dict[Variable, Any]
    ) -> _Given | None:
        """Candidates for the triples of a run, those of the condition that leaves fewest."""
        triples = [triple for part in run if part.name == "TriplesBlock" for triple in triples_in(part.triples)]
        anchors = anchors_of(triples, self.prologue)
        best: _Given | None = None
        for condition in [c for f in filters for c in conditions_of(f.expr, self.prologue, constants)]:
            found = self._considered(condition, anchors, triples)
            if found is not None and (best is None or len(found.chosen) < len(best.chosen)):
                best = found
        return best

    def _considered(
        self, condition: Condition, anchors: dict[Variable, list[Anchor]], triples: Sequence[Triple]
    ) -> _Given | None:
        text = node_text(condition.expression)
        if condition.reason is not None:
            self.explanation.add(text, reason=condition.reason)
            return None
        chosen = [anchors[one][0] for one in condition.variables if anchors.get(one)]
        if len(chosen) < len(condition.variables):
            self.explanation.add(text, reason=UNBOUND)
            return None
        variables = tuple(str(anchor.variable) for anchor in chosen)
        found = self._found(condition, chosen, triples)
        useless = found if isinstance(found, str) else self._useless(len(found), triples, pairs=len(chosen) == 2)
        if isinstance(found, str) or useless is not None:
            self.explanation.add(text, reason=useless, variables=variables)
            return None
        done = "answered by the index" if not found.possible else "candidates from the index"
        self.explanation.add(text, done=done, variables=variables, candidates=len(found), certain=len(found.certain))
        return _Given(condition, [anchor.variable for anchor in chosen], found)

    def _found(self, condition: Condition, chosen: Sequence[Anchor], triples: Sequence[Triple]) -> Chosen | str:
        """Candidates, or why there are none of use."""
        found = self._one(condition, chosen[0], triples) if len(chosen) == 1 else self._two(condition, chosen, triples)
        if isinstance(found, Chosen) and not are_writable(found.rows()):
            return "a candidate is a blank node, or an IRI that no query can have"
        return found

    def _one(self, condition: Condition, anchor: Anchor, triples: Sequence[Triple]) -> Chosen | str:
        if self.statistics.fewest(triples, self.prologue, _FEW) < _FEW * bool(_WORTH):
            return f"{RARE} {_FEW}"
        assert condition.predicate is not None
        assert condition.constant is not None
        places = self.statistics.places(self.candidates.connection)
        most = self._most(places.total)
        if _WORTH and (about := places.at_least(self._reach(condition.predicate, condition.constant))) > min(
            most, MOST
        ):
            return f"{MANY} {most:,} candidates, some {about:,} or more"
        if _WORTH and about and (useless := self._useless(about, triples, pairs=False)) is not None:
            return useless
        found = self.candidates.satisfying(
            condition.predicate,
            condition.constant,
            anchor.whose,
            constant_first=condition.constant_first,
            limit=most,
        )
        return f"{MANY} {most:,} candidates" if found is None else found

    def _two(self, condition: Condition, anchors: Sequence[Anchor], triples: Sequence[Triple]) -> Chosen | str:
        one, other = anchors
        if one.variable == other.variable:
            return "both geometries are of one variable"
        assert condition.predicate is not None
        among = [self.statistics.among(anchor.variable, triples, self.prologue) for anchor in anchors]
        found = self.candidates.pairs(condition.predicate, one.whose, other.whose, among)
        return f"there are more than {MOST_PAIRS:,} pairs" if found is None else found

    def _reach(self, predicate: Predicate, constant: Geometry) -> list[Box]:
        """Where most of what satisfies a condition has a place, in CRS84."""
        crs = crs_of(CRS84)
        try:
            return predicate.reach(boxes_of(constant.at(crs).shape), crs)
        except GeometryUnreadable:
            return []

    def _most(self, total: int) -> int:
        """Candidates that may help: fewer than geometries, and than what a query that stops early would look at.

        Args:
            total: how many geometries there are.
        """
        if not _WORTH:
            return MOST
        most = min(MOST, total // _WORTH)
        if not self.streams:
            return most
        # Of as many candidates the engine looks at so many times fewer geometries before it has enough.
        looked_at = self.streams * total
        return min(most, int(looked_at**0.5), int(looked_at / _SOON))

    def _useless(self, count: int, triples: Sequence[Triple], *, pairs: bool) -> str | None:
        if pairs:
            return None
        if self.statistics.fewest(triples, self.prologue, count * _WORTH) < count * _WORTH:
            return f"another pattern of the query leaves few enough beside {count:,} candidates"
        return None


def _constants(parts: Iterable[CompValue]) -> dict[Variable, Any]:
    """Literals that a group binds to variables in all of its solutions."""
    return {
        part.var: term for part in parts if part.name == "Bind" and not isinstance(term := bare(part.expr), Variable)
    }


def _moves(part: CompValue, run: Sequence[CompValue]) -> bool:
    """Whether a filter can be evaluated on the triples of a run alone."""
    bound = {
        term
        for block in run
        if block.name == "TriplesBlock"
        for triple in triples_in(block.triples)
        for term in triple
        if isinstance(term, Variable)
    }
    nodes = list(nodes_of(part.expr))
    if any(isinstance(node, CompValue) and node.name in _FIXED for node in nodes):
        return False
    return all(node in bound for node in nodes if isinstance(node, Variable))


def _afresh(run: Sequence[CompValue], names: dict[BNode, BNode]) -> Iterator[CompValue]:
    """A run without the filters that stay, its blank nodes under new names."""
    for part in run:
        if part.name == "TriplesBlock" or _moves(part, run):
            yield _renamed(part, names)


def _renamed(node: Any, names: dict[BNode, BNode]) -> Any:
    if isinstance(node, BNode):
        return names.setdefault(node, BNode())
    if isinstance(node, CompValue):
        return CompValue(node.name, **{key: _renamed(value, names) for key, value in node.items()})
    if isinstance(node, ParseResults | list):
        return [_renamed(one, names) for one in node]
    return node


def streamed(body: CompValue) -> float:
    """Solutions after which the engine stops looking for more; 0 where it needs all of them."""
    if body.name == "AskQuery":
        return 1.0
    limits = body.limitoffset
    if limits is None or limits.limit is None or body.orderby or body.groupby or body.modifier == "DISTINCT":
        return 0.0
    if any(isinstance(n, CompValue) and n.name.startswith("Aggregate_") for n in nodes_of(body.projection or ())):
        return 0.0
    return max(1.0, float(limits.limit) + float(limits.offset or 0))

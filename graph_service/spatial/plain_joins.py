"""Queries that are nothing but a join of two patterns by a condition on their places.

Their answer is made of the solutions of each pattern by itself, put together for the
pairs of which the index says that the condition holds; the engine would look every one
up again in the text of a query, a pair at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import BNode, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.prologue import Prologue
from graph_service.sparql.scope import nodes_of, projected
from graph_service.sparql.syntax import Query, node_text, text_of
from graph_service.sparql.triples import Triple, block_of, group_of, triples_in
from graph_service.spatial.anchors import Anchor, anchors_of
from graph_service.spatial.candidates import Candidates
from graph_service.spatial.conditions import Condition, conditions_of, freed
from graph_service.spatial.explanation import Explanation
from graph_service.spatial.predicates import HOLDS, UNKNOWN
from graph_service.spatial.statistics import Statistics
from graph_service.store.joined import Joined, Side

MOST = 3_000_000
"""Pairs that are put together; they take some 25 bytes each."""
FEWEST = 5_000
"""Pairs that are put together; fewer the engine looks up sooner than all that a side has."""
_WHOLE = ("modifier", "groupby", "having", "orderby", "limitoffset", "valuesClause", "datasetClause")
_TOGETHER = frozenset(
    ("Builtin_EXISTS", "Builtin_NOTEXISTS", "Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE",
     "Builtin_NOW")
)  # fmt: skip
"""Expressions that are evaluated for each solution of the whole."""


@dataclass(frozen=True, slots=True)
class PlainJoins:
    """What it takes to answer joins with the index."""

    prologue: Prologue
    candidates: Candidates
    statistics: Statistics
    explanation: Explanation

    def of(self, query: Query) -> Joined | None:
        """The answer to a query in two parts; None where it is no such join, or has to be asked of some pairs again."""
        parts = _parts(query.body)
        if parts is None:
            return None
        triples = [triple for part in parts if part.name == "TriplesBlock" for triple in triples_in(part.triples)]
        found = self._condition(parts, triples)
        if found is None:
            return None
        condition, anchors = found
        filters = [part for part in freed(parts, condition) if part.name == "Filter"]
        sides = [_side(anchor.variable, triples, filters) for anchor in anchors]
        if any(one is None for one in sides) or sum(len(one) for one in sides if one) != len(triples) + len(filters):
            return None
        return self._joined(query, condition, anchors, [one for one in sides if one is not None], triples)

    def _condition(
        self, parts: Sequence[CompValue], triples: Sequence[Triple]
    ) -> tuple[Condition, tuple[Anchor, Anchor]] | None:
        anchors = anchors_of(triples, self.prologue)
        for part in parts:
            for one in conditions_of(part.expr, self.prologue, {}) if part.name == "Filter" else ():
                if len(one.variables) == 2 and all(anchors.get(variable) for variable in one.variables):
                    return one, (anchors[one.variables[0]][0], anchors[one.variables[1]][0])
        return None

    def _joined(
        self,
        query: Query,
        condition: Condition,
        anchors: tuple[Anchor, Anchor],
        sides: Sequence["_Parts"],
        triples: Sequence[Triple],
    ) -> Joined | None:
        assert condition.predicate is not None
        one, other = anchors
        among = [self.statistics.among(anchor.variable, triples, self.prologue) for anchor in anchors]
        pairs = self.candidates.joined(condition.predicate, one.whose, other.whose, among, most=MOST)
        if pairs is None or len(pairs) < FEWEST or len(pairs.places(UNKNOWN)[0]):
            return None
        if any(name.startswith("_:") for name in (*pairs.names, *pairs.others)):
            return None
        places = pairs.places(HOLDS)
        # In the order of the engine, for SELECT * as well.
        shown = tuple(projected(query.body)) if query.body.projection else tuple(sorted(set(projected(query.body))))
        asked = [
            _asked(query, side, anchor.variable, shown, names)
            for side, anchor, names in zip(sides, anchors, (pairs.names, pairs.others), strict=True)
        ]
        count = len(places[0])
        self.explanation.add(
            node_text(condition.expression),
            done="answered by the index, which joins the solutions of two queries",
            variables=(str(one.variable), str(other.variable)),
            candidates=count,
            certain=count,
        )
        return Joined(tuple(map(str, shown)), (asked[0], asked[1]), (places[0].tolist(), places[1].tolist()))


_Parts = list[Triple | CompValue]
"""Triples and filters."""


def _parts(body: CompValue) -> list[CompValue] | None:
    """The parts of a query that is one group of triples and filters, shown as they are; None of any other."""
    where = body.where
    if body.name != "SelectQuery" or where is None or where.name != "GroupGraphPatternSub":
        return None
    if any(getattr(body, name) for name in _WHOLE) or any(one.var is None for one in body.projection or ()):
        return None
    if len(set(projected(body))) != len(list(projected(body))) and body.projection:
        return None
    parts = list(where.part or ())
    return parts if all(part.name in ("TriplesBlock", "Filter") for part in parts) else None


def _side(start: Variable, triples: Iterable[Triple], filters: Iterable[CompValue]) -> _Parts | None:
    """What a variable is connected with, by triples and by filters; None where that cannot be told."""
    left: _Parts = [*triples, *filters]
    reached: set[Any] = {start}
    found: _Parts = []
    while some := [one for one in left if reached & _terms(one)]:
        found += some
        left = [one for one in left if all(one is not other for other in some)]
        reached.update(*(_terms(one) for one in some))
    inner = any(isinstance(n, CompValue) and n.name in _TOGETHER for one in found for n in nodes_of(one))
    bound = {term for one in found if isinstance(one, Triple) for term in _terms(one)}
    free = {term for one in found if not isinstance(one, Triple) for term in _terms(one)} - bound
    return None if inner or free else found


def _terms(one: Triple | CompValue) -> set[Any]:
    """The variables and blank nodes of a triple or a filter."""
    return {
        node for node in nodes_of(list(one) if isinstance(one, Triple) else one) if isinstance(node, Variable | BNode)
    }


def _asked(query: Query, side: _Parts, key: Variable, shown: Sequence[Variable], names: Sequence[str]) -> Side:
    variables = {node for one in side for node in _terms(one) if isinstance(node, Variable)}
    own = tuple(one for one in shown if one in variables)
    triples = [one for one in side if isinstance(one, Triple)]
    where = group_of([block_of(triples), *(one for one in side if not isinstance(one, Triple))])
    projection = [CompValue("vars", var=one) for one in dict.fromkeys((key, *own))]
    text = text_of(Query(query.prologue, CompValue("SelectQuery", projection=projection, where=where)))
    return Side(text, str(key), tuple(map(str, own)), names)

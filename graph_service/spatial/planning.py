"""How a query about places is best asked: the way from its text to a plan."""

import re
import time
from collections.abc import Sequence
from functools import lru_cache

from graph_service.errors import QueryInvalid
from graph_service.index.geometries import Connection, geometry_change_number
from graph_service.index.sqlite import SQLiteIndex
from graph_service.sparql.prologue import prologue_of
from graph_service.sparql.scope import new_variables
from graph_service.sparql.syntax import Query, parse, text_of
from graph_service.spatial.candidates import Candidates
from graph_service.spatial.explanation import Explanation, Finding, Plan
from graph_service.spatial.properties import Relations, has_relations
from graph_service.spatial.rewriting import Rewriting
from graph_service.spatial.statistics import Counting, Statistics

_ABOUT_PLACES = re.compile(r"(?:sf|eh|rcc8)[A-Za-z]|[dD]istance")
_PATIENCE_S = 0.2
"""How long a query waits for the index to follow a change that is being written."""
_STEP_S = 0.005


@lru_cache(maxsize=256)
def _parsed(text: str) -> Query:
    """The tree of a query, which nobody changes."""
    return parse(text)


class Planner:
    """Plans for the queries on one graph, made with its index."""

    def __init__(self, graph: Counting, index: SQLiteIndex) -> None:
        self._graph = graph
        self._index = index
        self._statistics = Statistics(graph)

    def plan(self, text: str, audiences: Sequence[str] = ()) -> Plan:
        """How a query is to be asked.

        Args:
            text: SPARQL 1.1; what is no query, or in a form that is not known here, is asked as it is.
            audiences: IRIs of the named graphs that the caller sees beside the public one, merged with it.
        """
        if _ABOUT_PLACES.search(text) is None:
            return Plan(text)
        try:
            query = _parsed(text)
            related = self._related(query, None, Explanation())
            # Topological properties are answered whatever the state of the index.
            asked = text if related is query else text_of(related)
            return self._planned(asked, query, ("", *audiences))
        except QueryInvalid as fault:
            return Plan(text, findings=(Finding("the query", reason=str(fault)),))
        except RecursionError:
            return Plan(text, findings=(Finding("the query", reason="it is nested too deeply"),))

    def related(self, text: str) -> str:
        """A query with its topological properties answered by geometries, on whatever graphs it is asked."""
        if _ABOUT_PLACES.search(text) is None:
            return text
        try:
            query = _parsed(text)
            related = self._related(query, None, Explanation())
        except (QueryInvalid, RecursionError):
            return text
        return text if related is query else text_of(related)

    def _related(self, query: Query, candidates: Candidates | None, explanation: Explanation) -> Query:
        """A query whose topological properties are answered by geometries; itself where it has none."""
        prologue = prologue_of(query.prologue)
        if not has_relations(query.body, prologue):
            return query
        new = new_variables(query.body)
        return Query(query.prologue, Relations(prologue, new, candidates, self._statistics, explanation).of(query.body))

    def _planned(self, text: str, query: Query, graphs: Sequence[str]) -> Plan:
        change = self._followed()
        if change is None:
            return Plan(text, findings=(Finding("the query", reason="the index follows a change at this moment"),))

        def rewritten(connection: Connection) -> Plan:
            if geometry_change_number(connection) != change:
                return Plan(text, findings=(Finding("the query", reason="the graph is being changed"),))
            candidates, explanation = Candidates(connection, graphs), Explanation()
            # The graphs of FROM need not be those that the candidates are of.
            related = self._related(query, None if query.body.datasetClause else candidates, explanation)
            rewriting = Rewriting(prologue_of(query.prologue), candidates, self._statistics, explanation)
            body = rewriting.of(related.body)
            changed = rewriting.changed or related is not query
            accelerated = text_of(Query(query.prologue, body)) if changed else None
            return Plan(text, accelerated, change, tuple(explanation.findings))

        plan = self._index.within_one_state(rewritten)
        # Members of classes are read from the graph itself, which has to be the same still.
        return plan if self._graph.change_number() == change else Plan(text, findings=plan.findings)

    def _followed(self) -> int | None:
        """The number of the last change, once the index has followed it; None where that takes too long."""
        ends_at = time.monotonic() + _PATIENCE_S
        while (now := self._graph.change_number()) != self._index.geometry_change_number():
            if time.monotonic() > ends_at:
                return None
            time.sleep(_STEP_S)
        return now

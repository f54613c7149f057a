"""How a query about places is best asked: the way from its text to a plan."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from graph_service.errors import QueryInvalid
from graph_service.index.geometries import Connection, geometry_change_number
from graph_service.index.sqlite import SQLiteIndex
from graph_service.sparql.kept import Kept
from graph_service.sparql.prologue import prologue_of
from graph_service.sparql.scope import new_variables
from graph_service.sparql.shapes import Shape
from graph_service.sparql.syntax import Query, parse, shape_in, text_of
from graph_service.spatial.candidates import Candidates
from graph_service.spatial.entailing import Entailing
from graph_service.spatial.explanation import Explanation, Finding, Plan
from graph_service.spatial.habits import LEFT, Habits, essence_of
from graph_service.spatial.plain_joins import PlainJoins
from graph_service.spatial.properties import Relations, has_relations
from graph_service.spatial.relations import RELATIONS, relation_of_property
from graph_service.spatial.rewriting import Rewriting
from graph_service.spatial.statistics import Counting, Statistics

_ABOUT_PLACES = re.compile(rf"{'|'.join(sorted(RELATIONS))}|[dD]istance|geosparql#\w|\\[uU]")
"""What every text has that names a relation or a distance, in part of an IRI or with escapes as well."""
_PATIENCE_S = 0.2
"""How long a query waits for the index to follow a change that is being written."""
_STEP_S = 0.005


_REMEMBERED = 500_000
"""Characters of the queries of which it is remembered that nothing is done about them."""


class Planner:
    """Plans for the queries on one graph, made with its index."""

    def __init__(self, graph: Counting, index: SQLiteIndex) -> None:
        self._graph = graph
        self._index = index
        self._statistics = Statistics(graph)
        self._entailing = Entailing(graph, index)
        self._plain: Kept[tuple[int, Plan]] = Kept(_REMEMBERED)
        self._as_stated: Kept[int] = Kept(_REMEMBERED)
        self._habits = Habits()
        self._with_relations: Kept[bool] = Kept(_REMEMBERED)

    def plan(self, text: str, audiences: Sequence[str] = (), *, thoroughly: bool = False) -> Plan:
        """How a query is to be asked.

        Args:
            text: SPARQL 1.1; what is no query, or in a form that is not known here, is asked as it is.
            audiences: IRIs of the named graphs that the caller sees beside the public one, merged with it.
            thoroughly: whether to look at it even where others of its shape were all left as they are.
        """
        about_places = _ABOUT_PLACES.search(text) is not None
        if not about_places and not self._entailing.concerns(text):
            return Plan(text)
        now, key = self._graph.change_number(), "\n".join((*audiences, text))
        if (known := self._plain.get(key)) is not None and known[0] == now:
            return known[1]
        shape = self._shape(text)
        sample = self._statistics.last_sample
        if (
            shape is not None
            and not thoroughly
            and self._is_as_stated(shape, now)
            and self._habits.leaves(shape, sample)
        ):
            return Plan(text, findings=(LEFT,))
        plan = self._made(text, ("", *audiences), about_places=about_places)
        if shape is not None and plan.text == text and self._is_as_stated(shape, now):
            self._habits.note(shape, sample, plan)
        if plan.sooner is None and (plan.change == now or not about_places):
            self._plain.put(key, (now, plan))
        return plan

    def _shape(self, text: str) -> Shape | None:
        """What queries have in common of which the same follows; None where that is not known."""
        return None if "INFERENCE" in text else shape_in(text)

    def _is_as_stated(self, shape: Shape, change: int) -> bool:
        """Whether it is known that nothing is added to queries of a shape after a change."""
        return self._as_stated.get(essence_of(shape)) == change

    def _made(self, text: str, graphs: Sequence[str], *, about_places: bool) -> Plan:
        try:
            asked = parse(text)
            query, entailed = self._entailed(asked, text, graphs[1:])
            if not about_places:
                return Plan(text if query is asked else text_of(query), findings=entailed)
            related = self._related(query, None, Explanation())
            # Topological properties are answered whatever the state of the index.
            plan = self._planned(text if related is asked else text_of(related), query, graphs)
            return replace(plan, findings=(*entailed, *plan.findings))
        except QueryInvalid as fault:
            return Plan(text, findings=(Finding("the query", reason=str(fault)),))
        except RecursionError:
            return Plan(text, findings=(Finding("the query", reason="it is nested too deeply"),))

    def _entailed(self, query: Query, text: str, audiences: Sequence[str]) -> tuple[Query, tuple[Finding, ...]]:
        """A query that finds what follows as well; a shape to which nothing was added is not looked at again."""
        shape, now = self._shape(text), self._graph.change_number()
        if shape is not None and self._is_as_stated(shape, now):
            return query, ()
        found = self._entailing.entailed(query, text, audiences)
        if shape is not None and found[0] is query:
            self._as_stated.put(essence_of(shape), now)
        return found

    def related(self, text: str, audiences: Sequence[str] = (), dataset: Sequence[str] = ()) -> str:
        """A query that finds what follows, with its topological properties answered, of graphs that a request asks for.

        Args:
            text: SPARQL 1.1.
            audiences: IRIs of the named graphs that the caller sees beside the public ones.
            dataset: IRIs of the graphs.
        """
        if _ABOUT_PLACES.search(text) is None and not self._entailing.concerns(text):
            return text
        try:
            query = parse(text)
            related = self._related(self._entailing.entailed(query, text, audiences, dataset)[0], None, Explanation())
        except (QueryInvalid, RecursionError):
            return text
        return text if related is query else text_of(related)

    def _related(self, query: Query, candidates: Candidates | None, explanation: Explanation) -> Query:
        """A query whose topological properties are answered by geometries; itself where it has none."""
        if not self._has_relations(query):
            return query
        prologue, new = prologue_of(query.prologue), new_variables(query.body)
        return Query(query.prologue, Relations(prologue, new, candidates, self._statistics, explanation).of(query.body))

    def _has_relations(self, query: Query) -> bool:
        """Whether a query may name a topological property, which is told by its shape and by the IRIs in it."""
        if query.shape is None:
            return has_relations(query.body, prologue_of(query.prologue))
        if any(relation_of_property(one.text[1:-1]) for one in query.shape.constants if one.kind == "iri"):
            return True
        known = self._with_relations.get(query.shape.text)
        if known is None:
            known = has_relations(query.body, prologue_of(query.prologue))
            self._with_relations.put(query.shape.text, known)
        return known

    def _planned(self, text: str, query: Query, graphs: Sequence[str]) -> Plan:
        """A plan; one without a change where index and graph are not at the same."""
        change: int | None = self._graph.change_number()

        def rewritten(connection: Connection) -> Plan | None:
            if geometry_change_number(connection) != change:
                return None
            candidates, explanation = Candidates(connection, graphs), Explanation()
            # The graphs of FROM need not be those that the candidates are of.
            related = self._related(query, None if query.body.datasetClause else candidates, explanation)
            prologue = prologue_of(query.prologue)
            joined = PlainJoins(prologue, candidates, self._statistics, explanation).of(related)
            if joined is not None:
                return Plan(text, None, change, tuple(explanation.findings), joined)
            rewriting = Rewriting(prologue, candidates, self._statistics, explanation)
            body = rewriting.of(related.body)
            changed = rewriting.changed or related is not query
            accelerated = text_of(Query(query.prologue, body)) if changed else None
            return Plan(text, accelerated, change, tuple(explanation.findings))

        plan = self._index.within_one_state(rewritten)
        if plan is None and (change := self._followed()) is not None:
            plan = self._index.within_one_state(rewritten)
        if plan is None:
            return Plan(text, findings=(Finding("the query", reason="the index follows a change at this moment"),))
        # Members of classes are read from the graph itself, which has to be the same still.
        is_same = plan.sooner is None or self._graph.change_number() == change
        return plan if is_same else Plan(text, findings=plan.findings)

    def _followed(self) -> int | None:
        """The number of the last change, once the index has followed it; None where that takes too long."""
        ends_at = time.monotonic() + _PATIENCE_S
        while (now := self._graph.change_number()) != self._index.geometry_change_number():
            if time.monotonic() > ends_at:
                return None
            time.sleep(_STEP_S)
        return now

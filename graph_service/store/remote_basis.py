"""An update worked out on an engine elsewhere: it is asked for solutions, and never told what they are for."""

import time
from collections.abc import Iterator, Sequence
from itertools import count

import pyoxigraph as ox

from graph_service.errors import EngineLacks, QueryInvalid, QueryTimedOut, QueryTooLarge
from graph_service.sparql.matching import Patterns
from graph_service.sparql.patience import patience
from graph_service.store.dataset import DEFAULT_NAMES, PUBLIC_GRAPH, Dataset
from graph_service.store.quads import Graph
from graph_service.store.remote_store import RemoteStore

MOST_SOLUTIONS = 1_000_000
"""Of one operation, and quads of one graph; they are held in the memory of the service."""
_LATE = "the update was not worked out before its deadline; nothing was changed"
_SUBJECTS = 500
"""Subjects whose statements are asked for at a time."""


class RemoteBasis:
    """The graph of a remote store, before the operations of an update, and beside it what these have done.

    A change that somebody else makes meanwhile is found out by the number of the one that was read.
    """

    def __init__(self, store: RemoteStore, *, ends_at: float, longest: int) -> None:
        """A basis that has read nothing yet.

        Args:
            store: that is asked.
            ends_at: deadline, on the clock ``time.monotonic``.
            longest: bytes that an answer of the engine may have.
        """
        self.change: int | None = None
        self._store = store
        self._ends_at = ends_at
        self._longest = longest
        self._noted: dict[ox.Quad, bool] = {}
        """The last word of the operations until now."""

    def public_graphs(self) -> Sequence[str]:
        """IRIs of the public named graphs before the first operation."""
        self._begin()
        return self._store.public_graphs()

    def is_used(self, graph: str) -> bool:
        """Whether a graph has a statement, of this catalogue or of somebody else, or is one that the store keeps."""
        if self._store.keeps(graph):
            return True
        found = self._asked("ASK { ?s ?p ?o }", (graph,), Dataset((graph,)))
        assert isinstance(found, ox.QueryBoolean)
        return bool(found)

    def note(self, quad: ox.Quad, *, there: bool) -> None:
        """Keep what an operation has done."""
        self._noted[quad] = there

    def content(self, graph: Graph, subjects: Sequence[str] | None = None) -> list[ox.Quad]:
        """The quads of a graph, of some subjects or of all, with what the operations have done.

        Raises:
            QueryTooLarge: there are more than can be held.
        """
        found = dict.fromkeys(self._before(graph, subjects))
        wanted = None if subjects is None else set(subjects)
        for quad, there in self._noted.items():
            if quad.graph_name == graph and (wanted is None or getattr(quad.subject, "value", None) in wanted):
                if there:
                    found[quad] = None
                else:
                    found.pop(quad, None)
        return list(found)

    def _before(self, graph: Graph, subjects: Sequence[str] | None) -> Iterator[ox.Quad]:
        name = graph.value if isinstance(graph, ox.NamedNode) else PUBLIC_GRAPH
        patterns = ["?s ?p ?o"]
        if subjects is not None:
            chunks = (subjects[start : start + _SUBJECTS] for start in range(0, len(subjects), _SUBJECTS))
            patterns = [f"VALUES ?s {{ {' '.join(f'<{one}>' for one in chunk)} }} ?s ?p ?o" for chunk in chunks]
        for pattern in patterns:
            rows = self._rows(f"SELECT ?s ?p ?o {{ {pattern} }}", (name,), Dataset((name,)))
            yield from (ox.Quad(row["s"], row["p"], row["o"], graph) for row in rows)

    def solutions(self, query: str, audiences: Sequence[str], dataset: Dataset) -> Iterator[ox.QuerySolution]:
        """The solutions of a SELECT query, which reads nothing that an operation before it has done.

        Raises:
            EngineLacks: it may read such a thing, or needs what the engine does not have.
            QueryInvalid: it cannot be evaluated.
            QueryTimedOut: the deadline has passed.
            QueryTooLarge: there are more than can be held.
        """
        self._ensure_independent(query, dataset)
        yield from self._rows(query, audiences, dataset)

    def _ensure_independent(self, query: str, dataset: Dataset) -> None:
        default = not DEFAULT_NAMES.isdisjoint((*dataset.default, *dataset.named))
        seen = {*dataset.default, *dataset.named}
        noted = [one for one in self._noted if _is_in(one, seen, default)]
        if not noted:
            return
        try:
            with patience(self._ends_at - time.monotonic()):
                found = Patterns.of(query).first_match(noted)
        except QueryInvalid:
            found = noted[0]
        if found is not None:
            raise EngineLacks(
                f"a WHERE clause may read what an operation before it has changed, such as {found.predicate}; the "
                "graph is in another engine, which cannot be asked that: send the operations one after the other"
            )

    def _rows(self, query: str, audiences: Sequence[str], dataset: Dataset) -> Iterator[ox.QuerySolution]:
        rows = self._asked(query, audiences, dataset)
        assert isinstance(rows, ox.QuerySolutions)
        for row, number in zip(rows, count(1), strict=False):
            if number > MOST_SOLUTIONS:
                raise QueryTooLarge(f"an operation of the update has more than {MOST_SOLUTIONS:,} solutions; divide it")
            self.ensure_time()
            yield row

    def _asked(self, query: str, audiences: Sequence[str], dataset: Dataset) -> object:
        self._begin()
        left = self._ends_at - time.monotonic()
        try:
            return self._store.query(query, audiences=audiences, dataset=dataset, timeout_s=left, longest=self._longest)
        except QueryTimedOut as cause:
            raise QueryTimedOut(_LATE) from cause

    def _begin(self) -> None:
        self.ensure_time()
        if self.change is None:
            self.change = self._store.change_number()

    def ensure_time(self) -> None:
        """Pass as long as there is time.

        Raises:
            QueryTimedOut: the deadline has passed.
        """
        if time.monotonic() > self._ends_at:
            raise QueryTimedOut(_LATE)


def _is_in(quad: ox.Quad, named: set[str], default: bool) -> bool:
    graph = quad.graph_name
    return graph.value in named if isinstance(graph, ox.NamedNode) else default

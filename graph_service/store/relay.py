"""Read queries, handed on to the engine that holds the graph, with the same deadline and limits as any other."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from graph_service.errors import QueryInterrupted, QueryTimedOut
from graph_service.federation.hosts import AllowedHosts
from graph_service.federation.services import Services
from graph_service.sparql.patience import patience
from graph_service.store.dataset import PUBLIC_GRAPH, Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.outgoing import Outgoing
from graph_service.store.query_guard import guard, guard_update
from graph_service.store.remote_basis import RemoteBasis
from graph_service.store.remote_store import RemoteStore
from graph_service.store.results import write
from graph_service.store.update_plan import GraphWrite, Update, planned
from graph_service.store.workers import Answer, Stream
from ontology.errors import CatalogueError

_MIB = 1 << 20

Related = Callable[[str, Sequence[str], Sequence[str]], str]
"""Gives a query for another, for a caller with some audiences, on some graphs."""

_Got = TypeVar("_Got")


class QueryRelay:
    """Queries on a graph in another engine; its own memory limit, and the end of a query given up, are its affair."""

    def __init__(
        self,
        graph: RemoteStore,
        *,
        threads: int = 8,
        deadline_s: float = 30.0,
        result_bytes: int = 256 * _MIB,
        result_rows: int = 10_000_000,
        services: Services | None = None,
        related: Related | None = None,
    ) -> None:
        """A relay to a store.

        Args:
            graph: in another engine.
            threads: queries that are waited for at the same time.
            deadline_s: seconds that a query may take, waiting included.
            result_bytes: that a written result, and the answer that it is made from, may have.
            result_rows: solutions or triples that a result may have.
            services: that SERVICE clauses may reach; None for none.
            related: gives a query that finds what follows from GeoSPARQL, its topological properties answered by
                functions; None where the engine does not have these.
        """
        self.deadline_s = deadline_s
        self._graph = graph
        self._services = Services(AllowedHosts()) if services is None else services
        self._related = related
        self._limits = (result_bytes, result_rows)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="relay")
        self._closed = threading.Event()

    def answer(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """The whole answer to a query; arguments and errors as of ``QueryWorkers.stream``."""
        found = self.stream(text, media_type=media_type, audiences=audiences, deadline_s=deadline_s, dataset=dataset)
        return Answer(media_type, b"".join([found.first, *(found.rest or ())]), found.change)

    def stream(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Stream:
        """The answer to a query, the beginning of a long one while the engine still looks for the rest.

        Arguments and errors as of ``QueryWorkers.stream``. What CONSTRUCT and DESCRIBE give is read to its end
        before any of it is passed on, because an engine may give a triple twice.
        """
        ends_at = self._ends_at(deadline_s)
        with patience(ends_at - time.monotonic()):
            text = self._services.answered(text, deadline_s=ends_at - time.monotonic())
        guard(text)
        longest, rows = self._limits
        outgoing = Outgoing()

        def make() -> None:
            change.append(self._graph.change_number())
            with patience(ends_at - time.monotonic()):
                asked = self._widened(text, audiences, dataset)
            timeout_s = ends_at - time.monotonic()
            if timeout_s <= 0:
                raise QueryTimedOut("the query did not get its turn before its deadline")
            with self._graph.results(
                asked, audiences=audiences, dataset=dataset, timeout_s=timeout_s, longest=4 * longest
            ) as results:
                write(results, media_type, outgoing.send, longest=longest, rows=rows)

        change: list[int] = []
        self._submit(lambda: _sent(make, outgoing))
        first, spool = self._within(outgoing.begun, ends_at, "query was not answered")
        return Stream(media_type, first, None if spool is None else spool.pieces(), change[0])

    def _widened(self, text: str, audiences: Sequence[str], dataset: Dataset | None) -> str:
        if self._related is None:
            return text
        graphs = (PUBLIC_GRAPH, *audiences) if dataset is None else (*dataset.default, *dataset.named)
        return self._related(text, audiences, graphs)

    def plan(
        self,
        asked: Update | GraphWrite,
        *,
        writer: Writer,
        own: Callable[[], Sequence[str]],
        deadline_s: float | None = None,
    ) -> Edit:
        """What an update would change, worked out on the engine; arguments and errors as of ``QueryWorkers.plan``.

        Raises:
            EngineLacks: it reads what it has written itself, or needs what the engine does not have.
        """
        if isinstance(asked, Update):
            guard_update(asked.text)
        ends_at = self._ends_at(deadline_s)
        listed = own() if asked.may_empty_public_graph else ()
        basis = RemoteBasis(self._graph, ends_at=ends_at, longest=4 * self._limits[0])
        edit = self._submit(lambda: _got(lambda: planned(basis, asked, writer, listed)))
        found = self._within(edit, ends_at, "update was not worked out")
        if isinstance(found, CatalogueError):
            raise found
        return found

    def close(self) -> None:
        """Take no more queries; those that are waited for end with an error or by themselves."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ends_at(self, deadline_s: float | None) -> float:
        return time.monotonic() + (self.deadline_s if deadline_s is None else min(deadline_s, self.deadline_s))

    def _submit(self, act: Callable[[], _Got]) -> Future[_Got]:
        if self._closed.is_set():
            raise QueryInterrupted("the service is closing")
        return self._threads.submit(act)

    def _within(self, awaited: Future[_Got], ends_at: float, late: str) -> _Got:
        """What a thread finds before a deadline; ``late`` is said where it does not."""
        try:
            return awaited.result(timeout=max(0.0, ends_at - time.monotonic()))
        except NotYet as cause:
            awaited.cancel()
            raise QueryTimedOut(f"the {late} before its deadline") from cause


def _sent(make: Callable[[], None], outgoing: Outgoing) -> None:
    """Make a result, and tell whoever waits for it how that ended."""
    try:
        found = _got(make)
    except BaseException as fault:
        outgoing.end(QueryInterrupted(f"the answer could not be made: {fault}"))
        raise
    outgoing.end(found)


def _got(ask: Callable[[], _Got]) -> _Got | CatalogueError:
    try:
        return ask()
    except CatalogueError as error:
        # The engine's results are for the thread that read them, and the frames of an error hold them.
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)

"""Read queries, handed on to the engine that holds the graph, with the same deadline and limits as any other."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

from graph_service.errors import EngineLacks, QueryInterrupted, QueryTimedOut
from graph_service.federation.hosts import AllowedHosts
from graph_service.federation.services import Services
from graph_service.store.dataset import Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.query_guard import guard
from graph_service.store.remote_store import RemoteStore
from graph_service.store.results import write
from graph_service.store.update_plan import GraphWrite, Update
from graph_service.store.workers import Answer, Stream
from ontology.errors import CatalogueError

_MIB = 1 << 20


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
    ) -> None:
        """A relay to a store.

        Args:
            graph: in another engine.
            threads: queries that are waited for at the same time.
            deadline_s: seconds that a query may take, waiting included.
            result_bytes: that a written result, and the answer that it is made from, may have.
            result_rows: solutions or triples that a result may have.
            services: that SERVICE clauses may reach; None for none.
        """
        self.deadline_s = deadline_s
        self._graph = graph
        self._services = Services(AllowedHosts()) if services is None else services
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
        ends_at = time.monotonic() + (self.deadline_s if deadline_s is None else min(deadline_s, self.deadline_s))
        text = self._services.answered(text, deadline_s=ends_at - time.monotonic())
        guard(text)

        def ask() -> Answer | CatalogueError:
            try:
                return asked()
            except CatalogueError as error:
                # The engine's results are for the thread that read them, and the frames of an error hold them.
                error.__cause__ = error.__context__ = None
                return error.with_traceback(None)

        def asked() -> Answer:
            change = self._graph.change_number()
            timeout_s = ends_at - time.monotonic()
            if timeout_s <= 0:
                raise QueryTimedOut("the query did not get its turn before its deadline")
            longest, rows = self._limits
            results = self._graph.query(
                text, audiences=audiences, dataset=dataset, timeout_s=timeout_s, longest=4 * longest
            )
            pieces: list[bytes] = []
            write(results, media_type, pieces.append, longest=longest, rows=rows)
            return Answer(media_type, b"".join(pieces), change)

        return self._within(self._submitted(ask), ends_at)

    def stream(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Stream:
        """As ``answer``: the engine's answer is read to its end before it is believed."""
        found = self.answer(text, media_type=media_type, audiences=audiences, deadline_s=deadline_s, dataset=dataset)
        return Stream(media_type, found.body, None, found.change)

    def plan(
        self,
        asked: Update | GraphWrite,
        *,
        writer: Writer,
        own: Callable[[], Sequence[str]],
        deadline_s: float | None = None,
    ) -> Edit:
        """Refused: what an update would change is worked out on a checkpoint, which no other engine has.

        Raises:
            EngineLacks: always.
        """
        raise EngineLacks("updates over HTTP are for the embedded store; this graph is in another engine")

    def close(self) -> None:
        """Take no more queries; those that are waited for end with an error or by themselves."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, ask: Callable[[], Answer | CatalogueError]) -> Future[Answer | CatalogueError]:
        if self._closed.is_set():
            raise QueryInterrupted("the service is closing")
        return self._threads.submit(ask)

    def _within(self, asked: Future[Answer | CatalogueError], ends_at: float) -> Answer:
        try:
            answer = asked.result(timeout=max(0.0, ends_at - time.monotonic()))
        except NotYet as cause:
            asked.cancel()
            raise QueryTimedOut("the query was not answered before its deadline") from cause
        if isinstance(answer, CatalogueError):
            raise answer
        return answer

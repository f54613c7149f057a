"""Read queries, answered by processes of their own, so that a deadline and a memory limit hold.

The engine can be stopped in no other way: it knows no deadline and no cancellation.
"""

import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_service.errors import NotAcceptable, QueryInterrupted, QueryInvalid, QueryTimedOut
from graph_service.store.checkpoints import Checkpoints
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.query_guard import guard
from graph_service.store.worker import Worker
from graph_service.store.worker_process import Question

_GIB = 1 << 30
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """The results of a query, written."""

    media_type: str
    body: bytes


class QueryWorkers:
    """Processes that answer queries on a graph, started when they are first needed."""

    def __init__(
        self,
        graph: OxigraphStore,
        folder: Path,
        *,
        processes: int = 2,
        deadline_s: float = 30.0,
        memory_bytes: int = 4 * _GIB,
        result_bytes: int = 256 * _MIB,
    ) -> None:
        """Workers for a graph.

        Args:
            graph: a store in a folder; one in memory has no checkpoints.
            folder: of the checkpoints, on the file system of the store; the workers' alone.
            processes: queries that are worked on at the same time.
            deadline_s: seconds that a query may take, waiting included.
            memory_bytes: that a query may take, beside the open store.
            result_bytes: that a written result may have.

        Raises:
            StorageFailed: the folder cannot be written.
        """
        self.deadline_s = deadline_s
        self._checkpoints = Checkpoints(graph, folder)
        self._processes = processes
        self._memory_bytes = memory_bytes
        self._result_bytes = result_bytes
        # First in, first out: every worker takes its turn, so none keeps an old checkpoint for long.
        self._free: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        for _ in range(processes):
            self._free.put(None)
        self._lock = threading.Lock()
        self._started: set[Worker] = set()
        self._closed = False

    def answer(
        self, text: str, *, media_type: str, audiences: Sequence[str] = (), deadline_s: float | None = None
    ) -> Answer:
        """The answer to a query, which sees every change that was acknowledged before.

        Args:
            text: SPARQL 1.1.
            media_type: one of ``results.media_types`` of its form.
            audiences: IRIs of the named graphs that the caller may see besides the public one.
            deadline_s: seconds, where less than usual.

        Raises:
            QueryInvalid: it does not parse, cannot be evaluated, or has a SERVICE or FROM clause.
            NotAcceptable: its form is not written in the media type.
            QueryTimedOut: the deadline has passed.
            QueryTooLarge: it takes more memory, or more bytes for its result, than it may.
            QueryInterrupted: the worker was ended from outside, or the workers are closed.
            StorageFailed: the graph cannot be read, or the checkpoint not be written.
        """
        guard(text)
        seconds = self.deadline_s if deadline_s is None else min(deadline_s, self.deadline_s)
        ends_at = time.monotonic() + seconds
        worker = self._free_worker(seconds)
        try:
            if worker is not None and not worker.alive:
                self._end(worker)
                worker = None
            if worker is None:
                worker = self._start()
            return Answer(media_type, self._ask(worker, text, media_type, audiences, ends_at))
        except (QueryInvalid, NotAcceptable):
            raise
        except BaseException:
            self._end(worker)
            worker = None
            raise
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End every process and remove the checkpoints; a query that is being worked on is answered by an error."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for worker in self._started:
                worker.kill()
        for ended in [self._free.get() for _ in range(self._processes)]:
            self._end(ended)
        self._checkpoints.close()
        for _ in range(self._processes):
            self._free.put(None)  # whoever waits for one learns that there is none

    def _free_worker(self, seconds: float) -> Worker | None:
        try:
            return self._free.get(timeout=max(0.0, seconds))
        except queue.Empty as cause:
            raise QueryTimedOut("no worker was free before the deadline of the query") from cause

    def _start(self) -> Worker:
        with self._lock:
            if self._closed:
                raise QueryInterrupted("the service is closing")
            try:
                worker = Worker(memory_bytes=self._memory_bytes, result_bytes=self._result_bytes)
            except OSError as cause:
                raise QueryInterrupted(f"no process could be started: {cause}") from cause
            self._started.add(worker)
            return worker

    def _ask(self, worker: Worker, text: str, media_type: str, audiences: Sequence[str], ends_at: float) -> bytes:
        before, worker.checkpoint = worker.checkpoint, self._checkpoints.lend()
        try:
            question = Question(worker.checkpoint, text, media_type, audiences)
            return worker.ask(question, timeout_s=ends_at - time.monotonic())
        finally:
            if before is not None:
                self._checkpoints.give_back(before)

    def _end(self, worker: Worker | None) -> None:
        if worker is None:
            return
        worker.end()
        with self._lock:
            self._started.discard(worker)
        if worker.checkpoint is not None:
            self._checkpoints.give_back(worker.checkpoint)

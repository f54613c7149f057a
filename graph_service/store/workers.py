"""Read queries, answered by processes of their own, so that a deadline and a memory limit hold.

The engine can be stopped in no other way: it knows no deadline and no cancellation.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from graph_service.errors import (
    NotAcceptable,
    NotAuthorised,
    NotFound,
    QueryInterrupted,
    QueryInvalid,
    QueryTimedOut,
    RequestInvalid,
)
from graph_service.federation.hosts import AllowedHosts
from graph_service.federation.services import Services
from graph_service.sparql.calls import ensure_calls_known
from graph_service.sparql.patience import patience
from graph_service.spatial.planning import Planner
from graph_service.store.checkpoints import Checkpoint, Checkpoints
from graph_service.store.dataset import Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.lanes import Lanes
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.query_guard import guard, guard_update
from graph_service.store.spool import Spool
from graph_service.store.update_plan import GraphWrite, Update
from graph_service.store.worker import Worker
from graph_service.store.worker_process import Planning, Question
from ontology.errors import CatalogueError

_GIB = 1 << 30
_MIB = 1 << 20


_AT_ONCE = 1 << 20
"""Bytes of a result up to which it is held until it is complete, so that an error can still take its place."""

_HARMLESS = (QueryInvalid, NotAcceptable, NotAuthorised, NotFound, RequestInvalid)
"""Errors after which a worker is as it was."""

_Got = TypeVar("_Got")


@dataclass(frozen=True, slots=True)
class Answer:
    """The results of a query, written."""

    media_type: str
    body: bytes
    change: int
    """Number of the last change that they are sure to see."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The results of a query while they are written."""

    media_type: str
    first: bytes
    """All of a result that is not long, else its beginning."""
    rest: Iterator[bytes] | None
    """What follows; None where the first is all. It raises CatalogueError where the result cannot be completed."""
    change: int
    """Number of the last change that they are sure to see."""


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
        result_rows: int = 10_000_000,
        services: Services | None = None,
        planner: Planner | None = None,
    ) -> None:
        """Workers for a graph.

        Args:
            graph: a store in a folder; one in memory has no checkpoints.
            folder: of the checkpoints, on the file system of the store; the workers' alone.
            processes: queries that are worked on at the same time; slow ones come on top, as ``Lanes`` says.
            deadline_s: seconds that a query may take, waiting included.
            memory_bytes: that a query may take, beside the open store.
            result_bytes: that a written result may have.
            result_rows: solutions or triples that a result may have.
            services: that SERVICE clauses may reach; None for none.
            planner: of queries about places, on this graph; None where they are asked as they come.

        Raises:
            StorageFailed: the folder cannot be written.
        """
        self._planner = planner
        self.deadline_s = deadline_s
        self._checkpoints = Checkpoints(graph, folder)
        self._services = Services(AllowedHosts()) if services is None else services
        self._limits = (memory_bytes, result_bytes, result_rows)
        self._lanes = Lanes(processes, self._worker, self._forget)

    def answer(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """The whole answer to a query; arguments and errors as of ``stream``."""
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
        """The answer to a query, which sees every change that was acknowledged before.

        The beginning of a long answer is returned while the rest is still looked for. The worker goes
        on at its own pace, however slowly that is read.

        Args:
            text: SPARQL 1.1.
            media_type: one of ``results.media_types`` of its form.
            audiences: IRIs of the named graphs that the caller may see besides the public ones.
            deadline_s: seconds, where less than usual.
            dataset: graphs that the request asks for, instead of those that the text names.

        Raises:
            QueryInvalid: it does not parse, cannot be evaluated, or has a SERVICE clause that is not allowed,
                or calls a function that there is not, or with more or fewer arguments than it takes.
            EndpointFailed: the endpoint of a SERVICE clause gave no answer.
            NotAcceptable: its form is not written in the media type.
            QueryTimedOut: the deadline has passed.
            QueryTooLarge: it takes more memory, or more bytes or rows for its result, than it may.
            QueryInterrupted: the worker was ended from outside, or the workers are closed.
            StorageFailed: the graph cannot be read, or the checkpoint not be written.
        """
        ends_at = self._ends_at(deadline_s)
        with patience(ends_at - time.monotonic()):
            ensure_calls_known(text)
            text = self._services.answered(text, deadline_s=ends_at - time.monotonic())
        guard(text)

        def begun(worker: Worker, checkpoint: Checkpoint) -> tuple[Stream, Callable[[], None] | None]:
            with patience(ends_at - time.monotonic()):
                question = self._question(checkpoint, text, media_type, audiences, dataset)
            pieces = worker.pieces(question, ends_at=ends_at)
            first, ended = _beginning(pieces)
            if ended:
                return Stream(media_type, first, None, checkpoint.change), None
            spool = Spool()
            return Stream(media_type, first, spool.pieces(), checkpoint.change), lambda: _relay(pieces, spool)

        return self._asked(begun, ends_at)

    def _question(
        self, checkpoint: Checkpoint, text: str, media_type: str, audiences: Sequence[str], dataset: Dataset | None
    ) -> Question:
        """A query, with what is sooner answered where it is about places of the graphs that are usually merged."""
        if self._planner is None or dataset is not None:
            if self._planner is not None and dataset is not None:
                text = self._planner.related(text, audiences, (*dataset.default, *dataset.named))
            return Question(checkpoint.folder, text, media_type, audiences, dataset)
        plan = self._planner.plan(text, audiences)
        return Question(checkpoint.folder, plan.text, media_type, audiences, dataset, plan.sooner)

    def plan(
        self,
        asked: Update | GraphWrite,
        *,
        writer: Writer,
        own: Callable[[], Sequence[str]],
        deadline_s: float | None = None,
    ) -> Edit:
        """What an update would change.

        Args:
            asked: an update, or a graph that was sent.
            writer: who asks.
            own: gives IRIs of the subjects in the public graph that are no records, for updates that empty it.
            deadline_s: seconds, where less than usual.

        Raises:
            CatalogueError: as ``stream`` and ``update_plan.planned``.
        """
        if isinstance(asked, Update):
            guard_update(asked.text)
        ends_at = self._ends_at(deadline_s)
        listed = own() if asked.may_empty_public_graph else ()

        def planned(worker: Worker, checkpoint: Checkpoint) -> tuple[Edit, None]:
            scratch = self._checkpoints.scratch()
            try:
                question = Planning(checkpoint.folder, scratch, asked, writer, listed)
                return worker.plan(question, ends_at=ends_at), None
            except QueryTimedOut as cause:
                raise QueryTimedOut("the update was not worked out before its deadline; nothing was changed") from cause
            finally:
                shutil.rmtree(scratch, ignore_errors=True)

        return self._asked(planned, ends_at)

    def _ends_at(self, deadline_s: float | None) -> float:
        return time.monotonic() + (self.deadline_s if deadline_s is None else min(deadline_s, self.deadline_s))

    def _asked(
        self, ask: Callable[[Worker, Checkpoint], tuple[_Got, Callable[[], None] | None]], ends_at: float
    ) -> _Got:
        """What a free worker answers; where the answer is still being made it goes on in a thread."""
        worker = self._lanes.take(ends_at - time.monotonic())
        usable = False
        go_on: Callable[[], None] | None = None
        try:
            got, go_on = ask(worker, self._lent(worker))
            usable = True
        except _HARMLESS:
            usable = True
            raise
        finally:
            if go_on is None:
                self._lanes.give(worker, usable=usable)
        if go_on is not None:
            threading.Thread(target=self._finish, args=[worker, go_on], daemon=True).start()
        return got

    def _finish(self, worker: Worker, go_on: Callable[[], None]) -> None:
        usable = False
        try:
            go_on()
            usable = True
        except CatalogueError:
            pass  # whoever reads the result is told
        finally:
            self._lanes.give(worker, usable=usable)

    def processes(self) -> list[int]:
        """Identifiers of the processes."""
        return self._lanes.processes()

    def close(self) -> None:
        """End every process and remove the checkpoints; a query that is being worked on is answered by an error."""
        self._lanes.close()
        self._checkpoints.close()

    def _worker(self) -> Worker:
        memory_bytes, result_bytes, result_rows = self._limits
        return Worker(memory_bytes=memory_bytes, result_bytes=result_bytes, result_rows=result_rows)

    def _lent(self, worker: Worker) -> Checkpoint:
        """The newest checkpoint, which the worker opens next; the one that it had is given back."""
        before, worker.checkpoint = worker.checkpoint, self._checkpoints.lend()
        if before is not None:
            self._checkpoints.give_back(before)
        return worker.checkpoint

    def _forget(self, worker: Worker) -> None:
        if worker.checkpoint is not None:
            self._checkpoints.give_back(worker.checkpoint)


def _beginning(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """What comes first of a result, and whether that is all of it."""
    first = bytearray()
    for piece in pieces:
        first += piece
        if len(first) > _AT_ONCE:
            return bytes(first), False
    return bytes(first), True


def _relay(pieces: Iterator[bytes], spool: Spool) -> None:
    """Pass pieces on to a spool.

    Raises:
        CatalogueError: the one that ended the result, or that nobody reads it any more.
    """
    try:
        for piece in pieces:
            if spool.abandoned:
                raise QueryInterrupted("nobody reads the result any more")
            spool.write(piece)
    except CatalogueError as error:
        spool.end(error)
        raise
    spool.end()

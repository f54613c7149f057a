"""The inside of a worker process: questions come by a connection, answers go back by it.

It imports little: of the time until a process answers, some 0.3 s, most goes into the
geometry libraries.
"""

import contextlib
import os
import resource
import select
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox

from graph_service.errors import QueryTooLarge, StorageFailed
from graph_service.store.basis import CheckpointBasis
from graph_service.store.dataset import Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.evaluation import Results, results_of
from graph_service.store.joined import Joined
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.results import write
from graph_service.store.update_plan import GraphWrite, Update, planned
from ontology.errors import CatalogueError


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and what it is asked of."""

    checkpoint: Path
    """Folder of a store that nobody writes."""
    text: str
    media_type: str
    audiences: Sequence[str]
    dataset: Dataset | None = None
    """Graphs that the request asks for, instead of those that the text names."""
    sooner: tuple[int, str | Joined] | None = None
    """A change, and what gives the same answer sooner of the graph after that change, and no other."""


@dataclass(frozen=True, slots=True)
class Planning:
    """An update, and what it is to be worked out on."""

    checkpoint: Path
    scratch: Path
    """Folder that a copy may be made in; whoever asks removes it."""
    asked: Update | GraphWrite
    writer: Writer
    own: Sequence[str]
    """IRIs of the subjects in the public graph that are no records."""


Told = bytes | Edit | CatalogueError | None
"""A piece of a result, or what an update comes to; an error; and None behind the last piece."""


def main() -> None:
    """Answer questions until the other end of the connection is closed, or its process is gone.

    The arguments are the connection's descriptor, the bytes of memory that questions
    may take beside the open store, and the bytes and the rows that an answer may have.
    """
    descriptor, memory_bytes, result_bytes, result_rows = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=[descriptor], daemon=True).start()
    with contextlib.suppress(EOFError, ConnectionError):
        _Answering(Connection(descriptor), memory_bytes, result_bytes, result_rows).go_on()


def _end_with(descriptor: int) -> None:
    """End the process when the other end is gone, whatever the engine is busy with."""
    poll = select.poll()
    poll.register(descriptor, 0)  # reports a hang-up alone
    poll.poll()
    os._exit(0)


@dataclass(slots=True)
class _Answering:
    """One question after the other."""

    connection: Connection
    memory_bytes: int
    result_bytes: int
    result_rows: int
    opened: Path | None = None
    store: ox.Store | None = None
    limited: bool = False

    def go_on(self) -> None:
        while True:
            question: Question | Planning = self.connection.recv()
            try:
                self._answer(question)
            except CatalogueError as error:
                self._tell(error)
            except OSError as error:
                self._tell(StorageFailed(f"the graph could not be read: {error}"))
            except MemoryError:
                self._tell(QueryTooLarge(f"the query needs more than {self.memory_bytes:,} bytes of memory"))

    def _answer(self, question: Question | Planning) -> None:
        if isinstance(question, Planning):
            self._limit()
            basis = CheckpointBasis(self._at, question.checkpoint, question.scratch)
            self._tell(planned(basis, question.asked, question.writer, question.own))
            return
        store = self._at(question.checkpoint)
        asked: str | Joined = question.text
        # A change that came while the copy was made may be in it as well.
        if question.sooner is not None and OxigraphStore(store).change_number() == question.sooner[0]:
            asked = question.sooner[1]
        if isinstance(asked, Joined):
            results: Results = asked.results(store, question.audiences)
        else:
            results = results_of(store, asked, question.audiences, question.dataset)
        write(results, question.media_type, self._tell, longest=self.result_bytes, rows=self.result_rows)
        self._tell(None)

    def _tell(self, told: Told) -> None:
        self.connection.send(told)

    def _at(self, checkpoint: Path) -> ox.Store:
        if self.store is None or self.opened != checkpoint:
            self.store = None  # closes the one before
            self.store, self.opened = ox.Store.read_only(str(checkpoint)), checkpoint
            self._limit()
        return self.store

    def _limit(self) -> None:
        if not self.limited:
            _limit_memory(self.memory_bytes)
            self.limited = True


def _limit_memory(memory_bytes: int) -> None:
    """Bound the address space to what is taken now and as much again as questions may take.

    The engine ends the process when it gets no more; without the limit on core
    files that would write all of it to the disk.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = Path("/proc/self/statm")  # pages; the engine's threads reserve some 600 MB that they never touch
    pages = int(taken.read_text().split()[0]) if taken.exists() else 0
    limit = pages * resource.getpagesize() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

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
from graph_service.store.evaluation import results_of
from graph_service.store.results import written
from ontology.errors import CatalogueError


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and what it is asked of."""

    checkpoint: Path
    """Folder of a store that nobody writes."""
    text: str
    media_type: str
    audiences: Sequence[str]


def main() -> None:
    """Answer questions until the other end of the connection is closed, or its process is gone.

    The arguments are the connection's descriptor, the bytes of memory that
    questions may take beside the open store, and the bytes that an answer may have.
    """
    descriptor, memory_bytes, result_bytes = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=[descriptor], daemon=True).start()
    with contextlib.suppress(EOFError, ConnectionError):
        _answer(Connection(descriptor), memory_bytes, result_bytes)


def _end_with(descriptor: int) -> None:
    """End the process when the other end is gone, whatever the engine is busy with."""
    poll = select.poll()
    poll.register(descriptor, 0)  # reports a hang-up alone
    poll.poll()
    os._exit(0)


def _answer(connection: Connection, memory_bytes: int, result_bytes: int) -> None:
    opened: Path | None = None
    store: ox.Store | None = None
    while True:
        question: Question = connection.recv()
        try:
            if store is None or opened != question.checkpoint:
                first = store is None
                store = None  # closes the one before
                store, opened = _open(question.checkpoint), question.checkpoint
                if first:
                    _limit_memory(memory_bytes)
            answer = written(
                results_of(store, question.text, question.audiences), question.media_type, longest=result_bytes
            )
        except CatalogueError as error:
            connection.send(error)
        except OSError as error:
            connection.send(StorageFailed(f"the graph could not be read: {error}"))
        except MemoryError:
            connection.send(QueryTooLarge(f"the query needs more than {memory_bytes:,} bytes of memory"))
        else:
            connection.send(None)
            connection.send_bytes(answer)
            del answer


def _open(checkpoint: Path) -> ox.Store:
    return ox.Store.read_only(str(checkpoint))


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

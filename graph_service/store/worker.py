"""A worker process, seen from the process that asks it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Pipe
from pathlib import Path

from graph_service.errors import QueryInterrupted, QueryTimedOut, QueryTooLarge
from graph_service.store.checkpoints import Checkpoint
from graph_service.store.edit import Edit
from graph_service.store.worker_process import Planning, Question, Told
from ontology.errors import CatalogueError

_SOURCES = str(Path(__file__).parents[2])
_MAIN = "from graph_service.store.worker_process import main; main()"


class Worker:
    """One process that answers one question at a time, and can be ended in the midst of it.

    It is started as a plain process: ``multiprocessing`` would import the command of
    this one into it, which takes a second, and leave a resource tracker behind.
    """

    def __init__(self, *, memory_bytes: int, result_bytes: int, result_rows: int) -> None:
        self.checkpoint: Checkpoint | None = None
        """What it has open, or is about to open."""
        self._ended_for = ""
        self._memory_bytes = memory_bytes
        self._connection, other = Pipe()
        descriptor = other.fileno()
        self._process = subprocess.Popen(
            # -P: the folder that this process was started in holds no modules for it.
            [sys.executable, "-P", "-c", _MAIN, *map(str, (descriptor, memory_bytes, result_bytes, result_rows))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(filter(None, [_SOURCES, os.environ.get("PYTHONPATH")])),
                # A backtrace of an allocation that failed would allocate.
                "RUST_BACKTRACE": "0",
            },
            pass_fds=[descriptor],
            # A signal for the terminal's foreground processes is for the one that asks.
            process_group=0,
        )
        other.close()

    @property
    def process(self) -> int:
        """Identifier of its process."""
        return self._process.pid

    def spent_s(self) -> float:
        """Seconds of a processor that its process has taken until now; 0 once it has ended."""
        try:
            # The identifier of that clock, as clock_getcpuclockid(3) makes it on Linux.
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError:
            return 0.0

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def pieces(self, question: Question, *, ends_at: float) -> Iterator[bytes]:
        """The answer to a query, piece by piece.

        It is to be read to its end. After any error but QueryInvalid and NotAcceptable that comes
        before the first piece the worker is to be ended.

        Args:
            question: that it is asked.
            ends_at: deadline, on the clock ``time.monotonic``.

        Raises:
            QueryInvalid: the query does not parse or cannot be evaluated.
            NotAcceptable: its form is not written in the media type.
            QueryTimedOut: there is no answer yet.
            QueryTooLarge: it takes more memory, or more bytes or rows for its answer, than it may.
            QueryInterrupted: somebody has ended the process.
            StorageFailed: the checkpoint cannot be read.
        """
        self._ask(question)
        while (told := self._told(ends_at)) is not None:
            assert isinstance(told, bytes)
            yield told

    def plan(self, question: Planning, *, ends_at: float) -> Edit:
        """What an update comes to.

        Raises:
            CatalogueError: as ``pieces`` and ``update_plan.planned``; the worker is then to be ended.
        """
        self._ask(question)
        told = self._told(ends_at)
        assert isinstance(told, Edit)
        return told

    def _ask(self, question: Question | Planning) -> None:
        try:
            self._connection.send(question)
        except (EOFError, ConnectionError) as cause:
            raise self._why_ended() from cause

    def _told(self, ends_at: float) -> bytes | Edit | None:
        try:
            if not self._connection.poll(max(0.0, ends_at - time.monotonic())):
                raise QueryTimedOut("the query was not answered before its deadline")
            told: Told = self._connection.recv()
        except (EOFError, ConnectionError) as cause:
            raise self._why_ended() from cause
        if isinstance(told, CatalogueError):
            raise told
        return told

    def _why_ended(self) -> CatalogueError:
        code = self._process.wait()
        if self._ended_for:
            return QueryInterrupted(self._ended_for)
        if code in (-signal.SIGABRT, -signal.SIGSEGV):
            return QueryTooLarge(
                f"the query needs more than {self._memory_bytes:,} bytes of memory, or is nested too deeply"
            )
        return QueryInterrupted(f"the process that worked on the query was ended (exit status {code}); ask again")

    def kill(self, reason: str = "") -> None:
        """End the process, whatever it is doing; whoever waits for its answer learns it, and the reason."""
        self._ended_for = self._ended_for or reason
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End the process and free what it holds here, when nobody waits for an answer."""
        self.kill()
        self._connection.close()

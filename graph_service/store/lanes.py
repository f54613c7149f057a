"""The processes that answer queries: so many at the same time, and those that take long out of the way of others.

A query that has worked for a second leaves its lane to the next one and
goes on beside it, with a lower priority; so a few slow queries never stand before a
fast one, however long they may take. There is room for twice as many slow ones as
there are lanes. Where that is full they keep their lanes; and when all lanes are kept
for a while, the last to come is ended.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Callable

from graph_service.errors import QueryInterrupted, QueryTimedOut
from graph_service.store.worker import Worker

SOON_S = 1.0
"""Seconds of a processor that a query takes in its lane, where there is room beside the lanes."""
_LATE_S = 3.0
"""Those that it takes when all lanes are kept and there is no such room."""
_LOOK_S = 0.1
_NICENESS = 10
"""Of processes with slow queries: the others get nine tenths of a processor that they share."""


class Lanes:
    """Workers, each of which answers one query at a time."""

    def __init__(self, number: int, start: Callable[[], Worker], forget: Callable[[Worker], None]) -> None:
        """Lanes without workers; those are started when they are first needed.

        Args:
            number: of lanes, that is of queries that are worked on at the same time, but for slow ones.
            start: starts a worker; it may raise OSError.
            forget: called with a worker that was ended.
        """
        self._number = number
        self._start = start
        self._forget = forget
        # First in, first out: every worker takes its turn, so none keeps an old checkpoint for long.
        self._free: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        for _ in range(number):
            self._free.put(None)
        self._state = threading.Condition()
        self._alive: set[Worker] = set()
        self._since: dict[Worker, float] = {}
        """What the workers in lanes had taken of a processor when they began with their queries, seconds."""
        self._slow: set[Worker] = set()
        self._closed = False
        self._watched = False

    def take(self, seconds: float) -> Worker:
        """A worker that has nothing to do; it is to be given back.

        Raises:
            QueryTimedOut: none is free within so many seconds.
            QueryInterrupted: none can be started, or the lanes are closed.
        """
        try:
            worker = self._free.get(timeout=max(0.0, seconds))
        except queue.Empty as cause:
            raise QueryTimedOut("no worker was free before the deadline of the query") from cause
        try:
            if worker is None or not worker.alive:
                self._end(worker)
                worker = None
                worker = self._started()
        except BaseException:
            self._free.put(None)
            raise
        with self._state:
            self._since[worker] = worker.spent_s()
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, daemon=True).start()
            self._state.notify()
        return worker

    def give(self, worker: Worker, *, usable: bool) -> None:
        """Take a worker back; one that is not usable any more is ended."""
        with self._state:
            self._since.pop(worker, None)
            has_lane = worker not in self._slow
            self._slow.discard(worker)
        if usable and has_lane:
            self._free.put(worker)
            return
        # Nobody but the system's administrator could raise the priority of a slow one again.
        self._end(worker)
        if has_lane:
            self._free.put(None)

    def processes(self) -> list[int]:
        """Identifiers of the processes of all workers."""
        with self._state:
            return [worker.process for worker in self._alive]

    def close(self) -> None:
        """End all workers, those that are answering as well; from now on none is to be had."""
        with self._state:
            if self._closed:
                return
            self._closed = True
            for worker in self._alive:
                worker.kill()
            self._state.notify()
        for idle in [self._free.get() for _ in range(self._number)]:
            self._end(idle)
        with self._state:
            self._state.wait_for(lambda: not self._slow)
        for _ in range(self._number):
            self._free.put(None)  # whoever waits for one learns that there is none

    def _started(self) -> Worker:
        with self._state:
            if self._closed:
                raise QueryInterrupted("the service is closing")
            try:
                worker = self._start()
            except OSError as cause:
                raise QueryInterrupted(f"no process could be started: {cause}") from cause
            self._alive.add(worker)
            return worker

    def _end(self, worker: Worker | None) -> None:
        if worker is None:
            return
        worker.end()
        with self._state:
            self._alive.discard(worker)
            self._state.notify_all()
        self._forget(worker)

    def _watch(self) -> None:
        """Make way where queries take long, as long as any is answered."""
        with self._state:
            while not self._closed:
                if not self._since:
                    self._state.wait()
                    continue
                self._make_way()
                self._state.wait(_LOOK_S)

    def _make_way(self) -> None:
        """Have workers leave their lanes whose queries take long; a query that only waits does not."""
        taken = {worker: worker.spent_s() - before for worker, before in self._since.items()}  # oldest first
        long = [worker for worker, seconds in taken.items() if seconds > SOON_S]
        for worker in long[: 2 * self._number - len(self._slow)]:
            del self._since[worker]
            self._slow.add(worker)
            with contextlib.suppress(OSError):  # it has ended
                os.setpriority(os.PRIO_PROCESS, worker.process, _NICENESS)
            try:
                # Started at once, it is there when the next query comes.
                self._free.put(self._started())
            except QueryInterrupted:
                self._free.put(None)
        late = [worker for worker in self._since if taken[worker] > _LATE_S]
        if len(late) == self._number:
            del self._since[late[-1]]  # its lane is given back by whoever asked
            late[-1].kill("so many slow queries are being worked on that there is no room for this one; ask again")

"""Copies of the graph as it stood after a change, for processes that read it while this one writes.

A copy is of hard links and takes about 15 ms, so one is made when the graph has
moved since the last and somebody asks, and removed when nobody reads it any more.
"""

import shutil
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from graph_service.errors import StorageFailed
from graph_service.store.oxigraph import OxigraphStore


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A copy of a graph that nobody writes."""

    folder: Path
    change: int
    """Number of the last change that it is sure to have; one that was being written may be there as well."""


class Checkpoints:
    """The checkpoints of one graph, in a folder of their own on its file system."""

    def __init__(self, graph: OxigraphStore, folder: Path) -> None:
        """Raises StorageFailed where the folder cannot be written; what a killed process left there is removed."""
        self._graph = graph
        self._folder = folder
        self._lock = threading.Lock()
        self._latest: Checkpoint | None = None
        self._numbers = count(1)
        self._readers: dict[Checkpoint, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise StorageFailed(f"{folder}: {cause}") from cause
        self._remove_leftovers()

    def lend(self) -> Checkpoint:
        """A checkpoint that holds every change acknowledged until now, kept until it is given back.

        Raises:
            StorageFailed: it cannot be written.
        """
        with self._lock:
            if self._latest is None or self._graph.change_number() != self._latest.change:
                self._latest = self._next()
                self._readers[self._latest] = 0
                self._remove_unread()
            self._readers[self._latest] += 1
            return self._latest

    def give_back(self, checkpoint: Checkpoint) -> None:
        """One reader less of a checkpoint."""
        with self._lock:
            if checkpoint in self._readers:  # closing forgets them all
                self._readers[checkpoint] -= 1
                self._remove_unread()

    def scratch(self) -> Path:
        """A folder that is not there yet, for a copy of a checkpoint; what is left of it goes with the leftovers."""
        return self._folder / f"checkpoint-{next(self._numbers)}-scratch"

    def close(self) -> None:
        """Remove every checkpoint, when nobody reads any more."""
        with self._lock:
            self._latest = None
            self._readers.clear()
            self._remove_leftovers()

    def _next(self) -> Checkpoint:
        folder = self._folder / f"checkpoint-{next(self._numbers)}"
        # Read before the copy is made: a change that comes between is copied as well, and copied again.
        change = self._graph.change_number()
        self._graph.backup(folder)
        return Checkpoint(folder, change)

    def _remove_unread(self) -> None:
        for checkpoint in [one for one, readers in self._readers.items() if not readers and one != self._latest]:
            del self._readers[checkpoint]
            shutil.rmtree(checkpoint.folder, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        for leftover in self._folder.glob("checkpoint-*"):
            shutil.rmtree(leftover, ignore_errors=True)

"""Copies of the graph as it stood after a change, for processes that read it while this one writes.

A copy is of hard links and takes about 15 ms, so one is made when the graph has
moved since the last and somebody asks, and removed when nobody reads it any more.
"""

import shutil
import threading
from pathlib import Path

from graph_service.errors import StorageFailed
from graph_service.store.oxigraph import OxigraphStore


class Checkpoints:
    """The checkpoints of one graph, in a folder of their own on its file system."""

    def __init__(self, graph: OxigraphStore, folder: Path) -> None:
        """Raises StorageFailed where the folder cannot be written; what a killed process left there is removed."""
        self._graph = graph
        self._folder = folder
        self._lock = threading.Lock()
        self._latest: Path | None = None
        self._change = 0
        self._made = 0
        self._readers: dict[Path, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise StorageFailed(f"{folder}: {cause}") from cause
        self._remove_leftovers()

    def lend(self) -> Path:
        """A checkpoint that holds every change acknowledged until now, kept until it is given back.

        Raises:
            StorageFailed: it cannot be written.
        """
        with self._lock:
            # Read before the copy is made: a change that comes between is copied as well, and copied again.
            change = self._graph.change_number()
            if self._latest is None or change != self._change:
                self._latest, self._change = self._next(), change
                self._remove_unread()
            self._readers[self._latest] += 1
            return self._latest

    def give_back(self, checkpoint: Path) -> None:
        """One reader less of a checkpoint."""
        with self._lock:
            self._readers[checkpoint] -= 1
            self._remove_unread()

    def close(self) -> None:
        """Remove every checkpoint, when nobody reads any more."""
        with self._lock:
            self._latest = None
            self._readers.clear()
            self._remove_leftovers()

    def _next(self) -> Path:
        self._made += 1
        checkpoint = self._folder / f"checkpoint-{self._made}"
        self._graph.backup(checkpoint)
        self._readers[checkpoint] = 0
        return checkpoint

    def _remove_unread(self) -> None:
        for checkpoint in [path for path, readers in self._readers.items() if not readers and path != self._latest]:
            del self._readers[checkpoint]
            shutil.rmtree(checkpoint, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        for leftover in self._folder.glob("checkpoint-*"):
            shutil.rmtree(leftover, ignore_errors=True)

"""What an update is worked out on: a graph that is only read, and what the operations of the update do to it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from graph_service.errors import QueryInvalid, StorageFailed
from graph_service.store.dataset import Dataset, public_graphs
from graph_service.store.evaluation import ENGINE_FAULTS, fault, results_of
from graph_service.store.quads import Graph
from ontology import terms
from ontology.identifiers import CATALOGUE

_DEFAULT = ox.DefaultGraph()
_CATALOGUE = ox.NamedNode(CATALOGUE)


class Basis(Protocol):
    """A graph as the operations of one update leave it, one after the other."""

    @property
    def change(self) -> int | None:
        """Number of the last change of the graph that was read; None where nothing was read."""
        ...

    def public_graphs(self) -> Sequence[str]:
        """IRIs of the public named graphs before the first operation."""
        ...

    def is_used(self, graph: str) -> bool:
        """Whether a named graph had a statement before the first operation."""
        ...

    def note(self, quad: ox.Quad, *, there: bool) -> None:
        """Tell it what an operation has done; what is read afterwards is so."""
        ...

    def content(self, graph: Graph, subjects: Sequence[str] | None = None) -> list[ox.Quad]:
        """The quads of a graph.

        Args:
            graph: which.
            subjects: IRIs of the subjects that are wanted; None for all.
        """
        ...

    def solutions(self, query: str, audiences: Sequence[str], dataset: Dataset) -> Iterator[ox.QuerySolution]:
        """The solutions of a SELECT query.

        Raises:
            QueryInvalid: it cannot be evaluated.
        """
        ...

    def ensure_time(self) -> None:
        """Pass as long as there is time; an update that ends by being killed has no need of it.

        Raises:
            QueryTimedOut: the deadline has passed.
        """
        ...


class CheckpointBasis:
    """A checkpoint of the embedded store, and a private copy of it once an operation reads what another wrote."""

    def __init__(self, read: Callable[[Path], ox.Store], checkpoint: Path, scratch: Path) -> None:
        """A basis that reads nothing yet.

        Args:
            read: opens a checkpoint for reading.
            checkpoint: folder of the graph, which is not written.
            scratch: folder that a copy may be made in; whoever asks removes it.
        """
        self.change: int | None = None
        self._open = read
        self._checkpoint = checkpoint
        self._scratch = scratch
        self._store: ox.Store | None = None
        self._copied = False
        self._unseen: list[tuple[ox.Quad, bool]] = []
        """What the store that is read has not been told."""

    def public_graphs(self) -> Sequence[str]:
        """IRIs of the public named graphs, of some of the operations or of none."""
        return public_graphs(self._before())

    def is_used(self, graph: str) -> bool:
        """Whether a named graph has a statement, after some of the operations or none."""
        return next(self._before().quads_for_pattern(None, None, None, ox.NamedNode(graph)), None) is not None

    def note(self, quad: ox.Quad, *, there: bool) -> None:
        """Keep what an operation has done until something is read."""
        self._unseen.append((quad, there))

    def content(self, graph: Graph, subjects: Sequence[str] | None = None) -> list[ox.Quad]:
        """The quads of a graph, of some subjects or of all."""
        store = self._now()
        wanted = [None] if subjects is None else [ox.NamedNode(iri) for iri in subjects]
        return [quad for subject in wanted for quad in store.quads_for_pattern(subject, None, None, graph)]

    def solutions(self, query: str, audiences: Sequence[str], dataset: Dataset) -> Iterator[ox.QuerySolution]:
        """The solutions of a SELECT query.

        Raises:
            QueryInvalid: it cannot be evaluated.
            StorageFailed: there is no room for the copy that it needs.
        """
        store = self._now()
        try:
            results = results_of(store, query, audiences, dataset)
            assert isinstance(results, ox.QuerySolutions)
            yield from results
        except ENGINE_FAULTS as cause:
            raise QueryInvalid(fault(cause)) from cause

    def ensure_time(self) -> None:
        """The process that works on a checkpoint is ended at the deadline."""

    def _before(self) -> ox.Store:
        """A graph that was told of some of the operations, or of none."""
        if self._store is None:
            self._store = self._open(self._checkpoint)
            numbers = self._store.quads_for_pattern(_CATALOGUE, ox.NamedNode(terms.CHANGE_NUMBER), None, _DEFAULT)
            self.change = next((int(one.object.value) for one in numbers), 0)  # type: ignore[union-attr]  # a literal
        return self._store

    def _now(self) -> ox.Store:
        """The graph as the operations until now have left it."""
        store = self._before()
        if self._unseen:
            if not self._copied:
                self._store = store = _writable_copy(self._checkpoint, self._scratch)
                self._copied = True
            for quad, there in self._unseen:
                (store.add if there else store.remove)(quad)
            self._unseen.clear()
        return store


def _writable_copy(folder: Path, copy: Path) -> ox.Store:
    """A copy of a store; its tables, which nobody ever changes, are hard links."""

    def taken(source: str, target: str) -> None:
        if source.endswith(".sst"):
            Path(target).hardlink_to(source)
        else:
            shutil.copyfile(source, target)

    try:
        shutil.copytree(folder, copy, copy_function=taken)
        return ox.Store(str(copy))
    except OSError as cause:
        raise StorageFailed(f"{copy}: the update cannot be worked out: {cause}") from cause

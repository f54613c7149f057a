"""The graph in an engine elsewhere, by SPARQL 1.1 over HTTP.

One catalogue at a time writes: each that opens the graph raises a number in it, the
fence, and every change is made on condition that the number is still the writer's own.
A request of a writer that was killed, or that got no answer, therefore does nothing
once somebody has looked what became of it.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from graph_service.errors import EngineFailed, EngineRefused, StatementsInvalid, StoreInUse
from graph_service.store.dataset import PUBLIC_GRAPH
from graph_service.store.engine import Engine
from graph_service.store.exclusive import ExclusiveFile
from graph_service.store.oxigraph import StatementsByAudience, n_triples
from graph_service.store.remote import Endpoint, EndpointSettings
from graph_service.store.remote_blocks import Blocks, blocks_of
from graph_service.store.remote_books import RemoteBooks
from graph_service.store.remote_graphs import RemoteGraphs, cleared
from graph_service.store.remote_reading import COUNTER, RemoteReading
from graph_service.store.staging import Staging
from graph_service.store.trial import probed
from ontology.triples import Statement

log = logging.getLogger(__name__)

_LONGEST_UPDATE = 64_000_000
"""Characters of one update; Oxigraph's server takes 128 MB. A longer change is staged."""


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """An engine, and the graph in it that is public."""

    endpoint: EndpointSettings
    graph: str = PUBLIC_GRAPH


class RemoteStore(RemoteReading):
    """The graph of one catalogue in an engine; reads by any number of threads, writes by one."""

    def __init__(
        self,
        endpoint: Endpoint,
        graphs: RemoteGraphs,
        engine: Engine,
        books: RemoteBooks,
        held: ExclusiveFile | None = None,
    ) -> None:
        super().__init__(endpoint, graphs, engine, books)
        self._held = held
        self._uncertain = False
        self._settling = threading.Lock()
        self._staging: Staging | None = None

    @classmethod
    def open(cls, settings: RemoteSettings, held: ExclusiveFile | None = None) -> "RemoteStore":
        """The store for its one writer, with what an earlier one left half done put right.

        Args:
            settings: of the engine.
            held: what keeps other processes of this machine from opening the catalogue; given back with the store.

        Raises:
            EngineFailed: the engine cannot be reached, or takes no updates.
        """
        endpoint, graphs, books = _reached(settings)
        try:
            engine = probed(endpoint, graphs, books.engine.aliases if books.engine else None)
        except EngineRefused as cause:
            fault = f"{endpoint.place}: takes no updates ({cause.status}: {cause.said})"
            raise EngineFailed(f"{fault}; let its user update; ORRERY_STORE_UPDATE is its address for that") from cause
        for limit in engine.limits() if engine != books.engine else ():
            log.warning("%s: %s", endpoint.place, limit)
        books.note_engine(engine)
        store = cls(endpoint, graphs, engine, books, held)
        store._take_over()
        return store

    @classmethod
    def reading(cls, settings: RemoteSettings) -> "RemoteStore":
        """The store for reading, side by side with its writer.

        Raises:
            EngineFailed: the engine cannot be reached.
        """
        endpoint, graphs, books = _reached(settings)
        return cls(endpoint, graphs, books.engine or Engine(), books)

    def change_number(self) -> int:
        """Number of the last change that was written, 0 for an empty store."""
        self._settle()
        return self._number()

    def apply(self, *, change: int, remove: StatementsByAudience, add: StatementsByAudience) -> None:
        """Remove and add statements and set the change number, in one update where the engine does one whole.

        Raises:
            EngineFailed: the engine refused or cannot be reached; what became of the change shows in the number.
            StatementsInvalid: a term is not RDF, or the engine can keep no restricted data set apart.
            StoreInUse: another catalogue has begun to write this graph.
        """
        self._settle()
        removed, added = (blocks_of(one, self._graphs, self.engine.aliases) for one in (remove, add))
        if any(add.values()) and not self.engine.apart and len(added) > (self._graphs.public in added):
            raise StatementsInvalid("the engine that holds the graph cannot keep a restricted data set apart")
        self._forget_listed()
        self._books.enter(graph for graph in added if graph != self._graphs.public)
        with self._failures_noted():
            self._write(change, removed, added)
            if self._number() != change:
                raise StoreInUse(f"{self._endpoint.place}: another catalogue has this graph open")
        self._forget_listed()
        if self.engine.leaks:
            self._books.strike(graph for graph in removed if graph not in added and self._is_empty(graph))

    def _write(self, change: int, removed: Blocks, added: Blocks) -> None:
        old, new = (f"GRAPH <{self._graphs.public}> {{ {COUNTER} {n} }}" for n in (change - 1, change))
        if self.engine.atomic and sum(map(len, (*removed.values(), *added.values()))) < _LONGEST_UPDATE:
            gone, come = ("".join(f"GRAPH <{g}> {{ {t} }}\n" for g, t in part.items()) for part in (removed, added))
            self._endpoint.update(
                f"DELETE {{ {old}\n{gone} }} INSERT {{ {new}\n{come} }} WHERE {{ {self._books.fenced} }}"
            )
        else:
            assert self._staging is not None, "opened for reading"
            self._staging.write(removed, added, f"DELETE {{ {old} }} INSERT {{ {new} }}")

    @contextmanager
    def _failures_noted(self) -> Iterator[None]:
        """Whatever goes wrong with a change, what became of it has to be looked up before anything else is done."""
        try:
            yield
        except EngineRefused as cause:
            self._uncertain = True
            if cause.status in (400, 413, 422):
                raise StatementsInvalid(f"the engine does not take the statements: {cause.said}") from cause
            raise
        except BaseException:
            self._uncertain = True
            raise

    def forget(self, iri: str) -> None:
        """Remove a record and its parts outside any change: what a killed process has left half done."""
        blocks: dict[str, list[Statement | str]] = {}
        for quad in self.about(iri):
            graph = getattr(quad.graph_name, "value", self._graphs.public)
            blocks.setdefault(graph, []).append((str(quad.subject), str(quad.predicate), str(quad.object)))
        for graph, group in blocks.items():
            self._endpoint.update(f"DELETE DATA {{ GRAPH <{graph}> {{ {self._stored(group)} }} }}")

    def erase(self) -> None:
        """Remove everything of this catalogue from the engine, for good, and be as new."""
        for graph in (*self._books.named, self._graphs.public, self._graphs.books):
            self._endpoint.update(cleared(graph))
        self._books.named.clear()
        self._books.note_engine(self.engine)
        self._take_over()

    def close(self) -> None:
        """Another process may open the catalogue."""
        if self._held is not None:
            self._held.release()

    def _take_over(self) -> None:
        """Take the right to write, and put right what is left of the changes before it."""
        fence = self._books.raise_fence()
        self._staging = Staging(self._endpoint, self._graphs, fence, self._books.fenced)
        self._staging.recover()
        self._forget_listed()
        self._uncertain = False

    def _settle(self) -> None:
        # Whoever reads the number may find that a change of the writer has failed.
        with self._settling:
            if self._uncertain:
                self._take_over()

    def _is_empty(self, graph: str) -> bool:
        return graph != self._graphs.public and not self._rows(
            "SELECT ?s { ?s ?p ?o } LIMIT 1", self._graphs.seen((graph,), ())
        )

    def _stored(self, group: Sequence[Statement | str]) -> str:
        return self.engine.aliases.stored(n_triples(group))


def _reached(settings: RemoteSettings) -> tuple[Endpoint, RemoteGraphs, RemoteBooks]:
    endpoint, graphs = Endpoint(settings.endpoint), RemoteGraphs(settings.graph)
    try:
        return endpoint, graphs, RemoteBooks(endpoint, graphs)
    except EngineRefused as cause:
        advice = "ORRERY_STORE is to be its address for queries, and the user one that it knows"
        raise EngineFailed(f"{endpoint.place}: answers no query ({cause.status}: {cause.said}); {advice}") from cause

"""The graph in an engine elsewhere, by SPARQL 1.1 over HTTP.

One catalogue at a time writes: each that opens the graph raises a number in it, the
fence, and every change is made on condition that the number is still the writer's own.
A request of a writer that was killed, or that got no answer, therefore does nothing
once somebody has looked what became of it.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.errors import (
    EngineRefused,
    EngineTooSlow,
    QueryInvalid,
    QueryTimedOut,
    StatementsInvalid,
    StoreInUse,
)
from graph_service.store.dataset import DEFAULT_NAMES, LISTS, PUBLIC_GRAPH, Dataset
from graph_service.store.engine import Engine, cleared, probed
from graph_service.store.evaluation import Results, fault
from graph_service.store.exclusive import ExclusiveFile
from graph_service.store.oxigraph import StatementsByAudience, n_triples
from graph_service.store.query_guard import query_form
from graph_service.store.remote import JSON, N_TRIPLES, Endpoint, EndpointSettings
from graph_service.store.remote_answers import results_from, rows_of
from graph_service.store.remote_books import RemoteBooks
from graph_service.store.remote_graphs import RemoteGraphs
from graph_service.store.remote_text import remote_text
from graph_service.store.staging import Blocks, Staging
from ontology import terms
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement

log = logging.getLogger(__name__)

_LONGEST_UPDATE = 64_000_000
"""Characters of one update; Oxigraph's server takes 128 MB. A longer change is staged."""
_LONGEST_ANSWER = 1 << 30
_QUERY_TIMEOUT_S = 30.0
_TOLD_LINE = re.compile(r"(?:error at |line )(\d+)")
_COUNTER = f"<{CATALOGUE}> <{terms.CHANGE_NUMBER}>"


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """An engine, and the graph in it that is public."""

    endpoint: EndpointSettings
    graph: str = PUBLIC_GRAPH


class RemoteStore:
    """The graph of one catalogue in an engine; reads by any number of threads, writes by one."""

    def __init__(
        self,
        endpoint: Endpoint,
        graphs: RemoteGraphs,
        engine: Engine,
        books: RemoteBooks,
        held: ExclusiveFile | None = None,
    ) -> None:
        self.engine = engine
        """What the engine can do, as its writer has found."""
        self._endpoint = endpoint
        self._graphs = graphs
        self._books = books
        self._held = held
        self._uncertain = False
        self._listed: list[str] | None = None
        """Public named graphs, as of the last change of this writer."""
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
        endpoint, graphs = Endpoint(settings.endpoint), RemoteGraphs(settings.graph)
        books = RemoteBooks(endpoint, graphs)
        engine = probed(endpoint, graphs, books.engine.aliases if books.engine else None)
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
        endpoint, graphs = Endpoint(settings.endpoint), RemoteGraphs(settings.graph)
        books = RemoteBooks(endpoint, graphs)
        return cls(endpoint, graphs, books.engine or Engine(), books)

    def change_number(self) -> int:
        """Number of the last change that was written, 0 for an empty store."""
        self._settle()
        return self._number()

    def _number(self) -> int:
        rows = self._rows(f"SELECT ?n {{ {_COUNTER} ?n }}", self._public)
        return max((int(row["n"].value) for row in rows), default=0)

    def about(self, iri: str) -> list[ox.Quad]:
        """Every quad whose subject is a record or one of its parts, whatever graph holds it."""
        found: list[ox.Quad] = []
        pending, seen = [iri], {iri}
        while pending:
            subjects = " ".join(f"<{one}>" for one in pending)
            pending = []
            for quad in self._quads(f"VALUES ?s {{ {subjects} }} ?s ?p ?o"):
                found.append(quad)
                part = quad.object
                if isinstance(part, ox.NamedNode) and part.value.startswith(iri + "#") and part.value not in seen:
                    seen.add(part.value)
                    pending.append(part.value)
        return found

    def subjects_of_type(self, class_iri: str) -> list[str]:
        """IRIs of everything that is stated to be of a class, in any graph."""
        rows = self._rows(f"SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s <{terms.TYPE}> <{class_iri}> }} }}", self._all)
        return sorted({str(row["s"].value) for row in rows})

    def statements_of(self, subject: str) -> list[tuple[str | None, Statement]]:
        """Every statement with a subject in N-Triples syntax, and the named graph that holds it."""
        quads = self._quads(f"VALUES ?s {{ {subject} }} ?s ?p ?o")
        return [(getattr(q.graph_name, "value", None), (subject, str(q.predicate), str(q.object))) for q in quads]

    def subjects_with(self, predicate: str, value: str) -> list[tuple[str | None, str]]:
        """The subjects that have a property with an IRI as its value, all in N-Triples syntax, and the named graphs."""
        rows = self._rows(f"SELECT ?g ?s {{ GRAPH ?g {{ ?s {predicate} {value} }} }}", self._all)
        return [(self._audience(row["g"].value), str(row["s"])) for row in rows]

    def quads_with(self, predicate: str) -> Iterator[ox.Quad]:
        """Every quad with a property, whatever graph holds it."""
        return self._quads(f"VALUES ?p {{ <{predicate}> }} ?s ?p ?o")

    def catalogue_values(self, term: str) -> list[str]:
        """IRIs that the catalogue itself has as values of a property."""
        rows = self._rows(f"SELECT ?o {{ <{CATALOGUE}> <{term}> ?o }}", self._public)
        return sorted(str(row["o"].value) for row in rows)

    def apply(self, *, change: int, remove: StatementsByAudience, add: StatementsByAudience) -> None:
        """Remove and add statements and set the change number, in one update where the engine does one whole.

        Raises:
            EngineFailed: the engine refused or cannot be reached; what became of the change shows in the number.
            StatementsInvalid: a term is not RDF, or the engine can keep no restricted data set apart.
            StoreInUse: another catalogue has begun to write this graph.
        """
        self._settle()
        removed, added = self._blocks(remove), self._blocks(add)
        if any(add.values()) and not self.engine.apart and len(added) > (self._graphs.public in added):
            raise StatementsInvalid("the engine that holds the graph cannot keep a restricted data set apart")
        self._listed = None
        self._books.enter(graph for graph in added if graph != self._graphs.public)
        with self._failures_noted():
            self._write(change, removed, added)
            if self._number() != change:
                raise StoreInUse(f"{self._endpoint.place}: another catalogue has this graph open")

    def _write(self, change: int, removed: Blocks, added: Blocks) -> None:
        old, new = (f"GRAPH <{self._graphs.public}> {{ {_COUNTER} {n} }}" for n in (change - 1, change))
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

    def query(
        self,
        text: str,
        *,
        audiences: Sequence[str] = (),
        dataset: Dataset | None = None,
        timeout_s: float = _QUERY_TIMEOUT_S,
        longest: int = _LONGEST_ANSWER,
    ) -> Results:
        """The results of a SPARQL 1.1 query over what the audiences may see.

        Args:
            text: without SERVICE, which ``query_guard`` refuses before.
            audiences: IRIs of the named graphs that the caller may see besides the public ones.
            dataset: the graphs that the request asks for; None for the public one merged with those of the audiences.
            timeout_s: seconds until the answer is there.
            longest: bytes that the answer of the engine may have.

        Raises:
            EngineLacks: the engine does not have what the query needs.
            QueryInvalid: it does not parse or cannot be evaluated.
            QueryTimedOut: the time has passed.
            QueryTooLarge: the answer is longer.
            EngineFailed: the engine cannot be reached.
        """
        form = query_form(text)
        if self._listed is None:
            self._listed = self.catalogue_values(LISTS)
        visible = dict.fromkeys([*audiences, *self._listed])
        hides = any(graph not in visible for graph in self._books.named)
        asked, before = remote_text(text, self.engine, hides=hides)
        accept = JSON if form in ("SELECT", "ASK") else N_TRIPLES
        seen = self._view(audiences, visible, dataset)
        try:
            body = self._endpoint.answer(asked, seen, accept=accept, timeout_s=timeout_s, longest=longest)
        except EngineTooSlow as cause:
            raise QueryTimedOut(f"the query was not answered before its deadline: {cause}") from cause
        except EngineRefused as cause:
            if cause.status in (401, 403, 404):
                raise
            raise QueryInvalid(_fault(cause.said, text, before)) from cause
        return results_from(self.engine.aliases.original(body), form)

    def _view(self, audiences: Sequence[str], visible: Iterable[str], dataset: Dataset | None) -> Dataset:
        if dataset is None:
            return self._graphs.seen((self._graphs.public, *audiences), tuple(visible))
        public = {name: self._graphs.public for name in DEFAULT_NAMES}
        default = dict.fromkeys(public.get(name, name) for name in dataset.default if name in public or name in visible)
        return self._graphs.seen(tuple(default), tuple(name for name in dataset.named if name in visible))

    def __len__(self) -> int:
        (row,) = self._rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", self._all)
        return int(row["n"].value)

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

    @property
    def _public(self) -> Dataset:
        return self._graphs.seen((self._graphs.public,), ())

    @property
    def _all(self) -> Dataset:
        return self._graphs.seen((), (self._graphs.public, *self._books.named))

    def _take_over(self) -> None:
        """Take the right to write, and put right what is left of the changes before it."""
        fence = self._books.raise_fence()
        self._staging = Staging(self._endpoint, self._graphs, fence, self._books.fenced)
        self._staging.recover()
        self._uncertain = False

    def _settle(self) -> None:
        if self._uncertain:
            self._take_over()

    def _blocks(self, statements: StatementsByAudience) -> dict[str, str]:
        return {
            audience or self._graphs.public: self._checked(group) for audience, group in statements.items() if group
        }

    def _checked(self, group: Sequence[Statement | str]) -> str:
        """Statements as the engine is given them, in a text that can be nothing else."""
        text = n_triples(group)
        try:
            for triple in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
                if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                    raise StatementsInvalid(f"{triple}: a graph in another engine has no place for a blank node")
        except (SyntaxError, ValueError) as cause:
            raise StatementsInvalid(f"the graph does not take the statements: {cause}") from cause
        return self.engine.aliases.stored(text)

    def _stored(self, group: Sequence[Statement | str]) -> str:
        return self.engine.aliases.stored(n_triples(group))

    def _quads(self, pattern: str) -> Iterator[ox.Quad]:
        for row in self._rows(f"SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ {pattern} }} }}", self._all):
            name = row["g"].value
            graph = ox.DefaultGraph() if name == self._graphs.public else ox.NamedNode(name)
            yield ox.Quad(row["s"], row["p"], row["o"], graph)

    def _audience(self, graph: str) -> str | None:
        return None if graph == self._graphs.public else graph

    def _rows(self, text: str, dataset: Dataset) -> list[ox.QuerySolution]:
        aliases = self.engine.aliases
        return rows_of(aliases.original(self._endpoint.looked_up(aliases.stored(text), dataset)))


def _fault(said: str, text: str, before: int) -> str:
    """What an engine says about a query, its lines counted as the caller wrote them."""

    def moved(match: re.Match[str]) -> str:
        start, end = match.span(1)
        return (
            match.string[match.start() : start] + str(max(1, int(match[1]) - before)) + match.string[end : match.end()]
        )

    return fault(SyntaxError(_TOLD_LINE.sub(moved, said)), text)

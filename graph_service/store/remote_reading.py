"""The graph in an engine elsewhere, read: look-ups of the catalogue's own, and queries of whoever asks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import pyoxigraph as ox

from graph_service.errors import EngineRefused, EngineTooSlow, QueryInvalid, QueryTimedOut
from graph_service.store.dataset import LISTS, Dataset, dataset_of, without_default_names
from graph_service.store.engine import Engine
from graph_service.store.evaluation import Results
from graph_service.store.query_guard import query_form
from graph_service.store.remote import JSON, N_TRIPLES, Endpoint
from graph_service.store.remote_answers import results_from, rows_of
from graph_service.store.remote_body import OriginalBody
from graph_service.store.remote_books import RemoteBooks
from graph_service.store.remote_graphs import RemoteGraphs
from graph_service.store.remote_text import remote_text, told
from ontology import terms
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement

COUNTER = f"<{CATALOGUE}> <{terms.CHANGE_NUMBER}>"
_LONGEST_ANSWER = 1 << 30
_QUERY_TIMEOUT_S = 30.0


class RemoteReading:
    """The graph of one catalogue in an engine, for any number of threads."""

    def __init__(self, endpoint: Endpoint, graphs: RemoteGraphs, engine: Engine, books: RemoteBooks) -> None:
        self.engine = engine
        """What the engine can do, as its writer has found."""
        self._endpoint = endpoint
        self._graphs = graphs
        self._books = books
        self._listed: list[str] | None = None
        """Public named graphs, as of the last change of this process."""
        self._changes = 0
        """Counts what may have changed them."""

    def _number(self) -> int:
        rows = self._rows(f"SELECT ?n {{ {COUNTER} ?n }}", self._public)
        return max((int(row["n"].value) for row in rows), default=0)

    def public_graphs(self) -> list[str]:
        """IRIs of the public named graphs, sorted."""
        listed, changes = self._listed, self._changes
        if listed is None:
            listed = self.catalogue_values(LISTS)
            if changes == self._changes:
                self._listed = listed
        return listed

    def _forget_listed(self) -> None:
        self._changes += 1
        self._listed = None

    def keeps(self, graph: str) -> bool:
        """Whether a graph is one that the store needs for itself, under whatever name it holds what is public."""
        return self._graphs.is_own(graph)

    def about(self, iri: str) -> list[ox.Quad]:
        """Every quad whose subject is a record or one of its parts, in the public graph or an audience's.

        What public named graphs say of it is no part of it.
        """
        listed = self.public_graphs()
        unlisted = [graph for graph in tuple(self._books.named) if graph not in listed]
        held = self._graphs.seen((), (self._graphs.public, *unlisted))
        found: list[ox.Quad] = []
        pending, seen = [iri], {iri}
        while pending:
            subjects = " ".join(f"<{one}>" for one in pending)
            pending = []
            for quad in self._quads(f"VALUES ?s {{ {subjects} }} ?s ?p ?o", held):
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
        quads = self._quads(f"VALUES ?s {{ {subject} }} ?s ?p ?o", self._all)
        return [(getattr(q.graph_name, "value", None), (subject, str(q.predicate), str(q.object))) for q in quads]

    def subjects_with(self, predicate: str, value: str) -> list[tuple[str | None, str]]:
        """The subjects that have a property with an IRI as its value, all in N-Triples syntax, and the named graphs."""
        rows = self._rows(f"SELECT ?g ?s {{ GRAPH ?g {{ ?s {predicate} {value} }} }}", self._all)
        return [(self._audience(row["g"].value), str(row["s"])) for row in rows]

    def quads_with(self, predicate: str) -> Iterator[ox.Quad]:
        """Every quad with a property, whatever graph holds it."""
        return self._quads(f"VALUES ?p {{ <{predicate}> }} ?s ?p ?o", self._all)

    def count_up_to(self, subject: str | None, predicate: str | None, value: str | None, most: int) -> int:
        """How many quads match terms in N-Triples syntax, up to a number; None for any term."""
        if any(term is not None and term.startswith('"') for term in (subject, predicate)):
            return 0
        pattern = f"{subject or '?s'} {predicate or '?p'} {value or '?o'}"
        counted = f"SELECT ?g {{ GRAPH ?g {{ {pattern} }} }} LIMIT {most}"
        (row,) = self._rows(f"SELECT (COUNT(*) AS ?n) {{ {{ {counted} }} }}", self._all)
        return int(row["n"].value)

    def catalogue_values(self, term: str) -> list[str]:
        """IRIs that the catalogue itself has as values of a property."""
        rows = self._rows(f"SELECT ?o {{ <{CATALOGUE}> <{term}> ?o }}", self._public)
        return sorted(str(row["o"].value) for row in rows)

    def query(
        self,
        text: str,
        *,
        audiences: Sequence[str] = (),
        dataset: Dataset | None = None,
        timeout_s: float = _QUERY_TIMEOUT_S,
        longest: int = _LONGEST_ANSWER,
    ) -> Results:
        """The results of a SPARQL 1.1 query, all of which are here; arguments and errors as of ``results``."""
        with self._answer(text, audiences, dataset, timeout_s, longest) as body:
            return results_from(BytesIO(body.read()), query_form(text))

    @contextmanager
    def results(
        self,
        text: str,
        *,
        audiences: Sequence[str] = (),
        dataset: Dataset | None = None,
        timeout_s: float = _QUERY_TIMEOUT_S,
        longest: int = _LONGEST_ANSWER,
    ) -> Iterator[Results]:
        """The results of a SPARQL 1.1 query over what the audiences may see, to be read while they come.

        Args:
            text: without SERVICE, which ``query_guard`` refuses before.
            audiences: IRIs of the named graphs that the caller may see besides the public ones.
            dataset: the graphs that the request asks for, instead of those of the text; None for neither.
            timeout_s: seconds until all of the answer is there.
            longest: bytes that the answer of the engine may have.

        Raises:
            EngineLacks: the engine does not have what the query needs.
            QueryInvalid: it does not parse or cannot be evaluated.
            QueryTimedOut: the time has passed.
            QueryTooLarge: the answer is longer.
            EngineFailed: the engine cannot be reached.
        """
        with self._answer(text, audiences, dataset, timeout_s, longest) as body:
            yield results_from(body, query_form(text))

    @contextmanager
    def _answer(
        self, text: str, audiences: Sequence[str], dataset: Dataset | None, timeout_s: float, longest: int
    ) -> Iterator[OriginalBody]:
        form = query_form(text)
        dataset = dataset or dataset_of(text)
        if dataset is None:
            text = without_default_names(text)
        visible = dict.fromkeys([*audiences, *self.public_graphs()])
        hides = any(graph not in visible for graph in tuple(self._books.named))
        asked, before = remote_text(text, self.engine, hides=hides)
        accept = JSON if form in ("SELECT", "ASK") else N_TRIPLES
        seen = self._graphs.view(audiences, visible, dataset)
        try:
            with self._endpoint.opened(asked, seen, accept=accept, timeout_s=timeout_s, longest=longest) as body:
                yield OriginalBody(body.read, self.engine.aliases)
        except EngineTooSlow as cause:
            raise QueryTimedOut(f"the query was not answered before its deadline: {cause}") from cause
        except EngineRefused as cause:
            if cause.status in (401, 403, 404):
                raise
            raise QueryInvalid(told(cause.said, text, before)) from cause

    def __len__(self) -> int:
        (row,) = self._rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", self._all)
        return int(row["n"].value)

    @property
    def _public(self) -> Dataset:
        return self._graphs.seen((self._graphs.public,), ())

    @property
    def _all(self) -> Dataset:
        return self._graphs.seen((), (self._graphs.public, *self._books.named))

    def _quads(self, pattern: str, dataset: Dataset) -> Iterator[ox.Quad]:
        for row in self._rows(f"SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ {pattern} }} }}", dataset):
            name = row["g"].value
            graph = ox.DefaultGraph() if name == self._graphs.public else ox.NamedNode(name)
            yield ox.Quad(row["s"], row["p"], row["o"], graph)

    def _audience(self, graph: str) -> str | None:
        return None if graph == self._graphs.public else graph

    def _rows(self, text: str, dataset: Dataset) -> list[ox.QuerySolution]:
        aliases = self.engine.aliases
        return rows_of(aliases.original(self._endpoint.looked_up(aliases.stored(text), dataset)))

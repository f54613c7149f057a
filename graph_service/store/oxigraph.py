"""The graph in an embedded Oxigraph store.

Public triples stand in the default graph, those of a restricted data set in the
named graph of its audience. A query sees the default graph and the audiences of
its caller, merged, and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from graph_service.errors import StatementsInvalid, StorageFailed, StoreInUse
from graph_service.store.dataset import LISTS
from graph_service.store.evaluation import Results, results_of
from graph_service.store.joined import Joined
from ontology import terms
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement

log = logging.getLogger(__name__)

_CATALOGUE = ox.NamedNode(CATALOGUE)
_CHANGE = ox.NamedNode(terms.CHANGE_NUMBER)
_LISTS = ox.NamedNode(LISTS)
_FEW = 16
"""Quads that are counted sooner than the engine begins to."""

StatementsByAudience = Mapping[str | None, Sequence[Statement | str]]
"""Statements by the named graph that holds them; None for the public default graph."""


class OxigraphStore:
    """One store in a folder, open for reading and writing by this process alone."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> "OxigraphStore":
        """The store in a folder, which is made where it is missing.

        Raises:
            StoreInUse: another process has it open for writing.
            StorageFailed: the folder cannot be read or written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(folder)))
        except OSError as cause:
            if "lock" in str(cause).lower():
                raise StoreInUse(f"{folder}: another process has this data directory open") from cause
            raise StorageFailed(f"{folder}: {cause}") from cause

    @classmethod
    def open_read_only(cls, folder: Path, *, attempts: int = 5) -> "OxigraphStore":
        """The store in a folder as it stands now, whoever writes it meanwhile.

        A writer merges files. One that goes while the store is being opened looks like a
        corruption to the engine, and is not looked for when it is opened again.

        Raises:
            StorageFailed: the folder cannot be read.
        """
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, RuntimeError) as cause:
            if isinstance(cause, OSError) or attempts == 1:
                raise StorageFailed(f"{folder}: {cause}") from cause
            return cls.open_read_only(folder, attempts=attempts - 1)

    @classmethod
    def in_memory(cls) -> "OxigraphStore":
        """A store that lives as long as the object."""
        return cls(ox.Store())

    def change_number(self) -> int:
        """Number of the last change that was written, 0 for an empty store."""
        with _failures_named():
            for quad in self._store.quads_for_pattern(_CATALOGUE, _CHANGE, None, ox.DefaultGraph()):
                return int(quad.object.value)  # type: ignore[union-attr]  # always a literal
        return 0

    def about(self, iri: str) -> list[ox.Quad]:
        """Every quad whose subject is a record or one of its parts, in the public graph or an audience's.

        What public named graphs say of it is no part of it.
        """
        found: list[ox.Quad] = []
        pending = [ox.NamedNode(iri)]
        seen = {iri}
        with _failures_named():
            while pending:
                for quad in self._store.quads_for_pattern(pending.pop(), None, None, None):
                    if isinstance(quad.graph_name, ox.NamedNode) and self._is_listed(quad.graph_name):
                        continue
                    found.append(quad)
                    part = quad.object
                    if isinstance(part, ox.NamedNode) and part.value.startswith(iri + "#") and part.value not in seen:
                        seen.add(part.value)
                        pending.append(part)
        return found

    def _is_listed(self, graph: ox.NamedNode) -> bool:
        return ox.Quad(_CATALOGUE, _LISTS, graph, ox.DefaultGraph()) in self._store

    def subjects_of_type(self, class_iri: str) -> list[str]:
        """IRIs of everything that is stated to be of a class, in any graph."""
        pattern = (None, ox.NamedNode(terms.TYPE), ox.NamedNode(class_iri), None)
        with _failures_named():
            return sorted({str(quad.subject.value) for quad in self._store.quads_for_pattern(*pattern)})  # type: ignore[union-attr]  # records have IRIs

    def statements_of(self, subject: str) -> list[tuple[str | None, Statement]]:
        """Every statement with a subject in N-Triples syntax, and the named graph that holds it."""
        with _failures_named():
            quads = list(self._store.quads_for_pattern(_node(subject), None, None, None))
        return [(getattr(q.graph_name, "value", None), (subject, str(q.predicate), str(q.object))) for q in quads]

    def subjects_with(self, predicate: str, value: str) -> list[tuple[str | None, str]]:
        """The subjects that have a property with an IRI as its value, all in N-Triples syntax, and the named graphs."""
        with _failures_named():
            quads = list(self._store.quads_for_pattern(None, _node(predicate), _node(value), None))
        return [(getattr(q.graph_name, "value", None), str(q.subject)) for q in quads]

    def quads_with(self, predicate: str) -> Iterator[ox.Quad]:
        """Every quad with a property, whatever graph holds it, read as they are asked for."""
        with _failures_named():
            yield from self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)

    def count_up_to(self, subject: str | None, predicate: str | None, value: str | None, most: int) -> int:
        """How many quads match terms in N-Triples syntax, up to a number; None for any term.

        More than a few are counted by the engine itself, which takes a tenth of the time (measured) and lets
        other threads go on; it counts once what stands in several graphs.
        """
        first, second, third = (None if term is None else _term(term) for term in (subject, predicate, value))
        if isinstance(first, ox.Literal) or isinstance(second, ox.Literal):
            return 0
        with _failures_named():
            quads = self._store.quads_for_pattern(first, second, third, None)  # type: ignore[arg-type]  # IRIs both
            few = sum(1 for _ in islice(quads, min(most, _FEW)))
            if few < _FEW or most == _FEW:
                return few
            terms_of = zip(("?s", "?p", "?o"), (first, second, third), strict=True)
            return self._counted(" ".join(name if term is None else str(term) for name, term in terms_of), most)

    def _counted(self, pattern: str, most: int) -> int:
        text = f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT * {{ {pattern} }} LIMIT {most} }} }}"
        found = self._store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions), "it is a SELECT"
        return int(next(found)["n"].value)

    def catalogue_values(self, term: str) -> list[str]:
        """IRIs that the catalogue itself has as values of a property."""
        with _failures_named():
            quads = list(self._store.quads_for_pattern(_CATALOGUE, ox.NamedNode(term), None, ox.DefaultGraph()))
        return sorted(str(quad.object.value) for quad in quads)  # type: ignore[union-attr]  # IRIs

    def apply(self, *, change: int, remove: StatementsByAudience, add: StatementsByAudience) -> None:
        """Remove and add statements and set the change number.

        The change number is the commit: a reader of the journal takes back what a
        killed process had added under a number that the graph never reached. A large
        change that only adds, to one graph, goes through the bulk loader, which was measured four
        times faster than an update and hands its files to the engine in one step.

        Raises:
            StorageFailed: the disk refused; the change number is as before.
            StatementsInvalid: a term is not RDF; nothing was changed.
        """
        removed, added = _blocks(remove), _blocks(add)
        try:
            with _failures_named():
                # Of several loads the second may find a fault when the first has been written.
                if not removed and len(added) == 1 and sum(map(len, added.values())) > _BULK_BYTES:
                    self._load(*added.popitem())
                self._store.update(_update_text(change, removed, added))
        except (SyntaxError, ValueError) as cause:
            raise StatementsInvalid(f"the graph does not take the statements: {cause}") from cause

    def _load(self, audience: str | None, text: str) -> None:
        graph = ox.NamedNode(audience) if audience else ox.DefaultGraph()
        # Lenient leaves out a second look at each IRI, a fifth of the time; ontology.literals has looked.
        self._store.bulk_load(text.encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

    def forget(self, iri: str) -> None:
        """Remove a record and its parts outside any change: what a killed process has left half done."""
        quads = self.about(iri)
        with _failures_named():
            for quad in quads:
                self._store.remove(quad)

    def query(self, text: str | Joined, *, audiences: Sequence[str] = ()) -> Results:
        """The results of a SPARQL 1.1 query over what the audiences may see.

        Args:
            text: without SERVICE and FROM, which ``query_guard`` refuses before; or two queries that are to be joined.
            audiences: IRIs of the named graphs that the caller may see besides the public one.

        Raises:
            QueryInvalid: it does not parse or cannot be evaluated.
        """
        if isinstance(text, Joined):
            return text.results(self._store, audiences)
        return results_of(self._store, text, audiences)

    def backup(self, folder: Path) -> None:
        """Make a copy of the store as it stands, of hard links where the folder is on the same file system.

        Raises:
            StorageFailed: the folder exists already or cannot be written, or the store is in memory.
        """
        try:
            self._store.backup(str(folder))
        except (OSError, RuntimeError) as cause:
            raise StorageFailed(f"{folder}: {cause}") from cause

    def __len__(self) -> int:
        return len(self._store)

    def close(self) -> None:
        """Give the folder back, so that another process may open the store; nothing acknowledged is lost."""
        try:
            self._store.flush()
        except OSError as cause:
            # On a full disk: what was acknowledged is in the engine's own log, and read from there when next opened.
            log.info("the store was shut without being flushed: %s", cause)
        # The engine gives the folder back with the last reference to the store.
        del self._store


def _term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    quads = ox.parse(f"<a:a> <a:a> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple = next(iter(quads)).object
    return term


def _node(term: str) -> ox.NamedNode:
    return ox.NamedNode(term[1:-1])


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise StorageFailed(f"the graph cannot be read or written: {cause}") from cause


_BULK_BYTES = 1_000_000
"""Length of the N-Triples from which the bulk loader is worth its files; about 8,000 statements."""


def _blocks(statements: StatementsByAudience) -> dict[str | None, str]:
    """N-Triples by audience, without the empty ones."""
    return {audience: n_triples(group) for audience, group in statements.items() if group}


def n_triples(group: Iterable[Statement | str]) -> str:
    """Statements as N-Triples; a text among them is N-Triples already."""
    return "".join([one if isinstance(one, str) else f"{one[0]} {one[1]} {one[2]} .\n" for one in group])


def _update_text(change: int, removed: Mapping[str | None, str], added: Mapping[str | None, str]) -> str:
    counter = f"<{CATALOGUE}> <{terms.CHANGE_NUMBER}>"
    return "".join(
        [
            f"DELETE DATA {{ {counter} {change - 1} .\n", *map(_in_graph, removed.items()), "} ;\n",
            f"INSERT DATA {{ {counter} {change} .\n", *map(_in_graph, added.items()), "}",
        ]
    )  # fmt: skip


def _in_graph(block: tuple[str | None, str]) -> str:
    audience, text = block
    return f"GRAPH <{audience}> {{ {text} }}\n" if audience else text

"""The one way into the catalogue: documents, then the graph with the change number, then the index.

A batch is applied whole or not at all, twice is the same as once, and a kill at
any instant loses nothing that was acknowledged: documents and journal are kept
before the graph is written, the graph's change number is the commit, what a killed
process had loaded without reaching it is taken back, and an index that is behind
it is caught up from the journal.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Triple

from graph_service.errors import NotFound, StatementsInvalid
from graph_service.index.rows import Row, row
from graph_service.index.sqlite import Known, SQLiteIndex
from graph_service.store.documents import DocumentStore, StoredDocument, Touched
from graph_service.store.oxigraph import OxigraphStore, n_triples
from ingest.document import Document
from ontology import terms
from ontology.identifiers import CATALOGUE, document_digest, document_iri
from ontology.literals import iri_term
from ontology.loader import published_iris, turtle_triples
from ontology.records import Collection, Primary, Reference
from ontology.triples import Statement, record_from, statements

_RECORD_CLASSES = (
    terms.SCENE, terms.PRODUCT_COLLECTION, terms.CONCEPT, terms.CONSTELLATION, terms.SATELLITE, terms.INSTRUMENT,
    terms.GRID_TILE, terms.ML_MODEL, terms.ANOMALY_RULE,
)  # fmt: skip

StacDocument = Callable[[Primary, bytes | None], tuple[bytes, bytes]]
"""STAC body without links, and the links it keeps, from a record and its source document (None: there is none)."""


_Audienced = list[tuple[Reference, str | None]]
_Statements = dict[str | None, list[Statement | str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to write, with what it points to and what it was made from."""

    record: Primary
    references: tuple[Reference, ...] = ()
    documents: tuple[StoredDocument, ...] = ()
    """The last one is the record's ``document``."""
    audience: str | None = None
    """IRI of the named graph of a restricted data set; None for public."""
    origin: Document | None = None
    """The document as it came, from which another process can make the entry again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with everything that can be made of it without looking into a store."""

    entry: Entry
    lines: str
    """N-Triples of the record."""
    row: Row


@dataclass(frozen=True, slots=True)
class Batch:
    """What one change writes and deletes."""

    entries: tuple[Entry | Prepared, ...] = ()
    deletions: tuple[str, ...] = ()
    """IRIs of records."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was written."""

    number: int
    known_before: frozenset[str]
    """IRIs of the records that it replaced or deleted."""


class Catalogue:
    """Graph, documents and index of one data directory, written through this object alone."""

    def __init__(
        self, graph: OxigraphStore, documents: DocumentStore, index: SQLiteIndex, stac_document: StacDocument
    ) -> None:
        self.graph = graph
        self.documents = documents
        self.index = index
        self._stac_document = stac_document
        self._lock = threading.Lock()
        self.catch_up()

    def prepare(self, entry: Entry) -> Prepared:
        """Do the part of writing an entry that needs no store, while another batch is being written.

        Raises:
            RecordInvalid: an IRI in the record is none.
        """
        document = entry.documents[-1].content if entry.documents else None
        row = self._row(entry.record, entry.audience, document)
        return Prepared(entry, n_triples(statements(entry.record)), row)

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records, all or nothing.

        Raises:
            NotFound: a record to delete does not exist; nothing was changed.
            RecordInvalid: an IRI in a record is none; nothing was changed.
            StatementsInvalid: the graph does not take a record; nothing was changed.
            StorageFailed: a store refused. Before the graph was written nothing has
                changed; after it the change stands and the index catches up with the next
                change or when next opened.
        """
        prepared = [one if isinstance(one, Prepared) else self.prepare(one) for one in _last_of_each(batch.entries)]
        with self._lock:
            self._settle()
            change = self.graph.change_number() + 1
            entries = [one.entry for one in prepared]
            known = self._known_before(entries, batch.deletions)
            references = self._new_references(entries)
            remove, add = self._difference(prepared, batch.deletions, references, known)
            rows = [one.row for one in prepared] + self._collection_rows(references)
            self.documents.keep(change, (d for e in entries for d in e.documents), _touched(entries, batch, references))
            try:
                self.graph.apply(change=change, remove=remove, add=add)
            except StatementsInvalid:
                self._take_back()
                raise
            self.index.apply(
                change,
                rows=rows,
                references=[(r.iri, audience) for r, audience in references if not isinstance(r, Collection)],
                gone=batch.deletions,
            )
            return Applied(change, frozenset(known))

    def _known_before(self, entries: Sequence[Entry], deletions: Sequence[str]) -> dict[str, Known]:
        known = self.index.known_among([e.record.iri for e in entries] + list(deletions))
        if missing := [iri for iri in deletions if iri not in known]:
            raise NotFound(f"{missing[0]}: no such record")
        return known

    def _collection_rows(self, references: _Audienced) -> list[Row]:
        return [self._row(r, audience, None) for r, audience in references if isinstance(r, Collection)]

    def _new_references(self, entries: Iterable[Entry]) -> _Audienced:
        """Reference records that are not written yet, or that a public record now makes public."""
        own = {e.record.iri for e in entries}
        wanted: dict[str, tuple[Reference, str | None]] = {}
        for entry in entries:
            for reference in entry.references:
                kept = wanted.get(reference.iri)
                if reference.iri not in own and (kept is None or entry.audience is None):
                    wanted[reference.iri] = (reference, entry.audience)
        return [(r, audience) for r, audience in wanted.values() if self._is_news(r, audience)]

    def _is_news(self, reference: Reference, audience: str | None) -> bool:
        if isinstance(reference, Collection):
            known = self.index.known(reference.iri)
            # A described collection stays as its own document has it.
            return known is None or (known.document is None and known.audience is not None and audience is None)
        written = self.index.reference(reference.iri)
        return written is None or (written[0] is not None and audience is None)

    def _difference(
        self, prepared: Sequence[Prepared], deletions: Sequence[str], references: _Audienced, known: Mapping[str, Known]
    ) -> tuple[_Statements, _Statements]:
        remove: _Statements = {}
        add: _Statements = {}
        for iri in (*deletions, *(one.row.iri for one in prepared if one.row.iri in known)):
            self._collect(iri, remove)
        for one in prepared:
            add.setdefault(one.entry.audience, []).append(one.lines)
        for reference, audience in references:
            if isinstance(reference, Collection) or self.index.reference(reference.iri) is not None:
                self._collect(reference.iri, remove)
            add.setdefault(audience, []).extend(statements(reference))
        return remove, add

    def _collect(self, iri: str, into: _Statements) -> None:
        for quad in self.graph.about(iri):
            audience = getattr(quad.graph_name, "value", None)
            statement = (str(quad.subject), str(quad.predicate), str(quad.object))
            into.setdefault(audience, []).append(statement)

    def _row(self, record: Primary, audience: str | None, document: bytes | None) -> Row:
        stac, links = self._stac_document(record, document)
        return row(record, audience=audience, stac=stac, links=links)

    def publish_ontology(self, turtle: str, triples: Iterable[Triple]) -> bool:
        """Keep the ontology's own triples in the public graph, and return whether they were news.

        Axioms over lists have blank nodes, which no later version could take back; they
        stay in the published modules.

        Args:
            turtle: the modules as published, kept as a document.
            triples: of the modules.
        """
        document = StoredDocument(hashlib.sha256(turtle.encode()).hexdigest(), "text/turtle", turtle.encode())
        own = (iri_term(CATALOGUE), iri_term(terms.SOURCE_DOCUMENT), iri_term(document_iri(document.digest)))
        with self._lock:
            self._settle()
            before = [quad for quad in self.graph.about(CATALOGUE) if quad.predicate.value == terms.SOURCE_DOCUMENT]
            if any(str(quad.object) == own[2] for quad in before):
                return False
            remove = [(str(q.subject), str(q.predicate), str(q.object)) for q in before]
            for quad in before:
                remove += _ground(self._old_ontology(str(quad.object.value)))  # type: ignore[union-attr]  # an IRI
            change = self.graph.change_number() + 1
            self.documents.keep(change, [document], [])
            self.graph.apply(change=change, remove={None: remove}, add={None: [own, *_ground(triples)]})
            self.index.apply(change, rows=())
        return True

    def _old_ontology(self, iri: str) -> list[Triple]:
        found = self.documents.content(document_digest(iri))
        return [] if found is None else turtle_triples(found[1])

    def catch_up(self) -> None:
        """Bring the index to the graph's change number, from the journal of what was touched since."""
        with self._lock:
            self._settle()

    def _settle(self) -> None:
        """Make good what a killed process, or a store that refused in the middle of a change, has left."""
        self._take_back()
        behind, now = self.index.change_number(), self.graph.change_number()
        if behind > now:
            # The graph was put back to an older copy, and the journal does not say what the index has besides.
            self._refresh(now, self._recorded(), afresh=True)
        elif behind != now:
            self._refresh(now, self.documents.touched_after(behind, now))

    def _take_back(self) -> None:
        """Remove what was loaded under a change number that the graph never reached."""
        reached = self.graph.change_number()
        for iri in self.documents.left_half_done(reached):
            self.graph.forget(iri)
        self.documents.forget_after(reached)

    def rebuild(self) -> int:
        """Make the index again from graph and documents, and return how many products and collections it holds."""
        with self._lock:
            self._take_back()
            iris = self._recorded()
            return self._refresh(self.graph.change_number(), iris, afresh=True)

    def _recorded(self) -> list[str]:
        """IRIs of every record in the graph, without what the published ontology describes."""
        found = {iri for class_iri in _RECORD_CLASSES for iri in self.graph.subjects_of_type(class_iri)}
        written = self.documents.touched_after(0, self.graph.change_number())
        return sorted(found - (published_iris() - set(written)))

    def _refresh(self, change: int, iris: Iterable[str], *, afresh: bool = False) -> int:
        rows: list[Row] = []
        references: list[tuple[str, str | None]] = []
        gone: list[str] = []
        for iri in iris:
            quads = self.graph.about(iri)
            if not quads:
                gone.append(iri)
                continue
            record = record_from(iri, quads)
            audience = getattr(quads[0].graph_name, "value", None)
            if isinstance(record, Primary):
                rows.append(self._row(record, audience, self._main_document(record)))
            elif isinstance(record, Reference):
                references.append((iri, audience))
        self.index.apply(change, rows=rows, references=references, gone=gone, afresh=afresh)
        return len(rows)

    def _main_document(self, record: Primary) -> bytes | None:
        found = None if record.document is None else self.documents.content(record.document)
        return None if found is None else found[1]

    def close(self) -> None:
        """Everything acknowledged is on the disk; the object is of no further use."""
        self.graph.close()
        self.documents.close()
        self.index.close()


def _ground(triples: Iterable[Triple]) -> list[Statement]:
    """The triples that have no blank node, as statements."""
    return [
        (str(t.subject), str(t.predicate), str(t.object))
        for t in triples
        if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)
    ]


def _touched(entries: Sequence[Entry], batch: Batch, references: _Audienced) -> list[Touched]:
    deleted = [Touched(iri, None, deleted=True) for iri in batch.deletions]
    # A record that the batch deletes and writes is there afterwards, so its last note says so.
    written = [Touched(e.record.iri, e.record.document) for e in entries]
    return [*deleted, *written, *(Touched(r.iri, None) for r, _ in references)]


def _last_of_each(entries: Sequence[Entry | Prepared]) -> list[Entry | Prepared]:
    """One entry for each record, the last where a batch has several."""
    return list({_entry(one).record.iri: one for one in entries}.values())


def _entry(one: Entry | Prepared) -> Entry:
    return one.entry if isinstance(one, Prepared) else one

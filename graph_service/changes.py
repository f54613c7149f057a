"""What is asked of a catalogue in one change, and what came of it."""

from dataclasses import dataclass

from graph_service.index.rows import Row
from graph_service.store.documents import StoredDocument
from ingest.document import Document
from ontology.records import Record, Reference
from ontology.related import Related
from ontology.triples import Statement


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to write, with what it points to and what it was made from."""

    record: Record | Related
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
    facts: tuple[Statement, ...]
    """Those of its statements that something can be inferred from."""
    row: Row | None
    """None for a record that the index keeps by name alone."""


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

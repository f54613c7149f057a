"""What is asked of a catalogue in one change, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.errors import ChangedMeanwhile, RecordExists
from graph_service.index.rows import Row
from graph_service.index.sqlite import Known
from graph_service.store.documents import StoredDocument, Touched
from ingest.document import Document
from ontology.records import Primary, Record, Reference
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
    expected: Mapping[str, Known | None] = field(default_factory=dict)
    """What some of these records have to be when the change is made, by IRI; None: there may be none."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was written."""

    number: int
    known_before: frozenset[str]
    """IRIs of the records that it replaced or deleted."""


def ensure_expected(expected: Mapping[str, Known | None], known: Mapping[str, Known]) -> None:
    """Pass records that are what a change takes them to be.

    Args:
        expected: as of a batch.
        known: what they are, by IRI.

    Raises:
        RecordExists: one is there that should not be.
        ChangedMeanwhile: one has become another, or is gone.
    """
    for iri, before in expected.items():
        now = known.get(iri)
        if before is None and now is not None:
            raise RecordExists(f"{now.identifier}: is there already")
        if before != now:
            raise ChangedMeanwhile(f"{iri}: has been changed since it was read; read it again")


def touched(entries: Iterable[Entry], deletions: Iterable[str], references: Iterable[str]) -> list[Touched]:
    """What the journal notes of a change."""
    deleted = [Touched(iri, None, deleted=True) for iri in deletions]
    # A record that the batch deletes and writes is there afterwards, so its last note says so.
    written = [Touched(e.record.iri, _document_of(e)) for e in entries]
    return [*deleted, *written, *(Touched(iri, None) for iri in references)]


def _document_of(entry: Entry) -> str | None:
    if isinstance(entry.record, Primary):
        return entry.record.document
    return entry.documents[-1].digest if entry.documents else None


def last_of_each(entries: Sequence[Entry | Prepared]) -> list[Entry | Prepared]:
    """One entry for each record, the last where a batch has several."""
    return list({_entry(one).record.iri: one for one in entries}.values())


def _entry(one: Entry | Prepared) -> Entry:
    return one.entry if isinstance(one, Prepared) else one

"""Source documents, verbatim, by their SHA-256; and the journal of what each change touched.

One SQLite file, because a batch of documents and its journal entry then reach the
disk together with one synchronisation. Documents are compressed with zstd and are
never removed: a replaced record's older documents stay in its history.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import zstandard

from graph_service.errors import StorageFailed
from ingest.document import Part

_DELETED = b""
"""What the journal has for a digest where a record was deleted; NULL is a record without a document."""

BUNDLE = "application/vnd.orrery.bundle+json"
"""Media type of a document that lists the parts of a document with several files."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (digest BLOB PRIMARY KEY, media_type TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
    change_number INTEGER NOT NULL, iri TEXT NOT NULL, digest BLOB, PRIMARY KEY (change_number, iri)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS journal_iri ON journal (iri, change_number);
"""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document ready to be kept."""

    digest: str
    """SHA-256 of the content, lower-case hexadecimal."""
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that a change writes or deletes."""

    iri: str
    digest: str | None
    """Of the document that it is made from; None for a deletion or a record without one."""
    deleted: bool = False


def stored(parts: Sequence[Part], *, media_type: str) -> tuple[StoredDocument, ...]:
    """What to keep of a document's parts; the last one names the whole.

    A document of one part is kept as it is; of several, each is kept and a list of
    their names and digests beside them.
    """
    kept = tuple(StoredDocument(part.digest, media_type, part.content) for part in parts)
    if len(kept) == 1:
        return kept
    listing = orjson.dumps({"parts": {part.name: one.digest for part, one in zip(parts, kept, strict=True)}})
    return (*kept, StoredDocument(hashlib.sha256(listing).hexdigest(), BUNDLE, listing))


class DocumentStore:
    """Documents and journal in one file; any number of threads, one writing process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._compress = zstandard.ZstdCompressor(level=3).compress
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as cause:
            raise StorageFailed(f"{path}: {cause}") from cause

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                with self._connection:  # commits, or rolls back on any error
                    yield self._connection
            except sqlite3.Error as cause:
                raise StorageFailed(f"{self._path}: {cause}") from cause

    def keep(self, change: int, documents: Iterable[StoredDocument], touched: Iterable[Touched]) -> None:
        """Keep documents and note what a coming change touches, all or nothing.

        A note under the same number, left by a change that never reached the graph, is dropped.
        """
        bodies = [(bytes.fromhex(d.digest), d.media_type, self._compress(d.content)) for d in documents]
        notes = [(change, t.iri, _noted(t)) for t in touched]
        with self._transaction() as connection:
            connection.execute("DELETE FROM journal WHERE change_number >= ?", (change,))
            connection.executemany("INSERT OR IGNORE INTO document VALUES (?, ?, ?)", bodies)
            connection.executemany("INSERT OR REPLACE INTO journal VALUES (?, ?, ?)", notes)

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.Error as cause:
                raise StorageFailed(f"{self._path}: {cause}") from cause

    def touched_after(self, change: int, until: int) -> list[str]:
        """IRIs of the records that the changes after one and up to another touched."""
        statement = "SELECT DISTINCT iri FROM journal WHERE change_number > ? AND change_number <= ?"
        return [str(iri) for (iri,) in self._rows(statement, (change, until))]

    def standing(self) -> list[str]:
        """IRIs that are noted without a document and were not deleted since: records, and subjects that are none."""
        statement = (
            "SELECT iri FROM journal AS late WHERE digest IS NULL AND change_number = "
            "(SELECT max(change_number) FROM journal WHERE iri = late.iri)"
        )
        return [str(iri) for (iri,) in self._rows(statement, ())]

    def left_half_done(self, change: int) -> list[str]:
        """IRIs that are noted under a later change than one and that did not exist after that one."""
        statement = (
            "SELECT DISTINCT iri FROM journal AS late WHERE change_number > ? AND coalesce("
            "(SELECT coalesce(digest, x'00') = x'' FROM journal WHERE iri = late.iri AND change_number <= ? "
            "ORDER BY change_number DESC LIMIT 1), TRUE)"
        )
        return [str(iri) for (iri,) in self._rows(statement, (change, change))]

    def forget_after(self, change: int) -> None:
        """Drop the notes of changes that the graph never reached."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM journal WHERE change_number > ?", (change,))

    def history(self, iri: str) -> list[tuple[int, str | None]]:
        """Change numbers and document digests of a record, oldest first; a deletion has no digest."""
        statement = "SELECT change_number, digest FROM journal WHERE iri = ? ORDER BY change_number"
        return [
            (int(str(n)), d.hex() if isinstance(d, bytes) and d else None) for n, d in self._rows(statement, (iri,))
        ]

    def content(self, digest: str) -> tuple[str, bytes] | None:
        """Media type and content of a document; None where there is none with this digest.

        Raises:
            StorageFailed: it cannot be read, or is no longer what was kept.
        """
        statement = "SELECT media_type, body FROM document WHERE digest = ?"
        for media_type, body in self._rows(statement, (bytes.fromhex(digest),)):
            assert isinstance(body, bytes)
            return str(media_type), self._verbatim(digest, body)
        return None

    def _verbatim(self, digest: str, body: bytes) -> bytes:
        try:
            content = zstandard.ZstdDecompressor().decompress(body)
        except zstandard.ZstdError as cause:
            raise StorageFailed(f"{self._path}: document {digest} is damaged: {cause}") from cause
        if hashlib.sha256(content).digest() != bytes.fromhex(digest):
            raise StorageFailed(f"{self._path}: document {digest} is damaged: it has another digest")
        return content

    def has(self, digest: str) -> bool:
        """Whether a document is kept."""
        return bool(self._rows("SELECT 1 FROM document WHERE digest = ?", (bytes.fromhex(digest),)))

    def parts(self, digest: str) -> tuple[Part, ...] | None:
        """The files of a document by name; one nameless part where it is a single file."""
        found = self.content(digest)
        if found is None:
            return None
        media_type, content = found
        if media_type != BUNDLE:
            return (Part("", content),)
        listing: dict[str, str] = orjson.loads(content)["parts"]
        bodies = {name: self.content(part) for name, part in listing.items()}
        return tuple(Part(name, body[1]) for name, body in sorted(bodies.items()) if body is not None)

    def count(self) -> int:
        """Number of documents kept, older versions included."""
        return int(str(self._rows("SELECT count(*) FROM document", ())[0][0]))

    def close(self) -> None:
        """Nothing can be read or kept afterwards."""
        self._connection.close()


def _noted(touched: Touched) -> bytes | None:
    if touched.deleted:
        return _DELETED
    return bytes.fromhex(touched.digest) if touched.digest else None

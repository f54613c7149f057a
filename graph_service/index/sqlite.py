"""The search index in one SQLite file: a projection that can always be made again.

It remembers the number of the last change it has applied, so that it can catch up
with the graph after a crash.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import StorageFailed
from graph_service.index.filters import Concept, Filter
from graph_service.index.geometries import (
    GeometryChange,
    geometry_change_number,
    prepare_geometries,
    write_geometries,
)
from graph_service.index.properties import PROPERTIES, property_named
from graph_service.index.rows import Row
from graph_service.index.sql import Condition, condition, is_local, numbers
from graph_service.index.writing import MOST_VALUES, forget, forget_all, write
from ontology.identifiers import short_name

_TYPES = {"text": "TEXT", "number": "REAL", "time": "REAL"}
_COLUMNS = ", ".join(f"{p.column} {_TYPES[p.kind]}" for p in PROPERTIES)
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS state (change_number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reference (iri TEXT PRIMARY KEY, audience TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collection (
    iri TEXT PRIMARY KEY, id TEXT NOT NULL, audience TEXT, fingerprint TEXT, document TEXT,
    stac BLOB NOT NULL, links BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scene (
    row INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, audience TEXT, fingerprint TEXT, document TEXT, {_COLUMNS},
    first_instant REAL NOT NULL, last_instant REAL NOT NULL, footprint BLOB NOT NULL, parts INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS stac (row INTEGER PRIMARY KEY, body BLOB NOT NULL, links BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS scene_fingerprint ON scene (fingerprint);
CREATE INDEX IF NOT EXISTS collection_fingerprint ON collection (fingerprint);
CREATE INDEX IF NOT EXISTS scene_newest ON scene (datetime DESC, row DESC);
CREATE INDEX IF NOT EXISTS scene_collection ON scene (collection, datetime DESC, row DESC);
CREATE INDEX IF NOT EXISTS scene_id ON scene (id, collection, datetime DESC, row DESC);
CREATE INDEX IF NOT EXISTS scene_anomaly ON scene (anomaly_type, datetime DESC, row DESC)
    WHERE anomaly_type IS NOT NULL;
CREATE VIRTUAL TABLE IF NOT EXISTS box USING rtree(part, west, east, south, north, +scene_row INTEGER);
CREATE TABLE IF NOT EXISTS concept (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS scene_concept (
    concept INTEGER NOT NULL, scene_row INTEGER NOT NULL, PRIMARY KEY (concept, scene_row)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS concepts_of_scene ON scene_concept (scene_row, concept);
INSERT INTO state SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM state);
"""
_MAPPED = 1 << 30
"""Bytes of the file that are read in place: of thousands of geometries it takes two thirds of the time (measured)."""
_RARE = 3000
"""Scenes of a concept that are sooner sorted than met with, from the newest on, among 60,000."""
_NEWEST_FIRST = "ORDER BY scene.datetime DESC, scene.row DESC"
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Known:
    """A record that the index holds."""

    iri: str
    identifier: str
    audience: str | None
    fingerprint: str | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A STAC document of a search, in the parts from which it is served."""

    iri: str
    identifier: str
    collection: str
    body: bytes
    """JSON object without links."""
    links: bytes
    """JSON array of the links that it keeps."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list of scenes, newest first: after the scene with this time and row."""

    seconds: float
    row: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the scenes that a filter finds, newest first."""

    found: tuple[Found, ...]
    after: Position | None
    """Where the next page starts; None when this is the last."""


@lru_cache(maxsize=32)
def _prepared(area: bytes, thread: int) -> BaseGeometry:
    # One for each thread: a prepared geometry builds its index at first use, which two threads must not do at once.
    del thread
    geometry: BaseGeometry = shapely.from_wkb(area)
    shapely.prepare(geometry)
    return geometry


def _meets(footprint: bytes, area: bytes) -> bool:
    return bool(_prepared(area, threading.get_ident()).intersects(shapely.from_wkb(footprint)))


class SQLiteIndex:
    """The index in one file: one writing process, any number of reading threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._write_lock = threading.Lock()
        with self._failures_named():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection().executescript(_SCHEMA)
            prepare_geometries(self._connection())

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            raise StorageFailed(f"{self._path}: {cause}") from cause

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=30, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            # The graph is the truth: what a power cut takes from the index is caught up from the journal.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
            connection.create_function("meets", 2, _meets, deterministic=True)
            self._local.connection = connection
        return connection

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self._failures_named():
            return self._connection().execute(statement, tuple(values)).fetchall()

    def change_number(self) -> int:
        """Number of the last change that the index has applied."""
        return int(str(self._rows("SELECT change_number FROM state")[0][0]))

    def apply(
        self,
        change: int,
        *,
        rows: Iterable[Row],
        references: Iterable[tuple[str, str | None]] = (),
        gone: Iterable[str] = (),
        afresh: bool = False,
        geometries: GeometryChange | None = None,
    ) -> None:
        """Take in what a change wrote and deleted, all or nothing.

        Args:
            change: number that the index holds afterwards.
            rows: of the records written, replacing older ones.
            references: IRI and audience of the reference records written that have no row.
            gone: IRIs of the records deleted.
            afresh: forget everything first, but geometries.
            geometries: what it did to statements about them; None where nobody looked, so that they
                are behind from then on, and are surveyed when the catalogue settles.
        """
        with self._write_lock, self._failures_named():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            with connection:  # commits, or rolls back on any error
                if afresh:
                    forget_all(connection)
                for iri in gone:
                    forget(connection, iri)
                write(connection, list(rows))
                connection.executemany("INSERT OR REPLACE INTO reference VALUES (?, ?)", references)
                if geometries is not None:
                    write_geometries(connection, geometries, _change_number(connection), change)
                connection.execute("UPDATE state SET change_number = ?", (change,))

    def geometry_change_number(self) -> int:
        """Number of the last change whose geometries the index has applied."""
        return self.within_one_state(geometry_change_number)

    def within_one_state(self, work: Callable[[sqlite3.Connection], Read]) -> Read:
        """What a function reads, all of it as it stands after one and the same change."""
        with self._failures_named():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.rollback()

    def known(self, iri: str) -> Known | None:
        """The record with an IRI."""
        return self.known_among([iri]).get(iri)

    def known_among(self, iris: Sequence[str]) -> dict[str, Known]:
        """Those of some IRIs that name a record here, with what is known of each."""
        return {one.iri: one for one in (*self._references(iris), *self._known("iri", iris))}

    def _references(self, iris: Sequence[str]) -> Iterator[Known]:
        """Records that have no row of their own."""
        for start in range(0, len(iris), MOST_VALUES):
            some = tuple(iris[start : start + MOST_VALUES])
            statement = f"SELECT iri, audience FROM reference WHERE iri IN ({', '.join('?' * len(some))})"
            for iri, audience in self._rows(statement, some):
                yield Known(str(iri), short_name(str(iri)), None if audience is None else str(audience), None, None)

    def found(self, iri: str) -> Found | None:
        """The STAC document of the scene or collection with an IRI, whoever may see it."""
        statement = (
            "SELECT iri, id, collection, body, links FROM scene JOIN stac USING (row) WHERE iri = ? "
            "UNION ALL SELECT iri, id, id, stac, links FROM collection WHERE iri = ?"
        )
        for found in self._rows(statement, (iri, iri)):
            return Found(*found)  # type: ignore[arg-type]  # as the schema has it
        return None

    def with_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, Known]:
        """The records that were made from documents in exactly these ways, by fingerprint."""
        return {str(one.fingerprint): one for one in self._known("fingerprint", fingerprints)}

    def _known(self, column: str, values: Sequence[str]) -> Iterator[Known]:
        head = "SELECT iri, id, audience, fingerprint, document FROM"
        for start in range(0, len(values), MOST_VALUES):
            some = tuple(values[start : start + MOST_VALUES])
            where = f"WHERE {column} IN ({', '.join('?' * len(some))})"
            statement = f"{head} scene {where} UNION ALL {head} collection {where}"
            for found in self._rows(statement, some * 2):
                yield Known(*found)  # type: ignore[arg-type]  # as the schema has it

    def reference(self, iri: str) -> tuple[str | None] | None:
        """The audience of a reference record other than a collection, in a tuple of one; None where it is unknown."""
        for (audience,) in self._rows("SELECT audience FROM reference WHERE iri = ?", (iri,)):
            return (None if audience is None else str(audience),)
        return None

    def search(
        self, tree: Filter, *, audiences: Sequence[str] = (), limit: int = 10, after: Position | None = None
    ) -> Page:
        """Scenes that a filter finds, newest first, from a position on."""
        where = _visible(condition(tree, self._is_rare), audiences)
        values: tuple[object, ...] = where.values
        text = where.text
        if after is not None:
            text += " AND (scene.datetime, scene.row) < (?, ?)"
            values += (after.seconds, after.row)
        columns = "scene.iri, scene.id, scene.collection, stac.body, stac.links, scene.datetime, scene.row"
        # The documents are looked up at the end: what is sorted before should be small.
        newest = f"SELECT scene.row AS number FROM scene WHERE {text} {_NEWEST_FIRST} LIMIT ?"
        join = f"({newest}) JOIN scene ON scene.row = number JOIN stac ON stac.row = number"
        statement = f"SELECT {columns} FROM {join} {_NEWEST_FIRST}"
        rows = self._rows(statement, (*values, limit + 1))
        found = tuple(Found(*r[:5]) for r in rows[:limit])  # type: ignore[arg-type]  # as the schema has it
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, None if last is None else Position(float(str(last[5])), int(str(last[6]))))

    def count(self, tree: Filter, *, audiences: Sequence[str] = ()) -> int:
        """How many scenes a filter finds."""
        # All have to be counted: to begin with those of the concept is best, unless an area leaves fewer.
        is_rare = self._is_rare if is_local(tree) else lambda _: True
        where = _visible(condition(tree, is_rare), audiences)
        return int(str(self._rows(f"SELECT count(*) FROM scene WHERE {where.text}", where.values)[0][0]))

    def _is_rare(self, concept: Concept) -> bool:
        wanted = numbers(concept.iris)
        some = f"SELECT 1 FROM scene_concept WHERE concept IN ({wanted.text}) LIMIT {_RARE + 1}"
        return int(str(self._rows(f"SELECT count(*) FROM ({some})", wanted.values)[0][0])) <= _RARE

    def audiences(self) -> tuple[str, ...]:
        """Every audience that a record is restricted to."""
        statement = "SELECT audience FROM scene UNION SELECT audience FROM collection"
        return tuple(str(audience) for (audience,) in self._rows(statement) if audience is not None)

    def count_all(self) -> int:
        """How many scenes the index holds, whoever may see them."""
        return int(str(self._rows("SELECT count(*) FROM scene")[0][0]))

    def collections(self, *, audiences: Sequence[str] = ()) -> list[Found]:
        """Every collection, by identifier."""
        where = _visible(Condition("TRUE"), audiences, "collection")
        statement = f"SELECT iri, id, id, stac, links FROM collection WHERE {where.text} ORDER BY id"
        return [Found(*r) for r in self._rows(statement, where.values)]  # type: ignore[arg-type]  # as the schema has it

    def extent(self, collection: str, *, audiences: Sequence[str] = ()) -> "Extent | None":
        """What the scenes of a collection span; None where it has none."""
        where = _visible(Condition("scene.collection = ?", (collection,)), audiences)
        statement = (
            "SELECT count(*), min(first_instant), max(last_instant), min(west), min(south), max(east), max(north) "
            f"FROM scene JOIN box ON box.scene_row = scene.row WHERE {where.text}"
        )
        number, *bounds = self._rows(statement, where.values)[0]
        return Extent(*(float(str(b)) for b in bounds)) if number else None

    def counts(self, column: str, *, audiences: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Number of scenes for each value of a text property, most first; those without are left out."""
        name = property_named(column).column
        where = _visible(Condition(f"scene.{name} IS NOT NULL"), audiences)
        statement = f"SELECT {name}, count(*) FROM scene WHERE {where.text} GROUP BY 1 ORDER BY 2 DESC, 1"
        return [(str(value), int(str(number))) for value, number in self._rows(statement, where.values)]

    def close(self) -> None:
        """The calling thread's connection is given back."""
        self._connection().close()
        del self._local.connection


@dataclass(frozen=True, slots=True)
class Extent:
    """Time and space that scenes span: seconds since 1970 UTC, degrees in CRS84."""

    first: float
    last: float
    west: float
    south: float
    east: float
    north: float


def _change_number(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT change_number FROM state").fetchone()[0])


def _visible(where: Condition, audiences: Sequence[str], table: str = "scene") -> Condition:
    if not audiences:
        return Condition(f"({where.text}) AND {table}.audience IS NULL", where.values)
    marks = ", ".join("?" * len(audiences))
    text = f"({where.text}) AND ({table}.audience IS NULL OR {table}.audience IN ({marks}))"
    return Condition(text, (*where.values, *audiences))

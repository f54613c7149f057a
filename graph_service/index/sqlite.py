"""The search index in one SQLite file: a projection that can always be made again.

It remembers the number of the last change it has applied, so that it can catch up
with the graph after a crash.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from graph_service.index.aggregation import MOST_BUCKETS, Aggregated, Aggregation, Buckets, Frequencies, aggregated
from graph_service.index.file import IndexFile
from graph_service.index.filters import All, Filter
from graph_service.index.geometries import GeometryChange, geometry_change_number, write_geometries
from graph_service.index.paging import NEWEST_FIRST, Found, Page, Position, SortKey
from graph_service.index.properties import property_named
from graph_service.index.reading import number_of, page
from graph_service.index.rows import Row
from graph_service.index.tallies import Extent, extent_of, scenes_by_collection
from graph_service.index.words import labels_in, relabel
from graph_service.index.writing import MOST_VALUES, forget_all, write
from ontology.identifiers import short_name

log = logging.getLogger(__name__)

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Known:
    """A record that the index holds."""

    iri: str
    identifier: str
    audience: str | None
    fingerprint: str | None
    document: str | None


@dataclass(slots=True)
class _Followed:
    """What was written since another index began to be made."""

    iris: dict[str, None]
    geometries: list[GeometryChange | None]


class SQLiteIndex:
    """The index in one file: one writing process, any number of reading threads and processes."""

    def __init__(self, path: Path, *, may_renew: bool = False) -> None:
        """The index in a file, which is made where there is none.

        Args:
            path: of the file.
            may_renew: whether one of another version is exchanged for an empty one, which the catalogue fills.

        Raises:
            StorageFailed: it cannot be read or written, or is of another version.
        """
        self._file = IndexFile(path, may_renew=may_renew)
        self._write_lock = threading.Lock()
        self._followed: _Followed | None = None
        if self._file.was_renewed:
            log.info("the index is of another version, and is made again")

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self._file.failures_named():
            return self._file.connection().execute(statement, tuple(values)).fetchall()

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
        numbers: Mapping[str, int] | None = None,
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
            numbers: of the rows that scenes are to have that are not here yet, by IRI.
        """
        rows, references, gone = list(rows), list(references), list(gone)
        with self._writing() as connection:
            if afresh:
                forget_all(connection)
            write(connection, rows, gone, labels_in(connection), numbers or {})
            connection.executemany("INSERT OR REPLACE INTO reference VALUES (?, ?)", references)
            if self._followed is not None:
                self._followed.iris.update(dict.fromkeys((*(r.iri for r in rows), *(r for r, _ in references), *gone)))
                self._followed.geometries.append(geometries)
            if geometries is not None:
                write_geometries(connection, geometries, _change_number(connection), change)
            connection.execute("UPDATE state SET change_number = ?", (change,))

    def place(self, geometries: Iterable[GeometryChange]) -> None:
        """Take in all statements about geometries, in pieces, as of the change that the index holds."""
        with self._writing() as connection:
            change = _change_number(connection)
            for one in geometries:
                write_geometries(connection, one, change, change)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, which is taken back on any error."""
        with self._write_lock, self._file.failures_named():
            connection = self._file.connection_for_writing()
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    def call(self, labels: Mapping[str, str]) -> None:
        """Let concepts have some names, by which free text finds the scenes that have them.

        Args:
            labels: all names of each concept, in any language, by IRI.
        """
        if self.within_one_state(labels_in) != labels:
            with self._writing() as connection:
                relabel(connection, labels)

    def geometry_change_number(self) -> int:
        """Number of the last change whose geometries the index has applied."""
        return self.within_one_state(geometry_change_number)

    def within_one_state(self, work: Callable[[sqlite3.Connection], Read]) -> Read:
        """What a function reads, all of it as it stands after one and the same change."""
        with self._file.failures_named():
            connection = self._file.connection()
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

    def row_numbers(self, iris: Sequence[str]) -> dict[str, int]:
        """The rows of those of some IRIs that name a scene here, which break ties of every order."""
        found: dict[str, int] = {}
        for start in range(0, len(iris), MOST_VALUES):
            some = tuple(iris[start : start + MOST_VALUES])
            statement = f"SELECT iri, row FROM scene WHERE iri IN ({', '.join('?' * len(some))})"
            found.update((str(iri), int(str(row))) for iri, row in self._rows(statement, some))
        return found

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
        self,
        tree: Filter,
        *,
        audiences: Sequence[str] = (),
        limit: int = 10,
        sort: Sequence[SortKey] = NEWEST_FIRST,
        at: Position | None = None,
    ) -> Page:
        """A page of the scenes that a filter finds.

        Args:
            tree: the filter.
            audiences: IRIs of what restricted data is found.
            limit: scenes on the page, at least one.
            sort: properties to sort by; what has none of one comes last, and ties are in the order of time.
            at: where to go on, from the page before or after.

        Raises:
            RequestInvalid: the filter or a key names no property, or the position belongs to another order.
        """
        return self.within_one_state(lambda now: page(now, tree, audiences, limit=limit, sort=sort, at=at))

    def count(self, tree: Filter, *, audiences: Sequence[str] = ()) -> int:
        """How many scenes a filter finds, exactly."""
        return self.within_one_state(lambda now: number_of(now, tree, audiences))

    def aggregate(
        self, tree: Filter, aggregations: Sequence[Aggregation], *, audiences: Sequence[str] = ()
    ) -> tuple[Aggregated, ...]:
        """The scenes that a filter finds summed up in several ways, in their order.

        Raises:
            RequestInvalid: a property is unknown or of the wrong type, or a grid has no such precision.
        """
        return self.within_one_state(lambda now: aggregated(now, tree, aggregations, audiences))

    def audiences(self) -> tuple[str, ...]:
        """Every audience that a record is restricted to."""
        statement = "SELECT audience FROM tally WHERE audience <> '' UNION SELECT audience FROM collection"
        return tuple(str(audience) for (audience,) in self._rows(statement) if audience is not None)

    def count_all(self) -> int:
        """How many scenes the index holds, whoever may see them."""
        return int(str(self._rows("SELECT coalesce(sum(scenes), 0) FROM tally")[0][0]))

    def count_records(self) -> int:
        """How many scenes and collections the index holds, whoever may see them."""
        return self.count_all() + int(str(self._rows("SELECT count(*) FROM collection")[0][0]))

    def collections(self, *, audiences: Sequence[str] = ()) -> list[Found]:
        """Every collection, by identifier."""
        marks = ", ".join("?" * len(audiences))
        where = f"audience IS NULL OR audience IN ({marks})"
        statement = f"SELECT iri, id, id, stac, links FROM collection WHERE {where} ORDER BY id"
        return [Found(*r) for r in self._rows(statement, audiences)]  # type: ignore[arg-type]  # as the schema has it

    def extent(self, collection: str, *, audiences: Sequence[str] = ()) -> Extent | None:
        """What the scenes of a collection span; None where it has none."""
        return self.within_one_state(lambda now: extent_of(now, collection, audiences))

    def counts(self, column: str, *, audiences: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Number of scenes for each value of a text property, most first; those without are left out."""
        name = property_named(column).column
        if name == "collection":
            numbers = self.within_one_state(lambda now: scenes_by_collection(now, audiences))
            return sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
        (found,) = self.aggregate(All(()), [Frequencies(name, MOST_BUCKETS)], audiences=audiences)
        assert isinstance(found, Buckets)
        return [(str(one.key), one.number) for one in found.buckets]

    def beside(self) -> "SQLiteIndex":
        """An empty index that is to take the place of this one, which notes from now on what is written to it."""
        other = SQLiteIndex(self._file.beside())
        other.call(self.within_one_state(labels_in))
        with self._write_lock:
            self._followed = _Followed({}, [])
        return other

    def written_since(self) -> list[str]:
        """IRIs of the records written and deleted since the other index was begun, or since this was asked last."""
        with self._write_lock:
            assert self._followed is not None
            iris, self._followed.iris = list(self._followed.iris), {}
        return iris

    def exchange(self, other: "SQLiteIndex") -> None:
        """Let another index, begun beside this one, take its place for whoever reads it.

        Args:
            other: which has all that was written since, but for geometries.
        """
        with self._write_lock:
            assert self._followed is not None
            other._follow(self._followed.geometries)
            self._followed = None
            other.close()
            self._file.exchange(other._file.path)

    def give_up(self, other: "SQLiteIndex") -> None:
        """Forget another index that was begun beside this one."""
        with self._write_lock:
            self._followed = None
        other.close()
        other._file.delete()

    def _follow(self, changes: Sequence[GeometryChange | None]) -> None:
        """Take in what changes did to geometries that may show it already; up to one of which that is not known."""
        with self._writing() as connection:
            number = _change_number(connection)
            for one in changes:
                if one is None:
                    return
                write_geometries(
                    connection, one, geometry_change_number(connection), geometry_change_number(connection)
                )
            write_geometries(connection, GeometryChange(), geometry_change_number(connection), number)

    def close(self) -> None:
        """The calling thread's connection is given back."""
        self._file.close()


def _change_number(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT change_number FROM state").fetchone()[0])

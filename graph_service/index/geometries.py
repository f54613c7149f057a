"""Where the geometries of the graph are: boxes in an R*Tree, and the features that have them.

Two tables mirror the statements of the graph one by one, so that a statement that
comes or goes is a row that comes or goes, whatever record it belongs to.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_service.index.rows import Box
from graph_service.index.writing import MOST_VALUES

SCHEMA = """
CREATE TABLE IF NOT EXISTS geometry_state (change_number INTEGER NOT NULL);
INSERT INTO geometry_state SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM geometry_state);
CREATE TABLE IF NOT EXISTS place (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS geometry (
    number INTEGER PRIMARY KEY, node INTEGER NOT NULL, graph INTEGER NOT NULL, parts INTEGER NOT NULL, key BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS geometry_statement ON geometry (node, graph, key);
CREATE INDEX IF NOT EXISTS geometry_loose ON geometry (graph) WHERE parts = 0;
CREATE TABLE IF NOT EXISTS geometry_of (
    node INTEGER NOT NULL, property INTEGER NOT NULL, feature INTEGER NOT NULL, graph INTEGER NOT NULL,
    PRIMARY KEY (node, property, feature, graph)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS geometry_of_feature ON geometry_of (feature);
CREATE VIRTUAL TABLE IF NOT EXISTS geometry_box USING rtree(
    part, west, east, south, north, +node INTEGER, +graph INTEGER
);
"""
Connection = sqlite3.Connection
"""An open index, within one state of it."""
MOST_PARTS = 64
"""Boxes of one geometry; one of more parts is kept under one box around all of them."""
_TABLES = ("geometry", "geometry_of", "geometry_box", "place")


@dataclass(frozen=True, slots=True)
class Link:
    """A statement that a feature has a geometry; IRIs, or blank nodes as ``_:label``."""

    feature: str
    property: str
    """IRI of the property, such as geo:hasDefaultGeometry."""
    node: str
    graph: str
    """IRI of the named graph; empty for the public default graph."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement that a geometry has a serialisation."""

    node: str
    key: bytes
    """Digest of property and literal."""
    graph: str
    boxes: tuple[Box, ...]
    """CRS84, one for each part; none where its place is not known for certain, so that it may be anywhere."""


@dataclass(frozen=True, slots=True)
class GeometryChange:
    """What a change does to the statements of geometries: first some go, then some come."""

    gone: tuple[Link | Shape, ...] = ()
    come: tuple[Link | Shape, ...] = ()
    afresh: bool = False
    """Whether everything goes first."""


def write_geometries(connection: sqlite3.Connection, change: GeometryChange, before: int, number: int) -> None:
    """Follow a change, as long as every one before was followed.

    Args:
        connection: within a transaction.
        change: what goes and comes.
        before: number of the last change that the rest of the index has applied.
        number: of this change.
    """
    if change.afresh:
        for table in _TABLES:
            connection.execute(f"DELETE FROM {table}")
    elif geometry_change_number(connection) != before:
        return
    numbers = _numbers(connection, change)
    for one in change.gone:
        if isinstance(one, Link):
            statement = "DELETE FROM geometry_of WHERE node = ? AND property = ? AND feature = ? AND graph = ?"
            connection.execute(statement, _linked(one, numbers))
        else:
            _forget_shape(connection, one, numbers)
    links = [_linked(one, numbers) for one in change.come if isinstance(one, Link)]
    connection.executemany("INSERT OR IGNORE INTO geometry_of VALUES (?, ?, ?, ?)", links)
    for one in change.come:
        if isinstance(one, Shape):
            _write_shape(connection, one, numbers)
    connection.execute("UPDATE geometry_state SET change_number = ?", (number,))


def geometry_change_number(connection: sqlite3.Connection) -> int:
    """Number of the last change that was followed."""
    return int(connection.execute("SELECT change_number FROM geometry_state").fetchone()[0])


def _numbers(connection: sqlite3.Connection, change: GeometryChange) -> dict[str, int]:
    """The numbers of everything that a change names, which what is new gets."""
    names = {""}
    for one in (*change.gone, *change.come):
        names.update(
            (one.node, one.graph) if isinstance(one, Shape) else (one.node, one.graph, one.feature, one.property)
        )
    listed = sorted(names)
    connection.executemany("INSERT OR IGNORE INTO place (name) VALUES (?)", [(name,) for name in listed])
    numbers: dict[str, int] = {}
    for start in range(0, len(listed), MOST_VALUES):
        some = listed[start : start + MOST_VALUES]
        statement = f"SELECT name, number FROM place WHERE name IN ({_marks(some)})"
        numbers.update(connection.execute(statement, some).fetchall())
    return numbers


def _linked(link: Link, numbers: Mapping[str, int]) -> tuple[int, int, int, int]:
    return numbers[link.node], numbers[link.property], numbers[link.feature], numbers[link.graph]


def _write_shape(connection: sqlite3.Connection, shape: Shape, numbers: Mapping[str, int]) -> None:
    boxes = shape.boxes if len(shape.boxes) <= MOST_PARTS else (around(shape.boxes),)
    node, graph = numbers[shape.node], numbers[shape.graph]
    written = connection.execute(
        "INSERT OR IGNORE INTO geometry (node, graph, parts, key) VALUES (?, ?, ?, ?)",
        (node, graph, len(boxes), shape.key),
    )
    if written.rowcount:
        number = written.lastrowid
        assert number is not None
        rows = [(number * MOST_PARTS + k, b.west, b.east, b.south, b.north, node, graph) for k, b in enumerate(boxes)]
        connection.executemany("INSERT INTO geometry_box VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _forget_shape(connection: sqlite3.Connection, shape: Shape, numbers: Mapping[str, int]) -> None:
    statement = "SELECT number, parts FROM geometry WHERE node = ? AND graph = ? AND key = ?"
    values = (numbers[shape.node], numbers[shape.graph], shape.key)
    for number, parts in connection.execute(statement, values).fetchall():
        # One by one: an R*Tree finds a row by its number, but scans for a range of numbers.
        boxes = [(number * MOST_PARTS + k,) for k in range(parts)]
        connection.executemany("DELETE FROM geometry_box WHERE part = ?", boxes)
        connection.execute("DELETE FROM geometry WHERE number = ?", (number,))


def around(boxes: Sequence[Box]) -> Box:
    """The box around some."""
    return Box(
        min(b.west for b in boxes),
        min(b.south for b in boxes),
        max(b.east for b in boxes),
        max(b.north for b in boxes),
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """What candidates are: the geometries themselves, or the features that have them by some properties."""

    properties: frozenset[str] = frozenset()
    """IRIs; none for the geometries themselves."""


def near(
    connection: sqlite3.Connection, boxes: Iterable[Box], whose: Whose, graphs: Sequence[str], limit: int
) -> list[str] | None:
    """Whatever may have a place in one of some boxes, each once, in no order; None where there is more than so many."""
    seen = _numbers_of(connection, graphs)
    source = f"FROM geometry_box AS geometry {_whose(connection, whose, seen)} WHERE geometry.graph IN ({seen})"
    column = "feature" if whose.properties else "geometry.node"
    inside = f"SELECT {column} {source} AND east >= ? AND west <= ? AND north >= ? AND south <= ?"
    found: set[int] = set()
    for box in boxes:
        for (number,) in connection.execute(inside, (box.west, box.east, box.south, box.north)):
            found.add(number)
            if len(found) > limit:
                return None
    loose = source.replace("geometry_box AS", "")
    found.update(
        number for (number,) in connection.execute(f"SELECT {column} {loose} AND parts = 0 LIMIT {limit + 1:d}")
    )
    return None if len(found) > limit else list(_names(connection, list(found)).values())


def _whose(connection: sqlite3.Connection, whose: Whose, seen: str) -> str:
    """What brings the features of geometries in, where they are wanted."""
    if not whose.properties:
        return ""
    properties = _numbers_of(connection, sorted(whose.properties))
    return (
        "CROSS JOIN geometry_of ON geometry_of.node = geometry.node "
        f"AND geometry_of.property IN ({properties}) AND geometry_of.graph IN ({seen})"
    )


def _numbers_of(connection: sqlite3.Connection, names: Sequence[str]) -> str:
    """The numbers of some names, as SQL lists them."""
    statement = f"SELECT number FROM place WHERE name IN ({_marks(names)})"
    return ", ".join(str(int(number)) for (number,) in connection.execute(statement, tuple(names))) or "NULL"


def _names(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), MOST_VALUES):
        some = numbers[start : start + MOST_VALUES]
        statement = f"SELECT number, name FROM place WHERE number IN ({_marks(some)})"
        found.update(connection.execute(statement, tuple(some)).fetchall())
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def boxes_of(
    connection: sqlite3.Connection, whose: Whose, graphs: Sequence[str], limit: int
) -> list[tuple[str, float, float, float, float]] | None:
    """Every box with whom it belongs to: west, south, east, north. None where there are more than so many.

    What may be anywhere has a box around everything.
    """
    seen = _numbers_of(connection, graphs)
    column = "feature" if whose.properties else "geometry.node"
    rest = f"AS geometry {_whose(connection, whose, seen)} WHERE geometry.graph IN ({seen})"
    placed = f"SELECT {column}, west, south, east, north FROM geometry_box {rest} LIMIT {limit + 1:d}"
    found = connection.execute(placed).fetchall()
    loose = f"SELECT {column} FROM geometry {rest} AND parts = 0 LIMIT {limit + 1:d}"
    found += [(row[0], -400.0, -100.0, 400.0, 100.0) for row in connection.execute(loose)]
    if len(found) > limit:
        return None
    names = _names(connection, list({row[0] for row in found}))
    return [(names[row[0]], *row[1:]) for row in found]


def boxes_at(
    connection: sqlite3.Connection, name: str, properties: Sequence[str], graphs: Sequence[str]
) -> list[Box] | None:
    """The boxes of a geometry, or of what a feature has by some properties; None where one is not known."""
    seen, one = _numbers_of(connection, graphs), _numbers_of(connection, [name])
    links = _numbers_of(connection, properties)
    statement = (
        f"SELECT number, parts FROM geometry WHERE graph IN ({seen}) AND (node IN ({one}) OR node IN "
        f"(SELECT node FROM geometry_of WHERE feature IN ({one}) AND property IN ({links}) AND graph IN ({seen})))"
    )
    boxes: list[Box] = []
    for number, parts in connection.execute(statement).fetchall():
        if not parts:
            return None
        for k in range(parts):
            part = "SELECT west, south, east, north FROM geometry_box WHERE part = ?"
            boxes.append(Box(*connection.execute(part, (number * MOST_PARTS + k,)).fetchone()))
    return boxes


def count_geometries(connection: sqlite3.Connection) -> int:
    """How many statements of geometries there are, roughly: those that went may count as well."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM geometry").fetchone()[0])

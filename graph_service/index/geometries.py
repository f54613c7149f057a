"""Where the geometries of the graph are: their outlines, boxes in R*Trees, and the features that have them.

Two tables mirror the statements of the graph one by one, so that a statement that
comes or goes is a row that comes or goes, whatever record it belongs to.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import pyproj
import shapely

from graph_service.index.rows import Box
from graph_service.index.writing import MOST_VALUES

_TABLES = {
    "geometry_state": "TABLE geometry_state (change_number INTEGER NOT NULL, made TEXT NOT NULL)",
    "place": "TABLE place (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "geometry": "TABLE geometry (number INTEGER PRIMARY KEY, node INTEGER NOT NULL, graph INTEGER NOT NULL, "
    "parts INTEGER NOT NULL, kind INTEGER NOT NULL, system INTEGER NOT NULL, key BLOB NOT NULL, outline BLOB)",
    "geometry_of": "TABLE geometry_of (node INTEGER NOT NULL, property INTEGER NOT NULL, feature INTEGER NOT NULL, "
    "graph INTEGER NOT NULL, PRIMARY KEY (node, property, feature, graph)) WITHOUT ROWID",
    "geometry_several": "TABLE geometry_several (name INTEGER PRIMARY KEY, across INTEGER NOT NULL)",
    "geometry_box": "VIRTUAL TABLE geometry_box USING rtree(part, west, east, south, north)",
    "geometry_own_box": "VIRTUAL TABLE geometry_own_box USING rtree(number, west, east, south, north, low, high)",
}
_INDEXES = (
    "UNIQUE INDEX geometry_statement ON geometry (node, graph, key)",
    "INDEX geometry_loose ON geometry (graph, kind) WHERE parts = 0",
    "INDEX geometry_elsewhere ON geometry (system, graph) WHERE system > 0",
    "INDEX geometry_of_feature ON geometry_of (feature, property)",
)
_MADE = f"2 GEOS {shapely.geos_version_string} PROJ {pyproj.proj_version_str}"
"""By what outlines were made: another version of it may read a literal otherwise."""
_Value = TypeVar("_Value")
Connection = sqlite3.Connection
"""An open index, within one state of it."""
MOST_PARTS = 64
"""Boxes of one geometry; one of more parts is kept under one box around all of them."""


class Kind(IntEnum):
    """What the index knows of a literal."""

    UNREADABLE = 0
    """Every function of it is an error."""
    EMPTY = 1
    OUTLINED = 2
    """The index has what the functions compare."""
    UNKNOWN = 3
    """It has boxes at most."""


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
class Outline:
    """A geometry as GeoSPARQL's functions see it."""

    kind: Kind
    system: str = ""
    """IRI of the reference system; empty for longitude and latitude on WGS 84."""
    wkb: bytes | None = None
    """Its valid shape in its own system, easting first; None where the kind is another than OUTLINED."""
    boxes: tuple[Box, ...] = ()
    """Of the vertices of each part in CRS84; none where they have no certain place there."""
    own_box: Box | None = None
    """In its own system, where that is another."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement that a geometry has a serialisation."""

    node: str
    key: bytes
    """Digest of property and literal."""
    graph: str
    outline: Outline = Outline(Kind.UNREADABLE)


@dataclass(frozen=True, slots=True)
class GeometryChange:
    """What a change does to the statements of geometries: first some go, then some come."""

    gone: tuple[Link | Shape, ...] = ()
    come: tuple[Link | Shape, ...] = ()
    afresh: bool = False
    """Whether everything goes first."""


def prepare_geometries(connection: Connection) -> None:
    """Make the tables; what another version has made of them goes, so that they are behind.

    Args:
        connection: outside a transaction.
    """
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "geometry_state" in found and _is_made_here(connection):
            return
        for name in _TABLES.keys() & found:
            connection.execute(f"DROP TABLE {name}")
        for one in (*_TABLES.values(), *_INDEXES):
            connection.execute(f"CREATE {one}")
        connection.execute("INSERT INTO geometry_state VALUES (0, ?)", (_MADE,))


def _is_made_here(connection: Connection) -> bool:
    columns = {row[1] for row in connection.execute("PRAGMA table_info(geometry_state)")}
    return "made" in columns and connection.execute("SELECT made FROM geometry_state").fetchone() == (_MADE,)


def write_geometries(connection: Connection, change: GeometryChange, before: int, number: int) -> None:
    """Follow a change, as long as every one before was followed.

    Args:
        connection: within a transaction.
        change: what goes and comes.
        before: number of the last change that the rest of the index has applied.
        number: of this change.
    """
    if change.afresh:
        for table in _TABLES.keys() - {"geometry_state"}:
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
    _count_several(connection, change, numbers)
    connection.execute("UPDATE geometry_state SET change_number = ?", (number,))


def geometry_change_number(connection: Connection) -> int:
    """Number of the last change that was followed."""
    return int(connection.execute("SELECT change_number FROM geometry_state").fetchone()[0])


def _numbers(connection: Connection, change: GeometryChange) -> dict[str, int]:
    """The numbers of everything that a change names, which what is new gets."""
    names = {""}
    for one in (*change.gone, *change.come):
        if isinstance(one, Shape):
            names.update((one.node, one.graph, one.outline.system))
        else:
            names.update((one.node, one.graph, one.feature, one.property))
    listed = sorted(names)
    connection.executemany("INSERT OR IGNORE INTO place (name) VALUES (?)", [(name,) for name in listed])
    numbers: dict[str, int] = {}
    for some in in_portions(listed):
        statement = f"SELECT name, number FROM place WHERE name IN ({marks(some)})"
        numbers.update(connection.execute(statement, some).fetchall())
    return numbers


def _linked(link: Link, numbers: Mapping[str, int]) -> tuple[int, int, int, int]:
    return numbers[link.node], numbers[link.property], numbers[link.feature], numbers[link.graph]


def _write_shape(connection: Connection, shape: Shape, numbers: Mapping[str, int]) -> None:
    outline = shape.outline
    boxes = outline.boxes if len(outline.boxes) <= MOST_PARTS else (around(outline.boxes),)
    system = numbers[outline.system] if outline.system else 0
    written = connection.execute(
        "INSERT OR IGNORE INTO geometry (node, graph, parts, kind, system, key, outline) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (numbers[shape.node], numbers[shape.graph], len(boxes), outline.kind, system, shape.key, outline.wkb),
    )
    if not written.rowcount:
        return
    number = written.lastrowid
    assert number is not None
    rows = [(number * MOST_PARTS + k, b.west, b.east, b.south, b.north) for k, b in enumerate(boxes)]
    connection.executemany("INSERT INTO geometry_box VALUES (?, ?, ?, ?, ?)", rows)
    if (own := outline.own_box) is not None:
        row = (number, own.west, own.east, own.south, own.north, system, system)
        connection.execute("INSERT INTO geometry_own_box VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _forget_shape(connection: Connection, shape: Shape, numbers: Mapping[str, int]) -> None:
    statement = "SELECT number, parts FROM geometry WHERE node = ? AND graph = ? AND key = ?"
    values = (numbers[shape.node], numbers[shape.graph], shape.key)
    for number, parts in connection.execute(statement, values).fetchall():
        # One by one: an R*Tree finds a row by its number, but scans for a range of numbers.
        boxes = [(number * MOST_PARTS + k,) for k in range(parts)]
        connection.executemany("DELETE FROM geometry_box WHERE part = ?", boxes)
        connection.execute("DELETE FROM geometry_own_box WHERE number = ?", (number,))
        connection.execute("DELETE FROM geometry WHERE number = ?", (number,))


_SEVERAL = (
    (0, "node", "geometry", "node", "count(*)"),
    (0, "feature", "geometry_of", "feature, property", "count(DISTINCT node)"),
    (1, "feature", "geometry_of", "feature", "count(DISTINCT node)"),
)
"""What has several: whether by several properties, name, table, group and count; the first that holds counts."""


def _count_several(connection: Connection, change: GeometryChange, numbers: Mapping[str, int]) -> None:
    """Note which geometries have several serialisations, and which features several geometries."""
    every = (*change.gone, *change.come)
    nodes = sorted({numbers[one.node] for one in every if isinstance(one, Shape)})
    features = sorted({numbers[one.feature] for one in every if isinstance(one, Link)})
    for some in in_portions(sorted({*nodes, *features})):
        connection.execute(f"DELETE FROM geometry_several WHERE name IN ({marks(some)})", some)
        for across, name, source, group, count in _SEVERAL:
            connection.execute(
                f"INSERT OR IGNORE INTO geometry_several SELECT {name}, {across} FROM {source} "
                f"WHERE {name} IN ({marks(some)}) GROUP BY {group} HAVING {count} > 1",
                some,
            )


def around(boxes: Iterable[Box]) -> Box:
    """The box around some."""
    listed = list(boxes)
    return Box(
        min(b.west for b in listed),
        min(b.south for b in listed),
        max(b.east for b in listed),
        max(b.north for b in listed),
    )


def in_portions(values: Sequence[_Value]) -> Iterable[Sequence[_Value]]:
    """Values, as many at a time as one statement takes."""
    return (values[start : start + MOST_VALUES] for start in range(0, len(values), MOST_VALUES))


def marks(values: Sequence[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))

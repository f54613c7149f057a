"""Rows of the index, written and forgotten: the tables that one record is spread over."""

import sqlite3
from collections.abc import Mapping, Sequence

from graph_service.index.properties import PROPERTIES
from graph_service.index.rows import Box, Row

MOST_VALUES = 400
"""Values of one statement, below SQLite's smallest limit of 999 for two lists."""

_MOST_PARTS = 1024
"""Boxes of one scene; a footprint of more parts is kept under one box around all of them."""


def forget(connection: sqlite3.Connection, iri: str) -> int | None:
    """Delete a record and return the row that it had, so that its successor keeps its place in a listing."""
    connection.execute("DELETE FROM collection WHERE iri = ?", (iri,))
    connection.execute("DELETE FROM reference WHERE iri = ?", (iri,))
    for number, parts in connection.execute("SELECT row, parts FROM scene WHERE iri = ?", (iri,)).fetchall():
        # One by one: an R*Tree finds a row by its number, but scans for a range of numbers.
        boxes = [(_part(number, k),) for k in range(parts)]
        connection.executemany("DELETE FROM box WHERE part = ?", boxes)
        connection.execute("DELETE FROM stac WHERE row = ?", (number,))
        connection.execute("DELETE FROM scene_concept WHERE scene_row = ?", (number,))
        connection.execute("DELETE FROM scene WHERE row = ?", (number,))
        return int(number)
    return None


def forget_all(connection: sqlite3.Connection) -> None:
    """Delete every record."""
    for table in ("reference", "collection", "scene", "stac", "box", "scene_concept", "concept"):
        connection.execute(f"DELETE FROM {table}")


def _part(row: int, k: int) -> int:
    return row * _MOST_PARTS + k


_SCENE_MARKS = ", ".join("?" * (9 + len(PROPERTIES)))
_DATETIME = next(i for i, p in enumerate(PROPERTIES) if p.name == "datetime")
_START = next(i for i, p in enumerate(PROPERTIES) if p.name == "start_datetime")
_END = next(i for i, p in enumerate(PROPERTIES) if p.name == "end_datetime")


def write(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Write rows, each in the place of an older one with its IRI."""
    present = _present(connection, [one.iri for one in rows])
    concepts = _numbers(connection, frozenset().union(*(one.concepts for one in rows if one.footprint is not None)))
    for one in rows:
        _write(connection, one, forget(connection, one.iri) if one.iri in present else None, concepts)
        present.add(one.iri)


def _numbers(connection: sqlite3.Connection, iris: frozenset[str]) -> dict[str, int]:
    """The numbers of some concepts, which those that are new get."""
    connection.executemany("INSERT OR IGNORE INTO concept (iri) VALUES (?)", [(iri,) for iri in sorted(iris)])
    numbers: dict[str, int] = {}
    wanted = sorted(iris)
    for start in range(0, len(wanted), MOST_VALUES):
        some = wanted[start : start + MOST_VALUES]
        statement = f"SELECT iri, number FROM concept WHERE iri IN ({', '.join('?' * len(some))})"
        numbers.update(connection.execute(statement, some).fetchall())
    return numbers


def _present(connection: sqlite3.Connection, iris: Sequence[str]) -> set[str]:
    """Those of some IRIs that any table has: most of a harvest are new, and need no looking for what to forget."""
    present: set[str] = set()
    for start in range(0, len(iris), MOST_VALUES):
        some = tuple(iris[start : start + MOST_VALUES])
        where = f"WHERE iri IN ({', '.join('?' * len(some))})"
        statement = " UNION ALL ".join(f"SELECT iri FROM {table} {where}" for table in ("scene", "collection"))
        present.update(iri for (iri,) in connection.execute(statement, some * 2))
        present.update(iri for (iri,) in connection.execute(f"SELECT iri FROM reference {where}", some))
    return present


def _write(connection: sqlite3.Connection, one: Row, place: int | None, concepts: Mapping[str, int]) -> None:
    head = (one.iri, one.audience, one.fingerprint, one.document)
    if one.footprint is None:
        values: tuple[object, ...] = (one.iri, one.identifier, *head[1:], one.stac, one.links)
        connection.execute("INSERT INTO collection VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return
    sensed, start, end = one.values[_DATETIME], one.values[_START], one.values[_END]
    first = sensed if start is None else start
    last = sensed if end is None else end
    boxes = one.boxes if len(one.boxes) <= _MOST_PARTS else (_around(one.boxes),)
    values = (place, *head, *one.values, first, last, one.footprint, len(boxes))
    number = connection.execute(f"INSERT INTO scene VALUES ({_SCENE_MARKS})", values).lastrowid
    assert number is not None
    connection.execute("INSERT INTO stac VALUES (?, ?, ?)", (number, one.stac, one.links))
    named = sorted((concepts[iri], number) for iri in one.concepts)
    connection.executemany("INSERT OR IGNORE INTO scene_concept VALUES (?, ?)", named)
    parts = [(_part(number, k), b.west, b.east, b.south, b.north, number) for k, b in enumerate(boxes)]
    connection.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?, ?)", parts)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.west for b in boxes),
        min(b.south for b in boxes),
        max(b.east for b in boxes),
        max(b.north for b in boxes),
    )

"""Rows of the index, written and forgotten: the tables that one record is spread over."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import shapely

from graph_service.index.grids import centres_of
from graph_service.index.properties import PROPERTIES
from graph_service.index.rows import Box, Row
from graph_service.index.schema import MOST_PARTS, TABLES, axis
from graph_service.index.tallies import Extent, TallyChange, Weight
from graph_service.index.words import write_words

MOST_VALUES = 400
"""Values of one statement, below SQLite's smallest limit of 999 for two lists."""

_SCENE_MARKS = ", ".join("?" * (13 + len(PROPERTIES)))
_PLACES = {one.name: place for place, one in enumerate(PROPERTIES)}


def write(
    connection: sqlite3.Connection,
    rows: Iterable[Row],
    gone: Iterable[str],
    labels: Mapping[str, str],
    numbers: Mapping[str, int],
) -> None:
    """Forget records, and write others, each in the place of an older one with its IRI.

    Args:
        connection: within a transaction.
        rows: of the records to write; of one that is there twice the last counts.
        gone: IRIs of the records to forget.
        labels: what concepts are called, by IRI.
        numbers: rows that scenes are to have that have none, by IRI; one that is taken is not given again.
    """
    tallies = TallyChange()
    for iri in gone:
        _forget(connection, iri, tallies)
    latest = {one.iri: one for one in rows}
    places = _free(connection, {iri: numbers[iri] for iri in latest if iri in numbers})
    for iri in _present(connection, list(latest)):
        if (number := _forget(connection, iri, tallies)) is not None:
            places[iri] = number
    scenes = [one for one in latest.values() if one.footprint is not None]
    _write_collections(connection, [one for one in latest.values() if one.footprint is None])
    _write_scenes(connection, list(zip(_row_numbers(connection, scenes, places), scenes, strict=True)), tallies, labels)
    tallies.write(connection)


def forget_all(connection: sqlite3.Connection) -> None:
    """Delete every record."""
    for table in (*TABLES, "words"):
        connection.execute(f"DELETE FROM {table}")


def _forget(connection: sqlite3.Connection, iri: str, tallies: TallyChange) -> int | None:
    """Delete a record and return the row that it had, so that its successor keeps its place in a listing."""
    connection.execute("DELETE FROM collection WHERE iri = ?", (iri,))
    connection.execute("DELETE FROM reference WHERE iri = ?", (iri,))
    columns = "row, parts, collection, audience, first_instant, last_instant, west, south, east, north"
    found = connection.execute(f"SELECT {columns} FROM scene WHERE iri = ?", (iri,)).fetchone()
    if found is None:
        return None
    number, parts, collection, audience, *bounds = found
    tallies.went(Weight(collection, audience, Extent(*bounds)))
    # One by one: an R*Tree finds a row by its number, but scans for a range of numbers.
    connection.executemany("DELETE FROM scene_box WHERE part = ?", [(_part(number, k),) for k in range(parts)])
    connection.execute("DELETE FROM scene_concept WHERE scene_row = ?", (number,))
    connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
    for table in ("stac", "centre", "scene"):
        connection.execute(f"DELETE FROM {table} WHERE row = ?", (number,))
    return int(number)


def _part(row: int, k: int) -> int:
    return row * MOST_PARTS + k


def _present(connection: sqlite3.Connection, iris: Sequence[str]) -> set[str]:
    """Those of some IRIs that any table has: most of a harvest are new, and need no looking for what to forget."""
    present: set[str] = set()
    for start in range(0, len(iris), MOST_VALUES):
        some = tuple(iris[start : start + MOST_VALUES])
        where = f"WHERE iri IN ({_marks(some)})"
        for table in ("scene", "collection", "reference"):
            present.update(iri for (iri,) in connection.execute(f"SELECT iri FROM {table} {where}", some))
    return present


def _free(connection: sqlite3.Connection, numbers: dict[str, int]) -> dict[str, int]:
    """Those of some rows that no scene has."""
    taken: set[int] = set()
    wanted = sorted(numbers.values())
    for start in range(0, len(wanted), MOST_VALUES):
        some = wanted[start : start + MOST_VALUES]
        taken.update(n for (n,) in connection.execute(f"SELECT row FROM scene WHERE row IN ({_marks(some)})", some))
    return {iri: number for iri, number in numbers.items() if number not in taken}


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _row_numbers(connection: sqlite3.Connection, scenes: Sequence[Row], places: Mapping[str, int]) -> Iterator[int]:
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM scene").fetchone()
    fresh = count(max([last, *places.values()]) + 1)
    return (places[one.iri] if one.iri in places else next(fresh) for one in scenes)


def _write_collections(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    values = ((r.iri, r.identifier, r.audience, r.fingerprint, r.document, r.stac, r.links) for r in rows)
    connection.executemany("INSERT INTO collection VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def _write_scenes(
    connection: sqlite3.Connection,
    rows: Sequence[tuple[int, Row]],
    tallies: TallyChange,
    labels: Mapping[str, str],
) -> None:
    if not rows:
        return
    boxes = [one.boxes if len(one.boxes) <= MOST_PARTS else (_around(one.boxes),) for _, one in rows]
    extents = [_extent(one) for _, one in rows]
    scenes = []
    for (number, one), parts, extent in zip(rows, boxes, extents, strict=True):
        assert one.collection is not None
        tallies.came(Weight(one.collection, one.audience, extent))
        around = (extent.west, extent.south, extent.east, extent.north, extent.first, extent.last)
        tail = (one.iri, one.fingerprint, one.document, one.footprint)
        scenes.append((number, one.audience, len(parts), *around, *one.values, *tail))
    connection.executemany(f"INSERT INTO scene VALUES ({_SCENE_MARKS})", scenes)
    connection.executemany("INSERT INTO stac VALUES (?, ?, ?)", ((number, r.stac, r.links) for number, r in rows))
    connection.executemany(
        "INSERT INTO scene_box VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (_part(number, k), b.west, b.east, b.south, b.north, *_span(one, extent))
            for (number, one), parts, extent in zip(rows, boxes, extents, strict=True)
            for k, b in enumerate(parts)
        ),
    )
    _write_centres(connection, rows)
    _write_concepts(connection, rows)
    write_words(connection, rows, labels)
    _widen_slack(connection, rows, extents)


def _sensed(one: Row) -> float:
    return float(one.values[_PLACES["datetime"]] or 0)


def _extent(one: Row) -> Extent:
    start, end = one.values[_PLACES["start_datetime"]], one.values[_PLACES["end_datetime"]]
    first = _sensed(one) if start is None else float(start)
    last = _sensed(one) if end is None else float(end)
    around = _around(one.boxes)
    return Extent(first, last, around.west, around.south, around.east, around.north)


def _span(one: Row, extent: Extent) -> tuple[float, float]:
    """All times of a scene on the axis of the tree of boxes."""
    return axis(min(extent.first, _sensed(one))), axis(max(extent.last, _sensed(one)))


def _write_centres(connection: sqlite3.Connection, rows: Sequence[tuple[int, Row]]) -> None:
    centres = centres_of(shapely.from_wkb([one.footprint for _, one in rows]).tolist())
    values = (
        (number, one.audience, c.longitude, c.latitude, c.geohash, c.geotile)
        for (number, one), c in zip(rows, centres, strict=True)
    )
    connection.executemany("INSERT INTO centre VALUES (?, ?, ?, ?, ?, ?)", values)


def _write_concepts(connection: sqlite3.Connection, rows: Sequence[tuple[int, Row]]) -> None:
    numbers = _numbers(connection, sorted(frozenset().union(*(one.concepts for _, one in rows))))
    pairs = sorted((numbers[iri], number) for number, one in rows for iri in one.concepts)
    connection.executemany("INSERT INTO scene_concept VALUES (?, ?)", pairs)


def _numbers(connection: sqlite3.Connection, iris: Sequence[str]) -> dict[str, int]:
    """The numbers of some concepts, which those that are new get."""
    connection.executemany("INSERT OR IGNORE INTO concept (iri) VALUES (?)", [(iri,) for iri in iris])
    numbers: dict[str, int] = {}
    for start in range(0, len(iris), MOST_VALUES):
        some = iris[start : start + MOST_VALUES]
        statement = f"SELECT iri, number FROM concept WHERE iri IN ({_marks(some)})"
        numbers.update(connection.execute(statement, some).fetchall())
    return numbers


def _widen_slack(connection: sqlite3.Connection, rows: Sequence[tuple[int, Row]], extents: Sequence[Extent]) -> None:
    """Note how far the nominal time of a scene lies within its interval, so that a B-tree of times finds intervals."""
    times = [(_sensed(one), extent) for (_, one), extent in zip(rows, extents, strict=True)]
    slack = (max(sensed - e.first for sensed, e in times), max(e.last - sensed for sensed, e in times))
    connection.execute("UPDATE state SET ahead = max(ahead, ?), behind = max(behind, ?)", slack)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.west for b in boxes),
        min(b.south for b in boxes),
        max(b.east for b in boxes),
        max(b.north for b in boxes),
    )

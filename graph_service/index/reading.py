"""What a search reads: pages and counts, each within one state of the index."""

import sqlite3
from collections.abc import Iterator, Sequence

from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.access import FEW, Access, access, visible
from graph_service.index.filters import All, Comparison, Filter, Meets, OneOf
from graph_service.index.footprints import EVERYTHING, is_rectangle, meets
from graph_service.index.paging import Found, Page, Position, SortKey, columns_of, direction_of_rows, stretches
from graph_service.index.property_values import Value
from graph_service.index.recency import first_by_time
from graph_service.index.schema import MOST_PARTS, SPECIAL
from graph_service.index.sql import condition
from graph_service.index.sql_values import Condition
from graph_service.index.tallies import scenes_by_collection

Connection = sqlite3.Connection
"""An open index, within one state of it."""

_MOST_AT_A_TIME = 400
_SURE = 1e-4
"""Degrees by which the tree of boxes, which rounds to 32 bits outwards, may be off at most, and more."""


def page(
    connection: Connection,
    tree: Filter,
    audiences: Sequence[str],
    *,
    limit: int,
    sort: Sequence[SortKey],
    at: Position | None,
) -> Page:
    """The scenes of a filter that come next to a position.

    Args:
        connection: within one state of the index.
        tree: the filter.
        audiences: IRIs of what restricted data is found.
        limit: scenes on the page, at least one.
        sort: keys, the first first.
        at: where to go on; None for the first page.

    Raises:
        RequestInvalid: the filter or a key names no property, or a position belongs to another order.
    """
    listing = _Listing(connection, tree, audiences, sort, limit)
    backward = at is not None and at.backward
    read = listing.read(at, limit + 1, backward=backward)
    more, places = len(read) > limit, read[:limit]
    if backward:
        places.reverse()
    if not places:
        return Page((), None, None)
    ahead = listing.is_beyond(places[-1], backward=False) if backward else more
    behind = more if backward else at is not None and listing.is_beyond(places[0], backward=True)
    found = _documents(connection, [row for row, _ in places])
    return Page(
        tuple(found),
        Position(places[-1][1], places[-1][0]) if ahead else None,
        Position(places[0][1], places[0][0], backward=True) if behind else None,
    )


_Place = tuple[int, tuple[Value, ...]]
"""A row, and its values of each key."""


class _Listing:
    """The scenes of a filter in an order."""

    def __init__(
        self, connection: Connection, tree: Filter, audiences: Sequence[str], sort: Sequence[SortKey], limit: int
    ) -> None:
        self._connection = connection
        self._columns = columns_of(sort)
        self._row_descending = direction_of_rows(self._columns, sort)
        few = FEW + 4 * limit
        self._way = access(connection, tree, audiences, few=few, sorted_by=self._columns[0].name)

    def read(self, at: Position | None, limit: int, *, backward: bool) -> list[_Place]:
        """Scenes from a position on, in the direction of reading."""
        if at is not None and len(at.values) != len(self._columns):
            raise RequestInvalid("token: belongs to a list that is sorted by something else")
        for way in first_by_time(self._connection, self._way, self._columns[0], at, limit, backward=backward):
            if len(found := self._read(way, at, limit, backward)) == limit:
                return found
        return self._read(self._way, at, limit, backward)

    def _read(self, way: Access, at: Position | None, limit: int, backward: bool) -> list[_Place]:
        found: list[_Place] = []
        names = ", ".join(f"scene.{one.name}" for one in self._columns)
        for one in stretches(self._columns, self._row_descending, at, backward=backward):
            where = f"({way.where.text}) AND {one.where.text}"
            text = f"SELECT scene.row, {names} FROM {way.source.text} WHERE {where} ORDER BY {one.order} LIMIT ?"
            values = (*way.source.values, *way.where.values, *one.where.values, limit - len(found))
            found += [(row, tuple(rest)) for row, *rest in self._connection.execute(text, values)]
            if len(found) == limit:
                break
        return found

    def is_beyond(self, place: _Place, *, backward: bool) -> bool:
        """Whether anything lies behind a place."""
        return bool(self.read(Position(place[1], place[0]), 1, backward=backward))


def _documents(connection: Connection, rows: Sequence[int]) -> Iterator[Found]:
    found: dict[int, Found] = {}
    for start in range(0, len(rows), _MOST_AT_A_TIME):
        some = rows[start : start + _MOST_AT_A_TIME]
        statement = (
            "SELECT scene.row, iri, id, collection, body, links FROM scene JOIN stac ON stac.row = scene.row "
            f"WHERE scene.row IN ({', '.join('?' * len(some))})"
        )
        found.update((row, Found(*rest)) for row, *rest in connection.execute(statement, some))
    return (found[row] for row in rows)


def number_of(connection: Connection, tree: Filter, audiences: Sequence[str]) -> int:
    """How many scenes a filter finds, exactly.

    Raises:
        RequestInvalid: it names no property.
    """
    condition(tree)
    match _plain(tree):
        case None:
            return sum(scenes_by_collection(connection, audiences).values())
        case Comparison("collection", "=", name) | OneOf("collection", (name,)):
            return scenes_by_collection(connection, audiences).get(str(name), 0)
        case Meets(area) if is_rectangle(area):
            return _number_within(connection, area, audiences)
    (scenes,) = connection.execute("SELECT coalesce(sum(scenes), 0) FROM tally").fetchone()
    for few in (FEW, scenes // 8):
        way = access(connection, tree, audiences, few=few)
        if way.is_few:
            break
    text = f"SELECT count(*) FROM {way.source.text} WHERE {way.where.text}"
    return int(connection.execute(text, (*way.source.values, *way.where.values)).fetchone()[0])


def _plain(tree: Filter) -> Filter | None:
    """A filter without what joins it to nothing; None for one that finds everything."""
    if isinstance(tree, All):
        parts = [found for part in tree.parts if (found := _plain(part)) is not None]
        return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None
    return tree


def _number_within(connection: Connection, area: BaseGeometry, audiences: Sequence[str]) -> int:
    """Scenes that meet a rectangle, most of which are counted in the tree of boxes without being looked at."""
    test, seen = meets(area), visible(audiences)
    if test == EVERYTHING:
        return sum(scenes_by_collection(connection, audiences).values())
    west, south, east, north = area.bounds
    near = Condition("east >= ? AND west <= ? AND north >= ? AND south <= ?", (west, east, south, north))
    sure = _sure(west, south, east, north)
    # Of what has several boxes, and of what not all may see, each scene is looked at.
    (is_any_special,) = connection.execute(
        f"SELECT EXISTS (SELECT 1 FROM scene INDEXED BY scene_special WHERE {SPECIAL})"
    ).fetchone()
    apart = (
        f" AND part / {MOST_PARTS} NOT IN (SELECT row FROM scene INDEXED BY scene_special WHERE {SPECIAL})"
        if is_any_special
        else ""
    )
    (met,) = connection.execute(f"SELECT count(*) FROM scene_box WHERE {near.text}{apart}", near.values).fetchone()
    doubtful = f"SELECT part / {MOST_PARTS} AS number FROM scene_box WHERE {near.text}{apart} AND NOT {sure.text}"
    missed = f"SELECT count(*) FROM ({doubtful}) CROSS JOIN scene ON scene.row = number WHERE NOT ({test.text})"
    (less,) = connection.execute(missed, near.values + sure.values + test.values).fetchone()
    looked_at = (
        f"SELECT count(*) FROM scene INDEXED BY scene_special WHERE ({SPECIAL}) AND {seen.text} AND ({test.text})"
    )
    (more,) = connection.execute(looked_at, seen.values + test.values).fetchone() if is_any_special else (0,)
    return int(met - less + more)


def _sure(west: float, south: float, east: float, north: float) -> Condition:
    """That a box of the tree tells for certain that a footprint in one piece meets a rectangle (see ``access.meets``).

    The tree keeps 32 bits rounded outwards: what lies within the rectangle does so in truth, and what overlaps it
    does so in truth where it does by more than a trifle.
    """
    return Condition(
        "((west >= ? AND east <= ? AND (south >= ? OR north >= ?) AND (north <= ? OR south <= ?)) OR "
        "(south >= ? AND north <= ? AND (west >= ? OR east >= ?) AND (east <= ? OR west <= ?)))",
        (
            *(west, east, south, south + _SURE, north, north - _SURE),
            *(south, north, west, west + _SURE, east, east - _SURE),
        ),
    )

"""How the scenes of a filter are reached: by what leaves few of them, or in the order that is asked for.

SQLite's planner knows nothing of what a box, a concept or a word leaves. So the parts of a
filter that a tree answers are asked for their first few thousand scenes: one that has no more
is where to begin, and the rest is tested on each of its scenes, which are sorted after that.
Where all have more, the list is read in its order until a page is full, which is soon then.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.filters import All, Any, Comparison, Concept, During, Filter, Meets, OneOf, Related, Text
from graph_service.index.footprints import EVERYTHING, box_meets, covers_globe, joined, meets
from graph_service.index.properties import property_named
from graph_service.index.schema import INDEXED, MOST_PARTS, axis
from graph_service.index.sql import condition, numbers
from graph_service.index.sql_values import Condition

FEW = 2_000
"""Scenes that are sooner sorted than met with in order; the R*Tree finds so many in a millisecond."""
_VERY_FEW = 64
"""Scenes with which it is not worth looking for fewer."""
_NUMBER = f"part / {MOST_PARTS} AS number"
_MOST_PARTS = 20
"""Parts of a filter that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where to read scenes from, and what to test each of."""

    source: Condition
    """After FROM; the scenes are called ``scene``."""
    where: Condition
    is_few: bool
    """Whether the source has so few scenes that their order does not matter."""
    boxes: Condition | None = None
    """Where the source is one box of the tree of boxes, what it asks of it."""


@dataclass(frozen=True, slots=True)
class _Start:
    """A part of a filter as a list of rows, which may have some twice, and some that it does not find."""

    rows: Condition
    """A SELECT of one column."""
    boxes: Condition | None = None
    """What it asks of the tree of boxes, where it is one box of it."""
    part: Filter | None = None
    """The part itself, where the list leaves nothing to test."""


def access(
    connection: sqlite3.Connection,
    tree: Filter,
    audiences: Sequence[str],
    *,
    few: int = FEW,
    sorted_by: str | None = None,
) -> Access:
    """The way to the scenes of a filter that some audiences may see.

    Args:
        connection: within one state of the index.
        tree: the filter.
        audiences: IRIs of those that restricted data may be shown of.
        few: scenes that are sooner read than scenes in order.
        sorted_by: column of the first key in whose order a source of many scenes is read; None for no order.

    Raises:
        RequestInvalid: as of ``sql.condition``.
    """
    condition(tree)  # whose bounds are those of the whole
    parts = _conjuncts(tree)
    span = _span(parts)
    starts = [one for part in parts if (one := _start(connection, part, span)) is not None]
    start = _best(connection, starts, few)
    open_parts = [part for part in parts if start is None or part is not start.part]
    tests = [_test(connection, part, few) for part in sorted(open_parts, key=_dearness)]
    tests.append(visible(audiences))
    if start is not None:
        return Access(_beginning_with(start.rows), _hidden(tests), is_few=True, boxes=start.boxes)
    return Access(*_in_order(connection, parts, tests, sorted_by), is_few=False)


def _beginning_with(rows: Condition) -> Condition:
    text = f"(SELECT DISTINCT {rows.text}) AS near CROSS JOIN scene ON scene.row = near.number"
    return Condition(text, rows.values)


def within_boxes(boxes: Condition) -> Condition:
    """The source of the scenes that have a box in the tree of boxes of which something holds."""
    return _beginning_with(Condition(f"{_NUMBER} FROM scene_box WHERE {boxes.text}", boxes.values))


def visible(audiences: Sequence[str]) -> Condition:
    """That some audiences may see a scene."""
    if not audiences:
        return Condition("scene.audience IS NULL")
    marks = ", ".join("?" * len(audiences))
    return Condition(f"(scene.audience IS NULL OR scene.audience IN ({marks}))", tuple(audiences))


def _conjuncts(tree: Filter) -> tuple[Filter, ...]:
    """What all have to hold; of very many, the last as one, because SQLite allows an expression a depth of 1000."""
    parts = tuple(_parts(tree))
    return parts if len(parts) <= _MOST_PARTS else (*parts[:_MOST_PARTS], All(parts[_MOST_PARTS:]))


def _parts(tree: Filter) -> Iterator[Filter]:
    if isinstance(tree, All):
        for part in tree.parts:
            yield from _parts(part)
    else:
        yield tree


def _dearness(part: Filter) -> int:
    """Cheap tests come first."""
    match part:
        case Comparison() | OneOf() | During():
            return 0
        case Concept() | Text():
            return 2
        case Meets() | Related():
            return 3
        case _:
            return 1


def _in_order(
    connection: sqlite3.Connection, parts: Sequence[Filter], tests: Sequence[Condition], sorted_by: str | None
) -> tuple[Condition, Condition]:
    """A source in the order of a key, or of the time among the scenes of one value."""
    bounds = _times(connection, _span(parts))
    if sorted_by == "datetime" and (one := _most_telling(parts)) is not None:
        tree = f"scene INDEXED BY scene_by_{property_named(one.name).column}"
        return Condition(tree), joined([condition(one), *bounds, _hidden(tests)])
    if sorted_by is None and bounds:
        return Condition("scene INDEXED BY scene_by_datetime"), joined([*bounds, _hidden(tests)])
    if sorted_by == "datetime" or sorted_by in INDEXED:
        hidden = _hidden(tests)
        return Condition(f"scene INDEXED BY scene_by_{sorted_by}"), joined([*bounds, hidden]) if bounds else hidden
    return Condition("scene"), joined(tests)


def _hidden(tests: Sequence[Condition]) -> Condition:
    """Tests for which the planner looks for no way of its own."""
    together = joined(tests)
    return Condition(f"({together.text}) IS TRUE", together.values)


def _most_telling(parts: Sequence[Filter]) -> Comparison | None:
    """The equality whose B-tree has the fewest scenes to a value."""
    equal = {property_named(one.name).column: one for part in parts if (one := _equality(part)) is not None}
    return next((equal[name] for name in INDEXED if name in equal), None)


def _equality(part: Filter) -> Comparison | None:
    match part:
        case Comparison(_, "="):
            return part
        case OneOf(name, (value,)):
            return Comparison(name, "=", value)
        case _:
            return None


# Where to begin


def _best(connection: sqlite3.Connection, starts: Sequence[_Start], few: int) -> _Start | None:
    """The part that leaves the fewest scenes, where any leaves few."""
    least, best = few, None
    for start in starts:
        text = f"SELECT count(*) FROM (SELECT {start.rows.text} LIMIT ?)"
        (number,) = connection.execute(text, (*start.rows.values, least + 1)).fetchone()
        if number <= least:
            least, best = number, start
        if best is not None and least <= _VERY_FEW:
            break
    return best


def _start(connection: sqlite3.Connection, part: Filter, span: "Span") -> _Start | None:
    match part:
        case Meets(area) | Related(_, area):
            return _boxes([area], span)
        case Any(parts) if parts and all(isinstance(one, Meets) for one in parts):
            return _boxes([one.area for one in parts if isinstance(one, Meets)], span)
        case Concept(iris):
            wanted = numbers(iris)
            return _Start(
                Condition(f"scene_row AS number FROM scene_concept WHERE concept IN ({wanted.text})", iris), part=part
            )
        case Text(query):
            return _Start(Condition("rowid AS number FROM words WHERE words MATCH ?", (query,)), part=part)
        case Comparison(name, operator) if operator != "!=":
            return _declared(name, part)
        case OneOf(name):
            return _declared(name, part)
        case During():
            bounds = joined(_times(connection, span) or [EVERYTHING])
            return _Start(
                Condition(f"row AS number FROM scene INDEXED BY scene_by_datetime WHERE {bounds.text}", bounds.values)
            )
        case _:
            return None


def _declared(name: str, part: Comparison | OneOf) -> _Start | None:
    column = property_named(name).column
    if column not in (*INDEXED, "datetime"):
        return None
    found = condition(part)
    return _Start(
        Condition(f"row AS number FROM scene INDEXED BY scene_by_{column} WHERE {found.text}", found.values), part=part
    )


def _boxes(areas: Sequence[BaseGeometry], span: "Span") -> _Start | None:
    if any(area.is_empty or covers_globe(area) for area in areas):
        return None
    tests = [_near(area, span) for area in areas]
    where = joined(tests, " OR ") if len(tests) > 1 else tests[0]
    if len(tests) == 1:
        return _Start(Condition(f"{_NUMBER} FROM scene_box WHERE {where.text}", where.values), boxes=where)
    # An R*Tree answers one box at a time.
    union = " UNION ALL ".join(f"SELECT {_NUMBER} FROM scene_box WHERE {one.text}" for one in tests)
    return _Start(Condition(f"number FROM ({union})", tuple(value for one in tests for value in one.values)))


def _near(area: BaseGeometry, span: "Span") -> Condition:
    west, south, east, north = area.bounds
    text, values = "east >= ? AND west <= ? AND north >= ? AND south <= ?", [west, east, south, north]
    if span.start is not None:
        text += " AND until >= ?"
        values.append(axis(span.start))
    if span.end is not None:
        text += " AND since <= ?"
        values.append(axis(span.end))
    return Condition(text, tuple(values))


# Times


@dataclass(frozen=True, slots=True)
class Span:
    """What bounds the times of the scenes of a filter: seconds since 1970 UTC, inclusive; None for open."""

    start: float | None = None
    end: float | None = None
    is_nominal: bool = True
    """Whether the nominal times themselves are within it, and not only some instant of the sensing intervals."""


def _span(parts: Sequence[Filter]) -> Span:
    starts: list[float] = []
    ends: list[float] = []
    is_nominal = True
    for part in parts:
        match part:
            case During(start, end):
                is_nominal = False
                starts += [] if start is None else [start.timestamp()]
                ends += [] if end is None else [end.timestamp()]
            case Comparison(name, operator) if property_named(name).column == "datetime" and operator != "!=":
                (seconds,) = condition(part).values
                assert isinstance(seconds, float)
                starts += [seconds] if operator in (">", ">=", "=") else []
                ends += [seconds] if operator in ("<", "<=", "=") else []
    return Span(max(starts, default=None), min(ends, default=None), is_nominal)


def _times(connection: sqlite3.Connection, span: Span) -> list[Condition]:
    """Bounds of the nominal time that follow of a span, with as much slack as any scene of the index needs."""
    ahead, behind = (0.0, 0.0)
    if not span.is_nominal:
        ahead, behind = connection.execute("SELECT ahead, behind FROM state").fetchone()
    found = []
    if span.start is not None:
        found.append(Condition("scene.datetime >= ?", (span.start - behind,)))
    if span.end is not None:
        found.append(Condition("scene.datetime <= ?", (span.end + ahead,)))
    return found


# Tests


def _test(connection: sqlite3.Connection, part: Filter, few: int) -> Condition:
    match part:
        case Meets(area):
            return meets(area)
        case Any(parts) if parts and all(isinstance(one, Meets) for one in parts):
            return joined([meets(one.area) for one in parts if isinstance(one, Meets)], " OR ")
        case Related(relation, area):
            exact = Condition("relates(?, scene.footprint, ?)", (relation, shapely.to_wkb(area)))
            return joined([box_meets(area), exact])
        case Text(query):
            return _text(connection, query, few)
        case _:
            return condition(part)


def _text(connection: sqlite3.Connection, query: str, few: int) -> Condition:
    """Words that few scenes have as a list of those, and others by a look at each scene that is come by."""
    found = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    if connection.execute(found, (query, 10 * few)).fetchone()[0] < 10 * few:
        return Condition("scene.row IN (SELECT rowid FROM words WHERE words MATCH ?)", (query,))
    return Condition("EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND rowid = scene.row)", (query,))

"""Scenes summed up: how often a property has each value, its statistics, and how they lie in space and time.

Source: STAC API aggregation extension 0.3; the same words as its buckets have.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never

from graph_service.errors import RequestInvalid
from graph_service.index.access import FEW, access, visible
from graph_service.index.filters import All, Filter
from graph_service.index.grids import PRECISIONS, Kind, cell_name, h3_cell, shift_to
from graph_service.index.properties import property_named
from graph_service.index.property_values import Property
from graph_service.index.sql_values import Condition

Interval = Literal["year", "quarter", "month", "week", "day", "hour", "minute"]
MOST_BUCKETS = 10_000
"""Buckets of one answer; of more the most frequent ones are given."""

_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Mapping[Interval, int] = {"hour": 3_600, "minute": 60}
"""Intervals that are told apart in SQL; the longer ones are put together from days."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many scenes have each value of a property."""

    property: str
    """Short or STAC name."""
    most: int = 100
    """Values that are told one by one."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Least, greatest, sum and mean of a property that has numbers or times."""

    property: str


@dataclass(frozen=True, slots=True)
class Grid:
    """How many scenes have their centroid in each cell of a grid."""

    kind: Kind
    precision: int
    """One of ``grids.PRECISIONS``."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many scenes there are in each interval of a time, in UTC; weeks begin on Monday."""

    property: str = "datetime"
    interval: Interval = "month"


Aggregation = Frequencies | Statistics | Grid | Histogram


@dataclass(frozen=True, slots=True)
class Bucket:
    """Some scenes that have something in common."""

    key: str | float
    """A value; the name of a cell; the beginning of an interval in RFC 3339."""
    number: int


@dataclass(frozen=True, slots=True)
class Buckets:
    """Scenes by what they have in common: the most frequent first, intervals by time."""

    buckets: tuple[Bucket, ...]
    overflow: int
    """Scenes of further values or cells."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics of numbers, or of times in seconds since 1970 UTC; None where no scene has any."""

    number: int
    least: float | None
    greatest: float | None
    total: float | None
    mean: float | None


Aggregated = Buckets | Summary

_Connection = sqlite3.Connection


@dataclass(frozen=True, slots=True)
class _Scenes:
    """Where the scenes to sum up are read from."""

    source: str
    """After FROM, with ``scene`` among it."""
    centres: str
    """The same with ``centre``."""
    where: Condition
    centre_where: Condition


def aggregated(
    connection: _Connection, tree: Filter, aggregations: Sequence[Aggregation], audiences: Sequence[str]
) -> tuple[Aggregated, ...]:
    """The scenes of a filter summed up in several ways, in their order.

    Args:
        connection: within one state of the index.
        tree: the filter.
        aggregations: what is asked.
        audiences: IRIs of what restricted data counts.

    Raises:
        RequestInvalid: a property is unknown or of the wrong type, or a grid has no such precision.
    """
    for one in aggregations:
        _ensure_possible(one)
    if _finds_everything(tree):
        seen = visible(audiences)
        centre = Condition(seen.text.replace("scene.", "centre."), seen.values)
        return tuple(_answer(connection, one, _Scenes("scene", "centre", seen, centre)) for one in aggregations)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS found (row INTEGER PRIMARY KEY)")
    try:
        _find(connection, tree, audiences)
        joined = "temp.found CROSS JOIN {0} ON {0}.row = found.row"
        scenes = _Scenes(joined.format("scene"), joined.format("centre"), Condition("TRUE"), Condition("TRUE"))
        return tuple(_answer(connection, one, scenes) for one in aggregations)
    finally:
        connection.execute("DELETE FROM temp.found")


def _finds_everything(tree: Filter) -> bool:
    return isinstance(tree, All) and all(_finds_everything(part) for part in tree.parts)


def _find(connection: _Connection, tree: Filter, audiences: Sequence[str]) -> None:
    (scenes,) = connection.execute("SELECT coalesce(sum(scenes), 0) FROM tally").fetchone()
    for few in (FEW, scenes // 8):
        way = access(connection, tree, audiences, few=few)
        if way.is_few:
            break
    text = f"INSERT INTO temp.found SELECT scene.row FROM {way.source.text} WHERE {way.where.text}"
    connection.execute(text, way.source.values + way.where.values)


def _ensure_possible(one: Aggregation) -> None:
    match one:
        case Frequencies(name):
            if property_named(name).kind == "list":
                raise RequestInvalid(f"{name}: is a list, whose values are not counted")
        case Statistics(name):
            if property_named(name).kind not in ("number", "time"):
                raise RequestInvalid(f"{name}: has neither numbers nor times, of which there are statistics")
        case Histogram(name):
            if property_named(name).kind != "time":
                raise RequestInvalid(f"{name}: is no time, of which there is a histogram")
        case Grid(kind, precision):
            if precision not in PRECISIONS[kind]:
                least, most = PRECISIONS[kind][0], PRECISIONS[kind][-1]
                raise RequestInvalid(f"precision: of {kind} is between {least} and {most}, not {precision}")


def _answer(connection: _Connection, one: Aggregation, scenes: _Scenes) -> Aggregated:
    match one:
        case Frequencies(name, most):
            return _frequencies(connection, property_named(name), most, scenes)
        case Statistics(name):
            return _statistics(connection, property_named(name), scenes)
        case Grid():
            return _grid(connection, one, scenes)
        case Histogram(name, interval):
            return _histogram(connection, property_named(name), interval, scenes)
        case _:
            assert_never(one)


def _frequencies(connection: _Connection, one: Property, most: int, scenes: _Scenes) -> Buckets:
    column = f"scene.{one.column}"
    text = (
        f"SELECT {column}, count(*) FROM {scenes.source} WHERE {column} IS NOT NULL AND {scenes.where.text} "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return _most_frequent(connection.execute(text, scenes.where.values).fetchall(), most)


def _most_frequent(rows: Sequence[tuple[str | float, int]], most: int) -> Buckets:
    given = min(most, MOST_BUCKETS)
    buckets = tuple(Bucket(key, number) for key, number in rows[:given])
    return Buckets(buckets, sum(number for _, number in rows[given:]))


def _statistics(connection: _Connection, one: Property, scenes: _Scenes) -> Summary:
    column = f"scene.{one.column}"
    text = (
        f"SELECT count({column}), min({column}), max({column}), sum({column}), avg({column}) "
        f"FROM {scenes.source} WHERE {column} IS NOT NULL AND {scenes.where.text}"
    )
    return Summary(*connection.execute(text, scenes.where.values).fetchone())


def _grid(connection: _Connection, one: Grid, scenes: _Scenes) -> Buckets:
    # Counted here: SQL would sort all of them first, which takes twice as long.
    where = f"FROM {scenes.centres} WHERE {scenes.centre_where.text}"
    numbers: Counter[int] = Counter()
    if one.kind == "h3":
        places = connection.execute(f"SELECT centre.longitude, centre.latitude {where}", scenes.centre_where.values)
        for (longitude, latitude), number in Counter(places).items():
            numbers[h3_cell(longitude, latitude, one.precision)] += number
    else:
        by = shift_to(one.kind, one.precision)
        cells = connection.execute(f"SELECT centre.{one.kind} >> ? {where}", (by, *scenes.centre_where.values))
        numbers.update({cell: number for (cell,), number in Counter(cells).items()})
    found = _most_frequent(sorted(numbers.items(), key=lambda item: (-item[1], item[0])), MOST_BUCKETS)
    buckets = tuple(Bucket(cell_name(one.kind, int(b.key), one.precision), b.number) for b in found.buckets)
    return Buckets(buckets, found.overflow)


def _histogram(connection: _Connection, one: Property, interval: Interval, scenes: _Scenes) -> Buckets:
    column, seconds = f"scene.{one.column}", _SECONDS.get(interval, _DAY_S)
    where = f"FROM {scenes.source} WHERE {column} IS NOT NULL AND {scenes.where.text}"
    places = connection.execute(f"SELECT floor({column} / {seconds}) {where}", scenes.where.values)
    numbers: Counter[datetime] = Counter()
    for (place,), number in Counter(places).items():
        # Not by ``fromtimestamp``, which some systems refuse before 1970.
        numbers[_beginning(_EPOCH + timedelta(seconds=place * seconds), interval)] += number
    newest = sorted(numbers)[-MOST_BUCKETS:]
    buckets = tuple(Bucket(time.isoformat().replace("+00:00", "Z"), numbers[time]) for time in newest)
    return Buckets(buckets, numbers.total() - sum(one.number for one in buckets))


def _beginning(time: datetime, interval: Interval) -> datetime:
    match interval:
        case "year":
            return time.replace(month=1, day=1)
        case "quarter":
            return time.replace(month=(time.month - 1) // 3 * 3 + 1, day=1)
        case "month":
            return time.replace(day=1)
        case "week":
            return time - timedelta(days=time.weekday())
        case _:
            return time

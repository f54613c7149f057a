"""Pages of a sorted list, from key to key: stable while others write, and as fast at any depth.

Records without a value come last, whichever way is sorted. Ties are broken by time and then
by row, in the direction of the last key, so that every list has one order and its reverse.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph_service.errors import RequestInvalid
from graph_service.index.properties import property_named
from graph_service.index.property_values import Value
from graph_service.index.sql_values import Condition

_ALWAYS_THERE = ("id", "collection", "datetime")
"""Properties that every scene has."""
_TIME = "datetime"
MOST_KEYS = 8
"""Keys of one order."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A declared property to sort by."""

    property: str
    """Short or STAC name."""
    descending: bool = False


NEWEST_FIRST: tuple[SortKey, ...] = (SortKey(_TIME, descending=True),)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a sorted list, next to a record that is or was there."""

    values: tuple[Value, ...]
    """What the record has of each key of the whole order."""
    row: int
    backward: bool = False
    """Whether the page ends right before the record, instead of beginning right after it."""


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
class Page:
    """Some of the scenes that a filter finds, in order."""

    found: tuple[Found, ...]
    next: Position | None
    """Where the page after this one begins; None when this is the last."""
    previous: Position | None
    """Where the page before this one ends; None when this is the first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column in an order."""

    name: str
    descending: bool
    may_be_null: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list that one statement reads."""

    where: Condition
    order: str
    """Terms of ORDER BY."""


def columns_of(sort: Sequence[SortKey]) -> tuple[Column, ...]:
    """The whole order that some keys mean, but for the row.

    Raises:
        RequestInvalid: a property is unknown, holds lists, or there are too many.
    """
    found: dict[str, Column] = {}
    for key in (*sort, SortKey(_TIME, sort[-1].descending if sort else True)):
        one = property_named(key.property)
        if one.kind == "list":
            raise RequestInvalid(f"{key.property}: is a list, by which nothing can be sorted")
        found.setdefault(one.column, Column(one.column, key.descending, one.column not in _ALWAYS_THERE))
    if len(found) > MOST_KEYS + 1:
        raise RequestInvalid(f"sortby: has more than {MOST_KEYS} properties")
    return tuple(found.values())


def direction_of_rows(columns: Sequence[Column], sort: Sequence[SortKey]) -> bool:
    """Whether rows that are equal otherwise descend."""
    return sort[-1].descending if sort else columns[-1].descending


def stretches(
    columns: Sequence[Column], row_descending: bool, at: Position | None, *, backward: bool
) -> Iterator[Stretch]:
    """The parts of a list from a position on, in the order in which they are read.

    What has the first key and what has it not are two stretches, each in the order of a B-tree.
    """
    first = columns[0]
    if not first.may_be_null:
        yield _stretch(columns, row_descending, _after(columns, row_descending, at, backward), backward)
        return
    there = (Column(first.name, first.descending, may_be_null=False), *columns[1:])
    is_at_null = at is not None and at.values[0] is None
    with_key = at if at is not None and not is_at_null else None
    without = Position(at.values[1:], at.row) if at is not None and is_at_null else None
    parts = [
        (f"scene.{first.name} IS NOT NULL", there, with_key, is_at_null),
        (f"scene.{first.name} IS NULL", columns[1:], without, at is not None and not is_at_null),
    ]
    for where, some, place, is_beyond in reversed(parts) if backward else parts:
        # The stretch that a position is not in lies wholly before it or wholly after it.
        if at is not None and is_beyond and (where.endswith("NOT NULL") != backward):
            continue
        rest = _after(some, row_descending, place, backward)
        yield _stretch(some, row_descending, Condition(f"{where} AND {rest.text}", rest.values), backward)


def _stretch(columns: Sequence[Column], row_descending: bool, where: Condition, backward: bool) -> Stretch:
    terms = [_term(one, backward) for one in columns]
    terms.append(f"scene.row {_way(row_descending != backward)}")
    return Stretch(where, ", ".join(terms))


def _term(column: Column, backward: bool) -> str:
    nulls = "" if not column.may_be_null else " NULLS FIRST" if backward else " NULLS LAST"
    return f"scene.{column.name} {_way(column.descending != backward)}{nulls}"


def _way(descending: bool) -> str:
    return "DESC" if descending else "ASC"


def _after(columns: Sequence[Column], row_descending: bool, at: Position | None, backward: bool) -> Condition:
    """What lies behind a position, in the direction of reading."""
    if at is None:
        return Condition("TRUE")
    ways = {one.descending for one in columns} | {row_descending}
    if len(ways) == 1 and not any(one.may_be_null for one in columns):
        # As one comparison, which a B-tree answers.
        names = ", ".join((*(f"scene.{one.name}" for one in columns), "scene.row"))
        marks = ", ".join("?" * (len(columns) + 1))
        return Condition(f"({names}) {_beyond(row_descending, backward)} ({marks})", (*at.values, at.row))
    return _after_one_by_one(columns, row_descending, at, backward)


def _after_one_by_one(columns: Sequence[Column], row_descending: bool, at: Position, backward: bool) -> Condition:
    alternatives: list[Condition] = []
    equal, values = "", ()
    for column, value in zip(columns, at.values, strict=True):
        farther = _farther(column, value, backward)
        alternatives.append(Condition(f"({equal}{farther.text})", (*values, *farther.values)))
        equal, values = f"{equal}scene.{column.name} IS ? AND ", (*values, value)  # type: ignore[assignment]
    alternatives.append(Condition(f"({equal}scene.row {_beyond(row_descending, backward)} ?)", (*values, at.row)))
    text = " OR ".join(one.text for one in alternatives)
    return Condition(f"({text})", tuple(value for one in alternatives for value in one.values))


def _beyond(descending: bool, backward: bool) -> str:
    return "<" if descending != backward else ">"


def _farther(column: Column, value: Value, backward: bool) -> Condition:
    """What has another value than a position, and lies behind it for that."""
    name = f"scene.{column.name}"
    if value is None:
        return Condition(f"{name} IS NOT NULL" if backward else "FALSE")
    behind = f"{name} {_beyond(column.descending, backward)} ?"
    if column.may_be_null and not backward:
        return Condition(f"({behind} OR {name} IS NULL)", (value,))
    return Condition(behind, (value,))

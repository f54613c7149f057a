"""The filter tree as SQL for SQLite, every value bound."""

import math
import re
from datetime import UTC, datetime
from typing import assert_never

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.filters import (
    Absent,
    All,
    Among,
    Any,
    Compared,
    Comparison,
    Concept,
    During,
    Filter,
    Fits,
    Leaf,
    Like,
    Meets,
    Not,
    Null,
    OneOf,
    Related,
    Sets,
    Text,
)
from graph_service.index.properties import property_named
from graph_service.index.property_values import Property
from graph_service.index.sql_values import Condition, joined_values, related_sets, value

_DEEPEST = 24
"""Levels of a filter; SQLite's parser has a stack of 100 and puts three or four things on it for a level."""
_WIDEST = 500
"""Conditions joined in one row; SQLite allows an expression a depth of 1000 and counts each AND and OR as one."""
_MOST_VALUES = 30_000
"""Values of one filter; SQLite binds at most 32,766 to a statement."""
_LONGEST_PATTERN = 1000
"""Characters of a pattern; SQLite refuses patterns of more than 50,000 bytes."""


def condition(tree: Filter) -> Condition:
    """The condition on ``scene`` that a filter stands for.

    Each scene that is come by is looked at; ``access`` finds where best to begin.

    Raises:
        RequestInvalid: it names an unknown property or a value of the wrong type, is nested too deeply or too long.
    """
    found = _condition(tree, _DEEPEST)
    if len(found.values) > _MOST_VALUES:
        raise RequestInvalid(f"filter: has {len(found.values)} values; give at most {_MOST_VALUES} at a time")
    return found


def _condition(tree: Filter, levels: int) -> Condition:
    if not levels:
        raise RequestInvalid(f"filter: is nested more than {_DEEPEST} levels deep")
    match tree:
        case All(parts):
            # The dearest comes last.
            ordered = sorted(parts, key=lambda part: isinstance(part, Meets | Related))
            return _joined([_condition(part, levels - 1) for part in ordered], " AND ") or Condition("TRUE")
        case Any(parts):
            return _joined([_condition(part, levels - 1) for part in parts], " OR ") or Condition("FALSE")
        case Not(part):
            inner = _condition(part, levels - 1)
            return Condition(f"NOT ({inner.text})", inner.values)
        case _:
            return _leaf(tree)


def _leaf(tree: Leaf) -> Condition:
    match tree:
        case Comparison() | OneOf() | Like() | Null():
            return _declared(tree)
        case Compared() | Among() | Fits() | Absent() | Sets():
            return _computed(tree)
        case Concept(iris):
            return _concept(iris)
        case Meets(area):
            return _within_boxes(area, Condition("meets(scene.footprint, ?)", (shapely.to_wkb(area),)))
        case Related(relation, area):
            asked = Condition("relates(?, scene.footprint, ?)", (relation, shapely.to_wkb(area)))
            return _within_boxes(area, asked)
        case During(start, end):
            return _during(start, end)
        case Text(query):
            return Condition("scene.row IN (SELECT rowid FROM words WHERE words MATCH ?)", (query,))
        case _:
            assert_never(tree)


def _declared(tree: Comparison | OneOf | Like | Null) -> Condition:
    """A condition on one property, which an index of the database may answer."""
    column = property_named(tree.name)
    match tree:
        case Comparison(_, operator, value):
            return Condition(f"scene.{column.column} {operator} ?", (_bound(column, value),))
        case OneOf(_, values):
            marks = ", ".join("?" * len(values))
            return Condition(f"scene.{column.column} IN ({marks})", tuple(_bound(column, one) for one in values))
        case Like(name, pattern):
            return Condition(f"scene.{column.column} GLOB ?", (_glob(name, pattern),))
        case Null():
            return Condition(f"scene.{column.column} IS NULL")


def _computed(tree: Compared | Among | Fits | Absent | Sets) -> Condition:
    match tree:
        case Compared(left, operator, right):
            one, other = value(left), value(right)
            return Condition(f"{one.text} {operator} {other.text}", one.values + other.values)
        case Among(asked, choices):
            one, listed = value(asked), joined_values(choices)
            return Condition(f"{one.text} IN ({listed.text})", one.values + listed.values)
        case Fits(asked, pattern):
            one = value(asked)
            return Condition(f"{one.text} GLOB ?", (*one.values, _glob("LIKE", pattern)))
        case Absent(asked):
            one = value(asked)
            return Condition(f"{one.text} IS NULL", one.values)
        case Sets(relation, left, right):
            return related_sets(relation, value(left), value(right))


def _joined(conditions: list[Condition], word: str) -> Condition | None:
    while len(conditions) > 1:
        starts = range(0, len(conditions), _WIDEST)
        conditions = [_joined_few(conditions[start : start + _WIDEST], word) for start in starts]
    return conditions[0] if conditions else None


def _joined_few(conditions: list[Condition], word: str) -> Condition:
    text = word.join(f"({one.text})" for one in conditions)
    return Condition(text, tuple(value for one in conditions for value in one.values))


def _bound(column: Property, value: str | float) -> object:
    if column.kind in ("text", "list"):
        return str(value)
    if column.kind == "time":
        return _seconds(column, value)
    try:
        number = float(value)
    except ValueError as cause:
        raise RequestInvalid(f"{column.name}: {value!r} is not a number") from cause
    if math.isnan(number):  # which SQLite would take for NULL
        raise RequestInvalid(f"{column.name}: {value!r} is not a number")
    return number


def _seconds(column: Property, value: str | float) -> float:
    if isinstance(value, float):
        return value
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as cause:
        raise RequestInvalid(f"{column.name}: {value!r} is not an RFC 3339 time") from cause
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _glob(name: str, pattern: str) -> str:
    """A pattern of CQL2 as SQLite's GLOB, which heeds letter case where its LIKE does not."""
    if len(pattern) > _LONGEST_PATTERN:
        raise RequestInvalid(f"{name}: the pattern is longer than {_LONGEST_PATTERN} characters")
    parts = re.findall(r"\\?.", pattern, re.DOTALL)
    return "".join({"%": "*", "_": "?"}.get(part) or _GLOB_ITSELF.get(part[-1], part[-1]) for part in parts)


_GLOB_ITSELF = {character: f"[{character}]" for character in "*?["}


def numbers(iris: tuple[str, ...]) -> Condition:
    """The numbers of concepts, as a subquery."""
    return Condition(f"SELECT number FROM concept WHERE iri IN ({', '.join('?' * len(iris))})", iris)


def _concept(iris: tuple[str, ...]) -> Condition:
    wanted = numbers(iris)
    found = f"SELECT 1 FROM scene_concept WHERE scene_row = scene.row AND concept IN ({wanted.text})"
    return Condition(f"EXISTS ({found})", iris)


def _within_boxes(area: BaseGeometry, exact: Condition) -> Condition:
    """A test of the footprint, which is read only where its box and that of the area meet."""
    if area.is_empty:
        return Condition("FALSE")
    west, south, east, north = area.bounds
    boxes = "scene.west <= ? AND scene.east >= ? AND scene.south <= ? AND scene.north >= ?"
    return Condition(f"{boxes} AND {exact.text}", (east, west, north, south, *exact.values))


def _during(start: datetime | None, end: datetime | None) -> Condition:
    parts: list[Condition] = []
    if start is not None:
        parts.append(Condition("scene.last_instant >= ?", (start.timestamp(),)))
    if end is not None:
        parts.append(Condition("scene.first_instant <= ?", (end.timestamp(),)))
    text = " AND ".join(part.text for part in parts) or "TRUE"
    return Condition(text, tuple(value for part in parts for value in part.values))

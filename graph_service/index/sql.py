"""The filter tree as SQL for SQLite, every value bound."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, Concept, During, Filter, Meets, Not, OneOf
from graph_service.index.properties import Property, property_named

_DEEPEST = 24
"""Levels of a filter; SQLite's parser has a stack of 100 and puts three or four things on it for a level."""
_WIDEST = 500
"""Conditions joined in one row; SQLite allows an expression a depth of 1000 and counts each AND and OR as one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its values in the order of its question marks."""

    text: str
    values: tuple[object, ...] = ()


def condition(tree: Filter) -> Condition:
    """The condition on ``scene`` that a filter stands for.

    Raises:
        RequestInvalid: it names an unknown property or a value of the wrong type, or is nested too deeply.
    """
    return _condition(tree, _DEEPEST)


def _condition(tree: Filter, levels: int) -> Condition:
    if not levels:
        raise RequestInvalid(f"filter: is nested more than {_DEEPEST} levels deep")
    match tree:
        case Comparison(name, operator, value):
            column = property_named(name)
            return Condition(f"scene.{column.column} {operator} ?", (_bound(column, value),))
        case OneOf(name, values):
            column = property_named(name)
            marks = ", ".join("?" * len(values))
            return Condition(f"scene.{column.column} IN ({marks})", tuple(_bound(column, value) for value in values))
        case Concept(iris):
            return _concept(iris)
        case Meets(area):
            return _meets(area)
        case During(start, end):
            return _during(start, end)
        case All(parts):
            return _joined([_condition(part, levels - 1) for part in parts], " AND ") or Condition("TRUE")
        case Any(parts):
            return _joined([_condition(part, levels - 1) for part in parts], " OR ") or Condition("FALSE")
        case Not(part):
            inner = _condition(part, levels - 1)
            return Condition(f"NOT ({inner.text})", inner.values)


def _joined(conditions: list[Condition], word: str) -> Condition | None:
    while len(conditions) > 1:
        starts = range(0, len(conditions), _WIDEST)
        conditions = [_joined_few(conditions[start : start + _WIDEST], word) for start in starts]
    return conditions[0] if conditions else None


def _joined_few(conditions: list[Condition], word: str) -> Condition:
    text = word.join(f"({one.text})" for one in conditions)
    return Condition(text, tuple(value for one in conditions for value in one.values))


def _bound(column: Property, value: str | float) -> object:
    if column.kind == "text":
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
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as cause:
        raise RequestInvalid(f"{column.name}: {value!r} is not an RFC 3339 time") from cause
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _concept(iris: tuple[str, ...]) -> Condition:
    marks = ", ".join("?" * len(iris))
    numbers = f"SELECT number FROM concept WHERE iri IN ({marks})"
    return Condition(f"scene.row IN (SELECT scene_row FROM scene_concept WHERE concept IN ({numbers}))", iris)


def _meets(area: BaseGeometry) -> Condition:
    west, south, east, north = area.bounds
    # The tree of boxes is in 32-bit floats rounded outwards, so the footprint itself decides in the end.
    boxes = "SELECT scene_row FROM box WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?"
    text = f"scene.row IN ({boxes}) AND meets(scene.footprint, ?)"
    return Condition(text, (west, east, south, north, shapely.to_wkb(area)))


def _during(start: datetime | None, end: datetime | None) -> Condition:
    parts: list[Condition] = []
    if start is not None:
        parts.append(Condition("scene.last_instant >= ?", (start.timestamp(),)))
    if end is not None:
        parts.append(Condition("scene.first_instant <= ?", (end.timestamp(),)))
    text = " AND ".join(part.text for part in parts) or "TRUE"
    return Condition(text, tuple(value for part in parts for value in part.values))

"""The filter tree as SQL for SQLite, every value bound."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, Concept, During, Filter, Like, Meets, Not, Null, OneOf
from graph_service.index.properties import Property, property_named

_DEEPEST = 24
"""Levels of a filter; SQLite's parser has a stack of 100 and puts three or four things on it for a level."""
_WIDEST = 500
"""Conditions joined in one row; SQLite allows an expression a depth of 1000 and counts each AND and OR as one."""
_MOST_VALUES = 30_000
"""Values of one filter; SQLite binds at most 32,766 to a statement."""
_LONGEST_PATTERN = 1000
"""Characters of a pattern; SQLite refuses patterns of more than 50,000 bytes."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its values in the order of its question marks."""

    text: str
    values: tuple[object, ...] = ()


def condition(tree: Filter, is_rare: Callable[[Concept], bool]) -> Condition:
    """The condition on ``scene`` that a filter stands for.

    Args:
        tree: the filter.
        is_rare: whether few scenes have a concept, so that it is best to begin with them.

    Raises:
        RequestInvalid: it names an unknown property or a value of the wrong type, is nested too deeply or too long.
    """
    found = _condition(tree, _DEEPEST, is_rare)
    if len(found.values) > _MOST_VALUES:
        raise RequestInvalid(f"filter: has {len(found.values)} values; give at most {_MOST_VALUES} at a time")
    return found


def is_local(tree: Filter) -> bool:
    """Whether whatever a filter finds meets one area."""
    return isinstance(tree, Meets) or (isinstance(tree, All) and any(is_local(part) for part in tree.parts))


def _condition(tree: Filter, levels: int, is_rare: Callable[[Concept], bool]) -> Condition:
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
        case Like(name, pattern):
            return Condition(f"scene.{property_named(name).column} GLOB ?", (_glob(name, pattern),))
        case Null(name):
            return Condition(f"scene.{property_named(name).column} IS NULL")
        case Concept(iris):
            return _rare(iris) if is_rare(tree) else _frequent(iris)
        case Meets(area):
            return _meets(area)
        case During(start, end):
            return _during(start, end)
        case All(parts):
            # The dearest comes last.
            ordered = sorted(parts, key=lambda part: isinstance(part, Meets))
            return _joined([_condition(part, levels - 1, is_rare) for part in ordered], " AND ") or Condition("TRUE")
        case Any(parts):
            return _joined([_condition(part, levels - 1, is_rare) for part in parts], " OR ") or Condition("FALSE")
        case Not(part):
            inner = _condition(part, levels - 1, is_rare)
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


def _rare(iris: tuple[str, ...]) -> Condition:
    """As a list of scenes, which SQLite begins with; of 60,000 it takes a quarter of a second to sort them."""
    wanted = numbers(iris)
    return Condition(f"scene.row IN (SELECT scene_row FROM scene_concept WHERE concept IN ({wanted.text}))", iris)


def _frequent(iris: tuple[str, ...]) -> Condition:
    """As a look at each scene that is come by, from the newest on or within an area."""
    wanted = numbers(iris)
    found = f"SELECT 1 FROM scene_concept WHERE scene_row = scene.row AND concept IN ({wanted.text})"
    return Condition(f"EXISTS ({found})", iris)


def _meets(area: BaseGeometry) -> Condition:
    west, south, east, north = area.bounds
    # The tree of boxes is in 32-bit floats rounded outwards, so the footprint itself decides in the end.
    boxes = "SELECT scene_row FROM box WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?"
    # As a subquery, which SQLite puts off until cheaper conditions hold.
    text = f"scene.row IN ({boxes}) AND (SELECT meets(scene.footprint, ?))"
    return Condition(text, (west, east, south, north, shapely.to_wkb(area)))


def _during(start: datetime | None, end: datetime | None) -> Condition:
    parts: list[Condition] = []
    if start is not None:
        parts.append(Condition("scene.last_instant >= ?", (start.timestamp(),)))
    if end is not None:
        parts.append(Condition("scene.first_instant <= ?", (end.timestamp(),)))
    text = " AND ".join(part.text for part in parts) or "TRUE"
    return Condition(text, tuple(value for part in parts for value in part.values))

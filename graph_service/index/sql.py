"""The filter tree as SQL for SQLite, every value bound."""

from dataclasses import dataclass
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, During, Filter, Meets, OneOf
from graph_service.index.properties import Property, property_named


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its values in the order of its question marks."""

    text: str
    values: tuple[object, ...] = ()


def condition(tree: Filter) -> Condition:
    """The condition on ``scene`` that a filter stands for.

    Raises:
        RequestInvalid: it names an unknown property or a value of the wrong type.
    """
    match tree:
        case Comparison(name, operator, value):
            column = property_named(name)
            return Condition(f"scene.{column.column} {operator} ?", (_bound(column, value),))
        case OneOf(name, values):
            column = property_named(name)
            marks = ", ".join("?" * len(values))
            return Condition(f"scene.{column.column} IN ({marks})", tuple(_bound(column, value) for value in values))
        case Meets(area):
            return _meets(area)
        case During(start, end):
            return _during(start, end)
        case All(parts):
            return _joined(parts, " AND ", "TRUE")
        case Any(parts):
            return _joined(parts, " OR ", "FALSE")


def _joined(parts: tuple[Filter, ...], word: str, empty: str) -> Condition:
    conditions = [condition(part) for part in parts]
    text = word.join(f"({one.text})" for one in conditions) or empty
    return Condition(text, tuple(value for one in conditions for value in one.values))


def _bound(column: Property, value: str | float) -> object:
    if column.kind == "text":
        return str(value)
    if column.kind == "time":
        return _seconds(column, value)
    try:
        return float(value)
    except ValueError as cause:
        raise RequestInvalid(f"{column.name}: {value!r} is not a number") from cause


def _seconds(column: Property, value: str | float) -> float:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as cause:
        raise RequestInvalid(f"{column.name}: {value!r} is not an RFC 3339 time") from cause
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


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

"""Conditions of the filter tree in words, for people: much as CQL2 text has them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import assert_never

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.filters import (
    Absent,
    Among,
    Attribute,
    Call,
    Compared,
    Comparison,
    Concept,
    Constant,
    During,
    Expression,
    Fits,
    Leaf,
    Like,
    Meets,
    Members,
    Missing,
    Null,
    OneOf,
    Related,
    Sets,
    Text,
)
from graph_service.index.functions import OPERATORS
from graph_service.index.properties import property_named
from ontology.prefixed import prefixed

_MOST_SHOWN = 10
"""Values of a list that are written out."""
_LONGEST = 200
"""Characters of an area that are written out."""
_SETS = {"equals": "A_EQUALS", "contains": "A_CONTAINS", "contained_by": "A_CONTAINEDBY", "overlaps": "A_OVERLAPS"}


def condition_text(leaf: Leaf) -> str:
    """A condition as a person would write it."""
    match leaf:
        case Comparison(name, operator, value):
            return f"{_name(name)} {operator.replace('!=', '<>')} {_value(name, value)}"
        case OneOf(name, values):
            return f"{_name(name)} IN ({_some([_value(name, value) for value in values])})"
        case Like(name, pattern):
            return f"{_name(name)} LIKE {_quoted(pattern)}"
        case Null(name):
            return f"{_name(name)} IS NULL"
        case Concept(iris, asked):
            return f"concept IN ({_some([_quoted(prefixed(iri)) for iri in asked or iris])})"
        case Meets(area, region):
            return f"S_INTERSECTS(geometry, {region or _area(area)})"
        case Related(relation, area, region):
            return f"S_{relation.upper()}(geometry, {region or _area(area)})"
        case During(start, end):
            return f"T_INTERSECTS(datetime, INTERVAL({_end(start)}, {_end(end)}))"
        case Text(query):
            return f"text {_quoted(query)}"
        case _:
            return _computed(leaf)


def _computed(leaf: Compared | Among | Fits | Absent | Sets) -> str:
    match leaf:
        case Compared(left, operator, right):
            return f"{_expression(left)} {operator.replace('!=', '<>')} {_expression(right)}"
        case Among(value, choices):
            return f"{_expression(value)} IN ({_some([_expression(one) for one in choices])})"
        case Fits(value, pattern):
            return f"{_expression(value)} LIKE {_quoted(pattern)}"
        case Absent(value):
            return f"{_expression(value)} IS NULL"
        case Sets(relation, left, right):
            return f"{_SETS[relation]}({_expression(left)}, {_expression(right)})"
        case _:
            assert_never(leaf)


def _expression(expression: Expression) -> str:
    match expression:
        case Attribute(name):
            return _name(name)
        case Constant(str() as text):
            return _quoted(text)
        case Constant(value):
            return f"{value}"
        case Missing(name):
            return name
        case Call(name, (left, right)) if name in OPERATORS:
            return f"({_expression(left)} {name} {_expression(right)})"
        case Call(name, arguments):
            return f"{name}({', '.join(map(_expression, arguments))})"
        case Members(values):
            return f"({_some([_expression(one) for one in values])})"
        case _:
            assert_never(expression)


def attributes_of(leaf: Leaf) -> tuple[str, ...]:
    """The declared properties that a condition names."""
    match leaf:
        case Comparison(name) | OneOf(name) | Like(name) | Null(name):
            return (name,)
        case Compared(left, _, right) | Sets(_, left, right):
            return (*_attributes(left), *_attributes(right))
        case Among(value, choices):
            return tuple(name for one in (value, *choices) for name in _attributes(one))
        case Fits(value) | Absent(value):
            return tuple(_attributes(value))
        case _:
            return ()


def _attributes(expression: Expression) -> Iterator[str]:
    match expression:
        case Attribute(name):
            yield name
        case Call(_, parts) | Members(parts):
            for part in parts:
                yield from _attributes(part)


def _name(name: str) -> str:
    return property_named(name).stac_name


def _value(name: str, value: str | float) -> str:
    if property_named(name).kind == "time" and isinstance(value, float):
        return _time(value)
    return _quoted(value) if isinstance(value, str) else f"{value:g}"


def _time(seconds: float) -> str:
    try:
        return _end(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return "'..'"


def _end(time: datetime | None) -> str:
    return "'..'" if time is None else f"TIMESTAMP('{time.isoformat().replace('+00:00', 'Z')}')"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _some(texts: Sequence[str]) -> str:
    more = f", … {len(texts) - _MOST_SHOWN} more" if len(texts) > _MOST_SHOWN else ""
    return ", ".join(texts[:_MOST_SHOWN]) + more


def _area(area: BaseGeometry) -> str:
    text = shapely.to_wkt(area, rounding_precision=6)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

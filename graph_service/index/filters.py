"""The one filter tree into which every search language is compiled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shapely.geometry.base import BaseGeometry

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A declared property beside a value; a record without the property does not match."""

    name: str
    operator: Operator
    value: str | float
    """Of a time RFC 3339 text, or seconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A declared property that has one of several values."""

    name: str
    values: tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A declared property whose text a pattern fits, letter case included."""

    name: str
    pattern: str
    """``%`` for any text, ``_`` for any character, a backslash before one that is meant itself (CQL2)."""


@dataclass(frozen=True, slots=True)
class Null:
    """A declared property that a record does not have."""

    name: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One of several classes, codes or things: a record has the class, or it or a part of it names the other."""

    iris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meets:
    """The footprint and an area have at least one point in common (DE-9IM intersects)."""

    area: BaseGeometry
    """CRS84, longitude latitude, degrees; not across the antimeridian."""


@dataclass(frozen=True, slots=True)
class During:
    """The sensing interval and an interval have at least one instant in common."""

    start: datetime | None
    """UTC, inclusive; None for open."""
    end: datetime | None
    """UTC, inclusive; None for open."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no parts it always does."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A part does not hold; of what is unknown neither a condition nor its contrary does."""

    part: "Filter"


Filter = Comparison | OneOf | Like | Null | Concept | Meets | During | All | Any | Not

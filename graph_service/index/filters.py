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


@dataclass(frozen=True, slots=True)
class OneOf:
    """A declared property that has one of several values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A class that a record has, or a code or thing that it or a part of it names, stated or inferred: one of several."""

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


Filter = Comparison | OneOf | Concept | Meets | During | All | Any | Not

"""The one filter tree into which every search language is compiled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shapely.geometry.base import BaseGeometry

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")

SpatialRelation = Literal["equals", "touches", "within", "overlaps", "crosses", "contains"]
SPATIAL_RELATIONS: tuple[SpatialRelation, ...] = ("equals", "touches", "within", "overlaps", "crosses", "contains")

SetRelation = Literal["equals", "contains", "contained_by", "overlaps"]
SET_RELATIONS: tuple[SetRelation, ...] = ("equals", "contains", "contained_by", "overlaps")

Scalar = str | float | bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value that a record has of a declared property; null where it has none."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value; a time is seconds since 1970 UTC."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Missing:
    """A property that is not declared, whose value is null of every record."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an arithmetic operator applied to values; null where one of them is."""

    name: str
    """One of ``functions.FUNCTIONS``."""
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Members:
    """A list of values."""

    values: tuple["Expression", ...]


Expression = Attribute | Constant | Missing | Call | Members


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
class Compared:
    """Two values of one type side by side; neither true nor false where one is null."""

    left: Expression
    operator: Operator
    right: Expression


@dataclass(frozen=True, slots=True)
class Among:
    """A value that equals one of several of its type."""

    value: Expression
    choices: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Fits:
    """A text that a pattern fits, letter case included."""

    value: Expression
    pattern: str
    """As of ``Like``."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A value that is null."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Sets:
    """How the distinct members of two lists relate."""

    relation: SetRelation
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Concept:
    """One of several classes, codes or things: a record has the class, or it or a part of it names the other."""

    iris: tuple[str, ...]
    asked: tuple[str, ...] = ()
    """Those of them that somebody asked for; the others follow from the ontology. For telling why a record matched."""


@dataclass(frozen=True, slots=True)
class Meets:
    """The footprint and an area have at least one point in common (DE-9IM intersects)."""

    area: BaseGeometry
    """CRS84, longitude latitude, degrees; not across the antimeridian."""
    region: str | None = None
    """What the area is called, where it was asked for by name."""


@dataclass(frozen=True, slots=True)
class Related:
    """The footprint stands in a relation to an area (DE-9IM); each of the relations needs a point in common."""

    relation: SpatialRelation
    """Of the footprint to the area: ``within`` for a footprint inside the area."""
    area: BaseGeometry
    """CRS84, longitude latitude, degrees; not across the antimeridian."""
    region: str | None = None
    """What the area is called, where it was asked for by name."""


@dataclass(frozen=True, slots=True)
class During:
    """The sensing interval and an interval have at least one instant in common."""

    start: datetime | None
    """UTC, inclusive; None for open."""
    end: datetime | None
    """UTC, inclusive; None for open."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a record that a full-text query finds."""

    query: str
    """In the syntax of SQLite's FTS5, sound."""


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


Leaf = (
    Comparison
    | OneOf
    | Like
    | Null
    | Compared
    | Among
    | Fits
    | Absent
    | Sets
    | Concept
    | Meets
    | Related
    | During
    | Text
)
Filter = Leaf | All | Any | Not

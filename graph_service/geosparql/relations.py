"""Topological relations between two geometries, in the reference system of the first (OGC 22-047r1, clause 9)."""

import re
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.arguments import text_of
from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.literals import Term, first, second

TRUE, FALSE = ox.Literal(True), ox.Literal(False)
_PATTERN = re.compile(r"[TF*012]{9}")
MANY = 30
"""Vertices; below them it takes longer to prepare a shape than to ask it."""

Relation = Callable[[Term, Term], ox.Literal]
_Holds = Callable[..., Any]


def _pair(one: Term, other: Term) -> tuple[Geometry, Geometry]:
    a, b = first(one), second(other)
    return a, (b if b.crs is a.crs else b.at(a.crs))


def _relation(holds: _Holds, converse: _Holds, *, apart: ox.Literal = FALSE) -> Relation:
    """A relation by GEOS, which is faster where its first argument is prepared.

    Args:
        holds: the relation.
        converse: the one that holds the other way round, if and only if this one holds.
        apart: its value for geometries whose boxes do not meet.
    """

    def relation(one: Term, other: Term) -> ox.Literal:
        a, b = _pair(one, other)
        if a.apart_from(b):
            return apart
        return TRUE if _larger_first(holds, converse, a.sound, b.sound) else FALSE

    return relation


def _larger_first(holds: _Holds, converse: _Holds, one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether a relation holds; a shape with many vertices is searched like an index, from the first time on."""
    if shapely.get_num_coordinates(other) > MANY:
        shapely.prepare(other)
        return bool(converse(other, one))
    if shapely.get_num_coordinates(one) > MANY:
        shapely.prepare(one)
    return bool(holds(one, other))


def _equals(one: Term, other: Term) -> ox.Literal:
    """Of the same places. The pattern TFFFTFFFT of the standard asks for boundaries, which points and rings lack."""
    a, b = _pair(one, other)
    return TRUE if shapely.equals(a.sound, b.sound) else FALSE


def _pattern(*patterns: str) -> Relation:
    """A relation of geometries that meet, by patterns of the DE-9IM of which one has to match."""

    def relation(one: Term, other: Term) -> ox.Literal:
        a, b = _pair(one, other)
        return TRUE if _meet(a, b) and _matches(a.sound, b.sound, patterns) else FALSE

    return relation


def _of_regions(*patterns: str) -> Relation:
    """A relation of RCC8, which relates regions alone; of points and lines it is false (OGC 22-047r1, table 7)."""
    by_pattern = _pattern(*patterns)

    def relation(one: Term, other: Term) -> ox.Literal:
        a, b = _pair(one, other)
        return by_pattern(one, other) if not a.apart_from(b) and _are_regions(a, b) else FALSE

    return relation


def _disconnected(one: Term, other: Term) -> ox.Literal:
    a, b = _pair(one, other)
    return TRUE if _are_regions(a, b) and not _meet(a, b) else FALSE


def _meet(one: Geometry, other: Geometry) -> bool:
    if one.apart_from(other):
        return False
    return _larger_first(shapely.intersects, shapely.intersects, one.sound, other.sound)


def _matches(one: BaseGeometry, other: BaseGeometry, patterns: tuple[str, ...]) -> bool:
    return any(shapely.relate_pattern(one, other, pattern) for pattern in patterns)


def _are_regions(one: Geometry, other: Geometry) -> bool:
    return all(shapely.get_dimensions(g.sound) == 2 and not g.sound.is_empty for g in (one, other))


def _relate(one: Term, other: Term, pattern: Term) -> ox.Literal:
    matrix = text_of(pattern).upper()
    if not _PATTERN.fullmatch(matrix):
        raise ArgumentInvalid(f"{matrix[:40]!r} is no pattern of the DE-9IM")
    a, b = _pair(one, other)
    return TRUE if shapely.relate_pattern(a.sound, b.sound, matrix) else FALSE


BY_GEOS: dict[str, tuple[_Holds, _Holds]] = {
    "sfIntersects": (shapely.intersects, shapely.intersects),
    "sfTouches": (shapely.touches, shapely.touches),
    "sfCrosses": (shapely.crosses, shapely.crosses),
    "sfWithin": (shapely.within, shapely.contains),
    "sfContains": (shapely.contains, shapely.within),
    "sfOverlaps": (shapely.overlaps, shapely.overlaps),
    "ehMeet": (shapely.touches, shapely.touches),
}
"""Relations that GEOS has, each with the one that holds the other way round; they hold of no empty geometry."""
BY_PATTERN = {
    "ehOverlap": "T*T***T**",
    "ehCovers": "T*TFT*FF*",
    "ehCoveredBy": "TFF*TFT**",
    "ehInside": "TFF*FFT**",
    "ehContains": "T*TFF*FF*",
}
"""Patterns of the DE-9IM for geometries that meet."""
OF_REGIONS = {
    "rcc8eq": "TFFFTFFFT",
    "rcc8ec": "FFTFTTTTT",
    "rcc8po": "TTTTTTTTT",
    "rcc8tppi": "TTTFTTFFT",
    "rcc8tpp": "TFFTTFTTT",
    "rcc8ntpp": "TFFTFFTTT",
    "rcc8ntppi": "TTTFFTFFT",
}
"""Patterns of the DE-9IM for regions that meet."""
_DISJOINT = _relation(shapely.disjoint, shapely.disjoint, apart=TRUE)

RELATIONS: dict[str, Callable[..., ox.Literal]] = {
    "sfEquals": _equals,
    "sfDisjoint": _DISJOINT,
    "ehEquals": _equals,
    "ehDisjoint": _DISJOINT,
    "rcc8dc": _disconnected,
    **{name: _relation(holds, converse) for name, (holds, converse) in BY_GEOS.items()},
    **{name: _pattern(pattern) for name, pattern in BY_PATTERN.items()},
    **{name: _of_regions(pattern) for name, pattern in OF_REGIONS.items()},
    "relate": _relate,
}

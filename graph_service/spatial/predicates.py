"""Conditions on two places, evaluated for many at once, with the very results of the functions in a filter."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from graph_service.geosparql.crs import Crs
from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.measures import planar_unit
from graph_service.geosparql.relations import BY_GEOS, BY_PATTERN, MANY, OF_REGIONS
from graph_service.geosparql.units import Unit
from graph_service.index.rows import Box
from graph_service.spatial.areas import EVERYWHERE, within_distance
from graph_service.spatial.metres import distances_m

HOLDS, FAILS, UNKNOWN = 1, 0, -1
"""What is known of a condition; a function that is an error fails."""
Shapes = NDArray[np.object_]
Verdicts = NDArray[np.int8]
_DEGREE = math.pi / 180
_EARTH_M = (6_350_000, 6_400_000)


@dataclass(frozen=True, slots=True)
class Relation:
    """One of GeoSPARQL's relations that hold of nothing but geometries that meet."""

    name: str

    def verdicts(self, one: Shapes, other: Shapes, crs: Crs) -> Verdicts:
        """Of which pairs it holds.

        Args:
            one: valid shapes, the first arguments.
            other: as many.
            crs: in which all of them are.
        """
        return _related(self.name, one, other).astype(np.int8)

    def reach(self, boxes: Sequence[Box], crs: Crs) -> list[Box]:
        """Boxes in which everything has a place of which it holds, with something in some boxes; all of one system."""
        return list(boxes)


@dataclass(frozen=True, slots=True)
class Nearness:
    """An upper bound on a distance."""

    unit: Unit
    limit: float
    inclusive: bool
    """Whether the bound itself is near enough."""
    precision: float = 1e-9
    """To which part of itself the bound is known, for the engine may read a number otherwise."""

    def verdicts(self, one: Shapes, other: Shapes, crs: Crs) -> Verdicts:
        """Of which pairs it holds; arguments as of ``Relation.verdicts``."""
        try:
            step = planar_unit(self.unit, crs)
        except ArgumentInvalid:
            return np.zeros(len(one), np.int8)
        if step is None:
            least, most = (metres / self.unit.size for metres in distances_m(one, other, crs.geod))
        else:
            least = most = shapely.distance(one, other) * step
        slack = abs(self.limit) * self.precision
        near = most <= self.limit - slack if self.inclusive else most < self.limit - slack
        far = least > self.limit + slack if self.inclusive else least >= self.limit + slack
        return np.where(near, HOLDS, np.where(far, FAILS, UNKNOWN)).astype(np.int8)

    def reach(self, boxes: Sequence[Box], crs: Crs) -> list[Box]:
        """As ``Relation.reach``."""
        limit = self.limit + abs(self.limit) * self.precision
        try:
            step = planar_unit(self.unit, crs)
        except ArgumentInvalid:
            return []
        if limit < 0:
            return []
        if step is not None:
            by = limit / step * (1 + 1e-9)
            return [Box(b.west - by, b.south - by, b.east + by, b.north + by) for b in boxes]
        if not (math.isclose(crs.unit, _DEGREE) and _EARTH_M[0] < crs.geod.b <= crs.geod.a < _EARTH_M[1]):
            return [EVERYWHERE]
        return within_distance(boxes, limit * self.unit.size)


Predicate = Relation | Nearness


def _related(name: str, one: Shapes, other: Shapes) -> NDArray[np.bool_]:
    if name in BY_GEOS:
        return _larger_first(*BY_GEOS[name], one, other)
    if name in BY_PATTERN:
        return _matching(BY_PATTERN[name], one, other, np.ones(len(one), bool))
    if name in OF_REGIONS:
        return _matching(OF_REGIONS[name], one, other, _are_regions(one) & _are_regions(other))
    equal: NDArray[np.bool_] = shapely.equals(one, other)
    return equal


def _larger_first(holds: Any, converse: Any, one: Shapes, other: Shapes) -> NDArray[np.bool_]:
    """The choice of the function, made for each pair: which shape is searched like an index."""
    turned = shapely.get_num_coordinates(other) > MANY
    shapely.prepare(other[turned])
    shapely.prepare(one[~turned & (shapely.get_num_coordinates(one) > MANY)])
    found = np.zeros(len(one), bool)
    found[turned] = converse(other[turned], one[turned])
    found[~turned] = holds(one[~turned], other[~turned])
    return found


def _matching(pattern: str, one: Shapes, other: Shapes, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found = among.copy()
    found[found] = _larger_first(shapely.intersects, shapely.intersects, one[found], other[found])
    found[found] = shapely.relate_pattern(one[found], other[found], pattern)
    return found


def _are_regions(shapes: Shapes) -> NDArray[np.bool_]:
    regions: NDArray[np.bool_] = (shapely.get_dimensions(shapes) == 2) & ~shapely.is_empty(shapes)
    return regions

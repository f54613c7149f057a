"""Geometries of a group of solutions (OGC 22-047r1, 8.10)."""

from collections.abc import Callable

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.constructions import CONCAVITY
from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.geometry import Geometry, geometry_at
from graph_service.geosparql.literals import WKT, Place, Term, literal_of

_Whole = Callable[[BaseGeometry], BaseGeometry]


class _Aggregate:
    """One geometry of all that a group has, in the reference system and the kind of literal of the first."""

    def __init__(self, whole: Callable[[list[BaseGeometry]], BaseGeometry]) -> None:
        self._whole = whole
        self._place = Place()
        self._first: Geometry | None = None
        self._met: list[BaseGeometry] = []

    def accumulate(self, term: Term) -> None:
        """Take one geometry; one that cannot be read leaves the whole unbound, because it would be too small."""
        geometry = self._place(term)
        if self._first is None:
            self._first = geometry
        self._met.append(geometry.at(self._first.crs).sound)

    def finish(self) -> ox.Literal:
        """The geometry of what was taken; of nothing, an empty one."""
        pattern = self._first or geometry_at(_NOWHERE, crs_of(CRS84), WKT)
        return literal_of(pattern.having(self._whole(self._met) if self._met else _NOWHERE))


_NOWHERE = shapely.GeometryCollection()


def _aggregate(whole: Callable[[list[BaseGeometry]], BaseGeometry]) -> Callable[[], _Aggregate]:
    return lambda: _Aggregate(whole)


def _of_collection(made: _Whole) -> Callable[[], _Aggregate]:
    return _aggregate(lambda met: made(shapely.GeometryCollection(met)))


AGGREGATES: dict[str, Callable[[], _Aggregate]] = {
    "aggUnion": _aggregate(shapely.union_all),
    "aggBoundingBox": _of_collection(shapely.envelope),
    "aggBoundingCircle": _of_collection(shapely.minimum_bounding_circle),
    "aggCentroid": _of_collection(shapely.centroid),
    "aggConvexHull": _of_collection(shapely.convex_hull),
    "aggConcaveHull": _of_collection(lambda met: shapely.concave_hull(met, CONCAVITY)),
}

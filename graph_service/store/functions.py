"""GeoSPARQL 1.1 functions that the engine lacks, or answers for points alone and on a sphere.

What one of them raises leaves its value unbound, as any error in an expression does (SPARQL 1.1, 17.2).
"""

import math
from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox
import shapely
from pyproj import Geod
from shapely.affinity import scale, translate
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from graph_service.store.wkt import CRS84, GeometryUnreadable, geometry_of
from ontology import terms

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_WKT = ox.NamedNode(terms.WKT_LITERAL)
_METRE = ox.NamedNode(terms.PREFIXES["uom"] + "metre")
_ELLIPSOID = Geod(ellps="WGS84")
_LONGEST_EDGE = 0.1
"""Degrees. An edge is straight in longitude and latitude; what is measured between its ends is a geodesic."""
_ROUNDS = 3


def area_m2(geometry: BaseGeometry) -> float:
    """The surface of a geometry on the WGS84 ellipsoid, square metres; what two of its parts cover counts twice."""
    polygons = [part for part in _flat(geometry) if isinstance(part, shapely.Polygon)]
    outlines = (orient(shapely.segmentize(part, _LONGEST_EDGE)) for part in polygons if not part.is_empty)
    return float(sum(abs(_ELLIPSOID.geometry_area_perimeter(outline)[0]) for outline in outlines))


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Points, lines and polygons of a geometry, out of collections of any depth."""
    parts = shapely.get_parts(geometry).tolist()
    return parts if parts == [geometry] else [inner for part in parts for inner in _flat(part)]


def distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """The shortest geodesic between two geometries on the WGS84 ellipsoid, metres.

    Between points it is exact. Of lines and polygons the nearest points are looked for in
    degrees of longitude that are as long as those of latitude there: right to a
    thousandth up to some hundred kilometres outside of the polar regions, else too long.
    """
    if one.is_empty or other.is_empty:
        raise GeometryUnreadable("an empty geometry is at no distance")
    west, east = min(one.bounds[0], other.bounds[0]), max(one.bounds[2], other.bounds[2])
    turns = (-360, 0, 360) if east - west > 180 else (0,)
    return min(_distance_m(one, translate(other, turn)) for turn in turns)


def _distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    if shapely.intersects(one, other):
        return 0.0
    latitude = (one.bounds[1] + one.bounds[3] + other.bounds[1] + other.bounds[3]) / 4
    found = math.inf
    for _ in range(_ROUNDS):
        factor = max(math.cos(math.radians(latitude)), 1e-6)
        ends = [scale(one, factor, 1, origin=(0, 0)), scale(other, factor, 1, origin=(0, 0))]
        (x1, y1), (x2, y2) = shapely.get_coordinates(shapely.shortest_line(*ends)).tolist()
        found = min(found, _ELLIPSOID.inv(x1 / factor, y1, x2 / factor, y2)[2])
        latitude = (y1 + y2) / 2
    return found


@lru_cache(maxsize=512)
def _read(literal: str) -> BaseGeometry:
    geometry = geometry_of(literal)
    # Of an outline that crosses itself no intersection can be made.
    geometry = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
    # One that is asked about again and again, such as the union of all floods, is then searched like an index.
    shapely.prepare(geometry)
    return geometry


def _geometry(term: Term) -> BaseGeometry:
    if not isinstance(term, ox.Literal) or term.datatype != _WKT:
        raise GeometryUnreadable(f"{term} is no geo:wktLiteral")
    return _read(term.value)


def _literal(geometry: BaseGeometry) -> ox.Literal:
    return ox.Literal(f"<{CRS84}> {shapely.to_wkt(geometry, rounding_precision=-1)}", datatype=_WKT)


_NOWHERE = _literal(shapely.GeometryCollection())


def _intersection(one: Term, other: Term) -> ox.Literal:
    small, large = sorted((_geometry(one), _geometry(other)), key=shapely.get_num_coordinates)
    return _literal(shapely.intersection(small, large)) if shapely.intersects(large, small) else _NOWHERE


def _metric_area(term: Term) -> ox.Literal:
    return ox.Literal(area_m2(_geometry(term)))


def _metric_distance(one: Term, other: Term) -> ox.Literal:
    return ox.Literal(distance_m(_geometry(one), _geometry(other)))


def _distance(one: Term, other: Term, unit: Term) -> ox.Literal | None:
    return _metric_distance(one, other) if unit == _METRE else None


class _Union:
    """The union of the geometries of a group, so that what several cover counts once."""

    def __init__(self) -> None:
        self._met: list[BaseGeometry] = []

    def accumulate(self, term: Term) -> None:
        """Take one geometry; one that cannot be read leaves the whole unbound, because it would be too small."""
        self._met.append(_geometry(term))

    def finish(self) -> ox.Literal:
        """The union of what was taken."""
        return _literal(shapely.union_all(self._met))


_FUNCTIONS: dict[str, Callable[..., Term | None]] = {
    "distance": _distance,
    "intersection": _intersection,
    "metricArea": _metric_area,
    "metricDistance": _metric_distance,
}
FUNCTIONS = {ox.NamedNode(terms.PREFIXES["geof"] + name): function for name, function in _FUNCTIONS.items()}
AGGREGATES: "dict[ox.NamedNode, Callable[[], ox.AggregateFunctionAccumulator]]" = {  # a name of the stubs alone
    ox.NamedNode(terms.PREFIXES["geof"] + "aggUnion"): _Union
}

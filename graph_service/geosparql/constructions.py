"""Geometries made of geometries, in the reference system and the kind of literal of the first (OGC 22-047r1, 8.9)."""

from collections.abc import Callable

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.arguments import iri_of, number_of, text_of, whole_number_of
from graph_service.geosparql.crs import crs_of
from graph_service.geosparql.errors import ArgumentInvalid, GeometryUnreadable
from graph_service.geosparql.gml_writing import gml_of
from graph_service.geosparql.literals import GEOJSON, GML, KML, WKT, Term, first, literal_of, second

CONCAVITY = 0.3
"""Of a concave hull for which none is asked: 0 follows the points as closely as one ring can, 1 is the convex hull."""

Construction = Callable[..., ox.Literal]


def _of_one(made: Callable[[BaseGeometry], BaseGeometry | None]) -> Construction:
    def construction(term: Term) -> ox.Literal:
        geometry = first(term)
        return literal_of(geometry.having(made(geometry.sound)))

    return construction


def _of_two(made: Callable[[BaseGeometry, BaseGeometry], BaseGeometry]) -> Construction:
    def construction(one: Term, other: Term) -> ox.Literal:
        a = first(one)
        b = second(other).at(a.crs)
        return literal_of(a.having(made(a.sound, b.sound)))

    return construction


def _intersection(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    # Most pairs of a query do not meet, and of a prepared shape that is known at once.
    small, large = sorted((one, other), key=shapely.get_num_coordinates)
    shapely.prepare(large)
    return shapely.intersection(one, other) if shapely.intersects(large, small) else shapely.GeometryCollection()


def _concave_hull(term: Term, concavity: Term | None = None) -> ox.Literal:
    geometry = first(term)
    ratio = CONCAVITY if concavity is None else number_of(concavity)
    ratio = ratio / 100 if 1 < ratio <= 100 else ratio  # a percentage, as the name targetPercent says
    if not 0 <= ratio <= 1:
        raise ArgumentInvalid("the target of a concave hull lies between 0 and 1, or is a percentage")
    return literal_of(geometry.having(shapely.concave_hull(geometry.sound, ratio)))


def _geometry_n(term: Term, index: Term) -> ox.Literal:
    """One part; the first is 1 (OGC 06-103r4, 6.1.3.3)."""
    geometry, position = first(term), whole_number_of(index)
    if not 1 <= position <= parts_in(geometry.shape):
        raise ArgumentInvalid(f"there is no geometry {position}")
    return literal_of(geometry.having(shapely.get_geometry(geometry.shape, position - 1)))


def parts_in(shape: BaseGeometry) -> int:
    """How many geometries a collection has; one for any other, none for an empty one."""
    return 0 if shape.is_empty else int(shapely.get_num_geometries(shape))


def _transform(term: Term, iri: Term) -> ox.Literal:
    return literal_of(first(term).at(crs_of(iri_of(iri))))


def _as(kind: ox.NamedNode) -> Construction:
    def serialisation(term: Term) -> ox.Literal:
        geometry = first(term)  # read in any case: what is no geometry has no form
        if isinstance(term, ox.Literal) and geometry.datatype == kind:
            return term
        return literal_of(geometry, kind)

    return serialisation


def _as_gml(term: Term, profile: Term | None = None) -> ox.Literal:
    return ox.Literal(gml_of(first(term), text_of(profile) if profile is not None else "3.2"), datatype=GML)


def _as_dggs(term: Term, system: Term) -> ox.Literal:
    raise GeometryUnreadable(f"cells of {system} are not written here; {term} stays as it is")


CONSTRUCTIONS: dict[str, Construction] = {
    "boundary": _of_one(shapely.boundary),
    "boundingCircle": _of_one(shapely.minimum_bounding_circle),
    "centroid": _of_one(shapely.centroid),
    "convexHull": _of_one(shapely.convex_hull),
    "concaveHull": _concave_hull,
    "envelope": _of_one(shapely.envelope),
    "difference": _of_two(shapely.difference),
    "intersection": _of_two(_intersection),
    "symDifference": _of_two(shapely.symmetric_difference),
    "union": _of_two(shapely.union),
    "geometryN": _geometry_n,
    "transform": _transform,
    "asWKT": _as(WKT),
    "asGML": _as_gml,
    "asGeoJSON": _as(GEOJSON),
    "asKML": _as(KML),
    "asDGGS": _as_dggs,
}

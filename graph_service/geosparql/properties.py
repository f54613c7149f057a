"""Numbers and truth values of one geometry (OGC 22-047r1, 8.9)."""

from collections.abc import Callable

import numpy as np
import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.constructions import parts_in
from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.literals import Term, first
from ontology import terms

_ANY_URI = ox.NamedNode(terms.ANY_URI)
_SIMPLE_FEATURES = "http://www.opengis.net/ont/sf#"


def _property(value: Callable[[Geometry], float | str]) -> Callable[[Term], ox.Literal]:
    def function(term: Term) -> ox.Literal:
        return ox.Literal(value(first(term)))

    return function


def _iri(value: Callable[[Geometry], str]) -> Callable[[Term], ox.Literal]:
    def function(term: Term) -> ox.Literal:
        return ox.Literal(value(first(term)), datatype=_ANY_URI)

    return function


def _extreme(axis: int, largest: bool) -> Callable[[Term], ox.Literal]:
    """The smallest or largest coordinate; x is easting or longitude, whichever axis the reference system has first."""

    def value(geometry: Geometry) -> float:
        coordinates = shapely.get_coordinates(geometry.shape, include_z=axis == 2)
        known = coordinates[np.isfinite(coordinates[:, axis]), axis] if len(coordinates) else coordinates
        if not known.size:
            raise ArgumentInvalid("the geometry has no such coordinate")
        return float(known.max() if largest else known.min())

    return _property(value)


def _dimension(geometry: Geometry) -> int:
    return max(int(shapely.get_dimensions(geometry.shape)), 0)  # GEOS has -1 for an empty collection


def _is_simple(shape: BaseGeometry) -> bool:
    if isinstance(shape, shapely.GeometryCollection):  # of which GEOS says no
        return all(_is_simple(part) for part in shape.geoms)
    return bool(shapely.is_simple(shape))


def _spatial_dimension(geometry: Geometry) -> int:
    return 3 if geometry.shape.has_z else 2


PROPERTIES: dict[str, Callable[[Term], ox.Literal]] = {
    "dimension": _property(_dimension),
    "spatialDimension": _property(_spatial_dimension),
    "coordinateDimension": _property(lambda geometry: _spatial_dimension(geometry) + int(geometry.measured)),
    "isEmpty": _property(lambda geometry: bool(geometry.shape.is_empty)),
    "isSimple": _property(lambda geometry: _is_simple(geometry.shape)),
    "is3D": _property(lambda geometry: bool(geometry.shape.has_z)),
    "isMeasured": _property(lambda geometry: geometry.measured),
    "numGeometries": _property(lambda geometry: parts_in(geometry.shape)),
    "geometryType": _iri(lambda geometry: _SIMPLE_FEATURES + geometry.shape.geom_type),
    "getSRID": _iri(lambda geometry: geometry.crs.iri),
    "minX": _extreme(0, False),
    "maxX": _extreme(0, True),
    "minY": _extreme(1, False),
    "maxY": _extreme(1, True),
    "minZ": _extreme(2, False),
    "maxZ": _extreme(2, True),
}

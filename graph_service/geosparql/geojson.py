"""geo:geoJSONLiteral: a geometry object of RFC 7946, always in CRS84 (OGC 22-047r1, Req 25 and 26)."""

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, crs_of, without_measures
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry

_KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")


def shape_of(literal: str) -> tuple[BaseGeometry, str]:
    """The shape in a literal, longitude first, and the IRI of CRS84.

    Raises:
        GeometryUnreadable: it is no geometry object; a Feature is none.
    """
    if not literal.strip():
        return shapely.GeometryCollection(), CRS84  # Req 27
    try:
        # orjson refuses what is nested deeper than 1,024, which GEOS would read by recursion.
        document = orjson.loads(literal)
        if not isinstance(document, dict) or document.get("type") not in _KINDS:
            raise GeometryUnreadable("the literal is no geometry object of GeoJSON")
        shape: BaseGeometry = shapely.from_geojson(literal)
    except (orjson.JSONDecodeError, ShapelyError) as cause:
        raise GeometryUnreadable(f"the literal is no GeoJSON: {cause}") from cause
    return shape, CRS84


def geojson_of(geometry: Geometry) -> str:
    """A geometry object in CRS84, outer rings counter-clockwise; measures are left out (RFC 7946, 3.1.1 and 3.1.6)."""
    shape = without_measures(geometry.at(crs_of(CRS84)).shape)
    return orjson.dumps(mapping(_known(shapely.orient_polygons(shape)))).decode()


def _known(shape: BaseGeometry) -> BaseGeometry:
    return shapely.LineString(shape) if isinstance(shape, shapely.LinearRing) else shape

"""Geometries out of WKT literals of GeoSPARQL, as far as they are in CRS84."""

import re

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph_service.errors import NotAcceptable

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# OGC 22-047r1, 8.5.1: an IRI of the reference system may stand before the WKT; without it that is CRS84.
_LITERAL = re.compile(r"\s*(?:<(?P<crs>[^>]*)>)?(?P<wkt>.*)", re.DOTALL)


class GeometryUnreadable(NotAcceptable):
    """A literal that is no WKT, or in a reference system that is not read here."""


def geometry_of(literal: str) -> BaseGeometry:
    """The geometry of a literal, longitude before latitude in degrees.

    Args:
        literal: lexical form of a geo:wktLiteral.

    Raises:
        GeometryUnreadable: it is no WKT, or in another reference system than CRS84.
    """
    match = _LITERAL.fullmatch(literal)
    crs, wkt = (None, literal) if match is None else (match["crs"], match["wkt"])
    if crs not in (None, CRS84):
        raise GeometryUnreadable(f"{_start(literal)} is in the reference system <{crs}>; only CRS84 is read here")
    try:
        geometry: BaseGeometry = shapely.from_wkt(wkt)
    except ShapelyError as cause:
        raise GeometryUnreadable(f"{_start(literal)} is no WKT: {cause}") from cause
    return geometry


def _start(literal: str) -> str:
    return repr(literal if len(literal) <= 80 else f"{literal[:80]}…")

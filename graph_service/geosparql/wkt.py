"""geo:wktLiteral: the IRI of a reference system, and Well-Known Text (OGC 22-047r1, 8.8.1)."""

import re

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry

# Names of Simple Features whose text is that of another kind, as long as no part is curved.
_SAME_TEXT = {
    "TRIANGLE": "POLYGON",
    "TIN": "MULTIPOLYGON",
    "POLYHEDRALSURFACE": "MULTIPOLYGON",
    "MULTISURFACE": "MULTIPOLYGON",
    "MULTICURVE": "MULTILINESTRING",
    "CURVEPOLYGON": "POLYGON",
}
_MOST_COLLECTIONS = 1000
"""GEOS reads collections within each other by recursion, and the process dies of some hundred thousand."""
_PLAIN = 1000
"""Characters; of a number with more than 300 of them others hardly have room."""
_COLLECTION = re.compile("GEOMETRYCOLLECTION", re.IGNORECASE)
_NAMES = re.compile(rf"\b({'|'.join(_SAME_TEXT)})(?=(?:\s*(?:ZM?|M))?\s*(?:\(|EMPTY))", re.IGNORECASE)


def shape_of(literal: str) -> tuple[BaseGeometry, str]:
    """The shape in a literal, axes in the order of its reference system, and the IRI of that.

    Raises:
        GeometryUnreadable: it is no WKT.
    """
    iri, text = CRS84, literal
    start = literal.lstrip()
    if start.startswith("<"):
        iri, closed, text = start[1:].partition(">")
        if not closed:
            raise GeometryUnreadable(f"the IRI of the reference system does not end: {_start(literal)}")
    if "\x00" in text:  # where GEOS would stop reading
        raise GeometryUnreadable(f"a character of no WKT stands in {_start(literal)}")
    if len(text) > 10 * _MOST_COLLECTIONS and len(_COLLECTION.findall(text)) > _MOST_COLLECTIONS:
        raise GeometryUnreadable(f"there are more than {_MOST_COLLECTIONS} collections in {_start(literal)}")
    return _shape(text, literal), iri


def _shape(text: str, literal: str) -> BaseGeometry:
    try:
        return _plain(text) if _is_plain(text) else _finite(text)
    except (ShapelyError, NotImplementedError) as cause:
        if not text.strip():
            return shapely.GeometryCollection()  # Req 17
        renamed = _NAMES.sub(lambda name: _SAME_TEXT[name[0].upper()], text)
        if renamed != text:
            return _shape(renamed, literal)
        raise GeometryUnreadable(f"{_start(literal)} is no WKT: {cause}") from cause


def _is_plain(text: str) -> bool:
    """Whether no number can be infinite or none, by a look that takes less than one at the coordinates."""
    return len(text) < _PLAIN and not any(sign in text for sign in ("e", "n", "E+", "E1", "NAN", "INF"))


def _plain(text: str) -> BaseGeometry:
    shape: BaseGeometry = shapely.from_wkt(text)
    return shape


def _finite(text: str) -> BaseGeometry:
    # A number that no double holds becomes infinite, and numpy warns of it.
    with np.errstate(all="ignore"):
        shape = _plain(text)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise GeometryUnreadable(f"a coordinate is no finite number in {_start(text)}")
    return shape


def wkt_of(geometry: Geometry) -> str:
    """The lexical form of a geometry, to the sixteenth digit, always with its reference system."""
    return f"<{geometry.crs.iri}> {shapely.to_wkt(geometry.as_written(), rounding_precision=-1)}"


def _start(literal: str) -> str:
    return repr(literal if len(literal) <= 80 else f"{literal[:80]}…")

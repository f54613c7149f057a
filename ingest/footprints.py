"""A GeoJSON geometry as the catalogue's footprint: checked, cut at the antimeridian, in WKT.

GeoJSON (RFC 7946) gives positions as longitude, latitude in degrees of WGS 84,
closes each ring, and cuts what crosses the antimeridian in two. Producers do not
always: rings that jump by more than 180 degrees are taken to cross and are cut;
what is unclosed, crosses itself or leaves the globe is refused.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import antimeridian
import shapely
from shapely.geometry import GeometryCollection, MultiLineString, MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

from ingest.document import Notice
from ingest.errors import FootprintInvalid, MetadataMissing

_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_COLLECTED: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "LineString": MultiLineString,
    "MultiLineString": MultiLineString,
    "Polygon": MultiPolygon,
    "MultiPolygon": MultiPolygon,
    "GeometryCollection": GeometryCollection,
}


def footprint_of(geometry: object, *, source: str, field: str = "geometry") -> tuple[str, tuple[Notice, ...]]:
    """The footprint that a GeoJSON geometry draws, as WKT, with what had to be done to it.

    Args:
        geometry: the decoded GeoJSON object; positions are (longitude, latitude[, height]), degrees.
        source: document, repeated in every error.
        field: where the geometry stands in it.

    Returns:
        WKT in CRS84 (longitude latitude), two-dimensional, and notices.

    Raises:
        MetadataMissing: there is no geometry.
        FootprintInvalid: it is not a geometry, leaves the globe, is unclosed or crosses itself.
    """
    if geometry is None:
        raise MetadataMissing(source, field, "is absent or null; give the footprint as a GeoJSON geometry")
    if not isinstance(geometry, Mapping) or geometry.get("type") not in _TYPES:
        raise FootprintInvalid(source, field, "is not a GeoJSON geometry with a type and coordinates")
    for number, ring in enumerate(_rings(geometry), 1):
        _require_closed(ring, source, f"{field}, ring {number}")
    drawn = _drawn(geometry, source, field)
    _require_on_globe(drawn, source, field)
    if not _jumps(drawn):
        _require_simple(drawn, source, field)
        return shapely.to_wkt(drawn, rounding_precision=-1), ()
    cut = _cut(drawn, source, field)
    count = int(shapely.get_num_geometries(cut))
    notice = Notice(field, f"crosses the antimeridian; cut there into {count} part{'' if count == 1 else 's'}")
    return shapely.to_wkt(cut, rounding_precision=-1), (notice,)


def _rings(geometry: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    match geometry:
        case {"type": "Polygon", "coordinates": [*rings]}:
            yield from rings
        case {"type": "MultiPolygon", "coordinates": [*polygons]}:
            for polygon in polygons:
                yield from polygon if isinstance(polygon, list) else ()
        case {"type": "GeometryCollection", "geometries": [*members]}:
            for member in members:
                yield from _rings(member) if isinstance(member, Mapping) else ()


def _require_closed(ring: object, source: str, field: str) -> None:
    if not isinstance(ring, Sequence) or len(ring) < 4:
        raise FootprintInvalid(source, field, "has fewer than the four positions of a closed ring")
    if not all(_is_position(position) for position in ring):
        raise FootprintInvalid(source, field, "has a position that is not a longitude and a latitude")
    if ring[0] != ring[-1]:
        raise FootprintInvalid(source, field, f"is not closed: it starts at {ring[0]} and ends at {ring[-1]}")


def _is_position(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and len(value) in {2, 3}
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in value)
    )


def _drawn(geometry: Mapping[str, Any], source: str, field: str) -> BaseGeometry:
    try:
        drawn = shapely.force_2d(shape(dict(geometry)))
    except (shapely.errors.ShapelyError, TypeError, ValueError, KeyError, IndexError, AttributeError) as cause:
        reason = f"has coordinates that draw no {geometry['type']}: {str(cause).strip()}"
        raise FootprintInvalid(source, field, reason) from cause
    if drawn.is_empty:
        raise FootprintInvalid(source, field, "is empty")
    return drawn


def _require_on_globe(drawn: BaseGeometry, source: str, field: str) -> None:
    west, south, east, north = drawn.bounds
    # "not (a >= b)" also catches NaN.
    if not (west >= -180 and east <= 180):
        raise FootprintInvalid(source, field, f"has longitudes from {west} to {east}, outside -180 to 180 degrees")
    if not (south >= -90 and north <= 90):
        raise FootprintInvalid(source, field, f"has latitudes from {south} to {north}, outside -90 to 90 degrees")


def _jumps(drawn: BaseGeometry) -> bool:
    """Whether two neighbouring vertices are more than 180 degrees of longitude apart."""
    west, _, east, _ = drawn.bounds
    if east - west <= 180 or _is_global_box(drawn):
        return False
    return any(
        abs(after[0] - before[0]) > 180 and not (abs(after[0]) == 180 and abs(before[0]) == 180)
        for line in _lines(drawn)
        for before, after in pairwise(line)
    )


def _is_global_box(drawn: BaseGeometry) -> bool:
    """Whether it is a box with a side on the antimeridian, as global grids have it: -180 to 179.75 degrees.

    A scene that crosses the antimeridian has vertices on both sides of it, none just on it.
    """
    west, _, east, _ = drawn.bounds
    return (west == -180 or east == 180) and shapely.equals(drawn, shapely.box(*drawn.bounds)).item()


def _lines(drawn: BaseGeometry) -> list[list[tuple[float, ...]]]:
    parts = shapely.get_parts(drawn)
    rings = [ring for part in parts for ring in (shapely.get_rings(part) if part.geom_type == "Polygon" else [part])]
    return [list(ring.coords) for ring in rings if ring.geom_type in {"LinearRing", "LineString"}]


def _require_simple(drawn: BaseGeometry, source: str, field: str) -> None:
    if not drawn.is_valid:
        raise FootprintInvalid(source, field, f"is not a valid area: {_where(drawn)}; publish a simple outline")


def _where(drawn: BaseGeometry) -> str:
    reason = shapely.is_valid_reason(drawn)
    kind, _, position = reason.partition("[")
    return f"{kind.lower()} at longitude and latitude {position.rstrip(']')}" if position else reason.lower()


def _cut(drawn: BaseGeometry, source: str, field: str) -> BaseGeometry:
    parts = [
        piece
        for part in shapely.get_parts(drawn)
        for piece in shapely.get_parts(_part_cut(part, source, field) if _jumps(part) else part)
    ]
    cut = parts[0] if len(parts) == 1 else _COLLECTED[drawn.geom_type](parts)
    # A swath that winds around the globe overlaps itself once it is cut; its union is the area that it shows.
    return cut if cut.is_valid else _made_valid(cut)


def _part_cut(part: BaseGeometry, source: str, field: str) -> BaseGeometry:
    """A line or polygon, cut; of the two sides of a ring around a pole, the smaller one.

    Producers wind their rings either way, and no scene shows most of the globe.
    """
    sides = []
    reasons = []
    for turned in (part, shapely.reverse(part)):
        try:
            sides.append(_side_cut(turned))
        except (ValueError, IndexError, shapely.errors.ShapelyError) as cause:
            reasons.append(cause)
    if not sides:
        reason = f"crosses the antimeridian and cannot be cut: {reasons[0]}"
        raise FootprintInvalid(source, field, reason) from reasons[0]
    return min(sides, key=lambda side: float(side.area))


def _side_cut(part: BaseGeometry) -> BaseGeometry:
    with warnings.catch_warnings():
        # The winding of a producer's ring is not worth a word: the notice says that the ring was cut.
        warnings.simplefilter("ignore")
        # Edges are straight in longitude and latitude (RFC 7946, section 3.1.1), not great circles.
        cut = shape(antimeridian.fix_shape(part, fix_winding=False, great_circle=False))
    cut = cut if cut.is_valid else _made_valid(cut)
    if cut.is_empty:
        raise ValueError("nothing is left")
    return cut


def _made_valid(cut: BaseGeometry) -> BaseGeometry:
    return shapely.make_valid(cut, method="structure", keep_collapsed=False)

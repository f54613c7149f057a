"""Areas as filters: a bounding box, or a GeoJSON geometry."""

import json
from typing import Any as AnyValue

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.filters import Any, Filter, Meets
from ingest.errors import DocumentRefused
from ingest.footprints import footprint_of


def area_within_box(value: AnyValue, field: str = "bbox") -> Filter:
    """What meets a box: west, south, east, north, or these with heights, which are ignored; degrees in CRS84.

    A box whose west is greater than its east crosses the antimeridian and is two areas.

    Args:
        value: of the request, as JSON has it.
        field: where the request has it; what is wrong is told with it.

    Raises:
        RequestInvalid: it is no such box.
    """
    return meeting(box_area(value, field))


def area_within(value: AnyValue, field: str = "intersects") -> Filter:
    """What meets a GeoJSON geometry, which is cut at the antimeridian where it crosses it.

    Args:
        value: of the request, as JSON has it.
        field: where the request has it; what is wrong is told with it.

    Raises:
        RequestInvalid: it is no geometry, unclosed, crosses itself or leaves the globe.
    """
    return meeting(geojson_area(value, field))


def meeting(area: BaseGeometry, region: str | None = None) -> Filter:
    """What has a point in common with an area on the globe.

    Args:
        area: CRS84, longitude latitude, degrees; cut at the antimeridian where it crosses it.
        region: what it is called, where it was asked for by name.
    """
    # One box around parts on both sides of the antimeridian would be one around the globe.
    sides = (*_sides(area), *_mirrored(area))
    return Any(tuple(Meets(side, region) for side in sides)) if len(sides) > 1 else Meets(area, region)


def _sides(area: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """An area, or what lies west and what lies east of the antimeridian where it was cut there."""
    west, _, east, _ = area.bounds
    parts = shapely.get_parts(area)
    if (west, east) != (-180, 180) or len(parts) == 1:
        return (area,)
    in_the_east = shapely.get_coordinates(shapely.centroid(parts))[:, 0] > 0
    groups = (parts[in_the_east], parts[~in_the_east])
    return tuple(_gathered(list(group)) for group in groups if len(group))


def _gathered(parts: list[BaseGeometry]) -> BaseGeometry:
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


_SEAM = {degrees: LineString([(degrees, -90), (degrees, 90)]) for degrees in (-180, 180)}


def _mirrored(area: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """Where an area touches the antimeridian, as the longitude of the other side, unless it has a part there too."""
    west, _, east, _ = area.bounds
    if (west, east) == (-180, 180):
        return ()
    if east == 180:
        return (translate(shapely.intersection(area, _SEAM[180]), xoff=-360),)
    return (translate(shapely.intersection(area, _SEAM[-180]), xoff=360),) if west == -180 else ()


def box_area(value: AnyValue, field: str) -> BaseGeometry:
    """A box as an area, of two parts where it crosses the antimeridian.

    Raises:
        RequestInvalid: it is no box.
    """
    numbers = _numbers(value, field)
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    for name, degrees, most in (("west", west, 180), ("south", south, 90), ("east", east, 180), ("north", north, 90)):
        # "not (a <= b <= c)" also catches NaN.
        if not -most <= degrees <= most:
            raise RequestInvalid(f"{field}: {name} is {degrees}, outside -{most} to {most} degrees")
    if south > north:
        raise RequestInvalid(f"{field}: south is {south}, above north, which is {north}")
    if len(numbers) == 6 and not numbers[2] <= numbers[5]:
        raise RequestInvalid(f"{field}: the lower height is {numbers[2]}, above the upper one, which is {numbers[5]}")
    if west <= east:
        return _box(west, south, east, north)
    return shapely.union(_box(west, south, 180, north), _box(-180, south, east, north))


def _numbers(value: AnyValue, field: str) -> list[float]:
    if not isinstance(value, list) or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in value):
        raise RequestInvalid(f"{field}: is not a list of numbers")
    if len(value) not in (4, 6):
        raise RequestInvalid(f"{field}: has {len(value)} numbers; give west, south, east, north, or 6 with heights")
    return value


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """The rectangle, or the line or point that it is without width or height."""
    if west == east and south == north:
        return Point(west, south)
    if west == east or south == north:
        return LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def geojson_area(value: AnyValue, field: str) -> BaseGeometry:
    """A GeoJSON geometry as an area, cut at the antimeridian where it crosses it.

    Raises:
        RequestInvalid: it is no geometry, unclosed, crosses itself or leaves the globe.
    """
    try:
        # Python's JSON reader lets NaN through, which shapely then warns of instead of refusing it.
        json.dumps(value, allow_nan=False)
        wkt, _ = footprint_of(value, source="request", field=field)
    except DocumentRefused as cause:
        raise RequestInvalid(f"{field}: {cause.reason}") from cause
    except (OverflowError, RecursionError, ValueError) as cause:
        raise RequestInvalid(f"{field}: has coordinates that draw no geometry") from cause
    area = shapely.from_wkt(wkt)
    # Of members that overlap, GEOS judges relations otherwise when the collection is prepared than when it is not.
    return shapely.union_all([area]) if area.geom_type == "GeometryCollection" else area

"""Areas as filters: a bounding box, or a GeoJSON geometry."""

import json
from typing import Any as AnyValue

import shapely
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
    numbers = _numbers(value, field)
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    for name, degrees, most in (("west", west, 180), ("south", south, 90), ("east", east, 180), ("north", north, 90)):
        # "not (a <= b <= c)" also catches NaN.
        if not -most <= degrees <= most:
            raise RequestInvalid(f"{field}: {name} is {degrees}, outside -{most} to {most} degrees")
    if south > north:
        raise RequestInvalid(f"{field}: south is {south}, above north, which is {north}")
    if west <= east:
        return Meets(_box(west, south, east, north))
    return Any((Meets(_box(west, south, 180, north)), Meets(_box(-180, south, east, north))))


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


def area_within(value: AnyValue, field: str = "intersects") -> Filter:
    """What meets a GeoJSON geometry, which is cut at the antimeridian where it crosses it.

    Args:
        value: of the request, as JSON has it.
        field: where the request has it; what is wrong is told with it.

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
    return Meets(shapely.from_wkt(wkt))

"""Boxes in which everything lies that can satisfy a condition."""

import math
from collections.abc import Iterable

from graph_service.index.rows import Box

_TURNS = (-720.0, -360.0, 0.0, 360.0, 720.0)
_SHORTEST_RADIUS_M = 6_335_000.0
"""Least radius of curvature of the WGS84 ellipsoid, along a meridian at the equator."""
_GENEROSITY = 1.05
"""What is allowed for the difference between ellipsoid and sphere, and for how distances are approximated."""
_WIDEST = 361.0
EVERYWHERE = Box(-1e300, -1e300, 1e300, 1e300)
"""A box that holds every place of any reference system."""


def within_distance(boxes: Iterable[Box], metres: float) -> list[Box]:
    """Boxes that hold every point whose geodesic distance to some boxes is not greater than a bound.

    Args:
        boxes: CRS84, degrees.
        metres: the bound; less than nothing finds nothing.

    Returns:
        Boxes all around the globe: longitudes may be written with a turn more or less.
    """
    if metres < 0:
        return []
    angle = metres / _SHORTEST_RADIUS_M * _GENEROSITY
    return [turned for box in boxes for turned in _around(box, angle)]


def _around(box: Box, angle: float) -> Iterable[Box]:
    degrees = math.degrees(angle)
    south, north = box.south - degrees, box.north + degrees
    widening = _widening(max(abs(box.south), abs(box.north)), angle)
    if widening is None or box.east - box.west + 2 * widening >= 360:
        return (Box(-_WIDEST, south, _WIDEST, north),)
    return [Box(box.west - widening + turn, south, box.east + widening + turn, north) for turn in _TURNS]


def _widening(latitude: float, angle: float) -> float | None:
    """Degrees of longitude that a circle of some radius reaches to either side; None where it holds a pole."""
    if math.radians(latitude) + angle >= math.pi / 2:
        return None
    return math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(latitude))))) * _GENEROSITY

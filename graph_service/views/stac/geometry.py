"""A footprint as STAC and GeoJSON draw it."""

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry


def geojson_geometry(footprint: BaseGeometry) -> dict[str, Any]:
    """The GeoJSON geometry of a footprint in CRS84, positions as (longitude, latitude)."""
    return dict(mapping(footprint))


def bounding_box(footprint: BaseGeometry) -> list[float]:
    """West, south, east and north of a footprint, degrees in CRS84.

    West is greater than east where the footprint was cut at the antimeridian.

    Source: RFC 7946, section 5.2.
    """
    west, south, east, north = footprint.bounds
    if (west, east) == (-180, 180):
        west, east = _across_antimeridian(footprint)
    return [float(west), float(south), float(east), float(north)]


def _across_antimeridian(footprint: BaseGeometry) -> tuple[float, float]:
    """West and east of what touches the antimeridian on both sides: the ends of the widest gap in between."""
    gaps = _gaps(sorted((part.bounds[0], part.bounds[2]) for part in shapely.get_parts(footprint)))
    if not gaps:
        return -180, 180
    east, west = max(gaps, key=lambda gap: gap[1] - gap[0])
    return west, east


def _gaps(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Start and end of each gap between spans of longitude that are sorted by their start."""
    gaps = []
    reached = spans[0][1]
    for start, end in spans[1:]:
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    return gaps

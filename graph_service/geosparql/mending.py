"""Shapes made valid where they are not."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import without_measures
from graph_service.geosparql.errors import GeometryUnreadable

_MOST_MEETINGS = 50_000
"""Pairs of edges whose boxes meet, beside ``_BESIDE`` for each edge: with that many mending takes a fifth of a second,
with six times as many three seconds, and nothing ends it (measured)."""
_BESIDE = 10
_AT_ONCE = 1_000


def mended(shape: BaseGeometry) -> BaseGeometry:
    """A shape itself where it is valid; else, without measures, one that encloses the same area.

    Raises:
        GeometryUnreadable: its edges cross each other too often.
    """
    if shapely.is_valid(shape):
        return shape
    _ensure_mendable(shape)
    # The other method counts twice-enclosed places as outside, and takes a hundred times as long.
    found: BaseGeometry = shapely.make_valid(without_measures(shape), method="structure", keep_collapsed=True)
    return found


def _ensure_mendable(shape: BaseGeometry) -> None:
    places, of_line = shapely.get_coordinates(shapely.get_parts(shapely.boundary(_polygons(shape))), return_index=True)
    follows = of_line[:-1] == of_line[1:]
    edges = np.stack([places[:-1], places[1:]], axis=1)[follows]
    boxes = shapely.box(*edges.min(axis=1).T, *edges.max(axis=1).T)
    tree, meetings = shapely.STRtree(boxes), 0
    for start in range(0, len(boxes), _AT_ONCE):
        meetings += tree.query(boxes[start : start + _AT_ONCE]).shape[1]
        if meetings > _MOST_MEETINGS + _BESIDE * len(boxes):
            raise GeometryUnreadable(f"the {len(boxes):,} edges of an outline cross each other too often")


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """What of a shape is enclosed by outlines; nothing else takes long."""
    parts = [shape]
    while any(part.geom_type.startswith(("Multi", "GeometryC")) for part in parts):
        parts = shapely.get_parts(parts).tolist()
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])

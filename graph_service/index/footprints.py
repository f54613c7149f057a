"""Whether footprints meet an area, told by their boxes where these leave no doubt."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.sql_values import Condition

_GLOBE = (-180.0, -90.0, 180.0, 90.0)
EVERYTHING = Condition("TRUE")


def joined(tests: Sequence[Condition], word: str = " AND ") -> Condition:
    """Conditions that all hold, or with another word between them."""
    text = word.join(f"({one.text})" for one in tests)
    return Condition(text, tuple(value for one in tests for value in one.values))


def covers_globe(area: BaseGeometry) -> bool:
    """Whether an area is the whole globe."""
    west, south, east, north = area.bounds
    return (west, south, east, north) == _GLOBE and is_rectangle(area)


def is_rectangle(area: BaseGeometry) -> bool:
    """Whether an area is the whole of its bounds: an upright rectangle, a line along an axis, or a point."""
    if area.is_empty:
        return False
    west, south, east, north = area.bounds
    whole = shapely.LineString([(west, south), (east, north)]) if west == east or south == north else area.envelope
    return area.geom_type == "Point" or bool(area.equals(whole))


def box_meets(area: BaseGeometry) -> Condition:
    """That the box around a footprint meets that around an area."""
    west, south, east, north = area.bounds
    text = "scene.west <= ? AND scene.east >= ? AND scene.south <= ? AND scene.north >= ?"
    return Condition(text, (east, west, north, south))


def meets(area: BaseGeometry) -> Condition:
    """That a footprint and an area have a point in common; the footprint is read where its box leaves it open.

    What is in one piece touches all sides of its box. So where the box meets a rectangle and does
    not stand out of it both to the sides and upwards or downwards, the footprint meets it as well.
    """
    if area.is_empty:
        return Condition("FALSE")
    if covers_globe(area):
        return EVERYTHING
    exact = Condition("meets(scene.footprint, ?)", (shapely.to_wkb(area),))
    if not is_rectangle(area):
        return joined([box_meets(area), exact])
    west, south, east, north = area.bounds
    beside = Condition("scene.west >= ? AND scene.east <= ?", (west, east))
    above = Condition("scene.south >= ? AND scene.north <= ?", (south, north))
    one_piece = Condition("scene.parts = 1")
    certain = joined([joined([one_piece, joined([beside, above], " OR ")]), joined([beside, above])], " OR ")
    return joined([box_meets(area), joined([certain, exact], " OR ")])

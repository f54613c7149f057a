"""The newest or oldest scenes of a box, told by the tree of boxes, whose third axis is the time.

Only those are looked up that can be among the first, and not the hundreds that a place has had over the years.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from graph_service.index.access import Access, within_boxes
from graph_service.index.footprints import joined
from graph_service.index.paging import Column, Position
from graph_service.index.schema import axis, seconds_at
from graph_service.index.sql_values import Condition

_MARGIN = 8
"""Boxes more than scenes are wanted: some meet the area at no point, and some scenes have several."""
_WIDER = 16
"""By which more are taken where the filter leaves too few of the first ones."""


def first_by_time(
    connection: sqlite3.Connection, way: Access, column: Column, at: Position | None, limit: int, *, backward: bool
) -> Iterator[Access]:
    """Ways to the first scenes behind a position alone, the shortest first; none where the order is another.

    Args:
        connection: within one state of the index.
        way: to all scenes of the filter.
        column: the first of the order.
        at: the position; None for the beginning.
        limit: scenes that are wanted.
        backward: whether the list is read from its end.
    """
    if way.boxes is None or column.name != "datetime":
        return
    newest_first = column.descending != backward
    near = joined([way.boxes, *_behind(at, newest_first)])
    side, direction = ("since", "DESC") if newest_first else ("until", "ASC")
    text = (
        f"SELECT {side} FROM scene_box WHERE {near.text} ORDER BY {side} {direction} LIMIT {_WIDER * (limit + _MARGIN)}"
    )
    times = [time for (time,) in connection.execute(text, near.values)]
    for number in (limit + _MARGIN, _WIDER * (limit + _MARGIN)):
        if len(times) >= number:
            yield _bounded(way, near, times[number - 1], newest_first)


def _behind(at: Position | None, newest_first: bool) -> list[Condition]:
    """What of the tree of boxes may lie behind a position."""
    if at is None or not isinstance(at.values[0], float | int):
        return []
    return [Condition("since <= ?" if newest_first else "until >= ?", (axis(at.values[0]),))]


def _bounded(way: Access, near: Condition, time: float, newest_first: bool) -> Access:
    """A way to the scenes on one side of a time, which leaves out none of that side."""
    boxes = Condition("until >= ?" if newest_first else "since <= ?", (time,))
    scenes = Condition("scene.datetime >= ?" if newest_first else "scene.datetime <= ?", (seconds_at(time),))
    return replace(way, source=within_boxes(joined([near, boxes])), where=joined([scenes, way.where]))

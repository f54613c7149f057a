"""Class diagrams: boxes in columns, what is above to the left of what is below."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from graph_service.views.ontology.names import Reference

_LETTER = 7.0
"""Mean width of a letter at 12 px, rounded up."""
_BOX, _GAP, _BETWEEN, _MARGIN, _PADDING = 24, 8, 46, 2, 18
_SWEEPS = 8

Parents = Mapping[str, Sequence[str]]
"""For each thing what is directly above it; all of them are keys."""


@dataclass(frozen=True, slots=True)
class Box:
    """One thing, drawn; pixels."""

    x: float
    y: float
    width: float
    name: Reference
    manner: str
    """``own``, ``other`` of our modules, or ``foreign``."""

    @property
    def middle(self) -> float:
        """Height of its centre."""
        return self.y + _BOX / 2


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes and the curves between them; pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]
    """SVG paths, each from a thing to what is above it."""
    title: str

    @property
    def box(self) -> int:
        """Height of a box."""
        return _BOX


def diagram_of(
    parents: Parents, reference: Callable[[str], Reference], manner: Callable[[str], str], title: str
) -> Diagram | None:
    """A diagram; None where there is nothing to draw, or something is above itself.

    Args:
        parents: what is drawn.
        reference: the name of a thing.
        manner: how it is drawn.
        title: for readers who do not see it.
    """
    try:
        columns = _ordered(layers(parents), parents)
    except CycleError:
        return None
    if not columns:
        return None
    heights = _heights(columns, parents)
    boxes: dict[str, Box] = {}
    left = float(_MARGIN)
    for column in columns:
        width = max(len(reference(one).text) for one in column) * _LETTER + _PADDING
        for one in column:
            boxes[one] = Box(left, heights[one] + _MARGIN, width, reference(one), manner(one))
        left += width + _BETWEEN
    height = max(box.y for box in boxes.values()) + _BOX + _MARGIN
    return Diagram(left - _BETWEEN + _MARGIN, height, tuple(boxes.values()), tuple(_curves(parents, boxes)), title)


def layers(parents: Parents) -> list[list[str]]:
    """The generations of a hierarchy: each thing one column to the right of the last of what is above it.

    Raises:
        graphlib.CycleError: something is above itself.
    """
    sorter = TopologicalSorter(parents)
    sorter.prepare()
    found: list[list[str]] = []
    while ready := sorted(sorter.get_ready()):
        found.append(ready)
        sorter.done(*ready)
    return found


def _ordered(columns: list[list[str]], parents: Parents) -> list[list[str]]:
    """Columns whose members stand near what they are joined to, which leaves few curves that cross."""
    joined = _neighbours(parents)
    place = {one: float(row) for column in columns for row, one in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            column.sort(key=lambda one: (_mean([place[other] for other in joined[one]], place[one]), one))
            place |= {one: float(row) for row, one in enumerate(column)}
    return columns


def _heights(columns: list[list[str]], parents: Parents) -> dict[str, float]:
    """The upper edge of each box: the middle of what it is joined to, as far as the ones above it leave room."""
    joined = _neighbours(parents)
    tallest = max(columns, key=len)
    found = {one: row * float(_BOX + _GAP) for row, one in enumerate(tallest)}
    start = columns.index(tallest)
    for column in (*columns[start + 1 :], *reversed(columns[:start])):
        wanted = {one: _mean([found[o] for o in joined[one] if o in found], 0.0) for one in column}
        low = 0.0
        for one in sorted(column, key=lambda one: wanted[one]):
            found[one] = max(wanted[one], low)
            low = found[one] + _BOX + _GAP
    return found


def _neighbours(parents: Parents) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {one: list(above) for one, above in parents.items()}
    for one, above in parents.items():
        for other in above:
            found[other].append(one)
    return found


def _mean(places: list[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _curves(parents: Parents, boxes: Mapping[str, Box]) -> Iterator[str]:
    for one, above in parents.items():
        for other in above:
            start, end = boxes[other], boxes[one]
            x, bend = start.x + start.width, _BETWEEN / 2
            yield (
                f"M{end.x:.0f} {end.middle:.0f}C{end.x - bend:.0f} {end.middle:.0f} "
                f"{x + bend:.0f} {start.middle:.0f} {x:.0f} {start.middle:.0f}"
            )

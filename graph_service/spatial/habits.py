"""Shapes of queries that were left as they came so far, so that the next of them is left without a look at it."""

from typing import Any

import shapely

from graph_service.index.geometry_sample import Sample
from graph_service.index.rows import Box
from graph_service.sparql.kept import Kept
from graph_service.sparql.shapes import Constant, Shape
from graph_service.spatial.explanation import Finding, Plan

RARE = "another pattern of the query leaves fewer than"
UNBOUND = "no triple of the same block says that it is the serialisation of a variable's geometry"
_LASTING = (RARE, UNBOUND)
"""Reasons that hold of a shape, or of most queries of it, whatever area they ask for."""
MANY = "there are more than"
"""A reason that holds of larger areas as well."""
_SURE = 4
"""Queries of a shape that were left, one after the other, before others are."""
_EVERY = 16
"""One in so many is looked at all the same, because its constants may be of another kind."""
_REMEMBERED = 500_000
"""Characters of all shapes."""
LEFT = Finding("the query", reason="queries that differ in constants alone were left as they are")


def essence_of(shape: Shape) -> str:
    """A shape with those of its constants that are terms of GeoSPARQL: what may be done to a query rests on them."""
    return " ".join((shape.text, *(c.text for c in shape.constants if c.kind == "iri" and "opengis.net" in c.text)))


class Habits:
    """What became of the queries of each shape; any threads may ask."""

    def __init__(self) -> None:
        self._left: Kept[int] = Kept(_REMEMBERED)
        self._fewest: Kept[int] = Kept(_REMEMBERED)

    def leaves(self, shape: Shape, sample: Sample | None) -> bool:
        """Whether the next query of a shape is left as well; it counts as if it were.

        Args:
            shape: of the query.
            sample: of the geometries that there are.
        """
        essence = essence_of(shape)
        left = self._left.get(essence)
        if left is None or left < _SURE or left % _EVERY == 0:
            return False
        fewest = self._fewest.get(essence + _numbers(shape))
        if fewest != 0 and (fewest is None or (_about(shape, sample) or 0) < fewest):
            return False
        self._left.put(essence, left + 1)
        return True

    def note(self, shape: Shape, sample: Sample | None, plan: Plan) -> None:
        """What became of a query that was looked at."""
        essence = essence_of(shape)
        reasons = [one.reason or "" for one in plan.findings]
        about = 0
        if all(one.startswith(_LASTING) for one in reasons):
            is_left = plan.sooner is None and bool(reasons)
        else:
            about = _about(shape, sample) or 0
            is_left = plan.sooner is None and about > 0 and all(one.startswith(MANY) for one in reasons)
        self._left.put(essence, (self._left.get(essence) or 0) + 1 if is_left else 0)
        if is_left:
            key = essence + _numbers(shape)
            before = self._fewest.get(key)
            self._fewest.put(key, about if before is None else min(before, about))


def _numbers(shape: Shape) -> str:
    """The numbers in a query, among them limits and distances."""
    return " ".join(one.text for one in shape.constants if one.kind not in ("string", "iri"))


def _about(shape: Shape, sample: Sample | None) -> int | None:
    """How many geometries lie around the only one that a query gives as text in longitude and latitude."""
    given = [one for one in shape.constants if _is_wkt(one)]
    shapes: list[Any] = shapely.from_wkt([one.text.strip("\"'") for one in given], "ignore").tolist()
    if sample is None or len(shapes) != 1 or shapes[0] is None or shapes[0].is_empty:
        return None
    west, south, east, north = shapes[0].bounds
    return sample.at_least([Box(west, south, east, north)])


def _is_wkt(constant: Constant) -> bool:
    return constant.kind == "string" and constant.text.endswith((")'", ')"'))

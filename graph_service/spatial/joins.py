"""Pairs of geometries that satisfy a condition, of two sides that are both variables."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, Crs, crs_of, transformed
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.index.geometries import Kind
from graph_service.index.places import Met
from graph_service.index.rows import Box
from graph_service.spatial.areas import EVERYWHERE
from graph_service.spatial.predicates import FAILS, HOLDS, UNKNOWN, Predicate, Relation, Shapes, Verdicts

_ASKED = 500
"""Boxes that the tree is asked for at once."""
_COMPARED = 100_000
"""Pairs that are compared at once."""
_EQUAL = (Relation("sfEquals"), Relation("ehEquals"))
_SHIFT = 32

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """The geometries that one variable may stand for."""

    met: Sequence[Met]
    names: list[str] = field(init=False)
    """Of their owners, each once."""
    _numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", list(dict.fromkeys(one.owner for one in self.met)))
        object.__setattr__(self, "_numbers", {name: number for number, name in enumerate(self.names)})

    def group(self, system: int) -> "_Group":
        """Those in one reference system that are not empty."""
        some = [one for one in self.met if one.system == system and one.kind >= Kind.OUTLINED]
        outlined = np.array([one.kind == Kind.OUTLINED for one in some], dtype=bool)
        shapes = shapely.from_wkb(np.array([one.outline for one in some], dtype=object))
        shapes[~outlined] = shapely.box(EVERYWHERE.west, EVERYWHERE.south, EVERYWHERE.east, EVERYWHERE.north)
        return _Group(
            shapes, self._owners(some), outlined, ~outlined | np.array([one.several for one in some], dtype=bool)
        )

    def systems(self) -> set[int]:
        """The reference systems that occur."""
        return {one.system for one in self.met}

    def empty(self) -> Numbers:
        """Owners of empty geometries."""
        return np.unique(self._owners([one for one in self.met if one.kind == Kind.EMPTY]))

    def _owners(self, met: Sequence[Met]) -> Numbers:
        return np.array([self._numbers[one.owner] for one in met], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Group:
    """Geometries in one reference system."""

    shapes: Shapes
    owners: Numbers
    outlined: NDArray[np.bool_]
    """Whether a shape is that of the geometry, and not one around everything."""
    loose: NDArray[np.bool_]
    """Whether more has to be known of the owner than the shape."""

    def brought(self, source: Crs, target: Crs) -> "_Group":
        """The same in another reference system, where their relations are for the functions to find."""
        moved = [
            _moved(shape, source, target) if is_shape else shape
            for shape, is_shape in zip(self.shapes, self.outlined, strict=True)
        ]
        kept = np.array([shape is not None for shape in moved], dtype=bool)
        shapes = np.array(moved, dtype=object)[kept]
        return _Group(shapes, self.owners[kept], np.zeros(len(shapes), bool), np.ones(len(shapes), bool))


def joined(
    predicate: Predicate, one: Side, other: Side, systems: Mapping[int, str], *, most: int, ends_at: float
) -> "Pairs | None":
    """Pairs that satisfy a condition for certain, and pairs that may.

    Args:
        predicate: the condition.
        one: the first arguments, in whose reference systems they are compared.
        other: the second.
        systems: IRIs by number.
        most: pairs that may be found.
        ends_at: when to give up, by the clock of ``time.monotonic``.

    Returns:
        None where there are too many, or where it takes too long.
    """
    found = Pairs(one.names, other.names, most)
    if predicate in _EQUAL:
        empty, too = one.empty(), other.empty()
        if len(empty) * len(too) > most:
            return None
        found.take(np.repeat(empty, len(too)), np.tile(too, len(empty)), _unknown(len(empty) * len(too)))
    for system in one.systems():
        crs, group = crs_of(systems.get(system, CRS84)), one.group(system)
        for another in other.systems():
            others = other.group(another)
            if another != system:
                others = others.brought(crs_of(systems.get(another, CRS84)), crs)
            for pairs in _joined(predicate, group, others, crs):
                if not found.take(*pairs) or time.monotonic() > ends_at:
                    return None
    return found


def _joined(predicate: Predicate, one: _Group, other: _Group, crs: Crs) -> Iterator[tuple[Numbers, Numbers, Verdicts]]:
    """Owners of pairs whose boxes meet, with what is known of them, bit by bit."""
    if len(one.shapes) > len(other.shapes):
        tree = shapely.STRtree(one.shapes)
        for j, k in _met(tree, other.shapes, predicate, crs):
            yield from _compared(predicate, one, other, k, j, crs)
    else:
        tree = shapely.STRtree(other.shapes)
        for k, j in _met(tree, one.shapes, predicate, crs):
            yield from _compared(predicate, one, other, k, j, crs)


def _met(tree: shapely.STRtree, asked: Shapes, predicate: Predicate, crs: Crs) -> Iterator[tuple[Numbers, Numbers]]:
    bounds = shapely.bounds(asked).tolist()
    for start in range(0, len(asked), _ASKED):
        reached = [predicate.reach([Box(*some)], crs) for some in bounds[start : start + _ASKED]]
        boxes = [(b.west, b.south, b.east, b.north) for some in reached for b in some]
        of_box = np.repeat(np.arange(start, start + len(reached)), [len(some) for some in reached])
        k, met = tree.query(shapely.box(*np.array(boxes, dtype=float).reshape(-1, 4).T))
        pairs = np.unique(of_box[k] << _SHIFT | met) if len(boxes) != len(reached) else of_box[k] << _SHIFT | met
        yield pairs >> _SHIFT, pairs & ((1 << _SHIFT) - 1)


def _compared(
    predicate: Predicate, one: _Group, other: _Group, k: Numbers, j: Numbers, crs: Crs
) -> Iterator[tuple[Numbers, Numbers, Verdicts]]:
    for start in range(0, len(k), _COMPARED):
        some, others = k[start : start + _COMPARED], j[start : start + _COMPARED]
        verdicts = _unknown(len(some))
        exact = one.outlined[some] & other.outlined[others]
        verdicts[exact] = predicate.verdicts(one.shapes[some[exact]], other.shapes[others[exact]], crs)
        verdicts[(verdicts == HOLDS) & (one.loose[some] | other.loose[others])] = UNKNOWN
        held = verdicts != FAILS
        yield one.owners[some[held]], other.owners[others[held]], verdicts[held]


class Pairs:
    """Pairs of owners, up to a number."""

    def __init__(self, names: Sequence[str], others: Sequence[str], most: int) -> None:
        self.names = names
        """Of the first of each pair."""
        self.others = others
        """Of the second."""
        self._most = most
        self._keys: list[Numbers] = []
        self._verdicts: list[Verdicts] = []
        self._count = 0

    def take(self, one: Numbers, other: Numbers, verdicts: Verdicts) -> bool:
        """Keep some; whether there are not too many."""
        self._keys.append(one << _SHIFT | other)
        self._verdicts.append(verdicts)
        self._count += len(one)
        return self._count <= self._most

    def __len__(self) -> int:
        return self._count

    def places(self, verdict: int) -> tuple[Numbers, Numbers]:
        """Pairs of which that is known, each once, by their places among the names."""
        keys = np.concatenate([*self._keys, np.zeros(0, dtype=np.int64)])
        # A pair that is found again is one of several geometries, and so always unknown.
        some = np.unique(keys[np.concatenate([*self._verdicts, _unknown(0)]) == verdict])
        return some >> _SHIFT, some & ((1 << _SHIFT) - 1)

    def named(self, verdict: int) -> list[tuple[str, str]]:
        """The same by their names."""
        places = zip(*(some.tolist() for some in self.places(verdict)), strict=True)
        return [(self.names[k], self.others[j]) for k, j in places]


def _unknown(count: int) -> Verdicts:
    return np.full(count, UNKNOWN, dtype=np.int8)


def _moved(shape: BaseGeometry, source: Crs, target: Crs) -> BaseGeometry | None:
    try:
        return transformed(shape, source, target)
    except GeometryUnreadable:
        return None  # the functions are errors

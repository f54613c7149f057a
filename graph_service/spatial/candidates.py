"""Candidates for the variables of a query, from the index: which satisfy a condition for certain, and which may."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry
from graph_service.index.geometries import Connection, Kind
from graph_service.index.places import Met, Searching, Whose, boxes_at, other_systems
from graph_service.index.rows import Box
from graph_service.sparql.patience import patience_ends_at
from graph_service.spatial.blocks import Row
from graph_service.spatial.joins import Pairs, Side, joined
from graph_service.spatial.predicates import FAILS, HOLDS, UNKNOWN, Predicate
from graph_service.spatial.statements import LINKS, boxes_of, widened

MOST = 20_000
"""Candidates that a query is given; with that many it takes a quarter of a second (measured)."""
MOST_PAIRS = 200_000
"""Pairs of candidates that a query is given."""
_MOST_JOINED = 1_000_000
"""Geometries of either side of a join."""
_MOST_SYSTEMS = 32
"""Reference systems in which a constant is looked for."""
_AT_ONCE = 4_000
"""Geometries that are compared at once, so that what takes too long is given up soon."""
_PATIENCE_S = 10.0
"""Seconds that the index is asked for one query."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of candidates, no two of them the same."""

    certain: Sequence[Row] = ()
    """Of which a condition holds whatever else the graph says."""
    possible: Sequence[Row] = ()
    """Of which it may hold."""

    def __len__(self) -> int:
        return len(self.certain) + len(self.possible)

    def rows(self) -> list[Row]:
        """All of them."""
        return [*self.certain, *self.possible]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the index says of the graphs that a caller may see, all of it after one change."""

    connection: Connection
    graphs: Sequence[str]
    """IRIs; the empty one is the public graph."""
    ends_at: float = field(default_factory=lambda: min(time.monotonic() + _PATIENCE_S, patience_ends_at()))
    """When to give up, by the clock of ``time.monotonic``."""
    _joined: dict[Any, tuple[Pairs | None, Any]] = field(default_factory=dict)

    def satisfying(
        self, predicate: Predicate, constant: Geometry, whose: Whose, *, constant_first: bool, limit: int = MOST
    ) -> Chosen | None:
        """Whatever satisfies a condition with a constant.

        Args:
            predicate: the condition.
            constant: its other argument.
            whose: what is wanted.
            constant_first: which argument comes first, in whose reference system they are compared.
            limit: of what may be found.

        Returns:
            None where there is more, or where it takes too long.
        """
        verdicts: dict[str, int] = {}
        searching = Searching(self.connection, self.graphs, whose, 2 * limit + 1)
        systems = other_systems(self.connection, self.graphs, _MOST_SYSTEMS)
        if systems is None:
            return None
        for crs_iri, system, is_all in [(CRS84, 0, constant_first), *((iri, n, False) for n, iri in systems)]:
            if system and constant_first:
                break  # they are brought to that of the constant
            found = self._met(searching, predicate, constant, (crs_iri, system), all_systems=is_all)
            if len(found) > 2 * limit:
                return None
            if found and not self._judge(found, predicate, constant.at(crs_of(crs_iri)), constant_first, verdicts):
                return None
        return _chosen(verdicts) if len(verdicts) <= limit else None

    def _met(
        self,
        searching: Searching,
        predicate: Predicate,
        constant: Geometry,
        at: tuple[str, int],
        *,
        all_systems: bool,
    ) -> list[Met]:
        """What the boxes of the condition meet in one reference system, each geometry once for each owner."""
        crs = crs_of(at[0])
        try:
            shape = constant.at(crs).shape
            if constant.at(crs).sound.is_empty:
                return []
        except GeometryUnreadable:
            return []  # the function is an error for each of them
        if at[1]:
            found = searching.in_own_boxes(predicate.reach([widened(Box(*shape.bounds))], crs), at[1])
        else:
            found = searching.in_boxes(predicate.reach(boxes_of(shape), crs), at_home=not all_systems)
            found += searching.anywhere(at_home=not all_systems)
        return list({(one.geometry, one.owner): one for one in found}.values())

    def _judge(
        self, found: Sequence[Met], predicate: Predicate, constant: Geometry, first: bool, verdicts: dict[str, int]
    ) -> bool:
        """Note of each owner what is known; whether there was time for it."""
        system = found[0].system if not first else 0
        crs = constant.crs
        exact = [one for one in found if one.kind == Kind.OUTLINED and one.system == system]
        known: dict[int, int] = {}
        for start in range(0, len(exact), _AT_ONCE):
            if time.monotonic() > self.ends_at:
                return False
            some = exact[start : start + _AT_ONCE]
            shapes = shapely.from_wkb([one.outline for one in some])
            other = np.full(len(some), constant.sound, dtype=object)
            one, other = (other, shapes) if first else (shapes, other)
            known.update(zip((met.geometry for met in some), predicate.verdicts(one, other, crs).tolist(), strict=True))
        for met in found:
            verdict = known.get(met.geometry, UNKNOWN)
            if verdict != FAILS:
                verdicts[met.owner] = UNKNOWN if met.several else verdict
        return True

    def near(self, boxes: Sequence[Box], whose: Whose, limit: int = MOST) -> list[str] | None:
        """Whatever may have a place in one of some boxes; None where there is more than so many."""
        searching = Searching(self.connection, self.graphs, whose, 2 * limit + 1)
        found = [*searching.in_boxes(boxes, at_home=True), *searching.anywhere(at_home=True), *searching.elsewhere()]
        owners = list(dict.fromkeys(one.owner for one in found))
        return None if len(found) > 2 * limit or len(owners) > limit else owners

    def boxes_at(self, iri: str) -> list[Box] | None:
        """The boxes of a feature or geometry; None where one is not known."""
        return boxes_at(self.connection, iri, LINKS, self.graphs)

    def pairs(
        self, predicate: Predicate, one: Whose, other: Whose, among: Sequence[frozenset[str] | None]
    ) -> Chosen | None:
        """Pairs that satisfy a condition, as rows; arguments as of ``joined``."""
        found = self.joined(predicate, one, other, among, most=MOST_PAIRS)
        if found is None or len(found) > MOST_PAIRS:
            return None
        return Chosen(found.named(HOLDS), found.named(UNKNOWN))

    def joined(
        self,
        predicate: Predicate,
        one: Whose,
        other: Whose,
        among: Sequence[frozenset[str] | None],
        *,
        most: int,
    ) -> Pairs | None:
        """Pairs that satisfy a condition.

        Args:
            predicate: the condition.
            one: what is wanted of the first of a pair.
            other: of the second.
            among: what the first and the second must be among; None for anything.
            most: pairs that may be found.

        Returns:
            None where there are too many, or where it takes too long.
        """
        key = (predicate, one, other, *map(id, among))
        if key not in self._joined:
            # With what the key names by its identity, so that no other takes that.
            self._joined[key] = self._join(predicate, (one, other), among, most), among
        return self._joined[key][0]

    def _join(
        self, predicate: Predicate, ends: tuple[Whose, Whose], among: Sequence[frozenset[str] | None], most: int
    ) -> Pairs | None:
        sides = []
        for whose, some in zip(ends, among, strict=True):
            found = Searching(self.connection, self.graphs, whose, _MOST_JOINED + 1).every()
            if len(found) > _MOST_JOINED:
                return None
            sides.append(Side([met for met in found if some is None or met.owner in some]))
        systems = other_systems(self.connection, self.graphs, _MOST_SYSTEMS)
        if systems is None:
            return None
        one, other = sides
        return joined(predicate, one, other, dict(systems), most=most, ends_at=self.ends_at)


def _chosen(verdicts: dict[str, int]) -> Chosen:
    certain: list[Row] = [(owner,) for owner, verdict in verdicts.items() if verdict == HOLDS]
    possible: list[Row] = [(owner,) for owner, verdict in verdicts.items() if verdict != HOLDS]
    return Chosen(certain, possible)

"""Candidates for the variables of a query, from the index, and as patterns that bind them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from rdflib import Variable

from graph_service.index.geometries import Connection, Whose, boxes_at, boxes_of, count_geometries, near
from graph_service.index.rows import Box
from graph_service.spatial.statements import LINKS

MOST = 20_000
"""Candidates that a query is given; with that many it takes a quarter of a second (measured)."""
MOST_PAIRS = 200_000
"""Pairs of candidates that a query is given."""
_MOST_JOINED = 1_000_000
"""Boxes of either side of a join."""
_BLOCK = 900
"""Rows of one VALUES: the engine's planner joins lists of a thousand rows last, shorter ones first (measured)."""
_LONGEST = 4_000_000
"""Characters that a pattern may take, all its copies together."""
_UNWRITABLE = re.compile(r"^_:|[\x00-\x09\x0b-\x20<>\"{}|^`\\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the index says of the graphs that a caller may see, all of it after one change."""

    connection: Connection
    graphs: Sequence[str]
    """IRIs; the empty one is the public graph."""

    def near(self, boxes: Sequence[Box], whose: Whose, limit: int = MOST) -> list[str] | None:
        """Whatever may have a place in one of some boxes; None where there is more than so many."""
        return near(self.connection, boxes, whose, self.graphs, limit)

    def boxes_at(self, iri: str) -> list[Box] | None:
        """The boxes of a feature or geometry; None where one is not known."""
        return boxes_at(self.connection, iri, LINKS, self.graphs)

    def pairs(self, one: Whose, other: Whose, among: Sequence[frozenset[str] | None]) -> list[tuple[str, str]] | None:
        """Pairs whose boxes meet, each once; None where there are too many.

        Args:
            one: what is wanted of the first of a pair.
            other: of the second.
            among: what the first and the second must be among; None for anything.
        """
        sides = [
            _side(boxes_of(self.connection, whose, self.graphs, _MOST_JOINED), some)
            for whose, some in zip((one, other), among, strict=True)
        ]
        if sides[0] is None or sides[1] is None:
            return None
        return _pairs(*sides[0], *sides[1])

    def count(self) -> int:
        """How many geometries there are, roughly, whoever may see them."""
        return count_geometries(self.connection)


_Side = tuple[list[str], Any]


def _side(found: list[tuple[str, float, float, float, float]] | None, among: frozenset[str] | None) -> _Side | None:
    if found is None:
        return None
    if among is not None:
        found = [row for row in found if row[0] in among]
    bounds = np.array([row[1:] for row in found], dtype=float).reshape(-1, 4)
    return [row[0] for row in found], bounds


def _pairs(names: list[str], bounds: Any, others: list[str], other_bounds: Any) -> list[tuple[str, str]] | None:
    if len(names) > len(others):
        turned = _pairs(others, other_bounds, names, bounds)
        return None if turned is None else [(b, a) for a, b in turned]
    # A tree over the larger side, asked bit by bit, so that what is too much is not made.
    tree = shapely.STRtree(shapely.box(*other_bounds.T))
    found: dict[tuple[str, str], None] = {}
    for start in range(0, len(names), _BLOCK):
        asked, met = tree.query(shapely.box(*bounds[start : start + _BLOCK].T))
        for k, j in zip((asked + start).tolist(), met.tolist(), strict=True):
            found[(names[k], others[j])] = None
        if len(found) > MOST_PAIRS:
            return None
    return list(found)


def union_text(
    variables: Sequence[Variable], rows: Sequence[Sequence[str]], body: str, blanks: Iterable[str]
) -> str | None:
    """A union in which each of some blocks of rows, which are all different, is joined with the same pattern.

    Args:
        variables: that the rows bind.
        rows: IRIs; of none there is one empty block.
        body: the pattern, without braces.
        blanks: names of the blank nodes in it, which stand for nothing else; no two groups may share one.

    Returns:
        None where that would be too long.
    """
    head = " ".join(f"?{one}" for one in variables)
    # Some megabytes at most: as terms they would be checked and written one by one.
    blocks = ["".join(f"(<{'> <'.join(row)}>)" for row in rows[k : k + _BLOCK]) for k in range(0, len(rows), _BLOCK)]
    if len(body) * len(blocks) > _LONGEST:
        return None
    names = re.compile("|".join(blanks) or r"(?!)")
    return " UNION ".join(
        f"{{ VALUES ({head}) {{ {block} }} {_renamed(body, names, k)} }}" for k, block in enumerate(blocks or [""])
    )


def _renamed(body: str, names: re.Pattern[str], block: int) -> str:
    return names.sub(lambda name: f"{name[0]}b{block}", body)


def are_writable(rows: Iterable[Sequence[str]]) -> bool:
    """Whether every candidate can be named in a query, as no blank node can."""
    return _UNWRITABLE.search("\n".join("\n".join(row) for row in rows)) is None

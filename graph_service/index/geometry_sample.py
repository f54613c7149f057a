"""A sample of the geometries in the index, from which it is told in microseconds how many lie somewhere, roughly."""

import json
import math
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_service.index.geometries import MOST_PARTS, Kind
from graph_service.index.rows import Box

SIZE = 2_048
"""Geometries that are looked at, which takes 20 ms; where a sixth of all lie, it is a twentieth out at most times."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some geometries, all equally likely to be among them, whoever may see them."""

    each: float
    """How many each stands for."""
    placeless: int
    """Those that may be anywhere."""
    owners: Any
    """Which of them each box is of."""
    boxes: Any
    """CRS84, a row each: west, south, east, north."""
    size: int
    """How many there are in the sample."""

    @property
    def total(self) -> int:
        """How many geometries there are, roughly."""
        return int(self.each * self.size)

    def at_least(self, boxes: Sequence[Box]) -> int:
        """How many geometries have a place in one of some boxes, or may have one anywhere: hardly ever fewer."""
        west, south, east, north = self.boxes.T
        met = np.zeros(len(self.boxes), dtype=bool)
        for box in boxes:
            met |= (east >= box.west) & (west <= box.east) & (north >= box.south) & (south <= box.north)
        found = len(np.unique(self.owners[met])) + self.placeless
        # Less the standard deviation of such a number.
        return int(self.each * (found - math.sqrt(found)))


def count_written(connection: sqlite3.Connection) -> int:
    """How many statements of geometries have come so far, whether they went again or not."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM geometry").fetchone()[0])


def sample_of(connection: sqlite3.Connection, size: int = SIZE) -> Sample:
    """A sample of the geometries that there are; the same one of the same index."""
    most = count_written(connection)
    numbers = range(1, most + 1) if most <= size else random.Random(most).sample(range(1, most + 1), size)
    statement = "SELECT number, parts, kind FROM geometry WHERE number IN (SELECT value FROM json_each(?))"
    found = connection.execute(statement, (json.dumps(list(numbers)),)).fetchall()
    parts = [number * MOST_PARTS + k for number, count, _ in found for k in range(count)]
    # An R*Tree finds a row by its number, but scans for a range of numbers.
    statement = "SELECT part, west, south, east, north FROM geometry_box WHERE part IN (SELECT value FROM json_each(?))"
    rows = np.array(connection.execute(statement, (json.dumps(parts),)).fetchall(), dtype=float).reshape(-1, 5)
    return Sample(
        each=most / max(1, len(numbers)),
        placeless=sum(not count and kind >= Kind.OUTLINED for _, count, kind in found),
        owners=rows[:, 0] // MOST_PARTS,
        boxes=rows[:, 1:],
        size=len(found),
    )

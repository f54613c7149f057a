"""How many scenes each collection has for each audience, and what they span, kept with every write."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_PUBLIC = ""
"""Stands for no audience."""
_BOUNDS = {"first": "first_instant", "last": "last_instant", "west": "west", "south": "south", "east": "east",
           "north": "north"}  # fmt: skip
"""Columns of a tally, and those of a scene that they are the least or the greatest of."""
_LEAST = ("first", "west", "south")


@dataclass(frozen=True, slots=True)
class Extent:
    """Time and space that scenes span: seconds since 1970 UTC, degrees in CRS84."""

    first: float
    last: float
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Weight:
    """What one scene adds to a tally."""

    collection: str
    audience: str | None
    extent: Extent


class TallyChange:
    """What a change does to tallies."""

    def __init__(self) -> None:
        self._come: dict[tuple[str, str], list[Extent]] = defaultdict(list)
        self._gone: dict[tuple[str, str], list[Extent]] = defaultdict(list)

    def came(self, one: Weight) -> None:
        """A scene was written."""
        self._come[one.collection, one.audience or _PUBLIC].append(one.extent)

    def went(self, one: Weight) -> None:
        """A scene was deleted, or is about to be written anew."""
        self._gone[one.collection, one.audience or _PUBLIC].append(one.extent)

    def write(self, connection: sqlite3.Connection) -> None:
        """Bring the tallies up to date, after the scenes themselves."""
        for key in sorted({*self._come, *self._gone}):
            self._write(connection, key, self._come[key], self._gone[key])

    def _write(
        self, connection: sqlite3.Connection, key: tuple[str, str], come: Sequence[Extent], gone: Sequence[Extent]
    ) -> None:
        columns = ", ".join(_BOUNDS)
        head = f"SELECT scenes, {columns} FROM tally WHERE collection = ? AND audience = ?"
        scenes, *bounds = connection.execute(head, key).fetchone() or (0,)
        number = scenes + len(come) - len(gone)
        if not number:
            connection.execute("DELETE FROM tally WHERE collection = ? AND audience = ?", key)
            return
        before = [Extent(*bounds)] if bounds else []
        values = [_bound(connection, key, name, before, come, gone) for name in _BOUNDS]
        marks = ", ".join("?" * (3 + len(values)))
        connection.execute(f"INSERT OR REPLACE INTO tally VALUES ({marks})", (*key, number, *values))


def _bound(
    connection: sqlite3.Connection,
    key: tuple[str, str],
    name: str,
    before: Sequence[Extent],
    come: Sequence[Extent],
    gone: Sequence[Extent],
) -> float:
    outermost = min if name in _LEAST else max
    values = [getattr(one, name) for one in (*before, *come)]
    bound = float(outermost(values))
    if not any(getattr(one, name) == bound for one in gone) or any(getattr(one, name) == bound for one in come):
        return bound
    # What drew the bound is gone: all that are left are looked at.
    function = "min" if name in _LEAST else "max"
    statement = f"SELECT {function}({_BOUNDS[name]}) FROM scene WHERE collection = ? AND coalesce(audience, '') = ?"
    return float(connection.execute(statement, key).fetchone()[0])


def scenes_by_collection(connection: sqlite3.Connection, audiences: Sequence[str]) -> dict[str, int]:
    """Number of scenes of each collection that some audiences see."""
    where, values = _seen(audiences)
    statement = f"SELECT collection, sum(scenes) FROM tally WHERE {where} GROUP BY collection"
    return dict(connection.execute(statement, values).fetchall())


def extent_of(connection: sqlite3.Connection, collection: str, audiences: Sequence[str]) -> Extent | None:
    """What the scenes of a collection that some audiences see span; None where there are none."""
    where, values = _seen(audiences)
    sides = ", ".join(f"{'min' if name in _LEAST else 'max'}({name})" for name in _BOUNDS)
    statement = f"SELECT {sides} FROM tally WHERE collection = ? AND {where}"
    found = connection.execute(statement, (collection, *values)).fetchone()
    return None if found[0] is None else Extent(*found)


def _seen(audiences: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    seen = (_PUBLIC, *audiences)
    return f"audience IN ({', '.join('?' * len(seen))})", seen

"""What a search among the geometries of the index meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.index.geometries import MOST_PARTS, Connection, Kind, marks
from graph_service.index.rows import Box


@dataclass(frozen=True, slots=True)
class Whose:
    """What candidates are: the geometries themselves, or the features that have them by some properties."""

    properties: frozenset[str] = frozenset()
    """IRIs; none for the geometries themselves."""


class Met(NamedTuple):
    """A geometry, and one of those that it is looked for."""

    geometry: int
    """Its number."""
    owner: str
    """IRI, or a blank node as ``_:label``."""
    system: int
    """Of its reference system; 0 for longitude and latitude on WGS 84."""
    kind: int
    outline: bytes | None
    several: int
    """Whether the owner may have another geometry or serialisation besides."""


@dataclass(frozen=True, slots=True)
class Searching:
    """The geometries in some graphs, with what is wanted of each."""

    connection: Connection
    graphs: Sequence[str]
    """IRIs; the empty one is the public graph."""
    whose: Whose
    most: int
    """How many of them a search gives at the most."""

    def in_boxes(self, boxes: Sequence[Box], *, at_home: bool) -> list[Met]:
        """Those with a part in a box; one with several parts, or one in several boxes, more than once.

        Args:
            boxes: CRS84, degrees.
            at_home: whether those in other reference systems are left out.
        """
        source = f"geometry_box AS met CROSS JOIN geometry ON geometry.number = met.part / {MOST_PARTS}"
        where = "met.east >= ? AND met.west <= ? AND met.north >= ? AND met.south <= ?" + " AND system = 0" * at_home
        return self._found(source, where, [(box.west, box.east, box.south, box.north) for box in boxes])

    def in_own_boxes(self, boxes: Sequence[Box], system: int) -> list[Met]:
        """Those in a reference system with a place in a box of it."""
        source = "geometry_own_box AS met CROSS JOIN geometry ON geometry.number = met.number"
        where = "low <= ? AND high >= ? AND met.east >= ? AND met.west <= ? AND met.north >= ? AND met.south <= ?"
        return self._found(source, where, [(system, system, b.west, b.east, b.south, b.north) for b in boxes])

    def anywhere(self, *, at_home: bool) -> list[Met]:
        """Those that have no box in CRS84 and are not empty."""
        where = f"parts = 0 AND kind >= {Kind.OUTLINED:d}" + " AND system = 0" * at_home
        return self._found("geometry", where, [()])

    def elsewhere(self) -> list[Met]:
        """Those in other reference systems that are not empty."""
        return self._found("geometry", f"system > 0 AND kind >= {Kind.OUTLINED:d}", [()])

    def every(self) -> list[Met]:
        """All that can be read."""
        return self._found("geometry", f"kind >= {Kind.EMPTY:d}", [()])

    def _found(self, source: str, where: str, values: Sequence[tuple[float, ...]]) -> list[Met]:
        statement = self._statement(source, where)
        found: list[Met] = []
        for some in values:
            found += map(Met._make, self.connection.execute(statement, (*some, self.most - len(found))))
        return found

    def _statement(self, source: str, where: str) -> str:
        seen, properties = (
            numbers_of(self.connection, names) for names in (self.graphs, sorted(self.whose.properties))
        )
        owner, linked = "geometry.node", ""
        if self.whose.properties:
            owner = "geometry_of.feature"
            linked = (
                "CROSS JOIN geometry_of ON geometry_of.node = geometry.node "
                f"AND geometry_of.property IN ({properties}) AND geometry_of.graph IN ({seen})"
            )
        by_one = " AND NOT across" if len(self.whose.properties) < 2 else ""
        several = f"EXISTS (SELECT 1 FROM geometry_several WHERE name IN (geometry.node, {owner}){by_one})"
        if self.connection.execute("SELECT 1 FROM geometry_several LIMIT 1").fetchone() is None:
            several = "0"
        columns = f"geometry.number, place.name, system, kind, outline, {several}"
        named = f"CROSS JOIN place ON place.number = {owner}"
        return f"SELECT {columns} FROM {source} {linked} {named} WHERE geometry.graph IN ({seen}) AND {where} LIMIT ?"


def other_systems(connection: Connection, graphs: Sequence[str], most: int) -> list[tuple[int, str]] | None:
    """The reference systems that geometries are in, but for longitude and latitude, by number and IRI.

    Returns:
        None where there are more than so many.
    """
    seen = numbers_of(connection, graphs)
    found: list[int] = []
    while len(found) <= most:
        # From one to the next, because there may be many geometries of each.
        statement = f"SELECT min(system) FROM geometry WHERE system > ? AND system > 0 AND graph IN ({seen})"
        (system,) = connection.execute(statement, (found[-1] if found else 0,)).fetchone()
        if system is None:
            return [(number, _name_of(connection, number)) for number in found]
        found.append(system)
    return None


def _name_of(connection: Connection, number: int) -> str:
    return str(connection.execute("SELECT name FROM place WHERE number = ?", (number,)).fetchone()[0])


def boxes_at(connection: Connection, name: str, properties: Sequence[str], graphs: Sequence[str]) -> list[Box] | None:
    """The boxes in CRS84 of a geometry, or of what a feature has by some properties.

    Returns:
        None where one is not known, or is of a geometry in another reference system.
    """
    seen, one, links = (numbers_of(connection, names) for names in (graphs, [name], properties))
    statement = (
        f"SELECT number, parts, kind, system FROM geometry WHERE graph IN ({seen}) AND (node IN ({one}) OR node IN "
        f"(SELECT node FROM geometry_of WHERE feature IN ({one}) AND property IN ({links}) AND graph IN ({seen})))"
    )
    boxes: list[Box] = []
    for number, parts, kind, system in connection.execute(statement).fetchall():
        if kind != Kind.UNREADABLE and (not parts or system):
            return None
        for k in range(parts):
            part = "SELECT west, south, east, north FROM geometry_box WHERE part = ?"
            boxes.append(Box(*connection.execute(part, (number * MOST_PARTS + k,)).fetchone()))
    return boxes


def numbers_of(connection: Connection, names: Sequence[str]) -> str:
    """The numbers of some names, as SQL lists them."""
    statement = f"SELECT number FROM place WHERE name IN ({marks(names)})"
    return ", ".join(str(int(number)) for (number,) in connection.execute(statement, tuple(names))) or "NULL"

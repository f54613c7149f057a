"""Administrative units as areas for filters: ``region('NUTS', 'ITH5')``.

They are asked of the graph, where they are records like others: what is written, replaced or
deleted there is so for the next filter, without a table that would have to follow. Only public
units are known here; a filter must not tell what is restricted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import pyoxigraph as ox
import shapely

from graph_service.store.graph_store import GraphStore
from ontology import terms
from ontology.errors import RecordInvalid
from ontology.identifiers import BASE, short_name, unit_iri
from ontology.related import AdministrativeUnit
from ontology.triples import record_from

SCHEMES: Mapping[str, str] = {"NUTS": "", "naturalearth": "naturalearth-"}
"""Nomenclatures of units, and what stands before their codes in the names of units."""
_UNIT = f"{BASE}unit/"
_KEPT = 256
"""Regions that are kept read; the border of a country at full resolution has a megabyte."""


@dataclass(frozen=True, slots=True)
class Region:
    """A unit as somebody may name it."""

    scheme: str
    """One of ``SCHEMES``."""
    code: str
    name: str
    level: int | None
    """0 for a country, 1 and more for what it is divided into."""
    iri: str


class Regions(Protocol):
    """Where a filter finds the areas of administrative units."""

    def region(self, scheme: str, code: str) -> bytes | None:
        """The area of a unit as WKB in CRS84 (longitude latitude, degrees); None where it is not known."""
        ...

    def listed(self) -> Sequence[Region]:
        """Every unit that has an area, by scheme and code: for suggestions."""
        ...


class GraphRegions:
    """The public units in a graph."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._area = lru_cache(maxsize=_KEPT)(self._area_at)
        self._listed = lru_cache(maxsize=1)(self._listed_at)

    def region(self, scheme: str, code: str) -> bytes | None:
        """The area of a unit as WKB in CRS84 (longitude latitude, degrees); None where it is not known.

        Args:
            scheme: one of ``SCHEMES``, in any letter case.
            code: ``ITH5`` of NUTS, ``ITA`` or ``ITA-1234`` of Natural Earth, in any letter case.
        """
        prefix = next((start for name, start in SCHEMES.items() if name.lower() == scheme.lower()), None)
        return None if prefix is None else self._area(self._graph.change_number(), prefix, code.upper())

    def listed(self) -> Sequence[Region]:
        """Every unit that has an area, by scheme and code: for suggestions."""
        return self._listed(self._graph.change_number())

    def _area_at(self, change: int, prefix: str, code: str) -> bytes | None:
        unit = self._unit(unit_iri(prefix + code))
        return None if unit is None or unit.footprint is None else shapely.to_wkb(shapely.from_wkt(unit.footprint))

    def _listed_at(self, change: int) -> tuple[Region, ...]:
        iris = self._graph.subjects_of_type(terms.ADMINISTRATIVE_UNIT)
        found = [(iri, unit) for iri in iris if iri.startswith(_UNIT) and (unit := self._unit(iri)) is not None]
        return tuple(sorted((_region(iri, unit) for iri, unit in found if unit.footprint), key=_order))

    def _unit(self, iri: str) -> AdministrativeUnit | None:
        quads = self._graph.about(iri)
        if not quads or any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
            return None
        try:
            record = record_from(iri, quads)
        except RecordInvalid:
            # Whoever writes statements by themselves may leave half a unit, which has no area to search.
            return None
        return record if isinstance(record, AdministrativeUnit) else None


def _region(iri: str, unit: AdministrativeUnit) -> Region:
    code = short_name(iri)
    # The longest prefix decides: that of NUTS is empty.
    scheme = max((name for name, prefix in SCHEMES.items() if code.startswith(prefix)), key=lambda s: len(SCHEMES[s]))
    return Region(scheme, code.removeprefix(SCHEMES[scheme]), unit.name, unit.level, iri)


def _order(region: Region) -> tuple[str, str]:
    return region.scheme, region.code

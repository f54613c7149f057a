"""The start page: what is in the catalogue, as the values that its template shows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from graph_service.index.paging import Found
from graph_service.index.tallies import Extent
from graph_service.views.stac.served import collection_url, item_url

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """One collection in the table."""

    identifier: str
    title: str
    href: str
    first: str
    last: str
    number: int


@dataclass(frozen=True, slots=True)
class Outline:
    """One footprint on the map."""

    path: str
    """SVG path in degrees, latitude negated."""
    title: str
    href: str
    flood: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """The part of the globe that the map shows, degrees, with its grid."""

    west: float
    south: float
    east: float
    north: float
    step: float
    """Degrees between grid lines."""

    @property
    def letter(self) -> float:
        """Height of a letter, degrees."""
        return (self.east - self.west) / 70

    @property
    def meridians(self) -> list[float]:
        """Longitudes of the grid lines."""
        return _lines(self.west, self.east, self.step)

    @property
    def parallels(self) -> list[float]:
        """Latitudes of the grid lines."""
        return _lines(self.south, self.north, self.step)


def collection_line(found: Found, extent: Extent | None, number: int, base_url: str) -> CollectionLine:
    """The line of a collection; times are dates in UTC, empty where it has no products."""
    title = orjson.loads(found.body).get("title") or ""
    first, last = ("", "") if extent is None else (_date(extent.first), _date(extent.last))
    return CollectionLine(found.identifier, title, collection_url(base_url, found.identifier), first, last, number)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def outlines(found: Iterable[Found], base_url: str, *, floods: frozenset[str]) -> list[Outline]:
    """The footprints of items, each outline once under its first item, floods last and so on top.

    Args:
        found: items, newest first.
        base_url: root of the STAC API.
        floods: IRIs of the items to be marked.
    """
    drawn: dict[tuple[str, bool], Outline] = {}
    for one in found:
        if path := _path(orjson.loads(one.body).get("geometry") or {}):
            href, flood = item_url(base_url, one.collection, one.identifier), one.iri in floods
            drawn.setdefault((path, flood), Outline(path, one.identifier, href, flood))
    return sorted(drawn.values(), key=lambda outline: outline.flood)


def _path(geometry: dict[str, Any]) -> str:
    match geometry:
        case {"type": "Polygon", "coordinates": [*rings]}:
            return " ".join(_ring(ring) for ring in rings)
        case {"type": "MultiPolygon", "coordinates": [*polygons]}:
            return " ".join(_ring(ring) for rings in polygons for ring in rings)
    return ""


def _ring(ring: Sequence[Sequence[float]]) -> str:
    return "M" + "L".join(f"{lon:.4f} {-lat:.4f}" for lon, lat, *_ in ring) + "Z"


def map_view(drawn: Iterable[Outline]) -> MapView | None:
    """A view with a margin around some outlines; None where there are none."""
    positions = [pair.split(" ") for one in drawn for pair in re.findall(r"[-\d.]+ [-\d.]+", one.path)]
    if not positions:
        return None
    longitudes = [float(longitude) for longitude, _ in positions]
    latitudes = [-float(negated) for _, negated in positions]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    margin = max((east - west) * 0.05, (north - south) * 0.05, 0.05)
    west, east = max(west - margin, -180.0), min(east + margin, 180.0)
    south, north = max(south - margin, -90.0), min(north + margin, 90.0)
    step = next((s for s in _STEPS if (east - west) / s <= _MOST_LINES), _STEPS[-1])
    return MapView(west, south, east, north, step)


def _lines(low: float, high: float, step: float) -> list[float]:
    first = int(low // step) + 1
    return [round(n * step, 6) for n in range(first, int(high // step) + 1)]

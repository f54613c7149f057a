"""The outline of a product, as Sentinel-2 metadata write it and as GeoJSON wants it."""

import math
from typing import Any

from ingest.errors import MetadataInvalid
from ingest.xml_document import number

Position = tuple[float, float]
"""Longitude, latitude in degrees."""


def polygon(text: str, *, element: str, source: str) -> dict[str, Any]:
    """A GeoJSON polygon, longitude before latitude, from a list of positions.

    Args:
        text: latitude, longitude in degrees, perhaps with a height after each pair. The ring may be
            left open, have vertices that repeat, or be written more than once.
        element: where the text stands, repeated in every error.
        source: document, repeated in every error.

    Raises:
        MetadataInvalid: a number does not parse, or one is left over.

    Source: Sentinel-2 Products Specification Document, Global_Footprint.
    """
    numbers = [number(word, element=element, source=source) for word in text.split()]
    step = _dimension(numbers)
    if len(numbers) % step == 1:
        raise MetadataInvalid(source, element, f"ends with a latitude without longitude, number {len(numbers)}")
    ring = [(lon, lat) for lat, lon in zip(numbers[::step], numbers[1::step], strict=True)]
    return {"type": "Polygon", "coordinates": [_closed(_without_repeats(ring))]}


def _dimension(numbers: list[float]) -> int:
    """3 where a height follows each pair, else 2.

    Heights are told by being all the same, as the 0 of S2A_MSIL2A_20150826T185436_N0212, whose last position
    has none, or by a ring that closes with them only.
    """
    closes_in_pairs, closes_in_threes = numbers[:2] == numbers[-2:], numbers[:2] == numbers[-3:-1]
    heights = len(set(numbers[2::3])) == 1 or (closes_in_threes and not closes_in_pairs and len(numbers) % 3 == 0)
    return 3 if heights else 2


def _without_repeats(ring: list[Position]) -> list[Position]:
    """A ring without vertices that equal the one before: S2A_MSIL1C_20151223T105452 ends with the start twice."""
    return [vertex for before, vertex in zip([(math.nan, math.nan), *ring], ring, strict=False) if vertex != before]


def _closed(ring: list[Position]) -> list[Position]:
    """A ring that ends where it starts, once around."""
    if ring[:1] != ring[-1:] or len(ring) == 1:
        ring = [*ring, *ring[:1]]
    turn = ring.index(ring[0], 1) if ring else 0
    return ring[: turn + 1] if set(ring[turn:]) <= set(ring[:turn]) else ring

"""Cells of grids as whole numbers, from which those of any coarser cell are had by leaving bits away.

Source: the geohash of G. Niemeyer (base 32, longitude first); the tiles of Web Mercator as OpenStreetMap numbers
them (zoom/x/y, y from the north); H3 of Uber, version 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Kind = Literal["geohash", "geotile", "h3"]
Numbers = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int64]

PRECISIONS: dict[Kind, range] = {"geohash": range(1, 13), "geotile": range(30), "h3": range(16)}
"""Of each grid from coarse to fine: characters, zoom, resolution."""

_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
_BITS = 30
_ZOOM = 29
_MOST_NORTHERN = 85.0511287798066
"""Latitude in degrees at which Web Mercator ends."""
_MASKS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the middle of a footprint is."""

    longitude: float
    latitude: float
    geohash: int
    """Of twelve characters, as 60 bits."""
    geotile: int
    """Of zoom 29, as 58 bits: x and y by turns."""


def centres_of(footprints: Sequence[BaseGeometry]) -> list[Centre]:
    """The centroids of footprints in CRS84, with the finest cells that they are in."""
    points = shapely.centroid([_whole(one) for one in footprints])
    longitudes, latitudes = shapely.get_x(points), shapely.get_y(points)
    longitudes = np.where(longitudes > 180, longitudes - 360, longitudes)
    columns = (
        longitudes,
        latitudes,
        geohash_cells(longitudes, latitudes),
        geotile_cells(longitudes, latitudes),
    )
    return [Centre(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _whole(footprint: BaseGeometry) -> BaseGeometry:
    """A footprint that was cut at the antimeridian put together: else its middle is on the other side of the globe."""
    west, _, east, _ = footprint.bounds
    if west != -180 or east != 180 or not hasattr(footprint, "geoms"):
        return footprint
    parts = [
        shapely.transform(part, lambda places: places + np.array((360, 0))) if part.bounds[2] < 0 else part
        for part in footprint.geoms
    ]
    return shapely.geometrycollections(parts)  # type: ignore[no-any-return]  # shapely types it as an array


def geohash_cells(longitudes: Numbers, latitudes: Numbers) -> Cells:
    """The geohashes of twelve characters at some places, as 60 bits."""
    return _interleaved(_share((longitudes + 180) / 360, _BITS), _share((latitudes + 90) / 180, _BITS))


def geotile_cells(longitudes: Numbers, latitudes: Numbers) -> Cells:
    """The tiles of zoom 29 at some places, as 58 bits: x and y by turns."""
    clipped = np.radians(np.clip(latitudes, -_MOST_NORTHERN, _MOST_NORTHERN))
    southing = 0.5 - np.arcsinh(np.tan(clipped)) / (2 * np.pi)
    return _interleaved(_share((longitudes + 180) / 360, _ZOOM), _share(southing, _ZOOM))


def h3_cell(longitude: float, latitude: float, resolution: int) -> int:
    """The H3 cell of a resolution at a place. Cells of one resolution do not nest exactly in those of another."""
    return int(h3.latlng_to_cell(latitude, longitude, resolution))


def _share(share: Numbers, bits: int) -> Cells:
    places: Cells = np.clip(np.floor(share * 2**bits), 0, 2**bits - 1).astype(np.int64)
    return places


def _interleaved(x: Cells, y: Cells) -> Cells:
    return _spread(x) << 1 | _spread(y)


def _spread(bits: Cells) -> Cells:
    """A zero before each of 32 bits."""
    for shift, mask in _MASKS:
        bits = (bits | bits << shift) & mask
    return bits


def shift_to(kind: Kind, precision: int) -> int:
    """Bits that the finest cell is shifted to the right for the cell that it lies in; none are of H3."""
    return 5 * (PRECISIONS["geohash"][-1] - precision) if kind == "geohash" else 2 * (_ZOOM - precision)


def cell_name(kind: Kind, cell: int, precision: int) -> str:
    """How a cell is written: base 32, zoom/x/y, or hexadecimal digits."""
    if kind == "h3":
        return f"{cell:x}"
    if kind == "geohash":
        return "".join(_ALPHABET[cell >> 5 * place & 31] for place in reversed(range(precision)))
    x, y = (sum((cell >> 2 * k + by & 1) << k for k in range(_ZOOM)) for by in (1, 0))
    return f"{precision}/{x}/{y}"

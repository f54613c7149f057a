"""The region and the season that the synthetic archive shows: the river Po, from Turin's plain to Mantua.

The tiles are real squares of the Sentinel-2 tiling grid, and the shares of water are
of the right size; the flood and the dry spell are invented.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from pyproj import Transformer
from shapely.geometry import Polygon, box

EDGE_M = 109_800
"""Edge of a Sentinel-2 tile: 10980 pixels of 10 m."""
TILE_KM2 = (EDGE_M / 1000) ** 2
EPSG = 32632
"""WGS 84 / UTM zone 32N, of all tiles here."""

SEASON_START = date(2025, 9, 1)
SEASON_END = date(2025, 12, 15)
FLOOD_START = date(2025, 10, 18)
FLOOD_END = date(2025, 10, 29)
_CREST = date(2025, 10, 22)
_DRIEST = date(2025, 9, 10)
_DRY_SPELL_DAYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A square of the military grid (MGRS), with the water that it usually shows."""

    code: str
    west_m: int
    """Easting of the upper left corner (Sentinel-2: a multiple of 60 m at or west of the 100 km line)."""
    north_m: int
    """Northing of the upper left corner, a multiple of 60 m at or north of the 100 km line."""
    permanent_percent: float
    seasonal_percent: float
    crest_excess: float
    """Water beyond the reference at the flood's crest, as a multiple of the permanent water."""
    dry_deficit: float
    """Share of the permanent water that is gone on the driest day, 0 to 1."""
    vegetation_percent: float
    """Of the land at the start of the season."""

    @property
    def outline(self) -> Polygon:
        """The tile in metres of UTM zone 32N."""
        return box(self.west_m, self.north_m - EDGE_M, self.west_m + EDGE_M, self.north_m)


TILES = (
    Tile(
        code="32TMR",
        west_m=399_960,
        north_m=5_100_000,
        permanent_percent=1.42,
        seasonal_percent=0.61,
        crest_excess=2.1,
        dry_deficit=0.16,
        vegetation_percent=58.0,
    ),
    Tile(
        code="32TNR",
        west_m=499_980,
        north_m=5_100_000,
        permanent_percent=2.13,
        seasonal_percent=0.48,
        crest_excess=1.9,
        dry_deficit=0.12,
        vegetation_percent=51.0,
    ),
    Tile(
        code="32TPR",
        west_m=600_000,
        north_m=5_100_000,
        permanent_percent=3.87,
        seasonal_percent=0.35,
        crest_excess=1.6,
        dry_deficit=0.05,
        vegetation_percent=54.0,
    ),
    Tile(
        code="32TPQ",
        west_m=600_000,
        north_m=5_000_040,
        permanent_percent=0.94,
        seasonal_percent=0.52,
        crest_excess=3.4,
        dry_deficit=0.46,
        vegetation_percent=47.0,
    ),
)


@cache
def degrees_from_metres() -> Transformer:
    """From easting and northing in UTM zone 32N to longitude and latitude in degrees, in this order."""
    return Transformer.from_crs(EPSG, 4326, always_xy=True)


def is_flooded(day: date) -> bool:
    """Whether the day lies in the flood, whose first and last day count."""
    return FLOOD_START <= day <= FLOOD_END


def flood_stage(day: date) -> float:
    """How high the water stands: 1 at the crest, at least 0.75 while it is a flood, 0 in quiet times."""
    if day < FLOOD_START:
        return max(0.0, 0.2 - 0.1 * ((FLOOD_START - day).days - 1))
    if day <= _CREST:
        return 0.75 + 0.25 * (day - FLOOD_START) / (_CREST - FLOOD_START)
    if day <= FLOOD_END:
        return 1 - 0.25 * (day - _CREST) / (FLOOD_END - _CREST)
    return max(0.0, 0.2 - 0.02 * (day - FLOOD_END).days)


def dryness(day: date) -> float:
    """1 on the driest day, 0 outside the dry spell."""
    return max(0.0, 1 - abs((day - _DRIEST).days) / _DRY_SPELL_DAYS)

"""When the three Sentinel-2 satellites pass over the river, and what part of each tile they see.

Each satellite comes back to a track every 10 days after 143 orbits; the next track to
the west (43 relative orbits on) is flown 3 days later, ten minutes later by the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count

from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from ingest.synthetic.river import SEASON_END, SEASON_START, TILES, Tile, degrees_from_metres

REPEAT_DAYS = 10
REPEAT_ORBITS = 143
_DAYS_A_STEP = 3
_ORBITS_A_STEP = 43
_HALF_SWATH_M = 150_000
_SLANT = 0.249
"""Metres that a descending track goes west for each metre to the south, at 45 degrees north."""
_TRACK_NORTHING_M = 5_050_000


@dataclass(frozen=True, slots=True)
class Satellite:
    letter: str
    first_pass: date
    """Over relative orbit 22, on or after the season's start."""
    absolute_orbit: int
    """Of that pass."""
    clock_offset: timedelta
    """How much later than the nominal time of the orbit it passes."""

    @property
    def name(self) -> str:
        return f"Sentinel-2{self.letter}"

    @property
    def mission(self) -> str:
        return f"S2{self.letter}"


SATELLITES = (
    Satellite("A", date(2025, 9, 1), 53_272, timedelta(seconds=61)),
    Satellite("B", date(2025, 9, 4), 44_378, timedelta(seconds=-241)),
    Satellite("C", date(2025, 9, 9), 5_250, timedelta(seconds=31)),
)


@dataclass(frozen=True, slots=True)
class Track:
    """One relative orbit over the region, descending."""

    relative_orbit: int
    steps_west: int
    """Tracks west of relative orbit 22."""
    easting_m: int
    """Of the ground track in UTM zone 32N, at northing 5 050 000."""
    tiles: tuple[str, ...]

    @property
    def crossing(self) -> time:
        """Nominal start of the datatake, UTC."""
        return time(10, 10 + 10 * self.steps_west, tzinfo=UTC)

    @property
    def swath(self) -> Polygon:
        """What the satellite sees, in metres of UTM zone 32N."""
        south, north = 4_800_000, 5_200_000
        low, high = (self.easting_m + _SLANT * (edge - _TRACK_NORTHING_M) for edge in (south, north))
        return Polygon(
            [
                (low - _HALF_SWATH_M, south),
                (low + _HALF_SWATH_M, south),
                (high + _HALF_SWATH_M, north),
                (high - _HALF_SWATH_M, north),
            ]
        )

    def easting_at(self, northing_m: float) -> float:
        """Easting of the ground track at a northing, both in metres of UTM zone 32N."""
        return self.easting_m + _SLANT * (northing_m - _TRACK_NORTHING_M)


TRACKS = (
    Track(22, 0, 707_700, ("32TNR", "32TPR", "32TPQ")),
    Track(65, 1, 511_700, ("32TMR", "32TNR", "32TPR", "32TPQ")),
    Track(108, 2, 315_700, ("32TMR",)),
)


_TILES = {tile.code: tile for tile in TILES}


@dataclass(frozen=True, slots=True)
class Acquisition:
    """One tile seen on one pass."""

    satellite: Satellite
    track: Track
    tile: Tile
    started_at: datetime
    """Start of the datatake, UTC; all tiles of a pass share it."""
    absolute_orbit: int

    @property
    def sensed_at(self) -> datetime:
        """When the satellite was over the tile's centre: it flies 6.7 km a second southwards."""
        return self.started_at + timedelta(seconds=330 + (5_100_000 - self.tile.north_m) / 6_700)

    @property
    def footprint(self) -> Polygon:
        """The part of the tile within the swath, longitude before latitude, degrees, anticlockwise."""
        return _footprint(self.track, self.tile)

    @property
    def valid_share(self) -> float:
        """The part of the tile within the swath, 0 to 1."""
        return _seen(self.track, self.tile).area / self.tile.outline.area


@cache
def _seen(track: Track, tile: Tile) -> Polygon:
    seen = tile.outline.intersection(track.swath)
    if not isinstance(seen, Polygon) or seen.is_empty:
        raise ValueError(f"relative orbit {track.relative_orbit} does not see tile {tile.code}")
    return seen


@cache
def _footprint(track: Track, tile: Tile) -> Polygon:
    eastings, northings = _seen(track, tile).exterior.xy
    longitudes, latitudes = degrees_from_metres().transform(eastings, northings)
    return orient(Polygon([(round(x, 8), round(y, 8)) for x, y in zip(longitudes, latitudes, strict=True)]))


def acquisitions(scenes: int) -> tuple[Acquisition, ...]:
    """As many acquisitions as asked for, in order of time.

    Spread evenly over the season; where it has too few, over a season that ends later.
    """
    passes = _passes(SEASON_END)
    if len(passes) < scenes:
        cycles = -(-(scenes - len(passes)) // _PASSES_A_CYCLE)
        passes = _passes(SEASON_END + timedelta(days=REPEAT_DAYS * cycles))
    return tuple(passes[number * len(passes) // scenes] for number in range(scenes))


_PASSES_A_CYCLE = len(SATELLITES) * sum(len(track.tiles) for track in TRACKS)


def _passes(end: date) -> list[Acquisition]:
    """All acquisitions from the season's start to a day, which counts."""
    found = [
        acquisition
        for satellite in SATELLITES
        for track in TRACKS
        for cycle, day in _days(satellite, track, end)
        for acquisition in _tiles_of(satellite, track, cycle, day)
    ]
    return sorted(found, key=lambda acquisition: (acquisition.started_at, acquisition.tile.code))


def _days(satellite: Satellite, track: Track, end: date) -> Iterator[tuple[int, date]]:
    """Each pass of a satellite over a track: the number of its cycle and its day."""
    for cycle in count(-1):
        day = satellite.first_pass + timedelta(days=_DAYS_A_STEP * track.steps_west + REPEAT_DAYS * cycle)
        if day > end:
            return
        if day >= SEASON_START:
            yield cycle, day


def _tiles_of(satellite: Satellite, track: Track, cycle: int, day: date) -> Iterator[Acquisition]:
    started_at = datetime.combine(day, track.crossing) + satellite.clock_offset + timedelta(milliseconds=24)
    orbit = satellite.absolute_orbit + _ORBITS_A_STEP * track.steps_west + REPEAT_ORBITS * cycle
    for code in track.tiles:
        yield Acquisition(satellite, track, _TILES[code], started_at, orbit)

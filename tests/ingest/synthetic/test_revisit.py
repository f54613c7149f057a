from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from pyproj import Geod
from shapely import is_ccw

from ingest.synthetic.revisit import acquisitions
from ingest.synthetic.river import EDGE_M, TILES, Tile


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.code)
def test_tiles_lie_on_the_military_grid(tile: Tile) -> None:
    """Zone 32 has the columns J to R from 100 km on, and its rows start with F at the equator (MGRS)."""
    column = "JKLMNPQR".index(tile.code[3]) + 1
    row = ("FGHJKLMNPQRSTUVABCDE".index(tile.code[4])) + 40
    assert tile.west_m == column * 100_000 // 60 * 60
    assert tile.north_m == -(-(row + 1) * 100_000 // 60) * 60


def test_a_satellite_comes_back_after_ten_days_and_143_orbits() -> None:
    passes = [
        seen
        for seen in acquisitions(254)
        if (seen.satellite.letter, seen.track.relative_orbit, seen.tile.code) == ("A", 22, "32TPQ")
    ]
    assert len(passes) == 11
    for before, after in pairwise(passes):
        assert (after.started_at - before.started_at).days == 10
        assert after.absolute_orbit - before.absolute_orbit == 143


def test_satellites_b_and_c_fly_five_days_apart() -> None:
    first: dict[tuple[str, int], date] = {}
    for seen in acquisitions(254):
        first.setdefault((seen.satellite.letter, seen.track.relative_orbit), seen.started_at.date())
    assert (first["C", 22] - first["B", 22]).days == 5


def test_acquisitions_are_in_order_of_time_and_unique() -> None:
    seen = acquisitions(254)
    assert [one.started_at for one in seen] == sorted(one.started_at for one in seen)
    assert len({(one.started_at, one.tile.code) for one in seen}) == 254


@pytest.mark.parametrize("scenes", [12, 254])
def test_few_scenes_are_spread_over_the_season(scenes: int) -> None:
    seen = acquisitions(scenes)
    assert seen[0].started_at < datetime(2025, 9, 3, tzinfo=UTC)
    assert datetime(2025, 12, 1, tzinfo=UTC) < seen[-1].started_at < datetime(2025, 12, 16, tzinfo=UTC)


def test_many_scenes_take_a_longer_season() -> None:
    seen = acquisitions(1000)
    assert len({(one.started_at, one.tile.code) for one in seen}) == 1000
    assert seen[-1].started_at.year == 2026


def test_footprint_of_a_whole_tile_has_its_true_size() -> None:
    whole = next(seen for seen in acquisitions(254) if seen.valid_share == 1)
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(whole.footprint)
    assert abs(area_m2) == pytest.approx(EDGE_M**2, rel=0.002)


def test_footprint_is_cut_at_the_edge_of_the_swath() -> None:
    shares = {(seen.track.relative_orbit, seen.tile.code): seen.valid_share for seen in acquisitions(254)}
    assert shares[65, "32TNR"] == 1
    assert 0.3 < shares[65, "32TPR"] < 0.7
    assert all(is_ccw(seen.footprint.exterior) for seen in acquisitions(254))


def test_sensing_follows_the_start_of_the_datatake() -> None:
    assert all(300 < (seen.sensed_at - seen.started_at).total_seconds() < 400 for seen in acquisitions(30))

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import RequestInvalid
from graph_service.index.aggregation import (
    Aggregation,
    Bucket,
    Buckets,
    Frequencies,
    Grid,
    Histogram,
    Interval,
    Statistics,
    Summary,
)
from graph_service.index.filters import All, Comparison, Filter, Meets
from graph_service.index.sqlite import SQLiteIndex
from ontology.identifiers import platform_iri
from ontology.records import Scene
from tests.graph_service.builders import SENSED, scene_of
from tests.graph_service.index.plain_reading import truth
from tests.graph_service.index.rows import at, index_of, put

EVERYTHING = All(())
NORTH = "urn:north"
CORNERS = [(-179.9 + 13.7 * k % 358, -85 + 7.3 * k % 170) for k in range(40)]
SCENES = [
    scene_of(
        str(k),
        sensed_at=SENSED + timedelta(days=37 * k % 900, hours=k),
        cloud_cover=None if k % 4 == 0 else float(k % 7),
        platform=None if k % 3 == 0 else platform_iri(f"s{k % 5}"),
        **at(shapely.box(west, south, west + 1.5, south + 1)),
    )
    for k, (west, south) in enumerate(CORNERS)
]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    opened = index_of(tmp_path_factory.mktemp("many"), SCENES)
    yield opened
    opened.close()


def geohash(longitude: float, latitude: float, length: int) -> str:
    """By halving, as its author describes it."""
    bounds, values, bits = [[-180.0, 180.0], [-90.0, 90.0]], (longitude, latitude), ""
    for place in range(5 * length):
        side, value = bounds[place % 2], values[place % 2]
        middle = sum(side) / 2
        bits += "1" if value >= middle else "0"
        side[0 if value >= middle else 1] = middle
    return "".join("0123456789bcdefghjkmnpqrstuvwxyz"[int(bits[k : k + 5], 2)] for k in range(0, len(bits), 5))


def geotile(longitude: float, latitude: float, zoom: int) -> str:
    """By the formula of the wiki of OpenStreetMap."""
    number, angle = 2**zoom, math.radians(max(-85.0511, min(85.0511, latitude)))
    y = (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2 * number
    return f"{zoom}/{int((longitude + 180) / 360 * number)}/{int(y)}"


def h3_name(longitude: float, latitude: float, resolution: int) -> str:
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


NAMES: dict[str, Callable[[float, float, int], str]] = {"geohash": geohash, "geotile": geotile, "h3": h3_name}


def beginning(time: datetime, interval: Interval) -> datetime:
    day = time.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "year": day.replace(month=1, day=1),
        "quarter": day.replace(month=1 + (time.month - 1) // 3 * 3, day=1),
        "month": day.replace(day=1),
        "week": datetime.fromisocalendar(*time.isocalendar()[:2], 1).replace(tzinfo=UTC),
        "day": day,
        "hour": time.replace(minute=0, second=0, microsecond=0),
        "minute": time.replace(second=0, microsecond=0),
    }[interval]


def centre(scene: Scene) -> tuple[float, float]:
    point = shapely.from_wkt(scene.footprint).centroid
    return point.x, point.y


FILTERS: st.SearchStrategy[Filter] = st.one_of(
    st.just(EVERYTHING),
    st.builds(Comparison, st.just("cloud_cover"), st.sampled_from(["<", ">="]), st.integers(0, 7)),
    st.tuples(st.integers(-180, 179), st.integers(-90, 89), st.integers(1, 200)).map(
        lambda b: Meets(shapely.box(b[0], b[1], min(b[0] + b[2], 180), min(b[1] + b[2], 90)))
    ),
)
AGGREGATIONS: st.SearchStrategy[Aggregation] = st.one_of(
    st.builds(Frequencies, st.sampled_from(["platform", "cloud_cover", "collection", "id"]), st.integers(0, 5)),
    st.builds(Grid, st.just("geohash"), st.integers(1, 12)),
    st.builds(Grid, st.just("geotile"), st.integers(0, 24)),
    st.builds(Grid, st.just("h3"), st.integers(0, 15)),
    st.builds(Statistics, st.sampled_from(["cloud_cover", "datetime"])),
    st.builds(
        Histogram, st.just("datetime"), st.sampled_from(["year", "quarter", "month", "week", "day", "hour", "minute"])
    ),
)


@settings(max_examples=150, deadline=None)
@given(FILTERS, st.lists(AGGREGATIONS, min_size=1, max_size=3))
def test_sums_are_those_of_brute_force(many: SQLiteIndex, tree: Filter, asked: list[Aggregation]) -> None:
    found = [scene for scene in SCENES if truth(tree, scene)]
    for one, answer in zip(asked, many.aggregate(tree, asked), strict=True):
        match one, answer:
            case Frequencies(name, most), Buckets(buckets, overflow):
                counted = Counter(value for scene in found if (value := _value(name, scene)) is not None)
                expected = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
                assert [(b.key, b.number) for b in buckets] == expected[:most]
                assert overflow == sum(number for _, number in expected[most:])
            case Grid(kind, precision), Buckets(buckets, 0):
                cells = Counter(NAMES[kind](*centre(scene), precision) for scene in found)
                assert {b.key: b.number for b in buckets} == cells
            case Histogram(_, interval), Buckets(buckets, 0):
                starts = Counter(beginning(scene.sensed_at, interval) for scene in found)
                expected_starts = [(f"{time:%Y-%m-%dT%H:%M:%SZ}", number) for time, number in sorted(starts.items())]
                assert [(b.key, b.number) for b in buckets] == expected_starts
            case Statistics(name), Summary():
                numbers = [value for scene in found if isinstance(value := _value(name, scene), float)]
                assert (answer.number, answer.least, answer.greatest) == (
                    len(numbers), min(numbers, default=None), max(numbers, default=None)
                )  # fmt: skip
                assert (answer.mean is None) == (answer.total is None) == (not numbers)
                assert answer.total is None or answer.total == pytest.approx(sum(numbers))
                assert answer.mean is None or answer.mean == pytest.approx(sum(numbers) / len(numbers))
            case _:
                raise AssertionError((one, answer))


def _value(name: str, scene: Scene) -> str | float | None:
    platform = scene.platform.rpartition("/")[2] if scene.platform else None
    return {
        "platform": platform,
        "cloud_cover": scene.cloud_cover,
        "collection": scene.collection.rpartition("/")[2],
        "id": scene.identifier,
        "datetime": scene.sensed_at.timestamp(),
    }[name]


def test_a_footprint_across_the_antimeridian_is_counted_where_it_is(tmp_path: Path) -> None:
    across = shapely.MultiPolygon([shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -177, 1)])
    index = index_of(tmp_path, [scene_of("across", **at(across))])
    answers = index.aggregate(EVERYTHING, [Grid("geotile", 8), Grid("geohash", 3), Grid("h3", 3)])
    keys = [answer.buckets[0].key for answer in answers if isinstance(answer, Buckets)]
    assert keys == [geotile(-179, 0.5, 8), geohash(-179, 0.5, 3), h3_name(-179, 0.5, 3)]
    index.close()


@pytest.mark.parametrize("place", [(-180, -90), (180, 90), (180, 0), (-180, 90), (0, 0)])
def test_the_ends_of_the_globe_have_cells(tmp_path: Path, place: tuple[float, float]) -> None:
    index = index_of(tmp_path, [scene_of("end", **at(shapely.Point(place)))])
    for one in (Grid("geohash", 12), Grid("geotile", 29), Grid("geotile", 0), Grid("h3", 15)):
        (answer,) = index.aggregate(EVERYTHING, [one])
        assert isinstance(answer, Buckets)
        assert [bucket.number for bucket in answer.buckets] == [1]
    index.close()


def test_sums_are_those_of_the_audience(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("public", cloud_cover=1.0)])
    put(index, "north", audience=NORTH, cloud_cover=3.0)
    asked: list[Aggregation] = [Statistics("cloud_cover"), Frequencies("id"), Grid("geohash", 1), Histogram()]
    for tree in (EVERYTHING, Comparison("cloud_cover", "<", 50)):
        public, all_of_it = (index.aggregate(tree, asked, audiences=audiences) for audiences in ((), (NORTH,)))
        assert (public[0], all_of_it[0]) == (Summary(1, 1, 1, 1, 1), Summary(2, 1, 3, 4, 2))
        assert public[1] == Buckets((Bucket("public", 1),), 0)
        for answer in all_of_it[1:]:
            assert isinstance(answer, Buckets)
            assert sum(bucket.number for bucket in answer.buckets) == 2
    index.close()


@pytest.mark.parametrize("year", [1, 1601, 1969, 9999])
def test_times_far_away_have_their_intervals(tmp_path: Path, year: int) -> None:
    index = index_of(tmp_path, [scene_of("far", sensed_at=datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))])
    (answer,) = index.aggregate(EVERYTHING, [Histogram("datetime", "year")])
    assert answer == Buckets((Bucket(f"{year:04}-01-01T00:00:00Z", 1),), 0)
    index.close()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Frequencies("nothing"), "nothing: no property"),
        (Frequencies("keywords"), "keywords: is a list"),
        (Statistics("platform"), "platform: has neither numbers nor times"),
        (Histogram("cloud_cover"), "cloud_cover: is no time"),
        (Grid("geohash", 0), "between 1 and 12"),
        (Grid("geotile", 30), "between 0 and 29"),
        (Grid("h3", 16), "between 0 and 15"),
    ],
)
def test_what_cannot_be_summed_up_is_refused(many: SQLiteIndex, asked: Aggregation, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        many.aggregate(EVERYTHING, [asked])

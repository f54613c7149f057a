import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from graph_service.index.access import access
from graph_service.index.filters import All, Any, Comparison, Concept, During, Filter, Meets, OneOf
from graph_service.index.footprints import is_rectangle
from graph_service.index.sqlite import SQLiteIndex
from ontology import terms
from ontology.identifiers import platform_iri
from tests.graph_service.builders import SENSED, scene_of
from tests.graph_service.index.plain_reading import truth
from tests.graph_service.index.rows import at, ids, index_of, put

HOUR = timedelta(hours=1)
NORTH = "urn:north"
SCENES = [
    scene_of(
        str(k),
        sensed_at=SENSED + k * HOUR,
        cloud_cover=None if k % 4 == 0 else float(k * 7 % 100),
        platform=platform_iri(f"s{k % 3}"),
        **at(shapely.box(k % 10, k // 10, k % 10 + 1.5, k // 10 + 0.5)),
    )
    for k in range(60)
]
PARTS: st.SearchStrategy[Filter] = st.one_of(
    st.tuples(st.integers(0, 10), st.integers(0, 6), st.integers(0, 5)).map(
        lambda b: Meets(shapely.box(b[0] + 0.25, b[1] + 0.25, b[0] + 0.25 + b[2], b[1] + 0.25 + b[2] / 2))
    ),
    st.builds(Comparison, st.just("cloud_cover"), st.sampled_from(["<", ">=", "!=", "="]), st.integers(0, 100)),
    st.builds(OneOf, st.just("platform"), st.lists(st.sampled_from(["s0", "s1", "x"]), max_size=2).map(tuple)),
    st.builds(Concept, st.sampled_from([(platform_iri("s1"),), (terms.SCENE,), ("urn:none",), ()])),
    st.builds(
        During,
        st.none() | st.integers(0, 60).map(lambda k: SENSED + k * HOUR),
        st.none() | st.integers(0, 60).map(lambda k: SENSED + k * HOUR),
    ),
    st.integers(0, 60).map(lambda k: Comparison("datetime", "<=", (SENSED + k * HOUR).timestamp())),
    st.just(Any((Meets(shapely.box(0, 0, 1.2, 9)), Meets(shapely.box(8.1, 2, 9, 9))))),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    opened = index_of(tmp_path_factory.mktemp("many"), SCENES)
    yield opened
    opened.close()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PARTS, max_size=4).map(lambda parts: All(tuple(parts))),
    st.sampled_from([-1, 5, 1000]),
    st.sampled_from(["datetime", "cloud_cover", "gsd", None]),
)
def test_every_way_leads_to_the_same_scenes(many: SQLiteIndex, tree: Filter, few: int, sorted_by: str | None) -> None:
    def found(connection: sqlite3.Connection) -> list[int]:
        way = access(connection, tree, (), few=few, sorted_by=sorted_by)
        text = f"SELECT id FROM {way.source.text} WHERE {way.where.text}"
        return sorted(int(name) for (name,) in connection.execute(text, way.source.values + way.where.values))

    assert many.within_one_state(found) == [k for k, scene in enumerate(SCENES) if truth(tree, scene)]


def test_a_few_scenes_are_where_to_begin_and_many_are_not(many: SQLiteIndex) -> None:
    rare, frequent = Meets(shapely.box(2, 2, 2.1, 2.1)), Concept((terms.SCENE,))

    def sources(connection: sqlite3.Connection) -> list[str]:
        trees = (All((frequent, rare)), frequent)
        return [access(connection, tree, (), few=5, sorted_by="datetime").source.text for tree in trees]

    begun, in_order = many.within_one_state(sources)
    assert "scene_box" in begun
    assert in_order == "scene INDEXED BY scene_by_datetime"


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (shapely.box(0, 0, 2, 1), True),
        (shapely.Point(1, 1), True),
        (shapely.LineString([(0, 0), (0, 5)]), True),
        (shapely.LineString([(0, 0), (5, 5)]), False),
        (shapely.box(0, 0, 2, 1).difference(shapely.box(0.5, 0.5, 1, 0.6)), False),
        (shapely.Polygon([(0, 0), (2, 0), (1, 1)]), False),
        (shapely.Polygon(), False),
    ],
)
def test_a_rectangle_is_told(area: BaseGeometry, expected: bool) -> None:
    assert is_rectangle(area) is expected


DEGREES = st.integers(0, 12).map(lambda third: third / 3) | st.floats(0, 4).map(lambda x: round(x, 7))


@st.composite
def areas(draw: st.DrawFn) -> BaseGeometry:
    west, east = sorted((draw(DEGREES), draw(DEGREES)))
    south, north = sorted((draw(DEGREES), draw(DEGREES)))
    box = shapely.box(west, south, east + 0.01, north + 0.01)
    kind = draw(st.sampled_from(["box", "triangle", "parts"]))
    if kind == "triangle":
        return shapely.Polygon([(west, south), (east + 0.01, south), (west, north + 0.01)])
    return box if kind == "box" else shapely.MultiPolygon([box, shapely.box(6, 6, 7, 7)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(areas(), st.booleans()), min_size=1, max_size=8), st.lists(areas(), min_size=1, max_size=4))
def test_boxes_decide_what_footprints_would(
    footprints: list[tuple[BaseGeometry, bool]], asked: list[BaseGeometry]
) -> None:
    index = SQLiteIndex(Path(":memory:"))
    for k, (footprint, is_public) in enumerate(footprints):
        put(index, str(k), audience=None if is_public else NORTH, **at(footprint))
    for area in asked:
        met = [(str(k), is_public) for k, (one, is_public) in enumerate(footprints) if one.intersects(area)]
        assert ids(index, Meets(area)) == [name for name, is_public in met if is_public]
        assert ids(index, Meets(area), NORTH) == [name for name, _ in met]
    index.close()


def test_intervals_are_found_however_far_their_nominal_time_is(tmp_path: Path) -> None:
    year = timedelta(days=365)
    index = index_of(
        tmp_path,
        [
            scene_of("long", sensed_at=SENSED, started_at=SENSED - year, ended_at=SENSED + 2 * year),
            scene_of("outside", sensed_at=SENSED, started_at=SENSED + year, ended_at=SENSED + year),
            scene_of("short", sensed_at=SENSED + year),
        ],
    )
    assert ids(index, During(SENSED + year, SENSED + year)) == ["long", "outside", "short"]
    assert ids(index, During(SENSED, SENSED)) == ["long"]
    assert ids(index, During(None, SENSED - HOUR)) == ["long"]
    assert ids(index, All((Meets(shapely.box(11, 44, 12, 45)), During(SENSED + 2 * year, None)))) == ["long"]
    index.close()

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cmp_to_key
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Comparison, Filter, Meets
from graph_service.index.paging import NEWEST_FIRST, Page, Position, SortKey
from graph_service.index.properties import property_named
from graph_service.index.sqlite import SQLiteIndex
from ontology.identifiers import item_iri, platform_iri
from ontology.records import Scene
from tests.graph_service.builders import COLLECTION, SENSED, scene_of
from tests.graph_service.index.rows import at, index_of, put

EVERYTHING = All(())
CLOUDY: Filter = Comparison("cloud_cover", ">=", 10)
KEYS = st.builds(
    SortKey,
    st.sampled_from(["datetime", "cloud_cover", "platform", "eo:snow_cover", "id", "collection"]),
    st.booleans(),
)


@st.composite
def scenes(draw: st.DrawFn) -> list[Scene]:
    number = draw(st.integers(1, 12))
    return [
        scene_of(
            f"{(k * 7) % 13:02}",
            sensed_at=SENSED + timedelta(days=draw(st.integers(0, 3))),
            cloud_cover=draw(st.sampled_from([None, 0.0, 10.0, 10.5])),
            snow_cover=draw(st.sampled_from([None, 1.0])),
            platform=draw(st.sampled_from([None, platform_iri("a"), platform_iri("b")])),
        )
        for k in range(number)
    ]


def in_order(found: Sequence[Scene], sort: Sequence[SortKey]) -> list[str]:
    """Identifiers in the order that keys mean, by comparing each with each."""
    keys = [*sort]
    if all(property_named(key.property).name != "datetime" for key in sort):
        keys.append(SortKey("datetime", sort[-1].descending))
    places = {scene.iri: place for place, scene in enumerate(found)}

    def compared(one: Scene, other: Scene) -> int:
        for key in keys:
            a, b = (property_named(key.property).value_of(scene, {}) for scene in (one, other))
            if a != b:
                return 1 if a is None else -1 if b is None else (-1 if (a > b) == key.descending else 1)  # type: ignore[operator]
        return (places[one.iri] - places[other.iri]) * (-1 if sort[-1].descending else 1)

    return [scene.identifier for scene in sorted(found, key=cmp_to_key(compared))]


def names(page: Page) -> list[str]:
    return [one.identifier for one in page.found]


def walk(index: SQLiteIndex, tree: Filter, **asked: Any) -> Iterator[Page]:
    page = index.search(tree, **asked)
    yield page
    while page.next is not None:
        page = index.search(tree, at=page.next, **asked)
        yield page


def walk_back(index: SQLiteIndex, tree: Filter, page: Page, **asked: Any) -> Iterator[Page]:
    while page.previous is not None:
        page = index.search(tree, at=page.previous, **asked)
        yield page


@settings(max_examples=60, deadline=None)
@given(scenes(), st.lists(KEYS, min_size=1, max_size=3), st.integers(1, 5), st.sampled_from([EVERYTHING, CLOUDY]))
def test_pages_in_any_order_are_the_sorted_list_cut_up_there_and_back(
    written: list[Scene], sort: list[SortKey], limit: int, tree: Filter
) -> None:
    distinct = list({scene.iri: scene for scene in written}.values())
    index = SQLiteIndex(Path(":memory:"))
    for scene in distinct:
        put(index, scene.identifier, **_fields(scene))
    kept = [one for one in distinct if tree == EVERYTHING or (one.cloud_cover or 0) >= 10]
    expected = in_order(kept, sort)
    cut = [expected[start : start + limit] for start in range(0, len(expected), limit)] or [[]]
    there = list(walk(index, tree, sort=sort, limit=limit))
    assert [names(page) for page in there] == cut
    assert there[0].previous is None
    back = list(walk_back(index, tree, there[-1], sort=sort, limit=limit))
    assert [names(page) for page in back] == cut[-2::-1]
    assert all(page.next is not None for page in back)
    index.close()


def _fields(scene: Scene) -> dict[str, Any]:
    names = ("sensed_at", "cloud_cover", "snow_cover", "platform")
    return {name: getattr(scene, name) for name in names}


HERE = Meets(shapely.box(11.2, 44.2, 11.8, 44.8))
TWICE = shapely.MultiPolygon([shapely.box(11.1, 44.1, 11.3, 44.3), shapely.box(11.5, 44.5, 11.9, 44.9)])
AT_ONE_PLACE = [
    scene_of(
        f"{k:03}",
        sensed_at=SENSED + timedelta(minutes=(k * 37) % 90, microseconds=k % 3),
        started_at=SENSED - timedelta(days=k) if k % 7 == 0 else None,
        cloud_cover=float(k % 10),
        **(at(TWICE) if k % 5 == 0 else {}),
    )
    for k in range(300)
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    """Hundreds of scenes of one place, sensed within the resolution of the tree of boxes and far apart."""
    opened = index_of(tmp_path_factory.mktemp("place"), AT_ONE_PLACE)
    yield opened
    opened.close()


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("clouds", [10, 1])
def test_pages_of_a_place_are_the_sorted_list_cut_up_there_and_back(
    place: SQLiteIndex, limit: int, descending: bool, clouds: int
) -> None:
    sort = [SortKey("datetime", descending)]
    tree = All((HERE, Comparison("cloud_cover", "<", clouds)))
    expected = in_order([scene for scene in AT_ONE_PLACE if (scene.cloud_cover or 0) < clouds], sort)
    cut = [expected[start : start + limit] for start in range(0, len(expected), limit)]
    there = list(walk(place, tree, sort=sort, limit=limit))
    assert [names(page) for page in there] == cut
    assert [names(page) for page in walk_back(place, tree, there[-1], sort=sort, limit=limit)] == cut[-2::-1]


@pytest.fixture
def six(tmp_path: Path) -> Iterator[SQLiteIndex]:
    """Scenes 0 to 5, the last the newest."""
    opened = index_of(tmp_path, [scene_of(str(k), sensed_at=SENSED + timedelta(days=k)) for k in range(6)])
    yield opened
    opened.close()


@pytest.mark.parametrize(("limit", "pages"), [(6, 1), (3, 2), (2, 3), (5, 2), (7, 1)])
def test_a_page_that_ends_with_the_list_has_no_next(six: SQLiteIndex, limit: int, pages: int) -> None:
    found = list(walk(six, EVERYTHING, limit=limit))
    assert len(found) == pages
    assert all(page.found for page in found)


def test_the_page_before_is_gone_with_its_scenes(six: SQLiteIndex) -> None:
    first = six.search(EVERYTHING, limit=2)
    six.apply(2, rows=[], gone=[item_iri(COLLECTION, name) for name in ("5", "4")])
    second = six.search(EVERYTHING, limit=2, at=first.next)
    assert names(second) == ["3", "2"]
    assert second.previous is None


def test_what_is_written_before_a_page_is_on_the_page_before(six: SQLiteIndex) -> None:
    second = six.search(EVERYTHING, limit=2, at=six.search(EVERYTHING, limit=2).next)
    put(six, "between", sensed_at=SENSED + timedelta(days=3, hours=1))
    before = six.search(EVERYTHING, limit=2, at=second.previous)
    assert names(before) == ["between", "4"] or names(before) == ["4", "between"]
    assert before.previous is not None


def test_what_has_no_value_comes_last_in_both_directions(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("none"), scene_of("low", cloud_cover=1.0), scene_of("high", cloud_cover=9.0)])
    assert names(index.search(EVERYTHING, sort=[SortKey("cloud_cover")])) == ["low", "high", "none"]
    assert names(index.search(EVERYTHING, sort=[SortKey("cloud_cover", True)])) == ["high", "low", "none"]
    index.close()


@pytest.mark.parametrize(
    ("sort", "message"),
    [
        ([SortKey("nothing")], "nothing: no property"),
        ([SortKey("keywords")], "keywords: is a list"),
        ([SortKey("id; DROP TABLE scene")], "no property"),
        (
            [SortKey(p) for p in ("id", "gsd", "tile", "platform", "mode", "level", "created", "updated", "version")],
            "8",
        ),
    ],
)
def test_what_cannot_be_sorted_by_is_refused(six: SQLiteIndex, sort: list[SortKey], message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        six.search(EVERYTHING, sort=sort)


@pytest.mark.parametrize("values", [(), (1.0, 2.0), ("a", "b", "c")])
def test_a_position_of_another_order_is_refused(six: SQLiteIndex, values: tuple[str | float, ...]) -> None:
    with pytest.raises(RequestInvalid, match="sorted by something else"):
        six.search(EVERYTHING, sort=NEWEST_FIRST, at=Position(values, 1))

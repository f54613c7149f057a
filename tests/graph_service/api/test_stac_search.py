from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from graph_service.api.stac_search import (
    CRS84,
    SearchRequest,
    during,
    from_query,
    search_request,
)
from graph_service.api.stac_tokens import position_of, token_of
from graph_service.errors import RequestInvalid
from graph_service.index import filters
from graph_service.index.areas import area_within, area_within_box
from graph_service.index.cql2_parts import Reading
from graph_service.index.filters import All, Comparison, During, Meets, OneOf
from graph_service.index.paging import Position
from tests.graph_service.api.stac_service import meaning

MAY = datetime(2024, 5, 1, tzinfo=UTC)


def _asked(given: dict[str, Any]) -> SearchRequest:
    return search_request(given, Reading(meaning()))


def bounds_of(found: filters.Filter) -> list[tuple[float, ...]]:
    parts = found.parts if isinstance(found, filters.Any) else (found,)
    return [part.area.bounds for part in parts if isinstance(part, Meets)]


def test_request_without_parameters_finds_all() -> None:
    asked = _asked({})
    assert (asked.tree, asked.limit, asked.at) == (All(()), 10, None)


def test_parameters_are_joined_by_and() -> None:
    asked = _asked({"ids": ["b", "a", "b"], "collections": ["c"], "datetime": "2024-05-01T00:00:00Z"})
    assert asked.tree == All((OneOf("id", ("b", "a")), OneOf("collection", ("c",)), During(MAY, MAY)))


def test_query_and_body_mean_the_same() -> None:
    body = {"bbox": [1, 2, 3, 4], "ids": ["a", "b"], "collections": ["c"], "limit": 7}
    query = {"bbox": "1,2,3,4", "ids": "a,b", "collections": "c", "limit": "7"}
    assert _asked(from_query(query)) == _asked(body)


def test_one_collection_may_be_a_text() -> None:
    assert _asked({"collections": "c"}) == _asked({"collections": ["c"]})


def test_empty_parameters_count_as_absent() -> None:
    assert _asked({"ids": [], "datetime": None, "bbox": ""}) == _asked(from_query({"ids": ""}))


@pytest.mark.parametrize(
    ("bbox", "bounds"),
    [
        ([1, 2, 3, 4], [(1, 2, 3, 4)]),
        ([1, 2, -500, 3, 4, 9000], [(1, 2, 3, 4)]),
        ([170, -5, -170, 5], [(170, -5, 180, 5), (-180, -5, -170, 5)]),
        ([180, 0, -180, 1], [(180, 0, 180, 1), (-180, 0, -180, 1)]),
        ([5, 6, 5, 6], [(5, 6, 5, 6)]),
        ([5, 6, 5, 7], [(5, 6, 5, 7)]),
        ([-180, -90, 180, 90], [(-180, -90, 180, 90)]),
    ],
)
def test_bbox_is_the_area_that_it_bounds(bbox: list[float], bounds: list[tuple[float, ...]]) -> None:
    assert bounds_of(area_within_box(bbox)) == bounds


@pytest.mark.parametrize("bbox", [[5, 6, 5, 6], [5, 6, 5, 7], [5, 6, 7, 6]])
def test_bbox_without_area_still_meets(bbox: list[float]) -> None:
    found = area_within_box(bbox)
    assert isinstance(found, Meets)
    assert found.area.is_valid
    assert found.area.intersects(shapely.box(5, 6, 8, 9))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bbox", []),
        ("bbox", [1, 2, 3]),
        ("bbox", [1, 2, 3, 4, 5]),
        ("bbox", [1, 2, 3, "4"]),
        ("bbox", [1, 2, 3, True]),
        ("bbox", "1,2,3,4"),
        ("bbox", {"west": 1}),
        ("bbox", [1, 5, 3, 4]),
        ("bbox", [1, 2, 9, 3, 4, 8]),
        ("bbox", [-181, 2, 3, 4]),
        ("bbox", [1, 2, 3, 90.5]),
        ("bbox", [1, 2, float("nan"), 4]),
        ("bbox", [1, 2, float("inf"), 4]),
        ("bbox", [1, 2, 10**400, 4]),
        ("intersects", "text"),
        ("intersects", []),
        ("intersects", {"type": "Feature", "geometry": None}),
        ("intersects", {"type": "Point"}),
        ("intersects", {"type": "Point", "coordinates": [200, 0]}),
        ("intersects", {"type": "Point", "coordinates": [10**400, 0]}),
        ("intersects", {"type": "Point", "coordinates": [float("nan"), 0]}),
        ("intersects", {"type": "LineString", "coordinates": [[0, 0], [float("nan"), 0], [1, 1]]}),
        ("intersects", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]}),
        ("intersects", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}),
        ("intersects", {"type": "Polygon", "coordinates": 5}),
        ("intersects", {"type": "GeometryCollection", "geometries": 5}),
        ("datetime", 2024),
        ("datetime", "2024"),
        ("datetime", "2024-05-01"),
        ("datetime", "2024-05-01T00:00:00"),
        ("datetime", "2024-02-30T00:00:00Z"),
        ("datetime", "0000-01-01T00:00:00Z"),
        ("datetime", "2024-05-01T00:00:00+99:99"),
        ("datetime", "/"),
        ("datetime", "../.."),
        ("datetime", "2024-05-01T00:00:00Z/2024-04-01T00:00:00Z"),
        ("datetime", "2024-05-01T00:00:00Z/2024-05-02T00:00:00Z/.."),
        ("datetime", "yesterday/.."),
        ("ids", "a,b"),
        ("ids", [1]),
        ("ids", ["\ud800"]),
        ("ids", [str(n) for n in range(10_001)]),
        ("collections", {"c": 1}),
        ("limit", 0),
        ("limit", -1),
        ("limit", 1.5),
        ("limit", True),
        ("limit", "ten"),
        ("token", "!"),
        ("token", "ö"),
        ("token", 5),
        ("token", "bmFuOjE"),
        ("token", "MS4wOi0x"),
        ("token", "MS4w"),
        ("query", []),
        ("unknown", 5),
        ("sortby", "datetime"),
        ("fields", []),
        ("fields", None),
        ("explain", 1),
        ("q", {}),
        ("filter", "eo:cloud_cover < 5"),
        ("filter", {"op": "foo", "args": []}),
        ("filter-lang", "ecql"),
        ("filter-lang", 5),
        ("filter-crs", "http://www.opengis.net/def/crs/EPSG/0/4326"),
    ],
)
def test_wrong_parameter_is_refused_by_its_name(name: str, value: Any) -> None:
    with pytest.raises(RequestInvalid, match=f"^{name}: "):
        _asked({name: value})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bbox", "1,2,3,x"),
        ("bbox", "1,2,3"),
        ("bbox", ",,,"),
        ("limit", "1.5"),
        ("limit", "-1"),
        ("intersects", "{"),
        ("filter", "eo:cloud_cover <"),
    ],
)
def test_wrong_text_is_refused_by_its_name(name: str, text: str) -> None:
    with pytest.raises(RequestInvalid, match=f"^{name}: "):
        _asked(from_query({name: text}))


def test_filter_is_text_in_a_query_and_json_in_a_body_unless_told() -> None:
    text, json = "platform = 'landsat-8'", {"op": "=", "args": [{"property": "platform"}, "landsat-8"]}
    found = _asked({"filter": json})
    assert found.tree == All((Comparison("platform", "=", "landsat-8"),))
    assert _asked({"filter": text, "filter-lang": "cql2-text", "filter-crs": CRS84}) == found
    assert _asked(from_query({"filter": text})) == found
    assert _asked(from_query({"filter": text, "filter-lang": "cql2-text", "filter-crs": CRS84})) == found
    assert _asked(from_query({"filter": orjson.dumps(json).decode(), "filter-lang": "cql2-json"})) == found
    assert _asked({"filter": None}) == _asked(from_query({"filter": "", "filter-lang": ""})) == _asked({})


def test_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(RequestInvalid, match="no parameter") as refused:
        _asked({"\ud800": 5})
    str(refused.value).encode()


def test_bbox_beside_intersects_is_refused() -> None:
    with pytest.raises(RequestInvalid, match="bbox: cannot stand beside intersects"):
        _asked({"bbox": [1, 2, 3, 4], "intersects": {"type": "Point", "coordinates": [0, 0]}})


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (1000, 1000), (1001, 1000), (10**30, 1000)])
def test_limit_above_the_maximum_is_the_maximum(limit: int, expected: int) -> None:
    assert _asked({"limit": limit}).limit == _asked(from_query({"limit": str(limit)})).limit == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T00:00:00Z", During(MAY, MAY)),
        ("2024-05-01t02:00:00+02:00", During(MAY, MAY)),
        ("2024-05-01T00:00:00.000000000Z/..", During(MAY, None)),
        ("2024-05-01T00:00:00Z/", During(MAY, None)),
        ("../2024-05-01T00:00:00Z", During(None, MAY)),
        ("/2024-05-01T00:00:00Z", During(None, MAY)),
        ("2024-05-01T00:00:00Z/2024-05-02T00:00:00-00:00", During(MAY, MAY + timedelta(days=1))),
    ],
)
def test_datetime_is_an_instant_or_an_interval(text: str, expected: During) -> None:
    assert during(text) == expected


def test_earliest_time_east_of_greenwich_can_be_searched() -> None:
    found = during("0001-01-01T00:00:00+01:00/..")
    assert found.start == datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))


def test_geometry_across_the_antimeridian_is_cut_there() -> None:
    ring = [[175, 0], [-175, 0], [-175, 5], [175, 5], [175, 0]]
    found = area_within({"type": "Polygon", "coordinates": [ring]})
    assert bounds_of(found) == [(175, 0, 180, 5), (-180, 0, -175, 5)]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [1, 1]},
        {"type": "MultiPoint", "coordinates": [[1, 1], [2, 2]]},
        {"type": "LineString", "coordinates": [[1, 1], [2, 2]]},
        {"type": "MultiLineString", "coordinates": [[[1, 1], [2, 2]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [2, 0], [2, 2], [0, 0]]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 1]}]},
    ],
)
def test_every_type_of_geometry_can_be_searched(geometry: dict[str, Any]) -> None:
    assert isinstance(area_within(geometry), Meets)


@given(
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9), min_size=1).map(tuple),
    st.integers(0, 2**63 - 1),
    st.booleans(),
)
def test_token_gives_back_its_position(values: tuple[str | float | None, ...], row: int, backward: bool) -> None:
    assert position_of(token_of(Position(values, row, backward))) == Position(values, row, backward)

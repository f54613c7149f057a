"""Footprints: GeoJSON in, checked and cut at the antimeridian, WKT out."""

from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from ingest.document import Notice
from ingest.errors import FootprintInvalid, MetadataMissing
from ingest.footprints import footprint_of

Position = list[float]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def box(west: float, south: float, east: float, north: float) -> list[Position]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def wkt_geometry(wkt: str) -> BaseGeometry:
    geometry = shapely.from_wkt(wkt)
    assert isinstance(geometry, BaseGeometry)
    return geometry


def drawn(geometry: object) -> BaseGeometry:
    wkt, notices = footprint_of(geometry, source="a.json")
    assert notices == ()
    return wkt_geometry(wkt)


def drawn_cut(geometry: object) -> tuple[BaseGeometry, tuple[Notice, ...]]:
    wkt, notices = footprint_of(geometry, source="a.json")
    cut = wkt_geometry(wkt)
    assert shapely.is_valid(cut)
    return cut, notices


@st.composite
def boxes(draw: st.DrawFn) -> dict[str, Any]:
    west, east = sorted(draw(st.lists(st.floats(-180, 180), min_size=2, max_size=2, unique=True)))
    south, north = sorted(draw(st.lists(st.floats(-90, 90), min_size=2, max_size=2, unique=True)))
    if east - west > 180:
        east = west + 180
    return polygon(box(west, south, east, north))


@st.composite
def triangles(draw: st.DrawFn) -> dict[str, Any]:
    corners = [[draw(st.floats(-90, 90)), draw(st.floats(-90, 90))] for _ in range(3)]
    return polygon([*corners, corners[0]])


@given(geometry=boxes() | triangles())
def test_a_valid_area_comes_back_from_its_wkt_vertex_by_vertex(geometry: dict[str, Any]) -> None:
    expected = shapely.geometry.shape(geometry)
    assume(expected.is_valid)
    there_and_back = mapping(drawn(geometry))
    assert there_and_back["type"] == "Polygon"
    assert len(there_and_back["coordinates"]) == 1
    for found, given_position in zip(there_and_back["coordinates"][0], geometry["coordinates"][0], strict=True):
        assert found == pytest.approx(tuple(given_position), rel=1e-15, abs=1e-16)


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ({"type": "Point", "coordinates": [-1.5, 2]}, "POINT (-1.5 2)"),
        ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "MULTIPOINT ((1 2), (3 4))"),
        ({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "LINESTRING (1 2, 3 4)"),
        ({"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]]]}, "MULTILINESTRING ((1 2, 3 4))"),
        (polygon(box(0, 0, 1, 2)), "POLYGON ((0 0, 1 0, 1 2, 0 2, 0 0))"),
        (
            polygon(box(0, 0, 9, 9), box(1, 1, 2, 2)),
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
        ),
        ({"type": "MultiPolygon", "coordinates": [[box(0, 0, 1, 2)]]}, "MULTIPOLYGON (((0 0, 1 0, 1 2, 0 2, 0 0)))"),
        (
            {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
            "GEOMETRYCOLLECTION (POINT (1 2))",
        ),
    ],
)
def test_every_type_of_geometry_is_written_with_longitude_first(geometry: dict[str, Any], wkt: str) -> None:
    assert footprint_of(geometry, source="a.json") == (wkt, ())


def test_heights_are_left_out() -> None:
    ring = [[*position, 100.5] for position in box(0, 0, 1, 2)]
    assert footprint_of(polygon(ring), source="a.json")[0] == "POLYGON ((0 0, 1 0, 1 2, 0 2, 0 0))"


def test_sixteen_digits_of_a_coordinate_are_kept() -> None:
    wkt, _ = footprint_of({"type": "Point", "coordinates": [123.4567890123456, -1.234567890123456e-7]}, source="a.json")
    assert shapely.get_coordinates(shapely.from_wkt(wkt)).tolist() == [[123.4567890123456, -1.234567890123456e-7]]


_NO_GEOMETRY = "is not a GeoJSON geometry with a type and coordinates"
_TOO_FEW = "has fewer than the four positions of a closed ring"
_NO_POSITION = "has a position that is not a longitude and a latitude"


@pytest.mark.parametrize(
    ("geometry", "field", "reason"),
    [
        ("POINT (1 2)", "geometry", _NO_GEOMETRY),
        ([], "geometry", _NO_GEOMETRY),
        ({}, "geometry", _NO_GEOMETRY),
        ({"type": "Feature", "geometry": None}, "geometry", _NO_GEOMETRY),
        ({"type": "polygon", "coordinates": [box(0, 0, 1, 1)]}, "geometry", _NO_GEOMETRY),
        ({"type": ["Polygon"], "coordinates": [box(0, 0, 1, 1)]}, "geometry", _NO_GEOMETRY),
        ({"type": {}, "coordinates": []}, "geometry", _NO_GEOMETRY),
        (polygon(), "geometry", "is empty"),
        ({"type": "Point", "coordinates": []}, "geometry", "is empty"),
        ({"type": "MultiPolygon", "coordinates": None}, "geometry", "is empty"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry", "is empty"),
        (polygon([]), "geometry, ring 1", _TOO_FEW),
        (polygon([[0, 0], [1, 0], [0, 0]]), "geometry, ring 1", _TOO_FEW),
        (polygon(box(0, 0, 9, 9), [[1, 1], [2, 2], [1, 1]]), "geometry, ring 2", _TOO_FEW),
        ({"type": "MultiPolygon", "coordinates": [[[]]]}, "geometry, ring 1", _TOO_FEW),
        (polygon([box(0, 0, 1, 1)]), "geometry, ring 1", _TOO_FEW),
        ({"type": "Polygon", "coordinates": box(0, 0, 1, 1)}, "geometry, ring 1", _TOO_FEW),
        ({"type": "Polygon", "coordinates": [0, 0, 1, 1]}, "geometry, ring 1", _TOO_FEW),
        ({"type": "MultiPolygon", "coordinates": [box(0, 0, 1, 1)]}, "geometry, ring 1", _TOO_FEW),
        (polygon([[0, 0], [1, 0], [None, 1], [0, 0]]), "geometry, ring 1", _NO_POSITION),
        (polygon([[0, 0], [1, 0], ["1", "1"], [0, 0]]), "geometry, ring 1", _NO_POSITION),
        (polygon([[0, 0], [1, 0], [True, 1], [0, 0]]), "geometry, ring 1", _NO_POSITION),
        (polygon([[0, 0], [1, 0], [1], [0, 0]]), "geometry, ring 1", _NO_POSITION),
        (polygon([[0, 0], [1, 0], {"x": 1, "y": 1}, [0, 0]]), "geometry, ring 1", _NO_POSITION),
        (polygon([[[0, 0]], [[1, 0]], [[1, 1]], [[0, 0]]]), "geometry, ring 1", _NO_POSITION),
        (polygon("abca"), "geometry, ring 1", _NO_POSITION),
        (
            polygon([[0, 0], [1, 0], [1, 1], [0, 1]]),
            "geometry, ring 1",
            "is not closed: it starts at [0, 0] and ends at [0, 1]",
        ),
        (
            polygon(box(10, 0, 190, 1)),
            "geometry",
            "has longitudes from 10.0 to 190.0, outside -180 to 180 degrees",
        ),
        (
            {"type": "Point", "coordinates": [-180.5, 0]},
            "geometry",
            "has longitudes from -180.5 to -180.5, outside -180 to 180 degrees",
        ),
        (
            polygon(box(0, 50, 1, 95)),
            "geometry",
            "has latitudes from 50.0 to 95.0, outside -90 to 90 degrees",
        ),
        (
            {"type": "Point", "coordinates": [float("nan"), 0]},
            "geometry",
            "has longitudes from nan to nan, outside -180 to 180 degrees",
        ),
        (
            polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]),
            "geometry",
            "is not a valid area: self-intersection at longitude and latitude 1 1; publish a simple outline",
        ),
        (
            polygon(box(0, 0, 1, 1), box(5, 5, 6, 6)),
            "geometry",
            "is not a valid area: hole lies outside shell at longitude and latitude 5 5; publish a simple outline",
        ),
        (
            polygon([[1, 1], [1, 1], [1, 1], [1, 1]]),
            "geometry",
            "is not a valid area: too few points in geometry component at longitude and latitude 1 1; "
            "publish a simple outline",
        ),
    ],
)
def test_what_no_area_on_earth_has_is_refused_by_field_and_reason(geometry: object, field: str, reason: str) -> None:
    with pytest.raises(FootprintInvalid) as caught:
        footprint_of(geometry, source="a.json")
    assert (caught.value.source, caught.value.field, caught.value.reason) == ("a.json", field, reason)
    assert str(caught.value) == f"a.json: {field}: {reason}"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": {"a": 1}},
        {"type": "Point", "coordinates": [None, 1]},
        {"type": "Point", "coordinates": [0, 0, "z"]},
        {"type": "Point", "coordinates": "ab"},
        {"type": "Point", "coordinates": [[0, 0], [1, 1]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [0]]},
        {"type": "GeometryCollection", "geometries": [None]},
        polygon([[0, 0], [1, 0], [1, 1, 5], [0, 0]]),
    ],
)
def test_coordinates_that_draw_nothing_are_refused_with_the_librarys_reason_in_one_line(geometry: Any) -> None:
    with pytest.raises(FootprintInvalid) as caught:
        footprint_of(geometry, source="a.json", field="where")
    assert (caught.value.source, caught.value.field) == ("a.json", "where")
    assert caught.value.reason.startswith(f"has coordinates that draw no {geometry['type']}: ")
    assert "\n" not in str(caught.value)


def test_an_absent_geometry_is_missing_rather_than_invalid() -> None:
    with pytest.raises(MetadataMissing) as caught:
        footprint_of(None, source="a.json")
    assert caught.value.field == "geometry"
    assert caught.value.reason == "is absent or null; give the footprint as a GeoJSON geometry"


def test_a_ring_across_the_antimeridian_is_cut_in_two_of_the_same_area() -> None:
    cut, notices = drawn_cut(polygon(box(170, 0, 190 - 360, 10)))
    assert notices == (Notice("geometry", "crosses the antimeridian; cut there into 2 parts"),)
    assert shapely.equals(cut, shapely.union(shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)))
    assert cut.area == pytest.approx(200)


def test_a_cut_follows_the_straight_edge_in_longitude_and_latitude() -> None:
    # RFC 7946, section 3.1.1; the great circle would cross at 34.2 degrees.
    cut, _ = drawn_cut(polygon([[150, 30], [-150, 30], [-150, 35], [150, 35], [150, 30]]))
    assert {lat for lon, lat in shapely.get_coordinates(cut).tolist() if abs(lon) == 180} == {30, 35}


@pytest.mark.parametrize("shift", [0, 2, 4])
def test_winding_and_start_of_the_ring_do_not_matter_to_the_cut(shift: int) -> None:
    corners: list[Position] = [[170, 0], [-170, 0], [-170, 10], [170, 10]]
    turned = (corners[shift % 4 :] + corners[: shift % 4])[:: 1 if shift % 2 == 0 else -1]
    cut, _ = drawn_cut(polygon([*turned, turned[0]]))
    reverse, _ = drawn_cut(polygon([*turned[::-1], turned[-1]]))
    assert cut.area == pytest.approx(200)
    assert shapely.equals(cut, reverse)


def test_only_the_part_that_crosses_is_cut() -> None:
    crossing = {"type": "MultiPolygon", "coordinates": [[box(170, 0, -170, 10)], [box(0, 0, 1, 1)]]}
    cut, notices = drawn_cut(crossing)
    assert cut.area == pytest.approx(201)
    assert notices == (Notice("geometry", "crosses the antimeridian; cut there into 3 parts"),)


def test_a_line_across_the_antimeridian_is_cut() -> None:
    cut, _ = drawn_cut({"type": "LineString", "coordinates": [[179, 0], [-179, 2]]})
    assert shapely.to_wkt(cut) == "MULTILINESTRING ((179 0, 180 1), (-180 1, -179 2))"


@pytest.mark.parametrize("winding", [1, -1])
@pytest.mark.parametrize("pole", [1, -1])
def test_a_ring_around_a_pole_is_closed_over_it_however_it_winds(pole: int, winding: int) -> None:
    ring = [[winding * longitude, pole * 80.0] for longitude in (-135, -45, 45, 135, -135)]
    cut, notices = drawn_cut(polygon(ring))
    assert shapely.equals(cut, shapely.box(-180, min(pole * 80, pole * 90), 180, max(pole * 80, pole * 90)))
    assert notices == (Notice("geometry", "crosses the antimeridian; cut there into 1 part"),)


@pytest.mark.parametrize("winding", [1, -1])
def test_an_orbit_over_both_poles_is_the_swath_and_not_the_rest_of_the_globe(winding: int) -> None:
    # As Sentinel-5P: a strip of 40 degrees on the day side, and at its ends the ground around each pole.
    north = [[20, 70], [100, 80], [170, 82], [-170, 82], [-100, 80], [-20, 70]]
    ring = north + [[longitude, -latitude] for longitude, latitude in reversed(north)]
    cut, _ = drawn_cut(polygon([*ring, ring[0]][::winding]))
    assert cut.area == pytest.approx(14840)
    assert shapely.covers(cut, shapely.MultiPoint([(0, 0), (0, 90), (0, -90), (180, 85)]))
    assert not shapely.intersects(cut, shapely.Point(90, 0))


@pytest.mark.parametrize(
    "geometry",
    [
        polygon(box(-180, -90, 180, 90)),
        polygon(box(-180, -60, 180, 84)),
        polygon(box(-90, -10, 90, 10)),
        polygon([[-180, -90], [0, -90], [180, -90], [180, 90], [0, 90], [-180, 90], [-180, -90]]),
        {"type": "MultiPolygon", "coordinates": [[box(170, 0, 180, 10)], [box(-180, 0, -170, 10)]]},
        {"type": "MultiPoint", "coordinates": [[179, 0], [-179, 0]]},
    ],
)
def test_what_does_not_cross_the_antimeridian_stays_as_it_is(geometry: dict[str, Any]) -> None:
    assert mapping(drawn(geometry)) == mapping(shapely.geometry.shape(geometry))


def test_in_a_collection_what_crosses_is_cut() -> None:
    members = [polygon(box(170, 0, -170, 10)), {"type": "Point", "coordinates": [1, 2]}]
    cut, notices = drawn_cut({"type": "GeometryCollection", "geometries": members})
    assert cut.geom_type == "GeometryCollection"
    assert cut.area == pytest.approx(200)
    assert shapely.covers(cut, shapely.Point(1, 2))
    assert notices == (Notice("geometry", "crosses the antimeridian; cut there into 3 parts"),)


def test_a_crossing_that_cannot_be_cut_is_refused() -> None:
    with pytest.raises(FootprintInvalid, match=r"^a\.json: geometry: crosses the antimeridian and cannot be cut: "):
        footprint_of(polygon([[170, 0], [-170, 0], [170, 0], [-170, 0], [170, 0]]), source="a.json")


@pytest.mark.parametrize("box", [(-180, -60, 179.75, 60), (-179.75, -90, 180, 90), (-180, -90, 180, 90)])
def test_a_box_with_a_side_on_the_antimeridian_spans_the_globe(box: tuple[float, float, float, float]) -> None:
    drawn = shapely.geometry.mapping(shapely.box(*box))
    wkt, notices = footprint_of(drawn, source="x")
    assert notices == ()
    assert shapely.from_wkt(wkt).bounds == box

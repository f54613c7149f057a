"""Metres and square metres, asked as queries ask them."""

import math
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from graph_service.geosparql.ellipsoid import area_m2, distance_m
from graph_service.store.evaluation import results_of
from tests.queries.tables import rectangle_km2

WGS84 = Geod(ellps="WGS84")
SQUARE = "POLYGON ((9 45, 10 45, 10 46, 9 46, 9 45))"


def value(expression: str) -> Any:
    """Of an expression; texts in it that are WKT become literals."""
    solutions: Any = results_of(ox.Store(), f"SELECT ({expression} AS ?x) {{}}", ())
    found = next(iter(solutions))["x"]
    return None if found is None else found.value


def wkt(text: str) -> str:
    return f'"{text}"^^geo:wktLiteral'


def shape(text: str) -> Any:
    return shapely.from_wkt(text.rpartition("> ")[2])


def metres(one: str, other: str) -> float:
    found = value(f"geof:distance({wkt(one)}, {wkt(other)}, uom:metre)")
    assert found == value(f"geof:metricDistance({wkt(one)}, {wkt(other)})")
    return float(found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((10, 45), (10, 46), 111_141.55),
        ((10, 45), (11, 45), 78_846.33),
        ((179.5, 0), (-179.5, 0), 111_319.49),
        ((0, 0), (0, 0), 0),
    ],
)
def test_distance_between_points_is_geodesic(
    one: tuple[float, float], other: tuple[float, float], expected: float
) -> None:
    found = metres(*(f"POINT ({lon} {lat})" for lon, lat in (one, other)))
    assert found == pytest.approx(WGS84.inv(*one, *other)[2], abs=1e-6)
    assert found == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (SQUARE, "POINT (9.5 45.5)", 0),
        (SQUARE, "POINT (10 45.5)", 0),
        (SQUARE, "POINT (10.1 45)", WGS84.inv(10, 45, 10.1, 45)[2]),
        (SQUARE, "POINT (9.5 46.2)", WGS84.inv(9.5, 46, 9.5, 46.2)[2]),
        ("LINESTRING (179.9 -1, 179.9 1)", "POLYGON ((-179.9 -1, -179 -1, -179 1, -179.9 1, -179.9 -1))", 22_260.53),
        ("MULTIPOINT ((0 0), (9 60))", "LINESTRING (9.1 59, 9.1 61)", WGS84.inv(9, 60, 9.1, 60)[2]),
    ],
)
def test_distance_is_to_the_nearest_part(one: str, other: str, expected: float) -> None:
    assert metres(one, other) == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert metres(other, one) == pytest.approx(metres(one, other), rel=1e-9)


@given(
    st.tuples(st.floats(-180, 180), st.floats(-70, 70)),
    st.floats(0, 360),
    st.floats(100, 300_000),
    st.floats(0.01, 0.5),
)
def test_distance_to_an_outline_is_that_of_its_nearest_point(
    centre: tuple[float, float], azimuth: float, away: float, radius: float
) -> None:
    lon, lat, _ = WGS84.fwd(*centre, azimuth, away)
    outline = shapely.Point(centre).buffer(radius, quad_segs=3)
    if abs(lon - centre[0]) > 90 or shapely.intersects(outline, shapely.Point(lon, lat)):
        return
    around = shapely.get_coordinates(shapely.segmentize(outline.exterior, radius / 2000))
    sampled = float(
        np.min(WGS84.inv(around[:, 0], around[:, 1], np.full(len(around), lon), np.full(len(around), lat))[2])
    )
    assert distance_m(outline, shapely.Point(lon, lat)) == pytest.approx(sampled, rel=1e-3, abs=radius * 100)


@pytest.mark.parametrize(
    "box", [(9, 45, 10, 46), (9.01, 45.01, 9.02, 45.02), (-1, -1, 1, 1), (0, 80, 30, 85), (179, -60, 180, -59.5)]
)
def test_area_is_that_on_the_ellipsoid(box: tuple[float, float, float, float]) -> None:
    found = float(value(f"geof:metricArea({wkt(shapely.box(*box).wkt)})"))
    assert found == pytest.approx(rectangle_km2(*box) * 1e6, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "squares"),
    [
        ("POLYGON ((9 45, 9 46, 10 46, 10 45, 9 45))", 1),
        ("MULTIPOLYGON (((9 45, 10 45, 10 46, 9 46, 9 45)), ((19 45, 19 46, 20 46, 20 45, 19 45)))", 2),
        (f"GEOMETRYCOLLECTION ({SQUARE}, POINT (0 0), GEOMETRYCOLLECTION ({SQUARE}))", 2),
        ("POINT (9 45)", 0),
        ("LINESTRING (9 45, 10 45)", 0),
        ("POLYGON EMPTY", 0),
    ],
)
def test_area_is_of_the_polygons_whichever_way_they_turn(text: str, squares: int) -> None:
    found = float(value(f"geof:metricArea({wkt(text)})"))
    assert found == pytest.approx(squares * rectangle_km2(9, 45, 10, 46) * 1e6, rel=1e-6)


@pytest.mark.parametrize(
    "hole", ["9 45.2, 10 45.2, 10 45.7, 9 45.7, 9 45.2", "9 45.2, 9 45.7, 10 45.7, 10 45.2, 9 45.2"]
)
def test_area_is_without_the_holes_whichever_way_they_turn(hole: str) -> None:
    found = float(value(f"geof:metricArea({wkt(f'POLYGON ((8 45, 11 45, 11 46, 8 46, 8 45), ({hole}))')})"))
    assert found == pytest.approx((rectangle_km2(8, 45, 11, 46) - rectangle_km2(9, 45.2, 10, 45.7)) * 1e6, rel=1e-6)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("POLYGON ((9.5 44, 11 44, 11 47, 9.5 47, 9.5 44))", "POLYGON ((9.5 45, 10 45, 10 46, 9.5 46, 9.5 45))"),
        ("LINESTRING (8 45.5, 11 45.5)", "LINESTRING (9 45.5, 10 45.5)"),
        ("GEOMETRYCOLLECTION (POINT (9.5 45.5), POINT (0 0))", "POINT (9.5 45.5)"),
        ("POINT (0 0)", "POINT EMPTY"),
        ("POLYGON ((10 45, 11 45, 11 46, 10 46, 10 45))", "LINESTRING (10 45, 10 46)"),
    ],
)
def test_intersection_is_of_any_kinds_of_geometry(other: str, expected: str) -> None:
    found = value(f"geof:intersection({wkt(SQUARE)}, {wkt(other)})")
    assert found.startswith("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> ")
    assert shapely.equals(shape(found), shapely.from_wkt(expected))


def test_an_outline_that_crosses_itself_has_its_area() -> None:
    bow_tie = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
    found = value(f"geof:metricArea(geof:intersection({wkt(bow_tie)}, {wkt('POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')}))")
    assert float(found) == pytest.approx(rectangle_km2(0, 0, 2, 2) * 1e6 / 2, rel=1e-3)


def union(*outlines: str) -> Any:
    listed = " ".join(wkt(outline) if "(" in outline else outline for outline in outlines)
    solutions: Any = results_of(ox.Store(), f"SELECT (geof:aggUnion(?g) AS ?x) {{ VALUES ?g {{ {listed} }} }}", ())
    found = next(iter(solutions))["x"]
    return None if found is None else shape(found.value)


def test_union_counts_what_several_cover_once() -> None:
    found = union(SQUARE, SQUARE, "POLYGON ((9.5 45, 10.5 45, 10.5 46, 9.5 46, 9.5 45))")
    assert area_m2(found) == pytest.approx(rectangle_km2(9, 45, 10.5, 46) * 1e6, rel=1e-6)


def test_union_of_nothing_is_empty_and_of_what_cannot_be_read_is_none() -> None:
    assert union().is_empty
    assert union(SQUARE, "nowhere (") is None
    assert union(SQUARE, "UNDEF") is None


CANNOT = [
    'geof:metricArea("POINT (9 45)")',
    'geof:metricArea("nowhere"^^geo:wktLiteral)',
    'geof:metricArea("<http://www.opengis.net/def/crs/EPSG/0/0> POINT (45 9)"^^geo:wktLiteral)',
    f"geof:metricDistance({wkt('POINT EMPTY')}, {wkt('POINT (0 0)')})",
    f"geof:distance({wkt('POINT (0 0)')}, {wkt('POINT (0 1)')}, uom:unity)",
    f"geof:intersection({wkt(SQUARE)}, orr:Scene)",
]


@pytest.mark.parametrize("expression", CANNOT)
def test_what_cannot_be_measured_is_unbound(expression: str) -> None:
    assert value(expression) is None


def test_sides_of_the_sphere_are_far_apart() -> None:
    assert metres("POINT (0 0)", "POINT (180 0)") == pytest.approx(math.pi * 6_356_752, rel=0.01)

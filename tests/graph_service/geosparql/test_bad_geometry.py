"""Geometries that are wrong, degenerate or out of place are refused or answered, and soon."""

import math
import random
import time

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.ellipsoid import distance_m
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.literals import read
from graph_service.geosparql.mending import mended
from ontology import terms
from tests.graph_service.geosparql.asking import EPSG, literal, value

GML = 'xmlns:gml="http://www.opengis.net/gml/3.2"'
SOON_S = 5.0
"""Of what takes a tenth of a second; without a limit it took minutes."""
WRONG = [
    (f"<gml:Envelope {GML}><gml:lowerCorner>1</gml:lowerCorner><gml:upperCorner>2</gml:upperCorner>"
     "</gml:Envelope>", "gml"),
    (f"<gml:Envelope {GML}><gml:lowerCorner>1 1</gml:lowerCorner></gml:Envelope>", "gml"),
    (f"<gml:Box {GML}><gml:coordinates>1,1 2,2 3,3</gml:coordinates></gml:Box>", "gml"),
    (f"<gml:MultiPoint {GML}><gml:pointMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString>"
     "</gml:pointMember></gml:MultiPoint>", "gml"),
    (f"<gml:MultiCurve {GML}><gml:curveMember><gml:Point><gml:pos>1 1</gml:pos></gml:Point></gml:curveMember>"
     "</gml:MultiCurve>", "gml"),
    (f"<gml:Polygon {GML}><gml:exterior/></gml:Polygon>", "gml"),
    (f'<gml:LineString {GML}><gml:posList srsDimension="0">1 2 3</gml:posList></gml:LineString>', "gml"),
    (f"<gml:Point {GML}><gml:coordinates cs='' ts='' decimal=''>1,1</gml:coordinates></gml:Point>", "gml"),
    (f"<gml:Point {GML} srsName=''><gml:pos>1 1</gml:pos></gml:Point>", "gml"),
    ("<MultiGeometry>" * 50_000, "kml"),
    ("<Polygon><outerBoundaryIs/></Polygon>", "kml"),
    ('{"type": ["Point"]}', "geoJSON"),
    ('{"type": {"a": 1}}', "geoJSON"),
    ('{"type": "GeometryCollection", "geometries": [null]}', "geoJSON"),
    ('{"type": "Point", "coordinates": ' + "[" * 50_000, "geoJSON"),
    ("POLYGON " + "(" * 50_000, "wkt"),
    ("TIN " * 50_000, "wkt"),
    ("POINT (1 1)\x00", "wkt"),
    ("\ud800", "wkt"),
    ("<> POINT (1 1)", "wkt"),
    (f"<{EPSG}5714> POINT (1 1)", "wkt"),
]  # fmt: skip
STRANGE = [
    "POINT EMPTY",
    "GEOMETRYCOLLECTION EMPTY",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), EMPTY)",
    "LINESTRING (1 1, 1 1)",
    "POLYGON ((0 0, 0 0, 0 0, 0 0))",
    "POLYGON ((0 0, 1 1, 2 2, 0 0))",
    "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))",
    "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 5 1, 5 2, 1 2, 1 1))",
    "POINT (1000 1000)",
    f"<{EPSG}4326> POINT (91 181)",
    f"<{EPSG}32632> POINT (9000000 9000000)",
    f"<{EPSG}3857> POLYGON ((0 0, 10000000 0, 10000000 10000000, 0 0))",
    "GEOMETRYCOLLECTION (" * 900 + "POINT (1 1)" + ")" * 900,
]


@pytest.mark.parametrize(("lexical", "kind"), WRONG, ids=[f"{kind} {text[:30]!a}" for text, kind in WRONG])
def test_it_is_refused_as_no_geometry(lexical: str, kind: str) -> None:
    with pytest.raises(GeometryUnreadable):
        read(lexical, f"{terms.GEO}{kind}Literal")


@pytest.mark.parametrize("name", ["sfIntersects", "sfEquals", "sfDisjoint", "rcc8po", "union", "metricDistance"])
@pytest.mark.parametrize("text", STRANGE, ids=[text[:40] for text in STRANGE])
def test_a_function_of_it_is_a_value_or_an_error_of_the_row(name: str, text: str) -> None:
    other = literal("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0))")
    asked = f"COALESCE(STR(geof:{name}({literal(text)}, {other})), 'none')"
    assert value(asked) is not None


def scribble(corners: int) -> shapely.Polygon:
    choose = random.Random(5)
    return shapely.Polygon([(choose.random(), choose.random()) for _ in range(corners)])


def test_an_outline_with_countless_crossings_is_refused_soon() -> None:
    began = time.monotonic()
    with pytest.raises(GeometryUnreadable, match="cross each other too often"):
        mended(scribble(3_000))
    assert time.monotonic() - began < SOON_S


def test_an_outline_with_some_crossings_is_mended_soon() -> None:
    began = time.monotonic()
    assert shapely.is_valid(mended(scribble(200)))
    assert time.monotonic() - began < SOON_S


def test_one_crossing_among_a_hundred_thousand_corners_is_mended() -> None:
    turns = [2 * math.pi * k / 100_000 for k in range(100_000)]
    places = [(math.cos(turn), math.sin(turn)) for turn in turns]
    places[10], places[11] = places[11], places[10]
    assert mended(shapely.Polygon(places)).area == pytest.approx(math.pi, rel=1e-6)


def test_what_is_enclosed_twice_is_enclosed() -> None:
    twice = shapely.from_wkt("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))")
    assert mended(twice).area == 7


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (shapely.box(0, 50, 1, 52), shapely.box(1.2, 50.5, 2, 53), 13_735.60),
        (shapely.box(0, -52, 1, -50), shapely.box(1.2, -53, 2, -50.5), 13_735.60),
        (shapely.box(-83.5, 34.2, -83.3, 34.4), shapely.box(-83.2, 34.3, -83.0, 34.5), 9_194.95),
        (shapely.LineString([(0, 40), (3, 43)]), shapely.LineString([(0.3, 40), (3.3, 43)]), 19_731.55),
    ],
)
def test_edges_side_by_side_are_nearest_where_a_degree_is_shortest(
    one: BaseGeometry, other: BaseGeometry, metres: float
) -> None:
    assert distance_m(one, other) == pytest.approx(metres, rel=1e-3)
    assert distance_m(other, one) == pytest.approx(metres, rel=1e-3)

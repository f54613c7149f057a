import json
from typing import Any

import pyoxigraph as ox
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from graph_service.errors import NotAcceptable
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.store.evaluation import results_of
from graph_service.store.results import written
from graph_service.views.geojson import feature_collection

CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


def results(query: str) -> Any:
    """Answer of a query over nothing, as JSON has it."""
    return json.loads(bytes(written(results_of(ox.Store(), query, ()), "application/json", longest=99_999)))


def features(query: str) -> list[dict[str, Any]]:
    collection = json.loads(feature_collection(results(query)))
    assert collection.keys() == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    for one in collection["features"]:
        assert one.keys() == {"type", "geometry", "properties"}
        assert one["type"] == "Feature"
    return list(collection["features"])


def geometry_of(wkt: str) -> Any:
    return features(f'SELECT ?g {{ VALUES ?g {{ "{wkt}"^^geo:wktLiteral }} }}')[0]["geometry"]


def test_every_solution_is_a_feature_in_their_order() -> None:
    found = features('SELECT * { VALUES (?n ?g) { (2 "POINT (9 45)"^^geo:wktLiteral) (1 UNDEF) } }')
    assert found == [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [9, 45]}, "properties": {"n": 2}},
        {"type": "Feature", "geometry": None, "properties": {"n": 1}},
    ]


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("7", 7),
        ('"-7"^^xsd:long', -7),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ('"0"^^xsd:boolean', False),
        ('"NaN"^^xsd:double', "NaN"),
        ('"INF"^^xsd:double', "INF"),
        ('"many"^^xsd:integer', "many"),
        ('"2025-10-20T10:00:00Z"^^xsd:dateTime', "2025-10-20T10:00:00Z"),
        ('"Gerste"@de', "Gerste"),
        ('"07"', "07"),
        ("orr:Scene", "https://w3id.org/orrery/ontology#Scene"),
        ("UNDEF", None),
    ],
)
def test_other_columns_are_properties_with_their_types(term: str, value: object) -> None:
    (found,) = features(f'SELECT * {{ VALUES (?p ?g) {{ ({term} "POINT (9 45)"^^geo:wktLiteral) }} }}')
    assert found["properties"] == {"p": value}
    assert type(found["properties"]["p"]) is type(value)


def test_the_first_column_with_a_geometry_is_drawn() -> None:
    query = """SELECT ?name ?empty ?first ?second { BIND("x" AS ?name)
        BIND("POINT (1 2)"^^geo:wktLiteral AS ?first) BIND("POINT (3 4)"^^geo:wktLiteral AS ?second) }"""
    (found,) = features(query)
    assert found["geometry"]["coordinates"] == [1, 2]
    assert found["properties"] == {"name": "x", "empty": None, "second": "POINT (3 4)"}


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (9 45)", "LINESTRING (0 0, 1 1)", "MULTIPOINT ((0 0), (1 1))",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
        "POINT Z (9 45 100)", "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
        "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
        "MULTIPOLYGON (((0 0, 0 4, 4 4, 4 0, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "GEOMETRYCOLLECTION (POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0)), POINT (1 1))",
    ],
)  # fmt: skip
@pytest.mark.parametrize("crs", ["", f"{CRS84} "])
def test_a_geometry_is_the_same_with_rings_that_follow_the_right_hand(wkt: str, crs: str) -> None:
    found = shape(geometry_of(crs + wkt))
    assert found.geom_type == shapely.from_wkt(wkt).geom_type
    assert shapely.normalize(found) == shapely.normalize(shapely.from_wkt(wkt))
    for polygon in (part for part in shapely.get_parts(found) if part.geom_type == "Polygon"):
        assert shapely.is_ccw(polygon.exterior)
        assert not any(shapely.is_ccw(ring) for ring in polygon.interiors)


@pytest.mark.parametrize(
    "literal",
    [
        '"<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (45 9)"^^geo:wktLiteral',
        '"<gml:Point><gml:pos>9 45</gml:pos></gml:Point>"^^geo:gmlLiteral',
    ],
)
def test_a_geometry_of_any_kind_in_any_reference_system_is_brought_to_crs84(literal: str) -> None:
    (found,) = features(f"SELECT ?g {{ VALUES ?g {{ {literal} }} }}")
    assert found["geometry"] == {"type": "Point", "coordinates": [9, 45]}


def test_a_closed_line_is_one_that_geojson_knows() -> None:
    assert geometry_of("LINEARRING (0 0, 1 0, 1 1, 0 0)")["type"] == "LineString"


@pytest.mark.parametrize("wkt", ["POINT EMPTY", "POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"])
def test_an_empty_geometry_is_none(wkt: str) -> None:
    assert geometry_of(wkt) is None


def test_no_solutions_are_no_features() -> None:
    assert features("SELECT ?x { VALUES ?x {} }") == []


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        (
            "SELECT ?name { VALUES ?name { 1 } }",
            "needs a column of geo:wktLiteral or another geometry literal; there are name",
        ),
        ("ASK {}", "ASK has none"),
        (
            'SELECT ?g { BIND("<http://www.opengis.net/def/crs/EPSG/0/0> POINT (45 9)"^^geo:wktLiteral AS ?g) }',
            "no reference system <http://www.opengis.net/def/crs/EPSG/0/0>",
        ),
        ('SELECT ?g { BIND("nowhere"^^geo:wktLiteral AS ?g) }', "'nowhere' is no WKT"),
    ],
)
def test_what_cannot_be_drawn_is_refused(query: str, fault: str) -> None:
    with pytest.raises(NotAcceptable, match=fault):
        feature_collection(results(query))


def test_a_long_literal_is_cut_in_the_message() -> None:
    with pytest.raises(GeometryUnreadable) as refusal:
        geometry_of("nowhere " * 1000)
    assert len(str(refusal.value)) < 300


@given(st.tuples(st.floats(-180, 180), st.floats(-90, 90)))
def test_coordinates_are_kept_to_the_last_digit(place: tuple[float, float]) -> None:
    lon, lat = place
    assert geometry_of(f"POINT ({lon!r} {lat!r})")["coordinates"] == [lon, lat]

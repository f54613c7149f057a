"""Literals of every kind, as they are read and written."""

import math
import re

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.literals import read, shape_in_crs84
from ontology import terms
from tests.graph_service.geosparql.asking import CRS84, EPSG, literal, same, shape, term, value

MORETON = (
    "153.3610112 -27.0621757,153.3658177 -27.1990606,153.421436 -27.3406573,153.4269292 -27.3607835,"
    "153.4434087 -27.3315078,153.4183848 -27.2913403,153.4189391 -27.2039578,153.4673476 -27.0267166,"
    "153.3610112 -27.0621757"
)
"""The island of annex C of the standard, longitude first."""
_PAIRS = [pair.split() for pair in MORETON.split(",")]
_LATITUDE_FIRST = " ".join(f"{lat} {lon}" for lon, lat in _PAIRS)

OF_THE_STANDARD = {
    "wkt": f"<{EPSG}4326>\n   POLYGON ((\n   {', '.join(f'{lat} {lon}' for lon, lat in _PAIRS)}\n  ))",
    "gml": f'<gml:Polygon srsName="{EPSG}4326"><gml:exterior><gml:LinearRing><gml:posList>\n{_LATITUDE_FIRST}'
    "\n</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
    "kml": "<Polygon><outerBoundaryIs><LinearRing><coordinates>\n"
    + "\n".join(f"{lon},{lat}" for lon, lat in _PAIRS)
    + "\n</coordinates></LinearRing></outerBoundaryIs></Polygon>",
    "geoJSON": f'{{"type": "Polygon", "coordinates": [[{", ".join(f"[{lon}, {lat}]" for lon, lat in _PAIRS)}]]}}',
}


def of(lexical: str, kind: str) -> shapely.geometry.base.BaseGeometry:
    return shape_in_crs84(lexical, f"{terms.GEO}{kind}Literal")


@pytest.mark.parametrize("kind", OF_THE_STANDARD)
def test_the_example_of_the_standard_is_the_same_island_in_every_serialisation(kind: str) -> None:
    assert same(of(OF_THE_STANDARD[kind], kind), shapely.from_wkt(f"POLYGON (({MORETON}))"))


@pytest.mark.parametrize("kind", OF_THE_STANDARD)
@pytest.mark.parametrize("function", ["asWKT", "asGML", "asKML", "asGeoJSON"])
def test_every_serialisation_becomes_every_other(kind: str, function: str) -> None:
    found = term(f"geof:{function}({literal(OF_THE_STANDARD[kind], kind)})")
    assert found is not None
    assert (
        found.datatype.value
        == f"{terms.GEO}{function[2:].replace('Geo', 'geo') if 'Geo' in function else function[2:].lower()}Literal"
    )
    assert same(shape_in_crs84(found.value, found.datatype.value), shapely.from_wkt(f"POLYGON (({MORETON}))"))


@pytest.mark.parametrize("kind", ["wkt", "gml", "geoJSON", "kml"])
def test_an_empty_literal_is_an_empty_geometry(kind: str) -> None:
    assert of("", kind).is_empty
    assert value(f"geof:isEmpty({literal('', kind)})") == "true"
    assert value(f"geof:sfEquals({literal('', kind)}, {literal('POINT EMPTY')})") == "true"


@pytest.mark.parametrize(
    "lexical",
    ["<gml:Point><gml:pos/></gml:Point>", "<gml:LineString><gml:posList></gml:posList></gml:LineString>"],
)
def test_gml_without_places_is_empty(lexical: str) -> None:
    assert of(lexical, "gml").is_empty


POINT, LINE = "POINT (1 2)", "LINESTRING (1 2, 3 4, 5 7)"
SQUARE = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"
RING = "<LinearRing><coordinates>0,0 4,0 4,4 0,4 0,0</coordinates></LinearRing>"
GML_RING = "<gml:LinearRing><gml:posList>0 0 4 0 4 4 0 4 0 0</gml:posList></gml:LinearRing>"
GML_SQUARE = f"<gml:Polygon><gml:exterior>{GML_RING}</gml:exterior></gml:Polygon>"
SEGMENTS = (
    "<gml:LineStringSegment><gml:posList>1 2 3 4</gml:posList></gml:LineStringSegment>"
    "<gml:LineStringSegment><gml:pos>3 4</gml:pos><gml:pos>5 7</gml:pos></gml:LineStringSegment>"
)
PATCH = f"<gml:PolygonPatch><gml:exterior>{GML_RING}</gml:exterior></gml:PolygonPatch>"

GML = [
    ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>", POINT),
    ('<gml:Point xmlns:gml="http://www.opengis.net/ont/gml"><gml:pos>1 2</gml:pos></gml:Point>', POINT),
    ('<Point xmlns="http://www.opengis.net/gml/3.2"><pos>1 2</pos></Point>', POINT),
    (
        '<?xml version="1.0"?><gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>1 2</gml:pos></gml:Point>',
        POINT,
    ),
    ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", POINT),
    ('<gml:Point><gml:coordinates decimal="," cs=";">1,0;2,0</gml:coordinates></gml:Point>', POINT),
    ("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>", POINT),
    ('<gml:Point srsDimension="3"><gml:pos>1 2 3</gml:pos></gml:Point>', "POINT Z (1 2 3)"),
    ("<gml:LineString><gml:posList>1 2 3 4 5 7</gml:posList></gml:LineString>", LINE),
    (
        '<gml:LineString srsDimension="3"><gml:posList>1 2 3 3 4 5</gml:posList></gml:LineString>',
        "LINESTRING Z (1 2 3, 3 4 5)",
    ),
    (
        "<gml:LineString><gml:pos>1 2</gml:pos><!-- a --><gml:pos>3 4</gml:pos><gml:pos>5 7</gml:pos></gml:LineString>",
        LINE,
    ),
    (f"<gml:Curve><gml:segments>{SEGMENTS}</gml:segments></gml:Curve>", LINE),
    (
        '<gml:OrientableCurve orientation="-"><gml:baseCurve><gml:LineString><gml:posList>5 7 3 4 1 2</gml:posList>'
        "</gml:LineString></gml:baseCurve></gml:OrientableCurve>",
        LINE,
    ),
    (
        f"<gml:LinearRing>{'<gml:posList>0 0 4 0 4 4 0 0</gml:posList>'}</gml:LinearRing>",
        "LINEARRING (0 0, 4 0, 4 4, 0 0)",
    ),
    (GML_SQUARE, SQUARE),
    (f"<gml:Polygon><gml:outerBoundaryIs>{GML_RING}</gml:outerBoundaryIs></gml:Polygon>", SQUARE),
    (
        "<gml:Polygon><gml:exterior>"
        + GML_RING
        + "</gml:exterior><gml:interior><gml:LinearRing><gml:posList>1 1 2 1 2 2 1 1"
        "</gml:posList></gml:LinearRing></gml:interior></gml:Polygon>",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
    ),
    (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString><gml:posList>0 0 4 0 4 4</gml:posList>"
        "</gml:LineString></gml:curveMember><gml:curveMember><gml:LineString><gml:posList>4 4 0 4 0 0</gml:posList>"
        "</gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>",
        SQUARE,
    ),
    (f"<gml:Surface><gml:patches>{PATCH}</gml:patches></gml:Surface>", SQUARE),
    (
        "<gml:Envelope><gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>4 4</gml:upperCorner></gml:Envelope>",
        SQUARE,
    ),
    ("<gml:Box><gml:coordinates>0,0 4,4</gml:coordinates></gml:Box>", SQUARE),
    (
        "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember>"
        "<gml:pointMembers><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>",
        "MULTIPOINT (1 2, 3 4)",
    ),
    (
        "<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString>"
        "</gml:curveMember></gml:MultiCurve>",
        "MULTILINESTRING ((1 2, 3 4))",
    ),
    (
        f"<gml:MultiSurface><gml:surfaceMember>{GML_SQUARE}</gml:surfaceMember></gml:MultiSurface>",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)))",
    ),
    (
        f"<gml:MultiPolygon><gml:polygonMember>{GML_SQUARE}</gml:polygonMember></gml:MultiPolygon>",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)))",
    ),
    (
        f"<gml:MultiGeometry><gml:geometryMember>{GML_SQUARE}</gml:geometryMember><gml:geometryMember><gml:Point>"
        "<gml:pos>1 2</gml:pos></gml:Point></gml:geometryMember></gml:MultiGeometry>",
        f"GEOMETRYCOLLECTION ({SQUARE}, POINT (1 2))",
    ),
]


@pytest.mark.parametrize(("lexical", "expected"), GML)
def test_gml_is_read(lexical: str, expected: str) -> None:
    assert same(of(lexical, "gml"), shapely.from_wkt(expected))


@pytest.mark.parametrize(
    ("lexical", "expected"),
    [
        ("<Point><coordinates>1,2</coordinates></Point>", POINT),
        ('<Point xmlns="http://www.opengis.net/kml/2.2"><coordinates>1,2,3</coordinates></Point>', "POINT Z (1 2 3)"),
        ("<kml:Point><kml:coordinates> 1,2 </kml:coordinates></kml:Point>", POINT),
        ("<LineString><extrude>1</extrude><coordinates>1,2 3,4\n5,7</coordinates></LineString>", LINE),
        (f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>", SQUARE),
        (
            "<MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4</coordinates></Point>"
            "</MultiGeometry>",
            "MULTIPOINT (1 2, 3 4)",
        ),
    ],
)
def test_kml_is_read(lexical: str, expected: str) -> None:
    assert same(of(lexical, "kml"), shapely.from_wkt(expected))


@pytest.mark.parametrize(
    ("lexical", "expected"),
    [
        ("Point(-83.38 33.95)", "POINT (-83.38 33.95)"),
        (f" \n<{CRS84}>POINT(1 2)", POINT),
        (f"<{CRS84}>\n\tpoint z (1 2 3)", "POINT Z (1 2 3)"),
        ("TRIANGLE ((0 0, 4 0, 4 4, 0 0))", "POLYGON ((0 0, 4 0, 4 4, 0 0))"),
        ("TIN (((0 0, 4 0, 4 4, 0 0)))", "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))"),
        ("PolyhedralSurface Z (((0 0 1, 4 0 1, 4 4 1, 0 0 1)))", "MULTIPOLYGON Z (((0 0 1, 4 0 1, 4 4 1, 0 0 1)))"),
        ("MULTICURVE ((1 2, 3 4))", "MULTILINESTRING ((1 2, 3 4))"),
        ("GEOMETRYCOLLECTION (TRIANGLE ((0 0, 4 0, 4 4, 0 0)))", "GEOMETRYCOLLECTION (POLYGON ((0 0, 4 0, 4 4, 0 0)))"),
    ],
)
def test_wkt_is_read(lexical: str, expected: str) -> None:
    assert same(of(lexical, "wkt"), shapely.from_wkt(expected))


UNREADABLE = [
    ("nowhere", "wkt"),
    ("POINT (1)", "wkt"),
    ("POINT (1 2) x", "wkt"),
    ("POLYGON ((0 0, 1 0, 1 1))", "wkt"),
    ("POINT (nan 1)", "wkt"),
    ("POINT (1e400 1)", "wkt"),
    ("POINT (inf 1)", "wkt"),
    ("<http://x POINT (1 2)", "wkt"),
    ("<http://example.org/crs> POINT (1 2)", "wkt"),
    (f"<{EPSG}99999> POINT (1 2)", "wkt"),
    ("</etc/passwd> POINT (1 2)", "wkt"),
    ("<+proj=longlat> POINT (1 2)", "wkt"),
    ("CIRCULARSTRING (0 0, 1 1, 2 0)", "wkt"),
    ("GEOMETRYCOLLECTION (" * 200_000, "wkt"),
    ("GEOMETRYCOLLECTION (" * 200_000 + "POINT (1 1)" + ")" * 200_000, "wkt"),
    ("<gml:Point><gml:pos>1</gml:pos></gml:Point>", "gml"),
    ("<gml:Point><gml:pos>1 a</gml:pos></gml:Point>", "gml"),
    ("<gml:Point><gml:pos>1 NaN</gml:pos></gml:Point>", "gml"),
    ("<gml:Point/>", "gml"),
    ("<gml:Point>", "gml"),
    ("<other:Point/>", "gml"),
    ("text", "gml"),
    ("<gml:Solid/>", "gml"),
    ("<gml:Polygon/>", "gml"),
    (
        "<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve>",
        "gml",
    ),
    (
        '<gml:MultiPoint srsName="EPSG:4326"><gml:pointMember><gml:Point srsName="EPSG:3857"><gml:pos>1 2</gml:pos>'
        "</gml:Point></gml:pointMember></gml:MultiPoint>",
        "gml",
    ),
    ('<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><Point><pos>1 2</pos></Point>', "gml"),
    ("<gml:MultiGeometry><gml:geometryMember>" * 5000, "gml"),
    ('<gml:LineString srsDimension="4"><gml:posList>1 2 3 4 5 6 7 8</gml:posList></gml:LineString>', "gml"),
    ("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>", "gml"),
    ("<Point/>", "kml"),
    ("<Point><coordinates>1</coordinates></Point>", "kml"),
    ("<Placemark/>", "kml"),
    ("<LineString><coordinates>1,2 3,4,5</coordinates></LineString>", "kml"),
    ("{}", "geoJSON"),
    ("[1, 2]", "geoJSON"),
    ("{", "geoJSON"),
    ('{"type": "Point"}', "geoJSON"),
    ('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {}}', "geoJSON"),
    ('{"type": "Point", "coordinates": ["a", 2]}', "geoJSON"),
    ('{"type":"GeometryCollection","geometries":[' * 5000 + "]}" * 5000, "geoJSON"),
    ("CELL (R3234)", "dggs"),
    ("POINT (1 2)", "other"),
]


@pytest.mark.parametrize(("lexical", "kind"), UNREADABLE, ids=[f"{kind} {text[:40]}" for text, kind in UNREADABLE])
def test_what_is_no_geometry_is_refused_and_leaves_its_row_unbound(lexical: str, kind: str) -> None:
    with pytest.raises(GeometryUnreadable):
        of(lexical, kind)
    if len(lexical) < 1000:
        assert value(f"geof:isEmpty({literal(lexical, kind)})") is None


def test_cells_of_a_grid_are_refused_by_name() -> None:
    with pytest.raises(GeometryUnreadable, match="discrete global grid"):
        read("<https://w3id.org/dggs/auspix> CELL (R3234)", terms.GEO + "dggsLiteral")
    assert value(f"geof:asDGGS({literal(POINT)}, geo:auspixDggsLiteral)") is None


@pytest.mark.parametrize(
    ("text", "flat", "measured", "coordinates"),
    [("POINT (1 2)", True, False, 2), ("POINT Z (1 2 3)", False, False, 3), ("POINT M (1 2 3)", True, True, 3),
     ("POINT ZM (1 2 3 4)", False, True, 4), ("LINESTRING ZM (1 2 3 4, 5 6 7 8)", False, True, 4)],
)  # fmt: skip
@pytest.mark.parametrize("crs", [CRS84, EPSG + "4326"])
def test_height_and_measure_are_told(text: str, flat: bool, measured: bool, coordinates: int, crs: str) -> None:
    given = literal(text, crs=crs)
    assert value(f"geof:is3D({given})") == str(not flat).lower()
    assert value(f"geof:isMeasured({given})") == str(measured).lower()
    assert value(f"geof:coordinateDimension({given})") == str(coordinates)
    assert value(f"geof:spatialDimension({given})") == ("2" if flat else "3")


@pytest.mark.parametrize(
    ("profile", "namespace"),
    [("GML 3.2", "http://www.opengis.net/gml/3.2"), ("GML_3_1_1", "http://www.opengis.net/gml"),
     ("http://www.opengis.net/def/profile/ogc/2.0/gml-sf0", "http://www.opengis.net/gml/3.2"), ("GML 2.1.2", None)],
)  # fmt: skip
def test_gml_is_written_in_the_version_that_is_asked_for(profile: str, namespace: str | None) -> None:
    found = value(f'geof:asGML({literal(POINT)}, "{profile}")')
    assert (found is None) if namespace is None else (found is not None and f'"{namespace}"' in found)


LON, LAT = st.floats(-179, 179).map(lambda x: round(x, 6) + 0.0), st.floats(-85, 85).map(lambda y: round(y, 6) + 0.0)
PLACES = st.tuples(LON, LAT)
BOXES = st.tuples(LON, LAT, st.floats(0.01, 1), st.floats(0.01, 1)).map(
    lambda b: shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)
SHAPES = st.one_of(
    PLACES.map(shapely.Point),
    st.lists(PLACES, min_size=2, max_size=6, unique=True).map(shapely.LineString),
    BOXES,
    st.lists(PLACES, min_size=2, max_size=4).map(shapely.MultiPoint),
    st.lists(BOXES, min_size=2, max_size=3).map(shapely.MultiPolygon),
    st.lists(st.one_of(PLACES.map(shapely.Point), BOXES), min_size=2, max_size=4)
    .filter(lambda parts: len({p.geom_type for p in parts}) > 1)
    .map(shapely.GeometryCollection),
)


@given(SHAPES, st.sampled_from(["GML", "KML", "GeoJSON"]))
def test_a_shape_survives_every_serialisation(found: shapely.Geometry, kind: str) -> None:
    text = shapely.to_wkt(found, rounding_precision=-1)
    back = shape(f"geof:asWKT(geof:as{kind}({literal(text)}))")
    assert same(back, found, within=1e-12)


@given(SHAPES)
def test_a_shape_survives_the_other_order_of_axes(found: shapely.Geometry) -> None:
    text = shapely.to_wkt(found, rounding_precision=-1)
    there = term(f"geof:asGML(geof:transform({literal(text)}, <{EPSG}4326>))")
    assert there is not None
    place = re.search(r">([-0-9.e]+) ([-0-9.e]+)", there.value)
    assert place is not None
    lon, lat = shapely.get_coordinates(found)[0].tolist()
    assert [float(place[1]), float(place[2])] == pytest.approx([lat, lon], abs=1e-12)
    assert same(shape_in_crs84(there.value, there.datatype.value), found, within=1e-9)


def test_a_polygon_of_a_hundred_thousand_vertices_is_read_in_every_serialisation() -> None:
    circle = shapely.Point(9, 45).buffer(1, quad_segs=25_000)
    text = literal(shapely.to_wkt(circle, rounding_precision=-1))
    for kind in ("GML", "KML", "GeoJSON"):
        assert value(f"geof:sfContains(geof:as{kind}({text}), {literal('POINT (9 45.5)')})") == "true"
    degrees = value(f"geof:area({text}, uom:degree)")
    assert degrees is not None
    assert float(degrees) == pytest.approx(math.pi, rel=1e-6)

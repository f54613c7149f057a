"""The functions that are no relations, each by what it gives in several kinds of literal and reference system."""

from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
import shapely
from pyproj import Geod, Transformer

from graph_service.geosparql.functions import AGGREGATES, FUNCTIONS
from graph_service.geosparql.literals import shape_in_crs84
from graph_service.store.evaluation import results_of
from tests.graph_service.geosparql.asking import CRS84, EPSG, literal, same, shape, term, value

WGS84 = Geod(ellps="WGS84")
SQUARE = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"
OTHER = "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))"
UTM, LAEA, LATITUDE_FIRST = EPSG + "32632", EPSG + "3035", EPSG + "4326"
QUDT = "http://qudt.org/vocab/unit/"
ALL = [
    "sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps",
    "ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains", "rcc8eq",
    "rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi", "relate", "asWKT", "asGML",
    "asGeoJSON", "asKML", "asDGGS", "distance", "metricDistance", "buffer", "metricBuffer", "area", "metricArea",
    "length", "metricLength", "perimeter", "metricPerimeter", "boundary", "boundingCircle", "centroid",
    "concaveHull", "convexHull", "coordinateDimension", "difference", "dimension", "envelope", "geometryN",
    "geometryType", "getSRID", "intersection", "is3D", "isEmpty", "isMeasured", "isSimple", "maxX", "maxY", "maxZ",
    "minX", "minY", "minZ", "numGeometries", "spatialDimension", "symDifference", "transform", "union",
]  # fmt: skip


def test_every_function_of_the_standard_is_there() -> None:
    geof = "http://www.opengis.net/def/function/geosparql/"
    assert {geof + name for name in ALL} <= {function.value for function in FUNCTIONS}
    aggregates = ("BoundingBox", "BoundingCircle", "Centroid", "ConcaveHull", "ConvexHull", "Union")
    assert {f"{geof}agg{name}" for name in aggregates} <= {function.value for function in AGGREGATES}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("boundary({s})", "LINESTRING (0 0, 4 0, 4 4, 0 4, 0 0)"),
        ("centroid({s})", "POINT (2 2)"),
        ("convexHull({s})", SQUARE),
        ("concaveHull({s})", SQUARE),
        ("concaveHull({s}, 0.5)", SQUARE),
        ("concaveHull({s}, 99)", SQUARE),
        ("envelope({s})", SQUARE),
        ("intersection({s}, {o})", "POLYGON ((2 2, 4 2, 4 4, 2 4, 2 2))"),
        ("union({s}, {o})", "POLYGON ((0 0, 4 0, 4 2, 6 2, 6 6, 2 6, 2 4, 0 4, 0 0))"),
        ("difference({s}, {o})", "POLYGON ((0 0, 4 0, 4 2, 2 2, 2 4, 0 4, 0 0))"),
        (
            "symDifference({s}, {o})",
            "MULTIPOLYGON (((0 0, 4 0, 4 2, 2 2, 2 4, 0 4, 0 0)), ((4 2, 6 2, 6 6, 2 6, 2 4, 4 4, 4 2)))",
        ),
        ("geometryN({s}, 1)", SQUARE),
    ],
)
@pytest.mark.parametrize("kind", ["wktLiteral", "gmlLiteral", "kmlLiteral", "geoJSONLiteral"])
@pytest.mark.parametrize("crs", [CRS84, LATITUDE_FIRST])
def test_a_geometry_is_made_of_geometries(expression: str, expected: str, kind: str, crs: str) -> None:
    written = {"wktLiteral": "asWKT", "gmlLiteral": "asGML", "kmlLiteral": "asKML", "geoJSONLiteral": "asGeoJSON"}[kind]
    square = f"geof:{written}(geof:transform({literal(SQUARE)}, <{crs}>))"
    asked = "geof:" + expression.format(s=square, o=literal(OTHER))
    found = term(asked)
    assert found is not None
    assert found.datatype.value.endswith("#" + kind)
    simple = shapely.normalize(shapely.simplify(shape(asked), 0))
    assert same(simple, shapely.normalize(shapely.simplify(shapely.from_wkt(expected), 0)))
    if kind in ("wktLiteral", "gmlLiteral"):
        assert value(f"geof:getSRID({asked})") == crs


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dimension({})", ["0", "1", "2", "2", "0"]),
        ("numGeometries({})", ["1", "1", "1", "2", "0"]),
        ("isEmpty({})", ["false", "false", "false", "false", "true"]),
        ("isSimple({})", ["true", "true", "true", "true", "true"]),
        ("minX({})", ["1", "1", "0", "0", None]),
        ("maxX({})", ["1", "5", "4", "4", None]),
        ("minY({})", ["2", "2", "0", "0", None]),
        ("maxY({})", ["2", "7", "4", "4", None]),
        ("minZ({})", [None, "3", None, None, None]),
        ("maxZ({})", [None, "8", None, None, None]),
        ("spatialDimension({})", ["2", "3", "2", "2", "2"]),
        ("coordinateDimension({})", ["2", "3", "2", "2", "2"]),
        ("is3D({})", ["false", "true", "false", "false", "false"]),
    ],
)
@pytest.mark.parametrize("crs", [None, CRS84, LATITUDE_FIRST])
def test_a_geometry_has_numbers(expression: str, expected: list[str | None], crs: str | None) -> None:
    """Of X, longitude is meant, whichever axis the reference system has first."""
    texts = ["POINT (1 2)", "LINESTRING Z (1 2 3, 5 7 8)", SQUARE, f"GEOMETRYCOLLECTION (POINT (1 2), {SQUARE})"]
    given = [literal(text) for text in [*texts, "POINT EMPTY"]]
    if crs is not None:
        given = [f"geof:transform({one}, <{crs}>)" for one in given]
    assert [value("geof:" + expression.format(one)) for one in given] == expected


def test_the_example_of_the_standard_for_extremes() -> None:
    text = "Polygon Z((-83.4 34.0 0, -83.1 34.0 1, -83.1 34.2 1, -83.4 34.2 1, -83.4 34.0 0))"
    names = ("minX", "minY", "minZ", "maxX", "maxY", "maxZ")
    found = [float(value(f"geof:{name}({literal(text, crs=CRS84)})") or "nan") for name in names]
    assert found == [-83.4, 34.0, 0, -83.1, 34.2, 1]


@pytest.mark.parametrize(
    ("index", "expected"), [("1", "POINT (1 2)"), ("2", "POINT (3 4)"), ("0", None), ("3", None), ("1.5", None)]
)
def test_the_parts_of_a_collection_are_counted_from_one(index: str, expected: str | None) -> None:
    asked = f"geof:geometryN({literal('MULTIPOINT (1 2, 3 4)')}, {index})"
    assert value(asked) is None if expected is None else same(shape(asked), shapely.from_wkt(expected))


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (CRS84, (9, 45)),
        (LATITUDE_FIRST, (45, 9)),
        ("urn:ogc:def:crs:EPSG::4326", (45, 9)),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", (9, 45)),
        (UTM, (500000, 4982950.4002)),
        (LAEA, (2432561.7177, 4242019.0489)),
        (EPSG + "3857", (1001875.4171, 5621521.4862)),
        (EPSG + "0", None),
        ("http://example.org/", None),
    ],
)
def test_a_geometry_is_transformed_with_the_axes_that_the_authority_defines(
    iri: str, expected: tuple[float, float] | None
) -> None:
    found = value(f"geof:transform({literal('POINT (9 45)')}, <{iri}>)")
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.startswith(f"<{iri}> POINT (")
    assert shapely.get_coordinates(shapely.from_wkt(found.partition("> ")[2]))[0] == pytest.approx(expected, abs=1e-3)
    assert value(f'geof:transform({literal("POINT (9 45)")}, "{iri}"^^xsd:anyURI)') == found


@pytest.mark.parametrize("srs", ["EPSG:4326", "http://www.opengis.net/gml/srs/epsg.xml#4326"])
def test_the_older_names_of_gml_have_longitude_first(srs: str) -> None:
    given = literal(f'<gml:Point srsName="{srs}"><gml:pos>9 45</gml:pos></gml:Point>', "gml")
    assert same(shape(f"geof:asWKT({given})"), shapely.Point(9, 45))
    assert value(f"geof:getSRID({given})") == srs


def test_what_geojson_cannot_say_becomes_wkt() -> None:
    given = f"geof:asGeoJSON({literal('POINT (9 45)')})"
    found = term(f"geof:transform({given}, <{UTM}>)")
    assert found is not None
    assert found.datatype.value.endswith("wktLiteral")
    assert same(shape(f"geof:transform({given}, <{UTM}>)"), shapely.Point(9, 45))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("distance({p}, {q}, uom:metre)", WGS84.inv(9, 45, 9, 46)[2]),
        ("distance({p}, {q}, <http://qudt.org/vocab/unit/KiloM>)", WGS84.inv(9, 45, 9, 46)[2] / 1000),
        ("distance({p}, {q}, <http://www.opengis.net/def/uom/EPSG/0/9001>)", WGS84.inv(9, 45, 9, 46)[2]),
        ('distance({p}, {q}, "http://www.opengis.net/def/uom/OGC/1.0/metre"^^xsd:anyURI)', WGS84.inv(9, 45, 9, 46)[2]),
        ("distance({p}, {q}, uom:degree)", 1),
        ("distance({p}, {q}, uom:radian)", np.pi / 180),
        ("distance({up}, {uq}, uom:metre)", 5),
        ("metricDistance({up}, {uq})", 5),
        ("distance({up}, {uq}, uom:degree)", None),
        ("distance({p}, {q}, uom:nothing)", None),
        ("distance({p}, {q}, 1)", None),
        ("distance({p}, {q})", None),
        ("distance({p}, {far}, uom:metre)", None),
        ("length({l}, uom:metre)", WGS84.inv(9, 45, 9, 46)[2]),
        ("metricLength({l})", WGS84.inv(9, 45, 9, 46)[2]),
        ("length({l}, uom:degree)", 1),
        ("length({p}, uom:metre)", 0),
        ("metricPerimeter({l})", WGS84.inv(9, 45, 9, 46)[2]),
        ("metricPerimeter({u})", 400),
        ("perimeter({u}, <http://qudt.org/vocab/unit/KiloM>)", 0.4),
        ("metricLength({u})", 400),
        ("metricArea({u})", 10_000),
        ("area({u}, uom:metre)", 10_000),
        ("area({u}, <http://qudt.org/vocab/unit/HA>)", 1),
        ("area({u}, <http://qudt.org/vocab/unit/KiloM>)", 0.01),
        ("area({s}, uom:degree)", 16),
        ("area({u}, uom:degree)", None),
        ("metricArea({p})", 0),
        ("metricArea({far})", None),
    ],
)
def test_measures(expression: str, expected: float | None) -> None:
    given = {
        "p": literal("POINT (9 45)"),
        "q": literal("POINT (46 9)", crs=LATITUDE_FIRST),
        "up": literal("POINT (500000 5000000)", crs=UTM),
        "uq": literal("POINT (500003 5000004)", crs=UTM),
        "u": literal(
            "POLYGON ((500000 5000000, 500100 5000000, 500100 5000100, 500000 5000100, 500000 5000000))", crs=UTM
        ),
        "l": literal("LINESTRING (9 45, 9 46)"),
        "s": literal(SQUARE),
        "far": literal("POLYGON ((0 100, 1 100, 1 101, 0 100))"),
    }
    found = value("geof:" + expression.format(**given))
    assert found is None if expected is None else float(found or "nan") == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("place", [(9, 45), (0, 0), (-120, 70), (30, -60), (179.999, 10)])
@pytest.mark.parametrize("radius", [10, 1000, 100_000])
def test_a_buffer_in_metres_is_as_wide_everywhere(place: tuple[float, float], radius: float) -> None:
    found = shape(f"geof:metricBuffer({literal('POINT ({} {})'.format(*place))}, {radius})")
    corners = shapely.get_coordinates(found)
    corners = corners[abs(corners[:, 0]) < 180 - 1e-9]  # those on the antimeridian are where it was cut
    start = np.broadcast_to(place, corners.shape)
    widths = WGS84.inv(start[:, 0], start[:, 1], corners[:, 0], corners[:, 1])[2]
    assert widths == pytest.approx(np.full(len(widths), radius), rel=1e-6)
    assert found.bounds[0] >= -180
    assert found.bounds[2] <= 180


@pytest.mark.parametrize(
    ("expression", "area"),
    [
        ("buffer({}, 1, uom:degree)", 3.1365),
        ("buffer({}, 0, uom:metre)", 0),
        ("buffer({}, 1, uom:nothing)", None),
        ('buffer({}, "a", uom:metre)', None),
        ("metricBuffer({}, 6000000)", None),
    ],
)
def test_buffers(expression: str, area: float | None) -> None:
    asked = "geof:" + expression.format(literal("POINT (9 45)"))
    assert value(asked) is None if area is None else shape(asked).area == pytest.approx(area, rel=1e-4)


def test_a_buffer_on_a_plane_is_in_its_unit() -> None:
    asked = f"geof:buffer({literal('POINT (500000 4982950)', crs=UTM)}, 1, <{QUDT}KiloM>)"
    assert value(f"geof:getSRID({asked})") == UTM
    back = Transformer.from_crs(4326, 32632, always_xy=True)
    around = shapely.transform(shape(asked), lambda places: np.column_stack(back.transform(*places.T)))
    assert around.bounds == pytest.approx((499000, 4981950, 501000, 4983950), abs=1)


def test_the_smallest_circle_holds_its_geometry() -> None:
    found = shape(f"geof:boundingCircle({literal(SQUARE)})")
    assert found.buffer(1e-9).contains(shapely.from_wkt(SQUARE))
    assert found.bounds == pytest.approx((2 - 8**0.5, 2 - 8**0.5, 2 + 8**0.5, 2 + 8**0.5), rel=1e-2)


def test_the_type_of_a_geometry_is_one_of_simple_features() -> None:
    found = term(f"geof:geometryType({literal(SQUARE)})")
    assert found == ox.Literal(
        "http://www.opengis.net/ont/sf#Polygon", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#anyURI")
    )


def test_a_collection_has_no_boundary() -> None:
    assert value(f"geof:boundary({literal('GEOMETRYCOLLECTION (POINT (1 2))')})") is None


def group(aggregate: str, *literals: str) -> Any:
    query = f"SELECT (geof:{aggregate}(?g) AS ?x) {{ VALUES ?g {{ {' '.join(literals)} }} }}"
    solutions: Any = results_of(ox.Store(), query, ())
    found = next(iter(solutions))["x"]
    return None if found is None else shape_in_crs84(found.value, found.datatype.value)


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("aggUnion", "POLYGON ((0 0, 4 0, 4 2, 6 2, 6 6, 2 6, 2 4, 0 4, 0 0))"),
        ("aggBoundingBox", "POLYGON ((0 0, 6 0, 6 6, 0 6, 0 0))"),
        ("aggConvexHull", "POLYGON ((0 0, 4 0, 6 2, 6 6, 2 6, 0 4, 0 0))"),
        ("aggCentroid", "POINT (3 3)"),
    ],
)
def test_a_group_has_one_geometry(aggregate: str, expected: str) -> None:
    other = literal("POLYGON ((2 2, 2 6, 6 6, 6 2, 2 2))", crs=LATITUDE_FIRST)
    found = group(aggregate, literal(SQUARE), other)
    assert same(shapely.simplify(found, 0), shapely.simplify(shapely.from_wkt(expected), 0))


@pytest.mark.parametrize("aggregate", ["aggBoundingCircle", "aggConcaveHull"])
def test_the_hull_of_a_group_holds_its_corners(aggregate: str) -> None:
    found = group(aggregate, literal(SQUARE), literal(OTHER)).buffer(1e-6)
    assert all(found.contains(shapely.Point(place)) for place in [(0, 0), (4, 0), (0, 4), (6, 6), (6, 2), (2, 6)])


@pytest.mark.parametrize("aggregate", sorted(name.value.rpartition("/")[2] for name in AGGREGATES))
def test_of_nothing_a_group_is_empty_and_of_what_cannot_be_read_it_is_none(aggregate: str) -> None:
    assert group(aggregate).is_empty
    assert group(aggregate, literal(SQUARE), literal("nowhere")) is None

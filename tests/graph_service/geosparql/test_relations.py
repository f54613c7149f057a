"""Topological relations: their patterns, for points, lines and areas, in every kind of literal."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_service.geosparql.asking import EPSG, literal, value

A = "POLYGON ((-83.6 34.1, -83.2 34.1, -83.2 34.5, -83.6 34.5, -83.6 34.1))"
B = "POLYGON ((-83.6 34.1, -83.4 34.1, -83.4 34.3, -83.6 34.3, -83.6 34.1))"
C = "POLYGON ((-83.2 34.3, -83.0 34.3, -83.0 34.5, -83.2 34.5, -83.2 34.3))"
D = "POLYGON ((-83.3 34.0, -83.1 34.0, -83.1 34.2, -83.3 34.2, -83.3 34.0))"
E = "LINESTRING (-83.4 34.0, -83.3 34.3)"
F = "POINT (-83.4 34.4)"
G = "POLYGON ((-83.5 34.2, -83.3 34.2, -83.3 34.4, -83.5 34.4, -83.5 34.2))"
"""A to F are the features of annex C of the standard, G lies inside A."""
EMPTY = "POLYGON EMPTY"

HOLD = {
    "sfEquals": [(A, A), (F, F), (E, E), (EMPTY, "POINT EMPTY")],
    "sfDisjoint": [(B, C), (B, F), (A, EMPTY), (EMPTY, EMPTY)],
    "sfIntersects": [(A, D), (A, C), (A, F), (E, A)],
    "sfTouches": [(A, C), (C, A)],
    "sfCrosses": [(E, A), (E, "LINESTRING (-83.5 34.1, -83.3 34.1)"), ("MULTIPOINT (-83.4 34.4, 0 0)", A)],
    "sfWithin": [(B, A), (F, A), (A, A)],
    "sfContains": [(A, B), (A, F), (A, A)],
    "sfOverlaps": [(A, D), (D, A)],
    "ehEquals": [(A, A), (F, F)],
    "ehDisjoint": [(B, C), (A, EMPTY)],
    "ehMeet": [(A, C)],
    "ehOverlap": [(A, D), (E, A)],
    "ehCovers": [(A, B)],
    "ehCoveredBy": [(B, A)],
    "ehInside": [(G, A)],
    "ehContains": [(A, G)],
    "rcc8eq": [(A, A)],
    "rcc8dc": [(B, C)],
    "rcc8ec": [(A, C)],
    "rcc8po": [(A, D)],
    "rcc8tppi": [(A, B)],
    "rcc8tpp": [(B, A)],
    "rcc8ntpp": [(G, A)],
    "rcc8ntppi": [(A, G)],
}
HOLD_NOT = {
    "sfEquals": [(A, B), (A, EMPTY)],
    "sfDisjoint": [(A, C), (A, B)],
    "sfIntersects": [(B, C), (A, EMPTY)],
    "sfTouches": [(A, D), (F, F), (B, C)],
    "sfCrosses": [(A, D), (F, A)],
    "sfWithin": [(A, B), (EMPTY, A)],
    "sfContains": [(B, A)],
    "sfOverlaps": [(A, B), (A, A), (A, F)],
    "ehMeet": [(A, D), (F, F)],
    "ehOverlap": [(A, B), (A, C)],
    "ehCovers": [(A, G), (A, A)],
    "ehInside": [(B, A)],
    "ehContains": [(A, B)],
    "rcc8eq": [(F, F), (E, E), (EMPTY, EMPTY)],
    "rcc8dc": [(A, C), (F, C), (A, EMPTY)],
    "rcc8ec": [(A, D), (E, A)],
    "rcc8po": [(A, B), (E, A)],
    "rcc8tppi": [(A, G)],
    "rcc8tpp": [(G, A)],
    "rcc8ntpp": [(B, A), (F, A)],
    "rcc8ntppi": [(A, B)],
}
CASES = [
    *[(name, pair, "true") for name, pairs in HOLD.items() for pair in pairs],
    *[(name, pair, "false") for name, pairs in HOLD_NOT.items() for pair in pairs],
]


def in_kind(text: str, kind: str) -> str:
    """A literal of some kind, made by the functions themselves; EPSG is WKT with latitude first."""
    given_as = literal(text)
    if kind == "EPSG":
        return f"geof:transform({given_as}, <{EPSG}4326>)"
    return given_as if kind == "WKT" else f"geof:as{kind}({given_as})"


@pytest.mark.parametrize(
    "kinds", [("WKT", "WKT"), ("GML", "WKT"), ("KML", "GeoJSON"), ("EPSG", "WKT"), ("WKT", "EPSG")]
)
@pytest.mark.parametrize(("name", "pair", "expected"), CASES)
def test_a_relation_holds_or_not(name: str, pair: tuple[str, str], expected: str, kinds: tuple[str, str]) -> None:
    one, other = (in_kind(text, kind) for text, kind in zip(pair, kinds, strict=True))
    assert value(f"geof:{name}({one}, {other})") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("T*****FF*", "true"), ("t*****ff*", "true"), ("FF*FF****", "false"), ("212F11FF2", "true"), ("21", None),
     ("T*****FFX", None), ("", None)],
)  # fmt: skip
def test_a_pattern_is_matched(pattern: str, expected: str | None) -> None:
    assert value(f'geof:relate({literal(A)}, {literal(B)}, "{pattern}")') == expected


@pytest.mark.parametrize(
    "arguments",
    ["", "?x", f"{literal(A)}", f"{literal(A)}, 1", f"{literal(A)}, orr:Scene", f"{literal(A)}, {literal(A)}, 1",
     f'{literal(A)}, "POINT (1 2)"', f"{literal(A)}, {literal('POINT (', 'wkt')}"],
)  # fmt: skip
def test_what_is_no_pair_of_geometries_is_an_error_of_that_row(arguments: str) -> None:
    assert value(f"geof:sfIntersects({arguments})") is None


def test_an_outline_that_crosses_itself_is_related_by_the_area_it_encloses() -> None:
    bow_tie = literal("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    assert value(f"geof:sfContains({bow_tie}, {literal('POINT (0.2 1)')})") == "true"
    assert value(f"geof:sfIntersects({bow_tie}, {literal('POINT (1 0.2)')})") == "false"
    assert value(f"geof:isSimple({bow_tie})") == "false"


def test_the_axes_of_each_argument_are_those_of_its_reference_system() -> None:
    alps = literal("POLYGON ((9 45, 10 45, 10 46, 9 46, 9 45))")
    assert value(f"geof:sfWithin({literal('POINT (45.5 9.5)', crs=EPSG + '4326')}, {alps})") == "true"
    assert value(f"geof:sfWithin({literal('POINT (9.5 45.5)', crs=EPSG + '4326')}, {alps})") == "false"
    assert value(f"geof:sfWithin({literal('POINT (539000 5038000)', crs=EPSG + '32632')}, {alps})") == "true"
    assert value(f"geof:sfContains({alps}, {literal('POINT (2494000 4281000)', crs=EPSG + '3035')})") == "true"


def test_a_geometry_out_of_reach_of_the_other_reference_system_is_an_error() -> None:
    nowhere = literal("POINT (1e30 1e30)", crs=EPSG + "32632")
    assert value(f"geof:sfIntersects({literal(A)}, {nowhere})") is None
    moon = literal("POINT (1 2)", crs="http://www.opengis.net/def/crs/IAU/2015/30100")
    assert value(f"geof:sfIntersects({literal(A)}, {moon})") is None


def test_nothing_joins_the_two_sides_of_the_antimeridian() -> None:
    west, east = literal("POLYGON ((-180 0, -179 0, -179 1, -180 1, -180 0))"), literal("POINT (180 0.5)")
    assert value(f"geof:sfIntersects({west}, {east})") == "false"
    assert value(f"geof:metricDistance({west}, {east})") == "0"


SIDES = st.integers(0, 4)
POLYGONS = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h), SIDES, SIDES, st.integers(1, 3), st.integers(1, 3)
)
POINTS = st.builds(shapely.Point, SIDES, SIDES)
LINES = st.lists(st.tuples(SIDES, SIDES), min_size=2, max_size=4, unique=True).map(shapely.LineString)
ANY = st.one_of(POLYGONS, POINTS, LINES)
SHAPELY = {
    "sfDisjoint": shapely.disjoint, "sfIntersects": shapely.intersects, "sfTouches": shapely.touches,
    "sfCrosses": shapely.crosses, "sfWithin": shapely.within, "sfContains": shapely.contains,
    "sfOverlaps": shapely.overlaps, "sfEquals": shapely.equals,
}  # fmt: skip
PATTERNS = {
    "ehOverlap": "T*T***T**", "ehCovers": "T*TFT*FF*", "ehCoveredBy": "TFF*TFT**", "ehInside": "TFF*FFT**",
    "ehContains": "T*TFF*FF*",
}  # fmt: skip
OF_REGIONS = {
    "rcc8eq": "TFFFTFFFT", "rcc8dc": "FFTFFTTTT", "rcc8ec": "FFTFTTTTT", "rcc8po": "TTTTTTTTT", "rcc8tppi": "TTTFTTFFT",
    "rcc8tpp": "TFFTTFTTT", "rcc8ntpp": "TFFTFFTTT", "rcc8ntppi": "TTTFFTFFT",
}  # fmt: skip


@given(ANY, ANY)
def test_relations_agree_with_the_de_9im(one: shapely.Geometry, other: shapely.Geometry) -> None:
    pair = f"{literal(shapely.to_wkt(one))}, {literal(shapely.to_wkt(other))}"
    for name, function in SHAPELY.items():
        assert value(f"geof:{name}({pair})") == str(bool(function(one, other))).lower(), name
    for name, pattern in PATTERNS.items():
        assert value(f"geof:{name}({pair})") == str(bool(shapely.relate_pattern(one, other, pattern))).lower(), name


@given(POLYGONS, POLYGONS)
def test_exactly_one_relation_of_rcc8_holds_between_regions(one: shapely.Geometry, other: shapely.Geometry) -> None:
    pair = f"{literal(shapely.to_wkt(one))}, {literal(shapely.to_wkt(other))}"
    holding = [name for name in OF_REGIONS if value(f"geof:{name}({pair})") == "true"]
    assert holding == [name for name, pattern in OF_REGIONS.items() if shapely.relate_pattern(one, other, pattern)]
    assert len(holding) == 1

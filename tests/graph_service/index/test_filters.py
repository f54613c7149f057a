import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index import filters
from graph_service.index.filters import (
    OPERATORS,
    SET_RELATIONS,
    SPATIAL_RELATIONS,
    Absent,
    All,
    Among,
    Attribute,
    Call,
    Compared,
    Comparison,
    Concept,
    Constant,
    During,
    Expression,
    Filter,
    Fits,
    Like,
    Meets,
    Members,
    Missing,
    Not,
    Null,
    OneOf,
    Related,
    Sets,
)
from graph_service.index.properties import PROPERTIES, property_named
from graph_service.index.rows import row
from graph_service.index.sqlite import SQLiteIndex
from ontology import terms
from ontology.identifiers import instrument_iri, platform_iri, tile_iri
from ontology.records import Collection, FieldAnalysis, ProcessingRun, Scene, WaterAnalysis, WaterAnomaly
from tests.graph_service.builders import SENSED, scene_of
from tests.graph_service.index.plain_reading import truth
from tests.graph_service.index.rows import at, ids, index_of, put

Any_ = filters.Any
HOUR = timedelta(hours=1)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SQLiteIndex]:
    """Five scenes that differ in one field each; ``bare`` has none of the optional ones."""
    opened = index_of(
        tmp_path,
        [
            scene_of("bare"),
            scene_of("clear", cloud_cover=0.0, platform=platform_iri("sentinel-2a")),
            scene_of("cloudy", cloud_cover=80.5, platform=platform_iri("sentinel-2b"), relative_orbit=22),
            scene_of("tiled", tile=tile_iri("MGRS-32TQQ"), cloud_cover=10.0, processing_version="05.10"),
            scene_of("later", sensed_at=SENSED + 24 * HOUR, collection="other collection"),
            Collection(iri="urn:collection", identifier="bare"),
        ],
    )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("cloud_cover", "=", 0.0, ["clear"]),
        ("cloud_cover", "=", 0, ["clear"]),
        ("cloud_cover", "=", "0", ["clear"]),
        ("cloud_cover", "!=", 0, ["cloudy", "tiled"]),
        ("cloud_cover", "<", 10, ["clear"]),
        ("cloud_cover", "<=", "1e1", ["clear", "tiled"]),
        ("cloud_cover", ">", 10, ["cloudy"]),
        ("cloud_cover", ">=", 10, ["cloudy", "tiled"]),
        ("cloud_cover", ">", -1e308, ["clear", "cloudy", "tiled"]),
        ("eo:cloud_cover", "<", 10, ["clear"]),
        ("properties.eo:cloud_cover", "<", 10, ["clear"]),
        ("relative_orbit", "=", "22", ["cloudy"]),
        ("platform", "=", "sentinel-2a", ["clear"]),
        ("platform", "!=", "sentinel-2a", ["cloudy"]),
        ("platform", ">", "sentinel-2a", ["cloudy"]),
        ("platform", "=", "SENTINEL-2A", []),
        ("platform", "=", "", []),
        ("version", "=", "05.10", ["tiled"]),
        ("version", "=", "5.1", []),
        ("grid:code", "=", "MGRS-32TQQ", ["tiled"]),
        ("collection", "=", "other collection", ["later"]),
        ("id", "=", "bare", ["bare"]),
        ("datetime", "=", "2024-05-01T10:20:30.5Z", ["bare", "clear", "cloudy", "tiled"]),
        ("datetime", "=", "2024-05-01T12:20:30.500+02:00", ["bare", "clear", "cloudy", "tiled"]),
        ("datetime", ">", "2024-05-01T10:20:30.5Z", ["later"]),
        ("datetime", "<", "2024-05-02", ["bare", "clear", "cloudy", "tiled"]),
        ("datetime", ">=", "2024-05-02T10:20:30.500000Z", ["later"]),
        ("datetime", ">", SENSED.timestamp(), ["later"]),
        ("datetime", "<=", SENSED.timestamp(), ["bare", "clear", "cloudy", "tiled"]),
        ("datetime", ">", float("-inf"), ["bare", "clear", "cloudy", "later", "tiled"]),
        ("datetime", ">", float("inf"), []),
        ("start_datetime", ">", "1900-01-01T00:00:00Z", []),
    ],
)
def test_comparison_is_of_the_propertys_own_type(
    index: SQLiteIndex, name: str, operator: filters.Operator, value: str | float, found: list[str]
) -> None:
    assert ids(index, Comparison(name, operator, value)) == found


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_record_without_the_property_never_matches(index: SQLiteIndex, operator: filters.Operator) -> None:
    assert "bare" not in ids(index, Comparison("cloud_cover", operator, 0))
    assert "bare" not in ids(index, Comparison("platform", operator, "x"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((), []),
        (("clear",), ["clear"]),
        (("clear", "later", "clear", "never"), ["clear", "later"]),
        (("c'; DROP TABLE scene; --", "tiled"), ["tiled"]),
    ],
)
def test_one_of_is_any_of_the_values(index: SQLiteIndex, values: tuple[str, ...], found: list[str]) -> None:
    assert ids(index, OneOf("id", values)) == found


def test_one_of_takes_numbers_and_times_too(index: SQLiteIndex) -> None:
    assert ids(index, OneOf("cloud_cover", ("80.5", "10"))) == ["cloudy", "tiled"]
    assert ids(index, OneOf("datetime", ("2024-05-02T10:20:30.5Z",))) == ["later"]


def test_one_of_many_values_is_found(index: SQLiteIndex) -> None:
    assert ids(index, OneOf("id", (*(f"never-{k}" for k in range(20_000)), "tiled"))) == ["tiled"]


def test_joining_nothing_is_all_and_nothing(index: SQLiteIndex) -> None:
    assert ids(index, All(())) == ["bare", "clear", "cloudy", "later", "tiled"]
    assert ids(index, Any_(())) == []


CLEAR, TILED = Comparison("id", "=", "clear"), Comparison("id", "=", "tiled")


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (All((CLEAR, TILED)), []),
        (Any_((CLEAR, TILED)), ["clear", "tiled"]),
        (All((Any_((CLEAR, TILED)), Comparison("cloud_cover", ">", 5))), ["tiled"]),
        (Any_((All((CLEAR, TILED)), Comparison("relative_orbit", "=", 22))), ["cloudy"]),
        (All((Any_(()), CLEAR)), []),
        (Any_((All(()), CLEAR)), ["bare", "clear", "cloudy", "later", "tiled"]),
        (All((All((All((CLEAR,)),)),)), ["clear"]),
        (Any_((CLEAR, All((OneOf("id", ("later",)), During(SENSED, None))))), ["clear", "later"]),
    ],
)
def test_all_and_any_nest(index: SQLiteIndex, tree: Filter, found: list[str]) -> None:
    assert ids(index, tree) == found


@pytest.mark.parametrize("joined", [All, Any_])
def test_thousands_of_parts_are_joined(index: SQLiteIndex, joined: type[All | filters.Any]) -> None:
    assert ids(index, joined((TILED,) * 3000)) == ["tiled"]


def nested(levels: int) -> Filter:
    tree: Filter = CLEAR
    for level in range(levels - 1):
        tree = Any_((TILED, tree)) if level % 2 else All((All(()), tree))
    return tree


def test_nesting_has_a_bound_that_is_told(index: SQLiteIndex) -> None:
    assert ids(index, nested(23)) == ["clear", "tiled"]
    assert ids(index, All((nested(23), *[All(())] * 3000))) == ["clear", "tiled"]
    for levels in (25, 900):
        with pytest.raises(RequestInvalid, match="nested more than 24"):
            index.search(nested(levels))


@pytest.mark.parametrize("name", ["", "never", "row", "audience", "footprint", "id = id OR 1", "scene.id", "id;", "ID"])
def test_a_property_that_is_not_declared_is_refused_by_name(index: SQLiteIndex, name: str) -> None:
    for tree in (Comparison(name, "=", "x"), OneOf(name, ("x",)), Any_((All((OneOf(name, ()),)),))):
        with pytest.raises(RequestInvalid, match="no property of this name"):
            index.search(tree)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cloud_cover", "ten"),
        ("cloud_cover", ""),
        ("cloud_cover", "nan"),
        ("cloud_cover", float("nan")),
        ("cloud_cover", "10 OR 1=1"),
        ("datetime", "yesterday"),
        ("datetime", 5),
        ("datetime", ""),
        ("datetime", "2024-13-01T00:00:00Z"),
    ],
)
def test_a_value_of_another_type_is_refused_with_the_property(
    index: SQLiteIndex, name: str, value: str | float
) -> None:
    with pytest.raises(RequestInvalid, match=name):
        index.search(Comparison(name, "<", value))
    with pytest.raises(RequestInvalid, match=name):
        index.count(OneOf(name, (str(value),)))


INJECTIONS = ["' OR '1'='1", "x'; DROP TABLE scene; --", '" OR 1=1 --', "x) OR (1=1", "?", "%", "_", "\0", "clear\0"]


@pytest.mark.parametrize("value", INJECTIONS)
def test_sql_in_a_value_is_a_value(index: SQLiteIndex, value: str) -> None:
    assert ids(index, Comparison("platform", "=", value)) == []
    assert ids(index, OneOf("id", (value,))) == []
    put(index, value)
    assert ids(index, OneOf("id", (value,))) == [value]
    assert index.count_all() == 6
    assert index.search(All(()), audiences=[value]).found
    assert index.extent(value) is None


@pytest.mark.parametrize("value", [*INJECTIONS, "audience", "iri"])
def test_sql_in_a_name_is_refused(index: SQLiteIndex, value: str) -> None:
    with pytest.raises(RequestInvalid):
        index.counts(value)
    with pytest.raises(RequestInvalid):
        index.search(Comparison(value, "=", "1"))


SAID = {
    "published": "2024-05-02T00:00:00Z",
    "license": "CC-BY-4.0",
    "keywords": ["water", "inland"],
    "mission": "copernicus",
    "sci:doi": "10.5270/S2_-742ikth",
    "sar:frequency_band": "C",
    "sar:observation_direction": "right",
    "landsat:wrs_path": 98,
    "landsat:wrs_row": "017",
    "landsat:collection_category": "T1",
    "landsat:cloud_cover_land": 3.5,
    **{
        f"s2:{name}_percentage": 2
        for name in ("not_vegetated", "cloud_shadow", "medium_proba_clouds", "high_proba_clouds", "thin_cirrus")
    },
}
"""What no record keeps, as a document says it."""


def full_records() -> list[Scene]:
    """Scenes that together have every property that can be searched."""
    code = terms.CODE
    shared: dict[str, Any] = {
        "title": "Full",
        "started_at": SENSED,
        "ended_at": SENSED + HOUR,
        "created_at": SENSED + HOUR,
        "updated_at": SENSED + HOUR,
        "platform": platform_iri("sentinel-2a"),
        "instruments": (instrument_iri("sentinel-2a", "msi"),),
        "processing_level": f"{code}ProcessingLevel-L1C",
        "product_type": f"{code}ProductType-S2MSI1C",
        "processing_version": "05.10",
        "orbit_direction": f"{code}OrbitDirection-descending",
        "relative_orbit": 22,
        "absolute_orbit": 5000,
        "datatake": "GS2A",
        "tile": tile_iri("MGRS-32TQQ"),
        "acquisition_mode": f"{code}AcquisitionMode-IW",
        "polarisations": (f"{code}Polarisation-VH", f"{code}Polarisation-VV"),
        "cloud_class": f"{code}CloudClass-cloudFree",
        **dict.fromkeys(("cloud_cover", "snow_cover", "water_cover", "vegetation_cover", "no_data_cover"), 1.5),
        **dict.fromkeys(("sun_azimuth", "off_nadir", "incidence_angle", "view_azimuth", "resolution_m"), 2.5),
        "sun_elevation": -3.5,
        "epsg": 32632,
        "run": ProcessingRun(facility="EPAE"),
    }
    scene = scene_of("full", **shared)
    base = {name: getattr(scene, name) for name in Scene.__dataclass_fields__}
    anomaly = WaterAnomaly(
        anomaly_type=f"{code}AnomalyType-floodAndDrought", score=120.0, rule="urn:rule", area_km2=4.0
    )
    own = [name for name in WaterAnalysis.__dataclass_fields__ if name not in base]
    numbers = {name: 5.0 for name in own if name.endswith(("water", "visible", "percent", "km2", "bodies"))}
    fields = [name for name in FieldAnalysis.__dataclass_fields__ if name.endswith(("count", "coverage", "ha"))]
    return [
        scene,
        WaterAnalysis(**base | numbers | {"iri": "urn:w", "kind": terms.WATER_ANALYSIS, "anomaly": anomaly}),
        FieldAnalysis(**base | dict.fromkeys(fields, 7) | {"iri": "urn:f", "kind": terms.FIELD_ANALYSIS}),
    ]


def test_every_property_can_be_searched_for_the_value_that_a_record_gives(tmp_path: Path) -> None:
    records = full_records()
    index = SQLiteIndex(tmp_path / "index.sqlite")
    stac = json.dumps({"properties": SAID}).encode()
    rows = [row(one, audience=None, stac=stac, links=b"[]", concepts=frozenset()) for one in records]
    index.apply(1, rows=rows)
    for declared in PROPERTIES:
        values = [value for record in records if (value := declared.value_of(record, SAID)) is not None]
        assert values, declared.name
        value = datetime.fromtimestamp(float(values[0]), UTC).isoformat() if declared.kind == "time" else values[0]
        for name in declared.names:
            assert index.count(Comparison(name, "=", value)) == len(values), name
    assert index.counts("anomaly_type") == [("floodAndDrought", 1)]
    index.close()


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("wrs_path", {"landsat:wrs_path": 98}, "098"),
        ("wrs_path", {"landsat:wrs_path": "98"}, "98"),
        ("wrs_path", {"landsat:wrs_path": True}, None),
        ("published", {"published": "2024-05-02"}, datetime(2024, 5, 2, tzinfo=UTC).timestamp()),
        ("published", {"published": "soon"}, None),
        ("published", {"published": 5}, None),
        ("land_cloud_cover", {"landsat:cloud_cover_land": "3"}, None),
        ("land_cloud_cover", {"landsat:cloud_cover_land": 10**400}, None),
        ("keywords", {"keywords": ["é", 5, None]}, '["é"]'),
        ("keywords", {"keywords": []}, None),
        ("keywords", {"keywords": "water"}, None),
        ("constellation", {"constellation": "Sentinel-2"}, "sentinel-2"),
        ("constellation", {"constellation": ["Sentinel-2"]}, None),
        ("projection", {"proj:code": "IAU_2015:30100"}, "IAU_2015:30100"),
        ("utm_zone", {"mgrs:utm_zone": 32}, 32.0),
        ("latitude_band", {"mgrs:latitude_band": "T"}, "T"),
    ],
)
def test_a_document_tells_what_no_record_keeps(name: str, said: dict[str, Any], value: object) -> None:
    assert property_named(name).value_of(scene_of(), said) == value


@pytest.mark.parametrize(("code", "parts"), [("MGRS-32TQQ", (32, "T", "QQ")), ("WRS2-098017", (None, None, None))])
def test_the_parts_of_a_tile_are_those_of_its_code(code: str, parts: tuple[object, ...]) -> None:
    scene = scene_of(tile=tile_iri(code))
    names = ("mgrs:utm_zone", "mgrs:latitude_band", "mgrs:grid_square")
    assert tuple(property_named(name).value_of(scene, {}) for name in names) == parts


def test_names_of_properties_are_distinct() -> None:
    names = [name for declared in PROPERTIES for name in declared.names]
    assert len(names) == len(set(names))
    assert property_named("properties.gsd") is property_named("gsd")


# Areas


def box_index(folder: Path, **areas: BaseGeometry) -> SQLiteIndex:
    return index_of(folder, [scene_of(name, **at(area)) for name, area in areas.items()])


ACROSS = shapely.MultiPolygon([shapely.box(179, -1, 180, 1), shapely.box(-180, -1, -178, 1)])


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (shapely.box(0, 0, 5, 5), ["point", "unit"]),
        (shapely.box(1, 0, 2, 1), ["unit"]),
        (shapely.box(1, 1, 2, 2), ["unit"]),
        (shapely.box(1.0000001, 0, 2, 1), []),
        (shapely.Point(1, 1), ["unit"]),
        (shapely.Point(1, 1.000001), []),
        (shapely.Point(3, 3), ["point"]),
        (shapely.box(3, 3, 4, 4), ["point"]),
        (shapely.LineString([(-1, 0.5), (0, 0.5)]), ["unit"]),
        (shapely.LineString([(0, 1.5), (1.5, 0)]), ["unit"]),
        (shapely.LineString([(0.5, 1.6), (1.6, 0.5)]), []),
        (shapely.box(179.5, 0, 180, 0.5), ["across"]),
        (shapely.box(-180, 0, -179.5, 0.5), ["across"]),
        (shapely.box(-170, 0, 170, 0.5), ["unit"]),
        (shapely.Point(180, 0), ["across"]),
        (shapely.box(-180, -90, 180, 90), ["across", "point", "ring", "unit"]),
        (shapely.box(20.2, 20.2, 20.8, 20.8), []),
        (shapely.box(20.2, 20.2, 21.8, 21.8), ["ring"]),
        (shapely.Polygon(), []),
        (shapely.MultiPoint([(0.5, 0.5), (3, 3)]), ["point", "unit"]),
    ],
)
def test_meeting_is_having_a_point_in_common(tmp_path: Path, area: BaseGeometry, found: list[str]) -> None:
    hole = shapely.box(20.1, 20.1, 20.9, 20.9)
    index = box_index(
        tmp_path,
        unit=shapely.box(0, 0, 1, 1),
        point=shapely.Point(3, 3),
        across=ACROSS,
        ring=shapely.box(20, 20, 21, 21).difference(hole),
    )
    assert ids(index, Meets(area)) == found
    index.close()


def test_a_footprint_of_thousands_of_parts_is_met_by_each(tmp_path: Path) -> None:
    islands = shapely.MultiPolygon(
        [shapely.box(x / 10, y, x / 10 + 0.05, y + 0.5) for x in range(50) for y in range(40)]
    )
    index = box_index(tmp_path, islands=islands)
    assert ids(index, Meets(shapely.box(4.9, 39.1, 4.92, 39.2))) == ["islands"]
    assert ids(index, Meets(shapely.box(4.96, 39.1, 4.98, 39.2))) == []
    put(index, "islands")
    assert ids(index, Meets(shapely.box(4.9, 39.1, 4.92, 39.2))) == []
    assert ids(index, Meets(shapely.box(11.5, 44.5, 11.6, 44.6))) == ["islands"]
    index.close()


# To a tenth of a millimetre: the tree of boxes rounds 1e-67 degrees to nothing.
NUMBERS = st.floats(-20, 20).map(lambda degrees: round(degrees, 9)) | st.sampled_from([0.0, 1.0, 16.1, -0.1])


@st.composite
def boxes(draw: st.DrawFn) -> BaseGeometry:
    west, east = sorted((draw(NUMBERS), draw(NUMBERS)))
    south, north = sorted((draw(NUMBERS), draw(NUMBERS)))
    if west == east or south == north:
        return (
            shapely.LineString([(west, south), (east, north)])
            if (west, south) != (east, north)
            else shapely.Point(west, south)
        )
    return shapely.box(west, south, east, north)


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes(), min_size=1, max_size=8), st.lists(boxes(), min_size=1, max_size=4))
def test_search_by_area_is_what_brute_force_finds(footprints: list[BaseGeometry], areas: list[BaseGeometry]) -> None:
    index = SQLiteIndex(Path(":memory:"))
    for k, footprint in enumerate(footprints):
        put(index, str(k), **at(footprint))
    for area in areas:
        assert ids(index, Meets(area)) == [str(k) for k, one in enumerate(footprints) if one.intersects(area)]
    index.close()


# Times


def time_index(folder: Path) -> SQLiteIndex:
    return index_of(
        folder,
        [
            scene_of("instant"),
            scene_of("interval", started_at=SENSED - HOUR, ended_at=SENSED + HOUR),
            scene_of("started", started_at=SENSED - HOUR),
            scene_of("ended", ended_at=SENSED + HOUR),
            scene_of("early", sensed_at=datetime(1, 1, 1, tzinfo=UTC)),
            scene_of("late", sensed_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ],
    )


TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (None, None, ["early", "ended", "instant", "interval", "late", "started"]),
        (SENSED, SENSED, ["ended", "instant", "interval", "started"]),
        (SENSED + TICK, None, ["ended", "interval", "late"]),
        (None, SENSED - TICK, ["early", "interval", "started"]),
        (SENSED + HOUR, SENSED + 2 * HOUR, ["ended", "interval"]),
        (SENSED + HOUR + TICK, SENSED + 2 * HOUR, []),
        (SENSED - 2 * HOUR, SENSED - HOUR, ["interval", "started"]),
        (SENSED - HOUR / 2, SENSED - HOUR / 3, ["interval", "started"]),
        (None, datetime(1, 1, 1, tzinfo=UTC), ["early"]),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None, ["late"]),
        (SENSED + HOUR, SENSED - HOUR, ["interval"]),
    ],
)
def test_during_is_having_an_instant_in_common(
    tmp_path: Path, start: datetime | None, end: datetime | None, found: list[str]
) -> None:
    index = time_index(tmp_path)
    assert ids(index, During(start, end)) == found
    index.close()


# Random trees against a plain reading of them

SCENES = [
    scene_of(
        str(k),
        cloud_cover=None if k % 4 == 0 else float(k * 7 % 100),
        platform=None if k % 3 == 0 else platform_iri(f"s{k % 5}"),
        sensed_at=SENSED + k * HOUR,
        relative_orbit=None if k % 5 == 0 else k,
        instruments=tuple(instrument_iri("s", f"s{n}") for n in range(k % 4)),
        **at(shapely.box(k, 0, k + 2.5, 1)),
    )
    for k in range(24)
]
CONCEPTS = (platform_iri("s1"), platform_iri("s2"), terms.SCENE, "urn:none")
VALUES: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from([Attribute("cloud_cover"), Attribute("relative_orbit"), Constant(7.0), Missing("other")]),
    lambda inner: st.builds(lambda name, one, other: Call(name, (one, other)), st.sampled_from("+-"), inner, inner),
    max_leaves=3,
)
TEXTS: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from([Attribute("platform"), Attribute("id"), Constant("s2"), Constant("S2"), Missing("other")]),
    lambda inner: inner.map(lambda one: Call("casei", (one,))),
    max_leaves=2,
)
LISTS: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([Attribute("instruments"), Missing("other")]),
    st.builds(Members, st.lists(TEXTS, max_size=3).map(tuple)),
)
LEAVES: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Comparison, st.just("cloud_cover"), st.sampled_from(OPERATORS), st.integers(0, 100)),
    st.builds(Comparison, st.just("platform"), st.sampled_from(OPERATORS), st.sampled_from(["s0", "s2", "s4", "x"])),
    st.builds(OneOf, st.just("id"), st.lists(st.integers(0, 30).map(str), max_size=5).map(tuple)),
    st.builds(OneOf, st.just("cloud_cover"), st.lists(st.integers(0, 30), min_size=1, max_size=5).map(tuple)),
    st.builds(Like, st.just("platform"), st.sampled_from(["s%", "%2", "_2", "S2", "%", "_", ""])),
    st.builds(Null, st.sampled_from(["platform", "cloud_cover", "id"])),
    st.builds(Compared, VALUES, st.sampled_from(OPERATORS), VALUES),
    st.builds(Compared, TEXTS, st.sampled_from(OPERATORS), TEXTS),
    st.builds(Among, TEXTS, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(Fits, TEXTS, st.sampled_from(["s%", "%2", "_2", "S2", "%", "_", ""])),
    st.builds(Absent, VALUES | TEXTS),
    st.builds(Sets, st.sampled_from(SET_RELATIONS), LISTS, LISTS),
    st.builds(
        Related,
        st.sampled_from(SPATIAL_RELATIONS),
        st.integers(0, 24).map(lambda west: shapely.box(west, -1 + west % 2, west + 2.5, 1)),
    ),
    st.builds(Concept, st.lists(st.sampled_from(CONCEPTS), max_size=2).map(tuple)),
    st.integers(0, 24).map(lambda west: Meets(shapely.box(west, -1, west + 1, 0.5))),
    st.builds(
        During,
        st.none() | st.integers(0, 24).map(lambda k: SENSED + k * HOUR),
        st.none() | st.integers(0, 24).map(lambda k: SENSED + k * HOUR),
    ),
)
TREES: st.SearchStrategy[Filter] = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda joined, parts: joined(tuple(parts)), st.sampled_from([All, Any_]), st.lists(inner, max_size=3))
        | st.builds(Not, inner)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    opened = index_of(tmp_path_factory.mktemp("many"), SCENES)
    yield opened
    opened.close()


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_any_tree_finds_what_a_plain_reading_of_it_finds(many: SQLiteIndex, tree: Filter) -> None:
    assert ids(many, tree) == sorted(scene.identifier for scene in SCENES if truth(tree, scene))


def test_every_kind_of_node_is_searched_here() -> None:
    searched = {All, filters.Any, Not, Comparison, OneOf, Like, Null, Concept, Meets, During}
    assert set(get_args(Filter)) == searched | {Compared, Among, Fits, Absent, Sets, Related, filters.Text}


# Patterns


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a%", ["a*c", "a[b]c", "a_c", "abc", "añc"]),
        ("a_c", ["a*c", "a_c", "abc", "añc"]),
        ("a\\_c", ["a_c"]),
        ("a\\%", []),
        ("%\\%%", ["50%"]),
        ("a*c", ["a*c"]),
        ("a?c", []),
        ("a[b]c", ["a[b]c"]),
        ("[a]bc", []),
        ("ABC", ["ABC"]),
        ("%", ["50%", "A\nB", "ABC", "a*c", "a[b]c", "a_c", "abc", "añc", "back\\slash"]),
        ("A%B", ["A\nB"]),
        ("back\\\\slash", ["back\\slash"]),
        ("abc\\", []),
        ("", []),
    ],
)
def test_pattern_fits_with_letter_case_and_the_whole_text(tmp_path: Path, pattern: str, found: list[str]) -> None:
    names = ("abc", "ABC", "añc", "a*c", "a_c", "a[b]c", "50%", "back\\slash", "A\nB")
    index = index_of(tmp_path, [scene_of(name) for name in names])
    assert ids(index, Like("id", pattern)) == found
    index.close()


def test_pattern_of_many_wildcards_is_answered_at_once(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a" * 200)])
    assert ids(index, Like("id", "%a" * 400 + "b")) == []
    with pytest.raises(RequestInvalid, match="longer than 1000"):
        ids(index, Like("id", "%" * 1001))
    index.close()


def test_more_values_than_a_statement_takes_are_refused(index: SQLiteIndex) -> None:
    values = tuple(map(str, range(15_000)))
    assert ids(index, filters.Any((OneOf("id", ("clear",)), OneOf("id", values)))) == ["clear"]
    with pytest.raises(RequestInvalid, match="at most 30000"):
        ids(index, filters.Any(tuple(OneOf("id", (str(k), *values)) for k in range(2))))

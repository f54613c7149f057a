"""CQL2 against a plain reading, over three dozen scenes of which every optional property is absent somewhere."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import cql2
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import RequestInvalid
from graph_service.index.cql2 import cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.names import TermUnknown
from ontology import terms
from ontology.identifiers import constellation_iri, platform_iri
from ontology.records import Scene
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.builders import scene_of
from tests.graph_service.index.rows import at, ids, index_of

FIRST = datetime(2024, 5, 1, 6, tzinfo=UTC)
PLATFORMS = ("sentinel-2a", "sentinel-2b", "landsat-8", None)
LEVELS = ("L1C", "L2A", None)
DAY = timedelta(days=1)


def scene(n: int) -> Scene:
    platform, level, instant = PLATFORMS[n % 4], LEVELS[n % 3], FIRST + n * timedelta(hours=6)
    return scene_of(
        f"S{n:02}",
        sensed_at=instant,
        started_at=instant - DAY / 2 if n % 5 else None,
        ended_at=instant + DAY / 2 if n % 5 else None,
        platform=None if platform is None else platform_iri(platform),
        processing_level=None if level is None else terms.code("ProcessingLevel", level),
        cloud_cover=None if n % 7 == 3 else float(n * 3 % 100),
        relative_orbit=None if n % 2 else n,
        kind=terms.OPTICAL_SCENE if n % 2 else terms.SCENE,
        **at(shapely.box(n, 0, n + 1.5, 1)),
    )


SCENES = [scene(n) for n in range(36)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    opened = index_of(tmp_path_factory.mktemp("cql2"), SCENES)
    yield opened
    opened.close()


def platform(one: Scene) -> str | None:
    return None if one.platform is None else one.platform.rpartition("/")[2]


def level(one: Scene) -> str | None:
    return None if one.processing_level is None else one.processing_level.rpartition("-")[2]


def cloud(one: Scene, holds: Callable[[float], bool]) -> bool:
    return one.cloud_cover is not None and holds(one.cloud_cover)


def span(one: Scene, holds: Callable[[datetime, datetime], bool]) -> bool:
    return one.started_at is not None and one.ended_at is not None and holds(one.started_at, one.ended_at)


def meets(one: Scene, wkt: str) -> bool:
    return bool(shapely.from_wkt(one.footprint).intersects(shapely.from_wkt(wkt)))


MAY_3 = datetime(2024, 5, 3, tzinfo=UTC)
MAY_4 = datetime(2024, 5, 4, tzinfo=UTC)
BOTH = "INTERVAL('2024-05-03T00:00:00Z','2024-05-04T00:00:00Z')"
OWN = "INTERVAL(start_datetime, end_datetime)"
POLYGON = "POLYGON((2 0.5, 6.2 0.5, 6.2 3, 2 0.5))"

TABLE: list[tuple[str, Callable[[Scene], bool]]] = [
    ("true", lambda s: True),
    ("false", lambda s: False),
    ("NOT false", lambda s: True),
    ("id = 'S03' OR false", lambda s: s.identifier == "S03"),
    ("eo:cloud_cover = 30", lambda s: s.cloud_cover == 30),
    ("cloud_cover = 30", lambda s: s.cloud_cover == 30),
    ("properties.eo:cloud_cover = 30", lambda s: s.cloud_cover == 30),
    ('"eo:cloud_cover" = 30', lambda s: s.cloud_cover == 30),
    ("orr:cloudCover = 30", lambda s: s.cloud_cover == 30),
    ("eo:cloud_cover <> 30", lambda s: cloud(s, lambda c: c != 30)),
    ("eo:cloud_cover < 30", lambda s: cloud(s, lambda c: c < 30)),
    ("eo:cloud_cover <= 30", lambda s: cloud(s, lambda c: c <= 30)),
    ("eo:cloud_cover > 30", lambda s: cloud(s, lambda c: c > 30)),
    ("eo:cloud_cover >= 30", lambda s: cloud(s, lambda c: c >= 30)),
    ("eo:cloud_cover > -1.5e0", lambda s: cloud(s, lambda c: True)),
    ("30 > eo:cloud_cover", lambda s: cloud(s, lambda c: c < 30)),
    ("30 <= eo:cloud_cover", lambda s: cloud(s, lambda c: c >= 30)),
    ("NOT eo:cloud_cover > 30", lambda s: cloud(s, lambda c: c <= 30)),
    ("NOT (eo:cloud_cover > 30 AND true)", lambda s: cloud(s, lambda c: c <= 30)),
    ("NOT (eo:cloud_cover > 30 AND false)", lambda s: True),
    ("eo:cloud_cover > 30 OR NOT eo:cloud_cover > 30", lambda s: s.cloud_cover is not None),
    ("eo:cloud_cover > 30 OR id = 'S03'", lambda s: s.identifier == "S03" or cloud(s, lambda c: c > 30)),
    ("eo:cloud_cover BETWEEN 30 AND 60", lambda s: cloud(s, lambda c: 30 <= c <= 60)),
    ("eo:cloud_cover BETWEEN 60 AND 30", lambda s: False),
    ("eo:cloud_cover NOT BETWEEN 30 AND 60", lambda s: cloud(s, lambda c: not 30 <= c <= 60)),
    ("eo:cloud_cover IN (0, 3, 99)", lambda s: s.cloud_cover in (0, 3, 99)),
    ("eo:cloud_cover NOT IN (0, 3, 99)", lambda s: cloud(s, lambda c: c not in (0, 3, 99))),
    ("eo:cloud_cover IS NULL", lambda s: s.cloud_cover is None),
    ("eo:cloud_cover IS NOT NULL", lambda s: s.cloud_cover is not None),
    ("sat:relative_orbit IS NULL AND platform IS NULL", lambda s: s.relative_orbit is None and s.platform is None),
    ("platform = 'sentinel-2a'", lambda s: platform(s) == "sentinel-2a"),
    ("platform = 'Sentinel-2A'", lambda s: platform(s) == "sentinel-2a"),
    ("platform <> 'sentinel-2a'", lambda s: platform(s) not in (None, "sentinel-2a")),
    ("platform > 'sentinel-2a'", lambda s: platform(s) == "sentinel-2b"),
    ("platform = ''", lambda s: False),
    ("platform LIKE 'sentinel%'", lambda s: (platform(s) or "").startswith("sentinel")),
    ("platform LIKE 'SENTINEL%'", lambda s: False),
    ("platform NOT LIKE 'sentinel%'", lambda s: platform(s) == "landsat-8"),
    ("id LIKE 'S_2'", lambda s: s.identifier.endswith("2")),
    ("processing:level = 'L2A'", lambda s: level(s) == "L2A"),
    ("processing:level = 'L2'", lambda s: level(s) == "L2A"),
    ("processing:level <> 'L2'", lambda s: level(s) == "L1C"),
    ("processing:level IN ('L1', 'x')", lambda s: level(s) == "L1C"),
    ("processing:level NOT IN ('L1', 'x')", lambda s: level(s) == "L2A"),
    ("orr:hasProcessingLevel = 'code:ProcessingLevel-L2'", lambda s: level(s) == "L2A"),
    ("concept = 'orr:OpticalScene'", lambda s: s.kind == terms.OPTICAL_SCENE),
    ("concept <> 'orr:OpticalScene'", lambda s: s.kind != terms.OPTICAL_SCENE),
    ("NOT concept = 'optical scene'", lambda s: s.kind != terms.OPTICAL_SCENE),
    ("concept = 'orr:Scene'", lambda s: True),
    ("concept = 'https://w3id.org/orrery/ontology#Scene'", lambda s: True),
    ("concept = 'https://example.org/unheard'", lambda s: False),
    ("concept IN ('OpticalScene', 'L2A')", lambda s: s.kind == terms.OPTICAL_SCENE or level(s) == "L2A"),
    ("concept = 'sentinel-2a' AND concept = 'L1'", lambda s: platform(s) == "sentinel-2a" and level(s) == "L1C"),
    ("datetime > TIMESTAMP('2024-05-03T00:00:00Z')", lambda s: s.sensed_at > MAY_3),
    ("datetime > '2024-05-03T02:00:00+02:00'", lambda s: s.sensed_at > MAY_3),
    ("datetime = TIMESTAMP('2024-05-03T00:00:00Z')", lambda s: s.sensed_at == MAY_3),
    ("datetime <> TIMESTAMP('2024-05-03T00:00:00Z')", lambda s: s.sensed_at != MAY_3),
    ("datetime = DATE('2024-05-03')", lambda s: MAY_3 <= s.sensed_at < MAY_4),
    ("datetime <> DATE('2024-05-03')", lambda s: not MAY_3 <= s.sensed_at < MAY_4),
    ("datetime > DATE('2024-05-03')", lambda s: s.sensed_at >= MAY_4),
    ("datetime >= DATE('2024-05-03')", lambda s: s.sensed_at >= MAY_3),
    ("datetime < DATE('2024-05-03')", lambda s: s.sensed_at < MAY_3),
    ("datetime <= DATE('2024-05-03')", lambda s: s.sensed_at < MAY_4),
    ("DATE('2024-05-03') < datetime", lambda s: s.sensed_at >= MAY_4),
    ("datetime BETWEEN DATE('2024-05-02') AND DATE('2024-05-03')", lambda s: MAY_3 - DAY <= s.sensed_at < MAY_4),
    ("datetime IN ('2024-05-03', '2024-05-01T06:00:00Z')", lambda s: MAY_3 <= s.sensed_at < MAY_4 or s == SCENES[0]),
    ("start_datetime < DATE('2024-05-03')", lambda s: span(s, lambda a, b: a < MAY_3)),
    ("NOT start_datetime < DATE('2024-05-03')", lambda s: span(s, lambda a, b: a >= MAY_3)),
    ("T_AFTER(datetime, TIMESTAMP('2024-05-03T00:00:00Z'))", lambda s: s.sensed_at > MAY_3),
    ("T_AFTER(datetime, DATE('2024-05-03'))", lambda s: s.sensed_at >= MAY_4),
    ("T_BEFORE(datetime, DATE('2024-05-03'))", lambda s: s.sensed_at < MAY_3),
    ("T_BEFORE(DATE('2024-05-03'), datetime)", lambda s: s.sensed_at >= MAY_4),
    (f"T_INTERSECTS(datetime, {BOTH})", lambda s: MAY_3 <= s.sensed_at <= MAY_4),
    (f"T_DISJOINT(datetime, {BOTH})", lambda s: not MAY_3 <= s.sensed_at <= MAY_4),
    (f"T_DURING(datetime, {BOTH})", lambda s: MAY_3 < s.sensed_at < MAY_4),
    ("T_DURING(datetime, INTERVAL('2024-05-03', '2024-05-03'))", lambda s: MAY_3 < s.sensed_at < MAY_4),
    ("T_DURING(datetime, INTERVAL('2024-05-03', '..'))", lambda s: s.sensed_at > MAY_3),
    ("T_DURING(datetime, INTERVAL('..', '2024-05-03'))", lambda s: s.sensed_at < MAY_4),
    ("T_INTERSECTS(datetime, INTERVAL('..', '..'))", lambda s: True),
    ("T_EQUALS(datetime, TIMESTAMP('2024-05-03T00:00:00Z'))", lambda s: s.sensed_at == MAY_3),
    (f"T_CONTAINS({BOTH}, datetime)", lambda s: MAY_3 < s.sensed_at < MAY_4),
    (f"T_INTERSECTS({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a <= MAY_4 and b >= MAY_3)),
    (f"T_DISJOINT({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a > MAY_4 or b < MAY_3)),
    (f"NOT T_DISJOINT({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a <= MAY_4 and b >= MAY_3)),
    (f"T_AFTER({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a > MAY_4)),
    (f"T_BEFORE({OWN}, {BOTH})", lambda s: span(s, lambda a, b: b < MAY_3)),
    (f"T_EQUALS({OWN}, {BOTH})", lambda s: span(s, lambda a, b: (a, b) == (MAY_3, MAY_4))),
    (f"T_MEETS({OWN}, {BOTH})", lambda s: span(s, lambda a, b: b == MAY_3)),
    (f"T_METBY({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a == MAY_4)),
    (f"T_OVERLAPS({OWN}, {BOTH})", lambda s: span(s, lambda a, b: a < MAY_3 < b < MAY_4)),
    (f"T_OVERLAPPEDBY({OWN}, {BOTH})", lambda s: span(s, lambda a, b: MAY_3 < a < MAY_4 < b)),
    ("S_INTERSECTS(geometry, POINT(4.2 0.5))", lambda s: meets(s, "POINT(4.2 0.5)")),
    ("S_INTERSECTS(POINT(4.2 0.5), geometry)", lambda s: meets(s, "POINT(4.2 0.5)")),
    (f"S_INTERSECTS(geometry, {POLYGON})", lambda s: meets(s, POLYGON)),
    (f"NOT S_INTERSECTS(geometry, {POLYGON})", lambda s: not meets(s, POLYGON)),
    ("S_INTERSECTS(geometry, BBOX(4, 0, 5, 1))", lambda s: meets(s, "POLYGON((4 0, 5 0, 5 1, 4 1, 4 0))")),
    ("S_INTERSECTS(geometry, MULTIPOINT(4.2 0.5, 9 0.5))", lambda s: meets(s, "MULTIPOINT(4.2 0.5, 9 0.5)")),
    ("S_INTERSECTS(geometry, LINESTRING(4 -1, 4 2))", lambda s: meets(s, "LINESTRING(4 -1, 4 2)")),
    (
        f"(platform = 'sentinel-2a' OR level = 'L2') AND NOT eo:cloud_cover > 50 AND T_AFTER(datetime, {BOTH})",
        lambda s: (platform(s) == "sentinel-2a" or level(s) == "L2A")
        and cloud(s, lambda c: c <= 50)
        and s.sensed_at > MAY_4,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), TABLE, ids=[text for text, _ in TABLE])
def test_both_encodings_find_what_a_plain_reading_finds(
    index: SQLiteIndex, text: str, holds: Callable[[Scene], bool]
) -> None:
    expected = [one.identifier for one in SCENES if holds(one)]
    as_json = cql2.Expr(text).to_json()
    assert ids(index, cql2_filter(text, "cql2-text", Reading(meaning()))) == expected
    assert ids(index, cql2_filter(as_json, "cql2-json", Reading(meaning()))) == expected


def test_a_constellation_finds_its_satellites_and_nothing_is_known_without_one(index: SQLiteIndex) -> None:
    platforms = {one.platform: one for one in SCENES}
    assert None in platforms
    found = ids(
        index, cql2_filter("platform = 'sentinel-2' OR platform <> 'sentinel-2'", "cql2-text", Reading(meaning()))
    )
    assert found == [one.identifier for one in SCENES if one.platform is not None]
    assert constellation_iri("sentinel-2") in str(
        cql2_filter("platform = 'sentinel-2'", "cql2-text", Reading(meaning()))
    )


POINT = {"type": "Point", "coordinates": [4, 0.5]}
CLOUD, SENSED_AT, FOOTPRINT = {"property": "eo:cloud_cover"}, {"property": "datetime"}, {"property": "geometry"}


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "filter: 5 is neither"),
        (None, "filter: None is neither"),
        ("eo:cloud_cover < 5", "is neither true nor false"),
        ([], "filter: a list is neither"),
        ({}, "filter: an object of nothing is neither"),
        (CLOUD, "is neither true nor false"),
        ({"op": "=", "args": CLOUD}, "filter: an expression is neither"),
        ({"op": ["="], "args": []}, "filter: an expression is neither"),
        (op("s_dwithin", FOOTPRINT, POINT), "filter: 's_dwithin' cannot be asked for; there are and, or, not, =,"),
        (op("casei", CLOUD), "'casei' cannot"),
        (op("AND", True, True), "'AND' cannot"),
        (op("and"), "and has 0 operands"),
        (op("not", True, True), "not has 2 operands, not 1"),
        (op("=", CLOUD), "= has 1 operands, not 2"),
        (op("and", True, op("or", False, op("=", CLOUD, "x"))), r"filter(\.args\[1\]){3}: 'x' is not a number"),
        (op("=", CLOUD, True), "True is not a number"),
        (op("=", CLOUD, None), "None stands where the name of a property or a value is wanted; IS NULL asks"),
        (op("=", CLOUD, 10**400), "is not a number"),
        (op("=", CLOUD, float("nan")), "nan is not a number"),
        (op("=", CLOUD, float("inf")), "inf is not a number"),
        (op("=", CLOUD, SENSED_AT), "eo:cloud_cover: is no time"),
        (op("=", op("casei", CLOUD), 5), r"filter.args\[0\].args\[0\]: eo:cloud_cover is not a text"),
        (op("=", 1, "1"), r"filter.args\[1\]: '1' is not a number, which 1 is"),
        (op("=", {"property": "platform"}, 5), "5 is not a text"),
        (op("=", {"property": "platform"}, "\ud800"), "is not a text"),
        (op("=", {"property": "\ud800"}, 5), "is not a text"),
        (op("=", {"property": "cloudiness"}, 5), r"filter.args\[0\]: cloudiness: no property.*cloud_cover.*concept"),
        (op("=", {"property": "orr:cloudiness"}, 5), "orr:cloudiness: neither it nor.*cloud_cover.*concept"),
        (op("=", {"property": "scene.row"}, 5), "no property of this name"),
        (op("=", {"property": 5}, 5), "stands where the name of a property or a value is wanted"),
        (op("=", FOOTPRINT, POINT), "geometry: is compared by the spatial functions alone"),
        (op("<", {"property": "concept"}, "flood"), "concept: is compared with =, <> or IN alone"),
        (op("isNull", {"property": "concept"}), "concept: is compared with"),
        (op("like", {"property": "concept"}, "%"), "concept: is compared with"),
        (op("=", {"property": "concept"}, 5), "5 is not a text"),
        (op("isNull", 5), "stands where the name"),
        (op("in", CLOUD, 5), "5 is not a list"),
        (op("in", CLOUD, [1, "x"]), r"filter.args\[1\]\[1\]: 'x' is not a number"),
        (op("in", {"property": "id"}, ["x"] * 10_001), "has 10001 values; give at most 10000"),
        (op("like", CLOUD, "1%"), "is no text, which LIKE is for"),
        (op("like", {"property": "id"}, 5), "5 is not a text"),
        (op("between", CLOUD, 1), "between has 2 operands, not 3"),
        (op("between", CLOUD, [1, 2], 3), "a list is a list, which a_contains, a_containedBy, a_equals and a_overlaps"),
        (op("=", SENSED_AT, "yesterday"), "'yesterday' is not a time by RFC 3339"),
        (op("=", SENSED_AT, {"timestamp": "2024-02-30T00:00:00Z"}), "is not a time by RFC 3339"),
        (op("=", SENSED_AT, {"date": 5}), "is not a time"),
        (op("=", SENSED_AT, 5), "5 is not a time"),
        (op("t_after", CLOUD, {"date": "2024-05-01"}), "eo:cloud_cover: is no time"),
        (op("t_after", FOOTPRINT, {"date": "2024-05-01"}), "geometry: is compared by"),
        (op("t_after", 5, 6), "5 is not a time; give a timestamp, a date, an interval of two or a property"),
        (op("t_after", SENSED_AT, {"property": "platform"}), "platform: is no time"),
        (op("t_during", SENSED_AT, {"interval": ["2024-05-02", "2024-05-01"]}), "ends before it starts"),
        (op("t_during", SENSED_AT, {"interval": ["2024-05-02"]}), "is not a time"),
        (op("t_during", {"interval": [CLOUD, ".."]}, {"interval": ["..", ".."]}), r"interval\[0\]: .*: is no"),
        (op("s_intersects", CLOUD, POINT), "'eo:cloud_cover' is not geometry"),
        (op("s_within", FOOTPRINT, 5), "5 is not a geometry"),
        (op("s_within", FOOTPRINT, op("region", "NUTS")), "region has 1 operands, not 2"),
        (op("s_within", FOOTPRINT, op("region", "NUTS", 5)), "5 is not a text"),
        (op("s_within", FOOTPRINT, op("region", "NUTS", "X")), "'X' of 'NUTS' is no region .*; it knows none"),
        (op("s_within", FOOTPRINT, op("buffer", POINT, 5)), "an expression is not a geometry"),
        (op("+", CLOUD, 5), "'\\+' cannot be asked for"),
        (op("=", op("+", CLOUD, "x"), 5), "'x' is not a number"),
        (op("=", op("+", CLOUD), 5), r"\+ has 1 operands, not 2"),
        (op("=", op("month", CLOUD), 5), "eo:cloud_cover is not a time"),
        (op("=", op("month", {"date": "2024-05-01"}), 5), "a time that is written out has no need of a function"),
        (op("=", op("month", "2024-05-01"), 5), "'2024-05-01' is not a time"),
        (op("=", {"property": "platform"}, CLOUD), "eo:cloud_cover is not a text, which platform is"),
        (op("=", {"property": "instruments"}, "msi"), "instruments is a list, which a_contains"),
        (op("<", {"property": "instruments"}, {"property": "keywords"}), "instruments is a list"),
        (op("in", {"property": "instruments"}, ["msi"]), "instruments is a list"),
        (op("like", {"property": "instruments"}, "msi"), "instruments: is no text"),
        (op("like", {"property": "id"}, {"property": "platform"}), "platform is not a text; a pattern is written out"),
        (op("a_contains", {"property": "platform"}, ["x"]), "platform is not a list"),
        (op("a_contains", {"property": "instruments"}, "x"), "'x' is not a list"),
        (op("a_contains", {"property": "instruments"}, [["x"]]), "members other than texts and numbers"),
        (op("a_contains", {"property": "instruments"}, [5]), "has numbers, where instruments has texts"),
        (op("a_overlaps", {"property": "instruments"}, ["x"] * 10_001), "has 10001 values; give at most 10000"),
        (op("s_intersects", FOOTPRINT, {"type": "Point", "coordinates": [400, 0]}), r"filter\.args\[1\]: .*outside"),
        (op("s_intersects", FOOTPRINT, {"type": "Curve"}), "is not a GeoJSON geometry"),
        (op("s_intersects", FOOTPRINT, {"bbox": [1, 2, 3]}), r"filter\.args\[1\]: has 3 numbers"),
        (op("s_intersects", FOOTPRINT, {"bbox": "x"}), "is not a list of numbers"),
    ],
)  # fmt: skip
def test_what_cannot_be_compiled_is_refused_with_its_place(value: Any, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message) as refused:
        cql2_filter(value, "cql2-json", Reading(meaning()))
    assert str(refused.value).startswith("filter")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, character 1: expected"),
        ("eo:cloud_cover <", "line 1, character 17: expected"),
        ("eo:cloud_cover < 5\nAND <", r"line 2, character \d: expected"),
        ("eo:cloud_cover < 5; DROP TABLE scene", "line 1, character 19"),
        ("eo:cloud_cover < 5 -- ", "is not CQL2 text"),
        ("id = 'x' OR 1='1'", "'1' is not a number, which 1.0 is"),
        ("id = 'x' UNION SELECT 1", "is not CQL2 text"),
        ("foo(id) = 'x'", "'foo' is no function of values; there are .*month"),
        ("foo(id)", "'foo' cannot be asked for"),
        ("eo:cloud_cover + id > 2", "id is not a number"),
        ("eo:cloud_cover = NULL", "None stands where the name of a property or a value is wanted"),
        ("eo:cloud_cover < platform", "platform is not a number, which eo:cloud_cover is"),
        (
            "cloudcover < 5 AND snow > 6",
            "filter: cloudcover, snow: no property of .* did you mean cloud_cover.*snow_cover",
        ),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", "fewer than the four positions"),
        ("S_INTERSECTS(geometry, POINT(999 0))", "outside"),
        ("A_CONTAINS(id, ('x', 'y'))", "id is not a list"),
        ("\ud800", "is not a text"),
        (5, "is not a text, which cql2-text is"),
        ({"op": "=", "args": []}, "is not a text, which cql2-text is"),
        ("(" * 9 + "true" + ")" * 9, "brackets nested 9 deep"),
        ("(" * 100_000, "brackets nested"),
        ("NOT " * 100_000 + "true", "more than 1000 operators"),
        ("not" * 100_000 + "true", "more than 1000 operators"),
        ("-" * 100_000 + "1 = gsd", "more than 1000 operators"),
        ("gsd" + "=1" * 100_000, "more than 1000 operators"),
        ("or" + " = or" * 100_000, "more than 1000 operators"),
        ("gsd = 1" + " + 1" * 100_000, "more than 1000 operators"),
        ("gsd = 1" + " in (1)" * 100_000, "more than 1000 operators"),
        ("()" * 100_000, "more than 1000 operators"),
        ("true" + " AND true" * 100_000, "more than 4000 times AND or OR"),
        ("true" + " AND true OR false" * 100_000, "more than 4000 times AND or OR"),
        ('"a\'" = 1' + " + 1" * 100_000 + " AND id = 'x'", "more than 1000 operators"),
        ("gsd IN (1 " + "-1 " * 100_000 + ")", "more than 1000 operators"),
        ("gsd = 1" + " + 1" * 900, "nested"),
        ("casei(" * 9 + "id" + ")" * 9 + " = 'x'", "brackets nested 9 deep"),
    ],
)
def test_text_that_does_not_parse_is_refused_with_its_place(text: Any, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message) as refused:
        cql2_filter(text, "cql2-text", Reading(meaning()))
    assert str(refused.value).startswith("filter")


def test_quoted_text_is_no_operator(index: SQLiteIndex) -> None:
    text = "id IN ('S03', '" + "((((((((((((" * 1000 + "', 'it''s NOT NOT', '" + "NOT " * 5000 + "')"
    assert ids(index, cql2_filter(text, "cql2-text", Reading(meaning()))) == ["S03"]


def test_long_lists_and_many_alternatives_are_found(index: SQLiteIndex) -> None:
    names = [f"S{n:02}" for n in range(10_000)]
    listed = "id IN ('" + "', '".join(names) + "')"
    assert len(ids(index, cql2_filter(listed, "cql2-text", Reading(meaning())))) == 36
    either = " OR ".join(f"id = '{name}'" for name in names[:900])
    assert len(ids(index, cql2_filter(either, "cql2-text", Reading(meaning())))) == 36
    wide = op("or", *(op("=", {"property": "concept"}, "flood") for _ in range(5000)), True)
    assert len(ids(index, cql2_filter(wide, "cql2-json", Reading(meaning())))) == 36


@pytest.mark.parametrize("levels", [16, 30, 5000])
def test_nesting_is_answered_or_refused(index: SQLiteIndex, levels: int) -> None:
    value: Any = op("s_intersects", FOOTPRINT, POINT)
    for n in range(levels):
        value = op("not", value) if n % 2 else op("or", op("=", {"property": "concept"}, "flood"), value)
    if levels == 16:
        assert ids(index, cql2_filter(value, "cql2-json", Reading(meaning()))) == ["S03", "S04"]
    else:
        with pytest.raises(RequestInvalid, match="nested more than"):
            index.search(cql2_filter(value, "cql2-json", Reading(meaning())))


GSD = {"property": "gsd"}


@pytest.mark.parametrize(
    "deeper",
    [
        lambda inner: op("abs", inner),
        lambda inner: op("+", 1, inner),
        lambda inner: op("^", inner, 1),
        lambda inner: op("least", 1, inner),
        lambda inner: op("greatest", op("/", inner, GSD), GSD),
    ],
)
@pytest.mark.parametrize("around", [0, 6, 12])
def test_values_in_values_are_answered_or_refused(
    index: SQLiteIndex, around: int, deeper: Callable[[Any], Any]
) -> None:
    value: Any = GSD
    answered = 0
    for _ in range(25):
        condition: Any = op("=", value, 5)
        for n in range(around):
            condition = (
                op("not", condition) if n % 2 else op("or", condition, op("=", {"property": "concept"}, "flood"))
            )
        try:
            ids(index, cql2_filter(condition, "cql2-json", Reading(meaning())))
        except RequestInvalid:
            break
        answered += 1
        value = deeper(value)
    assert 3 <= answered < 25


def test_long_lists_of_any_values_are_answered_or_refused(index: SQLiteIndex) -> None:
    instruments, title = {"property": "instruments"}, {"property": "title"}
    for listed in ([f"x{n}" for n in range(10_000)], [title] * 100):
        assert ids(index, cql2_filter(op("a_overlaps", instruments, listed), "cql2-json", Reading(meaning()))) == []
    with pytest.raises(RequestInvalid, match="a list with properties in it has 101 members"):
        ids(index, cql2_filter(op("a_overlaps", instruments, [title] * 101), "cql2-json", Reading(meaning())))
    for choices in ([op("casei", {"property": "id"})] * 5000, [f"s{n:02}" for n in range(9000)]):
        among = op("in", op("casei", {"property": "id"}), choices)
        assert len(ids(index, cql2_filter(among, "cql2-json", Reading(meaning())))) == 36


@pytest.mark.parametrize(
    "name", ["nothing at all", "orr:Nothing", "code:AnomalyType-nothing", "", "orr:cloudCover", "x" * 5000]
)
def test_unknown_concept_is_told(name: str) -> None:
    with pytest.raises(TermUnknown, match="the ontology has no class or code or individual"):
        cql2_filter(op("=", {"property": "concept"}, name), "cql2-json", Reading(meaning()))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2024-05-03", "..", "flood", "sentinel-2", "S%", "L2"])
    | st.sampled_from(["id", "platform", "datetime", "eo:cloud_cover", "geometry", "concept", "orr:cloudCover"]).map(
        lambda name: {"property": name}
    )
    | st.sampled_from([POINT, {"bbox": [1, 2, 3, 4]}, {"date": "2024-05-03"}, {"interval": ["..", "2024-05-03"]}]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["op", "args", "property", "interval", "bbox", "type"]), inner, max_size=2)
        | st.builds(
            lambda name, args: op(name, *args),
            st.sampled_from(
                ["and", "or", "not", "=", "<>", "between", "in", "like", "isNull", "s_intersects", "t_during", "casei"]
            ),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(VALUES)
def test_any_json_is_answered_or_refused(index: SQLiteIndex, value: Any) -> None:
    try:
        tree = cql2_filter(value, "cql2-json", Reading(meaning()))
    except (RequestInvalid, TermUnknown) as refused:
        str(refused).encode()
    else:
        ids(index, tree)


TOKENS = st.sampled_from(
    ["eo:cloud_cover", "id", "geometry", "datetime", "concept", "'S03'", "'flood'", "5", "-1e3", "=", "<>", "<", "AND",
     "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "(", ")", ",", "POINT", "T_AFTER(", "DATE('2024-05-03')",
     "true", "TIMESTAMP('2024-05-03T25:00:00Z')", "INTERVAL('..','..')", "BBOX(1,2,3,4)", "'", '"', "+", "^", ";", "\0"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(TOKENS, max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_is_answered_or_refused(index: SQLiteIndex, text: str) -> None:
    try:
        tree = cql2_filter(text, "cql2-text", Reading(meaning()))
    except (RequestInvalid, TermUnknown) as refused:
        str(refused).encode()
    else:
        ids(index, tree)

"""Queries with candidates answer as they do without."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.spatial import rewriting
from graph_service.spatial.relations import APART, MEETING
from tests.graph_service.spatial.places import (
    AUDIENCE,
    EX,
    LATITUDE_FIRST,
    UTM,
    Places,
    feature,
    random_places,
    random_shape,
)

PREFIXES = f"PREFIX ex: <{EX}> "
SCENES = "?s a ex:Place ; geo:hasDefaultGeometry/geo:asWKT ?w ."


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates are used however little they help."""
    monkeypatch.setattr(rewriting, "_WORTH", 0)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    opened = random_places(tmp_path_factory.mktemp("many"), 1)
    yield opened
    opened.close()


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    opened = Places(tmp_path)
    yield opened
    opened.close()


def literal(wkt: str) -> str:
    return f'"{wkt}"^^geo:wktLiteral'


AREA = literal("POLYGON((1 1,4 1,4 4,1 4,1 1))")
MEETS = f"FILTER(geof:sfIntersects(?w, {AREA}))"

ACCELERATED = [
    f"SELECT ?s {{ {SCENES} {MEETS} }}",
    f"SELECT ?s {{ {MEETS} {SCENES} }}",
    f"SELECT * {{ {SCENES} {MEETS} }}",
    "SELECT * { ?w ex:no ?z . } ".replace("?w ex:no ?z .", f"{SCENES} ?s ex:number ?n {MEETS} FILTER(?n > 2)"),
    f"SELECT ?s {{ ?s geo:hasGeometry ?g . ?g geo:asWKT ?w {MEETS} }}",
    f"SELECT ?g {{ ?g geo:asWKT ?w {MEETS} }}",
    f"SELECT ?s {{ ?s geo:hasGeometry [ geo:asWKT ?w ; a ?t ] {MEETS} }}",
    f"SELECT ?s {{ ?s geo:hasGeometry _:x . FILTER(?s != ex:f1) _:x geo:asWKT ?w {MEETS} }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:sfWithin(?w, {AREA}) && ?s != ex:f3) }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:sfContains({AREA}, ?w)) }}",
    f"SELECT ?s {{ {SCENES} BIND({AREA} AS ?area) FILTER(geof:sfIntersects(?w, ?area)) }}",
    f"SELECT ?s ?n {{ {SCENES} OPTIONAL {{ ?s ex:number ?n FILTER(?n < 3) }} {MEETS} }}",
    f"SELECT ?s ?n {{ OPTIONAL {{ ?s ex:number ?n }} {SCENES} {MEETS} }}",
    f"SELECT ?s {{ {SCENES} MINUS {{ ?s ex:number 3 }} {MEETS} }}",
    f"SELECT ?s {{ {SCENES} FILTER EXISTS {{ ?s ex:number 3 }} {MEETS} }}",
    f"SELECT ?s {{ {SCENES} {MEETS} FILTER(BOUND(?w) || ?s = ex:f1) }}",
    f"SELECT ?s ?b {{ {SCENES} {MEETS} BIND(geof:sfWithin(?w, {AREA}) AS ?b) }}",
    f"SELECT ?s {{ {{ {SCENES} {MEETS} }} UNION {{ ?s ex:number 3 }} }}",
    f"SELECT ?s {{ {{ {SCENES} {MEETS} }} UNION {{ ?s a ex:Field ; geo:hasGeometry/geo:asWKT ?w {MEETS} }} }}",
    f"SELECT ?s {{ {{ SELECT ?s {{ {SCENES} {MEETS} }} ORDER BY ?s ?w LIMIT 3 }} }}",
    f"SELECT (COUNT(*) AS ?n) {{ {SCENES} {MEETS} }}",
    f"SELECT ?n (COUNT(DISTINCT ?s) AS ?k) {{ {SCENES} ?s ex:number ?n {MEETS} }} GROUP BY ?n HAVING(COUNT(?s) > 1)",
    f"SELECT DISTINCT ?n {{ {SCENES} ?s ex:number ?n {MEETS} }} ORDER BY ?n",
    f"ASK {{ {SCENES} {MEETS} }}",
    f"CONSTRUCT {{ ?s ex:in ex:area }} WHERE {{ {SCENES} {MEETS} }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:distance(?w, {literal('POINT(3 3)')}, uom:metre) < 90000) }}",
    f"SELECT ?s {{ {SCENES} FILTER(90000.5 >= geof:distance({literal('POINT(3 3)')}, ?w, uom:metre)) }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:metricDistance(?w, {literal('POINT(3 3)')}) <= 9.0e4) }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, {literal(LATITUDE_FIRST + 'POINT(3 2)')})) }}",
    f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, {literal(UTM + 'POINT(100000 300000)')})) }}",
    "SELECT ?s ?z { ?s a ex:Place ; geo:hasDefaultGeometry/geo:asWKT ?w . ?z a ex:Field ; "
    "geo:hasDefaultGeometry/geo:asWKT ?v FILTER(geof:sfIntersects(?w, ?v)) }",
]

UNTOUCHED = [
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, {AREA}) || ?s = ex:f1) }}", None),
    (f"SELECT ?s {{ {SCENES} FILTER(!geof:sfIntersects(?w, {AREA})) }}", None),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfDisjoint(?w, {AREA})) }}", "apart"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:distance(?w, {AREA}, uom:metre) > 5) }}", "farther"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:distance(?w, {AREA}, ex:ell) < 5) }}", "unit"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:distance(?w, {AREA}, ?s) < 5) }}", "unit"),
    (f"SELECT ?s {{ ?s a ex:Place OPTIONAL {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w {MEETS} }} }}", "OPTIONAL"),
    (f"SELECT ?s {{ ?s a ex:Place OPTIONAL {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w }} {MEETS} }}", "no triple"),
    (f"SELECT ?s {{ ?s a ex:Place MINUS {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w {MEETS} }} }}", "MINUS"),
    (f"SELECT ?s {{ ?s a ex:Place FILTER NOT EXISTS {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w {MEETS} }} }}", None),
    (f"SELECT ?s {{ ?s geo:hasDefaultGeometry/geo:asWKT|geo:asGML ?w {MEETS} }}", "no triple"),
    (f"SELECT ?s {{ ?s ex:part/geo:hasDefaultGeometry/geo:asWKT ?w {MEETS} }}", "no triple"),
    (f"SELECT ?s {{ GRAPH ?g {{ {SCENES} {MEETS} }} }}", "joins"),
    (f"SELECT ?s {{ VALUES ?s {{ ex:f1 ex:f2 }} {SCENES} {MEETS} }}", "joins"),
    (f"SELECT ?s FROM <{EX}g> {{ {SCENES} {MEETS} }}", "names its graphs"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects({literal(UTM + 'POINT(0 0)')}, ?w)) }}", "projected"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, {literal('POLYGON EMPTY')})) }}", "empty"),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, 'nowhere')) }}", None),
    (f"SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, ?w)) }}", "same variable"),
]


@pytest.mark.parametrize("query", ACCELERATED)
def test_an_accelerated_query_answers_as_before(many: Places, query: str) -> None:
    for audiences in ((), (AUDIENCE,)):
        assert many.plan(PREFIXES + query, audiences).accelerated is not None
        plain, accelerated = many.answers(PREFIXES + query, audiences)
        assert plain == accelerated
        assert plain


@pytest.mark.parametrize(("query", "reason"), UNTOUCHED)
def test_what_is_not_proved_equivalent_is_left_alone(many: Places, query: str, reason: str | None) -> None:
    plan = many.plan(PREFIXES + query)
    assert plan.accelerated is None
    assert plan.text == PREFIXES + query
    assert reason is None or any(reason in (one.reason or "") for one in plan.findings)


@pytest.mark.parametrize("name", sorted(MEETING | APART))
@pytest.mark.parametrize("form", ["geof:{0}(?w, {1})", "geof:{0}({1}, ?w)"])
def test_every_relation_answers_as_before(many: Places, name: str, form: str) -> None:
    query = f"{PREFIXES} SELECT ?s ?w {{ {SCENES} FILTER({form.format(name, AREA)}) }}"
    plain, accelerated = many.answers(query, (AUDIENCE,))
    assert plain == accelerated
    assert (many.plan(query).accelerated is None) == (name in APART)


PATTERNS = ("?{v} geo:hasDefaultGeometry/geo:asWKT ?{w} .", "?{v} geo:hasGeometry ?g{v} . ?g{v} geo:asWKT ?{w} .")
MORE = ("", "?a a ex:Place .", "?a ex:number ?n .", "OPTIONAL { ?a ex:number ?n FILTER(?n > 3) }", "BIND(?a AS ?z)")
TAILS = ("", "FILTER(?a != ex:f1)", "MINUS { ?a ex:number 2 }", "FILTER NOT EXISTS { ?a ex:number 4 }")
HEADS = ("SELECT *", "SELECT DISTINCT ?a", "SELECT (COUNT(*) AS ?k)", "ASK")


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Queries with one or two geometries and filters of every shape."""
    choose = random.Random(draw(st.integers(0, 2**20)))
    area = literal(shapely.to_wkt(random_shape(choose)))
    name = draw(st.sampled_from(sorted(MEETING | APART)))
    conditions = [f"geof:{name}(?u, {area})", f"geof:{name}({area}, ?u)", f"geof:metricDistance(?u, {area}) < 70000"]
    condition = draw(st.sampled_from(conditions))
    pattern = draw(st.sampled_from(PATTERNS)).format(v="a", w="u")
    if draw(st.booleans()):
        pattern += " " + draw(st.sampled_from(PATTERNS)).format(v="b", w="v")
        other = f"geof:{draw(st.sampled_from(sorted(MEETING)))}(?u, ?v)"
        condition = draw(st.sampled_from((other, f"{other} && {condition}")))
    condition = draw(st.sampled_from(("{}", "!({})", "({}) || ?a = ex:f2", "({}) && ?a != ex:f2"))).format(condition)
    parts = [pattern, f"FILTER({condition})", draw(st.sampled_from(MORE)), draw(st.sampled_from(TAILS))]
    body = " ".join(draw(st.permutations(parts[1:]))) if draw(st.booleans()) else " ".join(parts[1:])
    group = f"{pattern} {body}" if draw(st.booleans()) else f"{body} {pattern}"
    if draw(st.booleans()):
        group = draw(st.sampled_from(("{{ {} }}", "{{ {} }} UNION {{ ?a ex:number 3 }}", "?a a ?t {{ {} }}"))).format(
            group
        )
    return f"{PREFIXES} {draw(st.sampled_from(HEADS))} {{ {group} }}"


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries(), restricted=st.booleans())
def test_random_queries_answer_as_before(many: Places, query: str, restricted: bool) -> None:
    plain, accelerated = many.answers(query, (AUDIENCE,) if restricted else ())
    assert plain == accelerated


def test_candidates_are_of_the_graphs_that_the_caller_may_see(places: Places) -> None:
    places.write(feature("open", "POINT(2 2)"))
    places.write(feature("closed", "POINT(2 2)"), audience=AUDIENCE)
    query = f"{PREFIXES} SELECT ?s {{ {SCENES} {MEETS} }}"
    assert "closed" not in str(places.plan(query).document(query))
    assert "closed" in str(places.plan(query, (AUDIENCE,)).document(query))


@pytest.mark.parametrize(
    ("wkt", "area"),
    [
        ("MULTIPOLYGON(((179 0,180 0,180 1,179 1,179 0)),((-180 0,-179 0,-179 1,-180 1,-180 0)))", "POINT(-179.5 0.5)"),
        ("POLYGON((179 0,181 0,181 1,179 1,179 0))", "POINT(180.5 0.5)"),
        ("POINT(180 0)", "POINT(-179.9 0)"),
        ("POINT(10 89.9)", "POINT(-170 89.9)"),
        ("POINT(200 0)", "POINT(-160.1 0)"),
        ("POINT(-179.99 10)", "POLYGON((170 9,179.9 9,179.9 11,170 11,170 9))"),
    ],
)
@pytest.mark.parametrize("form", ["geof:sfIntersects(?w, {})", "geof:metricDistance(?w, {}) < 30000"])
def test_the_antimeridian_and_the_poles_hide_nothing(places: Places, wkt: str, area: str, form: str) -> None:
    places.write(feature("there", wkt))
    places.write(feature("elsewhere", "POINT(50 50)"))
    plain, accelerated = places.answers(f"{PREFIXES} SELECT ?s {{ {SCENES} FILTER({form.format(literal(area))}) }}")
    assert plain == accelerated


def test_a_geometry_in_a_projected_system_is_always_a_candidate(places: Places) -> None:
    places.write(feature("projected", UTM + "POLYGON((500000 0,700000 0,700000 200000,500000 200000,500000 0))"))
    places.write(feature("far", "POINT(-60 20)"))
    query = f"{PREFIXES} SELECT ?s {{ {SCENES} FILTER(geof:sfIntersects(?w, {literal('POINT(9.5 1)')})) }}"
    plain, accelerated = places.answers(query)
    assert plain == accelerated
    assert sum(plain[1].values()) == 1


def test_a_candidate_without_an_iri_leaves_the_query_alone(places: Places) -> None:
    blank = [(f"<{EX}s>", "<http://www.opengis.net/ont/geosparql#hasGeometry>", "_:g")]
    blank += [("_:g", "<http://www.opengis.net/ont/geosparql#asWKT>", feature("x", "POINT(2 2)")[-1][2])]
    places.write(blank)
    by_feature = f"SELECT ?s {{ ?s geo:hasGeometry/geo:asWKT ?w {MEETS} }}"
    assert places.plan(by_feature).accelerated is not None
    plain, accelerated = places.answers(by_feature)
    assert plain == accelerated
    assert sum(plain[1].values()) == 1
    by_geometry = places.plan(f"SELECT ?g {{ ?g geo:asWKT ?w {MEETS} }}")
    assert by_geometry.accelerated is None
    assert by_geometry.findings[0].reason == "a candidate is a blank node, or an IRI that no query can have"


def test_an_index_that_is_behind_is_not_used(places: Places) -> None:
    places.write(feature("one", "POINT(2 2)"))
    places.graph.apply(change=2, remove={}, add={None: feature("two", "POINT(3 3)")})
    places.index.apply(2, rows=())
    plan = places.plan(f"{PREFIXES} SELECT ?s {{ {SCENES} {MEETS} }}")
    assert plan.accelerated is None


def test_a_rare_pattern_leaves_no_room_for_candidates(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_WORTH", 6)
    some = [feature(f"f{k}", f"POINT({k / 5} 2)") for k in range(800)]
    places.write([one for statements in some for one in statements])
    query = f"SELECT ?s {{ {SCENES} {MEETS} }}"
    assert places.plan(PREFIXES + query).accelerated is not None
    rare = places.plan(f"{PREFIXES} SELECT ?s {{ {SCENES} ?s ex:rare 3 {MEETS} }}")
    assert rare.accelerated is None
    assert "another pattern" in str(rare.findings[0].reason)

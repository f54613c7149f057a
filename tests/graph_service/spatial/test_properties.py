"""Topological properties hold where the geometries of things say so, and where somebody does."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from graph_service.spatial.relations import MEETING
from ontology import terms
from tests.graph_service.spatial.places import EX, Places, feature, random_shape

PREFIXES = f"PREFIX ex: <{EX}> "
SHAPES = {name: random_shape(random.Random(seed)) for seed, name in enumerate("abcdefghijkl")}
PREDICATES = {
    "sfWithin": shapely.within,
    "sfContains": shapely.contains,
    "sfIntersects": shapely.intersects,
    "sfTouches": shapely.touches,
    "sfEquals": shapely.equals,
    "sfDisjoint": shapely.disjoint,
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    opened = Places(tmp_path_factory.mktemp("properties"))
    for number, (name, shape) in enumerate(SHAPES.items()):
        opened.write(feature(name, shapely.to_wkt(shape), kind="Place" if number % 2 else "Field"))
    # Said twice over: stated, and in two serialisations.
    opened.write(
        [(f"<{EX}a>", f"<{terms.GEO}sfWithin>", f"<{EX}a>"), (f"<{EX}a>", f"<{terms.GEO}sfWithin>", f"<{EX}x>")]
    )
    opened.write([feature("b", shapely.to_geojson(SHAPES["b"]).replace('"', '\\"'), property_name="asGeoJSON",
                          datatype="geoJSONLiteral")[-1]])  # fmt: skip
    yield opened
    opened.close()


def rows(places: Places, query: str) -> Any:
    plan = places.plan(PREFIXES + query)
    plain, accelerated = places._answer(plan.text, ()), places._answer(plan.accelerated or plan.text, ())
    assert plain == accelerated
    return plain


def short(found: Any) -> Counter[tuple[str, ...]]:
    return Counter({tuple(one[1:-1].removeprefix(EX) for one in row): n for row, n in found[1].items()})


@pytest.mark.parametrize("name", sorted(PREDICATES))
def test_features_are_related_as_their_geometries_are(places: Places, name: str) -> None:
    holds = PREDICATES[name]
    expected = Counter((a, b) for a in SHAPES for b in SHAPES if holds(SHAPES[a], SHAPES[b]))
    if name == "sfWithin":
        expected |= Counter([("a", "a"), ("a", "x")])
    typed = f"SELECT ?a ?b {{ ?a geo:{name} ?b FILTER(!CONTAINS(STR(?a), '#') && !CONTAINS(STR(?b), '#')) }}"
    assert short(rows(places, typed)) == expected
    for one in ("a", "e"):
        by_subject = Counter((b,) for a, b in expected if a == one)
        filtered = "FILTER(!CONTAINS(STR(?v), '#'))"
        assert short(rows(places, f"SELECT ?v {{ ex:{one} geo:{name} ?v {filtered} }}")) == by_subject
        by_object = Counter((a,) for a, b in expected if b == one)
        assert short(rows(places, f"SELECT ?v {{ ?v geo:{name} ex:{one} {filtered} }}")) == by_object


def test_geometries_are_related_as_well_as_features(places: Places) -> None:
    found = short(rows(places, "SELECT ?v { ?v geo:sfEquals ex:c }"))
    assert found[("c",)] == found[("c#footprint",)] == 1


@pytest.mark.parametrize("one", ["a", "c"])
def test_two_given_things_are_related_or_not(places: Places, one: str) -> None:
    assert rows(places, f"ASK {{ ex:{one} geo:sfEquals ex:{one} }}") is True
    assert rows(places, f"ASK {{ ex:{one} geo:sfDisjoint ex:{one} }}") is False
    assert rows(places, f"ASK {{ ex:{one} geo:sfWithin ex:x }}") is (one == "a")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?a ?b { ?a a ex:Field . ?b a ex:Place . ?a geo:sfIntersects ?b }",
        "SELECT ?a ?b { ?a a ex:Field OPTIONAL { ?a geo:sfTouches ?b } }",
        "SELECT ?a { ?a a ex:Field FILTER NOT EXISTS { ?a geo:sfTouches ?b . ?b a ex:Place } }",
        "SELECT ?a { ?a a ex:Field MINUS { ?a geo:sfTouches ?b . ?b a ex:Place } }",
        "SELECT ?g ?a { GRAPH ?g { ?a geo:sfTouches ?b } }",
        "SELECT ?a (COUNT(*) AS ?n) { ?a a ex:Field ; geo:sfIntersects ?b } GROUP BY ?a",
        "SELECT * { ?a a ex:Field ; geo:sfIntersects ex:c }",
    ],
)
def test_a_query_answers_as_if_the_relations_were_stated(places: Places, tmp_path: Path, query: str) -> None:
    stated = Places(tmp_path)
    for quad in (q for iri in (terms.TYPE, f"{EX}number") for q in places.graph.quads_with(iri)):
        stated.write([(str(quad.subject), str(quad.predicate), str(quad.object))])
    for name in ("sfIntersects", "sfTouches"):
        for (a, b), _ in short(rows(places, f"SELECT ?a ?b {{ ?a geo:{name} ?b }}")).items():
            stated.write([(f"<{EX}{a}>", f"<{terms.GEO}{name}>", f"<{EX}{b}>")])
    expected = stated._answer(PREFIXES + query, ())
    assert rows(places, query) == expected
    stated.close()


@pytest.mark.parametrize("name", sorted(MEETING))
def test_candidates_change_nothing(places: Places, name: str) -> None:
    rows(places, f"SELECT ?a ?b {{ ?a geo:{name} ?b }}")
    rows(places, f"SELECT ?a {{ ?a geo:{name} ex:d }}")
    rows(places, f"SELECT ?a {{ ex:d geo:{name} ?a }}")


def test_a_query_without_such_a_property_stays_as_it_is(places: Places) -> None:
    query = "SELECT ?s { ?s geo:hasDefaultGeometry ?g }"
    assert places.plan(query).text == query

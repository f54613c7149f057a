"""What follows from the vocabulary of GeoSPARQL is found in whatever stands in the graph, whoever wrote it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.spatial.entailing import RECORDS_TELL
from graph_service.store.dataset import LISTS
from ontology import terms
from ontology.identifiers import BASE, CATALOGUE
from ontology.triples import Statement, statements
from tests.graph_service.builders import scene_of
from tests.graph_service.spatial.places import AUDIENCE, EX, Places

SF = "http://www.opengis.net/ont/sf#"
PREFIXES = f"PREFIX ex: <{EX}> PREFIX sf: <{SF}> "
FEATURES = PREFIXES + "SELECT ?f { ?f a geo:Feature }"
POLYGON = '"POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"^^<' + terms.WKT_LITERAL + ">"
"""Of a user, whose classes and properties say less than those of records."""


def triple(subject: str, predicate: str, value: str) -> Statement:
    ends = [one if one.startswith('"') else f"<{one}>" for one in (subject, predicate, value)]
    return ends[0], ends[1], ends[2]


OWN = [
    triple(EX + "field", terms.HAS_DEFAULT_GEOMETRY, EX + "outline"),
    triple(EX + "outline", terms.TYPE, SF + "Polygon"),
    triple(EX + "outline", terms.AS_WKT, POLYGON),
]


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    opened = Places(tmp_path)
    yield opened
    opened.close()


def found(places: Places, query: str, audiences: tuple[str, ...] = ()) -> list[str]:
    """Solutions of one variable, without namespaces, each as often as it is found."""
    plan = places.plan(query, audiences)
    (_, rows), planned = (places._answer(one, audiences) for one in (plan.text, plan.accelerated or plan.text))
    assert rows == planned[1]
    return sorted(row[0].strip("<>").removeprefix(EX) for row in rows.elements())


def test_what_a_user_states_is_found_by_what_follows(places: Places) -> None:
    places.write(OWN)
    assert found(places, FEATURES) == ["field"]
    assert found(places, PREFIXES + "SELECT ?g { ?g a geo:Geometry }") == ["outline"]
    assert found(places, PREFIXES + "SELECT ?g { ?f geo:hasGeometry ?g }") == ["outline"]


def test_it_is_found_at_once_and_no_longer_than_it_stands(places: Places) -> None:
    assert found(places, FEATURES) == []
    places.write(OWN)
    assert found(places, FEATURES) == ["field"]
    places.write([], remove=OWN)
    assert found(places, FEATURES) == []


def test_what_an_audience_sees_is_found_by_it_alone(places: Places) -> None:
    places.write(OWN, audience=AUDIENCE)
    assert found(places, FEATURES, (AUDIENCE,)) == ["field"]
    assert found(places, FEATURES) == []


def test_a_named_graph_has_what_follows_from_it(places: Places) -> None:
    places.write(OWN, audience=EX + "named")
    asked = PREFIXES + "SELECT ?f { GRAPH ex:named { ?f a geo:Feature ; geo:hasGeometry ?g } }"
    assert found(places, asked, (EX + "named",)) == ["field"]
    assert "hasDefaultGeometry" in places.planner.related(FEATURES)


def test_records_say_what_the_planner_takes_for_granted() -> None:
    said = set(statements(scene_of()))
    for subject, predicate, value in said:
        iri = predicate[1:-1]
        if iri in RECORDS_TELL.properties:
            assert (subject, f"<{terms.HAS_GEOMETRY}>", value) in said
        if iri in RECORDS_TELL.values:
            assert (value, f"<{terms.TYPE}>", f"<{terms.GEOMETRY}>") in said
        if iri == terms.AS_WKT:
            assert (subject, f"<{terms.TYPE}>", f"<{terms.GEOMETRY}>") in said


def test_of_records_alone_geometries_are_asked_for_as_they_are(places: Places) -> None:
    places.write(list(statements(scene_of())))
    asked = "SELECT ?f { ?f geo:hasGeometry ?g . ?g a geo:Geometry ; geo:asWKT ?w }"
    assert not places.planner._entailing.concerns(asked)
    assert places.plan(asked).text == asked
    assert len(found(places, FEATURES)) == 1


def test_a_place_beyond_the_catalogue_is_noticed(places: Places) -> None:
    places.write(list(statements(scene_of())))
    places.write(OWN)
    asked = "SELECT ?f { ?f geo:hasGeometry/geo:asWKT ?w }"
    assert [one.startswith(BASE) for one in found(places, asked)] == [False, True]


def test_the_index_helps_where_properties_are_widened(places: Places) -> None:
    for number in range(300):
        node = f"{EX}f{number}"
        wkt = f'"POINT ({number % 90} {number // 90})"^^<{terms.WKT_LITERAL}>'
        link = terms.HAS_DEFAULT_GEOMETRY if number % 2 else terms.HAS_GEOMETRY
        places.write([triple(node, link, node + "g"), triple(node + "g", terms.AS_WKT, wkt)])
    area = '"POLYGON ((0.5 -1, 4.5 -1, 4.5 0.5, 0.5 0.5, 0.5 -1))"^^geo:wktLiteral'
    asked = "SELECT ?f { ?f a geo:Feature ; geo:hasGeometry/geo:asWKT ?w FILTER(geof:sfIntersects(?w, " + area + ")) }"
    assert found(places, asked) == ["f1", "f2", "f3", "f4"]
    assert places.plan(asked).accelerated is not None


MINE = [
    triple(EX + "Lake", terms.RDFS + "subClassOf", terms.GEO + "Feature"),
    triple(EX + "shore", terms.RDFS + "subPropertyOf", terms.HAS_DEFAULT_GEOMETRY),
    triple(EX + "como", terms.TYPE, EX + "Lake"),
    triple(EX + "iseo", EX + "shore", EX + "line"),
]


def test_a_schema_in_the_graph_counts_where_the_query_asks_for_it(places: Places) -> None:
    places.write(MINE)
    assert found(places, FEATURES) == []
    assert found(places, "# INFERENCE\n" + FEATURES) == ["como", "iseo"]
    assert found(places, "# INFERENCE\n" + PREFIXES + "SELECT ?g { ?f geo:hasGeometry ?g }") == ["line"]


def test_a_schema_that_the_caller_does_not_see_does_not_count(places: Places) -> None:
    places.write(MINE[:2], audience=AUDIENCE)
    places.write(MINE[2:])
    assert found(places, "# INFERENCE\n" + FEATURES) == []
    assert found(places, "# INFERENCE\n" + FEATURES, (AUDIENCE,)) == ["como", "iseo"]


def test_a_schema_counts_in_the_graphs_that_are_asked(places: Places) -> None:
    places.write([*MINE, triple(CATALOGUE, LISTS, EX + "mine")])
    places.write([*MINE[:2], *(triple(EX + "garda", one[1][1:-1], one[2][1:-1]) for one in MINE[2:3])],
                 audience=EX + "mine")  # fmt: skip
    asked = PREFIXES + "SELECT ?f { ?f a geo:Feature }"
    from_mine = "# INFERENCE\n" + asked.replace("{", f"FROM <{EX}mine> {{", 1)
    assert f"{EX}Lake" in places.plan(from_mine).text
    assert f"{EX}Lake" in places.planner.related("# INFERENCE\n" + asked, (), (EX + "mine",))
    assert f"{EX}Lake" not in places.planner.related("# INFERENCE\n" + asked, (), (AUDIENCE,))


def test_a_graph_that_nobody_may_see_adds_nothing(places: Places) -> None:
    places.write(MINE, audience=AUDIENCE)
    asked = "# INFERENCE\n" + PREFIXES + f"SELECT ?f FROM <{AUDIENCE}> {{ ?f a geo:Feature }}"
    assert f"{EX}Lake" not in places.plan(asked).text
    assert f"{EX}Lake" in places.plan(asked, (AUDIENCE,)).text


def test_it_is_told_what_was_done(places: Places) -> None:
    places.write(OWN)
    (finding,) = places.plan(FEATURES).findings
    assert finding.condition.endswith("geo:Feature")
    assert finding.done == f"found by subjects of <{terms.HAS_DEFAULT_GEOMETRY}>"


@pytest.mark.parametrize("text", ["SELECT ?f { ?f a geo:Feature", "ASK { ?x geo:hasGeometry ?y } }", "nothing Feature"])
def test_what_is_no_query_is_left_to_the_engine(places: Places, text: str) -> None:
    places.write(OWN)
    assert places.plan(text).text == text

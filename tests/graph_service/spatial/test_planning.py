"""Whether a query is planned at all is told soon, and everybody who asks is given the same answer."""

import base64
import csv
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from graph_service.console.answering import answer_query, query_text
from graph_service.index.geometry_sample import sample_of
from graph_service.index.rows import Box
from graph_service.settings import Settings
from graph_service.spatial import rewriting
from graph_service.spatial.habits import LEFT
from graph_service.store.oxigraph import OxigraphStore
from ontology import terms
from tests.graph_service.service import bearer, item, serving, writing_token
from tests.graph_service.spatial.places import EX, Places, feature

PREFIXES = f"PREFIX ex: <{EX}> "
FAR_APART = 3_000


def literal(west: float, south: float, east: float, north: float) -> str:
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return f'"POLYGON(({ring}))"^^geo:wktLiteral'


def meeting(area: str, more: str = "", tail: str = "") -> str:
    filtered = f"FILTER(geof:sfIntersects(?w, {area}))"
    return f"{PREFIXES} SELECT ?s {{ ?s a ex:Place ; geo:hasDefaultGeometry/geo:asWKT ?w {more} {filtered} }} {tail}"


SMALL, LARGE = literal(0, 0, 0.35, 0.35), literal(0, 0, 40, 40)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Points a tenth of a degree apart, from 0 to 6 degrees east and 0 to 5 north."""
    places = Places(tmp_path_factory.mktemp("many"))
    places.write([s for n in range(FAR_APART) for s in feature(f"p{n}", f"POINT({n % 60 / 10} {n // 60 / 10})")])
    yield places
    places.close()


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    opened = Places(tmp_path)
    yield opened
    opened.close()


def test_few_candidates_are_looked_up(many: Places) -> None:
    plan = many.plan(meeting(SMALL))
    assert plan.accelerated is not None
    assert plan.findings[-1].candidates == 16


def test_an_area_that_holds_most_geometries_is_told_without_looking_them_up(many: Places) -> None:
    plan = many.plan(meeting(LARGE))
    assert plan.accelerated is None
    assert "there are more than 500 candidates, some 2," in str(plan.findings[-1].reason)


@pytest.mark.parametrize(
    ("limit", "is_planned"), [("LIMIT 1", False), ("LIMIT 10", False), ("ORDER BY ?s LIMIT 10", True), ("", True)]
)
def test_a_query_that_stops_early_is_planned_where_that_is_sooner(many: Places, limit: str, is_planned: bool) -> None:
    plan = many.plan(meeting(literal(0, 0, 2, 2), tail=limit))
    assert (plan.accelerated is not None) is is_planned


@pytest.mark.parametrize("text", ["?s ex:number 3 . ?s ex:nothing ?n .", "?s ex:nothing 3 ."])
def test_a_pattern_that_hardly_ever_holds_comes_first(many: Places, text: str) -> None:
    plan = many.plan(meeting(SMALL, ". " + text))
    assert plan.accelerated is None
    assert plan.findings[-1].reason == "another pattern of the query leaves fewer than 100"


def test_a_query_is_left_without_a_look_where_others_of_its_shape_were_and_looked_at_now_and_then(many: Places) -> None:
    def query(name: str) -> str:
        return meeting(SMALL, f'. ?s ex:name "{name}"')

    reasons = [str(many.plan(query(f"n{k}")).findings[-1].reason) for k in range(40)]
    looked_at = [k for k, reason in enumerate(reasons) if reason.startswith("another pattern")]
    assert looked_at == [0, 1, 2, 3, 16, 32]
    assert str(many.planner.plan(query("other"), thoroughly=True).findings[-1].reason).startswith("another pattern")


def test_a_shape_that_was_planned_once_is_looked_at_again(many: Places) -> None:
    def query(number: int, kind: str = "none") -> str:
        return meeting(SMALL, f'. ?s <{EX}number> {number} ; ?p "{kind}"').replace("a ex:Place ;", "")

    for k in range(3):
        assert many.plan(query(100 + k)).accelerated is None
    assert many.plan(meeting(SMALL)).accelerated is not None
    for east in (0.15, 0.25, 0.35):
        for k in range(6):
            many.plan(meeting(literal(0, 0, 40 + k, 40)))
        assert many.plan(meeting(literal(0, 0, east, 0.35))).accelerated is not None


def test_larger_areas_are_left_without_a_look_and_smaller_ones_are_not(many: Places) -> None:
    def reason(west: float, limit: int = 20) -> str | None:
        return many.plan(meeting(literal(west, 0, 7, 7), tail=f"LIMIT {limit}")).findings[-1].reason

    assert all("there are more than" in str(reason(k / 10)) for k in range(4))
    assert reason(-1) == LEFT.reason
    assert "there are more than" in str(reason(1))
    assert reason(0.5, limit=19) != LEFT.reason
    assert many.plan(meeting(literal(0, 0, 0.3, 0), tail="LIMIT 20")).accelerated is not None
    assert "there are more than" in str(reason(-2))


def test_what_follows_is_found_by_a_shape_that_was_left_before(places: Places) -> None:
    places.write(feature("a", "POINT(0 0)"))
    query = "SELECT ?s {{ <{}> geo:hasGeometry/geo:asWKT ?w FILTER(geof:sfIntersects(?w, ?w)) ?s a geo:Geometry }}"
    for k in range(8):
        places.plan(query.format(f"{EX}{k}"))
    point = f"<{EX}b#point>"
    places.write([(point, f"<{terms.TYPE}>", "<http://www.opengis.net/ont/sf#Point>")])
    asked = query.format(f"{EX}a")
    assert places.plan(asked).text == places.planner.plan(asked, thoroughly=True).text


def test_a_given_subject_is_left_at_once(many: Places) -> None:
    plan = many.plan(
        f"{PREFIXES} ASK {{ ex:p1 geo:hasDefaultGeometry/geo:asWKT ?w FILTER(geof:sfIntersects(?w, {SMALL})) }}"
    )
    assert plan.accelerated is None
    assert plan.findings[-1].candidates is None


@pytest.mark.parametrize(
    "text",
    ["SELECT ?s { ?s a <http://x.test/Vehicle> # sfar away\n }", "SELECT ('rcc8 and the rest' AS ?x) {}", "no query"],
)
def test_a_query_that_names_no_relation_is_as_it_came(many: Places, text: str) -> None:
    assert many.plan(text).text == text
    assert many.plan(text).findings == ()


@pytest.mark.parametrize(
    "name",
    [
        "geo:sfWithin",
        f"<{terms.GEO}sfWithin>",
        r"geo:sfW\u0069thin",
        "w:ithin",
        r"o:geosparql\#sfWithin",
        "<#sfWithin>",
    ],
)
def test_a_property_is_known_however_its_name_is_written(many: Places, name: str) -> None:
    prefixes = (
        f"BASE <{terms.GEO.removesuffix('#')}> PREFIX w: <{terms.GEO}sfW> PREFIX o: <http://www.opengis.net/ont/> "
    )
    query = f"{prefixes} SELECT ?s {{ ?s {name} <{EX}p1> }}"
    assert f"{terms.GEO}asWKT" in many.plan(query).text


def test_the_same_question_of_another_area_is_answered_for_that_area(many: Places) -> None:
    for east, found in ((0.05, 1), (0.15, 2), (0.25, 3), (0.05, 1)):
        plain, planned = many.answers(meeting(literal(-1, -1, east, 0.05)))
        assert plain == planned
        assert plain[1].total() == found


def test_what_was_decided_is_decided_anew_after_a_change(places: Places) -> None:
    places.write([s for n in range(600) for s in feature(f"p{n}", f"POINT({n / 10} 0)")])
    query = meeting(SMALL, ". ?s ex:rare 1")
    assert places.plan(query).accelerated is None
    places.write([(f"<{EX}p{n}>", f"<{EX}rare>", f'"1"^^<{terms.INTEGER}>') for n in range(600)])
    for _ in range(250):  # counts are kept for a while
        places.write([])
    assert places.plan(query).accelerated is not None
    plain, planned = places.answers(query)
    assert plain == planned
    assert plain[1].total() == 4


def test_a_sample_tells_how_many_there_are_to_a_tenth(many: Places) -> None:
    sample = many.index.within_one_state(lambda opened: sample_of(opened, 1_000))
    assert sample.total == pytest.approx(FAR_APART, rel=0.1)
    assert sample.at_least([Box(-1, -1, 3, 6)]) == pytest.approx(FAR_APART / 2, rel=0.1)
    assert sample.at_least([Box(-1, -1, 3, 6), Box(-1, -1, 9, 9)]) == pytest.approx(FAR_APART, rel=0.1)
    assert sample.at_least([Box(50, 50, 60, 60)]) == 0
    assert sample.at_least([]) == 0


def test_a_sample_of_nothing_is_empty(places: Places) -> None:
    sample = places.index.within_one_state(sample_of)
    assert (sample.total, sample.at_least([Box(-180, -90, 180, 90)])) == (0, 0)


def test_what_went_is_no_longer_in_a_sample(places: Places) -> None:
    some = [s for n in range(50) for s in feature(f"p{n}", f"POINT({n / 10} 0)")]
    places.write(some)
    places.write([], remove=some[: len(some) // 2])
    assert places.index.within_one_state(sample_of).total == 25


@pytest.mark.parametrize(("most", "found"), [(1, 1), (16, 16), (17, 17), (100, 40), (1_000, 40)])
def test_statements_are_counted_up_to_a_number(most: int, found: int) -> None:
    store = OxigraphStore.in_memory()
    lines = [(f"<{EX}{n}>", f"<{EX}p>", f'"{n % 2}"') for n in range(40)]
    store.apply(change=1, remove={}, add={None: lines[:20], EX + "g": lines[20:]})
    assert store.count_up_to(None, f"<{EX}p>", None, most) == found
    assert store.count_up_to(None, f"<{EX}p>", '"1"', most) == min(found, 20)
    assert store.count_up_to(f"<{EX}1>", f"<{EX}p>", '"1"', most) == 1
    assert store.count_up_to('"1"', None, None, most) == 0


def test_several_threads_plan_at_once(many: Places) -> None:
    queries = [meeting(literal(0, 0, n / 10, n / 10)) for n in range(1, 9)]
    alone = [many.plan(query).findings for query in queries]
    found: dict[str, Any] = {}

    def plan(query: str) -> None:
        found[query] = many.plan(query).findings

    threads = [threading.Thread(target=plan, args=[query]) for query in queries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[query] for query in queries] == alone


def test_the_protocol_the_kept_queries_and_the_command_give_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(rewriting, "_WORTH", 0)
    token = writing_token(tmp_path)
    area = "POLYGON((9.1 45.1,9.2 45.1,9.2 45.2,9.1 45.2,9.1 45.1))"
    text = query_text("scenes_in_area", [f"area={area}"])
    relating = f"SELECT ?s {{ ?s geo:sfEquals <{EX}none> . }}"
    with serving(tmp_path) as client:
        far = {"geometry": {"type": "Point", "coordinates": [100, 0]}, "bbox": [100, 0, 100, 0]}
        parts = [item("one"), item("two"), item("far") | far]
        documents = [
            {"source": "test", "parts": {"": base64.b64encode(json.dumps(one).encode()).decode()}} for one in parts
        ]
        assert client.post("/ingest", json={"documents": documents}, headers=bearer(token)).status_code == 200
        assert client.get("/sparql", params={"query": text, "explain": "true"}).json()["accelerated"]
        headers = {"Accept": "text/csv"}
        answers = [
            client.get("/sparql", params={"query": text}, headers=headers).text,
            client.get("/queries/scenes_in_area", params={"area": area}, headers=headers).text,
        ]
    for query in (text, relating):
        answer_query(
            Settings(data=tmp_path), query, form="csv", audiences=(), deadline_s=30, console=Console(file=io.StringIO())
        )
        answers.append(capfdbinary.readouterr().out.decode())
    found = [sorted(row["scene"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(a))) for a in answers[:3]]
    assert found == [["one", "two"]] * 3
    assert answers[3].split() == ["s"]

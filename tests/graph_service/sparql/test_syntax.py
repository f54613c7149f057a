"""Text to tree and back: the meaning stays, as the engine tells it."""

import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.sparql.syntax import LONGEST, parse, text_of
from tests.graph_service.sparql.answers import answer
from tests.graph_service.sparql.query_table import PREFIXES, small_store, table

KEPT = sorted((Path(__file__).resolve().parents[3] / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return small_store()


@pytest.mark.parametrize("query", table())
def test_a_query_written_again_has_the_same_answer(store: ox.Store, query: str) -> None:
    assert answer(store, text_of(parse(query))) == answer(store, query)


@pytest.mark.parametrize("query", table())
def test_a_query_written_twice_is_the_same_text(query: str) -> None:
    # Blank nodes without a label get a new one each time.
    if "[" not in query and "(:a" not in query and "(?x" not in query and "(1 ?d" not in query:
        once = text_of(parse(query))
        assert text_of(parse(once)) == once


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_kept_queries_written_again_are_queries(store: ox.Store, path: Path) -> None:
    query = path.read_text("utf-8")
    assert answer(store, text_of(parse(query))) == answer(store, query)


def test_service_is_written_as_it_was() -> None:
    query = "SELECT * WHERE { SERVICE SILENT <http://x.test/> { ?s ?p ?o . } SERVICE ?x { } }"
    assert text_of(parse(query)).replace("{  }", "{ }") == query


def test_from_is_written_as_it_was() -> None:
    query = "SELECT * FROM <http://x.test/> FROM NAMED <http://x.test/g> WHERE { ?s ?p ?o . }"
    assert text_of(parse(query)) == query


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { ?s ?p }", "line 1, column"),
        ("SELECT * {\n ?s ?p ?o LATERAL { ?o ?q ?r } }", "line 2, column"),
        ("SELECT * { <<?s ?p ?o>> ?q ?r }", "line 1, column"),
        ("VERSION '1.2' SELECT * {}", "line 1, column"),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", "line 1, column"),
        ("", "line 1, column"),
    ],
)
def test_what_is_not_sparql_1_1_is_refused_with_its_place(query: str, place: str) -> None:
    with pytest.raises(QueryInvalid, match=place):
        parse(query)


def test_a_query_nested_too_deeply_is_refused() -> None:
    with pytest.raises(QueryInvalid, match="nested too deeply"):
        parse("SELECT * " + "{" * 500 + "}" * 500)


def test_a_long_query_is_refused() -> None:
    with pytest.raises(QueryInvalid, match="characters"):
        parse(PREFIXES + "#" * LONGEST)


def test_an_escape_that_is_no_character_is_refused() -> None:
    with pytest.raises(QueryInvalid, match="no Unicode character"):
        parse(r'SELECT ("\ud800" AS ?x) {}')


def test_hundreds_of_triples_are_parsed() -> None:
    body = " . ".join(f"?s{n} ?p ?o" for n in range(1000))
    assert text_of(parse(f"SELECT * {{ {body} }}")).count(" . ") == 1000


def test_several_threads_parse_at_once() -> None:
    texts: list[str] = []
    query = table()[5]
    threads = [threading.Thread(target=lambda: texts.append(text_of(parse(query)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [text_of(parse(query))] * 8

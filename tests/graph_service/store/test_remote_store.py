"""What is different about a graph in another engine."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph_service.console.showing import check_health
from graph_service.directory import open_catalogue
from graph_service.errors import (
    EngineFailed,
    EngineLacks,
    NotAcceptable,
    QueryInterrupted,
    QueryInvalid,
    QueryTimedOut,
    QueryTooLarge,
    StatementsInvalid,
    StoreInUse,
)
from graph_service.settings import Settings, settings_from
from graph_service.store.dataset import PUBLIC_GRAPH, Dataset
from graph_service.store.engine import Engine
from graph_service.store.exclusive import ExclusiveFile
from graph_service.store.relay import QueryRelay
from graph_service.store.remote_body import OriginalBody
from graph_service.store.remote_graphs import DATATYPES, Aliases
from graph_service.store.remote_store import RemoteSettings, RemoteStore
from graph_service.store.remote_text import remote_text
from ontology import terms
from ontology.identifiers import QUERY_BASE
from tests.graph_service.store.engines import Server

GRAPH = "urn:orrery:test:remote"
EX = "http://example.org/"
NORTH, SOUTH = f"{EX}north", f"{EX}south"
JSON = "application/sparql-results+json"
PUBLIC = (f"<{EX}lake>", f"<{terms.TITLE}>", '"Lac Léman"@fr')
SECRET = (f"<{EX}secret>", f"<{terms.TITLE}>", '"parcel"')
WKT = DATATYPES[0]


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def own_settings(request: pytest.FixtureRequest) -> RemoteSettings:
    server: Server = request.getfixturevalue(request.param)
    return server.store_settings(GRAPH)


@pytest.fixture(scope="module")
def opened(own_settings: RemoteSettings) -> Iterator[RemoteStore]:
    store = RemoteStore.open(own_settings)
    yield store
    store.erase()


@pytest.fixture
def store(opened: RemoteStore) -> RemoteStore:
    """A public statement, and one that the north alone may see."""
    opened.erase()
    opened.apply(change=1, remove={}, add={None: [PUBLIC], NORTH: [SECRET]})
    return opened


@pytest.fixture
def relay(store: RemoteStore) -> Iterator[QueryRelay]:
    relay = QueryRelay(store, deadline_s=10)
    yield relay
    relay.close()


ATTEMPTS = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    f"SELECT * {{ GRAPH <{NORTH}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?g {{ <{NORTH}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
    f'SELECT * {{ BIND(IRI("{NORTH}") AS ?g) GRAPH ?g {{ ?s ?p ?o }} }}',
    f"SELECT * FROM <{NORTH}> {{ ?s ?p ?o }}",
    f"SELECT * FROM NAMED <{NORTH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"SELECT * {{ {{ SELECT * FROM <{NORTH}> {{ ?s ?p ?o }} }} }}",
    f"SELECT * {{ ?x ?y ?z FILTER EXISTS {{ GRAPH <{NORTH}> {{ <{EX}secret> ?p ?o }} }} BIND('parcel' AS ?o) }}",
    f"SELECT * {{ <{EX}secret> (<urn:x>|!<urn:x>)+ ?o }}",
    f"DESCRIBE <{EX}secret>",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{NORTH}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?x ?y ?z OPTIONAL {{ GRAPH <{NORTH}> {{ ?s ?p ?o }} }} }}",
    f"define input:default-graph-uri <{NORTH}> SELECT * {{ ?s ?p ?o }}",
    "SELECT (bif:concat('par', 'cel') AS ?x) { ?s ?p ?o }",
    f"SELECT * {{ ?s ?p ?o OPTION (GRAPH <{NORTH}>) }}",
)


@pytest.mark.parametrize("text", ATTEMPTS)
def test_no_query_sees_what_its_caller_may_not(store: RemoteStore, text: str) -> None:
    for audiences in ((), (SOUTH,)):
        try:
            found: Any = store.query(text, audiences=audiences)
        except QueryInvalid:
            continue
        assert "parcel" not in " ".join(map(str, found))


def test_whoever_may_see_everything_may_ask_by_graph(store: RemoteStore) -> None:
    found: Any = store.query("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", audiences=[NORTH])
    assert [row["o"].value for row in found] == ["parcel"]


@pytest.mark.parametrize(
    ("dataset", "titles"),
    [
        (Dataset((PUBLIC_GRAPH,)), ["Lac Léman"]),
        (Dataset((NORTH,)), ["parcel"]),
        (Dataset((SOUTH,)), []),
        (Dataset((PUBLIC_GRAPH, NORTH)), ["Lac Léman", "parcel"]),
        (Dataset((), (NORTH,)), []),
    ],
)
def test_a_request_may_ask_for_graphs(store: RemoteStore, dataset: Dataset, titles: list[str]) -> None:
    text = f"SELECT ?o {{ ?s <{terms.TITLE}> ?o }} ORDER BY STR(?o)"
    found: Any = store.query(text, audiences=[NORTH], dataset=dataset)
    assert [row["o"].value for row in found] == titles


def test_an_error_has_the_line_of_the_query_as_it_was_asked(store: RemoteStore) -> None:
    with pytest.raises(QueryInvalid, match=r"line 2\b"):
        store.query("SELECT ?s { ?s geo:asWKT ?w .\n SELECT }")


def test_a_second_writer_takes_the_graph_from_the_first(store: RemoteStore, own_settings: RemoteSettings) -> None:
    second = RemoteStore.open(own_settings)
    second.apply(change=2, remove={}, add={None: [(f"<{EX}b>", f"<{EX}p>", '"second"')]})
    with pytest.raises(StoreInUse):
        store.apply(change=3, remove={}, add={None: [(f"<{EX}c>", f"<{EX}p>", '"first"')]})
    assert second.change_number() == 2
    assert second.about(f"{EX}c") == []


def test_a_reader_knows_what_the_writer_found(store: RemoteStore, own_settings: RemoteSettings) -> None:
    reader = RemoteStore.reading(own_settings)
    assert reader.engine == store.engine
    assert reader.change_number() == 1
    found: Any = reader.query("SELECT * { ?s ?p ?o }", audiences=[NORTH])
    assert "parcel" in " ".join(map(str, found))


def test_a_blank_node_is_not_taken(store: RemoteStore) -> None:
    with pytest.raises(StatementsInvalid, match="blank node"):
        store.apply(change=2, remove={}, add={None: [("_:b", f"<{EX}p>", '"x"')]})
    assert store.change_number() == 1


def test_a_change_of_thousands_of_statements_is_whole(store: RemoteStore) -> None:
    many = [(f"<{EX}s{n // 10}>", f"<{EX}p{n % 10}>", f'"{n}\\u2028 ü"') for n in range(2500)]
    store.apply(change=2, remove={}, add={None: many})
    assert len(store) == 2503
    store.apply(change=3, remove={None: many}, add={None: many[:1]})
    assert len(store) == 4


def test_an_engine_that_does_not_keep_graphs_apart_takes_no_restricted_data(store: RemoteStore) -> None:
    engine, store.engine = store.engine, replace(store.engine, apart=False)
    try:
        with pytest.raises(StatementsInvalid, match="restricted data set"):
            store.apply(change=2, remove={}, add={NORTH: [PUBLIC]})
        store.apply(change=2, remove={NORTH: [SECRET]}, add={None: [PUBLIC]})
    finally:
        store.engine = engine


def test_a_look_up_that_the_engine_cuts_short_is_an_error(opened: RemoteStore) -> None:
    opened.erase()
    many = [(f"<{EX}s{n}>", f"<{terms.TYPE}>", f"<{EX}T>") for n in range(3_500)]
    opened.apply(change=1, remove={}, add={None: many})
    try:
        assert len(opened.subjects_of_type(f"{EX}T")) == 3_500
    except EngineFailed as cut:
        assert "X-SPARQL-MaxRows" in str(cut)  # noqa: PT017  # an engine without such a limit gives all


# What is found out about an engine


def test_what_oxigraph_can_do_is_found(oxigraph: Server) -> None:
    engine = RemoteStore.open(oxigraph.store_settings(f"{GRAPH}/found")).engine
    assert engine.atomic
    assert engine.apart
    assert engine.leaks == frozenset()
    assert engine.aliases == Aliases()
    assert engine.missing_features == ()
    assert "sfIntersects" not in engine.missing_functions
    assert "buffer" in engine.missing_functions


def test_what_virtuoso_cannot_do_is_found_and_said(virtuoso: Server) -> None:
    engine = RemoteStore.open(virtuoso.store_settings(f"{GRAPH}/found")).engine
    assert not engine.atomic
    assert engine.leaks == {"GRAPH"}
    assert WKT in engine.aliases.datatypes
    assert engine.decimal_digits == 15
    assert "sfIntersects" in engine.missing_functions
    said = "\n".join(engine.limits())
    for part in ("not atomic", "GRAPH", "FROM or default-graph-uri instead", "15 digits", "wktLiteral"):
        assert part in said
    assert "GeoSPARQL functions that it does not have: area, asGML" in said
    assert all("; " in sentence for sentence in engine.limits()), "each has a remedy"


def test_what_an_engine_lacks_is_in_the_log_when_it_is_news_and_is_told_by_the_doctor(
    virtuoso: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path, store=virtuoso.store_settings(f"{GRAPH}/news"))
    said = []
    for _ in range(2):
        caplog.clear()
        catalogue = open_catalogue(settings)
        said.append([one.getMessage() for one in caplog.records if "not atomic" in one.getMessage()])
        catalogue.close()
    assert list(map(len, said)) == [1, 0]
    told = [one.detail for one in check_health(settings) if one.check == "engine"]
    assert any("not atomic" in one for one in told)
    assert any("FROM or default-graph-uri" in one for one in told)
    assert settings.store is not None
    RemoteStore.reading(settings.store).erase()


@pytest.mark.parametrize(
    ("query", "update", "message"),
    [
        ("nowhere", "update", "answers no query .404.*ORRERY_STORE is to be its address"),
        ("query", "nowhere", "takes no updates .404.*let its user update"),
    ],
)
def test_an_engine_that_does_not_answer_as_it_should_is_told_with_a_remedy(
    oxigraph: Server, query: str, update: str, message: str
) -> None:
    place = oxigraph.settings.query_url.removesuffix("query")
    settings = replace(oxigraph.settings, query_url=place + query, update_url=place + update)
    with pytest.raises(EngineFailed, match=message):
        RemoteStore.open(RemoteSettings(settings, f"{GRAPH}/wrong"))


def test_an_engine_without_limits_has_nothing_said() -> None:
    assert Engine().limits() == []


# The text of a query

PLAIN, LIMITED = Engine(), Engine(leaks=frozenset(("GRAPH",)), aliases=Aliases(frozenset((WKT,))))
ALIAS = "https://w3id.org/orrery/id/verbatim/wktLiteral"


@pytest.mark.parametrize(
    ("engine", "text", "sent"),
    [
        (PLAIN, "SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }"),
        (PLAIN, "ASK { ?s xsd:a 1 }", f"PREFIX xsd: <{terms.XSD}> \nASK {{ ?s xsd:a 1 }}"),
        (PLAIN, "ASK { ?s <p> <a:b> }", f"BASE <{QUERY_BASE}> \nASK {{ ?s <p> <a:b> }}"),
        (PLAIN, "PREFIX xsd: <urn:x> ASK { ?s xsd:a 1 }", "PREFIX xsd: <urn:x> ASK { ?s xsd:a 1 }"),
        (PLAIN, "ASK { ?s ?p 'xsd:a' } # geo:x", "ASK { ?s ?p 'xsd:a' } # geo:x"),
        (PLAIN, "SELECT * FROM <urn:a> FROM NAMED <urn:b> { ?s ?p ?o }", "SELECT *     { ?s ?p ?o }"),
        (LIMITED, f"ASK {{ ?s ?p 'x'^^<{WKT}> }}", f"ASK {{ ?s ?p 'x'^^<{ALIAS}> }}"),
        (LIMITED, f"ASK {{ ?s ?p '<{WKT}>' }}", f"ASK {{ ?s ?p '<{WKT}>' }}"),
        (LIMITED, "PREFIX g: <http://www.opengis.net/ont/geosparql#> ASK { ?s ?p 'x'^^g:wktLiteral }",
         f"PREFIX g: <http://www.opengis.net/ont/geosparql#> ASK {{ ?s ?p 'x'^^<{ALIAS}> }}"),
        (PLAIN, f"ASK {{ ?s ?p 'x'^^<{WKT}> }}", f"ASK {{ ?s ?p 'x'^^<{WKT}> }}"),
    ],
)  # fmt: skip
def test_a_query_is_sent_as_the_engine_needs_it(engine: Engine, text: str, sent: str) -> None:
    assert remote_text(text, engine, hides=False)[0] == sent


@pytest.mark.parametrize(
    "text",
    ["SELECT (bif:exec('x') AS ?y) {}", "SELECT (<bif:exec>('x') AS ?y) {}", "SELECT (sql:f() AS ?y) {}",
     "SELECT (`1` AS ?y) {}", "SELECT * { { SELECT * FROM <urn:x> { ?s ?p ?o } } }"],
)  # fmt: skip
def test_the_inside_of_an_engine_is_out_of_reach(text: str) -> None:
    with pytest.raises(QueryInvalid, match=r"is not SPARQL 1\.1"):
        remote_text(text, PLAIN, hides=False)


@pytest.mark.parametrize("name", ["geof:buffer", "<http://www.opengis.net/def/function/geosparql/buffer>"])
def test_a_function_that_the_engine_lacks_is_named_with_its_place(name: str) -> None:
    engine = replace(PLAIN, missing_functions=frozenset(("buffer",)))
    with pytest.raises(EngineLacks, match=r"line 2, column 8: .* no function <.*/buffer>"):
        remote_text(f"SELECT *\n{{ BIND({name}(?w, 1) AS ?x) }}", engine, hides=False)


@pytest.mark.parametrize("hides", [True, False])
def test_a_keyword_that_leaks_is_refused_where_there_is_something_to_hide(hides: bool) -> None:
    text = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    if hides:
        with pytest.raises(EngineLacks, match="column 12: GRAPH"):
            remote_text(text, LIMITED, hides=True)
    else:
        assert remote_text(text, LIMITED, hides=False)[0] == text


@pytest.mark.parametrize("text", ['"a <{}> b"', '"a \\" <{}> b"', '"a\\\\" <{}> "b"', "<{}> <{}>"])
def test_datatypes_are_exchanged_and_come_back(text: str) -> None:
    aliases = Aliases(frozenset((WKT,)))
    written = text.replace("{}", WKT)
    assert aliases.original(aliases.stored(written).encode()).decode() == written
    assert (f"<{ALIAS}>" in aliases.stored(written)) == (text in ('"a\\\\" <{}> "b"', "<{}> <{}>"))


# Queries as the service asks them

CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?q ?r ?s }"


def test_an_answer_has_its_media_type_and_the_change_that_it_sees(relay: QueryRelay) -> None:
    answer = relay.answer(f"SELECT ?o {{ <{EX}lake> ?p ?o }}", media_type="text/csv")
    assert (answer.media_type, answer.body, answer.change) == ("text/csv", "o\r\nLac Léman\r\n".encode(), 1)
    graph = relay.stream(f"CONSTRUCT WHERE {{ <{EX}lake> ?p ?o }}", media_type="text/turtle")
    assert "Lac Léman" in graph.first.decode()
    assert graph.rest is None


def test_a_graph_is_not_written_as_a_table(relay: QueryRelay) -> None:
    with pytest.raises(NotAcceptable):
        relay.answer("CONSTRUCT WHERE { ?s ?p ?o }", media_type="text/csv")


def test_service_is_refused_before_the_engine_sees_it(relay: QueryRelay) -> None:
    with pytest.raises(QueryInvalid, match="SERVICE"):
        relay.answer("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", media_type=JSON)


def test_a_long_query_ends_with_its_deadline(store: RemoteStore) -> None:
    store.apply(change=2, remove={}, add={None: [(f"<{EX}{n}>", f"<{EX}p>", f'"{n}"') for n in range(400)]})
    relay = QueryRelay(store, deadline_s=10)
    began = time.monotonic()
    with pytest.raises((QueryTimedOut, QueryInvalid)):  # Virtuoso refuses by its own estimate
        relay.answer(CROSS_JOIN, media_type=JSON, deadline_s=0.5)
    assert time.monotonic() - began < 1.5
    assert json.loads(relay.answer("ASK {}", media_type=JSON).body)["boolean"]
    relay.close()


def test_rows_and_bytes_of_a_result_are_bounded(store: RemoteStore) -> None:
    relay = QueryRelay(store, result_bytes=100)
    with pytest.raises(QueryTooLarge):
        relay.answer("SELECT * { ?s ?p ?o }", media_type=JSON)
    relay.close()
    relay = QueryRelay(store, result_rows=1)
    with pytest.raises(QueryTooLarge):
        relay.answer("SELECT * { ?s ?p ?o }", media_type=JSON)
    relay.close()
    with pytest.raises(QueryInterrupted):
        relay.answer("ASK {}", media_type=JSON)


def test_the_beginning_of_a_long_answer_comes_before_its_end(oxigraph: Server) -> None:
    store = RemoteStore.open(oxigraph.store_settings(f"{GRAPH}/long"))
    store.apply(change=1, remove={}, add={None: [(f"<{EX}{n}>", f"<{EX}p>", f'"{n}"') for n in range(300)]})
    relay = QueryRelay(store, deadline_s=20, result_rows=50_000)
    text = "SELECT ?s ?t {{ ?s <http://example.org/p> ?a . ?t <http://example.org/p> ?b }} LIMIT {}"
    long = relay.stream(text.format(40_000), media_type="text/csv")
    assert 1 << 20 < len(long.first) < 1_200_000
    assert long.rest is not None
    assert (long.first + b"".join(long.rest)).count(b"\n") == 40_001
    assert relay.stream(text.format(10), media_type="text/csv").rest is None
    cut = relay.stream(text.format(60_000), media_type="text/csv")
    assert cut.rest is not None
    with pytest.raises(QueryTooLarge, match="50,000 rows"):
        list(cut.rest)
    relay.close()
    store.erase()


@pytest.mark.parametrize("size", [1, 7, 600, 5000])
def test_names_are_exchanged_wherever_an_answer_is_cut(size: int) -> None:
    aliases = Aliases(frozenset(DATATYPES))
    text = b'{"x":{"type":"bnode","value":"nodeID://b1"},"y":{"datatype":"%s"}}' % ALIAS.encode() * 50
    pieces = iter([*(text[start : start + size] for start in range(0, len(text), size)), b""])
    body = OriginalBody(lambda: next(pieces), aliases)
    read = b"".join(iter(lambda: body.read(100), b""))
    assert read == b'{"x":{"type":"bnode","value":"b1"},"y":{"datatype":"%s"}}' % WKT.encode() * 50


# The catalogue's own doors


def test_a_file_is_held_by_one(tmp_path: Path) -> None:
    held = ExclusiveFile(tmp_path / "data" / "lock")
    with pytest.raises(StoreInUse, match="another process"):
        ExclusiveFile(tmp_path / "data" / "lock")
    held.release()
    held.release()
    ExclusiveFile(tmp_path / "data" / "lock").release()


def test_one_setting_chooses_the_engine(oxigraph: Server, tmp_path: Path) -> None:
    environment = {
        "ORRERY_DATA": str(tmp_path),
        "ORRERY_STORE": oxigraph.settings.query_url,
        "ORRERY_STORE_UPDATE": oxigraph.settings.update_url,
        "ORRERY_STORE_GRAPH": f"{GRAPH}/chosen",
    }
    settings = settings_from(environment)
    catalogue = open_catalogue(settings)
    assert isinstance(catalogue.graph, RemoteStore)
    with pytest.raises(StoreInUse):
        open_catalogue(settings)
    assert catalogue.graph.change_number() > 0
    catalogue.graph.erase()
    catalogue.close()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"ORRERY_STORE": "ftp://x"}, "^ORRERY_STORE: 'ftp://x' is no http or https URL"),
        ({"ORRERY_STORE": "http://x", "ORRERY_STORE_UPDATE": "x"}, "^ORRERY_STORE_UPDATE: 'x'"),
        ({"ORRERY_STORE": "http://x", "ORRERY_STORE_LOGIN": "oauth"}, "^ORRERY_STORE_LOGIN: 'oauth'"),
        ({"ORRERY_STORE": "http://x", "ORRERY_STORE_TIMEOUT_S": "0"}, "^ORRERY_STORE_TIMEOUT_S: '0'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(variables: dict[str, str], message: str) -> None:
    with pytest.raises(Exception, match=message):
        settings_from(variables)

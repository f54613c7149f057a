"""The SPARQL Protocol as clients speak it, over a real connection."""

import csv
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import rdflib
import uvicorn
from fastapi import FastAPI, Request
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from starlette.responses import Response

from graph_service.api.errors import add_error_handlers
from graph_service.api.sparql import sparql_router
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import Caller
from graph_service.store.dataset import PUBLIC_GRAPH
from graph_service.store.results import media_types
from graph_service.store.workers import QueryWorkers
from ontology.loader import packaged
from tests.graph_service.store.graphs import AUDIENCE, EX, SECRET, small_graph

HOSTILE = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(40)) + " }"
LAKE = f"SELECT ?title ?orbit {{ <{EX}lake> dcterms:title ?title ; orr:relativeOrbit ?orbit }}"
SECRETS = f"ASK {{ {SECRET} ?p ?o }}"
DEADLINE_S = 5.0


def caller_of(request: Request) -> Caller:
    """Who says "insider" may see the restricted graph."""
    return Caller(audiences=(AUDIENCE,)) if request.headers.get("authorization") == "insider" else Caller()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sparql")
    graph = small_graph(folder / "graph")
    workers = QueryWorkers(graph, folder / "copies", deadline_s=DEADLINE_S)
    app = FastAPI()
    add_error_handlers(app)
    app.include_router(
        sparql_router(
            workers,
            caller_of,
            Meaning.of(packaged()),
            change_number=graph.change_number,
            describe=lambda _: Response("described"),
        )
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/sparql"
    server.should_exit = True
    thread.join()
    workers.close()


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address.removesuffix("/sparql"), timeout=10) as opened:
        yield opened


def ask(client: httpx.Client, query: str, accept: str = "*/*", **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": accept, **headers})


def refused(answer: httpx.Response, status: int, code: str) -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return str(answer.json()["description"])


@pytest.mark.parametrize("media_type", media_types("SELECT"))
def test_solutions_come_in_the_accepted_media_type(client: httpx.Client, media_type: str) -> None:
    answer = ask(client, LAKE, media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Authorization"
    assert 'Lac Léman, "été"' in answer.text.replace('\\"', '"').replace('""', '"').replace("&quot;", '"')


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("media_type", media_types("CONSTRUCT"))
@pytest.mark.parametrize("query", [f"DESCRIBE <{EX}lake>", f"CONSTRUCT WHERE {{ <{EX}lake> ?p ?o }}"])
def test_triples_come_in_the_accepted_media_type(client: httpx.Client, query: str, media_type: str) -> None:
    answer = ask(client, query, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(rdflib.Dataset(default_union=True).parse(data=answer.content, format=media_type)) == 4


def test_the_form_of_the_query_decides_what_is_offered(client: httpx.Client) -> None:
    accept = "text/turtle, application/sparql-results+json;q=0.5"
    assert ask(client, "ASK {}", accept).headers["content-type"] == "application/sparql-results+json"
    assert ask(client, "DESCRIBE <a:b>", accept).headers["content-type"].startswith("text/turtle")
    assert "text/csv" in refused(ask(client, "ASK {}", "text/turtle"), 406, "NotAcceptable")


def test_a_query_comes_by_url_form_or_body(client: httpx.Client) -> None:
    query = 'ASK { ?s ?p "Lac Léman, \\"été\\""@fr }'
    headers = {"Accept": "text/csv", "Content-Type": "application/sparql-query; charset=utf-8"}
    for answer in (
        ask(client, query, "text/csv"),
        client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}),
        client.post("/sparql", content=query.encode(), headers=headers),
    ):
        assert answer.text == "true"


def test_restricted_data_is_for_those_who_may_see_it(client: httpx.Client) -> None:
    for query in (SECRETS, "ASK { GRAPH ?g { ?s ?p ?o } }"):
        assert ask(client, query, "text/csv").text == "false"
        assert ask(client, query, "text/csv", Authorization="insider").text == "true"
    assert SECRET[1:-1] not in ask(client, f"DESCRIBE {SECRET}").text


@pytest.mark.parametrize(
    ("query", "description"),
    [
        ("SELECT *\n{ ?s nope:x ?o }", "line 2, column 6"),
        ("SELEC * {}", "line 1, column 1"),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", "SERVICE"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1/> {} }", "SERVICE"),
        ("SELECT * FROM nope:x { ?s ?p ?o }", "nope:x"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "updates"),
    ],
)
def test_a_bad_query_is_refused_with_its_reason(client: httpx.Client, query: str, description: str) -> None:
    assert description in refused(ask(client, query), 400, "QueryInvalid")


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"query": ["ASK {}", "ASK {}"]}, "query: several"),
        ({"update": "CLEAR ALL"}, "updates"),
        ({"query": "ASK {}", "timeout": "0"}, "timeout"),
        ({"query": "ASK {}", "timeout": "nan"}, "timeout"),
        ({"query": "ASK {}", "timeout": "soon"}, "timeout"),
        ({"query": "ASK {}", "timeout": "5.1"}, "up to 5"),
    ],
)
def test_bad_parameters_are_refused_by_name(client: httpx.Client, parameters: dict[str, Any], description: str) -> None:
    assert description in refused(client.get("/sparql", params=parameters), 400, "RequestInvalid")
    assert description in refused(client.post("/sparql", data=parameters or {"x": ""}), 400, "RequestInvalid")


def test_a_body_of_another_kind_is_refused(client: httpx.Client) -> None:
    for content_type in ("application/sparql-update", "application/json", ""):
        answer = client.post("/sparql", content=b"ASK {}", headers={"Content-Type": content_type})
        assert "application/sparql-query" in refused(answer, 415, "MediaTypeUnsupported")


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = client.post("/sparql", content=b"ASK {} #" + b" " * 10_000_000, headers=headers)
    assert "10,000,000" in refused(answer, 413, "RequestTooLarge")
    assert client.post("/sparql", content=b"ASK {} #" + b" " * 4_900_000, headers=headers).status_code == 200


def test_a_body_that_is_not_utf8_is_refused(client: httpx.Client) -> None:
    for content_type, body in (("sparql-query", b"ASK {} # \xe9"), ("x-www-form-urlencoded", b"query=%e9")):
        answer = client.post("/sparql", content=body, headers={"Content-Type": f"application/{content_type}"})
        assert "UTF-8" in refused(answer, 400, "RequestInvalid")


def test_a_query_may_ask_for_less_time(client: httpx.Client) -> None:
    parameters = {"query": HOSTILE, "timeout": "0.3"}
    for send in (client.get, lambda path, params: client.post(path, data=params)):
        asked_at = time.monotonic()
        refused(send("/sparql", params=parameters), 503, "QueryTimedOut")
        assert time.monotonic() - asked_at < 2
    assert ask(client, "ASK {}").status_code == 200


def wrapper(address: str, query: str, method: str, returned: str, encoding: str = URLENCODED) -> SPARQLWrapper:
    asking = SPARQLWrapper(address)
    asking.setQuery(query)
    asking.setMethod(method)
    asking.setReturnFormat(returned)
    asking.setRequestMethod(encoding)
    return asking


def converted(address: str, query: str, method: str, returned: str, encoding: str = URLENCODED) -> Any:
    return wrapper(address, query, method, returned, encoding).query().convert()


@pytest.mark.parametrize(("method", "encoding"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_understands_solutions(address: str, method: str, encoding: str) -> None:
    (row,) = converted(address, LAKE, method, JSON, encoding)["results"]["bindings"]
    assert row["title"] == {"type": "literal", "xml:lang": "fr", "value": 'Lac Léman, "été"'}
    assert len(converted(address, LAKE, method, XML, encoding).getElementsByTagName("binding")) == 2
    table = converted(address, LAKE, method, CSV, encoding).decode()
    assert list(csv.reader(io.StringIO(table)))[1] == ['Lac Léman, "été"', "65"]


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_understands_a_truth_value(address: str, method: str) -> None:
    assert converted(address, f"ASK {{ <{EX}lake> ?p ?o }}", method, JSON)["boolean"] is True
    assert converted(address, SECRETS, method, JSON)["boolean"] is False


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated", "ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("returned", [RDFXML, TURTLE, JSONLD])
def test_sparqlwrapper_understands_triples(address: str, method: str, returned: str) -> None:
    found = converted(address, "CONSTRUCT WHERE { ?s a ?c }", method, returned)
    graph = rdflib.Graph().parse(data=found, format="turtle") if returned == TURTLE else found
    assert list(graph.objects()) == [rdflib.URIRef("https://w3id.org/orrery/ontology#Scene")]


def test_sparqlwrapper_tells_a_bad_query(address: str) -> None:
    with pytest.raises(QueryBadFormed, match="SERVICE"):
        wrapper(address, "SELECT * { SERVICE <http://127.0.0.1/> {} }", GET, JSON).query()


PARCEL = "ASK { ?s dcterms:title 'parcel' }"
LAKE_IS_THERE = "ASK { ?s a orr:Scene }"


@pytest.mark.parametrize(
    ("query", "graphs", "caller", "expected"),
    [
        (LAKE_IS_THERE, {"default-graph-uri": PUBLIC_GRAPH}, "anybody", "true"),
        (LAKE_IS_THERE, {"default-graph-uri": "urn:x-rdflib:default"}, "anybody", "true"),
        (LAKE_IS_THERE, {"default-graph-uri": AUDIENCE}, "insider", "false"),
        (LAKE_IS_THERE, {"default-graph-uri": [AUDIENCE, PUBLIC_GRAPH]}, "insider", "true"),
        (LAKE_IS_THERE, {"named-graph-uri": AUDIENCE}, "insider", "false"),
        (LAKE_IS_THERE, {"default-graph-uri": "http://example.org/none"}, "anybody", "false"),
        (PARCEL, {"default-graph-uri": AUDIENCE}, "insider", "true"),
        (PARCEL, {"default-graph-uri": AUDIENCE}, "anybody", "false"),
        (PARCEL, {"default-graph-uri": PUBLIC_GRAPH}, "insider", "false"),
        ("ASK { GRAPH ?g { ?s dcterms:title 'parcel' } }", {"named-graph-uri": AUDIENCE}, "insider", "true"),
        ("ASK { GRAPH ?g { ?s dcterms:title 'parcel' } }", {"named-graph-uri": AUDIENCE}, "anybody", "false"),
        ("ASK { GRAPH ?g { ?s dcterms:title 'parcel' } }", {"default-graph-uri": AUDIENCE}, "insider", "false"),
    ],
)
def test_a_request_chooses_among_the_graphs_that_its_caller_may_see(
    client: httpx.Client, query: str, graphs: dict[str, Any], caller: str, expected: str
) -> None:
    headers = {"Accept": "text/csv", "Authorization": caller}
    assert client.get("/sparql", params={"query": query} | graphs, headers=headers).text == expected
    assert client.post("/sparql", data={"query": query} | graphs, headers=headers).text == expected
    headers["Content-Type"] = "application/sparql-query"
    assert client.post("/sparql", params=graphs, content=query, headers=headers).text == expected


def test_what_a_request_chooses_comes_before_what_its_query_says(client: httpx.Client) -> None:
    query = f"ASK FROM <{EX}none> {{ ?s a orr:Scene }}"
    assert client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text == "false"
    parameters = {"query": query, "default-graph-uri": PUBLIC_GRAPH}
    assert client.get("/sparql", params=parameters, headers={"Accept": "text/csv"}).text == "true"


def test_an_answer_is_not_sent_again_while_the_graph_stays(client: httpx.Client) -> None:
    first = ask(client, LAKE)
    assert first.headers["orrery-change"] == "1"
    assert first.headers["cache-control"] == "no-cache"
    again = ask(client, LAKE, **{"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    others = [ask(client, LAKE, "text/csv"), ask(client, LAKE + " LIMIT 1"), ask(client, LAKE, Authorization="insider")]
    assert len({first.headers["etag"], *(one.headers["etag"] for one in others)}) == 4
    assert others[-1].headers["cache-control"] == "private, no-cache"


def test_what_differs_each_time_has_no_tag(client: httpx.Client) -> None:
    assert "etag" not in ask(client, "SELECT (NOW() AS ?now) {}").headers


def test_whoever_has_written_asks_to_see_it(client: httpx.Client) -> None:
    assert ask(client, "ASK {}", **{"Orrery-Change": "1"}).status_code == 200
    assert "at change 1" in refused(ask(client, "ASK {}", **{"Orrery-Change": "2"}), 503, "ChangeNotReached")
    assert "soon" in refused(ask(client, "ASK {}", **{"Orrery-Change": "soon"}), 400, "RequestInvalid")


def test_head_tells_what_get_would_without_its_body(client: httpx.Client) -> None:
    full, head = ask(client, LAKE), client.head("/sparql", params={"query": LAKE})
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**full.headers, "date": ""}


def test_options_tell_the_methods(client: httpx.Client) -> None:
    answer = client.options("/sparql")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_without_a_query_the_service_is_described(client: httpx.Client) -> None:
    assert client.get("/sparql").text == "described"
    assert "query: missing" in refused(client.post("/sparql", data={"x": ""}), 400, "RequestInvalid")


PRODUCTS = "SELECT ?s { ?s a orr:EOProduct }"


def found(answer: httpx.Response) -> list[str]:
    return [row["s"]["value"] for row in answer.json()["results"]["bindings"]]


def test_an_expanded_query_finds_subclasses(client: httpx.Client) -> None:
    assert found(ask(client, PRODUCTS)) == []
    parameters = {"query": PRODUCTS, "expand": "true"}
    headers = {"Content-Type": "application/sparql-query"}
    assert found(client.get("/sparql", params=parameters)) == [f"{EX}lake"]
    assert found(client.post("/sparql", data=parameters)) == [f"{EX}lake"]
    assert found(client.post("/sparql?expand=true", content=PRODUCTS, headers=headers)) == [f"{EX}lake"]
    assert found(client.post("/sparql?expand=false", content=PRODUCTS, headers=headers)) == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s a orr:EOProduct } }", "SERVICE"),
        ("SELECT * { ?s a orr:EOProduct LATERAL { ?s ?p ?o } }", "SPARQL 1.1"),
        ("ASK { " + "?subject ?property ?object . " * 1_000 + "}", "20,000 characters"),
    ],
)
def test_what_is_refused_stays_refused_when_it_is_expanded(client: httpx.Client, query: str, reason: str) -> None:
    answer = client.get("/sparql", params={"query": query, "expand": "true"})
    assert reason in refused(answer, 400, "QueryInvalid")


def test_expand_is_true_or_false(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": PRODUCTS, "expand": "maybe"})
    assert "maybe" in refused(answer, 400, "RequestInvalid")

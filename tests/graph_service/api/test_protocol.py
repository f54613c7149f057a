"""The SPARQL 1.1 Protocol, case by case as in the protocol tests of the W3C.

Source: https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/ (names of the tests as there).
Where a test takes any 4xx, the status that this service gives is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from graph_service.store.remote_store import RemoteSettings
from tests.graph_service.api.live import Live, live

QUERY, UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"
RESULTS = "application/sparql-results+json"
DATA = [f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in range(4)]
TEST = "http://example.org/protocol-update-dataset-test/"
FOAF = "http://xmlns.com/foaf/0.1/"


@dataclass(frozen=True)
class Case:
    """A request, and the status that it is answered with."""

    name: str
    method: str
    status: int
    params: list[tuple[str, Any]] = field(default_factory=list)
    form: dict[str, Any] | None = None
    content: bytes | None = None
    content_type: str | None = None
    accept: str | None = None
    answer: str = ""
    """Beginning of the media type of the answer."""


QUERIES = [
    Case("query-get", "GET", 200, [("query", "ASK {}")], answer=RESULTS),
    Case("query-post-form", "POST", 200, form={"query": "ASK {}"}, answer=RESULTS),
    Case("query-post-form, a graph in the URL", "POST", 200, [("default-graph-uri", DATA[0])],
         form={"query": "ASK {}"}, answer=RESULTS),
    Case("query-get, a graph that there is not", "GET", 200, [("query", "ASK {}"), ("default-graph-uri", DATA[0])],
         answer=RESULTS),
    Case("query-get, fields of a form that nobody filled in", "GET", 200,
         [("query", "ASK {}"), ("default-graph-uri", ""), ("named-graph-uri", "")], answer=RESULTS),
    Case("query-post-direct", "POST", 200, content=b"ASK {}", content_type=QUERY, answer=RESULTS),
    Case("query-content-type-select", "POST", 200, content=b"SELECT (1 AS ?value) {}", content_type=QUERY,
         accept="application/sparql-results+xml, application/sparql-results+json, text/tab-separated-values, text/csv",
         answer="application/sparql-results+"),
    Case("query-content-type-ask", "POST", 200, content=b"ASK {}", content_type=QUERY,
         accept="application/sparql-results+xml, application/sparql-results+json",
         answer="application/sparql-results+"),
    Case("query-content-type-describe", "POST", 200, content=b"DESCRIBE <http://example.org/>", content_type=QUERY,
         accept="application/rdf+xml, application/rdf+json, text/turtle", answer="text/turtle"),
    Case("query-content-type-construct", "POST", 200, content=b"CONSTRUCT { <s> <p> 1 } WHERE {}",
         content_type=QUERY, accept="application/rdf+xml, text/turtle", answer="text/turtle"),
    Case("query-dataset-default-graph-get", "GET", 200,
         [("query", f"ASK {{ <{DATA[1]}> ?p ?o }}"), ("default-graph-uri", DATA[1])], answer=RESULTS),
    Case("query-dataset-named-graphs-post", "POST", 200, [("named-graph-uri", DATA[1]), ("named-graph-uri", DATA[2])],
         content=b"ASK { GRAPH ?g { ?s ?p ?o } }", content_type=QUERY, answer=RESULTS),
    Case("bad-multiple-queries", "GET", 400, [("query", "ASK {}"), ("query", "SELECT * {}")]),
    Case("bad-query-method", "PUT", 405, [("query", "ASK {}")]),
    Case("bad-query-wrong-media-type", "POST", 415, content=b"ASK {}", content_type="text/plain"),
    Case("bad-query-missing-form-type", "POST", 415, content=b"query=ASK%20%7B%7D"),
    Case("bad-query-missing-direct-type", "POST", 415, content=b"ASK {}"),
    Case("bad-query-non-utf8", "POST", 400, content="ASK {}".encode("utf-16"), content_type=QUERY),
    Case("bad-query-syntax", "GET", 400, [("query", "ASK { } foo")]),
    Case("bad-query-syntax, cut off", "GET", 400, [("query", "ASK {")]),
    Case("bad-query-charset", "POST", 415, content=b"ASK {}", content_type=f"{QUERY}; charset=ISO-8859-1"),
    Case("the charset of SPARQL, named", "POST", 200, content=b"ASK {}", content_type=f'{QUERY}; charset="utf-8"'),
    Case("a graph that is no IRI", "GET", 400, [("query", "ASK {}"), ("default-graph-uri", "no iri")]),
    Case("a named graph that is no IRI", "GET", 400, [("query", "ASK {}"), ("named-graph-uri", "relative")]),
    Case("a query and an update", "POST", 400, form={"query": "ASK {}", "update": "CLEAR ALL"}),
    Case("an update where queries are asked", "POST", 204, content=b"CLEAR SILENT GRAPH <a:b>", content_type=UPDATE),
    Case("an update in a form where queries are asked", "POST", 204, form={"update": "CLEAR SILENT GRAPH <a:b>"}),
    Case("bad-update-get", "GET", 400, [("update", "CLEAR ALL")]),
    Case("a media type that is not spoken", "GET", 406, [("query", "ASK {}")], accept="image/png"),
]  # fmt: skip

UPDATES = [
    Case("update-post-form", "POST", 204, form={"update": "CLEAR ALL"}),
    Case("update-post-direct", "POST", 204, content=b"CLEAR ALL", content_type=UPDATE),
    Case("update-base-uri", "POST", 204,
         content=b"CLEAR SILENT GRAPH <http://example.org/protocol-base-test/> ; "
                 b"BASE <http://example.org/> INSERT DATA { GRAPH <protocol-base-test/> { <a:s> <a:p> <test> } }",
         content_type=UPDATE),
    Case("bad-multiple-updates", "POST", 400, form={"update": ["CLEAR NAMED", "CLEAR DEFAULT"]}),
    Case("bad-update-get", "GET", 405, [("update", "CLEAR ALL")]),
    Case("bad-update-wrong-media-type", "POST", 415, content=b"CLEAR NAMED", content_type="text/plain"),
    Case("bad-update-missing-form-type", "POST", 415, content=b"update=CLEAR%20NAMED"),
    Case("bad-update-non-utf8", "POST", 400, content="CLEAR NAMED".encode("utf-16"),
         content_type=UPDATE),
    Case("bad-update-syntax", "POST", 400, content=b"CLEAR XYZ", content_type=UPDATE),
    Case("bad-update-syntax in a form", "POST", 400, form={"update": "CLEAR XYZ"}),
    Case("bad-update-charset", "POST", 415, content=b"CLEAR NAMED", content_type=f"{UPDATE}; charset=UTF-16"),
    Case("a using graph that is no IRI", "POST", 400, [("using-graph-uri", "no iri")],
         content=b"INSERT { <a:a> <a:b> ?o } WHERE { ?s ?p ?o }", content_type=UPDATE),
    Case("bad-update-dataset-conflict with WITH", "POST", 400, [("using-named-graph-uri", "http://example/people")],
         content=b"WITH <http://example/addresses> DELETE { ?p <a:name> 'Bill' } INSERT { ?p <a:name> 'William' } "
                 b"WHERE { ?p <a:name> 'Bill' }", content_type=UPDATE),
    Case("bad-update-dataset-conflict", "POST", 400,
         [("using-named-graph-uri", "http://example/people")],
         content=b"INSERT { ?s a <a:C> } USING <http://example/addresses> WHERE { ?s ?p ?o }",
         content_type=UPDATE),
    Case("a query where updates are sent", "POST", 415, content=b"ASK {}", content_type=QUERY),
]  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, held_in: RemoteSettings | None) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("protocol"), store=held_in) as running:
        yield running


@pytest.fixture(scope="module")
def writer(service: Live) -> Iterator[httpx.Client]:
    with service.client(service.token("writer")) as client:
        yield client


def sent(client: httpx.Client, path: str, case: Case) -> httpx.Response:
    headers = {"Content-Type": case.content_type, "Accept": case.accept}
    given = {name: value for name, value in headers.items() if value is not None}
    return client.request(case.method, path, params=case.params, data=case.form, content=case.content, headers=given)


def test_a_url_that_is_not_utf8_is_refused(writer: httpx.Client) -> None:
    assert writer.get("/sparql?query=ASK%20%7B%7D&x=%FF").status_code == 400


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case.name)
def test_a_query_is_answered_as_the_protocol_says(writer: httpx.Client, case: Case) -> None:
    answer = sent(writer, "/sparql", case)
    assert answer.status_code == case.status
    assert answer.headers.get("content-type", "").startswith(case.answer)
    if case.status == 400:
        assert answer.json().keys() >= {"code", "description"}


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_an_update_is_answered_as_the_protocol_says(writer: httpx.Client, case: Case) -> None:
    assert sent(writer, "/sparql/update", case).status_code == case.status


def update(client: httpx.Client, text: str, **params: Any) -> None:
    answer = client.post("/sparql/update", params=params, content=text, headers={"Content-Type": UPDATE})
    assert answer.status_code == 204, answer.text


def holds(client: httpx.Client, query: str, **params: Any) -> bool:
    parameters = {"query": f"PREFIX foaf: <{FOAF}> {query}"} | params
    return bool(client.get("/sparql", params=parameters).json()["boolean"])


@pytest.fixture
def documents(writer: httpx.Client) -> Iterator[httpx.Client]:
    """Four graphs, each with one document that it is named after."""
    graphs = " ".join(f"GRAPH <{name}> {{ <{name}> a foaf:Document }}" for name in DATA)
    update(writer, f"PREFIX foaf: <{FOAF}> INSERT DATA {{ {graphs} }}")
    yield writer
    update(writer, "DROP ALL")


ONE, TWO, THREE = (f"ASK {{ <{name}> a foaf:Document }}" for name in DATA[1:])


def test_query_dataset_default_graphs(documents: httpx.Client) -> None:
    both = {"default-graph-uri": [DATA[1], DATA[2]]}
    assert (holds(documents, ONE, **both), holds(documents, TWO, **both)) == (True, True)
    assert not holds(documents, THREE, **both)
    assert holds(documents, THREE, **{"default-graph-uri": DATA[3]})


def test_query_dataset_named_graphs(documents: httpx.Client) -> None:
    named = {"named-graph-uri": [DATA[1], DATA[2]]}
    assert holds(documents, f"ASK {{ GRAPH ?g {{ <{DATA[1]}> a foaf:Document }} }}", **named)
    assert not holds(documents, f"ASK {{ GRAPH ?g {{ <{DATA[3]}> a foaf:Document }} }}", **named)
    assert not holds(documents, ONE, **named)


def test_query_dataset_full(documents: httpx.Client) -> None:
    both = {"default-graph-uri": DATA[3], "named-graph-uri": [DATA[1], DATA[2]]}
    assert holds(documents, THREE, **both)
    assert holds(documents, f"ASK {{ GRAPH <{DATA[2]}> {{ ?d a foaf:Document }} }}", **both)
    assert not holds(documents, f"ASK {{ GRAPH ?g {{ <{DATA[3]}> ?p ?o }} }}", **both)


def test_query_multiple_dataset(documents: httpx.Client) -> None:
    query = f"ASK FROM <{DATA[3]}> {{ <{DATA[3]}> a foaf:Document }}"
    assert holds(documents, query)
    assert not holds(documents, query, **{"default-graph-uri": DATA[1]})


def books(client: httpx.Client) -> set[str]:
    query = f"SELECT ?s {{ GRAPH <{TEST}> {{ ?s ?p ?o }} }}"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    return {row["s"]["value"] for row in rows}


COPIED = f"PREFIX foaf: <{FOAF}> INSERT {{ GRAPH <{TEST}> {{ ?s a foaf:Book }} }} WHERE"


@pytest.mark.parametrize(
    ("where", "params", "expected"),
    [
        ("{ ?s a foaf:Document }", {"using-graph-uri": DATA[1]}, {DATA[1]}),
        ("{ ?s a foaf:Document }", {"using-graph-uri": [DATA[1], DATA[2]]}, {DATA[1], DATA[2]}),
        ("{ GRAPH ?g { ?s a foaf:Document } }", {"using-named-graph-uri": DATA[1]}, {DATA[1]}),
        ("{ GRAPH ?g { ?s a foaf:Document } }", {"using-named-graph-uri": DATA[1:3]}, set(DATA[1:3])),
        ("{ ?s a foaf:Document . GRAPH ?g { ?t a foaf:Document } }",
         {"using-graph-uri": DATA[1], "using-named-graph-uri": DATA[2]}, {DATA[1]}),
        ("{ { GRAPH ?g { ?s a foaf:Document } } UNION { ?s a foaf:Document } }",
         {"using-graph-uri": DATA[:2], "using-named-graph-uri": DATA[2]}, set(DATA[:3])),
        ("{ GRAPH ?g { ?s a foaf:Document } }", {}, set(DATA)),
    ],
    ids=["default-graph", "default-graphs", "named-graph", "named-graphs", "full", "both", "none"],
)  # fmt: skip
def test_update_dataset(documents: httpx.Client, where: str, params: dict[str, Any], expected: set[str]) -> None:
    update(documents, f"{COPIED} {where}", **params)
    assert books(documents) == expected


def test_update_base_uri(writer: httpx.Client) -> None:
    update(writer, "BASE <http://example.org/> INSERT DATA { GRAPH <base/> { <http://e/s> <http://e/p> <test> } }")
    assert holds(writer, "ASK { GRAPH <http://example.org/base/> { ?s ?p <http://example.org/test> } }")
    update(writer, "DROP ALL")


def test_updates_need_a_token_that_may_write(service: Live) -> None:
    for token in (None, service.token("reader", writes=False)):
        with service.client(token) as client:
            answer = client.post("/sparql/update", data={"update": "CLEAR ALL"})
            assert (answer.status_code, answer.json()["code"]) == (401, "NotAuthorised")


@pytest.mark.parametrize(
    "text", ["LOAD <http://127.0.0.1:1/>", "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"]
)
def test_no_update_reaches_out(writer: httpx.Client, text: str) -> None:
    answer = writer.post("/sparql/update", data={"update": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "QueryInvalid")


def test_browsers_of_other_sites_may_ask(writer: httpx.Client) -> None:
    origin = {"Origin": "https://example.org"}
    answer = writer.get("/sparql", params={"query": "ASK {}"}, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Orrery-Change"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,authorization"}
    assert writer.options("/rdf-graph-store", headers=origin | asked).status_code == 200

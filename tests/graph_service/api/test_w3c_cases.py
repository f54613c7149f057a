"""Cases of several requests, in our words: the protocol, Graph Store and service description tests of the W3C.

Source: https://w3c.github.io/rdf-tests/sparql/sparql11/, protocol, http-rdf-update and service-description;
names of the tests as there. Where a test takes any 2xx, the status that this service gives is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, Namespace

from tests.graph_service.api.live import Live, live

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
UPDATE, QUERY = "application/sparql-update", "application/sparql-query"
DATA = [f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in range(4)]
SEEN = "http://example.org/seen/"
PREFIXES = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX e: <http://example.org/> "


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("cases")) as running:
        yield running


@pytest.fixture(scope="module")
def writer(service: Live) -> Iterator[httpx.Client]:
    with service.client(service.token("writer")) as client:
        yield client


def documents(*numbers: int) -> str:
    """An update that leaves one document in each of some graphs, named alike, and nothing else."""
    graphs = " ".join(f"GRAPH <{DATA[n]}> {{ <{DATA[n]}> a foaf:Document }}" for n in numbers)
    return f"DROP ALL ; INSERT DATA {{ {graphs} }} ; "


@dataclass(frozen=True)
class Told:
    """An update of several operations, what chooses its graphs, and what is so afterwards."""

    name: str
    update: str
    params: dict[str, Any]
    so: list[str]
    not_so: list[str] = field(default_factory=list)


MARKED = f"INSERT {{ GRAPH <{SEEN}> {{ ?s a e:Seen }} }} WHERE"
UPDATES = [
    Told("update-dataset-default-graph", documents(1, 2) + f"{MARKED} {{ ?s a foaf:Document }}",
         {"using-graph-uri": DATA[1]}, [f"<{DATA[1]}> a e:Seen"], [f"<{DATA[2]}> a e:Seen"]),
    Told("update-dataset-default-graphs", documents(1, 2, 3) + f"{MARKED} {{ ?s a foaf:Document }}",
         {"using-graph-uri": DATA[1:3]}, [f"<{DATA[1]}> a e:Seen", f"<{DATA[2]}> a e:Seen"],
         [f"<{DATA[3]}> a e:Seen"]),
    Told("update-dataset-named-graphs", documents(1, 2, 3) + f"{MARKED} {{ GRAPH ?g {{ ?s a foaf:Document }} }}",
         {"using-named-graph-uri": DATA[1:3]}, [f"<{DATA[1]}> a e:Seen", f"<{DATA[2]}> a e:Seen"],
         [f"<{DATA[3]}> a e:Seen"]),
    Told("update-dataset-full", documents(1, 2, 3) + f"INSERT {{ GRAPH <{SEEN}> {{ ?s e:in ?where }} }} WHERE {{ "
         "{ GRAPH ?g { ?s a foaf:Document } BIND(?g AS ?where) } "
         "UNION { ?s a foaf:Document . BIND('default' AS ?where) } }",
         {"using-graph-uri": DATA[1], "using-named-graph-uri": DATA[2]},
         [f"<{DATA[1]}> e:in 'default'", f"<{DATA[2]}> e:in <{DATA[2]}>"], [f"<{DATA[3]}> e:in ?x"]),
    Told("update-base-uri", f"DROP ALL ; INSERT DATA {{ GRAPH <{SEEN}> {{ e:s e:p <test> }} }}", {},
         ["e:s e:p ?o FILTER(ISIRI(?o) && STRENDS(STR(?o), '/test'))"], ["e:s e:p <http://test>"]),
]  # fmt: skip


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
@pytest.mark.parametrize("path", ["/sparql/update", "/sparql"])
def test_an_update_of_several_operations_sees_the_graphs_that_it_asks_for(
    writer: httpx.Client, case: Told, path: str
) -> None:
    answer = writer.post(
        path, params=case.params, content=PREFIXES + case.update, headers={"Content-Type": f"{UPDATE}; charset=utf-8"}
    )
    assert answer.status_code == 204, answer.text
    for pattern, expected in [*((one, True) for one in case.so), *((one, False) for one in case.not_so)]:
        asked = f"{PREFIXES} ASK {{ GRAPH <{SEEN}> {{ {pattern} }} }}"
        found = writer.post("/sparql", content=asked, headers={"Content-Type": QUERY})
        assert found.json()["boolean"] is expected, pattern


QUERIES: dict[str, tuple[dict[str, Any], str]] = {
    "query-dataset-default-graphs": (
        {"default-graph-uri": DATA[1:3]}, f"ASK {{ <{DATA[1]}> a ?x . <{DATA[2]}> a ?y }}"),
    "query-dataset-named-graphs": (
        {"named-graph-uri": DATA[1:3]}, f"ASK {{ GRAPH ?g {{ <{DATA[1]}> a ?x }} GRAPH ?h {{ <{DATA[2]}> a ?y }} }}"),
    "query-dataset-full": (
        {"default-graph-uri": DATA[3], "named-graph-uri": DATA[1:3]},
        f"ASK {{ <{DATA[3]}> a ?x GRAPH ?g {{ <{DATA[1]}> a ?y }} GRAPH ?h {{ <{DATA[2]}> a ?z }} }}"),
    "query-multiple-dataset": (
        {"named-graph-uri": DATA[1:3]},
        f"ASK FROM <{DATA[3]}> {{ GRAPH ?g {{ <{DATA[1]}> a ?y }} GRAPH ?h {{ <{DATA[2]}> a ?z }} }}"),
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_query_sees_the_graphs_that_it_asks_for_in_whatever_way(writer: httpx.Client, name: str, way: str) -> None:
    params, query = QUERIES[name]
    writer.post("/sparql/update", data={"update": PREFIXES + documents(1, 2, 3)}).raise_for_status()
    if way == "get":
        answer = writer.get("/sparql", params=params | {"query": query})
    elif way == "form":
        answer = writer.post("/sparql", data=params | {"query": query})
    else:
        answer = writer.post("/sparql", params=params, content=query, headers={"Content-Type": QUERY})
    assert answer.json()["boolean"] is True, answer.text


def test_a_trailing_slash_leads_to_the_endpoint(writer: httpx.Client) -> None:
    answer = writer.post("/sparql/", data={"query": "ASK {}"}, follow_redirects=True)
    assert answer.json()["boolean"] is True


STORE = "/rdf-graph-store"
TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
CARD = "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> . "


def person(url: str, name: str, more: str = "") -> str:
    return f'{CARD} <{url}> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "{name}" ] {more} .'


def content(client: httpx.Client, path: str, **params: str) -> rdflib.Graph:
    answer = client.get(path, params=params, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/turtle"), answer.text
    return rdflib.Graph().parse(data=answer.text, format="turtle")


def same(found: rdflib.Graph, turtle: str) -> bool:
    return isomorphic(found, rdflib.Graph().parse(data=turtle, format="turtle"))


def test_graphs_go_by_their_own_urls(writer: httpx.Client, service: Live) -> None:
    """put--initial-state to get-of-post--multipart-formdata and head, one after the other, as the W3C has them."""
    path = f"{STORE}/person/1.ttl"
    url = service.url + path
    writer.post("/sparql/update", data={"update": "DROP ALL"}).raise_for_status()
    assert writer.head(path).status_code == 404
    made = writer.put(path, content=person(url, "John Doe"), headers=TURTLE)
    assert (made.status_code, made.headers["location"]) == (201, url)
    assert same(content(writer, path), person(url, "John Doe"))
    assert same(content(writer, STORE, graph=url), person(url, "John Doe"))
    assert writer.put(path, content=person(url, "Jane Doe"), headers=TURTLE).status_code == 204
    assert same(content(writer, path), person(url, "Jane Doe"))
    bad = writer.put(path, content=person(url, "Jane"), headers={"Content-Type": "application/rdf+xml"})
    assert (bad.status_code, bad.json()["code"]) == (400, "RequestInvalid")
    assert writer.post(path, content=f'{CARD} <{url}> foaf:name "Jane Doe" .', headers=TURTLE).status_code == 204
    assert same(content(writer, path), person(url, "Jane Doe", '; foaf:name "Jane Doe"'))
    parts = {
        "last.ttl": ("last.ttl", f'{CARD} <{url}> foaf:familyName "Doe" .', "text/turtle; charset=utf-8"),
        "first.ttl": ("first.ttl", f'{CARD} <{url}> foaf:givenName "Jane" .', "text/turtle"),
    }
    assert writer.post(path, files=parts).status_code == 204
    names = '; foaf:name "Jane Doe" ; foaf:familyName "Doe" ; foaf:givenName "Jane"'
    assert same(content(writer, path), person(url, "Jane Doe", names))
    assert writer.post(path, content="", headers=TURTLE).status_code == 204
    assert same(content(writer, path), person(url, "Jane Doe", names))
    head = writer.head(path, headers=TURTLE)
    assert (head.status_code, head.content) == (200, b"")
    assert writer.delete(path).status_code == 204
    assert writer.get(path).status_code == 404
    assert writer.delete(path).status_code == 404
    assert writer.head(f"{STORE}/person/4.ttl").status_code == 404


def test_a_post_to_the_store_itself_makes_a_graph(writer: httpx.Client, service: Live) -> None:
    """post--create--new-graph, get-of-post--create--new-graph and get-of-post--after-noop."""
    sent = f'{CARD} [] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .'
    made = writer.post(STORE, content=sent, headers=TURTLE)
    assert made.status_code == 201
    where = made.headers["location"]
    assert where.startswith(f"{service.url}{STORE}/")
    assert same(content(writer, where), sent)
    assert writer.post(where, content="", headers=TURTLE).status_code == 204
    assert same(content(writer, where), sent)
    assert writer.post(STORE, content=sent, headers=TURTLE).headers["location"] != where


def test_the_default_graph_is_put_and_read(writer: httpx.Client) -> None:
    """put--default-graph and get-of-put--default-graph; the catalogue's own records stay, as they do for updates."""
    sent = f'{CARD} [] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .'
    assert writer.put(STORE, params={"default": ""}, content=sent, headers=TURTLE).status_code == 204
    own = rdflib.Graph()
    for triple in content(writer, STORE, default=""):
        if isinstance(triple[0], rdflib.BNode):
            own.add(triple)
    assert same(own, sent)
    assert writer.delete(STORE, params={"default": ""}).status_code == 204


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"", "multipart/form-data; boundary=x", 400, "no multipart"),
        (b"nothing of the kind", "multipart/form-data; boundary=x", 400, "no multipart"),
        (b"nothing of the kind", "multipart/form-data", 400, "no multipart"),
        (b"--x\r\nContent-Type: image/png\r\n\r\nx\r\n--x--\r\n", "multipart/form-data; boundary=x", 415, "image/png"),
        (b"--x\r\nContent-Type: text/turtle\r\n\r\n<a\r\n--x--\r\n", "multipart/form-data; boundary=x", 400, "turtle"),
        (b"--x\r\n" * 100_000, "multipart/form-data; boundary=x", 415, "Content-Type"),
    ],
)
def test_a_bad_multipart_body_is_refused(
    writer: httpx.Client, body: bytes, content_type: str, status: int, reason: str
) -> None:
    answer = writer.post(f"{STORE}/parts", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    assert reason in answer.json()["description"]


@pytest.mark.parametrize("path", [f"{STORE}/a?graph=http://e/b", f"{STORE}/a?default", f"{STORE}?graph=relative"])
def test_one_graph_is_named_in_one_way(writer: httpx.Client, path: str) -> None:
    assert writer.put(path, content="", headers=TURTLE).status_code == 400


RANGES = {
    SD.endpoint: None, SD.feature: SD.Feature, SD.defaultEntailmentRegime: SD.EntailmentRegime,
    SD.supportedLanguage: SD.Language, SD.defaultDataset: SD.Dataset, SD.defaultGraph: SD.Graph,
    SD.namedGraph: SD.NamedGraph, SD.extensionFunction: SD.Function, SD.extensionAggregate: SD.Aggregate,
    SD.name: None, SD.resultFormat: None, SD.inputFormat: None, SD.graph: SD.Graph,
}  # fmt: skip
"""Properties of the vocabulary that are used, and the class of what they have as value."""
DOMAINS = {
    SD.endpoint: SD.Service, SD.feature: SD.Service, SD.defaultEntailmentRegime: SD.Service,
    SD.resultFormat: SD.Service, SD.supportedLanguage: SD.Service, SD.defaultDataset: SD.Service,
    SD.extensionFunction: SD.Service,
    SD.extensionAggregate: SD.Service, SD.inputFormat: SD.Service, SD.defaultGraph: SD.Dataset,
    SD.namedGraph: SD.Dataset, SD.name: SD.NamedGraph, SD.graph: SD.NamedGraph,
}  # fmt: skip


def test_a_get_on_the_endpoint_returns_a_description_that_follows_its_vocabulary(
    writer: httpx.Client, service: Live
) -> None:
    """returns-rdf, has-endpoint-triple and conforms-to-schema."""
    writer.put(f"{STORE}?graph=http://e/described", content="", headers=TURTLE).raise_for_status()
    answer = writer.get("/sparql")
    found = rdflib.Graph().parse(data=answer.text, format=answer.headers["content-type"].partition(";")[0])
    assert (None, SD.endpoint, rdflib.URIRef(service.query)) in found
    used = {one for one in found.predicates() if str(one).startswith(str(SD))}
    assert used <= RANGES.keys()
    for term, kind in DOMAINS.items():
        assert all((subject, RDF.type, kind) in found for subject in found.subjects(term)), term
    known = {SD.Language: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}}
    for term, wanted in RANGES.items():
        for value in found.objects(predicate=term):
            assert not isinstance(value, rdflib.Literal), term
            if wanted in (SD.Dataset, SD.Graph, SD.NamedGraph, SD.Function, SD.Aggregate):
                assert (value, RDF.type, wanted) in found, value
            if wanted in known:
                assert value in known[wanted]
    assert all(isinstance(one, rdflib.Literal) for one in found.objects(predicate=RDFS.label))

"""SPARQLWrapper, rdflib, pandas, and what Comunica and browsers send, over the whole service."""

import io
from collections.abc import Iterator
from typing import Any

import geopandas
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from graph_service.store.remote_store import RemoteSettings
from tests.graph_service.api.live import Live, live

A, P, B = URIRef("http://e/a"), URIRef("http://e/p"), URIRef("http://e/b")
NAMED = URIRef("http://e/named")
EVERYTHING = "SELECT ?s ?o { ?s <http://e/p> ?o } ORDER BY ?o"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, held_in: RemoteSettings | None) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("clients"), store=held_in) as running:
        yield running


@pytest.fixture(scope="module")
def token(service: Live) -> str:
    return service.token("clients")


@pytest.fixture(autouse=True)
def emptied(service: Live, token: str) -> None:
    with service.client(token) as client:
        assert client.post("/sparql/update", data={"update": "DROP ALL"}).status_code == 204


def wrapper(service: Live, token: str | None = None) -> SPARQLWrapper:
    asking = SPARQLWrapper(service.query, service.update)
    if token is not None:
        asking.addCustomHttpHeader("Authorization", f"Bearer {token}")
    return asking


def converted(asking: SPARQLWrapper) -> Any:
    return asking.query().convert()


def updated(asking: SPARQLWrapper, text: str, encoding: str = URLENCODED) -> None:
    asking.setMethod(POST)
    asking.setRequestMethod(encoding)
    asking.setQuery(text)
    asking.query()


@pytest.mark.parametrize("encoding", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_writes_and_reads(service: Live, token: str, encoding: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { <http://e/a> <http://e/p> 1 , 2 }", encoding)
    asking = wrapper(service)
    asking.setQuery(EVERYTHING)
    asking.setReturnFormat(JSON)
    assert [row["o"]["value"] for row in converted(asking)["results"]["bindings"]] == ["1", "2"]
    for form in (XML, CSV, TSV):
        asking.setReturnFormat(form)
        assert asking.query().response.status == 200


def test_sparqlwrapper_tells_what_is_wrong(service: Live, token: str) -> None:
    with pytest.raises(Unauthorized):
        updated(wrapper(service), "INSERT DATA { <http://e/a> <http://e/p> 1 }")
    with pytest.raises(QueryBadFormed, match="line 1"):
        updated(wrapper(service, token), "INSERT DATA { <http://e/a> }")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated", "ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML])
def test_sparqlwrapper_reads_graphs(service: Live, token: str, form: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { <http://e/a> <http://e/p> 1 , 2 }")
    asking = wrapper(service)
    asking.setQuery("CONSTRUCT WHERE { ?s <http://e/p> ?o }")
    asking.setReturnFormat(form)
    found = converted(asking)
    assert len(found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")) == 2


def test_sparqlwrapper_chooses_graphs(service: Live, token: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { GRAPH <http://e/named> { <http://e/a> <http://e/p> 1 } }")
    asking = wrapper(service)
    asking.setQuery("ASK { <http://e/a> ?p ?o }")
    asking.setReturnFormat(JSON)
    assert converted(asking)["boolean"] is False
    asking.addDefaultGraph("http://e/named")
    assert converted(asking)["boolean"] is True


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_store_reads(service: Live, token: str, method: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { <http://e/a> <http://e/p> <http://e/b> , 'x'@en }")
    store = SPARQLStore(service.query, method=method)
    for graph in (Graph(store), Graph(store, identifier=DATASET_DEFAULT_GRAPH_ID)):
        assert {row[1] for row in graph.query(EVERYTHING)} == {B, Literal("x", lang="en")}  # type: ignore[index]  # rows
        assert len(graph.query("CONSTRUCT WHERE { ?s <http://e/p> ?o }").graph or ()) == 2
        assert graph.query("ASK { <http://e/a> ?p ?o }").askAnswer is True
    plain = Graph(SPARQLStore(service.query, method=method, context_aware=False))
    assert set(plain.objects(A, P)) == {B, Literal("x", lang="en")}
    assert (A, P, B) in plain
    assert list(plain.triples((None, P, B))) == [(A, P, B)]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_store_reads_named_graphs(service: Live, token: str, method: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { GRAPH <http://e/named> { <http://e/a> <http://e/p> 1 } }")
    graph = Graph(SPARQLStore(service.query, method=method), identifier=NAMED)
    assert len(graph) == 1
    assert [str(row[0]) for row in graph.query(EVERYTHING)] == [str(A)]  # type: ignore[index]  # rows


def test_rdflibs_store_writes(service: Live, token: str) -> None:
    store = SPARQLUpdateStore(service.query, service.update, headers={"Authorization": f"Bearer {token}"})
    graph = Graph(store, identifier=DATASET_DEFAULT_GRAPH_ID)
    graph.add((A, P, Literal("one")))
    graph.addN([(A, P, B, graph), (B, P, A, graph)])
    assert set(graph.objects(A, P)) == {Literal("one"), B}
    graph.remove((A, P, None))
    assert list(graph.triples((None, P, None))) == [(B, P, A)]
    graph.update("DELETE { ?s <http://e/p> ?o } INSERT { ?o <http://e/p> ?s } WHERE { ?s <http://e/p> ?o }")
    assert list(graph.triples((None, P, None))) == [(A, P, B)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflibs_store_writes_named_graphs(service: Live, token: str) -> None:
    store = SPARQLUpdateStore(service.query, service.update, headers={"Authorization": f"Bearer {token}"})
    graph = Graph(store, identifier=NAMED)
    graph.add((A, P, Literal(1)))
    assert list(graph.objects(A, P)) == [Literal(1)]
    dataset = Dataset(store)
    assert NAMED in {one.identifier for one in dataset.graphs()}
    store.remove_graph(graph)
    assert len(graph) == 0


def test_pandas_reads_a_table_from_an_address(service: Live, token: str) -> None:
    updated(wrapper(service, token), "INSERT DATA { <http://e/a> <http://e/p> 1 , 2 }")
    with service.client() as client:
        answer = client.get("/sparql", params={"query": EVERYTHING}, headers={"Accept": "text/csv"})
    table = geopandas.pd.read_csv(io.BytesIO(answer.content))
    assert table["o"].tolist() == [1, 2]
    assert table["s"].unique().tolist() == [str(A)]


# As Comunica 4.4 sends them, to an endpoint that it was told is one and to an address that it has to find out about.
SOLUTIONS = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
TRIPLES = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1"
ANY_RDF = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,text/html;q=0.2"
)


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", SOLUTIONS, "application/sparql-results+json"),
        ("SELECT (COUNT(*) AS ?count) { ?s ?p ?o }", SOLUTIONS, "application/sparql-results+json"),
        ("ASK { ?s ?p ?o }", SOLUTIONS, "application/sparql-results+json"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", TRIPLES, "application/n-quads"),
    ],
)
def test_comunica_is_answered_as_it_asks(service: Live, way: str, query: str, accept: str, media_type: str) -> None:
    headers = {"Accept": accept, "Origin": "https://example.org"}
    with service.client() as client:
        if way == "get":
            answer = client.get("/sparql", params={"query": query}, headers=headers)
        else:
            answer = client.post("/sparql", data={"query": query}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_comunica_finds_out_that_an_address_is_an_endpoint(service: Live) -> None:
    with service.client() as client:
        answer = client.get("/sparql", headers={"Accept": ANY_RDF})
    media_type = answer.headers["content-type"].partition(";")[0]
    found = Graph().parse(data=answer.text, format=media_type)
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert (URIRef(service.query), endpoint, URIRef(service.query)) in found


def test_comunica_updates_by_the_address_that_it_queries(service: Live, token: str) -> None:
    with service.client(token) as client:
        headers = {"Content-Type": "application/sparql-update"}
        text = "INSERT DATA { <http://e/a> <http://e/p> 1 }"
        assert client.post("/sparql", content=text, headers=headers).status_code == 204
        assert len(client.get("/sparql", params={"query": EVERYTHING}).json()["results"]["bindings"]) == 1
    with service.client() as client:
        assert client.post("/sparql", content=text, headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/sparql", "/sparql/update", "/rdf-graph-store", "/rdf-graph-store/a"])
def test_a_browser_may_send_what_headers_it_likes(service: Live, path: str) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,orrery-change,x-requested-with,cache-control",
    }
    with service.client() as client:
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
        allowed = {one.strip().lower() for one in answer.headers["access-control-allow-headers"].split(",")}
        assert set(asked["Access-Control-Request-Headers"].split(",")) <= allowed
        refused = client.post("/sparql/update", data={"update": "CLEAR ALL"}, headers={"Origin": asked["Origin"]})
        assert refused.headers["access-control-allow-origin"] == "*"
        assert "Orrery-Change" in refused.headers["access-control-expose-headers"]

from collections.abc import Iterator

import httpx
import pytest
import rdflib
from rdflib.namespace import RDF, VOID, Namespace

from graph_service.store.evaluation import aggregate_iris, function_iris
from graph_service.views.linked import MEDIA_TYPES
from queries.library import names
from tests.graph_service.api.live import Live, live

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("described")) as running:
        yield running


@pytest.fixture(scope="module")
def client(service: Live) -> Iterator[httpx.Client]:
    with service.client(service.token("writer")) as opened:
        yield opened


def described(client: httpx.Client, path: str, media_type: str = "text/turtle") -> rdflib.Graph:
    answer = client.get(path, headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    return rdflib.Graph().parse(data=answer.content, format=media_type)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_a_description_says_the_same_in_every_format(client: httpx.Client, path: str, media_type: str) -> None:
    assert len(described(client, path, media_type)) == len(described(client, path))


def test_the_service_names_what_it_can_do(client: httpx.Client, service: Live) -> None:
    found = described(client, "/sparql")
    endpoint = rdflib.URIRef(service.query)
    assert (endpoint, RDF.type, SD.Service) in found
    assert (endpoint, SD.endpoint, endpoint) in found
    assert {str(one) for one in found.objects(endpoint, SD.extensionFunction)} == set(function_iris())
    assert {str(one) for one in found.objects(endpoint, SD.extensionAggregate)} == set(aggregate_iris())
    assert len(set(found.objects(endpoint, SD.resultFormat))) == 10
    assert (rdflib.URIRef(service.update), SD.supportedLanguage, SD.SPARQL11Update) in found
    assert SD.BasicFederatedQuery not in set(found.objects())


def test_public_named_graphs_are_listed_and_no_others(client: httpx.Client) -> None:
    update = "INSERT DATA { GRAPH <http://e/named> { <http://e/a> <http://e/p> 1 } }"
    assert client.post("/sparql/update", data={"update": update}).status_code == 204
    assert [str(one) for one in described(client, "/sparql").objects(None, SD.name)] == ["http://e/named"]


def counted(client: httpx.Client, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    return int(client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["n"]["value"])


def test_the_numbers_are_those_of_the_graph(client: httpx.Client) -> None:
    found = described(client, "/.well-known/void")
    (dataset,) = found.subjects(RDF.type, VOID.Dataset)
    assert found.value(dataset, VOID.triples).value == counted(client, "?s ?p ?o")  # type: ignore[union-attr]  # a literal
    partitions = list(found.objects(dataset, VOID.propertyPartition))
    assert len(partitions) == found.value(dataset, VOID.properties).value  # type: ignore[union-attr]  # a literal
    for partition in partitions[:5]:
        name = found.value(partition, VOID.property)
        assert found.value(partition, VOID.triples).value == counted(client, f"?s <{name}> ?o")  # type: ignore[union-attr]  # a literal
    for partition in list(found.objects(dataset, VOID.classPartition))[:5]:
        name = found.value(partition, VOID["class"])
        assert found.value(partition, VOID.entities).value == counted(client, f"?s a <{name}>")  # type: ignore[union-attr]  # a literal


def test_the_numbers_follow_a_change(client: httpx.Client) -> None:
    first = client.get("/.well-known/void")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/.well-known/void", headers=again).status_code == 304
    update = "INSERT DATA { <http://e/b> a <http://e/Thing> }"
    assert client.post("/sparql/update", data={"update": update}).status_code == 204
    second = client.get("/.well-known/void", headers=again)
    assert second.status_code == 200
    assert "http://e/Thing" in second.text


def test_every_kept_query_is_an_example_that_runs(client: httpx.Client) -> None:
    found = described(client, "/.well-known/void")
    examples = list(found.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(examples) == len(names())
    for one in examples:
        text = str(found.value(one, SH.select) or found.value(one, SH.construct) or found.value(one, SH.ask))
        assert client.post("/sparql", data={"query": text}).status_code == 200, one

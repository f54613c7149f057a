from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from graph_service.store.remote_store import RemoteSettings
from tests.graph_service.api.live import INSIDERS
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.service import SECRET, bearer, serving

STORE = "/rdf-graph-store"
NAMED = {"graph": "http://e/named"}
WRITER = bearer(SECRET)
TURTLE = WRITER | {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, held_in: RemoteSettings | None) -> Path:
    """The data directory, one for each engine."""
    return tmp_path_factory.mktemp("graph-store")


@pytest.fixture(scope="module")
def running(folder: Path, held_in: RemoteSettings | None) -> Iterator[TestClient]:
    with serving(folder, held_in) as opened:
        yield opened


@pytest.fixture
def client(running: TestClient) -> TestClient:
    """A client of a service that has nothing of users' own."""
    assert running.post("/sparql/update", data={"update": "DROP ALL"}, headers=WRITER).status_code == 204
    return running


def triples(client: TestClient, params: dict[str, str] = NAMED, **headers: str) -> set[tuple[str, ...]]:
    answer = client.get(STORE, params=params, headers={"Accept": "application/n-triples"} | headers)
    assert answer.status_code == 200, answer.text
    return {tuple(map(str, one)) for one in rdflib.Graph().parse(data=answer.text, format="nt")}


def test_a_graph_is_made_read_replaced_extended_and_deleted(client: TestClient) -> None:
    assert client.get(STORE, params=NAMED).status_code == 404
    assert client.put(STORE, params=NAMED, content="<a> <http://e/p> 1 .", headers=TURTLE).status_code == 201
    assert triples(client) == {("http://e/a", "http://e/p", "1")}
    assert client.put(STORE, params=NAMED, content="<b> <http://e/p> 2 .", headers=TURTLE).status_code == 204
    assert client.post(STORE, params=NAMED, content="<c> <http://e/p> 3 .", headers=TURTLE).status_code == 204
    assert {one[2] for one in triples(client)} == {"2", "3"}
    assert client.delete(STORE, params=NAMED, headers=WRITER).status_code == 204
    assert client.get(STORE, params=NAMED).status_code == 404
    assert client.delete(STORE, params=NAMED, headers=WRITER).status_code == 404


def test_an_empty_graph_exists(client: TestClient) -> None:
    assert client.put(STORE, params=NAMED, content="", headers=TURTLE).status_code == 201
    assert triples(client) == set()


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/n-triples", '<http://e/a> <http://e/p> "x" .'),
        ("application/ld+json", '{"@id": "http://e/a", "http://e/p": "x"}'),
        ("application/rdf+xml", '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
         '<r:Description r:about="http://e/a"><e:p>x</e:p></r:Description></r:RDF>'),
        ("application/trig", '<http://e/a> <http://e/p> "x" .'),
    ],
)  # fmt: skip
def test_graphs_are_sent_in_any_format(client: TestClient, media_type: str, content: str) -> None:
    answer = client.put(STORE, params=NAMED, content=content, headers=WRITER | {"Content-Type": media_type})
    assert answer.status_code == 201
    assert triples(client) == {("http://e/a", "http://e/p", "x")}


def test_the_public_graph_has_records_that_no_request_empties(client: TestClient) -> None:
    before = triples(client, {"default": ""})
    assert len(before) > 1000
    assert (
        client.post(STORE, params={"default": ""}, content="<http://e/a> <http://e/p> 1 .", headers=TURTLE).status_code
        == 204
    )
    assert len(triples(client, {"default": ""})) == len(before) + 1
    assert (
        client.put(STORE, params={"default": ""}, content="<http://e/b> <http://e/p> 2 .", headers=TURTLE).status_code
        == 204
    )
    own = {one for one in triples(client, {"default": ""}) if one[0].startswith("http://e/")}
    assert own == {("http://e/b", "http://e/p", "2")}
    assert client.delete(STORE, params={"default": ""}, headers=WRITER).status_code == 204
    assert {one[:2] for one in triples(client, {"default": ""})} == {one[:2] for one in before}


def test_what_is_wrong_with_a_request_is_told(client: TestClient) -> None:
    content = "<http://e/a> <http://e/p> 1 ."
    assert client.put(STORE, params=NAMED, content=content, headers={"Content-Type": "text/turtle"}).status_code == 401
    assert (
        client.put(STORE, params=NAMED, content=content, headers=WRITER | {"Content-Type": "text/html"}).status_code
        == 415
    )
    assert client.put(STORE, params=NAMED, content=content, headers=WRITER).status_code == 415
    assert client.put(STORE, params=NAMED, content="<http://e/a>", headers=TURTLE).status_code == 400
    assert client.get(STORE).status_code == 400
    assert client.get(STORE, params={"graph": "relative"}).status_code == 400
    assert client.get(STORE, params=NAMED | {"default": ""}).status_code == 400
    assert client.get(STORE, params={"default": ""}, headers={"Accept": "image/png"}).status_code == 406


def test_a_graph_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    client.put(STORE, params=NAMED, content="<a> <http://e/p> 1 .", headers=TURTLE)
    tag = client.get(STORE, params=NAMED).headers["etag"]
    assert client.get(STORE, params=NAMED, headers={"If-None-Match": tag}).status_code == 304
    assert client.head(STORE, params=NAMED).headers["etag"] == tag
    client.post(STORE, params=NAMED, content="<b> <http://e/p> 1 .", headers=TURTLE)
    assert client.get(STORE, params=NAMED, headers={"If-None-Match": tag}).status_code == 200


def test_the_graph_of_an_audience_is_for_its_members(client: TestClient, folder: Path) -> None:
    tokens = TokenFile(Settings(data=folder).tokens_file)
    insider = bearer(tokens.create("insider", writes=True, audiences=[INSIDERS]))
    outsider = bearer(tokens.create("outsider", writes=True))
    content, hidden = "<http://e/a> <http://e/p> 1 .", {"graph": INSIDERS}
    assert (
        client.post(
            STORE, params=hidden, content=content, headers=insider | {"Content-Type": "text/turtle"}
        ).status_code
        == 204
    )
    assert len(triples(client, hidden, **insider)) == 1
    for method in ("PUT", "POST", "DELETE"):
        answer = client.request(
            method, STORE, params=hidden, content=content, headers=outsider | {"Content-Type": "text/turtle"}
        )
        assert answer.status_code in (401, 404)
    assert client.get(STORE, params=hidden, headers=outsider).status_code == 404
    assert len(triples(client, hidden, **insider)) == 1

"""The service as one: health, start page, search, writing with a token, errors."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from graph_service.api.errors import STATUS, add_error_handlers, status_of
from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from ontology.errors import CatalogueError
from ontology.identifiers import audience_iri, item_iri
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.service import SECRET, bearer, item, serving, writing_token

RESTRICTED = audience_iri("partners")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as opened:
        yield opened


def sent(document: object, **more: Any) -> dict[str, Any]:
    content = base64.b64encode(json.dumps(document).encode()).decode()
    return {"source": "here.json", "parts": {"": content}} | more


def ingest(client: TestClient, *documents: object, token: str = SECRET, **more: Any) -> Any:
    body = {"documents": [sent(document, **more) for document in documents]}
    return client.post("/ingest", json=body, headers=bearer(token))


def all_errors(base: type[CatalogueError]) -> Iterator[type[CatalogueError]]:
    for error in base.__subclasses__():
        yield error
        yield from all_errors(error)


def test_every_error_has_a_status() -> None:
    assert [error for error in all_errors(CatalogueError) if not any(up in STATUS for up in error.__mro__)] == []
    assert all(400 <= status_of(error) < 600 for error in all_errors(CatalogueError))


def test_health_tells_the_change_number_and_the_products(client: TestClient) -> None:
    before = client.get("/health").json()
    ingest(client, item())
    after = client.get("/health").json()
    assert (before["status"], before["scenes"], after["scenes"]) == ("ok", 0, 1)
    assert after["change"] == before["change"] + 1


def test_what_is_written_over_http_is_found_in_every_language(client: TestClient) -> None:
    answer = ingest(client, item("scene-1", **{"eo:cloud_cover": 7.5}))
    assert answer.status_code == 200
    assert client.get("/stac/collections/tests/items/scene-1").json()["properties"]["eo:cloud_cover"] == 7.5
    found = client.get("/search", params={"filter": "platform=sentinel-2a,cloud_cover<10"}).json()
    assert [product["id"] for product in found["products"]] == ["scene-1"]
    query = f"SELECT ?cover WHERE {{ <{item_iri('tests', 'scene-1')}> orr:cloudCover ?cover }}"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["cover"]["value"] for row in rows] == ["7.5"]


def test_a_search_links_to_the_item(client: TestClient) -> None:
    ingest(client, item("a b/c"))
    [product] = client.get("/search").json()["products"]
    assert client.get(product["href"]).json()["id"] == "a b/c"


def test_a_search_names_the_properties_that_it_knows(client: TestClient) -> None:
    answer = client.get("/search", params={"filter": "clouds<10"})
    assert answer.status_code == 400
    assert "cloud_cover" in answer.json()["description"]
    names = {one["name"] for one in client.get("/search/properties").json()}
    assert {"cloud_cover", "anomaly_type", "platform"} <= names


@pytest.mark.parametrize("limit", ["0", "1001", "many"])
def test_a_limit_out_of_range_is_named(client: TestClient, limit: str) -> None:
    answer = client.get("/search", params={"limit": limit})
    assert answer.status_code == 400
    assert "limit" in answer.json()["description"]


@pytest.mark.parametrize(
    "headers",
    [{}, bearer("wrong"), {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer  "}],
)
def test_writing_needs_a_token(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/ingest", json={"documents": [sent(item())]}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get("/search").json()["matched"] == 0


def test_a_token_that_only_reads_does_not_write(client: TestClient, tmp_path: Path) -> None:
    token = TokenFile(Settings(data=tmp_path).tokens_file).create("reader", writes=False)
    assert ingest(client, item(), token=token).status_code == 401


def test_a_token_that_writes_writes_until_it_is_revoked(client: TestClient, tmp_path: Path) -> None:
    token = writing_token(tmp_path)
    assert ingest(client, item("one"), token=token).status_code == 200
    TokenFile(Settings(data=tmp_path).tokens_file).revoke("tests")
    assert ingest(client, item("two"), token=token).status_code == 401


def test_a_restricted_product_is_seen_by_its_audience_alone(client: TestClient, tmp_path: Path) -> None:
    tokens = TokenFile(Settings(data=tmp_path).tokens_file)
    partner = tokens.create("partner", writes=True, audiences=[RESTRICTED])
    assert ingest(client, item(), token=partner, audience=RESTRICTED).status_code == 200
    query = {"query": f"ASK {{ <{item_iri('tests', 'scene-1')}> ?p ?o }}"}
    for path, params, read in (
        ("/search", {}, lambda answer: answer["matched"]),
        ("/stac/search", {}, lambda answer: len(answer["features"])),
        ("/sparql", query, lambda answer: int(answer["boolean"])),
    ):
        assert read(client.get(path, params=params).json()) == 0, path
        assert read(client.get(path, params=params, headers=bearer(partner)).json()) == 1, path
    assert "scene-1" not in client.get("/").text


def test_a_token_writes_to_its_own_audiences_alone(client: TestClient, tmp_path: Path) -> None:
    answer = ingest(client, item(), token=writing_token(tmp_path), audience=RESTRICTED)
    assert answer.status_code == 401
    assert "audience" in answer.json()["description"]


def test_a_token_cannot_touch_what_it_may_not_see(client: TestClient, tmp_path: Path) -> None:
    assert ingest(client, item(), audience=RESTRICTED).status_code == 200
    token, iri = writing_token(tmp_path), item_iri("tests", "scene-1")
    deletion = client.post("/ingest", json={"deletions": [iri]}, headers=bearer(token))
    overwriting = ingest(client, item(), token=token)
    absent = client.post("/ingest", json={"deletions": [iri + "x"]}, headers=bearer(token))
    assert [deletion.status_code, overwriting.status_code, absent.status_code] == [404, 404, 404]
    assert client.get("/search").json()["matched"] == 0
    owner = client.post("/ingest", json={"deletions": [iri]}, headers=bearer(SECRET))
    assert owner.json()["known_before"] == [iri]


def test_a_batch_with_a_bad_document_writes_nothing(client: TestClient) -> None:
    answer = ingest(client, item("good"), item("bad") | {"geometry": None})
    assert answer.status_code == 400
    assert "geometry" in answer.json()["description"]
    assert client.get("/search").json()["matched"] == 0


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"source": "x", "parts": {}}, "parts"),
        ({"source": "x", "parts": {"": "not base64!"}}, "base64"),
        ({"source": "x", "kind": "odd", "parts": {"": ""}}, "kind"),
        ({"parts": {"": ""}}, "source"),
    ],
)
def test_a_document_that_is_none_is_refused(client: TestClient, document: object, fault: str) -> None:
    answer = client.post("/ingest", json={"documents": [document]}, headers=bearer(SECRET))
    assert answer.status_code == 400
    assert fault in answer.json()["description"]


@pytest.mark.parametrize("kind", ["stac-item", "stac-collection", "dafab-water-analysis", "sentinel-2-safe"])
@pytest.mark.parametrize("content", [1, [], "text", {}, None])
def test_a_document_of_another_kind_than_it_is_said_to_be_is_refused(
    client: TestClient, kind: str, content: object
) -> None:
    assert ingest(client, content, kind=kind).status_code == 400


def test_deleting_over_http_removes_the_product(client: TestClient) -> None:
    ingest(client, item())
    iri = item_iri("tests", "scene-1")
    answer = client.post("/ingest", json={"deletions": [iri]}, headers=bearer(SECRET))
    assert answer.json()["known_before"] == [iri]
    assert client.get("/stac/collections/tests/items/scene-1").status_code == 404
    again = client.post("/ingest", json={"deletions": [iri]}, headers=bearer(SECRET))
    assert (again.status_code, again.json()["code"]) == (404, "NotFound")


def test_the_start_page_shows_what_is_there_with_links_that_work(client: TestClient) -> None:
    assert "orrery ingest" in client.get("/").text
    ingest(client, item())
    page = client.get("/").text
    links = [part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    assert any(link.endswith("/stac/collections/tests") for link in links)
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_the_start_page_escapes_what_producers_wrote(client: TestClient) -> None:
    ingest(client, item("<script>alert(1)</script>", platform="<b>bold</b>"))
    page = client.get("/").text
    assert "<script>" not in page
    assert "<b>bold" not in page


def test_the_api_is_documented(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/health", "/sparql", "/search", "/ingest"} <= paths.keys()


@pytest.mark.parametrize("page", ["/docs", "/stac/api.html", "/"])
def test_a_page_loads_nothing_from_elsewhere(client: TestClient, page: str) -> None:
    text = client.get(page).text
    loaded = re.findall(r"<(?:script|link|img)[^>]*?(?:src|href)=\"([^\"]+)", text)
    assert [url for url in loaded if not url.startswith(("/", "http://testserver/"))] == []
    assert {url: client.get(url).status_code for url in loaded if client.get(url).status_code != 200} == {}


def test_an_unknown_path_is_a_404_in_the_same_form(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.json().keys() >= {"code", "description"}


def test_an_unforeseen_error_is_a_plain_500_and_an_entry_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    app = FastAPI()
    add_error_handlers(app)

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("a secret of the inside")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "InternalError")
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_other_origins_may_read(client: TestClient) -> None:
    answer = client.get("/stac/", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"

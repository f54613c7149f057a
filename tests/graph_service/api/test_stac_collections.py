"""The search for collections, and the children of the landing page, over HTTP."""

from typing import Any

import pytest

from graph_service.catalogue import Catalogue
from ontology.identifiers import audience_iri, collection_iri
from ontology.records import Collection
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import entry_of, scene_of, write

OURS = audience_iri("ours")


def described(identifier: str, box: list[float], interval: list[str | None], **more: Any) -> dict[str, Any]:
    extent = {"spatial": {"bbox": [box]}, "temporal": {"interval": [interval]}}
    fixed = {"type": "Collection", "stac_version": "1.1.0", "license": "other", "links": []}
    return fixed | {"id": identifier, "description": f"About {identifier}", "extent": extent} | more


@pytest.fixture
def client(catalogue: Catalogue) -> TestClient:
    """Four collections, of which items alone make one known, and one that is restricted."""
    documents = [
        described("fiji", [178, -20, -178, -15], ["2020-01-01T00:00:00Z", None], title="Water of Fiji"),
        described("po", [7, 44, 13, 46], ["2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z"], keywords=["Größe", "EO"]),
        described("odd", [-9, -9, -8, -8], [None, "1999-01-01T00:00:00Z"], title="Video water level"),
    ]
    records = [Collection(iri=collection_iri(one["id"]), identifier=one["id"]) for one in documents]
    entries = [entry_of(record, document) for record, document in zip(records, documents, strict=True)]
    restricted = Collection(iri=collection_iri("secret"), identifier="secret")
    scenes = [scene_of("S1", collection="scenes")]
    write(catalogue, [*entries, *map(entry_of, scenes), entry_of(restricted, audience=OURS)])
    return TestClient(service_of(catalogue))


def found(client: TestClient, **parameters: Any) -> list[str]:
    answer = client.get("/stac/collections", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberReturned"] == len(answer.json()["collections"])
    return [one["id"] for one in answer.json()["collections"]]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "fiji odd po scenes"),
        ({"bbox": "11,44,12,45"}, "po scenes"),
        ({"bbox": "-179,-16,-178.5,-15"}, "fiji"),
        ({"bbox": "179,-16,-179,0"}, "fiji"),
        ({"bbox": "0,0,1,1"}, ""),
        ({"datetime": "2015-06-01T00:00:00Z"}, "po"),
        ({"datetime": "2021-01-01T00:00:00Z/.."}, "fiji scenes"),
        ({"datetime": "../2015-01-01T00:00:00Z"}, "odd po"),
        ({"datetime": "1999-01-02T00:00:00Z/2015-01-01T00:00:00Z"}, "po"),
        ({"q": "water"}, "fiji odd"),
        ({"q": "WATER  of,nothing"}, "fiji"),
        ({"q": "eo"}, "po"),
        ({"q": "GROSSE"}, "po"),
        ({"q": "grö"}, ""),
        ({"q": "water level,eo"}, "odd po"),
        ({"q": "fiji", "bbox": "11,44,12,45"}, ""),
        ({"sortby": "-id"}, "scenes po odd fiji"),
        ({"sortby": "title"}, "odd fiji scenes po"),
    ],
)
def test_collections_are_found_by_what_they_say_and_span(
    client: TestClient, parameters: dict[str, str], expected: str
) -> None:
    assert found(client, **parameters) == expected.split()


@pytest.mark.parametrize("sortby", ["", "-title"])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_of_collections_lead_forward_and_back(client: TestClient, sortby: str, limit: int) -> None:
    page = client.get("/stac/collections", params={"limit": limit, "sortby": sortby}).json()
    forward, back = [page["collections"]], []
    while following := next((link for link in page["links"] if link["rel"] == "next"), None):
        page = client.get(following["href"]).json()
        forward.append(page["collections"])
    assert page["numberMatched"] == 4
    back.append(page["collections"])
    while preceding := next((link for link in page["links"] if link["rel"] == "prev"), None):
        page = client.get(preceding["href"]).json()
        back.append(page["collections"])
    assert sorted(one["id"] for some in forward for one in some) == ["fiji", "odd", "po", "scenes"]
    assert back[::-1] == forward


def test_page_of_collections_is_stable_while_others_write(client: TestClient, catalogue: Catalogue) -> None:
    page = client.get("/stac/collections", params={"limit": 2}).json()
    write(catalogue, [entry_of(scene_of("A", collection="a")), entry_of(scene_of("P", collection="p"))])
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert [one["id"] for one in client.get(following).json()["collections"]] == ["p", "po"]


def test_fields_of_collections_can_be_chosen(client: TestClient) -> None:
    (one,) = client.get("/stac/collections", params={"q": "po", "fields": "-extent,-links"}).json()["collections"]
    assert set(one) == {"id", "type", "stac_version", "description", "license", "keywords"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("bbox=1,2", "bbox"),
        ("datetime=today", "datetime"),
        ("limit=0", "limit"),
        ("sortby=extent", "sortby"),
        ("q=!", "q"),
        ("token=x", "token"),
        ("unknown=x", "unknown"),
    ],
)
def test_wrong_parameter_is_refused_by_its_name(client: TestClient, query: str, named: str) -> None:
    answer = client.get(f"/stac/collections?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(f"{named}: ")


def test_token_of_a_list_of_items_is_none_of_collections(client: TestClient, catalogue: Catalogue) -> None:
    write(catalogue, [entry_of(scene_of("S2", collection="scenes"))])
    items = client.get("/stac/search", params={"limit": 1}).json()
    token = next(link["href"] for link in items["links"] if link["rel"] == "next").rpartition("token=")[2]
    assert client.get("/stac/collections", params={"token": token}).status_code == 400


def test_children_are_the_collections_and_the_sensors(client: TestClient) -> None:
    children = client.get("/stac/children").json()
    assert [one["id"] for one in children["children"]] == ["fiji", "odd", "po", "scenes", "sensors"]
    linked = {link["href"] for link in client.get("/stac/").json()["links"] if link["rel"] == "child"}
    own = {link["href"] for one in children["children"] for link in one["links"] if link["rel"] == "self"}
    assert own == linked
    ours = client.get("/stac/children", headers={"X-Audience": OURS}).json()["children"]
    assert "secret" in [one["id"] for one in ours]

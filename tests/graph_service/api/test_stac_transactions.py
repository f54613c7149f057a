import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.catalogue import Catalogue
from ontology.identifiers import audience_iri, item_iri
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import COLLECTION, entry_of, item_of, open_catalogue, scene_of, write

OURS = audience_iri("ours")
AS_WRITER = {"X-Writer": "yes"}
ITEMS = f"/stac/collections/{COLLECTION}/items"
GEOJSON = {"Content-Type": "application/geo+json"}
MERGE = {"Content-Type": "application/merge-patch+json"}
OPERATIONS = {"Content-Type": "application/json-patch+json"}


def item(name: str, **more: Any) -> dict[str, Any]:
    return item_of(scene_of(name), **more)


@pytest.fixture
def client(catalogue: Catalogue) -> Iterator[TestClient]:
    """A collection with one item, and a restricted one with another; the header X-Writer lets write."""
    write(
        catalogue,
        [
            entry_of(scene_of("S1"), item("S1")),
            entry_of(scene_of("X1", collection="secret"), audience=OURS),
        ],
    )
    with TestClient(service_of(catalogue, writes=True), headers=AS_WRITER) as client:
        yield client


def refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_a_new_item_is_answered_with_its_address_and_found_at_once(client: TestClient) -> None:
    answer = client.post(ITEMS, json=item("S2"))
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"{ITEMS}/S2")
    served = client.get(answer.headers["location"])
    assert served.json() == answer.json()
    assert served.headers["etag"] == answer.headers["etag"]
    assert answer.json()["assets"] == item("S2")["assets"]
    assert {one["id"] for one in client.get("/stac/search").json()["features"]} == {"S1", "S2"}


def test_an_item_without_a_collection_gets_that_of_the_path(client: TestClient) -> None:
    sent = item("S2")
    del sent["collection"]
    assert client.post(ITEMS, json=sent).json()["collection"] == COLLECTION


def test_items_of_a_feature_collection_are_written_together_or_not_at_all(client: TestClient) -> None:
    both = {"type": "FeatureCollection", "features": [item("S2"), item("S3")]}
    answer = client.post(ITEMS, json=both)
    assert answer.status_code == 201
    assert [one["id"] for one in answer.json()["features"]] == ["S2", "S3"]
    bad = {"type": "FeatureCollection", "features": [item("S4"), item("S5", geometry=None)]}
    assert "features[1]" in refusal(client.post(ITEMS, json=bad), 400)
    assert client.get(f"{ITEMS}/S4").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (item("S1"), 409, "S1: is there already"),
        (item("S2", collection="rome"), 400, "collection"),
        (item("S2", id=""), 400, "id"),
        ({"type": "FeatureCollection", "features": []}, 400, "features"),
        ({"type": "FeatureCollection", "features": [item("S2"), item("S2")]}, 400, "one identifier"),
        ({"type": "FeatureCollection", "features": [item("S2"), 1]}, 400, "features[1]"),
        ([item("S2")], 400, "item"),
        ({"type": "Catalog", "id": "c"}, 400, "catalog"),
        ({}, 400, "body"),
    ],
)
def test_what_cannot_be_created_changes_nothing(
    client: TestClient, catalogue: Catalogue, sent: Any, status: int, said: str
) -> None:
    before = catalogue.graph.change_number()
    assert said in refusal(client.post(ITEMS, json=sent), status)
    assert catalogue.graph.change_number() == before


def test_a_body_that_is_no_json_is_refused_with_its_place(client: TestClient) -> None:
    assert "line 1" in refusal(client.post(ITEMS, content=b'{"type": ', headers=GEOJSON), 400)


def test_an_item_goes_into_a_collection_that_is_there(client: TestClient) -> None:
    assert "nowhere" in refusal(client.post("/stac/collections/nowhere/items", json=item("S2")), 404)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_an_item_that_is_not_there_is_not_found(client: TestClient, method: str) -> None:
    more = {} if method == "delete" else {"json": item("S9")}
    assert "S9" in refusal(getattr(client, method)(f"{ITEMS}/S9", **more), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_needs_a_token(client: TestClient, method: str) -> None:
    path = ITEMS if method == "post" else f"{ITEMS}/S1"
    more: dict[str, Any] = {} if method == "delete" else {"json": item("S1")}
    answer = getattr(client, method)(path, headers={"X-Writer": ""}, **more)
    assert "token" in refusal(answer, 401)
    assert client.get(f"{ITEMS}/S1").status_code == 200


def test_who_may_not_see_an_item_does_not_learn_that_there_is_one(client: TestClient) -> None:
    for path in ("/stac/collections/secret/items/X1", "/stac/collections/secret"):
        assert client.delete(path).status_code == 404
        assert client.put(path, json=item("X1")).status_code == 404


def test_an_item_is_for_those_who_see_its_collection(client: TestClient, catalogue: Catalogue) -> None:
    ours = {"X-Writer": OURS, "X-Audience": OURS}
    sent = item_of(scene_of("X2", collection="secret"))
    assert client.post("/stac/collections/secret/items", json=sent, headers=ours).status_code == 201
    known = catalogue.index.known(item_iri("secret", "X2"))
    assert known is not None
    assert known.audience == OURS


def test_an_item_is_replaced_whole(client: TestClient) -> None:
    sent = item("S1", assets={"other": {"href": "other.tif"}})
    answer = client.put(f"{ITEMS}/S1", json=sent)
    assert answer.status_code == 200
    assert list(client.get(f"{ITEMS}/S1").json()["assets"]) == ["other"]


@pytest.mark.parametrize(
    ("sent", "said"), [(item("S2"), "id: is S2"), (item("S1", collection="rome"), "collection: is another")]
)
def test_an_item_cannot_be_put_where_another_belongs(client: TestClient, sent: Any, said: str) -> None:
    assert said in refusal(client.put(f"{ITEMS}/S1", json=sent), 400)


def test_a_merge_patch_changes_what_it_names_alone(client: TestClient) -> None:
    before = client.get(f"{ITEMS}/S1").json()
    change = {"properties": {"eo:cloud_cover": 12.5}}
    after = client.patch(f"{ITEMS}/S1", content=json.dumps(change), headers=MERGE).json()
    assert after["properties"] == before["properties"] | {"eo:cloud_cover": 12.5}
    assert after["assets"] == before["assets"]
    found = client.get("/stac/search", params={"filter": "eo:cloud_cover > 12"}).json()
    assert [one["id"] for one in found["features"]] == ["S1"]


def test_operations_of_a_patch_are_all_done_or_none(client: TestClient) -> None:
    add = {"op": "add", "path": "/properties/eo:cloud_cover", "value": 7}
    wrong = {"op": "test", "path": "/id", "value": "S2"}
    refused = client.patch(f"{ITEMS}/S1", content=json.dumps([add, wrong]), headers=OPERATIONS)
    assert "patch[1]" in refusal(refused, 409)
    assert "eo:cloud_cover" not in client.get(f"{ITEMS}/S1").json()["properties"]
    done = client.patch(f"{ITEMS}/S1", content=json.dumps([add]), headers=OPERATIONS)
    assert done.json()["properties"]["eo:cloud_cover"] == 7


@pytest.mark.parametrize(
    ("change", "status"),
    [({"id": "S2"}, 400), ({"geometry": None}, 400), ({"collection": "rome"}, 400), ([], 400), (1, 400)],
)
def test_a_patch_that_would_spoil_an_item_changes_nothing(client: TestClient, change: Any, status: int) -> None:
    before = client.get(f"{ITEMS}/S1")
    assert client.patch(f"{ITEMS}/S1", content=json.dumps(change), headers=MERGE).status_code == status
    assert client.get(f"{ITEMS}/S1").headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_body_of_another_kind_is_refused(client: TestClient, method: str) -> None:
    answer = getattr(client, method)(f"{ITEMS}/S1", content=b"a=1", headers={"Content-Type": "text/csv"})
    assert "text/csv" in refusal(answer, 415)


def test_a_stale_entity_tag_stops_a_change(client: TestClient) -> None:
    tag = client.get(f"{ITEMS}/S1").headers["etag"]
    change = {"properties": {"eo:cloud_cover": 1}}
    first = client.patch(f"{ITEMS}/S1", json=change, headers={"If-Match": tag})
    assert first.status_code == 200
    for method in ("put", "patch", "delete"):
        more: dict[str, Any] = {} if method == "delete" else {"json": item("S1")}
        assert getattr(client, method)(f"{ITEMS}/S1", headers={"If-Match": tag}, **more).status_code == 412
    assert client.get(f"{ITEMS}/S1").headers["etag"] == first.headers["etag"]
    assert client.delete(f"{ITEMS}/S1", headers={"If-Match": f'"x", {first.headers["etag"]}'}).status_code == 204
    assert client.get(f"{ITEMS}/S1").status_code == 404


def test_what_one_has_already_is_not_sent_again(client: TestClient) -> None:
    for path in (f"{ITEMS}/S1", f"/stac/collections/{COLLECTION}"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 304
        assert again.content == b""


def test_of_two_patches_at_once_none_is_lost(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path)
    write(catalogue, [entry_of(scene_of("S1"), item("S1"))])
    app = service_of(catalogue, writes=True)
    done: list[str] = []

    def patching(name: str) -> None:
        with TestClient(app, headers=AS_WRITER) as client:
            for number in range(5):
                change = {"properties": {f"x:{name}{number}": number}}
                while client.patch(f"{ITEMS}/S1", content=json.dumps(change), headers=MERGE).status_code == 412:
                    pass
                done.append(f"x:{name}{number}")

    threads = [threading.Thread(target=patching, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with TestClient(app) as client:
        properties = client.get(f"{ITEMS}/S1").json()["properties"]
    catalogue.close()
    assert len(done) == 10
    assert set(done) <= set(properties)


def collection(name: str, **more: Any) -> dict[str, Any]:
    """A STAC collection."""
    return {
        "type": "Collection",
        "stac_version": "1.1.0",
        "id": name,
        "description": "Floods of a river",
        "license": "CC-BY-4.0",
        "extent": {"spatial": {"bbox": [[7, 44, 13, 46]]}, "temporal": {"interval": [["2024-01-01T00:00:00Z", None]]}},
        "links": [],
    } | more


def test_a_collection_is_made_changed_and_deleted(client: TestClient) -> None:
    made = client.post("/stac/collections", json=collection("floods"))
    assert made.status_code == 201
    path = "/stac/collections/floods"
    assert made.headers["location"].endswith(path)
    assert "is there already" in refusal(client.post("/stac/collections", json=collection("floods")), 409)
    assert client.put(path, json=collection("floods", title="Floods")).json()["title"] == "Floods"
    patched = client.patch(path, content=json.dumps({"title": None, "keywords": ["water"]}), headers=MERGE)
    assert "title" not in patched.json()
    assert patched.json()["keywords"] == ["water"]
    assert client.get(path).json() == patched.json()
    assert client.put(path, json=collection("other")).status_code == 400
    assert client.post("/stac/collections", json=item("S7")).status_code == 400
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_collection_with_items_is_not_deleted(client: TestClient) -> None:
    path = f"/stac/collections/{COLLECTION}"
    assert "1 items; delete them first" in refusal(client.delete(path), 409)
    assert client.delete(f"{ITEMS}/S1").status_code == 204
    assert client.delete(path).status_code == 204


def test_many_items_are_inserted_or_replaced_at_once(client: TestClient) -> None:
    path = f"/stac/collections/{COLLECTION}/bulk_items"
    sent = {"items": {name: item(name) for name in ("S1", "S2")}, "method": "insert"}
    assert "S1: is there already" in refusal(client.post(path, json=sent), 409)
    answer = client.post(path, json=sent | {"method": "upsert"})
    assert answer.json() == "Successfully added 2 items, 1 of them in the place of others."
    assert {one["id"] for one in client.get("/stac/search").json()["features"]} == {"S1", "S2"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([], "items"),
        ({"items": []}, "items"),
        ({"items": {}}, "items"),
        ({"items": {"S2": item("S3")}}, "id: is S3"),
        ({"items": {"S2": item("S2")}, "method": "merge"}, "'merge' is neither insert nor upsert"),
    ],
)
def test_many_items_are_refused_with_the_fault(client: TestClient, sent: Any, said: str) -> None:
    assert said in refusal(client.post(f"/stac/collections/{COLLECTION}/bulk_items", json=sent), 400)


def test_an_api_that_only_reads_has_no_route_that_writes(catalogue: Catalogue) -> None:
    write(catalogue, [entry_of(scene_of("S1"), item("S1"))])
    with TestClient(service_of(catalogue), headers=AS_WRITER) as client:
        assert client.put(f"{ITEMS}/S1", json=item("S1")).status_code == 405
        assert not any("transaction" in uri for uri in client.get("/stac/conformance").json()["conformsTo"])


def test_what_may_be_written_is_claimed(client: TestClient) -> None:
    claimed = client.get("/stac/conformance").json()["conformsTo"]
    assert "https://api.stacspec.org/v1.0.0/ogcapi-features/extensions/transaction" in claimed
    assert client.get("/stac/").json()["conformsTo"] == claimed

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.views.stac.document import stac_document
from ontology.identifiers import collection_iri, item_iri
from ontology.records import Collection, ProcessingRun
from tests.graph_service.builders import item_of, scene_of

SHARED = Path(__file__).parents[5] / "shared" / "data"
ODD: dict[str, Any] = {
    "beyond 64 bits": 2**70 + 1,
    "negative": -(2**65),
    "largest of 64 bits": 2**64 - 1,
    "floats": [1.0, 1e-7, -0.0, 0.1, 1e300],
    "nothing": None,
    "nested": {"a": [None, {"b": None}], "": []},
    "unicode": "Größe 水 🛰 \u2028",
}


def parts_of(record: Any, document: Any) -> tuple[Any, Any]:
    text = document if isinstance(document, bytes | None) else json.dumps(document).encode()
    body, links = stac_document(record, text)
    return json.loads(body), json.loads(links)


def test_item_is_kept_as_it_came_but_for_its_links() -> None:
    document = item_of(scene_of(), odd=ODD, stac_version="0.9.0")
    body, _ = parts_of(scene_of(), document)
    expected = {name: value for name, value in document.items() if name != "links"}
    assert body == expected
    assert json.dumps(body, sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_item_without_long_integers_is_kept_as_it_came() -> None:
    document = item_of(scene_of(), odd={"floats": ODD["floats"], "nested": ODD["nested"]})
    body, _ = parts_of(scene_of(), document)
    assert json.dumps(body, sort_keys=True) == json.dumps(document | {"links": None}, sort_keys=True).replace(
        '"links": null, ', ""
    )


@pytest.mark.parametrize("said", [{"datetime": None}, {}])
def test_item_of_an_interval_has_the_time_of_its_record_as_well(said: dict[str, None]) -> None:
    times = {**said, "start_datetime": "2024-05-01T00:00:00Z", "end_datetime": "2024-05-02T00:00:00Z"}
    body, _ = parts_of(scene_of(), item_of(scene_of(), properties=times))
    assert body["properties"] == times | {"datetime": "2024-05-01T10:20:30.500000Z"}


def test_links_of_the_producer_stay_and_those_of_the_service_go() -> None:
    kept = [{"rel": "license", "href": "https://example.org/licence"}, {"rel": "derived_from", "href": "../a.json"}]
    owned = [{"rel": rel, "href": "x"} for rel in ("self", "root", "parent", "collection", "items")]
    assert parts_of(scene_of(), item_of(scene_of(), links=owned + kept))[1] == kept


@pytest.mark.parametrize("links", [None, "text", [1, None], {}])
def test_links_that_are_none_are_left_out(links: Any) -> None:
    assert parts_of(scene_of(), item_of(scene_of(), links=links))[1] == []


@pytest.mark.parametrize("document", [b"<xml/>", b"[]", b"", b"{}", {"type": "Feature", "properties": {}}])
def test_document_that_is_no_item_gives_way_to_the_record(document: Any) -> None:
    body, _ = parts_of(scene_of("S9"), document)
    assert (body["stac_version"], body["id"]) == ("1.1.0", "S9")


def test_collection_is_kept_as_it_came_but_for_its_links() -> None:
    record = Collection(iri=collection_iri("c"), identifier="c")
    extent = {"spatial": {"bbox": [[0, 0, 1, 1]]}, "temporal": {"interval": [[None, None]]}}
    required = {"type": "Collection", "stac_version": "1.0.0", "id": "c", "description": "C", "license": "other"}
    document = {**required, "extent": extent, "odd": ODD}
    licence = {"rel": "license", "href": "https://example.org"}
    links = [{"rel": rel, "href": "x"} for rel in ("self", "items", "item", "child")]
    body, kept = parts_of(record, document | {"links": [*links, licence]})
    assert body == document
    assert kept == [licence]


def test_collection_that_products_alone_made_known_says_so() -> None:
    body, links = parts_of(Collection(iri=collection_iri("c"), identifier="c"), None)
    assert (body["type"], body["id"], body["title"], body["license"]) == ("Collection", "c", "c", "other")
    assert "no document" in body["description"]
    assert links == []


def test_what_a_scene_was_made_from_is_linked_by_iri() -> None:
    a, b = item_iri("c", "a"), item_iri("c", "b")
    _, links = parts_of(scene_of(derived_from=(b,), run=ProcessingRun(inputs=(a, b))), None)
    assert links == [{"rel": "derived_from", "href": a}, {"rel": "derived_from", "href": b}]


REAL = [path for path in sorted((SHARED / "stac").rglob("*.json")) if b'"Feature"' in path.read_bytes()]


@pytest.mark.skipif(not REAL, reason="the real documents lie beside the repository, not in it")
def test_real_items_are_kept_as_they_came() -> None:
    documents = {path: json.loads(path.read_bytes()) for path in REAL}
    items = {path: one for path, one in documents.items() if isinstance(one, dict) and "assets" in one}
    items = {path: one for path, one in items.items() if one.get("type") == "Feature"}
    assert items
    for path, document in items.items():
        body, _ = parts_of(scene_of(), path.read_bytes())
        if document["properties"].get("datetime") is None:
            del body["properties"]["datetime"]
            document["properties"].pop("datetime", None)
        added = {"collection": document.get("collection") or "sentinel-2-l2a", "links": None}
        added |= {"stac_version": document.get("stac_version", "1.1.0")}
        assert body | {"links": None} == document | added, path

import json
from typing import Any

import pytest

from graph_service.index.paging import Found
from graph_service.index.tallies import Extent
from graph_service.views.stac.document import stac_document
from graph_service.views.stac.queryables import REL, SORTABLES_REL
from graph_service.views.stac.served import collection_bytes, feature_collection, item_bytes
from ontology.identifiers import collection_iri
from ontology.records import Collection
from tests.graph_service.builders import item_of, scene_of

BASE = "https://example.org/stac"


def found_item(document: dict[str, Any] | None, identifier: str = "S1", collection: str = "c") -> Found:
    scene = scene_of(identifier, collection=collection)
    text = None if document is None else json.dumps(document).encode()
    return Found(scene.iri, identifier, collection, *stac_document(scene, text))


def found_collection(document: dict[str, Any] | None) -> Found:
    record = Collection(iri=collection_iri("c"), identifier="c")
    text = None if document is None else json.dumps(document).encode()
    return Found(record.iri, "c", "c", *stac_document(record, text))


def links_of(content: bytes) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in json.loads(content)["links"]}


def test_item_links_to_the_service_first_and_keeps_its_own() -> None:
    licence = {"rel": "license", "href": "https://example.org/licence"}
    served = json.loads(item_bytes(found_item(item_of(scene_of(), links=[licence])), BASE))
    assert [link["rel"] for link in served["links"]] == ["self", "root", "parent", "collection", "license"]


def test_identifiers_are_encoded_in_links() -> None:
    links = links_of(item_bytes(found_item(None, "a/b ?#%ö", "c/d"), BASE))
    assert links["self"] == f"{BASE}/collections/c%2Fd/items/a%2Fb%20%3F%23%25%C3%B6"
    assert links["collection"] == links["parent"] == f"{BASE}/collections/c%2Fd"


@pytest.mark.parametrize("collection", [None, 5, "", "absent"])
def test_item_that_names_no_collection_is_of_the_one_in_which_it_is_served(collection: Any) -> None:
    document = item_of(scene_of(), collection=collection)
    if collection == "absent":
        del document["collection"]
    served = item_bytes(found_item(document), BASE)
    assert links_of(served)["collection"] == f"{BASE}/collections/c"
    assert json.loads(served) | {"links": []} == document | {"links": [], "collection": "c"}


def test_feature_collection_counts_what_it_has() -> None:
    found = [found_item(None, "a"), found_item(None, "b")]
    page = json.loads(feature_collection(found, BASE, links=[{"rel": "next", "href": "x"}], matched=7))
    assert (page["type"], page["numberMatched"], page["numberReturned"]) == ("FeatureCollection", 7, 2)
    assert [item["id"] for item in page["features"]] == ["a", "b"]
    assert page["links"] == [{"rel": "next", "href": "x"}]


def test_feature_collection_of_nothing_is_one() -> None:
    page = json.loads(feature_collection([], BASE, links=[], matched=0))
    assert (page["features"], page["numberReturned"]) == ([], 0)


def test_collection_without_extent_spans_what_its_items_span() -> None:
    extent = Extent(first=0.0, last=1.5, west=9.9999990, south=-90.0, east=12.0000001, north=45.0)
    served = json.loads(collection_bytes(found_collection(None), extent, BASE))
    assert served["extent"] == {
        "spatial": {"bbox": [[9.99999, -90.0, 12.00001, 45.0]]},
        "temporal": {"interval": [["1970-01-01T00:00:00Z", "1970-01-01T00:00:01.500000Z"]]},
    }


def test_collection_without_items_spans_the_earth_at_any_time() -> None:
    served = json.loads(collection_bytes(found_collection(None), None, BASE))
    assert served["extent"]["spatial"]["bbox"] == [[-180, -90, 180, 90]]
    assert served["extent"]["temporal"]["interval"] == [[None, None]]


def test_collection_that_says_what_it_spans_is_believed() -> None:
    own = {"spatial": {"bbox": [[0, 0, 1, 1]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}}
    document = {"type": "Collection", "stac_version": "1.0.0", "id": "c", "license": "other", "extent": own}
    served = json.loads(collection_bytes(found_collection(document), None, BASE))
    assert served["extent"] == own
    further = [REL, SORTABLES_REL, "aggregate", "aggregations"]
    assert [link["rel"] for link in served["links"]] == ["self", "root", "parent", "items", *further]

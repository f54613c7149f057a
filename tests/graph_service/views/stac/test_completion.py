import json
from typing import Any

import pystac
import pytest
from pystac.validation import validate_dict

from graph_service.index.paging import Found
from graph_service.index.tallies import Extent
from graph_service.views.stac.document import stac_document
from graph_service.views.stac.served import collection_bytes, item_bytes
from ontology.identifiers import collection_iri
from ontology.records import Collection
from tests.graph_service.builders import item_of, scene_of

BASE = "https://example.org/stac"
BOX, INTERVAL = [0, 0, 1, 1], ["2020-01-01T00:00:00Z", None]
BAND = {"title": "Band 1", "type": "image/x.geotiff"}
WHOLE = {
    "type": "Collection",
    "stac_version": "1.1.0",
    "id": "c",
    "description": "C",
    "license": "other",
    "extent": {"spatial": {"bbox": [BOX]}, "temporal": {"interval": [INTERVAL]}},
}
ITEMS = Extent(first=0.0, last=0.0, west=5.0, south=5.0, east=6.0, north=6.0)


def collection_of(document: dict[str, Any]) -> dict[str, Any]:
    record = Collection(iri=collection_iri("c"), identifier="c", title="Scenes")
    parts = stac_document(record, json.dumps(document).encode())
    served: dict[str, Any] = json.loads(collection_bytes(Found(record.iri, "c", "c", *parts), ITEMS, BASE))
    return served


def item_from(document: dict[str, Any]) -> dict[str, Any]:
    scene = scene_of("S1", collection="c")
    served: dict[str, Any] = json.loads(
        item_bytes(Found(scene.iri, "S1", "c", *stac_document(scene, json.dumps(document).encode())), BASE)
    )
    return served


def test_what_is_whole_is_kept() -> None:
    assert collection_of(WHOLE) | {"links": None} == WHOLE | {"links": None}


@pytest.mark.parametrize(
    ("name", "added"),
    [("type", "Collection"), ("description", "Scenes"), ("license", "other")],
)
def test_member_that_a_collection_lacks_is_added(name: str, added: str) -> None:
    served = collection_of({member: value for member, value in WHOLE.items() if member != name})
    assert served[name] == added
    assert pystac.Collection.from_dict(served).id == "c"


@pytest.mark.parametrize(
    "extent",
    [
        {},
        None,
        "everywhere",
        {"spatial": {"bbox": []}, "temporal": {"interval": [INTERVAL]}},
        {"spatial": {"bbox": [BOX]}, "temporal": {"interval": [["2013-06-01T00:00:00", None]]}},
        {"spatial": {"bbox": [BOX]}, "temporal": {"interval": [[5, None]]}},
        {"spatial": {"bbox": [["west"]]}, "temporal": {"interval": [INTERVAL]}},
    ],
    ids=str,
)
def test_extent_that_no_client_reads_gives_way_to_that_of_the_items(extent: Any) -> None:
    served = collection_of(WHOLE | {"extent": extent})
    assert served["extent"]["spatial"] == {"bbox": [[5.0, 5.0, 6.0, 6.0]]}
    assert validate_dict(served)


@pytest.mark.parametrize("version", ["0.6.0", "0.9.0", "1.0.0-beta.2"])
def test_collection_from_before_1_0_is_read_by_clients(version: str) -> None:
    old = {
        "stac_version": version,
        "id": "c",
        "description": "C",
        "license": "PDDL-1.0",
        "extent": {"spatial": BOX, "temporal": INTERVAL},
        "assets": {"B1": BAND, "guide": {"href": "https://example.org/guide"}},
    }
    served = collection_of(old)
    assert served["extent"] == WHOLE["extent"]
    assert list(served["assets"]) == ["guide"]
    assert served["item_assets"] == {"B1": BAND}
    assert validate_dict(served)


@pytest.mark.parametrize("version", [None, "0.6.1", "absent"])
def test_item_of_no_version_that_clients_read_has_one(version: str | None) -> None:
    document = item_of(scene_of(), stac_version=version)
    if version == "absent":
        del document["stac_version"]
    served = item_from(document)
    assert served["stac_version"] == "1.1.0"
    assert pystac.Item.from_dict(served).id == "S1"


@pytest.mark.parametrize(
    "link", [{"rel": "license"}, {"href": "x"}, {"rel": 5, "href": "x"}, {"rel": "x", "href": None}]
)
def test_link_that_no_client_reads_is_left_out(link: dict[str, Any]) -> None:
    served = item_from(item_of(scene_of(), links=[link]))
    assert [one["rel"] for one in served["links"]] == ["self", "root", "parent", "collection"]


@pytest.mark.parametrize("rel", ["aggregate", "aggregations", "http://www.opengis.net/def/rel/ogc/1.0/queryables"])
def test_links_to_the_services_of_another_catalogue_are_left_out(rel: str) -> None:
    served = collection_of(WHOLE | {"links": [{"rel": rel, "href": "https://elsewhere.example"}]})
    assert all(link["href"].startswith(BASE) for link in served["links"])

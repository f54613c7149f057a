"""The STAC API as pystac-client sees it, over HTTP."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pystac
import pytest
import shapely
import uvicorn
from pystac_client import Client

from tests.graph_service.api.stac_service import service_of
from tests.graph_service.builders import SENSED, entry_of, item_of, open_catalogue, scene_of, write

NAMES = [f"S{n:02}" for n in range(23)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with 23 scenes, two an hour and each a degree further north, and one odd scene."""
    folder: Path = tmp_path_factory.mktemp("catalogue")
    catalogue = open_catalogue(folder)
    scenes = [
        scene_of(
            name, sensed_at=SENSED + timedelta(hours=n // 2), footprint=shapely.to_wkt(shapely.box(10, n, 11, n + 1))
        )
        for n, name in enumerate(NAMES)
    ]
    documents = [item_of(scene) if n % 2 else None for n, scene in enumerate(scenes)]
    write(catalogue, [entry_of(scene, document) for scene, document in zip(scenes, documents, strict=True)])
    odd = scene_of("%2F/ö", collection="odd/one", sensed_at=datetime(2020, 1, 1, tzinfo=UTC))
    write(catalogue, [entry_of(odd)])
    server = uvicorn.Server(
        uvicorn.Config(service_of(catalogue), host="127.0.0.1", port=0, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/stac"
    server.should_exit = True
    thread.join()
    catalogue.close()


@pytest.fixture
def client(address: str) -> Client:
    return Client.open(address)


def collection_of(client: Client, identifier: str) -> pystac.Collection:
    found = client.get_collection(identifier)
    assert found is not None
    return found


def test_client_finds_the_collections(client: Client) -> None:
    assert [one.id for one in client.get_collections()] == ["odd/one", "sentinel-2-l2a"]
    assert collection_of(client, "sentinel-2-l2a").extent.spatial.bboxes == [[10, 0, 11, 23]]
    assert collection_of(client, "odd/one").id == "odd/one"


def test_client_finds_an_item(client: Client) -> None:
    item = collection_of(client, "sentinel-2-l2a").get_item("S04")
    assert item is not None
    assert item.datetime == SENSED + timedelta(hours=2)
    assert item.get_collection() is not None


def test_identifier_that_looks_encoded_is_found(address: str) -> None:
    with urlopen(f"{address}/collections/odd%2Fone/items/{quote('%2F/ö', safe='')}") as answer:
        assert json.load(answer)["id"] == "%2F/ö"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("limit", [1, 5, 23, 24, 100])
def test_pages_give_every_item_once_newest_first(client: Client, method: str, limit: int) -> None:
    search = client.search(method=method, limit=limit, collections=["sentinel-2-l2a"])
    assert search.matched() == len(NAMES)
    found = [item.id for item in search.items()]
    assert len(found) == len(NAMES)
    assert sorted(found) == NAMES
    assert [NAMES.index(name) // 2 for name in found] == sorted((n // 2 for n in range(23)), reverse=True)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_search_parameters_are_understood(client: Client, method: str) -> None:
    def found(**parameters: object) -> list[str]:
        return [item.id for item in client.search(method=method, **parameters).items()]  # type: ignore[arg-type]  # as given

    assert found(ids=["S03", "S09"]) == ["S09", "S03"]
    assert found(bbox=[10, 3.5, 10.5, 4.5]) == ["S04", "S03"]
    assert found(intersects=shapely.geometry.mapping(shapely.Point(10.5, 7.5))) == ["S07"]
    assert found(datetime="2024-05-01T10:20:30.5Z") == ["S01", "S00"]
    assert found(datetime="2024-05-01T21:00:00Z/..") == ["S22"]
    assert found(datetime="2020") == ["%2F/ö"]
    assert found(collections=["odd/one"]) == ["%2F/ö"]
    assert found(bbox=[50, 50, 51, 51]) == []
    assert len(found(limit=4, max_items=6)) == 6


BY_TEXT = "id IN ('S03', 'S09', 'S11') AND T_AFTER(datetime, TIMESTAMP('2024-05-01T12:00:00Z'))"
BY_JSON = {
    "op": "and",
    "args": [
        {"op": "in", "args": [{"property": "id"}, ["S03", "S09", "S11"]]},
        {"op": "t_after", "args": [{"property": "datetime"}, {"timestamp": "2024-05-01T12:00:00Z"}]},
    ],
}


@pytest.mark.parametrize("given", [BY_TEXT, BY_JSON], ids=["text", "json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_filters_are_understood_and_paged(client: Client, method: str, given: str | dict[str, object]) -> None:
    search = client.search(method=method, filter=given, limit=1)
    assert search.matched() == 2
    assert [item.id for item in search.items()] == ["S11", "S09"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_extensions_of_a_search_are_understood(client: Client, method: str) -> None:
    search = client.search(
        method=method,
        sortby="-properties.id",
        fields=["id", "-assets"],
        query={"id": {"startsWith": "S0"}},
        limit=3,
    )
    found = list(search.items_as_dicts())
    assert [one["id"] for one in found] == [name for name in NAMES[::-1] if name.startswith("S0")]
    assert all(one.keys() == {"id", "type", "stac_version", "collection"} for one in found)


def test_collections_are_searched(client: Client) -> None:
    search = client.collection_search(bbox=[10, 0, 11, 1], q="sentinel", limit=1)
    assert search.matched() == 1
    assert [one.id for one in search.collections()] == ["sentinel-2-l2a"]
    assert [one.id for one in client.collection_search(limit=1).collections()] == ["odd/one", "sentinel-2-l2a"]


def test_queryables_are_found(client: Client) -> None:
    assert "eo:cloud_cover" in client.get_queryables()["properties"]
    assert "datetime" in collection_of(client, "sentinel-2-l2a").get_queryables()["properties"]  # type: ignore[attr-defined]  # a CollectionClient


def test_items_of_a_collection_are_paged(client: Client) -> None:
    found = [item.id for item in collection_of(client, "sentinel-2-l2a").get_items()]
    assert sorted(found) == NAMES


def test_what_is_served_is_valid_by_the_schemas_of_stac(client: Client) -> None:
    """Those of the core that pystac ships; those of the extensions would have to be fetched."""
    for item in client.search().items():
        core = item.to_dict(include_self_link=True) | {"stac_extensions": []}
        assert pystac.Item.from_dict(core, preserve_dict=False).validate() is not None
    for collection in client.get_collections():
        core = collection.to_dict(include_self_link=True)
        assert pystac.Collection.from_dict(core).validate() is not None
    assert pystac.Catalog.from_dict(client.to_dict()).validate() is not None

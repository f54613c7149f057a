"""The facets of collections and the tree of sensors, walked as their links lead."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pystac.validation
import pytest
from pystac_client import Client

from graph_service.catalogue import Catalogue
from ontology import terms
from ontology.anomaly import Thresholds, anomaly_rule
from ontology.identifiers import audience_iri, platform_iri, water_body_iri
from ontology.records import FieldAnalysis, WaterAnalysis, WaterAnomaly
from tests.graph_service.api.live import live
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import COLLECTION, entry_of, item_of, scene_of, write
from tests.graph_service.service import item

OURS = audience_iri("ours")
AS_OURS = {"X-Audience": OURS}
BASE = "http://testserver/stac"
OCTOBER, NOVEMBER = datetime(2025, 10, 20, 10, tzinfo=UTC), datetime(2025, 11, 30, 23, 59, 59, tzinfo=UTC)
JANUARY = datetime(2026, 1, 5, tzinfo=UTC)
S2A, S2B, ENVISAT = platform_iri("sentinel-2a"), platform_iri("sentinel-2b"), platform_iri("envisat")


RULE = anomaly_rule(Thresholds())


def water(identifier: str, anomaly: str) -> WaterAnalysis:
    """A water analysis with an anomaly of one type."""
    scene = scene_of(identifier, collection="water", sensed_at=OCTOBER, platform=S2A)
    found = WaterAnomaly(anomaly_type=terms.code("AnomalyType", anomaly), score=5.0, rule=RULE.iri)
    fields = {name: getattr(scene, name) for name in scene.__slots__} | {"kind": terms.WATER_ANALYSIS}
    return WaterAnalysis(**fields, anomaly=found)


def farmed(identifier: str, sensed_at: datetime) -> FieldAnalysis:
    scene = scene_of(identifier, collection="fields", sensed_at=sensed_at)
    fields = {name: getattr(scene, name) for name in scene.__slots__} | {"kind": terms.FIELD_ANALYSIS}
    return FieldAnalysis(**fields)


@pytest.fixture
def client(catalogue: Catalogue) -> TestClient:
    """Scenes of four satellites and three collections, one restricted."""
    scenes = [
        scene_of("S1", sensed_at=OCTOBER, platform=S2A, features=(water_body_iri("Lago di Garda"),)),
        scene_of("S2", sensed_at=NOVEMBER, platform=S2B),
        scene_of("S3", sensed_at=JANUARY, platform=S2B),
        scene_of("a/b", collection="e/1", sensed_at=JANUARY, platform=ENVISAT),
        scene_of("unknown", collection="e/1", sensed_at=JANUARY),
    ]
    analyses = [water("W1", "flood"), water("W2", "normal"), water("W3", "floodAndDrought")]
    fields = [farmed("F1", OCTOBER), farmed("F2", NOVEMBER), farmed("F3", JANUARY)]
    entries = [entry_of(one, item_of(one)) for one in (*scenes, *analyses, *fields)]
    restricted = scene_of("X1", collection="water", sensed_at=OCTOBER, platform=platform_iri("landsat-8"))
    write(catalogue, [*entries, entry_of(restricted, audience=OURS)])
    return TestClient(service_of(catalogue))


def catalog_at(client: TestClient, path: str, **headers: str) -> dict[str, Any]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return dict(answer.json())


def children_of(catalog: dict[str, Any]) -> dict[str, int | None]:
    """Titles of the branches below, with their numbers of items."""
    return {one["title"]: one.get("orrery:item_count") for one in catalog["links"] if one["rel"] == "child"}


def link_of(catalog: dict[str, Any], rel: str, title: str | None = None) -> str:
    named = (one["href"] for one in catalog["links"] if one["rel"] == rel and title in (None, one.get("title")))
    return str(next(named)).removeprefix("http://testserver")


def ids_at(client: TestClient, path: str, **headers: str) -> set[str]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["features"]}


def test_collection_leads_to_its_facets_and_they_to_items(client: TestClient) -> None:
    collection = catalog_at(client, "/stac/collections/water")
    assert list(children_of(collection)) == ["Water anomaly", "Satellite"]
    facet = catalog_at(client, link_of(collection, "child", "Water anomaly"))
    assert facet["id"] == "water_anomaly"
    value = catalog_at(client, link_of(facet, "child", "normal"))
    assert value["id"] == "water_anomaly_normal"
    assert link_of(value, "self") == "/stac/collections/water/catalogs/water_anomaly/water_anomaly_normal"
    assert link_of(value, "parent") == link_of(facet, "self")
    assert link_of(facet, "parent") == link_of(collection, "self")
    assert ids_at(client, link_of(value, "items")) == {"W2"}


def test_value_has_the_items_of_narrower_codes(client: TestClient) -> None:
    facet = catalog_at(client, "/stac/collections/water/catalogs/water_anomaly")
    assert children_of(facet) == {"drought": 1, "flood": 2, "flood and drought": 1, "normal": 1}
    url = "/stac/collections/water/catalogs/water_anomaly/water_anomaly_flood/items"
    assert ids_at(client, url) == {"W1", "W3"}


@pytest.mark.parametrize(
    ("facet", "values"),
    [
        ("water_basin", {"water_basin_Lago di Garda": {"S1"}}),
        ("platform", {"platform_sentinel-2a": {"S1"}, "platform_sentinel-2b": {"S2", "S3"}}),
    ],
)
def test_facet_groups_by_things_that_items_name(client: TestClient, facet: str, values: dict[str, set[str]]) -> None:
    catalog = catalog_at(client, f"/stac/collections/{COLLECTION}/catalogs/{facet}")
    links = [one["href"].removeprefix("http://testserver") for one in catalog["links"] if one["rel"] == "child"]
    found = {catalog_at(client, link)["id"]: ids_at(client, f"{link}/items") for link in links}
    assert found == values


def test_season_is_three_months_and_december_belongs_to_the_next_year(client: TestClient) -> None:
    facet = catalog_at(client, "/stac/collections/fields/catalogs/agriculture_season")
    assert children_of(facet) == {"September to November 2025": 2, "December 2025 to February 2026": 1}
    url = "/stac/collections/fields/catalogs/agriculture_season/agriculture_season_2026-DJF/items"
    assert ids_at(client, url) == {"F3"}


def test_seasons_are_those_of_field_analyses_alone(client: TestClient) -> None:
    answer = client.get(f"/stac/collections/{COLLECTION}/catalogs/agriculture_season")
    assert answer.status_code == 404


def test_list_of_facets_is_a_catalog_itself(client: TestClient) -> None:
    catalog = catalog_at(client, "/stac/collections/water/catalogs")
    assert list(children_of(catalog)) == ["Water anomaly", "Satellite"]
    assert link_of(catalog, "parent") == "/stac/collections/water"


def test_sensors_lead_to_collections_years_months_and_items(client: TestClient) -> None:
    landing = catalog_at(client, "/stac/")
    sensors = catalog_at(client, link_of(landing, "child", "Sensors"))
    assert children_of(sensors) == {"envisat": 1, "sentinel-2": 6}
    sensor = catalog_at(client, link_of(sensors, "child", "sentinel-2"))
    assert children_of(sensor) == {COLLECTION: 3, "water": 3}
    collection = catalog_at(client, link_of(sensor, "child", COLLECTION))
    assert children_of(collection) == {"2025": 2, "2026": 1}
    year = catalog_at(client, link_of(collection, "child", "2025"))
    assert children_of(year) == {"October 2025": 1, "November 2025": 1}
    month = catalog_at(client, link_of(year, "child", "November 2025"))
    assert link_of(month, "self") == f"/stac/sensors/sentinel-2/{COLLECTION}/2025/11"
    assert ids_at(client, link_of(month, "items")) == {"S2"}


def test_identifiers_with_slashes_have_branches_too(client: TestClient) -> None:
    month = catalog_at(client, "/stac/sensors/envisat/e%2F1/2026/01")
    assert link_of(month, "self") == "/stac/sensors/envisat/e%2F1/2026/01"
    assert ids_at(client, link_of(month, "items")) == {"a/b"}
    assert list(children_of(catalog_at(client, "/stac/collections/e%2F1"))) == ["Satellite"]
    assert client.get("/stac/collections/e%2F1/items/a%2Fb").json()["id"] == "a/b"


def test_items_of_a_branch_are_searched_like_any(client: TestClient) -> None:
    url = "/stac/collections/water/catalogs/platform/platform_sentinel-2a/items"
    first = client.get(url, params={"limit": "2"}).json()
    assert (first["numberMatched"], first["numberReturned"]) == (3, 2)
    following = client.get(next(one["href"] for one in first["links"] if one["rel"] == "next")).json()
    assert following["numberReturned"] == 1
    assert ids_at(client, f"{url}?filter=id='W2'") == {"W2"}
    assert ids_at(client, f"{url}?datetime=../2024-01-01T00:00:00Z") == set()


@pytest.mark.parametrize(
    "path",
    [
        "collections/nowhere/catalogs",
        "collections/water/catalogs/mood",
        "collections/water/catalogs/event",
        "collections/water/catalogs/water_anomaly/water_anomaly_plague",
        "collections/water/catalogs/water_anomaly/flood",
        "collections/water/catalogs/water_anomaly/water_anomaly_plague/items",
        "sensors/hubble",
        "sensors/landsat",
        "sensors/sentinel-2/nowhere",
        f"sensors/sentinel-2/{COLLECTION}/2024",
        f"sensors/sentinel-2/{COLLECTION}/2025/12",
        f"sensors/sentinel-2/{COLLECTION}/2025/13/items",
        f"sensors/sentinel-2/{COLLECTION}/2025/items",
        f"sensors/sentinel-2/{COLLECTION}/2025/ten",
    ],
)
def test_branch_without_items_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/stac/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


def test_restricted_items_make_branches_for_their_audience_alone(client: TestClient) -> None:
    assert "landsat" in children_of(catalog_at(client, "/stac/sensors", **AS_OURS))
    path = "/stac/collections/water/catalogs/platform"
    assert "landsat-8" not in str(catalog_at(client, path))
    assert "platform_landsat-8" in str(catalog_at(client, path, **AS_OURS))
    url = "/stac/sensors/landsat/water/2025/10/items"
    assert ids_at(client, url, **AS_OURS) == {"X1"}
    assert client.get(url).status_code == 404


def test_branches_follow_what_is_written(client: TestClient, catalogue: Catalogue) -> None:
    assert "flood" in children_of(catalog_at(client, "/stac/collections/water/catalogs/water_anomaly"))
    write(catalogue, [entry_of(water(name, "normal")) for name in ("W1", "W3")])
    assert children_of(catalog_at(client, "/stac/collections/water/catalogs/water_anomaly")) == {"normal": 3}


def branches(client: TestClient, path: str) -> Iterator[dict[str, Any]]:
    catalog = catalog_at(client, path)
    yield catalog
    for one in catalog["links"]:
        if one["rel"] == "child":
            yield from branches(client, one["href"].removeprefix("http://testserver"))


def test_every_branch_is_a_valid_catalog_with_links_that_agree(client: TestClient) -> None:
    found = list(branches(client, "/stac/"))
    assert len(found) > 30
    for one in found:
        assert pystac.validation.validate_dict(one)
        own = link_of(one, "self")
        assert one["links"][1]["href"] == f"{BASE}/" or own == "/stac/"
        for child in one["links"]:
            if child["rel"] == "child":
                below = catalog_at(client, child["href"].removeprefix("http://testserver"))
                assert link_of(below, "parent") == own


def test_pystac_client_walks_from_a_collection_to_the_items_of_a_value(tmp_path: Path) -> None:
    with live(tmp_path) as service:
        with service.client(service.token("tests")) as client:
            sent = base64.b64encode(json.dumps(item("S1")).encode()).decode()
            assert client.post("/ingest", json={"documents": [{"source": "a", "parts": {"": sent}}]}).is_success
        collection = Client.open(f"{service.url}/stac").get_collection("tests")
        assert collection is not None
        (facet,) = collection.get_children()
        (value,) = facet.get_children()
        assert (facet.id, value.id) == ("platform", "platform_sentinel-2a")
        assert value.get_parent() == facet
        link = value.get_single_link("items")
        assert link is not None
        assert [one.id for one in pystac.ItemCollection.from_file(link.absolute_href)] == ["S1"]

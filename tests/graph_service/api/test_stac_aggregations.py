"""Sums over the items of a search, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
import shapely

from graph_service.catalogue import Catalogue
from ontology import terms
from ontology.identifiers import audience_iri, platform_iri
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import COLLECTION, SENSED, entry_of, scene_of, write

OURS = audience_iri("ours")
CLOUDS = (0.0, 4.0, 10.0, 55.0, 99.9, 100.0)
FIJI = shapely.to_wkt(shapely.box(178, -18, 179, -17))


@pytest.fixture
def client(catalogue: Catalogue) -> TestClient:
    """Six scenes of one collection, a month apart and each with more clouds, one of another, one restricted."""
    scenes = [
        scene_of(
            f"S{n}",
            cloud_cover=cover,
            sensed_at=SENSED + timedelta(days=31 * n),
            platform=platform_iri("sentinel-2a" if n % 2 else "sentinel-2b"),
        )
        for n, cover in enumerate(CLOUDS)
    ]
    fiji = scene_of("F", collection="fiji", footprint=FIJI, processing_level=terms.code("ProcessingLevel", "L2A"))
    write(catalogue, [*map(entry_of, scenes), entry_of(fiji), entry_of(scene_of("X", cloud_cover=7.0), audience=OURS)])
    return TestClient(service_of(catalogue))


def sums(client: TestClient, names: str, path: str = "", **body: Any) -> dict[str, dict[str, Any]]:
    """Aggregations by name, as a POST gives them; a GET must give the same."""
    answer = client.post(f"/stac{path}/aggregate", json={"aggregations": names.split(","), **body})
    assert answer.status_code == 200, answer.text
    assert answer.json()["type"] == "AggregationCollection"
    texts = {name: ",".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in body.items()}
    by_query = client.get(f"/stac{path}/aggregate", params={"aggregations": names, **texts})
    assert by_query.json() == answer.json()
    return {one["name"]: one for one in answer.json()["aggregations"]}


def numbers(found: dict[str, Any]) -> dict[Any, int]:
    return {one["key"]: one["frequency"] for one in found["buckets"]}


def test_single_values_are_those_of_the_items(client: TestClient) -> None:
    names = "total_count,datetime_min,datetime_max,cloud_cover_min,cloud_cover_max,cloud_cover_avg,cloud_cover_sum"
    found = sums(client, names, collections=[COLLECTION])
    assert list(found) == names.split(",")
    assert {name: one["value"] for name, one in found.items()} == {
        "total_count": 6,
        "datetime_min": "2024-05-01T10:20:30.500000Z",
        "datetime_max": "2024-10-03T10:20:30.500000Z",
        "cloud_cover_min": 0.0,
        "cloud_cover_max": 100.0,
        "cloud_cover_avg": pytest.approx(sum(CLOUDS) / 6),
        "cloud_cover_sum": pytest.approx(sum(CLOUDS)),
    }
    assert [one["data_type"] for one in found.values()] == ["integer", *["datetime"] * 2, *["numeric"] * 4]


def test_values_of_nothing_are_null(client: TestClient) -> None:
    found = sums(client, "total_count,cloud_cover_min,datetime_max,cloud_cover_frequency,datetime_frequency", ids=["-"])
    assert (found["total_count"]["value"], found["cloud_cover_min"]["value"]) == (0, None)
    assert (found["datetime_max"]["value"], found["cloud_cover_frequency"]["buckets"]) == (None, [])
    assert found["datetime_frequency"]["buckets"] == []


def test_frequencies_count_every_value(client: TestClient) -> None:
    found = sums(client, "collection_frequency,platform_frequency,processing_level_frequency")
    assert numbers(found["collection_frequency"]) == {COLLECTION: 6, "fiji": 1}
    assert numbers(found["platform_frequency"]) == {"sentinel-2a": 3, "sentinel-2b": 3}
    assert numbers(found["processing_level_frequency"]) == {"L2A": 1}
    assert found["collection_frequency"]["overflow"] == 0


def test_ranges_of_numbers_cover_all_values(client: TestClient) -> None:
    (found,) = sums(client, "cloud_cover_frequency").values()
    assert [(one["from"], one.get("to"), one["frequency"]) for one in found["buckets"]] == [
        (0, 10, 2), (10, 20, 1), (20, 30, 0), (30, 40, 0), (40, 50, 0),
        (50, 60, 1), (60, 70, 0), (70, 80, 0), (80, 90, 0), (90, None, 2),
    ]  # fmt: skip
    assert sums(client, "cloud_cover_frequency", ids=["S3"])["cloud_cover_frequency"]["buckets"] == [
        {"key": "55-*", "data_type": "numeric", "frequency": 1, "from": 55.0}
    ]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ({}, 6),
        ({"datetime_frequency_interval": "year"}, 1),
        ({"datetime_frequency_interval": "quarter"}, 3),
        ({"datetime_frequency_interval": "day"}, 6),
    ],
)
def test_times_are_counted_by_intervals(client: TestClient, interval: dict[str, str], expected: int) -> None:
    (found,) = sums(client, "datetime_frequency", **interval).values()
    assert found["data_type"] == "datetime"
    assert len(found["buckets"]) == expected
    assert sum(numbers(found).values()) == 7


@pytest.mark.parametrize(
    ("name", "precision", "cell"),
    [
        ("grid_geohash_frequency", 2, "sr"),
        ("centroid_geohash_grid_frequency", 3, "srb"),
        ("grid_geotile_frequency", 3, "3/4/2"),
        ("grid_geohex_frequency", 0, "801ffffffffffff"),
    ],
)
def test_grids_count_the_centroids(client: TestClient, name: str, precision: int, cell: str) -> None:
    (found,) = sums(client, name, "/collections/" + COLLECTION, **{f"{name}_precision": precision}).values()
    assert numbers(found) == {cell: 6}
    assert sum(numbers(sums(client, name)[name]).values()) == 7


def test_sums_are_of_what_the_search_finds(client: TestClient) -> None:
    found = sums(client, "total_count,cloud_cover_max", bbox=[11, 44, 12, 45], datetime="../2024-08-01T00:00:00Z")
    assert (found["total_count"]["value"], found["cloud_cover_max"]["value"]) == (3, 10)
    found = sums(client, "total_count", **{"filter": "eo:cloud_cover > 50", "filter-lang": "cql2-text"})
    assert found["total_count"]["value"] == 3
    body = {"aggregations": ["total_count"], "query": {"eo:cloud_cover": {"lt": 5}}}
    assert client.post("/stac/aggregate", json=body).json()["aggregations"][0]["value"] == 2
    assert sums(client, "total_count", "/collections/fiji")["total_count"]["value"] == 1


def test_restricted_items_are_summed_for_their_audience(client: TestClient) -> None:
    asked = "/stac/aggregate?aggregations=total_count"
    assert client.get(asked, headers={"X-Audience": OURS}).json()["aggregations"][0]["value"] == 8
    assert client.get(asked).json()["aggregations"][0]["value"] == 7


def test_aggregations_that_are_listed_can_be_asked_for(client: TestClient) -> None:
    names = [one["name"] for one in client.get("/stac/aggregations").json()["aggregations"]]
    assert {"total_count", "datetime_frequency", "grid_geohex_frequency", "platform_frequency"} <= set(names)
    assert len(set(names)) == len(names)
    for start in range(0, len(names), 50):
        sums(client, ",".join(names[start : start + 50]))
    own = [one["name"] for one in client.get("/stac/collections/fiji/aggregations").json()["aggregations"]]
    assert "level_frequency" in own
    assert "cloud_cover_frequency" not in own
    assert client.get("/stac/collections/unknown/aggregations").status_code == 404


def test_no_aggregation_is_made_that_nobody_asked_for(client: TestClient) -> None:
    assert client.get("/stac/aggregate").json()["aggregations"] == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"aggregations": "total_count"}, "aggregations"),
        ({"aggregations": [5]}, "aggregations"),
        ({"aggregations": ["unknown"]}, "aggregations"),
        ({"aggregations": ["keywords_frequency"]}, "aggregations"),
        ({"aggregations": ["total_count"] * 51}, "aggregations"),
        ({"aggregations": ["total_count"], "bbox": [1]}, "bbox"),
        ({"aggregations": ["total_count"], "unknown": 1}, "unknown"),
        ({"aggregations": ["datetime_frequency"], "datetime_frequency_interval": "eon"}, "datetime_frequency_interval"),
        ({"aggregations": ["grid_geohash_frequency"], "grid_geohash_frequency_precision": 40}, "precision"),
        (
            {"aggregations": ["grid_geohash_frequency"], "grid_geohash_frequency_precision": "x"},
            "grid_geohash_frequency_precision",
        ),
        ({"aggregations": ["total_count"], "datetime_frequency_interval": "day"}, "datetime_frequency_interval"),
    ],
)
def test_wrong_aggregation_is_refused_by_its_name(client: TestClient, body: dict[str, Any], named: str) -> None:
    answer = client.post("/stac/aggregate", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "RequestInvalid")
    assert answer.json()["detail"].startswith(f"{named}: ")
    assert client.post("/stac/collections/unknown/aggregate", json={}).status_code == 404

"""The kept queries over HTTP."""

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ontology.identifiers import audience_iri, item_iri
from queries.library import names
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.service import SECRET, bearer, item, serving
from tests.ingest.documents import water_item

PAVIA = "POINT(9.2 45.2)"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as opened:
        write(opened, item("scene-1"))
        yield opened


def write(client: TestClient, document: dict[str, Any], audience: str | None = None) -> None:
    content = base64.b64encode(json.dumps(document).encode()).decode()
    body = {"documents": [{"source": "here", "parts": {"": content}, "audience": audience}]}
    assert client.post("/ingest", json=body, headers=bearer(SECRET)).status_code == 200


def test_every_kept_query_is_listed_with_what_it_takes_and_gives(client: TestClient) -> None:
    listed = {one["name"]: one for one in client.get("/queries").json()}
    assert sorted(listed) == names()
    area = next(one for one in listed["scenes_in_area"]["inputs"] if one["name"] == "area")
    assert (area["type"], area["default"]) == ("geo:wktLiteral", None)
    assert listed["floods"]["href"].endswith("/queries/floods")
    assert {one["name"] for one in listed["floods"]["outputs"]} == {"scene", "sensed", "score", "surface"}
    assert all(one["needs"] for one in listed.values())


def test_a_kept_query_is_answered_with_its_inputs(client: TestClient) -> None:
    rows = client.get("/queries/scenes_in_area", params={"area": PAVIA}).json()["results"]["bindings"]
    assert [row["scene"]["value"] for row in rows] == [item_iri("tests", "scene-1")]
    later = {"area": PAVIA, "since": "2030-01-01T00:00:00Z"}
    assert client.get("/queries/scenes_in_area", params=later).json()["results"]["bindings"] == []


def test_the_answer_has_the_form_that_is_asked_for(client: TestClient) -> None:
    answer = client.get("/queries/products_by_platform", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert next(csv.DictReader(answer.text.splitlines()))["products"] == "1"
    assert client.get("/queries/floods", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "asking", [{"headers": {"Accept": "application/geo+json, text/csv;q=0.5"}}, {"params": {"f": "geojson"}}]
)
def test_an_answer_with_a_geometry_is_drawn(client: TestClient, asking: dict[str, Any]) -> None:
    params = {"area": PAVIA} | asking.get("params", {})
    answer = client.get("/queries/scenes_in_area", params=params, headers=asking.get("headers"))
    assert answer.headers["content-type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["properties"]["scene"] == item_iri("tests", "scene-1")
    assert feature["properties"].keys() == {"scene", "sensed"}
    assert feature["geometry"] == item("scene-1")["geometry"]


def test_no_solutions_are_drawn_as_no_features(client: TestClient) -> None:
    answer = client.get("/queries/scenes_in_area", params={"area": "POINT (0 0)", "f": "geojson"})
    assert answer.json() == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"), ("tsv", "text/tab-separated-values"),
    ],
)  # fmt: skip
def test_a_form_by_name_goes_before_what_the_request_accepts(client: TestClient, form: str, media_type: str) -> None:
    answer = client.get("/queries/floods", params={"f": form}, headers={"Accept": "application/geo+json"})
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    ("asking", "status", "fault"),
    [
        ({"params": {"f": "geojson"}}, 406, "geo:wktLiteral"),
        ({"headers": {"Accept": "application/geo+json"}}, 406, "text/csv"),
        ({"params": {"f": "png"}}, 400, "geojson"),
    ],
)
def test_a_form_that_an_answer_has_not_is_refused(
    client: TestClient, asking: dict[str, Any], status: int, fault: str
) -> None:
    answer = client.get("/queries/products_by_platform", **asking)
    assert answer.status_code == status
    assert fault in answer.json()["description"]


@pytest.mark.parametrize(
    ("path", "params", "status", "fault"),
    [
        ("nowhere", {}, 404, "floods"),
        ("scenes_in_area", {}, 400, "area"),
        ("scenes_in_area", {"area": "here"}, 400, "area"),
        ("floods", {"since": "yesterday"}, 400, "since"),
        ("floods", {"odd": "1"}, 400, "odd"),
    ],
)
def test_a_mistake_is_named(client: TestClient, path: str, params: dict[str, str], status: int, fault: str) -> None:
    answer = client.get(f"/queries/{path}", params=params)
    assert answer.status_code == status
    assert fault in answer.json()["description"]


def test_a_restricted_product_is_in_nobody_elses_answer(client: TestClient) -> None:
    write(client, water_item(), audience_iri("partners"))
    rows = client.get("/queries/products_by_platform").json()["results"]["bindings"]
    assert [row["products"]["value"] for row in rows] == ["1"]


def test_a_kept_query_can_be_expanded(client: TestClient) -> None:
    asked = {"area": PAVIA, "expand": "true"}
    rows = client.get("/queries/scenes_in_area", params=asked).json()["results"]["bindings"]
    assert [row["scene"]["value"] for row in rows] == [item_iri("tests", "scene-1")]
    answer = client.get("/queries/scenes_in_area", params=asked | {"expand": "maybe"})
    assert (answer.status_code, answer.json()["code"]) == (400, "RequestInvalid")

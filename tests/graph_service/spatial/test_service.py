"""Acceleration over the whole service: writes, answers and explanations."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.spatial import plain_joins, rewriting
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.service import bearer, item, serving, writing_token

AREA = '"POLYGON((9.1 45.1,9.2 45.1,9.2 45.2,9.1 45.2,9.1 45.1))"^^geo:wktLiteral'
NEAR = f"SELECT ?s {{ ?s orr:sensedAt ?t ; geo:hasDefaultGeometry/geo:asWKT ?w FILTER(geof:sfIntersects(?w, {AREA})) }}"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(rewriting, "_WORTH", 0)
    token = writing_token(tmp_path)
    with serving(tmp_path) as opened:
        opened.headers.update(bearer(token))
        yield opened


def found(client: TestClient, query: str = NEAR) -> list[str]:
    answer: Any = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    return sorted(row["s"]["value"].rpartition("/")[2] for row in answer.json()["results"]["bindings"])


def explained(client: TestClient, query: str = NEAR) -> dict[str, Any]:
    answer = client.get("/sparql", params={"query": query, "explain": "true"})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def send(client: TestClient, document: dict[str, Any]) -> None:
    """One document, taken in."""
    parts = {"": base64.b64encode(json.dumps(document).encode()).decode()}
    answer = client.post("/ingest", json={"documents": [{"source": "test", "parts": parts}]})
    assert answer.status_code == 200, answer.text


def test_an_answer_follows_every_write(client: TestClient) -> None:
    assert found(client) == []
    for name in ("one", "two"):
        send(client, item(name))
        assert explained(client)["accelerated"]
    assert found(client) == ["one", "two"]
    far = {"type": "Point", "coordinates": [100, 0]}
    send(client, item("one") | {"geometry": far, "bbox": [100, 0, 100, 0]})
    assert found(client) == ["two"]
    assert explained(client)["findings"][0]["candidates"] == 1


def test_a_geometry_that_a_user_writes_is_found(client: TestClient) -> None:
    point = '[ geo:asWKT "POINT(9.15 45.15)"^^geo:wktLiteral ]'
    data = f"<http://x.test/a> a <http://x.test/Lake> ; geo:hasDefaultGeometry {point}"
    answer = client.post("/sparql/update", data={"update": f"INSERT DATA {{ {data} }}"})
    assert answer.status_code < 300, answer.text
    query = NEAR.replace("orr:sensedAt ?t", "a <http://x.test/Lake>")
    assert explained(client, query)["accelerated"]
    assert found(client, query) == ["a"]


def test_a_join_is_answered_from_both_sides(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_joins, "FEWEST", 0)
    for name in ("one", "two"):
        send(client, item(name))
    sides = [f"?{v} orr:sensedAt ?t{v} ; geo:hasDefaultGeometry/geo:asWKT ?w{v} ." for v in "sz"]
    query = f"SELECT ?s ?z {{ {' '.join(sides)} FILTER(geof:sfIntersects(?ws, ?wz) && ?tz > '2000-01-01'^^xsd:date) }}"
    assert explained(client, query)["findings"][0]["certain"] == 4
    assert len(explained(client, query)["joined"]) == 2
    bounded = query.replace("?tz > '2000-01-01'^^xsd:date", "BOUND(?tz)")
    assert found(client, bounded) == ["one", "one", "two", "two"]
    answer = client.get("/sparql", params={"query": bounded}, headers={"Accept": "text/csv"})
    assert sorted(line.count("/") > 8 for line in answer.text.splitlines()) == [False, True, True, True, True]
    assert answer.text.startswith("s,z")


def test_an_explanation_tells_what_was_done_and_why_not(client: TestClient) -> None:
    document = explained(client, NEAR.replace("sfIntersects", "sfDisjoint"))
    assert not document["accelerated"]
    assert document["findings"][0]["reason"] == "what is apart from something may be anywhere"
    assert document["run"] == document["query"]

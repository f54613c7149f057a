"""The filter of the STAC API and of the key/value search, over records whose inferences the catalogue has made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import shapely
from fastapi import FastAPI

from graph_service.api.errors import add_error_handlers
from graph_service.api.search import search_router
from graph_service.catalogue import Catalogue
from graph_service.changes import Entry
from graph_service.index.properties import PROPERTIES
from ontology import terms
from ontology.identifiers import audience_iri, instrument_iri, item_iri, platform_iri, unit_iri
from ontology.records import Scene, WaterAnalysis, WaterAnomaly
from ontology.related import AdministrativeUnit
from tests.graph_service.api.stac_service import TestClient, meaning, service_of
from tests.graph_service.builders import entry_of, open_catalogue, scene_of, write

OURS = audience_iri("ours")
AS_OURS = {"X-Audience": OURS}
LEVEL = terms.code("ProcessingLevel", "L2A")
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"


def water(identifier: str, anomaly: str | None, **more: Any) -> WaterAnalysis:
    base = scene_of(identifier, collection="water", **more)
    fields = {name: getattr(base, name) for name in Scene.__dataclass_fields__} | {"kind": terms.WATER_ANALYSIS}
    found = None
    if anomaly is not None:
        kind = terms.code("AnomalyType", anomaly)
        found = WaterAnomaly(anomaly_type=kind, score=120.0, rule="https://example.org/rule")
    return WaterAnalysis(**fields, anomaly=found)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    opened = open_catalogue(folder)
    rome = {"footprint": shapely.to_wkt(shapely.box(12, 41, 13, 42))}
    scenes = [
        scene_of(
            "a",
            platform=platform_iri("sentinel-2a"),
            instruments=(instrument_iri("sentinel-2a", "msi"),),
            processing_level=LEVEL,
            cloud_cover=5.0,
        ),
        scene_of("b", platform=platform_iri("sentinel-2b"), cloud_cover=80.0, **rome),
        scene_of("landsat", platform=platform_iri("landsat-8"), product_type=terms.code("ProductType", "own")),
        scene_of("bare", collection="rome", **rome),
        water("flood", "flood", cloud_cover=1.0),
        water("both", "floodAndDrought", **rome),
        water("drought", "drought", platform=platform_iri("sentinel-2a")),
        water("normal", "normal"),
    ]
    write(opened, [entry_of(one) for one in scenes])
    lazio = AdministrativeUnit(
        iri=unit_iri("ITI4"), name="Lazio", level=2, footprint=shapely.to_wkt(shapely.box(11.4, 40.7, 14.1, 42.9))
    )
    write(opened, [Entry(lazio, (), (), None)])
    secret = scene_of("secret", collection="secret", product_type=terms.code("ProductType", "hidden"))
    write(opened, [entry_of(secret, audience=OURS)])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> TestClient:
    app: FastAPI = service_of(catalogue)
    add_error_handlers(app)
    app.include_router(search_router(catalogue.index, lambda _: (), meaning()))
    return TestClient(app)


def found(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    page = answer.json()
    ids = [item["id"] for item in page.get("features", page.get("products"))]
    assert len(ids) == page.get("numberMatched", page.get("matched"))
    return sorted(ids)


MEANT = [
    ("concept = 'orr:FloodScene'", ["both", "flood"]),
    ("concept = 'https://w3id.org/orrery/ontology#FloodScene'", ["both", "flood"]),
    ("concept = 'FloodScene'", ["both", "flood"]),
    ("concept = 'code:AnomalyType-flood'", ["both", "flood"]),
    ("concept = 'orr:DroughtScene'", ["both", "drought"]),
    ("concept = 'orr:DerivedScene'", ["both", "drought", "flood", "normal"]),
    ("concept = 'orr:WaterAnalysis' AND NOT concept = 'orr:FloodScene'", ["drought", "normal"]),
    ("anomaly_type = 'flood'", ["both", "flood"]),
    ("anomaly_type = 'Hochwasser'", ["both", "flood"]),
    ("anomaly_type <> 'flood'", ["drought", "normal"]),
    ("anomaly_type = 'floodAndDrought'", ["both"]),
    ("anomaly_type IN ('normal', 'drought')", ["both", "drought", "normal"]),
    ("orr:anomalyType = 'flood'", ["both", "flood"]),
    ("processing:level = 'L2'", ["a"]),
    ("orr:hasProcessingLevel = 'L2'", ["a"]),
    ("platform = 'sentinel-2'", ["a", "b", "drought"]),
    ("platform = 'Sentinel-2'", ["a", "b", "drought"]),
    ("platform <> 'sentinel-2'", ["landsat"]),
    ("platform IN ('landsat', 'sentinel-2a')", ["a", "drought", "landsat"]),
    ("concept = 'sentinel-2'", ["a", "b", "drought"]),
    ("product:type = 'own'", ["landsat"]),
    ("orr:cloudCover < 10 AND concept = 'flood scene'", ["flood"]),
    ("S_WITHIN(geometry, region('NUTS', 'ITI4'))", ["b", "bare", "both"]),
    ("S_DISJOINT(geometry, region('nuts', 'iti4')) AND anomaly_type = 'flood'", ["flood"]),
    ("constellation = 'Sentinel-2'", ["a", "b", "drought"]),
    ("CASEI(platform) = CASEI('SENTINEL-2B')", ["b"]),
    ("eo:cloud_cover * 2 < 11 - eo:cloud_cover", ["flood"]),
    ("anomaly_score / 2 >= 60 AND orrery:anomaly_type = 'flood'", ["both", "flood"]),
    ("A_OVERLAPS(instruments, ('msi')) AND month(datetime) = 5", ["a"]),
    ("S_WITHIN(geometry, BBOX(11.5, 40, 14, 43)) AND created IS NULL", ["b", "bare", "both"]),
]


@pytest.mark.parametrize(("text", "expected"), MEANT)
def test_filter_finds_what_the_ontology_says_that_it_means(client: TestClient, text: str, expected: list[str]) -> None:
    assert found(client.get("/stac/search", params={"filter": text, "limit": 100})) == expected
    body = {"filter": text, "filter-lang": "cql2-text", "limit": 100}
    assert found(client.post("/stac/search", json=body)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("concept=orr:FloodScene", ["both", "flood"]),
        ("concept=flood scene", ["both", "flood"]),
        ("concept!=orr:DerivedScene", ["a", "b", "bare", "landsat"]),
        ("anomaly_type=flood", ["both", "flood"]),
        ("anomaly_type!=flood", ["drought", "normal"]),
        ("level=L2", ["a"]),
        ("platform=sentinel-2", ["a", "b", "drought"]),
        ("platform!=sentinel-2", ["landsat"]),
        ("platform=sentinel-2a,anomaly_type=drought", ["drought"]),
        ("orr:cloudCover<10", ["a", "flood"]),
        ("orr:hasProcessingLevel=L2;concept=orr:FloodScene", ["a", "both", "flood"]),
    ],
)
def test_key_value_search_means_the_same(client: TestClient, text: str, expected: list[str]) -> None:
    assert found(client.get("/search", params={"filter": text, "limit": 100})) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("concept=nothing", "TermUnknown"),
        ("concept<flood", "RequestInvalid"),
        ("orr:nothing=5", "RequestInvalid"),
        ("orr:cloudCover=few", "RequestInvalid"),
    ],
)
def test_key_value_search_refuses_what_it_does_not_know(client: TestClient, text: str, code: str) -> None:
    answer = client.get("/search", params={"filter": text})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_filter_stands_beside_other_parameters(client: TestClient) -> None:
    assert found(client.get("/stac/collections/water/items", params={"filter": "orr:cloudCover IS NULL"})) == [
        *("both", "drought", "normal")
    ]
    query = {"bbox": "12,41,13,42", "filter": "concept = 'orr:FloodScene' OR platform = 'sentinel-2'"}
    assert found(client.get("/stac/search", params=query)) == ["b", "both"]
    body = {"collections": ["water"], "datetime": "2024-05-01T00:00:00Z/..", "filter": {"op": "not", "args": [False]}}
    assert len(found(client.post("/stac/search", json=body))) == 4


def test_pages_of_a_filter_go_on_with_it(client: TestClient) -> None:
    answer = client.get("/stac/search", params={"filter": "concept = 'orr:DerivedScene'", "limit": 3})
    href = next(link["href"] for link in answer.json()["links"] if link["rel"] == "next")
    first, second = answer.json()["features"], client.get(href).json()["features"]
    assert sorted(one["id"] for one in (*first, *second)) == ["both", "drought", "flood", "normal"]


def test_restricted_items_stay_hidden(client: TestClient) -> None:
    query = {"filter": "concept = 'orr:Scene' AND product:type = 'hidden'"}
    assert found(client.get("/stac/search", params=query)) == []
    assert found(client.get("/stac/search", params=query, headers=AS_OURS)) == ["secret"]


@pytest.mark.parametrize(
    ("text", "code", "description"),
    [
        ("cloudiness < 5", "RequestInvalid", r"filter.args[0]: cloudiness: no property of this name can be searched"),
        ("orr:nothing < 5", "RequestInvalid", "filter.args[0]: orr:nothing: neither it nor a property below it"),
        ("concept = 'flod'", "TermUnknown", "'flod': the ontology has no class or code or individual of this name"),
        ("S_DWITHIN(geometry, POINT(1 2))", "RequestInvalid", "filter: 'S_DWITHIN' cannot be asked for; there are and"),
        (
            "cloudiness < 5 AND snowyness < 6",
            "RequestInvalid",
            "filter: cloudiness, snowyness: no property of this name",
        ),
        (
            "eo:cloud_cover = platform",
            "RequestInvalid",
            "filter.args[1]: platform is not a number, which eo:cloud_cover",
        ),
        (
            "instruments = 'msi'",
            "RequestInvalid",
            "filter.args[0]: instruments is a list, which a_contains, a_containedBy",
        ),
        ("S_WITHIN(geometry, region('NUTS', 'XX'))", "RequestInvalid", "filter.args[1]: 'XX' of 'NUTS' is no region"),
        ("eo:cloud_cover <", "RequestInvalid", "filter: is not CQL2 text: line 1, character 17: expected"),
        ("id = 'x'; DROP TABLE scene", "RequestInvalid", "filter: is not CQL2 text: line 1, character 9"),
    ],
)
def test_wrong_filter_is_400_and_told(client: TestClient, text: str, code: str, description: str) -> None:
    for path in ("/stac/search", "/stac/collections/water/items"):
        answer = client.get(path, params={"filter": text})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json()["description"].startswith(description)


def test_queryables_are_linked_and_named(client: TestClient) -> None:
    for path in ("/stac/", "/stac/collections/water"):
        (link,) = (one for one in client.get(path).json()["links"] if one["rel"] == QUERYABLES)
        answer = client.get(link["href"])
        assert answer.headers["content-type"] == link["type"] == "application/schema+json"
        assert answer.json()["$id"] == link["href"]
        jsonschema.Draft202012Validator.check_schema(answer.json())
    assert client.get("/stac/collections/secret/queryables").status_code == 404
    assert client.get("/stac/collections/secret/queryables", headers=AS_OURS).status_code == 200


def test_every_queryable_is_described_by_the_ontology(client: TestClient) -> None:
    schema = client.get("/stac/queryables").json()
    assert set(schema["properties"]) == {*(one.stac_name for one in PROPERTIES), "geometry", "concept"}
    assert [name for name, one in schema["properties"].items() if not (one["title"] and one["description"])] == []
    assert schema["properties"]["eo:cloud_cover"] == {
        "title": "Cloud cover",
        "description": "The share of the scene under cloud, in percent from 0 to 100. 0 means cloud-free; absent means "
        "not assessed.",
        "x-term": terms.CLOUD_COVER,
        "type": "number",
        "x-ogc-unit": "%",
        "x-ogc-unitLang": "UCUM",
    }
    assert schema["properties"]["datetime"]["format"] == "date-time"
    assert schema["properties"]["sat:relative_orbit"]["type"] == "integer"
    assert schema["properties"]["view:sun_elevation"]["x-ogc-unit"] == "deg"


def test_queryables_list_the_codes_of_the_ontology_and_those_in_use(client: TestClient) -> None:
    schema = client.get("/stac/queryables").json()["properties"]
    assert schema["anomaly_type"]["enum"] == ["normal", "flood", "drought", "floodAndDrought"]
    assert "own" in schema["product:type"]["enum"]
    assert "hidden" not in schema["product:type"]["enum"]
    ours = client.get("/stac/queryables", headers=AS_OURS).json()["properties"]
    assert "hidden" in ours["product:type"]["enum"]


def test_queryables_say_what_a_filter_accepts(client: TestClient) -> None:
    schema = client.get("/stac/queryables").json()
    accepts = jsonschema.Draft202012Validator(schema | {"properties": {name: {} for name in schema["properties"]}})
    for name in ("cloud_cover", "eo:cloud_cover", "orr:cloudCover", "cloudiness", "orr:nothing", "scene.row"):
        answer = client.get("/stac/search", params={"filter": f"{name} IS NULL"})
        assert (answer.status_code == 200) == accepts.is_valid({name: 5}), name


@pytest.mark.parametrize("identifier", ["a'b", 'a"b', "'; DROP TABLE scene; --", "' OR '1'='1", "%", "a\\'b"])
def test_sql_in_a_value_is_a_value(client: TestClient, catalogue: Catalogue, identifier: str) -> None:
    write(catalogue, [entry_of(scene_of(identifier, collection="odd"))])
    quoted = identifier.replace("'", "''")
    for operator in ("=", "<=", "LIKE"):
        text = f"collection = 'odd' AND id {operator} '{quoted}'"
        assert client.get("/stac/search", params={"filter": text}).status_code == 200
    assert found(client.get("/stac/search", params={"filter": f"id IN ('{quoted}')"})) == [identifier]
    catalogue.index.apply(catalogue.index.change_number(), rows=[], gone=[item_iri("odd", identifier)])

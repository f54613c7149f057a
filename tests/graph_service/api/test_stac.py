import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import shapely

from graph_service.api.stac_trees import PATHS
from graph_service.catalogue import Catalogue
from ontology.identifiers import audience_iri, collection_iri
from ontology.records import Collection
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import COLLECTION, SENSED, entry_of, item_of, scene_of, write

OURS = audience_iri("ours")
ROME = shapely.to_wkt(shapely.box(12, 41, 13, 42))
FIJI = shapely.to_wkt(shapely.MultiPolygon([shapely.box(179, -18, 180, -17), shapely.box(-180, -18, -179, -17)]))
AS_OURS = {"X-Audience": OURS}
CQL2 = (
    "accent-insensitive-comparison",
    "advanced-comparison-operators",
    "arithmetic",
    "array-functions",
    "basic-cql2",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
    "case-insensitive-comparison",
    "cql2-json",
    "cql2-text",
    "functions",
    "property-property",
    "spatial-functions",
    "temporal-functions",
)


@pytest.fixture
def client(catalogue: Catalogue) -> TestClient:
    """Three scenes of one collection, one of another, one restricted."""
    write(
        catalogue,
        [
            entry_of(scene_of("S1"), item_of(scene_of("S1"))),
            entry_of(scene_of("S2", sensed_at=SENSED + timedelta(days=1))),
            entry_of(scene_of("S3", footprint=FIJI, sensed_at=SENSED + timedelta(days=2))),
            entry_of(scene_of("R1", collection="rome", footprint=ROME, sensed_at=SENSED - timedelta(days=1))),
            entry_of(scene_of("X1", collection="secret", sensed_at=SENSED + timedelta(days=3)), audience=OURS),
        ],
    )
    return TestClient(service_of(catalogue))


def ids_of(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    page = answer.json()
    assert page["numberReturned"] == len(page["features"])
    return [item["id"] for item in page["features"]]


def found(client: TestClient, **parameters: Any) -> list[str]:
    """Identifiers that a search by POST finds; a search by GET must find the same."""
    by_body = ids_of(client.post("/stac/search", json=parameters))
    assert ids_of(client.get("/stac/search", params=_as_text(parameters))) == by_body
    return by_body


def _as_text(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in parameters.items()}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return json.dumps(value) if isinstance(value, dict) else str(value)


def links_of(answer: Any) -> dict[str, Any]:
    return {link["rel"]: link for link in answer.json()["links"]}


def refusal_of(answer: Any) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["detail"]) == (answer.status_code, problem["description"])
    return answer.status_code, problem["code"], problem["description"]


def test_landing_page_tells_the_whole_api(client: TestClient) -> None:
    landing = client.get("/stac/")
    links = [(link["rel"], link["href"]) for link in landing.json()["links"]]
    base = "http://testserver/stac"
    assert links == [
        ("self", f"{base}/"),
        ("root", f"{base}/"),
        ("conformance", f"{base}/conformance"),
        ("data", f"{base}/collections"),
        ("search", f"{base}/search"),
        ("search", f"{base}/search"),
        ("children", f"{base}/children"),
        ("aggregate", f"{base}/aggregate"),
        ("aggregate", f"{base}/aggregate"),
        ("aggregations", f"{base}/aggregations"),
        ("http://www.opengis.net/def/rel/ogc/1.0/queryables", f"{base}/queryables"),
        ("http://www.opengis.net/def/rel/ogc/1.0/sortables", f"{base}/sortables"),
        ("http://www.opengis.net/def/rel/ogc/1.0/functions", f"{base}/functions"),
        ("service-desc", f"{base}/api"),
        ("service-doc", f"{base}/api.html"),
        ("child", f"{base}/collections/rome"),
        ("child", f"{base}/collections/{COLLECTION}"),
        ("child", f"{base}/sensors"),
    ]
    assert landing.json()["type"] == "Catalog"


@pytest.mark.parametrize("audience", [None, OURS])
def test_every_link_of_the_landing_page_leads_to_what_it_says(client: TestClient, audience: str | None) -> None:
    headers = {"X-Audience": audience} if audience else {}
    for link in client.get("/stac/", headers=headers).json()["links"]:
        by_post = link.get("method") == "POST"
        answer = client.post(link["href"], json={}) if by_post else client.get(link["href"], headers=headers)
        assert answer.status_code == 200, link
        assert answer.headers["content-type"].startswith(link["type"]), link


def test_address_without_a_slash_leads_to_the_landing_page(client: TestClient) -> None:
    assert client.get("/stac").json()["type"] == "Catalog"


def test_conformance_is_what_the_landing_page_says(client: TestClient) -> None:
    conformance = client.get("/stac/conformance").json()
    assert conformance == {"conformsTo": client.get("/stac/").json()["conformsTo"]}
    assert conformance["conformsTo"] == sorted(
        [
            *(f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" for name in CQL2),
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
            "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query",
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
            "https://api.stacspec.org/v0.3.0/aggregation",
            "https://api.stacspec.org/v0.3.0/aggregation#filter",
            "https://api.stacspec.org/v0.3.0/aggregation#query",
            "https://api.stacspec.org/v1.0.0-rc.1/collection-search",
            "https://api.stacspec.org/v1.0.0-rc.1/collection-search#fields",
            "https://api.stacspec.org/v1.0.0-rc.1/collection-search#free-text",
            "https://api.stacspec.org/v1.0.0-rc.1/item-search#free-text",
            "https://api.stacspec.org/v1.0.0-rc.1/ogcapi-features#free-text",
            "https://api.stacspec.org/v1.0.0-rc.2/children",
            "https://api.stacspec.org/v1.0.0-rc.2/item-search#context",
            "https://api.stacspec.org/v1.0.0/collections",
            "https://api.stacspec.org/v1.0.0/core",
            "https://api.stacspec.org/v1.0.0/item-search",
            "https://api.stacspec.org/v1.0.0/item-search#fields",
            "https://api.stacspec.org/v1.0.0/item-search#filter",
            "https://api.stacspec.org/v1.0.0/item-search#query",
            "https://api.stacspec.org/v1.0.0/item-search#sort",
            "https://api.stacspec.org/v1.0.0/ogcapi-features",
            "https://api.stacspec.org/v1.0.0/ogcapi-features#fields",
            "https://api.stacspec.org/v1.0.0/ogcapi-features#query",
            "https://api.stacspec.org/v1.0.0/ogcapi-features#sort",
            "https://api.stacspec.org/v1.1.0/collection-search#sort",
            "https://api.stacspec.org/v1.1.0/item-search#sort",
            "https://api.stacspec.org/v1.1.0/ogcapi-features#sort",
        ]
    )


def _schemas_beyond_openapi_3_0(value: Any, path: str = "") -> list[str]:
    if isinstance(value, list):
        return [fault for n, part in enumerate(value) for fault in _schemas_beyond_openapi_3_0(part, f"{path}[{n}]")]
    if not isinstance(value, dict):
        return []
    own = [path for name in ("const", "prefixItems", "$defs", "patternProperties") if name in value]
    own += [path] if value.get("type") == "null" or isinstance(value.get("type"), list) else []
    own += [path] if isinstance(value.get("examples"), list) else []
    return own + [
        fault for name, part in value.items() for fault in _schemas_beyond_openapi_3_0(part, f"{path}.{name}")
    ]


def test_description_is_openapi_3_0_and_names_every_route(client: TestClient) -> None:
    answer = client.get("/stac/api")
    description = answer.json()
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert description["openapi"] == "3.0.3"
    assert _schemas_beyond_openapi_3_0(description) == []
    assert {path: sorted(operations) for path, operations in description["paths"].items()} == {
        "/": ["get"],
        "/conformance": ["get"],
        "/collections": ["get"],
        "/collections/{collection_id}": ["get"],
        "/collections/{collection_id}/items": ["get"],
        "/collections/{collection_id}/queryables": ["get"],
        "/collections/{collection_id}/items/{item_id}": ["get"],
        "/collections/{collection_id}/sortables": ["get"],
        "/collections/{collection_id}/aggregations": ["get"],
        "/collections/{collection_id}/aggregate": ["get", "post"],
        "/aggregations": ["get"],
        "/aggregate": ["get", "post"],
        "/children": ["get"],
        "/functions": ["get"],
        "/queryables": ["get"],
        "/sortables": ["get"],
        **{path.replace(":path", ""): ["get"] for path in PATHS},
        "/search": ["get", "post"],
    }


@pytest.mark.parametrize(
    ("path", "further"),
    [
        ("/search", ()),
        ("/collections/{collection_id}/items", ()),
        ("/sensors/{sensor}/{place}/items", ()),
        ("/aggregate", ("aggregations",)),
    ],
)
def test_description_has_the_parameters_of_a_search(client: TestClient, path: str, further: tuple[str, ...]) -> None:
    described = client.get("/stac/api").json()["paths"][path]["get"]["parameters"]
    refusal = client.get("/stac/search?unknown=x").json()["detail"]
    understood = refusal.partition("there are ")[2].split(", ")
    assert sorted(one["name"] for one in described if one["in"] == "query") == sorted((*understood, *further))
    assert all(one["description"] for one in described if one["in"] == "query")


def test_collections_are_listed_with_their_extents(client: TestClient) -> None:
    listed = client.get("/stac/collections").json()
    assert [one["id"] for one in listed["collections"]] == ["rome", COLLECTION]
    assert listed["collections"][0]["extent"]["spatial"]["bbox"] == [[12, 41, 13, 42]]
    assert listed["collections"][0] == client.get("/stac/collections/rome").json()


def test_extent_of_a_collection_grows_with_its_items(client: TestClient, catalogue: Catalogue) -> None:
    client.get("/stac/collections/rome")
    write(catalogue, [entry_of(scene_of("R2", collection="rome"))])
    assert client.get("/stac/collections/rome").json()["extent"]["spatial"]["bbox"] == [[11, 41, 13, 45]]


def test_described_collection_is_served_as_it_was_described(client: TestClient, catalogue: Catalogue) -> None:
    extent = {"spatial": {"bbox": [[0, 0, 1, 1]]}, "temporal": {"interval": [[None, None]]}}
    document: dict[str, Any] = {
        "type": "Collection",
        "stac_version": "1.0.0",
        "id": "rome",
        "license": "other",
        "extent": extent,
    }
    document |= {"description": "d", "links": [], "big": [2**90], "nothing": {"at": None}}
    write(catalogue, [entry_of(Collection(iri=collection_iri("rome"), identifier="rome"), document)])
    served = client.get("/stac/collections/rome").json()
    assert [link["rel"] for link in served.pop("links")] == [
        *("self", "root", "parent", "items"),
        "http://www.opengis.net/def/rel/ogc/1.0/queryables",
        "http://www.opengis.net/def/rel/ogc/1.0/sortables",
        *("aggregate", "aggregations"),
    ]
    assert served | {"links": []} == document


def test_item_is_served_as_it_came_but_for_its_links(client: TestClient, catalogue: Catalogue) -> None:
    odd = {"long": 2**80, "floats": [1e-7, 1.0, -0.0], "nested": {"nothing": None, "empty": {}}, "text": "Größe 水"}
    licence = {"rel": "license", "href": "https://example.org/licence"}
    document = item_of(scene_of("odd"), odd=odd)
    document["links"].append(licence)
    write(catalogue, [entry_of(scene_of("odd"), document)])
    answer = client.get(f"/stac/collections/{COLLECTION}/items/odd")
    assert answer.headers["content-type"] == "application/geo+json"
    served = answer.json()
    assert [link["rel"] for link in served["links"]] == ["self", "root", "parent", "collection", "license"]
    assert served["links"][-1] == licence
    assert json.dumps(served | {"links": []}, sort_keys=True) == json.dumps(document | {"links": []}, sort_keys=True)
    assert answer.json() == client.post("/stac/search", json={"ids": ["odd"]}).json()["features"][0]


@pytest.mark.parametrize("identifier", ["a/b", "a b", "50%", "why?", "#1", "Größe 水", "a+b"])
def test_any_identifier_can_be_asked_for(client: TestClient, catalogue: Catalogue, identifier: str) -> None:
    collection = f"of {identifier}"
    write(
        catalogue, [entry_of(scene_of(identifier, collection="odd"), item_of(scene_of(identifier), collection="odd"))]
    )
    record = Collection(iri=collection_iri(collection), identifier=collection)
    write(catalogue, [entry_of(record)])
    item = client.post("/stac/search", json={"ids": [identifier]}).json()["features"][0]
    assert item["id"] == identifier
    assert client.get(links_of_item(item)["self"]).json()["id"] == identifier
    listed = client.get("/stac/collections").json()["collections"]
    own = next(one for one in listed if one["id"] == collection)
    assert client.get(links_of_item(own)["self"]).json()["id"] == collection
    assert ids_of(client.get(links_of_item(own)["items"])) == []


def links_of_item(item: Mapping[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in item["links"]}


def test_search_without_parameters_finds_all_newest_first(client: TestClient) -> None:
    assert found(client) == ["S3", "S2", "S1", "R1"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"ids": ["S1", "R1", "unknown"]}, ["S1", "R1"]),
        ({"collections": ["rome", "unknown"]}, ["R1"]),
        ({"ids": ["S1"], "collections": ["rome"]}, []),
        ({"bbox": [12.5, 41.5, 14, 43]}, ["R1"]),
        ({"bbox": [12, 44, 20, 44.5]}, ["S2", "S1"]),
        ({"bbox": [13, 42, 13, 42]}, ["R1"]),
        ({"bbox": [12, 41.2, 12, 41.8]}, ["R1"]),
        ({"bbox": [11, 44, -100, 12, 45, 9000]}, ["S2", "S1"]),
        ({"bbox": [179.5, -20, -179.5, 0]}, ["S3"]),
        ({"bbox": [-179.5, -17.5, -179.2, -17.2]}, ["S3"]),
        ({"bbox": [170, -90, 20, 90]}, ["S3", "S2", "S1", "R1"]),
        ({"intersects": {"type": "Point", "coordinates": [12.5, 41.5]}}, ["R1"]),
        ({"intersects": {"type": "LineString", "coordinates": [[11.5, 44.5], [12.5, 41.5]]}}, ["S2", "S1", "R1"]),
        ({"datetime": "2024-05-01T10:20:30.5Z"}, ["S1"]),
        ({"datetime": "2024-05-01T12:20:30.5+02:00"}, ["S1"]),
        ({"datetime": "2024-05-01T10:20:31Z"}, []),
        ({"datetime": "2024-05-01T10:20:30.5Z/2024-05-02T10:20:30.5Z"}, ["S2", "S1"]),
        ({"datetime": "2024-05-02T00:00:00Z/.."}, ["S3", "S2"]),
        ({"datetime": "../2024-05-02T00:00:00Z"}, ["S1", "R1"]),
        ({"limit": 2}, ["S3", "S2"]),
        ({"limit": 100000}, ["S3", "S2", "S1", "R1"]),
    ],
)
def test_search_finds_what_meets_its_parameters(
    client: TestClient, parameters: dict[str, Any], expected: list[str]
) -> None:
    assert found(client, **parameters) == expected


def test_items_of_a_collection_can_be_searched(client: TestClient) -> None:
    items = f"/stac/collections/{COLLECTION}/items"
    assert ids_of(client.get(items)) == ["S3", "S2", "S1"]
    assert ids_of(client.get(items, params={"bbox": "11,44,12,45", "limit": "1"})) == ["S2"]
    assert ids_of(client.get(items, params={"datetime": "../2024-05-01T23:00:00Z"})) == ["S1"]
    assert ids_of(client.get(items, params={"ids": "S1,R1"})) == ["S1"]
    assert ids_of(client.get(items, params={"collections": "rome"})) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_by_get_give_every_item_once(client: TestClient, limit: int) -> None:
    answer = client.get("/stac/search", params={"limit": limit, "bbox": "-180,-90,180,90"})
    collected = ids_of(answer)
    while next_link := links_of(answer).get("next"):
        answer = client.get(next_link["href"])
        assert answer.json()["numberMatched"] == 4
        collected += ids_of(answer)
    assert collected == ["S3", "S2", "S1", "R1"]


def test_pages_by_post_give_every_item_once(client: TestClient) -> None:
    body: dict[str, Any] = {"limit": 2, "collections": [COLLECTION, "rome"]}
    first = client.post("/stac/search", json=body)
    link = links_of(first)["next"]
    assert (link["method"], link["merge"]) == ("POST", True)
    second = client.post(link["href"], json=body | link["body"])
    assert ids_of(first) + ids_of(second) == ["S3", "S2", "S1", "R1"]
    assert "next" not in links_of(second)


def test_self_link_of_a_page_gives_the_page_again(client: TestClient) -> None:
    parameters = {"limit": "1", "ids": "S1,S2", "datetime": "2024-05-01T00:00:00+00:00/.."}
    answer = client.get("/stac/search", params=parameters)
    assert client.get(links_of(answer)["self"]["href"]).json() == answer.json()


def test_scenes_of_one_instant_are_paged_without_loss(client: TestClient, catalogue: Catalogue) -> None:
    names = [f"T{n}" for n in range(7)]
    write(catalogue, [entry_of(scene_of(name, collection="burst")) for name in names])
    answer = client.get("/stac/collections/burst/items", params={"limit": 3})
    collected = ids_of(answer)
    while next_link := links_of(answer).get("next"):
        answer = client.get(next_link["href"])
        collected += ids_of(answer)
    assert sorted(collected) == names


def test_restricted_records_are_for_their_audience(client: TestClient) -> None:
    item = "/stac/collections/secret/items/X1"
    assert client.get(item).status_code == 404
    assert client.get("/stac/collections/secret").status_code == 404
    assert client.get("/stac/collections/secret/items").status_code == 404
    assert found(client, ids=["X1"]) == []
    assert client.get("/stac/search").json()["numberMatched"] == 4
    assert "secret" not in client.get("/stac/").text + client.get("/stac/collections").text
    assert client.get(item, headers=AS_OURS).json()["id"] == "X1"
    assert client.get("/stac/search", headers=AS_OURS).json()["numberMatched"] == 5
    assert client.get("/stac/collections/secret", headers=AS_OURS).json()["id"] == "secret"


def test_restricted_scene_does_not_widen_a_public_collection(client: TestClient, catalogue: Catalogue) -> None:
    far = shapely.to_wkt(shapely.box(100, 10, 101, 11))
    write(catalogue, [entry_of(scene_of("X2", collection="rome", footprint=far), audience=OURS)])
    ours = client.get("/stac/collections/rome", headers=AS_OURS).json()
    assert ours["extent"]["spatial"]["bbox"] == [[12, 10, 101, 42]]
    assert client.get("/stac/collections/rome").json()["extent"]["spatial"]["bbox"] == [[12, 41, 13, 42]]


@pytest.mark.parametrize(
    "path",
    [
        "/stac/collections/unknown",
        "/stac/collections/unknown/items",
        "/stac/collections/unknown/items/S1",
        "/stac/collections/rome/items/S1",
    ],
)
def test_unknown_is_404(client: TestClient, path: str) -> None:
    status, code, description = refusal_of(client.get(path))
    assert (status, code) == (404, "NotFound")
    assert description


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,x", "bbox"),
        ("bbox=1,5,3,4", "bbox"),
        ("bbox=1,2,3,400", "bbox"),
        ("bbox=1,2,nan,4", "bbox"),
        ("bbox=0,0,1,1&intersects={}", "bbox"),
        ("intersects={", "intersects"),
        ("intersects=[]", "intersects"),
        ('intersects={"type":"Point","coordinates":[500,0]}', "intersects"),
        ("datetime=today", "datetime"),
        ("datetime=../..", "datetime"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("token=x", "token"),
        ("filter=eo:cloud_cover<<5", "filter"),
        ("filter-lang=ecql", "filter-lang"),
        ("filter-crs=EPSG:4326", "filter-crs"),
        ("query=x", "query"),
        ('query={"eo:cloud_cover":5}', "query"),
        ("unknown=x", "unknown"),
        ("sortby=unknown", "sortby"),
        ("sortby=datetime,-keywords", "sortby"),
        ("explain=perhaps", "explain"),
        ("q=,", "q"),
    ],
)
def test_wrong_parameter_is_400_and_named(client: TestClient, query: str, named: str) -> None:
    status, code, description = refusal_of(client.get(f"/stac/search?{query}"))
    assert (status, code) == (400, "RequestInvalid")
    assert description.startswith(f"{named}: ")
    assert refusal_of(client.get(f"/stac/collections/rome/items?{query}")) == (status, code, description)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b'{"limit":1e400}',
        b'{"bbox":[1,2,NaN,4]}',
        b'{"bbox":[1,2,' + b"9" * 400 + b",4]}",
        b'{"ids":["\\ud800"]}',
        b'{"intersects":{"type":"LineString","coordinates":[[0,0],[NaN,0]]}}',
        b'{"intersects":' + b'{"type":"GeometryCollection","geometries":[' * 300 + b"]}" * 300 + b"}",
        b'{"datetime":["2024-05-01T00:00:00Z"]}',
        b'{"query":{"eo:cloud_cover":{"lt":[]}}}',
        b'{"query":{"eo:cloud_cover":{"below":5}}}',
        b'{"query":{"\\ud800":{"lt":5}}}',
        b'{"sortby":"datetime"}',
        b'{"sortby":[{"field":"datetime","direction":"up"}]}',
        b'{"sortby":[{"field":"\\ud800"}]}',
        b'{"fields":["id"]}',
        b'{"fields":{"include":"id"}}',
        b'{"explain":"true"}',
        b'{"q":[5]}',
        b'{"q":["\\u0000a"]}',
        b'{"\\ud800":5}',
        b'{"filter":{"op":"=","args":[{"property":"\\ud800"},5]}}',
        b'{"filter":{"op":"=","args":[{"property":"concept"},"\\ud800"]}}',
        b'{"filter":{"op":"=","args":[{"property":"gsd"},' + b"9" * 400 + b"]}}",
        b'{"filter":' + b'{"op":"not","args":[' * 300 + b"true" + b"]}" * 300 + b"}",
        b'{"filter":' + b'{"op":"not","args":[' * 30_000 + b"true" + b"]}" * 30_000 + b"}",
    ],
)
def test_wrong_body_is_400(client: TestClient, body: bytes) -> None:
    answer = client.post("/stac/search", content=body, headers={"Content-Type": "application/json"})
    assert refusal_of(answer)[0] == 400


def test_what_no_route_answers_is_refused_in_the_same_form(client: TestClient) -> None:
    assert refusal_of(client.get("/stac/unknown"))[0] == 404
    assert refusal_of(client.delete("/stac/search"))[0] == 405

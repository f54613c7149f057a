"""Lists of items over HTTP: sorted, in pages both ways, with some members, by words and queries, and explained."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from graph_service.catalogue import Catalogue
from ontology.identifiers import audience_iri, platform_iri
from ontology.records import Scene
from tests.graph_service.api.stac_service import TestClient, service_of
from tests.graph_service.builders import COLLECTION, SENSED, entry_of, item_of, scene_of, write

OURS = audience_iri("ours")
S2A, S2B = platform_iri("sentinel-2a"), platform_iri("sentinel-2b")
CLOUDS = {"a": 30.0, "b": 5.0, "c": None, "d": 5.0, "e": 80.0}


def said(scene: Scene) -> dict[str, Any]:
    """What the producer of a scene says of it."""
    own = {"title": "Rice near Vercelli", "description": "Crue du Pô, Größe: 5", "keywords": ["water level"]}
    clouds = {} if scene.cloud_cover is None else {"eo:cloud_cover": scene.cloud_cover}
    return {"datetime": scene.sensed_at.isoformat()} | clouds | (own if scene.identifier == "a" else {})


@pytest.fixture
def client(catalogue: Catalogue) -> TestClient:
    """Five scenes, one a day, with clouds of one not known; one more that is restricted."""
    scenes = [
        scene_of(
            name,
            cloud_cover=cover,
            title="Rice near Vercelli" if name == "a" else None,
            sensed_at=SENSED + timedelta(days=day),
            platform=S2A if day else S2B,
        )
        for day, (name, cover) in enumerate(CLOUDS.items())
    ]
    entries = [entry_of(one, item_of(one, properties=said(one))) for one in scenes]
    write(catalogue, [*entries, entry_of(scene_of("secret", collection="x", title="Vercelli"), audience=OURS)])
    return TestClient(service_of(catalogue))


def page_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids_in(page: Mapping[str, Any]) -> str:
    return "".join(one["id"] for one in page["features"])


def link_in(page: Mapping[str, Any], rel: str) -> dict[str, Any] | None:
    return next((link for link in page["links"] if link["rel"] == rel), None)


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("datetime", [("datetime", "asc")], "abcde"),
        ("+datetime", [("datetime", "asc")], "abcde"),
        ("-properties.datetime", [("properties.datetime", "desc")], "edcba"),
        ("eo:cloud_cover,-id", [("eo:cloud_cover", "asc"), ("id", "desc")], "dbaec"),
        ("-cloud_cover,id", [("cloud_cover", "desc"), ("id", "asc")], "eabdc"),
        ("-id", [("id", "desc")], "edcba"),
        ("collection,id", [("collection", "asc"), ("id", "asc")], "abcde"),
    ],
)
def test_items_are_sorted_by_what_is_asked_for(
    client: TestClient, text: str, keys: list[tuple[str, str]], expected: str
) -> None:
    body = {"sortby": [{"field": field, "direction": direction} for field, direction in keys]}
    assert ids_in(page_of(client.post("/stac/search", json=body))) == expected
    assert ids_in(page_of(client.get("/stac/search", params={"sortby": text}))) == expected
    assert ids_in(page_of(client.get(f"/stac/search?sortby={text}"))) == expected
    items = f"/stac/collections/{COLLECTION}/items"
    assert ids_in(page_of(client.get(items, params={"sortby": text}))) == expected


def test_what_cannot_be_sorted_by_is_refused_by_its_name(client: TestClient) -> None:
    for name in ("unknown", "keywords", "concept", "geometry"):
        answer = client.get("/stac/search", params={"sortby": name})
        assert (answer.status_code, answer.json()["code"]) == (400, "RequestInvalid")
        assert answer.json()["detail"].startswith(f"sortby: {name}")


@pytest.mark.parametrize("sortby", ["", "eo:cloud_cover", "-eo:cloud_cover,id"])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_lead_forward_and_back_over_the_same_items(client: TestClient, sortby: str, limit: int) -> None:
    page = page_of(client.get("/stac/search", params={"limit": limit, "sortby": sortby}))
    assert link_in(page, "prev") is None
    forward = [ids_in(page)]
    while following := link_in(page, "next"):
        page = page_of(client.get(following["href"]))
        forward.append(ids_in(page))
    back = [ids_in(page)]
    while preceding := link_in(page, "prev"):
        page = page_of(client.get(preceding["href"]))
        back.append(ids_in(page))
    assert sorted("".join(forward)) == list("abcde")
    assert back[::-1] == forward


def test_pages_by_post_lead_back_as_well(client: TestClient) -> None:
    body = {"limit": 2, "sortby": [{"field": "id", "direction": "asc"}]}
    first = page_of(client.post("/stac/search", json=body))
    following = link_in(first, "next")
    assert following is not None
    second = page_of(client.post(following["href"], json=body | following["body"]))
    preceding = link_in(second, "prev")
    assert preceding is not None
    assert preceding["method"] == "POST"
    assert page_of(client.post(preceding["href"], json=body | preceding["body"])) == first


def test_token_of_another_order_is_refused(client: TestClient) -> None:
    following = link_in(page_of(client.get("/stac/search", params={"limit": 1, "sortby": "id"})), "next")
    assert following is not None
    answer = client.get(following["href"].replace("sortby=id", "sortby=collection"))
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("token: ")


@pytest.mark.parametrize(
    "values", [(), (None,), ("text",), (1e300,), (1.0, 2.0), ([],), (True,), (5,), ({"a": 1},), ("\0",)], ids=repr
)
@pytest.mark.parametrize("row", [0, -1, 2**62, 2**70, "1", None, 1.5])
def test_forged_token_never_breaks_a_search(client: TestClient, values: tuple[Any, ...], row: Any) -> None:
    following = link_in(page_of(client.get("/stac/search", params={"limit": 1})), "next")
    assert following is not None
    true = following["href"].rpartition("token=")[2]
    digest = json.loads(base64.urlsafe_b64decode(true + "=" * (-len(true) % 4)))[0]
    forged = base64.urlsafe_b64encode(json.dumps([digest, *values, row, False]).encode()).decode().rstrip("=")
    answer = client.get("/stac/search", params={"limit": 1, "token": forged})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or answer.json()["detail"].startswith("token: ")


def test_page_tells_how_many_items_there_are(client: TestClient) -> None:
    page = page_of(client.get("/stac/search", params={"limit": 2}))
    assert (page["numberMatched"], page["numberReturned"]) == (5, 2)
    assert page["context"] == {"matched": 5, "returned": 2, "limit": 2}


ALL = "datetime description eo:cloud_cover keywords title"


@pytest.mark.parametrize(
    ("text", "members", "properties"),
    [
        ("+id,-links", "collection id stac_version type", None),
        ("geometry", "collection geometry id stac_version type", None),
        ("-geometry,-assets", "bbox collection id links stac_version type", ALL),
        ("properties", "collection id stac_version type", ALL),
        ("properties.eo:cloud_cover", None, "eo:cloud_cover"),
        ("eo:cloud_cover,title", None, "eo:cloud_cover title"),
        ("properties,-properties.title", None, "datetime description eo:cloud_cover keywords"),
        ("-properties,properties.eo:cloud_cover", None, "eo:cloud_cover"),
        ("+geometry,-geometry,-collection", "geometry id stac_version type", None),
        ("nothing,properties.nothing", None, None),
        ("-properties.datetime", None, "description eo:cloud_cover keywords title"),
        ("-properties", "assets bbox collection geometry id links stac_version type", None),
    ],
)
def test_fields_choose_the_members(client: TestClient, text: str, members: str | None, properties: str | None) -> None:
    names = text.split(",")
    include = [name.removeprefix("+") for name in names if not name.startswith("-")]
    fields = {"exclude": [name[1:] for name in names if name.startswith("-")]}
    body = {"ids": ["a"], "fields": fields | ({"include": include} if include else {})}
    (item,) = page_of(client.post("/stac/search", json=body))["features"]
    assert page_of(client.get("/stac/search", params={"ids": "a", "fields": text}))["features"] == [item]
    if members is not None:
        assert " ".join(sorted(set(item) - {"properties"})) == members
    found = item.get("properties")
    assert found is None if properties is None else " ".join(sorted(found or {})) == properties


def test_fields_without_names_give_a_bare_item(client: TestClient) -> None:
    (item,) = page_of(client.post("/stac/search", json={"ids": ["a"], "fields": {}}))["features"]
    assert set(item["properties"]) == {"datetime"}
    whole = client.get(f"/stac/collections/{COLLECTION}/items/a").json()
    assert {name: whole[name] for name in item} | {"properties": item["properties"]} == item


@pytest.mark.parametrize("include", [[], None])
def test_what_is_excluded_from_nothing_is_taken_from_a_bare_item(client: TestClient, include: Any) -> None:
    body = {"ids": ["a"], "fields": {"include": include, "exclude": ["geometry"]}}
    (item,) = page_of(client.post("/stac/search", json=body))["features"]
    assert "geometry" not in item
    assert set(item["properties"]) == {"datetime"}


def test_assets_are_chosen_by_their_names(client: TestClient) -> None:
    body = {"ids": ["a"], "fields": {"include": ["assets.data.href"], "exclude": ["assets"]}}
    (item,) = page_of(client.post("/stac/search", json=body))["features"]
    assert item["assets"] == {"data": {"href": "data.tif"}}
    body["fields"] = {"exclude": ["assets.data.roles"]}
    (item,) = page_of(client.post("/stac/search", json=body))["features"]
    assert item["assets"] == {"data": {"href": "data.tif"}}


@pytest.mark.parametrize(
    ("terms_asked", "expected"),
    [
        (["rice"], "a"),
        (["RICE", "nowhere"], "a"),
        (["near vercelli"], "a"),
        (["vercelli near"], ""),
        (["GROSSE", "große"], "a"),
        (["Water-Level"], "a"),
        (["nowhere"], ""),
        (['ri"ce', "title:x"], ""),
        (["sentinel-2b"], "a"),
        (["sentinel-2a", "rice"], "edcba"),
    ],
)
def test_words_find_items_that_have_any_of_them(client: TestClient, terms_asked: list[str], expected: str) -> None:
    assert ids_in(page_of(client.post("/stac/search", json={"q": terms_asked}))) == expected
    assert ids_in(page_of(client.get("/stac/search", params={"q": ",".join(terms_asked)}))) == expected
    items = f"/stac/collections/{COLLECTION}/items"
    assert ids_in(page_of(client.get(items, params={"q": ",".join(terms_asked)}))) == expected


def test_words_of_restricted_items_are_for_their_audience(client: TestClient) -> None:
    words = {"q": "vercelli"}
    assert len(page_of(client.get("/stac/search", params=words))["features"]) == 1
    assert len(page_of(client.get("/stac/search", params=words, headers={"X-Audience": OURS}))["features"]) == 2


def test_query_and_filter_are_joined(client: TestClient) -> None:
    query = {"eo:cloud_cover": {"lte": 30}}
    assert ids_in(page_of(client.post("/stac/search", json={"query": query}))) == "dba"
    assert ids_in(page_of(client.get("/stac/search", params={"query": json.dumps(query)}))) == "dba"
    params = {"query": json.dumps(query), "filter": "eo:cloud_cover > 5", "q": "rice"}
    assert ids_in(page_of(client.get("/stac/search", params=params))) == "a"


def test_explanation_says_why_an_item_was_found(client: TestClient) -> None:
    params = {"filter": "eo:cloud_cover < 10 AND concept = 'orr:EOProduct'", "explain": "true"}
    page = page_of(client.get("/stac/search", params=params))
    assert ids_in(page) == "db"
    for item in page["features"]:
        why = item["orrery:explanation"]
        assert why["holds"] is True
        assert "eo:cloud_cover < 10" in json.dumps(why)
        assert '["orr:Scene", "orr:EOProduct"]' in json.dumps(why)
    chosen = page_of(client.get("/stac/search", params=params | {"fields": "-properties"}))["features"][0]
    assert "properties" not in chosen
    assert chosen["orrery:explanation"]["holds"] is True
    assert "orrery:explanation" not in page_of(client.get("/stac/search"))["features"][0]


def test_sortables_are_what_can_be_sorted_by(client: TestClient) -> None:
    answer = client.get("/stac/sortables")
    assert answer.headers["content-type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(answer.json())
    for name in answer.json()["properties"]:
        assert client.get("/stac/search", params={"sortby": f"-{name}", "limit": 1}).status_code == 200, name


def test_collection_lists_the_properties_that_its_items_have(client: TestClient) -> None:
    of_all = set(client.get("/stac/sortables").json()["properties"])
    own = set(client.get(f"/stac/collections/{COLLECTION}/sortables").json()["properties"])
    assert own == {"id", "collection", "datetime", "platform", "constellation", "title", "eo:cloud_cover"}
    assert own < of_all
    queryables = set(client.get(f"/stac/collections/{COLLECTION}/queryables").json()["properties"])
    assert queryables == own | {"keywords", "geometry", "concept"}
    assert client.get("/stac/collections/unknown/sortables").status_code == 404
    assert client.get("/stac/collections/x/queryables").status_code == 404


def test_functions_are_those_that_a_filter_can_call(client: TestClient) -> None:
    names = {one["name"] for one in client.get("/stac/functions").json()["functions"]}
    assert {"region", "month", "abs"} <= names
    found = page_of(client.get("/stac/search", params={"filter": "month(datetime) = 5 AND abs(eo:cloud_cover) > 50"}))
    assert ids_in(found) == "e"


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/json", b"{}", 200),
        ("application/json; charset=utf-8", b"{}", 200),
        ("text/csv", b"a,b", 415),
        ("application/x-www-form-urlencoded", b"limit=5", 415),
        ("application/json", b" " * 10_000_001, 413),
    ],
)
def test_body_of_a_search_is_json_of_some_length(
    client: TestClient, content_type: str, content: bytes, status: int
) -> None:
    answer = client.post("/stac/search", content=content, headers={"Content-Type": content_type})
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_concept_that_nobody_knows_is_refused(client: TestClient) -> None:
    answer = client.get("/stac/search", params={"filter": "concept = 'orr:Nothing'"})
    assert (answer.status_code, answer.json()["code"]) == (400, "TermUnknown")

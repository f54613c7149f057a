"""Which mapper reads which document."""

import json
from typing import Any

import pytest

from ingest.document import Document, Part
from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown
from ingest.kinds import JSON, MAPPERS, MEDIA_TYPES, documents_within, mapped
from ingest.settings import MappingSettings
from ontology.records import Collection, FieldAnalysis, Scene, WaterAnalysis
from tests.ingest.documents import SOURCE, fields_item, json_document, stac_collection, stac_item, water_item


def kinds_of(value: Any) -> list[str]:
    return [document.kind for document in documents_within(json_document(value))]


def identifier_of(document: Document) -> str:
    record = mapped(document, MappingSettings()).record
    assert isinstance(record, Scene)
    return record.identifier


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: member for name, member in value.items() if name not in names}


_KNOWN = (
    "; known kinds are dafab-smart-agriculture, dafab-water-analysis, natural-earth-unit, nuts-unit, sentinel-2-safe, "
    "stac-collection, stac-item"
)
_OLD_COLLECTION = without(stac_collection(stac_version="0.9.0"), "type")


@pytest.mark.parametrize(
    ("value", "kind", "record"),
    [
        (stac_item(), "stac-item", Scene),
        (without(stac_item(), "stac_version"), "stac-item", Scene),
        (without(stac_item(), "assets"), "stac-item", Scene),
        (water_item(), "dafab-water-analysis", WaterAnalysis),
        (fields_item(), "dafab-smart-agriculture", FieldAnalysis),
        (stac_collection(), "stac-collection", Collection),
        (_OLD_COLLECTION, "stac-collection", Collection),
        (without(stac_collection(), "stac_version"), "stac-collection", Collection),
    ],
)
def test_a_document_goes_to_the_mapper_of_its_kind(value: dict[str, Any], kind: str, record: type) -> None:
    (document,) = documents_within(json_document(value))
    assert (document.source, document.kind) == (SOURCE, kind)
    assert type(mapped(document, MappingSettings()).record) is record


def test_a_known_kind_is_not_looked_into() -> None:
    document = Document("a", "stac-item", (Part("", b"not read"),))
    assert list(documents_within(document)) == [document]


def test_a_document_keeps_its_own_text() -> None:
    content = json.dumps(stac_item(), indent=4).encode()
    (document,) = documents_within(Document("a", JSON, (Part("", content),)))
    assert document.parts == (Part("", content),)


def test_every_kind_has_a_media_type() -> None:
    assert MEDIA_TYPES.keys() == MAPPERS.keys()


_ITEMS = [stac_item(id="a"), water_item(), stac_item(id="b")]


@pytest.mark.parametrize(
    ("value", "name"), [({"type": "FeatureCollection", "features": _ITEMS}, "features"), (_ITEMS, "")]
)
def test_every_item_of_a_feature_collection_or_list_is_a_document_of_its_own(value: Any, name: str) -> None:
    members = list(documents_within(json_document(value)))
    assert [(one.source, one.kind) for one in members] == [(f"{SOURCE}#{name}[{place}]", JSON) for place in range(3)]
    assert [json.loads(one.parts[0].content) for one in members] == _ITEMS
    assert [kind for one in members for kind in kinds_of(json.loads(one.parts[0].content))] == [
        "stac-item",
        "dafab-water-analysis",
        "stac-item",
    ]


def test_a_bad_member_does_not_hide_the_others() -> None:
    features = [stac_item(id="a"), None, {"type": "Feature"}, stac_item(id="b", geometry=None), stac_item(id="c")]
    taken, refused = [], []
    for member in documents_within(json_document({"type": "FeatureCollection", "features": features})):
        try:
            taken += [identifier_of(one) for one in documents_within(member)]
        except DocumentRefused as refusal:
            refused.append((refusal.source, refusal.field))
    assert taken == ["a", "c"]
    assert refused == [
        (f"{SOURCE}#features[1]", ""),
        (f"{SOURCE}#features[2]", ""),
        (f"{SOURCE}#features[3]", "geometry"),
    ]


def test_a_member_keeps_an_integer_of_any_length() -> None:
    item = stac_item(properties={"absolute": 10**30})
    (member,) = documents_within(json_document({"type": "FeatureCollection", "features": [item]}))
    assert json.loads(member.parts[0].content) == item


@pytest.mark.parametrize("features", [[], [None], [{"type": "Feature", "properties": {}}], [stac_collection()]])
def test_a_feature_collection_without_an_item_is_refused(features: list[Any]) -> None:
    with pytest.raises(KindUnknown) as caught:
        kinds_of({"type": "FeatureCollection", "features": features})
    assert (caught.value.source, caught.value.field) == (SOURCE, "features")
    assert caught.value.reason == "is a list without a STAC item or an administrative unit" + _KNOWN


@pytest.mark.parametrize("values", [[], [None], [1, 2], [[stac_item()]], [{"type": "Feature"}], [stac_collection()]])
def test_a_list_without_an_item_is_refused(values: list[Any]) -> None:
    with pytest.raises(KindUnknown) as caught:
        kinds_of(values)
    assert (caught.value.source, caught.value.field) == (SOURCE, "")
    assert caught.value.reason == "is a list without a STAC item or an administrative unit" + _KNOWN


@pytest.mark.parametrize(
    ("value", "described"),
    [
        (
            {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "links": []},
            "is a STAC catalog, which describes no product of its own; give the folder of its items",
        ),
        ("text", "is JSON, but str instead of an object"),
        (None, "is JSON, but NoneType instead of an object"),
        (1.5, "is JSON, but float instead of an object"),
        ({}, "is a JSON object of no known kind (type None)"),
        ({"type": "Polygon", "coordinates": []}, "is a JSON object of no known kind (type 'Polygon')"),
        ({"type": "Feature", "properties": {}}, "is a JSON object of no known kind (type 'Feature')"),
        ({"type": "Collection", "member": []}, "is a JSON object of no known kind (type 'Collection')"),
        ({"type": [], "assets": {}}, "is a JSON object of no known kind (type [])"),
        ({"stac_version": "0.9.0", "id": "root", "links": []}, "is a JSON object of no known kind (type None)"),
    ],
)
def test_what_no_mapper_reads_is_refused_with_what_it_is(value: Any, described: str) -> None:
    with pytest.raises(KindUnknown) as caught:
        kinds_of(value)
    assert (caught.value.source, caught.value.field, caught.value.reason) == (SOURCE, "", described + _KNOWN)


@pytest.mark.parametrize("content", [b"", b"{", b'{"type": "Feature", "a": NaN}'])
def test_what_is_not_json_is_unreadable(content: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        list(documents_within(Document(SOURCE, JSON, (Part("", content),))))


def test_an_object_of_a_deep_type_is_refused() -> None:
    content = b'{"type": ' + b"[" * 1000 + b"]" * 1000 + b"}"
    with pytest.raises(KindUnknown):
        list(documents_within(Document(SOURCE, JSON, (Part("", content),))))


@pytest.mark.parametrize("properties", [None, [], "text"])
def test_an_item_whose_properties_are_none_is_left_to_the_mapper_of_items(properties: object) -> None:
    assert kinds_of(stac_item() | {"properties": properties}) == ["stac-item"]


def _content(item: dict[str, Any], nested: str) -> bytes:
    return json.dumps(item | {"geometry": "NESTED"}).encode().replace(b'"NESTED"', nested.encode())


def test_an_item_nested_too_deeply_is_refused() -> None:
    depth = 505
    geometry = '{"type": "GeometryCollection", "geometries": [' * depth + "null" + "]}" * depth
    (document,) = documents_within(Document(SOURCE, JSON, (Part("", _content(stac_item(), geometry)),)))
    with pytest.raises(DocumentRefused) as caught:
        mapped(document, MappingSettings())
    assert caught.value.source == SOURCE


def test_a_deep_value_of_an_optional_member_is_left_out() -> None:
    deep = "[" * 1000 + "]" * 1000
    content = json.dumps(stac_item(properties={"eo:cloud_cover": "DEEP"})).encode().replace(b'"DEEP"', deep.encode())
    (document,) = documents_within(Document(SOURCE, JSON, (Part("", content),)))
    (notice,) = mapped(document, MappingSettings()).notices
    assert notice.field == "properties.eo:cloud_cover"
    assert len(notice.reason) < 200

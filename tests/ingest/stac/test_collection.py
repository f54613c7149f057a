"""STAC collections."""

from typing import Any

import pytest

from ingest.document import Mapped, Notice
from ingest.errors import DocumentRefused, DocumentUnreadable, MetadataInvalid, MetadataMissing
from ingest.stac.collection import read_collection
from ontology.identifiers import collection_iri
from ontology.records import Collection
from tests.ingest.documents import SOURCE, json_document, stac_collection
from tests.ingest.stored import as_stored


def read(collection: dict[str, Any]) -> Mapped:
    return read_collection(json_document(collection, "stac-collection"))


def test_a_collection_is_a_record_with_its_words_sorted() -> None:
    record = Collection(
        iri=collection_iri("series"),
        identifier="series",
        title="A series",
        description="Scenes of one kind.",
        licence="CC-BY-4.0",
        keywords=("optical", "water"),
    )
    assert read(stac_collection()) == Mapped(record)
    assert as_stored(record) == record


def test_what_a_collection_does_not_say_is_none() -> None:
    collection = stac_collection(title=None, description=None, license=None, keywords=None)
    assert read(collection).record == Collection(iri=collection_iri("series"), identifier="series")


@pytest.mark.parametrize(
    ("identifier", "error", "reason"),
    [
        (None, MetadataMissing, "is absent or empty; every collection needs an identifier"),
        ("", MetadataMissing, "is absent or empty; every collection needs an identifier"),
        (7, MetadataInvalid, "is not a text but int"),
    ],
)
def test_a_collection_without_an_identifier_is_refused(
    identifier: object, error: type[DocumentRefused], reason: str
) -> None:
    with pytest.raises(error) as caught:
        read(stac_collection(id=identifier))
    assert (caught.value.source, caught.value.field, caught.value.reason) == (SOURCE, "id", reason)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("title", {"en": "A"}, "is not a text but dict"),
        ("keywords", "water", None),
        ("keywords", [1], "is not a list of texts"),
    ],
)
def test_a_member_that_does_not_fit_is_left_out_with_a_notice(name: str, value: object, reason: str | None) -> None:
    expected = () if reason is None else (Notice(name, f"{reason}; left out of the record"),)
    assert read(stac_collection(**{name: value})).notices == expected


def test_what_is_not_json_is_unreadable() -> None:
    document = json_document({})
    broken = type(document)(SOURCE, "stac-collection", (type(document.parts[0])("", b"{"),))
    with pytest.raises(DocumentUnreadable):
        read_collection(broken)

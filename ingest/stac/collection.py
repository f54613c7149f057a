"""The catalogue's view of a STAC collection."""

from collections.abc import Mapping
from typing import Any

from ingest.document import Document, Mapped, Notice
from ingest.errors import MetadataInvalid, MetadataMissing
from ingest.json_document import json_value
from ingest.stac.members import Members
from ontology.identifiers import collection_iri
from ontology.records import Collection


def read_collection(document: Document) -> Mapped:
    """The record of a STAC collection.

    Raises:
        DocumentUnreadable: it is not JSON.
        MetadataMissing: the id is absent.
        MetadataInvalid: the id is no text.

    Source: STAC Collection specification 1.1.0 and its predecessors.
    """
    collection: Mapping[str, Any] = json_value(document)
    notices: list[Notice] = []
    members = Members(collection, document.source, "", notices)
    identifier = collection.get("id")
    if identifier is None or identifier == "":
        raise MetadataMissing(document.source, "id", "is absent or empty; every collection needs an identifier")
    if not isinstance(identifier, str):
        raise MetadataInvalid(document.source, "id", f"is not a text but {type(identifier).__name__}")
    record = Collection(
        iri=collection_iri(identifier),
        identifier=identifier,
        title=members.text("title"),
        description=members.text("description"),
        licence=members.text("license"),
        keywords=tuple(sorted(set(members.texts("keywords")))),
    )
    return Mapped(record, (), tuple(notices))

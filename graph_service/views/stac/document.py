"""The STAC document of a record: its own document verbatim, or one made from the record.

What comes back is kept in the index and served by ``served.py``, which adds the
service's own links. One thing it must know of a document is told by the order of
the members, which carries no meaning in JSON: an item that names its collection
starts with ``collection``, a collection that says what it spans with ``extent``.
"""

from typing import Any

from graph_service.views.stac.item import item_document, item_links
from graph_service.views.stac.json_text import json_text, json_value
from graph_service.views.stac.licence import stac_licence
from graph_service.views.stac.members import said
from ingest.stac.recognition import is_collection, is_item
from ontology.records import Collection, Primary, Scene

_ITEM_SERVICE_LINKS = {"self", "root", "parent", "collection", "items"}
_COLLECTION_SERVICE_LINKS = _ITEM_SERVICE_LINKS | {"item", "child"}


def stac_document(record: Primary, document: bytes | None) -> tuple[bytes, bytes]:
    """STAC body without links, and the links it keeps, both as JSON.

    Args:
        record: what the catalogue knows.
        document: its source document; None where it has none.
    """
    own = None if document is None else json_value(document)
    if isinstance(record, Collection):
        return _collection(record, own if is_collection(own) else None)
    return _item(record, own if is_item(own) else None)


def _item(scene: Scene, own: dict[str, Any] | None) -> tuple[bytes, bytes]:
    if own is None:
        return json_text(_first("collection", item_document(scene))), json_text(item_links(scene))
    links = _kept(own.pop("links", None), _ITEM_SERVICE_LINKS)
    return json_text(_first("collection", own)), json_text(links)


def _collection(record: Collection, own: dict[str, Any] | None) -> tuple[bytes, bytes]:
    if own is None:
        return json_text(_collection_document(record)), json_text(stac_licence(record.licence).links)
    links = _kept(own.pop("links", None), _COLLECTION_SERVICE_LINKS)
    return json_text(_first("extent", own)), json_text(links)


def _first(name: str, members: dict[str, Any]) -> dict[str, Any]:
    return {name: members[name], **members} if name in members else members


def _kept(links: Any, service_links: set[str]) -> list[dict[str, Any]]:
    given = links if isinstance(links, list) else []
    return [link for link in given if isinstance(link, dict) and str(link.get("rel")) not in service_links]


def _collection_document(record: Collection) -> dict[str, Any]:
    """A STAC Collection but for its extent, which is that of its products whenever it is served."""
    unknown = f"The products of {record.identifier}, which alone made this collection known: no document describes it."
    return said(
        {
            "type": "Collection",
            "stac_version": "1.1.0",
            "id": record.identifier,
            "title": record.title or record.identifier,
            "description": record.description or unknown,
            "keywords": list(record.keywords),
            "license": stac_licence(record.licence).identifier,
        }
    )

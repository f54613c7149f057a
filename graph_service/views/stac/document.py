"""The STAC document of a record: its own document verbatim but for what it lacks, or one made from the record.

What comes back is kept in the index and served by ``served.py``, which adds the
service's own links. One thing it must know of a document is told by the order of
the members, which carries no meaning in JSON: an item starts with ``collection``,
a collection that says what it spans with ``extent``.
"""

from typing import Any

from graph_service.views.stac.completion import completed_collection, completed_item
from graph_service.views.stac.item import item_document, item_links, rfc3339
from graph_service.views.stac.json_text import json_text, json_value
from graph_service.views.stac.licence import stac_licence
from graph_service.views.stac.members import said
from graph_service.views.stac.queryables import REL, SORTABLES_REL
from ingest.stac.recognition import is_collection, is_item
from ontology.identifiers import collection_identifier
from ontology.records import Collection, Primary, Scene

_ITEM_SERVICE_LINKS = {"self", "root", "parent", "collection", "items"}
_COLLECTION_SERVICE_LINKS = _ITEM_SERVICE_LINKS | {
    "item", "child", "aggregate", "aggregations", REL, SORTABLES_REL,
}  # fmt: skip


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
    whole = completed_item(_dated(own, scene), collection_identifier(scene.collection))
    return json_text(_first("collection", whole)), json_text(links)


def _dated(own: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """An item with the nominal time of its record where it has a beginning and an end alone.

    STAC allows that, but clients such as QGIS do not show such an item.
    """
    properties = own.get("properties")
    if not isinstance(properties, dict) or properties.get("datetime") is not None:
        return own
    return own | {"properties": properties | {"datetime": rfc3339(scene.sensed_at)}}


def _collection(record: Collection, own: dict[str, Any] | None) -> tuple[bytes, bytes]:
    if own is None:
        return json_text(_collection_document(record)), json_text(stac_licence(record.licence).links)
    links = _kept(own.pop("links", None), _COLLECTION_SERVICE_LINKS)
    whole = completed_collection(own, _required(record))
    return json_text(_first("extent", whole)), json_text(links)


def _required(record: Collection) -> dict[str, Any]:
    """The members without which a collection is none, as the record has them."""
    return {
        "type": "Collection",
        "id": record.identifier,
        "description": record.description or record.title or record.identifier,
        "license": stac_licence(record.licence).identifier,
    }


def _first(name: str, members: dict[str, Any]) -> dict[str, Any]:
    return {name: members[name], **members} if name in members else members


def _kept(links: Any, service_links: set[str]) -> list[dict[str, Any]]:
    given = links if isinstance(links, list) else []
    return [link for link in given if _is_link(link) and link["rel"] not in service_links]


def _is_link(link: Any) -> bool:
    """Whether clients can read it; they stop at a link without an address or a relation."""
    return isinstance(link, dict) and isinstance(link.get("rel"), str) and isinstance(link.get("href"), str)


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

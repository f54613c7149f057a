"""Which kind of document something is, and the mapper that reads the kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest.dafab import fields, water
from ingest.document import Document, Mapped, Part
from ingest.errors import KindUnknown
from ingest.json_document import json_text, nested_too_deeply, read_json
from ingest.sentinel2.product import read_product
from ingest.settings import MappingSettings
from ingest.stac.collection import read_collection
from ingest.stac.item import read_item
from ingest.stac.members import shown
from ingest.stac.recognition import is_collection, is_item
from ingest.units.natural_earth import is_natural_earth, read_natural_earth
from ingest.units.nuts import is_nuts, read_nuts

JSON = "json"
"""Kind of a JSON document before anybody has looked into it."""

Mapper = Callable[[Document, MappingSettings], Mapped]

MAPPERS: Mapping[str, Mapper] = {
    "stac-item": lambda document, _: read_item(document),
    "stac-collection": lambda document, _: read_collection(document),
    "dafab-water-analysis": water.read_water_analysis,
    "dafab-smart-agriculture": lambda document, _: fields.read_field_analysis(document),
    "sentinel-2-safe": lambda document, _: read_product(document),
    "nuts-unit": lambda document, _: read_nuts(document),
    "natural-earth-unit": lambda document, _: read_natural_earth(document),
}
_KNOWN = ", ".join(sorted(MAPPERS))
MEDIA_TYPES = {
    "stac-item": "application/geo+json",
    "stac-collection": "application/json",
    "dafab-water-analysis": "application/geo+json",
    "dafab-smart-agriculture": "application/geo+json",
    "sentinel-2-safe": "application/xml",
    "nuts-unit": "application/geo+json",
    "natural-earth-unit": "application/geo+json",
}
_UNITS: Mapping[str, Callable[[Any], bool]] = {"nuts-unit": is_nuts, "natural-earth-unit": is_natural_earth}


def documents_within(document: Document) -> Iterator[Document]:
    """The documents of a known kind that a document is or holds.

    A JSON document is looked into: an item or a collection stands for itself, a
    feature collection or a list for its items or administrative units, each as it stands.

    Raises:
        DocumentUnreadable: it is not JSON.
        KindUnknown: it is nothing that a mapper reads.
    """
    if document.kind != JSON:
        yield document
        return
    value = read_json(document.parts[0].content, source=document.source)
    if isinstance(value, list):
        yield from _members(value, "", document)
    elif isinstance(value, dict) and isinstance(value.get("features"), list):
        yield from _members(value["features"], "features", document)
    else:
        yield Document(document.source, _kind(value, document.source), document.parts, value)


def _members(features: list[Any], name: str, document: Document) -> Iterator[Document]:
    if not any(is_item(feature) or _unit_kind(feature) for feature in features):
        reason = f"is a list without a STAC item or an administrative unit; known kinds are {_KNOWN}"
        raise KindUnknown(document.source, name, reason)
    for place, feature in enumerate(features):
        # One place in a list is one document: its own text no longer exists, so it is written again.
        source = f"{document.source}#{name}[{place}]"
        yield Document(source, JSON, (Part("", json_text(feature, source=source)),))


def _kind(value: Any, source: str) -> str:
    if is_item(value):
        properties = value.get("properties")
        named = properties if isinstance(properties, dict) else {}
        if water.PROPERTY in named:
            return "dafab-water-analysis"
        return "dafab-smart-agriculture" if fields.PROPERTY in named else "stac-item"
    if is_collection(value):
        return "stac-collection"
    if (unit := _unit_kind(value)) is not None:
        return unit
    raise KindUnknown(source, "", f"is {_described(value)}; known kinds are {_KNOWN}")


def _unit_kind(value: Any) -> str | None:
    return next((kind for kind, is_kind in _UNITS.items() if is_kind(value)), None)


def _described(value: Any) -> str:
    if isinstance(value, dict) and value.get("type") == "Catalog":
        return "a STAC catalog, which describes no product of its own; give the folder of its items"
    if isinstance(value, dict):
        return f"a JSON object of no known kind (type {shown(value.get('type'))})"
    return f"JSON, but {type(value).__name__} instead of an object"


def mapped(document: Document, settings: MappingSettings) -> Mapped:
    """The record of a document whose kind is known.

    Raises:
        DocumentRefused: why it is not taken in.
    """
    try:
        return MAPPERS[document.kind](document, settings)
    except RecursionError as cause:
        raise nested_too_deeply(document.source) from cause

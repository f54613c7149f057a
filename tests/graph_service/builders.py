"""Catalogues and records for tests, true to what the mappers make."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import shapely

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.reasoner import Reasoner
from graph_service.store.documents import DocumentStore, StoredDocument
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ontology.identifiers import collection_identifier, collection_iri, item_iri
from ontology.loader import packaged
from ontology.records import Collection, Primary, Scene

SENSED = datetime(2024, 5, 1, 10, 20, 30, 500000, tzinfo=UTC)
COLLECTION = "sentinel-2-l2a"


@cache
def reasoner() -> Reasoner:
    """What infers by our own modules."""
    return Reasoner(packaged())


def open_catalogue(folder: Path) -> Catalogue:
    """An empty catalogue in a folder, its graph in memory."""
    documents, index = DocumentStore(folder / "documents.sqlite"), SQLiteIndex(folder / "index.sqlite")
    return Catalogue(OxigraphStore.in_memory(), documents, index, stac_document, reasoner())


def write(catalogue: Catalogue, entries: Iterable[Entry]) -> None:
    catalogue.apply(Batch(tuple(entries)))


def scene_of(identifier: str = "S1", *, collection: str = COLLECTION, **more: Any) -> Scene:
    """A scene of one square degree in northern Italy, unless told otherwise."""
    values: dict[str, Any] = {"footprint": shapely.to_wkt(shapely.box(11, 44, 12, 45)), "sensed_at": SENSED} | more
    iri = item_iri(collection, identifier)
    return Scene(iri=iri, identifier=identifier, collection=collection_iri(collection), **values)


def item_of(scene: Scene, **more: Any) -> dict[str, Any]:
    """A STAC Item as the producer of a scene would publish it."""
    footprint = shapely.from_wkt(scene.footprint)
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": scene.identifier,
        "collection": collection_identifier(scene.collection),
        "geometry": json.loads(shapely.to_geojson(footprint)),
        "bbox": list(footprint.bounds),
        "properties": {"datetime": scene.sensed_at.isoformat().replace("+00:00", "Z")},
        "assets": {"data": {"href": "data.tif", "roles": ["data"]}},
        "links": [{"rel": "self", "href": "https://example.org/item.json"}],
    } | more


def entry_of(record: Primary, document: Mapping[str, Any] | None = None, *, audience: str | None = None) -> Entry:
    """A record to write, with its collection and, where it has one, its document."""
    collections = (
        (Collection(iri=record.collection, identifier=collection_identifier(record.collection)),)
        if isinstance(record, Scene)
        else ()
    )
    kept: tuple[StoredDocument, ...] = ()
    if document is not None:
        content = json.dumps(document).encode()
        kept = (StoredDocument(hashlib.sha256(content).hexdigest(), "application/geo+json", content),)
    return Entry(record, collections, kept, audience)

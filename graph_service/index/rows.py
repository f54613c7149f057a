"""A record as the search index keeps it."""

from dataclasses import dataclass
from typing import Any

import shapely

from graph_service.index.properties import PROPERTIES, values_of
from graph_service.index.property_values import Value
from ingest.json_document import read_json
from ontology.records import Collection, Primary, Scene


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle of the globe, degrees; it never crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Row:
    """What the index knows of one record: the projection of graph and documents that search needs."""

    iri: str
    identifier: str
    collection: str | None
    """Identifier of the collection that a scene is in; None for a collection itself."""
    audience: str | None
    fingerprint: str | None
    document: str | None
    values: tuple[Value, ...]
    """One for each declared property, in their order; empty for a collection."""
    footprint: bytes | None
    """WKB in CRS84."""
    boxes: tuple[Box, ...]
    """One for each part of the footprint."""
    concepts: frozenset[str]
    """IRIs of the classes that it has and of the codes and things that it names, inferred ones included."""
    stac: bytes
    """The STAC document as JSON without its links."""
    links: bytes
    """The links that the document keeps, as a JSON array."""
    description: str | None = None
    """What the document says of a scene in words."""


def row(record: Primary, *, audience: str | None, stac: bytes, links: bytes, concepts: frozenset[str]) -> Row:
    """The row of a record, with the STAC document made from it."""
    if isinstance(record, Collection):
        return Row(
            record.iri,
            record.identifier,
            None,
            audience,
            record.fingerprint,
            record.document,
            (),
            None,
            (),
            concepts,
            stac,
            links,
        )
    footprint = shapely.from_wkt(record.footprint)
    said = _said(stac)
    description = said.get("description")
    return Row(
        iri=record.iri,
        identifier=record.identifier,
        collection=_collection(record),
        audience=audience,
        fingerprint=record.fingerprint,
        document=record.document,
        values=values_of(record, said),
        footprint=shapely.to_wkb(footprint),
        boxes=tuple(Box(*part.bounds) for part in getattr(footprint, "geoms", (footprint,))),
        concepts=concepts,
        stac=stac,
        links=links,
        description=description if isinstance(description, str) else None,
    )


def _collection(scene: Scene) -> str:
    return str(next(p for p in PROPERTIES if p.name == "collection").value_of(scene, {}))


def _said(stac: bytes) -> dict[str, Any]:
    """The ``properties`` of a STAC document."""
    found = read_json(stac, source="a STAC document").get("properties")
    return found if isinstance(found, dict) else {}

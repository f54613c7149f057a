"""Scenes put straight into an index."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.concepts import concepts_of
from graph_service.index.filters import Filter
from graph_service.index.rows import Row, row
from graph_service.index.sqlite import SQLiteIndex
from ontology.records import Primary
from ontology.triples import statements
from tests.graph_service.builders import scene_of


def row_of(record: Primary, audience: str | None = None, stac: bytes = b"{}") -> Row:
    """The row of a record, without the STAC document that views make unless it is given."""
    concepts = concepts_of(record.iri, statements(record))
    return row(record, audience=audience, stac=stac, links=b"[]", concepts=concepts)


def index_of(folder: Path, records: Iterable[Primary]) -> SQLiteIndex:
    """An index of public records."""
    index = SQLiteIndex(folder / "index.sqlite")
    index.apply(1, rows=[row_of(record) for record in records])
    return index


def put(index: SQLiteIndex, identifier: str, *, audience: str | None = None, **fields: Any) -> None:
    """Write one scene."""
    index.apply(index.change_number() + 1, rows=[row_of(scene_of(identifier, **fields), audience)])


def at(area: BaseGeometry) -> dict[str, str]:
    """The field of a scene that has this footprint."""
    return {"footprint": shapely.to_wkt(area, rounding_precision=-1)}


def ids(index: SQLiteIndex, tree: Filter, *audiences: str) -> list[str]:
    """Identifiers of what a filter finds, sorted; the count is held against them."""
    found = index.search(tree, audiences=audiences, limit=10_000).found
    assert index.count(tree, audiences=audiences) == len(found)
    return sorted(one.identifier for one in found)

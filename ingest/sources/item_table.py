"""STAC items out of a stac-geoparquet file, some rows at a time.

Each item is its members as columns, its properties among them; what cannot be told from that is
told by names and marks of the columns, which our own export writes and other readers need not know.

Source: stac-geoparquet specification 1.0.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from ingest.document import Document, Part
from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown
from ingest.json_document import json_text

MEMBERS = (
    "type", "stac_version", "stac_extensions", "id", "collection", "geometry", "bbox", "links", "assets",
)  # fmt: skip
"""Columns that are members of the item itself; every other is a property."""
OWN_MEMBER = "item:"
"""Before the name of a column that is another member of the item itself."""
PROPERTY = "properties:"
"""Before the name of a column that is a property called like a member of the item."""
ENCODING, JSON_TEXT = b"orrery:encoding", b"json"
"""Mark of a column, or of a part of one, whose texts are JSON, because its values have no type in common."""
_NEEDED = {"id", "geometry", "links"}
_SIDES = ("xmin", "ymin", "zmin", "xmax", "ymax", "zmax")
_ROWS = 500
"""In memory at a time."""


def is_item_table(path: Path) -> bool:
    """Whether a file is a Parquet file with the columns of STAC items."""
    try:
        return _NEEDED.issubset(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False


def items_in_table(path: Path) -> Iterator[Document | DocumentRefused]:
    """The items in a file, a document each; one that cannot be made out comes as the error that says why.

    Raises:
        DocumentUnreadable: it is no Parquet file, or is broken.
        KindUnknown: it has not the columns of STAC items.
    """
    try:
        with pq.ParquetFile(path) as file:
            missing = _NEEDED.difference(file.schema_arrow.names)
            if missing:
                reason = f"is a Parquet file without the columns of STAC items ({', '.join(sorted(missing))})"
                raise KindUnknown(str(path), "", reason)
            number = 0
            for batch in file.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield _document(row, batch.schema, f"{path}:{number}")
    except pa.ArrowException as cause:
        raise DocumentUnreadable(str(path), "", f"is not a Parquet file that can be read: {cause}") from cause


def _document(row: Mapping[str, Any], schema: pa.Schema, source: str) -> Document | DocumentRefused:
    try:
        return Document(source, "json", (Part("", json_text(_item(row, schema), source=source)),))
    except (shapely.errors.ShapelyError, orjson.JSONDecodeError, TypeError, ValueError) as cause:
        return DocumentUnreadable(source, "", f"is a row that is no STAC item: {cause}")


def _item(row: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """The item in a row; members that are null are left out, as they were before all rows got all columns."""
    item: dict[str, Any] = {"type": "Feature"}
    properties: dict[str, Any] = {}
    for name, value in row.items():
        found = None if value is None else _value(value, schema.field(name))
        if name in MEMBERS:
            item[name] = found
        elif found is not None and name.startswith(OWN_MEMBER):
            item[name.removeprefix(OWN_MEMBER)] = found
        elif found is not None:
            properties[name.removeprefix(PROPERTY)] = found
    # Which STAC demands, null where there is an interval.
    properties.setdefault("datetime", None)
    item |= {"geometry": _geometry(row["geometry"]), "bbox": _box(row.get("bbox")), "properties": properties}
    item |= {"links": item.get("links") or [], "assets": item.get("assets") or {}}
    return {name: value for name, value in item.items() if value is not None or name == "geometry"}


def _value(value: Any, field: pa.Field) -> Any:
    if value is not None and (field.metadata or {}).get(ENCODING) == JSON_TEXT:
        return orjson.loads(value)
    match value:
        case dict():
            inner = {one.name: one for one in field.type}
            return {name: _value(one, inner[name]) for name, one in value.items() if one is not None}
        case list():
            element = field.type.value_field
            return [_value(one, element) for one in value]
        case datetime():
            moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return moment.isoformat().replace("+00:00", "Z")
        case bytes():
            # Geometries among the properties or the assets: proj:geometry.
            return shapely.geometry.mapping(shapely.from_wkb(value))
    return value


def _geometry(wkb: bytes | None) -> Any:
    return None if wkb is None else shapely.geometry.mapping(shapely.from_wkb(wkb))


def _box(box: Any) -> Any:
    if not isinstance(box, Mapping):
        return box
    sides = [box[side] for side in _SIDES if box.get(side) is not None]
    return sides or None

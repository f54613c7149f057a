"""``orrery export geoparquet``: items as one stac-geoparquet file, some rows at a time.

The items are read twice: first for the types that their values have in common, then for the values.

Source: stac-geoparquet specification 1.0; GeoParquet 1.1.0 (OGC 24-013).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from graph_service.console.exporting import replaced_file
from graph_service.console.item_types import ANY, JsonType, column_field, common, fitted, moment_of, type_of
from graph_service.index.paging import Found
from graph_service.views.stac.json_text import json_value
from ingest.sources.item_table import MEMBERS, OWN_MEMBER, PROPERTY

_ROWS = 2000
"""Of one row group, and in memory at a time."""
_TIMES = (
    "datetime", "start_datetime", "end_datetime", "created", "updated", "expires", "published", "unpublished",
)  # fmt: skip
"""Properties that are columns of times, where all of their values are."""
_FLAT: tuple[str, ...] = ("xmin", "ymin", "xmax", "ymax")
_HIGH = ("xmin", "ymin", "zmin", "xmax", "ymax", "zmax")
_PROJECTED = "proj:geometry"
"""Of an item or an asset: a geometry as well."""
_TEXT = JsonType("text")
_TIME = JsonType("time")
_LINK = JsonType("object", members={"href": _TEXT, "rel": _TEXT, "type": _TEXT, "title": _TEXT})
_ALWAYS = {
    "stac_version": _TEXT,
    "stac_extensions": JsonType("list", _TEXT),
    "id": _TEXT,
    "collection": _TEXT,
    "links": JsonType("list", _LINK),
    "bbox": JsonType("object", members=dict.fromkeys(_FLAT, JsonType("number"))),
}
"""Columns that the specification wants in every file, with the least that they have."""


def write_item_table(
    items: Callable[[], Iterable[Found]],
    collections: Mapping[str, Mapping[str, Any]],
    path: Path,
    advance: Callable[[int], None],
) -> int:
    """Write items as a stac-geoparquet file, and return how many there are.

    Args:
        items: gives them, newest first, as often as it is asked. What comes in between the first and the second
            reading is left out where no column fits it.
        collections: STAC Collections that they are in, by identifier, for the metadata of the file.
        path: of the file, which is replaced when everything is written.
        advance: told the items written.
    """
    columns, kinds = _columns(items())
    fields = [column_field(name, it) for name, it in columns.items()]
    schema = pa.schema([*fields, pa.field("geometry", pa.binary())]).with_metadata(_metadata(kinds, collections))
    number = 0
    with replaced_file(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _chunks(items()):
            rows = [row for item in some if (row := _fitted(_row(item), columns)) is not None]
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
            number += len(rows)
            advance(len(some))
    return number


def _chunks(items: Iterable[Found]) -> Iterator[list[Found]]:
    pending = iter(items)
    while some := list(islice(pending, _ROWS)):
        yield some


def _row(found: Found) -> dict[str, Any]:
    """An item as its columns: properties beside its own members, box and geometry as Parquet has them."""
    item: dict[str, Any] = json_value(found.body)
    properties = item.pop("properties", {})
    item.pop("type", None)
    row = {name if name in MEMBERS else f"{OWN_MEMBER}{name}": value for name, value in item.items()}
    row |= {f"{PROPERTY}{name}" if _collides(name) else name: value for name, value in properties.items()}
    row["links"] = json_value(found.links)
    row["bbox"] = _box(item.get("bbox"))
    geometry = item.get("geometry")
    row["geometry"] = None if geometry is None else _wkb(geometry)
    for owner in (row, *(row.get("assets") or {}).values()):
        _draw(owner)
    return row


def _draw(owner: dict[str, Any]) -> None:
    """Put WKB in the place of a GeoJSON geometry in the CRS of the pixels."""
    if (drawn := owner.get(_PROJECTED)) is None:
        return
    try:
        owner[_PROJECTED] = _wkb(drawn)
    except (shapely.errors.ShapelyError, AttributeError, TypeError, ValueError, KeyError):
        # Nobody has looked at it when the item was taken in; what is no geometry stays what it is.
        return


def _wkb(geometry: Any) -> bytes:
    drawn: bytes = shapely.to_wkb(shapely.geometry.shape(geometry), flavor="iso")
    return drawn


def _collides(name: str) -> bool:
    return name in MEMBERS or name.startswith((OWN_MEMBER, PROPERTY))


def _box(sides: Any) -> dict[str, float] | None:
    if not isinstance(sides, list) or len(sides) not in (4, 6):
        return None
    return dict(zip(_FLAT if len(sides) == 4 else _HIGH, sides, strict=True))


def _columns(items: Iterable[Found]) -> tuple[dict[str, JsonType], set[str]]:
    """The columns but for the geometry, and the types of geometries."""
    columns: dict[str, JsonType] = dict(_ALWAYS)
    no_times: set[str] = set()
    kinds: set[str] = set()
    for item in items:
        row = _row(item)
        wkb = row.pop("geometry")
        if wkb is not None:
            shape = shapely.from_wkb(wkb)
            kinds.add(shape.geom_type + (" Z" if shape.has_z else ""))
        for name, value in row.items():
            columns[name] = common(columns.get(name, JsonType()), type_of(value))
            if name in _TIMES and value is not None and moment_of(value) is None:
                no_times.add(name)
    times = {name: _TIME for name in _TIMES if name in columns and name not in no_times}
    return {name: it for name, it in (columns | times).items() if it != JsonType("object")}, kinds


def _fitted(row: Mapping[str, Any], columns: Mapping[str, JsonType]) -> dict[str, Any] | None:
    """The values of a row; None where an item has changed between the two readings so that no column fits it."""
    values: dict[str, Any] = {"geometry": row["geometry"]}
    for name, value in row.items():
        if name == "geometry":
            continue
        it = columns.get(name, JsonType("object"))
        if value not in (None, {}) and common(it, type_of(value)) != it and it not in (ANY, _TIME):
            return None
        values[name] = fitted(value, it) if name in columns else None
    return values


def _metadata(kinds: set[str], collections: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    column = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "crs": CRS.from_user_input("OGC:CRS84").to_json_dict(),
        "edges": "planar",
        "covering": {"bbox": {side: ["bbox", side] for side in _FLAT}},
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = {"version": "1.0.0", "collections": collections}
    return {"geo": orjson.dumps(geo).decode(), "stac-geoparquet": orjson.dumps(table).decode()}

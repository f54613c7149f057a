"""Solutions of a query as Parquet and GeoParquet."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from graph_service.console.columns import Term, column
from graph_service.errors import NotAcceptable
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.literals import shape_in_crs84
from ontology import terms

_GEOMETRY_LITERALS = frozenset(
    terms.GEO + name for name in ("wktLiteral", "gmlLiteral", "geoJSONLiteral", "kmlLiteral")
)


def parquet(results: Mapping[str, Any]) -> bytes:
    """A Parquet file with a row for each solution, in their order; ``columns.column`` gives the types.

    Args:
        results: of a SELECT query, in the SPARQL 1.1 Query Results JSON Format.

    Raises:
        NotAcceptable: it is no SELECT query, or shows no variable.
    """
    return _file({name: column(values) for name, values in _columns(results).items()}, {})


def geoparquet(results: Mapping[str, Any]) -> bytes:
    """The same as GeoParquet 1.1: columns of geometry literals as WKB in CRS84, the first one the primary one.

    Args:
        results: as of ``parquet``.

    Raises:
        NotAcceptable: as of ``parquet``, or no column has geometry literals alone, or one cannot be read.

    Source: GeoParquet 1.1.0 (OGC 24-013).
    """
    columns = _columns(results)
    shapes = {name: _shapes(name, values) for name, values in columns.items() if _is_geometry(values)}
    if not shapes:
        raise NotAcceptable(f"GeoParquet needs a column of geometry literals; there are {', '.join(columns)}")
    arrays = {name: _wkb(shapes[name]) if name in shapes else column(values) for name, values in columns.items()}
    geo = {
        "version": "1.1.0",
        "primary_column": next(iter(shapes)),
        "columns": {name: _described(found) for name, found in shapes.items()},
    }
    return _file(arrays, {"geo": orjson.dumps(geo).decode()})


def _columns(results: Mapping[str, Any]) -> dict[str, list[Term | None]]:
    if "results" not in results:
        raise NotAcceptable("Parquet holds the solutions of a SELECT query; ASK has none")
    names, rows = results["head"]["vars"], results["results"]["bindings"]
    if not names:
        raise NotAcceptable("Parquet needs a column; the query shows no variable")
    return {name: [row.get(name) for row in rows] for name in names}


def _file(arrays: Mapping[str, pa.Array], metadata: Mapping[str, str]) -> bytes:
    table = pa.table(dict(arrays)).replace_schema_metadata(dict(metadata) or None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _is_geometry(values: Sequence[Term | None]) -> bool:
    bound = [value for value in values if value is not None]
    return bool(bound) and all(value.get("datatype") in _GEOMETRY_LITERALS for value in bound)


def _shapes(name: str, values: Sequence[Term | None]) -> list[BaseGeometry | None]:
    try:
        return [None if value is None else shape_in_crs84(value["value"], value["datatype"]) for value in values]
    except GeometryUnreadable as cause:
        raise NotAcceptable(f"?{name}: {cause}") from cause


def _wkb(shapes: Sequence[BaseGeometry | None]) -> pa.Array:
    # ISO WKB, and no M, which GeoParquet does not have.
    write = partial(shapely.to_wkb, output_dimension=3, flavor="iso")
    return pa.array([None if shape is None else write(shape) for shape in shapes], pa.binary())


def _described(shapes: Sequence[BaseGeometry | None]) -> dict[str, Any]:
    """What the metadata says of a column."""
    found = [shape for shape in shapes if shape is not None]
    described: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type + (" Z" if shape.has_z else "") for shape in found}),
        "crs": CRS.from_user_input("OGC:CRS84").to_json_dict(),
        "edges": "planar",
    }
    filled = [shape for shape in found if not shape.is_empty]
    if filled:
        described["bbox"] = _box(filled)
    return described


def _box(shapes: Sequence[BaseGeometry]) -> list[float]:
    """West, south, east, north; with the lowest height after the south and the highest last where there are heights."""
    flat = [float(side) for side in shapely.total_bounds(shapes)]
    heights = shapely.get_coordinates([shape for shape in shapes if shape.has_z], include_z=True)[:, 2]
    heights = heights[heights == heights]  # not NaN
    if not len(heights):
        return flat
    return [*flat[:2], float(heights.min()), *flat[2:], float(heights.max())]

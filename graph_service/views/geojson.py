"""Solutions of a query as GeoJSON, for the maps of others."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from graph_service.errors import NotAcceptable
from graph_service.geosparql.literals import KINDS, shape_in_crs84
from ingest.json_document import json_text
from ontology import terms

MEDIA_TYPE = "application/geo+json"

_INTEGERS = (
    "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip


def feature_collection(results: Mapping[str, Any]) -> bytes:
    """A FeatureCollection with one feature for each solution, in their order.

    The first column that has a geometry anywhere is the geometry, null where a solution
    has none; the others are properties: numbers and truth values as such, IRIs, times and
    any other term as text, null where unbound.

    Args:
        results: of a SELECT query, in the SPARQL 1.1 Query Results JSON Format.

    Raises:
        NotAcceptable: it is no SELECT query, no column has a geometry literal although there
            are solutions, or a literal cannot be read, or not be brought to CRS84.

    Source: RFC 7946, whose coordinates are always in CRS84.
    """
    if "results" not in results:
        raise NotAcceptable("GeoJSON draws the solutions of a SELECT query; ASK has none")
    names, solutions = results["head"]["vars"], results["results"]["bindings"]
    drawn = next((name for name in names if any(_is_drawn(row.get(name)) for row in solutions)), None)
    if solutions and drawn is None:
        raise NotAcceptable(
            f"GeoJSON needs a column of geo:wktLiteral or another geometry literal; there are {', '.join(names)}"
        )
    features = [_feature(row, names, drawn) for row in solutions]
    return json_text({"type": "FeatureCollection", "features": features}, source="GeoJSON")


def _is_drawn(term: Mapping[str, Any] | None) -> bool:
    return term is not None and term.get("datatype") in KINDS


def _feature(row: Mapping[str, Any], names: Sequence[str], drawn: str | None) -> dict[str, Any]:
    shape = row.get(drawn) if drawn is not None else None
    return {
        "type": "Feature",
        "geometry": _geometry(shape_in_crs84(shape["value"], shape["datatype"]))
        if shape is not None and _is_drawn(shape)
        else None,
        "properties": {name: _value(row.get(name)) for name in names if name != drawn},
    }


def _geometry(geometry: BaseGeometry) -> dict[str, Any] | None:
    return None if geometry.is_empty else dict(mapping(_right_handed(geometry)))


def _right_handed(geometry: BaseGeometry) -> BaseGeometry:
    """With outer rings counter-clockwise and inner ones clockwise (RFC 7946, section 3.1.6)."""
    if isinstance(geometry, shapely.Polygon):
        return orient(geometry)
    if isinstance(geometry, shapely.LinearRing):
        return shapely.LineString(geometry)
    if isinstance(geometry, shapely.MultiPolygon):
        return shapely.MultiPolygon([orient(part) for part in geometry.geoms])
    if isinstance(geometry, shapely.GeometryCollection):
        return shapely.GeometryCollection([_right_handed(part) for part in geometry.geoms])
    return geometry


def _value(term: Mapping[str, Any] | None) -> Any:
    if term is None:
        return None
    text = term["value"]
    try:
        return _VALUES[term.get("datatype", "")](text)
    except (KeyError, ValueError):  # text, or of a type that it does not fit
        return text


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("JSON has no such number")
    return number


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_VALUES: dict[str, Callable[[str], Any]] = {
    terms.XSD + "boolean": _truth,
    **{terms.XSD + name: _number for name in ("decimal", "double", "float")},
    **{terms.XSD + name: int for name in _INTEGERS},
}

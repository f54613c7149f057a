"""geo:kmlLiteral: a geometry of OGC KML 2.2, always in CRS84 (OGC 22-047r1, Req 30 and 31)."""

from collections.abc import Callable

import numpy as np
import shapely
from lxml import etree
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, crs_of, without_measures
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.markup import children, name_of, root_of, tuples

_NAMESPACE = "http://www.opengis.net/kml/2.2"


def shape_of(literal: str) -> tuple[BaseGeometry, str]:
    """The shape in a literal, longitude first, and the IRI of CRS84.

    Raises:
        GeometryUnreadable: it is no geometry of KML.
    """
    if not literal.strip():
        return shapely.GeometryCollection(), CRS84  # Req 32
    try:
        return _shape(root_of(literal, prefix="kml", namespace=_NAMESPACE)), CRS84
    except (ShapelyError, ValueError) as cause:
        raise GeometryUnreadable(f"the literal is no geometry of KML: {cause}") from cause


def _shape(element: etree._Element) -> BaseGeometry:
    match name_of(element):
        case "Point":
            return shapely.Point(_places(element)[0])
        case "LineString":
            return shapely.LineString(_places(element))
        case "LinearRing":
            return shapely.LinearRing(_places(element))
        case "Polygon":
            outer = [_ring(boundary) for boundary in children(element, "outerBoundaryIs")]
            if len(outer) != 1:
                raise GeometryUnreadable("a Polygon of KML has one outer boundary")
            return shapely.Polygon(outer[0], [_ring(boundary) for boundary in children(element, "innerBoundaryIs")])
        case "MultiGeometry":
            return _together([_shape(part) for part in element.iterchildren("*")])
        case name:
            raise GeometryUnreadable(f"{name} is no geometry of KML that is read here")


_COLLECTIONS: dict[str, Callable[..., BaseGeometry]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}


def _together(parts: list[BaseGeometry]) -> BaseGeometry:
    """Parts of one kind are the collection of that kind, because KML has one element for all collections."""
    kinds = {part.geom_type for part in parts}
    return _COLLECTIONS.get(kinds.pop() if len(kinds) == 1 else "", shapely.GeometryCollection)(parts)


def _places(element: etree._Element) -> NDArray[np.float64]:
    found = next(children(element, "coordinates"), None)
    if found is None:
        raise GeometryUnreadable(f"a {name_of(element)} of KML has no coordinates")
    return tuples(found.text)


def _ring(boundary: etree._Element) -> shapely.LinearRing:
    rings = [shapely.LinearRing(_places(ring)) for ring in children(boundary, "LinearRing")]
    if len(rings) != 1:
        raise GeometryUnreadable("a boundary of KML is one LinearRing")
    return rings[0]


def kml_of(geometry: Geometry) -> str:
    """The lexical form of a geometry in CRS84; an empty one is an empty literal (Req 32)."""
    shape = without_measures(geometry.at(crs_of(CRS84)).shape)
    if shape.is_empty:
        return ""
    return etree.tostring(_element(shape), encoding="unicode")


def _element(shape: BaseGeometry) -> etree._Element:
    if isinstance(shape, shapely.Polygon):
        return _polygon(shape)
    if isinstance(shape, shapely.Point | shapely.LineString):  # a LinearRing is a LineString
        return _with_places(shape.geom_type, shape)
    element = _new("MultiGeometry")
    element.extend(_element(part) for part in shapely.get_parts(shape) if not part.is_empty)
    return element


def _polygon(shape: shapely.Polygon) -> etree._Element:
    element = _new("Polygon")
    for name, ring in [("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", hole) for hole in shape.interiors)]:
        boundary = _new(name)
        boundary.append(_with_places("LinearRing", ring))
        element.append(boundary)
    return element


def _with_places(name: str, shape: BaseGeometry) -> etree._Element:
    places = shapely.get_coordinates(shape, include_z=shape.has_z).tolist()
    element, text = _new(name), _new("coordinates")
    text.text = " ".join(",".join(map(repr, place)) for place in places)
    element.append(text)
    return element


def _new(name: str) -> etree._Element:
    return etree.Element(f"{{{_NAMESPACE}}}{name}", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]  # the stubs know no default namespace

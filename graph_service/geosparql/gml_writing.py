"""Geometries as elements of GML."""

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import without_measures
from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.geometry import Geometry

_NAMESPACES = {"3.2": "http://www.opengis.net/gml/3.2", "3.1": "http://www.opengis.net/gml"}
_MEMBERS = {
    "MultiPoint": ("MultiPoint", "pointMember"),
    "MultiLineString": ("MultiCurve", "curveMember"),
    "MultiPolygon": ("MultiSurface", "surfaceMember"),
    "GeometryCollection": ("MultiGeometry", "geometryMember"),
}


def gml_of(geometry: Geometry, profile: str = "3.2") -> str:
    """The lexical form of a geometry; an empty one is an empty literal (OGC 22-047r1, Req 21).

    Args:
        profile: name of a version or profile, such as ``GML 3.2``, ``3.1.1`` or an IRI of a
            simple features profile; measures are left out of all.

    Raises:
        ArgumentInvalid: the profile is none that is written here.
    """
    version = _version(profile)
    shape = without_measures(geometry.as_written())
    if shape.is_empty:
        return ""
    element = _element(shape, _NAMESPACES[version])
    element.set("srsName", geometry.crs.iri)
    if shape.has_z:
        element.set("srsDimension", "3")
    return etree.tostring(element, encoding="unicode")


def _version(profile: str) -> str:
    name = profile.lower().replace("_", ".")
    if "3.1" in name:
        return "3.1"
    if (
        not name
        or "3.2" in name
        or "3.3" in name
        or "gml-sf" in name
        or "gmlsf" in name
        or name in ("gml", "gml3", "3")
    ):
        return "3.2"
    raise ArgumentInvalid(f"GML is written as 3.2 or 3.1.1, not as {profile[:80]!r}")


def _element(shape: BaseGeometry, namespace: str) -> etree._Element:
    if isinstance(shape, shapely.Point):
        return _with_places("Point", "pos", shape, namespace)
    if isinstance(shape, shapely.LineString):  # a LinearRing is one
        return _with_places("LineString", "posList", shape, namespace)
    if isinstance(shape, shapely.Polygon):
        return _polygon(shape, namespace)
    name, member = _MEMBERS[shape.geom_type]
    element = _new(name, namespace)
    for part in shapely.get_parts(shape):
        if not part.is_empty:
            holder = _new(member, namespace)
            holder.append(_element(part, namespace))
            element.append(holder)
    return element


def _polygon(shape: shapely.Polygon, namespace: str) -> etree._Element:
    element = _new("Polygon", namespace)
    for name, ring in [("exterior", shape.exterior), *(("interior", hole) for hole in shape.interiors)]:
        boundary = _new(name, namespace)
        boundary.append(_with_places("LinearRing", "posList", ring, namespace))
        element.append(boundary)
    return element


def _with_places(name: str, places: str, shape: BaseGeometry, namespace: str) -> etree._Element:
    element, text = _new(name, namespace), _new(places, namespace)
    coordinates = shapely.get_coordinates(shape, include_z=shape.has_z).ravel().tolist()
    text.text = " ".join(map(repr, coordinates))
    element.append(text)
    return element


def _new(name: str, namespace: str) -> etree._Element:
    return etree.Element(f"{{{namespace}}}{name}", nsmap={"gml": namespace})

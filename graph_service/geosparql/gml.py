"""geo:gmlLiteral: geometries of the GML 3.2 simple features profile (OGC 10-100r3), and their older forms."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import shapely
from lxml import etree
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.markup import children, name_of, numbers, root_of, tuples

_NAMESPACE = "http://www.opengis.net/gml/3.2"
_MEMBERS = (
    "pointMember", "pointMembers", "lineStringMember", "curveMember", "curveMembers", "polygonMember",
    "surfaceMember", "surfaceMembers", "geometryMember", "geometryMembers",
)  # fmt: skip
_PATCHES = ("patches", "polygonPatches", "trianglePatches")
Places = NDArray[np.float64]


def shape_of(literal: str) -> tuple[BaseGeometry, str]:
    """The shape in a literal, axes in the order of its reference system, and the IRI of that.

    Raises:
        GeometryUnreadable: it is no geometry of the profile, or has parts in several
            reference systems.
    """
    if not literal.strip():
        return shapely.GeometryCollection(), CRS84  # Req 21
    root = root_of(literal, prefix="gml", namespace=_NAMESPACE)
    iris = {iri for iri in (element.get("srsName") for element in root.iter("*")) if iri is not None}
    if len(iris) > 1:
        raise GeometryUnreadable(f"the literal is in several reference systems: {', '.join(sorted(iris))}")
    iri = iris.pop() if iris else CRS84
    try:
        return _shape(root, iri), iri
    except (ShapelyError, ValueError) as cause:
        raise GeometryUnreadable(f"the literal is no geometry of GML: {cause}") from cause


def _shape(element: etree._Element, iri: str) -> BaseGeometry:
    match name_of(element):
        case "Point":
            places = _places(element, iri)
            return shapely.Point(places[0]) if places.size else shapely.Point()
        case "LineString" | "LineStringSegment" | "Curve" | "CompositeCurve" | "OrientableCurve":
            return shapely.LineString(_line(element, iri))
        case "LinearRing" | "Ring":
            return shapely.LinearRing(_line(element, iri))
        case "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle":
            return _polygon(element, iri)
        case "Surface" | "CompositeSurface" | "OrientableSurface" | "PolyhedralSurface" | "TriangulatedSurface" | "Tin":
            polygons = _polygons(element, iri)
            return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
        case "Envelope" | "Box":
            return _box(element, iri)
        case "MultiPoint":
            return _collection(shapely.MultiPoint, _members(element, iri))
        case "MultiLineString" | "MultiCurve":
            return _collection(shapely.MultiLineString, _members(element, iri))
        case "MultiPolygon" | "MultiSurface":
            polygons = [polygon for member in _members(element, iri) for polygon in shapely.get_parts(member)]
            return shapely.MultiPolygon(polygons)
        case "MultiGeometry":
            return shapely.GeometryCollection(_members(element, iri))
        case name:
            raise GeometryUnreadable(f"{name} is no geometry of GML that is read here")


def _collection(kind: Callable[..., BaseGeometry], members: list[BaseGeometry]) -> BaseGeometry:
    try:
        return kind(members)
    except TypeError as cause:
        found = ", ".join(sorted({member.geom_type for member in members}))
        raise GeometryUnreadable(f"a collection of GML has members of another kind: {found}") from cause


def _members(element: etree._Element, iri: str) -> list[BaseGeometry]:
    return [_shape(member, iri) for holder in children(element, *_MEMBERS) for member in holder.iterchildren("*")]


def _only(element: etree._Element, *names: str) -> etree._Element:
    found = [inner for holder in children(element, *names) for inner in holder.iterchildren("*")]
    if len(found) != 1:
        raise GeometryUnreadable(f"a {name_of(element)} of GML has one {names[0]}")
    return found[0]


def _polygon(element: etree._Element, iri: str) -> shapely.Polygon:
    exterior = _line(_only(element, "exterior", "outerBoundaryIs"), iri)
    holes = [hole for holder in children(element, "interior", "innerBoundaryIs") for hole in holder.iterchildren("*")]
    return shapely.Polygon(exterior, [_line(hole, iri) for hole in holes])


def _polygons(element: etree._Element, iri: str) -> list[shapely.Polygon]:
    match name_of(element):
        case "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle":
            return [_polygon(element, iri)]
        case "OrientableSurface":
            return _polygons(_only(element, "baseSurface"), iri)
        case "CompositeSurface":
            inner = (part for holder in children(element, "surfaceMember") for part in holder.iterchildren("*"))
        case "Surface" | "PolyhedralSurface" | "TriangulatedSurface" | "Tin":
            inner = (part for holder in children(element, *_PATCHES) for part in holder.iterchildren("*"))
        case name:
            raise GeometryUnreadable(f"{name} is no surface of GML that is read here")
    return [polygon for part in inner for polygon in _polygons(part, iri)]


def _line(element: etree._Element, iri: str) -> Places:
    match name_of(element):
        case "LineString" | "LineStringSegment" | "LinearRing":
            return _places(element, iri)
        case "OrientableCurve":
            base = _line(_only(element, "baseCurve"), iri)
            return base[::-1] if element.get("orientation") == "-" else base
        case "Curve":
            inner = [part for holder in children(element, "segments") for part in holder.iterchildren("*")]
        case "CompositeCurve" | "Ring":
            inner = [part for holder in children(element, "curveMember") for part in holder.iterchildren("*")]
        case name:
            raise GeometryUnreadable(f"{name} is no line of GML that is read here")
    return _joined([_line(part, iri) for part in inner])


def _joined(lines: list[Places]) -> Places:
    """Lines that each begin where the one before ends, as one."""
    if not lines:
        raise GeometryUnreadable("a curve of GML has no segments")
    for before, after in pairwise(lines):
        if not np.array_equal(before[-1], after[0]):
            raise GeometryUnreadable("a segment of a curve does not begin where the one before ends")
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


def _box(element: etree._Element, iri: str) -> shapely.Polygon:
    corners = [numbers(corner.text) for corner in children(element, "lowerCorner", "upperCorner")]
    (one, other) = corners if corners else _places(element, iri)
    if min(len(one), len(other)) < 2:
        raise GeometryUnreadable("a corner of an Envelope of GML has one coordinate")
    box: shapely.Polygon = shapely.box(one[0], one[1], other[0], other[1])
    return box


def _places(element: etree._Element, iri: str) -> Places:
    """The coordinates directly in an element, one row for each place."""
    for child in children(element, "posList"):
        found = numbers(child.text)
        return found.reshape(-1, _dimension(child, iri))
    for child in children(element, "coordinates"):
        return tuples(_with_usual_signs(child))
    rows = [place for child in element.iterchildren("*") for place in _positions(child, iri)]
    if not rows:
        raise GeometryUnreadable(f"a {name_of(element)} of GML has no coordinates")
    return np.array(rows)


def _positions(element: etree._Element, iri: str) -> Iterator[Places]:
    if name_of(element) == "pos":
        yield numbers(element.text)
    elif name_of(element) in ("pointProperty", "pointRep"):
        yield _places(_only_child(element), iri)[0]
    elif name_of(element) == "coord":
        yield numbers(" ".join(axis.text or "" for axis in children(element, "X", "Y", "Z")))


def _only_child(element: etree._Element) -> etree._Element:
    for child in children(element, "Point"):
        return child
    raise GeometryUnreadable(f"a {name_of(element)} of GML has no Point")


def _with_usual_signs(element: etree._Element) -> str:
    """The text of GML 2 coordinates, whose separators may be chosen."""
    between_numbers, between_places, point = (
        element.get(name, usual) for name, usual in [("cs", ","), ("ts", " "), ("decimal", ".")]
    )
    text = (element.text or "").strip().replace(between_places, " ")
    return text.replace(between_numbers, "\x00").replace(point, ".").replace("\x00", ",")


def _dimension(element: etree._Element, iri: str) -> int:
    """How many numbers a place has: as the nearest element around says, else as many as the reference system has."""
    for around in [element, *element.iterancestors()]:
        stated = around.get("srsDimension")
        if stated is not None:
            return {"2": 2, "3": 3}.get(stated, 0) or _no_dimension(stated)
    return min(len(crs_of(iri).definition.axis_info), 3)


def _no_dimension(stated: str) -> int:
    raise GeometryUnreadable(f"places of {stated[:20]} dimensions are not read here")

"""Statements about geometries, found among others, with the place of each.

A place is a box in CRS84 around the shape as GeoSPARQL's functions see it. They compare
in the reference system of their first argument and bring the second to it, vertex by
vertex: an edge that is straight in one system is bent in another, so that a box says
nothing certain of a shape in a projected system. Such a shape has no boxes, and is
always a candidate; so is what cannot be read.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.literals import read, shape_in_crs84
from graph_service.index.geometries import GeometryChange, Link, Shape
from graph_service.index.rows import Box
from ontology import terms
from ontology.triples import Statement

LINKS = tuple(
    terms.GEO + name
    for name in ("hasDefaultGeometry", "hasGeometry", "defaultGeometry", "hasBoundingBox", "hasCentroid")
)
"""Properties between a feature and a geometry (OGC 22-047r1, 6.4; ``defaultGeometry`` is that of GeoSPARQL 1.0)."""
SERIALISATIONS = tuple(
    terms.GEO + name for name in ("asWKT", "asGML", "asGeoJSON", "asKML", "asDGGS", "hasSerialization")
)
"""Properties between a geometry and a literal (OGC 22-047r1, 6.5 and clause 8)."""
_LONLAT = frozenset(
    (
        CRS84,
        CRS84.replace("http:", "https:"),
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "https://www.opengis.net/def/crs/EPSG/0/4326",
        "urn:ogc:def:crs:EPSG::4326",
    )
)
"""Systems between which nothing but the order of axes differs."""
SLACK = 1e-7
"""Degrees around every box, for what arithmetic does to the last digits of a coordinate; a centimetre."""

_NAMES = "|".join(re.escape(iri.removeprefix(terms.GEO)) for iri in (*LINKS, *SERIALISATIONS))
_LINE = re.compile(rf"^(<[^>]*>|_:[^\s<]+)\s*<({re.escape(terms.GEO)}(?:{_NAMES}))>\s*(.*\S)\s*\.\s*$", re.MULTILINE)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>)?', re.DOTALL)
_OF_INTEREST = frozenset(f"<{iri}>" for iri in (*LINKS, *SERIALISATIONS))

Lines = Mapping[str | None, Sequence[Statement | str]]
"""Statements, and N-Triples, by the graph that holds them."""


def geometry_change(remove: Lines, add: Lines) -> GeometryChange:
    """What a change to the graph does to the statements about geometries."""
    gone, come = list(_found(remove)), list(_found(add))
    # What goes is found by its key alone.
    return GeometryChange(tuple(_rows(gone, placed=False)), tuple(_rows(come, placed=True)))


def survey(quads: Iterable[ox.Quad]) -> GeometryChange:
    """The statements about geometries among quads, in place of all that were known."""
    found = [(str(q.subject), q.predicate.value, str(q.object), getattr(q.graph_name, "value", "")) for q in quads]
    return GeometryChange(come=tuple(_rows(found, placed=True)), afresh=True)


_Found = tuple[str, str, str, str]
"""Subject in N-Triples syntax, IRI of the property, object in N-Triples syntax, graph."""


def _found(lines: Lines) -> Iterable[_Found]:
    for graph, group in lines.items():
        for one in group:
            if isinstance(one, str):
                yield from ((m[1], m[2], m[3], graph or "") for m in _LINE.finditer(one))
            elif one[1] in _OF_INTEREST:
                yield one[0], one[1][1:-1], one[2], graph or ""


def _rows(found: Sequence[_Found], *, placed: bool) -> Iterable[Link | Shape]:
    literals = [one for one in found if one[1] in SERIALISATIONS]
    boxes = boxes_of_literals([one[2] for one in literals]) if placed else [()] * len(literals)
    for (subject, _, value, graph), some in zip(literals, boxes, strict=True):
        # The property is no part of it: one literal is one place, however it is said.
        yield Shape(_node(subject), _key(_, value), graph, some)
    for subject, property_iri, value, graph in found:
        if property_iri in LINKS and value[:1] in "<_":
            yield Link(_node(subject), property_iri, _node(value), graph)


def _node(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


def _key(property_iri: str, term: str) -> bytes:
    lexical, datatype = _parts(term)
    return hashlib.blake2b(f"{property_iri} {datatype} {lexical}".encode(), digest_size=16).digest()


def _parts(term: str) -> tuple[str, str]:
    """Lexical form and datatype of a term in N-Triples syntax; of what is no typed literal an empty datatype."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return term, ""
    if "\\" not in match[1]:
        return match[1], match[2] or ""
    # Escapes are read by whoever reads them for the graph.
    value = next(iter(ox.parse(f"<a:a> <a:a> {term} .", format=ox.RdfFormat.N_TRIPLES))).object
    return (value.value, value.datatype.value) if isinstance(value, ox.Literal) else (term, "")


def boxes_of_literals(literals: Sequence[str]) -> list[tuple[Box, ...]]:
    """The places of literals in N-Triples syntax; none where a place is not known for certain."""
    parts = [_parts(one) for one in literals]
    plain = [datatype == terms.WKT_LITERAL and not text.lstrip().startswith("<") for text, datatype in parts]
    # By the hundred it takes a third of the time.
    with np.errstate(all="ignore"):
        shapes = iter(
            shapely.from_wkt([text for (text, _), is_plain in zip(parts, plain, strict=True) if is_plain], "ignore")
        )
    found = []
    for (text, datatype), is_plain in zip(parts, plain, strict=True):
        shape = next(shapes) if is_plain else None
        found.append(boxes_of(shape if shape is not None else _shape(text, datatype)))
    return found


def _shape(lexical: str, datatype: str) -> BaseGeometry | None:
    try:
        geometry = read(lexical, datatype)
    except GeometryUnreadable:
        return None
    return geometry.shape if geometry.crs.iri in _LONLAT else None


def shape_of_constant(lexical: str, datatype: str, *, brought: bool) -> BaseGeometry | None:
    """The shape of a literal, longitude first; None where its place is not known for certain.

    Args:
        lexical: its lexical form.
        datatype: IRI of its datatype.
        brought: whether the functions bring it to the other's reference system, vertex by vertex,
            and not the other to its own.
    """
    try:
        shape = shape_in_crs84(lexical, datatype) if brought else _shape(lexical, datatype)
    except GeometryUnreadable:
        return None
    return shape if shape is not None and boxes_of(shape) else None


def boxes_of(shape: BaseGeometry | None) -> tuple[Box, ...]:
    """The boxes around the parts of a shape in CRS84; none where it is empty, or not on the globe."""
    if shape is None or shape.is_empty:
        return ()
    bounds = shapely.bounds(shapely.get_parts(shape))
    boxes = tuple(
        Box(w - SLACK, s - SLACK, e + SLACK, n + SLACK)
        for w, s, e, n in bounds.tolist()
        if not math.isnan(w)  # an empty part
    )
    return boxes if all(b.west >= -361 and b.east <= 361 and b.south >= -91 and b.north <= 91 for b in boxes) else ()

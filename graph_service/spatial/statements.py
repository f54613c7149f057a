"""Statements about geometries, found among others, with the outline of each.

An outline is the shape as GeoSPARQL's functions see it, made valid, in its own reference
system, with boxes. The functions compare in the system of their first argument and bring
the second to it, vertex by vertex, so that its edges are straight there: what has to be
compared in CRS84 lies in the box of its vertices there, and what has to be compared in
another system is looked for by a box of that system.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pyoxigraph as ox
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.literals import read
from graph_service.index.geometries import GeometryChange, Kind, Link, Outline, Shape
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

_AT_A_TIME = 5_000
"""Statements that are surveyed at a time, so that a large graph needs no more memory than a small one."""
_PLAIN = 10_000
"""Characters of a literal that is read with others at once."""
_LARGEST = 8_000_000
"""Bytes of an outline that is kept; half a million vertices."""

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


def survey(quads: Iterable[ox.Quad]) -> Iterator[GeometryChange]:
    """The statements about geometries among quads, so many at a time, in place of all that were known."""
    yield GeometryChange(afresh=True)
    found = ((str(q.subject), q.predicate.value, str(q.object), getattr(q.graph_name, "value", "")) for q in quads)
    while some := list(islice(found, _AT_A_TIME)):
        yield GeometryChange(come=tuple(_rows(some, placed=True)))


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
    outlines = outlines_of([one[2] for one in literals]) if placed else [Outline(Kind.UNREADABLE)] * len(literals)
    for (subject, written_by, value, graph), outline in zip(literals, outlines, strict=True):
        yield Shape(_node(subject), _key(written_by, value), graph, outline)
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


def outlines_of(literals: Sequence[str]) -> list[Outline]:
    """What the functions see in literals in N-Triples syntax."""
    parts = [_parts(one) for one in literals]
    plain = [_is_plain(text, datatype) for text, datatype in parts]
    # By the hundred it takes a third of the time.
    quick = iter(_outlines_at_home([text for (text, _), is_plain in zip(parts, plain, strict=True) if is_plain]))
    made = [next(quick) if is_plain else None for is_plain in plain]
    return [one or _outline(*part) for one, part in zip(made, parts, strict=True)]


def _is_plain(text: str, datatype: str) -> bool:
    """Whether a literal has nothing but coordinates in CRS84, and not many."""
    return (
        datatype == terms.WKT_LITERAL and len(text) <= _PLAIN and not text.lstrip().startswith("<") and "\0" not in text
    )


def _outlines_at_home(texts: Sequence[str]) -> list[Outline | None]:
    """Outlines of WKT in CRS84; None of what needs a second look."""
    with np.errstate(all="ignore"):
        shapes = shapely.from_wkt(list(texts), "ignore")
    sound = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & shapely.is_valid(shapes)
    places, of_shape = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    sound[of_shape[~np.isfinite(places[:, :2]).all(axis=1)]] = False
    sound &= shapely.get_type_id(shapes) != shapely.GeometryType.LINEARRING
    outlines = iter(shapely.to_wkb(shapely.force_2d(shapes[sound]), output_dimension=2).tolist())
    return [
        Outline(Kind.OUTLINED, wkb=next(outlines), boxes=boxes_of(shape)) if is_sound else None
        for shape, is_sound in zip(shapes.tolist(), sound.tolist(), strict=True)
    ]


def _outline(lexical: str, datatype: str) -> Outline:
    try:
        geometry = read(lexical, datatype)
        system = "" if is_at_home(geometry) else geometry.crs.iri
        if geometry.shape.is_empty:
            return Outline(Kind.EMPTY, system)
        wkb = _wkb(geometry.sound)
    except (GeometryUnreadable, ShapelyError):
        return Outline(Kind.UNREADABLE)
    kind = Kind.UNKNOWN if wkb is None else Kind.OUTLINED
    if not system:
        return Outline(kind, wkb=wkb, boxes=boxes_of(geometry.shape))
    return Outline(kind, system, wkb, _boxes_at_home(geometry), widened(Box(*geometry.box)))


def _wkb(sound: BaseGeometry) -> bytes | None:
    """The bytes of a shape, from which it can be had again as it is; None where it cannot, or there are too many."""
    if sound.is_empty or isinstance(sound, shapely.LinearRing):
        return None
    wkb: bytes = shapely.to_wkb(shapely.force_2d(sound), output_dimension=2)
    return wkb if len(wkb) <= _LARGEST else None


def _boxes_at_home(geometry: Geometry) -> tuple[Box, ...]:
    """Boxes around the vertices of a geometry that are brought to CRS84, between which its edges are straight there."""
    try:
        return boxes_of(geometry.at(crs_of(CRS84)).shape)
    except GeometryUnreadable:
        return ()


def is_at_home(geometry: Geometry) -> bool:
    """Whether the coordinates of a geometry are longitude and latitude on WGS 84, whatever their order was."""
    return geometry.crs.iri in _LONLAT


def widened(box: Box) -> Box:
    """A box with what arithmetic may do to the last digits of a coordinate on every side."""
    slack = max(SLACK, 1e-9 * max(abs(box.west), abs(box.south), abs(box.east), abs(box.north)))
    return Box(box.west - slack, box.south - slack, box.east + slack, box.north + slack)


def constant_geometry(lexical: str, datatype: str, *, first: bool) -> Geometry | None:
    """The geometry of a literal; None where nothing can be said of the places with which it has to do.

    Args:
        lexical: its lexical form.
        datatype: IRI of its datatype.
        first: whether the functions bring the others to its reference system, and not it to theirs.
    """
    try:
        geometry = read(lexical, datatype)
        if (first and not is_at_home(geometry)) or geometry.sound.is_empty:
            return None
        return geometry if boxes_of(geometry.at(crs_of(CRS84)).shape) else None
    except (GeometryUnreadable, ShapelyError):
        return None


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

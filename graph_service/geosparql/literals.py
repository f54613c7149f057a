"""Geometry literals of every kind, and geometries as literals."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import pyoxigraph as ox
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql import geojson, gml, kml, wkt
from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.errors import ArgumentInvalid, GeometryUnreadable
from graph_service.geosparql.geojson import geojson_of
from graph_service.geosparql.geometry import Geometry, geometry_read
from graph_service.geosparql.gml_writing import gml_of
from graph_service.geosparql.kml import kml_of
from graph_service.geosparql.wkt import wkt_of
from ontology import terms

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

WKT = ox.NamedNode(terms.WKT_LITERAL)
GML = ox.NamedNode(terms.GEO + "gmlLiteral")
GEOJSON = ox.NamedNode(terms.GEO + "geoJSONLiteral")
KML = ox.NamedNode(terms.GEO + "kmlLiteral")
_GRID_CELLS = (terms.GEO + "dggsLiteral", terms.GEO + "auspixDggsLiteral")

_READERS: dict[str, tuple[ox.NamedNode, Callable[[str], tuple[BaseGeometry, str]]]] = {
    WKT.value: (WKT, wkt.shape_of),
    GML.value: (GML, gml.shape_of),
    GEOJSON.value: (GEOJSON, geojson.shape_of),
    KML.value: (KML, kml.shape_of),
}
KINDS = frozenset(_READERS)
"""IRIs of the datatypes that are read."""
_WRITERS: dict[ox.NamedNode, Callable[[Geometry], str]] = {WKT: wkt_of, GML: gml_of, GEOJSON: geojson_of, KML: kml_of}
_KEPT_BYTES = 48_000_000
_PER_CHARACTER = 4
"""Bytes that a read literal takes for each character: the text, and coordinates that may be wider than it."""
_PER_LITERAL = 1000


def read(lexical: str, datatype: str) -> Geometry:
    """The geometry of a literal.

    Args:
        lexical: its lexical form.
        datatype: IRI of its datatype.

    Raises:
        GeometryUnreadable: it is no geometry literal of a kind that is read here, or not well-formed.
    """
    reader = _READERS.get(datatype)
    if reader is None:
        what = "cells of a discrete global grid are not read here" if datatype in _GRID_CELLS else "it is no geometry"
        raise GeometryUnreadable(f"a literal of {datatype}: {what}")
    kind, shape_of = reader
    return geometry_read(*shape_of(lexical), kind)


def shape_in_crs84(lexical: str, datatype: str = terms.WKT_LITERAL) -> BaseGeometry:
    """The shape of a literal of any kind in any reference system, degrees of longitude before latitude.

    Raises:
        GeometryUnreadable: it cannot be read, or cannot be brought to CRS84.
    """
    return read(lexical, datatype).at(crs_of(CRS84)).shape


def literal_of(geometry: Geometry, datatype: ox.NamedNode | None = None) -> ox.Literal:
    """A geometry as a literal of some kind, of its own if none is named.

    What GeoJSON or KML came to by a transformation to another reference system than
    theirs is WKT, the only kind beside GML that can say so.

    Raises:
        GeometryUnreadable: it cannot be brought to the only reference system of the kind.
    """
    if datatype is None:
        fixed = geometry.datatype in (GEOJSON, KML)
        datatype = WKT if fixed and geometry.crs.iri != CRS84 else geometry.datatype
    return ox.Literal(_WRITERS[datatype](geometry), datatype=datatype)


class _Readings:
    """Literals that were read lately, bounded in bytes, because reading takes longer than what is asked of them.

    The oldest go first. What every row of a query has in common a Place keeps besides.
    """

    def __init__(self, bytes_kept: int) -> None:
        self._bytes_kept = bytes_kept
        self._bytes = 0
        self._kept: OrderedDict[ox.Literal, Geometry] = OrderedDict()  # of a dict the oldest is not found at once
        self._lock = threading.Lock()

    def of(self, term: ox.Literal) -> Geometry:
        """The geometry of a literal."""
        kept = self._kept.get(term)
        if kept is not None:
            return kept
        geometry = read(term.value, term.datatype.value)
        with self._lock:
            if term not in self._kept:
                self._kept[term] = geometry
                self._bytes += _size(term)
            while self._bytes > self._bytes_kept:
                self._bytes -= _size(self._kept.popitem(last=False)[0])
        return geometry


def _size(term: ox.Literal) -> int:
    return _PER_LITERAL + _PER_CHARACTER * len(term.value)


_READINGS = _Readings(_KEPT_BYTES)


class Place:
    """One place among the arguments of a function, where most queries have the same literal row after row.

    It is compared with the one before, which takes less than looking a long one up.
    """

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: tuple[Term | None, Geometry | None] = (None, None)

    def __call__(self, term: Term) -> Geometry:
        """The geometry of an argument.

        Raises:
            ArgumentInvalid: it is no literal.
            GeometryUnreadable: it is no geometry literal.
        """
        last, geometry = self._last
        if geometry is None or term != last:
            if not isinstance(term, ox.Literal):
                raise ArgumentInvalid(f"{term} is no geometry literal")
            geometry = _READINGS.of(term)
            self._last = (term, geometry)
        return geometry


first = Place()
second = Place()

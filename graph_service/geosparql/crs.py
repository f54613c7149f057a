"""Coordinate reference systems by IRI, with the order of axes that their authority defines."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.errors import GeometryUnreadable

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""WGS 84, longitude before latitude: of literals that name no reference system (OGC 22-047r1, Req 16)."""

# Nothing else reaches PROJ, which would take file names, definitions and JSON as well.
_OGC = re.compile(r"https?://www\.opengis\.net/def/crs/[A-Za-z0-9_]+/[0-9.]+/[A-Za-z0-9_]+")
_URN = re.compile(r"urn:(?:x-)?ogc:def:crs(?::[A-Za-z0-9_]+:[0-9.]*:[A-Za-z0-9_]+|(?:,crs:EPSG:[0-9.]*:[0-9]+)+)")
_COMPOUND = re.compile(r"https?://www\.opengis\.net/def/crs-compound\?.*")
_PART = re.compile(r"/def/crs/EPSG/[0-9.]+/([0-9]+)")
# Forms of GML 2 and 3.1, where coordinates were written easting first whatever the authority says.
_EASTING_FIRST = re.compile(r"(?:EPSG:|http://www\.opengis\.net/gml/srs/epsg\.xml#)([0-9]+)")


Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Crs:
    """A reference system as the functions see it."""

    iri: str
    """As the literal names it."""
    definition: pyproj.CRS
    northing_first: bool
    """Whether literals have latitude or northing before longitude or easting."""
    geographic: bool
    """Whether coordinates are angles on an ellipsoid."""
    unit: float
    """Of the first axis: metres where it is projected, radians where it is geographic."""
    geod: pyproj.Geod
    """Its ellipsoid."""


@lru_cache(maxsize=256)
def crs_of(iri: str) -> Crs:
    """The reference system of an IRI.

    Raises:
        GeometryUnreadable: the IRI is of no form that is known here, or PROJ does not know what it names.
    """
    definition = _definition(iri)
    geod = definition.get_geod()
    axes = definition.axis_info
    if geod is None or len(axes) < 2 or not (definition.is_geographic or definition.is_projected):
        raise GeometryUnreadable(f"<{iri}> is no reference system for places on the ground")
    return Crs(
        iri,
        definition,
        northing_first=_EASTING_FIRST.fullmatch(iri) is None and _northing_first(axes[0], axes[1]),
        geographic=definition.is_geographic,
        unit=axes[0].unit_conversion_factor,
        geod=geod,
    )


def _definition(iri: str) -> pyproj.CRS:
    easting_first = _EASTING_FIRST.fullmatch(iri)
    parts = _PART.findall(iri) if _COMPOUND.fullmatch(iri) else []
    if easting_first is None and not parts and not _OGC.fullmatch(iri) and not _URN.fullmatch(iri):
        raise GeometryUnreadable(f"<{iri[:200]}> is no IRI of a reference system that is known here")
    name = f"EPSG:{easting_first[1]}" if easting_first else f"EPSG:{'+'.join(parts)}" if parts else iri
    try:
        return pyproj.CRS.from_user_input(name)
    except ProjError as cause:
        raise GeometryUnreadable(f"no reference system <{iri}> is known") from cause


def _northing_first(first: "pyproj._crs.Axis", second: "pyproj._crs.Axis") -> bool:
    if (first.direction, second.direction) == ("north", "east"):
        return True
    # Around a pole both axes run north, or both south; their names tell which is which.
    return first.direction == second.direction and first.name.lower().startswith("northing")


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs_of(source).definition, crs_of(target).definition, always_xy=True)


def transformed(shape: BaseGeometry, source: Crs, target: Crs) -> BaseGeometry:
    """A shape in another reference system, vertex by vertex, without measures.

    Args:
        shape: easting or longitude first.

    Returns:
        Easting or longitude first.

    Raises:
        GeometryUnreadable: there is no transformation, or the shape lies where it is not defined.
    """
    try:
        transformer = _transformer(source.iri, target.iri)
        flat = without_measures(shape)
        if flat.is_empty:
            return flat
        moved: BaseGeometry = shapely.transform(flat, lambda places: _sent(transformer, places), include_z=flat.has_z)
    except ProjError as cause:
        raise GeometryUnreadable(f"the geometry cannot be brought from <{source.iri}> to <{target.iri}>") from cause
    return moved


def _sent(transformer: pyproj.Transformer, places: Places) -> Places:
    # The stubs take no columns of which it is open whether they are two or three.
    columns: tuple[Places, ...] = transformer.transform(*places.T, errcheck=True)  # type: ignore[call-overload]
    return np.column_stack(columns)


def turned(shape: BaseGeometry) -> BaseGeometry:
    """A shape with its first two axes exchanged, without measures."""
    flat = without_measures(shape)
    order = [1, 0, 2] if flat.has_z else [1, 0]
    exchanged: BaseGeometry = shapely.transform(flat, lambda places: places[:, order], include_z=flat.has_z)
    return exchanged


def without_measures(shape: BaseGeometry) -> BaseGeometry:
    """A shape without M, which shapely drops together with Z or not at all."""
    if not shapely.has_m(shape):
        return shape
    if not shape.has_z:
        return shapely.force_2d(shape)
    bare = shapely.force_3d(shapely.force_2d(shape))
    return shapely.set_coordinates(bare, shapely.get_coordinates(shape, include_z=True))

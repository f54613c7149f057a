"""What a geometry literal says."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import Crs, crs_of, transformed, turned
from graph_service.geosparql.errors import GeometryUnreadable
from graph_service.geosparql.mending import mended

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """A shape, where it is, and the kind of literal it came in."""

    shape: BaseGeometry
    """Easting or longitude first, whatever the literal has; every coordinate is a finite number."""
    crs: Crs
    datatype: ox.NamedNode
    measured: bool
    """Whether the literal has M, which a shape in another order of axes or reference system has not."""
    box: Box
    """West, south, east, north of the shape; NaN where it is empty, so that it meets no other."""
    _sound: BaseGeometry | None = None

    @property
    def sound(self) -> BaseGeometry:
        """The shape, made valid where it is not: of an outline that crosses itself no intersection can be made.

        It is looked for when it is first asked for, which of geometries far from each other nobody does.

        Raises:
            GeometryUnreadable: its edges cross each other too often.
        """
        if self._sound is not None:
            return self._sound
        sound = mended(self.shape)
        object.__setattr__(self, "_sound", sound)  # the same for ever, only found late
        return sound

    def apart_from(self, other: "Geometry") -> bool:
        """Whether the boxes of two geometries in one reference system do not meet, or one is empty."""
        west, south, east, north = self.box
        other_west, other_south, other_east, other_north = other.box
        return not (west <= other_east and other_west <= east and south <= other_north and other_south <= north)

    def at(self, crs: Crs) -> "Geometry":
        """This geometry in another reference system."""
        return self if self.crs.iri == crs.iri else _moved(self, crs)

    def having(self, shape: BaseGeometry | None) -> "Geometry":
        """What was made of this geometry, in the same reference system and kind of literal.

        Raises:
            GeometryUnreadable: nothing was made.
        """
        if shape is None:
            raise GeometryUnreadable("the result is no geometry")
        return geometry_at(shape, self.crs, self.datatype)

    def as_written(self) -> BaseGeometry:
        """The shape with the axes in the order of its reference system."""
        return turned(self.shape) if self.crs.northing_first else self.shape


def geometry_read(shape: BaseGeometry, iri: str, datatype: ox.NamedNode) -> Geometry:
    """The geometry of what a literal has.

    Args:
        shape: with the axes in the order of the reference system.
        iri: of the reference system.

    Raises:
        GeometryUnreadable: the reference system is unknown.
    """
    crs = crs_of(iri)
    if not crs.northing_first:
        return geometry_at(shape, crs, datatype)
    return replace(geometry_at(turned(shape), crs, datatype), measured=bool(shapely.has_m(shape)))


def geometry_at(shape: BaseGeometry, crs: Crs, datatype: ox.NamedNode) -> Geometry:
    """A geometry of a shape whose axes are in the order of the functions, easting or longitude first."""
    return Geometry(shape, crs, datatype, bool(shapely.has_m(shape)), shape.bounds)


@lru_cache(maxsize=64)
def _moved(geometry: Geometry, crs: Crs) -> Geometry:
    """Kept, because the constant of a query meets the same reference system row after row."""
    moved = geometry_at(transformed(geometry.shape, geometry.crs, crs), crs, geometry.datatype)
    shapely.prepare(moved.sound)
    return moved

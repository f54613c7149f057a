"""Distance, length, perimeter, area and buffer, in units and in metres (OGC 22-047r1, 8.9).

Of a geographic reference system lengths are taken on its ellipsoid, of a projected one on its plane. In
units of angle everything is taken on the plane of longitude and latitude, which a projected one has not.
"""

from collections.abc import Callable

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.arguments import iri_of, number_of
from graph_service.geosparql.crs import Crs
from graph_service.geosparql.ellipsoid import area_m2, buffer_m, distance_m, flat_parts, length_m
from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.literals import Term, first, literal_of, second
from graph_service.geosparql.units import Unit, unit_of

_METRE = Unit("length", 1)


def planar_unit(unit: Unit, crs: Crs) -> float | None:
    """How many of a unit one step along an axis is; None where that differs from place to place."""
    if unit.quantity == ("angle" if crs.geographic else "length"):
        return crs.unit / unit.size
    if unit.quantity == "length" and crs.geographic:
        return None
    raise ArgumentInvalid(f"a {unit.quantity} is nothing to measure with in <{crs.iri}>")


def _distance_in(one: Term, other: Term, unit: Unit) -> ox.Literal:
    a = first(one)
    b = second(other).at(a.crs)
    if a.shape.is_empty or b.shape.is_empty:
        raise ArgumentInvalid("an empty geometry is at no distance")
    step = planar_unit(unit, a.crs)
    if step is None:
        return ox.Literal(distance_m(a.sound, b.sound, a.crs.geod) / unit.size)
    return ox.Literal(float(shapely.distance(a.sound, b.sound)) * step)


def _distance(one: Term, other: Term, unit: Term) -> ox.Literal:
    return _distance_in(one, other, unit_of(iri_of(unit)))


def _metric_distance(one: Term, other: Term) -> ox.Literal:
    return _distance_in(one, other, _METRE)


def _length_in(term: Term, unit: Unit) -> ox.Literal:
    geometry = first(term)
    step = planar_unit(unit, geometry.crs)
    measured = _measured(geometry.shape)
    if step is None:
        return ox.Literal(length_m(measured, geometry.crs.geod) / unit.size)
    return ox.Literal(float(shapely.length(measured)) * step)


def _measured(shape: BaseGeometry) -> BaseGeometry:
    """The parts of the highest dimension, whose lengths are added up: rings of polygons, else lines."""
    parts = flat_parts(shape)
    highest = max((int(shapely.get_dimensions(part)) for part in parts), default=0)
    return shapely.GeometryCollection([part for part in parts if highest and shapely.get_dimensions(part) == highest])


def _length(term: Term, unit: Term) -> ox.Literal:
    return _length_in(term, unit_of(iri_of(unit)))


def _metric_length(term: Term) -> ox.Literal:
    return _length_in(term, _METRE)


def _area_in(term: Term, unit: Unit) -> ox.Literal:
    """Of an area a unit of length stands for its square, as queries have it."""
    geometry = first(term)
    crs = geometry.crs
    if unit.quantity == "area":
        side, size = _METRE, unit.size
    else:
        side, size = unit, unit.size**2
    step = planar_unit(side, crs)
    if step is None:
        return ox.Literal(area_m2(geometry.sound, crs.geod) / size)
    return ox.Literal(float(shapely.area(geometry.sound)) * step**2 / (size / side.size**2))


def _area(term: Term, unit: Term) -> ox.Literal:
    return _area_in(term, unit_of(iri_of(unit)))


def _metric_area(term: Term) -> ox.Literal:
    return _area_in(term, _METRE)


def _buffer_in(term: Term, radius: Term, unit: Unit) -> ox.Literal:
    geometry, width = first(term), number_of(radius)
    step = planar_unit(unit, geometry.crs)
    return literal_of(geometry.having(_buffered(geometry, width, unit, step)))


def _buffered(geometry: Geometry, width: float, unit: Unit, step: float | None) -> BaseGeometry:
    if step is None:
        return buffer_m(geometry.sound, width * unit.size, geometry.crs.geod)
    return geometry.sound.buffer(width / step, quad_segs=16)


def _buffer(term: Term, radius: Term, unit: Term) -> ox.Literal:
    return _buffer_in(term, radius, unit_of(iri_of(unit)))


def _metric_buffer(term: Term, radius: Term) -> ox.Literal:
    return _buffer_in(term, radius, _METRE)


MEASURES: dict[str, Callable[..., ox.Literal]] = {
    "distance": _distance,
    "metricDistance": _metric_distance,
    "length": _length,
    "metricLength": _metric_length,
    "perimeter": _length,
    "metricPerimeter": _metric_length,
    "area": _area,
    "metricArea": _metric_area,
    "buffer": _buffer,
    "metricBuffer": _metric_buffer,
}

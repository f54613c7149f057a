"""Distances, lengths, areas and buffers on an ellipsoid, of shapes in degrees of longitude and latitude.

An edge is straight in longitude and latitude, as it is for every relation between
shapes; what is measured between its ends is a geodesic, so long edges are divided.
"""

import math
from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Proj
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.errors import ArgumentInvalid

WGS84 = Geod(ellps="WGS84")
_LONGEST_EDGE = 0.1
"""Degrees."""
ROUNDS = 3
NEAR_M = 300_000
EXACT_LATITUDE = 70
"""Degrees; nearer than the one and below the other a distance is not looked for again."""
_MOST_PLACES = 50_000
_ARCS = 16
"""Edges for a quarter of a circle: a buffer is up to half a percent narrower than its radius between its vertices."""
_AROUND = 0.02
"""Degrees, in which a degree of longitude differs by less than a thousandth."""
Places = tuple[tuple[float, float], tuple[float, float]]
_WORLD = shapely.box(-180, -90, 180, 90)


def area_m2(shape: BaseGeometry, geod: Geod = WGS84) -> float:
    """The surface of a shape, square metres; what two of its parts cover counts twice."""
    _ensure_on_globe(shape)
    polygons = [shapely.segmentize(part, _LONGEST_EDGE) for part in flat_parts(shape) if part.geom_type == "Polygon"]
    # A Geod adds a ring up by the way it turns, so holes have to turn against the outline.
    outlines = shapely.orient_polygons([polygon for polygon in polygons if not polygon.is_empty]).tolist()
    return float(sum(abs(geod.geometry_area_perimeter(outline)[0]) for outline in outlines))


def length_m(shape: BaseGeometry, geod: Geod = WGS84) -> float:
    """The length of lines, and of all rings of polygons, metres."""
    _ensure_on_globe(shape)
    return float(geod.geometry_length(shapely.segmentize(shape, _LONGEST_EDGE))) if not shape.is_empty else 0.0


def flat_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Points, lines and polygons of a shape, out of collections of any depth."""
    parts = shapely.get_parts(shape).tolist()
    return parts if parts == [shape] else [inner for part in parts for inner in flat_parts(part)]


def distance_m(one: BaseGeometry, other: BaseGeometry, geod: Geod = WGS84) -> float:
    """The shortest geodesic between two shapes, metres, across the antimeridian where that is shorter.

    Between points it is exact. Of lines and polygons the nearest places are looked for in degrees of
    longitude that are as long as those of latitude there; where edges run side by side over some latitudes,
    again with the length that they have at each of them; and where they are far apart or near a pole, by
    bearing and distance from each of them in turn.
    """
    if one.is_empty or other.is_empty:
        raise ArgumentInvalid("an empty geometry is at no distance")
    _ensure_on_globe(one)
    _ensure_on_globe(other)
    west, east = min(one.bounds[0], other.bounds[0]), max(one.bounds[2], other.bounds[2])
    turns = (-360, 0, 360) if east - west > 180 else (0,)
    return min(_distance_m(one, translate(other, turn) if turn else other, geod) for turn in turns)


def _distance_m(one: BaseGeometry, other: BaseGeometry, geod: Geod) -> float:
    if shapely.intersects(one, other):
        return 0.0
    if isinstance(one, shapely.Point) and isinstance(other, shapely.Point):
        return float(geod.inv(one.x, one.y, other.x, other.y)[2])
    latitude = (one.bounds[1] + one.bounds[3] + other.bounds[1] + other.bounds[3]) / 4
    found, place = math.inf, (0.0, 0.0)
    for _ in range(ROUNDS):
        metres, ends = _shortest_m(one, other, latitude, geod)
        if metres < found:
            found, place = metres, ends[0]
        before, latitude = latitude, (ends[0][1] + ends[1][1]) / 2
        if abs(before - latitude) < 1e-3:
            break
    if found < NEAR_M and abs(latitude) < EXACT_LATITUDE:
        beside = bool(are_beside(np.array([one.bounds]), np.array([other.bounds]))[0])
        return min(found, _distance_beside_m(one, other, place[0], geod)) if beside else found
    return min(found, _distance_in_turns_m(one, other, place, geod))


def are_beside(bounds: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a degree of longitude differs by a thousandth among the latitudes that two shapes have in common.

    Args:
        bounds: of the one of each pair: west, south, east, north, degrees.
        others: of the other.
    """
    south, north = np.maximum(bounds[:, 1], others[:, 1]), np.minimum(bounds[:, 3], others[:, 3])
    lengths = np.cos(np.radians([south, north]))
    beside: NDArray[np.bool_] = (south < north) & (np.abs(lengths[0] - lengths[1]) > 1e-3 * lengths.min(axis=0))
    return beside


def _distance_beside_m(one: BaseGeometry, other: BaseGeometry, middle: float, geod: Geod) -> float:
    """The distance between places that are nearest in degrees of longitude which are as long as at each latitude.

    Those are counted from a meridian, and bend the edges; so the nearest places are looked for once more around there.
    """

    def flattened(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(places[:, 0] - middle) * np.cos(np.radians(places[:, 1])), places[:, 1]])

    edges = [shapely.segmentize(_outline(shape), _LONGEST_EDGE) for shape in (one, other)]
    line = shapely.shortest_line(*(shapely.transform(edge, flattened) for edge in edges))
    (x1, y1), (x2, y2) = shapely.get_coordinates(line).tolist()
    xs, ys = [middle + x / math.cos(math.radians(y)) for x, y in ((x1, y1), (x2, y2))], (y1, y2)
    around = shapely.box(min(xs) - _AROUND, min(ys) - _AROUND, max(xs) + _AROUND, max(ys) + _AROUND)
    near = [edge.intersection(around) for edge in edges]
    return math.inf if any(edge.is_empty for edge in near) else _shortest_m(near[0], near[1], sum(ys) / 2, geod)[0]


def _shortest_m(one: BaseGeometry, other: BaseGeometry, latitude: float, geod: Geod) -> tuple[float, Places]:
    """Metres between the places that are nearest in degrees as long as at a latitude, and those places."""
    factor = max(math.cos(math.radians(latitude)), 1e-6)
    line = shapely.shortest_line(_widened(one, factor), _widened(other, factor))
    (x1, y1), (x2, y2) = shapely.get_coordinates(line).tolist()
    ends = ((x1 / factor, y1), (x2 / factor, y2))
    return float(geod.inv(*ends[0], *ends[1])[2]), ends


def _widened(shape: BaseGeometry, factor: float) -> BaseGeometry:
    return shapely.transform(shape, lambda places: places * (factor, 1))


def _distance_in_turns_m(one: BaseGeometry, other: BaseGeometry, place: tuple[float, float], geod: Geod) -> float:
    """The distance between places of two shapes that are each the nearest to the other."""
    edges = [shapely.segmentize(_outline(shape), 5 * _LONGEST_EDGE) for shape in (one, other)]
    if sum(map(shapely.get_num_coordinates, edges)) > _MOST_PLACES:
        edges = [_outline(shape) for shape in (one, other)]
    found = math.inf
    for turn in range(2 * ROUNDS):
        place, metres = _nearest(place, edges[1 - turn % 2], geod)
        if metres >= found * (1 - 1e-9):
            break
        found = metres
    return found


def _outline(shape: BaseGeometry) -> BaseGeometry:
    parts = [part.boundary if part.geom_type == "Polygon" else part for part in flat_parts(shape)]
    return shapely.GeometryCollection(parts)


def _nearest(place: tuple[float, float], shape: BaseGeometry, geod: Geod) -> tuple[tuple[float, float], float]:
    """Where a shape is nearest to a place, and how many metres away, from the map that is right about that place."""

    def by_bearing(places: NDArray[np.float64]) -> NDArray[np.float64]:
        start = np.broadcast_to(place, places.shape)
        azimuth, _, metres = geod.inv(start[:, 0], start[:, 1], places[:, 0], places[:, 1])
        return np.column_stack([metres * np.sin(np.radians(azimuth)), metres * np.cos(np.radians(azimuth))])

    line = shapely.shortest_line(shapely.Point(0, 0), shapely.transform(shape, by_bearing))
    x, y = shapely.get_coordinates(line)[1].tolist()
    lon, lat, _ = geod.fwd(*place, math.degrees(math.atan2(x, y)), math.hypot(x, y))
    return (lon, lat), math.hypot(x, y)


def buffer_m(shape: BaseGeometry, radius_m: float, geod: Geod = WGS84) -> BaseGeometry:
    """All places within a distance of a shape; what crosses the antimeridian is cut there.

    Each part is drawn in the azimuthal equidistant projection about its middle: right to a thousandth for parts of
    some hundred kilometres.

    Raises:
        ArgumentInvalid: it reaches over a pole, or half around the globe.
    """
    _ensure_on_globe(shape)
    parts = [_part_buffered(part, radius_m, geod) for part in flat_parts(shape) if not part.is_empty]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _part_buffered(part: BaseGeometry, radius_m: float, geod: Geod) -> BaseGeometry:
    west, south, east, north = part.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    to_pole_m = min(geod.inv(0, north, 0, 90)[2], geod.inv(0, south, 0, -90)[2])
    if radius_m >= to_pole_m:
        raise ArgumentInvalid("a buffer that reaches over a pole is not made")
    around = Proj(proj="aeqd", lat_0=lat, lon_0=lon, a=geod.a, b=geod.b)
    drawn = _mapped(shapely.segmentize(part, _LONGEST_EDGE), around)
    found = drawn.buffer(radius_m, quad_segs=_ARCS)
    back = _mapped(found, lambda x, y: _unwrapped(*around(x, y, inverse=True), lon))
    return _cut(back if shapely.is_valid(back) else shapely.make_valid(back))


def _mapped(
    shape: BaseGeometry, projection: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> BaseGeometry:
    if shape.is_empty:
        return shape
    moved: BaseGeometry = shapely.transform(shape, lambda places: np.column_stack(projection(*places.T)))
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise ArgumentInvalid("the geometry reaches half around the globe")
    return moved


def _unwrapped(
    lon: NDArray[np.float64], lat: NDArray[np.float64], middle: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes that run on beyond 180 degrees, near that of the middle."""
    return (lon - middle + 180) % 360 - 180 + middle, lat


def _cut(shape: BaseGeometry) -> BaseGeometry:
    if shape.is_empty or (shape.bounds[0] >= -180 and shape.bounds[2] <= 180):
        return shape
    return shapely.union_all([shapely.intersection(_WORLD, translate(shape, turn)) for turn in (-360, 0, 360)])


def _ensure_on_globe(shape: BaseGeometry) -> None:
    if not shape.is_empty and not (shape.bounds[1] >= -90 and shape.bounds[3] <= 90):
        raise ArgumentInvalid("a latitude is beyond 90 degrees")

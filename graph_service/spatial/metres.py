"""Distances on an ellipsoid of many pairs of shapes: the steps of ``distance_m``, taken for all of them at once.

Each number is made as that function makes it, so that the results are the same to the
last bit; a test compares them. Pairs for which it goes on otherwise are left to it.
"""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from graph_service.geosparql.ellipsoid import EXACT_LATITUDE, NEAR_M, ROUNDS, are_beside

_BULGE = 0.2
"""Degrees by which a geodesic of up to 300 km reaches beyond the latitudes of its ends, below 70 degrees, and more."""
_ROUNDNESS = 0.97
Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]


def distances_m(one: Shapes, other: Shapes, geod: Geod) -> tuple[Numbers, Numbers]:
    """Metres between shapes: what the function gives is not less than the first and not more than the second.

    Args:
        one: shapes in degrees, none of them empty.
        other: as many.
        geod: the ellipsoid.
    """
    bounds, other_bounds = shapely.bounds(one), shapely.bounds(other)
    west, east = np.minimum(bounds[:, 0], other_bounds[:, 0]), np.maximum(bounds[:, 2], other_bounds[:, 2])
    on_globe = (np.minimum(bounds[:, 1], other_bounds[:, 1]) >= -90) & (
        np.maximum(bounds[:, 3], other_bounds[:, 3]) <= 90
    )
    simple = on_globe & (east - west <= 180)
    least, most = np.zeros(len(one)), np.full(len(one), np.inf)
    least[simple], most[simple] = _distances(one[simple], other[simple], geod)
    return least, most


def _distances(one: Shapes, other: Shapes, geod: Geod) -> tuple[Numbers, Numbers]:
    least, most = np.zeros(len(one)), np.zeros(len(one))
    apart = ~shapely.intersects(one, other)
    points = apart & (shapely.get_type_id(one) == 0) & (shapely.get_type_id(other) == 0)
    most[points] = _lengths(shapely.get_coordinates(one[points]), shapely.get_coordinates(other[points]), geod)
    least[points] = most[points]
    rest = apart & ~points
    least[rest], most[rest] = _nearest(one[rest], other[rest], geod)
    return least, most


def _nearest(one: Shapes, other: Shapes, geod: Geod) -> tuple[Numbers, Numbers]:
    bounds, other_bounds = shapely.bounds(one), shapely.bounds(other)
    latitude = (bounds[:, 1] + bounds[:, 3] + other_bounds[:, 1] + other_bounds[:, 3]) / 4
    found = np.full(len(one), np.inf)
    going = np.arange(len(one))
    for _ in range(ROUNDS):
        factor = np.array([max(math.cos(math.radians(degrees)), 1e-6) for degrees in latitude[going].tolist()])
        lines = shapely.shortest_line(_widened(one[going], factor), _widened(other[going], factor))
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        ends[:, :, 0] /= factor[:, None]
        found[going] = np.minimum(found[going], _lengths(ends[:, 0], ends[:, 1], geod))
        before, latitude[going] = latitude[going], (ends[:, 0, 1] + ends[:, 1, 1]) / 2
        going = going[np.abs(before - latitude[going]) >= 1e-3]
        if not len(going):
            break
    far = (found >= NEAR_M) | (np.abs(latitude) >= EXACT_LATITUDE)
    beside = are_beside(bounds, other_bounds)
    return np.where(far, 0.0, np.where(beside, found * _part_left(bounds, other_bounds), found)), found


def _part_left(bounds: Numbers, others: Numbers) -> Numbers:
    """How short, as part of it, the way can be between places that are nearest for one length of a degree.

    At the latitudes of two shapes the length of a degree of longitude differs by some factor, and
    on the ellipsoid the radii of curvature by less than 1.4 hundredths.
    """
    south, north = np.minimum(bounds[:, 1], others[:, 1]), np.maximum(bounds[:, 3], others[:, 3])
    widest = np.where((south < 0) & (north > 0), 0.0, np.minimum(np.abs(south), np.abs(north)))
    narrowest = np.minimum(np.maximum(np.abs(south), np.abs(north)) + _BULGE, 90.0)
    return _ROUNDNESS * np.cos(np.radians(narrowest)) / np.cos(np.radians(widest))


def _widened(shapes: Shapes, factor: Numbers) -> Shapes:
    places, of_shape = shapely.get_coordinates(shapes, return_index=True)
    return shapely.set_coordinates(shapes.copy(), places * np.column_stack([factor[of_shape], np.ones(len(of_shape))]))


def _lengths(starts: Numbers, ends: Numbers, geod: Geod) -> Numbers:
    return np.asarray(geod.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])[2], dtype=float)

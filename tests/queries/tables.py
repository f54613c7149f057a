"""Result tables of kept questions over the small graph, as values that compare."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.store.evaluation import results_of
from ontology import terms
from queries.library import load
from tests.queries.small_graph import small_graph

Cell = str | int | Decimal | float | BaseGeometry | None
_NUMBERS: dict[str, Callable[[str], Cell]] = {terms.INTEGER: int, terms.DECIMAL: Decimal, terms.XSD + "double": float}


def table_of(name: str, values: Mapping[str, str]) -> list[tuple[Cell, ...]]:
    """The rows of a kept question: numbers by their type, geometries, the last segment of IRIs, times and text."""
    query = load(name)
    solutions: Any = results_of(small_graph(), query.bound(values), ())
    return [tuple(_cell(row[one.name]) for one in query.outputs) for row in solutions]


def _cell(term: ox.NamedNode | ox.Literal | None) -> Cell:
    if not isinstance(term, ox.Literal):
        return None if term is None else unquote(term.value.rsplit("/", 1)[-1])
    if term.datatype.value == terms.WKT_LITERAL:
        geometry: BaseGeometry = shapely.normalize(shapely.from_wkt(term.value))
        return geometry
    return _NUMBERS.get(term.datatype.value, str)(term.value)


def alike(found: Sequence[Sequence[Cell]], expected: Sequence[Sequence[Cell]], *, tolerance: float) -> bool:
    """Whether two tables have the same rows in the same order; floats may differ by a share of themselves."""
    return len(found) == len(expected) and all(
        len(row) == len(others) and all(_same(*pair, tolerance) for pair in zip(row, others, strict=True))
        for row, others in zip(found, expected, strict=True)
    )


def _same(found: Cell, expected: Cell, tolerance: float) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=tolerance, abs_tol=1e-9)
    if isinstance(expected, BaseGeometry) and isinstance(found, BaseGeometry):
        return bool(shapely.equals_exact(found, shapely.normalize(expected), tolerance=1e-9))
    return type(found) is type(expected) and found == expected


def rectangle_km2(west: float, south: float, east: float, north: float) -> float:
    """The surface between two meridians and two parallels on the WGS84 ellipsoid, in closed form.

    Source: J. P. Snyder, Map Projections: A Working Manual, equation 3-12 (authalic latitude).
    """
    semi_major_km, flattening = 6378.137, 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    e = math.sqrt(e2)

    def q(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)

    return semi_major_km**2 / 2 * math.radians(east - west) * (q(north) - q(south))

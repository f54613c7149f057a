"""Values of expressions, asked as queries ask them."""

from typing import Any

import pyoxigraph as ox
import shapely

from graph_service.geosparql.literals import shape_in_crs84
from graph_service.store.evaluation import results_of

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def term(expression: str) -> ox.Literal | None:
    """What an expression is, None where it is an error."""
    solutions: Any = results_of(ox.Store(), f"SELECT ({expression} AS ?x) {{}}", ())
    found: ox.Literal | None = next(iter(solutions))["x"]
    return found


def value(expression: str) -> str | None:
    found = term(expression)
    return None if found is None else found.value


def shape(expression: str) -> Any:
    """The geometry that an expression is, in CRS84."""
    found = term(expression)
    assert found is not None, expression
    return shape_in_crs84(found.value, found.datatype.value)


def literal(text: str, kind: str = "wkt", crs: str | None = None) -> str:
    """A geometry literal as a query has it."""
    lexical = text if crs is None else f"<{crs}> {text}"
    escaped = lexical.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"^^geo:{kind}Literal'


def same(one: Any, other: Any, *, within: float = 1e-9) -> bool:
    """Whether two shapes are of one kind and at the same places, to a tolerance in their units."""
    return bool(
        one.geom_type == other.geom_type
        and shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), tolerance=within)
    )

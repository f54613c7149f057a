"""What a filter says of a scene, read plainly, to hold a search against."""

import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

import shapely

from graph_service.index import filters
from graph_service.index.concepts import concepts_of
from graph_service.index.filters import All, Comparison, Concept, During, Filter, Like, Meets, Not, Null, OneOf
from graph_service.index.properties import property_named
from ontology.records import Scene
from ontology.triples import statements

Truth = bool | None
"""None for unknown."""

COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def truth(tree: Filter, scene: Scene) -> Truth:
    """Whether a filter holds of a scene, in the three-valued logic of SQL and CQL2."""
    match tree:
        case Comparison(name, compared, value):
            own = property_named(name).value_of(scene)
            return None if own is None else COMPARED[compared](own, value)
        case OneOf(name, values):
            own = property_named(name).value_of(scene)
            return own in values if own is not None or not values else None
        case Like(name, pattern):
            own = property_named(name).value_of(scene)
            return None if own is None else bool(fits(pattern, str(own)))
        case Null(name):
            return property_named(name).value_of(scene) is None
        case Concept(iris):
            return not concepts_of(scene.iri, statements(scene)).isdisjoint(iris)
        case Meets(area):
            return bool(shapely.from_wkt(scene.footprint).intersects(area))
        case During(start, end):
            return (start is None or scene.sensed_at >= start) and (end is None or scene.sensed_at <= end)
        case All(parts):
            return all_of(truth(part, scene) for part in parts)
        case filters.Any(parts):
            return contrary(all_of(contrary(truth(part, scene)) for part in parts))
        case Not(part):
            return contrary(truth(part, scene))


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether all hold: false beats unknown, unknown beats true."""
    found = set(parts)
    return False if False in found else None if None in found else True


def contrary(one: Truth) -> Truth:
    """The contrary, which of what is unknown is unknown."""
    return None if one is None else not one


def fits(pattern: str, text: str) -> re.Match[str] | None:
    """Whether a pattern without escapes fits a whole text."""
    expression = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL)

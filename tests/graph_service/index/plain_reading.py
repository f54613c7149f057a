"""What a filter says of a scene, read plainly, to hold a search against."""

import json
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

import shapely

from graph_service.index import filters
from graph_service.index.concepts import concepts_of
from graph_service.index.filters import (
    Absent,
    All,
    Among,
    Attribute,
    Call,
    Compared,
    Comparison,
    Concept,
    Constant,
    During,
    Expression,
    Filter,
    Fits,
    Like,
    Meets,
    Members,
    Missing,
    Not,
    Null,
    OneOf,
    Related,
    Sets,
    Text,
)
from graph_service.index.properties import property_named
from ontology.records import Scene
from ontology.triples import statements

Truth = bool | None
"""None for unknown."""

COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

SETS: dict[str, Callable[[set[Any], set[Any]], bool]] = {
    "equals": operator.eq,
    "contains": operator.ge,
    "contained_by": operator.le,
    "overlaps": lambda one, other: bool(one & other),
}
CALLED: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "abs": abs, "casei": str.casefold, "length": lambda text: float(len(text)),
}  # fmt: skip


def truth(tree: Filter, scene: Scene) -> Truth:
    """Whether a filter holds of a scene, in the three-valued logic of SQL and CQL2."""
    match tree:
        case Comparison(name, compared, value):
            own = own_value(name, scene)
            return None if own is None else COMPARED[compared](own, value)
        case OneOf(name, values):
            own = own_value(name, scene)
            return own in values if own is not None or not values else None
        case Like(name, pattern):
            own = own_value(name, scene)
            return None if own is None else bool(fits(pattern, str(own)))
        case Null(name):
            return own_value(name, scene) is None
        case Compared(left, compared, right):
            one, other = value_of(left, scene), value_of(right, scene)
            return None if one is None or other is None else COMPARED[compared](one, other)
        case Among(value, choices):
            same = [truth(Compared(value, "=", choice), scene) for choice in choices]
            return contrary(all_of(contrary(one) for one in same))
        case Fits(value, pattern):
            text = value_of(value, scene)
            return None if text is None else bool(fits(pattern, text))
        case Absent(value):
            return value_of(value, scene) is None
        case Sets(relation, left, right):
            one, other = value_of(left, scene), value_of(right, scene)
            return None if one is None or other is None else SETS[relation](set(one), set(other))
        case Concept(iris):
            return not concepts_of(scene.iri, statements(scene)).isdisjoint(iris)
        case Meets(area):
            return bool(shapely.from_wkt(scene.footprint).intersects(area))
        case Related(relation, area):
            return bool(getattr(shapely.from_wkt(scene.footprint), relation)(area))
        case Text():
            raise NotImplementedError("words are held against documents elsewhere")
        case During(start, end):
            return (start is None or scene.sensed_at >= start) and (end is None or scene.sensed_at <= end)
        case All(parts):
            return all_of(truth(part, scene) for part in parts)
        case filters.Any(parts):
            return contrary(all_of(contrary(truth(part, scene)) for part in parts))
        case Not(part):
            return contrary(truth(part, scene))


def own_value(name: str, scene: Scene) -> Any:
    """The value that a scene without a document has of a property."""
    found = property_named(name)
    value = found.value_of(scene, {})
    return json.loads(str(value)) if found.kind == "list" and value is not None else value


def value_of(expression: Expression, scene: Scene) -> Any:
    """The value of an expression; None for null."""
    match expression:
        case Attribute(name):
            return own_value(name, scene)
        case Constant(value):
            return value
        case Missing():
            return None
        case Call(name, arguments):
            values = [value_of(one, scene) for one in arguments]
            return None if None in values else CALLED[name](*values)
        case Members(members):
            values = [value_of(one, scene) for one in members]
            return None if None in values else values


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

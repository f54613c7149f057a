"""Values of a filter as SQL for SQLite: properties, constants, functions of them, lists."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from graph_service.errors import RequestInvalid
from graph_service.index.filters import (
    Attribute,
    Call,
    Constant,
    Expression,
    Members,
    Missing,
    Scalar,
    SetRelation,
)
from graph_service.index.functions import register, sql_of
from graph_service.index.properties import property_named

_DEEPEST = 14
"""Functions in functions; SQLite's parser has a stack of 100, and overflows it at 18."""
_MOST_COMPUTED = 100
"""Members of a list with properties in it; SQLite takes 127 arguments of a function."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition or a value in SQL, with what is bound in the order of its question marks."""

    text: str
    values: tuple[object, ...] = ()


def value(expression: Expression, levels: int = _DEEPEST) -> Condition:
    """The SQL of a value.

    Raises:
        RequestInvalid: it names an unknown property, or is nested too deeply.
    """
    if not levels:
        raise RequestInvalid(f"filter: has values nested more than {_DEEPEST} levels deep")
    match expression:
        case Attribute(name):
            return Condition(f"scene.{property_named(name).column}")
        case Constant(constant):
            return Condition("?", (constant,))
        case Missing():
            return Condition("NULL")
        case Call(name, arguments):
            parts = [value(one, levels - 1) for one in arguments]
            return Condition(sql_of(name, [part.text for part in parts]), _values(parts))
        case Members(values):
            written = [one.value for one in values if isinstance(one, Constant)]
            if len(written) == len(values):
                return Condition("?", (json.dumps(written),))
            return _members([value(one, levels - 1) for one in values])
        case _:
            assert_never(expression)


def _members(parts: Sequence[Condition]) -> Condition:
    """A list, which is null where one of its members is, as nothing can be said of it then."""
    if len(parts) > _MOST_COMPUTED:
        raise RequestInvalid(f"filter: a list with properties in it has {len(parts)} members, above {_MOST_COMPUTED}")
    listed = Condition(f"json_array({', '.join(part.text for part in parts)})", _values(parts))
    uncertain = [part for part in parts if part.text != "?"]
    if not uncertain:
        return listed
    unknown = " OR ".join(f"{part.text} IS NULL" for part in uncertain)
    text = f"CASE WHEN {unknown} THEN NULL ELSE {listed.text} END"
    return Condition(text, (*_values(uncertain), *listed.values))


def joined_values(expressions: Sequence[Expression]) -> Condition:
    """Values with commas between."""
    parts = [value(one) for one in expressions]
    return Condition(", ".join(part.text for part in parts), _values(parts))


def _values(parts: Sequence[Condition]) -> tuple[object, ...]:
    return tuple(bound for part in parts for bound in part.values)


_IN_LEFT_ALONE = "SELECT 1 FROM json_each({left}) AS l WHERE l.value NOT IN (SELECT value FROM json_each({right}))"
_IN_RIGHT_ALONE = "SELECT 1 FROM json_each({right}) AS r WHERE r.value NOT IN (SELECT value FROM json_each({left}))"
_IN_BOTH = "SELECT 1 FROM json_each({left}) AS l WHERE l.value IN (SELECT value FROM json_each({right}))"
"""Members of two lists; the left one stands before the right one where both are bound."""

_SETS: Mapping[SetRelation, str] = {
    "equals": f"NOT EXISTS ({_IN_LEFT_ALONE}) AND NOT EXISTS ({_IN_RIGHT_ALONE})",
    "contains": f"NOT EXISTS ({_IN_RIGHT_ALONE})",
    "contained_by": f"NOT EXISTS ({_IN_LEFT_ALONE})",
    "overlaps": f"EXISTS ({_IN_BOTH})",
}
_PLACES: Mapping[SetRelation, str] = {"equals": "lrrl", "contains": "rl", "contained_by": "lr", "overlaps": "lr"}
"""Where the left and the right list stand in the text."""


def related_sets(relation: SetRelation, left: Condition, right: Condition) -> Condition:
    """How the distinct members of two lists relate; null where one of the lists is.

    Source: OGC 21-065r2 (Common Query Language), array functions.
    """
    holds = _SETS[relation].format(left=left.text, right=right.text)
    text = f"CASE WHEN {left.text} IS NULL OR {right.text} IS NULL THEN NULL ELSE {holds} END"
    sides = {"l": left.values, "r": right.values}
    return Condition(text, (*left.values, *right.values, *(v for side in _PLACES[relation] for v in sides[side])))


@lru_cache(maxsize=1024)
def constant(expression: Expression) -> Scalar | None:
    """The value of an expression that names no property, worked out as SQL does; None for null."""
    asked = value(expression)
    connection = sqlite3.connect(":memory:")
    try:
        register(connection)
        (found,) = connection.execute(f"SELECT {asked.text}", asked.values).fetchone()
    finally:
        connection.close()
    return None if found is None else found if isinstance(found, str) else float(found)

"""Conditions on places among the filters of a query."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue
from shapely.geometry.base import BaseGeometry

from graph_service.index.rows import Box
from graph_service.sparql.expressions import list_of
from graph_service.sparql.prologue import Prologue
from graph_service.spatial.areas import within_distance
from graph_service.spatial.relations import APART, GEOF, MEETING
from graph_service.spatial.statements import boxes_of, shape_of_constant
from ontology import terms

_LAYERS = frozenset(
    ("ConditionalOrExpression", "ConditionalAndExpression", "RelationalExpression", "AdditiveExpression",
     "MultiplicativeExpression")
)  # fmt: skip
_METRE = terms.PREFIXES["uom"] + "metre"
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMBERS = frozenset(terms.XSD + name for name in ("integer", "decimal", "double", "float"))


@dataclass(frozen=True, slots=True)
class Condition:
    """A relation or bound that must hold, of one variable and a constant, or of two variables."""

    expression: CompValue
    variables: tuple[Variable, ...]
    boxes: tuple[Box, ...] = ()
    """Where the place of the one variable must be; unused where there are two."""
    reason: str | None = None
    """Why no index can help; None where one can."""


def conditions_of(expression: Any, prologue: Prologue, constants: dict[Variable, Any]) -> Iterator[Condition]:
    """The conditions on places that hold wherever an expression does; those that cannot be used have a reason.

    Args:
        expression: of a filter.
        prologue: of the query.
        constants: literals that variables stand for in every solution.
    """
    node = bare(expression)
    if isinstance(node, CompValue) and node.name == "ConditionalAndExpression":
        for part in (node.expr, *node.other):
            yield from conditions_of(part, prologue, constants)
        return
    if (call := _call(node, prologue)) is not None:
        yield _relation(node, *call, prologue, constants)
    elif isinstance(node, CompValue) and node.name == "RelationalExpression" and node.op in _TURNED:
        left, right = bare(node.expr), bare(node.other)
        for one, other, operator in ((left, right, node.op), (right, left, _TURNED[node.op])):
            if (call := _call(one, prologue)) is not None and call[0] in ("distance", "metricDistance"):
                yield _bound(node, *call, operator, other, prologue, constants)


def bare(node: Any) -> Any:
    """An expression without the layers that say nothing."""
    while isinstance(node, CompValue) and node.name in _LAYERS and not node.other and node.op is None:
        node = node.expr
    return node


def _call(node: Any, prologue: Prologue) -> tuple[str, list[Any]] | None:
    """The name and the arguments of a call of a GeoSPARQL function."""
    if not isinstance(node, CompValue) or node.name != "Function":
        return None
    iri = prologue.iri(node.iri)
    if iri is None or not iri.startswith(GEOF):
        return None
    return iri.removeprefix(GEOF), [bare(one) for one in list_of(node.expr)]


def _relation(
    node: CompValue, name: str, arguments: list[Any], prologue: Prologue, constants: dict[Variable, Any]
) -> Condition:
    if name in APART:
        return Condition(node, (), reason="what is apart from something may be anywhere")
    if name not in MEETING or len(arguments) != 2:
        return Condition(node, (), reason="it says nothing about where the geometry is")
    return _of_arguments(node, arguments, prologue, constants, lambda shape: list(boxes_of(shape)))


def _bound(
    node: CompValue,
    name: str,
    arguments: list[Any],
    operator: str,
    limit: Any,
    prologue: Prologue,
    constants: dict[Variable, Any],
) -> Condition:
    if operator in (">", ">="):
        return Condition(node, (), reason="what is farther than something may be anywhere")
    if name == "distance" and (len(arguments) != 3 or prologue.iri(arguments[2]) != _METRE):
        return Condition(node, (), reason="only bounds in uom:metre are recognised")
    metres = _number(constants.get(limit, limit))
    if metres is None:
        return Condition(node, (), reason="the bound is no number")

    def near(shape: BaseGeometry) -> list[Box]:
        return within_distance(boxes_of(shape), metres)

    if all(isinstance(one, Variable) and one not in constants for one in arguments[:2]):
        return Condition(node, (), reason="distances between two variables are not looked up")
    return _of_arguments(node, arguments[:2], prologue, constants, near)


def _of_arguments(
    node: CompValue, arguments: list[Any], prologue: Prologue, constants: dict[Variable, Any], area: Any
) -> Condition:
    given = [constants.get(one, one) if isinstance(one, Variable) else one for one in arguments]
    variables = tuple(one for one in given if isinstance(one, Variable))
    if len(variables) == 2:
        if variables[0] == variables[1]:
            return Condition(node, (), reason="both arguments are the same variable")
        return Condition(node, variables)
    if len(variables) != 1:
        return Condition(node, (), reason="no argument is a variable")
    constant = literal_of(next(one for one in given if not isinstance(one, Variable)), prologue)
    if constant is None:
        return Condition(node, (), reason="the other argument is no literal")
    shape = shape_of_constant(*constant, brought=given[0] is variables[0])
    if shape is None:
        reason = "the constant is empty, cannot be read, leaves the globe, or comes first in a projected system"
        return Condition(node, (), reason=reason)
    return Condition(node, variables, tuple(area(shape)))


def literal_of(term: Any, prologue: Prologue) -> tuple[str, str] | None:
    """The lexical form and the datatype of a literal in a query; None of anything else."""
    if isinstance(term, Literal):
        return str(term), str(term.datatype or "")
    if isinstance(term, CompValue) and term.name == "literal" and term.datatype is not None:
        datatype = prologue.iri(term.datatype)
        return None if datatype is None else (str(term.string), datatype)
    return None


def _number(term: Any) -> float | None:
    if isinstance(term, Literal) and isinstance(term.datatype, URIRef) and str(term.datatype) in _NUMBERS:
        try:
            value = float(str(term))
        except ValueError:
            return None
        return value if math.isfinite(value) else None
    return None

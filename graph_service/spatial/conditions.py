"""Conditions on places among the filters of a query."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyparsing import ParseResults
from rdflib import Literal, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.geometry import Geometry
from graph_service.geosparql.units import Unit, unit_of
from graph_service.sparql.expressions import list_of
from graph_service.sparql.prologue import Prologue
from graph_service.spatial.predicates import Nearness, Predicate, Relation
from graph_service.spatial.relations import APART, GEOF, MEETING
from graph_service.spatial.statements import constant_geometry
from ontology import terms

_LAYERS = frozenset(
    ("ConditionalOrExpression", "ConditionalAndExpression", "RelationalExpression", "AdditiveExpression",
     "MultiplicativeExpression")
)  # fmt: skip
_METRE = Unit("length", 1)
_SINGLE, _DOUBLE = 1e-6, 1e-9
"""To which part of itself a number may be another where it is compared."""
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMERAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBERS = frozenset(terms.XSD + name for name in ("integer", "decimal", "double", "float"))


@dataclass(frozen=True, slots=True)
class Condition:
    """A relation or bound that must hold, of one variable and a constant, or of two variables."""

    expression: CompValue
    """As the query has it."""
    variables: tuple[Variable, ...]
    predicate: Predicate | None = None
    constant: Geometry | None = None
    """None where there are two variables."""
    constant_first: bool = False
    reason: str | None = None
    """Why no index can help; None where one can."""
    alone: Any = None
    """The expression with constants in the place of the variables that stand for them."""


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


def without(expression: Any, conjunct: CompValue) -> Any:
    """An expression without something that has to hold for it to hold; None where it says nothing else."""
    node = bare(expression)
    if node is conjunct:
        return None
    if not isinstance(node, CompValue) or node.name != "ConditionalAndExpression":
        return expression
    parts = [node.expr, *node.other]
    kept = [rest for part in parts if (rest := without(part, conjunct)) is not None]
    if len(kept) == len(parts) and all(one is other for one, other in zip(kept, parts, strict=True)):
        return expression
    return CompValue("ConditionalAndExpression", expr=kept[0], other=kept[1:]) if kept else None


def freed(parts: Iterable[CompValue], condition: Condition) -> Iterator[CompValue]:
    """Parts of a group without a condition among their filters."""
    for part in parts:
        rest = without(part.expr, condition.expression) if part.name == "Filter" else None
        if part.name != "Filter" or rest is part.expr:
            yield part
        elif rest is not None:
            yield CompValue("Filter", expr=rest)


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
    return _of_arguments(node, arguments, prologue, constants, Relation(name))


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
    if len(arguments) != (3 if name == "distance" else 2):
        return Condition(node, (), reason="it has another number of arguments than it takes")
    unit = _METRE if name == "metricDistance" else _unit(prologue.iri(arguments[2]))
    if unit is None:
        return Condition(node, (), reason="the unit is no IRI that is known")
    literal = literal_of(constants.get(limit, limit) if isinstance(limit, Variable) else limit, prologue)
    value = _number(literal)
    if literal is None or value is None:
        return Condition(node, (), reason="the bound is no number")
    precision = _SINGLE if literal[1] == terms.XSD + "float" else _DOUBLE
    nearness = Nearness(unit, value, inclusive=operator == "<=", precision=precision)
    return _of_arguments(node, arguments[:2], prologue, constants, nearness)


def _unit(iri: str | None) -> Unit | None:
    try:
        return None if iri is None else unit_of(iri)
    except ArgumentInvalid:
        return None


def _of_arguments(
    node: CompValue,
    arguments: list[Any],
    prologue: Prologue,
    constants: dict[Variable, Any],
    predicate: Predicate,
) -> Condition:
    given = [constants.get(one, one) if isinstance(one, Variable) else one for one in arguments]
    variables = tuple(one for one in given if isinstance(one, Variable))
    alone = _substituted(node, constants)
    if len(variables) == 2:
        if variables[0] == variables[1]:
            return Condition(node, (), reason="both arguments are the same variable")
        return Condition(node, variables, predicate, alone=alone)
    if len(variables) != 1:
        return Condition(node, (), reason="no argument is a variable")
    literal = literal_of(next(one for one in given if not isinstance(one, Variable)), prologue)
    if literal is None:
        return Condition(node, (), reason="the other argument is no literal")
    constant_first = given[0] is not variables[0]
    constant = constant_geometry(*literal, first=constant_first)
    if constant is None:
        reason = "the constant is empty, cannot be read, leaves the globe, or comes first in a projected system"
        return Condition(node, (), reason=reason)
    return Condition(node, variables, predicate, constant, constant_first, alone=alone)


def _substituted(node: Any, constants: dict[Variable, Any]) -> Any:
    if isinstance(node, Variable):
        return constants.get(node, node)
    if isinstance(node, CompValue):
        return CompValue(node.name, **{key: _substituted(value, constants) for key, value in node.items()})
    if isinstance(node, ParseResults | list):
        return [_substituted(one, constants) for one in node]
    return node


def literal_of(term: Any, prologue: Prologue) -> tuple[str, str] | None:
    """The lexical form and the datatype of a literal in a query; None of anything else."""
    if isinstance(term, Literal):
        return str(term), str(term.datatype or "")
    if isinstance(term, CompValue) and term.name == "literal" and term.datatype is not None:
        datatype = prologue.iri(term.datatype)
        return None if datatype is None else (str(term.string), datatype)
    return None


def _number(literal: tuple[str, str] | None) -> float | None:
    if literal is None or literal[1] not in _NUMBERS or _NUMERAL.fullmatch(literal[0]) is None:
        return None
    value = float(literal[0])
    return value if math.isfinite(value) else None

"""Expressions as SPARQL text."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from pyparsing import ParseResults
from rdflib.namespace import RDF
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.terms import string_text

Write = Callable[[Any], str]
"""Gives the text of any node; how a node writes those in it."""

_AGGREGATES = {"GroupConcat": "GROUP_CONCAT"}


def expression_text(node: CompValue, write: Write) -> str | None:
    """The text of an expression, in brackets where it has several parts; None where the node is none."""
    if (form := _FORMS.get(node.name)) is not None:
        return form(node, write)
    if node.name.startswith("Aggregate_"):
        return _aggregate(node, write)
    return _call(node, write) if node.name.startswith("Builtin_") else None


def list_of(value: Any) -> list[Any]:
    """The expressions of a list in brackets; the parser gives the empty one as rdf:nil."""
    if isinstance(value, ParseResults | list | tuple):
        return list(value)
    return [] if value == RDF.nil else [value]


def _joined(operator: str) -> Callable[[CompValue, Write], str]:
    def text(node: CompValue, write: Write) -> str:
        parts = [write(one) for one in (node.expr, *(node.other or ()))]
        return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"

    return text


def _relation(node: CompValue, write: Write) -> str:
    if node.op is None:
        return write(node.expr)
    if str(node.op).upper() in ("IN", "NOT IN"):
        return f"({write(node.expr)} {node.op} ({', '.join(write(one) for one in list_of(node.other))}))"
    return f"({write(node.expr)} {node.op} {write(node.other)})"


def _sum(node: CompValue, write: Write) -> str:
    if node.op is None:
        return write(node.expr)
    steps = chain.from_iterable((str(op), write(one)) for op, one in zip(node.op, node.other, strict=True))
    return f"({' '.join((write(node.expr), *steps))})"


def _signed(sign: str) -> Callable[[CompValue, Write], str]:
    return lambda node, write: f"({sign} {write(node.expr)})"


def _function(node: CompValue, write: Write) -> str:
    distinct = "DISTINCT " if node.distinct else ""
    return f"{write(node.iri)}({distinct}{', '.join(write(one) for one in node.expr or ())})"


def _call(node: CompValue, write: Write) -> str:
    name = node.name.removeprefix("Builtin_")
    arguments = list_of(node.arg) if name in ("CONCAT", "COALESCE") else list(node.values())
    return f"{name}({', '.join(write(one) for one in arguments)})"


def _aggregate(node: CompValue, write: Write) -> str:
    name = node.name.removeprefix("Aggregate_")
    distinct = "DISTINCT " if node.distinct else ""
    separator = "" if node.separator is None else f"; SEPARATOR={string_text(str(node.separator))}"
    return f"{_AGGREGATES.get(name, name.upper())}({distinct}{write(node.vars)}{separator})"


_FORMS: dict[str, Callable[[CompValue, Write], str]] = {
    "ConditionalOrExpression": _joined("||"),
    "ConditionalAndExpression": _joined("&&"),
    "RelationalExpression": _relation,
    "AdditiveExpression": _sum,
    "MultiplicativeExpression": _sum,
    "UnaryNot": _signed("!"),
    "UnaryPlus": _signed("+"),
    "UnaryMinus": _signed("-"),
    "Function": _function,
    "Builtin_EXISTS": lambda node, write: f"EXISTS {write(node.graph)}",
    "Builtin_NOTEXISTS": lambda node, write: f"NOT EXISTS {write(node.graph)}",
}

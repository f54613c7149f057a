"""The values of CQL2: properties, texts, numbers, lists, arithmetic and functions, each with its type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph_service.index.cql2_parts import Part, shown
from graph_service.index.filters import (
    Attribute,
    Call,
    Compared,
    Comparison,
    Constant,
    Expression,
    Filter,
    Members,
    Missing,
    Operator,
)
from graph_service.index.functions import COALESCE, FUNCTIONS, LISTED, Kind
from graph_service.index.property_values import Property
from graph_service.index.sql_values import constant

MOST_LISTED = 10_000
"""Values of one list."""
MIRRORED: Mapping[Operator, Operator] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What holds of the second operand and the first."""

_NOUNS = {"text": "a text", "number": "a number", "time": "a time", "list": "a list", "truth": "true or false"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with its type."""

    expression: Expression
    kind: Kind | Literal["truth", "null"]
    """``null`` of what is null of every record, and goes with every other type."""


def typed(part: Part) -> Typed:
    """The value that a part is; times are read in ``cql2_times``.

    Raises:
        RequestInvalid: it is no value, or a function has arguments of other types than it takes.
    """
    if part.levels <= 0:
        raise part.refusal("is nested too deeply")
    match part.value:
        case {"property": str(name)}:
            if part.is_missing():
                return Typed(Missing(name), "null")
            found = part.declared()
            return Typed(attribute(found), found[0].kind)
        case {"op": str(), "args": list()}:
            return _called(part)
        case bool(truth):
            return Typed(Constant(truth), "truth")
        case str():
            return Typed(Constant(part.text()), "text")
        case int() | float():
            return Typed(Constant(part.number()), "number")
        case list():
            return Typed(_members(part), "list")
    hint = "; IS NULL asks for what is absent" if part.value is None else ""
    raise part.refusal(f"{shown(part.value)} stands where the name of a property or a value is wanted{hint}")


def attribute(found: Sequence[Property]) -> Expression:
    """The value of the first of some properties that a record has."""
    expression: Expression = Attribute(found[0].name)
    for one in found[1:]:
        expression = Call(COALESCE, (expression, Attribute(one.name)))
    return expression


def of_kind(part: Part, kind: Kind) -> Expression:
    """The value that a part is, of one type.

    Raises:
        RequestInvalid: it has another.
    """
    found = typed(part)
    if found.kind not in (kind, "null"):
        raise part.refusal(f"{shown_name(part)} is not {_NOUNS[kind]}")
    return found.expression


def shown_name(part: Part) -> str:
    """A part in a message, a property by its name."""
    return part.name() or shown(part.value)


def require_alike(one: Part, left: Typed, other: Part, right: Typed) -> None:
    """Refuse to compare values of two types.

    Raises:
        RequestInvalid: they are of two types, or lists.
    """
    for part, side in ((one, left), (other, right)):
        if side.kind == "list":
            comparing = "a_contains, a_containedBy, a_equals and a_overlaps"
            raise part.refusal(f"{shown_name(part)} is a list, which {comparing} compare")
    if left.kind != right.kind and "null" not in (left.kind, right.kind):
        raise other.refusal(f"{shown_name(other)} is not {_NOUNS[left.kind]}, which {shown_name(one)} is")


def compared(left: Expression, operator: Operator, right: Expression) -> Filter:
    """Two values side by side, in the form that an index answers where one is a property and one a constant."""
    match left, right:
        case Attribute(name), Constant(str() | float() as value):
            return Comparison(name, operator, value)
        case Constant(str() | float() as value), Attribute(name):
            return Comparison(name, MIRRORED[operator], value)
        case _:
            return Compared(left, operator, right)


def _called(part: Part) -> Typed:
    name = str(part.value["op"])
    function = FUNCTIONS.get(name) or LISTED.get(name.lower())
    if function is None:
        raise part.refusal(f"{name[:80]!r} is no function of values; there are {', '.join(FUNCTIONS)}")
    arguments = tuple(
        _argument(one, kind) for one, kind in zip(part.operands(len(function.takes)), function.takes, strict=True)
    )
    call = Call(name if name in FUNCTIONS else name.lower(), arguments)
    if not all(isinstance(one, Constant) for one in arguments):
        return Typed(call, function.gives)
    value = constant(call)
    return Typed(Missing(name), "null") if value is None else Typed(Constant(value), function.gives)


def _argument(part: Part, kind: Kind) -> Expression:
    match kind, part.value:
        case "time", {"date": _} | {"timestamp": _}:
            raise part.refusal("a time that is written out has no need of a function; give a property")
    return of_kind(part, kind)


def _members(part: Part) -> Members:
    found = [typed(one) for one in part.members(MOST_LISTED)]
    if any(one.kind not in ("text", "number", "null") for one in found):
        raise part.refusal("a list has members other than texts and numbers")
    return Members(tuple(one.expression for one in found))

"""CQL2 filters, as text or as JSON, compiled into the filter tree.

Source: OGC 21-065r2 (Common Query Language), all of its conformance classes; STAC API, filter extension 1.0.0.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index import cql2_areas, cql2_times
from graph_service.index.cql2_parts import Part, Reading, is_known, shown
from graph_service.index.cql2_text import is_unicode, parsed
from graph_service.index.cql2_values import MOST_LISTED, of_kind, require_alike, shown_name, typed
from graph_service.index.cql2_values import compared as beside
from graph_service.index.filters import (
    Absent,
    All,
    Among,
    Any,
    Attribute,
    Comparison,
    Constant,
    Expression,
    Filter,
    Fits,
    Like,
    Members,
    Missing,
    Not,
    Null,
    OneOf,
    Operator,
    SetRelation,
    Sets,
)
from graph_service.index.meaning import widened
from graph_service.index.properties import CONCEPT, GEOMETRY, unknown_properties

TEXT, JSON = "cql2-text", "cql2-json"

CLASSES = tuple(
    f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
    for name in (
        "accent-insensitive-comparison",
        "advanced-comparison-operators",
        "arithmetic",
        "array-functions",
        "basic-cql2",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "case-insensitive-comparison",
        "cql2-json",
        "cql2-text",
        "functions",
        "property-property",
        "spatial-functions",
        "temporal-functions",
    )
)
"""URIs of the conformance classes of CQL2."""

_PLACE = "filter"
_DEEPEST = 20
_OPERATORS: Mapping[str, Operator] = {"=": "=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SETS: Mapping[str, SetRelation] = {
    "a_equals": "equals",
    "a_contains": "contains",
    "a_containedBy": "contained_by",
    "a_overlaps": "overlaps",
}


def cql2_filter(value: AnyValue, language: str, reading: Reading, place: str = _PLACE) -> Filter:
    """The filter that a CQL2 expression stands for, with all that the ontology says that it means.

    Args:
        value: a text in CQL2 text, or what JSON has in CQL2 JSON.
        language: ``cql2-text`` or ``cql2-json``.
        reading: what it is read with.
        place: where the request has it.

    Raises:
        RequestInvalid: it does not parse, names what there is not, or asks for what cannot be searched.
        TermUnknown: a concept has no term of its name, or several.
    """
    if language == TEXT:
        if not isinstance(value, str):
            raise RequestInvalid(f"{place}: is not a text, which {TEXT} is")
        value = parsed(value, place)
    if not reading.undeclared_as_null:
        _require_known(value, reading, place)
    return widened(_predicate(Part(value, place, reading, _DEEPEST)), reading.meaning)


def _require_known(value: AnyValue, reading: Reading, place: str) -> None:
    """Name all properties at once that cannot be searched; a single one is told with its place later."""
    names = {name for name in _names(value) if is_unicode(name)}
    unknown = sorted(name for name in names - {CONCEPT, GEOMETRY} if not is_known(name, reading.meaning))
    if len(unknown) > 1:
        raise RequestInvalid(f"{place}: {unknown_properties(unknown)}")


def _names(value: AnyValue) -> Iterator[str]:
    """Every property that an expression names, however deep it is."""
    pending = [value]
    while pending:
        match pending.pop():
            case {"property": str(name)}:
                yield name
            case dict(members):
                pending += members.values()
            case list(members):
                pending += members


def _predicate(part: Part) -> Filter:
    if part.levels <= 0:
        raise RequestInvalid(f"{_PLACE}: is nested more than {_DEEPEST} levels deep")
    match part.value:
        case True:
            return All(())
        case False:
            return Any(())
        case {"op": str(name), "args": list()}:
            compiled = _PREDICATES.get(name)
            if compiled is None:
                raise part.refusal(f"{name[:80]!r} cannot be asked for; there are {', '.join(_PREDICATES)}")
            return compiled(part)
    raise part.refusal(f"{shown(part.value)} is neither true nor false; write a condition with op and args")


def _all(part: Part) -> Filter:
    return All(tuple(_predicate(one) for one in part.operands(1, MOST_LISTED)))


def _any(part: Part) -> Filter:
    return Any(tuple(_predicate(one) for one in part.operands(1, MOST_LISTED)))


def _not(part: Part) -> Filter:
    return Not(_predicate(part.operands(1)[0]))


def _comparison(part: Part) -> Filter:
    one, other = part.operands(2)
    return _compared(one, _OPERATORS[part.value["op"]], other)


def _compared(one: Part, operator: Operator, other: Part) -> Filter:
    for named, beside_it in ((one, other), (other, one)):
        if named.name() == CONCEPT:
            if operator not in ("=", "!="):
                raise named.refusal("concept: is compared with =, <> or IN alone")
            return Comparison(CONCEPT, operator, beside_it.text())
    if _is_time(one) or _is_time(other):
        return cql2_times.beside(cql2_times.instant(one), operator, cql2_times.instant(other))
    left, right = typed(one), typed(other)
    require_alike(one, left, other, right)
    return beside(left.expression, operator, right.expression)


def _is_time(part: Part) -> bool:
    match part.value:
        case {"date": _} | {"timestamp": _} | {"interval": _}:
            return True
        case {"property": str(name)} if name != CONCEPT and not part.is_missing():
            return part.declared()[0].kind == "time"
    return False


def _between(part: Part) -> Filter:
    one, least, most = part.operands(3)
    return All((_compared(one, ">=", least), _compared(one, "<=", most)))


def _in(part: Part) -> Filter:
    one, listed = part.operands(2)
    values = listed.members(MOST_LISTED)
    if one.name() == CONCEPT:
        return OneOf(CONCEPT, tuple(value.text() for value in values))
    if _is_time(one) or any(map(_is_time, values)):
        return Any(tuple(_compared(one, "=", value) for value in values))
    left, choices = typed(one), [typed(value) for value in values]
    for value, choice in zip(values, choices, strict=True):
        require_alike(one, left, value, choice)
    return _among(left.expression, tuple(choice.expression for choice in choices))


def _among(value: Expression, choices: tuple[Expression, ...]) -> Filter:
    constants = [one.value for one in choices if isinstance(one, Constant)]
    if isinstance(value, Attribute) and len(constants) == len(choices):
        return OneOf(value.name, tuple(constants))
    return Among(value, choices)


def _like(part: Part) -> Filter:
    one, pattern = part.operands(2)
    value = typed(one)
    if value.kind not in ("text", "null"):
        raise one.refusal(f"{shown_name(one)}: is no text, which LIKE is for")
    fitting = of_kind(pattern, "text")
    if not isinstance(fitting, Constant):
        raise pattern.refusal(
            f"{shown_name(pattern)} is not a text; a pattern is written out, at most in CASEI or ACCENTI"
        )
    if isinstance(value.expression, Attribute):
        return Like(value.expression.name, str(fitting.value))
    return Fits(value.expression, str(fitting.value))


def _is_null(part: Part) -> Filter:
    (one,) = part.operands(1)
    if one.name() == GEOMETRY:
        return Any(())
    if one.name() is None and one.is_literal():
        raise one.refusal(f"{shown(one.value)} stands where the name of a property is wanted")
    value = Missing(str(one.name())) if one.is_missing() else typed(one).expression
    return Null(value.name) if isinstance(value, Attribute) else Absent(value)


def _sets(part: Part) -> Filter:
    one, other = part.operands(2)
    left, right = of_kind(one, "list"), of_kind(other, "list")
    _require_texts(one, left, other, right)
    _require_texts(other, right, one, left)
    return Sets(_SETS[part.value["op"]], left, right)


def _require_texts(one: Part, left: Expression, other: Part, right: Expression) -> None:
    """Refuse numbers beside the list of a property, whose members are texts."""
    if isinstance(left, Attribute) and isinstance(right, Members):
        numbers = [found for found in right.values if isinstance(found, Constant) and not isinstance(found.value, str)]
        if numbers:
            raise other.refusal(f"has numbers, where {shown_name(one)} has texts")


def _times(part: Part) -> Filter:
    one, other = part.operands(2)
    return cql2_times.related(part.value["op"], cql2_times.moment(one), cql2_times.moment(other))


_PREDICATES: Mapping[str, Callable[[Part], Filter]] = {
    "and": _all,
    "or": _any,
    "not": _not,
    **dict.fromkeys(_OPERATORS, _comparison),
    "between": _between,
    "in": _in,
    "like": _like,
    "isNull": _is_null,
    **dict.fromkeys(_SETS, _sets),
    **dict.fromkeys(cql2_areas.RELATIONS, cql2_areas.spatial),
    **dict.fromkeys(cql2_times.RELATIONS, _times),
}

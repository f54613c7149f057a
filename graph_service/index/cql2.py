"""CQL2 filters, as text or as JSON, compiled into the filter tree.

Source: OGC 21-065r2 (Common Query Language), classes basic CQL2, advanced comparison operators, basic spatial
functions and temporal functions; STAC API, filter extension 1.0.0.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.areas import area_within, area_within_box
from graph_service.index.cql2_text import is_unicode, parsed
from graph_service.index.cql2_times import RELATIONS, Ends, Span, compared, converse, interval_of, related, span_of
from graph_service.index.filters import All, Any, Comparison, Filter, Like, Not, Null, OneOf, Operator
from graph_service.index.meaning import searched, widened
from graph_service.index.properties import CONCEPT, Property
from graph_service.reasoning.meaning import Meaning

TEXT, JSON = "cql2-text", "cql2-json"
GEOMETRY = "geometry"
"""Name of the footprint in a filter."""

_PLACE = "filter"
_DEEPEST = 20
_MOST_LISTED = 10_000
_OPERATORS: Mapping[str, Operator] = {"=": "=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRRORED: Mapping[Operator, Operator] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def cql2_filter(value: AnyValue, language: str, meaning: Meaning) -> Filter:
    """The filter that a CQL2 expression stands for, with all that the ontology says that it means.

    Args:
        value: a text in CQL2 text, or what JSON has in CQL2 JSON.
        language: ``cql2-text`` or ``cql2-json``.
        meaning: of the ontology's terms.

    Raises:
        RequestInvalid: it does not parse, names what there is not, or asks for what cannot be searched.
        TermUnknown: a concept has no term of its name, or several.
    """
    if language == TEXT:
        if not isinstance(value, str):
            raise RequestInvalid(f"{_PLACE}: is not a text, which {TEXT} is")
        value = parsed(value, _PLACE)
    return widened(_predicate(_Part(value, _PLACE, meaning, _DEEPEST)), meaning)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression."""

    value: AnyValue
    """As JSON has it."""
    place: str
    """Where it stands, for messages."""
    meaning: Meaning
    levels: int
    """How many more may be nested in it."""

    def refusal(self, reason: str) -> RequestInvalid:
        return RequestInvalid(f"{self.place}: {reason}")

    def within(self, value: AnyValue, step: str) -> "_Part":
        return _Part(value, f"{self.place}{step}", self.meaning, self.levels - 1)

    def operands(self, least: int, most: int | None = None) -> list["_Part"]:
        """What an operator is applied to; at most as many as at least unless told otherwise."""
        values, most = self.value["args"], least if most is None else most
        if not least <= len(values) <= most:
            raise self.refusal(f"{self.value['op']} has {len(values)} operands, not {least}")
        return [self.within(one, f".args[{n}]") for n, one in enumerate(values)]

    def name(self) -> str | None:
        """The property that it is; None for anything else."""
        match self.value:
            case {"property": str(name)}:
                return name
        return None

    def declared(self) -> Property:
        """The declared property that it is, or one of those that a property of the ontology means.

        Raises:
            RequestInvalid: it is none.
        """
        name = self.name()
        if name is None:
            raise self.refusal(f"{_shown(self.value)} stands where the name of a property is wanted")
        if not is_unicode(name):
            raise self.refusal(f"{_shown(name)} is not a text")
        if name == GEOMETRY:
            raise self.refusal("geometry: is compared by s_intersects alone")
        try:
            return searched(name, self.meaning)[0]
        except RequestInvalid as cause:
            raise self.refusal(str(cause)) from cause

    def text(self) -> str:
        if not isinstance(self.value, str) or not is_unicode(self.value):
            raise self.refusal(f"{_shown(self.value)} is not a text")
        return self.value

    def number(self) -> float:
        try:
            if isinstance(self.value, int | float) and not isinstance(self.value, bool):
                found = float(self.value)
                if math.isfinite(found):
                    return found
        except OverflowError:
            pass
        raise self.refusal(f"{_shown(self.value)} is not a number")

    def span(self) -> Span:
        """The instant, day or interval that it is."""
        try:
            match self.value:
                case str(text) | {"timestamp": str(text)} | {"date": str(text)}:
                    return span_of(text)
                case {"interval": [str(start), str(end)]}:
                    return interval_of(start, end)
        except (ValueError, OverflowError) as cause:
            raise self.refusal(f"{_shown(self.value)} is not a time by RFC 3339, or ends before it starts") from cause
        raise self.refusal(f"{_shown(self.value)} is not a time; give a timestamp, a date or an interval of two")

    def ends(self) -> Ends | None:
        """The properties of times that it is; None for anything else."""
        match self.value:
            case {"interval": [{"property": str()} as start, {"property": str()} as end]}:
                return Ends(*(self.within(one, f".interval[{n}]").time() for n, one in enumerate((start, end))))
            case {"property": str()}:
                return Ends(self.time(), self.time())
        return None

    def time(self) -> str:
        """The name of a property that is a time."""
        if self.declared().kind != "time":
            raise self.refusal(f"{self.name()}: is no time")
        return str(self.name())


def _shown(value: AnyValue) -> str:
    """A value in a message, cut short; what is nested in it is left out, however deep it is."""
    if isinstance(value, dict):
        return (
            "an expression" if "op" in value else f"an object of {', '.join(map(repr, list(value)[:3])) or 'nothing'}"
        )
    return "a list" if isinstance(value, list) else repr(value)[:80]


def _predicate(part: _Part) -> Filter:
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
    raise part.refusal(f"{_shown(part.value)} is neither true nor false; write a condition with op and args")


def _all(part: _Part) -> Filter:
    return All(tuple(_predicate(one) for one in part.operands(1, _MOST_LISTED)))


def _any(part: _Part) -> Filter:
    return Any(tuple(_predicate(one) for one in part.operands(1, _MOST_LISTED)))


def _not(part: _Part) -> Filter:
    return Not(_predicate(part.operands(1)[0]))


def _comparison(part: _Part) -> Filter:
    one, other = part.operands(2)
    operator = _OPERATORS[part.value["op"]]
    if one.name() is None and other.name() is not None:
        one, other, operator = other, one, _MIRRORED[operator]
    return _compared(one, operator, other)


def _compared(one: _Part, operator: Operator, other: _Part) -> Filter:
    name = one.name()
    if name == CONCEPT:
        if operator not in ("=", "!="):
            raise one.refusal("concept: is compared with =, <> or IN alone")
        return Comparison(CONCEPT, operator, other.text())
    kind = one.declared().kind
    if kind == "time":
        return compared(str(name), operator, other.span())
    return Comparison(str(name), operator, other.number() if kind == "number" else other.text())


def _between(part: _Part) -> Filter:
    one, least, most = part.operands(3)
    return All((_compared(one, ">=", least), _compared(one, "<=", most)))


def _in(part: _Part) -> Filter:
    one, listed = part.operands(2)
    if not isinstance(listed.value, list):
        raise listed.refusal(f"{_shown(listed.value)} is not a list")
    if len(listed.value) > _MOST_LISTED:
        raise listed.refusal(f"has {len(listed.value)} values; give at most {_MOST_LISTED} at a time")
    values = [listed.within(value, f"[{n}]") for n, value in enumerate(listed.value)]
    name = str(one.name())
    kind = "text" if name == CONCEPT else one.declared().kind
    if kind == "time":
        return Any(tuple(compared(name, "=", value.span()) for value in values))
    return OneOf(name, tuple(value.number() if kind == "number" else value.text() for value in values))


def _like(part: _Part) -> Filter:
    one, pattern = part.operands(2)
    if one.declared().kind != "text":
        raise one.refusal(f"{one.name()}: is no text, which LIKE is for")
    return Like(str(one.name()), pattern.text())


def _is_null(part: _Part) -> Filter:
    (one,) = part.operands(1)
    one.declared()
    return Null(str(one.name()))


def _intersects(part: _Part) -> Filter:
    one, other = part.operands(2)
    if one.name() is None:
        one, other = other, one
    if one.name() != GEOMETRY:
        raise one.refusal(f"{_shown(one.name() or one.value)} is not {GEOMETRY}, which s_intersects compares")
    match other.value:
        case {"bbox": box}:
            return area_within_box(box, other.place)
        case {"type": str()}:
            return area_within(other.value, other.place)
    raise other.refusal(f"{_shown(other.value)} is not a geometry")


def _relation(part: _Part) -> Filter:
    one, other = part.operands(2)
    name, ends = part.value["op"], one.ends()
    if ends is None and (ends := other.ends()) is not None:
        name, other = converse(name), one
    if ends is None:
        raise one.refusal(f"{_shown(one.value)} is no property, nor an interval of two")
    return related(name, ends, other.span())


_PREDICATES: Mapping[str, Callable[[_Part], Filter]] = {
    "and": _all,
    "or": _any,
    "not": _not,
    **dict.fromkeys(_OPERATORS, _comparison),
    "between": _between,
    "in": _in,
    "like": _like,
    "isNull": _is_null,
    "s_intersects": _intersects,
    **dict.fromkeys(RELATIONS, _relation),
}

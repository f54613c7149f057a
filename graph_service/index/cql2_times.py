"""The times of CQL2: instants, days, intervals, and how two of them relate.

Source: OGC 21-065r2 (Common Query Language), 8.3.3 and table 9; OGC API - Features, part 1, for open ends.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graph_service.index.filters import All, Comparison, Filter, Not, Operator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OPEN = ".."
_LAST_OF_DAY = timedelta(days=1, microseconds=-1)

_Relation = tuple[tuple[str, Operator, str], ...]

_RELATIONS: Mapping[str, _Relation] = {
    "t_after": (("start", ">", "end"),),
    "t_before": (("end", "<", "start"),),
    "t_contains": (("start", "<", "start"), ("end", ">", "end")),
    "t_during": (("start", ">", "start"), ("end", "<", "end")),
    "t_equals": (("start", "=", "start"), ("end", "=", "end")),
    "t_finishedBy": (("start", "<", "start"), ("end", "=", "end")),
    "t_finishes": (("start", ">", "start"), ("end", "=", "end")),
    "t_intersects": (("start", "<=", "end"), ("end", ">=", "start")),
    "t_meets": (("end", "=", "start"),),
    "t_metBy": (("start", "=", "end"),),
    "t_overlappedBy": (("start", ">", "start"), ("start", "<", "end"), ("end", ">", "end")),
    "t_overlaps": (("start", "<", "start"), ("end", ">", "start"), ("end", "<", "end")),
    "t_startedBy": (("start", "=", "start"), ("end", ">", "end")),
    "t_starts": (("start", "=", "start"), ("end", "<", "end")),
}
"""What holds between the ends of a first interval and those of a second."""

_CONVERSE = {
    "t_after": "t_before",
    "t_contains": "t_during",
    "t_finishes": "t_finishedBy",
    "t_meets": "t_metBy",
    "t_overlaps": "t_overlappedBy",
    "t_starts": "t_startedBy",
}
_CONVERSES = _CONVERSE | {other: one for one, other in _CONVERSE.items()}

RELATIONS = tuple(sorted((*_RELATIONS, "t_disjoint")))
"""Names of the temporal functions."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time as CQL2 writes one: seconds since 1970 UTC, both inclusive, infinite where an end is open."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ends:
    """The properties that say when something begins and ends; one name twice for an instant."""

    start: str
    end: str


def span_of(text: str) -> Span:
    """The instant or the whole day (UTC) that a text names.

    Raises:
        ValueError: it is no time by RFC 3339.
    """
    start = datetime.fromisoformat(text)
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    end = start + _LAST_OF_DAY if _DAY.fullmatch(text) else start
    return Span(start.timestamp(), end.timestamp())


def interval_of(start: str, end: str) -> Span:
    """What lies between two times, ``..`` for an open end.

    Raises:
        ValueError: one is no time by RFC 3339, or it ends before it starts.
    """
    first = -math.inf if start == _OPEN else span_of(start).start
    last = math.inf if end == _OPEN else span_of(end).end
    if first > last:
        raise ValueError("ends before it starts")
    return Span(first, last)


def related(name: str, ends: Ends, span: Span) -> Filter:
    """That the time of a record and another stand in a relation.

    Args:
        name: of the temporal function, one of ``RELATIONS``.
        ends: of the record, the first operand.
        span: the second operand.
    """
    if name == "t_disjoint":
        return Not(related("t_intersects", ends, span))
    parts = tuple(
        Comparison(getattr(ends, own), operator, getattr(span, other)) for own, operator, other in _RELATIONS[name]
    )
    return All(parts)


def converse(name: str) -> str:
    """The relation of the second operand to the first."""
    return _CONVERSES.get(name, name)


def compared(name: str, operator: Operator, span: Span) -> Filter:
    """A time of a record beside an instant, or beside a day, which it equals at any instant of it."""
    match operator:
        case "=":
            return All((Comparison(name, ">=", span.start), Comparison(name, "<=", span.end)))
        case "!=":
            return Not(compared(name, "=", span))
        case "<" | ">=":
            return Comparison(name, operator, span.start)
        case ">" | "<=":
            return Comparison(name, operator, span.end)

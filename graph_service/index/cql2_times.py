"""The times of CQL2: instants, days, intervals, and how two of them relate.

Source: OGC 21-065r2 (Common Query Language), 8.3.3 and table 9; OGC API - Features, part 1, for open ends.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graph_service.index.cql2_parts import Part, shown
from graph_service.index.cql2_values import MIRRORED, attribute, compared
from graph_service.index.filters import All, Constant, Expression, Filter, Missing, Not, Operator

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

RELATIONS = tuple(sorted((*_RELATIONS, "t_disjoint")))
"""Names of the temporal functions."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: seconds since 1970 UTC, both ends inclusive, infinite where one is open, equal for an instant."""

    start: Expression
    end: Expression

    @property
    def is_instant(self) -> bool:
        """Whether it has no length."""
        return self.start == self.end


def moment(part: Part) -> Moment:
    """The instant, day, interval or property of times that a part is.

    Raises:
        RequestInvalid: it is none.
    """
    match part.value:
        case {"interval": [start, end]}:
            first = _end(part.within(start, ".interval[0]"), -math.inf).start
            last = _end(part.within(end, ".interval[1]"), math.inf).end
            if isinstance(first, Constant) and isinstance(last, Constant) and first.value > last.value:  # type: ignore[operator]  # both are seconds
                raise part.refusal(f"{shown(part.value)} is not a time by RFC 3339, or ends before it starts")
            return Moment(first, last)
        case _:
            return instant(part)


def _end(part: Part, when_open: float) -> Moment:
    if part.value == _OPEN:
        return Moment(Constant(when_open), Constant(when_open))
    return instant(part)


def instant(part: Part) -> Moment:
    """The instant, the whole day (UTC) or the property of times that a part is.

    Raises:
        RequestInvalid: it is none.
    """
    match part.value:
        case str(text) | {"timestamp": str(text)} | {"date": str(text)}:
            return _written(text, part)
        case {"property": str(name)}:
            if part.is_missing():
                return Moment(Missing(name), Missing(name))
            found = part.declared()
            if any(one.kind != "time" for one in found):
                raise part.refusal(f"{name}: is no time")
            return Moment(attribute(found), attribute(found))
    raise part.refusal(f"{shown(part.value)} is not a time; give a timestamp, a date, an interval of two or a property")


def _written(text: str, part: Part) -> Moment:
    try:
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=UTC)
        end = start + _LAST_OF_DAY if _DAY.fullmatch(text) else start
        return Moment(Constant(start.timestamp()), Constant(end.timestamp()))
    except (ValueError, OverflowError) as cause:
        raise part.refusal(f"{shown(text)} is not a time by RFC 3339, or ends before it starts") from cause


def related(name: str, one: Moment, other: Moment) -> Filter:
    """That two times stand in a relation.

    Args:
        name: of the temporal function, one of ``RELATIONS``.
        one: the first operand.
        other: the second operand.
    """
    if name == "t_disjoint":
        return Not(related("t_intersects", one, other))
    return All(
        tuple(
            compared(getattr(one, end), operator, getattr(other, beside)) for end, operator, beside in _RELATIONS[name]
        )
    )


def beside(one: Moment, operator: Operator, other: Moment) -> Filter:
    """An instant beside an instant, or beside a day, which it equals at any instant of it."""
    if not one.is_instant and other.is_instant:
        one, operator, other = other, MIRRORED[operator], one
    match operator:
        case "=" if other.is_instant:
            return compared(one.start, "=", other.start)
        case "=":
            return All((compared(one.start, ">=", other.start), compared(one.end, "<=", other.end)))
        case "!=":
            return Not(beside(one, "=", other))
        case "<" | ">=":
            return compared(one.start, operator, other.start)
        case ">" | "<=":
            return compared(one.start, operator, other.end)

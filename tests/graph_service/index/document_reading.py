"""What a CQL2 expression says of a STAC document, read plainly from its JSON, to hold a search against.

Nothing of the product is used here: the rules are those of OGC 21-065r2 and of the documentation.
"""

import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

Truth = bool | None
"""None for unknown."""
Document = dict[str, Any]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SETS: dict[str, Callable[[set[Any], set[Any]], bool]] = {
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedBy": operator.le,
    "a_overlaps": lambda one, other: bool(one & other),
}
_TIMES = {
    "t_after": ("a>d",),
    "t_before": ("b<c",),
    "t_contains": ("a<c", "b>d"),
    "t_during": ("a>c", "b<d"),
    "t_equals": ("a=c", "b=d"),
    "t_finishedBy": ("a<c", "b=d"),
    "t_finishes": ("a>c", "b=d"),
    "t_intersects": ("a<=d", "b>=c"),
    "t_meets": ("b=c",),
    "t_metBy": ("a=d",),
    "t_overlappedBy": ("a>c", "a<d", "b>d"),
    "t_overlaps": ("a<c", "b>c", "b<d"),
    "t_startedBy": ("a=c", "b>d"),
    "t_starts": ("a=c", "b<d"),
}
"""What holds between a, b, the ends of the first time, and c, d, those of the second (table 9)."""
TEMPORAL = (*_TIMES, "t_disjoint")
SPATIAL = tuple(
    f"s_{name}" for name in ("intersects", "disjoint", "equals", "touches", "within", "overlaps", "crosses", "contains")
)
ARRAYS = tuple(_SETS)
TIMED = ("datetime", "start_datetime", "end_datetime", "created", "updated")


def truth(expression: Any, document: Document) -> Truth:
    """Whether an expression holds of a document, in three-valued logic."""
    if isinstance(expression, bool):
        return expression
    op, args = expression["op"], expression["args"]
    match op:
        case "and":
            return _all(truth(one, document) for one in args)
        case "or":
            return _any(truth(one, document) for one in args)
        case "not":
            return _not(truth(args[0], document))
        case "between":
            bounds = zip((">=", "<="), args[1:], strict=True)
            return _all(_beside(sign, args[0], bound, document) for sign, bound in bounds)
        case "in":
            return _any(_beside("=", args[0], one, document) for one in args[1])
        case "like":
            text = value(args[0], document)
            return None if text is None else bool(_fits(value(args[1], document), text))
        case "isNull":
            return value(args[0], document) is None
    if op in _COMPARED:
        return _beside(op, args[0], args[1], document)
    if op in _SETS:
        one, other = (value(arg, document) for arg in args)
        return None if one is None or other is None else _SETS[op](set(one), set(other))
    if op in TEMPORAL:
        return _timed(op, args, document)
    left, right = (_geometry(arg, document) for arg in args)
    return bool(getattr(left, op.removeprefix("s_"))(right))


def _all(parts: Iterable[Truth]) -> Truth:
    """False beats unknown, unknown beats true."""
    found = set(parts)
    return False if False in found else None if None in found else True


def _any(parts: Iterable[Truth]) -> Truth:
    return _not(_all(_not(one) for one in parts))


def _not(one: Truth) -> Truth:
    return None if one is None else not one


def _pair(sign: str, one: Any, other: Any) -> Truth:
    return None if one is None or other is None else _COMPARED[sign](one, other)


def _beside(sign: str, one: Any, other: Any, document: Document) -> Truth:
    if _is_day(one) and not _is_day(other):
        one, other, sign = other, one, _MIRRORED[sign]
    if not _is_day(other):
        return _pair(sign, value(one, document), value(other, document))
    start, end = _ends(other, document)
    own = value(one, document)
    match sign:
        case "=":
            return _all((_pair(">=", own, start), _pair("<=", own, end)))
        case "<>":
            return _not(_beside("=", one, other, document))
        case "<" | ">=":
            return _pair(sign, own, start)
        case _:
            return _pair(sign, own, end)


def _is_day(one: Any) -> bool:
    return isinstance(one, dict) and "date" in one


def value(expression: Any, document: Document) -> Any:
    """The value of an expression: a text, a number, seconds since 1970 UTC, a list; None for null."""
    match expression:
        case {"property": name}:
            found = document.get(name) if name in ("id", "collection") else document["properties"].get(name)
            return _seconds(found) if name in TIMED and found is not None else found
        case {"timestamp": text}:
            return _seconds(text)
        case {"op": op, "args": args}:
            values = [value(arg, document) for arg in args]
            return None if None in values else _called(op, values)
        case list(members):
            values = [value(one, document) for one in members]
            return None if None in values else values
        case int(number) if not isinstance(number, bool):
            return float(number)
    return expression


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _called(op: str, values: list[Any]) -> Any:
    try:
        found = _FUNCTIONS[op](*values)
    except (ZeroDivisionError, ValueError):
        return None
    except OverflowError:
        return math.inf
    return None if isinstance(found, complex) or found != found else found


def _whole(rounded: Callable[[float], int]) -> Callable[[float], float]:
    return lambda number: number if math.isinf(number) else float(rounded(number))


def _time(seconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "div": lambda one, other: _whole(math.trunc)(one / other),
    "^": math.pow,
    "casei": lambda text: unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()),
    "accenti": lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    "abs": abs,
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "round": _whole(lambda number: math.floor(abs(number) + 0.5) * (1 if number >= 0 else -1)),
    "sqrt": math.sqrt,
    "least": min,
    "greatest": max,
    "year": lambda seconds: float(_time(seconds).year),
    "month": lambda seconds: float(_time(seconds).month),
    "day": lambda seconds: float(_time(seconds).day),
    "dayofyear": lambda seconds: float(_time(seconds).timetuple().tm_yday),
    "hour": lambda seconds: float(_time(seconds).hour),
    "length": lambda text: float(len(text)),
    "size": lambda members: float(len(members)),
}
FUNCTIONS = tuple(_FUNCTIONS)


def _fits(pattern: str, text: str) -> re.Match[str] | None:
    parts = re.findall(r"\\?.", pattern, re.DOTALL)
    expression = "".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(expression, text, re.DOTALL)


def _timed(op: str, args: list[Any], document: Document) -> Truth:
    if op == "t_disjoint":
        return _not(_timed("t_intersects", args, document))
    a, b, c, d = (end for arg in args for end in _ends(arg, document))
    ends = {"a": a, "b": b, "c": c, "d": d}
    return _all(_pair(one[1:-1], ends[one[0]], ends[one[-1]]) for one in _TIMES[op])


def _ends(expression: Any, document: Document) -> tuple[float | None, float | None]:
    match expression:
        case {"date": text}:
            return _seconds(f"{text}T00:00:00Z"), _seconds(f"{text}T23:59:59.999999Z")
        case {"interval": [start, end]}:
            first = -math.inf if start == ".." else _ends(start, document)[0]
            return first, math.inf if end == ".." else _ends(end, document)[1]
        case str(text) if "T" not in text:
            return _ends({"date": text}, document)
        case str(text):
            return _seconds(text), _seconds(text)
    found = value(expression, document)
    return found, found


def _geometry(expression: Any, document: Document) -> BaseGeometry:
    match expression:
        case {"property": "geometry"}:
            return _drawn(document["geometry"])
        case {"bbox": [west, south, east, north]}:
            return _drawn(shapely.geometry.mapping(shapely.box(west, south, east, north)))
    return _drawn(expression)


def _drawn(geojson: Any) -> BaseGeometry:
    found: BaseGeometry = shapely.geometry.shape(geojson)
    return found

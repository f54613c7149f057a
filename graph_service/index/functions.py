"""The functions and operators of filters: what they take, what they give, and how SQL says it."""

import sqlite3
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

COALESCE = "coalesce"
"""Name of the function that gives the first value that is there, for properties that mean the same."""

Kind = Literal["text", "number", "time", "list"]
"""Type of a value."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of filters."""

    takes: tuple[Kind, ...]
    """Types of the arguments."""
    gives: Kind
    sql: str
    """With ``{}`` for each argument, in SQLite's words."""
    description: str = ""
    """Of one that people call by name, and the service lists; empty for an operator."""
    arguments: tuple[str, ...] = ()
    """What each argument is."""


def _time_part(sign: str, what: str) -> Function:
    # Of the whole second: strftime rounds to the next millisecond, which may be in the next year.
    sql = f"CAST(strftime('%{sign}', floor({{}}), 'unixepoch') AS REAL)"
    return Function(("time",), "number", sql, f"{what} of a time, in UTC", ("a time",))


def _numeric(sql: str, description: str) -> Function:
    return Function(("number",), "number", sql, description, ("a number",))


OPERATORS: Mapping[str, Function] = {
    name: Function(("number", "number"), "number", sql)
    for name, sql in {
        "+": "({} + {})",
        "-": "({} - {})",
        "*": "({} * {})",
        "/": "({} / {})",
        "%": "mod({}, {})",
        "div": "trunc({} / {})",
        "^": "pow({}, {})",
    }.items()
}
"""Of arithmetic. What is divided by zero is null, and so is a root of what is negative."""

FOLDINGS: Mapping[str, Function] = {name: Function(("text",), "text", f"{name}({{}})") for name in ("casei", "accenti")}
"""The functions that CQL2 itself has, which make texts alike before they are compared."""

LISTED: Mapping[str, Function] = {
    "abs": _numeric("abs({})", "A number without its sign"),
    "ceil": _numeric("ceil({})", "The least whole number that is not below a number"),
    "floor": _numeric("floor({})", "The greatest whole number that is not above a number"),
    "round": _numeric("round({})", "The nearest whole number; away from zero in the middle between two"),
    "sqrt": _numeric("sqrt({})", "The square root of a number; null of one below zero"),
    "least": Function(
        ("number", "number"), "number", "min({}, {})", "The smaller of two numbers", ("a number", "another")
    ),
    "greatest": Function(
        ("number", "number"), "number", "max({}, {})", "The larger of two numbers", ("a number", "another")
    ),
    "year": _time_part("Y", "The year"),
    "month": _time_part("m", "The month, 1 to 12,"),
    "day": _time_part("d", "The day of the month, 1 to 31,"),
    "dayofyear": _time_part("j", "The day of the year, 1 to 366,"),
    "hour": _time_part("H", "The hour, 0 to 23,"),
    "length": Function(
        ("text",), "number", "CAST(length({}) AS REAL)", "The number of characters of a text", ("a text",)
    ),
    "size": Function(
        ("list",), "number", "CAST(json_array_length({}) AS REAL)", "The number of members of a list", ("a list",)
    ),
}
"""Functions that the service adds to CQL2, for values; ``region``, for areas, is found before SQL."""

FUNCTIONS: Mapping[str, Function] = {**OPERATORS, **FOLDINGS, **LISTED}


_TEMPLATES: Mapping[str, str] = {COALESCE: "coalesce({}, {})", **{n: f.sql for n, f in FUNCTIONS.items()}}


def sql_of(name: str, arguments: Sequence[str]) -> str:
    """A call of a function in SQL.

    Args:
        name: of the function, one of ``FUNCTIONS`` or ``COALESCE``.
        arguments: in SQL.
    """
    return _TEMPLATES[name].format(*arguments)


def casei(text: str | None) -> str | None:
    """A text for comparison in which letter case does not count (Unicode, full case folding)."""
    return None if text is None else unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def accenti(text: str | None) -> str | None:
    """A text for comparison in which accents do not count: without its combining marks (Unicode)."""
    if text is None:
        return None
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


@lru_cache(maxsize=32)
def _prepared(area: bytes, thread: int) -> BaseGeometry:
    # One for each thread: a prepared geometry builds its index at first use, which two threads must not do at once.
    del thread
    geometry: BaseGeometry = shapely.from_wkb(area)
    shapely.prepare(geometry)
    return geometry


def _meets(footprint: bytes, area: bytes) -> bool:
    return bool(_prepared(area, threading.get_ident()).intersects(shapely.from_wkb(footprint)))


_FROM_THE_AREA = {"within": "contains", "contains": "within"}
"""The relation of the area, which is prepared, to the footprint; the others are symmetric."""


def relates(relation: str, footprint: bytes, area: bytes) -> bool:
    """Whether a footprint stands in a relation to an area, both as WKB (DE-9IM)."""
    prepared = _prepared(area, threading.get_ident())
    return bool(getattr(prepared, _FROM_THE_AREA.get(relation, relation))(shapely.from_wkb(footprint)))


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that SQL lacks and conditions are written with."""
    connection.create_function("meets", 2, _meets, deterministic=True)
    connection.create_function("relates", 3, relates, deterministic=True)
    connection.create_function("casei", 1, casei, deterministic=True)
    connection.create_function("accenti", 1, accenti, deterministic=True)

"""Columns of a result, typed by what is bound in them.

A column is of a type when everything that is bound in it is; else it is text, as the results in CSV
have it (SPARQL 1.1 Query Results CSV and TSV, 3.2): nothing is dropped, and no value is bent to fit.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ontology import terms

Term = Mapping[str, Any]
"""A bound value, in the SPARQL 1.1 Query Results JSON Format."""

_INTEGERS = frozenset(
    terms.XSD + name
    for name in (
        "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_DECIMALS = _INTEGERS | {terms.DECIMAL}
_NUMBERS = _DECIMALS | {terms.XSD + "double", terms.XSD + "float"}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_TRUTHS = re.compile("|".join(_TRUTH))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(rf"{_DATE.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?")
_DIGITS = 38
"""That a decimal128 has at most."""


def column(values: Sequence[Term | None]) -> pa.Array:
    """A column of Arrow values, null where nothing is bound.

    Args:
        values: of one variable, a solution each.

    Returns:
        Integers as int64; decimals, also mixed with integers, as decimal128 with as many digits as
        the longest needs, and as double where that is more than 38; doubles and floats, also mixed with
        decimals, as double; truth values as bool; dates as date32; times with a zone as
        timestamp[us, UTC] and times without one as timestamp[us], cut to the microsecond; anything else
        as text.
    """
    bound = [value for value in values if value is not None]
    for typed in (_integers, _decimals, _doubles, _truths, _dates, _times):
        try:
            if bound and (found := typed(values)) is not None:
                return found
        except (ValueError, OverflowError, pa.ArrowException):
            # Beyond what the type holds, such as the 30th of February or an integer of twenty digits.
            continue
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Term) -> str:
    text = str(value["value"])
    return f"_:{text}" if value["type"] == "bnode" else text


def _read(
    values: Sequence[Term | None], datatypes: frozenset[str], form: re.Pattern[str], read: Callable[[str], Any]
) -> list[Any] | None:
    """The values, where all are of one of the datatypes, and well-formed."""
    for value in values:
        if value is not None and (value.get("datatype") not in datatypes or not form.fullmatch(value["value"].strip())):
            return None
    return [None if value is None else read(value["value"].strip()) for value in values]


def _integers(values: Sequence[Term | None]) -> pa.Array | None:
    numbers = _read(values, _INTEGERS, _INTEGER, int)
    return None if numbers is None else pa.array(numbers, pa.int64())


def _decimals(values: Sequence[Term | None]) -> pa.Array | None:
    numbers = _read(values, _DECIMALS, _DECIMAL, Decimal)
    if numbers is None:
        return None
    sizes = [(max(one.adjusted() + 1, 1), -int(one.as_tuple().exponent)) for one in numbers if one is not None]
    whole, scale = (max(size) for size in zip(*sizes, strict=True))
    return None if whole + scale > _DIGITS else pa.array(numbers, pa.decimal128(whole + scale, scale))


def _doubles(values: Sequence[Term | None]) -> pa.Array | None:
    numbers = _read(values, _NUMBERS, _DOUBLE, float)
    return None if numbers is None else pa.array(numbers, pa.float64())


def _truths(values: Sequence[Term | None]) -> pa.Array | None:
    truths = _read(values, frozenset((terms.XSD + "boolean",)), _TRUTHS, _TRUTH.__getitem__)
    return None if truths is None else pa.array(truths, pa.bool_())


def _dates(values: Sequence[Term | None]) -> pa.Array | None:
    days = _read(values, frozenset((terms.XSD + "date",)), _DATE, date.fromisoformat)
    return None if days is None else pa.array(days, pa.date32())


def _times(values: Sequence[Term | None]) -> pa.Array | None:
    times = _read(values, frozenset((terms.DATE_TIME, terms.XSD + "dateTimeStamp")), _TIME, _utc)
    zoned = {time.tzinfo is not None for time in times or () if time is not None}
    if times is None or len(zoned) > 1:
        return None
    return pa.array(times, pa.timestamp("us", tz="UTC" if zoned == {True} else None))


def _utc(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is None else time.astimezone(UTC)

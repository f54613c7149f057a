"""The query extension of STAC as the filter tree: ``{"eo:cloud_cover": {"lt": 10}}``.

Source: STAC API, query extension 1.0.0.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.cql2 import JSON, cql2_filter
from graph_service.index.cql2_parts import Reading, is_known
from graph_service.index.cql2_text import is_unicode
from graph_service.index.filters import All, Filter
from graph_service.index.meaning import searched
from graph_service.index.properties import CONCEPT, unknown_properties

_COMPARED = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}([.][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_WILD = re.compile(r"[\\%_]")

Expression = dict[str, AnyValue]
"""In CQL2 JSON."""


def query_filter(value: AnyValue, reading: Reading, place: str = "query") -> Filter:
    """What a query asks for: all its conditions on all its properties.

    Args:
        value: of the request, as JSON has it: an object of properties, each with an object of operators.
        reading: what it is read with.
        place: where the request has it.

    Raises:
        RequestInvalid: it is no such object, names what there is not, or compares values of two types.
        TermUnknown: a concept has no term of its name, or several.
    """
    _require_objects(value, place)
    unknown = [] if reading.undeclared_as_null else _unknown(value, reading)
    if unknown:
        raise RequestInvalid(f"{place}: {unknown_properties(unknown)}")
    return All(
        tuple(
            cql2_filter(_expression(name, operator, operand, where, reading), JSON, reading, where)
            for name, operator, operand, where in _conditions(value, place)
        )
    )


def _require_objects(value: AnyValue, place: str) -> None:
    if not isinstance(value, dict) or not all(isinstance(conditions, dict) for conditions in value.values()):
        raise RequestInvalid(
            f'{place}: is no object of properties with operators, as {{"eo:cloud_cover": {{"lt": 10}}}}'
        )
    if not all(is_unicode(name) for name in value):
        raise RequestInvalid(f"{place}: a name is not a text")


def _unknown(value: Mapping[str, AnyValue], reading: Reading) -> list[str]:
    return [name for name in value if name != CONCEPT and not is_known(name, reading.meaning)]


def _conditions(value: Mapping[str, AnyValue], place: str) -> Iterator[tuple[str, str, AnyValue, str]]:
    for name, conditions in value.items():
        for operator, operand in conditions.items():
            yield name, operator, operand, f"{place}.{name}.{operator[:80]!s}"


def _expression(name: str, operator: str, operand: AnyValue, where: str, reading: Reading) -> Expression:
    one = {"property": name}
    if operand is None and operator in ("eq", "neq"):
        absent = _op("isNull", one)
        return absent if operator == "eq" else _op("not", absent)
    if operator in _COMPARED:
        return _op(_COMPARED[operator], one, _as_number(operand) if _kind(name, reading) == "number" else operand)
    if (written := _OTHERS.get(operator)) is None:
        raise RequestInvalid(f"{where}: is no operator; there are {', '.join((*_COMPARED, *_OTHERS))}")
    return written(one, operand, _kind(name, reading) == "list", where)


def _kind(name: str, reading: Reading) -> str | None:
    if name == CONCEPT or not is_known(name, reading.meaning):
        return None
    return searched(name, reading.meaning)[0].kind


def _as_number(operand: AnyValue) -> AnyValue:
    """The number that a text is, and anything else as it is.

    pystac-client, where it is given ``eo:cloud_cover<10``, and stac-api-validator send numbers as texts.
    """
    is_number = isinstance(operand, str) and _NUMBER.fullmatch(operand) is not None
    return float(operand) if is_number else operand


def _op(name: str, *arguments: AnyValue) -> Expression:
    return {"op": name, "args": list(arguments)}


def _in(one: Expression, operand: AnyValue, is_list: bool, where: str) -> Expression:
    return _op("a_overlaps" if is_list else "in", one, operand)


def _contains(one: Expression, operand: AnyValue, is_list: bool, where: str) -> Expression:
    if is_list:
        return _op("a_contains", one, operand if isinstance(operand, list) else [operand])
    return _op("like", one, f"%{_itself(operand, where)}%")


def _starts(one: Expression, operand: AnyValue, is_list: bool, where: str) -> Expression:
    return _op("like", one, f"{_itself(operand, where)}%")


def _ends(one: Expression, operand: AnyValue, is_list: bool, where: str) -> Expression:
    return _op("like", one, f"%{_itself(operand, where)}")


def _itself(operand: AnyValue, where: str) -> str:
    """A text as a pattern that it alone fits."""
    if not isinstance(operand, str) or not is_unicode(operand):
        raise RequestInvalid(f"{where}: is not a text")
    return _WILD.sub(r"\\\g<0>", operand)


_OTHERS: Mapping[str, Callable[[Expression, AnyValue, bool, str], Expression]] = {
    "in": _in,
    "startsWith": _starts,
    "endsWith": _ends,
    "contains": _contains,
}

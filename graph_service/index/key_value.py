"""Key/value filters as data centres write them: ``platform=sentinel-2a,cloud_cover<10``.

A comma joins conditions that must all hold, a semicolon joins alternatives, and the
comma binds tighter (the filter grammar of Rucio's ``list_dids``).
"""

import re

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, Filter, Operator
from graph_service.index.properties import CONCEPT, property_named
from ontology.prefixed import expanded

_CONDITION = re.compile(r"\s*([\w:.-]+?)\s*(==|!=|<=|>=|=|<|>)\s*(\S.*?)\s*")
_OPERATORS: dict[str, Operator] = {
    "=": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


def key_value_filter(text: str) -> Filter:
    """The filter that a text such as ``anomaly_type=flood,cloud_cover<10;level=L1C`` stands for, to be widened.

    Raises:
        RequestInvalid: a condition does not parse or names an unknown property.
    """
    if not text.strip():
        return All(())
    return Any(tuple(All(tuple(_comparison(one) for one in each.split(","))) for each in text.split(";")))


def _comparison(text: str) -> Comparison:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise RequestInvalid(f"filter: {text.strip()!r} is no condition; write NAME OPERATOR VALUE, as cloud_cover<10")
    name, operator, value = match.groups()
    return Comparison(_name(name), _OPERATORS[operator], value)


def _name(text: str) -> str:
    """A declared property, or a word that ``meaning`` has to look up."""
    return text if text == CONCEPT or expanded(text) is not None else property_named(text).name

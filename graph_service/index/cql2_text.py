"""CQL2 text as CQL2 JSON."""

import re
from typing import Any

import cql2

from graph_service.errors import RequestInvalid

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
"""Texts and quoted names, each of which may hold the other's quotation mark."""
_OPERATOR = re.compile(r"not|in|like|is|between|div|[-+*/%^|(]|[<>=!]+", re.IGNORECASE)
_NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
_POSITION = re.compile(rf"(?<=[(,])\s*{_NUMBER}(?:\s+{_NUMBER}){{0,3}}\s*(?=[,)])")
"""A number or a position of a geometry between brackets or commas, whose signs nest nothing."""
_DEEPEST = 8
"""Brackets in brackets; the parser takes twice as long for each further one, half a second for 18."""
_MOST_OPERATORS = 1000
"""Operators, signs and brackets; the parser overflows the stack, which ends the process, at 3,000 in a row."""
_JOINT = re.compile(r"and|or", re.IGNORECASE)
_MOST_JOINTS = 4000
"""AND and OR, of which 16,000 in a row overflow the parser's stack; in names they count as well."""
_FAULT = re.compile(r"--> (\d+):(\d+).*= (.*)", re.DOTALL)


def parsed(text: str, place: str) -> Any:
    """The CQL2 JSON that a CQL2 text says.

    Args:
        text: of the request.
        place: where the request has it; what is wrong is told with it.

    Raises:
        RequestInvalid: it does not parse, or is too complex to be parsed.
    """
    if not is_unicode(text):
        raise RequestInvalid(f"{place}: is not a text")
    _require_simple(_QUOTED.sub("", text), place)
    try:
        return cql2.Expr(text).to_json()
    except Exception as cause:  # the library raises no narrower class
        fault = _FAULT.search(str(cause))
        line, column, wanted = fault.groups() if fault else ("1", "1", str(cause))
        where = f"line {line}, character {column}"
        raise RequestInvalid(f"{place}: is not CQL2 text: {where}: {' '.join(wanted.split())}") from cause


def is_unicode(text: str) -> bool:
    """Whether a JSON string is Unicode text, which one with half a surrogate pair is not."""
    return not re.search("[\ud800-\udfff]", text)


def _require_simple(bare: str, place: str) -> None:
    """Refuse what would cost the parser too much.

    Args:
        bare: a CQL2 text without its quoted texts and names.
        place: where the request has it.
    """
    depth = deepest = 0
    for bracket in re.findall(r"[()]", bare):
        depth += 1 if bracket == "(" else -1
        deepest = max(depth, deepest)
    if deepest > _DEEPEST:
        raise RequestInvalid(
            f"{place}: has brackets nested {deepest} deep; a text may have {_DEEPEST}, write it as cql2-json"
        )
    if len(_OPERATOR.findall(_POSITION.sub("", bare))) > _MOST_OPERATORS:
        raise RequestInvalid(
            f"{place}: has more than {_MOST_OPERATORS} operators, signs and brackets, as many as a text may have; "
            "use IN for lists, or write it as cql2-json"
        )
    if len(_JOINT.findall(bare)) > _MOST_JOINTS:
        raise RequestInvalid(
            f"{place}: has more than {_MOST_JOINTS} times AND or OR; use IN for lists, or write it as cql2-json"
        )

"""What a query or an update must not hold: clauses that would reach the network.

The engine (pyoxigraph 0.5) offers neither a switch for SERVICE and LOAD nor its
parser, and it reads more than the grammar allows: keywords need no blank behind
them (``SERVICEex:a {`` and ``1SERVICE<a>{`` are clauses to it), and it decodes
``\\u`` escapes in strings and IRIs alone, where SPARQL 1.1, 19.2 has them decoded
before anything else. So a text is read both ways, and what can be understood in
two ways is refused when one of them is dangerous.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Literal, get_args

from graph_service.errors import QueryInvalid
from graph_service.store.sparql_tokens import Token, tokens

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_ESCAPE = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = re.compile("SERVICE", re.IGNORECASE)
_LOAD = re.compile("LOAD", re.IGNORECASE)
_HIERARCHICAL = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_PROLOGUE = re.compile(r"(BASE|PREFIX|VERSION)$", re.IGNORECASE)
_END = Token("sign", "", -1)
_LONGEST = 1_000_000
"""Characters of a text with a dangerous word in it, wherever; they are read one by one, in the process of everybody."""


def guard(text: str) -> None:
    """Pass a query that stays within the catalogue.

    Raises:
        QueryInvalid: it has a SERVICE clause, or an escape that is no character.
    """
    for reading in _readings(text):
        _refuse_service(reading)


def guard_update(text: str) -> None:
    """Pass an update that stays within the catalogue.

    Raises:
        QueryInvalid: it has a LOAD or a SERVICE, or an escape that is no character.
    """
    for reading in _readings(text):
        _refuse_service(reading)
        _refuse_load(reading)


def query_form(text: str) -> Form:
    """The form of a query: its first keyword behind the prologue.

    Raises:
        QueryInvalid: it has none, as when it is an update.
    """
    for token in _significant(text):
        if token.kind == "word" and not _PROLOGUE.match(token.text):
            for form in get_args(Form):
                if token.text.upper().startswith(form):
                    return form  # type: ignore[no-any-return]  # get_args loses the type
            expected = "SELECT, ASK, CONSTRUCT or DESCRIBE is expected; updates are not queries"
            raise QueryInvalid(f"{_place(text, token)}: {token.text[:40]!r}, where {expected}")
    raise QueryInvalid("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")


def _readings(text: str) -> set[str]:
    """A text as the engine takes it and as SPARQL demands it."""
    return {text, _ESCAPE.sub(_character, text)}


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    if digits is None:
        return escape[0]
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        # The engine then reads the string that holds it in another way.
        raise QueryInvalid(f"the escape {escape[0]} is no Unicode character")
    return chr(code)


def _significant(text: str) -> Iterator[Token]:
    return (token for token in tokens(text) if token.kind != "comment")


def _with_following(text: str) -> Iterator[tuple[Token, Token]]:
    return pairwise(chain(_significant(text), [_END]))


def _refuse_service(text: str) -> None:
    last = max((match.start() for match in _SERVICE.finditer(text)), default=-1)
    if last < 0:
        return
    _ensure_readable(text, "SERVICE")
    for token, following in _with_following(text):
        if (
            (token.kind == "word" and _SERVICE.search(token.text))
            or (token.kind == "prefixed" and _SERVICE.search(_prefix(token)) and following.text == "{")
            or (token.start < last and _may_be_less_than(token))
        ):
            part = repr(token.text[:60])
            raise QueryInvalid(f"{_place(text, token)}: SERVICE is not allowed; {part} is, or may be read as, one")


def _refuse_load(text: str) -> None:
    if not _LOAD.search(text):
        return
    _ensure_readable(text, "LOAD")
    depth = 0
    for token, following in _with_following(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        # In braces, and before the IRI of its declaration, a name is nothing but a name.
        is_name = token.kind == "prefixed" and (depth > 0 or following.kind == "iri")
        if (token.kind == "word" and _LOAD.search(token.text)) or (
            token.kind == "prefixed" and not is_name and _LOAD.search(_prefix(token))
        ):
            raise QueryInvalid(f"{_place(text, token)}: LOAD is not allowed; {token.text[:60]!r} may be read as one")


def _ensure_readable(text: str, word: str) -> None:
    if len(text) > _LONGEST:
        raise QueryInvalid(f"a text with the word {word} in it may have {_LONGEST:,} characters, not {len(text):,}")


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _may_be_less_than(token: Token) -> bool:
    """Whether the engine may read an IRI as a comparison, and what is behind it as part of a string or comment.

    ``FILTER(?a<?b)SERVICE?c#>`` with a brace on the next line is such a text. No
    expression holds two slashes in a row, so that an IRI with an authority is safe.
    """
    return token.kind == "iri" and ("#" in token.text or "'" in token.text) and _HIERARCHICAL.match(token.text) is None


def _place(text: str, token: Token) -> str:
    line = text.count("\n", 0, token.start) + 1
    return f"line {line}, column {token.start - text.rfind(chr(10), 0, token.start)}"

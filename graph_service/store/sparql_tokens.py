"""The tokens of a SPARQL query or update, as far as they tell keywords from everything else.

Every pattern is possessive or cannot match a text twice, so that the time is
linear in the length of the text. Source: SPARQL 1.1, 19.8 Grammar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["comment", "string", "iri", "variable", "prefixed", "word", "sign"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; blanks are left out."""

    kind: Kind
    text: str
    start: int
    """Characters before it."""


NAME_START = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME_MORE = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
"""Characters that names begin with and, beside them and ``_``, go on with; those of XML, which adds ``-`` and ``.``."""

_CODE_POINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_CODE_POINT}"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\r\n]*+ )
    | (?P<string> '''(?:'{{0,2}}+(?:[^'\\]|{_ESCAPE}))*+'''
                | \"\"\"(?:\"{{0,2}}+(?:[^\"\\]|{_ESCAPE}))*+\"\"\"
                | '(?:[^'\\\r\n]|{_ESCAPE})*+'
                | \"(?:[^\"\\\r\n]|{_ESCAPE})*+\" )
    | (?P<iri> <(?:[^<>\"{{}}|^`\\\x00-\x20]|{_CODE_POINT})*+> )
    | (?P<variable> [?$][{NAME_START}_0-9][{NAME_START}_{NAME_MORE}]*+ )
    | (?P<prefixed> (?:[{NAME_START}_][{NAME_START}_{NAME_MORE}.-]*+)?:(?:(?:[{NAME_START}_0-9:]|{_LOCAL_ESCAPE})
                    (?:[{NAME_START}_{NAME_MORE}.:-]|{_LOCAL_ESCAPE})*+)? )
    | (?P<word> [{NAME_START}_][{NAME_START}_{NAME_MORE}.-]*+ )
    | (?P<sign> [^\s] )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, one after the other.

    A quote or an angle bracket that nothing closes is a sign, as the engine has it,
    which then reads on behind it. A word is as long as a name with dots can be.
    """
    for match in _TOKEN.finditer(text):
        yield Token(cast(Kind, match.lastgroup), match.group(), match.start())


def place_of(text: str, token: Token) -> str:
    """The line and the column of a token, both counted from one."""
    line = text.count("\n", 0, token.start) + 1
    return f"line {line}, column {token.start - text.rfind(chr(10), 0, token.start)}"

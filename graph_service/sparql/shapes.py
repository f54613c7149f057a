"""The shape of a query: its text with placeholders for its constants, so that it is parsed once for all of them.

Constants are strings, numbers without their sign (what a sign belongs to depends on what
is before it), and absolute IRIs but for those of prefixes, bases and calls, so that a
shape tells which functions are called. A placeholder is a constant of the same terminal of
the grammar, none of whose rules looks into one. Source: SPARQL 1.1, 19.8 Grammar.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast

from graph_service.errors import QueryInvalid
from graph_service.store.sparql_tokens import NAME_MORE, NAME_START

Kind = Literal["string", "iri", "integer", "decimal", "double"]

_MARK = "8612347"
"""Stands in every placeholder; a text that has it as well has no shape."""
_PLACEHOLDERS: dict[Kind, str] = {
    # A blank keeps a string from running into one before it.
    "string": ' "{}"',
    "iri": "<urn:{}>",
    "integer": "{}",
    "decimal": "{}.5",
    "double": "{}e0",
}
_CODE_POINT = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SPECIAL = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}

_IN_IRI = r"[^<>\"{}|^`\\\x00-\x20]"
_ABSOLUTE = r"[A-Za-z][A-Za-z0-9+.-]*://"
_ESCAPE = r"\\[tbnrf\\\"']"
_EXPONENT = "[eE][+-]?[0-9]+"
_PIECE = re.compile(
    rf"""
    (?P<kept> (?:
        [\s;,(){{}}\[\]=!&|*/+^@>-]++
      | [?$](?:[{NAME_START}_0-9][{NAME_START}_{NAME_MORE}]*+)?
      | [Bb][Aa][Ss][Ee] \s*+ <{_IN_IRI}*+>
      | (?:[{NAME_START}_][{NAME_START}_{NAME_MORE}.-]*+)?:
        (?: \s*+ <{_IN_IRI}*+> | (?:[{NAME_START}_{NAME_MORE}.:%-] | \\[_~.\-!$&\"'()*+,;=/?\#@%])*+ )
      | [{NAME_START}_][{NAME_START}_{NAME_MORE}.-]*+
      | \.[0-9]*+ (?:{_EXPONENT})?
      | <(?!{_IN_IRI}*+>)
      | <(?!{_ABSOLUTE}) (?: (?![\#']) {_IN_IRI} )*+>
      | <{_ABSOLUTE}{_IN_IRI}*+> (?=\s*+[(\#])
    )*+ )
    (?: (?P<string> '''(?:'{{0,2}}+(?:[^'\\]|{_ESCAPE}))*+'''
                  | \"\"\"(?:\"{{0,2}}+(?:[^\"\\]|{_ESCAPE}))*+\"\"\"
                  | '(?:[^'\\\n\r]|{_ESCAPE})*+' | \"(?:[^\"\\\n\r]|{_ESCAPE})*+\" )
      | (?P<iri> <{_ABSOLUTE}{_IN_IRI}*+> )
      | (?> (?P<double> [0-9]+(?:\.[0-9]*)?{_EXPONENT} ) | (?P<decimal> [0-9]+\.[0-9]+ ) | (?P<integer> [0-9]+ ) )
        (?! [{NAME_START}_] )
      | (?P<comment> \#[^\r\n]*+ )
      | (?P<end> \Z ) )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of a query."""

    kind: Kind
    text: str
    """As it is written, with its quotes or angle brackets."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a text, and what fills it."""

    text: str
    """With placeholders, and without comments; texts of the same shape have the same one."""
    constants: tuple[Constant, ...]
    """In order."""
    stretches: tuple[tuple[int, int], ...]
    """Where what was kept begins, in the shape and in the text."""

    def place(self, offset: int) -> int:
        """Characters of the text before the place that has so many before it in the shape."""
        in_shape, in_text = max(one for one in self.stretches if one[0] <= offset)
        following = min((one[1] for one in self.stretches if one[0] > offset), default=in_text + offset - in_shape)
        return min(in_text + offset - in_shape, following)


def shape_of(text: str, longest: int) -> Shape | None:
    """The shape of a text; None where it is too long, or where it cannot be told which parts are constants.

    Args:
        text: SPARQL without escapes of code points, see ``decoded``.
        longest: characters that the shape may have.
    """
    if _MARK in text:
        return None
    pieces: list[str] = []
    constants: list[Constant] = []
    stretches: list[tuple[int, int]] = []
    start, length = 0, 0
    while (found := _PIECE.match(text, start)) is not None:
        kept, name = found["kept"], found.lastgroup
        stretches.append((length, start))
        pieces.append(kept)
        if name == "end":
            whole = "".join(pieces)
            return Shape(whole, tuple(constants), tuple(stretches)) if len(whole) <= longest else None
        if name == "comment":
            pieces.append(" ")
        else:
            kind = cast(Kind, name)
            pieces.append(placeholder(kind, len(constants)))
            constants.append(Constant(kind, found[kind]))
        length += len(kept) + len(pieces[-1])
        if length > longest:
            break
        start = found.end()
    return None


def placeholder(kind: Kind, rank: int) -> str:
    """What stands for the constant with so many before it."""
    return _PLACEHOLDERS[kind].format(f"{_MARK}{rank:04d}")


def decoded(text: str) -> str:
    """A text with its escapes of code points as characters, as the engine reads them: none ends a string.

    Raises:
        QueryInvalid: one is no character.
    """
    return _CODE_POINT.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    if digits is None:
        return escape[0]
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise QueryInvalid(f"the escape {escape[0]} is no Unicode character")
    return _SPECIAL.get(chr(code), chr(code))

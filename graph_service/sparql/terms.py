"""Terms as SPARQL text."""

import re
from typing import Any

from rdflib import BNode, Literal, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.plugins.sparql.parserutils import CompValue

_PLAIN_NUMBER = {XSD.integer: re.compile(r"[+-]?[0-9]+"), XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+")}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_INFINITE = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}


def term_text(term: Any) -> str:
    """An IRI, a prefixed name, a literal, a blank node, a variable, or a word such as ``UNDEF``."""
    if isinstance(term, CompValue):
        return _TEXT_OF_NODE[term.name](term)
    if isinstance(term, URIRef):
        return f"<{term}>"
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, BNode):
        return f"_:{term}"
    if isinstance(term, Literal):
        return _literal(term)
    return str(term)


def string_text(value: str) -> str:
    """A string between quotes."""
    return f'"{value.translate(_ESCAPED)}"'


def _literal(literal: Literal) -> str:
    lexical = str(literal)
    number = None if literal.datatype is None else _PLAIN_NUMBER.get(literal.datatype)
    if literal.datatype == XSD.boolean or (number is not None and number.fullmatch(lexical)):
        return lexical
    typed = f"^^<{literal.datatype}>" if literal.datatype else ""
    return string_text(_INFINITE.get(lexical, lexical) if typed else lexical) + typed


def _written_literal(node: CompValue) -> str:
    if node.lang is not None:
        return f"{string_text(str(node.string))}@{node.lang}"
    typed = "" if node.datatype is None else f"^^{term_text(node.datatype)}"
    return string_text(str(node.string)) + typed


def _prefixed_name(node: CompValue) -> str:
    return f"{node.prefix or ''}:{node.localname or ''}"


_TEXT_OF_NODE = {"literal": _written_literal, "pname": _prefixed_name}
TERM_NODES = frozenset(_TEXT_OF_NODE)
"""Names of the nodes that are terms."""

"""SPARQL 1.1 queries: text to tree, and tree to text.

A tree is what rdflib's parser gives: nodes with a name and named parts, terms of
rdflib, and lists. It is the syntax, not the algebra, so that what is not rewritten
stays as it was written, but for brackets, abbreviated triples and the form of numbers.
"""

import re
from dataclasses import dataclass
from typing import Any

from pyparsing import ParseBaseException
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.sparql.expressions import expression_text
from graph_service.sparql.forms import form_text
from graph_service.sparql.grammar import query_grammar
from graph_service.sparql.patterns import pattern_text
from graph_service.sparql.terms import TERM_NODES, term_text

LONGEST = 20_000
"""Characters of a query that is parsed here; that many take a third of a second, and no deadline holds meanwhile."""

_CODE_POINT = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SPECIAL = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Query:
    """A query, parsed."""

    prologue: tuple[CompValue, ...]
    """Declarations of bases and prefixes, in order."""
    body: CompValue


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        QueryInvalid: it is no SPARQL 1.1 query, is longer than ``LONGEST`` or nested too deeply.
    """
    if len(text) > LONGEST:
        raise QueryInvalid(f"a query that is rewritten may have {LONGEST:,} characters; this one has {len(text):,}")
    try:
        prologue, body = query_grammar().parse_string(_CODE_POINT.sub(_character, text), parse_all=True)
    except ParseBaseException as cause:
        found = cause.line[cause.column - 1 :][:40] or "the end"
        raise QueryInvalid(
            f"line {cause.lineno}, column {cause.column}: {found!r} is not SPARQL 1.1, which alone can be rewritten"
        ) from cause
    except RecursionError as cause:
        raise QueryInvalid("the query is nested too deeply to be rewritten") from cause
    return Query(tuple(prologue), body)


def text_of(query: Query) -> str:
    """A query as text."""
    return " ".join([*(_declaration(one) for one in query.prologue), node_text(query.body)])


def node_text(node: Any) -> str:
    """A term, an expression, a pattern or a query as text.

    Raises:
        QueryInvalid: a node is none that SPARQL 1.1 has.
    """
    if not isinstance(node, CompValue) or node.name in TERM_NODES:
        return term_text(node)
    for form in (expression_text, pattern_text, form_text):
        if (text := form(node, node_text)) is not None:
            return text
    raise QueryInvalid(f"{node.name}: the query has a form that SPARQL 1.1 does not know")


def _declaration(node: CompValue) -> str:
    if node.name == "Base":
        return f"BASE {term_text(node.iri)}"
    return f"PREFIX {node.prefix or ''}: {term_text(node.iri)}"


def _character(escape: re.Match[str]) -> str:
    # As the engine reads it: in strings a character, never the end of one.
    digits = escape[1] or escape[2]
    if digits is None:
        return escape[0]
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise QueryInvalid(f"the escape {escape[0]} is no Unicode character")
    return _SPECIAL.get(chr(code), chr(code))

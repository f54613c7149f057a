"""SPARQL 1.1 queries: text to tree, and tree to text.

A tree is what rdflib's parser gives: nodes with a name and named parts, terms of
rdflib, and lists. It is the syntax, not the algebra, so that what is not rewritten
stays as it was written, but for brackets, abbreviated triples and the form of numbers.
"""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from pyparsing import ParseBaseException
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.sparql.expressions import expression_text
from graph_service.sparql.forms import form_text
from graph_service.sparql.grammar import query_grammar
from graph_service.sparql.kept import Kept
from graph_service.sparql.patterns import pattern_text
from graph_service.sparql.shapes import Shape, decoded, shape_of
from graph_service.sparql.templates import Template, template_of
from graph_service.sparql.terms import TERM_NODES, term_text

LONGEST = 20_000
"""Characters of a query that is parsed here, its constants apart; that many take a fifth of a second, and no deadline
holds meanwhile."""
_KEPT = 10 * LONGEST
"""Characters of all texts whose trees are kept; a tree takes some 300 times as many bytes."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, parsed."""

    prologue: tuple[CompValue, ...]
    """Declarations of bases and prefixes, in order."""
    body: CompValue
    shape: Shape | None = None
    """Of the text that it was parsed from; None where that has none, and of what was made from another query."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """That texts of a shape do not parse."""

    offset: int
    """Characters of the shape before the place where they go wrong."""


@dataclass(frozen=True, slots=True)
class _Apart:
    """That texts of a shape are parsed one by one."""


_BY_SHAPE: Kept[Template | _Fault | _Apart] = Kept(_KEPT)
_BY_TEXT: Kept[Query] = Kept(_KEPT)


def shape_in(text: str) -> Shape | None:
    """The shape of a query, in a hundredth of a millisecond; None where it has none, or is none."""
    try:
        return shape_of(decoded(text), LONGEST)
    except QueryInvalid:
        return None


def parse(text: str) -> Query:
    """The tree of a query, which nobody may change: others may have parts of it as well.

    A text of a shape that was met before takes a tenth of a millisecond, another one some milliseconds.

    Raises:
        QueryInvalid: it is no SPARQL 1.1 query, is longer than ``LONGEST`` or nested too deeply.
    """
    characters = decoded(text)
    try:
        shape = shape_of(characters, LONGEST)
        made = _Apart() if shape is None else _of_shape(shape, characters)
        if isinstance(made, _Fault):
            assert shape is not None
            raise _fault(characters, shape.place(made.offset))
        if isinstance(made, Template) and shape is not None:
            prologue, body = made.filled(shape.constants)
            return Query(prologue, body, shape)
        return _parsed_for_itself(characters)
    except ParseBaseException as cause:
        raise _fault(characters, cause.loc) from cause
    except RecursionError as cause:
        raise QueryInvalid("the query is nested too deeply to be rewritten") from cause
    except (TypeError, ValueError) as cause:
        raise QueryInvalid(f"the query has a number that cannot be read: {cause}") from cause


def _of_shape(shape: Shape, text: str) -> Template | _Fault | _Apart:
    """What is kept for a shape, made with the first text of it."""
    if (kept := _BY_SHAPE.get(shape.text)) is None:
        kept = _made(shape, text)
        _BY_SHAPE.put(shape.text, kept)
    return kept


def _made(shape: Shape, text: str) -> Template | _Fault | _Apart:
    try:
        prologue, body = _read(shape.text, comments=False)
    except ParseBaseException as cause:
        # Whether it is the text that does not parse, or only its shape, is seen once.
        try:
            _parsed_for_itself(text)
        except ParseBaseException:
            return _Fault(cause.loc)
        return _Apart()
    return template_of((tuple(prologue), body), shape.constants) or _Apart()


def _read(text: str, *, comments: bool) -> tuple[Any, Any]:
    """Prologue and body of a query, read in a thread of its own.

    The parser leaves its frames to the collector of garbage, and with them whatever its callers hold, which may be
    results of the engine: those have to be let go of in the thread that made them.
    """
    grammar, context = query_grammar(comments=comments), copy_context()
    with ThreadPoolExecutor(max_workers=1) as apart:
        prologue, body = apart.submit(context.run, grammar.parse_string, text, parse_all=True).result()
    return prologue, body


def _parsed_for_itself(text: str) -> Query:
    if (kept := _BY_TEXT.get(text)) is not None:
        return kept
    if len(text) > LONGEST:
        raise QueryInvalid(
            f"a query that is rewritten may have {LONGEST:,} characters beside its constants; this one has more"
        )
    prologue, body = _read(text, comments=True)
    made = Query(tuple(prologue), body)
    _BY_TEXT.put(text, made)
    return made


def _fault(text: str, offset: int) -> QueryInvalid:
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    found = text[offset:].partition("\n")[0][:40] or "the end"
    return QueryInvalid(f"line {line}, column {column}: {found!r} is not SPARQL 1.1, which alone can be rewritten")


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

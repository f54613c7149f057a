"""The grammar of SPARQL 1.1 queries: rdflib's, in a copy of our own with some rules mended."""

import copy
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from pyparsing import (
    And,
    FollowedBy,
    Forward,
    MatchFirst,
    Optional,
    ParserElement,
    ParseResults,
    Regex,
    Suppress,
    ZeroOrMore,
    rest_of_line,
)
from rdflib import Literal
from rdflib.compat import decodeUnicodeEscape
from rdflib.plugins.sparql import parser
from rdflib.plugins.sparql.parserutils import Comp, Param, ParamList

from graph_service.sparql.patience import ensure_time


@cache
def query_grammar(*, comments: bool = True) -> ParserElement:
    """The rules of a query; made when a query is first parsed, which takes some 50 ms.

    Args:
        comments: whether a text may have some; to look for them before each token takes half of the time.
    """
    # What stands for "not there" is told by its identity, so that it must not be copied.
    absent = Optional("x").defaultValue
    copies: dict[int, Any] = {id(absent): absent}
    grammar = copy.deepcopy(parser.QueryUnit, copies)
    # rdflib 7.6 forgets the property of ^p within !(...).
    one_of_set = cast(MatchFirst, copies[id(parser.PathOneInPropertySet)])
    cast(Comp, one_of_set.exprs[-1]).expr = "^" + Param("part", one_of_set.exprs[0])
    # It takes a quote with a backslash before it within quotes of its own kind alone.
    cast(MatchFirst, copies[id(parser.String)]).exprs = [_string(quotes) for quotes in ("'''", '"""', "'", '"')]
    # It cannot negate a decimal.
    for negative in (parser.INTEGER_NEGATIVE, parser.DECIMAL_NEGATIVE, parser.DOUBLE_NEGATIVE):
        copies[id(negative)].set_parse_action(lambda found: signed_number("-", found[0]))
    # A rule of this name searches the whole text again for each SERVICE, and for ever where one is within another.
    service = cast(Comp, copies[id(parser.ServiceGraphPattern)])
    service.name = "Service"
    service.add_parse_action(_named_service)
    # It reads the triples of a block by recursion, and some 80 of them exhaust Python's stack.
    for block, name, triples in _LISTS:
        one = copies[id(triples)]
        cast(Forward, copies[id(block)]).__ilshift__(
            ParamList(name, one) + ZeroOrMore(Suppress(".") + Optional(ParamList(name, one)))
        )
    if comments:
        grammar.ignore("#" + rest_of_line)
    else:
        for element in _elements(grammar):
            element.ignoreExprs = []
    # Tabs in strings stay tabs.
    grammar.parse_with_tabs()
    # Otherwise two threads that parse first with it would both do this.
    grammar.streamline()
    for one in copies.values():
        if isinstance(one, Comp):
            one.add_parse_action(_ensure_time)
    primary = cast(MatchFirst, copies[id(parser.PrimaryExpression)])
    primary.exprs = _likeliest_first(primary.exprs)
    return grammar


def _ensure_time() -> None:
    ensure_time()


def _elements(grammar: ParserElement) -> Iterable[ParserElement]:
    """The rules of a grammar, each once."""
    found: dict[int, ParserElement] = {}
    pending = [grammar]
    while pending:
        element = pending.pop()
        if id(element) not in found:
            found[id(element)] = element
            parts = [*getattr(element, "exprs", ()), getattr(element, "expr", None)]
            pending.extend(one for one in parts if isinstance(one, ParserElement))
    return found.values()


def _likeliest_first(alternatives: list[ParserElement]) -> list[ParserElement]:
    """Alternatives of an expression of one part: no text begins two of them, and most expressions are variables.

    Some sixty are calls of functions with a keyword for a name, which is not followed by the colon of a prefix.
    """
    *others, variable = alternatives
    keywords = [one for one in others if str(one.name).startswith(("Builtin_", "Aggregate_"))]
    words = And([FollowedBy(Regex("[A-Za-z]")), MatchFirst(keywords)])
    words.streamline()
    return [variable, *(one for one in others if one not in keywords), words]


def signed_number(sign: str, number: Literal) -> Literal:
    """The literal that a sign and a number behind it, without a blank, are."""
    return Literal(sign + number, datatype=number.datatype) if sign else number


def _string(quotes: str) -> ParserElement:
    length, escape = len(quotes), r"\\[tbnrf\\\"']"
    if length == 3:
        one = quotes[0]
        pattern = rf"{quotes}(?:(?:{one}{{1,2}}(?!{one}))?(?:[^{one}\\]|{escape}))*{quotes}"
    else:
        # Two quotes are no empty string where a third makes them the beginning of a long one.
        pattern = rf"{quotes}(?:(?:[^{quotes}\\\n\r]|{escape})+{quotes}|{quotes}(?!{quotes}))"
    return Regex(pattern).set_parse_action(lambda found: Literal(decodeUnicodeEscape(found[0][length:-length])))


def _named_service(found: ParseResults) -> None:
    found[0].name = "ServiceGraphPattern"


_LISTS = (
    (parser.TriplesBlock, "triples", parser.TriplesSameSubjectPath),
    (parser.ConstructTriples, "template", parser.TriplesSameSubject),
)

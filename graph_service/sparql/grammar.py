"""The grammar of SPARQL 1.1 queries: rdflib's, in a copy of our own with some rules mended."""

import copy
from functools import cache
from typing import Any, cast

from pyparsing import (
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


@cache
def query_grammar() -> ParserElement:
    """The rules of a query; made when a query is first parsed, which takes some 50 ms."""
    # What stands for "not there" is told by its identity, so that it must not be copied.
    absent = Optional("x").defaultValue
    copies: dict[int, Any] = {id(absent): absent}
    grammar = copy.deepcopy(parser.QueryUnit, copies)
    # rdflib 7.6 forgets the property of ^p within !(...).
    one_of_set = cast(MatchFirst, copies[id(parser.PathOneInPropertySet)])
    cast(Comp, one_of_set.exprs[-1]).expr = "^" + Param("part", one_of_set.exprs[0])
    # It takes a quote with a backslash before it within quotes of its own kind alone.
    cast(MatchFirst, copies[id(parser.String)]).exprs = [_string(quotes) for quotes in ("'''", '"""', "'", '"')]
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
    grammar.ignore("#" + rest_of_line)
    # Tabs in strings stay tabs.
    grammar.parse_with_tabs()
    # Otherwise two threads that parse first with it would both do this.
    grammar.streamline()
    return grammar


def _string(quotes: str) -> ParserElement:
    plain = f"[^{quotes[0]}\\\\]" if len(quotes) == 3 else f"[^{quotes}\\\\\\n\\r]"
    inner = f"(?:{quotes[0]}{{1,2}}(?!{quotes[0]}))?" if len(quotes) == 3 else ""
    # A single quote ends no empty string where two more of them begin a long one.
    behind = "" if len(quotes) == 3 else f"(?!{quotes})"
    pattern = rf"{quotes}(?:{inner}(?:{plain}|\\[tbnrf\\\"']))*{quotes}{behind}"
    length = len(quotes)
    return Regex(pattern).set_parse_action(lambda found: Literal(decodeUnicodeEscape(found[0][length:-length])))


def _named_service(found: ParseResults) -> None:
    found[0].name = "ServiceGraphPattern"


_LISTS = (
    (parser.TriplesBlock, "triples", parser.TriplesSameSubjectPath),
    (parser.ConstructTriples, "template", parser.TriplesSameSubject),
)

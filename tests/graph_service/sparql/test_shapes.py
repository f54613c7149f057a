"""A query that is parsed by its shape has the tree of the query itself, whatever its constants are."""

import string
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyparsing import ParseException, ParseResults
from rdflib import BNode, Literal
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.sparql.grammar import query_grammar
from graph_service.sparql.shapes import Shape, decoded, shape_of
from graph_service.sparql.syntax import LONGEST, parse, text_of
from tests.graph_service.sparql.query_table import PREFIXES, table


def plain(node: Any, names: dict[BNode, int]) -> Any:
    """A tree as nothing but tuples: what kind each node is, and what it says; blank nodes by their order."""
    if isinstance(node, CompValue):
        return node.name, tuple((key, plain(value, names)) for key, value in node.items())
    if isinstance(node, ParseResults | list | tuple):
        return tuple(plain(one, names) for one in node)
    if isinstance(node, BNode):
        return names.setdefault(node, len(names))
    if isinstance(node, Literal):
        return str(node), node.datatype, node.language
    return type(node), str(node)


def parsed_for_itself(text: str) -> Any:
    prologue, body = query_grammar().parse_string(decoded(text), parse_all=True)
    return plain((prologue, body), {})


def parsed_by_shape(text: str) -> Any:
    query = parse(text)
    assert query.shape is not None
    return plain((query.prologue, query.body), {})


def shape(text: str) -> Shape:
    found = shape_of(decoded(text), LONGEST)
    assert found is not None
    return found


@pytest.mark.parametrize("query", table())
def test_each_form_of_query_has_the_tree_that_it_has_for_itself(query: str) -> None:
    for _ in range(2):
        assert parsed_by_shape(query) == parsed_for_itself(query)


QUERY = """# of ?a "thing"
PREFIX ex: <http://example.org/> BASE <http://base.test/>
SELECT ?s (?n {sign}{number} AS ?m) ('''{long}''' AS ?k) {{ # {{ "comment
  ?s ex:p {string}, {string}@en-GB, {string}^^xsd:date, {string}^^<http://example.org/t>, {closed}{number} ;
     <{iri}> {other_string}, <relative> . ex:a.b-1 ?p5 _:b1 .
  VALUES (?x ?y) {{ ({number} UNDEF) ({closed}{number} {string}) }} VALUES ?z {{ 'x'"y"{other_string} 7 }}
  FILTER(?x <{number} && {sign}{number}>?y || ?x IN ({number},{number}, {string}) || 1{sign}{number} != -{number})
  FILTER(<http://example.org/f>({string}, <{iri}>) || REGEX(STR(?s), {string}, "i"))
}} GROUP BY ?s HAVING(GROUP_CONCAT(?x; SEPARATOR={string}) = {string}) ORDER BY ?s LIMIT {whole} OFFSET {whole}"""
CHARACTERS = st.text(st.sampled_from("ab é\t{}<>#?@^^.,;'\\\"\n\r5-") | st.characters(exclude_categories=["Cs"]))
ESCAPED = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r"}
NUMBERS = st.from_regex(r"[0-9]{1,3}|[0-9]{1,2}\.[0-9]{1,3}|[0-9]{1,2}(\.[0-9]?)?[eE][+-]?[0-9]{1,2}", fullmatch=True)


@st.composite
def strings(draw: st.DrawFn) -> str:
    """A string as it may be written, between quotes of one of the four kinds."""
    value = draw(CHARACTERS)
    quotes = draw(st.sampled_from(['"', "'", '"""', "'''"]))
    if len(quotes) == 3 and draw(st.booleans()) and "\\" not in value and quotes[0] not in value:
        return quotes + value + quotes
    written = "".join(ESCAPED.get(one, one) for one in value)
    if draw(st.booleans()):
        written += draw(st.sampled_from([r"\u0041", r"\U0001F600", r"\u0022", r"\t\f\b", r"\\u0041"]))
    return quotes + written + quotes


@given(
    string=strings(),
    other_string=strings(),
    number=NUMBERS,
    sign=st.sampled_from(["+", "-", " - ", " + "]),
    closed=st.sampled_from(["", "+", "-"]),
    iri=st.text(string.ascii_letters + "#?&=/.-_~%25'()", max_size=12).map("https://example.org/".__add__),
    whole=st.integers(0, 10**12),
    long=CHARACTERS.map(lambda text: text.replace("\\", "").replace("'", "")),
)
@settings(max_examples=150, deadline=None)
def test_whatever_its_constants_are_a_query_has_the_tree_that_it_has_for_itself(**constants: Any) -> None:
    text = QUERY.format(**constants)
    try:
        for_itself = parsed_for_itself(text)
    except ParseException:
        event("it does not parse")
        with pytest.raises(QueryInvalid):
            parse(text)
    else:
        query = parse(text)
        assert plain((query.prologue, query.body), {}) == for_itself


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * { ?s ?p 1 }", "SELECT * { ?s ?p 2000 }"),
        ("SELECT * { ?s ?p -1 }", "SELECT * { ?s ?p -2 }"),
        ("SELECT * { ?s ?p 1.5 }", "SELECT * { ?s ?p 0.25 }"),
        ("SELECT * { ?s ?p 1e3 }", "SELECT * { ?s ?p 1.5E-3 }"),
        ("SELECT * { ?s ?p 'a' } # b", "SELECT * { ?s ?p '''it's \"c\" ''' } # d"),
        ("SELECT * { ?s ?p <http://a.test/#b> } LIMIT 1", "SELECT * { ?s ?p <http://c.test/'d'> } LIMIT 20"),
    ],
)
def test_queries_that_differ_in_constants_alone_have_one_shape(one: str, other: str) -> None:
    assert shape(one).text == shape(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * { ?s ?p 1 }", "SELECT * { ?s ?p 1.0 }"),
        ("SELECT * { ?s ?p 1 }", "SELECT * { ?s ?p -1 }"),
        ("SELECT * { ?s ?p 1 }", "SELECT * { ?s ?p '1' }"),
        ("SELECT * { ?s ?p 'a' }", "SELECT * { ?s ?p 'a'@en }"),
        ("SELECT * { ?s ?p true }", "SELECT * { ?s ?p false }"),
        ("PREFIX : <http://a.test/> ASK { :a :b :c }", "PREFIX : <http://b.test/> ASK { :a :b :c }"),
        ("ASK { FILTER(<http://a.test/f>(1)) }", "ASK { FILTER(<http://a.test/g>(1)) }"),
        ("SELECT ?x1 { ?x1 ?p 1 }", "SELECT ?x2 { ?x2 ?p 1 }"),
    ],
)
def test_queries_that_differ_in_anything_else_have_different_shapes(one: str, other: str) -> None:
    assert shape(one).text != shape(other).text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTER(?a<?b&&?c='#>' && ?d = 5) ?s ?p 'x' }",
        "SELECT * { ?s ?p 86123470000 }",
        "SELECT * { ?s ?p 'unended }",
        "SELECT * { ?s ?p 5a }",
        "SELECT * { ?s <#here> 5 }",
    ],
)
def test_a_text_whose_constants_cannot_be_told_for_certain_has_no_shape(text: str) -> None:
    assert shape_of(text, LONGEST) is None


def test_a_comparison_that_looks_like_an_iri_is_a_comparison() -> None:
    text = "SELECT * { ?s ?p ?b, ?c FILTER(?a<?b&&?c>5) FILTER(?a <5&&?c> 7) FILTER(?a<?b&&?c='#>' && ?d = 5) }"
    assert plain(parse(text).body, {}) == plain(query_grammar().parse_string(text, parse_all=True)[1], {})


@pytest.mark.parametrize(("value", "line"), [("'a'", 3), ("'''longer\nand longer'''", 5)])
def test_a_mistake_is_named_by_its_place_in_the_text_whatever_was_asked_before(value: str, line: int) -> None:
    text = f"SELECT * {{ # first\n ?s ?p {value}, {value} .\n ?s ?p }}"
    for _ in range(2):
        with pytest.raises(QueryInvalid, match=rf"^line {line}, column 2: '\?s \?p }}' is not"):
            parse(text)


def test_a_long_polygon_does_not_make_a_query_too_long() -> None:
    ring = ",".join(f"{n / 10} 5" for n in range(20_000))
    text = f'SELECT * {{ ?s geo:asWKT ?w FILTER(geof:sfWithin(?w, "POLYGON(({ring}))"^^geo:wktLiteral)) }}'
    assert ring in text_of(parse(text))


def test_a_number_that_cannot_be_read_is_refused_or_kept_as_it_is() -> None:
    digits = "9" * 5_000
    assert digits in text_of(parse(f"SELECT * {{ ?s ?p -{digits} }}"))


def test_a_tree_that_was_given_away_is_as_it_was() -> None:
    query = PREFIXES + "SELECT ?s { ?s :depth 310 ; :name 'x' . FILTER(?s != <http://a.test/b>) }"
    before = text_of(parse(query))
    text_of(parse(query.replace("310", "311").replace("'x'", '"y"')))
    assert text_of(parse(query)) == before

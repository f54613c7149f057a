import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.sparql.matching import Patterns

TRIPLE = ox.Triple(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.NamedNode("http://e/o"))
LITERAL = ox.Triple(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("http://e/o"))
DECLARED = "PREFIX e: <http://e/> "


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ?p ?o",
        "e:s ?p ?o",
        "?s e:p e:o",
        "e:s e:p [ e:x ?y ]",
        "?a e:x/e:p ?b",
        "?a ^e:p ?b",
        "?a (e:x|e:p)+ ?b",
        "e:x e:p+ e:y",
        "?a e:x* ?b",
        "?a e:x? ?b",
        "?a !e:x ?b",
        "?a !(e:p|^e:x) ?b",
        "GRAPH ?g { }",
        "GRAPH e:g { ?s e:p ?o }",
        "?a e:x ?b OPTIONAL { ?a e:p ?c }",
        "?a e:x ?b MINUS { ?a e:p ?c }",
        "?a e:x ?b FILTER NOT EXISTS { ?b e:p ?c }",
        "{ ?a e:x ?b } UNION { ?a e:p ?b }",
        "{ SELECT (COUNT(*) AS ?n) { ?a e:p ?b } }",
        "BIND(EXISTS { ?a e:p ?b } AS ?x)",
    ],
)
def test_a_pattern_that_may_match_is_found(pattern: str) -> None:
    assert Patterns.of(f"{DECLARED} SELECT * {{ {pattern} }}").first_match([TRIPLE]) == TRIPLE


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "?s e:x ?o",
        "e:x ?p ?o",
        "?s ?p e:x",
        "e:o e:p e:s",
        "?a e:x/e:y ?b",
        "?a e:x+ ?b",
        "?a a e:p",
        "BIND(e:p AS ?p)",
        "VALUES ?p { e:p }",
        "GRAPH e:p { ?s e:x ?o }",
    ],
)
def test_a_pattern_that_cannot_match_is_passed_over(pattern: str) -> None:
    assert Patterns.of(f"{DECLARED} SELECT * {{ {pattern} }}").first_match([TRIPLE, LITERAL]) is None


def test_a_text_that_is_no_query_has_no_patterns() -> None:
    with pytest.raises(QueryInvalid):
        Patterns.of("SELECT * { ?s ?p ")

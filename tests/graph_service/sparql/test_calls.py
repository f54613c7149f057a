"""Calls that cannot be are named before the engine passes them over."""

import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.sparql.calls import KNOWN, ensure_calls_known
from ontology import terms

POINT = '"POINT(9 45)"^^geo:wktLiteral'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            f"ASK {{ FILTER(geof:sfIntersect({POINT}, {POINT})) }}",
            "line 1, column 14: .*geof:sfIntersect;.*geof:sfIntersects",
        ),
        (f"SELECT *\n{{ ?s ?p ?o\n  FILTER(geof:sfwithin(?o, {POINT})) }}", "line 3, column 10: .*geof:sfWithin"),
        (f"ASK {{ FILTER(geof:sfWithin({POINT})) }}", "column 14: geof:sfWithin takes 2 arguments, and is given 1"),
        ("ASK { BIND(geof:sfWithin() AS ?x) }", "takes 2 arguments, and is given 0"),
        ("ASK { BIND(geof:distance(?a, ?b) AS ?x) }", "geof:distance takes 3 arguments, and is given 2"),
        ("ASK { BIND(geof:concaveHull(?a, 1, 2) AS ?x) }", "takes 1 to 2 arguments, and is given 3"),
        ("ASK { BIND(xsd:integer(1, 2) AS ?x) }", "xsd:integer takes 1 argument, and is given 2"),
        ("ASK { BIND(xsd:interger('1') AS ?x) }", "xsd:integer"),
        ("PREFIX g: <http://www.opengis.net/def/function/geosparql/> ASK { BIND(g:buffr(?a) AS ?x) }", "geof:buffer"),
        (
            "ASK { BIND(<http://jena.example/spatial#distance>(?a, ?b) AS ?x) }",
            "<http://jena.example/spatial#distance>",
        ),
        ("BASE <http://a/> ASK { BIND(<f>(1) AS ?x) }", "no function <f>"),
        ("SELECT (geof:aggUnions(?w) AS ?all) { ?s geo:asWKT ?w }", "geof:aggUnion"),
        ("SELECT (geof:aggUnion(?w, ?w) AS ?all) { ?s geo:asWKT ?w }", "takes 1 argument"),
        ("ASK { } GROUP BY <http://a/f>(?x)", "<http://a/f>"),
        ("SELECT ?s { ?s ?p ?o } ORDER BY geof:areas(?o)", "geof:area"),
        ("ASK { FILTER NOT EXISTS { ?s ?p ?o FILTER(geof:f(?o)) } }", "geof:f"),
    ],
)
def test_a_call_that_cannot_be_is_named_with_its_place_and_what_is_near(text: str, fault: str) -> None:
    with pytest.raises(QueryInvalid, match=fault):
        ensure_calls_known(text)


@pytest.mark.parametrize(
    "text",
    [
        f"ASK {{ FILTER(geof:sfWithin({POINT}, geof:buffer({POINT}, (1 + 2), uom:metre))) }}",
        "ASK { BIND(xsd:integer('1') AS ?x) BIND(<http://www.w3.org/2001/XMLSchema#double>(?x) AS ?y) }",
        "ASK { ?s ?p ex:o ; ex:list (1 2 3) . ex:a (4 5) }",
        "PREFIX ex: <http://a/> ASK { ?s ex:list (1 2 3) }",
        "PREFIX ex: <http://a/> ASK { ?s ex:list (1 2 3) FILTER(geof:isEmpty(?s)) }",
        "ASK { # geof:nothing(1)\n ?s ?p 'geof:nothing(1)', <http://a/geof:nothing(1)> }",
        "SELECT (geof:aggUnion(DISTINCT ?w) AS ?all) { ?s geo:asWKT ?w }",
        "ASK { BIND(geof:nothing( AS ?x) }",
        "ASK { BIND(geof:nothing(1) AS ?x) }" + " " * 20_000,
        "",
    ],
)
def test_what_may_be_and_what_the_engine_refuses_itself_pass(text: str) -> None:
    ensure_calls_known(text)


def test_a_call_is_named_whatever_was_asked_before_in_the_same_shape() -> None:
    ensure_calls_known("ASK { FILTER(geof:dimension('one') = 1) }")
    for value in ("'two'", "'three'"):
        ensure_calls_known(f"ASK {{ FILTER(geof:dimension({value}) = 2) }}")
        with pytest.raises(QueryInvalid, match="no function geof:dimensio;"):
            ensure_calls_known(f"ASK {{ FILTER(geof:dimensio({value}) = 2) }}")
        with pytest.raises(QueryInvalid, match=r"no function <http://a\.test/f>"):
            ensure_calls_known(f"ASK {{ FILTER(<http://a.test/f>  ({value}) = 2) }}")


@pytest.mark.parametrize("iri", [iri for iri in KNOWN if iri.startswith(terms.XSD)])
def test_the_engine_has_every_cast(iri: str) -> None:
    list(ox.Store().query(f"SELECT (<{iri}>('1') AS ?x) {{}}"))  # type: ignore[arg-type]  # raises for one it has not

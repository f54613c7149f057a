"""A query finds what it would find if everything that follows stood in the graph, and each solution as often."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.geosparql.schema import DOMAIN, RANGE, SUBCLASS, SUBPROPERTY, Axiom, Schema
from graph_service.geosparql.vocabulary import SCHEMA, VOCABULARY
from graph_service.sparql.entailment import Entailment
from graph_service.sparql.syntax import Query, parse, text_of
from graph_service.sparql.ways import Ways
from ontology import terms

EX = "http://example.org/"
PREFIXES = "".join(
    f"PREFIX {name}: <{iri}> "
    for name, iri in {
        "ex": EX,
        "geo": terms.GEO,
        "sf": "http://www.opengis.net/ont/sf#",
        "gml": "http://www.opengis.net/ont/gml#",
        "rdfs": terms.RDFS,
    }.items()
)
STATED = (Path(__file__).parent / "places.trig").read_text("utf-8")
MINE = (
    (EX + "Lake", SUBCLASS, terms.GEO + "Feature"),
    (EX + "Tarn", SUBCLASS, EX + "Lake"),
    (EX + "outline", SUBPROPERTY, terms.HAS_DEFAULT_GEOMETRY),
    (EX + "depth", DOMAIN, EX + "Lake"),
    (EX + "drainsInto", RANGE, EX + "Lake"),
    (EX + "Lake", SUBCLASS, EX + "Water"),
    (EX + "Water", SUBCLASS, EX + "Lake"),
)
"""A schema of one's own, in which two classes are the same."""
QUERIES = [
    "SELECT ?x { ?x a geo:Geometry }",
    "SELECT ?x { ?x a geo:Feature }",
    "SELECT ?x { ?x a geo:SpatialObject }",
    "SELECT ?x { ?x a sf:Surface }",
    "SELECT ?x { ?x a sf:Curve }",
    "SELECT ?x { ?x a sf:GeometryCollection }",
    "SELECT ?x { ?x a gml:Surface }",
    "SELECT ?x { ?x a gml:AbstractGeometry }",
    "SELECT ?x { ?x a geo:SpatialObjectCollection }",
    "SELECT * { ?x a geo:Geometry ; a sf:Surface }",
    "SELECT * { ?x a sf:Surface . ?x a geo:Geometry }",
    "SELECT * { ?x a geo:Feature ; a geo:SpatialObject }",
    "SELECT ?f ?g { ?f geo:hasGeometry ?g }",
    "SELECT * { ?f a geo:Feature ; geo:hasGeometry ?g . ?g a geo:Geometry ; geo:asWKT ?w }",
    "SELECT * { ?f a geo:Feature ; ex:name ?n }",
    "SELECT * { ?f ex:name ?n . FILTER(?n != 'a') ?f a geo:Feature }",
    "SELECT * { ?f ex:name ?n OPTIONAL { ?f geo:hasGeometry ?g . ?g a sf:Surface } }",
    "SELECT * { ?f a geo:Feature OPTIONAL { ?f ex:name ?n } ?f geo:hasGeometry ?g }",
    "SELECT * { ?f ex:name ?n MINUS { ?f a geo:Feature } }",
    "SELECT * { ?f ex:name ?n FILTER NOT EXISTS { ?f geo:hasGeometry ?g } }",
    "SELECT * { ?f ex:name ?n FILTER EXISTS { ?f a geo:Feature } }",
    "SELECT ?g ?s { ?g geo:hasSerialization ?s }",
    "SELECT ?f ?s { ?f geo:hasGeometry/geo:hasSerialization ?s }",
    "SELECT ?f { ?f geo:hasGeometry/a sf:Surface }",
    "SELECT * { ?f geo:hasGeometry [ a sf:Surface ; geo:asWKT ?w ] }",
    "SELECT * { [] a geo:Feature ; ex:name ?n }",
    "SELECT ?g ?f { ?g ^geo:hasGeometry ?f }",
    "SELECT ?x ?y { ?x geo:hasGeometry? ?y . ?x ex:name ?n }",
    "SELECT ?x ?y { ?x (geo:hasGeometry|ex:name) ?y }",
    "SELECT ?x ?y { ?x !(geo:hasGeometry|geo:hasDefaultGeometry) ?y }",
    "SELECT ?x ?v { ?x geo:hasSize ?v }",
    "SELECT ?x ?v { ?x geo:hasMetricSize ?v }",
    "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?x) AS ?m) { ?x a geo:Geometry }",
    "SELECT ?f (COUNT(?g) AS ?n) { ?f geo:hasGeometry ?g } GROUP BY ?f",
    "SELECT ?x { { ?x a sf:Surface } UNION { ?x a sf:Curve } }",
    "SELECT ?x { { SELECT ?x { ?x a geo:Geometry } } ?x geo:asWKT ?w }",
    "SELECT ?x { VALUES ?x { ex:a ex:lake ex:nothing } ?x a geo:Feature }",
    "ASK { ex:a a geo:Feature }",
    "ASK { ex:a a geo:Geometry }",
    "ASK { ex:nothing a geo:Feature }",
    "CONSTRUCT { ?f geo:hasGeometry ?g } WHERE { ?f geo:hasGeometry ?g }",
    "SELECT ?x { ?x a ex:Lake }",
    "SELECT ?x { ?x a ex:Lake, ex:Water }",
    "SELECT ?x ?p { ?x ?p ex:ga }",
    "BASE <http://www.opengis.net/ont/> SELECT ?x { ?x a <geosparql#Feature> }",
]
UNREGARDED = {"SELECT ?x ?y { ?x !(geo:hasGeometry|geo:hasDefaultGeometry) ?y }", "SELECT ?x ?p { ?x ?p ex:ga }"}
"""Which ask for whatever property there is, and so for what is stated."""


def store(text: str) -> ox.Store:
    graph = ox.Store()
    graph.load(text.encode(), format=ox.RdfFormat.TRIG)
    return graph


def closed(text: str, axioms: Iterable[Axiom]) -> ox.Store:
    """A graph with what follows by the rules rdfs2, 3, 7 and 9 (RDF 1.1 Semantics, 9.2.1), over and over."""
    graph, known = store(text), list(axioms)
    before = -1
    while len(graph) != before:
        before = len(graph)
        for subject, kind, value in known:
            graph.extend(_following(graph, ox.NamedNode(subject), kind, ox.NamedNode(value)))
    return graph


def _following(graph: ox.Store, subject: ox.NamedNode, kind: str, value: ox.NamedNode) -> list[ox.Quad]:
    is_a = ox.NamedNode(terms.TYPE)
    if kind == SUBCLASS:
        return [ox.Quad(q.subject, is_a, value, q.graph_name) for q in graph.quads_for_pattern(None, is_a, subject)]
    stated = list(graph.quads_for_pattern(None, subject, None))
    if kind == SUBPROPERTY:
        return [ox.Quad(q.subject, value, q.object, q.graph_name) for q in stated]
    found = [(q.subject if kind == DOMAIN else q.object, q.graph_name) for q in stated]
    return [ox.Quad(one, is_a, value, name) for one, name in found if not isinstance(one, ox.Literal)]


def ways_in(graph: ox.Store, schema: Schema) -> Ways:
    def occurs(iri: str, is_class: bool) -> bool:
        predicate, value = (terms.TYPE, ox.NamedNode(iri)) if is_class else (iri, None)
        return any(True for _ in graph.quads_for_pattern(None, ox.NamedNode(predicate), value))

    return Ways(schema, occurs)


def entailed(text: str, graph: ox.Store, schema: Schema = SCHEMA) -> tuple[str, list[str]]:
    """A query that finds what follows, and what was done to it."""
    query = parse(PREFIXES + text)
    ways = ways_in(graph, schema)
    entailment = Entailment.within(query, ways, ways)
    body = entailment.of(query.body)
    return text_of(Query(query.prologue, body)), [note.done for note in entailment.notes]


def answer(graph: ox.Store, text: str) -> object:
    found = graph.query(text)
    if isinstance(found, ox.QuerySolutions):
        names = [one.value for one in found.variables]
        return names, Counter(tuple(str(row[name]) for name in names) for row in found)
    return bool(found) if isinstance(found, ox.QueryBoolean) else {str(one) for one in found}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("axioms", [VOCABULARY, (*VOCABULARY, *MINE)], ids=["vocabulary", "with one's own"])
def test_it_finds_what_the_closed_graph_has(query: str, axioms: tuple[Axiom, ...]) -> None:
    graph = store(STATED)
    whole = graph if query in UNREGARDED else closed(STATED, axioms)
    assert answer(graph, entailed(query, graph, Schema.of(axioms))[0]) == answer(whole, PREFIXES + query)


@pytest.mark.parametrize("query", ["SELECT ?x { GRAPH ex:named { ?x a geo:Geometry } }",
                                   "SELECT ?g ?x { GRAPH ?g { ?x a geo:Geometry ; ex:name ?n } }",
                                   "SELECT ?f { GRAPH ?g { ?f geo:hasGeometry ?x } }"])  # fmt: skip
def test_what_follows_is_found_in_the_graph_that_it_follows_from(query: str) -> None:
    graph = store(STATED)
    assert answer(graph, entailed(query, graph)[0]) == answer(closed(STATED, VOCABULARY), PREFIXES + query)


def test_a_query_that_names_nothing_of_the_schema_stays() -> None:
    graph = store(STATED)
    assert entailed("SELECT ?x { ?x ex:name ?n ; a ex:Town OPTIONAL { ?x ?p ?y } }", graph)[1] == []


def test_what_the_graph_does_not_have_is_not_looked_for() -> None:
    graph = store(f"<{EX}a> a <{terms.GEO}Geometry> .")
    assert entailed("SELECT ?x { ?x a geo:Geometry ; a sf:Surface ; geo:hasGeometry ?y }", graph)[1] == []


def test_a_class_that_a_triple_beside_implies_is_not_asked_for() -> None:
    graph = store(STATED)
    text, done = entailed("SELECT ?f { ?f a geo:Feature ; geo:hasGeometry/geo:asWKT ?w }", graph)
    assert "Feature" not in text
    assert done[0] == "left out, because a triple beside it implies it"


def test_one_subclass_takes_the_place_of_a_class() -> None:
    graph = store(f"<{EX}a> a <http://www.opengis.net/ont/sf#Polygon> .")
    assert "UNION" not in entailed("SELECT ?x { ?x a sf:Surface }", graph)[0]


def test_another_catalogue_and_a_template_are_asked_as_they_are() -> None:
    graph = store(STATED)
    assert entailed("SELECT ?x { SERVICE <http://example.org/sparql> { ?x a geo:Feature } }", graph)[1] == []
    assert entailed("CONSTRUCT WHERE { ?x a geo:Feature }", graph)[1] == []


def test_a_variable_that_stands_for_a_blank_node_is_not_shown() -> None:
    graph = store(STATED)
    found = answer(graph, entailed("SELECT * { ?f geo:hasGeometry [ a sf:Surface ] }", graph)[0])
    assert isinstance(found, tuple)
    assert found[0] == ["f"]


def many_classes(number: int) -> Iterator[Axiom]:
    return ((f"{EX}c{rank}", SUBCLASS, EX + "C") for rank in range(number))


def test_what_would_be_too_wide_is_refused() -> None:
    graph = store("".join(f"<{EX}a> a <{EX}c{rank}> . " for rank in range(2_100)))
    with pytest.raises(QueryInvalid, match="ask for less"):
        entailed("SELECT ?x { ?x a ex:C }", graph, Schema.of(many_classes(2_100)))

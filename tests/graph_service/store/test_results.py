import csv
import io
import json
from typing import Any, cast
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from graph_service.errors import NotAcceptable, QueryInvalid, QueryTooLarge
from graph_service.store.evaluation import results_of
from graph_service.store.jsonld import compacted
from graph_service.store.results import media_types, written
from ontology import terms

TITLE = 'Lac "Léman",\n\té'


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.update(
        f"""PREFIX orr: <{terms.ORR}> PREFIX dcterms: <{terms.DCTERMS}> PREFIX geo: <{terms.GEO}> INSERT DATA {{
        <http://e/lake> a orr:Scene, orr:OpticalScene ; dcterms:title {ox.Literal(TITLE, language="fr")} ;
            orr:relativeOrbit 65 ; orr:cloudCover 12.5 ; orr:checkOutcome "01"^^<{terms.INTEGER}>, true ;
            geo:hasGeometry <geo:46.5,6.6>, <{terms.GEO}//x>, [ geo:asWKT "POINT(6.6 46.5)"^^geo:wktLiteral ] ;
            orr:hasStep ( 1 "two" ) ; <http://e/été> <http://e/é> }}"""
    )
    return store


def text_of(store: ox.Store, query: str, media_type: str) -> bytes:
    return bytes(written(results_of(store, query, ()), media_type, longest=100_000))


TITLES = "SELECT ?lake ?title ?none { ?lake dcterms:title ?title OPTIONAL { ?title ?title ?none } }"


def test_solutions_as_json(store: ox.Store) -> None:
    document = json.loads(text_of(store, TITLES, "application/sparql-results+json"))
    assert document["head"]["vars"] == ["lake", "title", "none"]
    title = {"type": "literal", "xml:lang": "fr", "value": TITLE}
    assert document["results"]["bindings"] == [{"lake": {"type": "uri", "value": "http://e/lake"}, "title": title}]
    assert text_of(store, TITLES, "application/json") == text_of(store, TITLES, "application/sparql-results+json")


def test_solutions_as_xml(store: ox.Store) -> None:
    root = ElementTree.fromstring(text_of(store, TITLES, "application/sparql-results+xml"))
    assert [literal.text for literal in root.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [TITLE]


def test_solutions_as_csv(store: ox.Store) -> None:
    rows = list(csv.reader(io.StringIO(text_of(store, TITLES, "text/csv").decode(), newline="")))
    assert rows == [["lake", "title", "none"], ["http://e/lake", TITLE, ""]]


def test_solutions_as_tsv(store: ox.Store) -> None:
    lines = text_of(store, TITLES, "text/tab-separated-values").decode().splitlines()
    assert lines == ["?lake\t?title\t?none", '<http://e/lake>\t"Lac \\"Léman\\",\\n\\té"@fr\t']


@pytest.mark.parametrize("media_type", media_types("ASK"))
def test_a_truth_value_is_written(store: ox.Store, media_type: str) -> None:
    assert b"true" in text_of(store, "ASK { ?s a orr:Scene }", media_type)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("media_type", media_types("CONSTRUCT"))
def test_triples_mean_the_same_in_every_media_type(store: ox.Store, media_type: str) -> None:
    text = text_of(store, "CONSTRUCT WHERE { ?s ?p ?o }", media_type)
    expected = cast(bytes, store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()))
    found = rdflib.Graph()
    for quad in rdflib.Dataset().parse(data=text, format=media_type).quads():
        found.add(quad[:3])
    assert len(found) == len(store)
    assert isomorphic(found, rdflib.Graph().parse(data=expected, format="nt"))


def test_a_property_without_an_xml_name_is_not_written_as_xml(store: ox.Store) -> None:
    query = "CONSTRUCT { ?s <http://e/1> ?o } WHERE { ?s ?p ?o }"
    with pytest.raises(NotAcceptable, match="http://e/1"):
        text_of(store, query, "application/rdf+xml")
    assert text_of(store, query, "text/turtle")


def test_turtle_and_jsonld_use_the_prefixes(store: ox.Store) -> None:
    query = "DESCRIBE <http://e/lake>"
    assert b"orr:relativeOrbit 65" in text_of(store, query, "text/turtle")
    document = json.loads(text_of(store, query, "application/ld+json"))
    lake = next(node for node in document["@graph"] if node["@id"] == "http://e/lake")
    assert set(lake["@type"]) == {"orr:Scene", "orr:OpticalScene"}
    assert lake["orr:relativeOrbit"] == 65
    assert lake["dcterms:title"] == {"@language": "fr", "@value": TITLE}
    assert document["@context"].keys() == {"orr", "dcterms", "rdf", "xsd"}, "geo is the scheme of an IRI here"


def test_a_media_type_of_another_form_is_not_acceptable(store: ox.Store) -> None:
    with pytest.raises(NotAcceptable):
        text_of(store, "ASK {}", "text/turtle")
    with pytest.raises(NotAcceptable):
        text_of(store, "DESCRIBE <http://e/lake>", "text/csv")


def test_a_result_that_is_too_long_is_cut_off_by_an_error(store: ox.Store) -> None:
    for query, media_type in ((TITLES, "text/csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")):
        with pytest.raises(QueryTooLarge, match="longer than 20 bytes"):
            written(results_of(store, query, ()), media_type, longest=20)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT *\n{ ?s ?p }", "line 2, column 10"),
        ("SELECT *\n{ ?s nope:x ?o }", "line 2, column 6: the prefix nope:"),
        ("SELECT * { FILTER(<http://e/f>(1)) }", "http://e/f"),
    ],
)
def test_a_fault_of_a_query_is_told_with_its_place(store: ox.Store, query: str, message: str) -> None:
    with pytest.raises(QueryInvalid, match=message):
        text_of(store, query, "text/csv")


IRIS = st.sampled_from(
    [
        "http://e/x",
        terms.ORR + "Scene",
        terms.ORR,
        terms.GEO + "//x",
        "geo:1,2",
        "orr:x",
        "http://e/é",
        terms.TYPE,
        "urn:x",
    ]
).map(ox.NamedNode)
VALUES = IRIS | st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(ox.Literal),
    st.integers().map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(terms.INTEGER))),
    st.sampled_from(["true", "1"]).map(lambda text: ox.Literal(text, datatype=ox.NamedNode(terms.XSD + "boolean"))),
    st.sampled_from(["-0", "007", "x"]).map(lambda text: ox.Literal(text, datatype=ox.NamedNode(terms.INTEGER))),
)


@given(st.lists(st.builds(ox.Triple, IRIS, IRIS, VALUES)))
def test_compaction_keeps_the_meaning(triples: list[ox.Triple]) -> None:
    expanded = cast(bytes, ox.serialize(triples, format=ox.RdfFormat.JSON_LD))
    document = compacted(expanded, terms.PREFIXES)
    read: Any = ox.parse(document, format=ox.RdfFormat.JSON_LD)
    assert {quad.triple for quad in read} == set(triples)

"""What is served of the ontology in RDF says what the modules say."""

import pytest
import rdflib
from rdflib.compare import isomorphic

from graph_service.views.ontology.documents import FORMATS, context_prefixes, merged_turtle, rdf
from graph_service.views.ontology.statements import statements_of
from ontology import terms
from ontology.loader import Module, packaged, turtle_triples
from tests.graph_service.views.ontology.modules import PREFIXES, module, named

READ_BY_RDFLIB = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
}


def graph(text: str | bytes, media_type: str = "text/turtle") -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format=READ_BY_RDFLIB[media_type])


@pytest.fixture(scope="module")
def modules() -> rdflib.Graph:
    merged = rdflib.Graph()
    for one in packaged().modules:
        merged += graph(one.text)
    return merged


def test_every_format_is_read_in_the_tests() -> None:
    assert READ_BY_RDFLIB.keys() == FORMATS.keys()


def test_the_merged_turtle_is_the_modules_together(modules: rdflib.Graph) -> None:
    assert isomorphic(graph(merged_turtle(packaged().modules)), modules)


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # by RDFLib's own JSON-LD parser
@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_says_what_the_modules_say(media_type: str, modules: rdflib.Graph) -> None:
    written = rdf(packaged().triples, media_type, context_prefixes())
    assert isomorphic(graph(written, media_type), modules)


def test_the_merged_turtle_declares_each_prefix_once_and_keeps_comments() -> None:
    text = merged_turtle(packaged().modules)
    declared = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert len(declared) == len(set(declared))
    assert text.splitlines()[: len(declared)] == declared
    comments = {line for one in packaged().modules for line in one.text.splitlines() if line.startswith("# ")}
    assert comments
    assert comments <= set(text.splitlines())


OTHER = PREFIXES.replace("https://example.org/terms#", "https://example.org/others#")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(module("a", "ex:A a owl:Class ."), module("b", "ex:B a owl:Class .", prefixes=OTHER), id="prefix"),
        pytest.param(
            module("a", "orr:A rdfs:seeAlso _:x . _:x a owl:Class ."),
            module("b", "orr:B rdfs:seeAlso _:x . _:x a owl:Class ."),
            id="blank node",
        ),
        pytest.param(
            module("a", "orr:A a owl:Class ."),
            module("b", "@base <https://example.org/> . <B> a owl:Class ."),
            id="base",
        ),
    ],
)
def test_modules_that_do_not_fit_together_are_merged_all_the_same(first: Module, second: Module) -> None:
    apart = graph(first.text) + graph(second.text)
    assert isomorphic(graph(merged_turtle([first, second])), apart)


def test_a_description_holds_the_nameless_things_in_it() -> None:
    statements = statements_of(packaged().triples)
    described = graph(rdf(statements.description(terms.CLOUD_FREE_SCENE), "text/turtle", terms.PREFIXES))
    hit = rdflib.URIRef(terms.CODE + "CloudClass-cloudFree")
    assert (None, rdflib.URIRef(terms.OWL + "hasValue"), hit) in described
    assert {str(one) for one in described.subjects() if isinstance(one, rdflib.URIRef)} == {terms.CLOUD_FREE_SCENE}


def test_the_description_of_a_scheme_holds_its_codes() -> None:
    described = tuple(statements_of(packaged().triples).description(terms.CODE + "CloudClass"))
    assert terms.CODE + "CloudClass-cloudFree" in named(described)


def test_what_is_nameless_and_in_a_circle_is_described_once() -> None:
    turtle = PREFIXES + "orr:A rdfs:seeAlso _:x . _:x rdfs:seeAlso _:y . _:y rdfs:seeAlso _:x ."
    assert len(list(statements_of(turtle_triples(turtle)).description(terms.ORR + "A"))) == 3

"""The ontology as an rdflib graph, and the parts of one that checks ask for."""

from collections.abc import Iterable, Iterator
from functools import cache

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology import terms
from ontology.loader import packaged

ORR = Namespace(terms.ORR)
CODE = Namespace(terms.CODE)
BASE = "https://w3id.org/orrery/"
PREFIXES = """
@prefix code: <https://w3id.org/orrery/code/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix orr: <https://w3id.org/orrery/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@cache
def ours() -> Graph:
    """All our modules."""
    graph = Graph()
    for module in packaged().modules:
        graph.parse(data=module.text, format="turtle")
    return graph


def graph_of(turtle: str) -> Graph:
    """A Turtle text with our usual prefixes."""
    return Graph().parse(data=PREFIXES + turtle, format="turtle")


def named(nodes: Iterable[Node | None]) -> list[URIRef]:
    """The IRIs among some nodes, each once, sorted."""
    return sorted({node for node in nodes if isinstance(node, URIRef)})


def instances(graph: Graph, kind: Node) -> list[URIRef]:
    """Terms of ours of a kind; those of other vocabularies are theirs to describe."""
    return [term for term in named(graph.subjects(RDF.type, kind)) if is_ours(term)]


def classes(graph: Graph) -> list[URIRef]:
    return instances(graph, OWL.Class)


def object_properties(graph: Graph) -> list[URIRef]:
    return instances(graph, OWL.ObjectProperty)


def properties(graph: Graph) -> list[URIRef]:
    return sorted({*object_properties(graph), *instances(graph, OWL.DatatypeProperty)})


def annotations(graph: Graph) -> list[URIRef]:
    return instances(graph, OWL.AnnotationProperty)


def above(graph: Graph, term: Node) -> set[Node]:
    """A class with its superclasses, at any distance, as far as they have names or parts."""
    found, pending = {term}, [term]
    while pending:
        one = pending.pop()
        parents = {*graph.objects(one, RDFS.subClassOf), *graph.objects(one, OWL.equivalentClass)}
        parents |= {part for head in graph.objects(one, OWL.intersectionOf) for part in Collection(graph, head)}
        pending += parents - found
        found |= parents
    return found


def within(graph: Graph, expression: Node) -> Iterator[Node]:
    """Every node of a class expression."""
    pending, seen = [expression], {expression}
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, BNode):
            parts = set(graph.objects(node)) - seen
            seen |= parts
            pending += parts


def disjoint_sets(graph: Graph) -> list[set[Node]]:
    """Sets of classes that are stated to be disjoint, pairs among them."""
    sets = [{first, second} for first, second in graph.subject_objects(OWL.disjointWith)]
    for group in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        sets += [set(Collection(graph, head)) for head in graph.objects(group, OWL.members)]
    return sets


def label(graph: Graph, term: Node, language: str = "en") -> str | None:
    texts = [text for text in graph.objects(term, RDFS.label) if isinstance(text, Literal)]
    return next((str(text) for text in texts if text.language == language), None)


def definition(graph: Graph, term: Node) -> str | None:
    return next((str(text) for text in graph.objects(term, SKOS.definition)), None)


def local(term: Node) -> str:
    """The last part of an IRI."""
    return str(term).rpartition("#")[2].rpartition("/")[2]


def is_ours(term: Node) -> bool:
    return isinstance(term, URIRef) and str(term).startswith(BASE)

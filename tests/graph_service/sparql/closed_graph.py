"""A small ontology, random graphs under it, and what follows: the oracle that expanded queries are held against."""

import random

import pyoxigraph as ox

from graph_service.reasoning.meaning import Meaning
from ontology import terms
from ontology.loader import Ontology, turtle_triples
from ontology.shapes import terms_written

EX = "http://x.test/"
PREFIXES = f"""PREFIX : <{EX}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TURTLE = f"""{PREFIXES}
:A a owl:Class . :B a owl:Class ; rdfs:subClassOf :A . :C a owl:Class ; rdfs:subClassOf :B .
:D a owl:Class ; rdfs:subClassOf :A . :E a owl:Class ; owl:equivalentClass :B .
:F a owl:Class ; rdfs:subClassOf :G . :G a owl:Class ; rdfs:subClassOf :I . :H a owl:Class .
:I a owl:Class ; rdfs:subClassOf :F , :I . :J a owl:Class ; rdfs:subClassOf :G .
:p a owl:ObjectProperty . :q a owl:ObjectProperty ; rdfs:subPropertyOf :p .
:r a owl:ObjectProperty ; rdfs:subPropertyOf :q ; owl:inverseOf :ri . :ri a owl:ObjectProperty .
:t a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:subPropertyOf :super . :super a owl:ObjectProperty .
:t1 a owl:ObjectProperty ; rdfs:subPropertyOf :t . :ti a owl:ObjectProperty ; owl:inverseOf :t .
:s a owl:ObjectProperty , owl:SymmetricProperty . :s1 a owl:ObjectProperty ; rdfs:subPropertyOf :s .
:st a owl:ObjectProperty , owl:SymmetricProperty , owl:TransitiveProperty .
:u a owl:ObjectProperty ; owl:equivalentProperty :v . :v a owl:ObjectProperty .
:y a owl:ObjectProperty ; rdfs:subPropertyOf :z . :z a owl:ObjectProperty ; rdfs:subPropertyOf :y .
:n a owl:DatatypeProperty ; rdfs:subPropertyOf :m . :m a owl:DatatypeProperty .
:k a owl:ObjectProperty . :k1 a owl:ObjectProperty ; rdfs:subPropertyOf :k .
:c1 skos:inScheme :codes . :c2 skos:inScheme :codes ; skos:broader :c1 . :c3 skos:inScheme :codes ; skos:broader :c2 .
:c4 skos:inScheme :codes ; skos:broader :c1 . :c5 skos:broader :c6 . :c6 skos:broader :c5 .
"""
_CLASSES = "ABCDEFGHIJ"
_LINKS = ("p", "q", "r", "ri", "t", "t1", "ti", "super", "s", "s1", "st", "u", "v", "w", "y", "z")

_RULES = (
    "INSERT { ?s a ?d } WHERE { ?s a ?c ."
    " GRAPH :o { ?c (rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass)+ ?d } }",
    "INSERT { ?s ?q ?o } WHERE { ?s ?p ?o ."
    " GRAPH :o { ?p (rdfs:subPropertyOf|owl:equivalentProperty|^owl:equivalentProperty)+ ?q } }",
    "INSERT { ?o ?q ?s } WHERE { ?s ?p ?o FILTER(isIRI(?o)) GRAPH :o { ?p owl:inverseOf|^owl:inverseOf ?q } }",
    "INSERT { ?o ?p ?s } WHERE { ?s ?p ?o GRAPH :o { ?p a owl:SymmetricProperty } }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?m . ?m ?p ?o GRAPH :o { ?p a owl:TransitiveProperty } }",
)
_OF_CODES = (
    "INSERT { ?s ?p ?d } WHERE { ?s ?p ?c . GRAPH :o { ?c skos:broader+ ?d FILTER(isIRI(?c)) }"
    " FILTER(!STRSTARTS(STR(?p), STR(skos:))) }"
)


def ontology() -> Ontology:
    """The small ontology."""
    return Ontology((), tuple(turtle_triples(TURTLE)))


def random_graph(seed: int) -> list[ox.Triple]:
    """Statements about eight things, dense enough that patterns often hold in several ways."""
    choose = random.Random(seed)
    things = [ox.NamedNode(f"{EX}x{number}") for number in range(8)]
    graph: set[ox.Triple] = set()
    for thing in things:
        for name in choose.sample(_CLASSES, choose.randrange(4)):
            graph.add(ox.Triple(thing, _node("type", True), _node(name)))
        for code in choose.sample(range(1, 7), choose.randrange(3)):
            graph.add(ox.Triple(thing, _node(choose.choice(("k", "k1"))), _node(f"c{code}")))
        graph.add(ox.Triple(thing, _node(choose.choice("nm")), ox.Literal(choose.choice("ab"))))
    for name in _LINKS:
        for _ in range(choose.randrange(4)):
            graph.add(ox.Triple(choose.choice(things), _node(name), choose.choice(things)))
    return sorted(graph, key=str)


def _node(name: str, rdf: bool = False) -> ox.NamedNode:
    return ox.NamedNode(("http://www.w3.org/1999/02/22-rdf-syntax-ns#" if rdf else EX) + name)


def records_like(seed: int, meaning: Meaning) -> list[ox.Triple]:
    """Things with the classes that records state together, linked by properties that records state."""
    choose = random.Random(seed)
    combinations = sorted(sorted(classes) for classes in meaning.stated_together)
    things = [ox.NamedNode(f"{EX}x{number}") for number in range(2 * len(combinations))]
    graph = {
        ox.Triple(thing, _node("type", True), ox.NamedNode(one))
        for thing, classes in zip(things, 2 * combinations, strict=True)
        for one in classes
    }
    for name in sorted(terms_written() - {terms.TYPE}):
        for _ in range(choose.randrange(10, 30)):
            subject, value = choose.choice(things), choose.choice(things)
            if name == terms.HAS_PROCESSING_LEVEL:
                value = ox.NamedNode(terms.CODE + "ProcessingLevel-" + choose.choice(("L1", "L1C", "L2", "L2A", "L3")))
                graph -= {one for one in graph if (one.subject, one.predicate.value) == (subject, name)}
            if "#" not in name or not name.rpartition("#")[2][:1].isupper():
                graph.add(ox.Triple(subject, ox.NamedNode(name), value))
    return sorted(graph, key=str)


def stated(graph: list[ox.Triple], *, named: list[ox.Triple] | None = None) -> ox.Store:
    """A store with a graph as the default one, and another as ``:g``."""
    store = ox.Store()
    for triples, place in ((graph, ox.DefaultGraph()), (named or (), _node("g"))):
        store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, place) for triple in triples)
    return store


def closed(graph: list[ox.Triple], axioms: tuple[ox.Triple, ...]) -> list[ox.Triple]:
    """A graph with everything that follows from it under an ontology."""
    store = stated(graph)
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, _node("o")) for triple in axioms)
    size = -1
    while size != len(store):
        size = len(store)
        for rule in (*_RULES, _OF_CODES):
            store.update(PREFIXES + rule)
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]

"""The pitfalls of OOPS! that can be decided from the files alone, each a function from a graph to its culprits.

Source: M. Poveda-Villalón, A. Gómez-Pérez, M. C. Suárez-Figueroa, OOPS! (OntOlogy Pitfall Scanner!), catalogue of
common pitfalls; the numbers are theirs.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable

import networkx as nx  # type: ignore[import-untyped]  # it publishes no types
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.ontology.quality.ontology_graph import (
    above,
    annotations,
    classes,
    definition,
    disjoint_sets,
    is_ours,
    label,
    local,
    named,
    object_properties,
    properties,
    within,
)

SYMMETRIC, TRANSITIVE = OWL.SymmetricProperty, OWL.TransitiveProperty
SHACL = Namespace("http://www.w3.org/ns/shacl#")
_CLASS_PLACES = (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.someValuesFrom, OWL.allValuesFrom, OWL.disjointWith)
_PROPERTY_PLACES = (RDFS.subPropertyOf, OWL.onProperty, OWL.inverseOf, OWL.equivalentProperty)

Culprits = list[str]


def _names(terms: Iterable[Node]) -> Culprits:
    return sorted({local(term) for term in terms})


def _is(graph: Graph, term: Node, kind: URIRef) -> bool:
    return (term, RDF.type, kind) in graph


def _domains(graph: Graph, term: Node) -> set[Node]:
    return set(graph.objects(term, RDFS.domain))


def _ranges(graph: Graph, term: Node) -> set[Node]:
    return set(graph.objects(term, RDFS.range))


def _terms(graph: Graph) -> list[URIRef]:
    return [*classes(graph), *properties(graph), *annotations(graph)]


def p02_synonyms_as_classes(graph: Graph) -> Culprits:
    """Two named classes of ours for one thing."""
    pairs = graph.subject_objects(OWL.equivalentClass)
    return _names(one for pair in pairs if all(is_ours(end) for end in pair) for one in pair)


def p03_is(graph: Graph) -> Culprits:
    """A property for what rdf:type, rdfs:subClassOf or owl:sameAs says."""
    return _names(term for term in properties(graph) if local(term).lower() in {"is", "isa", "issubclassof", "sameas"})


def p04_unconnected(graph: Graph) -> Culprits:
    """A class that nothing refers to and that has no superclass; a property without domain, range and superproperty."""
    lists = set(graph.objects(None, RDF.first))
    used = {node for place in _CLASS_PLACES for node in graph.objects(None, place)} | lists
    lonely = [term for term in classes(graph) if term not in used and not list(graph.objects(term, RDFS.subClassOf))]
    places = (RDFS.domain, RDFS.range, RDFS.subPropertyOf)
    loose = [term for term in properties(graph) if not any(list(graph.objects(term, place)) for place in places)]
    return _names([*lonely, *loose])


def p05_wrong_inverse(graph: Graph) -> Culprits:
    """Inverses where the domain of one is not the range of the other."""
    return _names(
        one
        for one, other in graph.subject_objects(OWL.inverseOf)
        if isinstance(one, URIRef) and (_domains(graph, one), _ranges(graph, one)) != _turned(graph, other)
    )


def _turned(graph: Graph, term: Node) -> tuple[set[Node], set[Node]]:
    return _ranges(graph, term), _domains(graph, term)


def p06_cycles(graph: Graph) -> Culprits:
    """A class or a property that is above itself."""
    edges = [*graph.subject_objects(RDFS.subClassOf), *graph.subject_objects(RDFS.subPropertyOf)]
    return _names(term for cycle in nx.simple_cycles(nx.DiGraph(edges)) for term in cycle)


def p07_merged_concepts(graph: Graph) -> Culprits:
    """A class whose name joins two things."""
    return _names(term for term in classes(graph) if re.search(r"[a-z](And|Or)[A-Z]", local(term)))


def p08_missing_annotations(graph: Graph) -> Culprits:
    """A term without an English label or definition."""
    return _names(term for term in _terms(graph) if not label(graph, term) or not definition(graph, term))


def p11_missing_domain_or_range(graph: Graph) -> Culprits:
    """A property of which nothing tells what has it, or what it is."""
    return _names(term for term in properties(graph) if not _domains(graph, term) or not _ranges(graph, term))


def p12_equivalent_properties(graph: Graph) -> Culprits:
    """Two properties of one label: they are one property, or one of the labels is wrong."""
    return _repeated(graph, properties(graph))


def p13_inverse_not_declared(graph: Graph) -> Culprits:
    """A relation that can be followed in one direction only; codes do not tell what has them."""
    paired = {end for pair in graph.subject_objects(OWL.inverseOf) for end in pair}
    return _names(
        term
        for term in object_properties(graph)
        if term not in paired and not _is(graph, term, SYMMETRIC) and SKOS.Concept not in _ranges(graph, term)
    )


def p19_multiple_domains_or_ranges(graph: Graph) -> Culprits:
    """A property with two domains or ranges, which would mean both at once."""
    return _names(t for t in properties(graph) if len(_domains(graph, t)) > 1 or len(_ranges(graph, t)) > 1)


def p20_misused_annotations(graph: Graph) -> Culprits:
    """A label that is a definition, or a definition that is a label."""
    culprits = []
    for term in _terms(graph):
        name, text = label(graph, term) or "", definition(graph, term) or ""
        if len(name) > 60 or name.endswith(".") or (text and not text.endswith(".")):
            culprits.append(term)
    return _names(culprits)


def p21_miscellaneous_class(graph: Graph) -> Culprits:
    """A class for whatever its siblings are not."""
    return _names(t for t in classes(graph) if re.search("Other|Misc|Various|Unknown|Generic", local(t)))


def p22_naming_conventions(graph: Graph) -> Culprits:
    """A class that does not begin with a capital, a property that does, a code that is not of its scheme."""
    styled = [(term, r"[A-Z][A-Za-z0-9]*") for term in classes(graph)]
    styled += [(term, r"[a-z][A-Za-z0-9]*") for term in [*properties(graph), *annotations(graph)]]
    for code in named(graph.subjects(RDF.type, SKOS.Concept)):
        schemes = {local(scheme) for scheme in graph.objects(code, SKOS.inScheme)}
        notations = {str(notation) for notation in graph.objects(code, SKOS.notation)}
        styled += [(code, re.escape(f"{scheme}-{notation}")) for scheme in schemes for notation in notations]
    return _names(term for term, style in styled if not re.fullmatch(style, local(term)))


def p24_recursive_definition(graph: Graph) -> Culprits:
    """A class that is used in its own definition."""
    pairs = [*graph.subject_objects(OWL.equivalentClass), *graph.subject_objects(RDFS.subClassOf)]
    return _names(term for term, expression in pairs if term in set(within(graph, expression)) - {expression})


def p25_inverse_to_itself(graph: Graph) -> Culprits:
    """A property that is its own inverse instead of symmetric."""
    return _names(one for one, other in graph.subject_objects(OWL.inverseOf) if one == other)


def p26_inverse_of_symmetric(graph: Graph) -> Culprits:
    """A symmetric property with an inverse, which it is itself."""
    pairs = graph.subject_objects(OWL.inverseOf)
    return _names(end for pair in pairs for end in pair if _is(graph, end, SYMMETRIC))


def p27_wrong_equivalent_properties(graph: Graph) -> Culprits:
    """Equivalent properties of different domains or ranges."""
    return _names(
        one
        for one, other in graph.subject_objects(OWL.equivalentProperty)
        if (_domains(graph, one), _ranges(graph, one)) != (_domains(graph, other), _ranges(graph, other))
    )


def p28_wrong_symmetric(graph: Graph) -> Culprits:
    """A symmetric property whose ends are of different classes."""
    symmetric = graph.subjects(RDF.type, SYMMETRIC)
    return _names(term for term in symmetric if _domains(graph, term) != _ranges(graph, term))


def p29_wrong_transitive(graph: Graph) -> Culprits:
    """A transitive property of which two can never follow one another: its values are not what has it."""
    transitive = graph.subjects(RDF.type, TRANSITIVE)
    return _names(t for t in transitive if not all(_domains(graph, t) <= above(graph, r) for r in _ranges(graph, t)))


def p30_equivalent_classes(graph: Graph) -> Culprits:
    """Two classes of one definition."""
    texts = Counter(definition(graph, term) for term in classes(graph))
    return _names(t for t in classes(graph) if (text := definition(graph, t)) is not None and texts[text] > 1)


def p31_wrong_equivalent_classes(graph: Graph) -> Culprits:
    """A class that is equivalent to one above it or disjoint with it."""
    culprits = []
    for one, other in graph.subject_objects(OWL.equivalentClass):
        apart = any({one, other} <= group for group in disjoint_sets(graph))
        if apart or (one, RDFS.subClassOf, other) in graph or (other, RDFS.subClassOf, one) in graph:
            culprits.append(one)
    return _names(culprits)


def p32_several_classes_with_one_label(graph: Graph) -> Culprits:
    """Two classes of one label, in any language."""
    return _repeated(graph, classes(graph))


def _repeated(graph: Graph, terms: list[URIRef]) -> Culprits:
    texts = {term: {text for text in graph.objects(term, RDFS.label) if isinstance(text, Literal)} for term in terms}
    counts = Counter((text.lower(), text.language) for found in texts.values() for text in found)
    return _names(t for t, found in texts.items() if any(counts[text.lower(), text.language] > 1 for text in found))


def p33_chain_of_one(graph: Graph) -> Culprits:
    """A property chain with a single step."""
    chains = graph.subject_objects(OWL.propertyChainAxiom)
    return _names(term for term, head in chains if len(list(Collection(graph, head))) < 2)


def p34_untyped_class(graph: Graph) -> Culprits:
    """A class of ours that is used and not declared."""
    used = {node for place in _CLASS_PLACES for node in graph.objects(None, place)}
    used |= set(graph.subjects(RDFS.subClassOf)) | set(graph.objects(None, RDF.type))
    return _names(term for term in used if is_ours(term) and not _is(graph, term, OWL.Class))


def p35_untyped_property(graph: Graph) -> Culprits:
    """A property of ours that is used and not declared."""
    known = {*properties(graph), *annotations(graph)}
    used = {node for place in _PROPERTY_PLACES for pair in graph.subject_objects(place) for node in pair}
    steps = {step for head in graph.objects(None, OWL.propertyChainAxiom) for step in Collection(graph, head)}
    return _names(t for t in used | steps | set(graph.predicates()) if is_ours(t) and t not in known)


def p36_file_extension_in_iri(graph: Graph) -> Culprits:
    """An ontology named after the format of its file."""
    ontologies = named(graph.subjects(RDF.type, OWL.Ontology))
    return _names(iri for iri in ontologies if re.search(r"\.(owl|rdf|ttl|n3|nt|xml|rdfxml|jsonld)\b", str(iri)))


def p38_no_ontology_declaration(graph: Graph) -> Culprits:
    """Terms of which no declared ontology says that it defines them."""
    ontologies = set(graph.subjects(RDF.type, OWL.Ontology))
    return _names(t for t in _terms(graph) if ontologies.isdisjoint(graph.objects(t, RDFS.isDefinedBy)))


def p39_ambiguous_namespace(graph: Graph) -> Culprits:
    """An ontology that does not say which namespace its terms are in, or a term of ours outside of it."""
    ontologies = named(graph.subjects(RDF.type, OWL.Ontology))
    silent = [one for one in ontologies if not list(graph.objects(one, VANN.preferredNamespaceUri))]
    spaces = tuple(str(text) for text in graph.objects(None, VANN.preferredNamespaceUri))
    return _names([*silent, *(term for term in _terms(graph) if not str(term).startswith(spaces))])


def p40_namespace_hijacking(graph: Graph) -> Culprits:
    """A term of somebody else of which more is said than what kind of term it is."""
    described = {subject for subject, predicate in graph.subject_predicates() if predicate != RDF.type}
    return _names(term for term in named(described) if not is_ours(term))


def p41_no_licence(graph: Graph) -> Culprits:
    """An ontology that does not say how it may be used."""
    return _names(
        one for one in graph.subjects(RDF.type, OWL.Ontology) if not list(graph.objects(one, DCTERMS.license))
    )


PITFALLS: dict[str, Callable[[Graph], Culprits]] = {
    name.partition("_")[0].upper(): check for name, check in list(globals().items()) if re.match(r"p\d\d_", name)
}
"""By number."""

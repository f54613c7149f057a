"""The OWL modules as a graph to ask, for the tests of what they say."""

from functools import cache
from itertools import combinations

import pyoxigraph as ox

from ontology import terms
from ontology.loader import ontology_triples

OWL = "http://www.w3.org/2002/07/owl#"
CLASS = OWL + "Class"
OBJECT_PROPERTY = OWL + "ObjectProperty"
DATATYPE_PROPERTY = OWL + "DatatypeProperty"
ANNOTATION_PROPERTY = OWL + "AnnotationProperty"
SUBCLASS_OF = terms.RDFS + "subClassOf"
SUBPROPERTY_OF = terms.RDFS + "subPropertyOf"
DOMAIN = terms.RDFS + "domain"
RANGE = terms.RDFS + "range"
IS_DEFINED_BY = terms.RDFS + "isDefinedBy"
DEFINITION = terms.SKOS + "definition"
CONCEPT_SCHEME = terms.SKOS + "ConceptScheme"
SOURCE = terms.DCTERMS + "source"
METADATA_KIND = terms.ORR + "metadataKind"
CODE_SCHEME = terms.ORR + "codeScheme"
HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
ONTOLOGY_BASE = "https://w3id.org/orrery/ontology/"


@cache
def graph() -> ox.Store:
    """Every module in one store."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in ontology_triples())
    return store


def instances(class_iri: str) -> list[str]:
    """IRIs of what is stated to be of a class, sorted."""
    found = graph().quads_for_pattern(None, ox.NamedNode(terms.TYPE), ox.NamedNode(class_iri))
    return sorted(quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))


def values(subject: str, predicate: str) -> list[str]:
    """Values of one property, as their text, sorted."""
    found = graph().quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
    return sorted(quad.object.value for quad in found if not isinstance(quad.object, ox.BlankNode | ox.Triple))


def languages(subject: str, predicate: str) -> list[str | None]:
    """Languages of the texts of one property, sorted; None for a text without one."""
    found = graph().quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
    return sorted((q.object.language for q in found if isinstance(q.object, ox.Literal)), key=str)


@cache
def ancestors(term: str, relation: str) -> frozenset[str]:
    """A class or property with everything above it."""
    above = (ancestors(parent, relation) for parent in values(term, relation))
    return frozenset({term}).union(*above)


def own(iris: list[str]) -> list[str]:
    """Those of some terms that are ours; those of others are declared only."""
    return [iri for iri in iris if iri.startswith(terms.ORR)]


def classes() -> list[str]:
    return own(instances(CLASS))


def properties() -> list[str]:
    return own(sorted(instances(OBJECT_PROPERTY) + instances(DATATYPE_PROPERTY)))


def codes() -> list[str]:
    return instances(terms.CONCEPT)


def text_in(subject: str, predicate: str, language: str) -> str:
    """The one text of a property in a language."""
    found = graph().quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
    (text,) = (q.object.value for q in found if isinstance(q.object, ox.Literal) and q.object.language == language)
    return text


def select(query: str) -> ox.QuerySolutions:
    """The rows of a SELECT query in the usual prefixes."""
    return graph().query(query, prefixes={**terms.PREFIXES, "owl": OWL})  # type: ignore[return-value]  # a SELECT


def holds(pattern: str) -> bool:
    """Whether the modules have a SPARQL pattern in the usual prefixes."""
    return bool(graph().query(f"ASK {{ {pattern} }}", prefixes={**terms.PREFIXES, "owl": OWL}))


@cache
def disjoint_pairs() -> frozenset[frozenset[str]]:
    """Pairs of classes that the modules say to have no member in common, without what follows for narrower classes."""
    rows = select("SELECT ?axiom ?class WHERE { ?axiom owl:members/rdf:rest*/rdf:first ?class }")
    together: dict[str, set[str]] = {}
    for row in rows:
        together.setdefault(str(row["axiom"]), set()).add(row["class"].value)
    pairs = {frozenset(pair) for members in together.values() for pair in combinations(members, 2)}
    rows = select("SELECT ?one ?other WHERE { ?one owl:disjointWith ?other }")
    return frozenset(pairs | {frozenset((row["one"].value, row["other"].value)) for row in rows})

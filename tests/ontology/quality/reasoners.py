"""Two reasoners that are not ours: HermiT, complete for OWL 2 DL, and owlrl, the rules of OWL 2 RL."""

import io
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import owlready2
import owlrl
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.ontology.quality.ontology_graph import named, ours

FOUNDATIONS = Path(__file__).with_name("foundations.ttl")
BUILT_IN = (str(RDF), str(RDFS), str(OWL))
NOTES = {
    OWL.imports,
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    RDFS.seeAlso,
    SKOS.definition,
    SKOS.prefLabel,
    SKOS.notation,
}
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""What owlrl writes a contradiction with."""
HAS_JAVA = shutil.which("java") is not None


def logic(graphs: Iterable[Graph]) -> Graph:
    """The union of some graphs without notes, each foreign term declared as OWL 2 DL wants it."""
    union = Graph()
    for graph in graphs:
        union += graph
    for predicate in NOTES:
        union.remove((None, predicate, None))
    for term, kind in _declarations(union):
        union.add((term, RDF.type, kind))
    return union


def _declarations(graph: Graph) -> Iterable[tuple[Node, Node]]:
    for term in named(graph.objects(None, RDFS.subClassOf)):
        yield term, OWL.Class
    steps = {step for head in graph.objects(None, OWL.propertyChainAxiom) for step in Collection(graph, head)}
    above = {one: term for term, one in graph.subject_objects(RDFS.subPropertyOf)}
    data = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    for term in named({*graph.predicates(), *above, *steps} - set(graph.subjects(RDF.type))):
        if term in steps or (term in above and above[term] not in data):
            yield term, OWL.ObjectProperty
        elif not str(term).startswith(BUILT_IN):
            yield term, OWL.DatatypeProperty if term in above else OWL.AnnotationProperty


def foundations() -> Graph:
    return Graph().parse(FOUNDATIONS, format="turtle")


def world_of(graph: Graph) -> owlready2.World:
    """A graph as owlready2 reads it, apart from every other."""
    world = owlready2.World()
    # HermiT reads no more than milliseconds.
    text = re.sub(rb"(T\d\d:\d\d:\d\d\.\d{3})\d+", rb"\1", graph.serialize(format="nt", encoding="utf-8"))
    world.get_ontology("https://example.org/all#").load(fileobj=io.BytesIO(text))
    return world


def is_consistent(*graphs: Graph) -> bool:
    """Whether our modules, what lies beneath them and some graphs more have a model, by HermiT."""
    return unsatisfiable(*graphs) is not None


def unsatisfiable(*graphs: Graph) -> list[str] | None:
    """Classes that can have no member, by HermiT; None where nothing can be at all."""
    world = world_of(logic([ours(), foundations(), *graphs]))
    try:
        # geo:wktLiteral and xsd:date are no datatypes of OWL 2; their values mean nothing to a reasoner.
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    return sorted(found.iri for found in world.inconsistent_classes() if found is not owlready2.Nothing)


def closure(*graphs: Graph) -> Graph:
    """Our modules with some graphs and all that follows by the rules of OWL 2 RL, by owlrl."""
    union = logic([ours(), *graphs])
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(union)
    return union


def errors(closed: Graph) -> list[str]:
    """The contradictions that owlrl met, in its words."""
    return sorted(str(text) for text in closed.objects(None, _ERROR))

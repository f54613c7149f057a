"""Which axioms the ontology may have: OWL 2 RL, less what engines do wrongly at run time.

Source: OWL 2 Profiles (W3C, second edition), section 4.2.5; OWL 2 Mapping to RDF Graphs, section 2.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from ontology import terms
from ontology.expressions import OWL, Expressions, Graph, Kinds, Node, Position
from ontology.prefixed import prefixed


@dataclass(frozen=True, slots=True)
class Fault:
    """An axiom that is not allowed."""

    term: str
    """IRI of the class or property that it is about."""
    reason: str
    """What is wrong and what to do, as the end of a sentence that begins with the term."""


OTHERS = (
    "http://www.w3.org/", "http://www.opengis.net/", "https://www.opengis.net/", "http://purl.org/dc/", "http://purl.org/vocab/",
    "http://qudt.org/", "https://schema.org/", "http://schema.org/", "http://xmlns.com/", "http://spdx.org/",
    "https://w3id.org/ogc/",
)  # fmt: skip
"""Where the vocabularies stand that ours builds on: modules declare terms of theirs, and say nothing of them."""
_LOGICAL = (OWL, terms.RDF, terms.RDFS)
_LOOKED_AT = (*_LOGICAL, terms.ORR)
_SUBCLASS_OF, _SUBPROPERTY_OF = terms.RDFS + "subClassOf", terms.RDFS + "subPropertyOf"
_DOMAIN, _RANGE = terms.RDFS + "domain", terms.RDFS + "range"
_EQUIVALENT, _DISJOINT, _CHAIN = OWL + "equivalentClass", OWL + "disjointWith", OWL + "propertyChainAxiom"
_INVERSE = OWL + "inverseOf"
_SYMMETRIC = {_EQUIVALENT, _DISJOINT, _INVERSE, OWL + "equivalentProperty", OWL + "propertyDisjointWith"}
"""Axioms that say as much about their object as about their subject."""
_OF_PROPERTIES = {_SUBPROPERTY_OF, _DOMAIN, _RANGE, _CHAIN, _INVERSE} | {
    OWL + name for name in ("equivalentProperty", "propertyDisjointWith")
}
_CONSTRUCTIONS = {OWL + name for name in ("intersectionOf", "unionOf", "oneOf", "complementOf")}
_ABOUT_ITS_SUBJECT = {_SUBCLASS_OF, *_OF_PROPERTIES, *_SYMMETRIC, *_CONSTRUCTIONS}
_CHARACTERISTICS = {
    OWL + name + "Property"
    for name in ("Functional", "InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")
}
_PREDICATES = {
    OWL + "disjointUnionOf": "which OWL 2 RL does not have; state subclasses and owl:AllDisjointClasses",
    OWL + "hasKey": "by which engines merge individuals silently; leave uniqueness to the validation of records",
    OWL + "sameAs": "by which every statement is made of both; say skos:exactMatch",
    OWL + "onProperties": "which OWL 2 RL does not have; restrict one property",
}
"""What no module may say, whatever the rest."""
_EXTREMES = {OWL + end + kind + "Property" for end in ("top", "bottom") for kind in ("Object", "Data")}
"""The properties that hold of everything, or of nothing."""
_DECLARED = {"Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Datatype"}
_OWL_NAMES = """
    AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty Axiom
    Class DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty InverseFunctionalProperty
    IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing ObjectProperty Ontology
    ReflexiveProperty Restriction SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty
    annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty
    bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom disjointUnionOf
    disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf hasValue imports
    incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality members minCardinality
    minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf priorVersion
    propertyChainAxiom propertyDisjointWith qualifiedCardinality rational real sameAs someValuesFrom
    sourceIndividual targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI
    versionInfo withRestrictions
"""
_KNOWN = {OWL + name for name in _OWL_NAMES.split()}
"""Every term of OWL 2 (Mapping to RDF Graphs and Structural Specification, reserved vocabulary)."""


def faults(module: Sequence[ox.Triple], ontology: tuple[ox.Triple, ...]) -> Iterator[Fault]:
    """Every axiom of a module that is not allowed.

    Args:
        module: its triples.
        ontology: the triples of all modules, which tell what kind of property a term is.
    """
    kinds = _kinds(ontology)
    checked = _Axioms(Expressions(_indexed(module), kinds))
    for subject, described in checked.expressions.graph.items():
        for predicate, values in described.items():
            for value in values:
                reasons = dict.fromkeys(checked.reasons(subject, predicate, value))
                yield from (Fault(checked.nearest(subject, value), reason) for reason in reasons)


@lru_cache(maxsize=1)
def _kinds(ontology: tuple[ox.Triple, ...]) -> Kinds:
    # Asked for once for every module, of the same triples.
    kinds: dict[str, set[str]] = {}
    is_a = ox.NamedNode(terms.TYPE)
    for triple in ontology:
        if triple.predicate == is_a and isinstance(triple.object, ox.NamedNode):
            found = triple.object.value
            if found.startswith((OWL, terms.RDFS)) and isinstance(triple.subject, ox.NamedNode):
                kinds.setdefault(triple.subject.value, set()).add(found.rpartition("#")[2])
    return {iri: frozenset(found) for iri, found in kinds.items()}


def _indexed(module: Iterable[ox.Triple]) -> Graph:
    graph: dict[Node, dict[str, list[Node]]] = {}
    for triple in module:
        predicate = triple.predicate.value
        if predicate.startswith(_LOOKED_AT):
            graph.setdefault(triple.subject, {}).setdefault(predicate, []).append(triple.object)
    return graph


@dataclass(frozen=True, slots=True)
class _Axioms:
    """The axioms of one module."""

    expressions: Expressions

    def reasons(self, subject: Node, predicate: str, value: Node) -> Iterator[str]:
        """What is wrong with one triple, if it is an axiom."""
        yield from _word_faults(subject, predicate, value)
        yield from self.expressions.name_faults(predicate, "Property", "what it says")
        if predicate in _PREDICATES:
            yield f"has {_short(predicate)}, {_PREDICATES[predicate]}"
        elif predicate == terms.TYPE:
            yield from self._type_faults(subject, value)
        elif predicate in _ABOUT_ITS_SUBJECT and not _is_expression(subject, predicate):
            yield from self._owner_faults(subject, predicate, value)
            yield from self._axiom_faults(subject, predicate, value)

    def nearest(self, subject: Node, value: Node) -> str:
        """The IRI of a term by which a person finds an axiom: its subject, else what it is about."""
        top = self._top(subject)
        superclasses = self.expressions.graph.get(top, {}).get(_SUBCLASS_OF, [])
        pending, seen = [top, *superclasses, value], set[Node]()
        while pending:
            node = pending.pop(0)
            if isinstance(node, ox.NamedNode):
                if not node.value.startswith(_LOGICAL):
                    return node.value
            elif node not in seen:
                seen.add(node)
                pending += [one for values in self.expressions.graph.get(node, {}).values() for one in values]
        return OWL + "Thing"

    def _top(self, node: Node) -> Node:
        # From a part of an expression to what the expression is said of.
        seen: set[Node] = set()
        while isinstance(node, ox.BlankNode) and node not in seen:
            seen.add(node)
            described = self.expressions.graph.items()
            node = next((s for s, values in described if any(node in found for found in values.values())), node)
        return node

    def _kinds_of(self, node: Node) -> frozenset[str]:
        return self.expressions.kinds.get(node.value, frozenset()) if isinstance(node, ox.NamedNode) else frozenset()

    def _type_faults(self, subject: Node, value: Node) -> Iterator[str]:
        if not isinstance(value, ox.NamedNode):
            yield from self.expressions.class_faults(value, Position.SUPERCLASS, "its type")
        elif value.value in _CHARACTERISTICS:
            yield from self._characteristic_faults(subject, value.value)
        elif value.value in (OWL + "AllDisjointClasses", OWL + "AllDisjointProperties"):
            yield from self._disjoint_faults(subject, value.value)
        elif value.value == OWL + "ObjectProperty" and "DatatypeProperty" in self._kinds_of(subject):
            yield "is an object and a datatype property at once; make two of it"
        else:
            yield from self.expressions.name_faults(value.value, "Class", "its type")

    def _characteristic_faults(self, subject: Node, characteristic: str) -> Iterator[str]:
        kinds = self._kinds_of(subject)
        yield from self._foreign(subject)
        if characteristic == OWL + "ReflexiveProperty":
            yield "is an owl:ReflexiveProperty, which OWL 2 RL does not have; leave it out"
        elif characteristic == OWL + "InverseFunctionalProperty":
            yield f"is an owl:InverseFunctionalProperty, {_PREDICATES[OWL + 'hasKey']}"
        elif characteristic == OWL + "FunctionalProperty":
            if "DatatypeProperty" not in kinds:
                yield f"is a functional object property, {_PREDICATES[OWL + 'hasKey']}"
        elif "DatatypeProperty" in kinds:
            yield f"is an {_short(characteristic)}, which holds of object properties alone; leave it out"

    def _disjoint_faults(self, subject: Node, kind: str) -> Iterator[str]:
        heads = self.expressions.graph[subject].get(OWL + "members", [])
        members = self.expressions.members(heads[0]) if len(heads) == 1 else None
        if members is None or len(members) < 2:
            yield f"has {_short(kind)} with a malformed list; write owl:members ( … ) with two or more"
            return
        for member in members:
            yield from self._foreign(member)
            if kind == OWL + "AllDisjointClasses":
                yield from self.expressions.class_faults(member, Position.SUBCLASS, "a set of disjoint classes")
            else:
                yield from self.expressions.property_faults(member, "a set of disjoint properties")

    def _owner_faults(self, subject: Node, predicate: str, value: Node) -> Iterator[str]:
        yield from self._foreign(subject)
        if predicate in _SYMMETRIC:
            yield from self._foreign(value)
        if isinstance(subject, ox.BlankNode) and predicate == _SUBCLASS_OF and not self._names_ours(subject):
            yield "has an axiom about terms of other vocabularies alone; say it of a class or property of ours"

    def _foreign(self, node: Node) -> Iterator[str]:
        if not isinstance(node, ox.NamedNode) or self._is_ours(node) or self.expressions.is_datatype(node):
            return
        if node.value.startswith(OTHERS):
            yield f"has an axiom about {_name(node)}, somebody else's term; say it of a term of ours"
        else:
            yield f"has an axiom about {_name(node)}, which no module declares; correct the name or declare it"

    def _is_ours(self, node: Node) -> bool:
        declared = not _DECLARED.isdisjoint(self._kinds_of(node))
        return declared and isinstance(node, ox.NamedNode) and not node.value.startswith(OTHERS)

    def _names_ours(self, node: Node) -> bool:
        pending, seen = [node], {node}
        while pending:
            one = pending.pop()
            described = self.expressions.graph.get(one, {}) if isinstance(one, ox.BlankNode) else {}
            if self._is_ours(one) or OWL + "oneOf" in described:
                return True
            # The axiom's other end is no part of the expression.
            parts = {part for name, parts in described.items() if name != _SUBCLASS_OF for part in parts} - seen
            seen |= parts
            pending += parts
        return False

    def _axiom_faults(self, subject: Node, predicate: str, value: Node) -> Iterator[str]:
        known = self.expressions
        if predicate == _SUBCLASS_OF:
            yield from known.class_faults(subject, Position.SUBCLASS, "a subclass")
            yield from known.class_faults(value, Position.SUPERCLASS, "a superclass")
        elif predicate == _EQUIVALENT and known.is_datatype(subject):
            yield from known.data_faults(value, "a datatype")
        elif predicate in (_EQUIVALENT, _DISJOINT):
            position = Position.EQUIVALENT if predicate == _EQUIVALENT else Position.SUBCLASS
            where = "an equivalent class" if predicate == _EQUIVALENT else "a disjoint class"
            for side in (subject, value):
                yield from known.class_faults(side, position, where)
        elif predicate in _OF_PROPERTIES:
            yield from self._property_faults(subject, predicate, value)
        else:
            yield f"has {_short(predicate)} as if it were no name; say it in an owl:equivalentClass [ … ]"

    def _property_faults(self, subject: Node, predicate: str, value: Node) -> Iterator[str]:
        known, kinds = self.expressions, self._kinds_of(subject)
        if "AnnotationProperty" in kinds:
            return
        if predicate == _CHAIN:
            yield from self._chain_faults(value)
        elif predicate == _DOMAIN:
            yield from known.class_faults(value, Position.SUPERCLASS, "its domain")
        elif predicate == _RANGE and ("DatatypeProperty" in kinds):
            yield from known.data_faults(value, "its range")
        elif predicate == _RANGE:
            yield from known.class_faults(value, Position.SUPERCLASS, "its range")
        else:
            for side in (subject, value):
                yield from known.property_faults(side, _short(predicate))

    def _chain_faults(self, head: Node) -> Iterator[str]:
        steps = self.expressions.members(head)
        if steps is None or len(steps) < 2:
            yield "has a property chain with fewer than two steps or a malformed list; write ( … ) with two or more"
            return
        for step in steps:
            yield from self.expressions.property_faults(step, "a property chain")
            if "DatatypeProperty" in self._kinds_of(step):
                yield f"has the datatype property {_name(step)} in a property chain; name an object property"


def _word_faults(subject: Node, predicate: str, value: Node) -> Iterator[str]:
    words = [predicate, value.value if isinstance(value, ox.NamedNode) else predicate]
    for word in dict.fromkeys(words):
        if word.startswith(OWL) and word not in _KNOWN:
            yield f"has {_short(word)}, which is no term of OWL 2; correct the name"
    for end in (subject, value):
        if isinstance(end, ox.NamedNode) and end.value in _EXTREMES:
            yield f"has {_short(end.value)}, to which OWL 2 RL gives no meaning; name a property"


def _is_expression(subject: Node, predicate: str) -> bool:
    # Part of a class, a data range or an inverse that an axiom uses, and looked at there.
    return isinstance(subject, ox.BlankNode) and predicate in {_INVERSE, *_CONSTRUCTIONS}


def _name(node: Node) -> str:
    return prefixed(node.value) if isinstance(node, ox.NamedNode) else str(node)


def _short(iri: str) -> str:
    return iri.replace(OWL, "owl:").replace(terms.RDFS, "rdfs:")

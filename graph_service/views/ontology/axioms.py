"""Axioms in words.

Source: OWL 2 Web Ontology Language, Structural Specification (W3C, second edition), sections 8 and 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.views.ontology.names import Names, Reference
from graph_service.views.ontology.statements import Node, Statements
from ontology import terms

Phrase = tuple[str | Reference, ...]
"""Words and the things they name, one after the other."""

STATED = "stated by producers"

_EQUIVALENT = terms.OWL + "equivalentClass"
_CHAIN = terms.OWL + "propertyChainAxiom"
_SUBCLASS = terms.RDFS + "subClassOf"
_LISTED = {"unionOf": " or ", "oneOf": " or "}
_WHOSE = "anything whose "
_RESTRICTED = {
    "hasValue": "is ",
    "someValuesFrom": "is some ",
    "allValuesFrom": "is nothing but ",
    "maxCardinality": "has at most this many values: ",
    "maxQualifiedCardinality": "has at most this many values: ",
}
_CHARACTERISTICS = {
    "TransitiveProperty": "transitive: what holds from one to the next holds from the first to the last",
    "SymmetricProperty": "symmetric: holds in both directions",
    "AsymmetricProperty": "asymmetric: never holds in both directions",
    "IrreflexiveProperty": "irreflexive: nothing has itself as a value",
    "FunctionalProperty": "functional: at most one value",
    "InverseFunctionalProperty": "inverse functional: a value belongs to one subject at most",
}


@dataclass(frozen=True, slots=True)
class Axioms:
    """The axioms of an ontology, told with the names of a page."""

    statements: Statements
    names: Names

    def phrase(self, node: Node) -> Phrase:
        """A class, value or expression in words."""
        if isinstance(node, ox.NamedNode):
            return (self.names.reference(node.value),)
        if isinstance(node, ox.Literal):
            return (node.value,)
        for name, joint in _LISTED.items():
            for head in self.statements.objects(node, terms.OWL + name):
                return _joined([self.phrase(member) for member in self.statements.members(head)], joint)
        for head in self.statements.objects(node, terms.OWL + "intersectionOf"):
            return _met_at_once([self.phrase(member) for member in self.statements.members(head)])
        for complement in self.statements.objects(node, terms.OWL + "complementOf"):
            return ("not ", *self.phrase(complement))
        return self._restriction(node)

    def _restriction(self, node: Node) -> Phrase:
        prop = next(iter(self.statements.objects(node, terms.OWL + "onProperty")), None)
        for name, words in _RESTRICTED.items():
            for value in self.statements.objects(node, terms.OWL + name):
                if prop is not None:
                    return (_WHOSE, *self.phrase(prop), f" {words}", *self.phrase(value))
        return ("an expression that the Turtle text has",)

    def definitions(self, iri: str) -> Iterator[Phrase]:
        """The expressions that define a class: what fits one is in the class, and the other way round."""
        yield from (self.phrase(node) for node in self.statements.objects(ox.NamedNode(iri), _EQUIVALENT))

    def conclusions(self, iri: str) -> Iterator[Phrase]:
        """The expressions that make something a member of a class, and need not be met by its members."""
        for node in self.statements.subjects(_SUBCLASS, ox.NamedNode(iri)):
            if isinstance(node, ox.BlankNode):
                yield self.phrase(node)

    def chains(self, iri: str) -> Iterator[Phrase]:
        """The chains of properties that give one: each goes from where the one before ended."""
        for head in self.statements.objects(ox.NamedNode(iri), _CHAIN):
            yield _joined([self.phrase(link) for link in self.statements.members(head)], ", then ")

    def used_in_chains(self, iri: str) -> Iterator[Phrase]:
        """The properties that a chain with this one gives."""
        node = ox.NamedNode(iri)
        for subject, stated in self.statements.of.items():
            if subject != node and any(node in self.statements.members(head) for head in stated.get(_CHAIN, [])):
                yield self.phrase(subject)

    def characteristics(self, iri: str) -> Iterator[Phrase]:
        """What kind of relation a property is."""
        for node in self.statements.objects(ox.NamedNode(iri), terms.TYPE):
            words = _CHARACTERISTICS.get(_local(node))
            if words is not None:
                yield (words,)

    def disjoint(self, iri: str) -> list[str]:
        """IRIs of the classes that share no member with a class, by name."""
        node, predicate = ox.NamedNode(iri), terms.OWL + "disjointWith"
        found = {*self.statements.objects(node, predicate), *self.statements.subjects(predicate, node)}
        for head in self._disjoint_sets():
            members = self.statements.members(head)
            found |= {*members} if node in members else set()
        return sorted(one.value for one in found - {node} if isinstance(one, ox.NamedNode))

    def _disjoint_sets(self) -> Iterator[Node]:
        for subject in self.statements.subjects(terms.TYPE, ox.NamedNode(terms.OWL + "AllDisjointClasses")):
            yield from self.statements.objects(subject, terms.OWL + "members")


def origin(statements: Statements, iri: str) -> str:
    """Who says that a property holds, or a class applies: producers, or the reasoner, when what and from what."""
    own = statements.of.get(ox.NamedNode(iri), {})
    if _CHAIN in own:
        return "inferred, when products are written"
    if _EQUIVALENT in own:
        return "inferred from its definition, when products are written"
    if terms.OWL + "inverseOf" in own:
        return "answered from its inverse, when a query asks"
    if ox.NamedNode(terms.OWL + "TransitiveProperty") in own.get(terms.TYPE, []) and _below(statements, iri):
        return "answered from the properties below it, when a query asks"
    return STATED


def _below(statements: Statements, iri: str) -> list[Node]:
    return statements.subjects(terms.RDFS + "subPropertyOf", ox.NamedNode(iri))


def _local(node: Node) -> str:
    return node.value.removeprefix(terms.OWL) if isinstance(node, ox.NamedNode) else ""


def _joined(phrases: list[Phrase], joint: str) -> Phrase:
    found: list[str | Reference] = []
    for number, phrase in enumerate(phrases):
        found += ([joint] if number else []) + list(phrase)
    return tuple(found)


def _met_at_once(phrases: list[Phrase]) -> Phrase:
    """``A and B whose C is D``: names first, then what restricts them."""
    named = [phrase for phrase in phrases if phrase[0] != _WHOSE]
    restricted = [phrase[1:] for phrase in phrases if phrase[0] == _WHOSE]
    first = (" whose ",) if named else (_WHOSE,)
    return (*_joined(named, " and "), *(first if restricted else ()), *_joined(restricted, " and whose "))

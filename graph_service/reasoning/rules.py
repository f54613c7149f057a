"""Rules, read from the axioms of the ontology.

A fact is a property between two things, or a class of one. Keys name both: a
property's key is its IRI in N-Triples syntax, a class's key is ``a `` and its IRI, so
that no property is taken for a class. Unnamed class expressions get keys of their own.

Source: OWL 2 Profiles, section 4.3, OWL 2 RL/RDF rules; and OWL 2 Mapping to RDF Graphs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ontology import terms
from ontology.loader import Ontology

_OWL = "http://www.w3.org/2002/07/owl#"
_THING = f"<{_OWL}Thing>"


@dataclass(frozen=True, slots=True)
class Implies:
    """Whatever has the one property or class has the other (prp-spo1, prp-eqp, cax-sco, cax-eqc, cls-uni)."""

    body: tuple[str]
    head: str


@dataclass(frozen=True, slots=True)
class Reversed:
    """A property holds the other way round (prp-inv, prp-symp)."""

    body: tuple[str]
    head: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Two properties, one after the other, are a third (prp-spo2, prp-trp)."""

    body: tuple[str, str]
    head: str


@dataclass(frozen=True, slots=True)
class Exists:
    """Whatever has a property, with any value, has a class (cls-svf2)."""

    body: tuple[str]
    head: str


@dataclass(frozen=True, slots=True)
class Some:
    """Whatever has a property whose value has a class has another (cls-svf1); the body is property and class."""

    body: tuple[str, str]
    head: str


@dataclass(frozen=True, slots=True)
class Valued:
    """Whatever has a property with one value has a class (cls-hv2)."""

    body: tuple[str]
    value: str
    head: str


@dataclass(frozen=True, slots=True)
class Both:
    """Whatever has all of several classes has another (cls-int1)."""

    body: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whatever has a class has a property with one value (cls-hv1)."""

    body: tuple[str]
    head: str
    value: str


@dataclass(frozen=True, slots=True)
class Only:
    """The values of a property of whatever has a class have another (cls-avf); the body is class and property."""

    body: tuple[str, str]
    head: str


@dataclass(frozen=True, slots=True)
class Member:
    """A thing that the ontology itself counts to a class (cls-oo)."""

    individual: str
    head: str
    body: tuple[()] = ()


Rule = Implies | Reversed | Chain | Exists | Some | Valued | Both | Assigned | Only | Member


def class_key(term: str) -> str:
    """The key of a class by its IRI in N-Triples syntax."""
    return f"a {term}"


def is_named(key: str) -> bool:
    """Whether a key is that of a term with an IRI, and of no expression in between."""
    return key.startswith(("<", "a <"))


def rules_of(ontology: Ontology) -> tuple[Rule, ...]:
    """Every rule that the axioms state. Those on domains and ranges are left out: records state their classes."""
    return tuple(dict.fromkeys(_Axioms(ontology.triples).rules()))


class _Axioms:
    """The axioms, as they can be looked up."""

    def __init__(self, triples: tuple[ox.Triple, ...]) -> None:
        self._values: dict[tuple[object, str], list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
        self._stated: dict[str, list[ox.Triple]] = {}
        for triple in triples:
            self._values.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)
            self._stated.setdefault(triple.predicate.value, []).append(triple)

    def rules(self) -> Iterator[Rule]:
        yield from self._property_rules()
        for triple in self._stated.get(terms.RDFS + "subClassOf", ()):
            yield from self._subclass(triple.subject, triple.object)
        for triple in self._stated.get(_OWL + "equivalentClass", ()):
            yield from self._subclass(triple.subject, triple.object)
            yield from self._subclass(triple.object, triple.subject)

    def _property_rules(self) -> Iterator[Rule]:
        for triple in self._stated.get(terms.RDFS + "subPropertyOf", ()):
            yield from self._implies(triple.subject, triple.object)
        for triple in self._stated.get(_OWL + "equivalentProperty", ()):
            yield from self._implies(triple.subject, triple.object)
            yield from self._implies(triple.object, triple.subject)
        for triple in self._stated.get(_OWL + "inverseOf", ()):
            if isinstance(triple.subject, ox.NamedNode):
                yield Reversed((str(triple.subject),), str(triple.object))
                yield Reversed((str(triple.object),), str(triple.subject))
        for triple in self._stated.get(_OWL + "propertyChainAxiom", ()):
            yield from self._chain(self._list(triple.object), str(triple.subject))
        for triple in self._stated.get(terms.TYPE, ()):
            if triple.object == ox.NamedNode(_OWL + "TransitiveProperty"):
                yield Chain((str(triple.subject), str(triple.subject)), str(triple.subject))
            elif triple.object == ox.NamedNode(_OWL + "SymmetricProperty"):
                yield Reversed((str(triple.subject),), str(triple.subject))

    def _implies(self, body: object, head: object) -> Iterator[Rule]:
        key, rules = self._property(body)
        other, more = self._property(head)
        yield from (*rules, *more, Implies((key,), other))

    def _chain(self, links: list[object], head: str) -> Iterator[Rule]:
        left, rules = self._property(links[0])
        yield from rules
        for position, link in enumerate(links[1:], start=2):
            right, rules = self._property(link)
            yield from rules
            so_far = head if position == len(links) else f"_{head}:{position}:{left}{right}"
            yield Chain((left, right), so_far)
            left = so_far

    def _property(self, node: object) -> tuple[str, tuple[Rule, ...]]:
        """The key of a property or of the inverse of one, with the rules that define it."""
        if isinstance(node, ox.NamedNode):
            return str(node), ()
        inner = str(self._values[node, _OWL + "inverseOf"][0])
        key = f"_^{inner}"
        return key, (Reversed((inner,), key), Reversed((key,), inner))

    def _subclass(self, body: object, head: object) -> Iterator[Rule]:
        key, rules = self._left(body)
        yield from rules
        yield from self._right(key, head)

    def _left(self, node: object) -> tuple[str, list[Rule]]:
        """The key that whatever is in a class expression has, with the rules that give it."""
        if isinstance(node, ox.NamedNode):
            return class_key(str(node)), []
        key = f"_{node}"
        if members := self._members(node, "intersectionOf"):
            lefts = [self._left(member) for member in members]
            return key, [*(r for _, rules in lefts for r in rules), Both(tuple(k for k, _ in lefts), key)]
        if members := self._members(node, "unionOf"):
            lefts = [self._left(member) for member in members]
            return key, [r for k, rules in lefts for r in (*rules, Implies((k,), key))]
        if members := self._members(node, "oneOf"):
            return key, [Member(str(member), key) for member in members]
        return key, self._restriction(node, key)

    def _restriction(self, node: object, key: str) -> list[Rule]:
        on, rules = self._property(self._values[node, _OWL + "onProperty"][0])
        for value in self._values.get((node, _OWL + "hasValue"), ()):
            return [*rules, Valued((on,), str(value), key)]
        filler = self._values[node, _OWL + "someValuesFrom"][0]
        if str(filler) == _THING:
            return [*rules, Exists((on,), key)]
        inner, more = self._left(filler)
        return [*rules, *more, Some((on, inner), key)]

    def _right(self, key: str, node: object) -> Iterator[Rule]:
        """The rules by which whatever has a key has what a class expression says of it."""
        if isinstance(node, ox.NamedNode):
            yield Implies((key,), class_key(str(node)))
            return
        for member in self._members(node, "intersectionOf"):
            yield from self._right(key, member)
        for on in self._values.get((node, _OWL + "onProperty"), ()):
            name, rules = self._property(on)
            yield from rules
            for value in self._values.get((node, _OWL + "hasValue"), ()):
                yield Assigned((key,), name, str(value))
            for filler in self._values.get((node, _OWL + "allValuesFrom"), ()):
                inner = class_key(str(filler)) if isinstance(filler, ox.NamedNode) else f"_only{filler}"
                yield Only((key, name), inner)
                if not isinstance(filler, ox.NamedNode):
                    yield from self._right(inner, filler)

    def _members(self, node: object, kind: str) -> list[object]:
        return [member for head in self._values.get((node, _OWL + kind), ()) for member in self._list(head)]

    def _list(self, node: object) -> list[object]:
        members: list[object] = []
        while str(node) != f"<{terms.RDF}nil>":
            members += self._values[node, terms.RDF + "first"]
            (node,) = self._values[node, terms.RDF + "rest"]
        return members

"""Class expressions and data ranges as RDF writes them, and the places where OWL 2 RL allows each.

Source: OWL 2 Profiles (W3C, second edition), sections 4.2.3 and 4.2.4; OWL 2 Mapping to RDF Graphs, section 3.2.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import pyoxigraph as ox

from ontology import terms
from ontology.prefixed import prefixed

OWL = "http://www.w3.org/2002/07/owl#"

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Graph = Mapping[Node, Mapping[str, list[Node]]]
"""Objects by subject and IRI of the predicate."""
Kinds = Mapping[str, frozenset[str]]
"""For an IRI what it is declared to be: ``Class``, ``ObjectProperty``, ``Datatype`` …, as OWL names them."""


class Position(Enum):
    """Where a class expression stands; the three grammars of OWL 2 RL."""

    SUBCLASS = 1
    SUPERCLASS = 2
    EQUIVALENT = 3


@dataclass(frozen=True, slots=True)
class Constructor:
    """One way to make a class from others."""

    allowed: tuple[Position, ...]
    remedy: str
    """What to do where it is not allowed."""


_SUB, _SUPER = (Position.SUBCLASS,), (Position.SUPERCLASS,)
_TO_SHAPES = Constructor((), "leave it to the validation of records")
CONSTRUCTORS = {
    "intersectionOf": Constructor(tuple(Position), ""),
    "unionOf": Constructor(_SUB, "name the union as a class, and each part as its subclass"),
    "oneOf": Constructor(_SUB, "make a code scheme, or state the class of each member"),
    "complementOf": Constructor(_SUPER, "say owl:disjointWith instead"),
    "someValuesFrom": Constructor(_SUB, "turn the axiom round, or leave it to the validation of records"),
    "allValuesFrom": Constructor(_SUPER, "state the class, or use owl:someValuesFrom or owl:hasValue"),
    "hasValue": Constructor(tuple(Position), ""),
    "hasSelf": Constructor((), "state a class instead"),
    "maxCardinality": Constructor(_SUPER, "leave it to the validation of records"),
    "maxQualifiedCardinality": Constructor(_SUPER, "leave it to the validation of records"),
    "minCardinality": _TO_SHAPES,
    "minQualifiedCardinality": _TO_SHAPES,
    "cardinality": _TO_SHAPES,
    "qualifiedCardinality": _TO_SHAPES,
}
"""By local name in the namespace of OWL."""
_DATA_CONSTRUCTORS = {
    "withRestrictions": "bin the values into a code when they are ingested",
    "oneOf": "make a code scheme of the values",
    "unionOf": "use the wider datatype",
    "datatypeComplementOf": "use the datatype that is meant",
}
_WHERE = {
    (): "which OWL 2 RL does not have",
    _SUB: "which OWL 2 RL allows in subclasses alone",
    _SUPER: "which OWL 2 RL allows in superclasses alone",
}
_LITERALS = {terms.RDF + "PlainLiteral", terms.RDF + "XMLLiteral", terms.RDFS + "Literal"}
_XSD_NAMES = """
    decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte
    unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language Name
    NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp
"""
DATATYPES = _LITERALS | {terms.XSD + name for name in _XSD_NAMES.split()}
"""All that OWL 2 RL supports (OWL 2 Profiles, section 4.2.1)."""


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions of one module."""

    graph: Graph
    kinds: Kinds

    def members(self, head: Node) -> list[Node] | None:
        """The members of an RDF list; None where it is malformed."""
        found: list[Node] = []
        seen: set[Node] = set()
        while not (isinstance(head, ox.NamedNode) and head.value == terms.RDF + "nil"):
            cell = self.graph.get(head, {})
            first, rest = cell.get(terms.RDF + "first", []), cell.get(terms.RDF + "rest", [])
            if head in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(head)
            found += first
            head = rest[0]
        return found

    def class_faults(self, node: Node, position: Position, where: str, above: tuple[Node, ...] = ()) -> Iterator[str]:
        """What is wrong with a class expression.

        Args:
            node: the expression, or the name of a class.
            position: the grammar that it must fit.
            where: the place in words: ``a superclass``.
            above: expressions that it is part of.
        """
        if isinstance(node, ox.NamedNode):
            yield from self._class_name_faults(node.value, where)
        elif not isinstance(node, ox.BlankNode):
            yield f"has the text {node} in {where}; name a class there"
        elif node in above:
            yield f"has a class in {where} that is built from itself; write it out"
        else:
            yield from self._constructed_faults(node, position, where, (*above, node))

    def _class_name_faults(self, iri: str, where: str) -> Iterator[str]:
        if iri == OWL + "Thing":
            yield f"has owl:Thing in {where}, which OWL 2 RL does not allow; leave it out, as all things are that"
        elif self.is_datatype(ox.NamedNode(iri)):
            yield f"has the datatype {prefixed(iri)} in {where}; name a class, or make the property a datatype property"
        else:
            yield from self.name_faults(iri, "Class", where)

    def name_faults(self, iri: str, kind: str, where: str) -> Iterator[str]:
        """Whether a name of ours is declared as what it is used for; names of others are theirs to declare."""
        kinds = self.kinds.get(iri, frozenset())
        if iri.startswith(terms.ORR) and not any(one.endswith(kind) for one in kinds):
            wanted = "a class" if kind == "Class" else "a property"
            yield f"has {prefixed(iri)} in {where}, which no module declares as {wanted}; correct or declare it"

    def _constructed_faults(self, node: Node, position: Position, where: str, path: tuple[Node, ...]) -> Iterator[str]:
        own = self.graph.get(node, {})
        found = [name for name in CONSTRUCTORS if OWL + name in own]
        if len(found) != 1 or len(own[OWL + found[0]]) != 1:
            yield f"has a class in {where} that is malformed; give it one constructor, such as owl:hasValue"
            return
        (name,) = found
        constructor, (value,) = CONSTRUCTORS[name], own[OWL + name]
        if position not in constructor.allowed:
            remedy = constructor.remedy or "name a class instead"
            yield f"has owl:{name} in {where}, {_WHERE[constructor.allowed]}; {remedy}"
        elif name in ("intersectionOf", "unionOf", "oneOf"):
            yield from self._list_faults(name, value, position, where, path)
        elif name == "complementOf":
            yield from self.class_faults(value, Position.SUBCLASS, where, path)
        else:
            yield from self._restriction_faults(node, name, value, position, where, path)

    def _list_faults(
        self, name: str, head: Node, position: Position, where: str, path: tuple[Node, ...]
    ) -> Iterator[str]:
        members = self.members(head)
        fewest, number = (1, "one") if name == "oneOf" else (2, "two")
        if members is None or len(members) < fewest:
            yield f"has owl:{name} in {where} with a malformed list; write ( … ) with {number} or more members"
        elif name != "oneOf":
            for member in members:
                yield from self.class_faults(member, position, where, path)

    def _restriction_faults(
        self, node: Node, name: str, value: Node, position: Position, where: str, path: tuple[Node, ...]
    ) -> Iterator[str]:
        properties = self.graph[node].get(OWL + "onProperty", [])
        if OWL + "onProperties" in self.graph[node]:
            return  # A fault of its own, whatever it is used for.
        if len(properties) != 1 or isinstance(properties[0], ox.Literal):
            yield f"has owl:{name} in {where} without its one owl:onProperty; name the property"
            return
        yield from self.property_faults(properties[0], where)
        if name.startswith("max"):
            yield from self._maximum_faults(node, name, value, properties[0], where, path)
        elif name in ("someValuesFrom", "allValuesFrom"):
            yield from self._filler_faults(value, self._holds_data(properties[0], value), position, where, path)

    def property_faults(self, node: Node, where: str) -> Iterator[str]:
        """What is wrong with a property, or the inverse of one, in an expression."""
        inverse = self.graph.get(node, {}).get(OWL + "inverseOf", [])
        named = inverse[0] if isinstance(node, ox.BlankNode) and len(inverse) == 1 else node
        if not isinstance(named, ox.NamedNode):
            yield f"has a malformed property in {where}; name one, or write [ owl:inverseOf NAME ]"
        else:
            yield from self.name_faults(named.value, "Property", where)

    def _maximum_faults(
        self, node: Node, name: str, value: Node, on: Node, where: str, path: tuple[Node, ...]
    ) -> Iterator[str]:
        own = self.graph[node]
        number = value.value if isinstance(value, ox.Literal) else ""
        data = self._holds_data(on, *own.get(OWL + "onDataRange", []))
        if number not in ("0", "1"):
            yield f"has owl:{name} {number or value} in {where}, where OWL 2 RL takes 0 or 1; {_TO_SHAPES.remedy}"
        elif number == "1" and not data:
            # The same as a functional property: the values of one subject would be held to be the same thing.
            yield f"has owl:{name} 1 of things in {where}, by which engines merge individuals; {_TO_SHAPES.remedy}"
        for filler in own.get(OWL + "onClass", []):
            yield from self._filler_faults(filler, False, Position.SUBCLASS, where, path)
        for filler in own.get(OWL + "onDataRange", []):
            yield from self.data_faults(filler, where)

    def _filler_faults(
        self, filler: Node, data: bool, position: Position, where: str, path: tuple[Node, ...]
    ) -> Iterator[str]:
        if data:
            yield from self.data_faults(filler, where)
        elif position is Position.SUPERCLASS or filler != ox.NamedNode(OWL + "Thing"):
            yield from self.class_faults(filler, position, where, path)

    def _holds_data(self, on: Node, *fillers: Node) -> bool:
        kinds = self.kinds.get(on.value, frozenset()) if isinstance(on, ox.NamedNode) else frozenset()
        return "DatatypeProperty" in kinds or any(self.is_datatype(filler) for filler in fillers)

    def is_datatype(self, node: Node) -> bool:
        """Whether a node is a datatype or a data range by its own description."""
        if isinstance(node, ox.NamedNode):
            return node.value.startswith(terms.XSD) or node.value in DATATYPES or self._defined(node.value)
        declared = self.graph.get(node, {}).get(terms.TYPE, [])
        return ox.NamedNode(terms.RDFS + "Datatype") in declared

    def _defined(self, iri: str) -> bool:
        return "Datatype" in self.kinds.get(iri, ())

    def data_faults(self, node: Node, where: str, above: tuple[Node, ...] = ()) -> Iterator[str]:
        """What is wrong with a data range."""
        if isinstance(node, ox.NamedNode):
            if node.value not in DATATYPES and not self._defined(node.value):
                yield f"has {prefixed(node.value)} in {where}, no datatype of OWL 2 RL; use one such as xsd:string"
            return
        own = self.graph.get(node, {})
        for name, remedy in _DATA_CONSTRUCTORS.items():
            if OWL + name in own:
                yield f"has owl:{name} in {where}, a data range that OWL 2 RL does not have; {remedy}"
                return
        parts = self.members(own[OWL + "intersectionOf"][0]) if OWL + "intersectionOf" in own else None
        if parts is None or len(parts) < 2 or node in above:
            yield f"has a malformed data range in {where}; name a datatype"
            return
        for part in parts:
            yield from self.data_faults(part, where, (*above, node))

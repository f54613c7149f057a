"""What a term stands for when it is asked for: subclasses, subproperties, narrower codes, satellites.

owlready2 reads the ontology once; its view of classes and properties is kept in
dictionaries, which any number of threads may read.
"""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import owlready2 as owl
import pyoxigraph as ox

from graph_service.reasoning.companions import Companions, classes_of_subjects, companions_of, cover
from graph_service.reasoning.names import Names, names_in
from graph_service.reasoning.relations import Axioms, Way, steps_of
from ontology import terms
from ontology.loader import Ontology
from ontology.properties import Owned, Shape, Value
from ontology.shapes import TOP_LEVEL, terms_written

_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = terms.RDFS
_BUILT_IN = (terms.RDF, _RDFS, _OWL)
_NAME = "urn:orrery:meaning#"
"""Of the ontology that all modules together are to owlready2."""
_EQUIVALENCE = {
    _RDFS + "subClassOf": _OWL + "equivalentClass",
    _RDFS + "subPropertyOf": _OWL + "equivalentProperty",
}
_NARROWER = terms.SKOS + "narrower"


@dataclass(frozen=True, slots=True)
class Property:
    """What a property finds."""

    names: tuple[str, ...]
    """Itself, its subproperties and equivalents."""
    inverses: tuple[str, ...]
    """Properties that say the same from the other end."""
    transitive: bool
    symmetric: bool
    ways: tuple[Way, ...]
    """Paths over stated properties that together are all that it means."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """An ontology, as far as questions are widened by it."""

    _classes: Mapping[str, tuple[str, ...]]
    _covers: Mapping[str, tuple[str, ...]]
    _properties: Mapping[str, Property]
    _codes: Mapping[str, tuple[str, ...]]
    _companions: Companions
    _written: frozenset[str]
    _single: frozenset[str]
    members: Mapping[str, tuple[str, ...]]
    """Satellites by constellation."""
    names: Names

    @classmethod
    def of(cls, ontology: Ontology, shapes: Collection[Shape] | None = TOP_LEVEL) -> "Meaning":
        """The meaning of an ontology's terms.

        Args:
            ontology: our modules, and those that a site adds.
            shapes: of all records in the graph, which tell what need not be looked for; None where
                the graph may state anything.
        """
        triples = ontology.triples
        world = _world_of(triples)
        classes = dict(_descendants(world.classes(), world))
        owners = classes_of_subjects(triples, shapes or ())
        companions = companions_of(triples, shapes, _inferred_classes(world, owners))
        axioms = _axioms(world, triples, terms_written() if shapes is not None else None)
        codes = _below(triples)
        return cls(
            _classes=classes,
            _covers={iri: cover(found, companions) for iri, found in classes.items()},
            _properties={iri: _property(iri, axioms) for iri in axioms.narrower},
            _codes=codes,
            _companions=companions,
            _written=axioms.written,
            _single=frozenset(_single_valued(shapes or ())) - axioms.written,
            members=_members(triples),
            names=names_in(triples, _kinds(classes, axioms.narrower, codes, triples)),
        )

    def classes(self, iri: str) -> tuple[str, ...]:
        """A class with its subclasses at any depth and equivalents, itself first."""
        return self._classes.get(iri, (iri,))

    def cover(self, iri: str) -> tuple[str, ...]:
        """As few classes as find every instance of a class, among those that instances are stated to have."""
        return self._covers.get(iri, (iri,))

    def properties(self, iri: str) -> Property:
        """What a property finds; of one that the ontology does not know, what it finds itself."""
        return self._properties.get(iri) or _property(iri, _NO_AXIOMS)

    def codes(self, iri: str) -> tuple[str, ...]:
        """A code with its narrower codes at any depth, itself first."""
        return self._codes.get(iri, (iri,))

    def is_written(self, iri: str) -> bool:
        """Whether everything that a property means is in the graph, inferred when records are written."""
        return iri in self._written

    @property
    def stated_together(self) -> frozenset[frozenset[str]]:
        """Every set of classes that one thing in the graph is stated to have."""
        return self._companions.stated

    def are_apart(self, one: str, other: str) -> bool:
        """Whether nothing in the graph can have both of two classes."""
        return self._companions.are_apart(one, other)

    def is_single(self, iri: str) -> bool:
        """Whether nothing in the graph can have two values of a property."""
        return iri in self._single

    def resolve(self, text: str, kinds: Collection[str]) -> str:
        """The IRI of the one term that a text means.

        Args:
            text: an IRI, a prefixed name, a local name, a notation or a label in any language.
            kinds: what it may be: ``class``, ``property``, ``code``, ``individual``.

        Raises:
            TermUnknown: no such term is called so, or several are.
        """
        return self.names.resolve(text, kinds)


_NO_AXIOMS = Axioms({}, {}, frozenset(), frozenset(), frozenset(), None)


def _property(iri: str, axioms: Axioms) -> Property:
    ways = axioms.ways(iri)
    steps = steps_of(ways)
    return Property(
        names=(iri, *axioms.narrower.get(iri, ())),
        inverses=tuple(sorted({step.iri for step in steps if step.inverse} - {iri})),
        transitive=iri in axioms.transitive,
        symmetric=iri in axioms.symmetric,
        ways=ways,
    )


def _world_of(triples: Iterable[ox.Triple]) -> owl.World:
    """The triples in a world of their own, in memory; nothing that they import is fetched."""
    kept = list(_without_cycles([triple for triple in triples if triple.predicate.value != _OWL + "imports"]))
    text = "".join(f"{t.subject} {t.predicate} {t.object} .\n" for t in (*kept, *_declarations(kept)))
    world = owl.World()
    world.get_ontology(_NAME).load(fileobj=io.BytesIO(text.encode()))
    return world


def _without_cycles(triples: Collection[ox.Triple]) -> Iterator[ox.Triple]:
    """Triples with equivalences for cycles of subclasses or subproperties, about which owlready2 prints warnings."""
    above: dict[str, dict[str, set[str]]] = {narrower: {} for narrower in _EQUIVALENCE}
    for triple in triples:
        if triple.predicate.value in above and not _is_blank(triple):
            above[triple.predicate.value].setdefault(str(triple.subject), set()).add(str(triple.object))
    for triple in triples:
        parents = above.get(triple.predicate.value, {})
        if not parents or str(triple.subject) not in _reachable(str(triple.object), parents):
            yield triple
        elif triple.subject != triple.object:
            yield ox.Triple(triple.subject, ox.NamedNode(_EQUIVALENCE[triple.predicate.value]), triple.object)


def _declarations(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Classes and properties of others, which only ours name as parents, declared so that they can be asked for."""
    of_class, of_property = ox.NamedNode(_OWL + "Class"), ox.NamedNode(_OWL + "ObjectProperty")
    declared = {t.subject for t in triples if t.predicate.value == terms.TYPE}
    kinds = {_RDFS + "subClassOf": of_class, _OWL + "equivalentClass": of_class}
    kinds |= {_RDFS + "subPropertyOf": of_property, _OWL + "equivalentProperty": of_property}
    for triple in triples:
        kind = kinds.get(triple.predicate.value)
        if kind is not None:
            for term in (triple.subject, triple.object):
                if isinstance(term, ox.NamedNode) and term not in declared:
                    yield ox.Triple(term, ox.NamedNode(terms.TYPE), kind)


def _descendants(found: Iterable[owl.EntityClass], world: owl.World) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in found:
        below = sorted({below.iri for below in one.descendants(world=world)} - {one.iri})
        yield one.iri, (one.iri, *below)


def _inferred_classes(world: owl.World, owners: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """By class that is inferred, the classes that whatever has it was found to have before.

    Those are the classes that equal an expression, or that an expression implies.

    Args:
        world: with the ontology.
        owners: by property, the classes that every subject of it is stated to have.
    """
    found: dict[str, frozenset[str]] = {}
    for head, expression in _expressions(world):
        classes = _demanded(expression, owners)
        found[head] = found.get(head, classes) & classes
    return found


def _expressions(world: owl.World) -> Iterator[tuple[str, owl.Construct]]:
    for one in world.classes():
        yield from ((one.iri, other) for other in one.equivalent_to if isinstance(other, owl.Construct))
    for axiom in world.get_ontology(_NAME).general_class_axioms():
        yield from ((one.iri, axiom.left_side) for one in axiom.is_a if isinstance(one, owl.ThingClass))


def _demanded(expression: object, owners: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The classes that everything is stated to have which an expression describes, as far as that is plain."""
    if isinstance(expression, owl.ThingClass):
        return frozenset((expression.iri,))
    if isinstance(expression, owl.And):
        return frozenset().union(*(_demanded(part, owners) for part in expression.Classes))
    if isinstance(expression, owl.Restriction) and expression.type in (owl.SOME, owl.VALUE):
        return owners.get(getattr(expression.property, "iri", ""), frozenset())
    return frozenset()


def _axioms(world: owl.World, triples: Iterable[ox.Triple], stated: set[str] | None) -> Axioms:
    found = list(world.properties())
    narrower = {iri: below[1:] for iri, below in _descendants(found, world)}
    # owlready2 keeps one inverse of each property; there may be more.
    inverses: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == _OWL + "inverseOf" and not _is_blank(triple):
            one, other = triple.subject.value, triple.object.value  # type: ignore[union-attr]  # no blank nodes
            inverses.setdefault(one, set()).add(other)
            inverses.setdefault(other, set()).add(one)
    objects = [one for one in found if isinstance(one, owl.ObjectPropertyClass)]
    written = frozenset(one.iri for one in objects if one.get_property_chain())
    return Axioms(
        narrower=narrower,
        inverses={iri: tuple(sorted(others)) for iri, others in inverses.items()},
        transitive=frozenset(one.iri for one in objects if owl.TransitiveProperty in one.is_a),
        symmetric=frozenset(one.iri for one in objects if owl.SymmetricProperty in one.is_a),
        written=written,
        occurring=None if stated is None else written.union(stated, (t.predicate.value for t in triples)),
    )


def _single_valued(shapes: Iterable[Shape]) -> set[str]:
    """Properties that no record has two values of."""
    single: set[str] = set()
    several: set[str] = set()
    pending = list(shapes)
    while pending:
        shape = pending.pop()
        for prop in shape.properties:
            if isinstance(prop, Value):
                (several if prop.many else single).add(prop.term)
            elif isinstance(prop, Owned):
                pending.append(prop.shape)
                several.add(prop.term)
    return single - several


def _is_blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _below(triples: Iterable[ox.Triple]) -> dict[str, tuple[str, ...]]:
    """Codes with those below them at any depth; a cycle makes its codes equal."""
    children: dict[str, set[str]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode) and isinstance(triple.subject, ox.NamedNode):
            subject, value = triple.subject.value, triple.object.value
            if triple.predicate.value == terms.BROADER:
                children.setdefault(value, set()).add(subject)
            elif triple.predicate.value == _NARROWER:
                children.setdefault(subject, set()).add(value)
            elif triple.predicate.value == terms.IN_SCHEME:
                children.setdefault(subject, set())
    return {iri: (iri, *sorted(_reachable(iri, children) - {iri})) for iri in children}


def _reachable(start: str, children: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    pending = [start]
    while pending:
        if (one := pending.pop()) not in reached:
            reached.add(one)
            pending += children.get(one, ())
    return reached


def _members(triples: Iterable[ox.Triple]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == terms.MEMBER_OF_CONSTELLATION and not _is_blank(triple):
            found.setdefault(triple.object.value, set()).add(triple.subject.value)  # type: ignore[union-attr]  # no blank nodes
    return {constellation: tuple(sorted(satellites)) for constellation, satellites in found.items()}


def _kinds(
    classes: Iterable[str], properties: Iterable[str], codes: Iterable[str], triples: Iterable[ox.Triple]
) -> dict[str, str]:
    """What each term is, by IRI."""
    kinds: dict[str, str] = {}
    for triple in triples:
        described = triple.predicate.value == terms.TYPE and isinstance(triple.subject, ox.NamedNode)
        if described and not getattr(triple.object, "value", "").startswith(_BUILT_IN):
            kinds[triple.subject.value] = "individual"  # type: ignore[union-attr]  # a named node
    kinds |= dict.fromkeys(codes, "code")
    kinds |= dict.fromkeys(properties, "property")
    return kinds | dict.fromkeys(classes, "class")

"""What RDFS says of classes and properties: which of them others imply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ontology import terms

SUBCLASS = terms.RDFS + "subClassOf"
SUBPROPERTY = terms.RDFS + "subPropertyOf"
DOMAIN = terms.RDFS + "domain"
RANGE = terms.RDFS + "range"
AXIOMS = (SUBCLASS, SUBPROPERTY, DOMAIN, RANGE)
"""The four properties by which a schema implies statements about anything but itself (RDF 1.1 Semantics, 9)."""

Axiom = tuple[str, str, str]
"""Subject, one of ``AXIOMS`` and object, all of them IRIs."""
_Edges = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Schema:
    """Classes and properties, with what implies them at any depth."""

    classes: _Edges
    """By class, its subclasses without itself."""
    properties: _Edges
    """By property, its subproperties without itself."""
    subjects: _Edges
    """By class, the properties whose subjects are of it."""
    values: _Edges
    """By class, the properties whose values are of it."""
    names: frozenset[str] = field(init=False)
    """IRIs of the classes and properties that something else implies."""

    def __post_init__(self) -> None:
        edges = (self.classes, self.properties, self.subjects, self.values)
        names = frozenset(iri for some in edges for iri, others in some.items() if others)
        object.__setattr__(self, "names", names)  # follows from the rest, and is asked for again and again

    @classmethod
    def of(cls, axioms: Iterable[Axiom]) -> "Schema":
        """The schema that some axioms make up, with everything that follows from them."""
        direct: dict[str, dict[str, set[str]]] = {one: {} for one in AXIOMS}
        for subject, kind, value in axioms:
            direct[kind].setdefault(value, set()).add(subject)
        classes, properties = _closed(direct[SUBCLASS]), _closed(direct[SUBPROPERTY])
        return cls(
            classes,
            properties,
            subjects=_implying(direct[DOMAIN], classes, properties),
            values=_implying(direct[RANGE], classes, properties),
        )


def _closed(below: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {iri: _reached(iri, below) - {iri} for iri in below}


def _reached(start: str, below: Mapping[str, set[str]]) -> frozenset[str]:
    reached: set[str] = set()
    pending = [start]
    while pending:
        if (one := pending.pop()) not in reached:
            reached.add(one)
            pending += below.get(one, ())
    return frozenset(reached)


def _implying(stated: Mapping[str, set[str]], classes: _Edges, properties: _Edges) -> dict[str, frozenset[str]]:
    """By class, the properties that a domain or range makes its own, or one of its subclasses'."""
    found = {}
    for iri in {*stated, *classes}:
        direct = {prop for one in {iri, *classes.get(iri, ())} for prop in stated.get(one, ())}
        found[iri] = frozenset(direct.union(*(properties.get(prop, ()) for prop in direct)))
    return found

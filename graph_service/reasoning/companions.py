"""Which classes are stated together, and which never are: to look for one of them may be enough."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology import terms
from ontology.properties import Inline, Owned, Shape, Value


@dataclass(frozen=True, slots=True)
class Companions:
    """What is known of the classes that things are stated or inferred to have."""

    stated: frozenset[frozenset[str]]
    """Every set of classes that one thing is stated to have."""
    inferred: Mapping[str, frozenset[str]]
    """By class that is inferred, the classes that whatever has it was found to have before."""
    complete: bool
    """Whether nothing is stated to have other sets of classes."""

    def always(self) -> dict[str, frozenset[str]]:
        """The classes that everything has which has a class, by class."""
        together = dict(self.inferred) if self.complete else {}
        for classes in self.stated if self.complete else ():
            for one in classes:
                together[one] = together.get(one, classes) & classes
        return {one: others - {one} for one, others in together.items()}

    def occurring(self) -> frozenset[str] | None:
        """Classes that anything can have in the graph; None for any."""
        return frozenset().union(*self.stated, self.inferred) if self.complete else None

    def are_apart(self, one: str, other: str) -> bool:
        """Whether nothing can have both of two classes in the graph."""
        if not self.complete or one in self.inferred or other in self.inferred:
            return False
        return not any(one in classes and other in classes for classes in self.stated)


def companions_of(
    triples: Iterable[ox.Triple], shapes: Collection[Shape] | None, inferred: Mapping[str, Collection[str]]
) -> Companions:
    """What is known of the classes of things.

    Args:
        triples: of the ontology, which describes things of its own.
        shapes: of all records in the graph; None where the graph may have other things.
        inferred: by class that is inferred, the classes that whatever has it was found to have before.
    """
    stated = {*_described(triples).values(), *(classes for classes, _ in _stated_by(shapes or ()))}
    stated.add(frozenset((terms.GEOMETRY,)))
    found_before = {one: frozenset(others) for one, others in inferred.items()}
    return Companions(frozenset(stated), found_before, complete=shapes is not None)


def classes_of_subjects(triples: Iterable[ox.Triple], shapes: Collection[Shape]) -> dict[str, frozenset[str]]:
    """The classes that every subject of a property is stated to have, by property."""
    found: dict[str, frozenset[str]] = {}
    for classes, shape in _stated_by(shapes):
        for term in _properties_of(shape):
            found[term] = found.get(term, classes) & classes
    described = _described(triples)
    for triple in triples:
        term = triple.predicate.value
        if term in found:
            found[term] &= described.get(str(triple.subject), frozenset())
    return found


def _described(triples: Iterable[ox.Triple]) -> dict[str, frozenset[str]]:
    """The classes of the things that an ontology describes."""
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == terms.TYPE and isinstance(triple.object, ox.NamedNode):
            found.setdefault(str(triple.subject), set()).add(triple.object.value)
    return {subject: frozenset(classes) for subject, classes in found.items()}


def _stated_by(shapes: Iterable[Shape]) -> Iterator[tuple[frozenset[str], Shape]]:
    for shape in shapes:
        if shape.default_kind is None or shape.default_kind in shape.types:
            yield frozenset(shape.types), shape
        for kind in (shape.default_kind, *shape.kinds):
            if kind is not None and kind not in shape.types:
                stated = frozenset((kind,) if shape.one_type else (*shape.types, kind))
                yield stated, shape
                yield from ((stated | {other}, shape) for other, _ in shape.beside)
        yield from _stated_by(prop.shape for prop in shape.properties if isinstance(prop, Owned))


def _properties_of(shape: Shape) -> Iterator[str]:
    for prop in shape.properties:
        if isinstance(prop, Value | Owned):
            yield prop.term
        elif isinstance(prop, Inline):
            yield from _properties_of(prop.shape)


def cover(classes: tuple[str, ...], companions: Companions) -> tuple[str, ...]:
    """As few of some classes as find everything that has any of them; the first where nothing can have one."""
    occurring = companions.occurring()
    found = [one for one in classes if occurring is None or one in occurring]
    always = companions.always()
    kept: list[str] = []
    for rank, one in enumerate(found):
        others = always.get(one, frozenset()).intersection(found)
        # Of two that imply each other the first stays.
        if not any(one not in always.get(other, ()) or found.index(other) < rank for other in others):
            kept.append(one)
    return tuple(kept) or classes[:1]

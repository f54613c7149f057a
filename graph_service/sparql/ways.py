"""The ways in which a class or a property can hold in a graph, under a schema, as far as the graph has them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from graph_service.geosparql.schema import Schema

Occurs = Callable[[str, bool], bool]
"""Whether anything has a property (False), or is stated to be of a class (True)."""


@dataclass(frozen=True, slots=True)
class Membership:
    """How something can be of a class."""

    classes: tuple[str, ...]
    """That it is stated to be of."""
    subjects: tuple[str, ...] = ()
    """Properties that it has."""
    values: tuple[str, ...] = ()
    """Properties that it is a value of."""


@dataclass(frozen=True, slots=True)
class Told:
    """Properties from which nothing follows that a graph does not state beside them."""

    properties: frozenset[str] = frozenset()
    """What they are subproperties of is stated."""
    subjects: frozenset[str] = frozenset()
    """The classes of their subjects are stated, or follow from another property of the same subjects."""
    values: frozenset[str] = frozenset()
    """The classes of their values are stated."""


@dataclass(frozen=True, slots=True)
class Ways:
    """A schema, and what of it a graph has."""

    schema: Schema
    occurs: Occurs
    told: Told = field(default_factory=Told)

    def membership(self, iri: str) -> Membership:
        """How something can be of a class: as little as finds everything."""
        if iri not in self.schema.names:
            return Membership((iri,))
        classes = tuple(one for one in (iri, *sorted(self.schema.classes.get(iri, ()))) if self.occurs(one, True))
        subjects = self._open(self.schema.subjects.get(iri, ()), self.told.subjects)
        values = self._open(self.schema.values.get(iri, ()), self.told.values)
        if not (classes or subjects or values):
            return Membership((iri,))
        return Membership(classes, subjects, values)

    def properties(self, iri: str) -> tuple[str, ...]:
        """Properties that together relate what a property does, itself first where it occurs."""
        if iri not in self.schema.names:
            return (iri,)
        narrower = self._open(self.schema.properties.get(iri, ()), self.told.properties)
        found = ((iri,) if self.occurs(iri, False) else ()) + narrower
        return found or (iri,)

    def is_plain(self, iri: str) -> bool:
        """Whether a term finds what it is stated of, and nothing else."""
        return self.membership(iri) == Membership((iri,)) and self.properties(iri) == (iri,)

    def _open(self, some: Collection[str], told: frozenset[str]) -> tuple[str, ...]:
        return tuple(one for one in sorted(some) if one not in told and self.occurs(one, False))

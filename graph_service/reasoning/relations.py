"""What a property finds: paths over the properties that are stated, one for each way in which it can hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One stated property, followed once."""

    iri: str
    inverse: bool = False
    """Whether it is followed from its object to its subject."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Any of some steps, followed once or more."""

    steps: tuple[Step, ...]


Way = Step | Repeated


@dataclass(frozen=True, slots=True)
class Axioms:
    """What an ontology says of its properties, by IRI."""

    narrower: Mapping[str, tuple[str, ...]]
    """Subproperties at any depth and equivalents, without the property itself."""
    inverses: Mapping[str, tuple[str, ...]]
    transitive: frozenset[str]
    symmetric: frozenset[str]
    written: frozenset[str]
    """Properties whose inferences are kept in the graph, so that they need no others."""
    occurring: frozenset[str] | None
    """Properties that the graph can have; None for any."""

    def ways(self, iri: str) -> tuple[Way, ...]:
        """Every way in which a property can hold in the graph, the property itself first where it occurs.

        Together they are all that it means; where none of them occurs, they are the property itself.
        """
        found = (self._occurring(way) for way in self._ways(Step(iri)))
        return tuple(dict.fromkeys(way for way in found if way is not None)) or (Step(iri),)

    def _occurring(self, way: Way) -> Way | None:
        if self.occurring is None:
            return way
        steps = tuple(step for step in _steps_of(way) if step.iri in self.occurring)
        if not steps:
            return None
        return Repeated(steps) if isinstance(way, Repeated) else way

    def _ways(self, step: Step) -> Iterator[Way]:
        alike = self._alike(step)
        beyond = {one for same in alike for one in self._next(same)} - set(alike)
        # What another narrower property reaches is found through that one.
        nearest = sorted(
            (one for one in beyond if not any(one in self._reached(other) for other in beyond - set(self._alike(one)))),
            key=_order,
        )
        ways: list[Way] = [*alike, *(way for one in nearest for way in self._ways(one))]
        if any(same.iri in self.transitive and same.iri not in self.written for same in alike):
            yield Repeated(tuple(dict.fromkeys(step for way in ways for step in _steps_of(way))))
        else:
            yield from ways

    def _alike(self, step: Step) -> tuple[Step, ...]:
        """Steps that hold exactly when this one does, itself first."""
        others = (one for one in self._reached(step) if one != step and step in self._reached(one))
        return (step, *sorted(others, key=_order))

    def _next(self, step: Step) -> Iterator[Step]:
        """Steps that imply this one directly."""
        if step.iri in self.written:
            return
        yield from (Step(iri, step.inverse) for iri in self.narrower.get(step.iri, ()))
        yield from (Step(iri, not step.inverse) for iri in self.inverses.get(step.iri, ()))
        if step.iri in self.symmetric:
            yield Step(step.iri, not step.inverse)

    def _reached(self, step: Step) -> set[Step]:
        reached = {step}
        pending = [step]
        while pending:
            for one in self._next(pending.pop()):
                if one not in reached:
                    reached.add(one)
                    pending.append(one)
        return reached


def steps_of(ways: Iterable[Way]) -> tuple[Step, ...]:
    """The steps of some ways, each once."""
    return tuple(dict.fromkeys(step for way in ways for step in _steps_of(way)))


def _steps_of(way: Way) -> tuple[Step, ...]:
    return way.steps if isinstance(way, Repeated) else (way,)


def _order(step: Step) -> tuple[str, bool]:
    return step.iri, step.inverse

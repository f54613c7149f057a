"""Where the triples of a group say that a variable is the serialisation of a geometry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.index.places import Whose
from graph_service.sparql.prologue import Prologue
from graph_service.sparql.triples import Triple, simplified
from graph_service.spatial.statements import LINKS, SERIALISATIONS


@dataclass(frozen=True, slots=True)
class Anchor:
    """A variable that has a binding in every solution of a block, and what its bindings have to do with a literal."""

    variable: Variable
    """To which candidates can be given."""
    whose: Whose
    """What its bindings are: geometries with the literal, or features with such a geometry."""


def anchors_of(triples: Iterable[Triple], prologue: Prologue) -> dict[Variable, list[Anchor]]:
    """The anchors of every variable that stands for a literal of a geometry, features first.

    Args:
        triples: of one block, or of several that only filters separate, so that each holds in every solution.
        prologue: of the query.
    """
    steps = [step for triple in triples if (step := _step(triple, prologue)) is not None]
    found: dict[Variable, list[Anchor]] = {}
    for subject, properties, literal in steps:
        if isinstance(literal, Variable) and properties[-1] <= _SERIALISING:
            found.setdefault(literal, []).extend(_anchors(subject, properties, steps))
    for anchors in found.values():
        anchors.sort(key=lambda anchor: not anchor.whose.properties)
    return found


_LINKING = frozenset(LINKS)
_SERIALISING = frozenset(SERIALISATIONS)
_Step = tuple[Any, tuple[frozenset[str], ...], Any]
"""Subject, one property or two in sequence, each of them any of some, object."""


def _anchors(subject: Any, properties: tuple[frozenset[str], ...], steps: Iterable[_Step]) -> Iterator[Anchor]:
    if len(properties) == 2:
        if isinstance(subject, Variable):
            yield Anchor(subject, Whose(properties[0]))
        return
    if isinstance(subject, Variable):
        yield Anchor(subject, Whose())
    for feature, links, node in steps:
        if node == subject and len(links) == 1 and links[0] <= _LINKING and isinstance(feature, Variable):
            yield Anchor(feature, Whose(links[0]))


def _step(triple: Triple, prologue: Prologue) -> _Step | None:
    path = simplified(triple.predicate)
    parts = path.part if isinstance(path, CompValue) and path.name == "PathSequence" else [path]
    found = tuple(_any_of(simplified(part), prologue) for part in parts)
    if len(found) == 1 and (found[0] <= _LINKING or found[0] <= _SERIALISING):
        return (triple.subject, found, triple.object) if found[0] else None
    if len(found) == 2 and found[0] and found[1] and found[0] <= _LINKING and found[1] <= _SERIALISING:
        return triple.subject, found, triple.object
    return None


def _any_of(path: Any, prologue: Prologue) -> frozenset[str]:
    """The properties of which a path is any one; none where it is more than that."""
    alternatives = path.part if isinstance(path, CompValue) and path.name == "PathAlternative" else [path]
    iris = [prologue.iri(simplified(one)) for one in alternatives]
    known = frozenset(iri for iri in iris if iri is not None)
    return known if None not in iris else frozenset()

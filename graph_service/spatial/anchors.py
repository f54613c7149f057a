"""Where the triples of a group say that a variable is the serialisation of a geometry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.index.geometries import Whose
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
        if isinstance(literal, Variable) and properties[-1] in SERIALISATIONS:
            found.setdefault(literal, []).extend(_anchors(subject, properties, steps))
    for anchors in found.values():
        anchors.sort(key=lambda anchor: not anchor.whose.properties)
    return found


_Step = tuple[Any, tuple[str, ...], Any]
"""Subject, one property or two in sequence, object."""


def _anchors(subject: Any, properties: tuple[str, ...], steps: Iterable[_Step]) -> Iterator[Anchor]:
    if len(properties) == 2:
        if isinstance(subject, Variable):
            yield Anchor(subject, Whose(frozenset(properties[:1])))
        return
    if isinstance(subject, Variable):
        yield Anchor(subject, Whose())
    for feature, links, node in steps:
        if node == subject and len(links) == 1 and links[0] in LINKS and isinstance(feature, Variable):
            yield Anchor(feature, Whose(frozenset(links)))


def _step(triple: Triple, prologue: Prologue) -> _Step | None:
    path = simplified(triple.predicate)
    parts = path.part if isinstance(path, CompValue) and path.name == "PathSequence" else [path]
    iris = tuple(iri for part in parts if (iri := prologue.iri(simplified(part))) is not None)
    if len(iris) != len(parts):
        return None
    if len(iris) == 1 and (iris[0] in LINKS or iris[0] in SERIALISATIONS):
        return triple.subject, iris, triple.object
    if len(iris) == 2 and iris[0] in LINKS and iris[1] in SERIALISATIONS:
        return triple.subject, iris, triple.object
    return None

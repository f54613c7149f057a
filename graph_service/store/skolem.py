"""IRIs that stand for blank nodes, which nobody could name in a later change or query.

Source: RDF 1.1 Concepts, 3.5 Replacing Blank Nodes with IRIs.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

SKOLEM = "https://w3id.org/orrery/.well-known/genid/"
"""Namespace of these IRIs; nothing else is named in it."""
_LABEL = re.compile(r"[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class Skolems:
    """The IRIs for the blank nodes of one document or one answer: a new one for each, the same wherever it stands."""

    _named: dict[str, ox.NamedNode] = field(default_factory=dict)

    def iri(self, node: ox.BlankNode) -> ox.NamedNode:
        """The IRI that stands for a blank node."""
        found = self._named.get(node.value)
        return self._named.setdefault(node.value, _new_iri()) if found is None else found


def with_blank_nodes(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Triples as they were before their blank nodes were replaced, the same node for the same IRI."""
    for one in triples:
        found, value = _restored(one.subject), _restored(one.object)
        yield (
            one
            if found is None and value is None
            else ox.Triple(found or one.subject, one.predicate, value or one.object)
        )


def _restored(term: object) -> ox.BlankNode | None:
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(SKOLEM):
        return None
    label = term.value.removeprefix(SKOLEM)
    return ox.BlankNode(f"b{label}") if _LABEL.match(label) else None


def _new_iri() -> ox.NamedNode:
    return ox.NamedNode(f"{SKOLEM}{uuid.uuid4().hex}")

"""What is stated of each thing, found by subject and by object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ontology import terms

ROOT = "https://w3id.org/orrery/"
"""What every IRI of ours begins with."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Statements:
    """Triples, each list in their order."""

    of: dict[Node, dict[str, list[Node]]]
    """Objects by subject and IRI of the predicate."""
    about: dict[tuple[str, Node], list[Node]]
    """Subjects by IRI of the predicate and object."""

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """The values of one property."""
        return self.of.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: str, value: Node) -> list[Node]:
        """What has a value for a property."""
        return self.about.get((predicate, value), [])

    def predicates_to(self, value: Node) -> set[str]:
        """IRIs of the properties that have a value somewhere."""
        return {predicate for predicate, found in self.about if found == value}

    def text(self, subject: Node, predicate: str) -> str:
        """The English text of a property, else any; empty where there is none."""
        found = {node.language: node.value for node in self.objects(subject, predicate) if isinstance(node, ox.Literal)}
        return found.get("en") or next(iter(found.values()), "")

    def members(self, head: Node) -> list[Node]:
        """The members of an RDF list, up to where it ends or turns back on itself."""
        found, cells = [], {head}
        while first := self.objects(head, terms.RDF + "first"):
            found.append(first[0])
            head = next(iter(self.objects(head, terms.RDF + "rest")), head)
            if head in cells:
                break
            cells.add(head)
        return found

    def described(self) -> list[str]:
        """IRIs that more is stated of than a class, and all of ours, in the order of their first statements.

        That a term of another vocabulary is a class or a property is declared, and no description of it.
        """
        return [node.value for node in self.of if isinstance(node, ox.NamedNode) and self._describes(node)]

    def _describes(self, node: ox.NamedNode) -> bool:
        return node.value.startswith(ROOT) or self.of[node].keys() != {terms.TYPE}

    def declared(self) -> list[str]:
        """IRIs of other vocabularies that are declared and not described, sorted."""
        named = (node for node in self.of if isinstance(node, ox.NamedNode))
        return sorted(node.value for node in named if not self._describes(node))

    def description(self, iri: str) -> Iterator[ox.Triple]:
        """What is stated of a thing and of the nameless ones in its description; of a scheme, its codes as well."""
        pending: list[Node] = [ox.NamedNode(iri), *self.subjects(terms.IN_SCHEME, ox.NamedNode(iri))]
        seen: set[Node] = set()
        while pending:
            subject = pending.pop(0)
            if subject in seen or not isinstance(subject, ox.NamedNode | ox.BlankNode):
                continue
            seen.add(subject)
            for predicate, values in self.of.get(subject, {}).items():
                yield from (ox.Triple(subject, ox.NamedNode(predicate), value) for value in values)
                pending += [value for value in values if isinstance(value, ox.BlankNode)]


def statements_of(triples: Iterable[ox.Triple]) -> Statements:
    """Triples, found by subject and by object."""
    found = Statements({}, {})
    for triple in triples:
        by_predicate = found.of.setdefault(triple.subject, {})
        by_predicate.setdefault(triple.predicate.value, []).append(triple.object)
        found.about.setdefault((triple.predicate.value, triple.object), []).append(triple.subject)
    return found

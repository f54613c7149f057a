"""What follows from facts by an ontology, worked out a second time and in another way, to hold the first against.

The axioms stand beside the facts in a store of its own, and general updates, one
for each rule of OWL 2 RL, run over both until nothing more is added. Nothing of how
``rules`` reads the axioms or ``closure`` applies them is used here.

Source: OWL 2 Profiles, section 4.3, OWL 2 RL/RDF rules.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyoxigraph as ox

from ontology import terms
from ontology.loader import Ontology
from ontology.triples import Statement

RULES = ("properties", "chains", "restrictions", "classes", "domains")
"""Names of the rule files in ``updates``."""

_AXIOMS = ox.NamedNode("urn:orrery:axioms")
_BLANK = "urn:orrery:blank:"
_OWL = "http://www.w3.org/2002/07/owl#"
_LOGICAL = (_OWL, terms.RDF, terms.RDFS)
_HAS_VALUE = ox.NamedNode(_OWL + "hasValue")


@dataclass(frozen=True, slots=True)
class Head:
    """A named property or class that a chain or a class expression leads to."""

    term: str
    """In N-Triples syntax."""
    is_class: bool
    valued: bool
    """Whether an owl:hasValue leads there."""


class Fixpoint:
    """The facts that follow of some facts."""

    def __init__(self, ontology: Ontology) -> None:
        """A store with the axioms of an ontology and what it says of its codes and individuals."""
        named = [_named(triple) for triple in ontology.triples]
        self.uses_literals = any(t.predicate == _HAS_VALUE and isinstance(t.object, ox.Literal) for t in named)
        self._store = ox.Store()
        self._store.extend(ox.Quad(t.subject, t.predicate, t.object, _AXIOMS) for t in named if _is_axiom(t))
        self.heads = frozenset(_heads(self._store))
        self._store.update(_text("unused.ru"))
        self._store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in named if self._counts(t))

    def _counts(self, triple: ox.Triple) -> bool:
        """Whether a triple is a fact, and no axiom or text."""
        if str(triple.subject).startswith(f"<{_BLANK}") or (
            isinstance(triple.object, ox.Literal) and not self.uses_literals
        ):
            return False
        return not triple.predicate.value.startswith(_LOGICAL) or (
            triple.predicate.value == terms.TYPE and not str(triple.object).startswith(f"<{_OWL}")
        )

    def with_facts(self, facts: Iterable[Statement], *, on_round: Callable[[int], None] = lambda _: None) -> "Fixpoint":
        """All that follows of the facts here and some more; this one stays as it is.

        Args:
            facts: the new ones.
            on_round: told the number of each round over all rules before it begins.
        """
        more = Fixpoint.__new__(Fixpoint)
        more.heads, more.uses_literals = self.heads, self.uses_literals
        more._store = ox.Store()
        more._store.bulk_extend(self._store)
        wanted = (f for f in facts if self.uses_literals or f[2].startswith("<"))
        lines = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in wanted)
        more._store.bulk_load(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        more._close(on_round)
        return more

    def _close(self, on_round: Callable[[int], None]) -> None:
        size, number = -1, 0
        while size != (size := len(self._store)):
            number += 1
            on_round(number)
            for name in RULES:
                self._store.update(_text(f"{name}.ru"))

    def facts(self, head: Head) -> Iterator[Statement]:
        """Every fact of a head between named things."""
        term = ox.NamedNode(head.term[1:-1])
        predicate, value = (ox.NamedNode(terms.TYPE), term) if head.is_class else (term, None)
        for quad in self._store.quads_for_pattern(None, predicate, value, ox.DefaultGraph()):
            if not str(quad.subject).startswith(f"<{_BLANK}"):
                yield str(quad.subject), str(quad.predicate), str(quad.object)


@cache
def _text(name: str) -> str:
    return files("graph_service.reasoning").joinpath("updates", name).read_text(encoding="utf-8")


def _named(triple: ox.Triple) -> ox.Triple:
    """A triple whose blank nodes have IRIs, so that an expression can be a predicate."""
    return ox.Triple(_with_iri(triple.subject), triple.predicate, _with_iri(triple.object))


def _with_iri(term: Any) -> Any:
    return ox.NamedNode(_BLANK + term.value) if isinstance(term, ox.BlankNode) else term


def _is_axiom(triple: ox.Triple) -> bool:
    is_text = isinstance(triple.object, ox.Literal) and triple.predicate != _HAS_VALUE
    return triple.predicate.value.startswith(_LOGICAL) and not is_text


def _heads(store: ox.Store) -> Iterator[Head]:
    found = store.query(_text("heads.rq"))
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        head, kind, valued = row
        assert isinstance(kind, ox.Literal)
        assert isinstance(valued, ox.Literal)
        yield Head(str(head), kind.value == "class", valued.value == "true")

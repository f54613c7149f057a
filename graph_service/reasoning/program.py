"""The rules that matter to what is written, and what each of them needs.

Written are the heads of property chains and of class expressions. What only
renames or turns a statement round (superclasses, superproperties, inverses, transitive
and symmetric closures) is answered when a question is asked, and worked out here only
as far as a written head depends on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from graph_service.reasoning.rules import (
    Assigned,
    Both,
    Chain,
    Implies,
    Only,
    Reversed,
    Rule,
    Some,
    class_key,
    is_named,
    rules_of,
)
from ontology import terms
from ontology.loader import Ontology, OntologyInvalid
from ontology.prefixed import prefixed
from ontology.shapes import owning_terms, terms_of_parts, terms_written
from ontology.triples import Statement

TYPE = f"<{terms.TYPE}>"


@dataclass(frozen=True)
class Program:
    """Rules in the form that they are run in."""

    rules: tuple[Rule, ...]
    """Those that a written head depends on and that facts can satisfy."""
    written: frozenset[str]
    """Keys of the properties and classes whose inferred facts are kept in the graph."""
    stated: frozenset[str]
    """Keys of the properties and classes that records state."""

    @cached_property
    def bodies(self) -> frozenset[str]:
        """Every key that some rule asks for."""
        return frozenset(key for rule in self.rules for key in rule.body)

    @cached_property
    def inner(self) -> frozenset[str]:
        """Keys whose facts can matter to what is inferred of another thing than their subject."""
        direct = {rule.body[1] for rule in self.rules if isinstance(rule, Chain | Some)}
        direct |= {rule.body[0] for rule in self.rules if isinstance(rule, Only | Reversed)}
        return frozenset(self._sources_of(direct))

    @cached_property
    def passed_on(self) -> frozenset[str]:
        """Keys of ``inner`` whose facts about a part of a record come to matter to other records by way of it."""
        return frozenset(key for rule in self.rules if rule.head in self.inner for key in rule.body) & self.inner

    @cached_property
    def incoming(self) -> frozenset[str]:
        """Stated properties that say something of their object."""
        turned = {rule.body[0] for rule in self.rules if isinstance(rule, Reversed)}
        turned |= {rule.body[1] for rule in self.rules if isinstance(rule, Only)}
        return frozenset(key for key in self._sources_of(turned) if key in self.stated and key.startswith("<"))

    @cached_property
    def assigned(self) -> frozenset[str]:
        """Things that facts are inferred to lead to though nothing states it."""
        return frozenset(rule.value for rule in self.rules if isinstance(rule, Assigned))

    @cached_property
    def followed(self) -> frozenset[str]:
        """Properties whose objects have to be looked at for what is inferred of the subject."""
        return frozenset(key for key in self.bodies if key.startswith("<"))

    @cached_property
    def followed_to_parts(self) -> frozenset[str]:
        """Those of ``followed`` that can lead to a part of another record, such as its run."""
        parts = frozenset(_keys_of(terms_of_parts()))
        joins = [rule for rule in self.rules if isinstance(rule, Chain | Some)]
        leading = {rule.body[0] for rule in joins if not self._sources_of(rule.body[1:]).isdisjoint(parts)}
        return self.followed & self._sources_of(leading) - frozenset(_keys_of(owning_terms()))

    def _sources_of(self, keys: Iterable[str]) -> set[str]:
        """Keys from which some keys can be derived, and they themselves."""
        found: set[str] = set()
        pending = list(keys)
        while pending:
            if (key := pending.pop()) not in found:
                found.add(key)
                pending += [body for rule in self.rules if rule.head == key for body in rule.body]
        return found

    def relevant(self, statements: Iterable[Statement]) -> list[Statement]:
        """The statements that a rule can use, or whose subject may be inferred to be what they say.

        The classes of whole records are kept where other records can say something of them, so that
        one of which nothing else matters is known to be there.
        """
        bodies, written, pointed_to = self.bodies, self.written, bool(self.incoming)
        return [
            one
            for one in statements
            if (
                one[1] in bodies
                if one[1] != TYPE
                else (pointed_to and "#" not in one[0]) or (key := class_key(one[2])) in bodies or key in written
            )
        ]

    def uses(self, statement: Statement) -> bool:
        """Whether something may be inferred from a statement, or may be inferred to be as it says."""
        if statement[1] != TYPE:
            return statement[1] in self.bodies
        return class_key(statement[2]) in self.bodies | self.written

    def is_inferred(self, statement: Statement) -> bool:
        """Whether a statement is one that only inference writes, told by its property or class."""
        if statement[1] == TYPE:
            key = class_key(statement[2])
            return key in self.written and key not in self.stated
        return statement[1] in self.written or statement[1] == INFERRED_TYPE


INFERRED_TYPE = f"<{terms.ORR}inferredType>"


def program_of(ontology: Ontology) -> Program:
    """The program of an ontology.

    Raises:
        OntologyInvalid: an axiom would infer a property that records state, so that
            nobody could tell the inferred from the stated.
    """
    rules = rules_of(ontology)
    stated = frozenset(_keys_of(terms_written()))
    written = _written(rules, stated, ontology)
    known = stated | _described(ontology)
    derivable = _derivable(rules, known)
    kept = _asked_for([r for r in rules if _can_hold(r, derivable) and not _only_echoes(r, rules, known)], written)
    return Program(tuple(kept), written, stated)


def _keys_of(iris: Iterable[str]) -> list[str]:
    """The keys of properties and classes, which begin with a capital."""
    return [class_key(f"<{iri}>") if iri.rpartition("#")[2][:1].isupper() else f"<{iri}>" for iri in iris]


def _described(ontology: Ontology) -> set[str]:
    """Keys of what the modules themselves state of their codes and individuals."""
    properties = {str(triple.predicate) for triple in ontology.triples}
    return properties | {class_key(str(t.object)) for t in ontology.triples if t.predicate == ox.NamedNode(terms.TYPE)}


def _written(rules: Iterable[Rule], stated: frozenset[str], ontology: Ontology) -> frozenset[str]:
    written: set[str] = set()
    for rule in rules:
        if not is_named(rule.head) or (isinstance(rule, Chain) and set(rule.body) == {rule.head}):
            continue
        if isinstance(rule, Chain) and rule.head in stated:
            _refuse(rule.head, ontology)
        # The inverse of a property has no name either, but only turns a statement round.
        is_axiom = isinstance(rule, Implies) and not is_named(rule.body[0]) and rule.head.startswith("a ")
        if isinstance(rule, Chain | Only) or is_axiom or (isinstance(rule, Assigned) and rule.head not in stated):
            written.add(rule.head)
    return frozenset(written)


def _refuse(key: str, ontology: Ontology) -> None:
    iri = key.strip("<>")
    raise OntologyInvalid(
        f"{ontology.place_of(iri)}: {prefixed(iri)} is stated by records, so a chain onto it would mix what was "
        "inferred with what was stated; declare a property above it and put the chain there"
    )


def _derivable(rules: Iterable[Rule], known: set[str] | frozenset[str]) -> frozenset[str]:
    found = set(known)
    while more := {rule.head for rule in rules if _can_hold(rule, found)} - found:
        found |= more
    return frozenset(found)


def _can_hold(rule: Rule, known: set[str] | frozenset[str]) -> bool:
    return all(key in known for key in rule.body)


def _asked_for(rules: list[Rule], written: frozenset[str]) -> list[Rule]:
    wanted = set(written)
    while True:
        more = {key for rule in rules if rule.head in wanted for key in rule.body} - wanted
        if not more:
            return [rule for rule in rules if rule.head in wanted and not _says_nothing(rule)]
        wanted |= more


def _only_echoes(rule: Rule, rules: Iterable[Rule], known: set[str] | frozenset[str]) -> bool:
    """Whether a rule turns round what can only have come from its own head, turned round."""
    if not isinstance(rule, Reversed) or rule.body[0] in known or rule.body[0] == rule.head:
        return False
    sources = {other for other in rules if other.head == rule.body[0]}
    return sources == {Reversed((rule.head,), rule.body[0])}


def _says_nothing(rule: Rule) -> bool:
    return isinstance(rule, Implies | Both) and set(rule.body) == {rule.head}

"""What follows from facts under a program: each new fact meets each rule that asks for it once.

Forward chaining, semi-naive: a fact is joined with the facts known when it is
looked at, and those that come later are joined with it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.reasoning.program import TYPE, Program
from graph_service.reasoning.rules import (
    Assigned,
    Both,
    Chain,
    Exists,
    Implies,
    Member,
    Only,
    Reversed,
    Rule,
    Some,
    Valued,
)
from ontology.triples import Statement


@dataclass(slots=True)
class Facts:
    """Facts by key; a class is a property whose value is empty."""

    values: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Values by key and subject."""
    subjects: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Subjects by key and value, of the keys that a rule looks up so."""
    asked_for: frozenset[str] = frozenset()
    """Keys that a rule waits for."""
    agenda: list[tuple[str, str, str]] = field(default_factory=list)
    """Key, subject and value of the facts that no rule has looked at."""

    def add(self, key: str, subject: str, value: str) -> None:
        """Take in a fact that may be known."""
        of_key = self.values.get(key)
        if of_key is None:
            of_key = self.values[key] = {}
        known = of_key.get(subject)
        if known is None:
            of_key[subject] = {value}
        elif value in known:
            return
        else:
            known.add(value)
        if (turned := self.subjects.get(key)) is not None:
            turned.setdefault(value, set()).add(subject)
        if key in self.asked_for:
            self.agenda.append((key, subject, value))

    def has(self, key: str, subject: str) -> bool:
        """Whether a thing has a class, or any value of a property."""
        return subject in self.values.get(key, ())


Action = Callable[[Facts, str, str], None]
"""What a rule does about a new fact: with all facts, its subject and its value."""


class Closure:
    """A program, ready to run over any number of sets of facts."""

    def __init__(self, program: Program) -> None:
        self._actions: dict[str, list[Action]] = {}
        self._turned: set[str] = set()
        self._members: list[tuple[str, str]] = []
        for rule in program.rules:
            self._compile(rule)
        for key, implied in _implications(program).items():
            self._on(key, _each(implied))
        self._asked_for = frozenset(self._actions)

    def of(self, statements: Iterable[Statement]) -> Facts:
        """Statements that the program finds relevant, with everything that follows from them."""
        facts = Facts(subjects={key: {} for key in self._turned}, asked_for=self._asked_for)
        add, agenda, actions = facts.add, facts.agenda, self._actions
        for key, individual in self._members:
            add(key, individual, "")
        for subject, predicate, value in statements:
            if predicate == TYPE:
                add(f"a {value}", subject, "")
            else:
                add(predicate, subject, value)
        while agenda:
            key, subject, value = agenda.pop()
            for action in actions.get(key, ()):
                action(facts, subject, value)
        return facts

    def _on(self, key: str, action: Action) -> None:
        self._actions.setdefault(key, []).append(action)

    def _compile(self, rule: Rule) -> None:
        head = rule.head
        match rule:
            case Implies():
                pass  # All of them are run together.
            case Reversed((body,)):
                self._on(body, lambda facts, s, o: facts.add(head, o, s))
            case Exists((body,)):
                self._on(body, lambda facts, s, _: facts.add(head, s, ""))
            case Valued((body,), wanted):
                self._on(body, lambda facts, s, o: facts.add(head, s, "") if o == wanted else None)
            case Assigned((body,), _, assigned):
                self._on(body, lambda facts, s, _: facts.add(head, s, assigned))
            case Member(individual):
                self._members.append((head, individual))
            case Chain((left, right)):
                self._compile_chain(left, right, head)
            case Some((body, filler)):
                self._compile_some(body, filler, head)
            case Only((source, body)):
                self._compile_only(source, body, head)
            case Both(parts):
                for part in parts:
                    self._on(part, _when_all([other for other in parts if other != part], head))

    def _compile_chain(self, left: str, right: str, head: str) -> None:
        self._turned.add(left)

        def from_left(facts: Facts, subject: str, middle: str) -> None:
            for value in tuple(facts.values.get(right, _NONE).get(middle, ())):
                facts.add(head, subject, value)

        def from_right(facts: Facts, middle: str, value: str) -> None:
            for subject in tuple(facts.subjects[left].get(middle, ())):
                facts.add(head, subject, value)

        self._on(left, from_left)
        self._on(right, from_right)

    def _compile_some(self, body: str, filler: str, head: str) -> None:
        self._turned.add(body)

        def from_property(facts: Facts, subject: str, value: str) -> None:
            if facts.has(filler, value):
                facts.add(head, subject, "")

        def from_class(facts: Facts, value: str, _: str) -> None:
            for subject in tuple(facts.subjects[body].get(value, ())):
                facts.add(head, subject, "")

        self._on(body, from_property)
        self._on(filler, from_class)

    def _compile_only(self, source: str, body: str, head: str) -> None:
        def from_class(facts: Facts, subject: str, _: str) -> None:
            for value in tuple(facts.values.get(body, _NONE).get(subject, ())):
                facts.add(head, value, "")

        def from_property(facts: Facts, subject: str, value: str) -> None:
            if facts.has(source, subject):
                facts.add(head, value, "")

        self._on(source, from_class)
        self._on(body, from_property)


def _implications(program: Program) -> dict[str, list[str]]:
    """By key, the keys that it implies in any number of steps and that another rule or the graph has a use for.

    Steps in between that nobody asks for are passed over; they were a third of the facts.
    """
    above: dict[str, list[str]] = {}
    used = set(program.written)
    for rule in program.rules:
        if isinstance(rule, Implies):
            above.setdefault(rule.body[0], []).append(rule.head)
        else:
            used.update(rule.body)
    return {key: sorted(used.intersection(_reached(key, above))) for key in above}


def _reached(key: str, above: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(above[key])
    while pending:
        if (one := pending.pop()) not in found:
            found.add(one)
            pending += above.get(one, ())
    return found - {key}


def _each(heads: Sequence[str]) -> Action:
    def action(facts: Facts, subject: str, value: str) -> None:
        for head in heads:
            facts.add(head, subject, value)

    return action


_NONE: Mapping[str, set[str]] = {}


def _when_all(others: list[str], head: str) -> Action:
    def action(facts: Facts, subject: str, _: str) -> None:
        for other in others:
            if not facts.has(other, subject):
                return
        facts.add(head, subject, "")

    return action

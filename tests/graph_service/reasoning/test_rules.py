import pytest

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
    is_named,
    rules_of,
)
from tests.graph_service.reasoning.ontologies import EX, ontology_of


def p(number: int) -> str:
    return f"<{EX}p{number}>"


def c(number: int) -> str:
    return f"a <{EX}C{number}>"


I0 = f"<{EX}i0>"

AXIOMS: dict[str, tuple[str, list[Rule]]] = {
    "subclass": (":C0 rdfs:subClassOf :C1 .", [Implies((c(0),), c(1))]),
    "equivalent classes": (":C0 owl:equivalentClass :C1 .", [Implies((c(0),), c(1)), Implies((c(1),), c(0))]),
    "subproperty": (":p0 rdfs:subPropertyOf :p1 .", [Implies((p(0),), p(1))]),
    "equivalent properties": (":p0 owl:equivalentProperty :p1 .", [Implies((p(0),), p(1)), Implies((p(1),), p(0))]),
    "inverse": (":p0 owl:inverseOf :p1 .", [Reversed((p(0),), p(1)), Reversed((p(1),), p(0))]),
    "transitive": (":p0 a owl:TransitiveProperty .", [Chain((p(0), p(0)), p(0))]),
    "symmetric": (":p0 a owl:SymmetricProperty .", [Reversed((p(0),), p(0))]),
    "chain of two": (":p0 owl:propertyChainAxiom ( :p1 :p2 ) .", [Chain((p(1), p(2)), p(0))]),
    "chain of three": (
        ":p0 owl:propertyChainAxiom ( :p1 :p2 :p3 ) .",
        [Chain((p(1), p(2)), "_1"), Chain(("_1", p(3)), p(0))],
    ),
    "chain over an inverse": (
        ":p0 owl:propertyChainAxiom ( [ owl:inverseOf :p1 ] :p2 ) .",
        [Reversed((p(1),), "_1"), Reversed(("_1",), p(1)), Chain(("_1", p(2)), p(0))],
    ),
    "below an inverse": (
        ":p0 rdfs:subPropertyOf [ owl:inverseOf :p1 ] .",
        [Reversed((p(1),), "_1"), Reversed(("_1",), p(1)), Implies((p(0),), "_1")],
    ),
    "some value of a class": (
        "[ owl:onProperty :p0 ; owl:someValuesFrom :C0 ] rdfs:subClassOf :C1 .",
        [Some((p(0), c(0)), "_1"), Implies(("_1",), c(1))],
    ),
    "any value": (
        "[ owl:onProperty :p0 ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :C1 .",
        [Exists((p(0),), "_1"), Implies(("_1",), c(1))],
    ),
    "one value": (
        "[ owl:onProperty :p0 ; owl:hasValue :i0 ] rdfs:subClassOf :C1 .",
        [Valued((p(0),), I0, "_1"), Implies(("_1",), c(1))],
    ),
    "a value for all": (
        ":C0 rdfs:subClassOf [ owl:onProperty :p0 ; owl:hasValue :i0 ] .",
        [Assigned((c(0),), p(0), I0)],
    ),
    "a literal for all": (
        ":C0 rdfs:subClassOf [ owl:onProperty :p0 ; owl:hasValue true ] .",
        [Assigned((c(0),), p(0), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')],
    ),
    "a class for all values": (
        ":C0 rdfs:subClassOf [ owl:onProperty :p0 ; owl:allValuesFrom :C1 ] .",
        [Only((c(0), p(0)), c(1))],
    ),
    "members": ("[ owl:oneOf ( :i0 ) ] rdfs:subClassOf :C0 .", [Member(I0, "_1"), Implies(("_1",), c(0))]),
    "either": (
        "[ owl:unionOf ( :C0 :C1 ) ] rdfs:subClassOf :C2 .",
        [Implies((c(0),), "_1"), Implies((c(1),), "_1"), Implies(("_1",), c(2))],
    ),
    "a defined class": (
        ":C0 owl:equivalentClass [ owl:intersectionOf ( :C1 [ owl:onProperty :p0 ; owl:hasValue :i0 ] ) ] .",
        [
            Implies((c(0),), c(1)), Assigned((c(0),), p(0), I0),
            Valued((p(0),), I0, "_1"), Both((c(1), "_1"), "_2"), Implies(("_2",), c(0)),
        ],
    ),
    "some value of an expression": (
        "[ owl:onProperty :p0 ; owl:someValuesFrom [ owl:unionOf ( :C0 :C1 ) ] ] rdfs:subClassOf :C2 .",
        [
            Implies((c(0),), "_1"), Implies((c(1),), "_1"), Some((p(0), "_1"), "_2"), Implies(("_2",), c(2)),
        ],
    ),
    "an expression for all values": (
        ":C0 rdfs:subClassOf [ owl:onProperty :p0 ; owl:allValuesFrom [ owl:intersectionOf ( :C1 :C2 ) ] ] .",
        [Only((c(0), p(0)), "_1"), Implies(("_1",), c(1)), Implies(("_1",), c(2))],
    ),
    "domain and range": (":p0 rdfs:domain :C0 ; rdfs:range :C1 .", []),
    "disjoint": (":C0 owl:disjointWith :C1 .", []),
}  # fmt: skip


def renamed(rules: tuple[Rule, ...]) -> list[str]:
    """Rules as text, the keys of expressions numbered in the order in which they come to be."""
    numbers: dict[str, str] = {}
    for rule in rules:
        if not is_named(rule.head):
            numbers.setdefault(rule.head, f"_{len(numbers) + 1}")
    texts = [repr(rule) for rule in rules]
    for key, number in numbers.items():
        texts = [text.replace(repr(key), repr(number)) for text in texts]
    return sorted(texts)


@pytest.mark.parametrize("name", AXIOMS)
def test_each_axiom_is_read_as_rules(name: str) -> None:
    text, expected = AXIOMS[name]
    assert renamed(rules_of(ontology_of(text))) == sorted(map(repr, expected))


def test_a_rule_is_there_once() -> None:
    rules = rules_of(ontology_of(":C0 rdfs:subClassOf :C1 . :C1 owl:equivalentClass :C0 ."))
    assert len(rules) == len(set(rules)) == 2


def test_a_class_and_a_property_of_one_name_are_two() -> None:
    rules = rules_of(ontology_of(":x rdfs:subClassOf :y . :x rdfs:subPropertyOf :y ."))
    assert {rule.head for rule in rules} == {f"a <{EX}y>", f"<{EX}y>"}

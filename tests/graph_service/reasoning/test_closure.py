"""What our rules make of facts, against two reckonings that share nothing with them."""

from collections.abc import Callable

import owlrl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings

from graph_service.reasoning.closure import Closure
from graph_service.reasoning.fixpoint import Fixpoint, Head
from graph_service.reasoning.program import TYPE, Program
from graph_service.reasoning.rules import is_named, rules_of
from ontology.triples import Statement
from tests.graph_service.reasoning.ontologies import (
    CLASSES,
    DECLARED,
    EX,
    PREFIXES,
    PROPERTIES,
    axiom_texts,
    fact_texts,
    ontology_of,
    statements_of,
)

KEYS = [Head(f"<{EX}{name[1:]}>", name in CLASSES, False) for name in (*CLASSES, *PROPERTIES)]


def whole_program(axioms: str) -> Program:
    """All rules of an ontology, every head of which is wanted."""
    rules = rules_of(ontology_of(axioms))
    return Program(rules, frozenset(rule.head for rule in rules), frozenset())


def by_rules(axioms: str, facts: str) -> set[Statement]:
    """Every named fact under all rules of an ontology, none pruned."""
    found: set[Statement] = set()
    for key, values in Closure(whole_program(axioms)).of(statements_of(facts)).values.items():
        for subject, objects in values.items() if is_named(key) else ():
            found |= {(subject, TYPE, key[2:])} if key[:2] == "a " else {(subject, key, one) for one in objects}
    return found


def by_updates(axioms: str, facts: str) -> set[Statement]:
    closed = Fixpoint(ontology_of(DECLARED + axioms)).with_facts(statements_of(facts))
    return {fact for key in KEYS for fact in closed.facts(key)}


def by_owlrl(axioms: str, facts: str) -> set[Statement]:
    graph = rdflib.Graph().parse(data=PREFIXES + axioms + facts, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return {
        (s.n3(), p.n3(), o.n3())
        for s, p, o in graph
        if str(s).startswith(f"{EX}i") and str(p if p != rdflib.RDF.type else o).startswith(EX)
    }


def reckoned_otherwise(other: Callable[[str, str], set[Statement]], axioms: str, facts: str) -> None:
    assert by_rules(axioms, facts) == other(axioms, facts), axioms + facts


@given(axiom_texts, fact_texts)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_rules_and_the_fixpoint_agree(axioms: str, facts: str) -> None:
    reckoned_otherwise(by_updates, axioms, facts)


@given(axiom_texts, fact_texts)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_rules_and_owlrl_agree(axioms: str, facts: str) -> None:
    reckoned_otherwise(by_owlrl, axioms, facts)


CASES = {
    "subclass": (":C0 rdfs:subClassOf :C1 .", ":i0 a :C0 .", ":i0 a :C0 , :C1 ."),
    "a chain of three": (
        ":p0 owl:propertyChainAxiom ( :p1 :p2 [ owl:inverseOf :p3 ] ) .",
        ":i0 :p1 :i1 . :i1 :p2 :i2 . :i3 :p3 :i2 .",
        ":i0 :p0 :i3 ; :p1 :i1 . :i1 :p2 :i2 . :i3 :p3 :i2 .",
    ),
    "two chains that share a beginning": (
        ":p0 owl:propertyChainAxiom ( :p1 :p2 :p3 ) , ( :p1 :p2 :p4 ) .",
        ":i0 :p1 :i1 . :i1 :p2 :i2 . :i2 :p4 :i3 .",
        ":i0 :p0 :i3 ; :p1 :i1 . :i1 :p2 :i2 . :i2 :p4 :i3 .",
    ),
    "nested expressions": (
        "[ owl:intersectionOf ( :C0 [ owl:onProperty :p0 ; owl:someValuesFrom [ owl:unionOf ( :C1 :C2 ) ] ] ) ] "
        "rdfs:subClassOf [ owl:intersectionOf ( :C3 [ owl:onProperty :p1 ; owl:allValuesFrom :C4 ] ) ] .",
        ":i0 a :C0 ; :p0 :i1 ; :p1 :i2 . :i1 a :C2 .",
        ":i0 a :C0 , :C3 ; :p0 :i1 ; :p1 :i2 . :i1 a :C2 . :i2 a :C4 .",
    ),
    "the inverse of a property": (
        "[ owl:onProperty [ owl:inverseOf :p0 ] ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :C0 .",
        ":i0 :p0 :i1 .",
        ":i0 :p0 :i1 . :i1 a :C0 .",
    ),
    "members": (
        "[ owl:oneOf ( :i0 :i1 ) ] rdfs:subClassOf :C0 .",
        ":i2 a :C1 .",
        ":i0 a :C0 . :i1 a :C0 . :i2 a :C1 .",
    ),
    "a value both ways": (
        ":C0 owl:equivalentClass [ owl:onProperty :p0 ; owl:hasValue :i0 ] .",
        ":i1 :p0 :i0 . :i2 a :C0 . :i3 :p0 :i1 .",
        ":i1 :p0 :i0 ; a :C0 . :i2 a :C0 ; :p0 :i0 . :i3 :p0 :i1 .",
    ),
    "transitive and symmetric": (
        ":p0 a owl:TransitiveProperty , owl:SymmetricProperty .",
        ":i0 :p0 :i1 .",
        ":i0 :p0 :i0 , :i1 . :i1 :p0 :i0 , :i1 .",
    ),
}  # fmt: skip


@pytest.mark.parametrize("reckon", [by_rules, by_updates, by_owlrl])
@pytest.mark.parametrize("name", CASES)
def test_known_conclusions(name: str, reckon: Callable[[str, str], set[Statement]]) -> None:
    axioms, facts, expected = CASES[name]
    assert reckon(axioms, facts) == set(statements_of(expected))


def test_facts_that_come_in_another_order_lead_to_the_same() -> None:
    axioms, facts, _ = CASES["nested expressions"]
    closure, told = Closure(whole_program(axioms)), statements_of(facts)
    assert closure.of(told).values == closure.of(told[::-1]).values

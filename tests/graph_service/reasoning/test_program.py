from pathlib import Path

import pytest
from hypothesis import given, settings

from graph_service.reasoning.closure import Closure
from graph_service.reasoning.program import Program, program_of
from graph_service.reasoning.rules import class_key, rules_of
from ontology import terms
from ontology.loader import OntologyInvalid, load_ontology, packaged
from tests.graph_service.reasoning.ontologies import (
    DECLARED,
    EX,
    axiom_texts,
    fact_texts,
    module_file,
    ontology_of,
    statements_of,
)

INFERRED = {f"<{terms.ORR}{name}>" for name in (
    "hasAnomalyType", "intersectsUnit", "acquiredByPlatform", "acquiredByConstellation", "producedByModel",
    "availableAt",
)} | {class_key(f"<{terms.ORR}{name}>") for name in (
    "FloodScene", "DroughtScene", "CloudFreeScene", "OpticalScene", "SARScene",
)}  # fmt: skip


def p(number: int) -> str:
    return f"<{EX}p{number}>"


@pytest.fixture(scope="module")
def program() -> Program:
    return program_of(packaged())


def test_written_are_the_heads_of_chains_and_expressions(program: Program) -> None:
    assert program.written == INFERRED


def test_what_no_written_head_depends_on_is_left_out(program: Program) -> None:
    assert len(program.rules) < len(rules_of(packaged())) / 3
    assert {key for key in program.bodies if key.startswith(("<", "a <")) and terms.ORR not in key} == {
        f"<{terms.BROADER}>"
    }


def test_what_records_do_not_state_leads_nowhere() -> None:
    # No record states :p1, and the module has no fact of it.
    program = program_of(ontology_of(DECLARED + ":p0 owl:propertyChainAxiom ( :p1 :p2 ) ."))
    assert program.written == {p(0)}
    assert program.rules == ()


@given(axiom_texts, fact_texts)
@settings(max_examples=200, deadline=None)
def test_pruning_loses_nothing_that_is_written(axioms: str, facts: str) -> None:
    # As facts of the module they count as what can hold.
    ontology = ontology_of(axioms + facts)
    pruned = program_of(ontology)
    whole = Program(rules_of(ontology), pruned.written, frozenset())
    told = statements_of(facts)
    few, all_of_it = (Closure(one).of(told).values for one in (pruned, whole))
    assert {key: few.get(key, {}) for key in pruned.written} == {key: all_of_it.get(key, {}) for key in pruned.written}
    assert Closure(pruned).of(pruned.relevant(told)).values.keys() <= few.keys()


CHAIN = (
    ":site rdfs:comment 'A module.' .\norr:onPlatform\n    owl:propertyChainAxiom ( orr:acquiredBy orr:mountedOn ) .\n"
)


def test_a_chain_onto_a_stated_property_is_refused_with_its_place(tmp_path: Path) -> None:
    ontology = load_ontology(module_file(tmp_path / "modules", CHAIN))
    with pytest.raises(
        OntologyInvalid, match=r"line \d+: orr:onPlatform is stated by records.*declare a property above"
    ):
        program_of(ontology)


def test_the_inverse_of_a_property_below_another_makes_nothing_written() -> None:
    text = DECLARED + "[ owl:inverseOf :p0 ] rdfs:subPropertyOf orr:withinUnit . :i0 :p0 :i1 ."
    assert program_of(ontology_of(text)).written == frozenset()


@pytest.mark.parametrize(
    ("head", "is_written"),
    [
        (":C0 rdfs:subClassOf [ owl:onProperty :p0 ; owl:hasValue :i0 ] .", True),
        (":C0 rdfs:subClassOf [ owl:onProperty orr:growsCrop ; owl:hasValue :i0 ] .", False),
    ],
)
def test_a_value_that_a_class_brings_is_written_unless_records_state_the_property(head: str, is_written: bool) -> None:
    assert bool(program_of(ontology_of(DECLARED + head)).written) is is_written


def test_inferred_statements_are_told_by_name(program: Program) -> None:
    def is_inferred(predicate: str, value: str) -> bool:
        return program.is_inferred(("<urn:x>", f"<{predicate}>", f"<{value}>"))

    assert is_inferred(terms.HAS_ANOMALY_TYPE, "urn:y")
    assert is_inferred(terms.TYPE, terms.FLOOD_SCENE)
    assert is_inferred(terms.INFERRED_TYPE, terms.OPTICAL_SCENE)
    assert not is_inferred(terms.TYPE, terms.OPTICAL_SCENE)
    assert not is_inferred(terms.ON_PLATFORM, "urn:y")


def test_the_class_of_a_whole_record_is_kept_and_that_of_a_part_is_not(program: Program) -> None:
    whole = ("<urn:x>", f"<{terms.TYPE}>", f"<{terms.PRODUCT_COLLECTION}>")
    part = ("<urn:x#a>", f"<{terms.TYPE}>", f"<{terms.ASSET}>")
    assert program.relevant([whole, part]) == [whole]

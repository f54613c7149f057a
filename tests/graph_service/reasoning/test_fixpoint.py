from graph_service.reasoning.comparison import Comparison, Disagreement
from graph_service.reasoning.fixpoint import Fixpoint, Head
from graph_service.reasoning.program import Program, program_of
from graph_service.store.oxigraph import OxigraphStore
from ontology import terms
from ontology.loader import packaged
from ontology.triples import Statement
from tests.graph_service.reasoning.ontologies import DECLARED, EX, ontology_of, statements_of

NORTH = "urn:orrery:test:north"
CHAINED, CLASS = Head(f"<{EX}p0>", False, False), Head(f"<{EX}C0>", True, False)


def closed(axioms: str, facts: str, head: Head) -> set[Statement]:
    return set(Fixpoint(ontology_of(DECLARED + axioms)).with_facts(statements_of(facts)).facts(head))


def test_domains_and_ranges_count() -> None:
    axioms = ":p1 rdfs:domain :C0 ; rdfs:range :C1 . :C1 rdfs:subClassOf :C0 ."
    assert closed(axioms, ":i0 :p1 :i1 .", CLASS) == set(statements_of(":i0 a :C0 . :i1 a :C0 ."))


def test_literals_count_where_an_axiom_names_one_and_are_left_out_elsewhere() -> None:
    axioms = ":C0 owl:equivalentClass [ owl:onProperty :p1 ; owl:hasValue 12.50 ] ."
    assert closed(axioms, ":i0 :p1 12.50 . :i1 :p1 13.0 .", CLASS) == set(statements_of(":i0 a :C0 ."))
    assert not Fixpoint(packaged()).uses_literals


def test_somebody_elses_term_is_followed_where_an_axiom_needs_it() -> None:
    axioms = (
        ":p1 rdfs:subPropertyOf :theirs . :p0 owl:propertyChainAxiom ( :theirs :p2 ) . :p2 rdfs:subPropertyOf :far ."
    )
    facts = ":i0 :p1 :i1 . :i1 :p2 :i2 ."
    assert closed(axioms, facts, CHAINED) == set(statements_of(":i0 :p0 :i2 ."))
    assert closed(axioms, facts, Head(f"<{EX}far>", False, False)) == set()


def test_more_facts_leave_the_first_store_as_it_is() -> None:
    public = Fixpoint(ontology_of(DECLARED + ":p1 rdfs:subPropertyOf :p0 .")).with_facts(statements_of(":i0 :p1 :i1 ."))
    both = public.with_facts(statements_of(":i1 :p1 :i2 ."))
    assert [len(list(one.facts(CHAINED))) for one in (public, both)] == [1, 2]


def test_each_round_is_told() -> None:
    rounds: list[int] = []
    Fixpoint(packaged()).with_facts([], on_round=rounds.append)
    assert rounds == list(range(1, len(rounds) + 1))


def test_every_head_of_our_ontology_is_one_that_the_program_writes() -> None:
    program, fixpoint = program_of(packaged()), Fixpoint(packaged())
    assert Comparison(fixpoint, program, frozenset()).unwritten() == []
    keys = {f"a {head.term}" if head.is_class else head.term for head in fixpoint.heads}
    assert keys == program.written | {f"<{terms.HAS_CLOUD_CLASS}>"}


def test_a_head_that_a_program_forgets_is_reported() -> None:
    whole = program_of(packaged())
    for key in whole.written:
        less = Program(whole.rules, whole.written - {key}, whole.stated)
        found = Comparison(Fixpoint(packaged()), less, frozenset()).unwritten()
        assert found == [key.removeprefix("a ").strip("<>")]


def compared(*held: tuple[str | None, Statement]) -> list[Disagreement]:
    graph = OxigraphStore.in_memory()
    groups: dict[str | None, list[Statement | str]] = {}
    for audience, statement in held:
        groups.setdefault(audience, []).append(statement)
    graph.apply(change=1, remove={}, add=groups)
    comparison = Comparison(Fixpoint(packaged()), program_of(packaged()), frozenset())
    return list(comparison.disagreements(graph, [NORTH]))


def fact(subject: str, term: str, value: str) -> Statement:
    return f"<urn:{subject}>", f"<{term}>", f"<{value}>"


SCENE = fact("scene", terms.TYPE, terms.SCENE)
SAR = fact("sar", terms.TYPE, terms.SAR_INSTRUMENT)
ACQUIRED = fact("scene", terms.ACQUIRED_BY, "urn:sar")
INFERRED, MARK = fact("scene", terms.TYPE, terms.SAR_SCENE), fact("scene", terms.INFERRED_TYPE, terms.SAR_SCENE)


def test_what_follows_and_is_marked_agrees() -> None:
    assert compared(*((None, one) for one in (SCENE, SAR, ACQUIRED, INFERRED, MARK))) == []


def test_what_is_stated_need_not_be_inferred() -> None:
    assert compared(*((None, one) for one in (SCENE, SAR, ACQUIRED, INFERRED))) == []


def test_what_is_missing_is_found_with_its_mark() -> None:
    found = compared(*((None, one) for one in (SCENE, SAR, ACQUIRED)))
    assert found == [Disagreement("urn:scene", one, "missing", None) for one in (INFERRED, MARK)]


def test_what_does_not_follow_is_found() -> None:
    flood = fact("scene", terms.TYPE, terms.FLOOD_SCENE)
    left = fact("gone", terms.AVAILABLE_AT, "urn:site")
    assert compared((None, SCENE), (None, flood), (None, left)) == [
        Disagreement("urn:gone", left, "extra", None),
        Disagreement("urn:scene", flood, "extra", None),
    ]


def test_an_audience_is_held_to_what_it_may_see() -> None:
    held = [(None, SCENE), (None, ACQUIRED), (NORTH, SAR)]
    # The scene is public, so nothing is written of it for the audience alone.
    assert compared(*held) == []
    restricted = [(NORTH, SCENE), (NORTH, ACQUIRED), (None, SAR)]
    assert compared(*restricted) == [Disagreement("urn:scene", one, "missing", NORTH) for one in (INFERRED, MARK)]
    assert compared(*held, (None, INFERRED), (None, MARK))[0].kind == "extra"

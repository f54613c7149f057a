from collections.abc import Sequence

import pytest

from graph_service.reasoning.program import TYPE, program_of
from graph_service.reasoning.surroundings import Audience, Surroundings, record_of
from ontology import terms
from ontology.loader import packaged
from ontology.triples import Statement

PROGRAM = program_of(packaged())
NORTH, SOUTH = "urn:orrery:test:north", "urn:orrery:test:south"
Held = tuple[Audience, Statement]


def fact(subject: str, term: str, value: str) -> Statement:
    return f"<urn:{subject}>", f"<{term}>", value if value.startswith("<") else f"<urn:{value}>"


class Kept:
    """A graph of a few statements."""

    def __init__(self, *held: Held) -> None:
        self.held = held

    def statements_of(self, subject: str) -> list[Held]:
        return [(audience, one) for audience, one in self.held if one[0] == subject]

    def subjects_with(self, predicate: str, value: str) -> list[tuple[Audience, str]]:
        return [(audience, one[0]) for audience, one in self.held if one[1:] == (predicate, value)]


def around(
    given: Sequence[Statement], *held: Held, audience: Audience = None, touched: frozenset[str] = frozenset()
) -> set[Statement]:
    """The facts beside some that a change writes for an audience."""
    found = Surroundings(PROGRAM, Kept(*held), {}, {audience: given}, touched)
    return set(found.of(given, audience)) - set(given)


SCENE = fact("scene", terms.MEETS_UNIT, "city")
CITY = fact("city", terms.WITHIN_UNIT, "region")
REGION = fact("region", terms.WITHIN_UNIT, "country")
REPLICA = fact("copy", terms.REPLICA_OF, "scene")
AT = fact("copy", terms.AT_SITE, "site")


def test_properties_are_followed_in_any_number_of_steps() -> None:
    assert around([SCENE], (None, CITY), (None, REGION)) == {CITY, REGION}


def test_what_says_something_of_a_thing_is_found() -> None:
    assert around([SCENE], (None, REPLICA), (None, AT)) == {REPLICA, AT}


def test_what_no_rule_asks_for_is_left_out() -> None:
    label = ("<urn:city>", f"<{terms.LABEL}>", '"City"')
    assert around([SCENE], (None, label), (None, CITY)) == {CITY}


@pytest.mark.parametrize("audience", [None, NORTH, SOUTH])
def test_an_audience_has_the_public_facts_and_its_own(audience: Audience) -> None:
    held: list[Held] = [(None, CITY), (NORTH, REGION), (NORTH, REPLICA), (SOUTH, AT)]
    visible = {one for owner, one in held if owner in (None, audience)}
    # Nothing leads to the replica's site for whoever does not see the replica.
    assert around([SCENE], *held, audience=audience) == (visible - {AT} if audience == SOUTH else visible)


def test_the_graph_has_no_word_on_what_the_change_touches() -> None:
    touched = frozenset(("urn:city", "urn:copy"))
    assert around([SCENE], (None, CITY), (None, REPLICA), touched=touched) == set()


def test_facts_of_the_same_change_are_seen_by_audience() -> None:
    written = {None: [SCENE], NORTH: [CITY, REPLICA]}
    surroundings = Surroundings(PROGRAM, Kept(), {}, written, frozenset(("urn:scene", "urn:city", "urn:copy")))
    assert surroundings.of([SCENE], None) == [SCENE]
    assert set(surroundings.of([SCENE], NORTH)) == {SCENE, CITY, REPLICA}


def test_what_was_inferred_of_others_is_no_fact() -> None:
    held: list[Held] = [
        (None, fact("copy", terms.AVAILABLE_AT, "elsewhere")),
        (None, fact("copy", terms.TYPE, f"<{terms.OPTICAL_SCENE}>")),
        (None, fact("copy", terms.INFERRED_TYPE, f"<{terms.OPTICAL_SCENE}>")),
        (None, fact("copy", terms.TYPE, f"<{terms.REPLICA}>")),
        (None, REPLICA),
    ]
    assert around([SCENE], *held) == {REPLICA, ("<urn:copy>", TYPE, f"<{terms.REPLICA}>")}


def test_what_the_ontology_says_of_a_written_record_counts() -> None:
    found = Surroundings(PROGRAM, Kept(), {CITY[0]: [CITY]}, {None: [SCENE]}, frozenset(("urn:scene", "urn:city")))
    assert found.of([SCENE], None) == [SCENE, CITY]


@pytest.mark.parametrize("term", ["<urn:x>", "<urn:x#part>", "<urn:x#part/of-part>"])
def test_a_part_belongs_to_its_record(term: str) -> None:
    assert record_of(term) == "urn:x"

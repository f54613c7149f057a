"""What terms stand for under the published ontology, and under small ones with every trap."""

import subprocess
import sys
import threading
import time

import pytest

from graph_service.reasoning.meaning import Meaning
from graph_service.reasoning.names import TermUnknown
from graph_service.reasoning.relations import Repeated, Step
from ontology import terms
from ontology.loader import Ontology, packaged, turtle_triples
from tests.graph_service.sparql.closed_graph import EX, PREFIXES, ontology

ORR, CODE = terms.ORR, terms.CODE


@pytest.fixture(scope="module")
def published() -> Meaning:
    return Meaning.of(packaged())


@pytest.fixture(scope="module")
def small() -> Meaning:
    return Meaning.of(ontology(), shapes=None)


def names(*local: str, namespace: str = EX) -> set[str]:
    return {namespace + one for one in local}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("A", "ABCDE"), ("B", "BCE"), ("E", "BCE"), ("C", "C"), ("F", "FGIJ"), ("G", "FGIJ"), ("I", "FGIJ"),
        ("unknown", ["unknown"]),
    ],
)  # fmt: skip
def test_a_class_has_its_subclasses_and_equivalents(small: Meaning, asked: str, found: list[str]) -> None:
    classes = small.classes(EX + asked)
    assert classes[0] == EX + asked
    assert (set(classes), len(classes)) == (names(*found), len(found))


@pytest.mark.parametrize(
    ("asked", "found"),
    [("c1", ["c1", "c2", "c3", "c4"]), ("c2", ["c2", "c3"]), ("c5", ["c5", "c6"]), ("c6", ["c6", "c5"]), ("x", ["x"])],
)
def test_a_code_has_its_narrower_codes_in_cycles_too(small: Meaning, asked: str, found: list[str]) -> None:
    assert small.codes(EX + asked) == tuple(EX + one for one in found)


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        ("q", (Step(EX + "q"), Step(EX + "r"), Step(EX + "ri", True))),
        ("ri", (Step(EX + "ri"), Step(EX + "r", True))),
        ("t", (Repeated((Step(EX + "t"), Step(EX + "ti", True), Step(EX + "t1"))),)),
        ("super", (Step(EX + "super"), Repeated((Step(EX + "t"), Step(EX + "ti", True), Step(EX + "t1"))))),
        ("s1", (Step(EX + "s1"),)),
        ("st", (Repeated((Step(EX + "st"), Step(EX + "st", True))),)),
        ("u", (Step(EX + "u"), Step(EX + "v"))),
        ("unknown", (Step(EX + "unknown"),)),
    ],
)
def test_a_property_holds_in_these_ways(small: Meaning, asked: str, ways: tuple[object, ...]) -> None:
    assert small.properties(EX + asked).ways == ways


def test_a_property_tells_its_names_and_kinds(small: Meaning) -> None:
    found = small.properties(EX + "t")
    assert (set(found.names), found.inverses) == (names("t", "t1"), (EX + "ti",))
    assert (found.transitive, found.symmetric) == (True, False)
    assert small.properties(EX + "s").symmetric


def test_every_inverse_counts_of_a_property_with_several() -> None:
    text = (
        PREFIXES
        + ":a a owl:ObjectProperty ; owl:inverseOf :b , :c . :b a owl:ObjectProperty . :c a owl:ObjectProperty ."
    )
    meaning = Meaning.of(Ontology((), tuple(turtle_triples(text))), shapes=None)
    assert meaning.properties(EX + "a").inverses == (EX + "b", EX + "c")
    # Both are inverses of one property, so that they are equal.
    assert set(meaning.properties(EX + "b").ways) == {Step(EX + "b"), Step(EX + "c"), Step(EX + "a", True)}


@pytest.mark.parametrize("name", ["Scene", "EOProduct"])
def test_one_class_covers_every_scene(published: Meaning, name: str) -> None:
    assert len(published.classes(ORR + name)) > 8
    assert published.cover(ORR + name) == (terms.SCENE,)


def test_classes_that_are_stated_alone_stay_in_a_cover(published: Meaning) -> None:
    cover = published.cover(terms.ASSET)
    assert {terms.ASSET, terms.CLOUD_OPTIMIZED_ASSET, ORR + "ObservedWaterMask"} <= set(cover)
    assert published.are_apart(terms.ASSET, ORR + "ObservedWaterMask")
    assert not published.are_apart(terms.SCENE, terms.OPTICAL_SCENE)


def test_a_class_that_is_inferred_is_covered_by_what_it_was_inferred_from(published: Meaning) -> None:
    assert ORR + "FloodScene" in published.classes(terms.SCENE)
    assert ORR + "FloodScene" not in published.cover(terms.SCENE)
    assert published.cover(ORR + "FloodScene") == (ORR + "FloodScene",)


@pytest.mark.parametrize(
    "name",
    [
        "hasAnomalyType",
        "intersectsUnit",
        "acquiredByPlatform",
        "acquiredByConstellation",
        "producedByModel",
        "availableAt",
    ],
)
def test_what_is_inferred_when_records_are_written_is_complete(published: Meaning, name: str) -> None:
    assert published.is_written(ORR + name)
    assert published.properties(ORR + name).ways == (Step(ORR + name),)


def test_a_property_that_no_record_states_is_found_from_the_other_end(published: Meaning) -> None:
    assert published.properties(ORR + "hasReplica").ways == (Step(ORR + "replicaOf", True),)


def test_records_have_one_value_of_some_properties(published: Meaning) -> None:
    assert published.is_single(terms.HAS_PROCESSING_LEVEL)
    assert not published.is_single(terms.HAS_POLARISATION)


def test_a_constellation_has_its_satellites(published: Meaning) -> None:
    members = published.members["https://w3id.org/orrery/id/constellation/sentinel-2"]
    assert "https://w3id.org/orrery/id/platform/sentinel-2a" in members
    assert all("sentinel-2" in one for one in members)


@pytest.mark.parametrize(
    ("text", "kinds", "found"),
    [
        (terms.SCENE, ("class",), terms.SCENE),
        ("orr:Scene", ("class",), terms.SCENE),
        ("scene", ("class",), terms.SCENE),
        ("scène", ("class",), terms.SCENE),
        ("RADARSZENE", ("class",), terms.SAR_SCENE),
        ("escena  de radar", ("class",), terms.SAR_SCENE),
        ("sensedAt", ("property",), terms.SENSED_AT),
        ("flood", ("code",), CODE + "AnomalyType-flood"),
        ("Hochwasser", ("code",), CODE + "AnomalyType-flood"),
        ("L2A", ("code",), CODE + "ProcessingLevel-L2A"),
        ("ProcessingLevel-L2A", ("code", "class"), CODE + "ProcessingLevel-L2A"),
        ("code:ProcessingLevel-L2A", ("code",), CODE + "ProcessingLevel-L2A"),
        ("sentinel-2a", ("individual",), "https://w3id.org/orrery/id/platform/sentinel-2a"),
    ],
)
def test_a_term_is_known_by_each_of_its_names(
    published: Meaning, text: str, kinds: tuple[str, ...], found: str
) -> None:
    assert published.resolve(text, kinds) == found


def test_an_unknown_name_is_refused_with_near_ones(published: Meaning) -> None:
    with pytest.raises(TermUnknown, match="code:AnomalyType-flood"):
        published.resolve("floood", ("code",))
    with pytest.raises(TermUnknown, match="no class"):
        published.resolve("flood", ("class",))


def test_an_ambiguous_name_is_refused_with_its_terms() -> None:
    text = PREFIXES + ":X a owl:Class ; rdfs:label 'one'@en . :Y a owl:Class ; skos:altLabel 'ONE'@de ."
    meaning = Meaning.of(Ontology((), tuple(turtle_triples(text))), shapes=None)
    with pytest.raises(TermUnknown, match=f"<{EX}X>, <{EX}Y>"):
        meaning.resolve("One", ("class",))


def test_it_is_built_at_once_and_asked_in_no_time() -> None:
    started = time.perf_counter()
    meaning = Meaning.of(packaged())
    built = time.perf_counter()
    for iri in meaning.names.kinds:
        meaning.classes(iri), meaning.cover(iri), meaning.properties(iri), meaning.codes(iri)
    assert built - started < 2
    assert (time.perf_counter() - built) / len(meaning.names.kinds) < 0.001


def test_several_threads_may_build_one() -> None:
    found: list[tuple[str, ...]] = []
    threads = [
        threading.Thread(target=lambda: found.append(Meaning.of(packaged()).classes(terms.SCENE))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Meaning.of(packaged()).classes(terms.SCENE)] * 4


def test_nothing_is_printed_even_about_cycles() -> None:
    program = (
        "from graph_service.reasoning.meaning import Meaning\n"
        "from tests.graph_service.sparql.closed_graph import ontology\n"
        "Meaning.of(ontology(), shapes=None)\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")

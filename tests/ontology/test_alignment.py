"""The alignment module: what it may say, of what, and that the documentation tells where each identifier was read."""

import re
from collections import Counter
from functools import cache
from itertools import chain

import pyoxigraph as ox
import pytest

from ontology import terms
from ontology.loader import MODULES, module_text, turtle_triples
from tests.docs.pages import DOCS, prose, section, table_rows
from tests.ontology import vocabulary as v

PAGE = DOCS / "alignments.md"
ALIGNMENT = v.ONTOLOGY_BASE + "alignment"
INDIVIDUALS = "https://w3id.org/orrery/id/"
OWN = (terms.ORR, terms.CODE, INDIVIDUALS)
EXACT, BROAD = terms.SKOS + "exactMatch", terms.SKOS + "broadMatch"
AMONG_CLASSES, AMONG_PROPERTIES = v.SUBCLASS_OF, v.SUBPROPERTY_OF
RELATIONS = {EXACT, BROAD, terms.SKOS + "closeMatch", AMONG_CLASSES, AMONG_PROPERTIES}
COLUMNS = ["Our term", "Relation", "Their identifier", "Verified in"]

Statement = tuple[str, str, str]
"""Subject, relation and object, as IRIs."""


@cache
def stated() -> tuple[Statement, ...]:
    """What the module says, but for its header."""
    triples = [t for t in turtle_triples(module_text("alignment")) if t.subject != ox.NamedNode(ALIGNMENT)]
    return tuple((_iri(t.subject), t.predicate.value, _iri(t.object)) for t in triples)


def _iri(node: object) -> str:
    assert isinstance(node, ox.NamedNode), f"{node} is no IRI"
    return node.value


@cache
def documented() -> dict[Statement, str]:
    """The alignments of the page and, for each, the key of the place where it was verified."""
    rows = [row for row in table_rows(PAGE) if re.fullmatch(r"`skos:\w+`|`rdfs:\w+`", row[1])]
    return {(_expanded(ours), _expanded(relation), _expanded(theirs)): key for ours, relation, theirs, key in rows}


def _expanded(cell: str) -> str:
    prefix, _, local = cell.strip("`").partition(":")
    return _prefixes()[prefix] + local


@cache
def _prefixes() -> dict[str, str]:
    return dict(re.findall(r"^\| `(\w+)` \| `(\S+)` \|$", section(PAGE, "Prefixes"), re.MULTILINE))


@cache
def declared() -> frozenset[str]:
    """What the other modules give a type."""
    others = chain.from_iterable(turtle_triples(module_text(name)) for name in MODULES if name != "alignment")
    return frozenset(_iri(t.subject) for t in others if t.predicate.value == terms.TYPE and _named(t.subject))


def _named(node: object) -> bool:
    return isinstance(node, ox.NamedNode)


def vocabulary_of(iri: str) -> str:
    """The namespace of an IRI; the part before an underscore tells apart the ontologies of the OBO Foundry."""
    return re.split(r"(?<=[/#])(?:[A-Z]+_)?[^/#]+$", iri)[0] + "".join(re.findall(r"/([A-Z]+)_\d+$", iri))


def test_every_alignment_is_documented_and_no_other() -> None:
    assert set(documented()) == set(stated())


def test_no_alignment_is_stated_twice() -> None:
    rows = [row for row in table_rows(PAGE) if row[1].startswith("`skos:") or row[1].startswith("`rdfs:")]
    assert len(rows) == len(documented())
    assert len(stated()) == len(set(stated()))


def test_every_place_of_verification_is_described_and_used() -> None:
    described = re.findall(r"^\| (\w+) \| .+ \| .+ \|$", section(PAGE, "Where they were verified"), re.MULTILINE)
    assert set(described) - {"Key"} == set(documented().values())


def test_the_tables_have_the_same_columns() -> None:
    assert table_rows(PAGE).count(COLUMNS) == prose(PAGE).count("\n### ")


def test_only_known_relations_are_used() -> None:
    assert {relation for _, relation, _ in stated()} <= RELATIONS


def test_only_own_terms_are_aligned_and_only_with_those_of_others() -> None:
    assert [s for s in stated() if not s[0].startswith(OWN) or s[2].startswith("https://w3id.org/orrery/")] == []


@pytest.mark.parametrize("subject", sorted({subject for subject, _, _ in stated()}))
def test_what_is_aligned_is_declared_by_another_module(subject: str) -> None:
    assert subject in declared()


def test_exact_matches_are_between_codes_or_individuals() -> None:
    assert [s for s in stated() if s[1] == EXACT and not s[0].startswith((terms.CODE, INDIVIDUALS))] == []


def test_no_two_of_ours_are_the_same_as_one_of_theirs() -> None:
    counts = Counter(theirs for _, relation, theirs in stated() if relation == EXACT)
    assert [iri for iri, count in counts.items() if count > 1] == []


def test_none_of_ours_is_the_same_as_two_of_one_vocabulary() -> None:
    counts = Counter((ours, vocabulary_of(theirs)) for ours, relation, theirs in stated() if relation == EXACT)
    assert [pair for pair, count in counts.items() if count > 1] == []


def test_a_pair_has_one_relation() -> None:
    counts = Counter((ours, theirs) for ours, _, theirs in stated())
    assert [pair for pair, count in counts.items() if count > 1] == []


def test_classes_are_below_classes_and_properties_below_properties() -> None:
    assert {s[0] for s in stated() if s[1] == AMONG_CLASSES} <= set(v.classes())
    assert {s[0] for s in stated() if s[1] == AMONG_PROPERTIES} <= set(v.properties())


def test_every_prefix_of_the_page_is_used_and_is_that_of_the_module() -> None:
    used = {cell.strip("`").partition(":")[0] for row in table_rows(PAGE) for cell in row[:3] if ":" in cell}
    in_module = dict(re.findall(r"^@prefix (\w+): <(\S+)> \.$", module_text("alignment"), re.MULTILINE))
    assert _prefixes().keys() <= used
    assert {name: in_module[name] for name in _prefixes().keys() & in_module.keys()}.items() <= _prefixes().items()


def test_the_module_imports_every_other() -> None:
    assert set(v.values(ALIGNMENT, v.OWL + "imports")) == {v.ONTOLOGY_BASE + n for n in MODULES if n != "alignment"}


def test_every_gas_and_every_crop_is_aligned() -> None:
    aligned = {subject for subject, _, _ in stated()}
    codes = {iri for iri in v.codes() if iri.startswith((terms.CODE + "GasSpecies-", terms.CODE + "Crop-"))}
    assert codes
    assert codes <= aligned

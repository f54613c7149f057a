"""The page of the ontology has all that the modules say."""

import re

import pytest

from graph_service.views.ontology.axioms import Phrase
from graph_service.views.ontology.entries import LANGUAGES, UNIT_SYMBOLS, Entry
from graph_service.views.ontology.names import Reference
from graph_service.views.ontology.page import Page, anchors, page_of
from ontology import terms
from ontology.loader import Ontology, packaged
from tests.graph_service.views.ontology.modules import PREFIXES, described, module, named, ontology_of

PAGE = page_of(packaged())
ENTRIES = {entry.iri: entry for entry in PAGE.entries()}
OURS = {iri for iri in named(packaged().triples) if iri.startswith("https://w3id.org/orrery/")}


def words(phrase: Phrase) -> str:
    return "".join(one if isinstance(one, str) else one.text for one in phrase)


def rows(entry: Entry) -> dict[str, list[str]]:
    return {row.title: [words(value) for value in row.values] for row in entry.rows}


def entry(name: str, page: Page = PAGE) -> Entry:
    return next(one for one in page.entries() if one.name in (name, f"orr:{name}", f"code:{name}"))


def small(turtle: str) -> Page:
    return page_of(described(turtle))


def test_everything_of_ours_has_one_entry() -> None:
    listed = [one.iri for one in PAGE.entries()]
    assert len(listed) == len(set(listed))
    assert set(listed) == OURS


def test_anchors_are_as_many_as_entries() -> None:
    assert len(anchors(PAGE)) == len(ENTRIES)
    assert all(not re.search(r"\s", anchor) for anchor in anchors(PAGE))


def test_every_reference_to_ours_has_its_anchor() -> None:
    listed = [part for one in PAGE.entries() for row in one.rows for value in row.values for part in value]
    references = [one for one in listed if isinstance(one, Reference)]
    assert references
    assert {one.href[1:] for one in references if one.ours} <= anchors(PAGE)
    assert [one for one in references if not one.ours and "w3id.org/orrery/" in one.href] == []


def test_every_row_has_a_value() -> None:
    assert [(one.name, row.title) for one in PAGE.entries() for row in one.rows if not row.values] == []


def test_every_term_has_a_definition_and_a_module() -> None:
    declared = [one for one in PAGE.entries() if one.kind != "individual"]
    assert [one.name for one in declared if not one.definition] == []
    assert [one.name for one in PAGE.entries() if one.module is None and one.kind != "module"] == []


def test_classes_and_codes_have_their_labels_in_every_language() -> None:
    listed = [one for one in PAGE.entries() if one.kind in ("class", "code", "code scheme")]
    assert [one.name for one in listed if tuple(label.language for label in one.labels) != tuple(LANGUAGES)] == []


def test_what_producers_never_state_is_marked_as_inferred() -> None:
    told = {one.name for one in PAGE.entries() if re.search(r"never state", one.definition)}
    marked = {one.name for one in PAGE.entries() if one.inferred}
    assert marked == told


def test_every_unit_has_a_symbol() -> None:
    used = {value for one in PAGE.properties for value in rows(one).get("Unit", [])}
    assert used
    assert [unit for unit in used if unit.split(", ")[0] not in UNIT_SYMBOLS.values()] == []


@pytest.mark.parametrize(
    ("name", "title", "told"),
    [
        ("Scene", "Superclasses", ["EOProduct", "geo:Feature"]),
        ("CloudFreeScene", "Defined as", ["Scene whose hasCloudClass is CloudClass-cloudFree"]),
        ("OpticalScene", "Includes", ["anything whose acquiredBy is some OpticalInstrument"]),
        ("OpticalInstrument", "Disjoint with", ["SARInstrument"]),
        ("acquiredByPlatform", "Holds along", ["acquiredBy, then mountedOn"]),
        ("mountedOn", "In the chain of", ["acquiredByPlatform"]),
        ("acquiredByPlatform", "Origin", ["inferred, when products are written"]),
        ("hasReplica", "Inverse", ["replicaOf"]),
        ("replicaOf", "Inverse", ["hasReplica"]),
        ("cloudCover", "Unit", ["%, unit:PERCENT"]),
        ("cloudCover", "Range", ["xsd:decimal"]),
        ("hasCloudClass", "Code scheme", ["CloudClass"]),
        ("hasCloudClass", "Metadata kind", ["MetadataKind-descriptive"]),
        ("CloudClass", "Used by", ["hasCloudClass"]),
        ("AnomalyType-floodAndDrought", "Broader", ["AnomalyType-flood", "AnomalyType-drought"]),
        ("AnomalyType-flood", "Narrower", ["AnomalyType-floodAndDrought"]),
        ("AnomalyType-flood", "Notation", ["flood"]),
        ("platform/sentinel-2a", "Class", ["Satellite"]),
        ("platform/sentinel-2a", "Subjects of mountedOn", ["instrument/sentinel-2a/msi"]),
        ("GridTile", "Value of", ["onTile"]),
    ],
)
def test_an_entry_tells_what_is_stated(name: str, title: str, told: list[str]) -> None:
    assert rows(entry(name))[title] == told


def test_codes_stand_under_their_schemes() -> None:
    codes = {one.name: scheme.entry.name for scheme in PAGE.schemes for one in scheme.codes}
    assert {name.partition("-")[0] for name in codes} == set(codes.values())
    assert PAGE.codes == sum(one.kind == "code" for one in PAGE.entries())


def test_individuals_stand_by_class() -> None:
    assert [group.title for group in PAGE.groups] == ["Constellation", "Instrument", "Satellite"]


def test_a_module_lists_what_it_declares() -> None:
    water = next(part for part in PAGE.modules if part.name == "water")
    assert "FloodScene" in {one.text for one in water.classes}
    assert "Scene" not in {one.text for one in water.classes}
    assert water.version == PAGE.version


def test_declared_terms_of_others_are_listed_and_not_described() -> None:
    page = small("ex:Dataset a owl:Class . ex:Own a owl:Class ; rdfs:label 'own' .")
    assert [one.text for one in page.modules[0].declared] == ["ex:Dataset"]
    assert [one.name for one in page.classes] == ["ex:Own"]


def test_a_term_of_a_site_is_named_by_the_prefix_of_its_module() -> None:
    page = small("ex:Dam a owl:Class ; rdfs:subClassOf orr:Unknown ; rdfs:label 'dam'@en .")
    assert [(one.name, one.anchor) for one in page.classes] == [("ex:Dam", "https://example.org/terms#Dam")]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("[ owl:unionOf ( orr:A orr:B ) ]", "orr:A or orr:B"),
        ("[ owl:intersectionOf ( orr:A orr:B ) ]", "orr:A and orr:B"),
        ("[ owl:oneOf ( orr:a orr:b ) ]", "orr:a or orr:b"),
        ("[ owl:complementOf orr:A ]", "not orr:A"),
        ("[ owl:onProperty orr:p ; owl:allValuesFrom orr:A ]", "anything whose orr:p is nothing but orr:A"),
        ("[ owl:onProperty orr:p ; owl:hasValue 'x' ]", "anything whose orr:p is x"),
        ("[ owl:onProperty orr:p ; owl:maxCardinality 1 ]", "anything whose orr:p has at most this many values: 1"),
        (
            "[ owl:intersectionOf ( [ owl:onProperty orr:p ; owl:hasValue 1 ] "
            "[ owl:onProperty orr:q ; owl:hasValue 2 ] ) ]",
            "anything whose orr:p is 1 and whose orr:q is 2",
        ),
        ("[ ex:unheard-of orr:A ]", "an expression that the Turtle text has"),
    ],
)
def test_expressions_are_told_in_words(expression: str, told: str) -> None:
    page = small(f"orr:C a owl:Class ; owl:equivalentClass {expression} .")
    assert rows(entry("C", page))["Defined as"] == [told.replace("orr:", "")]


def test_a_list_that_turns_back_on_itself_ends() -> None:
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#{}>"
    page = small(
        f"orr:p a owl:ObjectProperty ; owl:propertyChainAxiom _:a . "
        f"_:a {rdf.format('first')} orr:q ; {rdf.format('rest')} _:a ."
    )
    assert rows(entry("p", page))["Holds along"] == ["q"]


@pytest.mark.parametrize(("name", "others"), [("A", ["B", "C", "D"]), ("B", ["A", "C"]), ("D", ["A"])])
def test_disjoint_classes_are_told_in_both_directions_and_from_sets(name: str, others: list[str]) -> None:
    page = small(
        "orr:A a owl:Class ; owl:disjointWith orr:D . orr:B a owl:Class . orr:C a owl:Class . orr:D a owl:Class ."
        " [] a owl:AllDisjointClasses ; owl:members ( orr:A orr:B orr:C ) ."
    )
    assert rows(entry(name, page))["Disjoint with"] == others


def test_what_is_deprecated_is_marked() -> None:
    page = small("orr:Old a owl:Class ; owl:deprecated true . orr:New a owl:Class ; owl:deprecated false .")
    assert [(one.name, one.deprecated) for one in page.classes] == [("orr:New", False), ("orr:Old", True)]


def test_a_code_without_a_described_scheme_is_not_lost() -> None:
    page = small("ex:code a skos:Concept ; skos:inScheme ex:elsewhere ; skos:prefLabel 'a code' .")
    assert [one.name for one in page.entries() if one.kind == "code"] == ["ex:code"]


def test_an_ontology_without_a_header_has_a_page() -> None:
    page = page_of(Ontology((), ()))
    assert (page.version, list(page.entries()), page.overview) == ("", [], None)


def test_the_overview_leaves_out_imports_that_follow_from_others() -> None:
    header = "<https://w3id.org/orrery/ontology/{}> owl:imports <https://w3id.org/orrery/ontology/{}> ."
    first = module("first", "")
    second = module("second", header.format("second", "first"))
    third = module("third", header.format("third", "first") + header.format("third", "second"))
    overview = page_of(ontology_of(first, second, third)).overview
    assert overview is not None
    assert [box.name.text for box in overview.boxes] == ["first", "second", "third"]
    assert len(overview.curves) == 2


def test_classes_above_each_other_have_no_diagram() -> None:
    page = small("orr:A a owl:Class ; rdfs:subClassOf orr:B . orr:B a owl:Class ; rdfs:subClassOf orr:A .")
    assert page.modules[0].diagram is None
    assert len(page.classes) == 2


def test_prefixes_of_the_test_modules_are_read() -> None:
    assert terms.ORR in PREFIXES

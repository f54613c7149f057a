"""The modules can be found, fetched, cited and reused: what FOOPS! asks, as far as the files themselves answer.

Source: D. Garijo, O. Corcho, M. Poveda-Villalón, FOOPS!: An Ontology Pitfall Scanner for the FAIR Principles (2021).
"""

import re
from datetime import date
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef
from rdflib.namespace import split_uri

from ontology.loader import MODULES, module_text
from tests.ontology.quality.ontology_graph import BASE, ORR, annotations, classes, is_ours, named, ours, properties

CHANGES = Path(__file__).resolve().parents[3] / "ontology" / "CHANGELOG.md"
REUSED = {
    "SOSA/SSN": "http://www.w3.org/ns/sosa/",
    "GeoSPARQL": "http://www.opengis.net/ont/geosparql#",
    "DCAT": str(DCAT),
    "PROV-O": str(PROV),
    "SKOS": str(SKOS),
    "QUDT": "http://qudt.org/schema/qudt/",
    "DQV": "http://www.w3.org/ns/dqv#",
}
STANDARD_METADATA = {str(DCTERMS), str(VANN), str(OWL), str(RDF), str(RDFS), "http://purl.org/ontology/bibo/"}
HEADER = {
    OWL.versionIRI: URIRef,
    OWL.versionInfo: Literal,
    DCTERMS.title: Literal,
    DCTERMS.description: Literal,
    DCTERMS.license: URIRef,
    DCTERMS.creator: Literal,
    DCTERMS.created: Literal,
    DCTERMS.modified: Literal,
    VANN.preferredNamespacePrefix: Literal,
    VANN.preferredNamespaceUri: Literal,
}
"""What every module says of itself, once, and in which form."""


def iri_of(name: str) -> URIRef:
    return URIRef(f"{BASE}ontology/{name}")


def one(name: str, predicate: URIRef) -> str:
    (value,) = ours().objects(iri_of(name), predicate)
    return str(value)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_one_ontology_under_a_persistent_name(name: str) -> None:  # PURL1, URI1
    graph = Graph().parse(data=module_text(name), format="turtle")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [iri_of(name)]
    assert str(iri_of(name)).startswith("https://w3id.org/")


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize(("predicate", "form"), HEADER.items(), ids=lambda value: str(value).rpartition("/")[2])
def test_a_module_says_of_itself_what_a_reader_needs(name: str, predicate: URIRef, form: type) -> None:  # OM1 to OM5
    (value,) = ours().objects(iri_of(name), predicate)
    assert isinstance(value, form)
    assert str(value).strip() == str(value) != ""


@pytest.mark.parametrize("name", MODULES)
def test_a_version_has_an_iri_of_its_own(name: str) -> None:  # VER1
    version = one(name, OWL.versionInfo)
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert one(name, OWL.versionIRI) == f"{iri_of(name)}/{version}"


def test_all_modules_are_published_together() -> None:
    assert len({(one(name, OWL.versionInfo), one(name, DCTERMS.modified)) for name in MODULES}) == 1


def test_the_changes_of_the_version_are_told() -> None:
    assert re.search(rf"^## .*{re.escape(one('core', OWL.versionInfo))}", CHANGES.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_was_not_changed_before_it_was_made(name: str) -> None:  # OM5
    created, modified = date.fromisoformat(one(name, DCTERMS.created)), date.fromisoformat(one(name, DCTERMS.modified))
    assert created <= modified


@pytest.mark.parametrize("name", MODULES)
def test_the_licence_is_open_and_has_an_iri(name: str) -> None:  # OM4
    assert one(name, DCTERMS.license) == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_be_cited(name: str) -> None:  # OM2
    words = (DCTERMS.creator, DCTERMS.modified, DCTERMS.title, OWL.versionInfo, OWL.versionIRI)
    creator, modified, title, version, iri = (one(name, predicate) for predicate in words)
    citation = f"{creator} ({modified[:4]}). {title}, version {version}. {iri}"
    assert re.fullmatch(r"\w.+ \(20\d\d\)\. Orrery .+, version [\d.]+\. https://w3id\.org/\S+", citation)


@pytest.mark.parametrize("name", MODULES)
def test_the_preferred_prefix_is_the_one_in_use(name: str) -> None:  # FIND1
    prefix, space = one(name, VANN.preferredNamespacePrefix), one(name, VANN.preferredNamespaceUri)
    assert (prefix, space) == ("orr", str(ORR))


@pytest.mark.parametrize("name", MODULES)
def test_titles_are_told_apart_and_descriptions_are_sentences(name: str) -> None:
    assert [one(other, DCTERMS.title) for other in MODULES].count(one(name, DCTERMS.title)) == 1
    assert one(name, DCTERMS.description).endswith(".")


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_says_of_itself_is_in_standard_words(name: str) -> None:  # VOC1
    spaces = {split_uri(str(word))[0] for word in ours().predicates(iri_of(name))}
    assert spaces <= STANDARD_METADATA


@pytest.mark.parametrize("vocabulary", REUSED)
def test_a_vocabulary_that_fits_is_reused(vocabulary: str) -> None:  # VOC2
    space = REUSED[vocabulary]
    places = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
    objects = {str(node) for place in places for node in ours().objects(None, place)}
    assert any(word.startswith(space) for word in objects | {str(word) for word in ours().predicates()})


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition, RDFS.isDefinedBy, DCTERMS.source])
def test_every_term_says_what_it_is_and_where_from(predicate: URIRef) -> None:  # VOC3, VOC4
    terms = [*classes(ours()), *properties(ours()), *annotations(ours())]
    assert [term for term in terms if not list(ours().objects(term, predicate))] == []


def test_nothing_is_deprecated_without_a_successor() -> None:
    graph = ours()
    gone = named(graph.subjects(OWL.deprecated, Literal(True)))
    assert [term for term in gone if not list(graph.objects(term, DCTERMS.isReplacedBy))] == []


def test_imports_are_modules_of_ours_and_reach_all() -> None:
    graph = ours()
    imported = set(graph.objects(None, OWL.imports))
    assert all(is_ours(iri) for iri in imported)
    reached = set(graph.transitive_objects(iri_of("alignment"), OWL.imports))
    assert reached == {iri_of(name) for name in MODULES}

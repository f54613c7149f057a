"""Every term is there for something, and every term that is named anywhere is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.term import Node

from ontology import terms
from ontology.shapes import terms_written
from tests.ontology.quality.ontology_graph import (
    CODE,
    ORR,
    above,
    annotations,
    classes,
    is_ours,
    local,
    named,
    ours,
    properties,
)

ROOT = Path(__file__).resolve().parents[3]
QUERIES = sorted((ROOT / "queries").glob("*.rq"))
PACKAGES = ("ontology", "queries", "ingest", "inference", "graph_service", "benchmarks")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "ontology" / "CHANGELOG.md"]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
OTHERS = [ROOT / "ontology" / "context.jsonld", *sorted((ROOT / "ontology" / "shapes").rglob("*.ttl"))]
TEMPLATES = sorted(path for path in (ROOT / "graph_service").rglob("*") if path.suffix in {".html", ".js"})

_BY_KEY = "For exchange with catalogues that keep metadata by key; this one tells kinds apart by orr:metadataKind."
_RECORD = "For the exchange of metadata records; this catalogue keeps products as producers publish them."
AWAITING = {
    "EOAcquisition": "Producers state instrument and time of a scene; none so far describes the acquisition.",
    "resultOfAcquisition": "Producers state instrument and time of a scene; none so far describes the acquisition.",
    "Embedding": "No model that the catalogue knows publishes its embeddings so far.",
    "hasEmbedding": "No model that the catalogue knows publishes its embeddings so far.",
    "vectorData": "No model that the catalogue knows publishes its embeddings so far.",
    "MetadataStatement": _BY_KEY,
    "describesProduct": _BY_KEY,
    "hasMetadata": _BY_KEY,
    "hasMetadataKind": _BY_KEY,
    "key": _BY_KEY,
    "MetadataRecord": _RECORD,
    "hasMetadataStatus": _RECORD,
    "supersedes": "Reprocessed products do not name the product that they replace.",
}
"""Terms that nothing uses yet, each with the reason why it is published."""

PLACEHOLDERS = {"orr:Term", "code:Scheme-notation"}
"""What stands in texts for any term of its kind."""

_PREFIXED = re.compile(r"(?<![\w:.-])(orr|code):([A-Za-z][\w-]*)")
_WHOLE = re.compile(r"https://w3id\.org/orrery/(ontology#|code/)([A-Za-z][\w-]*)")
_SPACES = {"orr": str(ORR), "code": str(CODE), "ontology#": str(ORR), "code/": str(CODE)}


def mentioned(text: str) -> set[str]:
    """IRIs of terms and codes of ours that a text names."""
    found = [*_PREFIXED.findall(text), *_WHOLE.findall(text)]
    given = {f"{prefix}:{name}" for prefix, name in found}
    return {_SPACES[prefix] + name for prefix, name in found if f"{prefix}:{name}" in given - PLACEHOLDERS}


def literals(path: Path) -> Iterator[str]:
    """The texts within a Python source, those of its documentation among them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def declared() -> set[str]:
    return {str(term) for term in ours().subjects(RDF.type) if is_ours(term)}


@cache
def named_in_code() -> set[str]:
    """Terms that a source takes from ``terms``, the module of the constants itself left out."""
    taken = {
        node.attr
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "terms"
    }
    return {str(value) for name, value in vars(terms).items() if name in taken}


@cache
def used_properties() -> set[Node]:
    """Properties that records have, code names, queries ask for or reasoning gives."""
    graph = ours()
    known = set(properties(graph))
    asked = {iri for path in QUERIES for iri in mentioned(path.read_text("utf-8"))}
    used: set[Node] = {term for term in known if str(term) in terms_written() | asked | named_in_code()}
    used.update(graph.subjects(OWL.propertyChainAxiom))
    while True:
        more = {one for term in used for one in graph.objects(term, RDFS.subPropertyOf)}
        more |= {one for one, other in graph.subject_objects(OWL.inverseOf) if other in used}
        if more & known <= used:
            return used
        used |= more & known


@cache
def used_classes() -> set[Node]:
    """Classes that records have, that are defined, that used properties lead from or to, and what is above them."""
    graph = ours()
    known = set(classes(graph))
    used: set[Node] = {term for term in known if str(term) in terms_written()}
    used |= {term for term in graph.subjects(OWL.equivalentClass) if term in known}
    ends = (RDFS.domain, RDFS.range)
    used |= {one for term in used_properties() for end in ends for one in graph.objects(term, end)}
    return used.union(*(set(above(graph, term)) for term in used))


def test_every_property_is_written_inferred_or_asked_for() -> None:
    unused = {local(term) for term in properties(ours()) if term not in used_properties()}
    assert unused == AWAITING.keys() & {local(term) for term in properties(ours())}


def test_every_class_has_members_or_says_something_of_those_that_have() -> None:
    unused = {local(term) for term in classes(ours()) if term not in used_classes()}
    assert unused == AWAITING.keys() & {local(term) for term in classes(ours())}


def test_what_is_awaited_is_a_term_and_has_a_reason() -> None:
    assert AWAITING.keys() <= {local(term) for term in [*classes(ours()), *properties(ours())]}
    assert all(reason.endswith(".") for reason in AWAITING.values())


def test_every_annotation_is_used_by_the_modules_or_the_code() -> None:
    used = {str(term) for term in ours().predicates()} | named_in_code()
    assert [local(term) for term in annotations(ours()) if str(term) not in used] == []


def test_every_scheme_is_the_scheme_of_a_property() -> None:
    graph = ours()
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert schemes == set(graph.objects(None, ORR.codeScheme)) | {CODE.MetadataKind}


def test_every_code_is_of_one_scheme() -> None:
    graph = ours()
    codes = named(graph.subjects(RDF.type, SKOS.Concept))
    assert [local(code) for code in codes if len(set(graph.objects(code, SKOS.inScheme))) != 1] == []


def test_every_individual_has_a_class_and_something_said_of_it() -> None:
    graph = ours()
    things = [term for term in named(graph.subjects()) if "/orrery/id/" in term]
    assert things
    assert [term for term in things if not list(graph.objects(term, RDF.type))] == []
    assert [term for term in things if len(list(graph.predicates(term))) < 2] == []


@pytest.mark.parametrize("path", [*QUERIES, *DOCUMENTS, *OTHERS, *TEMPLATES], ids=lambda path: path.name)
def test_a_text_names_no_term_that_is_not_there(path: Path) -> None:
    assert mentioned(path.read_text("utf-8")) - declared() == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_names_no_term_that_is_not_there(path: Path) -> None:
    assert {iri for text in literals(path) for iri in mentioned(text)} - declared() == set()


def test_shapes_write_no_term_that_is_not_there() -> None:
    assert {iri for iri in terms_written() if is_ours(URIRef(iri))} - declared() == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("?s a orr:Scene ; orr:hasAsset/orr:href ?h", {"Scene", "hasAsset", "href"}),
        ("`code:AnomalyType-flood`.", {"AnomalyType-flood"}),
        ("<https://w3id.org/orrery/ontology#Scene>", {"Scene"}),
        ("https://w3id.org/orrery/ontology/core and code:Scheme-notation", set()),
        ("scorr:Scene, barcode:x", set()),
    ],
)
def test_names_of_terms_are_found_in_texts(text: str, found: set[str]) -> None:
    assert {local(URIRef(iri)) for iri in mentioned(text)} == found

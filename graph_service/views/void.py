"""What is in the public graph, by numbers, and questions to ask of it.

Source: Describing Linked Datasets with the VoID Vocabulary (W3C Interest Group Note,
2011); the questions are described as in SHACL-SPARQL executables of SHACL Advanced
Features, 5, with the endpoint as ``schema:target``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.views.linked import Value, described, iri, text
from ontology import terms

VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
_TARGET = "https://schema.org/target"
_SHORTEST = 16
"""Characters of the digests in the IRIs of partitions."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question worth asking."""

    name: str
    title: str
    form: str
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    sparql: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in a graph."""

    change: int
    """Number of the change after which it was counted."""
    classes: Mapping[str, int]
    """Things by the IRI of their class."""
    properties: Mapping[str, int]
    """Triples by the IRI of their property."""

    @property
    def triples(self) -> int:
        """All triples."""
        return sum(self.properties.values())


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are, as URLs."""

    void: str
    sparql: str
    home: str


def void_description(counts: Counts, at: Addresses, examples: Sequence[Example]) -> list[ox.Triple]:
    """The description of the public graph."""
    dataset = iri(f"{at.void}#dataset")
    partitions: dict[str, list[ox.NamedNode]] = {
        VOID + "classPartition": [_partition(at, "class", name) for name in counts.classes],
        VOID + "propertyPartition": [_partition(at, "property", name) for name in counts.properties],
    }
    found = described(
        dataset,
        {
            terms.TYPE: [iri(VOID + "Dataset")],
            terms.TITLE: [text("Orrery, the public graph", "en")],
            VOID + "sparqlEndpoint": [iri(at.sparql)],
            "http://xmlns.com/foaf/0.1/homepage": [iri(at.home)],
            VOID + "vocabulary": [iri(terms.ORR), iri(terms.GEO), iri(terms.DCAT), iri(terms.PROV)],
            VOID + "triples": [ox.Literal(counts.triples)],
            VOID + "classes": [ox.Literal(len(counts.classes))],
            VOID + "properties": [ox.Literal(len(counts.properties))],
            terms.CHANGE_NUMBER: [ox.Literal(counts.change)],
            **partitions,
        },
    )
    for name, number in counts.classes.items():
        values: dict[str, list[Value]] = {VOID + "class": [iri(name)], VOID + "entities": [ox.Literal(number)]}
        found += described(_partition(at, "class", name), values)
    for name, number in counts.properties.items():
        values = {VOID + "property": [iri(name)], VOID + "triples": [ox.Literal(number)]}
        found += described(_partition(at, "property", name), values)
    return found + [triple for example in examples for triple in _example(example, at)]


def _partition(at: Addresses, kind: str, name: str) -> ox.NamedNode:
    return iri(f"{at.void}#{kind}-{hashlib.sha256(name.encode()).hexdigest()[:_SHORTEST]}")


def _example(example: Example, at: Addresses) -> list[ox.Triple]:
    form = example.form.lower()
    return described(
        iri(f"{at.void}#query-{example.name}"),
        {
            terms.TYPE: [iri(SH + "SPARQLExecutable"), iri(f"{SH}SPARQL{form.title()}Executable")],
            terms.RDFS + "comment": [text(example.title, "en")],
            SH + form: [text(example.sparql)],
            _TARGET: [iri(at.sparql)],
        },
    )

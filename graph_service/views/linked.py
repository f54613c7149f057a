"""Triples of views: descriptions of things by their properties, and RDF documents of them."""

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from ontology import terms

Value = ox.NamedNode | ox.Literal

_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
MEDIA_TYPES = tuple(_FORMATS)
"""In which such documents are written, the preferred one first."""

_PREFIXES = terms.PREFIXES | {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "schema": "https://schema.org/",
    "formats": "http://www.w3.org/ns/formats/",
}


def iri(value: str) -> ox.NamedNode:
    """An IRI as a term."""
    return ox.NamedNode(value)


def text(value: str, language: str | None = None) -> ox.Literal:
    """A text as a term."""
    return ox.Literal(value, language=language)


def described(subject: ox.NamedNode, values: Mapping[str, Sequence[Value]]) -> list[ox.Triple]:
    """What a thing has, by the IRIs of properties."""
    return [ox.Triple(subject, iri(term), value) for term, found in values.items() for value in found]


def document(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Triples as a document; ``media_type`` is one of ``MEDIA_TYPES``."""
    written = ox.serialize(triples, format=_FORMATS[media_type], prefixes=_PREFIXES)
    assert written is not None
    return written

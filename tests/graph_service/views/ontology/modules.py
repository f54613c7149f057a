"""Small ontologies for tests."""

import pyoxigraph as ox

from ontology.loader import Module, Ontology

PREFIXES = """@prefix orr: <https://w3id.org/orrery/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/terms#> .
"""


def module(name: str, turtle: str, version: str = "0.2.0", prefixes: str = PREFIXES) -> Module:
    """A module with a header."""
    iri = f"https://w3id.org/orrery/ontology/{name}"
    text = f'{prefixes}\n<{iri}> a owl:Ontology ; owl:versionInfo "{version}" .\n\n{turtle}\n'
    parsed = ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return Module(f"ontology/{name}.ttl", text, tuple(quad.triple for quad in parsed))


def ontology_of(*modules: Module) -> Ontology:
    """Modules as one ontology."""
    return Ontology(modules, tuple(triple for one in modules for triple in one.triples))


def described(turtle: str) -> Ontology:
    """An ontology of one module."""
    return ontology_of(module("test", turtle))


def named(triples: tuple[ox.Triple, ...]) -> set[str]:
    """IRIs that something is stated of."""
    return {triple.subject.value for triple in triples if isinstance(triple.subject, ox.NamedNode)}

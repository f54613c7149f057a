"""The OWL modules beside this file, as triples."""

from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from ontology.errors import CatalogueError

MODULES = ("core", "acquisition", "spatial", "water", "agriculture", "model", "codes")
"""Names of the modules, each a file ``NAME.ttl``; what imports another comes after it."""


class OntologyInvalid(CatalogueError):
    """A module that is not Turtle; the message has file, line and column."""


def module_text(name: str) -> str:
    """One module as published, in Turtle."""
    return files("ontology").joinpath(f"{name}.ttl").read_text(encoding="utf-8")


def ontology_text() -> str:
    """All modules as one Turtle text."""
    return "\n".join(module_text(name) for name in MODULES)


def turtle_triples(text: str | bytes) -> list[ox.Triple]:
    """The triples of a Turtle text."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


@cache
def ontology_triples() -> tuple[ox.Triple, ...]:
    """Every triple of every module; blank nodes are distinct between modules."""
    return tuple(triple for name in MODULES for triple in _module_triples(name))


def _module_triples(name: str) -> list[ox.Triple]:
    try:
        return turtle_triples(module_text(name))
    except SyntaxError as cause:
        raise OntologyInvalid(f"ontology/{name}.ttl: {cause}") from cause


@cache
def published_iris() -> frozenset[str]:
    """IRIs that the modules describe: a record with one of them needs no description of its own."""
    return frozenset(t.subject.value for t in ontology_triples() if isinstance(t.subject, ox.NamedNode))

"""The ontology: the OWL modules beside this file and those that a site adds, read and checked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox

from ontology import terms
from ontology.errors import CatalogueError
from ontology.prefixed import prefixed
from ontology.profile import Fault, faults

MODULES = (
    "external", "core", "acquisition", "spatial", "water", "agriculture", "atmosphere", "ocean", "event", "model",
    "link", "codes", "alignment",
)  # fmt: skip
"""Names of the modules, each a file ``NAME.ttl``; what imports another comes after it."""

_OWL = "http://www.w3.org/2002/07/owl#"
_IMPORTS = ox.NamedNode(_OWL + "imports")
_ONTOLOGY = ox.NamedNode(_OWL + "Ontology")
_VERSION = ox.NamedNode(_OWL + "versionInfo")
_TYPE = ox.NamedNode(terms.TYPE)


class OntologyInvalid(CatalogueError):
    """A module that cannot be used; the message has file, line and term."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the ontology."""

    place: str
    """File, for messages."""
    text: str
    """As published, in Turtle."""
    triples: tuple[ox.Triple, ...]

    @property
    def iri(self) -> str | None:
        """The IRI of the ontology that the file describes; None where it describes none."""
        return next((_iri(t.subject) for t in self.triples if t.predicate == _TYPE and t.object == _ONTOLOGY), None)

    @property
    def version(self) -> str | None:
        """Its version, as in ``0.2.0``."""
        return next((str(getattr(t.object, "value", "")) for t in self.triples if t.predicate == _VERSION), None)

    def line_of(self, iri: str) -> int:
        """The line that begins the description of a term, or names it first; 1 where none does."""
        return line_of(self.text, iri)


@dataclass(frozen=True, slots=True)
class Ontology:
    """Every module that a catalogue works with."""

    modules: tuple[Module, ...]
    triples: tuple[ox.Triple, ...]
    """Of all modules; blank nodes are distinct between modules."""

    @property
    def text(self) -> str:
        """All modules as one Turtle text."""
        return "\n".join(module.text for module in self.modules)

    def place_of(self, iri: str) -> str:
        """File and line where a term is described, for messages."""
        node = ox.NamedNode(iri)
        for module in self.modules:
            if any(triple.subject == node for triple in module.triples):
                return f"{module.place} line {module.line_of(iri)}"
        return "the ontology"


def line_of(text: str, iri: str) -> int:
    """The line of a Turtle text that begins the description of a term, or names it first; 1 where none does."""
    names = [re.escape(f"<{iri}>")]
    for prefix, namespace in re.findall(r"^\s*(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", text, re.MULTILINE):
        if namespace and iri.startswith(namespace):
            names.append(re.escape(f"{prefix}:{iri.removeprefix(namespace)}"))
    name = rf"(?:{'|'.join(names)})(?![\w-])"
    found = re.search(rf"^{name}", text, re.MULTILINE) or re.search(name, text)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1


def module_text(name: str) -> str:
    """One of our modules as published, in Turtle."""
    return files("ontology").joinpath(f"{name}.ttl").read_text(encoding="utf-8")


def ontology_text() -> str:
    """All our modules as one Turtle text."""
    return packaged().text


def turtle_triples(text: str | bytes) -> list[ox.Triple]:
    """The triples of a Turtle text; its blank nodes are like those of no other text."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)]


@cache
def packaged() -> Ontology:
    """Our own modules."""
    return _checked(_read(f"ontology/{name}.ttl", module_text(name)) for name in MODULES)


def load_ontology(folder: Path | None = None) -> Ontology:
    """Our modules, and every Turtle file of a folder after them, by name.

    Raises:
        OntologyInvalid: a file is not Turtle, imports what is not there, or has an axiom
            outside of OWL 2 RL or of what can be reasoned with; or the folder cannot be read.
    """
    if folder is None:
        return packaged()
    try:
        texts = [(str(path), path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir()) if _is_turtle(path)]
    except (OSError, UnicodeDecodeError) as cause:
        raise OntologyInvalid(f"{folder}: cannot be read as a folder of ontology modules: {cause}") from cause
    return _checked((*packaged().modules, *(_read(place, text) for place, text in texts)))


def _is_turtle(path: Path) -> bool:
    return path.suffix == ".ttl" and not path.name.startswith(".")


def _read(place: str, text: str) -> Module:
    try:
        return Module(place, text, tuple(turtle_triples(text)))
    except SyntaxError as cause:
        where = "" if cause.lineno is None else f" line {cause.lineno}, column {cause.offset}"
        raise OntologyInvalid(f"{place}{where}: is not Turtle: {cause}") from cause


def _checked(modules: Iterable[Module]) -> Ontology:
    found = tuple(modules)
    ontology = Ontology(found, tuple(triple for module in found for triple in module.triples))
    for module, fault in _faults(ontology):
        where = f"{module.place} line {module.line_of(fault.term)}"
        raise OntologyInvalid(f"{where}: {prefixed(fault.term)} {fault.reason}")
    return ontology


def _faults(ontology: Ontology) -> Iterator[tuple[Module, Fault]]:
    names = {module.iri for module in ontology.modules}
    for module in ontology.modules:
        for triple in module.triples:
            if triple.predicate == _IMPORTS and _iri(triple.object) not in names:
                yield module, Fault(_iri(triple.object), "is imported, and no module here has this IRI; add its file")
        yield from ((module, fault) for fault in faults(module.triples, ontology.triples))


def _iri(term: object) -> str:
    return str(getattr(term, "value", ""))


def ontology_triples() -> tuple[ox.Triple, ...]:
    """Every triple of our modules; blank nodes are distinct between modules."""
    return packaged().triples


@cache
def published_iris() -> frozenset[str]:
    """IRIs that our modules describe: a record with one of them needs no description of its own."""
    return frozenset(t.subject.value for t in ontology_triples() if isinstance(t.subject, ox.NamedNode))

"""An ontology as a document of RDF: merged Turtle, RDF/XML, JSON-LD, N-Triples."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

import pyoxigraph as ox

from graph_service.store.jsonld import compacted
from graph_service.views.ontology.names import declared_prefixes, module_name
from ontology import terms
from ontology.loader import Module, turtle_triples

TURTLE, HTML = "text/turtle", "text/html"
FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
"""By media type; the first one is for whoever takes anything."""

_PREFIX_LINE = re.compile(r"^@prefix\s+[\w-]*:\s*<[^>]*>\s*\.\n", re.MULTILINE)


def rdf(triples: Iterable[ox.Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one of the formats, those of one subject together."""
    grouped: dict[object, list[ox.Triple]] = {}
    for triple in triples:
        grouped.setdefault(triple.subject, []).append(triple)
    ordered = [triple for group in grouped.values() for triple in group]
    used = _used(prefixes, ordered) if media_type in (TURTLE, "application/rdf+xml") else {}
    written = ox.serialize(ordered, format=FORMATS[media_type], prefixes=used) or b""
    return compacted(written, prefixes) if media_type == "application/ld+json" else written


def _used(prefixes: Mapping[str, str], triples: Iterable[ox.Triple]) -> dict[str, str]:
    text = "\n".join(map(str, triples))
    return {prefix: namespace for prefix, namespace in prefixes.items() if f"<{namespace}" in text}


def merged_turtle(modules: Sequence[Module]) -> str:
    """All modules as one Turtle text, as they were written, with comments: the prefixes first, then each module.

    Where two modules use one prefix for different namespaces, or a name for different blank nodes, the text
    is written anew from the triples.
    """
    listed = [pair for module in modules for pair in declared_prefixes(module.text)]
    prefixes = dict(sorted(listed))
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items())
    text = head + "".join(_headed(module) for module in modules)
    if len(prefixes) == len(set(listed)) and _same(text, modules):
        return text
    return rdf([triple for module in modules for triple in module.triples], TURTLE, prefixes).decode()


def _headed(module: Module) -> str:
    return f"\n# Module {module_name(module)}\n\n{_PREFIX_LINE.sub('', module.text).strip()}\n"


def _same(text: str, modules: Sequence[Module]) -> bool:
    """Whether a text has as many triples and blank nodes as some modules have together."""
    try:
        written = turtle_triples(text)
    except SyntaxError:
        return False
    apart = {triple for module in modules for triple in module.triples}
    names = sum(len(_blank(module.triples)) for module in modules)
    return len(set(written)) == len(apart) and len(_blank(written)) == names


def _blank(triples: Iterable[ox.Triple]) -> set[object]:
    return {node for triple in triples for node in (triple.subject, triple.object) if isinstance(node, ox.BlankNode)}


def context_text() -> str:
    """The JSON-LD context of the catalogue's terms, as published."""
    return files("ontology").joinpath("context.jsonld").read_text(encoding="utf-8")


def shapes_text() -> str | None:
    """The SHACL shapes of the records, in Turtle; None where they were not generated."""
    place = files("ontology").joinpath("shapes/records.ttl")
    return place.read_text(encoding="utf-8") if place.is_file() else None


def context_prefixes() -> dict[str, str]:
    """The namespaces that the JSON-LD context has, by prefix, and ours."""
    named = json.loads(context_text())["@context"]
    found = {name: value for name, value in named.items() if isinstance(value, str) and value.endswith(("#", "/"))}
    return found | terms.PREFIXES

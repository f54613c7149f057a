"""The SHACL shapes of every record class, made from the same constraints that records are validated by.

    python -m ontology.shacl > ontology/shapes/records.ttl

A part is a focus of its own, by its class and by the property that leads to it, so
that a fault in it is reported once and where it is. Types that somebody adds or
infers, and properties that no shape names, are no fault.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from ontology import terms
from ontology.constraints import (
    DATATYPES,
    DIGEST_PATTERN,
    ENDS,
    WKT_PATTERN,
    Constraint,
    Sort,
    constraints_of,
    has_interval,
)
from ontology.identifiers import document_iri
from ontology.loader import ontology_triples, packaged
from ontology.prefixed import prefixed
from ontology.properties import Owned, Shape
from ontology.shapes import TOP_LEVEL

SH = "http://www.w3.org/ns/shacl#"
SHAPES_IRI = "https://w3id.org/orrery/shapes"
ORRSH = SHAPES_IRI + "#"
PREFIXES = terms.PREFIXES | {"sh": SH, "orrsh": ORRSH, "owl": "http://www.w3.org/2002/07/owl#"}
RESOURCE = "shapes/records.ttl"
"""The published file, below the package ``ontology``."""

_DEFINITION = terms.SKOS + "definition"
_FOOTPRINT = ORRSH + "Footprint"
_TIME_PATTERN = "(Z|[+-][0-9]{2}:[0-9]{2})$"
_PATTERNS: dict[Sort, str] = {"document": f"^{document_iri(DIGEST_PATTERN)}$", "time": _TIME_PATTERN}

Term = ox.NamedNode | ox.Literal


def published_shapes() -> bytes:
    """The published shapes, in Turtle."""
    return files("ontology").joinpath(RESOURCE).read_bytes()


def shapes_turtle() -> str:
    """All shapes in Turtle, the same text whenever bounds, table and ontology are the same."""
    used = {name: PREFIXES[name] for name in ("dcterms", "geo", "orr", "orrsh", "owl", "rdfs", "sh", "xsd")}
    written = ox.serialize(shapes_triples(), format=ox.RdfFormat.TURTLE, prefixes=used)
    assert written is not None
    # The engine writes prefixes in any order and a shape's properties on one line.
    lines = written.decode().replace(" , orrsh:", " ,\n\t\torrsh:").replace(" .\norrsh:", " .\n\norrsh:").splitlines()
    return "\n".join([*sorted(lines[: len(used)]), "", *lines[len(used) :], ""])


def shapes_triples() -> Iterator[ox.Triple]:
    """Every triple of the shapes, those of one subject together."""
    yield from _header()
    for shape, leading in _shapes_with_owners():
        yield from _node_shape(shape, leading)
    yield from _footprint_shape()


def _shapes_with_owners() -> list[tuple[Shape, tuple[str, ...]]]:
    """Every shape but those of groups, by name, with the properties that lead to it from an owner."""
    leading: dict[Shape, set[str]] = {}
    pending = list(TOP_LEVEL)
    for shape in pending:
        leading.setdefault(shape, set())
        for prop in shape.properties:
            if isinstance(prop, Owned):
                leading.setdefault(prop.shape, set()).add(prop.term)
                pending.append(prop.shape)
    return sorted(((shape, tuple(sorted(terms))) for shape, terms in leading.items()), key=lambda one: _name(one[0]))


def _header() -> Iterator[ox.Triple]:
    yield from _about(SHAPES_IRI, terms.TYPE, _iri(PREFIXES["owl"] + "Ontology"))
    yield from _about(SHAPES_IRI, PREFIXES["owl"] + "versionInfo", ox.Literal(packaged().modules[0].version or ""))
    yield from _about(SHAPES_IRI, terms.TITLE, _english("Orrery ontology: shapes of records"))
    text = (
        "What a record of the catalogue must be, made from the bounds and the table that the catalogue is written by."
    )
    yield from _about(SHAPES_IRI, terms.DESCRIPTION, _english(text))
    yield from _about(SHAPES_IRI, terms.DCTERMS + "creator", ox.Literal("The Orrery project"))
    licence = _iri("https://creativecommons.org/licenses/by/4.0/")
    yield from _about(SHAPES_IRI, terms.DCTERMS + "license", licence)


def _node_shape(shape: Shape, leading: tuple[str, ...]) -> Iterator[ox.Triple]:
    name = ORRSH + _name(shape)
    own = _own_constraints(shape)
    yield from _about(name, terms.TYPE, _iri(SH + "NodeShape"))
    yield from _about(name, terms.LABEL, _english(_text_of(_main_class(shape), terms.LABEL)))
    for class_iri in (_main_class(shape), *(shape.kinds if shape.one_type else ())):
        yield from _about(name, SH + "targetClass", _iri(class_iri))
    for term in leading:
        yield from _about(name, SH + "targetObjectsOf", _iri(term))
    for one in own:
        yield from _about(name, SH + "property", _iri(_property_name(name, one.term)))
    for one in own:
        yield from _property_shape(_property_name(name, one.term), one, shape)


def _main_class(shape: Shape) -> str:
    return shape.types[-1]


def _name(shape: Shape) -> str:
    return shape.record.__name__


def _property_name(shape: str, term: str) -> str:
    return f"{shape}-{_local(term)}"


def _local(term: str) -> str:
    return re.split(r"[#/]", term)[-1]


def _own_constraints(shape: Shape) -> list[Constraint]:
    """The constraints of a shape that no class above it has: a focus of this class is one of that class as well."""
    above = [one for one in TOP_LEVEL if one is not shape and issubclass(shape.record, one.record)]
    known = {one.term for general in above for one in constraints_of(general)}
    return [one for one in constraints_of(shape) if one.term not in known]


def _property_shape(name: str, one: Constraint, shape: Shape) -> Iterator[ox.Triple]:
    yield from _about(name, terms.TYPE, _iri(SH + "PropertyShape"))
    yield from _about(name, SH + "path", _iri(one.term))
    yield from _about(name, SH + "name", _english(_text_of(one.term, terms.LABEL)))
    if definition := _texts().get((one.term, _DEFINITION)):
        yield from _about(name, SH + "description", _english(definition))
    for parameter, value in _parameters(one):
        yield from _about(name, SH + parameter, value)
    if one.field == ENDS[0] and has_interval(shape.record):
        (end,) = (other.term for other in constraints_of(shape) if other.field == ENDS[1])
        yield from _about(name, SH + "lessThanOrEquals", _iri(end))
    yield from _about(name, SH + "message", _english(f"{prefixed(one.term)}: {one.remedy}."))


def _parameters(one: Constraint) -> Iterator[tuple[str, Term]]:
    if one.required:
        yield "minCount", _number(1)
    if one.in_languages:
        # Published things are labelled in several languages, so there may be one value each.
        yield "uniqueLang", ox.Literal(True)
        yield "nodeKind", _iri(SH + "Literal")
    else:
        if not one.many:
            yield "maxCount", _number(1)
        yield from _of_sort(one)
    if one.required and one.sort == "text":
        yield "minLength", _number(1)
    if one.lowest is not None:
        yield "minInclusive", _number(one.lowest)
    if one.highest is not None:
        yield "maxInclusive", _number(one.highest)


def _of_sort(one: Constraint) -> Iterator[tuple[str, Term]]:
    if one.sort in DATATYPES and one.sort != "footprint":
        yield "datatype", _iri(DATATYPES[one.sort])
    else:
        yield "nodeKind", _iri(SH + "IRI")
    if one.scheme is not None:
        yield "pattern", ox.Literal(f"^{one.code_prefix.replace('.', '[.]')}.")
    elif one.sort in _PATTERNS:
        yield "pattern", ox.Literal(_PATTERNS[one.sort])


def _footprint_shape() -> Iterator[ox.Triple]:
    name = _property_name(_FOOTPRINT, terms.AS_WKT)
    remedy = Constraint("footprint", terms.AS_WKT, "footprint", True, False).remedy
    yield from _about(_FOOTPRINT, terms.TYPE, _iri(SH + "NodeShape"))
    yield from _about(_FOOTPRINT, terms.LABEL, _english("footprint"))
    yield from _about(_FOOTPRINT, SH + "targetObjectsOf", _iri(terms.HAS_DEFAULT_GEOMETRY))
    yield from _about(_FOOTPRINT, SH + "property", _iri(name))
    yield from _about(name, terms.TYPE, _iri(SH + "PropertyShape"))
    yield from _about(name, SH + "path", _iri(terms.AS_WKT))
    yield from _about(name, SH + "minCount", _number(1))
    yield from _about(name, SH + "maxCount", _number(1))
    yield from _about(name, SH + "datatype", _iri(terms.WKT_LITERAL))
    yield from _about(name, SH + "pattern", ox.Literal(f"^{WKT_PATTERN}.*[)]$"))
    yield from _about(name, SH + "message", _english(f"{prefixed(terms.AS_WKT)}: {remedy}."))


def _about(subject: str, predicate: str, value: Term) -> Iterator[ox.Triple]:
    yield ox.Triple(_iri(subject), _iri(predicate), value)


def _iri(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _number(value: float) -> ox.Literal:
    datatype = terms.INTEGER if value == int(value) else terms.DECIMAL
    return ox.Literal(str(int(value) if value == int(value) else value), datatype=_iri(datatype))


def _text_of(term: str, predicate: str) -> str:
    """What the ontology says of a term in English; of a term from elsewhere, its name in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _local(term)).lower()
    return _texts().get((term, predicate), words)


@cache
def _texts() -> dict[tuple[str, str], str]:
    """Texts in English by subject and predicate."""
    return {
        (t.subject.value, t.predicate.value): t.object.value
        for t in ontology_triples()
        if isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.Literal) and t.object.language == "en"
    }


if __name__ == "__main__":
    sys.stdout.write(shapes_turtle())

"""A record taken apart: itself and every part below it, each with its IRI and its shape."""

from collections.abc import Iterator
from typing import Any

from ontology.identifiers import owned_iri
from ontology.literals import IRI
from ontology.properties import Footprint, Owned, Shape, Value
from ontology.records import Record
from ontology.related import Related
from ontology.shapes import SHAPES

Member = tuple[str, Shape, Any]
"""IRI, shape and value."""


def members(record: Record | Related) -> Iterator[Member]:
    """The record and its parts, owners before what they own; what is no part of the right class is left out."""
    yield from _below(record.iri, SHAPES[type(record)], record)


def _below(iri: str, shape: Shape, value: Any) -> Iterator[Member]:
    yield iri, shape, value
    for prop in shape.properties:
        if isinstance(prop, Owned):
            for part in contents(getattr(value, prop.field), prop.many):
                if type(part) is prop.shape.record:
                    name = "" if prop.shape.name is None else str(getattr(part, prop.shape.name))
                    yield from _below(owned_iri(iri, prop.part, name), prop.shape, part)


def contents(value: Any, many: bool) -> tuple[Any, ...]:
    """The values of a field that holds one or None, or of one that holds a tuple."""
    if many:
        return value if type(value) is tuple else ()
    return () if value is None else (value,)


def references(record: Record | Related) -> Iterator[tuple[str, str, str]]:
    """Subject, property and IRI of everything that a record or a part of it points to and does not own."""
    for iri, shape, value in members(record):
        for prop in shape.properties:
            if isinstance(prop, Value) and prop.codec is IRI:
                for pointed_to in contents(getattr(value, prop.field), prop.many):
                    if not pointed_to.startswith(f"{record.iri}#"):
                        yield iri, prop.term, pointed_to


def footprints(record: Record | Related) -> Iterator[tuple[str, Any]]:
    """IRI and WKT of each geometry of a record and its parts."""
    for iri, shape, value in members(record):
        for prop in shape.properties:
            if isinstance(prop, Footprint) and (wkt := getattr(value, prop.field)) is not None:
                yield owned_iri(iri, "footprint"), wkt

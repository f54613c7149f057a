"""How a record becomes triples and back.

A statement is three terms in N-Triples syntax, which engines load fastest and
which pyoxigraph prints again with ``str(term)``. A record owns its IRI and every
IRI that starts with it and ``#``; whole records are replaced and deleted by that.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

import pyoxigraph as ox

from ontology import records, related, terms
from ontology.errors import RecordInvalid
from ontology.identifiers import owned_iri
from ontology.literals import iri_term
from ontology.properties import Footprint, Inline, Owned, Shape, Value
from ontology.shapes import SHAPES, TOP_LEVEL

Statement = tuple[str, str, str]
"""Subject, predicate, object in N-Triples syntax."""

_TYPE = f"<{terms.TYPE}>"

Description = Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]
"""Values of one subject by the IRI of the predicate."""


@cache
def _values_of(shape: Shape) -> "attrgetter[tuple[Any, ...]]":
    return attrgetter(*(p.field for p in shape.properties), shape.properties[0].field)


def statements(record: records.Record | related.Related) -> list[Statement]:
    """Every triple of a record, in N-Triples syntax, ready for any engine.

    Raises:
        RecordInvalid: an IRI in it is none.
    """
    written: list[Statement] = []
    iri_term(record.iri)
    _write(SHAPES[type(record)], record.iri, record, written)
    return written


def _write(shape: Shape, iri: str, value: Any, written: list[Statement]) -> None:
    subject = f"<{iri}>"
    written += [(subject, _TYPE, f"<{class_iri}>") for class_iri in _types(shape, value)]
    _write_properties(shape, iri, subject, value, written)


def _types(shape: Shape, value: Any) -> tuple[str, ...]:
    if shape.default_kind is None or value.kind in shape.types:
        return shape.types
    if not shape.one_type:
        return (*shape.types, value.kind)
    return (value.kind, *[other for other, tells in shape.beside if other != value.kind and tells(value)])


def _write_properties(shape: Shape, iri: str, subject: str, value: Any, written: list[Statement]) -> None:
    # The hot path of every ingest: lists instead of generators and the commonest case first halve its time.
    for prop, content in zip(shape.properties, _values_of(shape)(value), strict=False):
        if content is None or content == ():
            continue
        if type(prop) is Value:
            write = prop.codec.write
            if prop.many:
                written += [(subject, prop.predicate, write(one)) for one in content]
            else:
                written.append((subject, prop.predicate, write(content)))
        elif type(prop) is Owned:
            for one in content if prop.many else (content,):
                _write_part(prop, iri, subject, one, written)
        elif type(prop) is Inline:
            _write_properties(prop.shape, iri, subject, content, written)
        else:
            written += _geometry(iri, subject, content)


def _write_part(prop: Owned, iri: str, subject: str, value: Any, written: list[Statement]) -> None:
    name = "" if prop.shape.name is None else str(getattr(value, prop.shape.name))
    part_iri = owned_iri(iri, prop.part, name)
    written.append((subject, prop.predicate, f"<{part_iri}>"))
    _write(prop.shape, part_iri, value, written)


def _geometry(iri: str, subject: str, wkt: str) -> list[Statement]:
    geometry = f"<{owned_iri(iri, 'footprint')}>"
    return [
        (subject, f"<{terms.HAS_DEFAULT_GEOMETRY}>", geometry),
        (subject, f"<{terms.HAS_GEOMETRY}>", geometry),
        (geometry, _TYPE, f"<{terms.GEOMETRY}>"),
        (geometry, f"<{terms.AS_WKT}>", f'"{wkt}"^^<{terms.WKT_LITERAL}>'),
    ]


def owner_of(iri: str) -> str:
    """The IRI of the record that owns a subject."""
    return iri.partition("#")[0]


def record_from(iri: str, triples: Iterable[ox.Triple | ox.Quad]) -> records.Record | related.Related:
    """The record that a set of triples describes.

    Args:
        iri: of the record.
        triples: all whose subject is the record or one of its parts; others, inferred ones among
            them, do no harm.

    Raises:
        RecordInvalid: no type that a record has, or a value that its field cannot hold.
    """
    described = _by_subject(triples)
    types = _stated_types(described.get(iri, {}))
    shape = next((shape for shape in TOP_LEVEL if types.issuperset(shape.types)), None)
    if shape is None:
        raise RecordInvalid(f"{iri}: no record has the types {sorted(types) or 'none'}")
    try:
        record: records.Record | related.Related = _read(shape, iri, described, {"iri": iri})
    except (TypeError, ValueError, AttributeError) as cause:
        raise RecordInvalid(f"{iri}: {cause}") from cause
    return record


def _stated_types(own: Description) -> set[str]:
    """Classes that a producer stated, without those that were inferred beside them."""
    inferred = own.get(terms.INFERRED_TYPE, ())
    return {term.value for term in own.get(terms.TYPE, ()) if isinstance(term, ox.NamedNode) and term not in inferred}


def _by_subject(triples: Iterable[ox.Triple | ox.Quad]) -> dict[str, dict[str, list[Any]]]:
    described: dict[str, dict[str, list[Any]]] = {}
    for triple in triples:
        subject = described.setdefault(getattr(triple.subject, "value", ""), {})
        subject.setdefault(triple.predicate.value, []).append(triple.object)
    return described


def _read(shape: Shape, iri: str, described: Mapping[str, Description], given: dict[str, Any]) -> Any:
    own = described.get(iri, {})
    values = given | _read_properties(shape, iri, own, described)
    if shape.default_kind is not None:
        values["kind"] = _kind(shape, own)
    return shape.record(**values)


def _kind(shape: Shape, own: Description) -> str:
    types = _stated_types(own)
    return next((kind for kind in shape.kinds if kind in types), str(shape.default_kind))


def _read_properties(shape: Shape, iri: str, own: Description, described: Mapping[str, Description]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for prop in shape.properties:
        match prop:
            case Value(field, term, codec, many) if term in own:
                found = sorted(codec.read(one) for one in (own[term] if many else _in_english(own[term])))
                values[field] = tuple(found) if many else found[0]
            case Owned(field, term, part_shape, _, many) if term in own:
                parts = [_read(part_shape, one.value, described, {}) for one in own[term]]  # type: ignore[union-attr]  # parts are IRIs
                values[field] = tuple(sorted(parts, key=attrgetter(str(part_shape.name)))) if many else parts[0]
            case Inline(field, inline_shape):
                inner = _read_properties(inline_shape, iri, own, described)
                values[field] = inline_shape.record(**inner) if inner else None
            case Footprint(field):
                wkt = described.get(owned_iri(iri, "footprint"), {}).get(terms.AS_WKT)
                if wkt:
                    values[field] = wkt[0].value  # type: ignore[union-attr]  # a literal by GeoSPARQL's range
    return values


def _in_english(values: list[Any]) -> list[Any]:
    # Published codes have labels in several languages, records have one.
    return [one for one in values if getattr(one, "language", None) in (None, "en")] or values

"""Which triples each record class has: the only place that knows the shape of the graph."""

from collections.abc import Iterable, Iterator

from ontology import terms
from ontology.properties import Footprint, Inline, Owned, Shape, Value
from ontology.shape_tables.references import REFERENCES
from ontology.shape_tables.related import RELATED
from ontology.shape_tables.scenes import FIELD_ANALYSIS, SCENE, WATER_ANALYSIS

TOP_LEVEL = (
    # Most specific first: a record is read by the first shape whose types it all has.
    WATER_ANALYSIS,
    FIELD_ANALYSIS,
    SCENE,
    *REFERENCES,
    *RELATED,
)
SHAPES = {shape.record: shape for shape in TOP_LEVEL}


def fields_written(record_class: type) -> set[str]:
    """Names of the fields that a shape covers, for the test that none is forgotten."""
    shape = next(shape for shape in _all_shapes() if shape.record is record_class)
    return {prop.field for prop in shape.properties} | ({"kind"} if shape.default_kind else set())


def _all_shapes() -> Iterator[Shape]:
    pending = list(TOP_LEVEL)
    while pending:
        shape = pending.pop()
        yield shape
        pending.extend(prop.shape for prop in shape.properties if isinstance(prop, Owned | Inline))


def record_classes() -> set[type]:
    """Every dataclass that has a shape, parts included."""
    return {shape.record for shape in _all_shapes()}


def terms_written() -> set[str]:
    """Every class and property IRI that a shape can write, for the test against the ontology."""
    return _terms_of(_all_shapes())


def terms_of_parts() -> set[str]:
    """Those of them that a shape can write of a part of a record."""
    return _terms_of(prop.shape for shape in _all_shapes() for prop in shape.properties if isinstance(prop, Owned))


def _terms_of(shapes: Iterable[Shape]) -> set[str]:
    written: set[str] = set()
    for shape in shapes:
        written.update(shape.types, shape.kinds)
        written.update(prop.term for prop in shape.properties if isinstance(prop, Value | Owned))
        if any(isinstance(prop, Footprint) for prop in shape.properties):
            written |= {terms.HAS_DEFAULT_GEOMETRY, terms.HAS_GEOMETRY, terms.GEOMETRY, terms.AS_WKT}
    return written


def owning_terms() -> set[str]:
    """Every property IRI whose values are always parts of what has the property."""
    properties = [prop for shape in _all_shapes() for prop in shape.properties]
    named = {prop.term for prop in properties if isinstance(prop, Value)}
    return {prop.term for prop in properties if isinstance(prop, Owned)} - named

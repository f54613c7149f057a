"""What each property of a record must be, read from the table of shapes and the bounds of the records.

Validation of records (``ontology.validation``) and the published SHACL shapes
(``ontology.shacl``) are both made of these, so that they cannot drift apart.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from ontology import terms
from ontology.bounds import bounds_of
from ontology.literals import DECIMAL, DOCUMENT, INTEGER, IRI, TEXT, TIME, URI, Codec
from ontology.loader import ontology_triples
from ontology.prefixed import prefixed
from ontology.properties import Footprint, Inline, Owned, Shape, Value

Sort = Literal["text", "uri", "iri", "document", "integer", "decimal", "time", "footprint", "part"]

SORTS: dict[Codec, Sort] = {
    TEXT: "text", URI: "uri", IRI: "iri", DOCUMENT: "document", INTEGER: "integer", DECIMAL: "decimal", TIME: "time",
}  # fmt: skip
DATATYPES: dict[Sort, str] = {
    "text": terms.STRING, "uri": terms.ANY_URI, "integer": terms.INTEGER, "decimal": terms.DECIMAL,
    "time": terms.DATE_TIME, "footprint": terms.WKT_LITERAL,
}  # fmt: skip
TYPES: dict[Sort, tuple[type, ...]] = {
    "text": (str,), "uri": (str,), "iri": (str,), "document": (str,), "integer": (int,), "decimal": (float, int),
    "time": (datetime,), "footprint": (str,),
}  # fmt: skip
_NOUNS: dict[Sort, str] = {
    "text": "text", "uri": "URL or path", "iri": "absolute IRI",
    "document": "SHA-256 of 64 lower-case hexadecimal digits", "integer": "whole number",
    "decimal": "decimal number", "time": "time with its offset from UTC",
    "footprint": "footprint in WKT, longitude before latitude, degrees (CRS84)", "part": "part",
}  # fmt: skip
DIGEST_PATTERN = "[0-9a-f]{64}"
WKT_PATTERN = "(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION) ?[(][-+(0-9.A-Z]"
"""How a footprint in WKT begins (OGC 06-103r4, section 7): a type with coordinates in two dimensions."""
_LARGEST = 2**63 - 1
ENDS = ("started_at", "ended_at")
"""The fields of an interval, wherever a class has both: the end is not before the start."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What one property of a record class must be."""

    field: str
    """Of the record, or of the group within it."""
    term: str
    """IRI of the property."""
    sort: Sort
    required: bool
    many: bool
    lowest: float | None = None
    """Inclusive, as ``highest``; None leaves the end open."""
    highest: float | None = None
    scheme: str | None = None
    """IRI of the code scheme that the value is of."""
    group: str | None = None
    """Field of the record that holds the group."""

    @property
    def code_prefix(self) -> str:
        """How the IRI of every code of the scheme begins."""
        return f"{self.scheme}-"

    @property
    def in_languages(self) -> bool:
        """Whether published things state it once a language, so that several values are no fault."""
        return self.term in (terms.LABEL, terms.PREF_LABEL)

    @property
    def remedy(self) -> str:
        """What to give, as an order."""
        noun = _NOUNS[self.sort] if self.scheme is None else f"code of {prefixed(self.scheme)}"
        several = f"{noun}s" if self.scheme is None else f"codes of {prefixed(self.scheme)}"
        some = several if self.many else f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
        filled = " that is not empty" if self.required and self.sort == "text" else ""
        return f"give {some}{filled}{self._range()}" + ("" if self.required or self.many else ", or leave it out")

    def _range(self) -> str:
        if self.lowest is None and self.highest is None:
            return ""
        high = "2^63 - 1" if self.highest == _LARGEST else f"{self.highest}"
        if self.highest is None:
            return f" of at least {self.lowest}"
        return f" of at most {high}" if self.lowest is None else f" from {self.lowest} to {high}"


@cache
def constraints_of(shape: Shape) -> tuple[Constraint, ...]:
    """One for each property of a shape, those of groups with them."""
    return tuple(one for prop in shape.properties for one in _constraints(shape.record, prop))


def _constraints(record: type, prop: Value | Owned | Inline | Footprint) -> list[Constraint]:
    if isinstance(prop, Inline):
        return [dataclasses.replace(one, group=prop.field) for one in constraints_of(prop.shape)]
    required = _is_required(record, prop.field)
    if isinstance(prop, Footprint):
        return [Constraint(prop.field, terms.HAS_DEFAULT_GEOMETRY, "footprint", required, False)]
    if isinstance(prop, Owned):
        return [Constraint(prop.field, prop.term, "part", required, prop.many)]
    bounds = bounds_of(record, prop.field)
    low, high = (None, None) if bounds is None else (bounds.lowest, bounds.highest)
    scheme = code_schemes().get(prop.term)
    return [Constraint(prop.field, prop.term, SORTS[prop.codec], required, prop.many, low, high, scheme)]


def _is_required(record: type, field: str) -> bool:
    (found,) = (one for one in dataclasses.fields(record) if one.name == field)
    return found.default is dataclasses.MISSING and found.default_factory is dataclasses.MISSING


def has_interval(record: type) -> bool:
    """Whether a class has a start and an end."""
    return {one.name for one in dataclasses.fields(record)}.issuperset(ENDS)


@cache
def code_schemes() -> dict[str, str]:
    """The scheme that the ontology names for the values of a property, by the property."""
    named = (t for t in ontology_triples() if t.predicate.value == terms.CODE_SCHEME)
    return {str(t.subject.value): str(t.object.value) for t in named}  # type: ignore[union-attr]  # both are IRIs

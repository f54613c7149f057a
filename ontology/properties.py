"""The kinds of properties that a record is written as, and what the triples of one record class are made of."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ontology.literals import Codec, iri_term


@dataclass(frozen=True, slots=True)
class Value:
    """A field whose value is a term, or a tuple of terms where the field holds a tuple."""

    field: str
    term: str
    codec: Codec
    many: bool = False
    predicate: str = dataclasses.field(init=False)
    """The term in N-Triples syntax."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicate", iri_term(self.term))


@dataclass(frozen=True, slots=True)
class Owned:
    """A field whose value is a part with an IRI of its own below the record's."""

    field: str
    term: str
    shape: "Shape"
    part: str
    many: bool = False
    predicate: str = dataclasses.field(init=False)
    """The term in N-Triples syntax."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicate", iri_term(self.term))


@dataclass(frozen=True, slots=True)
class Inline:
    """A field whose value is a group of properties of the owner itself."""

    field: str
    shape: "Shape"


@dataclass(frozen=True, slots=True)
class Footprint:
    """The default geometry of a feature (OGC 22-047r1, clause 8)."""

    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The triples of one record class.

    Attributes:
        record: the dataclass.
        types: classes that every such record is stated to have.
        properties: one for each field but those below.
        name: field that is written into the IRI of a part instead of into a triple.
        default_kind: with ``kind`` among the fields, the class that is its default.
        kinds: the more specific classes that ``kind`` may name besides.
        one_type: of a part, whose owner's property tells the general class: state the most specific alone.
        beside: with ``one_type``, classes that it may have besides its kind, each with what tells it.
    """

    record: type
    types: tuple[str, ...]
    properties: tuple[Value | Owned | Inline | Footprint, ...]
    name: str | None = None
    default_kind: str | None = None
    kinds: tuple[str, ...] = ()
    one_type: bool = False
    beside: tuple[tuple[str, Callable[[Any], bool]], ...] = ()

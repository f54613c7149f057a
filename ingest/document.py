"""A source document as it came, and what a mapper makes of it."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ontology.records import Primary, Reference
from ontology.related import Related


@dataclass(frozen=True)
class Part:
    """One file of a document, verbatim."""

    name: str
    """Path within the document, ``/`` between folders."""
    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256, lower-case hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """What a producer published of one product, before anybody interprets it."""

    source: str
    """Where it came from, for people: a path or URL, with line or member."""
    kind: str
    """Name of the kind, which picks the mapper: ``stac-item``, ``sentinel-2-safe``."""
    parts: tuple[Part, ...]
    """Sorted by name; one part for all but bundles such as SAFE."""
    value: Any = field(default=None, compare=False, repr=False)
    """The decoded content of a JSON document, once somebody has looked into it."""

    def part(self, suffix: str) -> Part | None:
        """The first part whose name ends so, compared without regard to case."""
        return next((part for part in self.parts if part.name.lower().endswith(suffix.lower())), None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a document that was understood, but not as it stands."""

    field: str
    """Element or property in the producer's spelling."""
    reason: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A document's record, with what it points to and what people should know."""

    record: Primary | Related
    references: tuple[Reference, ...] = ()
    notices: tuple[Notice, ...] = ()

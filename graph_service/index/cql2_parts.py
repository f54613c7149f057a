"""A part of a CQL2 expression as JSON has it, with its place for messages and what it is read with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.cql2_text import is_unicode
from graph_service.index.meaning import searched
from graph_service.index.properties import GEOMETRY, is_declared
from graph_service.index.property_values import Property
from graph_service.index.regions import Region, Regions
from graph_service.reasoning.meaning import Meaning
from ontology.prefixed import expanded


class _NoRegions:
    """Regions where nobody knows any."""

    def region(self, scheme: str, code: str) -> bytes | None:
        return None

    def listed(self) -> Sequence[Region]:
        return ()


NO_REGIONS: Regions = _NoRegions()


@dataclass(frozen=True, slots=True)
class Reading:
    """What filters are read with."""

    meaning: Meaning
    """Of the ontology's terms."""
    regions: Regions = NO_REGIONS
    """Administrative units that filters name."""
    undeclared_as_null: bool = False
    """Whether a property that is not declared is null of every record; refused otherwise."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression."""

    value: AnyValue
    """As JSON has it."""
    place: str
    """Where it stands, for messages."""
    reading: Reading
    levels: int
    """How many more may be nested in it."""

    def refusal(self, reason: str) -> RequestInvalid:
        """What to raise, with the place."""
        return RequestInvalid(f"{self.place}: {reason}")

    def within(self, value: AnyValue, step: str) -> "Part":
        """What is nested in it."""
        return Part(value, f"{self.place}{step}", self.reading, self.levels - 1)

    def operands(self, least: int, most: int | None = None) -> list["Part"]:
        """What an operator is applied to; at most as many as at least unless told otherwise."""
        values, most = self.value["args"], least if most is None else most
        if not least <= len(values) <= most:
            raise self.refusal(f"{self.value['op']} has {len(values)} operands, not {least}")
        return [self.within(one, f".args[{n}]") for n, one in enumerate(values)]

    def members(self, most: int) -> list["Part"]:
        """What a list holds."""
        if not isinstance(self.value, list):
            raise self.refusal(f"{shown(self.value)} is not a list")
        if len(self.value) > most:
            raise self.refusal(f"has {len(self.value)} values; give at most {most} at a time")
        return [self.within(value, f"[{n}]") for n, value in enumerate(self.value)]

    def name(self) -> str | None:
        """The property that it is; None for anything else."""
        match self.value:
            case {"property": str(name)}:
                return name
        return None

    def is_literal(self) -> bool:
        """Whether it is written out: neither a property nor something to be worked out."""
        match self.value:
            case {"property": _} | {"op": _} | {"interval": _} | list():
                return False
        return True

    def is_missing(self) -> bool:
        """Whether it is a property that is not declared and counts as null."""
        name = self.name()
        return name is not None and self.reading.undeclared_as_null and not is_known(name, self.reading.meaning)

    def declared(self) -> tuple[Property, ...]:
        """The declared property that it is, or all that a property of the ontology means.

        Raises:
            RequestInvalid: it is none.
        """
        name = self.name()
        if name is None:
            raise self.refusal(f"{shown(self.value)} stands where the name of a property is wanted")
        if not is_unicode(name):
            raise self.refusal(f"{shown(name)} is not a text")
        if name == GEOMETRY:
            raise self.refusal("geometry: is compared by the spatial functions alone, such as s_intersects")
        try:
            return searched(name, self.reading.meaning)
        except RequestInvalid as cause:
            raise self.refusal(str(cause)) from cause

    def text(self) -> str:
        """The text that it is."""
        if not isinstance(self.value, str) or not is_unicode(self.value):
            raise self.refusal(f"{shown(self.value)} is not a text")
        return self.value

    def number(self) -> float:
        """The finite number that it is."""
        try:
            if isinstance(self.value, int | float) and not isinstance(self.value, bool):
                found = float(self.value)
                if math.isfinite(found):
                    return found
        except OverflowError:
            pass
        raise self.refusal(f"{shown(self.value)} is not a number")


def is_known(name: str, meaning: Meaning) -> bool:
    """Whether a filter can name a property."""
    if is_declared(name):
        return True
    try:
        return expanded(name) is not None and bool(searched(name, meaning))
    except RequestInvalid:
        return False


def shown(value: AnyValue) -> str:
    """A value in a message, cut short; what is nested in it is left out, however deep it is."""
    if isinstance(value, dict):
        return (
            "an expression" if "op" in value else f"an object of {', '.join(map(repr, list(value)[:3])) or 'nothing'}"
        )
    return "a list" if isinstance(value, list) else repr(value)[:80]

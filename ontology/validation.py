"""What is wrong with a record, by the bounds and shapes that it is declared with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ontology import terms
from ontology.constraints import ENDS, Constraint, constraints_of, has_interval
from ontology.errors import RecordInvalid
from ontology.geometry import geometry_fault
from ontology.identifiers import owned_iri
from ontology.members import contents, footprints, members
from ontology.prefixed import prefixed
from ontology.properties import Inline, Owned, Shape, Value
from ontology.records import Record
from ontology.related import Related
from ontology.shapes import SHAPES
from ontology.soundness import Rule, compiled, is_iri, kind_rule, rules_of, soundness

Severity = Literal["violation", "warning", "info"]

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Violation:
    """One value that breaks one rule."""

    record: str
    """IRI of the record."""
    focus: str
    """IRI of the record, or of its part that has the value."""
    path: str
    """IRI of the property; empty for the record itself."""
    value: Any
    """As the record holds it; None where it is absent."""
    rule: str
    """Short identifier, as in ``docs/validation.md``."""
    message: str
    """What is wrong, as the end of a sentence."""
    remedy: str
    severity: Severity = "violation"

    @property
    def place(self) -> str:
        """The property as people read it, after the part that has it: ``#asset-B04/band-1 orr:bandPosition``."""
        part = self.focus.removeprefix(self.record)
        name = prefixed(self.path) if self.path else "IRI"
        return f"{part} {name}" if part else name

    @property
    def shown(self) -> str:
        """The value on one line, not too long."""
        if self.value is None:
            return "nothing"
        text = self.value if isinstance(self.value, str) else str(self.value)
        text = " ".join(text.split()) or '""'
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def ensure_valid(record: Record | Related) -> None:
    """Raise where a record breaks a rule; a sound one costs a few microseconds.

    Raises:
        RecordInvalid: the message names property, value, rule and remedy of the first fault, and counts the others.
    """
    if soundness(SHAPES[type(record)])(record) and _iri_is_sound(record.iri):
        return
    first, *more = violations(record)
    others = f"; {len(more)} more" if more else ""
    raise RecordInvalid(
        f"{first.record}: {first.place}: {first.shown} {first.message} (rule {first.rule}); {first.remedy}{others}"
    )


def violations(record: Record | Related, *, thorough: bool = False) -> list[Violation]:
    """Every value of a record and its parts that breaks a rule.

    Args:
        record: of any class that has a shape.
        thorough: draw each footprint as well, to see whether it is a valid area on the globe.
    """
    found: list[Violation] = []
    if not _iri_is_sound(record.iri):
        iri, remedy = str(record.iri), "give an absolute IRI without a fragment"
        found.append(Violation(iri, iri, "", record.iri, "iri", "is no IRI of a record", remedy))
        if type(record.iri) is not str:
            return found  # nor have its parts any
    if not soundness(SHAPES[type(record)])(record):
        for iri, shape, value in members(record):
            found += [_violation(record.iri, iri, *fault) for fault in _faults(shape, value)]
    return [*found, *_geometry_faults(record, found)] if thorough else found


def _iri_is_sound(iri: str) -> bool:
    # A part hangs on its record by a fragment, so a record has none.
    return type(iri) is str and "#" not in iri and is_iri(iri)


def _violation(record: str, focus: str, path: str, value: Any, rule: Rule, remedy: str) -> Violation:
    geometry = owned_iri(focus, "footprint")
    return Violation(record, geometry if path == terms.AS_WKT else focus, path, value, rule.name, rule.message, remedy)


_Fault = tuple[str, Any, Rule, str]
"""Property, value, rule broken and remedy."""

_ABSENT = Rule("minCount", "", "is there where a value is required")
_NO_TUPLE = Rule("datatype", "", "is no tuple of values")
_NO_PART = Rule("class", "", "is no part of the right class")
_NOT_UNIQUE = Rule("unique", "", "names several parts")
_BACKWARDS = Rule("order", "", "is after the end")


def _faults(shape: Shape, value: Any) -> Iterator[_Fault]:
    if shape.default_kind is not None and not compiled(kind_rule(shape).test)(value.kind):
        allowed = ", ".join(prefixed(one) for one in (shape.default_kind, *shape.kinds))
        yield terms.TYPE, value.kind, kind_rule(shape), f"give one of {allowed}"
    for one in constraints_of(shape):
        holder = value if one.group is None else getattr(value, one.group)
        if holder is not None and one.sort != "part":
            yield from _value_faults(one, getattr(holder, one.field, None))
    yield from _order_faults(shape, value)
    for prop in shape.properties:
        if isinstance(prop, Owned):
            yield from _part_faults(prop, getattr(value, prop.field))
        elif isinstance(prop, Inline):
            yield from _group_faults(prop, getattr(value, prop.field))


def _value_faults(one: Constraint, value: Any) -> Iterator[_Fault]:
    if one.many and type(value) is not tuple:
        yield one.term, value, _NO_TUPLE, one.remedy
        return
    if value is None and one.required:
        yield one.term, None, _ABSENT, one.remedy
    path = terms.AS_WKT if one.sort == "footprint" else one.term
    for content in contents(value, one.many):
        broken = next((rule for rule in rules_of(one) if not compiled(rule.test)(content)), None)
        if broken is not None:
            yield path, content, broken, one.remedy


def _order_faults(shape: Shape, value: Any) -> Iterator[_Fault]:
    if not has_interval(shape.record):
        return
    start, end = (getattr(value, field) for field in ENDS)
    try:
        backwards = start is not None and end is not None and end < start
    except TypeError:
        return  # what is no time, or has no offset, is a fault of its own
    if backwards:
        (term,) = (one.term for one in constraints_of(shape) if one.field == ENDS[0])
        yield term, start, _BACKWARDS, f"give a start that is not after {end}, or another end"


def _part_faults(prop: Owned, value: Any) -> Iterator[_Fault]:
    if prop.many and type(value) is not tuple:
        yield prop.term, value, _NO_TUPLE, "give a tuple of parts"
        return
    seen: set[Any] = set()
    for part in contents(value, prop.many):
        if type(part) is not prop.shape.record:
            yield prop.term, part, _NO_PART, f"give {prop.shape.record.__name__}"
            continue
        name = None if prop.shape.name is None else getattr(part, prop.shape.name)
        if isinstance(name, str | int):
            if name in seen:
                yield prop.term, name, _NOT_UNIQUE, "give every part a name of its own"
            seen.add(name)


def _group_faults(prop: Inline, value: Any) -> Iterator[_Fault]:
    if value is not None and type(value) is not prop.shape.record:
        path = next(one.term for one in prop.shape.properties if isinstance(one, Value))
        yield path, value, _NO_PART, f"give {prop.shape.record.__name__}"


def _geometry_faults(record: Record | Related, found: Sequence[Violation]) -> Iterator[Violation]:
    broken = {one.focus for one in found if one.path == terms.AS_WKT}
    for iri, wkt in footprints(record):
        if iri not in broken and type(wkt) is str and (message := geometry_fault(wkt)) is not None:
            remedy = "give a simple outline in degrees, longitude before latitude, cut at 180 degrees"
            yield Violation(record.iri, iri, terms.AS_WKT, wkt, "geometry", message, remedy)

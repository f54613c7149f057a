"""Records that break no rule, made of those that Hypothesis makes up."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ontology.constraints import ENDS, Constraint, constraints_of, has_interval
from ontology.identifiers import segment, short_name
from ontology.properties import Inline, Owned, Shape
from ontology.shapes import SHAPES
from tests.ontology.record_strategies import records_of


def sound_records(record_class: type, *, complete: bool = False) -> st.SearchStrategy[Any]:
    """Records of a class; complete ones have every field and at least one part of each kind."""
    return records_of(record_class, complete=complete).map(lambda record: mended(SHAPES[record_class], record))


def mended(shape: Shape, value: Any) -> Any:
    """A record or part with its texts filled, its codes of the right schemes and its times in order."""
    changes = {
        one.field: _mended_value(one, getattr(value, one.field))
        for one in constraints_of(shape)
        if one.group is None and one.sort != "part"
    }
    for prop in shape.properties:
        if isinstance(prop, Owned | Inline):
            changes[prop.field] = _mended_parts(prop.shape, getattr(value, prop.field))
    if has_interval(shape.record):
        times = [getattr(value, field) for field in ENDS]
        if None not in times:
            changes |= dict(zip(ENDS, sorted(times), strict=True))
    return replace(value, **changes)


def _mended_value(one: Constraint, value: Any) -> Any:
    if one.scheme is not None and value is not None:
        codes = [f"{one.code_prefix}n{segment(short_name(iri))}" for iri in (value if one.many else (value,))]
        return tuple(codes) if one.many else codes[0]
    return "filled" if value == "" and one.required else value


def _mended_parts(shape: Shape, value: Any) -> Any:
    if isinstance(value, tuple):
        parts = [mended(shape, part) for part in value]
        return tuple({getattr(part, shape.name or ""): part for part in parts}.values())
    return None if value is None else mended(shape, value)

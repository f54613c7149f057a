"""Numbers within bounds: what the fields of records are annotated with, and whether a number fits."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints


@dataclass(frozen=True, slots=True)
class Bounds:
    """The closed interval that a number must lie in; ``None`` leaves an end open."""

    lowest: float | None = None
    highest: float | None = None


Number = Annotated[float, Bounds()]
"""Any, if it is finite."""
Percent = Annotated[float, Bounds(0, 100)]
Share = Annotated[float, Bounds(0, None)]
"""Percent of a reference that may be smaller than the part, so without an upper end."""
Score = Annotated[float, Bounds(0, 1)]
Correlation = Annotated[float, Bounds(-1, 1)]
Elevation = Annotated[float, Bounds(-90, 90)]
Azimuth = Annotated[float, Bounds(0, 360)]
Tilt = Annotated[float, Bounds(0, 90)]
Quantity = Annotated[float, Bounds(0, None)]
Count = Annotated[int, Bounds(0, 2**63 - 1)]
"""As large as the integers of every store and engine reach."""
Ordinal = Annotated[int, Bounds(1, 2**63 - 1)]


@cache
def bounds_of(record_class: type, field: str) -> Bounds | None:
    """The bounds that a record class sets for one of its fields; None where it sets none."""
    return _bounds_within(get_type_hints(record_class, include_extras=True)[field])


def _bounds_within(annotation: Any) -> Bounds | None:
    for part in getattr(annotation, "__metadata__", ()):
        if isinstance(part, Bounds):
            return part
    return next((found for arm in get_args(annotation) if (found := _bounds_within(arm)) is not None), None)


def fault_of(record_class: type, field: str, value: float) -> str | None:
    """What is wrong with a number for a field, as the end of a sentence; None when nothing is.

    A number is outside when it is NaN, infinite or beyond a bound; bounds are inclusive.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return f"{value} is not a finite number"
    bounds = bounds_of(record_class, field)
    if bounds is None:
        return None
    low, high = bounds.lowest, bounds.highest
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    return f"{value} lies outside {'-∞' if low is None else low} to {'∞' if high is None else high}"

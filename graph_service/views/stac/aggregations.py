"""Aggregations of the STAC API by their names: what each asks of the index, and how its answer is told.

Each property has some: ``NAME_frequency`` of texts, numbers and times, ``NAME_min`` and ``NAME_max`` of numbers
and times, ``NAME_avg`` and ``NAME_sum`` of numbers.

Source: STAC API, aggregation extension 0.3.0; further names as stac-fastapi has them.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, get_args

from graph_service.index.aggregation import Buckets, Interval, Summary
from graph_service.index.grids import PRECISIONS, Kind
from graph_service.index.properties import PROPERTIES
from graph_service.index.property_values import Property

Statistic = Literal["min", "max", "avg", "sum"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)

TOTAL = "total_count"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GRIDS: Mapping[str, tuple[Kind, int]] = {"geohash": ("geohash", 4), "geohex": ("h3", 3), "geotile": ("geotile", 7)}
"""Grids by the names that aggregations have for them, with the usual precision."""
_PARTS = 10
"""Ranges into which numbers are told apart, or about as many."""
_SPANS_S: Sequence[tuple[float, Interval]] = (
    (3 * 86_400, "hour"), (90 * 86_400, "day"), (2 * 366 * 86_400, "week"), (15 * 366 * 86_400, "month"),
)  # fmt: skip
"""Longest spans of time that are told apart by an interval."""


@dataclass(frozen=True, slots=True)
class Total:
    """The number of items."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One statistic of a property."""

    property: Property
    statistic: Statistic


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each value, range or interval of a property occurs."""

    property: Property


@dataclass(frozen=True, slots=True)
class Cells:
    """How items lie in a grid, by the centroids of their footprints."""

    kind: Kind
    usual_precision: int


Named = Total | Measured | Spread | Cells


def aggregation_named(name: str) -> Named | None:
    """What a name asks for; None where there is no such aggregation."""
    return _BY_NAME.get(name)


def listed(present: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The aggregations that there are, as ``/aggregations`` tells them.

    Args:
        present: short names of the properties that any item has; None for all.
    """
    names = [TOTAL, *_GRID_NAMES]
    names += [name for one in PROPERTIES if present is None or one.name in present for name in _names_of(one, one.name)]
    return [{"name": name, **_described(_BY_NAME[name], name)} for name in names]


def _described(one: Named, name: str) -> dict[str, Any]:
    match one:
        case Total():
            return {"data_type": "integer"}
        case Measured(found, _):
            return {"data_type": "datetime" if found.kind == "time" else "numeric"}
        case Spread(found):
            described = {"data_type": "frequency_distribution", "frequency_distribution_data_type": _TYPES[found.kind]}
            parameter = {f"{name}_interval": {"type": "string", "enum": list(INTERVALS)}}
            return described | ({"parameters": parameter} if found.kind == "time" else {})
        case Cells(kind, usual):
            least, most = PRECISIONS[kind][0], PRECISIONS[kind][-1]
            precision = {"type": "integer", "minimum": least, "maximum": most, "default": usual}
            return {
                "data_type": "frequency_distribution",
                "frequency_distribution_data_type": "string",
                "parameters": {f"{name}_precision": precision},
            }


_TYPES = {"text": "string", "number": "numeric", "time": "datetime"}


def usual_interval(summary: Summary) -> Interval:
    """The interval into which a span of time is divided where nobody says which."""
    span_s = (summary.greatest or 0) - (summary.least or 0)
    return next((interval for longest_s, interval in _SPANS_S if span_s <= longest_s), "year")


def ranges_of(summary: Summary) -> list[tuple[float, float | None]]:
    """The ranges into which numbers are divided, each from a number up to another one that is not in it.

    Args:
        summary: of the values.

    Returns:
        Round numbers, ten ranges or so that cover all values; the last one is open above.
    """
    if summary.least is None or summary.greatest is None:
        return []
    width = _round_width((summary.greatest - summary.least) / _PARTS)
    first, last = math.floor(summary.least / width), math.floor(summary.greatest / width)
    starts = [round(number * width, 9) for number in range(first, last + 1)]
    # Nothing but the greatest value may begin a range, and then belongs to the one below.
    if len(starts) > 1 and starts[-1] == summary.greatest:
        starts.pop()
    return [*pairwise(starts), (starts[-1], None)]


def _round_width(width: float) -> float:
    if width <= 0 or not math.isfinite(width):
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * 0.999)


def value_document(name: str, data_type: str, value: Any) -> dict[str, Any]:
    """A single value as an Aggregation."""
    return {"name": name, "data_type": data_type, "value": value}


def measured_document(name: str, one: Measured, summary: Summary) -> dict[str, Any]:
    """A statistic as an Aggregation; its value is null where no item has the property."""
    values = {"min": summary.least, "max": summary.greatest, "avg": summary.mean, "sum": summary.total}
    value = values[one.statistic]
    if one.property.kind == "time":
        return value_document(name, "datetime", None if value is None else _rfc3339(value))
    return value_document(name, "numeric", value)


def spread_document(name: str, one: Property, found: Buckets) -> dict[str, Any]:
    """How often values or intervals occur, as an Aggregation."""
    return _buckets(name, _TYPES[one.kind], found)


def cells_document(name: str, found: Buckets) -> dict[str, Any]:
    """How items lie in a grid, as an Aggregation."""
    return _buckets(name, "string", found)


def ranges_document(name: str, numbers: Sequence[tuple[float, float | None, int]]) -> dict[str, Any]:
    """How often numbers lie in some ranges, as an Aggregation."""
    buckets = [
        {"key": f"{start:g}-{'*' if end is None else f'{end:g}'}", "data_type": "numeric", "frequency": number}
        | {"from": start}
        | ({} if end is None else {"to": end})
        for start, end, number in numbers
    ]
    return {"name": name, "data_type": "numeric", "overflow": 0, "buckets": buckets}


def _buckets(name: str, data_type: str, found: Buckets) -> dict[str, Any]:
    buckets = [{"key": one.key, "data_type": data_type, "frequency": one.number} for one in found.buckets]
    return {"name": name, "data_type": data_type, "overflow": found.overflow, "buckets": buckets}


def _rfc3339(seconds: float) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _names_of(one: Property, name: str) -> list[str]:
    if one.kind == "list":
        return []
    statistics = {"number": ("min", "max", "avg", "sum"), "time": ("min", "max")}.get(one.kind, ())
    return [f"{name}_frequency", *(f"{name}_{statistic}" for statistic in statistics)]


def _every_name() -> dict[str, Named]:
    found: dict[str, Named] = {TOTAL: Total()}
    for grid, cells in _GRIDS.items():
        for name in (f"grid_{grid}_frequency", f"centroid_{grid}_grid_frequency"):
            found[name] = Cells(*cells)
    for one in PROPERTIES:
        for name in dict.fromkeys(re.sub(r"\W", "_", name) for name in one.names):
            for full in _names_of(one, name):
                statistic = full.rpartition("_")[2]
                found.setdefault(full, Spread(one) if statistic == "frequency" else Measured(one, statistic))  # type: ignore[arg-type]  # made from them
    return found


_GRID_NAMES = [f"grid_{grid}_frequency" for grid in _GRIDS]
_BY_NAME = _every_name()

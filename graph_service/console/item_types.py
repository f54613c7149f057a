"""The types that the values of JSON have in common, so that columns can hold them; geometries among them are WKB."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pyarrow as pa
import shapely

from graph_service.views.stac.json_text import json_text
from ingest.sources.item_table import ENCODING, JSON_TEXT

Kind = Literal["nothing", "truth", "whole", "number", "text", "time", "bytes", "list", "object", "any"]

_FLAT: Mapping[Kind, pa.DataType] = {
    "nothing": pa.null(),
    "truth": pa.bool_(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "time": pa.timestamp("us", tz="UTC"),
    "bytes": pa.binary(),
    "any": pa.string(),
}
_WIDEST = 2**63


@dataclass(frozen=True, slots=True)
class JsonType:
    """What values are: each of one kind, or of any, which are then written as JSON texts."""

    kind: Kind = "nothing"
    element: "JsonType | None" = None
    """Of a list."""
    members: "Mapping[str, JsonType]" = field(default_factory=dict)
    """Of an object."""


ANY = JsonType("any")


def type_of(value: Any) -> JsonType:
    """The type of one value."""
    match value:
        case None:
            return JsonType()
        case bool():
            return JsonType("truth")
        case int():
            return JsonType("whole") if -_WIDEST <= value < _WIDEST else ANY
        case float():
            return JsonType("number")
        case str():
            return JsonType("text")
        case bytes():
            return JsonType("bytes")
        case list():
            element = JsonType()
            for one in value:
                element = common(element, type_of(one))
            return JsonType("list", element)
        case dict():
            return JsonType("object", members={name: type_of(one) for name, one in value.items()})
    return ANY


def common(one: JsonType, other: JsonType) -> JsonType:
    """The type that values of either of two are of."""
    if one == other or other.kind == "nothing":
        return one
    if one.kind == "nothing":
        return other
    if {one.kind, other.kind} == {"whole", "number"}:
        return JsonType("number")
    if one.kind != other.kind:
        return ANY
    if one.kind == "list":
        return JsonType("list", common(one.element or JsonType(), other.element or JsonType()))
    members = {name: common(one.members.get(name, JsonType()), it) for name, it in other.members.items()}
    return JsonType("object", members={**one.members, **members})


def column_field(name: str, it: JsonType) -> pa.Field:
    """The column, or the part of one, that holds values of a type."""
    if is_json(it):
        return pa.field(name, pa.string(), metadata={ENCODING: JSON_TEXT})
    if it.kind == "list":
        return pa.field(name, pa.list_(column_field("element", it.element or JsonType())))
    if it.kind == "object":
        return pa.field(name, pa.struct([column_field(key, one) for key, one in it.members.items()]))
    return pa.field(name, _FLAT[it.kind])


def is_json(it: JsonType) -> bool:
    """Whether values are written as JSON texts: those of no common type, and objects that are all empty."""
    return it.kind == "any" or (it.kind == "object" and not it.members)


def fitted(value: Any, it: JsonType) -> Any:
    """A value as its column takes it."""
    if value is None:
        return None
    if is_json(it):
        return json_text(_plain(value)).decode()
    if it.kind == "list" and it.element is not None:
        return [fitted(one, it.element) for one in value]
    if it.kind == "object":
        return {name: fitted(one, it.members[name]) for name, one in value.items()}
    return moment_of(value) if it.kind == "time" else value


def _plain(value: Any) -> Any:
    """A value that JSON has: geometries as GeoJSON."""
    match value:
        case bytes():
            return shapely.geometry.mapping(shapely.from_wkb(value))
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value


def moment_of(text: Any) -> datetime | None:
    """The time that a text of a STAC item is; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None

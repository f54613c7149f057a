"""What a request wants its list sorted by.

Source: STAC API, sort extension 1.1.0.
"""

from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.cql2_text import is_unicode
from graph_service.index.paging import SortKey, columns_of


def sort_keys(value: AnyValue) -> tuple[SortKey, ...]:
    """What a list is to be sorted by.

    Raises:
        RequestInvalid: it is no list of fields with directions, or names what nothing can be sorted by.
    """
    found = sorted_fields(value)
    try:
        keys = tuple(SortKey(name, descending) for name, descending in found)
        columns_of(keys)
    except RequestInvalid as cause:
        raise RequestInvalid(f"sortby: {str(cause).removeprefix('sortby: ')}") from cause
    return keys


def sorted_fields(value: AnyValue) -> list[tuple[str, bool]]:
    """The fields that a list is to be sorted by, each with whether it descends.

    Raises:
        RequestInvalid: it is no list of fields with directions.
    """
    if not isinstance(value, list):
        raise RequestInvalid("sortby: is no list of fields with directions")
    return [_field(one) for one in value]


def _field(one: AnyValue) -> tuple[str, bool]:
    match one:
        case {"field": str(name), **rest} if is_unicode(name) and set(rest) <= {"direction"}:
            direction = rest.get("direction", "asc")
            if direction in ("asc", "desc"):
                return name, direction == "desc"
            raise RequestInvalid(f"sortby: {str(direction)[:40]!r} is neither asc nor desc")
    raise RequestInvalid('sortby: a key is an object such as {"field": "datetime", "direction": "desc"}')


def key_from_text(name: str) -> dict[str, str]:
    """A key of a GET request as a POST request would give it: ``-eo:cloud_cover``."""
    # A plus sign that nobody has encoded comes as a space.
    direction = "desc" if name.startswith("-") else "asc"
    return {"field": name.lstrip(" ").removeprefix("+").removeprefix("-"), "direction": direction}

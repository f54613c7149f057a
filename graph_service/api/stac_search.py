"""The parameters of a STAC search as a filter, a page size and a place to start.

A GET request gives each parameter as text, a POST request as JSON; ``from_query``
makes the first into the second, so that there is one set of rules.

Source: STAC API 1.0.0, item search and its filter extension; OGC API - Features 1.0, parameters bbox, datetime, limit.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any as AnyValue

import orjson
from stac_fastapi.types.rfc3339 import rfc3339_str_to_datetime

from graph_service.api.stac_fields import Fields, fields_from_text, fields_of
from graph_service.api.stac_sorting import key_from_text, sort_keys
from graph_service.api.stac_tokens import position_of
from graph_service.errors import RequestInvalid
from graph_service.index.areas import area_within, area_within_box
from graph_service.index.cql2 import JSON, TEXT, cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.cql2_text import is_unicode
from graph_service.index.filters import All, During, Filter, OneOf, Text
from graph_service.index.paging import NEWEST_FIRST, Position, SortKey
from graph_service.index.stac_query import query_filter

DEFAULT_LIMIT = 10
MAXIMUM_LIMIT = 1000
"""Above it a request is answered as if it had asked for so many (STAC API, item search, limit)."""
_MOST_NAMES = 10_000
"""Identifiers in one request; SQLite binds at most 32,766 values."""

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

_LANGUAGES = (TEXT, JSON)
_PARAMETERS = (
    "bbox", "intersects", "datetime", "ids", "collections", "filter", "filter-lang", "filter-crs", "query", "q",
    "sortby", "fields", "explain", "limit", "token",
)  # fmt: skip
_MOST_WORDS = 100
"""Terms of a free-text search."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is searched, how much of it to give, in which order, from where, and which members of each item."""

    tree: Filter
    limit: int
    at: Position | None
    sort: tuple[SortKey, ...] = NEWEST_FIRST
    fields: Fields | None = None
    """None for all members."""
    explain: bool = False
    """Whether each item is to say why it was found."""


def search_request(given: Mapping[str, AnyValue], reading: Reading) -> SearchRequest:
    """The search that the parameters of a POST request describe.

    None, an empty text and an empty list of identifiers count as absent.

    Args:
        given: the parameters.
        reading: what filters are read with.

    Raises:
        RequestInvalid: a parameter is unknown or wrong; the message begins with its name.
        TermUnknown: a filter asks for a concept that the ontology has not.
    """
    for name in given:
        if not is_unicode(name):
            raise RequestInvalid(f"{name!r}: is no parameter of this request")
        if name not in _PARAMETERS:
            # What is not understood must not be passed over (OGC API - Features 1.0, /req/core/query-param-unknown).
            raise RequestInvalid(f"{name}: is no parameter of this request; there are {', '.join(_PARAMETERS)}")
    values = {name: value for name, value in given.items() if not _is_absent(name, value)}
    if "bbox" in values and "intersects" in values:
        raise RequestInvalid("bbox: cannot stand beside intersects; give one of the two")
    parts = [filter_of(values[name]) for name, filter_of in _FILTERS.items() if name in values]
    sort = sort_keys(values["sortby"]) if "sortby" in values else NEWEST_FIRST
    return SearchRequest(
        tree=All((*parts, *_filter(values, reading))),
        limit=limit_of(values.get("limit", DEFAULT_LIMIT)),
        at=position_of(values["token"], sort) if "token" in values else None,
        sort=sort,
        fields=fields_of(values["fields"]) if "fields" in values else None,
        explain=_truth("explain", values.get("explain", False)),
    )


def _filter(values: Mapping[str, AnyValue], reading: Reading) -> Iterator[Filter]:
    language, crs = values.get("filter-lang", JSON), values.get("filter-crs", CRS84)
    if language not in _LANGUAGES:
        raise RequestInvalid(f"filter-lang: {language!r} is not known; there are {' and '.join(_LANGUAGES)}")
    if crs != CRS84:
        raise RequestInvalid(f"filter-crs: {crs!r} is not known; coordinates are in {CRS84}")
    if "filter" in values:
        yield cql2_filter(values["filter"], language, reading)
    if "query" in values:
        yield query_filter(values["query"], reading)


def _is_absent(name: str, value: AnyValue) -> bool:
    if name == "fields" and value is None:
        return False  # stac-api-validator wants it refused, and it is no choice of members.
    return value is None or value == "" or (value == [] and name in ("ids", "collections", "sortby", "q"))


def from_query(given: Mapping[str, str]) -> dict[str, AnyValue]:
    """The text parameters of a GET request as a POST request would give them.

    Raises:
        RequestInvalid: a text is not what its parameter needs; the message begins with its name.
    """
    values = {name: _from_text(name, text) for name, text in given.items() if text}
    if "filter" in values and values.setdefault("filter-lang", TEXT) == JSON:
        values["filter"] = _json("filter", values["filter"])
    return values


def _from_text(name: str, text: str) -> AnyValue:
    match name:
        case "bbox":
            return [_number(part) for part in text.split(",")]
        case "ids" | "collections" | "q":
            return text.split(",")
        case "sortby":
            return [key_from_text(name) for name in text.split(",")]
        case "fields":
            return fields_from_text(text)
        case "explain":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "limit":
            # More digits than these are more than the maximum anyway.
            return int(text[:9]) if re.fullmatch(r"[0-9]+", text) else text
        case "intersects" | "query":
            return _json(name, text)
        case _:
            return text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as cause:
        raise RequestInvalid(f"bbox: {text!r} is not a number") from cause


def _json(name: str, text: str) -> AnyValue:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as cause:
        raise RequestInvalid(f"{name}: is not JSON: {cause}") from cause


def _names(property_name: str, parameter: str) -> Callable[[AnyValue], Filter]:
    def one_of(value: AnyValue) -> Filter:
        # Some clients, such as stac-api-validator, send a single collection as a text.
        value = [value] if parameter == "collections" and isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(name, str) and is_unicode(name) for name in value):
            raise RequestInvalid(f"{parameter}: is not a list of identifiers")
        if len(value) > _MOST_NAMES:
            raise RequestInvalid(f"{parameter}: has {len(value)} identifiers; give at most {_MOST_NAMES} at a time")
        return OneOf(property_name, tuple(dict.fromkeys(value)))

    return one_of


def during(value: AnyValue) -> During:
    """The interval that a ``datetime`` parameter names: an instant, or two with ``..`` or nothing for an open end.

    Raises:
        RequestInvalid: it is neither.
    """
    if not isinstance(value, str):
        raise RequestInvalid("datetime: is not a text")
    start, slash, end = value.partition("/")
    if not slash:
        return During(_instant(start), _instant(start))
    opens, closes = start in ("", ".."), end in ("", "..")
    if opens and closes:
        raise RequestInvalid(f"datetime: {value!r} is open at both ends; leave the parameter out instead")
    interval = During(None if opens else _instant(start), None if closes else _instant(end))
    if interval.start is not None and interval.end is not None and interval.start > interval.end:
        raise RequestInvalid(f"datetime: {value!r} starts after it ends")
    return interval


def _instant(text: str) -> datetime:
    try:
        return rfc3339_str_to_datetime(text)
    except (ValueError, OverflowError) as cause:
        raise RequestInvalid(f"datetime: {text!r} is not an RFC 3339 time with its offset from UTC") from cause


def any_term(value: AnyValue) -> Text:
    """What has any of some terms, each of them a word or several in a row; letter case and accents do not count.

    Raises:
        RequestInvalid: it is no list of terms.

    Source: STAC API, free-text search extension 1.0.0, basic.
    """
    # A double quotation mark within one is written twice (SQLite, FTS5 strings).
    return Text(" OR ".join('"{}"'.format(term.replace('"', '""')) for term in terms_of(value)))


def terms_of(value: AnyValue) -> list[str]:
    """The terms of a free-text search.

    Raises:
        RequestInvalid: it is no list of terms.
    """
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(term, str) and is_unicode(term) for term in given):
        raise RequestInvalid("q: is no list of terms")
    if not (found := [term for term in given if any(map(str.isalnum, term))]):
        raise RequestInvalid("q: has no term with a letter or a digit")
    if len(found) > _MOST_WORDS or any("\0" in term for term in found):
        raise RequestInvalid(f"q: has more than {_MOST_WORDS} terms, or one with a null character")
    return found


def _truth(name: str, value: AnyValue) -> bool:
    if not isinstance(value, bool):
        raise RequestInvalid(f"{name}: {str(value)[:40]!r} is neither true nor false")
    return value


_FILTERS: Mapping[str, Callable[[AnyValue], Filter]] = {
    "ids": _names("id", "ids"),
    "collections": _names("collection", "collections"),
    "bbox": area_within_box,
    "intersects": area_within,
    "datetime": during,
    "q": any_term,
}


def limit_of(value: AnyValue) -> int:
    """The number of records on a page.

    Raises:
        RequestInvalid: it is no whole number above zero.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RequestInvalid(f"limit: {value!r} is not a whole number from 1 to {MAXIMUM_LIMIT}")
    return min(value, MAXIMUM_LIMIT)

"""Parameters of SPARQL requests, wherever the SPARQL 1.1 Protocol lets them stand, and the headers of answers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import Request

from graph_service.api.bodies import body_of, content_type_of, ensure_utf8
from graph_service.errors import ChangeNotReached, MediaTypeUnsupported, RequestInvalid
from graph_service.store.dataset import Dataset

FORM = "application/x-www-form-urlencoded"

CHANGE_HEADER = "Orrery-Change"
"""Of an answer: the last change that it is sure to see. Of a request: the one that it is to see."""

Parameters = Mapping[str, Sequence[str]]


async def parameters_of(request: Request, name: str, media_type: str) -> Parameters:
    """Parameters of a POST: of its URL, and of its body.

    Args:
        request: whose body is a form, or the one parameter alone.
        name: of that parameter, ``query`` or ``update``.
        media_type: of a body that is nothing else.

    Raises:
        MediaTypeUnsupported: the body is something else.
        RequestInvalid: it is not UTF-8.
        RequestTooLarge: it is too long.
        RequestTimedOut: it does not come.

    Source: SPARQL 1.1 Protocol, 2.1.2, 2.1.3 and 2.2.
    """
    of_url = _pairs(request.scope["query_string"], "the URL")
    content_type = content_type_of(request)
    if content_type not in (FORM, media_type):
        raise MediaTypeUnsupported(
            f"Content-Type: {content_type or 'none'}; a {name} is sent as {media_type} or {FORM}"
        )
    ensure_utf8(request)
    body = await body_of(request)
    if content_type == FORM:
        return grouped([*of_url, *_pairs(body, "the body")])
    try:
        return grouped([*of_url, (name, body.decode())])
    except UnicodeDecodeError as cause:
        raise RequestInvalid(f"the body is not UTF-8: {cause}") from cause


def parameters_of_url(request: Request) -> Parameters:
    """Parameters of a request without a body.

    Raises:
        RequestInvalid: they are not UTF-8.
    """
    return grouped(_pairs(request.scope["query_string"], "the URL"))


def _pairs(encoded: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as cause:
        raise RequestInvalid(f"{where} is not UTF-8: {cause}") from cause


def grouped(pairs: Sequence[tuple[str, str]]) -> Parameters:
    """Values by name, in the order in which they came."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def only(parameters: Parameters, name: str) -> str:
    """The value of a parameter that is to be there once.

    Raises:
        RequestInvalid: it is missing, or there several times.
    """
    values = parameters.get(name, ())
    if len(values) != 1:
        count = "several times" if values else "missing"
        article = "an" if name[0] in "aeiou" else "a"
        raise RequestInvalid(f"{name}: {count}; send {article} SPARQL 1.1 {name} as {name}=... or as the body")
    return values[0]


def dataset_in(parameters: Parameters, default: str, named: str) -> Dataset | None:
    """The graphs that a request chooses; None where it chooses none.

    Args:
        parameters: of the request.
        default: name of the parameter for parts of the default graph.
        named: name of the parameter for named graphs.

    Raises:
        RequestInvalid: one is named by something else than an absolute IRI.
    """
    chosen = Dataset(_graphs(parameters, default), _graphs(parameters, named))
    return chosen if chosen.default or chosen.named else None


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    # A form of a web page sends the fields that nobody filled in as well.
    found = tuple(filter(None, parameters.get(name, ())))
    for one in found:
        try:
            ox.NamedNode(one)
        except ValueError as cause:
            raise RequestInvalid(f"{name}: {one[:80]!r} is no absolute IRI of a graph: {cause}") from cause
    return found


def timeout_in(parameters: Parameters, most_s: float) -> float | None:
    """Seconds after which the request is given up, where it asks for less than usual.

    Raises:
        RequestInvalid: it is no number, or out of range.
    """
    values = parameters.get("timeout")
    if values is None:
        return None
    try:
        seconds = float(values[-1])
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= most_s:
        raise RequestInvalid(f"timeout: {values[-1][:40]!r} is no number of seconds above 0 and up to {most_s:g}")
    return seconds


def truth_in(parameters: Parameters, name: str) -> bool:
    """Whether a parameter is true; it is false where it is missing.

    Raises:
        RequestInvalid: it is neither true nor false.
    """
    value = parameters.get(name, ("false",))[-1].lower()
    if value not in ("true", "false"):
        raise RequestInvalid(f"{name}: {value[:40]!r} is neither true nor false")
    return value == "true"


def ensure_reached(request: Request, change: int) -> None:
    """Pass a request that the catalogue is far enough for: who has written is to see it.

    Args:
        request: which names the change in ``Orrery-Change``, or not.
        change: number of the last change.

    Raises:
        RequestInvalid: what it names is no number.
        ChangeNotReached: the catalogue has not come so far.
    """
    wanted = request.headers.get(CHANGE_HEADER)
    if wanted is None:
        return
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 20):
        raise RequestInvalid(f"{CHANGE_HEADER}: {wanted[:40]!r} is no number of a change")
    if int(wanted) > change:
        raise ChangeNotReached(f"{CHANGE_HEADER}: the catalogue is at change {change}, and not yet at {wanted}")


def cache_headers(request: Request, *, change: int, tag: str | None, vary: str = "Accept") -> dict[str, str]:
    """Headers that let an answer be kept, and asked again whether it still holds.

    Args:
        request: that is answered.
        change: that the answer is sure to see.
        tag: the ETag; None where the answer may differ each time.
        vary: further headers that the answer depends on.
    """
    restricted = "authorization" in request.headers
    headers = {
        "Vary": f"{vary}, Authorization",
        "Cache-Control": "private, no-cache" if restricted else "no-cache",
        CHANGE_HEADER: str(change),
    }
    return headers if tag is None else headers | {"ETag": tag}


def is_unchanged(request: Request, tag: str | None) -> bool:
    """Whether whoever asks has the answer already. Source: RFC 9110, 13.1.2."""
    named = request.headers.get("if-none-match")
    if tag is None or named is None or request.method not in ("GET", "HEAD"):
        return False
    return named.strip() == "*" or tag.removeprefix("W/") in (
        one.strip().removeprefix("W/") for one in named.split(",")
    )


def parameter(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter of the URL, as OpenAPI describes it."""
    return {"name": name, "in": "query", "description": description, "schema": schema}

"""The SPARQL 1.1 Protocol for queries."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from graph_service.api.negotiation import preferred
from graph_service.errors import MediaTypeUnsupported, RequestInvalid, RequestTooLarge
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import Caller
from graph_service.sparql.expansion import expanded
from graph_service.store.query_guard import guard, query_form
from graph_service.store.results import media_types
from graph_service.store.workers import Answer, QueryWorkers

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_LONGEST_BODY = 10_000_000
_WAITING = 32
"""Queries that wait or are worked on at the same time; further ones wait here, out of the way of other routes."""

_Parameters = Mapping[str, Sequence[str]]

_DATASET = ("default-graph-uri", "named-graph-uri")
_ANSWERS: dict[str, Any] = {name: {} for name in (*media_types("SELECT"), *media_types("CONSTRUCT"))}
_PROBLEM = {"description": "A code and a sentence that says what is wrong"}
_DOCUMENTED: dict[str, Any] = {
    "responses": {"200": {"description": "The results of the query", "content": _ANSWERS}, "4XX": _PROBLEM},
}
_TIMEOUT = {
    "name": "timeout",
    "in": "query",
    "description": "Seconds after which the query is given up, where less than usual",
    "schema": {"type": "number", "exclusiveMinimum": 0},
}
_EXPAND = {
    "name": "expand",
    "in": "query",
    "description": "Whether to find what follows from the ontology as well: subclasses, narrower codes and the like",
    "schema": {"type": "boolean", "default": False},
}
_BY_URL: dict[str, Any] = _DOCUMENTED | {
    "parameters": [{"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}, _TIMEOUT, _EXPAND]
}
_BY_BODY: dict[str, Any] = _DOCUMENTED | {
    "parameters": [_TIMEOUT, _EXPAND],
    "requestBody": {
        "required": True,
        "content": {
            _QUERY: {"schema": {"type": "string"}},
            _FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}},
        },
    },
}


def sparql_router(workers: QueryWorkers, caller_of: Callable[[Request], Caller], meaning: Meaning) -> APIRouter:
    """The route ``/sparql``.

    Args:
        workers: that answer the queries.
        caller_of: who makes a request.
        meaning: of the terms, for queries that are to be expanded.
    """
    router = APIRouter(tags=["SPARQL"])
    limiter = CapacityLimiter(_WAITING)

    async def answered(request: Request, parameters: _Parameters) -> Response:
        def answer() -> Answer:
            text, seconds = _query(parameters), _timeout(parameters, workers.deadline_s)
            media_type = preferred(request.headers.get("accept"), media_types(query_form(text)))
            audiences = caller_of(request).audiences
            if _expands(parameters):
                guard(text)
                text = expanded(text, meaning)
            return workers.answer(text, media_type=media_type, audiences=audiences, deadline_s=seconds)

        found = await to_thread.run_sync(answer, limiter=limiter)
        return Response(found.body, media_type=found.media_type, headers={"Vary": "Accept"})

    @router.get("/sparql", openapi_extra=_BY_URL, response_class=Response)
    async def query_by_url(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the parameter ``query``."""
        return await answered(request, _grouped(request.query_params.multi_items()))

    @router.post("/sparql", openapi_extra=_BY_BODY, response_class=Response)
    async def query_by_body(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the body or in a form."""
        return await answered(request, await _parameters_of(request))

    return router


async def _parameters_of(request: Request) -> _Parameters:
    """Parameters of a POST: of its URL, and of its body."""
    of_url = request.query_params.multi_items()
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in (_FORM, _QUERY):
        raise MediaTypeUnsupported(f"Content-Type: {content_type or 'none'}; a query is sent as {_QUERY} or {_FORM}")
    body = await _body(request)
    try:
        if content_type == _QUERY:
            return _grouped([*of_url, ("query", body.decode())])
        return _grouped([*of_url, *parse_qsl(body.decode(), keep_blank_values=True, errors="strict")])
    except UnicodeDecodeError as cause:
        raise RequestInvalid(f"the body is not UTF-8: {cause}") from cause


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_BODY:
            raise RequestTooLarge(f"the body is longer than {_LONGEST_BODY:,} bytes")
    return bytes(body)


def _grouped(pairs: Sequence[tuple[str, str]]) -> _Parameters:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _query(parameters: _Parameters) -> str:
    if "update" in parameters:
        raise RequestInvalid("update: this address answers queries; it offers no updates")
    for name in _DATASET:
        if name in parameters:
            raise RequestInvalid(
                f"{name}: not supported; a query sees the public graph and those that its token lets it see"
            )
    queries = parameters.get("query", ())
    if len(queries) != 1:
        count = "several times" if queries else "missing"
        raise RequestInvalid(f"query: {count}; send one SPARQL 1.1 query as ?query=..., in a form or as the body")
    return queries[0]


def _timeout(parameters: _Parameters, most_s: float) -> float | None:
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


def _expands(parameters: _Parameters) -> bool:
    value = parameters.get("expand", ("false",))[-1].lower()
    if value not in ("true", "false"):
        raise RequestInvalid(f"expand: {value[:40]!r} is neither true nor false")
    return value == "true"

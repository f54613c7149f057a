"""The SPARQL 1.1 Protocol for queries."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from graph_service.api.negotiation import preferred
from graph_service.api.protocol import (
    FORM,
    Parameters,
    cache_headers,
    dataset_in,
    ensure_reached,
    grouped,
    is_unchanged,
    only,
    parameter,
    parameters_of,
    timeout_in,
    truth_in,
)
from graph_service.errors import RequestInvalid
from graph_service.ports import QueryAnswers
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import Caller
from graph_service.sparql.expansion import expanded
from graph_service.spatial.explanation import Finding, Plan
from graph_service.spatial.planning import Planner
from graph_service.store.query_guard import query_form
from graph_service.store.results import media_types

_QUERY = "application/sparql-query"
_WAITING = 32
"""Queries that wait or are worked on at the same time; further ones wait here, out of the way of other routes."""

METHODS = ("GET", "HEAD", "POST", "OPTIONS")

_FICKLE = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE|SERVICE)\b", re.IGNORECASE)
"""What may make the same query give something else on the same graph."""

_ANSWERS: dict[str, Any] = {name: {} for name in (*media_types("SELECT"), *media_types("CONSTRUCT"))}
_PROBLEM = {"description": "A code and a sentence that says what is wrong"}
_DOCUMENTED: dict[str, Any] = {
    "responses": {"200": {"description": "The results of the query", "content": _ANSWERS}, "4XX": _PROBLEM},
}
_GRAPHS = {"type": "array", "items": {"type": "string"}}
_FURTHER = [
    parameter("default-graph-uri", "Graphs that the default graph is made of, instead of those of FROM", _GRAPHS),
    parameter("named-graph-uri", "Named graphs, instead of those of FROM NAMED", _GRAPHS),
    parameter(
        "timeout",
        "Seconds after which the query is given up, where less than usual",
        {"type": "number", "exclusiveMinimum": 0},
    ),
    parameter(
        "expand",
        "Whether to find what follows from the ontology as well: subclasses, narrower codes and the like",
        {"type": "boolean", "default": False},
    ),
    parameter(
        "explain",
        "Whether to tell how a query about places is asked, in place of its answer",
        {"type": "boolean", "default": False},
    ),
]
_BY_URL: dict[str, Any] = _DOCUMENTED | {
    "parameters": [parameter("query", "Without it the service is described", {"type": "string"}), *_FURTHER]
}
_BY_BODY: dict[str, Any] = _DOCUMENTED | {
    "parameters": _FURTHER,
    "requestBody": {
        "required": True,
        "content": {
            _QUERY: {"schema": {"type": "string"}},
            FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query with all that its answer depends on, but for the graph."""

    text: str
    media_type: str
    audiences: tuple[str, ...]
    parameters: Parameters

    def tag(self, change: int) -> str | None:
        """The ETag of its answer; None where that may differ each time."""
        if _FICKLE.search(self.text):
            return None
        chosen = [(name, *self.parameters.get(name, ())) for name in ("default-graph-uri", "named-graph-uri", "expand")]
        all_of_it = repr((self.text, self.media_type, sorted(self.audiences), chosen))
        # Weak: solutions without an order come in any.
        return f'W/"{change}-{hashlib.sha256(all_of_it.encode()).hexdigest()[:16]}"'


def sparql_router(
    workers: QueryAnswers,
    caller_of: Callable[[Request], Caller],
    meaning: Meaning,
    *,
    change_number: Callable[[], int],
    describe: Callable[[Request], Response],
    planner: Planner | None = None,
) -> APIRouter:
    """The route ``/sparql``.

    Args:
        workers: that answer the queries.
        caller_of: who makes a request.
        meaning: of the terms, for queries that are to be expanded.
        change_number: gives the number of the last change.
        describe: gives the description of the service, for a GET without a query.
        planner: that tells how queries about places are asked; None where they are asked as they come.
    """
    router = APIRouter(tags=["SPARQL"])
    limiter = CapacityLimiter(_WAITING)

    async def answered(request: Request, parameters: Parameters) -> Response:
        def answer() -> Response:
            asked = _asked(request, parameters, caller_of)
            if truth_in(parameters, "explain"):
                text = expanded(asked.text, meaning) if truth_in(parameters, "expand") else asked.text
                return _explained(planner, asked, text)
            seconds = timeout_in(parameters, workers.deadline_s)
            change = change_number()
            ensure_reached(request, change)
            tag = asked.tag(change)
            if is_unchanged(request, tag):
                return Response(status_code=304, headers=cache_headers(request, change=change, tag=tag))
            text = expanded(asked.text, meaning) if truth_in(parameters, "expand") else asked.text
            found = workers.stream(
                text,
                media_type=asked.media_type,
                audiences=asked.audiences,
                deadline_s=seconds,
                dataset=dataset_in(parameters, "default-graph-uri", "named-graph-uri"),
            )
            headers = cache_headers(request, change=found.change, tag=asked.tag(found.change))
            return response_of(found.first, found.rest, found.media_type, headers)

        return await to_thread.run_sync(answer, limiter=limiter)

    @router.get("/sparql", openapi_extra=_BY_URL, response_class=Response)
    @router.head("/sparql", include_in_schema=False)
    async def query_by_url(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the parameter ``query``; without one, see what the service can do."""
        parameters = grouped(request.query_params.multi_items())
        if not {"query", "update"} & parameters.keys():
            return await to_thread.run_sync(describe, request)
        return await answered(request, parameters)

    @router.post("/sparql", openapi_extra=_BY_BODY, response_class=Response)
    async def query_by_body(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the body or in a form."""
        return await answered(request, await parameters_of(request, "query", _QUERY))

    @router.options("/sparql", include_in_schema=False)
    def methods() -> Response:
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})

    return router


def _asked(request: Request, parameters: Parameters, caller_of: Callable[[Request], Caller]) -> _Asked:
    if "update" in parameters:
        raise RequestInvalid("update: this address answers queries; updates are sent to /sparql/update")
    text = only(parameters, "query")
    media_type = preferred(request.headers.get("accept"), media_types(query_form(text)))
    return _Asked(text, media_type, tuple(caller_of(request).audiences), parameters)


def _explained(planner: Planner | None, asked: _Asked, text: str) -> Response:
    """How a query would be asked, in place of its answer."""
    if planner is None or {"default-graph-uri", "named-graph-uri"} & asked.parameters.keys():
        plan = Plan(text, findings=(Finding("the query", reason="its graphs are not those of the index"),))
    else:
        plan = planner.plan(text, asked.audiences)
    return JSONResponse(plan.document(asked.text), headers={"Cache-Control": "no-store"})


def response_of(first: bytes, rest: Iterator[bytes] | None, media_type: str, headers: dict[str, str]) -> Response:
    """An answer as a response: in one where all of it is there, else as it is made.

    An error behind the beginning breaks the connection, so that nobody takes the part for the whole.
    """
    if rest is None:
        return Response(first, media_type=media_type, headers=headers)
    return StreamingResponse(_all(first, rest), media_type=media_type, headers=headers)


def _all(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

"""The SPARQL 1.1 Protocol for queries."""

import hashlib
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from graph_service.api.bodies import content_type_of
from graph_service.api.negotiation import preferred
from graph_service.api.protocol import (
    FORM,
    Parameters,
    cache_headers,
    dataset_in,
    ensure_reached,
    is_unchanged,
    only,
    parameter,
    parameters_of,
    parameters_of_url,
    timeout_in,
    truth_in,
)
from graph_service.api.query_page import QueryPage, wants_page
from graph_service.api.update import UPDATE, Updating
from graph_service.errors import QueryTimedOut, RequestInvalid, RequestTooLarge
from graph_service.ports import QueryAnswers
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import Caller
from graph_service.sparql.expansion import expanded
from graph_service.sparql.patience import patience
from graph_service.spatial.explanation import Finding, Plan
from graph_service.spatial.planning import Planner
from graph_service.store.query_guard import query_form
from graph_service.store.results import media_types
from graph_service.store.workers import Stream
from graph_service.views.linked import MEDIA_TYPES

_QUERY = "application/sparql-query"
_WAITING = 32
"""Queries that wait or are worked on at the same time; further ones wait here, out of the way of other routes."""

_LONGEST = 5_000_000
"""Characters of a query; with a polygon of 100,000 vertices it has some 4 million."""

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
    update: Updating | None = None,
    page: QueryPage | None = None,
) -> APIRouter:
    """The route ``/sparql``.

    Args:
        workers: that answer the queries.
        caller_of: who makes a request.
        meaning: of the terms, for queries that are to be expanded.
        change_number: gives the number of the last change.
        describe: gives the description of the service, for a GET without a query.
        planner: that tells how queries about places are asked; None where they are asked as they come.
        update: makes updates, for clients that know one address only; None where they are refused here.
        page: that people are shown; None for none.
    """
    router = APIRouter(tags=["SPARQL"])
    turns, threads = CapacityLimiter(_WAITING), CapacityLimiter(_WAITING)

    async def answered(request: Request, parameters: Parameters) -> Response:
        seconds = timeout_in(parameters, workers.deadline_s) or workers.deadline_s
        ends_at = time.monotonic() + seconds

        def widened(text: str) -> str:
            return expanded(text, meaning) if truth_in(parameters, "expand") else text

        def found_for(text: str, media_type: str, audiences: Sequence[str]) -> Stream:
            return workers.stream(
                text,
                media_type=media_type,
                audiences=audiences,
                deadline_s=ends_at - time.monotonic(),
                dataset=dataset_in(parameters, "default-graph-uri", "named-graph-uri"),
            )

        def shown(media_type: str) -> Stream:
            with patience(ends_at - time.monotonic()):
                text = widened(_text(parameters))
            return found_for(text, media_type, caller_of(request).audiences)

        def answer() -> Response:
            if page is not None and _is_for_people(request, parameters):
                return page.answer(request, only(parameters, "query"), shown, expand=truth_in(parameters, "expand"))
            asked = _asked(request, parameters, caller_of)
            if truth_in(parameters, "explain"):
                with patience(ends_at - time.monotonic()):
                    return _explained(planner, asked, widened(asked.text))
            change = change_number()
            ensure_reached(request, change)
            tag = asked.tag(change)
            if is_unchanged(request, tag):
                return Response(status_code=304, headers=cache_headers(request, change=change, tag=tag))
            with patience(ends_at - time.monotonic()):
                text = widened(asked.text)
            found = found_for(text, asked.media_type, asked.audiences)
            headers = cache_headers(request, change=found.change, tag=asked.tag(found.change))
            return response_of(found.first, found.rest, found.media_type, headers)

        turn = object()
        try:
            with fail_after(seconds):
                await turns.acquire_on_behalf_of(turn)
        except TimeoutError as cause:
            raise QueryTimedOut("the query did not get its turn before its deadline") from cause
        try:
            return await to_thread.run_sync(answer, limiter=threads)
        finally:
            turns.release_on_behalf_of(turn)

    @router.get("/sparql", openapi_extra=_BY_URL, response_class=Response)
    @router.head("/sparql", include_in_schema=False)
    async def query_by_url(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the parameter ``query``; without one, see what the service can do."""
        parameters = parameters_of_url(request)
        if not {"query", "update"} & parameters.keys():
            is_for_people = page is not None and wants_page(request, MEDIA_TYPES)
            return await to_thread.run_sync(page.start if page is not None and is_for_people else describe, request)
        return await answered(request, parameters)

    @router.post("/sparql", openapi_extra=_BY_BODY, response_class=Response)
    async def query_by_body(request: Request) -> Response:
        """Ask a SPARQL 1.1 query, given as the body or in a form."""
        if update is not None and content_type_of(request) == UPDATE:
            return await update(request, await parameters_of(request, "update", UPDATE))
        parameters = await parameters_of(request, "query", _QUERY)
        if update is not None and "update" in parameters and "query" not in parameters:
            return await update(request, parameters)
        return await answered(request, parameters)

    @router.options("/sparql", include_in_schema=False)
    def methods() -> Response:
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})

    return router


def _asked(request: Request, parameters: Parameters, caller_of: Callable[[Request], Caller]) -> _Asked:
    text = _text(parameters)
    media_type = preferred(request.headers.get("accept"), media_types(query_form(text)))
    return _Asked(text, media_type, tuple(caller_of(request).audiences), parameters)


def _text(parameters: Parameters) -> str:
    if "update" in parameters:
        raise RequestInvalid("update: this address answers queries; updates are sent to /sparql/update by POST")
    text = only(parameters, "query")
    if len(text) > _LONGEST:
        raise RequestTooLarge(f"a query may have {_LONGEST:,} characters; this one has {len(text):,}")
    return text


def _is_for_people(request: Request, parameters: Parameters) -> bool:
    is_plain = len(parameters.get("query", ())) == 1 and not {"update", "explain"} & parameters.keys()
    return is_plain and wants_page(request, (*media_types("SELECT"), *media_types("CONSTRUCT")))


def _explained(planner: Planner | None, asked: _Asked, text: str) -> Response:
    """How a query would be asked, in place of its answer."""
    if planner is None or {"default-graph-uri", "named-graph-uri"} & asked.parameters.keys():
        plan = Plan(text, findings=(Finding("the query", reason="its graphs are not those of the index"),))
    else:
        plan = planner.plan(text, asked.audiences, thoroughly=True)
    return JSONResponse(plan.document(asked.text), headers={"Cache-Control": "no-store"})


def response_of(first: bytes, rest: Iterator[bytes] | None, media_type: str, headers: dict[str, str]) -> Response:
    """An answer as a response: in one where all of it is there, else as it is made.

    An error behind the beginning breaks the connection, so that nobody takes the part for the whole.
    """
    if rest is None:
        return Response(first, media_type=media_type, headers=headers)
    return _Streamed(first, rest, media_type, headers)


class _Streamed(StreamingResponse):
    """An answer that lets go of what it is made from when its client has gone, and not some time later."""

    def __init__(self, first: bytes, rest: Iterator[bytes], media_type: str, headers: dict[str, str]) -> None:
        super().__init__(_all(first, rest), media_type=media_type, headers=headers)
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if isinstance(self._rest, Generator):
                self._rest.close()


def _all(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

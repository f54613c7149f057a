"""The SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, by name."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from graph_service.api.bodies import MULTIPART, body_of, content_type_of, parts_of
from graph_service.api.callers import CallerOf, require_writer
from graph_service.api.negotiation import preferred
from graph_service.api.protocol import (
    cache_headers,
    ensure_reached,
    is_unchanged,
    only,
    parameter,
    parameters_of_url,
)
from graph_service.api.sparql import response_of
from graph_service.api.update import edited
from graph_service.catalogue import Catalogue
from graph_service.errors import MediaTypeUnsupported, NotFound, RequestInvalid
from graph_service.ports import QueryAnswers
from graph_service.store.dataset import DEFAULT_NAMES, LISTS, PUBLIC_GRAPH, Dataset
from graph_service.store.quads import content_types
from graph_service.store.results import media_types
from graph_service.store.update_plan import GraphWrite

_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_WAITING = 8
_NAMED: dict[str, Any] = {
    "parameters": [
        parameter("graph", "IRI of the graph", {"type": "string"}),
        parameter("default", "Given without a value, the public default graph", {"type": "string"}),
    ]
}
_SENT: dict[str, Any] = _NAMED | {
    "requestBody": {"required": True, "content": {name: {} for name in (*content_types(), MULTIPART)}}
}
_ROOT = "/rdf-graph-store"
_BELOW = "/{name:path}"
"""Graphs that go by their own URL."""


def graph_store_router(workers: QueryAnswers, catalogue: Catalogue, caller_of: CallerOf) -> APIRouter:
    """The route ``/rdf-graph-store``, and those of the graphs that go by a URL below it.

    Args:
        workers: that read graphs, and work out what is to be changed.
        catalogue: that holds them.
        caller_of: who makes a request.
    """
    router = APIRouter(prefix=_ROOT, tags=["Writing"])
    limiter = CapacityLimiter(_WAITING)

    def read(request: Request) -> Response:
        name = _graph(request)
        ensure_reached(request, catalogue.graph.change_number())
        audiences = caller_of(request).audiences
        if name not in (*DEFAULT_NAMES, *audiences, *catalogue.graph.catalogue_values(LISTS)):
            raise NotFound(f"{name}: there is no such graph")
        media_type = preferred(request.headers.get("accept"), media_types("CONSTRUCT"))
        tag = f'W/"{catalogue.graph.change_number()}-{media_type}"'
        if is_unchanged(request, tag):
            change = catalogue.graph.change_number()
            return Response(status_code=304, headers=cache_headers(request, change=change, tag=tag))
        found = workers.stream(_EVERYTHING, media_type=media_type, audiences=audiences, dataset=Dataset((name,)))
        headers = cache_headers(request, change=found.change, tag=f'W/"{found.change}-{media_type}"')
        return response_of(found.first, found.rest, found.media_type, headers)

    async def written(request: Request, asked: Callable[[bytes], GraphWrite], *, with_body: bool = True) -> Response:
        caller = require_writer(await to_thread.run_sync(caller_of, request))
        content = await body_of(request) if with_body else b""

        def change() -> Response:
            sent = asked(content)
            ensure_reached(request, catalogue.graph.change_number())
            there = {*DEFAULT_NAMES, *caller.audiences, *catalogue.graph.catalogue_values(LISTS)}
            status = 204 if sent.content is None or sent.graph in there else 201
            answer = edited(workers, catalogue, caller, sent, status=status)
            if status == 201:
                answer.headers["Location"] = sent.graph
            return answer

        return await to_thread.run_sync(change, limiter=limiter)

    @router.get("", openapi_extra=_NAMED, response_class=Response)
    @router.head("", include_in_schema=False)
    @router.get(_BELOW, include_in_schema=False)
    @router.head(_BELOW, include_in_schema=False)
    async def get(request: Request) -> Response:
        """The content of a graph."""
        return await to_thread.run_sync(read, request, limiter=limiter)

    @router.put("", openapi_extra=_SENT, response_class=Response)
    @router.put(_BELOW, include_in_schema=False)
    async def put(request: Request) -> Response:
        """Give a graph another content, or make one. Needs a token that may write."""
        return await written(request, lambda content: _sent(request, content, replaces=True))

    @router.post("", openapi_extra=_SENT, response_class=Response)
    @router.post(_BELOW, include_in_schema=False)
    async def post(request: Request) -> Response:
        """Add to a graph, or make one; without a name, one of a new name. Needs a token that may write."""
        return await written(request, lambda content: _sent(request, content, replaces=False))

    @router.delete("", openapi_extra=_NAMED, response_class=Response)
    @router.delete(_BELOW, include_in_schema=False)
    async def delete(request: Request) -> Response:
        """Delete a graph. Needs a token that may write."""
        return await written(request, lambda _: GraphWrite(_graph(request), None), with_body=False)

    @router.options("", include_in_schema=False)
    @router.options(_BELOW, include_in_schema=False)
    def methods() -> Response:
        accepted = ", ".join((*content_types(), MULTIPART))
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": accepted})

    return router


def _graph(request: Request) -> str:
    """The graph that a request names: by its own URL, or indirectly by a parameter.

    Source: SPARQL 1.1 Graph Store HTTP Protocol, 4.1 and 4.2.
    """
    parameters = parameters_of_url(request)
    below = request.path_params.get("name", "")
    if (below != "") + ("default" in parameters) + ("graph" in parameters) != 1:
        raise RequestInvalid("graph: name one graph, as ?graph=IRI, as ?default, or by a URL of its own")
    if "default" in parameters:
        return PUBLIC_GRAPH
    name = f"{_url(request)}/{quote(below, safe=_PATH)}" if below else only(parameters, "graph")
    try:
        return ox.NamedNode(name).value
    except ValueError as cause:
        raise RequestInvalid(f"graph: {name[:80]!r} is no absolute IRI: {cause}") from cause


_PATH = "/:@!$&'()*+,;=~"
"""Characters that a path may have as they are (RFC 3986, 3.3)."""


def _url(request: Request) -> str:
    return f"{request.base_url}".rstrip("/") + _ROOT


def _made(request: Request) -> str:
    """The graph that a POST writes: where it names none, one of a new name. Source: as before, 5.5."""
    names_one = request.path_params.get("name") or {"graph", "default"} & parameters_of_url(request).keys()
    return _graph(request) if names_one else f"{_url(request)}/{uuid.uuid4().hex}"


def _sent(request: Request, content: bytes, *, replaces: bool) -> GraphWrite:
    graph = _graph(request) if replaces else _made(request)
    media_type = content_type_of(request)
    if media_type == MULTIPART and not replaces:
        first, *more = ((part, _readable(kind)) for part, kind in parts_of(request, content))
        return GraphWrite(graph, *first, more=tuple(more))
    return GraphWrite(graph, content, _readable(media_type), replaces)


def _readable(media_type: str) -> str:
    if media_type not in content_types():
        expected = ", ".join(content_types())
        raise MediaTypeUnsupported(f"Content-Type: {media_type or 'none'}; a graph is sent as one of {expected}")
    return media_type

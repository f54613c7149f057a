"""The SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, by name."""

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from graph_service.api.callers import CallerOf, require_writer
from graph_service.api.negotiation import preferred
from graph_service.api.protocol import (
    body_of,
    cache_headers,
    content_type_of,
    ensure_reached,
    grouped,
    is_unchanged,
    only,
    parameter,
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
_SENT: dict[str, Any] = _NAMED | {"requestBody": {"required": True, "content": {name: {} for name in content_types()}}}


def graph_store_router(workers: QueryAnswers, catalogue: Catalogue, caller_of: CallerOf) -> APIRouter:
    """The route ``/rdf-graph-store``.

    Args:
        workers: that read graphs, and work out what is to be changed.
        catalogue: that holds them.
        caller_of: who makes a request.
    """
    router = APIRouter(prefix="/rdf-graph-store", tags=["Writing"])
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
            return edited(workers, catalogue, caller, sent, status=status)

        return await to_thread.run_sync(change, limiter=limiter)

    @router.get("", openapi_extra=_NAMED, response_class=Response)
    @router.head("", include_in_schema=False)
    async def get(request: Request) -> Response:
        """The content of a graph."""
        return await to_thread.run_sync(read, request, limiter=limiter)

    @router.put("", openapi_extra=_SENT, response_class=Response)
    async def put(request: Request) -> Response:
        """Give a graph another content, or make one. Needs a token that may write."""
        return await written(request, lambda content: _sent(request, content, replaces=True))

    @router.post("", openapi_extra=_SENT, response_class=Response)
    async def post(request: Request) -> Response:
        """Add to a graph, or make one. Needs a token that may write."""
        return await written(request, lambda content: _sent(request, content, replaces=False))

    @router.delete("", openapi_extra=_NAMED, response_class=Response)
    async def delete(request: Request) -> Response:
        """Delete a graph. Needs a token that may write."""
        return await written(request, lambda _: GraphWrite(_graph(request), None), with_body=False)

    @router.options("", include_in_schema=False)
    def methods() -> Response:
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": ", ".join(content_types())})

    return router


def _graph(request: Request) -> str:
    """The graph that a request names: indirectly, as all do that have no IRI of their own below the route.

    Source: SPARQL 1.1 Graph Store HTTP Protocol, 4.2.
    """
    parameters = grouped(request.query_params.multi_items())
    if ("default" in parameters) == ("graph" in parameters):
        raise RequestInvalid("graph: name one graph, as ?graph=IRI or ?default")
    if "default" in parameters:
        return PUBLIC_GRAPH
    name = only(parameters, "graph")
    try:
        return ox.NamedNode(name).value
    except ValueError as cause:
        raise RequestInvalid(f"graph: {name[:80]!r} is no absolute IRI: {cause}") from cause


def _sent(request: Request, content: bytes, *, replaces: bool) -> GraphWrite:
    media_type = content_type_of(request)
    if media_type not in content_types():
        expected = ", ".join(content_types())
        raise MediaTypeUnsupported(f"Content-Type: {media_type or 'none'}; a graph is sent as one of {expected}")
    return GraphWrite(_graph(request), content, media_type, replaces)

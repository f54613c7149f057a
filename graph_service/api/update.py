"""The SPARQL 1.1 Protocol for updates."""

from collections.abc import Awaitable, Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from graph_service.api.callers import CallerOf, require_writer
from graph_service.api.protocol import (
    CHANGE_HEADER,
    FORM,
    Parameters,
    dataset_in,
    ensure_reached,
    only,
    parameter,
    parameters_of,
    timeout_in,
)
from graph_service.catalogue import Catalogue
from graph_service.errors import RequestInvalid
from graph_service.ports import QueryAnswers
from graph_service.security.tokens import Caller
from graph_service.store.edit import Writer
from graph_service.store.update_plan import GraphWrite, Update

UPDATE = "application/sparql-update"

Updating = Callable[[Request, Parameters], Awaitable[Response]]
"""Makes the update that the parameters of a request hold, for a caller who may write."""

_WAITING = 8
_GRAPHS = {"type": "array", "items": {"type": "string"}}
_DOCUMENTED: dict[str, Any] = {
    "parameters": [
        parameter("using-graph-uri", "Graphs that WHERE clauses match, instead of those of USING", _GRAPHS),
        parameter("using-named-graph-uri", "Named graphs, instead of those of USING NAMED", _GRAPHS),
        parameter("timeout", "Seconds after which it is given up", {"type": "number", "exclusiveMinimum": 0}),
    ],
    "requestBody": {
        "required": True,
        "content": {
            UPDATE: {"schema": {"type": "string"}},
            FORM: {"schema": {"type": "object", "properties": {"update": {"type": "string"}}, "required": ["update"]}},
        },
    },
    "responses": {"204": {"description": "The update was made; Orrery-Change has the number of the change"}},
}


def updating(workers: QueryAnswers, catalogue: Catalogue, caller_of: CallerOf) -> Updating:
    """What makes updates.

    Args:
        workers: that work out what updates change.
        catalogue: that is changed.
        caller_of: who makes a request.
    """
    limiter = CapacityLimiter(_WAITING)

    async def update(request: Request, parameters: Parameters) -> Response:
        caller = require_writer(await to_thread.run_sync(caller_of, request))

        def updated() -> Response:
            ensure_reached(request, catalogue.graph.change_number())
            seconds = timeout_in(parameters, workers.deadline_s)
            return edited(workers, catalogue, caller, _update(parameters), deadline_s=seconds)

        return await to_thread.run_sync(updated, limiter=limiter)

    return update


def update_router(update: Updating, caller_of: CallerOf) -> APIRouter:
    """The route ``/sparql/update``.

    Args:
        update: makes updates.
        caller_of: who makes a request.
    """
    router = APIRouter(tags=["Writing"])

    @router.post("/sparql/update", openapi_extra=_DOCUMENTED, status_code=204, response_class=Response)
    async def update_by_body(request: Request) -> Response:
        """Change statements by a SPARQL 1.1 update, all or nothing. Needs a token that may write."""
        # Before its body is read, so that nobody else has ten million bytes taken in.
        require_writer(await to_thread.run_sync(caller_of, request))
        return await update(request, await parameters_of(request, "update", UPDATE))

    @router.options("/sparql/update", include_in_schema=False)
    def methods() -> Response:
        return Response(status_code=204, headers={"Allow": "POST, OPTIONS"})

    return router


def _update(parameters: Parameters) -> Update:
    if "query" in parameters:
        raise RequestInvalid("query: this address takes updates; queries are sent to /sparql")
    return Update(only(parameters, "update"), dataset_in(parameters, "using-graph-uri", "using-named-graph-uri"))


def edited(
    workers: QueryAnswers,
    catalogue: Catalogue,
    caller: Caller,
    asked: Update | GraphWrite,
    *,
    deadline_s: float | None = None,
    status: int = 204,
) -> Response:
    """Make a change, and answer with its number.

    Args:
        workers: that work it out.
        catalogue: that is changed.
        caller: who may write.
        asked: what is to be changed.
        deadline_s: seconds for working it out, where less than usual.
        status: of the answer.
    """
    writer = Writer(caller.audiences, caller.owns)
    applied = catalogue.edit(
        lambda: workers.plan(asked, writer=writer, own=catalogue.own_subjects, deadline_s=deadline_s)
    )
    return Response(status_code=status, headers={CHANGE_HEADER: str(applied.number)})

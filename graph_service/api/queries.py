"""``/queries``: the questions worth keeping, listed and answered."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from graph_service.api.negotiation import preferred
from graph_service.security.tokens import Caller
from graph_service.store.query_guard import query_form
from graph_service.store.results import media_types
from graph_service.store.workers import QueryWorkers
from queries.library import Input, Output, Query, load, names


class KeptQuery(BaseModel):
    """A question worth keeping."""

    name: str
    title: str
    href: str = Field(description="Where it is answered; its inputs are parameters there")
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    sparql: str


def queries_router(workers: QueryWorkers, caller_of: Callable[[Request], Caller]) -> APIRouter:
    """The routes of the kept queries.

    Args:
        workers: that answer them.
        caller_of: who makes a request.
    """
    router = APIRouter(prefix="/queries", tags=["SPARQL"])

    @router.get("")
    def kept(request: Request) -> list[KeptQuery]:
        """The questions worth keeping, with what they take and give."""
        return [_described(load(name), str(request.base_url)) for name in names()]

    @router.get("/{name}", response_class=Response)
    def answered(request: Request, name: str) -> Response:
        """The answer to one of them, in any form that a SPARQL result has; its inputs are parameters."""
        text = load(name).bound(dict(request.query_params))
        media_type = preferred(request.headers.get("accept"), media_types(query_form(text)))
        answer = workers.answer(text, media_type=media_type, audiences=caller_of(request).audiences)
        return Response(answer.body, media_type=answer.media_type, headers={"Vary": "Accept"})

    return router


def _described(query: Query, base_url: str) -> KeptQuery:
    return KeptQuery(
        name=query.name,
        title=query.title,
        href=f"{base_url}queries/{query.name}",
        inputs=query.inputs,
        outputs=query.outputs,
        sparql=query.text,
    )

"""``/queries``: the questions worth keeping, listed and answered."""

from collections.abc import Callable

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from graph_service.api.negotiation import preferred
from graph_service.errors import NotAcceptable, RequestInvalid
from graph_service.ports import QueryAnswers
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import Caller
from graph_service.sparql.expansion import expanded
from graph_service.store.query_guard import query_form
from graph_service.store.results import media_types
from graph_service.views.geojson import MEDIA_TYPE as GEOJSON
from graph_service.views.geojson import feature_collection
from queries.library import Input, Output, Query, load, names

_DRAWN_FROM = "application/sparql-results+json"
_FORMS = {
    "json": _DRAWN_FROM,
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "geojson": GEOJSON,
}


class KeptQuery(BaseModel):
    """A question worth keeping."""

    name: str
    title: str
    href: str = Field(description="Where it is answered; its inputs are parameters there")
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    needs: tuple[str, ...] = Field(description="What must be in the catalogue for it to find anything")
    sparql: str


def queries_router(workers: QueryAnswers, caller_of: Callable[[Request], Caller], meaning: Meaning) -> APIRouter:
    """The routes of the kept queries.

    Args:
        workers: that answer them.
        caller_of: who makes a request.
        meaning: of the terms, for queries that are to be expanded.
    """
    router = APIRouter(prefix="/queries", tags=["SPARQL"])

    @router.get("")
    def kept(request: Request) -> list[KeptQuery]:
        """The questions worth keeping, with what they take and give."""
        return [_described(load(name), str(request.base_url)) for name in names()]

    @router.get("/{name}", response_class=Response)
    def answered(request: Request, name: str, expand: bool = False) -> Response:
        """The answer to one of them, in any form that a SPARQL result has, or as GeoJSON; its inputs are parameters.

        With ``expand`` it finds what follows from the ontology as well.
        """
        values = {key: value for key, value in request.query_params.items() if key != "expand"}
        form = values.pop("f", None)
        query = load(name)
        text = query.bound(values)
        media_type = _media_type(query, form, request.headers.get("accept"))
        asked_for = _DRAWN_FROM if media_type == GEOJSON else media_type
        asked = expanded(text, meaning) if expand else text
        answer = workers.answer(asked, media_type=asked_for, audiences=caller_of(request).audiences)
        body = feature_collection(orjson.loads(answer.body)) if media_type == GEOJSON else answer.body
        return Response(body, media_type=media_type, headers={"Vary": "Accept"})

    return router


def _media_type(query: Query, form: str | None, accept: str | None) -> str:
    """What a kept query is answered in: by ``f`` where it is there, else by what the request accepts."""
    offered = media_types(query_form(query.text))
    if any(one.type == "geo:wktLiteral" for one in query.outputs):
        offered = (*offered, GEOJSON)
    if form is None:
        return preferred(accept, offered)
    if form not in _FORMS:
        raise RequestInvalid(f"f: {form[:40]!r} is no form of an answer; there are {', '.join(_FORMS)}")
    if _FORMS[form] not in offered:
        raise NotAcceptable(f"{query.name}: has no answer as {form}, which needs an output of type geo:wktLiteral")
    return _FORMS[form]


def _described(query: Query, base_url: str) -> KeptQuery:
    return KeptQuery(
        name=query.name,
        title=query.title,
        href=f"{base_url}queries/{query.name}",
        inputs=query.inputs,
        outputs=query.outputs,
        needs=query.needs,
        sparql=query.text,
    )

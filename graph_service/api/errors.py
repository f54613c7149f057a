"""The only table from error to HTTP status."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from graph_service.errors import (
    ChangedMeanwhile,
    ChangeNotReached,
    CollectionInUse,
    EditRefused,
    EndpointFailed,
    EngineFailed,
    EngineTooSlow,
    MediaTypeUnsupported,
    NotAcceptable,
    NotAuthorised,
    NotFound,
    PatchFailed,
    QueryInvalid,
    QueryTimedOut,
    QueryTooLarge,
    RecordExists,
    RequestInvalid,
    RequestTimedOut,
    RequestTooLarge,
    StatementsInvalid,
    StorageFailed,
    StoreInUse,
)
from graph_service.reasoning.names import TermUnknown
from graph_service.service import ServiceRefused
from ingest.errors import DocumentRefused
from ontology.anomaly import ThresholdInvalid
from ontology.errors import CatalogueError, RecordInvalid
from ontology.loader import OntologyInvalid
from queries.library import ParameterInvalid, QueryUnknown

log = logging.getLogger(__name__)

STATUS: dict[type[CatalogueError], int] = {
    RequestInvalid: 400,
    QueryInvalid: 400,
    QueryTooLarge: 400,
    StatementsInvalid: 400,
    DocumentRefused: 400,
    ParameterInvalid: 400,
    ThresholdInvalid: 400,
    TermUnknown: 400,
    NotAuthorised: 401,
    NotFound: 404,
    QueryUnknown: 404,
    NotAcceptable: 406,
    RequestTimedOut: 408,
    EditRefused: 409,
    RecordExists: 409,
    CollectionInUse: 409,
    PatchFailed: 409,
    ChangedMeanwhile: 412,
    RequestTooLarge: 413,
    MediaTypeUnsupported: 415,
    QueryTimedOut: 503,
    ChangeNotReached: 503,
    StoreInUse: 503,
    StorageFailed: 507,
    EngineFailed: 502,
    EngineTooSlow: 503,
    ServiceRefused: 502,
    EndpointFailed: 502,
    RecordInvalid: 500,
    OntologyInvalid: 500,
}


def status_of(error: type[CatalogueError]) -> int:
    """The status of an error class: its own, or that of its nearest ancestor in the table."""
    return next(STATUS[ancestor] for ancestor in error.__mro__ if ancestor in STATUS)


def problem(status: int, code: str, description: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as every route gives it: a code for programs and a sentence for people.

    Source: RFC 9457 for ``type`` to ``detail``; STAC API, core, for ``code`` and ``description``.
    """
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": description}
    content = told | {"code": code, "description": description}
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error with its status; what nobody foresaw is logged and leaves as a plain 500."""

    @app.exception_handler(CatalogueError)
    def catalogue_error(_: Request, error: CatalogueError) -> JSONResponse:
        status = status_of(type(error))
        if status >= 500:
            log.error("%s: %s", type(error).__name__, error)
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        return problem(status, type(error).__name__, str(error), headers)

    @app.exception_handler(RequestValidationError)
    def parameter_error(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(f"{'.'.join(str(p) for p in fault['loc'])}: {fault['msg']}" for fault in error.errors())
        return problem(400, "RequestInvalid", faults)

    @app.exception_handler(HTTPException)
    def http_error(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, "HTTPException", str(error.detail), dict(error.headers or {}))

    @app.exception_handler(ClientDisconnect)
    def disconnected(_: Request, __: ClientDisconnect) -> Response:
        # Nobody is there to be told; without this each one would be logged with its traceback.
        return Response(status_code=400)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "InternalError", "The service met an error that it did not foresee; it is in its log.")

"""What a STAC client is told when its request cannot be answered: a code and a sentence.

Source: STAC API 1.0.0, core, error responses.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graph_service.errors import NotAuthorised, NotFound, RequestInvalid
from ontology.errors import CatalogueError

STATUS: Mapping[type[CatalogueError], int] = {RequestInvalid: 400, NotAuthorised: 401, NotFound: 404}


def add_problem_handlers(app: FastAPI, status: Mapping[type[CatalogueError], int] = STATUS) -> None:
    """Make an application answer the catalogue's errors, and its framework's, as STAC clients expect."""
    for error, number in status.items():
        app.add_exception_handler(error, _answer(number))
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_problem)


def problem(status: int, code: str, description: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error response."""
    content = orjson.dumps({"code": code, "description": description})
    return Response(content, status, headers, media_type="application/json")


def _answer(status: int) -> Callable[[Request, Exception], Response]:
    return lambda request, error: problem(status, type(error).__name__, str(error))


def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return problem(400, RequestInvalid.__name__, "; ".join(faults))


def _place(location: tuple[str | int, ...]) -> str:
    """Where a fault is: ``body`` for the whole of it, else the parameter's name."""
    return ".".join(str(step) for step in location[1:]) or str(location[0])


def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.title().replace(" ", "")
    return problem(error.status_code, code, str(error.detail), error.headers)

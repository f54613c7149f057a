"""A SPARQL 1.1 engine that answers over HTTP: the protocol, and what can go wrong with it.

Source: SPARQL 1.1 Protocol, 2.1 (query) and 2.2 (update).
"""

import ast
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from SPARQLWrapper import BASIC, DIGEST, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException
from SPARQLWrapper.Wrapper import INSERT, SELECT
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from graph_service.errors import EngineFailed, EngineRefused, EngineTooSlow
from graph_service.store.dataset import Dataset
from graph_service.store.remote_body import AnswerBody

JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"

_ATTEMPTS = 3
_FIRST_WAIT_S = 0.1
_LONGEST_TEXT = 500
"""Characters of an engine's message that are passed on; several print the whole query behind it."""
_LOOK_UP_BYTES = 1 << 30
_CUT_SHORT = ("X-SPARQL-MaxRows", "X-SQL-State")
"""Headers by which Virtuoso says that it left rows out: more than its limit, or found after its time."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where an engine listens and how to log in; secrets are not printed."""

    query_url: str
    update_url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    login: Literal["basic", "digest"] = "basic"
    """How user and password are sent."""
    token: str | None = field(default=None, repr=False)
    """Sent as a bearer token, where there is no user."""
    timeout_s: float = 60.0
    """Of a look-up or an update; queries have their own deadline."""


class Endpoint:
    """The query and the update address of one engine; any number of threads."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings

    @property
    def place(self) -> str:
        """Scheme, host and port, for messages."""
        address = urlsplit(self._settings.query_url)
        return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"

    def looked_up(self, text: str, dataset: Dataset, *, accept: str = JSON) -> bytes:
        """The body of the answer to a query of our own, asked again a few times where the engine cannot be reached.

        Raises:
            EngineFailed: it cannot be reached, refuses, or cuts its answer short.
        """
        for attempt in self._attempts():
            with attempt:
                body = self.answer(text, dataset, accept=accept, timeout_s=self._settings.timeout_s)
        return body

    def _attempts(self) -> Retrying:
        return Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=_FIRST_WAIT_S),
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )

    def answer(
        self, text: str, dataset: Dataset, *, accept: str, timeout_s: float, longest: int = _LOOK_UP_BYTES
    ) -> bytes:
        """The whole body of the answer to a query; arguments and errors as of ``opened`` and ``AnswerBody``."""
        with self.opened(text, dataset, accept=accept, timeout_s=timeout_s, longest=longest) as body:
            return body.all()

    @contextmanager
    def opened(
        self, text: str, dataset: Dataset, *, accept: str, timeout_s: float, longest: int
    ) -> Iterator[AnswerBody]:
        """The answer to a query, asked once, to be read while it comes.

        Args:
            text: SPARQL 1.1.
            dataset: that it sees.
            accept: media type of the answer.
            timeout_s: seconds until the answer has to begin, and has to end.
            longest: bytes that it may have.

        Raises:
            EngineRefused: the engine says that it cannot do this.
            EngineTooSlow: the time has passed.
            EngineFailed: it cannot be reached, or says that it has cut its answer short.
        """
        request = self._request(text, SELECT, timeout_s)
        request.addCustomHttpHeader("Accept", accept)
        for graph in dataset.default:
            request.addDefaultGraph(graph)
        for graph in dataset.named:
            request.addNamedGraph(graph)
        ends_at = time.monotonic() + timeout_s
        with self._response(request) as response:
            yield AnswerBody(response, self.place, ends_at=ends_at, longest=longest)

    def update(self, text: str) -> None:
        """Do an update, asked once: whether a request that got no answer was done cannot be told.

        Raises:
            EngineRefused: the engine says that it cannot do this.
            EngineTooSlow: there is no answer in time; the engine may go on.
            EngineFailed: it cannot be reached.
        """
        request = self._request(text, INSERT, self._settings.timeout_s)
        ends_at = time.monotonic() + self._settings.timeout_s
        with self._response(request) as response:
            AnswerBody(response, self.place, ends_at=ends_at, longest=_LOOK_UP_BYTES).all()

    def _request(self, text: str, kind: str, timeout_s: float) -> SPARQLWrapper:
        settings = self._settings
        request = SPARQLWrapper(settings.query_url, settings.update_url, agent="orrery")
        request.setMethod(POST)
        # Virtuoso 7.2.5 never answers a query that is sent as a body; a form would lengthen an update by a half.
        request.setRequestMethod(POSTDIRECTLY if kind == INSERT else URLENCODED)
        request.setOnlyConneg(True)
        # Its setters look for the form of a query by expressions that take seconds on a megabyte, and round seconds.
        request.queryString, request.queryType = text, kind
        request.timeout = max(timeout_s, 0.001)  # type: ignore[assignment]  # sockets take fractions of a second
        if settings.user is not None:
            request.setHTTPAuth(DIGEST if settings.login == "digest" else BASIC)
            request.setCredentials(settings.user, settings.password)
        elif settings.token is not None:
            request.addCustomHttpHeader("Authorization", f"Bearer {settings.token}")
        return request

    def _response(self, request: SPARQLWrapper) -> HTTPResponse:
        try:
            response: HTTPResponse = request.query().response
        except SPARQLWrapperException as cause:
            status = cause.__context__.code if isinstance(cause.__context__, HTTPError) else 0
            raise self._refusal(status, self._said(_body_in(str(cause)))) from cause
        except HTTPError as cause:
            raise self._refusal(cause.code, self._said(cause.read())) from cause
        except (TimeoutError, URLError, HTTPException, OSError) as cause:
            if isinstance(cause, TimeoutError) or isinstance(getattr(cause, "reason", None), TimeoutError):
                raise EngineTooSlow(f"{self.place}: no answer in time") from cause
            raise EngineFailed(f"{self.place}: {getattr(cause, 'reason', None) or cause or type(cause)}") from cause
        if cut := next((name for name in _CUT_SHORT if response.headers.get(name)), None):
            response.close()
            raise EngineFailed(
                f"{self.place}: leaves out a part of its answer ({cut}: {response.headers[cut]}); "
                "raise the limits of the engine, or ask for less"
            )
        return response

    def _refusal(self, status: int, said: str) -> EngineFailed:
        if status in (408, 503, 504):
            return EngineTooSlow(f"{self.place}: status {status}: {said}")
        # What a statement or a query makes Virtuoso say, it says with 500.
        return EngineRefused(status, said) if 400 <= status <= 500 else EngineFailed(f"{self.place}: {status}: {said}")

    def _said(self, body: bytes) -> str:
        return " ".join(body.decode(errors="replace").split("\n\nSPARQL query:")[0].split())[:_LONGEST_TEXT]


def _body_in(message: str) -> bytes:
    """The body of an answer, which SPARQLWrapper's errors keep as its representation alone."""
    try:
        return bytes(ast.literal_eval(message.partition("Response:")[2].strip()))
    except (SyntaxError, ValueError, TypeError):
        return message.encode()


def _may_pass(error: BaseException) -> bool:
    """Whether asking again may help: what an engine has understood and refused, it refuses again."""
    return isinstance(error, EngineFailed) and not isinstance(error, EngineRefused | EngineTooSlow)

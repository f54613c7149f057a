"""The protocol: what is sent, what comes of the answers, and what of their absence."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from graph_service.errors import EngineFailed, EngineRefused, EngineTooSlow, QueryTooLarge
from graph_service.store.dataset import Dataset
from graph_service.store.remote import JSON, Endpoint, EndpointSettings

EMPTY = b'{"head": {"vars": []}, "results": {"bindings": []}}'
SEEN = Dataset(("urn:public", "urn:north"), ("urn:north",))

Answer = tuple[int, dict[str, str], bytes]
Asked = list[tuple[str, dict[str, str], str]]
"""Path, headers with names in lower case, and body of every request."""


@contextmanager
def engine(*answers: Answer | Callable[[], Answer]) -> Iterator[tuple[EndpointSettings, Asked]]:
    """An engine that gives some answers, the last one for ever."""
    asked: Asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = answers[min(len(asked), len(answers)) - 1]
            status, headers, content = answer() if callable(answer) else answer
            self.send_response(status)
            for name, value in {"Content-Type": JSON, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield EndpointSettings(f"{address}/query", f"{address}/update", timeout_s=5), asked
        finally:
            server.shutdown()
            thread.join()


OK: Answer = (200, {}, EMPTY)


def ask(settings: EndpointSettings, *, timeout_s: float = 5, longest: int = 10_000) -> bytes:
    return Endpoint(settings).answer("ASK {}", SEEN, accept=JSON, timeout_s=timeout_s, longest=longest)


def test_a_query_is_a_form_that_names_its_graphs() -> None:
    with engine(OK) as (settings, asked):
        assert ask(settings) == EMPTY
    ((path, headers, body),) = asked
    assert path == "/query"
    assert headers["accept"] == JSON
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body) == {
        "query": ["ASK {}"],
        "default-graph-uri": list(SEEN.default),
        "named-graph-uri": list(SEEN.named),
    }


def test_an_update_is_the_body_of_a_request_to_its_own_address() -> None:
    with engine(OK) as (settings, asked):
        Endpoint(settings).update('INSERT DATA { <urn:a> <urn:p> "é # no comment" }')
    ((path, headers, body),) = asked
    assert path.partition("?")[0] == "/update"
    assert headers["content-type"] == "application/sparql-update"
    assert body == 'INSERT DATA { <urn:a> <urn:p> "é # no comment" }'


@pytest.mark.parametrize(
    ("more", "header"),
    [
        ({"user": "ada", "password": "lace"}, "Basic " + base64.b64encode(b"ada:lace").decode()),
        ({"token": "t0k"}, "Bearer t0k"),
        ({}, None),
    ],
)
def test_who_asks_is_told_with_every_request(more: dict[str, str], header: str | None) -> None:
    with engine(OK) as (settings, asked):
        known = Endpoint(EndpointSettings(settings.query_url, settings.update_url, **more))  # type: ignore[arg-type]
        known.looked_up("ASK {}", SEEN)
        known.update("CLEAR ALL")
    assert [headers.get("authorization") for _, headers, _ in asked] == [header, header]


def test_secrets_are_not_printed() -> None:
    shown = repr(EndpointSettings("http://a/", "http://a/", user="ada", password="lace", token="t0k"))
    assert "ada" in shown
    assert "lace" not in shown
    assert "t0k" not in shown


@pytest.mark.parametrize("status", [400, 401, 404, 413, 414, 500])
def test_a_refusal_has_its_status_and_its_words(status: int) -> None:
    with engine((status, {}, b"no such\n prefix\n\nSPARQL query:\nASK {}")) as (settings, asked):
        refusing = pytest.raises(EngineRefused, match=f"^the engine answers {status}: no such prefix$")
        with refusing as refusal:
            Endpoint(settings).looked_up("ASK {}", SEEN)
    assert refusal.value.status == status
    assert len(asked) == 1


@pytest.mark.parametrize("status", [408, 503, 504])
def test_an_engine_without_time_is_too_slow(status: int) -> None:
    with engine((status, {}, b"busy")) as (settings, _), pytest.raises(EngineTooSlow, match="busy"):
        ask(settings)


def test_a_look_up_is_asked_again_while_the_engine_fails() -> None:
    with engine((502, {}, b"starting"), (502, {}, b"starting"), OK) as (settings, asked):
        assert Endpoint(settings).looked_up("ASK {}", SEEN) == EMPTY
    assert len(asked) == 3


def test_a_look_up_is_not_asked_again_for_ever() -> None:
    with engine((502, {}, b"down")) as (settings, asked), pytest.raises(EngineFailed, match="502: down"):
        Endpoint(settings).looked_up("ASK {}", SEEN)
    assert len(asked) == 3


def test_an_update_is_sent_once() -> None:
    with engine((502, {}, b"down")) as (settings, asked), pytest.raises(EngineFailed, match="502: down"):
        Endpoint(settings).update("CLEAR ALL")
    assert len(asked) == 1


def test_an_engine_that_is_not_there_is_named() -> None:
    with engine(OK) as (settings, _):
        pass
    place = settings.query_url.removesuffix("/query")
    with pytest.raises(EngineFailed, match=f"^{place}: .*refused"):
        Endpoint(settings).looked_up("ASK {}", SEEN)


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    late = threading.Event()
    with engine(lambda: (late.wait(20), OK)[1]) as (settings, _):
        with pytest.raises(EngineTooSlow, match="no answer in time"):
            ask(settings, timeout_s=0.2)
        late.set()


def test_the_length_of_an_answer_is_bounded() -> None:
    with engine((200, {}, b"x" * 10_001)) as (settings, _), pytest.raises(QueryTooLarge, match="10,000 bytes"):
        ask(settings)


@pytest.mark.parametrize("header", ["X-SPARQL-MaxRows", "X-SQL-State"])
def test_an_answer_that_the_engine_cut_is_none(header: str) -> None:
    cut = pytest.raises(EngineFailed, match=f"leaves out a part of its answer .{header}: 10000")
    with engine((200, {header: "10000"}, EMPTY)) as (settings, _), cut:
        ask(settings)


def test_an_answer_that_breaks_off_is_none() -> None:
    with engine((200, {"Content-Length": "100"}, b"half")) as (settings, _), pytest.raises(EngineFailed):
        ask(settings, timeout_s=0.5)

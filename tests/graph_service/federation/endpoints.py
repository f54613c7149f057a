"""SPARQL endpoints on this machine: one that answers, and some that do not behave."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox

JSON = "application/sparql-results+json"
DATA = """
PREFIX ex: <http://example.org/>
INSERT DATA {
  ex:po ex:name "Po", "Pò"@it ; ex:length 652 ; ex:mouth [ ex:name "delta" ] .
  ex:ticino ex:name "Ticino" ; ex:length 248.5 ; ex:note "SERVICE <http://a/> { } \\u0022 \\\\ \\n" .
}
"""

Answer = Callable[["Handler", str], None]
"""Writes the answer to a query."""


@dataclass
class Seen:
    """What an endpoint was asked, and with which headers."""

    queries: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    answer: Answer
    seen: Seen
    ended: threading.Event
    """That the endpoint is being shut."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.seen.queries.append(query)
        self.seen.headers.append(dict(self.headers.items()))
        type(self).answer(self, query)

    def give(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": JSON, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read what was seen."""


@contextmanager
def endpoint(answer: Answer) -> Iterator[tuple[int, Seen]]:
    """The port of an endpoint on 127.0.0.1, and what it sees."""
    seen, ended = Seen(), threading.Event()
    handler = type("Endpoint", (Handler,), {"answer": staticmethod(answer), "seen": seen, "ended": ended})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, seen
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def honest() -> Answer:
    """An endpoint with some rivers."""
    store = ox.Store()
    store.update(DATA)

    def answer(handler: Handler, query: str) -> None:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        handler.give(solutions.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    return answer


def fixed(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An endpoint that always says the same."""
    return lambda handler, _: handler.give(body, status, **headers)


def endless(pause_s: float) -> Answer:
    """An endpoint whose answer never ends: a piece, a pause, and so on until nobody reads."""
    piece = b'{"head": {"vars": ["s"]}, "results": {"bindings": [' + b" " * 100_000

    def answer(handler: Handler, _: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        try:
            while not handler.ended.wait(pause_s):
                handler.wfile.write(piece)
        except OSError:
            return

    return answer

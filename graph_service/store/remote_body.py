"""The body of an engine's answer while it comes: within its time and its length, and under our names of datatypes."""

import re
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse

from graph_service.errors import EngineFailed, EngineTooSlow, QueryTooLarge
from graph_service.store.remote_graphs import Aliases

_PIECE = 1 << 16
_HELD_BACK = 512
"""Bytes that wait for what follows them; no name that is exchanged is longer."""
_ODD_NODE = re.compile(rb'("type"\s{0,20}:\s{0,20}"bnode"\s{0,20},\s{0,20}"value"\s{0,20}:\s{0,20})"nodeID://')
"""Virtuoso writes blank nodes as IRIs of its own."""


class AnswerBody:
    """Bytes of an answer, read as they are asked for."""

    def __init__(self, response: HTTPResponse, place: str, *, ends_at: float, longest: int) -> None:
        """A body of which nothing is read.

        Args:
            response: of the engine.
            place: of the engine, for messages.
            ends_at: deadline, on the clock ``time.monotonic``.
            longest: bytes that it may have.
        """
        self._response = response
        self._place = place
        self._ends_at = ends_at
        self._longest = longest
        self._length = 0

    def read(self, _: int = -1) -> bytes:
        """The next bytes, as many as there are; none at the end.

        Raises:
            EngineTooSlow: the time has passed.
            EngineFailed: the answer breaks off.
            QueryTooLarge: it is longer than it may be.
        """
        try:
            piece = self._response.read1(_PIECE)
        except TimeoutError as cause:
            raise EngineTooSlow(f"{self._place}: no answer in time") from cause
        except (HTTPException, OSError) as cause:
            raise EngineFailed(f"{self._place}: the answer breaks off: {cause}") from cause
        self._length += len(piece)
        if self._length > self._longest:
            raise QueryTooLarge(f"the result is longer than {self._longest:,} bytes; LIMIT and OFFSET cut it")
        if time.monotonic() > self._ends_at:
            raise EngineTooSlow(f"{self._place}: no answer in time")
        if not piece and self._response.length:  # bytes that were promised and did not come
            raise EngineFailed(f"{self._place}: the answer breaks off")
        return piece

    def all(self) -> bytes:
        """Everything that is left; errors as of ``read``."""
        body = bytearray()
        while piece := self.read():
            body += piece
        return bytes(body)


class OriginalBody:
    """A body as it is handed on: datatypes and blank nodes under the names that everybody knows."""

    def __init__(self, read: Callable[[], bytes], aliases: Aliases) -> None:
        self._read = read
        self._aliases = aliases
        self._waiting = b""
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most so many; everything for a negative number."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._go_on()
        end = len(self._ready) if size < 0 else size
        piece = bytes(self._ready[:end])
        del self._ready[:end]
        return piece

    def _go_on(self) -> None:
        piece = self._read()
        text = original_nodes(self._aliases.original(self._waiting + piece))
        # What is exchanged already is not exchanged again, so that the end of a piece may be looked at twice.
        end = max(0, len(text) - _HELD_BACK) if piece else len(text)
        self._ready += text[:end]
        self._waiting = text[end:]
        self._ended = not piece


def original_nodes(body: bytes) -> bytes:
    """Results in JSON with blank nodes as they are written elsewhere."""
    return _ODD_NODE.sub(rb'\1"', body)

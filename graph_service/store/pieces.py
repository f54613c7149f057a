"""A result on its way out: its pieces, and the limits on its bytes and rows."""

import io
import re
from collections.abc import Callable

from graph_service.errors import QueryTooLarge

_PIECE = 1 << 16
"""Bytes of a piece, but for the last one."""

RowCounter = Callable[[bytes], None]
"""Takes what is written, bit by bit, and raises QueryTooLarge where that has too many rows."""


class Pieces(io.BytesIO):
    """What the engine writes to, in bits of 8 KB; they leave as larger pieces."""

    def __init__(self, send: Callable[[bytes], None], longest: int, count: RowCounter | None = None) -> None:
        """A way out.

        Args:
            send: takes each piece.
            longest: bytes that may be written in all.
            count: takes each bit before it is sent.
        """
        super().__init__()
        self._send = send
        self._longest = longest
        self._count = count
        self._written = 0
        self._waiting = bytearray()

    def write(self, bit: bytes, /) -> int:  # type: ignore[override]  # the engine writes nothing else
        """Take some bytes.

        Raises:
            QueryTooLarge: there are too many of them, or too many rows.
        """
        self._written += len(bit)
        if self._written > self._longest:
            raise QueryTooLarge(f"the result is longer than {self._longest:,} bytes; LIMIT and OFFSET cut it")
        if self._count is not None:
            self._count(bit)
        self._waiting += bit
        if len(self._waiting) >= _PIECE:
            self._let_go()
        return len(bit)

    def flush(self) -> None:
        """Send what waits; the engine does not call this at the end."""
        if self._waiting:
            self._let_go()

    def _let_go(self) -> None:
        self._send(bytes(self._waiting))
        self._waiting.clear()

    def close(self) -> None:
        """Nothing: what has not been sent when a result fails is not sent."""


def too_many_rows(most: int | None) -> QueryTooLarge:
    """The error of a result with more rows than one may have."""
    return QueryTooLarge(f"the result has more than {most:,} rows; LIMIT and OFFSET cut it")


# What ends a row in a text that the engine writes. In JSON a quote within a string is
# escaped, so that no string can look like the end of one object and the first name of the next.
_ROW_ENDS = {
    "application/sparql-results+json": re.compile(rb'\}\},\{"[^",}]'),
    "application/json": re.compile(rb'\}\},\{"[^",}]'),
    "application/sparql-results+xml": re.compile(rb"</result>"),
    "text/tab-separated-values": re.compile(rb"\n()"),
}
_LONGEST_END = 9


def row_counter(media_type: str, most: int) -> RowCounter:
    """What counts the rows of solutions while they are written.

    The engine writes solutions itself, ten times faster than Python would; the rows are counted in its text.
    """
    return _CSVRows(most) if media_type == "text/csv" else _Rows(_ROW_ENDS[media_type], most, media_type)


class _Rows:
    """Rows by what ends them."""

    def __init__(self, end: re.Pattern[bytes], most: int, media_type: str) -> None:
        self._end = end
        self._most = most
        # A table begins with a line of names; JSON has no end behind its last row.
        self._found = {"text/tab-separated-values": -1, "application/sparql-results+xml": 0}.get(media_type, 1)
        self._before = b""

    def __call__(self, bit: bytes) -> None:
        text = self._before + bit
        last = 0
        for match in self._end.finditer(text):
            self._found += 1
            last = match.end()
        # Of the end of a row that two bits share the second finds the whole.
        self._before = text[max(last, len(text) - _LONGEST_END + 1) :]
        if self._found > self._most:
            raise too_many_rows(self._most)


class _CSVRows:
    """Rows of CSV, where a line may end within quotes; a quote within them is doubled."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found = -1  # the line of names
        self._within = False

    def __call__(self, bit: bytes) -> None:
        parts = bit.split(b'"')
        self._found += sum(part.count(b"\n") for part in parts[self._within :: 2])
        self._within ^= len(parts) % 2 == 0
        if self._found > self._most:
            raise too_many_rows(self._most)

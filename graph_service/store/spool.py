"""A long result between the process that makes it and a client that may be slow."""

import tempfile
import threading
from collections.abc import Iterator

from ontology.errors import CatalogueError

_PIECE = 1 << 16


class Spool:
    """A file that one thread writes and another reads at the same time; it has no name and leaves nothing behind."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever ends last
        self._state = threading.Condition()
        self._length = 0
        self._ended = False
        self._error: CatalogueError | None = None
        self.abandoned = False
        """Whether nobody will read what is still to come."""

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        with self._state:
            self._file.seek(self._length)
            self._file.write(piece)
            self._length += len(piece)
            self._state.notify()

    def end(self, error: CatalogueError | None = None) -> None:
        """Nothing comes any more, because the result is complete or because of an error."""
        with self._state:
            self._ended, self._error = True, error
            if self.abandoned:
                self._file.close()
            self._state.notify()

    def pieces(self) -> Iterator[bytes]:
        """What was written and is being written, to its end.

        Raises:
            CatalogueError: the one that ended it.
        """
        found = self._pieces()
        # Begun, so that whoever lets go of it is noticed even where nothing was read.
        next(found)
        return found

    def _pieces(self) -> Iterator[bytes]:
        read = 0
        try:
            yield b""
            while piece := self._next(read):
                read += len(piece)
                yield piece
        finally:
            self._let_go()

    def _next(self, read: int) -> bytes:
        with self._state:
            self._state.wait_for(lambda: self._length > read or self._ended)
            if self._length > read:
                self._file.seek(read)
                return self._file.read(_PIECE)
            if self._error is not None:
                raise self._error
            return b""

    def _let_go(self) -> None:
        with self._state:
            self.abandoned = True
            if self._ended:
                self._file.close()

"""A result between the thread that makes it and whoever hands it on: held while short, spooled once it is long."""

from concurrent.futures import Future

from graph_service.errors import QueryInterrupted
from graph_service.store.spool import Spool
from ontology.errors import CatalogueError

AT_ONCE = 1 << 20
"""Bytes of a result up to which it is held until it is complete, so that an error can still take its place."""


class Outgoing:
    """One result, piece by piece."""

    def __init__(self) -> None:
        self.begun: Future[tuple[bytes, Spool | None]] = Future()
        """What comes first, and the spool of what follows; None where the first is all. Or the error instead.

        It is cancelled by whoever does not wait for it any more.
        """
        self._first = bytearray()
        self._spool: Spool | None = None

    def send(self, piece: bytes) -> None:
        """Take a piece.

        Raises:
            QueryInterrupted: nobody wants it any more.
        """
        if self.begun.cancelled() or (self._spool is not None and self._spool.abandoned):
            raise QueryInterrupted("nobody reads the result any more")
        if self._spool is not None:
            self._spool.write(piece)
            return
        self._first += piece
        if len(self._first) > AT_ONCE and self.begun.set_running_or_notify_cancel():
            self._spool = Spool()
            self.begun.set_result((bytes(self._first), self._spool))

    def end(self, error: CatalogueError | None = None) -> None:
        """Nothing comes any more, because the result is complete or because of an error."""
        if self._spool is not None:
            self._spool.end(error)
        elif not self.begun.set_running_or_notify_cancel():
            return
        elif error is not None:
            self.begun.set_exception(error)
        else:
            self.begun.set_result((bytes(self._first), None))

import threading

import pytest

from graph_service.errors import QueryTimedOut
from graph_service.store.spool import Spool


def test_what_is_written_is_read_while_more_is_written() -> None:
    spool = Spool()
    pieces = spool.pieces()
    spool.write(b"first")
    assert next(pieces) == b"first"

    def go_on() -> None:
        spool.write(b"second")
        spool.end()

    writer = threading.Thread(target=go_on)
    writer.start()
    assert b"".join(pieces) == b"second"
    writer.join()


def test_a_long_result_comes_back_whole() -> None:
    spool = Spool()
    written = [bytes([number % 256]) * 50_000 for number in range(100)]
    for one in written:
        spool.write(one)
    spool.end()
    assert b"".join(spool.pieces()) == b"".join(written)


def test_an_error_reaches_the_reader_behind_what_was_written() -> None:
    spool = Spool()
    spool.write(b"part")
    spool.end(QueryTimedOut("too late"))
    pieces = spool.pieces()
    assert next(pieces) == b"part"
    with pytest.raises(QueryTimedOut):
        next(pieces)


def test_a_writer_learns_that_nobody_reads() -> None:
    spool = Spool()
    spool.write(b"part")
    pieces = spool.pieces()
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator
    assert spool.abandoned
    spool.end()

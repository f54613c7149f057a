import pytest

from graph_service.errors import QueryInterrupted, QueryTimedOut
from graph_service.store.outgoing import AT_ONCE, Outgoing

HALF = b"x" * (AT_ONCE // 2)


def test_a_short_result_is_held_until_it_is_complete() -> None:
    result = Outgoing()
    result.send(b"a")
    assert not result.begun.done()
    result.send(b"b")
    result.end()
    assert result.begun.result(0) == (b"ab", None)


def test_an_error_takes_the_place_of_a_short_result() -> None:
    result = Outgoing()
    result.send(HALF)
    result.end(QueryTimedOut("late"))
    with pytest.raises(QueryTimedOut, match="late"):
        result.begun.result(0)


def test_a_long_result_begins_before_it_ends_and_breaks_off_with_its_error() -> None:
    result = Outgoing()
    for piece in (HALF, HALF, b"y", b"z"):
        result.send(piece)
    first, spool = result.begun.result(0)
    assert first == HALF + HALF + b"y"
    assert spool is not None
    pieces = spool.pieces()
    assert next(pieces) == b"z"
    result.end(QueryTimedOut("late"))
    with pytest.raises(QueryTimedOut):
        next(pieces)


def test_a_result_that_nobody_waits_for_ends() -> None:
    result = Outgoing()
    result.send(b"a")
    assert result.begun.cancel()
    with pytest.raises(QueryInterrupted):
        result.send(b"b")
    result.end()


def test_a_long_result_that_nobody_reads_any_more_ends() -> None:
    result = Outgoing()
    for piece in (HALF, HALF, b"y", b"z"):
        result.send(piece)
    _, spool = result.begun.result(0)
    assert spool is not None
    pieces = spool.pieces()
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # as a response does whose client has gone
    with pytest.raises(QueryInterrupted):
        result.send(b"more")
    result.end()

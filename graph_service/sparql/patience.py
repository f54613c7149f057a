"""How long a query may be worked on before it is asked: read, rewritten, planned.

That is done in the process that answers everybody, where nothing can be ended from
outside; so what may take long looks at the clock.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from graph_service.errors import QueryTimedOut

MOST_S = 5.0
"""For one query, however much time it has."""

_ends_at: ContextVar[float] = ContextVar("ends_at", default=math.inf)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within it there is so much time, and never more than ``MOST_S`` or than was left around it."""
    before = _ends_at.set(min(_ends_at.get(), time.monotonic() + min(seconds, MOST_S)))
    try:
        yield
    finally:
        _ends_at.reset(before)


def patience_ends_at() -> float:
    """When there is no time left, by the clock of ``time.monotonic``; infinity where nothing is in a hurry."""
    return _ends_at.get()


def ensure_time() -> None:
    """Pass as long as there is time.

    Raises:
        QueryTimedOut: there is none left.
    """
    if time.monotonic() > _ends_at.get():
        raise QueryTimedOut("the query takes too long to be read and planned; write it in fewer or simpler parts")

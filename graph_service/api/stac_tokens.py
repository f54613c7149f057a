"""Places in lists as opaque texts, which links to further pages carry."""

import base64
import zlib
from collections.abc import Sequence
from typing import Any as AnyValue

import orjson

from graph_service.errors import RequestInvalid
from graph_service.index.paging import NEWEST_FIRST, Position, SortKey


def token_of(position: Position, sort: Sequence[SortKey] = NEWEST_FIRST) -> str:
    """A place in a list as an opaque text.

    Args:
        position: the place.
        sort: what the list is sorted by.
    """
    place = [_digest(sort), *position.values, position.row, position.backward]
    return base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()


def position_of(token: AnyValue, sort: Sequence[SortKey] = NEWEST_FIRST) -> Position:
    """The place that a token stands for.

    Raises:
        RequestInvalid: this service never gave such a token, or not for a list in this order.
    """
    digest, values, row, backward = _read(token)
    if digest != _digest(sort):
        raise RequestInvalid("token: belongs to a list that is sorted by something else")
    return Position(tuple(values), row, backward)


def _read(token: AnyValue) -> tuple[int, list[AnyValue], int, bool]:
    try:
        padded = str(token).encode("ascii") + b"=" * (-len(str(token)) % 4)
        digest, *values, row, backward = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (TypeError, ValueError) as cause:
        raise RequestInvalid("token: is not one that a link of this service gave") from cause
    if type(row) is not int or not 0 <= row < 2**63 or not isinstance(backward, bool) or not _are_values(values):
        raise RequestInvalid("token: is not one that a link of this service gave")
    return digest, values, row, backward


def _are_values(values: Sequence[AnyValue]) -> bool:
    """Whether these are what an index keeps of properties."""
    return all(one is None or isinstance(one, str | float) for one in values)


def _digest(sort: Sequence[SortKey]) -> int:
    """Tells one order from another."""
    return zlib.crc32(repr([(key.property, key.descending) for key in sort]).encode())

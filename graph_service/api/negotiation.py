"""The media type of an answer, from what a request accepts and what a route offers."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from graph_service.errors import NotAcceptable

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*(?:;(.*))?", re.DOTALL)
_QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class _Range(NamedTuple):
    type: str
    subtype: str
    quality: float

    def fit(self, media_type: str) -> int | None:
        """How exactly it names a media type: 2 in full, 1 its type, 0 as anything; None where it does not."""
        kind, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (kind, subtype):
            return 2
        if (self.type, self.subtype) == (kind, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else None


def preferred(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that the request likes best; between equals the one offered first.

    Args:
        accept: value of the Accept header; None or empty accepts everything. Parameters
            of a media type other than its quality are passed over.
        offered: media types in lower case without parameters, at least one.

    Raises:
        NotAcceptable: the request accepts none of them.

    Source: RFC 9110, 12.5.1.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [found for part in accept.split(",") if (found := _range(part)) is not None]
    best = max(offered, key=lambda media_type: _quality(media_type, ranges))  # max gives the first of equals
    if _quality(best, ranges) <= 0:
        raise NotAcceptable(f"Accept: {accept[:200]!r} has none of {', '.join(offered)}")
    return best


def _range(part: str) -> _Range | None:
    match = _RANGE.fullmatch(part)
    if match is None:
        return None
    quality = _QUALITY.search(match[3] or "")
    return _Range(match[1].lower(), match[2].lower(), min(1.0, float(quality[1])) if quality else 1.0)


def _quality(media_type: str, ranges: Sequence[_Range]) -> float:
    """The quality of the range that names a media type most exactly; the best of equally exact ones."""
    fits = [(fit, found.quality) for found in ranges if (fit := found.fit(media_type)) is not None]
    return max(fits, default=(0, -math.inf))[1]

"""Which collections a search finds, and in which order, by their own documents.

There are few collections beside their items, so their documents are looked at one by one.

Source: STAC API, collection search 1.0.0-rc.1; OGC API - Common, part 2, simple query.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cmp_to_key
from typing import Any as AnyValue

from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.areas import box_area
from graph_service.index.filters import During
from graph_service.index.functions import accenti, casei

Document = Mapping[str, AnyValue]
Order = Sequence[tuple[str, bool]]
"""Members to sort by, each with whether it descends; the identifier comes last."""
Place = tuple[str | None, ...]
"""The values of a document in an order."""

SORTABLE = ("id", "title", "description", "license", "created", "updated")
"""Members that collections can be sorted by."""
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sought:
    """What collections are to have; all of them have it where nothing is said."""

    area: BaseGeometry | None = None
    """CRS84, longitude latitude, degrees; met by one of the boxes of a collection."""
    during: During | None = None
    """Has an instant in common with one of its intervals."""
    terms: tuple[str, ...] = ()
    """Any of which stands among its words."""

    def has_been_found(self, document: Document) -> bool:
        """Whether a collection is one of those that are sought."""
        return self._lies_there(document) and self._is_of_then(document) and self._says_so(document)

    def _lies_there(self, document: Document) -> bool:
        if self.area is None:
            return True
        return any(self.area.intersects(box) for box in _boxes(document))

    def _is_of_then(self, document: Document) -> bool:
        if self.during is None:
            return True
        start, end = self.during.start or _EARLIEST, self.during.end or _LATEST
        return any(first <= end and start <= last for first, last in _intervals(document))

    def _says_so(self, document: Document) -> bool:
        said = _folded(_words(document))
        return not self.terms or any(re.search(rf"(?<!\w){_pattern(term)}(?!\w)", said) for term in self.terms)


def in_order(documents: Sequence[Document], order: Order) -> list[Document]:
    """Documents sorted; what has no value comes last, whichever way is sorted.

    Raises:
        RequestInvalid: collections cannot be sorted by one of the members.
    """
    if unknown := [name for name, _ in order if name not in SORTABLE]:
        raise RequestInvalid(f"sortby: {unknown[0][:80]}: collections are sorted by {', '.join(SORTABLE)}")

    def beside(one: Document, other: Document) -> int:
        return _beside(place_of(one, order), place_of(other, order), order)

    return sorted(documents, key=cmp_to_key(beside))


def place_of(document: Document, order: Order) -> Place:
    """What a document has of each member of an order, and its identifier."""
    return tuple(_text(document.get(name)) for name in (*(name for name, _ in order), "id"))


def lies_behind(document: Document, place: Place, order: Order) -> bool:
    """Whether a document comes after a place in an order; the one that is there does not."""
    return _beside(place_of(document, order), place, order) > 0


def lies_before(document: Document, place: Place, order: Order) -> bool:
    """Whether a document comes before a place in an order."""
    return _beside(place_of(document, order), place, order) < 0


def _beside(one: Place, other: Place, order: Order) -> int:
    directions = (*(descends for _, descends in order), False)
    for left, right, descends in zip(one, other, directions, strict=True):
        if left != right:
            if left is None or right is None:
                return 1 if left is None else -1
            return -1 if (left < right) != descends else 1
    return 0


def _text(value: AnyValue) -> str | None:
    return value if isinstance(value, str) else None


def _listed(document: Document, *names: str) -> list[AnyValue]:
    found: AnyValue = document
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []


def _boxes(document: Document) -> list[BaseGeometry]:
    boxes = []
    for box in _listed(document, "extent", "spatial", "bbox"):
        try:
            boxes.append(box_area(box, "bbox"))
        except RequestInvalid:
            # A producer's own box may be anything; one that bounds nothing is met by nothing.
            continue
    return boxes


def _intervals(document: Document) -> list[tuple[datetime, datetime]]:
    found = []
    for interval in _listed(document, "extent", "temporal", "interval"):
        match interval:
            case [start, end]:
                first, last = _instant(start, _EARLIEST), _instant(end, _LATEST)
                found += [] if first is None or last is None else [(first, last)]
    return found


def _instant(value: AnyValue, where_open: datetime) -> datetime | None:
    if value is None:
        return where_open
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _words(document: Document) -> str:
    keywords = [one for one in _listed(document, "keywords") if isinstance(one, str)]
    texts = (_text(document.get(name)) for name in ("id", "title", "description"))
    # Words of two texts are no phrase.
    return "\0".join([*(text for text in texts if text is not None), *keywords])


def _folded(text: str) -> str:
    return casei(accenti(text)) or ""


def _pattern(term: str) -> str:
    return r"\s+".join(map(re.escape, _folded(term).split()))

"""What an export takes along: items by collection, area, time and filter, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from graph_service.errors import NotFound, RequestInvalid
from graph_service.index.areas import area_within_box
from graph_service.index.cql2 import TEXT, cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.filters import All, During, Filter, OneOf
from graph_service.index.paging import Found
from graph_service.index.sqlite import SQLiteIndex
from graph_service.views.stac.json_text import json_value
from graph_service.views.stac.served import extent_document, says_extent
from graph_service.views.trees.branch import EVERYTHING

_PAGE = 500
"""Items in memory at a time."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Items, as the options of a command describe them."""

    collections: tuple[str, ...]
    """Identifiers; none for all collections."""
    within: Filter
    """What items match; everything where nothing was asked for."""
    audiences: tuple[str, ...]
    """IRIs of restricted data that is taken along beside what is public."""

    def collections_in(self, index: SQLiteIndex) -> list[Found]:
        """The collections that are taken along.

        Raises:
            NotFound: there is none of a name.
        """
        known = index.collections(audiences=self.audiences)
        if missing := sorted(set(self.collections) - {one.identifier for one in known}):
            raise NotFound(f"{missing[0]}: no collection of this identifier")
        return [one for one in known if not self.collections or one.identifier in self.collections]

    @property
    def tree(self) -> Filter:
        """All that items match."""
        named = (OneOf("collection", self.collections),) if self.collections else ()
        return All((*named, self.within)) if named or self.within != EVERYTHING else EVERYTHING

    def items(self, index: SQLiteIndex, members: Filter = EVERYTHING) -> Iterator[Found]:
        """The items that are taken along, and match a filter besides; newest first, each once."""
        position = None
        while True:
            page = index.search(All((self.tree, members)), audiences=self.audiences, limit=_PAGE, at=position)
            yield from page.found
            if (position := page.next) is None:
                return

    def described(self, index: SQLiteIndex) -> dict[str, dict[str, Any]]:
        """The STAC Collections that are taken along, by identifier, with the links that their documents keep."""
        described: dict[str, dict[str, Any]] = {}
        for one in self.collections_in(index):
            document: dict[str, Any] = json_value(one.body)
            if not says_extent(one):
                document["extent"] = extent_document(index.extent(one.identifier, audiences=self.audiences))
            described[one.identifier] = document | {"links": json_value(one.links)}
        return described

    def number(self, index: SQLiteIndex) -> int:
        """How many items there are."""
        return index.count(self.tree, audiences=self.audiences)


def selection_of(
    reading: Reading,
    *,
    collections: Sequence[str] = (),
    bbox: str | None = None,
    interval: str | None = None,
    condition: str | None = None,
    audiences: Sequence[str] = (),
) -> Selection:
    """The selection that options describe.

    Args:
        reading: what a filter is read with.
        collections: identifiers.
        bbox: west,south,east,north in degrees (CRS84).
        interval: an RFC 3339 time or a day, or two with a slash between, ``..`` for an open end; UTC where no
            offset is given, and a day whole.
        condition: CQL2 text.
        audiences: IRIs of restricted data.

    Raises:
        RequestInvalid: one of them is not what it should be.
        TermUnknown: the filter names a concept that there is not.
    """
    parts: list[Filter] = []
    if bbox is not None:
        parts.append(area_within_box([_number(part) for part in bbox.split(",")], "--bbox"))
    if interval is not None:
        parts.append(_during(interval))
    if condition is not None:
        parts.append(cql2_filter(condition, TEXT, reading, "--filter"))
    return Selection(tuple(dict.fromkeys(collections)), All(tuple(parts)), tuple(audiences))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as cause:
        raise RequestInvalid(f"--bbox: {text!r} is not a number") from cause


def _during(text: str) -> During:
    start, slash, end = text.partition("/")
    first = _instant(start, time.min)
    last = _instant(end if slash else start, time.max)
    if first is None and last is None:
        raise RequestInvalid(f"--datetime: {text!r} is open at both ends; leave it out instead")
    if first is not None and last is not None and first > last:
        raise RequestInvalid(f"--datetime: {text!r} starts after it ends")
    return During(first, last)


def _instant(text: str, of_day: time) -> datetime | None:
    if text in ("", ".."):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise RequestInvalid(f"--datetime: {text!r} is not a time like 2025-10-18 or 2025-10-18T10:00:00Z") from cause
    if len(text) == len("2025-10-18"):
        moment = datetime.combine(moment, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

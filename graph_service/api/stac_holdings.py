"""What the STAC API has to show to the sender of a request, and where it is."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from fastapi import Request

from graph_service.errors import NotFound
from graph_service.index.cql2_parts import Reading
from graph_service.index.filters import Filter
from graph_service.index.paging import Found
from graph_service.index.presence import present_properties
from graph_service.index.properties import PROPERTIES
from graph_service.index.sqlite import SQLiteIndex
from graph_service.index.tallies import Extent

AudiencesOf = Callable[[Request], Sequence[str]]
"""IRIs of the named graphs of restricted data that the sender of a request may see."""
Audiences = tuple[str, ...]


class Holdings:
    """An index as each sender sees it; what many pages ask again is kept until something is written."""

    def __init__(self, index: SQLiteIndex, audiences_of: AudiencesOf, reading: Reading) -> None:
        self.index = index
        self.reading = reading
        """What filters are read with."""
        self._audiences_of = audiences_of
        self._count = lru_cache(maxsize=256)(self._count_at)
        self._extent = lru_cache(maxsize=1024)(self._extent_at)
        self._in_use = lru_cache(maxsize=256)(self._in_use_at)
        self._present = lru_cache(maxsize=1024)(self._present_at)

    def audiences(self, request: Request) -> Audiences:
        """What restricted data the sender may see."""
        return tuple(sorted(self._audiences_of(request)))

    def collections(self, request: Request) -> list[Found]:
        """Every collection, by identifier."""
        return self.index.collections(audiences=self.audiences(request))

    def collection(self, request: Request, identifier: str) -> Found:
        """The collection with an identifier.

        Raises:
            NotFound: there is none, or the sender may not see it.
        """
        found = (one for one in self.collections(request) if one.identifier == identifier)
        if (one := next(found, None)) is None:
            raise NotFound(f"{identifier}: no collection of this identifier")
        return one

    def count(self, tree: Filter, audiences: Audiences) -> int:
        """How many items a filter finds."""
        return self._count(self.index.change_number(), tree, audiences)

    def extent(self, collection: str, audiences: Audiences) -> Extent | None:
        """What the items of a collection span; None where it has none."""
        return self._extent(self.index.change_number(), collection, audiences)

    def notations(self, audiences: Audiences) -> dict[str, list[str]]:
        """Notations that items have, by short name of each property with codes."""
        return self._in_use(self.index.change_number(), audiences)

    def present(self, collection: str, audiences: Audiences) -> frozenset[str]:
        """Short names of the properties that items of a collection have."""
        return self._present(self.index.change_number(), collection, audiences)

    def _count_at(self, change: int, tree: Filter, audiences: Audiences) -> int:
        return self.index.count(tree, audiences=audiences)

    def _extent_at(self, change: int, collection: str, audiences: Audiences) -> Extent | None:
        return self.index.extent(collection, audiences=audiences)

    def _in_use_at(self, change: int, audiences: Audiences) -> dict[str, list[str]]:
        names = [one.name for one in PROPERTIES if one.scheme is not None and one.kind != "list"]
        return {name: [value for value, _ in self.index.counts(name, audiences=audiences)] for name in names}

    def _present_at(self, change: int, collection: str, audiences: Audiences) -> frozenset[str]:
        return self.index.within_one_state(lambda now: present_properties(now, collection, audiences))


def base_url_of(request: Request) -> str:
    """Where the STAC API is mounted, without a slash at the end."""
    return str(request.url.replace(path=request.scope.get("root_path", ""), query="", fragment="")).rstrip("/")

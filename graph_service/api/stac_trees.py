"""The trees that users walk within the STAC API: facets of collections, and sensors."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request
from starlette.responses import Response

from graph_service.api.stac_parameters import SearchQuery, described
from graph_service.errors import NotFound
from graph_service.index.filters import Filter
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.meaning import Meaning
from graph_service.views.ontology.statements import Statements
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.served import JSON, Link
from graph_service.views.trees.branch import Branch, Sight
from graph_service.views.trees.catalogs import branch_url, child_link, served_catalog
from graph_service.views.trees.facet_tree import FOLDER, FacetTree
from graph_service.views.trees.sensor_tree import SensorTree

SensorPlace = Annotated[str, Path(description="Collection, collection/year or collection/year/month, in UTC")]
AudiencesOf = Callable[[Request], Sequence[str]]
BaseUrlOf = Callable[[Request], str]
Page = Callable[[Request, Filter, str], Response]
"""Answers with a page of the items that a request's parameters and a filter find, at a URL."""

_PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": {"description": "A code and a sentence that says what is wrong"}}
_KEPT = 1024
"""Catalogs that are kept made."""
_FACETS = f"/collections/{{collection_id:path}}/{FOLDER}"
_SENSED = "/sensors/{sensor}/{place:path}"
PATHS = (
    f"{_FACETS}/{{facet}}/{{value}}/items",
    f"{_FACETS}/{{facet}}/{{value}}",
    f"{_FACETS}/{{facet}}",
    _FACETS,
    f"{_SENSED}/items",
    _SENSED,
    "/sensors/{sensor}",
    "/sensors",
)
"""Every route, those first that others would take for theirs: an identifier may hold a slash."""


class TreeRoutes:
    """One method for each route.

    Args:
        index: where the items are.
        meaning: of codes, and of satellites' constellations.
        statements: of the ontology.
        audiences_of: what restricted data a request may see.
        base_url_of: where the STAC API is that a request came to, without a slash at the end.
        page: that lists items.
    """

    def __init__(
        self,
        index: SQLiteIndex,
        meaning: Meaning,
        statements: Statements,
        *,
        audiences_of: AudiencesOf,
        base_url_of: BaseUrlOf,
        page: Page,
    ) -> None:
        self._index = index
        self._meaning = meaning
        self._statements = statements
        self._audiences_of = audiences_of
        self._base_url_of = base_url_of
        self._page = page
        # Worked out by grouping all items of a collection, and the same until something is written.
        self._branch = lru_cache(maxsize=_KEPT)(self._branch_at)

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; they belong before those with a collection alone, and after that of an item."""
        answers: tuple[Callable[..., Response], ...] = (
            self.items_of_value, self.value, self.facet, self.facets,
            self.items_of_month, self.below_sensor, self.sensor, self.sensors,
        )  # fmt: skip
        for path, answer in zip(PATHS, answers, strict=True):
            app.add_api_route(
                path,
                answer,
                methods=["GET"],
                response_class=Response,
                responses=_PROBLEMS,
                openapi_extra=described(SearchQuery) if path.endswith("/items") else None,
            )

    def facets(self, request: Request, collection_id: str) -> Response:
        """The facets by which items of a collection are grouped: a STAC Catalog."""
        return self._catalog(request, collection_id)

    def facet(self, request: Request, collection_id: str, facet: str) -> Response:
        """A facet with the values that items have: a STAC Catalog."""
        return self._catalog(request, collection_id, facet)

    def value(self, request: Request, collection_id: str, facet: str, value: str) -> Response:
        """A value of a facet: a STAC Catalog of its items."""
        return self._catalog(request, collection_id, facet, value)

    def items_of_value(self, request: Request, collection_id: str, facet: str, value: str) -> Response:
        """The items that have a value of a facet; takes the parameters of an item search."""
        return self._items(request, self._found(request, "facets", collection_id, facet, value))

    def sensors(self, request: Request) -> Response:
        """The missions that sensed the items: a STAC Catalog."""
        return self._served(request, self._found(request, "sensors"))

    def sensor(self, request: Request, sensor: str) -> Response:
        """A mission with its collections: a STAC Catalog."""
        return self._served(request, self._found(request, "sensors", sensor))

    def below_sensor(self, request: Request, sensor: str, place: SensorPlace) -> Response:
        """Items of a mission, by collection, year and month: a STAC Catalog."""
        return self._served(request, self._found(request, "sensors", sensor, place))

    def items_of_month(self, request: Request, sensor: str, place: SensorPlace) -> Response:
        """The items that a mission sensed in a month; takes the parameters of an item search."""
        return self._items(request, self._found(request, "sensors", sensor, place))

    def links_of_collection(self, request: Request, collection_id: str) -> list[Link]:
        """The links from a collection to its facets."""
        branch = self._found(request, "facets", collection_id)
        base_url = self._base_url_of(request)
        return [child_link(twig, branch_url(base_url, (*branch.path, twig.name))) for twig in branch.children]

    def children_of_root(self, request: Request) -> list[bytes]:
        """The catalogs below the landing page, as they are served."""
        return [self._content(request, self._found(request, "sensors"))]

    def _catalog(self, request: Request, collection_id: str, *names: str) -> Response:
        if all(one.identifier != collection_id for one in self._index.collections(audiences=self._audiences(request))):
            raise NotFound(f"{collection_id}: no collection of this identifier")
        return self._served(request, self._found(request, "facets", collection_id, *names))

    def _served(self, request: Request, branch: Branch) -> Response:
        return Response(self._content(request, branch), media_type=JSON)

    def _content(self, request: Request, branch: Branch) -> bytes:
        return json_text(served_catalog(branch, self._base_url_of(request)))

    def _items(self, request: Request, branch: Branch) -> Response:
        if branch.members is None:
            raise NotFound(f"{'/'.join(branch.path)}: lists branches; its items are those of each")
        url = f"{branch_url(self._base_url_of(request), branch.path)}/items"
        return self._page(request, branch.members, url)

    def _audiences(self, request: Request) -> tuple[str, ...]:
        return tuple(sorted(self._audiences_of(request)))

    def _found(self, request: Request, tree: str, *names: str) -> Branch:
        return self._branch(self._index.change_number(), self._audiences(request), tree, *names)

    def _branch_at(self, change: int, audiences: tuple[str, ...], tree: str, *names: str) -> Branch:
        sight = Sight(self._index, audiences, self._meaning, self._statements)
        walks: Sequence[Callable[..., Branch]]
        if tree == "facets":
            facets = FacetTree(sight)
            walks = (facets.facets, facets.facet, facets.value)
            return walks[len(names) - 1](*names)
        sensors = SensorTree(sight)
        walks = (sensors.sensors, sensors.sensor, sensors.below)
        return walks[len(names)](*names)

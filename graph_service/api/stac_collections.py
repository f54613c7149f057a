"""Routes of the STAC API that give collections: one, those that a search finds, and the children of the root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response

from graph_service.api.entity_tags import tagged
from graph_service.api.stac_fields import Fields, fields_of
from graph_service.api.stac_holdings import Holdings, base_url_of
from graph_service.api.stac_items import PROBLEMS
from graph_service.api.stac_links import links_by_query, root_link
from graph_service.api.stac_parameters import CollectionQuery, described, given_in
from graph_service.api.stac_search import MAXIMUM_LIMIT, during, from_query, limit_of, terms_of
from graph_service.api.stac_sorting import sorted_fields
from graph_service.api.stac_tokens import position_of, token_of
from graph_service.errors import RequestInvalid
from graph_service.index.areas import box_area
from graph_service.index.paging import Found, Position, SortKey
from graph_service.views.stac.collection_search import (
    Document,
    Order,
    Sought,
    in_order,
    lies_before,
    lies_behind,
    place_of,
)
from graph_service.views.stac.json_text import json_text, json_value
from graph_service.views.stac.served import JSON, Link, collection_bytes, says_extent

_PARAMETERS = ("bbox", "datetime", "q", "sortby", "fields", "limit", "token")
_ALWAYS = (
    "id", "type", "stac_version", "title", "description", "license", "extent", "links", "keywords", "providers",
)  # fmt: skip
"""Members of a STAC Collection that are given unless they are excluded."""

LinksOfCollection = Callable[[Request, str], Sequence[Link]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request wants of the collections."""

    sought: Sought
    order: Order
    limit: int
    at: Position | None
    fields: Fields | None


class CollectionRoutes:
    """One method for each route.

    Args:
        holdings: what there is to show.
        links_of: links from a collection to catalogs of its items.
        children_of: the catalogs below the landing page that are no collections.
    """

    def __init__(
        self, holdings: Holdings, links_of: LinksOfCollection, children_of: Callable[[Request], list[bytes]]
    ) -> None:
        self._holdings = holdings
        self._links_of = links_of
        self._children_of = children_of

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; that of one collection belongs after those of its parts."""
        for path, answer, parameters in (
            ("/collections", self.collections, described(CollectionQuery)),
            ("/children", self.children, None),
            ("/collections/{collection_id:path}", self.collection, None),
        ):
            app.add_api_route(
                path, answer, methods=["GET"], response_class=Response, responses=PROBLEMS, openapi_extra=parameters
            )

    def collection(self, request: Request, collection_id: str) -> Response:
        """One collection."""
        return tagged(request, self.served(request, self._holdings.collection(request, collection_id)), JSON)

    def collections(self, request: Request) -> Response:
        """Collections, by identifier unless told otherwise: all, or those that the parameters find."""
        asked = _asked(from_query(given_in(request)))
        found = [json_value(self.served(request, one)) for one in self._holdings.collections(request)]
        ordered = in_order([one for one in found if asked.sought.has_been_found(one)], asked.order)
        return Response(json_text(_page(request, asked, ordered)), media_type=JSON)

    def children(self, request: Request) -> Response:
        """The collections and catalogs right below the landing page."""
        base_url = base_url_of(request)
        collections = [self.served(request, one) for one in self._holdings.collections(request)]
        own: Link = {"rel": "self", "type": JSON, "href": f"{base_url}/children"}
        content = b",".join([*collections, *self._children_of(request)])
        links = orjson.dumps([own, root_link(base_url)])
        return Response(b'{"children":[%s],"links":%s}' % (content, links), media_type=JSON)

    def served(self, request: Request, found: Found) -> bytes:
        """A collection as it is served to the sender of a request."""
        audiences = self._holdings.audiences(request)
        extent = None if says_extent(found) else self._holdings.extent(found.identifier, audiences)
        return collection_bytes(found, extent, base_url_of(request), self._links_of(request, found.identifier))


def _asked(given: Mapping[str, Any]) -> _Asked:
    if unknown := [name for name in given if name not in _PARAMETERS]:
        raise RequestInvalid(f"{unknown[0][:80]}: is no parameter of this request; there are {', '.join(_PARAMETERS)}")
    order = sorted_fields(given.get("sortby", []))
    sought = Sought(
        box_area(given["bbox"], "bbox") if "bbox" in given else None,
        during(given["datetime"]) if "datetime" in given else None,
        tuple(terms_of(given["q"])) if "q" in given else (),
    )
    at = position_of(given["token"], _keys(order)) if "token" in given else None
    if at is not None and len(at.values) != len(order) + 1:
        raise RequestInvalid("token: belongs to a list that is sorted by something else")
    fields = fields_of(given["fields"], always=_ALWAYS, bare=_ALWAYS) if "fields" in given else None
    return _Asked(sought, order, limit_of(given.get("limit", MAXIMUM_LIMIT)), at, fields)


def _keys(order: Order) -> tuple[SortKey, ...]:
    # With what no list of items is sorted by, so that a token of one list is none of the other.
    return (SortKey("collections"), *(SortKey(name, descends) for name, descends in order))


def _page(request: Request, asked: _Asked, ordered: Sequence[Document]) -> dict[str, Any]:
    shown, following, preceding = _cut(asked, ordered)
    base_url = base_url_of(request)
    links = links_by_query(request, f"{base_url}/collections", following, preceding, media_type=JSON)
    return {
        "collections": [one if asked.fields is None else asked.fields.chosen(one) for one in shown],
        "links": [*links, root_link(base_url)],
        "numberMatched": len(ordered),
        "numberReturned": len(shown),
    }


def _cut(asked: _Asked, ordered: Sequence[Document]) -> tuple[Sequence[Document], str | None, str | None]:
    """The documents of a page, and the tokens of the next one and of the one before."""
    start = _start(asked, ordered)
    end = min(start + asked.limit, len(ordered))
    if asked.at is not None and asked.at.backward:
        start, end = max(0, start - asked.limit), start
    shown = ordered[start:end]
    following = _token(asked, ordered[end - 1], backward=False) if 0 < end < len(ordered) else None
    preceding = _token(asked, ordered[start], backward=True) if 0 < start < len(ordered) else None
    return shown, following, preceding


def _start(asked: _Asked, ordered: Sequence[Document]) -> int:
    """Number of the documents before a position."""
    if asked.at is None:
        return 0
    place = tuple(None if value is None else str(value) for value in asked.at.values)
    if asked.at.backward:
        return sum(lies_before(one, place, asked.order) for one in ordered)
    return sum(not lies_behind(one, place, asked.order) for one in ordered)


def _token(asked: _Asked, document: Document, *, backward: bool) -> str:
    return token_of(Position(place_of(document, asked.order), 0, backward), _keys(asked.order))

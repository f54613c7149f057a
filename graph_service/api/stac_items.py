"""Routes of the STAC API that give items: one, those of a collection, and those that a search finds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from graph_service.api.bodies import body_of, content_type_of
from graph_service.api.entity_tags import tagged
from graph_service.api.stac_holdings import Holdings, base_url_of
from graph_service.api.stac_links import links_by_body, links_by_query, root_link
from graph_service.api.stac_parameters import SearchQuery, described, given_in
from graph_service.api.stac_search import SearchRequest, from_query, search_request
from graph_service.api.stac_tokens import token_of
from graph_service.errors import MediaTypeUnsupported, NotFound, RequestInvalid
from graph_service.index.explanation import Explanation, explanations
from graph_service.index.filters import All, Filter, OneOf
from graph_service.index.paging import Found, Page, Position
from graph_service.views.stac.json_text import json_text, json_value
from graph_service.views.stac.served import GEOJSON, JSON, Link, collection_url, feature_page, item_bytes
from ingest.json_document import read_json

EXPLANATION = "orrery:explanation"
"""Member of a feature that says why it was found."""
PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": {"description": "A code and a sentence that says what is wrong"}}
SEARCH_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The parameters of the GET request, lists and objects as JSON has them",
        "content": {JSON: {"schema": {"type": "object"}, "example": {"bbox": [11, 44, 13, 46], "limit": 5}}},
    }
}

Body = Annotated[bytes, Depends(body_of)]
LinksOf = Callable[[str | None, str | None], list[Link]]
"""The links of a page, by the tokens of the next one and of the one before."""


class ItemRoutes:
    """One method for each route."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def add_item_to(self, app: FastAPI) -> None:
        """Add the route of one item, which belongs before all others of a collection.

        An identifier may hold a slash: servers decode %2F before they look for a route, and the first that fits is
        taken.
        """
        path = "/collections/{collection_id:path}/items/{item_id:path}"
        app.add_api_route(path, self.item, methods=["GET"], response_class=Response, responses=PROBLEMS)

    def add_to(self, app: FastAPI) -> None:
        """Add the other routes."""
        items = "/collections/{collection_id:path}/items"
        for path, answer in ((items, self.items), ("/search", self.by_query)):
            app.add_api_route(
                path,
                answer,
                methods=["GET"],
                response_class=Response,
                responses=PROBLEMS,
                openapi_extra=described(SearchQuery),
            )
        app.add_api_route(
            "/search",
            self.by_body,
            methods=["POST"],
            response_class=Response,
            responses=PROBLEMS,
            openapi_extra=SEARCH_BODY,
        )

    def item(self, request: Request, collection_id: str, item_id: str) -> Response:
        """One item."""
        tree = All((OneOf("collection", (collection_id,)), OneOf("id", (item_id,))))
        page = self._holdings.index.search(tree, audiences=self._holdings.audiences(request), limit=1)
        if not page.found:
            raise NotFound(f"{item_id}: no item of this identifier in the collection {collection_id}")
        return tagged(request, item_bytes(page.found[0], base_url_of(request)), GEOJSON)

    def items(self, request: Request, collection_id: str) -> Response:
        """Items of a collection, newest first unless told otherwise."""
        self._holdings.collection(request, collection_id)
        url = f"{collection_url(base_url_of(request), collection_id)}/items"
        return self.found_within(request, OneOf("collection", (collection_id,)), url)

    def found_within(self, request: Request, tree: Filter, url: str) -> Response:
        """A page of the items that a filter finds and a request's parameters find as well.

        Args:
            request: that is answered.
            tree: the filter.
            url: of the list.
        """
        asked = search_request(from_query(given_in(request)), self._holdings.reading)
        asked = _narrowed(asked, tree)
        return self._page(request, asked, lambda after, before: links_by_query(request, url, after, before))

    def by_query(self, request: Request) -> Response:
        """Items of all collections, newest first unless told otherwise."""
        return self.found_within(request, All(()), f"{base_url_of(request)}/search")

    def by_body(self, request: Request, body: Body) -> Response:
        """Items of all collections, newest first unless told otherwise."""
        asked = search_request(parameters_in(request, body), self._holdings.reading)
        url = f"{base_url_of(request)}/search"
        return self._page(request, asked, lambda after, before: links_by_body(url, after, before))

    def _page(self, request: Request, asked: SearchRequest, links_of: LinksOf) -> Response:
        audiences, base_url = self._holdings.audiences(request), base_url_of(request)
        matched = self._holdings.count(asked.tree, audiences)
        page = self._holdings.index.search(
            asked.tree, audiences=audiences, limit=asked.limit, sort=asked.sort, at=asked.at
        )
        content = feature_page(
            self._features(page, asked, base_url),
            links=[root_link(base_url), *links_of(_token(page.next, asked), _token(page.previous, asked))],
            matched=matched,
            limit=asked.limit,
        )
        return Response(content, media_type=GEOJSON)

    def _features(self, page: Page, asked: SearchRequest, base_url: str) -> list[bytes]:
        if not asked.explain:
            return [_feature(one, asked, base_url, None) for one in page.found]
        iris, meaning = [one.iri for one in page.found], self._holdings.reading.meaning
        why = self._holdings.index.within_one_state(lambda now: explanations(now, asked.tree, iris, meaning))
        return [_feature(one, asked, base_url, why.get(one.iri)) for one in page.found]


def parameters_in(request: Request, body: bytes) -> Mapping[str, Any]:
    """The parameters in the body of a request.

    Raises:
        MediaTypeUnsupported: the body is said to be something else than JSON.
        DocumentRefused: it is not JSON.
        RequestInvalid: it is no object.
    """
    content_type = content_type_of(request)
    if content_type and content_type not in (JSON, GEOJSON):
        raise MediaTypeUnsupported(f"Content-Type: {content_type}; send {JSON}")
    sent = read_json(body, source="body")
    if not isinstance(sent, dict):
        raise RequestInvalid("body: is no JSON object of parameters")
    return sent


def _narrowed(asked: SearchRequest, tree: Filter) -> SearchRequest:
    return replace(asked, tree=All((tree, asked.tree)))


def _token(position: Position | None, asked: SearchRequest) -> str | None:
    return None if position is None else token_of(position, asked.sort)


def _feature(found: Found, asked: SearchRequest, base_url: str, why: Explanation | None) -> bytes:
    whole = item_bytes(found, base_url)
    if asked.fields is None and why is None:
        return whole
    document = json_value(whole)
    chosen = document if asked.fields is None else asked.fields.chosen(document)
    return json_text(chosen if why is None else {**chosen, EXPLANATION: why})

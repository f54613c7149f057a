"""The STAC API: landing page, collections, items and search, as an application to be mounted.

Three parts of stac-fastapi are used: its conformance URIs, its OpenAPI media type and its reader of
RFC 3339 times (in ``stac_search``). Its ``StacApi`` is not: mounted under a path it links to the wrong root
(``get_base_url`` leaves the mount out), it describes answers by models that OpenAPI 3.0 cannot
express, tells a client's mistakes as validation dumps and logs them as errors with traceback,
adds routes of its own, and reads settings from the environment. What would remain of it are
eight calls of ``add_api_route``, which are here.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Body, FastAPI, Query, Request
from fastapi_offline import FastAPIOffline
from stac_fastapi.api.openapi import update_openapi
from stac_fastapi.types.conformance import BASE_CONFORMANCE_CLASSES
from starlette.responses import Response

from graph_service.api.errors import add_error_handlers
from graph_service.api.stac_parameters import SearchQuery
from graph_service.api.stac_search import SearchRequest, from_query, search_request, token_of
from graph_service.errors import NotFound
from graph_service.index.filters import All, Filter, OneOf
from graph_service.index.properties import PROPERTIES
from graph_service.index.sqlite import Extent, Found, SQLiteIndex
from graph_service.reasoning.meaning import Meaning
from graph_service.views.ontology.statements import statements_of
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.landing import collections_bytes, landing_bytes
from graph_service.views.stac.queryables import SCHEMA, queryables
from graph_service.views.stac.served import (
    GEOJSON,
    JSON,
    Link,
    collection_bytes,
    collection_url,
    feature_collection,
    item_bytes,
    root_url,
    says_extent,
)
from ontology.loader import Ontology

_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
_FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
_FILTER_CLASSES = (
    "https://api.stacspec.org/v1.0.0/item-search#filter",
    *(f"{_FEATURES_3}/{name}" for name in ("features-filter", "filter", "queryables")),
    *(
        f"{_CQL2}/{name}"
        for name in ("advanced-comparison-operators", "basic-cql2", "basic-spatial-functions", "cql2-json", "cql2-text")
    ),
)
CONFORMS_TO = sorted((*(str(uri) for uri in BASE_CONFORMANCE_CLASSES), *_FILTER_CLASSES))

AudiencesOf = Callable[[Request], Sequence[str]]
"""IRIs of the named graphs of restricted data that the sender of a request may see."""

_PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": {"description": "A code and a sentence that says what is wrong"}}


def stac_application(
    index: SQLiteIndex,
    *,
    audiences_of: AudiencesOf,
    meaning: Meaning,
    ontology: Ontology,
    title: str = "Orrery",
    description: str = "A semantic catalogue for Earth observation.",
) -> FastAPI:
    """The STAC API of a catalogue, to be mounted under a path such as ``/stac``.

    Args:
        index: where the documents are.
        audiences_of: what restricted data a request may see.
        meaning: of the terms that a filter may have.
        ontology: that describes the properties of a filter.
        title: of the landing page.
        description: of the landing page; CommonMark.
    """
    app = FastAPIOffline("/api.html", None, openapi_url="/api", title=title, description=description)
    # The media type of OGC API - Features, conformance class oas30, says 3.0.
    app.openapi_version = "3.0.3"
    update_openapi(app)
    add_error_handlers(app)
    answers = _Answers(index, audiences_of, meaning, title, description)
    described = _Queryables(index, audiences_of, ontology)
    for path, method, answer in (
        ("/", "GET", answers.landing),
        ("/conformance", "GET", answers.conformance),
        ("/queryables", "GET", described.of_all),
        ("/collections", "GET", answers.collections),
        # An identifier may hold a slash: servers decode %2F before they look for a route.
        ("/collections/{collection_id:path}/items/{item_id:path}", "GET", answers.item),
        ("/collections/{collection_id:path}/items", "GET", answers.items),
        ("/collections/{collection_id:path}/queryables", "GET", described.of_collection),
        ("/collections/{collection_id:path}", "GET", answers.collection),
        ("/search", "GET", answers.search_by_query),
        ("/search", "POST", answers.search_by_body),
    ):
        app.add_api_route(path, answer, methods=[method], response_class=Response, responses=_PROBLEMS)
    return app


class _Answers:
    """One method for each route."""

    def __init__(
        self, index: SQLiteIndex, audiences_of: AudiencesOf, meaning: Meaning, title: str, description: str
    ) -> None:
        self._index = index
        self._audiences_of = audiences_of
        self._meaning = meaning
        self._title = title
        self._description = description
        # Asked again for each page, and the same until something is written.
        self._count = lru_cache(maxsize=256)(self._count_at)
        self._extent = lru_cache(maxsize=1024)(self._extent_at)

    def landing(self, request: Request) -> Response:
        """Landing page: a STAC Catalog."""
        found = self._index.collections(audiences=self._audiences(request))
        content = landing_bytes(
            found, _base_url(request), title=self._title, description=self._description, conforms_to=CONFORMS_TO
        )
        return Response(content, media_type=JSON)

    def conformance(self) -> Response:
        """Conformance classes that this API is tested for."""
        return Response(json_text({"conformsTo": CONFORMS_TO}), media_type=JSON)

    def collections(self, request: Request) -> Response:
        """All collections."""
        audiences, base_url = self._audiences(request), _base_url(request)
        found = self._index.collections(audiences=audiences)
        served = [self._collection_bytes(one, audiences, base_url) for one in found]
        return Response(collections_bytes(served, base_url), media_type=JSON)

    def collection(self, request: Request, collection_id: str) -> Response:
        """One collection."""
        audiences = self._audiences(request)
        found = _found_collection(self._index, collection_id, audiences)
        return Response(self._collection_bytes(found, audiences, _base_url(request)), media_type=JSON)

    def items(self, request: Request, collection_id: str, query: Annotated[SearchQuery, Query()]) -> Response:
        """Items of a collection, newest first."""
        _found_collection(self._index, collection_id, self._audiences(request))
        asked = search_request(from_query(query.model_dump(by_alias=True)), self._meaning)
        within = All((OneOf("collection", (collection_id,)), asked.tree))
        asked = SearchRequest(within, asked.limit, asked.after)
        url = f"{collection_url(_base_url(request), collection_id)}/items"
        return self._page(request, asked, lambda token: _link_by_query(url, request, token))

    def item(self, request: Request, collection_id: str, item_id: str) -> Response:
        """One item."""
        tree = All((OneOf("collection", (collection_id,)), OneOf("id", (item_id,))))
        page = self._index.search(tree, audiences=self._audiences(request), limit=1)
        if not page.found:
            raise NotFound(f"{item_id}: no item of this identifier in the collection {collection_id}")
        return Response(item_bytes(page.found[0], _base_url(request)), media_type=GEOJSON)

    def search_by_query(self, request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
        """Items of all collections, newest first."""
        asked = search_request(from_query(query.model_dump(by_alias=True)), self._meaning)
        url = f"{_base_url(request)}/search"
        return self._page(request, asked, lambda token: _link_by_query(url, request, token))

    def search_by_body(
        self, request: Request, body: Annotated[dict[str, Any], Body(description="The parameters of the GET request")]
    ) -> Response:
        """Items of all collections, newest first."""
        url = f"{_base_url(request)}/search"
        return self._page(request, search_request(body, self._meaning), lambda token: _link_by_body(url, token))

    def _page(self, request: Request, asked: SearchRequest, link: Callable[[str | None], Link]) -> Response:
        audiences, base_url = self._audiences(request), _base_url(request)
        matched = self._count(self._index.change_number(), asked.tree, audiences)
        page = self._index.search(asked.tree, audiences=audiences, limit=asked.limit, after=asked.after)
        links: list[Link] = [{"rel": "root", "type": JSON, "href": root_url(base_url)}, link(None)]
        if page.after is not None:
            links.append(link(token_of(page.after)))
        content = feature_collection(page.found, base_url, links=links, matched=matched)
        return Response(content, media_type=GEOJSON)

    def _audiences(self, request: Request) -> tuple[str, ...]:
        return tuple(sorted(self._audiences_of(request)))

    def _collection_bytes(self, found: Found, audiences: tuple[str, ...], base_url: str) -> bytes:
        extent = None
        if not says_extent(found):
            extent = self._extent(self._index.change_number(), found.identifier, audiences)
        return collection_bytes(found, extent, base_url)

    def _count_at(self, change: int, tree: Filter, audiences: tuple[str, ...]) -> int:
        return self._index.count(tree, audiences=audiences)

    def _extent_at(self, change: int, collection: str, audiences: tuple[str, ...]) -> Extent | None:
        return self._index.extent(collection, audiences=audiences)


class _Queryables:
    """What a filter can name, one method for each route."""

    def __init__(self, index: SQLiteIndex, audiences_of: AudiencesOf, ontology: Ontology) -> None:
        self._index = index
        self._audiences_of = audiences_of
        self._statements = statements_of(ontology.triples)
        self._in_use = lru_cache(maxsize=256)(self._in_use_at)

    def of_all(self, request: Request) -> Response:
        """What a filter on items of all collections can name: a JSON Schema."""
        return self._answer(request, f"{_base_url(request)}/queryables", "Properties of all items")

    def of_collection(self, request: Request, collection_id: str) -> Response:
        """What a filter on items of a collection can name: a JSON Schema."""
        _found_collection(self._index, collection_id, tuple(sorted(self._audiences_of(request))))
        url = f"{collection_url(_base_url(request), collection_id)}/queryables"
        return self._answer(request, url, f"Properties of items of {collection_id}")

    def _answer(self, request: Request, url: str, title: str) -> Response:
        in_use = self._in_use(self._index.change_number(), tuple(sorted(self._audiences_of(request))))
        return Response(json_text(queryables(self._statements, in_use, url=url, title=title)), media_type=SCHEMA)

    def _in_use_at(self, change: int, audiences: tuple[str, ...]) -> dict[str, list[str]]:
        names = [one.name for one in PROPERTIES if one.scheme is not None]
        return {name: [value for value, _ in self._index.counts(name, audiences=audiences)] for name in names}


def _found_collection(index: SQLiteIndex, identifier: str, audiences: Sequence[str]) -> Found:
    found = (one for one in index.collections(audiences=audiences) if one.identifier == identifier)
    if (one := next(found, None)) is None:
        raise NotFound(f"{identifier}: no collection of this identifier")
    return one


def _base_url(request: Request) -> str:
    """Where this application is mounted, without a slash at the end."""
    return str(request.url.replace(path=request.scope.get("root_path", ""), query="", fragment="")).rstrip("/")


def _link_by_query(url: str, request: Request, token: str | None) -> Link:
    """The link to this page, or to the one at a token."""
    given: Mapping[str, str] = dict(request.query_params)
    parameters = given if token is None else {**given, "token": token}
    href = f"{url}?{urlencode(parameters)}" if parameters else url
    return {"rel": "self" if token is None else "next", "type": GEOJSON, "method": "GET", "href": href}


def _link_by_body(url: str, token: str | None) -> Link:
    """The link to this page, or to the one at a token, which the client merges into the body that it sent."""
    if token is None:
        return {"rel": "self", "type": GEOJSON, "method": "POST", "href": url}
    return {"rel": "next", "type": GEOJSON, "method": "POST", "href": url, "merge": True, "body": {"token": token}}

"""Routes of the STAC API that write: items and collections, one by one or many at once."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from graph_service.api.bodies import body_of, content_type_of
from graph_service.api.callers import CallerOf, require_writer
from graph_service.api.entity_tags import ensure_match, entity_tag
from graph_service.api.protocol import CHANGE_HEADER
from graph_service.document_patch import Patch, merge_patch, operations_patch
from graph_service.errors import MediaTypeUnsupported, NotFound, RequestInvalid
from graph_service.index.paging import Found
from graph_service.index.sqlite import Known
from graph_service.security.tokens import Caller
from graph_service.transactions import Transactions, Written
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.served import GEOJSON, JSON, collection_url, feature_collection, item_bytes, item_url
from ingest.json_document import read_json

TRANSACTION_CLASSES = (
    "https://api.stacspec.org/v1.0.0/collections/extensions/transaction",
    "https://api.stacspec.org/v1.0.0/ogcapi-features/extensions/transaction",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/simpletx",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking",
)
"""Conformance classes of these routes."""

_DOCUMENTS = (JSON, GEOJSON)
_MERGE = "application/merge-patch+json"
_OPERATIONS = "application/json-patch+json"
_PATCHES: Mapping[str, Callable[[Any], Patch]] = {
    _MERGE: merge_patch,
    JSON: merge_patch,
    GEOJSON: merge_patch,
    _OPERATIONS: operations_patch,
}
_ITEM = "/collections/{collection_id:path}/items/{item_id:path}"
_COLLECTION = "/collections/{collection_id:path}"
_METHODS = ("insert", "upsert")

Body = Annotated[bytes, Depends(body_of)]
ServedCollection = Callable[[Request, Found], bytes]
"""Gives a collection as it is served to the sender of a request."""


def add_transactions(
    app: FastAPI,
    transactions: Transactions,
    caller_of: CallerOf,
    *,
    base_url_of: Callable[[Request], str],
    collection_bytes: ServedCollection,
) -> None:
    """Add the routes that write to an application.

    Args:
        app: the STAC API.
        transactions: what they do.
        caller_of: who sends a request.
        base_url_of: where the API is, for a request; without a slash at the end.
        collection_bytes: a collection as the API serves it.
    """
    routes = _Routes(transactions, caller_of, base_url_of, collection_bytes)
    for method, path, answer in (
        # An identifier may hold a slash, so the first path that fits is taken.
        ("PUT", _ITEM, routes.replace_item),
        ("PATCH", _ITEM, routes.patch_item),
        ("DELETE", _ITEM, routes.delete_item),
        ("POST", f"{_COLLECTION}/items", routes.create_items),
        ("POST", f"{_COLLECTION}/bulk_items", routes.write_many),
        ("POST", "/collections", routes.create_collection),
        ("PUT", _COLLECTION, routes.replace_collection),
        ("PATCH", _COLLECTION, routes.patch_collection),
        ("DELETE", _COLLECTION, routes.delete_collection),
    ):
        app.add_api_route(
            path,
            answer,
            methods=[method],
            response_class=Response,
            tags=["Transactions"],
            openapi_extra=None if method == "DELETE" else {"requestBody": _described(method)},
        )


class _Routes:
    """One method for each route."""

    def __init__(
        self,
        transactions: Transactions,
        caller_of: CallerOf,
        base_url_of: Callable[[Request], str],
        collection_bytes: ServedCollection,
    ) -> None:
        self._transactions = transactions
        self._caller_of = caller_of
        self._base_url_of = base_url_of
        self._collection_bytes = collection_bytes

    def create_items(self, request: Request, collection_id: str, body: Body) -> Response:
        """Write a new item, or those of a feature collection, all or none. Needs a token that may write."""
        caller = self._writer(request)
        _require_type(request, _DOCUMENTS)
        sent = read_json(body, source="body")
        if isinstance(sent, dict) and sent.get("features") is not None:
            written = self._transactions.create_items(caller, collection_id, sent["features"])
            return self._items(request, collection_id, written)
        return self._item(request, self._transactions.create_item(caller, collection_id, body), 201)

    def write_many(self, request: Request, collection_id: str, body: Body) -> Response:
        """Write many items, all or none: an object with `items` by identifier, and `method` insert or upsert."""
        caller = self._writer(request)
        _require_type(request, (JSON,))
        sent = read_json(body, source="body")
        items, method = _many(sent)
        written = self._transactions.write_items(caller, collection_id, items, anew=method == "insert")
        text = f"Successfully added {len(written.found):,} items, {written.replaced:,} of them in the place of others."
        return Response(json_text(text), media_type=JSON, headers={CHANGE_HEADER: str(written.change)})

    def replace_item(self, request: Request, collection_id: str, item_id: str, body: Body) -> Response:
        """Write an item in the place of one that is there. Needs a token that may write."""
        _require_type(request, _DOCUMENTS)
        caller, known = self._known_item(request, collection_id, item_id)
        return self._item(request, self._transactions.replace_item(caller, collection_id, item_id, body, known), 200)

    def patch_item(self, request: Request, collection_id: str, item_id: str, body: Body) -> Response:
        """Change parts of an item, by a JSON Merge Patch or a JSON Patch. Needs a token that may write."""
        patch = _patch(request, body)
        caller, known = self._known_item(request, collection_id, item_id)
        return self._item(request, self._transactions.patch_item(caller, collection_id, item_id, patch, known), 200)

    def delete_item(self, request: Request, collection_id: str, item_id: str) -> Response:
        """Delete an item; its documents stay in its history. Needs a token that may write."""
        caller, known = self._known_item(request, collection_id, item_id)
        return self._deleted(caller, known)

    def create_collection(self, request: Request, body: Body) -> Response:
        """Write a new collection. Needs a token that may write."""
        caller = self._writer(request)
        _require_type(request, _DOCUMENTS)
        return self._collection(request, self._transactions.create_collection(caller, body), 201)

    def replace_collection(self, request: Request, collection_id: str, body: Body) -> Response:
        """Write a collection in the place of one that is there; its items stay. Needs a token that may write."""
        _require_type(request, _DOCUMENTS)
        caller, known = self._known_collection(request, collection_id)
        return self._collection(request, self._transactions.replace_collection(caller, collection_id, body, known), 200)

    def patch_collection(self, request: Request, collection_id: str, body: Body) -> Response:
        """Change parts of a collection, by a JSON Merge Patch or a JSON Patch. Needs a token that may write."""
        patch = _patch(request, body)
        caller, known = self._known_collection(request, collection_id)
        return self._collection(request, self._transactions.patch_collection(caller, collection_id, patch, known), 200)

    def delete_collection(self, request: Request, collection_id: str) -> Response:
        """Delete a collection that has no items. Needs a token that may write."""
        caller, known = self._known_collection(request, collection_id)
        return self._deleted(caller, known)

    def _writer(self, request: Request) -> Caller:
        return require_writer(self._caller_of(request))

    def _known_item(self, request: Request, collection: str, item: str) -> tuple[Caller, Known]:
        """The sender, and the item as it is, once the request is known to be for it."""
        caller = self._writer(request)
        known = self._transactions.known_item(caller, collection, item)
        ensure_match(request, item_bytes(self._found(known), self._base_url_of(request)))
        return caller, known

    def _known_collection(self, request: Request, collection: str) -> tuple[Caller, Known]:
        caller = self._writer(request)
        known = self._transactions.known_collection(caller, collection)
        ensure_match(request, self._collection_bytes(request, self._found(known)))
        return caller, known

    def _found(self, known: Known) -> Found:
        if (found := self._transactions.found(known.iri)) is None:
            raise NotFound(f"{known.identifier}: has been deleted")
        return found

    def _deleted(self, caller: Caller, known: Known) -> Response:
        change = self._transactions.delete(caller, known)
        return Response(status_code=204, headers={CHANGE_HEADER: str(change)})

    def _item(self, request: Request, written: Written, status: int) -> Response:
        found = written.one
        base_url = self._base_url_of(request)
        url = item_url(base_url, found.collection, found.identifier)
        return _answer(item_bytes(found, base_url), GEOJSON, url, written, status)

    def _collection(self, request: Request, written: Written, status: int) -> Response:
        found = written.one
        url = collection_url(self._base_url_of(request), found.identifier)
        return _answer(self._collection_bytes(request, found), JSON, url, written, status)

    def _items(self, request: Request, collection: str, written: Written) -> Response:
        base_url = self._base_url_of(request)
        content = feature_collection(written.found, base_url, links=(), matched=len(written.found))
        return _answer(content, GEOJSON, f"{collection_url(base_url, collection)}/items", written, 201)


def _answer(content: bytes, media_type: str, url: str, written: Written, status: int) -> Response:
    headers = {CHANGE_HEADER: str(written.change), "ETag": entity_tag(content)}
    if status == 201:
        headers["Location"] = url
    return Response(content, status, media_type=media_type, headers=headers)


def _require_type(request: Request, known: tuple[str, ...]) -> None:
    content_type = content_type_of(request)
    if content_type not in known:
        raise MediaTypeUnsupported(f"Content-Type: {content_type or 'none'}; send {' or '.join(known)}")


def _patch(request: Request, body: bytes) -> Patch:
    _require_type(request, tuple(_PATCHES))
    return _PATCHES[content_type_of(request)](read_json(body, source="patch"))


def _many(sent: Any) -> tuple[dict[str, Any], str]:
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, dict) or not items:
        raise RequestInvalid("items: is no object of items by their identifiers")
    method = sent.get("method", "insert")
    if method not in _METHODS:
        raise RequestInvalid(f"method: {str(method)[:40]!r} is neither {' nor '.join(_METHODS)}")
    return items, str(method)


def _described(method: str) -> dict[str, Any]:
    """A body, as OpenAPI describes it."""
    types = tuple(_PATCHES) if method == "PATCH" else _DOCUMENTS
    return {"required": True, "content": {name: {"schema": {}} for name in types}}

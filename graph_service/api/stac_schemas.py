"""Routes of the STAC API that tell what filters can name, what lists can be sorted by, and what functions there are."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from graph_service.api.stac_holdings import Holdings, base_url_of
from graph_service.api.stac_items import PROBLEMS
from graph_service.views.ontology.statements import Statements
from graph_service.views.stac.functions import functions_document
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.queryables import SCHEMA, queryables, sortables
from graph_service.views.stac.served import JSON, collection_url


class SchemaRoutes:
    """One method for each route.

    Args:
        holdings: what there is to show.
        statements: of the ontology, which describes the properties.
    """

    def __init__(self, holdings: Holdings, statements: Statements) -> None:
        self._holdings = holdings
        self._statements = statements

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; they belong before those with a collection alone."""
        collection = "/collections/{collection_id:path}"
        for path, answer in (
            ("/queryables", self.queryables),
            ("/sortables", self.sortables),
            ("/functions", self.functions),
            (f"{collection}/queryables", self.queryables_of_collection),
            (f"{collection}/sortables", self.sortables_of_collection),
        ):
            app.add_api_route(path, answer, methods=["GET"], response_class=Response, responses=PROBLEMS)

    def queryables(self, request: Request) -> Response:
        """What a filter on items of all collections can name: a JSON Schema."""
        return self._queryables(request, f"{base_url_of(request)}/queryables", "Properties of all items", None)

    def queryables_of_collection(self, request: Request, collection_id: str) -> Response:
        """What a filter on items of a collection can name, and they have: a JSON Schema."""
        url = f"{self._url(request, collection_id)}/queryables"
        return self._queryables(request, url, f"Properties of items of {collection_id}", collection_id)

    def sortables(self, request: Request) -> Response:
        """What items of all collections can be sorted by: a JSON Schema."""
        return self._sortables(request, f"{base_url_of(request)}/sortables", "Properties of all items", None)

    def sortables_of_collection(self, request: Request, collection_id: str) -> Response:
        """What items of a collection can be sorted by: a JSON Schema."""
        url = f"{self._url(request, collection_id)}/sortables"
        return self._sortables(request, url, f"Properties of items of {collection_id}", collection_id)

    def functions(self) -> Response:
        """The functions that a filter can call."""
        return Response(json_text(functions_document()), media_type=JSON)

    def _queryables(self, request: Request, url: str, title: str, collection: str | None) -> Response:
        found = queryables(
            self._statements,
            self._holdings.notations(self._holdings.audiences(request)),
            url=url,
            title=title,
            present=self._present(request, collection),
            undeclared_as_null=self._holdings.reading.undeclared_as_null,
        )
        return _schema(found)

    def _sortables(self, request: Request, url: str, title: str, collection: str | None) -> Response:
        present = self._present(request, collection)
        return _schema(sortables(self._statements, url=url, title=title, present=present))

    def _present(self, request: Request, collection: str | None) -> frozenset[str] | None:
        if collection is None:
            return None
        return self._holdings.present(collection, self._holdings.audiences(request))

    def _url(self, request: Request, collection: str) -> str:
        self._holdings.collection(request, collection)
        return collection_url(base_url_of(request), collection)


def _schema(content: dict[str, Any]) -> Response:
    return Response(json_text(content), media_type=SCHEMA)

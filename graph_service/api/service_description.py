"""What the service says of itself to programs: its SPARQL endpoint, and what is in its public graph."""

import threading
from collections.abc import Callable

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from graph_service.api.negotiation import preferred
from graph_service.api.protocol import cache_headers, is_unchanged
from graph_service.catalogue import Catalogue
from graph_service.ports import QueryAnswers
from graph_service.store.dataset import LISTS, PUBLIC_GRAPH
from graph_service.store.evaluation import aggregate_iris, function_iris
from graph_service.store.query_guard import query_form
from graph_service.views.linked import MEDIA_TYPES, document
from graph_service.views.service_description import Endpoint, service_description
from graph_service.views.void import Addresses, Counts, Example, void_description
from queries.library import Query, load, names

_JSON = "application/sparql-results+json"
_CLASSES = "SELECT ?name (COUNT(*) AS ?number) { ?thing a ?name } GROUP BY ?name ORDER BY ?name"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?number) { ?thing ?name ?value } GROUP BY ?name ORDER BY ?name"

# What the questions are asked of where they need something and have no default.
_VALUES = {
    "iri": "https://w3id.org/orrery/id/platform/sentinel-2a",
    "geo:wktLiteral": "POLYGON((9 45, 9.5 45, 9.5 45.4, 9 45.4, 9 45))",
    "lang": "en",
    "xsd:string": "",
    "xsd:integer": "1",
    "xsd:decimal": "1",
    "xsd:boolean": "true",
    "xsd:date": "2025-10-01",
    "xsd:dateTime": "2025-10-01T00:00:00Z",
    "xsd:dayTimeDuration": "P3D",
}


class SelfDescription:
    """Documents about the service, counted anew when the catalogue has changed.

    Args:
        workers: that count.
        catalogue: that is described.
        federates: whether queries may name other endpoints.
    """

    def __init__(self, workers: QueryAnswers, catalogue: Catalogue, *, federates: bool = False) -> None:
        self._workers = workers
        self._catalogue = catalogue
        self._federates = federates
        self.examples = [_example(load(name)) for name in names()]
        """The kept queries, each with values for what it takes."""
        self._lock = threading.Lock()
        self._counts: Counts | None = None

    def service(self, request: Request) -> Response:
        """The description of the SPARQL endpoint."""
        root = str(request.base_url)
        graph = self._catalogue.graph
        endpoint = Endpoint(
            query_url=f"{root}sparql",
            update_url=f"{root}sparql/update",
            void_url=f"{root}.well-known/void",
            functions=function_iris(),
            aggregates=aggregate_iris(),
            graphs=graph.catalogue_values(LISTS),
            public_graph=PUBLIC_GRAPH,
            triples=self._counted().triples,
            federates=self._federates,
        )
        return self._response(
            request, "service", lambda media_type: document(service_description(endpoint), media_type)
        )

    def void(self, request: Request) -> Response:
        """The description of the public graph."""
        root = str(request.base_url)
        at = Addresses(f"{root}.well-known/void", f"{root}sparql", root)
        triples = void_description(self._counted(), at, self.examples)
        return self._response(request, "void", lambda media_type: document(triples, media_type))

    def _response(self, request: Request, name: str, written: Callable[[str], bytes]) -> Response:
        media_type = preferred(request.headers.get("accept"), MEDIA_TYPES)
        change = self._counted().change
        tag = f'W/"{change}-{name}-{media_type}"'
        headers = cache_headers(request, change=change, tag=tag)
        if is_unchanged(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(written(media_type), media_type=media_type, headers=headers)

    def _counted(self) -> Counts:
        """Numbers of the public graph. One thread counts, and others wait for it."""
        with self._lock:
            change = self._catalogue.graph.change_number()
            if self._counts is None or self._counts.change != change:
                classes, properties = self._numbers(_CLASSES), self._numbers(_PROPERTIES)
                self._counts = Counts(change, classes, properties)
            return self._counts

    def _numbers(self, query: str) -> dict[str, int]:
        rows = orjson.loads(self._workers.answer(query, media_type=_JSON).body)["results"]["bindings"]
        return {row["name"]["value"]: int(row["number"]["value"]) for row in rows if row["name"]["type"] == "uri"}


def self_description_router(description: SelfDescription) -> APIRouter:
    """The route ``/.well-known/void``."""
    router = APIRouter(tags=["SPARQL"])

    @router.get("/.well-known/void", response_class=Response)
    @router.head("/.well-known/void", include_in_schema=False)
    def void(request: Request) -> Response:
        """What is in the public graph, by numbers, and questions to ask of it (VoID)."""
        return description.void(request)

    return router


def _example(query: Query) -> Example:
    needed = [one.name for one in query.inputs if one.default is None]
    values = {one.name: _VALUES[one.type] for one in query.inputs if one.name in needed}
    sparql = query.bound(values)
    return Example(query.name, query.title, query_form(sparql), sparql)

"""The STAC API: landing page, collections, items, search and sums, as an application to be mounted.

Three parts of stac-fastapi are used: its conformance URIs, its OpenAPI media type and its reader of
RFC 3339 times (in ``stac_search``). Its ``StacApi`` is not: mounted under a path it links to the wrong root
(``get_base_url`` leaves the mount out), it describes answers by models that OpenAPI 3.0 cannot
express, tells a client's mistakes as validation dumps and logs them as errors with traceback,
adds routes of its own, and reads settings from the environment. What would remain of it are
calls of ``add_api_route``, which are here and in the modules of the routes.
"""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from stac_fastapi.api.openapi import update_openapi
from starlette.responses import Response

from graph_service.api.callers import CallerOf
from graph_service.api.errors import add_error_handlers
from graph_service.api.stac_aggregations import AggregationRoutes
from graph_service.api.stac_collections import CollectionRoutes
from graph_service.api.stac_conformance import CONFORMS_TO
from graph_service.api.stac_holdings import AudiencesOf, Holdings, base_url_of
from graph_service.api.stac_items import PROBLEMS, ItemRoutes
from graph_service.api.stac_schemas import SchemaRoutes
from graph_service.api.stac_transactions import TRANSACTION_CLASSES, add_transactions
from graph_service.api.stac_trees import TreeRoutes
from graph_service.index.cql2_parts import Reading
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.meaning import Meaning
from graph_service.transactions import Transactions
from graph_service.views.ontology.statements import statements_of
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.landing import landing_bytes
from graph_service.views.stac.served import JSON
from ontology.loader import Ontology


def stac_application(
    index: SQLiteIndex,
    *,
    audiences_of: AudiencesOf,
    meaning: Meaning,
    ontology: Ontology,
    title: str = "Orrery",
    description: str = "A semantic catalogue for Earth observation.",
    writing: tuple[Transactions, CallerOf] | None = None,
    reading: Reading | None = None,
) -> FastAPI:
    """The STAC API of a catalogue, to be mounted under a path such as ``/stac``.

    Args:
        index: where the documents are.
        audiences_of: what restricted data a request may see.
        meaning: of the terms that a filter may have.
        ontology: that describes the properties of a filter.
        title: of the landing page.
        description: of the landing page; CommonMark.
        writing: what the routes that write do, and who sends a request; None for an API that only reads.
        reading: what filters are read with; None for the meaning alone.
    """
    app = FastAPIOffline("/api.html", None, openapi_url="/api", title=title, description=description)
    # The media type of OGC API - Features, conformance class oas30, says 3.0.
    app.openapi_version = "3.0.3"
    update_openapi(app)
    add_error_handlers(app)
    statements = statements_of(ontology.triples)
    holdings = Holdings(index, audiences_of, reading or Reading(meaning))
    items = ItemRoutes(holdings)
    trees = TreeRoutes(
        index, meaning, statements, audiences_of=audiences_of, base_url_of=base_url_of, page=items.found_within
    )
    collections = CollectionRoutes(holdings, trees.links_of_collection, trees.children_of_root)
    conforms_to = sorted((*CONFORMS_TO, *(TRANSACTION_CLASSES if writing is not None else ())))
    items.add_item_to(app)
    trees.add_to(app)
    if writing is not None:
        add_transactions(app, *writing, base_url_of=base_url_of, collection_bytes=collections.served)
    _LandingRoutes(holdings, title, description, conforms_to).add_to(app)
    SchemaRoutes(holdings, statements).add_to(app)
    AggregationRoutes(holdings).add_to(app)
    items.add_to(app)
    collections.add_to(app)
    return app


class _LandingRoutes:
    """One method for each route."""

    def __init__(self, holdings: Holdings, title: str, description: str, conforms_to: Sequence[str]) -> None:
        self._holdings = holdings
        self._title = title
        self._description = description
        self._conforms_to = conforms_to

    def add_to(self, app: FastAPI) -> None:
        """Add the routes."""
        for path, answer in (("/", self.landing), ("/conformance", self.conformance)):
            app.add_api_route(path, answer, methods=["GET"], response_class=Response, responses=PROBLEMS)

    def landing(self, request: Request) -> Response:
        """Landing page: a STAC Catalog."""
        content = landing_bytes(
            self._holdings.collections(request),
            base_url_of(request),
            title=self._title,
            description=self._description,
            conforms_to=self._conforms_to,
        )
        return Response(content, media_type=JSON)

    def conformance(self) -> Response:
        """Conformance classes that this API is tested for."""
        return Response(json_text({"conformsTo": self._conforms_to}), media_type=JSON)

"""The service, wired: stores, workers and routes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from graph_service.api.callers import callers
from graph_service.api.errors import add_error_handlers
from graph_service.api.graph_store import graph_store_router
from graph_service.api.ingest import ingest_router
from graph_service.api.ontology import ontology_router
from graph_service.api.protocol import CHANGE_HEADER
from graph_service.api.queries import queries_router
from graph_service.api.query_page import QueryPage
from graph_service.api.search import search_router
from graph_service.api.service_description import SelfDescription, self_description_router
from graph_service.api.sparql import sparql_router
from graph_service.api.stac import stac_application
from graph_service.api.start import start_router
from graph_service.api.update import update_router, updating
from graph_service.api.upkeep import upkeep_router
from graph_service.directory import open_catalogue
from graph_service.federation.services import Services
from graph_service.index.cql2_parts import Reading
from graph_service.index.regions import GraphRegions
from graph_service.index.sqlite import SQLiteIndex
from graph_service.ports import QueryAnswers
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from graph_service.spatial.planning import Planner
from graph_service.spatial.relations import RELATIONS
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.relay import QueryRelay
from graph_service.store.remote_store import RemoteStore
from graph_service.store.workers import QueryWorkers
from graph_service.transactions import Transactions
from ontology.loader import load_ontology

DESCRIPTION = "A semantic knowledge-graph catalogue for Earth observation."


def _queries(
    graph: GraphStore, index: SQLiteIndex, settings: Settings, services: Services, planner: Planner | None
) -> QueryAnswers:
    """What answers queries: worker processes on checkpoints of the embedded store, or a relay to another engine."""
    if isinstance(graph, RemoteStore):
        has_relations = RELATIONS.isdisjoint(graph.engine.missing_functions)
        return QueryRelay(
            graph,
            deadline_s=settings.query_timeout_s,
            result_rows=settings.query_rows,
            services=services,
            related=Planner(graph, index).related if has_relations else None,
        )
    assert isinstance(graph, OxigraphStore), "there is no third kind"
    return QueryWorkers(
        graph,
        settings.data / "checkpoints",
        processes=settings.query_processes,
        deadline_s=settings.query_timeout_s,
        result_rows=settings.query_rows,
        services=services,
        planner=planner,
    )


def create_app(
    settings: Settings, *, secret: str | None = None, on_close: Callable[[], None] = lambda: None
) -> FastAPI:
    """The service over a data directory, which it holds from now on until it shuts down.

    Args:
        settings: of the catalogue.
        secret: that lets whoever may read the data directory write; None for nobody.
        on_close: called when everything is shut.

    Raises:
        StoreInUse: another process holds the data directory.
    """
    ontology = load_ontology(settings.ontology)
    meaning = Meaning.of(ontology)
    catalogue = open_catalogue(settings)
    services = Services(settings.service_hosts, timeout_s=settings.service_timeout_s)
    # The index says nothing certain of what another engine holds at the moment that it is asked.
    planner = Planner(catalogue.graph, catalogue.index) if isinstance(catalogue.graph, OxigraphStore) else None
    workers = _queries(catalogue.graph, catalogue.index, settings, services, planner)
    description = SelfDescription(workers, catalogue, federates=bool(settings.service_hosts.hosts))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        workers.close()
        catalogue.close()
        on_close()

    # Its documentation page comes with its own scripts and styles, where FastAPI's loads them from elsewhere.
    app = FastAPIOffline(redoc_url=None, title="Orrery", description=DESCRIPTION, version="0.1.0", lifespan=lifespan)
    caller_of = callers(TokenFile(settings.tokens_file), secret=secret)

    def audiences_of(request: Request) -> tuple[str, ...]:
        return caller_of(request).audiences

    add_error_handlers(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        # No cookie gives anybody rights here, so that whatever header a client adds does no harm.
        allow_headers=["*"],
        expose_headers=["ETag", "Location", "WWW-Authenticate", CHANGE_HEADER],
    )
    update = updating(workers, catalogue, caller_of)
    app.include_router(start_router(catalogue, audiences_of))
    app.include_router(
        sparql_router(
            workers,
            caller_of,
            meaning,
            change_number=catalogue.graph.change_number,
            describe=description.service,
            planner=planner,
            update=update,
            page=QueryPage(workers, description.examples),
        )
    )
    app.include_router(self_description_router(description))
    app.include_router(update_router(update, caller_of))
    app.include_router(graph_store_router(workers, catalogue, caller_of))
    app.include_router(queries_router(workers, caller_of, meaning))
    app.include_router(search_router(catalogue.index, audiences_of, meaning))
    app.include_router(ontology_router(ontology))
    app.include_router(ingest_router(catalogue, settings.mapping, caller_of))
    app.include_router(upkeep_router(catalogue, caller_of))
    stac = stac_application(
        catalogue.index,
        audiences_of=audiences_of,
        meaning=meaning,
        ontology=ontology,
        writing=(Transactions(catalogue, settings.mapping), caller_of),
        reading=Reading(meaning, GraphRegions(catalogue.graph), settings.undeclared_as_null),
    )
    app.mount("/stac", stac)
    return app

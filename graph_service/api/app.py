"""The service, wired: stores, workers and routes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from graph_service.api.callers import callers
from graph_service.api.errors import add_error_handlers
from graph_service.api.ingest import ingest_router
from graph_service.api.ontology import ontology_router
from graph_service.api.queries import queries_router
from graph_service.api.search import search_router
from graph_service.api.sparql import sparql_router
from graph_service.api.stac import stac_application
from graph_service.api.start import start_router
from graph_service.directory import open_catalogue
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from graph_service.store.workers import QueryWorkers
from ontology.loader import load_ontology

DESCRIPTION = "A semantic knowledge-graph catalogue for Earth observation."


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
    workers = QueryWorkers(catalogue.graph, settings.data / "checkpoints", deadline_s=settings.query_timeout_s)

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
        allow_methods=["GET", "POST", "OPTIONS"],
        allow_headers=["Authorization", "Content-Type", "Accept"],
    )
    app.include_router(start_router(catalogue, audiences_of))
    app.include_router(sparql_router(workers, caller_of, meaning))
    app.include_router(queries_router(workers, caller_of, meaning))
    app.include_router(search_router(catalogue.index, audiences_of, meaning))
    app.include_router(ontology_router(ontology))
    app.include_router(ingest_router(catalogue, settings.mapping, caller_of))
    stac = stac_application(catalogue.index, audiences_of=audiences_of, meaning=meaning, ontology=ontology)
    app.mount("/stac", stac)
    return app

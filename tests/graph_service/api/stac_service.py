"""The STAC API mounted as the service mounts it, for tests."""

import warnings
from collections.abc import Sequence
from functools import cache

from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning
from starlette.requests import Request

from graph_service.api.stac import stac_application
from graph_service.catalogue import Catalogue
from graph_service.index.cql2_parts import Reading
from graph_service.index.regions import GraphRegions
from graph_service.reasoning.meaning import Meaning
from graph_service.security.tokens import ANYBODY, Caller
from graph_service.transactions import Transactions
from ingest.settings import MappingSettings
from ontology.loader import packaged

with warnings.catch_warnings():
    # Starlette 1 prefers httpx2, a fork of httpx, and says so once, when imported.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient

__all__ = ["TestClient", "meaning", "service_of"]


@cache
def meaning() -> Meaning:
    """What the terms of our own modules mean."""
    return Meaning.of(packaged())


def service_of(catalogue: Catalogue, *, writes: bool = False) -> FastAPI:
    """An application with the STAC API under ``/stac``; the header X-Audience names who asks.

    Args:
        catalogue: that it is of.
        writes: whether it has routes that write; the header X-Writer, "yes" or an audience, lets them be used.
    """
    app = FastAPI()
    stac = stac_application(
        catalogue.index,
        audiences_of=_audiences_of,
        meaning=meaning(),
        ontology=packaged(),
        writing=(Transactions(catalogue, MappingSettings()), _caller_of) if writes else None,
        reading=Reading(meaning(), GraphRegions(catalogue.graph)),
    )
    app.mount("/stac", stac)
    return app


def _caller_of(request: Request) -> Caller:
    writer = request.headers.get("X-Writer")
    if not writer:
        return ANYBODY
    return Caller("writer", writes=True, audiences=() if writer == "yes" else (writer,))


def _audiences_of(request: Request) -> Sequence[str]:
    audience = request.headers.get("X-Audience")
    return [audience] if audience else []

"""The STAC API mounted as the service mounts it, for tests."""

import warnings
from collections.abc import Sequence
from functools import cache

from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning
from starlette.requests import Request

from graph_service.api.stac import stac_application
from graph_service.catalogue import Catalogue
from graph_service.reasoning.meaning import Meaning
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


def service_of(catalogue: Catalogue) -> FastAPI:
    """An application with the STAC API under ``/stac``; the header X-Audience names who asks."""
    app = FastAPI()
    stac = stac_application(catalogue.index, audiences_of=_audiences_of, meaning=meaning(), ontology=packaged())
    app.mount("/stac", stac)
    return app


def _audiences_of(request: Request) -> Sequence[str]:
    audience = request.headers.get("X-Audience")
    return [audience] if audience else []

"""``POST /index/rebuild``: the search index made again while the service goes on, for those with a token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from graph_service.api.callers import CallerOf, require_writer
from graph_service.catalogue import Catalogue
from graph_service.security.tokens import Caller


class Rebuilt(BaseModel):
    """An index that was made again."""

    records: int = Field(description="Products and collections in it")


def upkeep_router(catalogue: Catalogue, caller_of: CallerOf) -> APIRouter:
    """The route that makes the index again."""
    router = APIRouter(tags=["Writing"])

    def writer(request: Request) -> Caller:
        return require_writer(caller_of(request))

    @router.post("/index/rebuild")
    def rebuild(caller: Annotated[Caller, Depends(writer)]) -> Rebuilt:
        """Make the search index again from graph and documents, and answer when it is done. Needs a token that may
        write. Searches and writes go on meanwhile."""
        return Rebuilt(records=catalogue.rebuild())

    return router

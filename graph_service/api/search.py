"""``/search``: products by key/value conditions, as compact rows."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from graph_service.index.key_value import key_value_filter
from graph_service.index.meaning import widened
from graph_service.index.properties import PROPERTIES
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.meaning import Meaning
from graph_service.views.stac.served import item_url

AudiencesOf = Callable[[Request], Sequence[str]]


class SearchedProduct(BaseModel):
    """A product that was found."""

    iri: str
    id: str
    collection: str
    href: str = Field(description="Its STAC item")


class Searched(BaseModel):
    """What a search found, newest first."""

    matched: int
    returned: int
    products: list[SearchedProduct]


class SearchProperty(BaseModel):
    """A property that a filter can name."""

    name: str
    stac_name: str
    type: str
    description: str


def search_router(index: SQLiteIndex, audiences_of: AudiencesOf, meaning: Meaning) -> APIRouter:
    """The routes of the key/value search.

    Args:
        index: what is searched.
        audiences_of: what restricted data a request may see.
        meaning: of the terms that a filter may have.
    """
    router = APIRouter(tags=["Search"])

    @router.get("/search")
    def search(
        request: Request,
        filter: Annotated[str, Query(description="e.g. platform=sentinel-2,cloud_cover<10; , is and, ; is or")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    ) -> Searched:
        """Products by conditions on their properties, newest first."""
        base_url = f"{str(request.base_url).rstrip('/')}/stac"
        tree, audiences = widened(key_value_filter(filter), meaning), audiences_of(request)
        page = index.search(tree, audiences=audiences, limit=limit)
        products = [
            SearchedProduct(
                iri=one.iri,
                id=one.identifier,
                collection=one.collection,
                href=item_url(base_url, one.collection, one.identifier),
            )
            for one in page.found
        ]
        return Searched(matched=index.count(tree, audiences=audiences), returned=len(products), products=products)

    @router.get("/search/properties")
    def properties() -> list[SearchProperty]:
        """The properties that a filter can name."""
        return [
            SearchProperty(name=p.name, stac_name=p.stac_name, type=p.kind, description=p.description)
            for p in PROPERTIES
        ]

    return router

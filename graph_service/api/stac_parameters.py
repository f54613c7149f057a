"""The parameters of STAC requests as the OpenAPI document describes them; ``stac_search`` says what they mean.

All are text without a null, which OpenAPI 3.0 lacks; an empty one counts as absent. Requests are read without these
models, which would cost as much as a small search, and whoever reads them can name what is wrong.
"""

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field

from graph_service.api.stac_search import CRS84, DEFAULT_LIMIT, MAXIMUM_LIMIT
from graph_service.index.cql2 import JSON, TEXT


class SearchQuery(BaseModel):
    """Of a search in one collection or in all."""

    bbox: Annotated[
        str,
        Field(
            description="west,south,east,north in degrees (CRS84), or with heights as third and sixth; "
            "a west greater than east crosses the antimeridian",
            json_schema_extra={"example": "11.2,44.1,13.3,45.2"},
        ),
    ] = ""
    datetime: Annotated[
        str,
        Field(
            description="RFC 3339 instant, or two with a slash between; '..' for an open end",
            json_schema_extra={"example": "2024-05-01T00:00:00Z/.."},
        ),
    ] = ""
    limit: Annotated[
        str, Field(description=f"Items on a page, 1 to {MAXIMUM_LIMIT}, above answered as {MAXIMUM_LIMIT}")
    ] = str(DEFAULT_LIMIT)
    token: Annotated[str, Field(description="Where the page starts; as a next link gives it")] = ""
    intersects: Annotated[str, Field(description="GeoJSON geometry (CRS84) as JSON text; not beside bbox")] = ""
    ids: Annotated[str, Field(description="Identifiers of items, with commas between")] = ""
    collections: Annotated[str, Field(description="Identifiers of collections, with commas between")] = ""
    filter: Annotated[
        str,
        Field(
            description="CQL2 on the properties that /queryables lists",
            json_schema_extra={"example": "platform = 'sentinel-2' AND eo:cloud_cover < 10 AND concept = 'flood'"},
        ),
    ] = ""
    filter_lang: Annotated[str, Field(alias="filter-lang", description=f"{TEXT}, or {JSON} as JSON text")] = ""
    filter_crs: Annotated[str, Field(alias="filter-crs", description=f"Of coordinates in the filter: {CRS84}")] = ""
    query: Annotated[str, Field(description='Query extension, as JSON text: {"eo:cloud_cover": {"lt": 10}}')] = ""
    q: Annotated[str, Field(description="Words or phrases, any of which is to be found; with commas between")] = ""
    sortby: Annotated[
        str,
        Field(
            description="Properties that /sortables lists, with commas between; a minus sign before one that descends",
            json_schema_extra={"example": "-datetime,eo:cloud_cover"},
        ),
    ] = ""
    fields: Annotated[
        str,
        Field(
            description="Members to give, beside those of a bare item, with commas between; a minus sign before "
            "one to leave out",
            json_schema_extra={"example": "properties.eo:cloud_cover,-assets"},
        ),
    ] = ""
    explain: Annotated[str, Field(description="Whether each item says why it was found: true or false")] = ""


class AggregateQuery(SearchQuery):
    """Of the aggregations of a search; each may have a parameter of its own, as /aggregations tells."""

    aggregations: Annotated[
        str,
        Field(
            description="Those of /aggregations that are wanted, with commas between",
            json_schema_extra={"example": "total_count,datetime_frequency"},
        ),
    ] = ""


class CollectionQuery(BaseModel):
    """Of a search for collections."""

    bbox: Annotated[str, Field(description="west,south,east,north in degrees (CRS84), as of items")] = ""
    datetime: Annotated[str, Field(description="RFC 3339 instant or interval, as of items")] = ""
    q: Annotated[str, Field(description="Words or phrases, any of which is to be found; with commas between")] = ""
    sortby: Annotated[str, Field(description="id, title or another member with one text; a minus sign before it")] = ""
    fields: Annotated[str, Field(description="Members to give, as of items")] = ""
    limit: Annotated[str, Field(description=f"Collections on a page, 1 to {MAXIMUM_LIMIT}")] = str(MAXIMUM_LIMIT)
    token: Annotated[str, Field(description="Where the page starts; as a next link gives it")] = ""


def given_in(request: Request) -> dict[str, str]:
    """The parameters of a GET request, but for those that are empty; the last of several of one name."""
    return {name: value for name, value in request.query_params.items() if value}


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The parameters of a route in its OpenAPI description."""
    properties = model.model_json_schema(by_alias=True)["properties"]
    return {"parameters": [_described(name, schema) for name, schema in properties.items()]}


def _described(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    rest = dict(schema)
    apart = {key: rest.pop(key) for key in ("description", "example") if key in rest}
    return {"name": name, "in": "query", "required": False, "schema": rest} | apart

"""The parameters of STAC requests as the OpenAPI document describes them; ``stac_search`` says what they mean.

All are text without a null, which OpenAPI 3.0 lacks; an empty one counts as absent. Others
pass through, so that the one who reads them can name what is wrong.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from graph_service.api.stac_search import CRS84, DEFAULT_LIMIT, MAXIMUM_LIMIT
from graph_service.index.cql2 import JSON, TEXT


class SearchQuery(BaseModel):
    """Of a search in one collection or in all."""

    model_config = ConfigDict(extra="allow")

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

"""The conformance classes of the STAC API; each has a test."""

from stac_fastapi.types.conformance import BASE_CONFORMANCE_CLASSES

from graph_service.index.cql2 import CLASSES

_STAC = "https://api.stacspec.org"
_OGC = "http://www.opengis.net/spec"
_FILTER = (
    f"{_STAC}/v1.0.0/item-search#filter",
    *(f"{_OGC}/ogcapi-features-3/1.0/conf/{name}" for name in ("features-filter", "filter", "queryables")),
    *CLASSES,
)
_EXTENSIONS = (
    # Of 1.0.0, which clients look for, as well as of 1.1.0, which adds the sortables.
    f"{_STAC}/v1.0.0/item-search#sort",
    f"{_STAC}/v1.0.0/ogcapi-features#sort",
    f"{_STAC}/v1.1.0/item-search#sort",
    f"{_STAC}/v1.1.0/ogcapi-features#sort",
    f"{_STAC}/v1.0.0/item-search#fields",
    f"{_STAC}/v1.0.0/ogcapi-features#fields",
    f"{_STAC}/v1.0.0/item-search#query",
    f"{_STAC}/v1.0.0/ogcapi-features#query",
    f"{_STAC}/v1.0.0-rc.1/item-search#free-text",
    f"{_STAC}/v1.0.0-rc.1/ogcapi-features#free-text",
    f"{_STAC}/v1.0.0-rc.2/item-search#context",
    f"{_STAC}/v0.3.0/aggregation",
    f"{_STAC}/v0.3.0/aggregation#filter",
    f"{_STAC}/v0.3.0/aggregation#query",
    f"{_STAC}/v1.0.0-rc.2/children",
)
_COLLECTION_SEARCH = (
    f"{_OGC}/ogcapi-common-2/1.0/conf/simple-query",
    f"{_STAC}/v1.0.0-rc.1/collection-search",
    f"{_STAC}/v1.0.0-rc.1/collection-search#fields",
    f"{_STAC}/v1.0.0-rc.1/collection-search#free-text",
    f"{_STAC}/v1.1.0/collection-search#sort",
)
CONFORMS_TO = tuple(
    sorted((*(str(uri) for uri in BASE_CONFORMANCE_CLASSES), *_FILTER, *_EXTENSIONS, *_COLLECTION_SEARCH))
)
"""Of an API that only reads."""

"""The landing page of a STAC API."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from graph_service.index.paging import Found
from graph_service.views.stac.functions import REL as FUNCTIONS_REL
from graph_service.views.stac.json_text import json_value
from graph_service.views.stac.queryables import REL, SCHEMA, SORTABLES_REL
from graph_service.views.stac.served import GEOJSON, JSON, collection_url, root_url

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def landing_bytes(
    collections: Iterable[Found], base_url: str, *, title: str, description: str, conforms_to: Sequence[str]
) -> bytes:
    """The landing page: a STAC Catalog of the collections with the addresses of the API.

    Source: STAC API 1.0.0, core, and OGC API - Features 1.0, landing page.
    """
    return orjson.dumps(
        {
            "type": "Catalog",
            "stac_version": "1.1.0",
            "id": "orrery",
            "title": title,
            "description": description,
            "conformsTo": conforms_to,
            "links": [*_api_links(base_url), *(_child_link(one, base_url) for one in collections), _sensors(base_url)],
        }
    )


def _api_links(base_url: str) -> list[dict[str, Any]]:
    root = root_url(base_url)
    aggregate = {"rel": "aggregate", "type": JSON, "href": f"{base_url}/aggregate", "title": "Sums over items"}
    search = {"rel": "search", "type": GEOJSON, "href": f"{base_url}/search", "title": "STAC search"}
    return [
        {"rel": "self", "type": JSON, "href": root},
        {"rel": "root", "type": JSON, "href": root},
        {"rel": "conformance", "type": JSON, "href": f"{base_url}/conformance", "title": "Conformance classes"},
        {"rel": "data", "type": JSON, "href": f"{base_url}/collections", "title": "Collections"},
        search | {"method": "GET"},
        search | {"method": "POST"},
        {"rel": "children", "type": JSON, "href": f"{base_url}/children", "title": "Collections and catalogs"},
        aggregate | {"method": "GET"},
        aggregate | {"method": "POST"},
        {"rel": "aggregations", "type": JSON, "href": f"{base_url}/aggregations", "title": "What can be summed up"},
        {"rel": REL, "type": SCHEMA, "href": f"{base_url}/queryables", "title": "What a filter can name"},
        {"rel": SORTABLES_REL, "type": SCHEMA, "href": f"{base_url}/sortables", "title": "What lists can be sorted by"},
        {"rel": FUNCTIONS_REL, "type": JSON, "href": f"{base_url}/functions", "title": "What a filter can call"},
        {"rel": "service-desc", "type": OPENAPI, "href": f"{base_url}/api", "title": "OpenAPI description"},
        {"rel": "service-doc", "type": "text/html", "href": f"{base_url}/api.html", "title": "Documentation"},
    ]


def _child_link(found: Found, base_url: str) -> dict[str, Any]:
    title = json_value(found.body).get("title")
    link = {"rel": "child", "type": JSON, "href": collection_url(base_url, found.identifier)}
    return link | {"title": title if isinstance(title, str) else found.identifier}


def _sensors(base_url: str) -> dict[str, Any]:
    return {"rel": "child", "type": JSON, "href": f"{base_url}/sensors", "title": "Sensors"}

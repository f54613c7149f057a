"""STAC documents as bytes to send: what the index keeps, joined with the links of the service.

A kept document is one JSON object; it is never parsed here, its links are put
before its closing brace. That makes a page of ten items a matter of microseconds.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson

from graph_service.index.paging import Found
from graph_service.index.tallies import Extent
from graph_service.views.stac.item import rfc3339
from graph_service.views.stac.queryables import REL, SCHEMA, SORTABLES_REL

GEOJSON = "application/geo+json"
JSON = "application/json"

Link = Mapping[str, Any]


def root_url(base_url: str) -> str:
    """The landing page."""
    return f"{base_url}/"


def collection_url(base_url: str, identifier: str) -> str:
    return f"{base_url}/collections/{quote(identifier, safe='')}"


def item_url(base_url: str, collection: str, identifier: str) -> str:
    return f"{collection_url(base_url, collection)}/items/{quote(identifier, safe='')}"


def item_bytes(found: Found, base_url: str) -> bytes:
    """A STAC Item with its links.

    Args:
        found: the item as the index keeps it.
        base_url: of the STAC API, without a slash at the end.
    """
    home = collection_url(base_url, found.collection)
    links = [
        {"rel": "self", "type": GEOJSON, "href": item_url(base_url, found.collection, found.identifier)},
        {"rel": "root", "type": JSON, "href": root_url(base_url)},
        {"rel": "parent", "type": JSON, "href": home},
        {"rel": "collection", "type": JSON, "href": home},
    ]
    return _with_links(found.body, links, found.links)


def feature_collection(found: Iterable[Found], base_url: str, *, links: Sequence[Link], matched: int) -> bytes:
    """A page of STAC Items.

    Args:
        found: the items of the page.
        base_url: of the STAC API, without a slash at the end.
        links: of the page itself.
        matched: number of items on all pages.
    """
    items = [item_bytes(one, base_url) for one in found]
    return feature_page(items, links=links, matched=matched, limit=None)


def feature_page(items: Sequence[bytes], *, links: Sequence[Link], matched: int, limit: int | None) -> bytes:
    """A page of features.

    Args:
        items: each as it is to be served.
        links: of the page itself.
        matched: number of items on all pages.
        limit: most items on a page; None where nobody asked.

    Source: OGC API - Features 1.0, 7.15.6; STAC API, context extension 1.0.0-rc.2, which older clients read.
    """
    context = orjson.dumps({"matched": matched, "returned": len(items), "limit": limit})
    return b"".join(
        [
            b'{"type":"FeatureCollection","features":[',
            b",".join(items),
            b'],"links":',
            orjson.dumps(links),
            b',"numberMatched":%d,"numberReturned":%d,"context":%s}' % (matched, len(items), context),
        ]
    )


def collection_bytes(found: Found, extent: Extent | None, base_url: str, children: Sequence[Link] = ()) -> bytes:
    """A STAC Collection with its links.

    Args:
        found: the collection as the index keeps it.
        extent: what its items span, for a collection that does not say so itself; None where it has no items.
        base_url: of the STAC API, without a slash at the end.
        children: links to catalogs of its items.
    """
    own = collection_url(base_url, found.identifier)
    links = [
        {"rel": "self", "type": JSON, "href": own},
        {"rel": "root", "type": JSON, "href": root_url(base_url)},
        {"rel": "parent", "type": JSON, "href": root_url(base_url)},
        {"rel": "items", "type": GEOJSON, "href": f"{own}/items"},
        {"rel": REL, "type": SCHEMA, "href": f"{own}/queryables"},
        {"rel": SORTABLES_REL, "type": SCHEMA, "href": f"{own}/sortables"},
        {"rel": "aggregate", "type": JSON, "href": f"{own}/aggregate"},
        {"rel": "aggregations", "type": JSON, "href": f"{own}/aggregations"},
        *children,
    ]
    body = found.body
    if not says_extent(found):
        body = body[:-1] + b',"extent":' + orjson.dumps(extent_document(extent)) + b"}"
    return _with_links(body, links, found.links)


def says_extent(found: Found) -> bool:
    """Whether a collection's own document says what it spans."""
    return found.body.startswith(b'{"extent":')


def extent_document(extent: Extent | None) -> dict[str, Any]:
    """The extent of a STAC Collection; the whole Earth at any time where nothing is known."""
    if extent is None:
        return {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}
    box = [_down(extent.west), _down(extent.south), _up(extent.east), _up(extent.north)]
    return {
        "spatial": {"bbox": [box]},
        "temporal": {"interval": [[_instant(extent.first), _instant(extent.last)]]},
    }


def _with_links(body: bytes, own: Sequence[Link], kept: bytes) -> bytes:
    links = orjson.dumps(own)
    if kept != b"[]":
        links = links[:-1] + b"," + kept[1:]
    return body[:-1] + b',"links":' + links + b"}"


def _instant(seconds: float) -> str | None:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


# The index rounds boxes outwards to 32-bit floats; five decimals (a metre) keep them outside and readable.
def _down(degrees: float) -> float:
    return math.floor(degrees * 1e5) / 1e5


def _up(degrees: float) -> float:
    return math.ceil(degrees * 1e5) / 1e5

"""What the generated STAC documents have in common: where they claim to be published, links and previews."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.synthetic.scene import Product, iso_time

ROOT = "https://orrery.example/stac"
STAC_VERSION = "1.1.0"
LICENCE = "CC0-1.0"
GENERATED = "orrery:generated"
SCENES = "sentinel-2-l2a"

GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
GEOJSON = "application/geo+json"

_EXTENSIONS = [
    "https://stac-extensions.github.io/processing/v1.2.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
]
_PREVIEW_PIXELS = {"thumbnail": 512, "overview": 1536}


def bounding_box(product: Product) -> list[float]:
    """West, south, east, north of a product's footprint in degrees."""
    return [round(edge, 6) for edge in product.scene.acquisition.footprint.bounds]


def derived_item(
    product: Product,
    collection: str,
    algorithm_version: int,
    properties: Mapping[str, Any],
    assets: Mapping[str, tuple[str, str]],
    previewed: Sequence[str],
) -> dict[str, Any]:
    """A STAC item that an algorithm made of a Level-2A product, in the shape of DaFab's.

    Args:
        product: the source.
        collection: of the item.
        algorithm_version: whole number, hundredths of the processing version.
        properties: of the item's own.
        assets: key to (media type, title).
        previewed: keys of the assets that have a thumbnail and an overview.
    """
    identifier = f"{product.identifier}_{collection}_{algorithm_version}"
    footprint = product.scene.acquisition.footprint.exterior.coords
    return {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": _EXTENSIONS,
        "id": identifier,
        "collection": collection,
        "geometry": {"type": "Polygon", "coordinates": [[list(position) for position in footprint]]},
        "bbox": bounding_box(product),
        "properties": {
            "datetime": iso_time(product.scene.acquisition.started_at),
            "processing:level": "L4",
            "processing:version": f"{algorithm_version // 100}.{algorithm_version // 10 % 10}.{algorithm_version % 10}",
            GENERATED: True,
            **properties,
        },
        "links": _links(identifier, collection, product.identifier),
        "assets": {
            **{key: _asset(identifier, key, *described) for key, described in assets.items()},
            **{
                f"{key}-{role}": _preview(identifier, key, role, bounding_box(product))
                for key in previewed
                for role in _PREVIEW_PIXELS
            },
        },
    }


def _links(identifier: str, collection: str, source: str) -> list[dict[str, str]]:
    return [
        {"rel": "root", "href": ROOT},
        {"rel": "self", "href": f"{ROOT}/collections/{collection}/items/{identifier}"},
        {"rel": "collection", "href": f"{ROOT}/collections/{collection}"},
        {"rel": "derived_from", "href": f"{ROOT}/collections/{SCENES}/items/{source}"},
    ]


def _asset(identifier: str, key: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": _href(identifier, key), "type": media_type, "title": title}


def _preview(identifier: str, key: str, role: str, box: list[float]) -> dict[str, Any]:
    """A picture's entry; its size and its source's checksum are made from its name."""
    digest = hashlib.sha256(f"{identifier}/{key}".encode()).hexdigest()
    pixels = _PREVIEW_PIXELS[role]
    return {
        "href": _href(identifier, f"{key}-{role}"),
        "type": "image/png",
        "title": f"{role.capitalize()} of {key}",
        "roles": [role],
        "file:size": 20 * pixels + int(digest[:3], 16),
        "dafab:preview": {
            "source_asset": key,
            "source_sha256": digest,
            "renderer_version": 1,
            "image_crs": "EPSG:3857",
            "bbox_crs": "EPSG:4326",
            "bbox": box,
            "width": pixels,
            "height": pixels,
        },
    }


def _href(identifier: str, key: str) -> str:
    return f"{ROOT}/assets/dafab/items/{identifier}/{key}"

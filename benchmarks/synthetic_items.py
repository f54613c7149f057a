"""Sentinel-2-like STAC items that nobody has to download: number n is the same on every machine.

They lie on five thousand tiles of a degree or so, as often over each, from 2017 to 2025 in the order of
their numbers, and have the members that Level-2A items of the public archives have, assets included.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from shapely.geometry import Polygon

from ontology import terms
from ontology.identifiers import collection_iri, item_iri, platform_iri, tile_iri
from ontology.records import Scene

COLLECTIONS = ("sentinel-2-l2a", "sentinel-2-l2a", "sentinel-2-l2a", "sentinel-2-l2a", "sentinel-2-l1c")
_TILES = 5_000
_FIRST = datetime(2017, 1, 1, tzinfo=UTC)
_SPAN_S = 8 * 365 * 86_400
_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12", "SCL", "TCI", "AOT")
_PLATFORMS = ("sentinel-2a", "sentinel-2b", "sentinel-2c")


def mixed(number: int, salt: int, below: int) -> int:
    """A number that looks drawn by lot, from 0 on (SplitMix64)."""
    value = (number * 0x9E3779B97F4A7C15 + salt * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    value = (value ^ value >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return (value ^ value >> 31) % below


def tile_corner(tile: int) -> tuple[float, float]:
    """West and south of a tile, degrees; a third of them are in Europe."""
    if tile % 3 == 0:
        return -10 + mixed(tile, 1, 4000) / 100, 35 + mixed(tile, 2, 3000) / 100
    return -179 + mixed(tile, 1, 35600) / 100, -56 + mixed(tile, 2, 12800) / 100


def footprint(number: int) -> Polygon:
    """The outline of an item: a tile turned a little, of which an orbit may have cut off a part."""
    west, south = tile_corner(mixed(number, 3, _TILES))
    width = 1.0 if mixed(number, 4, 3) else 0.3 + mixed(number, 5, 70) / 100
    turned = 0.02
    return Polygon(
        [
            (west, south + turned),
            (west + width, south),
            (west + width + turned, south + 1),
            (west + turned, south + 1 + turned),
        ]
    )


def sensed(number: int, of: int) -> datetime:
    """When an item of so many was sensed."""
    return _FIRST + timedelta(seconds=number * _SPAN_S // of, milliseconds=mixed(number, 6, 1000))


def scene(number: int, of: int) -> Scene:
    """What the catalogue makes of an item."""
    tile = f"MGRS-{mixed(number, 3, _TILES):05d}"
    collection = COLLECTIONS[number % len(COLLECTIONS)]
    identifier = f"S2A_{tile[5:]}_{number:08d}_{collection[-3:].upper()}"
    return Scene(
        iri=item_iri(collection, identifier),
        identifier=identifier,
        collection=collection_iri(collection),
        footprint=shapely.to_wkt(footprint(number), rounding_precision=-1),
        sensed_at=sensed(number, of),
        platform=platform_iri(_PLATFORMS[mixed(number, 7, len(_PLATFORMS))]),
        product_type=terms.code("ProductType", "S2MSI2A" if collection.endswith("l2a") else "S2MSI1C"),
        tile=tile_iri(tile),
        relative_orbit=1 + mixed(number, 8, 143),
        cloud_cover=mixed(number, 9, 10_001) / 100,
        created_at=sensed(number, of) + timedelta(hours=6),
    )


def item(number: int, of: int) -> dict[str, Any]:
    """A STAC item of so many."""
    one = scene(number, of)
    shape = footprint(number)
    base = f"https://example.org/{one.identifier}"
    time = one.sensed_at.isoformat().replace("+00:00", "Z")
    assert one.tile is not None
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": one.identifier,
        "collection": COLLECTIONS[number % len(COLLECTIONS)],
        "geometry": shape.__geo_interface__,
        "bbox": list(shape.bounds),
        "properties": {
            "datetime": time,
            "created": (one.sensed_at + timedelta(hours=6)).isoformat().replace("+00:00", "Z"),
            "title": f"Sentinel-2 image of {time[:10]}",
            "platform": _PLATFORMS[mixed(number, 7, len(_PLATFORMS))],
            "constellation": "sentinel-2",
            "instruments": ["msi"],
            "eo:cloud_cover": one.cloud_cover,
            "sat:relative_orbit": one.relative_orbit,
            "grid:code": one.tile.rpartition("/")[2],
            "proj:code": "EPSG:32632",
            "view:sun_elevation": 20 + mixed(number, 10, 5000) / 100,
            "product:type": "S2MSI2A" if number % len(COLLECTIONS) < 4 else "S2MSI1C",
        },
        "assets": {band: _asset(base, band) for band in _BANDS},
        "links": [{"rel": "license", "href": "https://example.org/licence"}],
    }


def _asset(base: str, band: str) -> dict[str, Any]:
    return {
        "href": f"{base}/{band}.tif",
        "type": "image/tiff; application=geotiff; profile=cloud-optimized",
        "title": f"Band {band}",
        "roles": ["data", "reflectance"],
        "gsd": 10,
        "proj:shape": [10980, 10980],
        "proj:transform": [10, 0, 600000, 0, -10, 5000040],
        "raster:scale": 0.0001,
        "raster:offset": -0.1,
    }


def items(number: int) -> Iterator[dict[str, Any]]:
    """So many items, the oldest first."""
    return (item(k, number) for k in range(number))

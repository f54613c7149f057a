"""Our scenes of real products beside the STAC items that stactools-sentinel2 publishes for them."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import from_wkt
from shapely.geometry import shape

from ingest.document import Document
from ingest.sentinel2.product import read_product
from ontology import terms
from ontology.identifiers import platform_iri, tile_iri
from ontology.records import Scene

_NUMBERS = {
    "eo:cloud_cover": "cloud_cover",
    "eo:snow_cover": "snow_cover",
    "s2:nodata_pixel_percentage": "no_data_cover",
    "s2:vegetation_percentage": "vegetation_cover",
    "s2:water_percentage": "water_cover",
    "sat:relative_orbit": "relative_orbit",
    "view:incidence_angle": "incidence_angle",
    "view:sun_azimuth": "sun_azimuth",
    "view:sun_elevation": "sun_elevation",
}

Pairs = list[tuple[Scene, dict[str, Any]]]


@pytest.fixture(scope="module")
def pairs(real_products: dict[Path, Document]) -> Pairs:
    """Scenes with the item of the other project."""
    found = []
    for folder, document in real_products.items():
        item = folder / "expected_output.json"
        scene = read_product(document).record
        if item.exists() and isinstance(scene, Scene):
            found.append((scene, json.loads(item.read_bytes())))
    return found


@pytest.mark.parametrize("name", _NUMBERS)
def test_numbers_are_those_of_the_item(pairs: Pairs, name: str) -> None:
    for scene, item in pairs:
        if name in item["properties"]:
            assert getattr(scene, _NUMBERS[name]) == pytest.approx(item["properties"][name], abs=1e-5), scene.iri


def test_names_are_those_of_the_item(pairs: Pairs) -> None:
    for scene, item in pairs:
        said = item["properties"]
        assert f"{scene.identifier}.SAFE" == said["s2:product_uri"]
        assert scene.tile == tile_iri(said["grid:code"])
        assert scene.platform == platform_iri(said["platform"])
        assert scene.processing_version == said["s2:processing_baseline"]
        assert scene.datatake == said["s2:datatake_id"]
        assert scene.orbit_direction == terms.code("OrbitDirection", said["sat:orbit_state"])
        assert said.get("proj:code", f"EPSG:{said.get('proj:epsg')}") == f"EPSG:{scene.epsg}"


def test_footprints_cover_the_same_ground(pairs: Pairs) -> None:
    for scene, item in pairs:
        ours, theirs = from_wkt(scene.footprint), shape(item["geometry"])
        assert ours.symmetric_difference(theirs).area < 0.01 * theirs.area, scene.iri


def test_every_image_of_the_item_is_an_asset(pairs: Pairs) -> None:
    for scene, item in pairs:
        theirs = {
            asset["href"].rpartition("/")[2] for asset in item["assets"].values() if "/IMG_DATA/" in asset["href"]
        }
        ours = {asset.href.rpartition("/")[2] for asset in scene.assets}
        assert theirs <= ours, scene.iri

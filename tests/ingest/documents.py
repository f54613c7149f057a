"""STAC items as producers of each version write them, and DaFab's items true to their JSON Schemas."""

import json
from typing import Any

from ingest.document import Document, Part
from ingest.kinds import JSON

SOURCE = "there/item.json"
SQUARE = {"type": "Polygon", "coordinates": [[[22.0, 40.0], [23.0, 40.0], [23.0, 41.0], [22.0, 41.0], [22.0, 40.0]]]}
CHECKSUM = "1220" + "ab" * 32
PRODUCT = "S2B_MSIL2A_20240812T092029_N0511_R093_T34TGL_20240812T132345"

VERSIONS = ("0.9.0", "1.0.0", "1.1.0")

_COMMON = {
    "title": "A scene",
    "datetime": "2024-08-12T09:27:13.523876Z",
    "start_datetime": "2024-08-12T09:20:29Z",
    "end_datetime": "2024-08-12T09:30:00Z",
    "created": "2024-08-12T12:13:40Z",
    "updated": "2024-08-13T00:00:00Z",
    "license": "CC-BY-4.0",
    "platform": "Sentinel-2B",
    "constellation": "Sentinel-2",
    "instruments": ["MSI"],
    "gsd": 10,
    "eo:cloud_cover": 0,
    "view:off_nadir": 0,
    "view:incidence_angle": 8.5,
    "view:azimuth": 285.0,
    "view:sun_azimuth": 148.25,
    "view:sun_elevation": 60.5,
    "sat:orbit_state": "descending",
    "sat:relative_orbit": 93,
    "sar:instrument_mode": "IW",
    "sar:polarizations": ["VV", "VH"],
    "processing:level": "L2A",
    "processing:facility": "ESA",
    "processing:lineage": "Made from level 1C",
    "processing:software": {"Sen2Cor": "2.11", "GIPP": "4"},
    "s2:datatake_id": "GS2B_20240812T092029_038824_N05.11",
    "s2:water_percentage": 3.5,
    "s2:vegetation_percentage": 61.75,
    "s2:nodata_pixel_percentage": 0.0,
    "sat:absolute_orbit": 38824,
}
_BAND = {"name": "B04", "common_name": "red", "center_wavelength": 0.665, "full_width_half_max": 0.038, "gsd": 10}
_BAND_1_1 = {
    "name": "B04",
    "eo:common_name": "red",
    "eo:center_wavelength": 0.665,
    "eo:full_width_half_max": 0.038,
    "gsd": 10,
}
_SPELLINGS: dict[str, dict[str, Any]] = {
    "0.9.0": {
        "s2:snow_ice_percentage": 0.25,
        "eo:bands": [_BAND],
        "proj:epsg": 32634,
        "s2:mgrs_tile": "T34TGL",
        "s2:product_type": "S2MSI2A",
        "s2:processing_baseline": "05.11",
        "s2:generation_time": "2024-08-12T13:23:45Z",
    },
    "1.0.0": {
        "eo:snow_cover": 0.25,
        "eo:bands": [_BAND],
        "proj:epsg": 32634,
        "grid:code": "MGRS-34TGL",
        "s2:product_type": "S2MSI2A",
        "s2:processing_baseline": "05.11",
        "s2:generation_time": "2024-08-12T13:23:45Z",
    },
    "1.1.0": {
        "eo:snow_cover": 0.25,
        "bands": [_BAND_1_1],
        "proj:code": "EPSG:32634",
        "grid:code": "MGRS-34TGL",
        "product:type": "S2MSI2A",
        "processing:version": "05.11",
        "processing:datetime": "2024-08-12T13:23:45Z",
    },
}
_ASSET = {
    "href": "https://example.com/B04.tif",
    "title": "Red",
    "type": "image/tiff; application=geotiff; profile=cloud-optimized",
    "roles": ["reflectance", "data"],
    "gsd": 10,
}
_ASSET_SPELLINGS: dict[str, dict[str, Any]] = {
    "0.9.0": {"checksum:multihash": CHECKSUM, "file:size": 1024, "eo:bands": [_BAND], "proj:epsg": 32634},
    "1.0.0": {"file:checksum": CHECKSUM, "file:size": 1024, "eo:bands": [_BAND], "proj:epsg": 32634},
    "1.1.0": {"file:checksum": CHECKSUM, "file:size": 1024, "bands": [_BAND_1_1], "proj:code": "EPSG:32634"},
}
_SOURCE_LINK = {"rel": "derived_from", "href": "https://example.com/stac/collections/sentinel-2-l1c/items/S2B_L1C"}


def stac_item(version: str = "1.1.0", properties: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """The least that a STAC item has, with properties and members besides or instead."""
    item: dict[str, Any] = {
        "type": "Feature",
        "stac_version": version,
        "id": "scene",
        "collection": "series",
        "geometry": SQUARE,
        "bbox": [22.0, 40.0, 23.0, 41.0],
        "properties": {"datetime": "2024-08-12T09:27:13Z"} | (properties or {}),
        "links": [],
        "assets": {},
    }
    return item | members


def full_item(version: str) -> dict[str, Any]:
    """An item with every member that the catalogue reads, in the spelling of a version."""
    return stac_item(
        version,
        _COMMON | _SPELLINGS[version],
        links=[_SOURCE_LINK, {"rel": "self", "href": "https://example.com/scene"}],
        assets={"red": _ASSET | _ASSET_SPELLINGS[version]},
    )


WATER_MEASURES: dict[str, Any] = {
    "water_analysis_algorithm_version": 200,
    "observed_water": 12.5,
    "observed_water_visible": 12.25,
    "reference_permanent_water": 6.5,
    "reference_permanent_water_visible": 6.25,
    "reference_seasonal_water": 1.5,
    "reference_seasonal_water_visible": 1.25,
    "excess_total_water_observed": 96.5,
    "excess_total_water_observed_area(km2)": 640.0,
    "excess_seasonal_water_observed": 150.0,
    "excess_water_observed_by_permanent_seasonal": 180.0,
    "deficit_water_observed": 0.5,
    "deficit_water_observed_area(km2)": 3.75,
    "excess_total_water": {
        "number": 7,
        "min_area(km2)": 0.05,
        "mean_area(km2)": 80.0,
        "max_area(km2)": 500.0,
        "total_area(km2)": 560.0,
        "excess_total_water_observed": 84.0,
    },
    "deficit_water": {
        "number": 2,
        "min_area(km2)": 0.25,
        "mean_area(km2)": 0.5,
        "max_area(km2)": 0.75,
        "total_area(km2)": 1.0,
        "deficit_water_observed": 0.1,
    },
    "difference_water_mask": {
        "other": 70.0,
        "exclusion_reference": 0.5,
        "exclusion_observed": 15.0,
        "water_deficit_observed": 0.25,
        "water_excess_observed": 6.0,
        "water_seasonal_observed": 1.0,
        "water_seasonal_not_observed": 1.25,
        "water_permanent_observed": 6.0,
    },
    "trustworthiness_observed_water_mask": {
        pair: {
            "overlap_water_percentage": 12.0,
            "left_join_water_percentage": 0.25,
            "right_join_water_percentage": 0.75,
            "overlap_other_percentage": 87.0,
            "iou_score_water": 0.96,
            "iou_score_other": 0.98,
            "mcc_score": -0.5,
            "kappa_score": 0.94,
        }
        for pair in ("noai_scl", "ai_scl", "ai_noai")
    },
}
FIELD_MEASURES: dict[str, Any] = {
    "smart_agriculture_algorithm_version": 100,
    "number_of_fields": 1204,
    "field_percentage": 41.5,
    "total_field_area(ha)": 500123.5,
    "min_area_of_fields(ha)": 0.0,
    "mean_area_of_fields(ha)": 4.25,
    "max_area_of_fields(ha)": 310.75,
}


def _dafab_item(collection: str, version: int, measures_name: str, measures: dict[str, Any]) -> dict[str, Any]:
    identifier = f"{PRODUCT}_{collection}_{version}"
    root = "https://dafab.example/stac"
    return stac_item(
        "1.1.0",
        {
            "datetime": "2024-08-12T09:20:29.024Z",
            "processing:level": "L4",
            "processing:version": f"{version // 100}.0.0",
            measures_name: measures,
        },
        id=identifier,
        collection=collection,
        stac_extensions=["https://stac-extensions.github.io/processing/v1.2.0/schema.json"],
        links=[
            {"rel": "root", "href": root},
            {"rel": "self", "href": f"{root}/collections/{collection}/items/{identifier}"},
            {"rel": "collection", "href": f"{root}/collections/{collection}"},
            {"rel": "derived_from", "href": f"{root}/collections/sentinel_2_l2a/items/{PRODUCT}"},
        ],
    )


_GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
_WATER_ASSETS = {
    "dafab-water-excess": {"type": "application/geo+json", "title": "Vectorized Excess Water"},
    "dafab-AI-difference-water-mask": {"type": _GEOTIFF, "title": "AI difference water mask"},
    "dafab-AI-observed-water": {"type": _GEOTIFF, "title": "AI observed water"},
    "dafab-AI-postprocessed-observed-water": {"type": _GEOTIFF, "title": "AI postprocessed observed water"},
    "dafab-no-AI-observed-water": {"type": _GEOTIFF, "title": "No-AI observed water"},
    "dafab-GFM-reference-water-mask": {"type": _GEOTIFF, "title": "GFM reference water mask"},
}


def water_item(**measures: Any) -> dict[str, Any]:
    """A ``water_analysis`` item, with measures besides or instead; None leaves a measure out."""
    changed = {name: value for name, value in (WATER_MEASURES | measures).items() if value is not None}
    item = _dafab_item("water_analysis", 200, "dafab:water-analysis", changed)
    href = f"https://dafab.example/stac/assets/dafab/items/{item['id']}"
    return item | {"assets": {key: about | {"href": f"{href}/{key}"} for key, about in _WATER_ASSETS.items()}}


def fields_item(**measures: Any) -> dict[str, Any]:
    """A ``smart_agriculture`` item, with measures besides or instead; None leaves a measure out."""
    changed = {name: value for name, value in (FIELD_MEASURES | measures).items() if value is not None}
    item = _dafab_item("smart_agriculture", 100, "dafab:smart-agriculture", changed)
    boundaries = {"href": "URL to boundaries", "type": "application/geo+json"}
    overview = {"href": "URL to overview", "type": "image/png", "roles": ["overview"], "file:size": 4096}
    assets = {"dafab-field-boundaries": boundaries, "dafab-field-boundaries-overview": overview}
    return item | {"assets": assets}


def stac_collection(**members: Any) -> dict[str, Any]:
    """A STAC collection with everything that the specification requires."""
    extent = {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [["2015-06-27T00:00:00Z", None]]}}
    collection: dict[str, Any] = {
        "type": "Collection",
        "stac_version": "1.1.0",
        "id": "series",
        "title": "A series",
        "description": "Scenes of one kind.",
        "license": "CC-BY-4.0",
        "keywords": ["water", "optical", "water"],
        "extent": extent,
        "links": [],
    }
    return collection | members


def json_document(value: Any, kind: str = JSON, source: str = SOURCE) -> Document:
    """A document with a value as its JSON text."""
    return Document(source, kind, (Part("", json.dumps(value).encode()),))

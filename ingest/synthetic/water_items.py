"""Items of the collection ``water_analysis``: what an algorithm would say of the water in a scene (DaFab)."""

from random import Random
from typing import Any

from ingest.synthetic.mask_agreement import agreement
from ingest.synthetic.scene import Product
from ingest.synthetic.stac_frame import GEOJSON, GEOTIFF, derived_item
from ingest.synthetic.water_balance import WaterBalance, surface_km2

COLLECTION = "water_analysis"
ALGORITHM_VERSION = 200
_ASSETS = {
    "dafab-water-excess": (GEOJSON, "Outlines of excess water"),
    "dafab-water-deficit": (GEOJSON, "Outlines of missing water"),
    "dafab-AI-postprocessed-observed-water": (GEOTIFF, "Water seen by the network, cleaned"),
    "dafab-AI-observed-water": (GEOTIFF, "Water seen by the network"),
    "dafab-GFM-reference-water-mask": (GEOTIFF, "Reference water"),
    "dafab-ESA-worldcover": (GEOTIFF, "Land cover"),
    "dafab-AI-cloud-mask": (GEOTIFF, "Clouds"),
    "dafab-no-AI-observed-water": (GEOTIFF, "Water seen by an index"),
    "dafab-no-AI-postprocessed-observed-water": (GEOTIFF, "Water seen by an index, cleaned"),
    "dafab-difference-water-mask": (GEOTIFF, "Difference from the reference water"),
}
_SMALLEST_BODY_KM2 = 0.05


def water_item(product: Product, *, seed: int) -> dict[str, Any]:
    """The water analysis of a Level-2A product."""
    draw = Random(f"{seed} water {product.identifier}")
    water = product.scene.water
    analysis = {"water_analysis_algorithm_version": ALGORITHM_VERSION, **_shares(water), **_changes(water)}
    analysis |= _bodies(water, draw) | {"trustworthiness_observed_water_mask": _agreements(water, draw)}
    properties = {"dafab:water-analysis": analysis}
    return derived_item(product, COLLECTION, ALGORITHM_VERSION, properties, _ASSETS, tuple(_ASSETS))


def _shares(water: WaterBalance) -> dict[str, Any]:
    return {
        "observed_water": water.observed,
        "observed_water_visible": water.observed,
        "reference_permanent_water": water.permanent_reference,
        "reference_permanent_water_visible": water.permanent_visible,
        "reference_seasonal_water": water.seasonal_reference,
        "reference_seasonal_water_visible": water.seasonal_visible,
        "difference_water_mask": {
            "other": water.other,
            "exclusion_reference": water.excluded_in_reference,
            "exclusion_observed": water.excluded_in_observation,
            "water_deficit_observed": water.deficit,
            "water_seasonal_not_observed": water.seasonal_not_observed,
            "water_permanent_observed": water.permanent_observed,
            "water_seasonal_observed": water.seasonal_observed,
            "water_excess_observed": water.excess,
        },
    }


def _changes(water: WaterBalance) -> dict[str, float]:
    """Excess and deficit as DaFab counts them, in percent of the visible permanent water."""
    usual = water.permanent_observed + water.seasonal_observed
    return {
        "excess_total_water_observed_area(km2)": round(surface_km2(water.beyond_permanent), 2),
        "excess_total_water_observed": _percent(water.beyond_permanent, water.permanent_visible),
        "excess_water_observed_by_permanent_seasonal": _percent(water.observed, usual),
        "excess_seasonal_water_observed": _percent(water.seasonal_observed, water.seasonal_visible),
        "deficit_water_observed_area(km2)": round(surface_km2(water.deficit), 2),
        "deficit_water_observed": _percent(water.deficit, water.permanent_visible),
    }


def _bodies(water: WaterBalance, draw: Random) -> dict[str, Any]:
    usual_km2 = surface_km2(water.permanent_visible)
    return {
        "excess_total_water": _outlines(water.beyond_permanent, usual_km2, "excess_total_water_observed", draw),
        "deficit_water": _outlines(water.deficit, usual_km2, "deficit_water_observed", draw),
    }


def _outlines(share_percent: float, usual_km2: float, ratio: str, draw: Random) -> dict[str, Any]:
    """The bodies of water large enough to be outlined: number, surfaces and ratio to the usual water."""
    total = surface_km2(share_percent) * draw.uniform(0.6, 0.95)
    number = int(total / draw.uniform(0.3, 0.9))
    if not number:
        total = 0.0
    mean = total / number if number else 0.0
    return {
        "number": number,
        "total_area(km2)": round(total, 2),
        "mean_area(km2)": round(mean, 2),
        "max_area(km2)": round(mean + (total - mean) * draw.uniform(0.05, 0.3), 2),
        "min_area(km2)": _SMALLEST_BODY_KM2 if number > 1 else round(mean, 2),
        ratio: _percent(total, usual_km2),
    }


def _agreements(water: WaterBalance, draw: Random) -> dict[str, dict[str, float]]:
    by_network = water.observed
    by_index = by_network * draw.uniform(0.85, 1.1)
    by_classes = by_network * draw.uniform(0.7, 1.05)
    return {
        "ai_noai": agreement(by_network, by_index, agreed=draw.uniform(0.86, 0.99)).as_dafab(),
        "ai_scl": agreement(by_network, by_classes, agreed=draw.uniform(0.86, 0.97)).as_dafab(),
        "noai_scl": agreement(by_index, by_classes, agreed=draw.uniform(0.84, 0.96)).as_dafab(),
    }


def _percent(part: float, whole: float) -> float:
    """A part in percent of a whole, 0 where nothing of the whole is visible."""
    return round(100 * part / whole, 2) if whole else 0.0

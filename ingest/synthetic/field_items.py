"""Items of the collection ``smart_agriculture``: fields that an algorithm would outline in a scene (DaFab)."""

from random import Random
from typing import Any

from ingest.synthetic.river import TILE_KM2
from ingest.synthetic.scene import Product
from ingest.synthetic.stac_frame import GEOJSON, derived_item

COLLECTION = "smart_agriculture"
ALGORITHM_VERSION = 100
_OUTLINES = "dafab-field-boundaries"
_HECTARES_A_KM2 = 100


def field_item(product: Product, *, seed: int) -> dict[str, Any]:
    """The field analysis of a Level-2A product."""
    analysis = {"smart_agriculture_algorithm_version": ALGORITHM_VERSION, **_fields(product, seed)}
    assets = {_OUTLINES: (GEOJSON, "Outlines of fields")}
    properties = {"dafab:smart-agriculture": analysis}
    return derived_item(product, COLLECTION, ALGORITHM_VERSION, properties, assets, (_OUTLINES,))


def _fields(product: Product, seed: int) -> dict[str, float]:
    draw = Random(f"{seed} fields {product.identifier}")
    seen = product.scene.acquisition
    visible = seen.valid_share * (1 - product.scene.cloud_cover / 100)
    percentage = round(seen.tile.vegetation_percent * visible * draw.uniform(0.55, 0.75), 4)
    total_ha = percentage / 100 * TILE_KM2 * _HECTARES_A_KM2
    number = int(total_ha / draw.uniform(1.8, 3.2))
    return {
        "number_of_fields": number,
        "field_percentage": percentage,
        "total_field_area(ha)": round(total_ha, 2),
        "min_area_of_fields(ha)": round(draw.uniform(0.05, 0.1), 2) if number else 0.0,
        "mean_area_of_fields(ha)": round(total_ha / number, 2) if number else 0.0,
        "max_area_of_fields(ha)": round(draw.uniform(60, 140), 2) if number else 0.0,
    }

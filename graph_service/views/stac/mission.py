"""Properties for which a mission has names of its own, and the catalogue's names for all other missions."""

import re
from typing import Any

from graph_service.views.stac.members import said
from ingest.references import constellation_name
from ontology.identifiers import short_name
from ontology.records import Scene

_BASELINE = re.compile(r"\d\d\.\d\d", re.ASCII)


def mission_properties(scene: Scene) -> dict[str, Any]:
    """Datatake and covers, as ``s2:…`` for Sentinel-2 and as ``orrery:…`` for others; percent.

    Source: Sentinel-2 extension 1.0.0.
    """
    if scene.platform and constellation_name(short_name(scene.platform)) == "sentinel-2":
        return said(_sentinel2(scene))
    return said(
        {
            "orrery:datatake": scene.datatake,
            "orrery:water_cover": scene.water_cover,
            "orrery:vegetation_cover": scene.vegetation_cover,
            "orrery:no_data_cover": scene.no_data_cover,
        }
    )


def _sentinel2(scene: Scene) -> dict[str, Any]:
    baseline = scene.processing_version
    return {
        "s2:datatake_id": scene.datatake,
        "s2:processing_baseline": baseline if baseline and _BASELINE.fullmatch(baseline) else None,
        "s2:water_percentage": scene.water_cover,
        "s2:vegetation_percentage": scene.vegetation_cover,
        "s2:nodata_pixel_percentage": scene.no_data_cover,
    }

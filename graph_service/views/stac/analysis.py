"""What a water or field analysis found, as STAC properties under the catalogue's own prefix."""

from dataclasses import asdict, fields, is_dataclass
from typing import Any

import shapely

from graph_service.views.stac.geometry import geojson_geometry
from graph_service.views.stac.members import said
from ontology.identifiers import notation, owned_iri
from ontology.records import Scene, WaterAnomaly

_SCENE_FIELDS = {field.name for field in fields(Scene)}
_ASSET_FIELDS = {"reference_mask", "observed_mask"}


def analysis_properties(scene: Scene) -> dict[str, Any]:
    """What a record has beyond every scene: ``orrery:excess_km2``; empty for a plain scene."""
    properties: dict[str, Any] = {}
    for field in fields(scene):
        value = getattr(scene, field.name)
        if field.name in _SCENE_FIELDS or value is None:
            continue
        if isinstance(value, WaterAnomaly):
            properties |= _anomaly(value)
        else:
            plain = _asset_key(scene, value) if field.name in _ASSET_FIELDS else _plain(value)
            properties[f"orrery:{field.name}"] = plain
    return said(properties)


def _anomaly(anomaly: WaterAnomaly) -> dict[str, Any]:
    outline = None if anomaly.footprint is None else geojson_geometry(shapely.from_wkt(anomaly.footprint))
    return {
        "orrery:anomaly_type": notation(anomaly.anomaly_type),
        "orrery:anomaly_score": anomaly.score,
        "orrery:anomaly_rule": anomaly.rule,
        "orrery:anomaly_geometry": outline,
        "orrery:anomaly_area_km2": anomaly.area_km2,
        "orrery:anomaly_water_bodies": list(anomaly.water_bodies),
    }


def _asset_key(scene: Scene, iri: str) -> str:
    """The key of one of the scene's assets, which is how an item names it; the IRI of anything else."""
    return next((one.key for one in scene.assets if owned_iri(scene.iri, "asset", one.key) == iri), iri)


def _plain(value: Any) -> Any:
    """A number or text as it is, a part as a JSON object, a tuple as a list of these."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return said(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value

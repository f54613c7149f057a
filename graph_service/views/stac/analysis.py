"""What a water or field analysis found, as STAC properties under the catalogue's own prefix."""

from dataclasses import asdict, fields
from typing import Any

from graph_service.views.stac.members import said
from ontology.identifiers import notation
from ontology.records import Scene, WaterAnomaly

_SCENE_FIELDS = {field.name for field in fields(Scene)}


def analysis_properties(scene: Scene) -> dict[str, Any]:
    """The numbers that a record has beyond those of every scene: ``orrery:excess_km2``; empty for a plain scene."""
    properties: dict[str, Any] = {}
    for field in fields(scene):
        value = getattr(scene, field.name)
        if field.name in _SCENE_FIELDS or value is None:
            continue
        if isinstance(value, WaterAnomaly):
            properties |= _anomaly(value)
        else:
            properties[f"orrery:{field.name}"] = _plain(value)
    return said(properties)


def _anomaly(anomaly: WaterAnomaly) -> dict[str, Any]:
    return {
        "orrery:anomaly_type": notation(anomaly.anomaly_type),
        "orrery:anomaly_score": anomaly.score,
        "orrery:anomaly_rule": anomaly.rule,
    }


def _plain(value: Any) -> Any:
    """A number as it is, a part or a tuple of parts as JSON."""
    if isinstance(value, tuple):
        return [said(asdict(part)) for part in value]
    return said(asdict(value)) if hasattr(value, "__dataclass_fields__") else value

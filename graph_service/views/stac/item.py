"""A STAC Item made from a record, for products whose own document is no STAC Item."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import shapely

from graph_service.views.stac.analysis import analysis_properties
from graph_service.views.stac.assets import projection_code, stac_assets, stac_bands
from graph_service.views.stac.geometry import bounding_box, geojson_geometry
from graph_service.views.stac.licence import stac_licence
from graph_service.views.stac.members import said
from graph_service.views.stac.mission import mission_properties
from ingest.references import constellation_name
from ontology.identifiers import collection_identifier, notation, short_name
from ontology.records import ProcessingRun, Scene

_EXTENSIONS = {
    "eo": "https://stac-extensions.github.io/eo/v2.0.0/schema.json",
    "file": "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "grid": "https://stac-extensions.github.io/grid/v1.1.0/schema.json",
    "processing": "https://stac-extensions.github.io/processing/v1.2.0/schema.json",
    "product": "https://stac-extensions.github.io/product/v0.1.0/schema.json",
    "proj": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "s2": "https://stac-extensions.github.io/sentinel-2/v1.0.0/schema.json",
    "sat": "https://stac-extensions.github.io/sat/v1.0.0/schema.json",
    "view": "https://stac-extensions.github.io/view/v1.0.0/schema.json",
}
"""Schemas by prefix. The SAR extension is not among them: it requires a frequency band, which no record has."""


def item_document(scene: Scene) -> dict[str, Any]:
    """The STAC Item of a scene, without links.

    Source: STAC Item specification 1.1.0 and its common metadata.
    """
    footprint = shapely.from_wkt(scene.footprint)
    properties = _properties(scene)
    assets = stac_assets(scene.assets)
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": _extensions(properties, assets.values()),
        "id": scene.identifier,
        "collection": collection_identifier(scene.collection),
        "geometry": geojson_geometry(footprint),
        "bbox": bounding_box(footprint),
        "properties": properties,
        "assets": assets,
    }


def item_links(scene: Scene) -> list[dict[str, Any]]:
    """The links that tell what a scene was made from and under which licence."""
    inputs = scene.run.inputs if scene.run else ()
    links = [{"rel": "derived_from", "href": iri} for iri in sorted({*scene.derived_from, *inputs})]
    return links + stac_licence(scene.licence).links


def _extensions(properties: Mapping[str, Any], assets: Iterable[Mapping[str, Any]]) -> list[str]:
    described = [properties, *assets]
    named = [name for owner in described for part in (owner, *owner.get("bands", ())) for name in part]
    prefixes = {name.partition(":")[0] for name in named if ":" in name}
    return [schema for prefix, schema in _EXTENSIONS.items() if prefix in prefixes]


def _properties(scene: Scene) -> dict[str, Any]:
    common = said(_general(scene) | _acquisition(scene) | _processing(scene.run))
    # A null datetime hides an item from pystac and QGIS; the record always has a time.
    return common | mission_properties(scene) | analysis_properties(scene)


def _general(scene: Scene) -> dict[str, Any]:
    # STAC allows a start only beside an end.
    whole = scene.started_at is not None and scene.ended_at is not None
    return {
        "title": scene.title,
        "datetime": rfc3339(scene.sensed_at),
        "start_datetime": rfc3339(scene.started_at) if whole else None,
        "end_datetime": rfc3339(scene.ended_at) if whole else None,
        "created": rfc3339(scene.created_at),
        "updated": rfc3339(scene.updated_at),
        "license": stac_licence(scene.licence).identifier if scene.licence else None,
        "gsd": scene.resolution_m,
        "product:type": _notation(scene.product_type),
        "processing:level": _notation(scene.processing_level),
        "processing:version": scene.processing_version,
        "proj:code": projection_code(scene.epsg),
        "grid:code": short_name(scene.tile) if scene.tile else None,
        "eo:cloud_cover": scene.cloud_cover,
        "eo:snow_cover": scene.snow_cover,
        "orrery:cloud_class": _notation(scene.cloud_class),
        "orrery:units": list(scene.units),
        "orrery:features": list(scene.features),
        "orrery:events": list(scene.events),
        "orrery:quality_checks": {check.name: check.outcome for check in scene.quality_checks},
        "bands": stac_bands(scene.bands),
    }


def _acquisition(scene: Scene) -> dict[str, Any]:
    platform = short_name(scene.platform) if scene.platform else None
    return {
        "platform": platform,
        "constellation": constellation_name(platform) if platform else None,
        "instruments": [short_name(iri) for iri in scene.instruments],
        "sat:orbit_state": _notation(scene.orbit_direction),
        # The extension counts orbits from 1.
        "sat:relative_orbit": scene.relative_orbit or None,
        "sat:absolute_orbit": scene.absolute_orbit or None,
        "sar:instrument_mode": _notation(scene.acquisition_mode),
        "sar:polarizations": [notation(iri) for iri in scene.polarisations],
        "view:off_nadir": scene.off_nadir,
        "view:incidence_angle": scene.incidence_angle,
        "view:azimuth": scene.view_azimuth,
        "view:sun_azimuth": scene.sun_azimuth,
        "view:sun_elevation": scene.sun_elevation,
    }


def _processing(run: ProcessingRun | None) -> dict[str, Any]:
    if run is None:
        return {}
    return {
        "processing:facility": run.facility,
        "processing:lineage": run.lineage,
        "processing:datetime": rfc3339(run.ended_at),
        "processing:software": {
            step.software: step.software_version for step in run.steps if step.software and step.software_version
        },
        "orrery:model": run.model,
    }


def rfc3339(time: datetime | None) -> str | None:
    """A time as RFC 3339 writes it, ``Z`` for UTC."""
    return None if time is None else time.isoformat().replace("+00:00", "Z")


def _notation(iri: str | None) -> str | None:
    return None if iri is None else notation(iri)

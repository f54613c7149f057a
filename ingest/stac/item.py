"""The catalogue's view of a STAC item, versions 0.9 to 1.1, of any provider."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.document import Document, Mapped, Notice
from ingest.errors import MetadataInvalid, MetadataMissing
from ingest.footprints import footprint_of
from ingest.instruments import instrument_names, scene_kind
from ingest.json_document import json_value
from ingest.references import References, platform_name
from ingest.stac.assets import assets_of, bands_of, epsg_of
from ingest.stac.links import products_linked
from ingest.stac.members import Members
from ontology import terms
from ontology.cloudclass import cloud_class
from ontology.identifiers import item_iri
from ontology.records import ProcessingRun, ProcessingStep, Scene

UNCOLLECTED = "uncollected"
"""Collection of the items that name none."""


def read_item(document: Document) -> Mapped:
    """The record of a STAC item.

    Raises:
        DocumentUnreadable: it is not JSON.
        MetadataMissing: id, geometry or a time is absent.
        MetadataInvalid: the geometry or the time is not one.

    Source: STAC Item specification 1.1.0 and its predecessors back to 0.9.
    """
    item = json_value(document)
    notices: list[Notice] = []
    references = References()
    fields = scene_fields(item, document.source, references, notices)
    return Mapped(Scene(**fields), references.records(), tuple(notices))


def scene_fields(item: Mapping[str, Any], source: str, references: References, notices: list[Notice]) -> dict[str, Any]:
    """The fields of a Scene, or of a subclass, that any STAC item can fill.

    Args:
        item: the decoded item.
        source: document, for errors.
        references: that IRIs are taken from.
        notices: that notices are added to.
    """
    identifier = _identifier(item, source)
    top = Members(item, source, "", notices)
    properties = top.within(_properties(item, source), "properties")
    collection = top.text("collection") or UNCOLLECTED
    footprint, cut = footprint_of(item.get("geometry"), source=source)
    notices.extend(cut)
    derived_from = products_linked(top, "derived_from")
    platform = properties.text("platform", "eo:platform")
    instruments = properties.texts("instruments", "eo:instrument")
    return {
        "iri": item_iri(collection, identifier),
        "identifier": identifier,
        "collection": references.collection(collection),
        "kind": _kind(platform, instruments, properties),
        "title": properties.text("title"),
        "footprint": footprint,
        "licence": properties.text("license"),
        "derived_from": derived_from,
        "assets": assets_of(top),
        "bands": bands_of(properties),
        "run": _run(properties, derived_from),
        **_times(properties),
        **_acquisition(platform, instruments, properties, references),
        **_processing(properties, references),
        **_cover(properties),
        **_pixels(properties, references),
    }


def _identifier(item: Mapping[str, Any], source: str) -> str:
    identifier = item.get("id")
    if identifier is None or identifier == "":
        raise MetadataMissing(source, "id", "is absent or empty; every item needs an identifier")
    if not isinstance(identifier, str):
        raise MetadataInvalid(source, "id", f"is not a text but {type(identifier).__name__}")
    return identifier


def _properties(item: Mapping[str, Any], source: str) -> Mapping[str, Any]:
    properties = item.get("properties")
    if not isinstance(properties, Mapping):
        raise MetadataMissing(source, "properties", "is absent or not an object")
    return properties


def _times(properties: Members) -> dict[str, datetime | None]:
    nominal = properties.time("datetime")
    start = properties.time("start_datetime", "dtr:start_datetime")
    end = properties.time("end_datetime", "dtr:end_datetime")
    sensed = nominal or start or end
    if sensed is None:
        reason = "is absent or null, and so are start_datetime and end_datetime"
        raise MetadataMissing(properties.source, "properties.datetime", reason)
    if start is not None and end is not None and start > end:
        raise MetadataInvalid(properties.source, "properties.start_datetime", "is later than end_datetime")
    return {
        "sensed_at": sensed,
        "started_at": start,
        "ended_at": end,
        "created_at": properties.optional_time("created"),
        "updated_at": properties.optional_time("updated"),
    }


def _kind(platform: str | None, instruments: tuple[str, ...], properties: Members) -> str:
    carrier = None if platform is None else platform_name(platform)
    if (kind := scene_kind(instrument_names(instruments, carrier))) is not None:
        return kind
    return terms.SAR_SCENE if properties.values.get("sar:instrument_mode") is not None else terms.SCENE


def _acquisition(
    platform: str | None, instruments: tuple[str, ...], properties: Members, references: References
) -> dict[str, Any]:
    constellation = properties.text("constellation", "eo:constellation")
    direction = properties.text("sat:orbit_state", "sat:pass_direction")
    mode = properties.text("sar:instrument_mode")
    known = direction is not None and direction.lower() in {"ascending", "descending"}
    return {
        "platform": None if platform is None else references.platform(platform, constellation),
        "instruments": () if platform is None else references.instruments(platform, instruments),
        "orbit_direction": references.code("OrbitDirection", str(direction).lower()) if known else None,
        "relative_orbit": properties.integer(Scene, "relative_orbit", "sat:relative_orbit"),
        "absolute_orbit": properties.integer(Scene, "absolute_orbit", "sat:absolute_orbit"),
        "datatake": properties.text("s2:datatake_id", "s1:datatake_id"),
        "acquisition_mode": None if mode is None else references.code("AcquisitionMode", mode),
        "polarisations": tuple(
            sorted({references.code("Polarisation", one.upper()) for one in properties.texts("sar:polarizations")})
        ),
        "sun_elevation": properties.number(Scene, "sun_elevation", "view:sun_elevation", "eo:sun_elevation"),
        "sun_azimuth": _azimuth(properties, "sun_azimuth", "view:sun_azimuth", "eo:sun_azimuth"),
        "off_nadir": properties.number(Scene, "off_nadir", "view:off_nadir", "eo:off_nadir"),
        "incidence_angle": properties.number(Scene, "incidence_angle", "view:incidence_angle"),
        "view_azimuth": _azimuth(properties, "view_azimuth", "view:azimuth", "eo:azimuth"),
    }


def _azimuth(properties: Members, field: str, *names: str) -> float | None:
    """Degrees clockwise from north; USGS counts from -180 to 180 where the View extension has 0 to 360."""
    name, value = properties.first(names)
    if isinstance(value, int | float) and -180 <= value < 0:
        properties.leave_out(name, f"{value} is counted from -180; taken as {value + 360}")
        return float(value + 360)
    return properties.number(Scene, field, *names)


def _processing(properties: Members, references: References) -> dict[str, str | None]:
    level = properties.text("processing:level", "landsat:processing_level")
    product_type = properties.text(
        "product:type",
        "s2:product_type",
        "sar:product_type",
        "s3:product_type",
        "s5p:product_type",
        "landsat:correction",
    )
    return {
        "processing_level": None if level is None else references.level(level),
        "product_type": None if product_type is None else references.code("ProductType", product_type),
        "processing_version": properties.text("processing:version", "s2:processing_baseline"),
    }


def _run(properties: Members, inputs: tuple[str, ...]) -> ProcessingRun | None:
    software = properties.object("processing:software")
    steps = tuple(
        ProcessingStep(position=position, software=name, software_version=None if version is None else str(version))
        for position, (name, version) in enumerate(sorted(software.items()), 1)
    )
    facility = properties.text("processing:facility")
    lineage = properties.text("processing:lineage")
    ended = properties.optional_time("processing:datetime", "s2:generation_time")
    if not (steps or facility or lineage or ended):
        return None
    return ProcessingRun(facility=facility, lineage=lineage, ended_at=ended, steps=steps, inputs=inputs)


def _cover(properties: Members) -> dict[str, Any]:
    cloud_cover = properties.number(Scene, "cloud_cover", "eo:cloud_cover")
    return {
        "cloud_cover": cloud_cover,
        "cloud_class": cloud_class(cloud_cover),
        "snow_cover": properties.number(Scene, "snow_cover", "eo:snow_cover", "s2:snow_ice_percentage"),
        "water_cover": properties.number(Scene, "water_cover", "s2:water_percentage"),
        "vegetation_cover": properties.number(Scene, "vegetation_cover", "s2:vegetation_percentage"),
        "no_data_cover": properties.number(Scene, "no_data_cover", "s2:nodata_pixel_percentage"),
    }


def _pixels(properties: Members, references: References) -> dict[str, Any]:
    grid = properties.text("grid:code")
    tile = properties.text("s2:mgrs_tile")
    code = grid or (None if tile is None else f"MGRS-{tile.removeprefix('T')}")
    return {
        "resolution_m": properties.number(Scene, "resolution_m", "gsd", "eo:gsd"),
        "epsg": epsg_of(properties),
        "tile": None if code is None else references.tile(code),
    }

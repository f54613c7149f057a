"""The properties that a search can filter by: name, column, type, and how a record gives the value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from graph_service.errors import RequestInvalid
from ontology import terms
from ontology.identifiers import notation, short_name
from ontology.records import FieldAnalysis, Scene, WaterAnalysis

Value = str | float | int | None

CONCEPT = "concept"
"""Name by which a filter asks for a class, a code or a thing that a record has or names."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property that can be searched."""

    name: str
    """Short, as key/value filters use it."""
    stac_name: str
    """Name among the properties of a STAC item; equal to ``name`` where STAC has none."""
    kind: Literal["text", "number", "time"]
    value_of: Callable[[Scene], Value]
    description: str
    term: str
    """IRI of the property of the ontology."""
    scheme: str | None = None
    """Name of the scheme whose codes it has by their notations; None where it has no codes."""

    @property
    def column(self) -> str:
        """Name of the column that holds it."""
        return self.name


def _name(iri: str | None) -> str | None:
    return None if iri is None else short_name(iri)


def _notation(iri: str | None) -> str | None:
    return None if iri is None else notation(iri)


def _seconds(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _water(field: str) -> Callable[[Scene], Value]:
    return lambda scene: getattr(scene, field) if isinstance(scene, WaterAnalysis) else None


def _fields(field: str) -> Callable[[Scene], Value]:
    return lambda scene: getattr(scene, field) if isinstance(scene, FieldAnalysis) else None


def _anomaly_type(scene: Scene) -> Value:
    return _notation(scene.anomaly.anomaly_type) if isinstance(scene, WaterAnalysis) and scene.anomaly else None


def _anomaly_score(scene: Scene) -> Value:
    return scene.anomaly.score if isinstance(scene, WaterAnalysis) and scene.anomaly else None


PROPERTIES = (
    Property("id", "id", "text", lambda s: s.identifier, "Identifier within the collection", terms.PRODUCT_IDENTIFIER),
    Property("collection", "collection", "text", lambda s: _name(s.collection), "Collection", terms.IN_COLLECTION),
    Property("datetime", "datetime", "time", lambda s: _seconds(s.sensed_at), "Nominal sensing time", terms.SENSED_AT),
    Property(
        "start_datetime",
        "start_datetime",
        "time",
        lambda s: _seconds(s.started_at),
        "First sensing time",
        terms.START_TIME,
    ),
    Property(
        "end_datetime", "end_datetime", "time", lambda s: _seconds(s.ended_at), "Last sensing time", terms.END_TIME
    ),
    Property(
        "platform", "platform", "text", lambda s: _name(s.platform), "Satellite, e.g. sentinel-2a", terms.ON_PLATFORM
    ),
    Property(
        "level",
        "processing:level",
        "text",
        lambda s: _notation(s.processing_level),
        "Processing level",
        terms.HAS_PROCESSING_LEVEL,
        "ProcessingLevel",
    ),
    Property(
        "product_type",
        "product:type",
        "text",
        lambda s: _notation(s.product_type),
        "Product type",
        terms.HAS_PRODUCT_TYPE,
        "ProductType",
    ),
    Property(
        "version",
        "processing:version",
        "text",
        lambda s: s.processing_version,
        "Processing baseline or version",
        terms.PROCESSING_VERSION,
    ),
    Property(
        "orbit_direction",
        "sat:orbit_state",
        "text",
        lambda s: _notation(s.orbit_direction),
        "Orbit direction",
        terms.HAS_ORBIT_DIRECTION,
        "OrbitDirection",
    ),
    Property(
        "relative_orbit",
        "sat:relative_orbit",
        "number",
        lambda s: s.relative_orbit,
        "Relative orbit number",
        terms.RELATIVE_ORBIT,
    ),
    Property("tile", "grid:code", "text", lambda s: _name(s.tile), "Grid tile, e.g. MGRS-32TQQ", terms.ON_TILE),
    Property(
        "mode",
        "sar:instrument_mode",
        "text",
        lambda s: _notation(s.acquisition_mode),
        "Acquisition mode",
        terms.HAS_ACQUISITION_MODE,
        "AcquisitionMode",
    ),
    Property(
        "cloud_cover", "eo:cloud_cover", "number", lambda s: s.cloud_cover, "Cloud cover, percent", terms.CLOUD_COVER
    ),
    Property("snow_cover", "eo:snow_cover", "number", lambda s: s.snow_cover, "Snow cover, percent", terms.SNOW_COVER),
    Property(
        "sun_elevation",
        "view:sun_elevation",
        "number",
        lambda s: s.sun_elevation,
        "Sun elevation, degrees",
        terms.SUN_ELEVATION,
    ),
    Property(
        "gsd",
        "gsd",
        "number",
        lambda s: s.resolution_m,
        "Ground sampling distance, metres",
        terms.GROUND_SAMPLING_DISTANCE,
    ),
    Property(
        "anomaly_type",
        "anomaly_type",
        "text",
        _anomaly_type,
        "normal, flood, drought or floodAndDrought",
        terms.ANOMALY_TYPE,
        "AnomalyType",
    ),
    Property(
        "anomaly_score",
        "anomaly_score",
        "number",
        _anomaly_score,
        "Water extent anomaly score, percent",
        terms.WATER_EXTENT_ANOMALY_SCORE,
    ),
    Property(
        "observed_water",
        "observed_water",
        "number",
        _water("observed_water"),
        "Observed water, percent",
        terms.OBSERVED_WATER_COVER,
    ),
    Property(
        "permanent_water",
        "permanent_water",
        "number",
        _water("permanent_water"),
        "Permanent water, percent",
        terms.PERMANENT_WATER_COVER,
    ),
    Property(
        "agricultural_coverage",
        "agricultural_coverage",
        "number",
        _fields("agricultural_coverage"),
        "Share of the scene in agricultural fields, percent",
        terms.AGRICULTURAL_COVERAGE,
    ),
    Property(
        "field_count",
        "field_count",
        "number",
        _fields("field_count"),
        "Number of agricultural fields",
        terms.FIELD_COUNT,
    ),
)

NAMES = ", ".join((*(p.name for p in PROPERTIES), CONCEPT))
"""Everything that a filter can name, for messages."""

_BY_NAME = {p.name: p for p in PROPERTIES} | {p.stac_name: p for p in PROPERTIES}


def property_named(name: str) -> Property:
    """The property with a short or STAC name.

    Raises:
        RequestInvalid: there is none; the message lists those there are.
    """
    found = _BY_NAME.get(name.removeprefix("properties."))
    if found is None:
        raise RequestInvalid(f"{name}: no property of this name can be searched; there are {NAMES}")
    return found

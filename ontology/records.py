"""What the catalogue knows of a thing, as frozen values that mirror the classes of the ontology.

Rules that hold for every record here: ``None`` means that the producer did not
say; times are aware and UTC; an IRI is a ``str`` whose comment names what it
points to; a tuple of IRIs, words or parts is sorted (``asset.key``,
``band.position``), so that equal records compare equal after a round trip.
Bounds stand in the annotation and come from ``ontology.bounds``.
"""

from dataclasses import dataclass
from datetime import datetime

from ontology import terms
from ontology.bounds import Azimuth, Correlation, Count, Elevation, Ordinal, Percent, Quantity, Score, Share, Tilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A code that a producer uses and the published code lists do not have."""

    iri: str
    label: str
    scheme: str
    """IRI of the skos:ConceptScheme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constellation:
    iri: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A satellite."""

    iri: str
    name: str
    """Normalised: lower case, words joined by hyphens (``sentinel-2a``)."""
    constellation: str | None = None
    """IRI of a Constellation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One instrument on one satellite."""

    iri: str
    name: str
    kind: str = terms.INSTRUMENT
    """IRI of the most specific class: Instrument, OpticalInstrument or SARInstrument."""
    platform: str
    """IRI of the Platform that carries it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTile:
    iri: str
    code: str
    """Grid and cell as in the STAC Grid extension: ``MGRS-34SGH``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One version of an algorithm or network."""

    iri: str
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One spectral or polarimetric band of a product or an asset."""

    position: Ordinal
    """Place within its owner, from 1."""
    name: str | None = None
    common_name: str | None = None
    center_wavelength_um: Quantity | None = None
    full_width_half_max_um: Quantity | None = None
    resolution_m: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a product."""

    key: str
    href: str
    """Where the producer says it is: a URL, or a path relative to the product."""
    kind: str = terms.ASSET
    """IRI of the most specific class."""
    title: str | None = None
    media_type: str | None = None
    roles: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    byte_size: Count | None = None
    checksum: str | None = None
    """Multihash in lower-case hexadecimal (STAC File extension)."""
    resolution_m: Quantity | None = None
    epsg: Ordinal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCheck:
    """A check that the producer ran on the product."""

    name: str
    outcome: str
    """In the producer's word, e.g. ``PASSED``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingStep:
    position: Ordinal
    """Place in the history, from 1, oldest first."""
    name: str | None = None
    software: str | None = None
    software_version: str | None = None
    facility: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingRun:
    """The activity that made a product."""

    kind: str = terms.PROCESSING_RUN
    """IRI of the most specific class: ProcessingRun or InferenceActivity."""
    model: str | None = None
    """IRI of a Model."""
    inputs: tuple[str, ...] = ()
    """IRIs of the scenes it read."""
    facility: str | None = None
    lineage: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    steps: tuple[ProcessingStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A product that shows one footprint at one sensing time."""

    iri: str
    identifier: str
    collection: str
    """IRI of a Collection."""
    kind: str = terms.SCENE
    """IRI of the most specific class."""
    title: str | None = None
    footprint: str
    """WKT in CRS84, longitude before latitude, degrees; cut at the antimeridian."""
    sensed_at: datetime
    """Nominal sensing time; the start of the interval when only that is known."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    platform: str | None = None
    """IRI of a Platform."""
    instruments: tuple[str, ...] = ()
    """IRIs of Instruments."""
    product_type: str | None = None
    """IRI of a code in the scheme ProductType."""
    processing_level: str | None = None
    """IRI of a code in the scheme ProcessingLevel."""
    processing_version: str | None = None
    """Processing baseline or version of the processor."""
    licence: str | None = None
    orbit_direction: str | None = None
    """IRI of a code in the scheme OrbitDirection."""
    relative_orbit: Count | None = None
    absolute_orbit: Count | None = None
    datatake: str | None = None
    acquisition_mode: str | None = None
    """IRI of a code in the scheme AcquisitionMode."""
    polarisations: tuple[str, ...] = ()
    """IRIs of codes in the scheme Polarisation."""
    sun_elevation: Elevation | None = None
    """Degrees above the horizon."""
    sun_azimuth: Azimuth | None = None
    """Degrees clockwise from north."""
    off_nadir: Tilt | None = None
    incidence_angle: Tilt | None = None
    view_azimuth: Azimuth | None = None
    cloud_cover: Percent | None = None
    cloud_class: str | None = None
    """IRI of a code in the scheme CloudClass, binned from ``cloud_cover``."""
    snow_cover: Percent | None = None
    water_cover: Percent | None = None
    vegetation_cover: Percent | None = None
    no_data_cover: Percent | None = None
    resolution_m: Quantity | None = None
    """Ground sampling distance."""
    epsg: Ordinal | None = None
    """CRS of the pixels."""
    tile: str | None = None
    """IRI of a GridTile."""
    units: tuple[str, ...] = ()
    """IRIs of spatial units that the footprint meets; the units around them follow."""
    features: tuple[str, ...] = ()
    """IRIs of other features that the footprint meets."""
    events: tuple[str, ...] = ()
    """IRIs of events that it shows."""
    derived_from: tuple[str, ...] = ()
    """IRIs of Scenes."""
    assets: tuple[Asset, ...] = ()
    bands: tuple[Band, ...] = ()
    quality_checks: tuple[QualityCheck, ...] = ()
    run: ProcessingRun | None = None
    document: str | None = None
    """SHA-256 of the source document, lower-case hexadecimal."""
    fingerprint: str | None = None
    """SHA-256 over the document and everything that steered its mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterDifference:
    """How a reference and an observed water map differ, each share in percent of the scene."""

    other: Percent | None = None
    excluded_in_reference: Percent | None = None
    excluded_in_observation: Percent | None = None
    deficit: Percent | None = None
    excess: Percent | None = None
    seasonal_observed: Percent | None = None
    seasonal_not_observed: Percent | None = None
    permanent_observed: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskAgreement:
    """How far two water masks of one scene agree."""

    compared: str
    """The two masks in the producer's words, first before second: ``ai_scl``."""
    water_in_both: Percent | None = None
    water_in_first_only: Percent | None = None
    water_in_second_only: Percent | None = None
    other_in_both: Percent | None = None
    iou_water: Score | None = None
    iou_other: Score | None = None
    matthews: Correlation | None = None
    kappa: Correlation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyRule:
    """Thresholds under which a water extent is called a flood or a drought."""

    iri: str
    label: str
    description: str
    flood_excess_percent: Share
    flood_excess_km2: Quantity
    drought_deficit_percent: Percent
    drought_deficit_km2: Quantity
    maximum_excluded_percent: Percent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterAnomaly:
    """How the observed water extent departs from the reference."""

    anomaly_type: str
    """IRI of a code in the scheme AnomalyType."""
    score: Share
    """Percent of the visible permanent water; the larger of excess and deficit."""
    rule: str
    """IRI of the AnomalyRule that decided."""
    footprint: str | None = None
    """Delineation: WKT in CRS84, longitude before latitude, degrees; cut at the antimeridian."""
    area_km2: Quantity | None = None
    """Surface of the delineation."""
    water_bodies: tuple[str, ...] = ()
    """IRIs of WaterBodies that are larger or smaller than they should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterAnalysis(Scene):
    """Observed water of a scene beside its reference."""

    observed_water: Share | None = None
    observed_water_visible: Share | None = None
    permanent_water: Share | None = None
    permanent_water_visible: Share | None = None
    seasonal_water: Share | None = None
    seasonal_water_visible: Share | None = None
    excess_percent: Share | None = None
    """Water beyond the reference, in percent of the visible permanent water."""
    excess_km2: Quantity | None = None
    excess_bodies: Count | None = None
    deficit_percent: Percent | None = None
    """Reference water not seen, in percent of the visible permanent water."""
    deficit_km2: Quantity | None = None
    deficit_bodies: Count | None = None
    permanent_water_km2: Quantity | None = None
    observed_water_km2: Quantity | None = None
    reference_mask: str | None = None
    """IRI of one of its own assets, of the class ReferenceWaterMask."""
    observed_mask: str | None = None
    """IRI of one of its own assets, of the class ObservedWaterMask."""
    difference: WaterDifference | None = None
    agreements: tuple[MaskAgreement, ...] = ()
    anomaly: WaterAnomaly | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAnalysis(Scene):
    """Agricultural fields delineated in a scene."""

    field_count: Count | None = None
    agricultural_coverage: Percent | None = None
    """Share of the scene that lies in fields."""
    cloud_free_agricultural_coverage: Percent | None = None
    """Share of the scene that lies in fields and is free of cloud."""
    total_area_ha: Quantity | None = None
    minimum_area_ha: Quantity | None = None
    mean_area_ha: Quantity | None = None
    maximum_area_ha: Quantity | None = None
    parcels: tuple[str, ...] = ()
    """IRIs of Parcels that were delineated in the scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A series of products that belong together."""

    iri: str
    identifier: str
    title: str | None = None
    description: str | None = None
    licence: str | None = None
    keywords: tuple[str, ...] = ()
    document: str | None = None
    """SHA-256 of the source document, lower-case hexadecimal; None where products alone made it known."""
    fingerprint: str | None = None


Primary = Scene | Collection
"""Records that documents give and that are replaced or deleted whole; subclasses included."""

Reference = Concept | Constellation | Platform | Instrument | GridTile | Model | AnomalyRule | Collection
"""Records that others point to; written once, when first pointed to."""

Record = Primary | Reference

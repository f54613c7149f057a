"""What products are related to: replaced and deleted whole, and described by no STAC document.

The rules of ``ontology.records`` hold here too: ``None`` means that nobody said;
times are aware and UTC; an IRI is a ``str`` whose comment names what it points
to; a tuple is sorted. A footprint is WKT in CRS84, longitude before latitude, in
degrees, cut at the antimeridian.
"""

from dataclasses import dataclass
from datetime import datetime

from ontology import terms
from ontology.bounds import Count, Number, Quantity, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrativeUnit:
    """A territory that an authority is responsible for: a country, a region, a municipality."""

    iri: str
    name: str
    other_names: tuple[str, ...] = ()
    """In other languages, scripts and spellings."""
    nuts_code: str | None = None
    """Code of the European nomenclature of territorial units: ``EL61``."""
    level: Count | None = None
    """0 for a country, 1 and more for what it is divided into."""
    footprint: str | None = None
    within: tuple[str, ...] = ()
    """IRIs of the next larger units; what these lie within follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterBody:
    """A lake, a river, a reservoir or a part of the sea."""

    iri: str
    name: str
    footprint: str | None = None
    area_km2: Quantity | None = None
    """Surface at its normal extent."""
    within: tuple[str, ...] = ()
    """IRIs of spatial units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A piece of land with a boundary of its own."""

    iri: str
    identifier: str
    """As in the data set that lists it."""
    kind: str = terms.PARCEL
    """IRI of the most specific class: Parcel or AgriculturalParcel."""
    footprint: str | None = None
    area_km2: Quantity | None = None
    crop: str | None = None
    """IRI of a code in the scheme Crop; of an AgriculturalParcel alone."""
    within: tuple[str, ...] = ()
    """IRIs of spatial units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionSource:
    """A facility or a place that gives off a gas."""

    iri: str
    name: str
    identifier: str | None = None
    """As in the register of facilities."""
    footprint: str | None = None
    within: tuple[str, ...] = ()
    """IRIs of spatial units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GasPlume:
    """A gas above its background, found in one scene or reported for one moment."""

    iri: str
    species: str
    """IRI of a code in the scheme GasSpecies."""
    footprint: str | None = None
    detected_at: datetime
    """When the plume was seen, not when it was reported."""
    emission_rate_kg_h: Quantity | None = None
    scene: str | None = None
    """IRI of the Scene that shows it."""
    source: str | None = None
    """IRI of the EmissionSource it comes from."""
    confidence: Score | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoilMoistureObservation:
    """How wet the soil of one parcel was."""

    iri: str
    parcel: str
    """IRI of a Parcel."""
    soil_moisture: Score
    """Volume of water in a volume of soil, m3/m3."""
    observed_at: datetime
    scene: str | None = None
    """IRI of the Scene that it was derived from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandCoverObservation:
    """What covered the ground of one feature."""

    iri: str
    feature: str
    """IRI of a feature with a geometry: a parcel, an administrative unit."""
    land_cover: str
    """IRI of a code in the scheme LandCover."""
    observed_at: datetime
    scene: str | None = None
    """IRI of the Scene that it was derived from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InSituPlatform:
    """A float, buoy, mooring, ship or station that measures where it is."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InSituObservation:
    """One value of one variable, measured where it was."""

    iri: str
    platform: str
    """IRI of an InSituPlatform."""
    footprint: str
    """Position of the platform at that time."""
    observed_at: datetime
    variable: str
    """IRI of a code in the scheme OceanVariable."""
    value: Number
    unit: str | None = None
    """Symbol in the Unified Code for Units of Measure: ``Cel``, ``m``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardEvent:
    """Something that happened at a place and did harm, or could have."""

    iri: str
    identifier: str
    """As in the source that reports it: ``EMSR692``."""
    kind: str = terms.HAZARD_EVENT
    """IRI of the most specific class."""
    title: str | None = None
    hazard_type: str | None = None
    """IRI of a code in the scheme HazardType."""
    started_at: datetime
    ended_at: datetime | None = None
    """None where it goes on, or where nobody said."""
    footprint: str | None = None
    caused_by: tuple[str, ...] = ()
    """IRIs of events; what caused these follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialMediaReport:
    """A message of the public on an event."""

    iri: str
    identifier: str
    """As on the platform that it was posted to."""
    started_at: datetime
    """When it was posted."""
    footprint: str | None = None
    """Where it was posted from, or the place that it names."""
    reports: tuple[str, ...] = ()
    """IRIs of events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSite:
    """A place that keeps replicas."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A copy of a product at one site."""

    iri: str
    product: str
    """IRI of a product."""
    site: str
    """IRI of a StorageSite."""
    href: str | None = None
    """URL of the copy."""
    checksum: str | None = None
    """Multihash in lower-case hexadecimal (STAC File extension)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """That two things are related, with what speaks for it, so that it can be judged and withdrawn."""

    iri: str
    subject: str
    """IRI of the thing that the relation is of."""
    object: str
    """IRI of the thing that it is to."""
    relation: str
    """IRI of a code in the scheme LinkRelation."""
    score: Score | None = None
    """1 for certain; None where the method gives no score."""
    method: str
    """Name of what found it."""
    evidence: tuple[str, ...] = ()
    """IRIs of what was compared."""
    run: str | None = None
    """IRI of the run that found it."""


Related = (
    AdministrativeUnit
    | WaterBody
    | Parcel
    | EmissionSource
    | GasPlume
    | SoilMoistureObservation
    | LandCoverObservation
    | InSituPlatform
    | InSituObservation
    | HazardEvent
    | SocialMediaReport
    | StorageSite
    | Replica
    | Link
)
"""What products are related to; subclasses there are none."""

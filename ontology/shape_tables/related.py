"""The triples of what products are related to."""

from ontology import related, terms
from ontology.literals import DECIMAL, INTEGER, IRI, TEXT, TIME, URI
from ontology.properties import Footprint, Shape, Value

_WITHIN = Value("within", terms.WITHIN_UNIT, IRI, many=True)
_SPATIAL = (
    Shape(
        related.AdministrativeUnit,
        (terms.ADMINISTRATIVE_UNIT,),
        (
            Value("name", terms.LABEL, TEXT),
            Value("other_names", terms.ALT_LABEL, TEXT, many=True),
            Value("nuts_code", terms.NUTS_CODE, TEXT),
            Value("level", terms.UNIT_LEVEL, INTEGER),
            Footprint("footprint"),
            _WITHIN,
        ),
    ),
    Shape(
        related.WaterBody,
        (terms.WATER_BODY,),
        (
            Value("name", terms.LABEL, TEXT),
            Footprint("footprint"),
            Value("area_km2", terms.AREA_KM2, DECIMAL),
            _WITHIN,
        ),
    ),
    Shape(
        related.Parcel,
        (terms.PARCEL,),
        (
            Value("identifier", terms.PARCEL_IDENTIFIER, TEXT),
            Footprint("footprint"),
            Value("area_km2", terms.AREA_KM2, DECIMAL),
            Value("crop", terms.GROWS_CROP, IRI),
            _WITHIN,
        ),
        default_kind=terms.PARCEL,
        kinds=(terms.AGRICULTURAL_PARCEL,),
    ),
    Shape(
        related.EmissionSource,
        (terms.EMISSION_SOURCE,),
        (
            Value("name", terms.LABEL, TEXT),
            Value("identifier", terms.FACILITY_IDENTIFIER, TEXT),
            Footprint("footprint"),
            _WITHIN,
        ),
    ),
)
_OBSERVED = (
    Shape(
        related.GasPlume,
        (terms.GAS_PLUME,),
        (
            Value("species", terms.GAS_SPECIES, IRI),
            Footprint("footprint"),
            Value("detected_at", terms.DETECTED_AT, TIME),
            Value("emission_rate_kg_h", terms.EMISSION_RATE, DECIMAL),
            Value("scene", terms.PLUME_OF_SCENE, IRI),
            Value("source", terms.EMITTED_BY, IRI),
            Value("confidence", terms.CONFIDENCE, DECIMAL),
        ),
    ),
    Shape(
        related.SoilMoistureObservation,
        (terms.SOIL_MOISTURE_OBSERVATION,),
        (
            Value("parcel", terms.OBSERVES_PARCEL, IRI),
            Value("soil_moisture", terms.SOIL_MOISTURE, DECIMAL),
            Value("observed_at", terms.OBSERVED_AT, TIME),
            Value("scene", terms.FROM_SCENE, IRI),
        ),
    ),
    Shape(
        related.LandCoverObservation,
        (terms.LAND_COVER_OBSERVATION,),
        (
            Value("feature", terms.HAS_FEATURE_OF_INTEREST, IRI),
            Value("land_cover", terms.LAND_COVER_CLASS, IRI),
            Value("observed_at", terms.OBSERVED_AT, TIME),
            Value("scene", terms.FROM_SCENE, IRI),
        ),
    ),
    Shape(related.InSituPlatform, (terms.IN_SITU_PLATFORM,), (Value("name", terms.LABEL, TEXT),)),
    Shape(
        related.InSituObservation,
        (terms.IN_SITU_OBSERVATION,),
        (
            Value("platform", terms.MADE_BY_PLATFORM, IRI),
            Footprint("footprint"),
            Value("observed_at", terms.OBSERVED_AT, TIME),
            Value("variable", terms.OBSERVED_VARIABLE, IRI),
            Value("value", terms.MEASURED_VALUE, DECIMAL),
            Value("unit", terms.UNIT_SYMBOL, TEXT),
        ),
    ),
)
_EVENTS = (
    Shape(
        related.HazardEvent,
        (terms.HAZARD_EVENT,),
        (
            Value("identifier", terms.EXTERNAL_IDENTIFIER, TEXT),
            Value("title", terms.TITLE, TEXT),
            Value("hazard_type", terms.HAS_HAZARD_TYPE, IRI),
            Value("started_at", terms.EVENT_START, TIME),
            Value("ended_at", terms.EVENT_END, TIME),
            Footprint("footprint"),
            Value("caused_by", terms.CAUSED_BY, IRI, many=True),
        ),
        default_kind=terms.HAZARD_EVENT,
        kinds=(terms.FLOOD_EVENT, terms.DROUGHT_EVENT, terms.STORM_EVENT),
    ),
    Shape(
        related.SocialMediaReport,
        (terms.SOCIAL_MEDIA_REPORT,),
        (
            Value("identifier", terms.EXTERNAL_IDENTIFIER, TEXT),
            Value("started_at", terms.EVENT_START, TIME),
            Footprint("footprint"),
            Value("reports", terms.REPORTS, IRI, many=True),
        ),
    ),
)
_COPIES = (
    Shape(related.StorageSite, (terms.STORAGE_SITE,), (Value("name", terms.LABEL, TEXT),)),
    Shape(
        related.Replica,
        (terms.REPLICA,),
        (
            Value("product", terms.REPLICA_OF, IRI),
            Value("site", terms.AT_SITE, IRI),
            Value("href", terms.HREF, URI),
            Value("checksum", terms.CHECKSUM_MULTIHASH, TEXT),
        ),
    ),
)
_LINK = Shape(
    related.Link,
    (terms.LINK,),
    (
        Value("subject", terms.LINK_SUBJECT, IRI),
        Value("object", terms.LINK_OBJECT, IRI),
        Value("relation", terms.LINK_RELATION, IRI),
        Value("score", terms.LINK_SCORE, DECIMAL),
        Value("method", terms.LINK_METHOD, TEXT),
        Value("evidence", terms.LINK_EVIDENCE, IRI, many=True),
        Value("run", terms.GENERATED_BY_RUN, IRI),
    ),
)
RELATED = (*_SPATIAL, *_OBSERVED, *_EVENTS, *_COPIES, _LINK)

"""Which triples each record class has: the only place that knows the shape of the graph."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from ontology import records, terms
from ontology.literals import DECIMAL, DOCUMENT, INTEGER, IRI, TEXT, TIME, URI, Codec, iri_term


@dataclass(frozen=True, slots=True)
class Value:
    """A field whose value is a term, or a tuple of terms where the field holds a tuple."""

    field: str
    term: str
    codec: Codec
    many: bool = False
    predicate: str = dataclasses.field(init=False)
    """The term in N-Triples syntax."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicate", iri_term(self.term))


@dataclass(frozen=True, slots=True)
class Owned:
    """A field whose value is a part with an IRI of its own below the record's."""

    field: str
    term: str
    shape: "Shape"
    part: str
    many: bool = False
    predicate: str = dataclasses.field(init=False)
    """The term in N-Triples syntax."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicate", iri_term(self.term))


@dataclass(frozen=True, slots=True)
class Inline:
    """A field whose value is a group of properties of the owner itself."""

    field: str
    shape: "Shape"


@dataclass(frozen=True, slots=True)
class Footprint:
    """The default geometry of a feature (OGC 22-047r1, clause 8)."""

    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The triples of one record class.

    Attributes:
        record: the dataclass.
        types: classes that every such record is stated to have.
        properties: one for each field but those below.
        name: field that is written into the IRI of a part instead of into a triple.
        default_kind: with ``kind`` among the fields, the class that is its default.
        kinds: the more specific classes that ``kind`` may name besides.
        one_type: of a part, whose owner's property tells the general class: state the most specific alone.
    """

    record: type
    types: tuple[str, ...]
    properties: tuple[Value | Owned | Inline | Footprint, ...]
    name: str | None = None
    default_kind: str | None = None
    kinds: tuple[str, ...] = ()
    one_type: bool = False


_BAND = Shape(
    records.Band,
    (terms.BAND,),
    (
        Value("name", terms.BAND_NAME, TEXT),
        Value("position", terms.BAND_POSITION, INTEGER),
        Value("common_name", terms.COMMON_BAND_NAME, TEXT),
        Value("center_wavelength_um", terms.CENTER_WAVELENGTH, DECIMAL),
        Value("full_width_half_max_um", terms.FULL_WIDTH_HALF_MAX, DECIMAL),
        Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, DECIMAL),
    ),
    name="position",
)
_ASSET = Shape(
    records.Asset,
    (terms.ASSET,),
    (
        Value("key", terms.ASSET_KEY, TEXT),
        Value("href", terms.HREF, URI),
        Value("title", terms.TITLE, TEXT),
        Value("media_type", terms.MEDIA_TYPE, TEXT),
        Value("roles", terms.ASSET_ROLE, TEXT, many=True),
        Owned("bands", terms.HAS_BAND, _BAND, "band", many=True),
        Value("byte_size", terms.BYTE_SIZE, INTEGER),
        Value("checksum", terms.CHECKSUM_MULTIHASH, TEXT),
        Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, DECIMAL),
        Value("epsg", terms.EPSG_CODE, INTEGER),
    ),
    name="key",
    default_kind=terms.ASSET,
    kinds=(terms.CLOUD_OPTIMIZED_ASSET,),
    one_type=True,
)
_QUALITY_CHECK = Shape(
    records.QualityCheck,
    (terms.QUALITY_CHECK,),
    (Value("name", terms.CHECK_NAME, TEXT), Value("outcome", terms.CHECK_OUTCOME, TEXT)),
    name="name",
)
_STEP = Shape(
    records.ProcessingStep,
    (terms.PROCESSING_STEP,),
    (
        Value("position", terms.STEP_POSITION, INTEGER),
        Value("name", terms.TITLE, TEXT),
        Value("software", terms.SOFTWARE_NAME, TEXT),
        Value("software_version", terms.SOFTWARE_VERSION, TEXT),
        Value("facility", terms.PROCESSING_FACILITY, TEXT),
        Value("started_at", terms.STARTED_AT, TIME),
        Value("ended_at", terms.ENDED_AT, TIME),
    ),
    name="position",
)
_RUN = Shape(
    records.ProcessingRun,
    (terms.PROCESSING_RUN,),
    (
        Value("model", terms.USED_MODEL, IRI),
        Value("inputs", terms.HAS_SCENE_INPUT, IRI, many=True),
        Value("facility", terms.PROCESSING_FACILITY, TEXT),
        Value("lineage", terms.LINEAGE_STATEMENT, TEXT),
        Value("started_at", terms.STARTED_AT, TIME),
        Value("ended_at", terms.ENDED_AT, TIME),
        Owned("steps", terms.HAS_STEP, _STEP, "step", many=True),
    ),
    default_kind=terms.PROCESSING_RUN,
    kinds=(terms.INFERENCE_ACTIVITY,),
    one_type=True,
)
_SCENE_PROPERTIES = (
    Value("identifier", terms.PRODUCT_IDENTIFIER, TEXT),
    Value("collection", terms.IN_COLLECTION, IRI),
    Value("title", terms.TITLE, TEXT),
    Footprint("footprint"),
    Value("sensed_at", terms.SENSED_AT, TIME),
    Value("started_at", terms.START_TIME, TIME),
    Value("ended_at", terms.END_TIME, TIME),
    Value("created_at", terms.CREATED, TIME),
    Value("updated_at", terms.MODIFIED, TIME),
    Value("platform", terms.ON_PLATFORM, IRI),
    Value("instruments", terms.ACQUIRED_BY, IRI, many=True),
    Value("product_type", terms.HAS_PRODUCT_TYPE, IRI),
    Value("processing_level", terms.HAS_PROCESSING_LEVEL, IRI),
    Value("processing_version", terms.PROCESSING_VERSION, TEXT),
    Value("licence", terms.LICENCE_IDENTIFIER, TEXT),
    Value("orbit_direction", terms.HAS_ORBIT_DIRECTION, IRI),
    Value("relative_orbit", terms.RELATIVE_ORBIT, INTEGER),
    Value("absolute_orbit", terms.ABSOLUTE_ORBIT, INTEGER),
    Value("datatake", terms.DATATAKE_IDENTIFIER, TEXT),
    Value("acquisition_mode", terms.HAS_ACQUISITION_MODE, IRI),
    Value("polarisations", terms.HAS_POLARISATION, IRI, many=True),
    Value("sun_elevation", terms.SUN_ELEVATION, DECIMAL),
    Value("sun_azimuth", terms.SUN_AZIMUTH, DECIMAL),
    Value("off_nadir", terms.OFF_NADIR_ANGLE, DECIMAL),
    Value("incidence_angle", terms.INCIDENCE_ANGLE, DECIMAL),
    Value("view_azimuth", terms.VIEW_AZIMUTH, DECIMAL),
    Value("cloud_cover", terms.CLOUD_COVER, DECIMAL),
    Value("cloud_class", terms.HAS_CLOUD_CLASS, IRI),
    Value("snow_cover", terms.SNOW_COVER, DECIMAL),
    Value("water_cover", terms.WATER_COVER, DECIMAL),
    Value("vegetation_cover", terms.VEGETATION_COVER, DECIMAL),
    Value("no_data_cover", terms.NO_DATA_COVER, DECIMAL),
    Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, DECIMAL),
    Value("epsg", terms.EPSG_CODE, INTEGER),
    Value("tile", terms.ON_TILE, IRI),
    Value("derived_from", terms.DERIVED_FROM, IRI, many=True),
    Owned("assets", terms.HAS_ASSET, _ASSET, "asset", many=True),
    Owned("bands", terms.HAS_BAND, _BAND, "band", many=True),
    Owned("quality_checks", terms.HAS_QUALITY_CHECK, _QUALITY_CHECK, "check", many=True),
    Owned("run", terms.GENERATED_BY_RUN, _RUN, "run"),
    Value("document", terms.SOURCE_DOCUMENT, DOCUMENT),
    Value("fingerprint", terms.INGEST_FINGERPRINT, TEXT),
)
_SCENE_KINDS = (
    terms.OPTICAL_SCENE, terms.SAR_SCENE, terms.ATMOSPHERIC_SCENE, terms.ALTIMETRY_SCENE, terms.DERIVED_SCENE,
)  # fmt: skip
_SCENE = Shape(records.Scene, (terms.SCENE,), _SCENE_PROPERTIES, default_kind=terms.SCENE, kinds=_SCENE_KINDS)
_DIFFERENCE = Shape(
    records.WaterDifference,
    (),
    (
        Value("other", terms.DIFFERENCE_OTHER, DECIMAL),
        Value("excluded_in_reference", terms.DIFFERENCE_EXCLUDED_REFERENCE, DECIMAL),
        Value("excluded_in_observation", terms.DIFFERENCE_EXCLUDED_OBSERVED, DECIMAL),
        Value("deficit", terms.DIFFERENCE_DEFICIT, DECIMAL),
        Value("excess", terms.DIFFERENCE_EXCESS, DECIMAL),
        Value("seasonal_observed", terms.DIFFERENCE_SEASONAL_OBSERVED, DECIMAL),
        Value("seasonal_not_observed", terms.DIFFERENCE_SEASONAL_NOT_OBSERVED, DECIMAL),
        Value("permanent_observed", terms.DIFFERENCE_PERMANENT_OBSERVED, DECIMAL),
    ),
)
_AGREEMENT = Shape(
    records.MaskAgreement,
    (terms.MASK_AGREEMENT,),
    (
        Value("compared", terms.COMPARED_MASKS, TEXT),
        Value("water_in_both", terms.WATER_IN_BOTH, DECIMAL),
        Value("water_in_first_only", terms.WATER_IN_FIRST_ONLY, DECIMAL),
        Value("water_in_second_only", terms.WATER_IN_SECOND_ONLY, DECIMAL),
        Value("other_in_both", terms.OTHER_IN_BOTH, DECIMAL),
        Value("iou_water", terms.IOU_WATER, DECIMAL),
        Value("iou_other", terms.IOU_OTHER, DECIMAL),
        Value("matthews", terms.MATTHEWS_COEFFICIENT, DECIMAL),
        Value("kappa", terms.KAPPA_COEFFICIENT, DECIMAL),
    ),
    name="compared",
)
_ANOMALY = Shape(
    records.WaterAnomaly,
    (terms.WATER_ANOMALY,),
    (
        Value("anomaly_type", terms.ANOMALY_TYPE, IRI),
        Value("score", terms.WATER_EXTENT_ANOMALY_SCORE, DECIMAL),
        Value("rule", terms.DERIVED_BY_RULE, IRI),
    ),
)
_WATER_ANALYSIS = Shape(
    records.WaterAnalysis,
    (terms.SCENE, terms.WATER_ANALYSIS),
    (
        *_SCENE_PROPERTIES,
        Value("observed_water", terms.OBSERVED_WATER_COVER, DECIMAL),
        Value("observed_water_visible", terms.OBSERVED_WATER_COVER_VISIBLE, DECIMAL),
        Value("permanent_water", terms.PERMANENT_WATER_COVER, DECIMAL),
        Value("permanent_water_visible", terms.PERMANENT_WATER_COVER_VISIBLE, DECIMAL),
        Value("seasonal_water", terms.SEASONAL_WATER_COVER, DECIMAL),
        Value("seasonal_water_visible", terms.SEASONAL_WATER_COVER_VISIBLE, DECIMAL),
        Value("excess_percent", terms.EXCESS_WATER_PERCENT, DECIMAL),
        Value("excess_km2", terms.EXCESS_WATER_SURFACE, DECIMAL),
        Value("excess_bodies", terms.EXCESS_WATER_BODY_COUNT, INTEGER),
        Value("deficit_percent", terms.DEFICIT_WATER_PERCENT, DECIMAL),
        Value("deficit_km2", terms.DEFICIT_WATER_SURFACE, DECIMAL),
        Value("deficit_bodies", terms.DEFICIT_WATER_BODY_COUNT, INTEGER),
        Inline("difference", _DIFFERENCE),
        Owned("agreements", terms.HAS_MASK_AGREEMENT, _AGREEMENT, "agreement", many=True),
        Owned("anomaly", terms.HAS_WATER_ANOMALY, _ANOMALY, "anomaly"),
    ),
    default_kind=terms.WATER_ANALYSIS,
)
_FIELD_ANALYSIS = Shape(
    records.FieldAnalysis,
    (terms.SCENE, terms.FIELD_ANALYSIS),
    (
        *_SCENE_PROPERTIES,
        Value("field_count", terms.FIELD_COUNT, INTEGER),
        Value("agricultural_coverage", terms.AGRICULTURAL_COVERAGE, DECIMAL),
        Value("total_area_ha", terms.TOTAL_FIELD_AREA, DECIMAL),
        Value("minimum_area_ha", terms.MINIMUM_FIELD_AREA, DECIMAL),
        Value("mean_area_ha", terms.MEAN_FIELD_AREA, DECIMAL),
        Value("maximum_area_ha", terms.MAXIMUM_FIELD_AREA, DECIMAL),
    ),
    default_kind=terms.FIELD_ANALYSIS,
)
TOP_LEVEL = (
    # Most specific first: a record is read by the first shape whose types it all has.
    _WATER_ANALYSIS,
    _FIELD_ANALYSIS,
    _SCENE,
    Shape(
        records.Collection,
        (terms.PRODUCT_COLLECTION,),
        (
            Value("identifier", terms.COLLECTION_IDENTIFIER, TEXT),
            Value("title", terms.TITLE, TEXT),
            Value("description", terms.DESCRIPTION, TEXT),
            Value("licence", terms.LICENCE_IDENTIFIER, TEXT),
            Value("keywords", terms.KEYWORD, TEXT, many=True),
            Value("document", terms.SOURCE_DOCUMENT, DOCUMENT),
            Value("fingerprint", terms.INGEST_FINGERPRINT, TEXT),
        ),
    ),
    Shape(
        records.Platform,
        (terms.SATELLITE,),
        (Value("name", terms.LABEL, TEXT), Value("constellation", terms.MEMBER_OF_CONSTELLATION, IRI)),
    ),
    Shape(
        records.Instrument,
        (terms.INSTRUMENT,),
        (Value("name", terms.LABEL, TEXT), Value("platform", terms.MOUNTED_ON, IRI)),
    ),
    Shape(records.Constellation, (terms.CONSTELLATION,), (Value("name", terms.LABEL, TEXT),)),
    Shape(records.GridTile, (terms.GRID_TILE,), (Value("code", terms.TILE_CODE, TEXT),)),
    Shape(
        records.Model,
        (terms.ML_MODEL,),
        (Value("name", terms.MODEL_NAME, TEXT), Value("version", terms.MODEL_VERSION, TEXT)),
    ),
    Shape(
        records.AnomalyRule,
        (terms.ANOMALY_RULE,),
        (
            Value("label", terms.LABEL, TEXT),
            Value("description", terms.DESCRIPTION, TEXT),
            Value("flood_excess_percent", terms.FLOOD_EXCESS_PERCENT, DECIMAL),
            Value("flood_excess_km2", terms.FLOOD_EXCESS_SURFACE, DECIMAL),
            Value("drought_deficit_percent", terms.DROUGHT_DEFICIT_PERCENT, DECIMAL),
            Value("drought_deficit_km2", terms.DROUGHT_DEFICIT_SURFACE, DECIMAL),
            Value("maximum_excluded_percent", terms.MAXIMUM_EXCLUDED_PERCENT, DECIMAL),
        ),
    ),
    Shape(
        records.Concept,
        (terms.CONCEPT,),
        (Value("label", terms.PREF_LABEL, TEXT), Value("scheme", terms.IN_SCHEME, IRI)),
    ),
)
SHAPES = {shape.record: shape for shape in TOP_LEVEL}


def fields_written(record_class: type) -> set[str]:
    """Names of the fields that a shape covers, for the test that none is forgotten."""
    shape = next(shape for shape in _all_shapes() if shape.record is record_class)
    return {prop.field for prop in shape.properties} | ({"kind"} if shape.default_kind else set())


def _all_shapes() -> Iterator[Shape]:
    pending = list(TOP_LEVEL)
    while pending:
        shape = pending.pop()
        yield shape
        pending.extend(prop.shape for prop in shape.properties if isinstance(prop, Owned | Inline))


def record_classes() -> set[type]:
    """Every dataclass that has a shape, parts included."""
    return {shape.record for shape in _all_shapes()}


def terms_written() -> set[str]:
    """Every class and property IRI that a shape can write, for the test against the ontology."""
    written: set[str] = set()
    for shape in _all_shapes():
        written.update(shape.types)
        written.update(prop.term for prop in shape.properties if isinstance(prop, Value | Owned))
        if any(isinstance(prop, Footprint) for prop in shape.properties):
            written |= {terms.HAS_DEFAULT_GEOMETRY, terms.HAS_GEOMETRY, terms.GEOMETRY, terms.AS_WKT}
    return written

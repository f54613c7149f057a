"""The triples of scenes, of the analyses that are scenes too, and of their parts."""

from ontology import records, terms
from ontology.literals import DECIMAL, DOCUMENT, INTEGER, IRI, TEXT, TIME, URI
from ontology.media_types import is_cloud_optimized
from ontology.properties import Footprint, Inline, Owned, Shape, Value

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
    # A mask in a cloud-optimised file is both; what it shows comes first.
    kinds=(terms.REFERENCE_WATER_MASK, terms.OBSERVED_WATER_MASK, terms.CLOUD_OPTIMIZED_ASSET),
    one_type=True,
    beside=((terms.CLOUD_OPTIMIZED_ASSET, lambda asset: is_cloud_optimized(asset.media_type)),),
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
    Value("units", terms.MEETS_UNIT, IRI, many=True),
    Value("features", terms.INTERSECTS_FEATURE, IRI, many=True),
    Value("events", terms.SHOWS_EVENT, IRI, many=True),
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
SCENE = Shape(records.Scene, (terms.SCENE,), _SCENE_PROPERTIES, default_kind=terms.SCENE, kinds=_SCENE_KINDS)
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
        Footprint("footprint"),
        Value("area_km2", terms.AREA_KM2, DECIMAL),
        Value("water_bodies", terms.AFFECTS_WATER_BODY, IRI, many=True),
    ),
)
WATER_ANALYSIS = Shape(
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
        Value("permanent_water_km2", terms.PERMANENT_WATER_SURFACE, DECIMAL),
        Value("observed_water_km2", terms.OBSERVED_WATER_SURFACE, DECIMAL),
        Value("reference_mask", terms.HAS_REFERENCE_WATER_MASK, IRI),
        Value("observed_mask", terms.HAS_OBSERVED_WATER_MASK, IRI),
        Inline("difference", _DIFFERENCE),
        Owned("agreements", terms.HAS_MASK_AGREEMENT, _AGREEMENT, "agreement", many=True),
        Owned("anomaly", terms.HAS_WATER_ANOMALY, _ANOMALY, "anomaly"),
    ),
    default_kind=terms.WATER_ANALYSIS,
)
FIELD_ANALYSIS = Shape(
    records.FieldAnalysis,
    (terms.SCENE, terms.FIELD_ANALYSIS),
    (
        *_SCENE_PROPERTIES,
        Value("field_count", terms.FIELD_COUNT, INTEGER),
        Value("agricultural_coverage", terms.AGRICULTURAL_COVERAGE, DECIMAL),
        Value("cloud_free_agricultural_coverage", terms.CLOUD_FREE_AGRICULTURAL_COVERAGE, DECIMAL),
        Value("total_area_ha", terms.TOTAL_FIELD_AREA, DECIMAL),
        Value("minimum_area_ha", terms.MINIMUM_FIELD_AREA, DECIMAL),
        Value("mean_area_ha", terms.MEAN_FIELD_AREA, DECIMAL),
        Value("maximum_area_ha", terms.MAXIMUM_FIELD_AREA, DECIMAL),
        Value("parcels", terms.HAS_PARCEL, IRI, many=True),
    ),
    default_kind=terms.FIELD_ANALYSIS,
)

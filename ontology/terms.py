"""Every IRI that code may name, by a Python name; a test holds each against the OWL modules."""

ORR = "https://w3id.org/orrery/ontology#"
CODE = "https://w3id.org/orrery/code/"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
GEO = "http://www.opengis.net/ont/geosparql#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SOSA = "http://www.w3.org/ns/sosa/"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "orr": ORR, "code": CODE, "dcat": DCAT, "dcterms": DCTERMS, "geo": GEO, "prov": PROV,
    "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "xsd": XSD,
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
}  # fmt: skip

TYPE = RDF + "type"
LABEL = RDFS + "label"
IN_SCHEME = SKOS + "inScheme"
PREF_LABEL = SKOS + "prefLabel"
ALT_LABEL = SKOS + "altLabel"
BROADER = SKOS + "broader"
DEFINITION = SKOS + "definition"
CONCEPT = SKOS + "Concept"

# Datatypes
ANY_URI = XSD + "anyURI"
DATE_TIME = XSD + "dateTime"
DECIMAL = XSD + "decimal"
INTEGER = XSD + "integer"
STRING = XSD + "string"
WKT_LITERAL = GEO + "wktLiteral"

# Geometry
HAS_GEOMETRY = GEO + "hasGeometry"
HAS_DEFAULT_GEOMETRY = GEO + "hasDefaultGeometry"
GEOMETRY = GEO + "Geometry"
AS_WKT = GEO + "asWKT"

# General description
TITLE = DCTERMS + "title"
DESCRIPTION = DCTERMS + "description"
CREATED = DCTERMS + "created"
MODIFIED = DCTERMS + "modified"
KEYWORD = DCAT + "keyword"
MEDIA_TYPE = DCAT + "mediaType"
HAS_FEATURE_OF_INTEREST = SOSA + "hasFeatureOfInterest"

# What was inferred
INFERRED_TYPE = ORR + "inferredType"
INFERRED_UNDER = ORR + "inferredUnder"
AWAITS_INFERENCE = ORR + "awaitsInference"

# What is said of terms
METADATA_KIND = ORR + "metadataKind"
CODE_SCHEME = ORR + "codeScheme"

# core
EO_PRODUCT = ORR + "EOProduct"
SCENE = ORR + "Scene"
OPTICAL_SCENE = ORR + "OpticalScene"
SAR_SCENE = ORR + "SARScene"
ATMOSPHERIC_SCENE = ORR + "AtmosphericScene"
ALTIMETRY_SCENE = ORR + "AltimetryScene"
DERIVED_SCENE = ORR + "DerivedScene"
CLOUD_FREE_SCENE = ORR + "CloudFreeScene"
PRODUCT_COLLECTION = ORR + "ProductCollection"
ASSET = ORR + "Asset"
CLOUD_OPTIMIZED_ASSET = ORR + "CloudOptimizedAsset"
BAND = ORR + "Band"
QUALITY_CHECK = ORR + "QualityCheck"
REPLICA = ORR + "Replica"
STORAGE_SITE = ORR + "StorageSite"
PRODUCT_IDENTIFIER = ORR + "productIdentifier"
COLLECTION_IDENTIFIER = ORR + "collectionIdentifier"
IN_COLLECTION = ORR + "inCollection"
SENSED_AT = ORR + "sensedAt"
START_TIME = ORR + "startTime"
END_TIME = ORR + "endTime"
HAS_PRODUCT_TYPE = ORR + "hasProductType"
HAS_PROCESSING_LEVEL = ORR + "hasProcessingLevel"
PROCESSING_VERSION = ORR + "processingVersion"
LICENCE_IDENTIFIER = ORR + "licenceIdentifier"
CLOUD_COVER = ORR + "cloudCover"
SNOW_COVER = ORR + "snowCover"
WATER_COVER = ORR + "waterCover"
VEGETATION_COVER = ORR + "vegetationCover"
NO_DATA_COVER = ORR + "noDataCover"
HAS_CLOUD_CLASS = ORR + "hasCloudClass"
GROUND_SAMPLING_DISTANCE = ORR + "groundSamplingDistance"
DERIVED_FROM = ORR + "derivedFrom"
HAS_LINEAGE_SOURCE = ORR + "hasLineageSource"
SUPERSEDES = ORR + "supersedes"
SOURCE_DOCUMENT = ORR + "sourceDocument"
INGEST_FINGERPRINT = ORR + "ingestFingerprint"
CHANGE_NUMBER = ORR + "changeNumber"
HAS_ASSET = ORR + "hasAsset"
ASSET_KEY = ORR + "assetKey"
HREF = ORR + "href"
ASSET_ROLE = ORR + "assetRole"
BYTE_SIZE = ORR + "byteSize"
CHECKSUM_MULTIHASH = ORR + "checksumMultihash"
EPSG_CODE = ORR + "epsgCode"
HAS_BAND = ORR + "hasBand"
BAND_NAME = ORR + "bandName"
BAND_POSITION = ORR + "bandPosition"
COMMON_BAND_NAME = ORR + "commonBandName"
CENTER_WAVELENGTH = ORR + "centerWavelength"
FULL_WIDTH_HALF_MAX = ORR + "fullWidthHalfMax"
HAS_QUALITY_CHECK = ORR + "hasQualityCheck"
CHECK_NAME = ORR + "checkName"
CHECK_OUTCOME = ORR + "checkOutcome"
HAS_REPLICA = ORR + "hasReplica"
REPLICA_OF = ORR + "replicaOf"
AT_SITE = ORR + "atSite"
AVAILABLE_AT = ORR + "availableAt"
OBSERVED_AT = ORR + "observedAt"
FROM_SCENE = ORR + "fromScene"

# acquisition
SATELLITE = ORR + "Satellite"
CONSTELLATION = ORR + "Constellation"
INSTRUMENT = ORR + "Instrument"
OPTICAL_INSTRUMENT = ORR + "OpticalInstrument"
SAR_INSTRUMENT = ORR + "SARInstrument"
ON_PLATFORM = ORR + "onPlatform"
ACQUIRED_BY = ORR + "acquiredBy"
ACQUIRED_BY_PLATFORM = ORR + "acquiredByPlatform"
ACQUIRED_BY_CONSTELLATION = ORR + "acquiredByConstellation"
MOUNTED_ON = ORR + "mountedOn"
MEMBER_OF_CONSTELLATION = ORR + "memberOfConstellation"
HAS_ORBIT_DIRECTION = ORR + "hasOrbitDirection"
HAS_ACQUISITION_MODE = ORR + "hasAcquisitionMode"
HAS_POLARISATION = ORR + "hasPolarisation"
RELATIVE_ORBIT = ORR + "relativeOrbit"
ABSOLUTE_ORBIT = ORR + "absoluteOrbit"
DATATAKE_IDENTIFIER = ORR + "datatakeIdentifier"
SUN_ELEVATION = ORR + "sunElevation"
SUN_AZIMUTH = ORR + "sunAzimuth"
OFF_NADIR_ANGLE = ORR + "offNadirAngle"
INCIDENCE_ANGLE = ORR + "incidenceAngle"
VIEW_AZIMUTH = ORR + "viewAzimuth"

# spatial
SPATIAL_UNIT = ORR + "SpatialUnit"
ADMINISTRATIVE_UNIT = ORR + "AdministrativeUnit"
GRID_TILE = ORR + "GridTile"
ON_TILE = ORR + "onTile"
TILE_CODE = ORR + "tileCode"
WITHIN_UNIT = ORR + "withinUnit"
CONTAINS_UNIT = ORR + "containsUnit"
INTERSECTS_FEATURE = ORR + "intersectsFeature"
INTERSECTS_UNIT = ORR + "intersectsUnit"
MEETS_UNIT = ORR + "meetsUnit"
NUTS_CODE = ORR + "nutsCode"
UNIT_LEVEL = ORR + "unitLevel"
AREA_KM2 = ORR + "areaKm2"

# water
WATER_ANALYSIS = ORR + "WaterAnalysis"
WATER_ANOMALY = ORR + "WaterAnomaly"
ANOMALY_RULE = ORR + "AnomalyRule"
MASK_AGREEMENT = ORR + "MaskAgreement"
FLOOD_SCENE = ORR + "FloodScene"
DROUGHT_SCENE = ORR + "DroughtScene"
WATER_BODY = ORR + "WaterBody"
WATER_MASK = ORR + "WaterMask"
REFERENCE_WATER_MASK = ORR + "ReferenceWaterMask"
OBSERVED_WATER_MASK = ORR + "ObservedWaterMask"
HAS_WATER_ANOMALY = ORR + "hasWaterAnomaly"
ANOMALY_OF_SCENE = ORR + "anomalyOfScene"
HAS_ANOMALY_TYPE = ORR + "hasAnomalyType"
ANOMALY_TYPE = ORR + "anomalyType"
WATER_EXTENT_ANOMALY_SCORE = ORR + "waterExtentAnomalyScore"
DERIVED_BY_RULE = ORR + "derivedByRule"
FLOOD_EXCESS_PERCENT = ORR + "floodExcessPercent"
FLOOD_EXCESS_SURFACE = ORR + "floodExcessSurface"
DROUGHT_DEFICIT_PERCENT = ORR + "droughtDeficitPercent"
DROUGHT_DEFICIT_SURFACE = ORR + "droughtDeficitSurface"
MAXIMUM_EXCLUDED_PERCENT = ORR + "maximumExcludedPercent"
OBSERVED_WATER_COVER = ORR + "observedWaterCover"
OBSERVED_WATER_COVER_VISIBLE = ORR + "observedWaterCoverVisible"
PERMANENT_WATER_COVER = ORR + "permanentWaterCover"
PERMANENT_WATER_COVER_VISIBLE = ORR + "permanentWaterCoverVisible"
SEASONAL_WATER_COVER = ORR + "seasonalWaterCover"
SEASONAL_WATER_COVER_VISIBLE = ORR + "seasonalWaterCoverVisible"
EXCESS_WATER_PERCENT = ORR + "excessWaterPercent"
EXCESS_WATER_SURFACE = ORR + "excessWaterSurface"
EXCESS_WATER_BODY_COUNT = ORR + "excessWaterBodyCount"
DEFICIT_WATER_PERCENT = ORR + "deficitWaterPercent"
DEFICIT_WATER_SURFACE = ORR + "deficitWaterSurface"
DEFICIT_WATER_BODY_COUNT = ORR + "deficitWaterBodyCount"
DIFFERENCE_OTHER = ORR + "differenceOther"
DIFFERENCE_EXCLUDED_REFERENCE = ORR + "differenceExcludedReference"
DIFFERENCE_EXCLUDED_OBSERVED = ORR + "differenceExcludedObserved"
DIFFERENCE_DEFICIT = ORR + "differenceDeficit"
DIFFERENCE_EXCESS = ORR + "differenceExcess"
DIFFERENCE_SEASONAL_OBSERVED = ORR + "differenceSeasonalObserved"
DIFFERENCE_SEASONAL_NOT_OBSERVED = ORR + "differenceSeasonalNotObserved"
DIFFERENCE_PERMANENT_OBSERVED = ORR + "differencePermanentObserved"
HAS_MASK_AGREEMENT = ORR + "hasMaskAgreement"
COMPARED_MASKS = ORR + "comparedMasks"
WATER_IN_BOTH = ORR + "waterInBoth"
WATER_IN_FIRST_ONLY = ORR + "waterInFirstOnly"
WATER_IN_SECOND_ONLY = ORR + "waterInSecondOnly"
OTHER_IN_BOTH = ORR + "otherInBoth"
IOU_WATER = ORR + "intersectionOverUnionWater"
IOU_OTHER = ORR + "intersectionOverUnionOther"
MATTHEWS_COEFFICIENT = ORR + "matthewsCoefficient"
KAPPA_COEFFICIENT = ORR + "kappaCoefficient"
PERMANENT_WATER_SURFACE = ORR + "permanentWaterSurface"
OBSERVED_WATER_SURFACE = ORR + "observedWaterSurface"
HAS_REFERENCE_WATER_MASK = ORR + "referenceWaterMask"
HAS_OBSERVED_WATER_MASK = ORR + "observedWaterMask"
AFFECTS_WATER_BODY = ORR + "affectsWaterBody"

# agriculture
FIELD_ANALYSIS = ORR + "FieldAnalysis"
PARCEL = ORR + "Parcel"
AGRICULTURAL_PARCEL = ORR + "AgriculturalParcel"
CROP = ORR + "Crop"
LAND_COVER_OBSERVATION = ORR + "LandCoverObservation"
SOIL_MOISTURE_OBSERVATION = ORR + "SoilMoistureObservation"
AGRICULTURAL_COVERAGE = ORR + "agriculturalCoverage"
CLOUD_FREE_AGRICULTURAL_COVERAGE = ORR + "cloudFreeAgriculturalCoverage"
FIELD_COUNT = ORR + "fieldCount"
TOTAL_FIELD_AREA = ORR + "totalFieldArea"
MINIMUM_FIELD_AREA = ORR + "minimumFieldArea"
MEAN_FIELD_AREA = ORR + "meanFieldArea"
MAXIMUM_FIELD_AREA = ORR + "maximumFieldArea"
HAS_PARCEL = ORR + "hasParcel"
PARCEL_IDENTIFIER = ORR + "parcelIdentifier"
GROWS_CROP = ORR + "growsCrop"
OBSERVES_PARCEL = ORR + "observesParcel"
SOIL_MOISTURE = ORR + "soilMoisture"
LAND_COVER_CLASS = ORR + "landCoverClass"

# atmosphere
GAS_PLUME = ORR + "GasPlume"
EMISSION_SOURCE = ORR + "EmissionSource"
HAS_PLUME = ORR + "hasPlume"
PLUME_OF_SCENE = ORR + "plumeOfScene"
EMITTED_BY = ORR + "emittedBy"
EMITS = ORR + "emits"
GAS_SPECIES = ORR + "gasSpecies"
EMISSION_RATE = ORR + "emissionRate"
DETECTED_AT = ORR + "detectedAt"
FACILITY_IDENTIFIER = ORR + "facilityIdentifier"

# ocean
IN_SITU_PLATFORM = ORR + "InSituPlatform"
IN_SITU_OBSERVATION = ORR + "InSituObservation"
MADE_BY_PLATFORM = ORR + "madeByPlatform"
OBSERVED_VARIABLE = ORR + "observedVariable"
MEASURED_VALUE = ORR + "measuredValue"
UNIT_SYMBOL = ORR + "unitSymbol"

# event
EVENT = ORR + "Event"
HAZARD_EVENT = ORR + "HazardEvent"
FLOOD_EVENT = ORR + "FloodEvent"
DROUGHT_EVENT = ORR + "DroughtEvent"
STORM_EVENT = ORR + "StormEvent"
SOCIAL_MEDIA_REPORT = ORR + "SocialMediaReport"
SHOWS_EVENT = ORR + "showsEvent"
SEEN_IN = ORR + "seenIn"
HAS_HAZARD_TYPE = ORR + "hasHazardType"
CAUSED_BY = ORR + "causedBy"
RELATED_EVENT = ORR + "relatedEvent"
REPORTS = ORR + "reports"
EXTERNAL_IDENTIFIER = ORR + "externalIdentifier"
EVENT_START = ORR + "eventStart"
EVENT_END = ORR + "eventEnd"

# model
ML_MODEL = ORR + "MLModel"
PROCESSING_RUN = ORR + "ProcessingRun"
INFERENCE_ACTIVITY = ORR + "InferenceActivity"
PROCESSING_STEP = ORR + "ProcessingStep"
EMBEDDING = ORR + "Embedding"
GENERATED_BY_RUN = ORR + "generatedByRun"
USED_MODEL = ORR + "usedModel"
PRODUCED_BY_MODEL = ORR + "producedByModel"
HAS_SCENE_INPUT = ORR + "hasSceneInput"
MODEL_NAME = ORR + "modelName"
MODEL_VERSION = ORR + "modelVersion"
HAS_STEP = ORR + "hasStep"
STEP_POSITION = ORR + "stepPosition"
SOFTWARE_NAME = ORR + "softwareName"
SOFTWARE_VERSION = ORR + "softwareVersion"
PROCESSING_FACILITY = ORR + "processingFacility"
LINEAGE_STATEMENT = ORR + "lineageStatement"
CONFIDENCE = ORR + "confidence"
HAS_EMBEDDING = ORR + "hasEmbedding"
VECTOR_DATA = ORR + "vectorData"
STARTED_AT = PROV + "startedAtTime"
ENDED_AT = PROV + "endedAtTime"

# link
LINK = ORR + "Link"
LINK_SUBJECT = ORR + "linkSubject"
LINK_OBJECT = ORR + "linkObject"
LINK_RELATION = ORR + "linkRelation"
LINK_SCORE = ORR + "linkScore"
LINK_METHOD = ORR + "linkMethod"
LINK_EVIDENCE = ORR + "linkEvidence"


def code(scheme: str, notation: str) -> str:
    """The IRI of a code: ``code("AnomalyType", "flood")``."""
    return f"{CODE}{scheme}-{notation}"


CLOUD_FREE = code("CloudClass", "cloudFree")
PARTLY_CLOUDY = code("CloudClass", "partlyCloudy")
CLOUDY = code("CloudClass", "cloudy")
ANOMALY_NORMAL = code("AnomalyType", "normal")
ANOMALY_FLOOD = code("AnomalyType", "flood")
ANOMALY_DROUGHT = code("AnomalyType", "drought")
ANOMALY_FLOOD_AND_DROUGHT = code("AnomalyType", "floodAndDrought")
ORBIT_ASCENDING = code("OrbitDirection", "ascending")
ORBIT_DESCENDING = code("OrbitDirection", "descending")
HAZARD_HYDROLOGICAL = code("HazardType", "hydrological")
HAZARD_FLOOD = code("HazardType", "floodHazard")
HAZARD_DROUGHT = code("HazardType", "droughtHazard")
HAZARD_TROPICAL_CYCLONE = code("HazardType", "tropicalCyclone")
HAZARD_WILDFIRE = code("HazardType", "wildfire")
GAS_METHANE = code("GasSpecies", "CH4")
GAS_NITROGEN_DIOXIDE = code("GasSpecies", "NO2")
GAS_SULPHUR_DIOXIDE = code("GasSpecies", "SO2")
GAS_CARBON_MONOXIDE = code("GasSpecies", "CO")
RELATION_COVERS = code("LinkRelation", "covers")
RELATION_OVERLAPS_IN_TIME = code("LinkRelation", "overlapsInTime")
RELATION_OBSERVES = code("LinkRelation", "observes")
RELATION_SAME_EVENT = code("LinkRelation", "sameEvent")
RELATION_EVIDENCES = code("LinkRelation", "evidences")
RELATION_DERIVED_FROM = code("LinkRelation", "derivedFrom")
SEA_SURFACE_HEIGHT = code("OceanVariable", "seaSurfaceHeight")
SEA_WATER_TEMPERATURE = code("OceanVariable", "seaWaterTemperature")
SEA_WATER_SALINITY = code("OceanVariable", "seaWaterSalinity")
SIGNIFICANT_WAVE_HEIGHT = code("OceanVariable", "significantWaveHeight")

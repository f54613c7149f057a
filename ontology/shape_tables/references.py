"""The triples of collections, and of what scenes are said to come from."""

from ontology import records, terms
from ontology.literals import DECIMAL, DOCUMENT, IRI, TEXT
from ontology.properties import Shape, Value

REFERENCES = (
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
        default_kind=terms.INSTRUMENT,
        kinds=(terms.OPTICAL_INSTRUMENT, terms.SAR_INSTRUMENT),
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

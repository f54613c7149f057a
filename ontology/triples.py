"""How a record becomes triples and back: the only place that knows the shape of the graph.

A statement is three terms in N-Triples syntax, which engines load fastest and
which pyoxigraph prints again with ``str(term)``. A record owns its IRI and every
IRI that starts with it and ``#``; whole records are replaced and deleted by that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import orjson
import pyoxigraph as ox

from ontology import records, terms
from ontology.errors import RecordInvalid
from ontology.identifiers import document_digest, document_iri, owned_iri

Statement = tuple[str, str, str]
"""Subject, predicate, object in N-Triples syntax."""

Description = Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]
"""Values of one subject by the IRI of the predicate."""

R = TypeVar("R")


def iri_term(iri: str) -> str:
    """An IRI in N-Triples syntax."""
    return f"<{iri}>"


def _quoted(text: str) -> str:
    # JSON's escapes are a subset of N-Triples' (RDF 1.1 N-Triples, section 2.4).
    return orjson.dumps(text).decode()


def _decimal(value: float) -> str:
    text = repr(value)
    # xsd:decimal has no exponent (XML Schema 1.1 part 2, section 3.3.3).
    return format(Decimal(text), "f") if "e" in text else text


def time_text(value: datetime) -> str:
    """An aware time as xsd:dateTime in UTC, with a fraction only where there is one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time_value(term: Any) -> datetime:
    return datetime.fromisoformat(term.value)


@dataclass(frozen=True, slots=True)
class _Codec:
    write: Callable[[Any], str]
    read: Callable[[Any], Any]


def _typed(datatype: str, text: Callable[[Any], str], read: Callable[[str], Any]) -> _Codec:
    return _Codec(lambda value: f'"{text(value)}"^^<{datatype}>', lambda term: read(term.value))


_TEXT = _Codec(_quoted, lambda term: term.value)
_URI = _Codec(lambda value: f"{_quoted(value)}^^<{terms.ANY_URI}>", lambda term: term.value)
_IRI = _Codec(iri_term, lambda term: term.value)
_DOCUMENT = _Codec(lambda digest: iri_term(document_iri(digest)), lambda term: document_digest(term.value))
_INTEGER = _typed(terms.INTEGER, str, int)
_DECIMAL = _typed(terms.DECIMAL, _decimal, float)
_TIME = _Codec(lambda value: f'"{time_text(value)}"^^<{terms.DATE_TIME}>', _time_value)


@dataclass(frozen=True, slots=True)
class _Value:
    """A field whose value is a term, or a tuple of terms where the field holds a tuple."""

    field: str
    term: str
    codec: _Codec
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Owned:
    """A field whose value is a part with an IRI of its own below the record's."""

    field: str
    term: str
    shape: "_Shape"
    part: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Inline:
    """A field whose value is a group of properties of the owner itself."""

    field: str
    shape: "_Shape"


@dataclass(frozen=True, slots=True)
class _Footprint:
    """The default geometry of a feature (OGC 22-047r1, clause 8)."""

    field: str


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """The triples of one record class.

    Attributes:
        record: the dataclass.
        types: classes that every such record is stated to have.
        properties: one for each field but those below.
        name: field that is written into the IRI of a part instead of into a triple.
        default_kind: with ``kind`` among the fields, the class that is its default.
    """

    record: type
    types: tuple[str, ...]
    properties: tuple[_Value | _Owned | _Inline | _Footprint, ...]
    name: str | None = None
    default_kind: str | None = None


_BAND = _Shape(
    records.Band,
    (terms.BAND,),
    (
        _Value("name", terms.BAND_NAME, _TEXT),
        _Value("position", terms.BAND_POSITION, _INTEGER),
        _Value("common_name", terms.COMMON_BAND_NAME, _TEXT),
        _Value("center_wavelength_um", terms.CENTER_WAVELENGTH, _DECIMAL),
        _Value("full_width_half_max_um", terms.FULL_WIDTH_HALF_MAX, _DECIMAL),
        _Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, _DECIMAL),
    ),
    name="position",
)
_ASSET = _Shape(
    records.Asset,
    (terms.ASSET,),
    (
        _Value("key", terms.ASSET_KEY, _TEXT),
        _Value("href", terms.HREF, _URI),
        _Value("title", terms.TITLE, _TEXT),
        _Value("media_type", terms.MEDIA_TYPE, _TEXT),
        _Value("roles", terms.ASSET_ROLE, _TEXT, many=True),
        _Owned("bands", terms.HAS_BAND, _BAND, "band", many=True),
        _Value("byte_size", terms.BYTE_SIZE, _INTEGER),
        _Value("checksum", terms.CHECKSUM_MULTIHASH, _TEXT),
        _Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, _DECIMAL),
        _Value("epsg", terms.EPSG_CODE, _INTEGER),
    ),
    name="key",
    default_kind=terms.ASSET,
)
_QUALITY_CHECK = _Shape(
    records.QualityCheck,
    (terms.QUALITY_CHECK,),
    (_Value("name", terms.CHECK_NAME, _TEXT), _Value("outcome", terms.CHECK_OUTCOME, _TEXT)),
    name="name",
)
_STEP = _Shape(
    records.ProcessingStep,
    (terms.PROCESSING_STEP,),
    (
        _Value("position", terms.STEP_POSITION, _INTEGER),
        _Value("name", terms.TITLE, _TEXT),
        _Value("software", terms.SOFTWARE_NAME, _TEXT),
        _Value("software_version", terms.SOFTWARE_VERSION, _TEXT),
        _Value("facility", terms.PROCESSING_FACILITY, _TEXT),
        _Value("started_at", terms.STARTED_AT, _TIME),
        _Value("ended_at", terms.ENDED_AT, _TIME),
    ),
    name="position",
)
_RUN = _Shape(
    records.ProcessingRun,
    (terms.PROCESSING_RUN,),
    (
        _Value("model", terms.USED_MODEL, _IRI),
        _Value("inputs", terms.HAS_SCENE_INPUT, _IRI, many=True),
        _Value("facility", terms.PROCESSING_FACILITY, _TEXT),
        _Value("lineage", terms.LINEAGE_STATEMENT, _TEXT),
        _Value("started_at", terms.STARTED_AT, _TIME),
        _Value("ended_at", terms.ENDED_AT, _TIME),
        _Owned("steps", terms.HAS_STEP, _STEP, "step", many=True),
    ),
    default_kind=terms.PROCESSING_RUN,
)
_SCENE_PROPERTIES = (
    _Value("identifier", terms.PRODUCT_IDENTIFIER, _TEXT),
    _Value("collection", terms.IN_COLLECTION, _IRI),
    _Value("title", terms.TITLE, _TEXT),
    _Footprint("footprint"),
    _Value("sensed_at", terms.SENSED_AT, _TIME),
    _Value("started_at", terms.START_TIME, _TIME),
    _Value("ended_at", terms.END_TIME, _TIME),
    _Value("created_at", terms.CREATED, _TIME),
    _Value("updated_at", terms.MODIFIED, _TIME),
    _Value("platform", terms.ON_PLATFORM, _IRI),
    _Value("instruments", terms.ACQUIRED_BY, _IRI, many=True),
    _Value("product_type", terms.HAS_PRODUCT_TYPE, _IRI),
    _Value("processing_level", terms.HAS_PROCESSING_LEVEL, _IRI),
    _Value("processing_version", terms.PROCESSING_VERSION, _TEXT),
    _Value("licence", terms.LICENCE_IDENTIFIER, _TEXT),
    _Value("orbit_direction", terms.HAS_ORBIT_DIRECTION, _IRI),
    _Value("relative_orbit", terms.RELATIVE_ORBIT, _INTEGER),
    _Value("absolute_orbit", terms.ABSOLUTE_ORBIT, _INTEGER),
    _Value("datatake", terms.DATATAKE_IDENTIFIER, _TEXT),
    _Value("acquisition_mode", terms.HAS_ACQUISITION_MODE, _IRI),
    _Value("polarisations", terms.HAS_POLARISATION, _IRI, many=True),
    _Value("sun_elevation", terms.SUN_ELEVATION, _DECIMAL),
    _Value("sun_azimuth", terms.SUN_AZIMUTH, _DECIMAL),
    _Value("off_nadir", terms.OFF_NADIR_ANGLE, _DECIMAL),
    _Value("incidence_angle", terms.INCIDENCE_ANGLE, _DECIMAL),
    _Value("view_azimuth", terms.VIEW_AZIMUTH, _DECIMAL),
    _Value("cloud_cover", terms.CLOUD_COVER, _DECIMAL),
    _Value("cloud_class", terms.HAS_CLOUD_CLASS, _IRI),
    _Value("snow_cover", terms.SNOW_COVER, _DECIMAL),
    _Value("water_cover", terms.WATER_COVER, _DECIMAL),
    _Value("vegetation_cover", terms.VEGETATION_COVER, _DECIMAL),
    _Value("no_data_cover", terms.NO_DATA_COVER, _DECIMAL),
    _Value("resolution_m", terms.GROUND_SAMPLING_DISTANCE, _DECIMAL),
    _Value("epsg", terms.EPSG_CODE, _INTEGER),
    _Value("tile", terms.ON_TILE, _IRI),
    _Value("derived_from", terms.DERIVED_FROM, _IRI, many=True),
    _Owned("assets", terms.HAS_ASSET, _ASSET, "asset", many=True),
    _Owned("bands", terms.HAS_BAND, _BAND, "band", many=True),
    _Owned("quality_checks", terms.HAS_QUALITY_CHECK, _QUALITY_CHECK, "check", many=True),
    _Owned("run", terms.GENERATED_BY_RUN, _RUN, "run"),
    _Value("document", terms.SOURCE_DOCUMENT, _DOCUMENT),
    _Value("fingerprint", terms.INGEST_FINGERPRINT, _TEXT),
)
_SCENE = _Shape(records.Scene, (terms.SCENE,), _SCENE_PROPERTIES, default_kind=terms.SCENE)
_DIFFERENCE = _Shape(
    records.WaterDifference,
    (),
    (
        _Value("other", terms.DIFFERENCE_OTHER, _DECIMAL),
        _Value("excluded_in_reference", terms.DIFFERENCE_EXCLUDED_REFERENCE, _DECIMAL),
        _Value("excluded_in_observation", terms.DIFFERENCE_EXCLUDED_OBSERVED, _DECIMAL),
        _Value("deficit", terms.DIFFERENCE_DEFICIT, _DECIMAL),
        _Value("excess", terms.DIFFERENCE_EXCESS, _DECIMAL),
        _Value("seasonal_observed", terms.DIFFERENCE_SEASONAL_OBSERVED, _DECIMAL),
        _Value("seasonal_not_observed", terms.DIFFERENCE_SEASONAL_NOT_OBSERVED, _DECIMAL),
        _Value("permanent_observed", terms.DIFFERENCE_PERMANENT_OBSERVED, _DECIMAL),
    ),
)
_AGREEMENT = _Shape(
    records.MaskAgreement,
    (terms.MASK_AGREEMENT,),
    (
        _Value("compared", terms.COMPARED_MASKS, _TEXT),
        _Value("water_in_both", terms.WATER_IN_BOTH, _DECIMAL),
        _Value("water_in_first_only", terms.WATER_IN_FIRST_ONLY, _DECIMAL),
        _Value("water_in_second_only", terms.WATER_IN_SECOND_ONLY, _DECIMAL),
        _Value("other_in_both", terms.OTHER_IN_BOTH, _DECIMAL),
        _Value("iou_water", terms.IOU_WATER, _DECIMAL),
        _Value("iou_other", terms.IOU_OTHER, _DECIMAL),
        _Value("matthews", terms.MATTHEWS_COEFFICIENT, _DECIMAL),
        _Value("kappa", terms.KAPPA_COEFFICIENT, _DECIMAL),
    ),
    name="compared",
)
_ANOMALY = _Shape(
    records.WaterAnomaly,
    (terms.WATER_ANOMALY,),
    (
        _Value("anomaly_type", terms.ANOMALY_TYPE, _IRI),
        _Value("score", terms.WATER_EXTENT_ANOMALY_SCORE, _DECIMAL),
        _Value("rule", terms.DERIVED_BY_RULE, _IRI),
    ),
)
_WATER_ANALYSIS = _Shape(
    records.WaterAnalysis,
    (terms.SCENE, terms.WATER_ANALYSIS),
    (
        *_SCENE_PROPERTIES,
        _Value("observed_water", terms.OBSERVED_WATER_COVER, _DECIMAL),
        _Value("observed_water_visible", terms.OBSERVED_WATER_COVER_VISIBLE, _DECIMAL),
        _Value("permanent_water", terms.PERMANENT_WATER_COVER, _DECIMAL),
        _Value("permanent_water_visible", terms.PERMANENT_WATER_COVER_VISIBLE, _DECIMAL),
        _Value("seasonal_water", terms.SEASONAL_WATER_COVER, _DECIMAL),
        _Value("seasonal_water_visible", terms.SEASONAL_WATER_COVER_VISIBLE, _DECIMAL),
        _Value("excess_percent", terms.EXCESS_WATER_PERCENT, _DECIMAL),
        _Value("excess_km2", terms.EXCESS_WATER_SURFACE, _DECIMAL),
        _Value("excess_bodies", terms.EXCESS_WATER_BODY_COUNT, _INTEGER),
        _Value("deficit_percent", terms.DEFICIT_WATER_PERCENT, _DECIMAL),
        _Value("deficit_km2", terms.DEFICIT_WATER_SURFACE, _DECIMAL),
        _Value("deficit_bodies", terms.DEFICIT_WATER_BODY_COUNT, _INTEGER),
        _Inline("difference", _DIFFERENCE),
        _Owned("agreements", terms.HAS_MASK_AGREEMENT, _AGREEMENT, "agreement", many=True),
        _Owned("anomaly", terms.HAS_WATER_ANOMALY, _ANOMALY, "anomaly"),
    ),
    default_kind=terms.WATER_ANALYSIS,
)
_FIELD_ANALYSIS = _Shape(
    records.FieldAnalysis,
    (terms.SCENE, terms.FIELD_ANALYSIS),
    (
        *_SCENE_PROPERTIES,
        _Value("field_count", terms.FIELD_COUNT, _INTEGER),
        _Value("agricultural_coverage", terms.AGRICULTURAL_COVERAGE, _DECIMAL),
        _Value("total_area_ha", terms.TOTAL_FIELD_AREA, _DECIMAL),
        _Value("minimum_area_ha", terms.MINIMUM_FIELD_AREA, _DECIMAL),
        _Value("mean_area_ha", terms.MEAN_FIELD_AREA, _DECIMAL),
        _Value("maximum_area_ha", terms.MAXIMUM_FIELD_AREA, _DECIMAL),
    ),
    default_kind=terms.FIELD_ANALYSIS,
)
_TOP_LEVEL = (
    # Most specific first: a record is read by the first shape whose types it all has.
    _WATER_ANALYSIS,
    _FIELD_ANALYSIS,
    _SCENE,
    _Shape(
        records.Collection,
        (terms.PRODUCT_COLLECTION,),
        (
            _Value("identifier", terms.COLLECTION_IDENTIFIER, _TEXT),
            _Value("title", terms.TITLE, _TEXT),
            _Value("description", terms.DESCRIPTION, _TEXT),
            _Value("licence", terms.LICENCE_IDENTIFIER, _TEXT),
            _Value("keywords", terms.KEYWORD, _TEXT, many=True),
            _Value("document", terms.SOURCE_DOCUMENT, _DOCUMENT),
            _Value("fingerprint", terms.INGEST_FINGERPRINT, _TEXT),
        ),
    ),
    _Shape(
        records.Platform,
        (terms.SATELLITE,),
        (_Value("name", terms.LABEL, _TEXT), _Value("constellation", terms.MEMBER_OF_CONSTELLATION, _IRI)),
    ),
    _Shape(
        records.Instrument,
        (terms.INSTRUMENT,),
        (_Value("name", terms.LABEL, _TEXT), _Value("platform", terms.MOUNTED_ON, _IRI)),
    ),
    _Shape(records.Constellation, (terms.CONSTELLATION,), (_Value("name", terms.LABEL, _TEXT),)),
    _Shape(records.GridTile, (terms.GRID_TILE,), (_Value("code", terms.TILE_CODE, _TEXT),)),
    _Shape(
        records.Model,
        (terms.ML_MODEL,),
        (_Value("name", terms.MODEL_NAME, _TEXT), _Value("version", terms.MODEL_VERSION, _TEXT)),
    ),
    _Shape(
        records.AnomalyRule,
        (terms.ANOMALY_RULE,),
        (
            _Value("label", terms.LABEL, _TEXT),
            _Value("description", terms.DESCRIPTION, _TEXT),
            _Value("flood_excess_percent", terms.FLOOD_EXCESS_PERCENT, _DECIMAL),
            _Value("flood_excess_km2", terms.FLOOD_EXCESS_SURFACE, _DECIMAL),
            _Value("drought_deficit_percent", terms.DROUGHT_DEFICIT_PERCENT, _DECIMAL),
            _Value("drought_deficit_km2", terms.DROUGHT_DEFICIT_SURFACE, _DECIMAL),
            _Value("maximum_excluded_percent", terms.MAXIMUM_EXCLUDED_PERCENT, _DECIMAL),
        ),
    ),
    _Shape(
        records.Concept,
        (terms.CONCEPT,),
        (_Value("label", terms.PREF_LABEL, _TEXT), _Value("scheme", terms.IN_SCHEME, _IRI)),
    ),
)
_SHAPES = {shape.record: shape for shape in _TOP_LEVEL}


@cache
def _values_of(shape: _Shape) -> "attrgetter[tuple[Any, ...]]":
    return attrgetter(*(p.field for p in shape.properties), shape.properties[0].field)


def statements(record: records.Record) -> Iterator[Statement]:
    """Every triple of a record, in N-Triples syntax, ready for any engine."""
    return _write(_SHAPES[type(record)], record.iri, record)


def _write(shape: _Shape, iri: str, value: Any) -> Iterator[Statement]:
    subject = f"<{iri}>"
    for class_iri in _types(shape, value):
        yield subject, f"<{terms.TYPE}>", f"<{class_iri}>"
    yield from _write_properties(shape, iri, subject, value)


def _types(shape: _Shape, value: Any) -> tuple[str, ...]:
    if shape.default_kind is None or value.kind in shape.types:
        return shape.types
    return (*shape.types, value.kind)


def _write_properties(shape: _Shape, iri: str, subject: str, value: Any) -> Iterator[Statement]:
    for prop, content in zip(shape.properties, _values_of(shape)(value), strict=False):
        if content is None or content == ():
            continue
        match prop:
            case _Value(_, term, codec, many):
                for one in content if many else (content,):
                    yield subject, f"<{term}>", codec.write(one)
            case _Owned(_, term, part_shape, part, many):
                for one in content if many else (content,):
                    name = "" if part_shape.name is None else str(getattr(one, part_shape.name))
                    part_iri = _part_iri(iri, part, name)
                    yield subject, f"<{term}>", f"<{part_iri}>"
                    yield from _write(part_shape, part_iri, one)
            case _Inline(_, inline_shape):
                yield from _write_properties(inline_shape, iri, subject, content)
            case _Footprint(_):
                geometry = f"<{_part_iri(iri, 'footprint', '')}>"
                yield subject, f"<{terms.HAS_DEFAULT_GEOMETRY}>", geometry
                yield subject, f"<{terms.HAS_GEOMETRY}>", geometry
                yield geometry, f"<{terms.TYPE}>", f"<{terms.GEOMETRY}>"
                yield geometry, f"<{terms.AS_WKT}>", f'"{content}"^^<{terms.WKT_LITERAL}>'


def _part_iri(owner: str, part: str, name: str) -> str:
    # A part of a part hangs on with a slash, because an IRI has one fragment only. Names are percent-encoded
    # and hold none, so that band 1 of asset "a" is not asset "a-band-1".
    return owned_iri(owner, part, name) if "#" not in owner else f"{owner}/{owned_iri('', part, name)[1:]}"


def owner_of(iri: str) -> str:
    """The IRI of the record that owns a subject."""
    return iri.partition("#")[0]


def record_from(iri: str, triples: Iterable[ox.Triple | ox.Quad]) -> records.Record:
    """The record that a set of triples describes.

    Args:
        iri: of the record.
        triples: all whose subject is the record or one of its parts; others do no harm.

    Raises:
        RecordInvalid: no type that a record has, or a value that its field cannot hold.
    """
    described = _by_subject(triples)
    types = {term.value for term in described.get(iri, {}).get(terms.TYPE, ()) if isinstance(term, ox.NamedNode)}
    shape = next((shape for shape in _TOP_LEVEL if types.issuperset(shape.types)), None)
    if shape is None:
        raise RecordInvalid(f"{iri}: no record has the types {sorted(types) or 'none'}")
    try:
        record: records.Record = _read(shape, iri, described, {"iri": iri})
    except (TypeError, ValueError, AttributeError) as cause:
        raise RecordInvalid(f"{iri}: {cause}") from cause
    return record


def _by_subject(triples: Iterable[ox.Triple | ox.Quad]) -> dict[str, dict[str, list[Any]]]:
    described: dict[str, dict[str, list[Any]]] = {}
    for triple in triples:
        subject = described.setdefault(getattr(triple.subject, "value", ""), {})
        subject.setdefault(triple.predicate.value, []).append(triple.object)
    return described


def _read(shape: _Shape, iri: str, described: Mapping[str, Description], given: dict[str, Any]) -> Any:
    own = described.get(iri, {})
    values = given | _read_properties(shape, iri, own, described)
    if shape.default_kind is not None:
        values["kind"] = _kind(shape, own)
    return shape.record(**values)


def _kind(shape: _Shape, own: Description) -> str:
    specific = sorted({str(getattr(t, "value", "")) for t in own.get(terms.TYPE, ())} - set(shape.types))
    # The ontology's own class before anybody else's that a writer may have added.
    named = [iri for iri in specific if iri.startswith(terms.ORR)] or specific
    return named[0] if named else str(shape.default_kind)


def _read_properties(shape: _Shape, iri: str, own: Description, described: Mapping[str, Description]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for prop in shape.properties:
        match prop:
            case _Value(field, term, codec, many) if term in own:
                found = sorted(codec.read(one) for one in (own[term] if many else _in_english(own[term])))
                values[field] = tuple(found) if many else found[0]
            case _Owned(field, term, part_shape, _, many) if term in own:
                parts = [_read(part_shape, one.value, described, {}) for one in own[term]]  # type: ignore[union-attr]  # parts are IRIs
                values[field] = tuple(sorted(parts, key=attrgetter(str(part_shape.name)))) if many else parts[0]
            case _Inline(field, inline_shape):
                inner = _read_properties(inline_shape, iri, own, described)
                values[field] = inline_shape.record(**inner) if inner else None
            case _Footprint(field):
                wkt = described.get(_part_iri(iri, "footprint", ""), {}).get(terms.AS_WKT)
                if wkt:
                    values[field] = wkt[0].value  # type: ignore[union-attr]  # a literal by GeoSPARQL's range
    return values


def _in_english(values: list[Any]) -> list[Any]:
    # Published codes have labels in several languages, records have one.
    return [one for one in values if getattr(one, "language", None) in (None, "en")] or values


def fields_written(record_class: type) -> set[str]:
    """Names of the fields that a shape covers, for the test that none is forgotten."""
    shape = next(shape for shape in _all_shapes() if shape.record is record_class)
    return {prop.field for prop in shape.properties} | ({"kind"} if shape.default_kind else set())


def _all_shapes() -> Iterator[_Shape]:
    pending = list(_TOP_LEVEL)
    while pending:
        shape = pending.pop()
        yield shape
        pending.extend(prop.shape for prop in shape.properties if isinstance(prop, _Owned | _Inline))


def record_classes() -> set[type]:
    """Every dataclass that has a shape, parts included."""
    return {shape.record for shape in _all_shapes()}


def terms_written() -> set[str]:
    """Every class and property IRI that a shape can write, for the test against the ontology."""
    written: set[str] = set()
    for shape in _all_shapes():
        written.update(shape.types)
        written.update(prop.term for prop in shape.properties if isinstance(prop, _Value | _Owned))
        if any(isinstance(prop, _Footprint) for prop in shape.properties):
            written |= {terms.HAS_DEFAULT_GEOMETRY, terms.HAS_GEOMETRY, terms.GEOMETRY, terms.AS_WKT}
    return written

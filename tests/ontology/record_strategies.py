"""Records of every class, made up by Hypothesis from the annotations of the dataclass."""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from ontology import records, related, terms
from ontology.bounds import bounds_of
from ontology.identifiers import BASE, segment

STORED_CLASSES = sorted(
    {*get_args(records.Record), *get_args(related.Related), records.WaterAnalysis, records.FieldAnalysis},
    key=lambda record_class: record_class.__name__,
)
KINDS = {
    records.Scene: [
        terms.SCENE, terms.OPTICAL_SCENE, terms.SAR_SCENE, terms.ATMOSPHERIC_SCENE, terms.ALTIMETRY_SCENE,
        terms.DERIVED_SCENE,
    ],
    records.WaterAnalysis: [terms.WATER_ANALYSIS],
    records.FieldAnalysis: [terms.FIELD_ANALYSIS],
    records.Asset: [
        terms.ASSET, terms.CLOUD_OPTIMIZED_ASSET, terms.REFERENCE_WATER_MASK, terms.OBSERVED_WATER_MASK,
    ],
    records.Instrument: [terms.INSTRUMENT, terms.OPTICAL_INSTRUMENT, terms.SAR_INSTRUMENT],
    records.ProcessingRun: [terms.PROCESSING_RUN, terms.INFERENCE_ACTIVITY],
    related.Parcel: [terms.PARCEL, terms.AGRICULTURAL_PARCEL],
    related.HazardEvent: [terms.HAZARD_EVENT, terms.FLOOD_EVENT, terms.DROUGHT_EVENT, terms.STORM_EVENT],
}  # fmt: skip
NAMES = {
    records.Band: "position",
    records.Asset: "key",
    records.QualityCheck: "name",
    records.ProcessingStep: "position",
    records.MaskAgreement: "compared",
}
"""The field by which the parts of one owner are told apart and sorted."""

IRI_FIELDS = {
    "iri", "scheme", "collection", "instruments", "product_type", "processing_level", "orbit_direction",
    "acquisition_mode", "polarisations", "cloud_class", "tile", "derived_from", "model", "inputs", "anomaly_type",
    "rule", "units", "features", "events", "reference_mask", "observed_mask", "parcels", "water_bodies", "within",
    "crop", "species", "scene", "parcel", "feature", "land_cover", "variable", "hazard_type", "caused_by", "reports",
    "product", "site", "relation", "evidence",
}  # fmt: skip
IRI_FIELDS_OF = {
    records.Platform: {"constellation"},
    records.Instrument: {"platform"},
    records.Scene: {"platform"},
    records.WaterAnalysis: {"platform"},
    records.FieldAnalysis: {"platform"},
    related.GasPlume: {"source"},
    related.InSituObservation: {"platform"},
    related.Link: {"subject", "object", "run"},
}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IRIS = TEXT.map(lambda text: BASE + "thing/" + segment(text))
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A day from the ends of the calendar, so that every time exists in UTC.
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)
LONGITUDES = st.floats(-180, 180).map(repr)
LATITUDES = st.floats(-90, 90).map(repr)
FOOTPRINTS = st.tuples(LONGITUDES, LATITUDES).map(lambda lonlat: f"POINT ({lonlat[0]} {lonlat[1]})")


@cache
def records_of(record_class: type, *, complete: bool = False) -> st.SearchStrategy[Any]:
    """Records of a class; complete ones have every field and at least one part of each kind."""
    hints = get_type_hints(record_class)
    values = {f.name: _values(record_class, f.name, hints[f.name], complete) for f in fields(record_class)}
    built: st.SearchStrategy[Any] = st.builds(record_class, **values)
    if record_class is records.WaterDifference:
        # A difference of which nothing is known is written as no triple and read as None.
        return built.filter(lambda difference: difference != records.WaterDifference())
    if record_class is related.Parcel:
        # What grows a crop is an agricultural parcel.
        return built.map(lambda p: p if p.crop is None else replace(p, kind=terms.AGRICULTURAL_PARCEL))
    return built


def _values(record_class: type, field: str, hint: Any, complete: bool) -> st.SearchStrategy[Any]:
    arms = [arm for arm in get_args(hint) if arm is not NoneType] if NoneType in get_args(hint) else [hint]
    present = _present(record_class, field, arms[0], complete)
    return present if complete or arms[0] is hint else st.none() | present


def _present(record_class: type, field: str, hint: Any, complete: bool) -> st.SearchStrategy[Any]:
    if get_origin(hint) is tuple:
        part = get_args(hint)[0]
        key = NAMES.get(part)
        one = _present(record_class, field, part, complete)
        several = st.lists(
            one, min_size=int(complete), max_size=3, unique_by=lambda value: getattr(value, key) if key else value
        )
        return several.map(lambda values: tuple(sorted(values, key=lambda v: getattr(v, key) if key else v)))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return records_of(hint, complete=complete)
    if hint is datetime:
        return TIMES
    if hint in (int, float):
        return _numbers(record_class, field, hint)
    return _texts(record_class, field)


def _numbers(record_class: type, field: str, kind: type) -> st.SearchStrategy[Any]:
    bounds = bounds_of(record_class, field)
    low, high = (bounds.lowest, bounds.highest) if bounds else (None, None)
    if kind is int:
        return st.integers(None if low is None else int(low), None if high is None else int(high))
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def _texts(record_class: type, field: str) -> st.SearchStrategy[str]:
    if field == "kind":
        return st.sampled_from(KINDS[record_class])
    if field == "footprint":
        return FOOTPRINTS
    if field == "document":
        return DIGESTS
    return IRIS if field in IRI_FIELDS | IRI_FIELDS_OF.get(record_class, set()) else TEXT

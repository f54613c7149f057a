"""DaFab's field analyses."""

from typing import Any

import pytest

from ingest.dafab.fields import read_field_analysis
from ingest.document import Mapped, Notice
from ontology import terms
from ontology.identifiers import item_iri, model_iri, platform_iri, tile_iri
from ontology.records import FieldAnalysis, Model, ProcessingRun
from tests.ingest.documents import FIELD_MEASURES, PRODUCT, fields_item, json_document
from tests.ingest.stored import as_stored

_SOURCE = item_iri("sentinel_2_l2a", PRODUCT)
_FULL: dict[str, Any] = {
    "kind": terms.FIELD_ANALYSIS,
    "identifier": f"{PRODUCT}_smart_agriculture_100",
    "platform": platform_iri("sentinel-2b"),
    "relative_orbit": 93,
    "tile": tile_iri("MGRS-34TGL"),
    "derived_from": (_SOURCE,),
    "run": ProcessingRun(
        kind=terms.INFERENCE_ACTIVITY, model=model_iri("smart_agriculture", "1.0.0"), inputs=(_SOURCE,)
    ),
    "field_count": 1204,
    "agricultural_coverage": 41.5,
    "total_area_ha": 500123.5,
    "minimum_area_ha": 0,
    "mean_area_ha": 4.25,
    "maximum_area_ha": 310.75,
}


_NOT_OF_ITEMS = {"cloud_free_agricultural_coverage", "parcels"}
"""An item counts its fields and leaves their outlines to a file; it does not say how much of them was free of cloud."""


def read(item: dict[str, Any]) -> Mapped:
    return read_field_analysis(json_document(item, "dafab-smart-agriculture"))


@pytest.mark.parametrize("field", _FULL)
def test_a_field_is_read(field: str) -> None:
    assert getattr(read(fields_item()).record, field) == _FULL[field]


def test_every_measure_of_the_record_is_claimed() -> None:
    assert set(FieldAnalysis.__annotations__) <= _FULL.keys() | _NOT_OF_ITEMS


def test_nothing_of_a_good_item_is_noted_and_its_record_comes_back_from_its_triples() -> None:
    mapped = read(fields_item())
    assert mapped.notices == ()
    assert as_stored(mapped.record) == mapped.record


def test_the_model_comes_along() -> None:
    model = Model(iri=model_iri("smart_agriculture", "1.0.0"), name="smart_agriculture", version="1.0.0")
    assert model in read(fields_item()).references


def test_a_scene_without_fields_is_one() -> None:
    record = read(fields_item(number_of_fields=0, field_percentage=0)).record
    assert isinstance(record, FieldAnalysis)
    assert (record.field_count, record.agricultural_coverage) == (0, 0)


def test_missing_measures_are_none() -> None:
    mapped = read(fields_item(**dict.fromkeys(FIELD_MEASURES)))
    assert {getattr(mapped.record, name) for name in FieldAnalysis.__annotations__} == {None, ()}
    assert mapped.notices == ()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("number_of_fields", 1.5, "1.5 is not a whole number"),
        ("number_of_fields", -1, "-1 lies outside 0 to 9223372036854775807"),
        ("field_percentage", 100.5, "100.5 lies outside 0 to 100"),
        ("total_field_area(ha)", "12 ha", "'12 ha' is not a number"),
        ("min_area_of_fields(ha)", [], "[] is not a number"),
    ],
)
def test_a_measure_that_does_not_fit_is_left_out_with_its_place(name: str, value: object, reason: str) -> None:
    place = f"properties.dafab:smart-agriculture.{name}"
    assert read(fields_item(**{name: value})).notices == (Notice(place, f"{reason}; left out of the record"),)

"""The same claims over real documents of many producers, where the shared data are there."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from ingest.document import Document, Mapped
from ingest.errors import DocumentRefused
from ingest.kinds import JSON, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from ontology import terms
from ontology.records import Scene, WaterAnalysis
from ontology.validation import violations
from tests.ingest.stored import as_stored

_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
_FOLDERS = ("stac", "landsat", "s1_safe", "s3_sen3", "s5p", "s2_safe", "imagery", "hazards")
_SETTINGS = MappingSettings()

pytestmark = pytest.mark.skipif(not _DATA.is_dir(), reason=f"no shared data in {_DATA}")


def _within(document: Document) -> Iterator[Document | DocumentRefused]:
    try:
        for member in documents_within(document):
            if member.kind == JSON:
                yield from _within(member)
            else:
                yield member
    except DocumentRefused as refusal:
        yield refusal


def _documents(folder: str) -> list[Document | DocumentRefused]:
    """Every JSON document of a folder that has a known kind, and the refusals of the others."""
    read = read_targets(find_targets([str(_DATA / folder)]))
    return [one for document in read if isinstance(document, Document) for one in _within(document)]


def _result(document: Document) -> Mapped | DocumentRefused:
    try:
        return mapped(document, _SETTINGS)
    except DocumentRefused as refusal:
        return refusal


@pytest.fixture(scope="module")
def items() -> list[tuple[Document, Mapped | DocumentRefused]]:
    """Every STAC item, with what its mapper makes of it."""
    found = [one for folder in _FOLDERS for one in _documents(folder)]
    items = [one for one in found if isinstance(one, Document) and one.kind == "stac-item"]
    assert len(items) > 300
    return [(item, _result(item)) for item in items]


def test_every_refusal_names_the_document_and_a_field_or_reason() -> None:
    for folder in _FOLDERS:
        for one in _documents(folder):
            if isinstance(one, DocumentRefused):
                assert one.source.startswith(str(_DATA / folder))
                assert one.field or one.reason
                assert "\n" not in str(one)


def test_every_item_is_mapped_or_refused_by_field_and_reason(
    items: list[tuple[Document, Mapped | DocumentRefused]],
) -> None:
    for document, result in items:
        if isinstance(result, DocumentRefused):
            assert result.source == document.source
            assert result.field
            assert result.reason


def _is_complete(item: dict[str, Any]) -> bool:
    major, minor = [*str(item.get("stac_version") or "0.0").split("."), "0"][:2]
    properties = item.get("properties") or {}
    timed = any(properties.get(name) for name in ("datetime", "start_datetime"))
    return bool((int(major), int(minor)) >= (0, 9) and item.get("geometry") and timed and item.get("id"))


def test_nearly_all_complete_items_are_mapped(items: list[tuple[Document, Mapped | DocumentRefused]]) -> None:
    complete = [result for document, result in items if _is_complete(document.value)]
    taken = [result for result in complete if isinstance(result, Mapped)]
    assert len(complete) > 250
    assert len(taken) >= 0.9 * len(complete)


def test_every_record_comes_back_from_its_triples(items: list[tuple[Document, Mapped | DocumentRefused]]) -> None:
    for _, result in items:
        if isinstance(result, Mapped):
            assert as_stored(result.record) == result.record
            for reference in result.references:
                assert as_stored(reference) == reference


def test_every_record_is_valid(items: list[tuple[Document, Mapped | DocumentRefused]]) -> None:
    for document, result in items:
        if isinstance(result, Mapped):
            found = [one for record in (result.record, *result.references) for one in violations(record, thorough=True)]
            assert found == [], document.source


def test_no_footprint_that_is_cut_at_the_antimeridian_covers_most_of_the_globe(
    items: list[tuple[Document, Mapped | DocumentRefused]],
) -> None:
    # Those of Sentinel-5P go over the poles; a ring that is read inside out would show all but the swath.
    cut = [
        shapely.from_wkt(result.record.footprint)
        for _, result in items
        if isinstance(result, Mapped) and isinstance(result.record, Scene)
        if any("antimeridian" in notice.reason for notice in result.notices)
    ]
    assert len(cut) > 5
    assert max(shapely.area(cut)) < 360 * 180 / 2
    assert all(shapely.is_valid(cut))


def test_every_collection_is_mapped_and_comes_back_from_its_triples() -> None:
    found = [one for folder in _FOLDERS for one in _documents(folder)]
    collections = [one for one in found if isinstance(one, Document) and one.kind == "stac-collection"]
    assert len(collections) > 100
    for collection in collections:
        record = mapped(collection, _SETTINGS).record
        assert as_stored(record) == record


def test_all_water_analyses_of_dafab_are_mapped() -> None:
    analyses = [_result(one) for one in _documents("dafab") if isinstance(one, Document)]
    records = [one.record for one in analyses if isinstance(one, Mapped)]
    water = [record for record in records if isinstance(record, WaterAnalysis)]
    assert len(analyses) == len(water) == 5154
    assert len({record.iri for record in water}) == 5154
    types = Counter(record.anomaly.anomaly_type if record.anomaly else None for record in water)
    assert sum(types.values()) == 5154
    assert types.keys() <= {
        None,
        terms.ANOMALY_NORMAL,
        terms.ANOMALY_FLOOD,
        terms.ANOMALY_DROUGHT,
        terms.ANOMALY_FLOOD_AND_DROUGHT,
    }
    assert types[terms.ANOMALY_FLOOD] > 0
    assert all(record.platform and record.tile and record.relative_orbit for record in water)
    assert {notice.field for one in analyses if isinstance(one, Mapped) for notice in one.notices} == set()
    for record in water[::50]:
        assert as_stored(record) == record


def test_all_water_analyses_of_dafab_are_valid_and_have_both_masks() -> None:
    for one in _documents("dafab"):
        assert isinstance(one, Document)
        mapped_one = mapped(one, _SETTINGS)
        record = mapped_one.record
        assert isinstance(record, WaterAnalysis)
        assert [fault for each in (record, *mapped_one.references) for fault in violations(each)] == []
        own = {f"{record.iri}#asset-{asset.key}": asset.kind for asset in record.assets}
        assert own[str(record.reference_mask)] == terms.REFERENCE_WATER_MASK
        assert own[str(record.observed_mask)] == terms.OBSERVED_WATER_MASK

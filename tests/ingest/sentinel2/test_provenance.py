from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.errors import MetadataInvalid
from ingest.sentinel2.product import read_product
from ontology.identifiers import item_iri
from ontology.records import ProcessingRun, ProcessingStep, Scene
from tests.ingest.sentinel2.safe_text import L1C, L2A, SafeText

_SOURCE = "S2B_MSIL1C_20240812T092029_N0511_R093_T34TGL_20240812T100000"
_HISTORY = f"""
<safe:processing name="Generation of Level-2A User Product" start="2024-08-12T12:13:40Z" stop="2024-08-12T12:20:00Z">
  <safe:facility name="ESRIN" country="Italy"><safe:software name="Sen2Cor" version="02.11.00"/></safe:facility>
  <safe:resource name="{_SOURCE}.SAFE" role="input">
    <safe:processing name="Generation of Level-1C User Product" start="2024-08-12T10:00:00Z"/>
  </safe:resource>
</safe:processing>"""


def scene_from(text: SafeText, **files: str | None) -> Scene:
    record = read_product(text.document(**files)).record
    assert isinstance(record, Scene)
    return record


def run_of(text: SafeText, **files: str | None) -> ProcessingRun:
    run = scene_from(text, **files).run
    assert run is not None
    return run


def test_steps_come_oldest_first_and_end_with_archiving() -> None:
    assert run_of(L2A, manifest=L2A.manifest(_HISTORY)).steps == (
        ProcessingStep(
            position=1,
            name="Generation of Level-1C User Product",
            started_at=datetime(2024, 8, 12, 10, tzinfo=UTC),
        ),
        ProcessingStep(
            position=2,
            name="Generation of Level-2A User Product",
            software="Sen2Cor",
            software_version="02.11.00",
            facility="ESRIN",
            started_at=datetime(2024, 8, 12, 12, 13, 40, tzinfo=UTC),
            ended_at=datetime(2024, 8, 12, 12, 20, tzinfo=UTC),
        ),
        ProcessingStep(
            position=3, name="Archiving", facility="SGS", ended_at=datetime(2024, 8, 12, 13, 0, 0, 500000, tzinfo=UTC)
        ),
    )


def test_the_run_is_the_last_processing() -> None:
    run = run_of(L2A, manifest=L2A.manifest(_HISTORY))
    assert run.facility == "ESRIN"
    assert run.started_at == datetime(2024, 8, 12, 12, 13, 40, tzinfo=UTC)
    assert run.ended_at == datetime(2024, 8, 12, 12, 20, tzinfo=UTC)


def test_a_level_2a_scene_derives_from_the_level_1c_product_in_the_manifest() -> None:
    scene = scene_from(L2A, manifest=L2A.manifest(_HISTORY))
    assert scene.derived_from == (item_iri("sentinel-2-l1c", _SOURCE),)
    assert scene.run is not None
    assert scene.run.inputs == scene.derived_from


def test_a_level_2a_scene_derives_from_the_level_1c_product_in_its_product_document() -> None:
    scene = scene_from(replace(L2A, source_product=f"{_SOURCE}.SAFE"))
    assert scene.derived_from == (item_iri("sentinel-2-l1c", _SOURCE),)


def test_a_level_1c_scene_derives_from_no_scene() -> None:
    assert scene_from(L1C, manifest=L1C.manifest(_HISTORY)).derived_from == ()


def test_the_tile_names_the_centre_where_the_manifest_does_not() -> None:
    assert run_of(L2A).facility == "2BPS"
    assert (
        run_of(replace(L2A, tile_id="S2B_OPER_MSI_L2A_TL_SGS__20240812T121340_A038824_T34TGL_N05.11")).facility == "SGS"
    )


def test_without_manifest_and_granule_only_the_centre_is_known() -> None:
    assert run_of(L2A, manifest=None, granule=None) == ProcessingRun(facility="2BPS")
    assert scene_from(replace(L2A, tile_id=None), manifest=None, granule=None).run is None


def test_the_manifest_gives_the_orbit_where_no_identifier_does() -> None:
    assert scene_from(replace(L2A, tile_id=None)).absolute_orbit == 38824


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (L2A.manifest().replace("038824", "many"), "orbitNumber: 'many' is not a whole number"),
        (L2A.manifest().replace('size="1"', 'size="-1"'), "byteStream/@size: -1 lies outside 0 to"),
        (L2A.manifest(_HISTORY.replace("2024-08-12T10:00:00Z", "ten")), "processing/@start: 'ten' is not a time"),
    ],
)
def test_a_manifest_with_a_value_that_cannot_be_kept_is_invalid(changed: str, fault: str) -> None:
    with pytest.raises(MetadataInvalid, match=f"^somewhere/manifest.safe: {fault}"):
        scene_from(L2A, manifest=changed)


def test_a_checksum_of_an_unknown_algorithm_is_left_out() -> None:
    scene = scene_from(L2A, manifest=L2A.manifest().replace("SHA3-256", "CRC32"))
    assert {asset.checksum for asset in scene.assets} == {None}

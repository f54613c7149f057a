from dataclasses import replace
from typing import Any

import pytest

from ingest.document import Part
from ingest.errors import DocumentUnreadable, FootprintInvalid, MetadataInvalid, MetadataMissing
from ingest.sentinel2.product import read_product
from ontology.records import Scene
from tests.ingest.sentinel2.safe_text import L1C, L2A, safe_document


def scene_from(**changes: Any) -> Scene:
    record = read_product(replace(L2A, **changes).document()).record
    assert isinstance(record, Scene)
    return record


@pytest.mark.parametrize("field", ["name", "ring"])
def test_a_product_without_name_or_footprint_is_refused(field: str) -> None:
    with pytest.raises(MetadataMissing, match=r"^somewhere/MTD_MSIL2A.xml: .*(PRODUCT_URI|EXT_POS_LIST): is absent"):
        scene_from(**{field: None})


def test_a_product_without_any_sensing_time_is_refused() -> None:
    with pytest.raises(MetadataMissing, match="PRODUCT_START_TIME: is absent"):
        scene_from(sensed=None, start=None, datatake_start=None)


@pytest.mark.parametrize(("absent", "expected"), [(["sensed"], "start"), (["sensed", "start"], "datatake_start")])
def test_another_sensing_time_stands_in(absent: list[str], expected: str) -> None:
    changed = replace(L2A, datatake_start="2024-08-12T09:00:00Z", **dict.fromkeys(absent))  # type: ignore[arg-type]  # texts only
    record = read_product(changed.document()).record
    assert isinstance(record, Scene)
    assert record.sensed_at.isoformat()[:19] == str(getattr(changed, expected))[:19]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"generated": None}, "created_at"),
        ({"stop": None}, "ended_at"),
        ({"satellite": None}, "platform"),
        ({"direction": None}, "orbit_direction"),
        ({"relative_orbit": None}, "relative_orbit"),
        ({"baseline": None}, "processing_version"),
        ({"snow": None}, "snow_cover"),
        ({"water": None}, "water_cover"),
        ({"vegetation": None}, "vegetation_cover"),
        ({"no_data": None}, "no_data_cover"),
        ({"sun_zenith": None}, "sun_elevation"),
        ({"sun_azimuth": None}, "sun_azimuth"),
        ({"views": ()}, "incidence_angle"),
        ({"views": ()}, "view_azimuth"),
        ({"crs": None}, "epsg"),
    ],
)
def test_an_absent_element_is_none(change: dict[str, Any], field: str) -> None:
    assert getattr(scene_from(**change), field) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"cloud": "NaN"}, "CLOUDY_PIXEL_PERCENTAGE: NaN is not a finite number"),
        ({"cloud": "inf"}, "CLOUDY_PIXEL_PERCENTAGE: inf is not a finite number"),
        ({"snow": "101"}, "SNOW_ICE_PERCENTAGE: 101.0 lies outside 0 to 100"),
        ({"water": "-0.1"}, "WATER_PERCENTAGE: -0.1 lies outside 0 to 100"),
        ({"cloud_assessment": "some"}, "Cloud_Coverage_Assessment: 'some' is not a number"),
        ({"sun_zenith": "-5"}, "Mean_Sun_Angle/ZENITH_ANGLE: 95.0 lies outside -90 to 90"),
        ({"sun_azimuth": "361"}, "Mean_Sun_Angle/AZIMUTH_ANGLE: 361.0 lies outside 0 to 360"),
        ({"views": (("95", "10"),)}, "Mean_Viewing_Incidence_Angle/ZENITH_ANGLE: 95.0 lies outside 0 to 90"),
        ({"views": (("9", "ten"),)}, "Mean_Viewing_Incidence_Angle/AZIMUTH_ANGLE: 'ten' is not a number"),
        ({"relative_orbit": "93.5"}, "SENSING_ORBIT_NUMBER: '93.5' is not a whole number"),
        ({"crs": "WGS84"}, "HORIZONTAL_CS_CODE: 'WGS84' is not a whole number"),
        ({"sensed": "noon"}, "SENSING_TIME: 'noon' is not a time"),
        ({"start": "2024-02-30T00:00:00Z"}, "PRODUCT_START_TIME: .* is not a time"),
        ({"ring": "41 22 41 23 forty 23"}, "EXT_POS_LIST: 'forty' is not a number"),
        ({"extra_granule": ""}, "Granule_List: lists 2 granules"),
    ],
)
def test_a_value_that_cannot_be_kept_is_invalid(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(MetadataInvalid, match=f"^somewhere/.*{fault}"):
        scene_from(**change)


@pytest.mark.parametrize("ring", ["41 22 41 23 41 22", "41 22 40 23 41 23 40 22 41 22", "91 22 91 23 90 23 90 22"])
def test_a_footprint_that_no_tile_has_is_invalid(ring: str) -> None:
    with pytest.raises(FootprintInvalid, match="EXT_POS_LIST"):
        scene_from(ring=ring)


def test_bands_without_angles_are_left_out_of_the_mean() -> None:
    mapped = read_product(replace(L2A, views=(("NaN", "NaN"), ("9.0", "80.0"))).document())
    assert isinstance(mapped.record, Scene)
    assert mapped.record.incidence_angle == 9
    assert [notice.field for notice in mapped.notices] == ["Mean_Viewing_Incidence_Angle"]


def test_a_sun_without_angles_is_unknown_and_noticed() -> None:
    mapped = read_product(replace(L2A, sun_zenith="NaN").document())
    assert isinstance(mapped.record, Scene)
    assert mapped.record.sun_elevation is None
    assert [notice.field for notice in mapped.notices] == ["Mean_Sun_Angle"]


def test_a_product_without_its_product_document_is_refused() -> None:
    with pytest.raises(MetadataMissing, match=r"^somewhere: MTD_MSIL\*.xml: is absent"):
        read_product(L2A.document(product=None))


def test_a_missing_granule_document_is_tolerated_and_noticed() -> None:
    mapped = read_product(L2A.document(granule=None))
    assert isinstance(mapped.record, Scene)
    assert [notice.field for notice in mapped.notices] == ["MTD_TL.xml"]
    assert (mapped.record.epsg, mapped.record.sun_elevation, mapped.record.vegetation_cover) == (None, None, None)
    assert (mapped.record.tile is not None, mapped.record.absolute_orbit) == (True, 38824)


def test_a_missing_manifest_is_tolerated_and_noticed() -> None:
    mapped = read_product(L2A.document(manifest=None))
    assert isinstance(mapped.record, Scene)
    assert [notice.field for notice in mapped.notices] == ["manifest.safe"]
    assert {asset.byte_size for asset in mapped.record.assets} == {None}


def test_several_granule_documents_are_refused_by_name() -> None:
    document = L2A.document()
    second = Part("GRANULE/L2A_T34TGM_A038824_20240812T092713/MTD_TL.xml", L2A.granule().encode())
    with pytest.raises(MetadataInvalid, match=r"^somewhere: MTD_TL.xml: is there 2 times .*T34TGL.*T34TGM"):
        read_product(replace(document, parts=(*document.parts, second)))


def test_a_copy_of_the_granule_document_elsewhere_does_not_count() -> None:
    document = L2A.document()
    copy = Part("MTD_TL.xml", b"<not read/>")
    assert read_product(replace(document, parts=(*document.parts, copy))) == read_product(document)


@pytest.mark.parametrize("file", ["product", "granule", "manifest"])
def test_a_truncated_file_is_unreadable_by_its_name(file: str) -> None:
    cut = getattr(L2A, file)()[:-40]
    with pytest.raises(DocumentUnreadable, match=r"^somewhere/.*(MTD_MSIL2A.xml|MTD_TL.xml|manifest.safe): line \d+"):
        read_product(L2A.document(**{file: cut}))


def test_a_doctype_is_refused() -> None:
    with pytest.raises(DocumentUnreadable, match=r"MTD_TL.xml: has a DOCTYPE"):
        read_product(L2A.document(granule=L2A.granule().replace("<n1:", "<!DOCTYPE a [<!ENTITY b 'c'>]><n1:", 1)))


@pytest.mark.parametrize(
    "text",
    [
        "<a/>",
        L2A.granule(),
        L1C.product().replace("Level-1C_User", "Level-1B_User"),
        L2A.product().replace("Product_Info", "Products_Info"),
    ],
)
def test_a_document_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(MetadataInvalid, match=r"no product document"):
        read_product(safe_document([("MTD_MSIL2A.xml", text)]))


def test_an_image_named_twice_is_kept_once_and_noticed() -> None:
    image = f"<IMAGE_FILE>{L2A.images[0]}</IMAGE_FILE>\n"
    mapped = read_product(L2A.document(product=L2A.product().replace(image, image + image)))
    assert isinstance(mapped.record, Scene)
    assert len(mapped.record.assets) == len(L2A.images) + 4
    assert [notice.field for notice in mapped.notices] == ["IMAGE_FILE"]

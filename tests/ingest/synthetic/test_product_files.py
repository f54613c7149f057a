import hashlib
import re

import pytest
from lxml import etree

from tests.ingest.synthetic.contents import Contents

NAME = re.compile(r"S2[ABC]_MSIL(1C|2A)_2025\d{4}T\d{6}_N0511_R(022|065|108)_T32T(MR|NR|PR|PQ)_2025\d{4}T\d{6}\.SAFE")


def _texts(tree: etree._Element, *names: str) -> list[str]:
    return [element.text or "" for name in names for element in tree.iter(name)]


def test_names_follow_the_compact_naming_convention(contents: Contents) -> None:
    assert [name for name in contents.products if NAME.fullmatch(name) is None] == []


def test_every_product_has_its_metadata_documents(contents: Contents) -> None:
    for name, files in contents.products.items():
        level = name[8:10]
        granules = [
            path for path in files if re.fullmatch(rf"GRANULE/L{level}_T32T\w\w_A\d{{6}}_\w+/MTD_TL\.xml", path)
        ]
        assert len(granules) == 1
        assert {f"MTD_MSIL{level}.xml", "manifest.safe"} <= set(files)


def test_all_documents_are_well_formed(contents: Contents) -> None:
    for files in contents.products.values():
        for content in files.values():
            etree.fromstring(content)


@pytest.mark.parametrize("level", ["1C", "2A"])
def test_product_document_tells_what_a_reader_needs(contents: Contents, level: str) -> None:
    for name, tree in contents.trees(f"MTD_MSIL{level}.xml").items():
        assert etree.QName(tree).localname == f"Level-{level}_User_Product"
        assert _texts(tree, "PRODUCT_URI") == [name]
        assert _texts(tree, "PRODUCT_TYPE", "PROCESSING_BASELINE") == [f"S2MSI{level}", "05.11"]
        start, stop, generated = _texts(tree, "PRODUCT_START_TIME", "PRODUCT_STOP_TIME", "GENERATION_TIME")
        assert start == stop < generated
        assert _texts(tree, "SPACECRAFT_NAME") == [f"Sentinel-{name[1:3]}"]
        assert _texts(tree, "SENSING_ORBIT_NUMBER") == [str(int(name[34:37]))]
        assert 0 <= float(_texts(tree, "Cloud_Coverage_Assessment")[0]) <= 100


def test_sections_stand_in_the_order_of_the_specification(contents: Contents) -> None:
    tree = next(iter(contents.trees("MTD_MSIL2A.xml").values()))
    assert [etree.QName(section).localname for section in tree] == [
        "General_Info",
        "Geometric_Info",
        "Auxiliary_Data_Info",
        "Quality_Indicators_Info",
    ]
    assert {etree.QName(section).namespace for section in tree} == {
        "https://psd-15.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd"
    }


def test_footprint_is_a_closed_ring_of_latitude_and_longitude(contents: Contents) -> None:
    for tree in contents.trees("MTD_MSIL2A.xml").values():
        numbers = [float(word) for word in _texts(tree, "EXT_POS_LIST")[0].split()]
        latitudes, longitudes = numbers[::2], numbers[1::2]
        assert (latitudes[0], longitudes[0]) == (latitudes[-1], longitudes[-1])
        assert all(44 < latitude < 47 for latitude in latitudes)
        assert all(7 < longitude < 12 for longitude in longitudes)


def test_granule_tells_what_a_reader_needs(contents: Contents) -> None:
    for name, tree in contents.trees("MTD_TL.xml").items():
        assert name[38:44] in _texts(tree, "TILE_ID")[0]
        assert _texts(tree, "SENSING_TIME")[0].endswith("Z")
        assert _texts(tree, "HORIZONTAL_CS_CODE") == ["EPSG:32632"]
        assert 0 <= float(_texts(tree, "CLOUDY_PIXEL_PERCENTAGE")[0]) <= 100
        zenith = tree.findtext(".//Mean_Sun_Angle/ZENITH_ANGLE")
        assert zenith is not None
        assert 35 < float(zenith) < 72
        assert len(tree.findall(".//Mean_Viewing_Incidence_Angle")) == 13
        assert _texts(tree, "ARCHIVING_CENTRE") == ["DEMO"]


def test_processing_centre_is_the_demonstration(contents: Contents) -> None:
    assert all(_texts(tree, "PROCESSING_CENTER") == ["DEMO"] for tree in contents.trees("MTD_DS.xml").values())


def test_scene_classes_add_up_to_100(contents: Contents) -> None:
    for tree in contents.trees("MTD_MSIL2A.xml").values():
        cover = tree.find(".//Image_Content_QI")
        assert cover is not None
        shares = {share.tag: float(share.text or "") for share in cover if str(share.tag).endswith("_PERCENTAGE")}
        # These two are of the whole tile and of the land, not classes of the pixels seen.
        del shares["NODATA_PIXEL_PERCENTAGE"], shares["CLOUDY_PIXEL_OVER_LAND_PERCENTAGE"]
        assert sum(shares.values()) == pytest.approx(100, abs=1e-4)
        assert all(0 <= share <= 100 for share in shares.values())


def test_cloud_cover_of_0_and_of_100_occur(contents: Contents) -> None:
    covers = {float(_texts(tree, "CLOUDY_PIXEL_PERCENTAGE")[0]) for tree in contents.trees("MTD_TL.xml").values()}
    assert {0.0, 100.0} <= covers
    assert len(covers) > 50


def test_manifest_gives_size_and_checksum_of_the_files_that_are_there(contents: Contents) -> None:
    for name, tree in contents.trees("manifest.safe").items():
        listed = {
            stream.find("fileLocation").get("href"): (stream.get("size"), stream.findtext("checksum"))  # type: ignore[union-attr]  # each has one
            for stream in tree.iter("byteStream")
        }
        for path, content in contents.products[name].items():
            if path != "manifest.safe":
                assert listed[f"./{path}"] == (str(len(content)), hashlib.sha3_256(content).hexdigest())
        assert sum(str(path).endswith(".jp2") for path in listed) == (14 if "L1C" in name else 36)

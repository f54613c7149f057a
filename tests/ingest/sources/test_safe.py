"""The metadata files of a SAFE product."""

from pathlib import Path

import pytest

from ingest.document import Part
from ingest.errors import DocumentUnreadable, KindUnknown, MetadataMissing
from ingest.sources import safe
from ingest.sources.safe import KIND, is_metadata, safe_document, safe_in_folder
from tests.ingest.sources.archives import IMAGES, METADATA, OTHER_PRODUCT, PRODUCT, RADAR_PRODUCT, write_folder


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("MTD_MSIL1C.xml", True),
        ("MTD_MSIL2A.xml", True),
        ("mtd_msil2a.XML", True),
        ("manifest.safe", True),
        ("MANIFEST.SAFE", True),
        ("GRANULE/L2A_T34TGL_A038824_20240812T092027/MTD_TL.xml", True),
        ("DATASTRIP/DS/MTD_DS.xml", False),
        ("GRANULE/a/b/MTD_TL.xml", False),
        ("GRANULE/MTD_TL.xml", False),
        ("HTML/MTD_MSIL1C.xml", False),
        ("MTD_MSIL1C.xml.bak", False),
        ("INSPIRE.xml", False),
    ],
)
def test_only_metadata_are_read(name: str, read: bool) -> None:
    assert is_metadata(name) is read


def test_a_folder_is_one_document_of_its_metadata_sorted_by_name(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / PRODUCT, METADATA | IMAGES)
    document = safe_in_folder(folder)
    assert (document.source, document.kind) == (str(folder), KIND)
    assert document.parts == tuple(Part(name, METADATA[name]) for name in sorted(METADATA))


def test_several_granules_are_all_read(tmp_path: Path) -> None:
    granules = {f"GRANULE/{tile}/MTD_TL.xml": b"<g/>" for tile in ("A", "B")}
    document = safe_in_folder(write_folder(tmp_path / PRODUCT, METADATA | granules))
    assert granules.keys() <= {part.name for part in document.parts}


@pytest.mark.parametrize("files", [{"manifest.safe": b"<m/>"}, {}])
def test_a_product_of_another_mission_is_unknown(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = tmp_path / RADAR_PRODUCT
    folder.mkdir()
    with pytest.raises(KindUnknown) as caught:
        safe_in_folder(write_folder(folder, files))
    assert (caught.value.source, caught.value.field) == (str(folder), "")
    assert caught.value.reason == "is a SAFE product of a mission that is not read yet; Sentinel-2 is"


@pytest.mark.parametrize("name", [PRODUCT, OTHER_PRODUCT.lower()])
def test_a_product_without_its_metadata_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / name, {"manifest.safe": b"<m/>"})
    with pytest.raises(MetadataMissing) as caught:
        safe_in_folder(folder)
    assert (caught.value.source, caught.value.field) == (str(folder), "MTD_MSIL*.xml")
    assert caught.value.reason == "is absent; a product is read from its product metadata"


def test_metadata_tell_a_product_whatever_its_name() -> None:
    parts = [Part("manifest.safe", b""), Part("MTD_MSIL1C.xml", b"<p/>")]
    document = safe_document("there", "renamed", parts)
    assert [part.name for part in document.parts] == ["MTD_MSIL1C.xml", "manifest.safe"]


def test_an_overlarge_metadata_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe, "LARGEST_METADATA", 3)
    folder = write_folder(tmp_path / PRODUCT, {"MTD_MSIL2A.xml": b"1234"})
    with pytest.raises(DocumentUnreadable) as caught:
        safe_in_folder(folder)
    assert caught.value.source == str(folder / "MTD_MSIL2A.xml")
    assert caught.value.reason == "has 4 bytes, more than the 3 of any metadata"


def test_a_folder_in_the_place_of_a_metadata_file_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / PRODUCT, METADATA)
    (folder / "MTD_MSIL1C.xml").mkdir()
    with pytest.raises(DocumentUnreadable, match=r"MTD_MSIL1C\.xml: is not a file$"):
        safe_in_folder(folder)


def test_a_dangling_link_in_the_place_of_a_metadata_file_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / PRODUCT, METADATA)
    (folder / "MTD_MSIL1C.xml").symlink_to(tmp_path / "gone")
    with pytest.raises(DocumentUnreadable, match=r"MTD_MSIL1C\.xml: is not a file$"):
        safe_in_folder(folder)

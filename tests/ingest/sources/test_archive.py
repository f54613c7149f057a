"""Zip archives read in place."""

import random
import zipfile
from pathlib import Path

import pytest

from ingest.document import Document
from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown, MetadataMissing
from ingest.kinds import JSON
from ingest.sources import archive
from ingest.sources.archive import documents_in_archive
from ingest.sources.reading import read_targets
from ingest.sources.safe import KIND
from ingest.sources.targets import find_targets
from tests.ingest.sources.archives import (
    FLAGS,
    IMAGES,
    METADATA,
    OTHER_PRODUCT,
    PRODUCT,
    RADAR_PRODUCT,
    UNPACKED_SIZE,
    patched,
    under,
    write_zip,
)


def read(path: Path) -> list[Document | DocumentRefused]:
    return list(documents_in_archive(path))


def refusal_of(path: Path) -> DocumentRefused:
    (refusal,) = read_targets(find_targets([str(path)]))
    assert isinstance(refusal, DocumentRefused)
    return refusal


def test_a_product_is_one_document_of_its_metadata(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", under(PRODUCT, METADATA | IMAGES))
    (document,) = read(path)
    assert isinstance(document, Document)
    assert (document.source, document.kind) == (f"{path}/{PRODUCT}", KIND)
    assert {part.name: part.content for part in document.parts} == METADATA
    assert [part.name for part in document.parts] == sorted(METADATA)


@pytest.mark.parametrize("folder", ["", "data", "a/b"])
def test_a_product_may_stand_at_the_top_or_in_any_folder(tmp_path: Path, folder: str) -> None:
    path = write_zip(tmp_path / "a.zip", under(folder, METADATA) if folder else METADATA)
    (document,) = read(path)
    assert isinstance(document, Document)
    assert document.source == (f"{path}/{folder}" if folder else str(path))
    assert {part.name for part in document.parts} == METADATA.keys()


def test_every_product_and_json_document_is_one_of_its_own(tmp_path: Path) -> None:
    other = {"MTD_MSIL1C.xml": b"<q/>"}
    json_files = {"items/b.json": b"{}", "items/a.geojson": b"[]", "read.me": b""}
    files = under(PRODUCT, METADATA) | under(f"in/{OTHER_PRODUCT}", other) | json_files
    path = write_zip(tmp_path / "a.zip", files)
    found = [(one.source, one.kind) for one in read(path) if isinstance(one, Document)]
    assert found == [
        (f"{path}/{PRODUCT}", KIND),
        (f"{path}/in/{OTHER_PRODUCT}", KIND),
        (f"{path}/items/a.geojson", JSON),
        (f"{path}/items/b.json", JSON),
    ]


def test_json_within_a_product_is_no_document(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", under(PRODUCT, METADATA | {"preview/a.json": b"{}"}))
    assert len(read(path)) == 1


def test_a_product_of_another_mission_does_not_hide_the_others(tmp_path: Path) -> None:
    radar = under(RADAR_PRODUCT, {"manifest.safe": b"<m/>"})
    empty = under(OTHER_PRODUCT, {"manifest.safe": b"<m/>"})
    path = write_zip(tmp_path / "a.zip", under(PRODUCT, METADATA) | radar | empty | {"a.json": b"{}"})
    found = read(path)
    assert [type(one) for one in found] == [KindUnknown, MetadataMissing, Document, Document]
    assert [one.source for one in found] == [
        f"{path}/{RADAR_PRODUCT}",
        f"{path}/{OTHER_PRODUCT}",
        f"{path}/{PRODUCT}",
        f"{path}/a.json",
    ]


@pytest.mark.parametrize("files", [{}, {"a.txt": b"a"}, {"a/b.tif": b"II"}, {"folder/": b""}])
def test_an_archive_without_a_document_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    refusal = refusal_of(write_zip(tmp_path / "a.zip", files))
    assert isinstance(refusal, KindUnknown)
    assert refusal.reason == "is an archive without a SAFE product or JSON document"


@pytest.mark.parametrize(
    "name",
    [
        "../a.json",
        "a/../../b.json",
        "a/..",
        "/etc/a.json",
        "//server/a.json",
        "..\\a.json",
        "\\a.json",
        "C:\\a.json",
        "C:/a.json",
        "c:a.json",
        f"{PRODUCT}/../../MTD_MSIL2A.xml",
    ],
)
def test_an_entry_that_points_outside_spoils_the_archive(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / "a.zip", {"good.json": b"{}", name: b"{}"})
    refusal = refusal_of(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.field) == (str(path), name)
    assert refusal.reason == "points outside the archive; such archives are refused whole"


def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 2)
    refusal = refusal_of(write_zip(tmp_path / "a.zip", {f"{n}.json": b"{}" for n in range(3)}))
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.reason == "has 3 entries, more than 2"


def test_an_entry_that_unpacks_to_too_much_is_refused_and_its_neighbours_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_METADATA", 100)
    path = write_zip(tmp_path / "a.zip", {"a.json": b" " * 101, "b.json": b" " * 100})
    refusal, document = read(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.field) == (str(path), "a.json")
    assert refusal.reason == "unpacks to 101 bytes, more than the 100 of any metadata"
    assert isinstance(document, Document)


def test_an_entry_that_is_declared_enormous_is_not_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.json": b"{}"})
    patched(path, at=UNPACKED_SIZE, value=4_000_000_000, code="I")
    refusal = refusal_of(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.reason == "unpacks to 4000000000 bytes, more than the 67108864 of any metadata"


def test_an_entry_that_unpacks_to_more_than_it_declares_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.json": b" " * 1_000_000})
    patched(path, at=UNPACKED_SIZE, value=10, code="I")
    refusal = refusal_of(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.field) == (str(path), "a.json")
    assert refusal.reason.startswith("cannot be unpacked: Bad CRC-32")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_without_bounds_is_refused(tmp_path: Path, method: int) -> None:
    # Some kilobytes of bzip2 become gigabytes in one step.
    refusal = refusal_of(write_zip(tmp_path / "a.zip", {"a.json": b"{}"}, method=method))
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.field, refusal.reason) == (
        "a.json",
        f"is packed by method {method}; pack the archive with deflate",
    )


def test_an_entry_that_is_not_packed_is_read(tmp_path: Path) -> None:
    assert len(read(write_zip(tmp_path / "a.zip", {"a.json": b"{}"}, method=zipfile.ZIP_STORED))) == 1


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.json": b"{}"})
    patched(path, at=FLAGS, value=1, code="H")
    refusal = refusal_of(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.field == "a.json"
    assert "encrypted" in refusal.reason


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    refusal = refusal_of(path)
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.field) == (str(path), "")
    assert refusal.reason.startswith("is not a zip archive that can be read: ")


def test_an_archive_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", under(PRODUCT, METADATA))
    path.write_bytes(path.read_bytes()[:-30])
    assert isinstance(refusal_of(path), DocumentUnreadable)


def test_damage_anywhere_in_an_archive_is_a_refusal_and_never_another_error(tmp_path: Path) -> None:
    files = under(PRODUCT, METADATA) | {"ü.json": b"{}", "a.json": b'{"a": 1}' * 20}
    path = write_zip(tmp_path / "a.zip", files)
    whole = path.read_bytes()
    dice = random.Random(20)
    for _ in range(1500):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.choice((0, 0xFF, 0x80, dice.randrange(256)))
        path.write_bytes(damaged)
        for found in read_targets(find_targets([str(path)])):
            assert isinstance(found, Document | DocumentRefused)

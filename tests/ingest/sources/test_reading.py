"""Targets read into documents, with bounds on what a hostile file can cost."""

import gzip
import json
import os
from pathlib import Path

import pytest

from ingest.document import Document
from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown
from ingest.kinds import JSON
from ingest.sources import reading
from ingest.sources.reading import read_targets
from ingest.sources.targets import Skipped, Target, find_targets
from tests.ingest.sources.archives import METADATA, PRODUCT, RADAR_PRODUCT, under, write_folder, write_zip

Read = Document | Skipped | DocumentRefused


def read(*paths: Path) -> list[Read]:
    return list(read_targets(find_targets(map(str, paths))))


def contents(found: list[Read]) -> list[tuple[str, bytes]]:
    documents = [one for one in found if isinstance(one, Document)]
    assert len(documents) == len(found)
    return [(one.source, one.parts[0].content) for one in documents]


def refusal_in(found: list[Read]) -> DocumentRefused:
    (refusal,) = found
    assert isinstance(refusal, DocumentRefused)
    return refusal


@pytest.mark.parametrize("content", [b'{"a": 1}', b"", b"not JSON", b"\xff\x00"])
def test_a_json_file_is_one_document_with_its_bytes_as_they_are(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    (document,) = read(path)
    assert isinstance(document, Document)
    assert (document.source, document.kind, document.parts[0].content) == (str(path), JSON, content)


def test_a_packed_json_file_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}'))
    assert contents(read(path)) == [(str(path), b'{"a": 1}')]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n \n"])
def test_each_line_is_a_document_named_by_its_number_and_blank_lines_are_none(
    tmp_path: Path, packed: bool, end: bytes
) -> None:
    text = b'{"a": 1}\n\n  \r\n{"a": 2}\r\n\t{"a": 3}' + end
    path = tmp_path / ("a.ndjson.gz" if packed else "a.ndjson")
    path.write_bytes(gzip.compress(text) if packed else text)
    assert contents(read(path)) == [
        (f"{path}:1", b'{"a": 1}'),
        (f"{path}:4", b'{"a": 2}'),
        (f"{path}:5", b'{"a": 3}'),
    ]


def test_an_empty_file_of_lines_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"")
    assert read(path) == []


def test_a_packed_file_that_breaks_off_gives_what_stands_before_and_a_failure(tmp_path: Path) -> None:
    lines = [json.dumps({"n": number, "noise": os.urandom(40).hex()}).encode() for number in range(2000)]
    packed = gzip.compress(b"\n".join(lines))
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(packed[: len(packed) // 2])
    *documents, refusal = read(path)
    whole = len(documents)
    assert 0 < whole < 2000
    assert contents(documents) == [(f"{path}:{number}", lines[number - 1]) for number in range(1, whole + 1)]
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.field) == (f"{path}:{whole + 1}", "")
    assert refusal.reason.startswith("cannot be read: Compressed file ended before")


@pytest.mark.parametrize("name", ["a.json.gz", "a.ndjson.gz"])
@pytest.mark.parametrize("damage", ["header", "middle", "no gzip", "empty"])
def test_a_packed_file_that_is_damaged_is_a_failure(tmp_path: Path, name: str, damage: str) -> None:
    packed = bytearray(gzip.compress(os.urandom(4000).hex().encode()))
    if damage == "middle":
        packed[1000:1100] = bytes(100)
    content = {"header": b"\x1f\x8b\xff" + packed[3:], "no gzip": b'{"a": 1}', "empty": b""}.get(damage, bytes(packed))
    path = tmp_path / name
    path.write_bytes(content)
    found = read(path)
    if damage == "empty":  # a file of nothing is packed nothing
        assert len(found) == (1 if name == "a.json.gz" else 0)
        return
    refusal = refusal_in(found)
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.source.startswith(str(path))
    assert refusal.reason.startswith("cannot be read: ")


def test_an_overlong_line_is_a_failure_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_LINE", 10)
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"123456789\n" + b"x" * 11 + b"\n1\n")
    document, refusal = read(path)
    assert isinstance(document, Document)
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.reason) == (f"{path}:2", "is a line of more than 10 bytes")


@pytest.mark.parametrize("packed", [False, True])
def test_an_overlarge_file_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    monkeypatch.setattr(reading, "LARGEST_JSON", 100)
    path = tmp_path / ("a.json.gz" if packed else "a.json")
    path.write_bytes(gzip.compress(b" " * 101) if packed else b" " * 101)
    refusal = refusal_in(read(path))
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.reason == "is larger than 100 bytes; split it, or give it as .ndjson"


def test_a_file_of_the_largest_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_JSON", 100)
    path = tmp_path / "a.json"
    path.write_bytes(b" " * 100)
    assert len(contents(read(path))) == 1


@pytest.mark.parametrize("form", ["json", "lines", "archive"])
def test_what_became_a_folder_since_it_was_found_is_a_failure(tmp_path: Path, form: str) -> None:
    target = Target(tmp_path, form, 0)  # type: ignore[arg-type]  # parametrized
    refusal = refusal_in(list(read_targets([target])))
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.reason.split(":")[0]) == (str(tmp_path), "cannot be read")


@pytest.mark.parametrize("form", ["json", "lines", "archive"])
def test_what_is_gone_since_it_was_found_is_a_failure(tmp_path: Path, form: str) -> None:
    target = Target(tmp_path / "a", form, 0)  # type: ignore[arg-type]  # parametrized
    assert isinstance(refusal_in(list(read_targets([target]))), DocumentUnreadable)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    path.chmod(0)
    refusal = refusal_in(read(path))
    assert isinstance(refusal, DocumentUnreadable)
    assert "Permission denied" in refusal.reason


def test_what_was_skipped_or_refused_before_is_passed_on(tmp_path: Path) -> None:
    earlier: list[Skipped | DocumentRefused] = [Skipped("a", "no document"), KindUnknown("b", "", "is unknown")]
    assert list(read_targets(earlier)) == earlier


def test_a_failure_does_not_hide_what_follows(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.zip": b"no zip", "b.json.gz": b"no gzip", "c.json": b"{}"})
    write_folder(tmp_path / RADAR_PRODUCT, {"manifest.safe": b"<m/>"})
    write_folder(tmp_path / PRODUCT, METADATA)
    found = read(tmp_path)
    assert [type(one) for one in found] == [KindUnknown, Document, DocumentUnreadable, DocumentUnreadable, Document]


def test_the_bytes_consumed_add_up_to_the_size_of_all(tmp_path: Path) -> None:
    lines = b"\n".join(b'{"a": "%d"}' % number for number in range(5000))
    write_folder(
        tmp_path,
        {
            "a.json": b"{}",
            "b.ndjson": lines + b"\n",
            "c.ndjson.gz": gzip.compress(lines),
            "d.json.gz": gzip.compress(b"{}"),
            "e.zip": b"no zip",
            "f.ndjson.gz": gzip.compress(os.urandom(50_000))[:30_000],
            "g.jsonl": b"",
        },
    )
    write_zip(tmp_path / "h.zip", under(PRODUCT, METADATA) | {"a.json": b"{}"})
    write_folder(tmp_path / PRODUCT, METADATA)
    write_folder(tmp_path / RADAR_PRODUCT, {"manifest.safe": b"<m/>"})
    told: list[int] = []
    targets = [one for one in find_targets([str(tmp_path)]) if isinstance(one, Target)]
    assert len(targets) == 10
    for _ in read_targets(targets, told.append):
        pass
    assert min(told) >= 0
    assert sum(told) == sum(target.size for target in targets)


def test_progress_within_a_large_file_is_told_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"a": 1}\n' * 3)
    told: list[int] = []
    found = read_targets(find_targets([str(path)]), told.append)
    next(found)
    next(found)
    assert told == [9]
    list(found)
    assert sum(told) == 27

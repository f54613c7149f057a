"""What the paths of a command line stand for."""

import os
from pathlib import Path

import pytest

from ingest.errors import DocumentUnreadable, KindUnknown
from ingest.sources.targets import Skipped, Target, find_targets
from tests.ingest.sources.archives import IMAGES, METADATA, PRODUCT, RADAR_PRODUCT, write_folder

_KNOWN = (
    "is none of the known kinds of file: .geojson, .geojsonl, .geoparquet, .json, .jsonl, .ndjson, .parquet, .zip, SAFE"
)


def targets_in(*paths: Path | str) -> list[Target]:
    found = list(find_targets(map(str, paths)))
    assert all(isinstance(one, Target) for one in found)
    return [one for one in found if isinstance(one, Target)]


def names_in(*paths: Path | str) -> list[str]:
    return [target.path.name for target in targets_in(*paths)]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", "json"),
        ("a.geojson", "json"),
        ("a.JSON", "json"),
        ("a.json.gz", "json"),
        ("a.ndjson", "lines"),
        ("a.jsonl", "lines"),
        ("a.geojsonl", "lines"),
        ("a.ndjson.gz", "lines"),
        ("a.NDJSON.GZ", "lines"),
        ("a.zip", "archive"),
    ],
)
def test_the_suffix_tells_the_form(tmp_path: Path, name: str, form: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"12345")
    (target,) = targets_in(path)
    assert (target.path, target.form, target.size) == (path, form, 5)
    assert targets_in(tmp_path) == [target]


@pytest.mark.parametrize(
    ("content", "form"), [(b' \n{"type": "Feature"}', "json"), (b"{", "json"), (b"PK\x03\x04rest", "archive")]
)
@pytest.mark.parametrize("name", ["item", "item.txt", "item.stac"])
def test_a_named_file_of_an_unknown_suffix_is_told_by_its_start(
    tmp_path: Path, name: str, content: bytes, form: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (target,) = targets_in(path)
    assert target.form == form


@pytest.mark.parametrize("name", ["image.tif", "notes", "a.xml", "a.tar.gz", "manifest.safe"])
def test_a_named_file_of_no_known_kind_is_a_failure(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"II*\x00")
    (refusal,) = find_targets([str(path)])
    assert isinstance(refusal, KindUnknown)
    assert (refusal.source, refusal.field, refusal.reason) == (str(path), "", _KNOWN)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("image.tif", "no document (.tif)"),
        ("notes", "no document (no suffix)"),
        ("b.TXT", "no document (.TXT)"),
    ],
)
def test_in_a_folder_a_file_that_is_no_document_is_skipped(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_bytes(b"{}")
    assert list(find_targets([str(tmp_path)])) == [Skipped(str(tmp_path / name), reason)]


@pytest.mark.parametrize("name", ["a.xml", "manifest.safe", "a.tar.gz"])
def test_in_a_folder_a_document_that_nobody_reads_is_a_failure(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<a/>")
    (refusal,) = find_targets([str(tmp_path)])
    assert isinstance(refusal, KindUnknown)
    assert refusal.source == str(tmp_path / name)


def test_a_folder_is_walked_by_name_and_depth_first(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a/b/y.json", "c/x.json", "a.json"):
        write_folder(tmp_path, {name: b"{}"})
    found = [target.path.relative_to(tmp_path).as_posix() for target in targets_in(tmp_path)]
    assert found == ["a/b/y.json", "a/z.json", "a.json", "b.json", "c/x.json"]


def test_paths_are_taken_in_the_order_given(tmp_path: Path) -> None:
    write_folder(tmp_path, {"b.json": b"{}", "a.json": b"{}", "c/d.json": b"{}"})
    assert names_in(tmp_path / "c", tmp_path / "b.json", tmp_path / "a.json") == ["d.json", "b.json", "a.json"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert targets_in(tmp_path) == []


def test_a_folder_named_like_a_document_is_walked(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x.json/a.json": b"{}"})
    assert names_in(tmp_path) == ["a.json"]
    assert names_in(tmp_path / "x.json") == ["a.json"]


def test_a_pattern_is_expanded_by_name(tmp_path: Path) -> None:
    write_folder(tmp_path, {name: b"{}" for name in ("b.json", "a.json", "c/d.json", "e.ndjson")})
    assert names_in(tmp_path / "*.json") == ["a.json", "b.json"]
    assert names_in(tmp_path / "**/*.json") == ["a.json", "b.json", "d.json"]


def test_a_pattern_that_matches_folders_and_their_files_gives_each_file_once(tmp_path: Path) -> None:
    write_folder(tmp_path, {name: b"{}" for name in ("a.json", "c/d.json", "c/e/f.json")})
    assert names_in(tmp_path / "**") == ["a.json", "d.json", "f.json"]
    assert names_in(tmp_path / "c*") == ["d.json", "f.json"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a[1].json": b"{}", "a1.json": b"{}"})
    assert names_in(tmp_path / "a[1].json") == ["a[1].json"]


@pytest.mark.parametrize("name", ["missing.json", "missing/*.json", "nul\0.json", ""])
def test_a_path_that_nothing_matches_is_a_failure(tmp_path: Path, name: str) -> None:
    path = f"{tmp_path}/{name}" if name else ""
    (refusal,) = find_targets([path])
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.source == path
    assert refusal.reason == "there is no such file or folder, and no file matches it as a pattern"


def test_a_dangling_link_is_a_failure_and_does_not_hide_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "gone.json")
    write_folder(tmp_path, {"b.json": b"{}"})
    refusal, target = find_targets([str(tmp_path)])
    assert isinstance(refusal, DocumentUnreadable)
    assert (refusal.source, refusal.reason) == (
        str(tmp_path / "a.json"),
        "cannot be read: No such file or directory",
    )
    assert isinstance(target, Target)


def test_a_link_to_itself_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "a.json")
    (refusal,) = find_targets([str(tmp_path / "a.json")])
    assert isinstance(refusal, DocumentUnreadable)


@pytest.mark.parametrize("named", [True, False])
def test_a_pipe_is_not_waited_for(tmp_path: Path, named: bool) -> None:
    pipe = tmp_path / "a.json"
    os.mkfifo(pipe)
    (refusal,) = find_targets([str(pipe if named else tmp_path)])
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.reason == "cannot be read: not a regular file"


def test_a_named_pipe_of_no_suffix_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (refusal,) = find_targets([str(tmp_path / "pipe")])
    assert isinstance(refusal, KindUnknown)


def test_a_link_to_a_folder_is_followed_only_where_it_is_named(tmp_path: Path) -> None:
    write_folder(tmp_path, {"real/a.json": b"{}"})
    (tmp_path / "walked").mkdir()
    link = tmp_path / "walked" / "link"
    link.symlink_to(tmp_path / "real")
    assert list(find_targets([str(tmp_path / "walked")])) == [
        Skipped(str(link), "a link to a folder, which is not followed")
    ]
    assert names_in(link) == ["a.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_a_failure(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0)
    try:
        (refusal,) = find_targets([str(tmp_path)])
    finally:
        locked.chmod(0o700)
    assert isinstance(refusal, DocumentUnreadable)
    assert refusal.reason == "cannot be read: Permission denied"


def test_folders_nested_deeper_than_calls_are_walked(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(1200):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.json").write_bytes(b"{}")
    try:
        assert names_in(tmp_path) == ["a.json"]
    finally:
        # pytest's own clean-up calls itself for each folder.
        (deep / "a.json").unlink()
        for _ in range(1200):
            deep.rmdir()
            deep = deep.parent


@pytest.mark.parametrize("name", [PRODUCT, PRODUCT.lower(), RADAR_PRODUCT, "empty.SAFE"])
def test_a_safe_folder_is_one_target(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path / name, METADATA | IMAGES | {"preview/a.json": b"{}"})
    for path in (tmp_path, tmp_path / name):
        (target,) = targets_in(path)
        assert (target.path, target.form) == (tmp_path / name, "safe")


def test_a_folder_with_product_metadata_is_a_product_whatever_its_name(tmp_path: Path) -> None:
    write_folder(tmp_path / "renamed", METADATA)
    (target,) = targets_in(tmp_path)
    assert (target.path, target.form) == (tmp_path / "renamed", "safe")

"""Released versions of the ontology never change."""

from pathlib import Path

import pytest

from ontology.loader import MODULES
from ontology.release import CHECKSUMS, RELEASES, ReleaseChanged, checksums, current_texts, release, releases

TEXT = '<https://w3id.org/orrery/ontology/core> <http://www.w3.org/2002/07/owl#versionInfo> "{}" .\n'


def released_texts() -> list[str]:
    return [name for name, (version, _) in current_texts().items() if (RELEASES / version / f"{name}.ttl").exists()]


def test_released_files_are_those_whose_checksums_were_noted() -> None:
    assert (RELEASES / CHECKSUMS).read_text("utf-8") == checksums()


def test_the_releases_have_snapshots_and_checksums_alone() -> None:
    files = {path.relative_to(RELEASES).as_posix() for path in RELEASES.rglob("*") if path.is_file()}
    assert files == {CHECKSUMS} | {line.split()[1] for line in checksums().splitlines()}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_at_a_released_version_is_the_snapshot(name: str) -> None:
    version, text = current_texts()[name]
    snapshot = RELEASES / version / f"{name}.ttl"
    assert not (RELEASES / version).exists() or snapshot.read_text("utf-8") == text


@pytest.mark.parametrize(("version", "module"), [(v, m) for v, one in releases().items() for m in one.modules])
def test_a_snapshot_says_its_own_version(version: str, module: object) -> None:
    assert getattr(module, "version", None) == version


def test_a_release_is_written_once(tmp_path: Path) -> None:
    texts = {"core": ("0.3.0", TEXT.format("0.3.0"))}
    assert release(texts, tmp_path) == [tmp_path / "0.3.0" / "core.ttl"]
    assert release(texts, tmp_path) == []
    assert (tmp_path / CHECKSUMS).read_text("utf-8").endswith("  0.3.0/core.ttl\n")
    assert [module.version for module in releases(tmp_path)["0.3.0"].modules] == ["0.3.0"]


def test_a_module_that_changed_under_its_version_is_refused(tmp_path: Path) -> None:
    release({"core": ("0.3.0", TEXT.format("0.3.0"))}, tmp_path)
    with pytest.raises(ReleaseChanged, match=r"core\.ttl: differs from version 0\.3\.0"):
        release({"core": ("0.3.0", TEXT.format("0.3.0") + "# and more\n"), "link": ("0.3.0", "")}, tmp_path)
    assert not (tmp_path / "0.3.0" / "link.ttl").exists()


def test_versions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for version in ("0.10.0", "0.9.0", "1.0.0"):
        release({"core": (version, TEXT.format(version))}, tmp_path)
    assert list(releases(tmp_path)) == ["0.9.0", "0.10.0", "1.0.0"]


def test_modules_of_a_release_are_in_the_order_of_the_ontology(tmp_path: Path) -> None:
    release({name: ("0.3.0", TEXT.format("0.3.0")) for name in ("water", "core", "acquisition")}, tmp_path)
    places = [Path(module.place).stem for module in releases(tmp_path)["0.3.0"].modules]
    assert places == ["core", "acquisition", "water"]


def test_without_a_folder_there_are_no_releases(tmp_path: Path) -> None:
    assert releases(tmp_path / "none") == {}

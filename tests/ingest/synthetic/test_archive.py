from itertools import islice
from pathlib import Path

import pytest

from ingest.synthetic.archive import Archive, synthetic_archive, write_archive
from tests.ingest.synthetic.contents import Contents


def test_default_archive_has_about_500_products(archive: Archive) -> None:
    summary = archive.summary(Path("anywhere"))
    assert (summary.level_2a, summary.level_1c) == (240, 16)
    assert (summary.water_analyses, summary.field_analyses, summary.collections) == (240, 20, 4)
    assert summary.products == 516


def test_files_hold_what_the_summary_counts(archive: Archive, contents: Contents) -> None:
    summary = archive.summary(Path("anywhere"))
    assert len(contents.products) == summary.level_2a + summary.level_1c
    assert len(contents.water_items) == summary.water_analyses
    assert len(contents.field_items) == summary.field_analyses
    assert len(contents.collections) == summary.collections


def test_same_seed_gives_the_same_bytes() -> None:
    one, other = (list(synthetic_archive(seed=3, scenes=16).files()) for _ in range(2))
    assert one == other


def test_another_seed_gives_another_archive() -> None:
    one, other = (dict(synthetic_archive(seed=seed, scenes=16).files()) for seed in (3, 4))
    assert one["water_analysis.ndjson.gz"] != other["water_analysis.ndjson.gz"]


def test_written_files_are_the_pure_ones(tmp_path: Path) -> None:
    summary = write_archive(tmp_path, seed=3, scenes=10)
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()
    }
    assert written == dict(synthetic_archive(seed=3, scenes=10).files())
    assert (summary.folder, summary.level_2a) == (tmp_path, 10)


def test_paths_are_unique(archive: Archive) -> None:
    paths = [path for path, _ in archive.files()]
    assert len(paths) == len(set(paths))


def test_identifiers_are_unique(contents: Contents) -> None:
    items = [item["id"] for item in (*contents.water_items, *contents.field_items)]
    assert len(items) == len(set(items))
    # A product in a folder and again in a zip archive would be one here and two in the summary.
    assert len(contents.products) == 256


def test_some_products_are_zip_archives_with_the_safe_folder_inside(contents: Contents) -> None:
    zipped = [path for path in contents.files if path.endswith(".zip")]
    assert len(zipped) == 32
    assert all(f"{Path(path).stem}.SAFE" in contents.products for path in zipped)


def test_every_derived_item_refers_to_a_product_of_the_archive(contents: Contents) -> None:
    for item in (*contents.water_items, *contents.field_items):
        source = next(link["href"] for link in item["links"] if link["rel"] == "derived_from")
        assert source.startswith("https://orrery.example/stac/collections/sentinel-2-l2a/items/")
        identifier = source.rpartition("/")[2]
        assert f"{identifier}.SAFE" in contents.products
        assert item["id"].startswith(f"{identifier}_{item['collection']}_")


def test_every_product_is_labelled_as_generated(contents: Contents) -> None:
    notice = "Generated for demonstration: no real acquisition"
    assert contents.files["README.txt"].decode().startswith(notice)
    assert all(collection["description"].startswith(notice) for collection in contents.collections.values())
    assert all(item["properties"]["orrery:generated"] is True for item in contents.water_items + contents.field_items)
    for files in contents.products.values():
        assert all(notice.encode() in content for content in files.values())
        assert b"Orrery demonstration generator" in files["manifest.safe"]


def test_collections_are_stac_collections_over_the_region_and_the_season(contents: Contents) -> None:
    assert set(contents.collections) == {"sentinel-2-l2a", "sentinel-2-l1c", "water_analysis", "smart_agriculture"}
    for collection in contents.collections.values():
        assert (collection["type"], collection["stac_version"]) == ("Collection", "1.1.0")
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        assert (7 < west < east < 12, 44 < south < north < 47) == (True, True)
        start, end = collection["extent"]["temporal"]["interval"][0]
        assert "2025-09-01" <= start < end < "2025-12-16"
        assert {"title", "license", "keywords"} <= set(collection)


@pytest.mark.parametrize("scenes", [1, 7, 40, 300])
def test_any_number_of_scenes_makes_an_archive(scenes: int) -> None:
    archive = synthetic_archive(scenes=scenes)
    assert len({product.identifier for product in archive.level_2a}) == scenes
    assert len(list(islice(archive.files(), 5))) == 5

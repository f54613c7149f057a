"""What a catalogue is taken along in: static catalogues, stac-geoparquet and GeoJSON, and back again."""

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
import pyarrow.parquet as pq
import pystac
import pytest
import stac_geoparquet.arrow

from graph_service.console.static_export import MARK
from graph_service.store.exclusive import ExclusiveFile
from graph_service.views.trees.layout import file_name
from tests.graph_service.service import item
from tests.graph_service.test_cli import Orrery
from tests.ingest.documents import fields_item, full_item, stac_collection, water_item

STRANGE = ("a/b", "..", "50%", "#1 ?", "Größe", "~", "x" * 400)


@pytest.fixture
def orrery(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Orrery:
    return Orrery(tmp_path, capfd, monkeypatch)


def plain(identifier: str, **properties: Any) -> dict[str, Any]:
    """An item with the extensions of none, so that it is validated by the schemas that pystac has."""
    return item(identifier, **properties) | {"stac_version": "1.1.0"}


def taken_in(orrery: Orrery, folder: Path, *documents: dict[str, Any]) -> None:
    path = folder / "documents.json"
    path.write_text(json.dumps(list(documents)))
    ran = orrery("ingest", str(path))
    assert ran.returncode == 0, ran.stdout


def exported(orrery: Orrery, folder: Path, *options: str) -> dict[str, Any]:
    ran = orrery("export", "stac", str(folder), "--json", *options)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def files_in(folder: Path) -> dict[str, bytes]:
    paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def catalogs_below(catalog: pystac.Catalog) -> Iterator[pystac.Catalog]:
    yield catalog
    for child in catalog.get_children():
        yield from catalogs_below(child)


def ids_of(found: Any) -> list[str]:
    return sorted(one.id for one in found)


# A static catalogue


def test_pystac_walks_and_validates_a_static_catalogue(orrery: Orrery, tmp_path: Path) -> None:
    months = ("2025-10-20", "2025-11-03", "2026-01-05")
    items = [plain(f"S{i}", datetime=f"{day}T10:00:00Z") for i, day in enumerate(months)]
    taken_in(orrery, tmp_path, *items, water_item(), stac_collection(id="empty"))
    done = exported(orrery, tmp_path / "out")
    root = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    assert (done["items"], done["collections"]) == (4, 3)
    assert ids_of(root.get_children()) == ["empty", "sensors", "tests", "water_analysis"]
    found = list(catalogs_below(root))
    assert len(found) == done["catalogs"] + done["collections"] + 1
    for one in found:
        one.validate()
    (collection,) = (one for one in found if isinstance(one, pystac.Collection) and one.id == "tests")
    assert ids_of(collection.get_items()) == ["S0", "S1", "S2"]
    for scene in collection.get_items():
        scene.validate()
        assert scene.get_parent() is collection


def test_facets_and_sensors_lead_to_the_same_items(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"), plain("S2", platform="sentinel-2b", datetime="2026-01-05T00:00:00Z"))
    exported(orrery, tmp_path / "out")
    root = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    found = {"/".join(names(one)): ids_of(one.get_items()) for one in catalogs_below(root)}
    assert found["orrery/tests/platform/platform_sentinel-2a"] == ["S1"]
    assert found["orrery/sensors/sentinel-2/tests/2026/01"] == ["S2"]
    assert found["orrery/sensors/sentinel-2/tests/2025/10"] == ["S1"]


def names(catalog: pystac.Catalog) -> list[str]:
    parent = catalog.get_parent()
    return [*(names(parent) if parent else []), catalog.id]


def test_links_are_relative_so_that_the_folder_can_move(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    exported(orrery, tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    for name, content in files_in(tmp_path / "elsewhere").items():
        for link in json.loads(content)["links"] if name != MARK else ():
            assert link["rel"] != "self"
            assert (tmp_path / "elsewhere" / Path(name).parent / link["href"]).resolve().is_file(), link
    root = pystac.Catalog.from_file(str(tmp_path / "elsewhere" / "catalog.json"))
    assert "S1" in ids_of(root.get_items(recursive=True))


@pytest.mark.parametrize("identifier", STRANGE)
def test_any_identifier_has_a_file_of_its_own(orrery: Orrery, tmp_path: Path, identifier: str) -> None:
    taken_in(orrery, tmp_path, plain(identifier) | {"collection": identifier}, plain("S1"))
    exported(orrery, tmp_path / "out")
    root = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    assert set(ids_of(root.get_items(recursive=True))) == {identifier, "S1"}
    assert all("%" not in name for name in files_in(tmp_path / "out"))


def test_file_names_tell_identifiers_apart() -> None:
    identifiers = [*STRANGE, "a~2Fb", "...", ".", "x" * 401, "x" * 150]
    written = {file_name(one) for one in identifiers}
    assert len(written) == len(identifiers)
    assert all(len(name.encode()) < 200 and not name.startswith(".") for name in written)


def test_second_export_brings_the_folder_up_to_date(orrery: Orrery, tmp_path: Path) -> None:
    out = tmp_path / "out"
    taken_in(orrery, tmp_path, plain("S1"), plain("S2"), plain("S3", platform="landsat-8"))
    first = exported(orrery, out)
    again = exported(orrery, out)
    assert (first["removed"], again["written"], again["unchanged"]) == (0, 0, first["written"])
    assert orrery("delete", "tests/S3").returncode == 0
    taken_in(orrery, tmp_path, plain("S2", title="Another"))
    updated = exported(orrery, out)
    assert "collections/tests/items/S3.json" not in files_in(out)
    assert "landsat" not in "".join(files_in(out))
    assert json.loads((out / "collections/tests/items/S2.json").read_text())["properties"]["title"] == "Another"
    assert updated["removed"] > 4
    assert files_in(out) == files_of_fresh_export(orrery, tmp_path)


def files_of_fresh_export(orrery: Orrery, tmp_path: Path) -> dict[str, bytes]:
    exported(orrery, tmp_path / "fresh")
    return files_in(tmp_path / "fresh")


def test_interrupted_export_goes_on_where_it_was(orrery: Orrery, tmp_path: Path) -> None:
    out = tmp_path / "out"
    taken_in(orrery, tmp_path, plain("S1"), plain("S2"))
    exported(orrery, out)
    # As a killed run leaves it: some files written, one of them in the making, nothing yet that links to them.
    (out / "catalog.json").unlink()
    (out / "collections/tests/collection.json").unlink()
    (out / "collections/tests/items/.S2.json.part").write_bytes(b'{"type":')
    (out / "collections/tests/items/S2.json").unlink()
    assert exported(orrery, out)["written"] == 3
    assert files_in(out) == files_of_fresh_export(orrery, tmp_path)


def test_folder_of_something_else_is_left_alone(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "me.jpg").write_bytes(b"jpeg")
    ran = orrery("export", "stac", str(folder))
    assert ran.returncode == 1
    assert "name an empty folder" in ran.stderr
    assert files_in(folder) == {"me.jpg": b"jpeg"}


def test_two_exports_do_not_write_to_one_folder_at_a_time(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    exported(orrery, tmp_path / "out")
    held = ExclusiveFile(tmp_path / "out" / MARK)
    ran = orrery("export", "stac", str(tmp_path / "out"))
    held.release()
    assert (ran.returncode, "another export is writing there" in ran.stderr) == (1, True)


def test_file_is_no_folder_to_export_to(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    ran = orrery("export", "stac", str(tmp_path / "documents.json"))
    assert (ran.returncode, "is a file" in ran.stderr) == (1, True)


def test_empty_catalogue_is_a_root_and_sensors(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    assert orrery("delete", "tests/S1").returncode == 0
    exported(orrery, tmp_path / "out", "--bbox", "0,0,1,1")
    root = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    assert ids_of(root.get_children()) == ["sensors"]


# What is taken along


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["S1", "S2", "S3"]),
        (["--collection", "tests"], ["S1", "S2"]),
        (["--collection", "tests", "--collection", "other"], ["S1", "S2", "S3"]),
        (["--bbox", "20,44,30,46"], ["S3"]),
        (["--datetime", "2025-10-20"], ["S1"]),
        (["--datetime", "2025-10-20T10:00:00Z"], ["S1"]),
        (["--datetime", "2025-11-01/.."], ["S2", "S3"]),
        (["--datetime", "../2025-11-01"], ["S1"]),
        (["--filter", "platform = 'sentinel-2' AND eo:cloud_cover < 10"], ["S2"]),
        (["--collection", "tests", "--filter", "eo:cloud_cover > 90"], []),
    ],
)
def test_options_choose_the_items(orrery: Orrery, tmp_path: Path, options: list[str], expected: list[str]) -> None:
    square = {"type": "Polygon", "coordinates": [[[22, 45], [23, 45], [23, 45.5], [22, 45.5], [22, 45]]]}
    taken_in(
        orrery,
        tmp_path,
        plain("S1", **{"eo:cloud_cover": 50}),
        plain("S2", datetime="2025-11-03T10:00:00Z", **{"eo:cloud_cover": 5}),
        plain("S3", datetime="2026-01-05T10:00:00Z")
        | {"collection": "other", "geometry": square, "bbox": [22, 45, 23, 45.5]},
    )
    file = tmp_path / "items.geojson"
    assert orrery("export", "geojson", str(file), *options).returncode == 0
    assert ids_of_features(file) == expected
    exported(orrery, tmp_path / "out", *options)
    root = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    assert sorted(set(ids_of(root.get_items(recursive=True)))) == expected


def ids_of_features(file: Path) -> list[str]:
    return sorted(feature["id"] for feature in json.loads(file.read_text())["features"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--collection", "nowhere"], "nowhere: no collection"),
        (["--bbox", "a,b,c,d"], "--bbox: 'a' is not a number"),
        (["--bbox", "1,2,3"], "--bbox: has 3 numbers"),
        (["--datetime", "yesterday"], "--datetime: 'yesterday' is not a time"),
        (["--datetime", "../.."], "open at both ends"),
        (["--datetime", "2026-01-01/2025-01-01"], "starts after it ends"),
        (["--filter", "mood = 'good'"], "mood"),
    ],
)
def test_wrong_options_are_told_and_nothing_is_written(
    orrery: Orrery, tmp_path: Path, options: list[str], message: str
) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    for form, target in (("stac", "out"), ("geojson", "a.geojson"), ("geoparquet", "a.parquet")):
        ran = orrery("export", form, str(tmp_path / target), *options)
        assert (ran.returncode, message in ran.stderr) == (1, True), ran.stderr
        assert not (tmp_path / target).exists()


def test_restricted_items_are_taken_along_by_name_alone(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    (tmp_path / "ours.json").write_text(json.dumps(plain("X1")))
    assert orrery("ingest", "--audience", "ours", str(tmp_path / "ours.json")).returncode == 0
    file = tmp_path / "items.geojson"
    orrery("export", "geojson", str(file))
    assert ids_of_features(file) == ["S1"]
    orrery("export", "geojson", str(file), "--audience", "ours")
    assert ids_of_features(file) == ["S1", "X1"]


# Tables, and back


def odd(identifier: str, **properties: Any) -> dict[str, Any]:
    """An item whose properties have not the same types as those of others."""
    return plain(identifier, **properties) | {"assets": {}, "bbox": [9, 45, 0, 9.5, 45.4, 100]}


MIXTURE = (
    plain("S1", title="A", **{"eo:cloud_cover": 3, "x:mixed": "text", "x:list": [1, 2.5], "x:nested": {"a": 1}}),
    plain("S2", **{"eo:cloud_cover": 3.5, "x:mixed": 7, "x:nested": {"a": "b", "c": None, "d": {}}}),
    odd("S3", **{"x:mixed": {"deep": [1, "two", None, {"three": 3}]}, "x:list": [], "x:huge": 2**80, "id": "mine"}),
    odd("S4", datetime=None, start_datetime="2025-10-20T10:00:00.25Z", end_datetime="2025-10-20T12:30:00+02:00"),
    odd("S5", created="lately") | {"foreign": {"a": [1]}, "links": [{"rel": "related", "href": "https://e.org/"}]},
    full_item("1.1.0"),
    water_item(),
    fields_item(),
)


def meant(value: Any) -> Any:
    """A value without what a table does not keep: members that are null, and how a time is written."""
    match value:
        case dict():
            return {name: meant(one) for name, one in value.items() if one is not None}
        case list():
            return [meant(one) for one in value]
        case str() if re.match(r"\d{4}-\d\d-\d\dT", value):
            return datetime.fromisoformat(value)
    return value


def items_of(orrery: Orrery, folder: Path) -> dict[str, Any]:
    """The items of a catalogue, by collection and identifier."""
    file = folder / "all.geojson"
    assert orrery("export", "geojson", str(file)).returncode == 0
    features = json.loads(file.read_text())["features"]
    return {f"{one['collection']}/{one['id']}": one for one in features}


@pytest.mark.parametrize("form", ["geoparquet", "geojson"])
def test_what_is_exported_and_taken_in_again_is_the_same(
    orrery: Orrery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    taken_in(orrery, tmp_path, *MIXTURE)
    before = items_of(orrery, tmp_path)
    assert len(before) == len(MIXTURE)
    file = tmp_path / f"items.{'parquet' if form == 'geoparquet' else 'geojson'}"
    assert orrery("export", form, str(file)).returncode == 0
    monkeypatch.setenv("ORRERY_DATA", str(tmp_path / "second"))
    ran = orrery("ingest", str(file), "--json")
    assert json.loads(ran.stdout)["ingested"] == len(MIXTURE), ran.stdout
    assert meant(items_of(orrery, tmp_path)) == meant(before)


def test_table_is_geoparquet_and_stac_geoparquet(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"), plain("S2", **{"proj:code": "EPSG:32632"}))
    file = tmp_path / "items.parquet"
    ran = orrery("export", "geoparquet", str(file), "--json")
    assert json.loads(ran.stdout) == {"file": str(file), "items": 2}
    schema = pq.read_schema(file)
    wanted = {"id", "collection", "geometry", "bbox", "links", "assets", "stac_extensions", "datetime", "proj:code"}
    assert wanted <= set(schema.names)
    assert str(schema.field("datetime").type) == "timestamp[us, tz=UTC]"
    assert [one.name for one in schema.field("bbox").type] == ["xmin", "ymin", "xmax", "ymax"]
    geo = json.loads(schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"]["geometry_types"] == ["Polygon"]
    assert geo["columns"]["geometry"]["covering"]["bbox"]["ymax"] == ["bbox", "ymax"]
    table = json.loads(schema.metadata[b"stac-geoparquet"])
    assert (table["version"], list(table["collections"])) == ("1.0.0", ["tests"])
    assert pystac.Collection.from_dict(table["collections"]["tests"]).validate()
    frame = geopandas.read_parquet(file)
    assert str(frame.crs.to_json_dict()["id"]["code"]) == "CRS84"
    assert list(frame.total_bounds) == [9, 45, 9.5, 45.4]


def test_others_read_the_table_as_items(orrery: Orrery, tmp_path: Path) -> None:
    geometry = {"type": "Point", "coordinates": [500000.0, 5000000.0]}
    taken_in(orrery, tmp_path, *(plain(one, **{"proj:geometry": geometry}) for one in ("S1", "S2")))
    file = tmp_path / "items.parquet"
    orrery("export", "geoparquet", str(file))
    found = list(stac_geoparquet.arrow.stac_table_to_items(pq.read_table(file)))
    assert sorted(one["id"] for one in found) == ["S1", "S2"]
    assert found[0]["bbox"] == [9, 45, 9.5, 45.4]
    assert found[0]["properties"]["platform"] == "sentinel-2a"
    assert found[0]["properties"]["proj:geometry"]["coordinates"] == geometry["coordinates"]


def test_table_that_others_wrote_is_taken_in(orrery: Orrery, tmp_path: Path) -> None:
    items = [plain("S1"), plain("S2", **{"eo:cloud_cover": 12.5})]
    table = stac_geoparquet.arrow.parse_stac_items_to_arrow(items)
    stac_geoparquet.arrow.to_parquet(table, tmp_path / "theirs.parquet")
    assert orrery("ingest", str(tmp_path / "theirs.parquet")).returncode == 0
    found = items_of(orrery, tmp_path)
    assert list(found) == ["tests/S2", "tests/S1"]
    assert found["tests/S2"]["properties"]["eo:cloud_cover"] == 12.5
    assert found["tests/S1"]["assets"] == items[0]["assets"]


def test_parquet_of_something_else_is_refused_by_name_and_passed_over_in_a_folder(
    orrery: Orrery, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    geopandas.pd.DataFrame({"crop": ["rice"]}).to_parquet(folder / "crops.parquet")
    (folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    ran = orrery("ingest", str(folder), "--json")
    assert (ran.returncode, json.loads(ran.stdout)["skipped"]) == (0, 2)
    for name, reason in (("crops", "without the columns of STAC items"), ("broken", "is not a Parquet file")):
        ran = orrery("ingest", str(folder / f"{name}.parquet"), "--json")
        (failure,) = json.loads(ran.stdout)["failures"]
        assert reason in failure["reason"]


def test_file_is_replaced_whole_or_not_at_all(orrery: Orrery, tmp_path: Path) -> None:
    taken_in(orrery, tmp_path, plain("S1"))
    target = tmp_path / "there" / "items.parquet"
    ran = orrery("export", "geoparquet", str(target))
    assert (ran.returncode, "cannot be written" in ran.stderr) == (1, True)
    assert orrery("export", "geoparquet", str(tmp_path / "items.parquet")).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "documents.json", "items.parquet"]

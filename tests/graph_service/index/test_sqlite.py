import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import shapely

from graph_service.errors import StorageFailed
from graph_service.index.filters import All, Comparison, Filter
from graph_service.index.paging import Position
from graph_service.index.sqlite import Known, SQLiteIndex
from ontology.identifiers import collection_iri, item_iri
from ontology.records import Collection
from tests.graph_service.builders import COLLECTION, SENSED, scene_of
from tests.graph_service.index.contents import contents, iris
from tests.graph_service.index.rows import at, ids, index_of, put, row_of

EVERYTHING = All(())
NORTH, SOUTH = "urn:north", "urn:south"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "index.sqlite"


@pytest.fixture
def index(path: Path) -> Iterator[SQLiteIndex]:
    opened = SQLiteIndex(path)
    yield opened
    opened.close()


# Writing


def test_an_index_starts_at_change_zero_and_remembers(index: SQLiteIndex, path: Path) -> None:
    assert index.change_number() == 0
    index.apply(7, rows=[])
    assert SQLiteIndex(path).change_number() == 7


def test_a_record_is_known_by_iri_and_fingerprint(index: SQLiteIndex) -> None:
    scene = scene_of("a", fingerprint="f1", document="d1")
    collection = Collection(iri=collection_iri("c"), identifier="c", fingerprint="f2")
    index.apply(1, rows=[row_of(scene, NORTH), row_of(collection)])
    known_scene = Known(scene.iri, "a", NORTH, "f1", "d1")
    known_collection = Known(collection.iri, "c", None, "f2", None)
    assert index.known(scene.iri) == known_scene
    assert index.known(collection.iri) == known_collection
    assert index.with_fingerprints(["f3", "f2", "f1"]) == {"f1": known_scene, "f2": known_collection}
    assert index.known("urn:never") is None


def test_thousands_of_records_are_known_at_once(index: SQLiteIndex) -> None:
    records = [scene_of(str(k)) for k in range(1000)]
    index.apply(1, rows=[row_of(record) for record in records])
    asked = [record.iri for record in records] + ["urn:never"]
    assert set(index.known_among(asked)) == set(asked[:-1])
    assert index.known_among([]) == {}


def test_a_record_written_again_is_there_once(index: SQLiteIndex, path: Path) -> None:
    put(index, "a", cloud_cover=1.0)
    before = contents(path)
    put(index, "a", cloud_cover=1.0)
    assert contents(path) == before
    put(index, "a", cloud_cover=2.0, **at(shapely.MultiPoint([(0, 0), (5, 5)])))
    after = contents(path)
    assert {table: len(rows) for table, rows in after.items()} == {
        "collection": 0, "reference": 0, "scene": 1, "stac": 1, "box": 2, "concept": 1, "centre": 1, "words": 1,
    }  # fmt: skip


def test_a_deleted_record_leaves_nothing(index: SQLiteIndex, path: Path) -> None:
    collection = Collection(iri=collection_iri("c"), identifier="c")
    index.apply(1, rows=[row_of(scene_of("a")), row_of(collection)], references=[("urn:r", None)])
    gone = [scene_of("a").iri, collection.iri, "urn:r", "urn:never"]
    index.apply(2, rows=[], gone=gone)
    assert iris(contents(path)) == set()
    assert index.change_number() == 2


def test_a_record_deleted_and_written_in_one_change_is_there(index: SQLiteIndex) -> None:
    put(index, "a", cloud_cover=1.0)
    scene = scene_of("a", cloud_cover=2.0)
    index.apply(2, rows=[row_of(scene)], gone=[scene.iri])
    assert index.count(Comparison("cloud_cover", "=", 2)) == index.count_all() == 1


def test_nothing_is_written_when_one_row_cannot_be(index: SQLiteIndex, path: Path) -> None:
    put(index, "a")
    before = contents(path)

    def rows() -> Iterator[object]:
        yield row_of(scene_of("b"))
        raise ValueError("the second row cannot be made")

    with pytest.raises(ValueError, match="second row"):
        index.apply(2, rows=rows(), gone=[scene_of("a").iri])  # type: ignore[arg-type]  # a fault in the middle
    assert contents(path) == before
    assert index.change_number() == 1
    put(index, "c")
    assert ids(index, EVERYTHING) == ["a", "c"]


def test_afresh_forgets_everything_first(index: SQLiteIndex, path: Path) -> None:
    index.apply(1, rows=[row_of(scene_of("a"))], references=[("urn:r", None)])
    index.apply(2, rows=[row_of(scene_of("b"))], afresh=True)
    assert iris(contents(path)) == {scene_of("b").iri}


def test_the_audience_of_a_reference_is_told_apart_from_its_absence(index: SQLiteIndex) -> None:
    index.apply(1, rows=[], references=[("urn:public", None), ("urn:restricted", NORTH)])
    assert index.reference("urn:public") == (None,)
    assert index.reference("urn:restricted") == (NORTH,)
    assert index.reference("urn:never") is None
    index.apply(2, rows=[], references=[("urn:restricted", None)])
    assert index.reference("urn:restricted") == (None,)


# Audiences


def test_an_audience_sees_its_own_and_what_is_public(index: SQLiteIndex) -> None:
    put(index, "public", cloud_cover=5.0)
    put(index, "north", audience=NORTH, cloud_cover=6.0)
    put(index, "south", audience=SOUTH, cloud_cover=60.0)
    clear: Filter = Comparison("cloud_cover", "<", 50)
    assert ids(index, EVERYTHING) == ["public"]
    assert ids(index, EVERYTHING, NORTH) == ["north", "public"]
    assert ids(index, EVERYTHING, SOUTH, NORTH) == ["north", "public", "south"]
    assert ids(index, clear, SOUTH) == ["public"]
    assert ids(index, EVERYTHING, "") == ["public"]
    assert index.count_all() == 3


def test_counts_extents_and_collections_are_those_of_the_audience(index: SQLiteIndex) -> None:
    put(index, "public", **at(shapely.box(0, 0, 1, 1)))
    put(index, "north", audience=NORTH, collection="c", **at(shapely.box(5, 5, 6, 6)))
    put(index, "more", audience=NORTH, **at(shapely.box(-2, 0, 1, 1)))
    described = [Collection(iri=collection_iri(name), identifier=name) for name in (COLLECTION, "c")]
    index.apply(9, rows=[row_of(described[0]), row_of(described[1], NORTH)])
    assert index.counts("collection") == [(COLLECTION, 1)]
    assert index.counts("collection", audiences=[NORTH]) == [(COLLECTION, 2), ("c", 1)]
    assert index.counts("platform") == []
    assert [one.identifier for one in index.collections()] == [COLLECTION]
    assert [one.identifier for one in index.collections(audiences=[NORTH])] == ["c", COLLECTION]
    assert index.extent("c") is None
    public, all_of_it = index.extent(COLLECTION), index.extent(COLLECTION, audiences=[NORTH])
    assert public is not None
    assert all_of_it is not None
    assert (public.west, all_of_it.west) == (0, -2)


def test_an_extent_spans_parts_and_intervals(index: SQLiteIndex) -> None:
    hour = timedelta(hours=1)
    across = shapely.MultiPolygon([shapely.box(179, -1, 180, 2), shapely.box(-180, -1, -178, 1)])
    put(index, "a", started_at=SENSED - hour, **at(across))
    put(index, "b", ended_at=SENSED + hour, **at(shapely.Point(7, 7)))
    extent = index.extent(COLLECTION)
    assert extent is not None
    assert (extent.first, extent.last) == ((SENSED - hour).timestamp(), (SENSED + hour).timestamp())
    assert (extent.west, extent.south, extent.east, extent.north) == (-180, -1, 180, 7)
    assert index.extent("never") is None


# Pages


def pages(index: SQLiteIndex, limit: int, tree: Filter = EVERYTHING) -> Iterator[list[str]]:
    at: Position | None = None
    while True:
        page = index.search(tree, limit=limit, at=at)
        yield [one.identifier for one in page.found]
        if page.next is None:
            return
        at = page.next


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[SQLiteIndex]:
    """Twenty scenes of seven sensing times, in no order."""
    order = random.Random(3).sample(range(20), 20)
    opened = index_of(tmp_path, [scene_of(f"{k:02}", sensed_at=SENSED + k % 7 * timedelta(days=1)) for k in order])
    yield opened
    opened.close()


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 19, 20, 21, 500])
def test_pages_of_any_size_give_each_scene_once_newest_first(listed: SQLiteIndex, limit: int) -> None:
    found = list(pages(listed, limit))
    identifiers = [identifier for page in found for identifier in page]
    assert sorted(identifiers) == [f"{k:02}" for k in range(20)]
    assert [int(identifier) % 7 for identifier in identifiers] == sorted((k % 7 for k in range(20)), reverse=True)
    assert identifiers == next(pages(listed, 500))
    assert [len(page) for page in found] == [limit] * (20 // limit) + [20 % limit] * bool(20 % limit)


@pytest.mark.parametrize("limit", [1, 3, 6])
def test_scenes_written_between_pages_disturb_no_place(listed: SQLiteIndex, limit: int) -> None:
    before = next(pages(listed, 500))
    found: list[str] = []
    for number, page in enumerate(pages(listed, limit)):
        found += page
        changed = int(before[number * 5 % 20])
        put(listed, f"{changed:02}", sensed_at=SENSED + changed % 7 * timedelta(days=1), cloud_cover=float(number))
        put(listed, f"new-{number}", sensed_at=SENSED + timedelta(days=20))
    assert found == before


def test_scenes_deleted_between_pages_are_missing_alone(listed: SQLiteIndex) -> None:
    before = next(pages(listed, 500))
    rest = pages(listed, 5)
    found = next(rest)
    deleted = [*before[3:5], *before[7:9]]  # the place of the page's end among them
    listed.apply(2, rows=[], gone=[item_iri(COLLECTION, name) for name in deleted])
    found += [name for page in rest for name in page]
    assert found == [name for name in before if name not in before[7:9]]


def test_an_empty_index_has_one_empty_page(index: SQLiteIndex) -> None:
    assert list(pages(index, 10)) == [[]]


# Files and threads


def test_threads_read_while_one_writes(index: SQLiteIndex) -> None:
    put(index, "a")
    faults: list[str] = []

    def read() -> None:
        for _ in range(60):
            page = index.search(EVERYTHING, limit=500)
            if len(page.found) != len({one.identifier for one in page.found}) or not page.found:
                faults.append(repr(page))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for k in range(60):
        put(index, str(k % 20))
    for reader in readers:
        reader.join()
    assert faults == []
    assert index.count_all() == 21


def test_another_process_sees_what_was_written(index: SQLiteIndex, path: Path) -> None:
    put(index, "a")
    script = (
        "import sys; from pathlib import Path; from graph_service.index.sqlite import SQLiteIndex\n"
        "print(SQLiteIndex(Path(sys.argv[1])).count_all())"
    )
    other = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert other.stdout == "1\n"


@pytest.mark.parametrize("content", [b"no database " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_index_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageFailed, match=path.name):
        SQLiteIndex(path)


@pytest.mark.parametrize("where", ["file/index.sqlite", "folder"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageFailed):
        SQLiteIndex(tmp_path / where)


def test_an_index_that_another_process_locks_is_told(
    index: SQLiteIndex, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with index._file.failures_named():
        index._file.connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed, match="locked"):
        put(index, "a")
    other.close()
    put(index, "a")
    assert ids(index, EVERYTHING) == ["a"]

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from graph_service.errors import StorageFailed
from graph_service.index.filters import All
from graph_service.index.schema import VERSION
from graph_service.index.sqlite import SQLiteIndex
from tests.graph_service.builders import scene_of
from tests.graph_service.index.rows import ids, index_of, put, row_of

EVERYTHING = All(())


def of_another_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS scene (row INTEGER PRIMARY KEY)")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


@pytest.mark.parametrize("version", [0, VERSION - 1, VERSION + 1])
def test_an_index_of_another_version_is_exchanged_for_an_empty_one(tmp_path: Path, version: int) -> None:
    path = tmp_path / "index.sqlite"
    of_another_version(path, version)
    with pytest.raises(StorageFailed, match="another version"):
        SQLiteIndex(path)
    index = SQLiteIndex(path, may_renew=True)
    assert (index.change_number(), ids(index, EVERYTHING)) == (0, [])
    put(index, "a")
    index.close()
    assert ids(SQLiteIndex(path), EVERYTHING) == ["a"]


def test_an_index_is_exchanged_under_readers(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a"), scene_of("b")])
    reader = SQLiteIndex(tmp_path / "index.sqlite")
    assert ids(reader, EVERYTHING) == ["a", "b"]
    for turn in range(3):
        other = index.beside()
        other.apply(turn + 2, rows=[row_of(scene_of(f"new-{turn}"))])
        index.exchange(other)
        assert ids(index, EVERYTHING) == ids(reader, EVERYTHING) == [f"new-{turn}"]
        assert index.change_number() == reader.change_number() == turn + 2
    index.close()
    reader.close()
    left = sorted(one.name for one in tmp_path.iterdir())
    assert left == ["index.sqlite", (tmp_path / "index.sqlite").resolve().name]


def test_a_question_is_answered_from_one_file(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a")])
    reader = SQLiteIndex(tmp_path / "index.sqlite")

    def work(connection: sqlite3.Connection) -> list[int]:
        counted = [connection.execute("SELECT count(*) FROM scene").fetchone()[0]]
        index.exchange(index.beside())
        return [*counted, connection.execute("SELECT count(*) FROM scene").fetchone()[0]]

    assert reader.within_one_state(work) == [1, 1]
    assert reader.count_all() == 0
    index.close()
    reader.close()


def test_another_process_follows_an_exchange(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a")])
    script = (
        "import sys; from pathlib import Path; from graph_service.index.sqlite import SQLiteIndex\n"
        "index = SQLiteIndex(Path(sys.argv[1]))\n"
        "for line in sys.stdin: print(index.count_all(), flush=True)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "index.sqlite")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        counted = [process.stdout.readline()]
        other = index.beside()
        other.apply(2, rows=[row_of(scene_of(name)) for name in "xyz"])
        index.exchange(other)
        process.stdin.write("\n")
        counted.append(process.stdout.readline())
        process.stdin.close()
    assert counted == ["1\n", "3\n"]
    index.close()


def test_what_an_earlier_try_left_beside_is_no_hindrance(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a")])
    (tmp_path / "index.sqlite.1").write_bytes(b"half an index")
    (tmp_path / "index.sqlite.1-wal").write_bytes(b"half a log")
    (tmp_path / "index.sqlite.link").write_bytes(b"")
    index.exchange(index.beside())
    assert ids(index, EVERYTHING) == []
    index.close()


def test_an_index_given_up_leaves_nothing(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a")])
    index.give_up(index.beside())
    assert ids(index, EVERYTHING) == ["a"]
    index.close()
    assert [one.name for one in tmp_path.iterdir()] == ["index.sqlite"]


def test_rows_keep_their_numbers_unless_they_are_taken(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a"), scene_of("b")])
    numbers = {scene_of("c").iri: 2, scene_of("d").iri: 9, scene_of("a").iri: 7}
    index.apply(2, rows=[row_of(scene_of(name)) for name in "cda"], numbers=numbers)
    iris = {name: scene_of(name).iri for name in "abcd"}
    found = index.row_numbers(list(iris.values()))
    assert {name: found[iri] for name, iri in iris.items()} == {"a": 1, "b": 2, "c": 10, "d": 9}
    index.close()


def test_threads_read_while_files_are_exchanged(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of("a")])
    faults: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                page = index.search(EVERYTHING)
            except StorageFailed as fault:
                faults.append(fault)
                break
            if len(page.found) != 1:
                faults.append(page)
        index.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(10):
        other = index.beside()
        other.apply(turn + 2, rows=[row_of(scene_of(str(turn)))])
        index.exchange(other)
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    index.close()

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_service.errors import StorageFailed
from graph_service.store.checkpoints import Checkpoints
from graph_service.store.oxigraph import OxigraphStore
from tests.graph_service.store.graphs import PUBLIC, RESTRICTED, small_graph


@pytest.fixture
def graph(tmp_path: Path) -> OxigraphStore:
    return small_graph(tmp_path / "graph")


def kept(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def test_one_checkpoint_serves_until_the_graph_moves(graph: OxigraphStore, tmp_path: Path) -> None:
    checkpoints = Checkpoints(graph, tmp_path / "copies")
    first = checkpoints.lend()
    assert checkpoints.lend() == first
    graph.apply(change=2, remove={None: PUBLIC[:1]}, add={})
    second = checkpoints.lend()
    assert (first.change, second.change) == (1, 2)
    assert len(ox.Store.read_only(str(first.folder))) == len(ox.Store.read_only(str(second.folder))) + 1


def test_an_old_checkpoint_goes_with_its_last_reader(graph: OxigraphStore, tmp_path: Path) -> None:
    checkpoints = Checkpoints(graph, tmp_path / "copies")
    first, again = checkpoints.lend(), checkpoints.lend()
    graph.apply(change=2, remove={}, add={None: RESTRICTED})
    second = checkpoints.lend()
    checkpoints.give_back(again)
    assert first.folder.exists()
    checkpoints.give_back(first)
    assert not first.folder.exists()
    checkpoints.give_back(second)
    assert second.folder.exists(), "the latest is kept for the next reader"
    checkpoints.close()
    assert kept(tmp_path / "copies") == 0


def test_what_a_killed_process_left_is_removed_and_nothing_else(graph: OxigraphStore, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    Checkpoints(graph, folder).lend()
    (folder / "note.txt").touch()
    again = Checkpoints(graph, folder)
    assert [path.name for path in folder.iterdir()] == ["note.txt"]
    assert again.lend().folder.exists()


def test_a_store_in_memory_has_no_checkpoints(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        Checkpoints(OxigraphStore.in_memory(), tmp_path).lend()

"""The index made again while the catalogue goes on."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.errors import StorageFailed, StoreInUse
from graph_service.index.filters import All
from graph_service.index.sqlite import SQLiteIndex
from graph_service.views.stac.document import stac_document
from tests.graph_service.builders import entry_of, open_catalogue, reasoner, scene_of, write
from tests.graph_service.index.agreement import disagreements
from tests.graph_service.index.contents import contents
from tests.graph_service.index.rows import ids

EVERYTHING = All(())


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(tmp_path)
    yield opened
    opened.close()


def test_scenes_keep_their_places_in_every_order(catalogue: Catalogue) -> None:
    for name in "dbca":
        write(catalogue, [entry_of(scene_of(name))])
    write(catalogue, [entry_of(scene_of("b", cloud_cover=1.0))])
    pages = [catalogue.index.search(EVERYTHING, limit=2)]
    catalogue.rebuild()
    pages += [
        catalogue.index.search(EVERYTHING, limit=2),
        catalogue.index.search(EVERYTHING, limit=2, at=pages[0].next),
    ]
    assert pages[1] == pages[0]
    assert [one.identifier for page in pages[1:] for one in page.found] == ["a", "c", "b", "d"]


class Meanwhile:
    """A writer that steps in at every step of a rebuild."""

    def __init__(self, catalogue: Catalogue, act: Any) -> None:
        self.catalogue, self.act, self.steps = catalogue, act, 0

    def __enter__(self) -> None:
        self.original = original = self.catalogue.graph.about

        def about(iri: str) -> Any:
            found = original(iri)
            self.catalogue.graph.about = original  # type: ignore[method-assign]
            self.act(self.steps)
            self.steps += 1
            self.catalogue.graph.about = about  # type: ignore[method-assign]
            return found

        self.catalogue.graph.about = about  # type: ignore[method-assign]

    def __exit__(self, *failure: object) -> None:
        self.catalogue.graph.about = self.original  # type: ignore[method-assign]


def test_what_is_written_and_deleted_meanwhile_is_in_the_new_index(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [entry_of(scene_of(str(k))) for k in range(5)])
    finished: list[list[str]] = []

    def act(step: int) -> None:
        if step > 4:
            return
        write(catalogue, [entry_of(scene_of("0", cloud_cover=float(step))), entry_of(scene_of(f"new-{step}"))])
        catalogue.apply(Batch((), (scene_of(str(4 - step)).iri,) if step < 3 else ()))
        finished.append(ids(catalogue.index, EVERYTHING))

    with Meanwhile(catalogue, act):
        catalogue.rebuild()
    assert ids(catalogue.index, EVERYTHING) == finished[-1] == ["0", "1", *(f"new-{k}" for k in range(5))]
    assert disagreements(catalogue, tmp_path / "index.sqlite") == []


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [entry_of(scene_of("a"))])
    before = contents(tmp_path / "index.sqlite")

    def act(step: int) -> None:
        raise StorageFailed("the disk is full")

    with Meanwhile(catalogue, act), pytest.raises(StorageFailed, match="full"):
        catalogue.rebuild()
    assert contents(tmp_path / "index.sqlite") == before
    assert not list(tmp_path.glob("index.sqlite.*"))
    write(catalogue, [entry_of(scene_of("b"))])
    assert catalogue.rebuild() == 3


def test_one_rebuild_at_a_time(catalogue: Catalogue) -> None:
    write(catalogue, [entry_of(scene_of("a"))])
    refused: list[StoreInUse] = []

    def act(step: int) -> None:
        with pytest.raises(StoreInUse, match="already") as failure:
            catalogue.rebuild()
        refused.append(failure.value)

    with Meanwhile(catalogue, act):
        catalogue.rebuild()
    assert refused


def test_others_write_and_read_while_it_is_made_again(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [entry_of(scene_of(f"old-{k}")) for k in range(30)])
    written, rebuilt = threading.Event(), threading.Event()
    faults: list[object] = []

    def put() -> None:
        for k in range(20):
            write(catalogue, [entry_of(scene_of(f"new-{k}"))])
            if ids(catalogue.index, EVERYTHING).count(f"new-{k}") != 1:
                faults.append(k)
        written.set()

    def again() -> None:
        while not written.is_set():
            catalogue.rebuild()
        rebuilt.set()

    threads = [threading.Thread(target=put), threading.Thread(target=again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert rebuilt.is_set()
    assert len(ids(catalogue.index, EVERYTHING)) == 50
    assert disagreements(catalogue, tmp_path / "index.sqlite") == []


def test_an_index_of_an_older_version_is_filled_when_the_catalogue_opens(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [entry_of(scene_of("a")), entry_of(scene_of("b"))])
    path = tmp_path / "index.sqlite"
    before = contents(path)
    catalogue.index._file.connection().execute("PRAGMA user_version = 1")
    catalogue.index.close()
    index = SQLiteIndex(path, may_renew=True)
    assert index.count_all() == 0
    again = Catalogue(catalogue.graph, catalogue.documents, index, stac_document, reasoner())
    assert contents(path) == before
    assert index.change_number() == again.graph.change_number()
    index.close()

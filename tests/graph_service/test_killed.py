"""Runs that are killed with SIGKILL and started again; as a module this is the process that is killed."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph_service.catalogue import Catalogue
from graph_service.index.filters import All, Comparison
from graph_service.index.sqlite import SQLiteIndex
from graph_service.intake import Intake
from graph_service.store.documents import DocumentStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from ontology.identifiers import item_iri
from tests.graph_service.builders import COLLECTION, reasoner
from tests.graph_service.index.agreement import disagreements

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 2000
EARLIER = 300
"""Items of which the catalogue has an older version before the runs that are killed."""
KILLS = 8
VERSION = 2


def opened(folder: Path) -> Catalogue:
    graph, documents = OxigraphStore.open(folder / "graph"), DocumentStore(folder / "documents.sqlite")
    return Catalogue(graph, documents, SQLiteIndex(folder / "index.sqlite"), stac_document, reasoner())


def items(version: int, numbers: range) -> Iterator[dict[str, Any]]:
    """Small items, each with as many assets as its version says, so that a replaced one could leave parts behind."""
    for number in numbers:
        west, south = number % 50, number % 40
        corners = ((west, south), (west + 1, south), (west + 1, south + 1), (west, south))
        yield {
            "type": "Feature",
            "stac_version": "1.0.0",
            "id": f"item-{number}",
            "collection": COLLECTION,
            "geometry": {"type": "Polygon", "coordinates": [corners]},
            "properties": {"datetime": f"2024-05-{number % 28 + 1:02}T00:00:00Z", "eo:cloud_cover": version},
            "assets": {f"v{version}-{k}": {"href": f"{number}/{k}.tif", "bands": [{"name": "B1"}]} for k in range(2)},
            "links": [],
        }


def write_items(path: Path, version: int, numbers: range) -> str:
    path.write_text("".join(json.dumps(item) + "\n" for item in items(version, numbers)))
    return str(path)


def ingest(folder: Path, path: str, batch_size: int) -> None:
    """Take in a file and print the record of each document once its batch is acknowledged."""
    catalogue = opened(folder)
    print("opened", flush=True)
    intake = Intake(catalogue, catalogue.index, MappingSettings(), batch_size=batch_size)
    for outcome in intake.run(read_targets(find_targets([path]))):
        print(outcome.iri, outcome.status, flush=True)
    catalogue.close()


def killed_after(folder: Path, path: str, batch_size: int, answers: int, seconds: float) -> tuple[list[str], bool]:
    """What a run had acknowledged when it was killed, and whether it had come to its end."""
    command = [sys.executable, "-m", "tests.graph_service.test_killed", str(folder), path, str(batch_size)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        told = [line for _, line in zip(range(answers), process.stdout, strict=False)]
        time.sleep(seconds)
        process.kill()
        told += process.stdout.readlines()
        ended = process.wait() == 0
    # A line without its end was never told.
    return [line.split()[0] for line in told if line.endswith("\n")], ended


def test_a_run_that_is_killed_and_started_again_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    folder = tmp_path / "catalogue"
    ingest(folder, write_items(tmp_path / "old.ndjson", 1, range(0, EARLIER * 3, 3)), 500)
    path = write_items(tmp_path / "new.ndjson", VERSION, range(ITEMS))
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        # Large batches go through the bulk loader where none of their items is there already.
        batch_size = (60, 500)[kill % 2]
        answers = len(acknowledged) + chance.randrange(ITEMS // KILLS)
        told, ended = killed_after(folder, path, batch_size, answers, chance.random() * 0.06)
        acknowledged.update(told)
        assert_there(folder, acknowledged)
        if kill == KILLS // 2:
            assert_whole(folder)
        if ended:
            break
    told, ended = killed_after(folder, path, 500, ITEMS + 1, 0)
    assert ended
    assert set(told) == {item_iri(COLLECTION, f"item-{number}") for number in range(ITEMS)}
    assert_there(folder, set(told))
    assert_whole(folder)
    catalogue = opened(folder)
    assert catalogue.index.count(All(())) == catalogue.index.count(Comparison("cloud_cover", "=", VERSION)) == ITEMS
    assert catalogue.documents.count() == ITEMS + EARLIER
    catalogue.close()


def assert_there(folder: Path, acknowledged: set[str]) -> None:
    """Everything acknowledged is in the newest version; looked up without mending anything."""
    index = SQLiteIndex(folder / "index.sqlite")
    documents = DocumentStore(folder / "documents.sqlite")
    known = index.known_among(sorted(acknowledged))
    assert set(known) == acknowledged
    for one in known.values():
        assert one.document is not None
        found = documents.content(one.document)
        assert found is not None
        assert json.loads(found[1])["properties"]["eo:cloud_cover"] == VERSION
    documents.close()
    index.close()


def assert_whole(folder: Path) -> None:
    """The stores, opened as the next run opens them, agree."""
    catalogue = opened(folder)
    assert disagreements(catalogue, folder / "index.sqlite") == []
    catalogue.close()


if __name__ == "__main__":
    ingest(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

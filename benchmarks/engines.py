"""Batches of scenes through a catalogue whose graph is in one engine or another.

    python -m benchmarks.engines [--batches 4] [--size 500]

The engine is the one that the environment names (ORRERY_STORE ...), the embedded store without.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import shapely

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.directory import open_catalogue
from graph_service.settings import settings_from
from graph_service.store.edit import Writer
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.relay import QueryRelay
from graph_service.store.remote_store import RemoteStore
from graph_service.store.update_plan import Update
from graph_service.store.workers import QueryWorkers
from ontology.identifiers import collection_iri, item_iri
from ontology.loader import load_ontology
from ontology.records import Asset, Collection, Scene
from ontology.triples import statements

COLLECTION = "benchmark"


def scene(number: int, version: int) -> Scene:
    """A scene with four assets."""
    west, south = number % 340 - 170, number % 160 - 80
    return Scene(
        iri=item_iri(COLLECTION, str(number)),
        identifier=str(number),
        collection=collection_iri(COLLECTION),
        footprint=shapely.to_wkt(shapely.box(west, south, west + 1, south + 1)),
        sensed_at=datetime(2024, 5, 1 + number % 28, tzinfo=UTC),
        cloud_cover=float(version),
        assets=tuple(Asset(key=f"B{k}", href=f"https://example.org/{number}/{version}/{k}.tif") for k in range(4)),
    )


def timed(act: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def batch(first: int, size: int, version: int) -> Batch:
    """Scenes by number, in one of their versions."""
    series = Collection(iri=collection_iri(COLLECTION), identifier=COLLECTION)
    return Batch(tuple(Entry(scene(n, version), (series,)) for n in range(first, first + size)))


def measure(catalogue: Catalogue, batches: int, size: int) -> None:
    """Print how many records a second are written, replaced and read back."""
    each = len(statements(scene(1, 1)))
    for name, version in (("written", 1), ("replaced", 2)):
        seconds = sum(timed(partial(catalogue.apply, batch(k * size, size, version))) for k in range(batches))
        print(f"{name:9} {batches * size / seconds:8.0f} records/s  {each} statements each, {size} in a batch")
    iris = [item_iri(COLLECTION, str(n)) for n in range(size)]
    reading = timed(lambda: [catalogue.graph.about(iri) for iri in iris])
    print(f"{'read back':9} {size / reading:8.0f} records/s")
    text = "SELECT ?s { ?s orr:cloudCover 2.0 } LIMIT 1"
    asking = timed(lambda: [catalogue.graph.query(text) for _ in range(100)])
    print(f"{'query':9} {asking * 10:8.2f} ms")


def measure_updates(catalogue: Catalogue, folder: Path, number: int = 20) -> None:
    """Print how long an update takes that reads one statement and replaces it."""
    graph = catalogue.graph
    workers = QueryRelay(graph) if isinstance(graph, RemoteStore) else QueryWorkers(embedded(graph), folder / "copies")
    text = "DELETE {{ ?s <urn:n> ?n }} INSERT {{ <urn:s> <urn:n> {} }} WHERE {{ OPTIONAL {{ ?s <urn:n> ?n }} }}"

    def update(value: int) -> None:
        asked = Update(text.format(value))
        catalogue.edit(lambda: workers.plan(asked, writer=Writer(), own=catalogue.own_subjects))

    update(0)
    updating = sum(timed(partial(update, value)) for value in range(1, number + 1))
    print(f"{'update':9} {updating / number * 1000:8.1f} ms")
    workers.close()


def embedded(graph: GraphStore) -> OxigraphStore:
    """The graph as the only other kind that there is."""
    assert isinstance(graph, OxigraphStore)
    return graph


def main() -> None:
    """Measure the engine of the environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--size", type=int, default=500)
    options = parser.parse_args()
    load_ontology(None)
    with tempfile.TemporaryDirectory() as folder:
        catalogue = open_catalogue(replace(settings_from(os.environ), data=Path(folder)))
        try:
            measure(catalogue, options.batches, options.size)
            measure_updates(catalogue, Path(folder))
        finally:
            if isinstance(catalogue.graph, RemoteStore):
                catalogue.graph.erase()
            catalogue.close()


if __name__ == "__main__":
    main()

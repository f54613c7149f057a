"""How fast the index is loaded and searched, counted and summed up.

    python -m benchmarks.search_rate [NUMBER] [--folder DIR] [--whole NUMBER]

NUMBER synthetic items (100,000 without it) go straight into an index, and each question is asked many times with
other places and times. With ``--whole`` so many go through documents, graph and index as well. Times are those of
the processor, of one process and without HTTP, so that other work on the machine does not count.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import orjson
import shapely

from benchmarks.synthetic_items import COLLECTIONS, item, scene, sensed, tile_corner
from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.directory import open_catalogue
from graph_service.index.aggregation import Aggregation, Frequencies, Grid, Histogram, Statistics
from graph_service.index.concepts import concepts_of
from graph_service.index.filters import All, Comparison, During, Filter, Meets, OneOf, Text
from graph_service.index.paging import Position, SortKey
from graph_service.index.properties import values_of
from graph_service.index.rows import Box, Row, row
from graph_service.index.sqlite import SQLiteIndex
from graph_service.settings import Settings
from ontology.identifiers import collection_iri
from ontology.records import Collection, Scene
from ontology.triples import statements

AT_A_TIME = 500
_TRIES = 100

Question = Callable[[SQLiteIndex, int], object]


def main() -> None:
    """Load, ask, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", nargs="?", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--whole", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        if options.whole:
            load_whole(Path(folder) / "whole", options.whole)
        path = Path(folder) / "index.sqlite"
        index = SQLiteIndex(path)
        load(index, options.number)
        print(f"{'file':34} {path.stat().st_size / 2**20:10.0f} MiB")
        ask(index, options.number)
        index.close()
    print(f"{'most memory':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MiB")


def rows(number: int) -> Iterator[Row]:
    """What an index is to hold; made from one row of each collection, because documents would take most of the time."""
    first = {COLLECTIONS[k]: _whole_row(k, number) for k in range(len(COLLECTIONS))}
    return (_alike(first[COLLECTIONS[k % len(COLLECTIONS)]], scene(k, number)) for k in range(number))


def _whole_row(k: int, number: int) -> Row:
    one, document = scene(k, number), item(k, number)
    links = orjson.dumps(document.pop("links"))
    concepts = concepts_of(one.iri, statements(one))
    return row(one, audience=None, stac=orjson.dumps(document), links=links, concepts=concepts)


def _alike(model: Row, one: Scene) -> Row:
    own = values_of(one, {})
    footprint = shapely.from_wkt(one.footprint)
    return replace(
        model,
        iri=one.iri,
        identifier=one.identifier,
        values=tuple(b if a is None else a for a, b in zip(own, model.values, strict=True)),
        footprint=shapely.to_wkb(footprint),
        boxes=(Box(*footprint.bounds),),
        concepts=model.concepts | {str(one.platform), str(one.tile)},
        stac=model.stac.replace(model.identifier.encode(), one.identifier.encode()),
    )


def load(index: SQLiteIndex, number: int) -> None:
    """Write so many items, and print how fast: making rows is not counted."""
    made, seconds, marks = rows(number), 0.0, []
    while some := list(islice(made, AT_A_TIME)):
        began = time.process_time()
        index.apply(index.change_number() + 1, rows=some)
        seconds += time.process_time() - began
        marks.append(seconds)
    print(f"{'index, items/s':34} {number / seconds:10,.0f}")
    if len(marks) > 10:
        tenth = len(marks) // 10
        print(f"{'  the last tenth':34} {tenth * AT_A_TIME / (marks[-1] - marks[-1 - tenth]):10,.0f}")


def load_whole(folder: Path, number: int) -> None:
    """Write so many items through documents, graph and index, and print how fast."""
    catalogue = open_catalogue(Settings(data=folder))
    try:
        seconds = _write_whole(catalogue, number)
    finally:
        catalogue.close()
    print(f"{'documents, graph, index, items/s':34} {number / seconds:10,.0f}")


def _write_whole(catalogue: Catalogue, number: int) -> float:
    series = tuple(Collection(iri=collection_iri(name), identifier=name) for name in set(COLLECTIONS))
    began = time.process_time()
    for start in range(0, number, AT_A_TIME):
        some = range(start, min(start + AT_A_TIME, number))
        catalogue.apply(Batch(tuple(Entry(scene(k, number), series) for k in some)))
    return time.process_time() - began


def box(k: int, degrees: float) -> Filter:
    """A square at a place where items are."""
    west, south = tile_corner(k * 37 % 5_000)
    west, south = min(west, 180 - degrees), min(south, 90 - degrees)
    return Meets(shapely.box(west, south, west + degrees, south + degrees))


def triangle(k: int) -> Filter:
    """An area that is no rectangle."""
    west, south = tile_corner(k * 37 % 5_000)
    return Meets(shapely.Polygon([(west, south), (west + 1.5, south + 0.2), (west + 0.4, south + 1.3)]))


def during(k: int, number: int, days: int) -> Filter:
    """Some days."""
    start = sensed(k * 7_919 % number, number)
    return During(start, start + timedelta(days=days))


def questions(number: int) -> dict[str, Question]:
    """What is asked, by name."""
    clear = Comparison("cloud_cover", "<", 5.0)
    by_cloud = (SortKey("cloud_cover"),)
    return {
        "newest 10": lambda index, k: index.search(All(())),
        "newest 100": lambda index, k: index.search(All(()), limit=100),
        "item": lambda index, k: index.search(OneOf("id", (scene(k * 7_919 % number, number).identifier,)), limit=1),
        "five ids": lambda index, k: index.search(
            OneOf("id", tuple(scene((k * 7_919 + i) % number, number).identifier for i in range(5)))
        ),
        "box of 0.1 degree": lambda index, k: index.search(box(k, 0.1)),
        "box of 5 degrees": lambda index, k: index.search(box(k, 5)),
        "box of 40 degrees": lambda index, k: index.search(box(k, 40)),
        "triangle of a degree": lambda index, k: index.search(triangle(k)),
        "week": lambda index, k: index.search(during(k, number, 7)),
        "box of 5 degrees, week, clear": lambda index, k: index.search(All((box(k, 5), during(k, number, 7), clear))),
        "box of 20 degrees, clear": lambda index, k: index.search(All((box(k, 20), clear))),
        "clear": lambda index, k: index.search(clear),
        "collection, platform": lambda index, k: index.search(
            All((OneOf("collection", ("sentinel-2-l1c",)), OneOf("platform", ("sentinel-2c",))))
        ),
        "least cloud first": lambda index, k: index.search(All(()), sort=by_cloud),
        "least cloud in a box of 5 degrees": lambda index, k: index.search(box(k, 5), sort=by_cloud),
        "words": lambda index, k: index.search(Text(f'"{sensed(k * 7_919 % number, number):%Y-%m-%d}"')),
        "page at half the depth": lambda index, k: index.search(
            All(()), at=Position((sensed(number // 2, number).timestamp(),), number // 2)
        ),
        "count, all": lambda index, k: index.count(All(())),
        "count, box of 20 degrees": lambda index, k: index.count(box(k, 20)),
        "count, box of 5 degrees, clear": lambda index, k: index.count(All((box(k, 5), clear))),
        "count, box of 20 degrees, clear": lambda index, k: index.count(All((box(k, 20), clear))),
        "extent of a collection": lambda index, k: index.extent("sentinel-2-l2a"),
        **{f"all: {name}": _summed_up(one) for name, one in SUMMARIES.items()},
    }


SUMMARIES: dict[str, Aggregation] = {
    "platforms": Frequencies("platform"),
    "tiles": Frequencies("tile"),
    "statistics of cloud": Statistics("cloud_cover"),
    "months": Histogram("datetime", "month"),
    "geohash, 4 characters": Grid("geohash", 4),
    "geotile, zoom 6": Grid("geotile", 6),
    "H3, resolution 3": Grid("h3", 3),
}


def _summed_up(one: Aggregation) -> Question:
    return lambda index, _: index.aggregate(All(()), [one])


def ask(index: SQLiteIndex, number: int) -> None:
    """Ask every question many times, and print how long it takes."""
    for name, question in questions(number).items():
        question(index, 0)
        times: list[float] = []
        while len(times) < _TRIES and sum(times) < 1:
            began = time.process_time()
            question(index, len(times) + 1)
            times.append(time.process_time() - began)
        median, slowest = statistics.median(times) * 1000, max(times) * 1000
        print(f"{name:34} {median:10.2f} ms, at most {slowest:.2f} ms")


if __name__ == "__main__":
    main()

"""The same questions about places, put to several engines that hold the same scenes.

    python -m benchmarks.spatial_engines [scenes] [--virtuoso URL]

Asked are the catalogue's store with its spatial index, bare pyoxigraph with the functions that it has built in, and
rdflib with a function of shapely. ``--virtuoso`` adds a Virtuoso server, by the address of its ``/sparql``, whose user
``SPARQL`` may update; it is asked with its own function and is left with one graph more.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import rdflib
import shapely
from rdflib.plugins.sparql.operators import custom_function
from shapely.geometry.base import BaseGeometry
from SPARQLWrapper import CSV, POST, SPARQLWrapper

from benchmarks.spatial_queries import QUERIES
from benchmarks.spatial_scenes import build
from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.planning import Planner
from graph_service.store.oxigraph import OxigraphStore
from ontology import terms

_SCENES = 5_000
_BATCH = 200
_GRAPH = "https://example.org/benchmark"
_ASKED = ("newest ten, small area", "newest ten, a region", "newest ten, a country")
_FUNCTION = re.compile(r'geof:sfIntersects\(\?w, ("[^"]+")\^\^geo:wktLiteral\)')
_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())

Rows = Callable[[str], int]
"""Asks a query and gives the number of rows."""


def main(scenes: int, virtuoso: str | None) -> None:
    """Print the milliseconds of each query and engine, best of three, the planning of ours included."""
    with tempfile.TemporaryDirectory() as folder:
        store, index = build(Path(folder), scenes=scenes, parcels=0)
        engines = {"Orrery": orrery(store, index), "pyoxigraph": bare(store), "rdflib and shapely": library(store)}
        if virtuoso is not None:
            engines["Virtuoso"] = server(virtuoso, store)
        print(f"{scenes:,} scenes, {len(store):,} triples\n")
        print(f"| Query | Rows | {' | '.join(f'{name}, ms' for name in engines)} |")
        print(f"|---|--:|{'--:|' * len(engines)}")
        for name in _ASKED:
            found = [best(rows, QUERIES[name]) for rows in engines.values()]
            counts = "/".join(sorted({str(count) for count, _ in found}))
            print(f"| {name} | {counts} | {' | '.join(f'{took:,.1f}' for _, took in found)} |")
        index.close()


def best(rows: Rows, query: str) -> tuple[int, float]:
    """Rows, and the milliseconds of the shortest of three runs."""
    took = []
    for _ in range(3):
        start = time.perf_counter()
        count = rows(query)
        took.append(time.perf_counter() - start)
    return count, min(took) * 1000


def orrery(store: ox.Store, index: SQLiteIndex) -> Rows:
    """The catalogue's store, as a worker asks it, with the planner before it."""
    graph = OxigraphStore(store)
    planner = Planner(graph, index)
    return lambda query: len(list(graph.query(planner.plan(query).accelerated or query)))  # type: ignore[arg-type]  # SELECT alone


def bare(store: ox.Store) -> Rows:
    """The engine by itself."""
    return lambda query: len(list(store.query(query, prefixes=terms.PREFIXES)))  # type: ignore[arg-type]  # SELECT alone


def library(store: ox.Store) -> Rows:
    """rdflib, with shapely for the function; literals and areas are read once."""
    read: dict[str, BaseGeometry] = {}

    def shape(literal: rdflib.Literal) -> BaseGeometry:
        return read.setdefault(str(literal), shapely.from_wkt(str(literal)))

    @custom_function(rdflib.URIRef(f"{terms.PREFIXES['geof']}sfIntersects"), override=True)  # type: ignore[arg-type]  # typed as a raw one
    def meets(one: rdflib.Literal, other: rdflib.Literal) -> rdflib.Literal:
        return rdflib.Literal(shape(one).intersects(shape(other)))

    del meets  # rdflib keeps it
    graph = rdflib.Graph()
    graph.parse(data=store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()), format="nt")
    return lambda query: len(list(graph.query(query, initNs=dict(terms.PREFIXES))))


def server(address: str, store: ox.Store) -> Rows:
    """A Virtuoso server, once it has the triples."""
    asking(address, f"CLEAR SILENT GRAPH <{_GRAPH}>", updates=True)
    for lines in batches(store):
        asking(address, f"INSERT DATA {{ GRAPH <{_GRAPH}> {{ {lines} }} }}", updates=True)

    def rows(query: str) -> int:
        own = _FUNCTION.sub(r"bif:st_intersects(?w, bif:st_geomfromtext(\1))", query)
        return (
            asking(address, _PREFIXES + own.replace("WHERE", "").replace("{", f"FROM <{_GRAPH}> {{", 1)).count("\n") - 1
        )

    return rows


def batches(store: ox.Store) -> Iterator[str]:
    """Triples as text, some at a time."""
    quads = iter(store)
    while some := list(islice(quads, _BATCH * 25)):
        yield "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in some)


def asking(address: str, text: str, *, updates: bool = False) -> str:
    """The answer of a server to a query or an update, as text."""
    client = SPARQLWrapper(address)
    client.setQuery(text)
    client.setMethod(POST)
    if not updates:
        client.setReturnFormat(CSV)
    found = client.query().response.read()
    return str(found, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("scenes", type=int, nargs="?", default=_SCENES)
    parser.add_argument("--virtuoso", metavar="URL")
    options = parser.parse_args()
    main(options.scenes, options.virtuoso)

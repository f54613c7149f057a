"""How much sooner queries about places are answered with candidates from the spatial index, and when they are not.

python -m benchmarks.spatial_queries [scenes] [parcels]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from benchmarks.spatial_scenes import build
from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.planning import Planner
from graph_service.store.joined import Joined
from graph_service.store.oxigraph import OxigraphStore

_SCENES = 20_000
_PARCELS = 2_000
_NEWEST = """SELECT ?s ?t {{ ?s a orr:OpticalScene ; orr:sensedAt ?t ; orr:cloudCover ?c ;
  geo:hasDefaultGeometry/geo:asWKT ?w .
  FILTER(?t >= "2020-01-01T00:00:00Z"^^xsd:dateTime && ?t < "2022-01-01T00:00:00Z"^^xsd:dateTime) FILTER(?c < 20)
  FILTER({}) }} ORDER BY DESC(?t) LIMIT 10"""
_ANY = "SELECT ?s {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w FILTER({}) }} LIMIT 10"
_ONE = 'SELECT ?s {{ ?s dcterms:identifier "{}" ; geo:hasDefaultGeometry/geo:asWKT ?w FILTER({}) }}'
_JOIN = """SELECT ?p ?s {{ ?p a orr:Parcel ; geo:hasDefaultGeometry/geo:asWKT ?v .
  ?s a orr:SARScene ; geo:hasDefaultGeometry/geo:asWKT ?w FILTER({}) }}"""


def _area(west: float, south: float, east: float, north: float) -> str:
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return f'geof:sfIntersects(?w, "POLYGON(({ring}))"^^geo:wktLiteral)'


def _within(bound: int, unit: str = "metre") -> str:
    return f'geof:distance(?w, "POINT(20 50)"^^geo:wktLiteral, uom:{unit}) < {bound}'


QUERIES = {
    "newest ten, small area": _NEWEST.format(_area(15, 50, 15.05, 50.05)),
    "newest ten, a region": _NEWEST.format(_area(11, 47, 13.3, 49.3)),
    "newest ten, a country": _NEWEST.format(_area(11, 47, 19, 55)),
    "newest ten, half the continent": _NEWEST.format(_area(-10, 35, 10, 65)),
    "newest ten within 1 km": _NEWEST.format(_within(1_000)),
    "newest ten within 100 km": _NEWEST.format(_within(100_000)),
    "newest ten within 1 degree": _NEWEST.format(_within(1, "degree")),
    "any ten, a country": _ANY.format(_area(11, 47, 19, 55)),
    "one scene, a country": _ONE.format("S2A_MSIL2A_00000017_N0511_R041", _area(11, 47, 19, 55)),
}
JOINS = {
    "parcels that scenes meet": _JOIN.format("geof:sfIntersects(?w, ?v)"),
    "parcels within scenes": _JOIN.format("geof:sfWithin(?v, ?w)"),
    "parcels within 500 m of a scene": _JOIN.format("geof:distance(?v, ?w, uom:metre) < 500"),
}


def main(scenes: int, parcels: int) -> None:
    """Print milliseconds to plan, to answer as planned and as it came, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        store, index = build(Path(folder), scenes=scenes, parcels=parcels)
        print(
            f"{scenes:,} scenes, {parcels:,} parcels, {len(store):,} triples in {time.perf_counter() - start:.0f} s\n"
        )
        print(
            "| Query | Candidates | Certain | Plan, ms | Planned, ms | Plain, ms | Ratio | Rows |\n"
            "|---|--:|--:|--:|--:|--:|--:|--:|"
        )
        _measure(OxigraphStore(store), index)
        index.close()


def _measure(graph: OxigraphStore, index: SQLiteIndex) -> None:
    planner = Planner(graph, index)

    def rows(text: str | Joined) -> list[Any]:
        found = graph.query(text)
        assert isinstance(found, ox.QuerySolutions)
        return list(found)

    for name, query in QUERIES.items():
        plan, planning = _timed(lambda query=query: planner.plan(query))  # type: ignore[misc]
        planned, sooner = _timed(lambda text=plan.accelerated or query: rows(text))  # type: ignore[misc]
        plain, later = _timed(lambda query=query: rows(query))  # type: ignore[misc]
        assert len(planned) == len(plain)
        found = next((one for one in plan.findings if one.candidates is not None), None)
        candidates = "none" if found is None else f"{found.candidates:,}"
        certain = "none" if found is None else f"{found.certain or 0:,}"
        print(
            f"| {name} | {candidates} | {certain} | {planning:.1f} | {sooner:.1f} | {later:.1f} "
            f"| {later / (planning + sooner):.1f} | {len(plain):,} |"
        )
    print()
    for name, query in JOINS.items():
        _measure_join(graph, planner, name, query)


def _measure_join(graph: OxigraphStore, planner: Planner, name: str, query: str) -> None:
    """Print the pairs a second of a join, which is not asked as it came: that takes hours."""
    start = time.perf_counter()
    plan = planner.plan(query)
    planned = time.perf_counter()
    if plan.sooner is None:
        print(f"{name}: left as it is, {plan.findings[0].reason}")
        return
    found = graph.query(plan.joined or plan.accelerated or query)
    assert isinstance(found, ox.QuerySolutions)
    written = found.serialize(format=ox.QueryResultsFormat.CSV) or b""
    end = time.perf_counter()
    count = written.count(b"\n") - 1
    print(
        f"{name}: {count:,} pairs, {planned - start:.1f} s to plan and {end - planned:.1f} s to answer, "
        f"{count / (end - start):,.0f} a second"
    )


def _timed(work: Callable[[], Any], times: int = 3) -> tuple[Any, float]:
    """What is made, and the milliseconds of the shortest of some runs."""
    shortest = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        made = work()
        shortest = min(shortest, time.perf_counter() - start)
    return made, shortest * 1000


if __name__ == "__main__":
    main(*([int(given) for given in sys.argv[1:]] or [_SCENES, _PARCELS]))

"""What a query costs beside the engine: through the object that answers queries, and over HTTP, alone and in company.

python -m benchmarks.sparql_overhead [scenes]
"""

import gc
import itertools
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pyoxigraph as ox

from benchmarks.spatial_scenes import build
from graph_service.console.serving import start_detached, stop_service
from graph_service.errors import QueryTimedOut
from graph_service.index.sqlite import SQLiteIndex
from graph_service.settings import Settings
from graph_service.spatial.planning import Planner
from graph_service.store.evaluation import results_of
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.results import written
from graph_service.store.workers import QueryWorkers

_SCENES = 1_000
_TIMES = 150
_CLIENTS = 8
_COMPANY_S = 3.0
_JSON = "application/sparql-results+json"
_SLOW = "SELECT (COUNT(*) AS ?n) { ?a orr:cloudCover ?b . ?c orr:cloudCover ?d . ?e orr:cloudCover ?f FILTER(?b > ?f) }"
_IN_AREA = "geo:hasDefaultGeometry/geo:asWKT ?w FILTER(geof:sfIntersects(?w, {}))"
Query = Callable[[int], str]
"""Makes a text that is asked once, of one shape with all the others that it makes."""
Ask = Callable[[str], object]


def _area(south: float) -> str:
    return f'"POLYGON((11 {south},19 {south},19 55,11 55,11 {south}))"^^geo:wktLiteral'


def _count(number: int) -> str:
    some = "{ SELECT ?c { ?s a ?c } LIMIT 2500 }"
    return f"SELECT (COUNT(?c) AS ?n) {{ {some} FILTER(STRLEN(STR(?c)) < {30 + number}) }}"


def _any(number: int) -> str:
    return f"SELECT ?s {{ ?s {_IN_AREA.format(_area(47 + number / 1e5))} }} LIMIT 10"


def _one(number: int) -> str:
    identifier = f"S2A_MSIL2A_{number:08d}_N0511_R041"
    return f'SELECT ?s {{ ?s dcterms:identifier "{identifier}" ; {_IN_AREA.format(_area(47))} }}'


QUERIES: Mapping[str, Query] = {"a count": _count, "any ten in an area": _any, "one scene in an area": _one}


def main(scenes: int) -> None:
    """Print medians in milliseconds, and answers a second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = replace(Settings(), data=folder, port=0)
        store, index = build(folder, scenes=scenes, parcels=0)
        numbers = itertools.count()
        print(f"{scenes:,} scenes, {len(store):,} triples\n")
        _alone(store, index, folder, numbers)
        index.close()
        # What holds the store open is gone when the garbage is.
        del store
        gc.collect()
        for processes in (1, 2):
            with _service(replace(settings, query_processes=processes)) as ask:
                if processes == 1:
                    _over_http(ask, numbers)
                _in_company(ask, processes, numbers)


def _alone(store: ox.Store, index: SQLiteIndex, folder: Path, numbers: Iterator[int]) -> None:
    graph = OxigraphStore(store)
    planner = Planner(graph, index)
    workers = QueryWorkers(graph, folder / "alone", processes=1, planner=planner)

    def bare(text: str) -> object:
        return bytes(written(results_of(store, text, ()), _JSON, longest=1 << 30))

    def served(text: str) -> object:
        return workers.answer(text, media_type=_JSON).body

    # The grammar is made, the reference systems are read, and a sample is taken.
    planner.plan(f"ASK {{ ?x geo:hasDefaultGeometry/geo:asWKT ?y FILTER(geof:sfWithin(?y, {_area(47)})) }}")
    print("| Query | Engine, ms | Planning a shape first met | Planning | Through the workers | Beside the engine |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, query in QUERIES.items():
        first, plan = _median(planner.plan, query, numbers, 1), _median(planner.plan, query, numbers)
        asked, through = _median(bare, query, numbers), _median(served, query, numbers)
        print(f"| {name} | {asked:.2f} | {first:.2f} | {plan:.2f} | {through:.2f} | {through - asked:.2f} |")
    workers.close()


def _over_http(ask: Ask, numbers: Iterator[int]) -> None:
    for name, query in QUERIES.items():
        print(f"\nover HTTP, {name}: {_median(ask, query, numbers):.2f} ms", end="")
    print()


def _in_company(ask: Ask, processes: int, numbers: Iterator[int]) -> None:
    """Eight clients at once, and one of them beside a query that never ends."""
    lock = threading.Lock()

    def client(ends_at: float) -> int:
        answered = 0
        while time.perf_counter() < ends_at:
            with lock:
                number = next(numbers)
            ask(_count(number))
            answered += 1
        return answered

    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(ask, (_count(next(numbers)) for _ in range(4 * _CLIENTS))))  # every process is started
        ends_at = time.perf_counter() + _COMPANY_S
        answered = sum(pool.map(client, [ends_at] * _CLIENTS))
        print(f"\n{processes} processes, {_CLIENTS} clients: {answered / _COMPANY_S:.0f} answers a second")
        slow = pool.submit(_give_up, ask)
        time.sleep(0.1)
        times = sorted(_timed(ask, _count(next(numbers))) for _ in range(_TIMES))
        tail = times[int(_TIMES * 0.95)]
        print(f"beside a slow query: median {statistics.median(times):.2f} ms, 95th percentile {tail:.2f}", end="")
        print(f", longest {times[-1]:.0f}; the slow one was {'done before' if slow.done() else 'at work still'}")


def _give_up(ask: Ask) -> None:
    try:
        ask(_SLOW)
    except (QueryTimedOut, httpx.HTTPStatusError):
        return


@contextmanager
def _service(settings: Settings) -> Iterator[Ask]:
    """What asks a service over HTTP; a query may take six seconds there."""
    address = start_detached(replace(settings, query_timeout_s=6.0), settings.data / "service.log")
    try:
        with httpx.Client(base_url=address.url, trust_env=False, headers={"Accept": _JSON}, timeout=60) as client:
            yield lambda text: client.get("/sparql", params={"query": text}).raise_for_status().content
    finally:
        stop_service(settings.service_file)


def _median(ask: Ask, query: Query, numbers: Iterator[int], times: int = _TIMES) -> float:
    return statistics.median(_timed(ask, query(next(numbers))) for _ in range(times))


def _timed(ask: Ask, text: str) -> float:
    start = time.perf_counter()
    ask(text)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main(*([int(given) for given in sys.argv[1:]] or [_SCENES]))

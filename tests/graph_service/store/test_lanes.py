"""Slow queries beside fast ones."""

import threading
import time
from pathlib import Path

from graph_service.errors import QueryTimedOut
from graph_service.store.workers import QueryWorkers
from ontology.errors import CatalogueError
from tests.graph_service.store.graphs import JSON, SORTED_CROSS_JOIN, wide_graph

DEADLINE_S = 8.0


def asked_slowly(workers: QueryWorkers, number: int, found: list[CatalogueError]) -> list[threading.Thread]:
    def ask() -> None:
        try:
            workers.answer(SORTED_CROSS_JOIN, media_type=JSON)
        except CatalogueError as error:
            found.append(error)

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def test_fast_queries_pass_twice_as_many_slow_ones_as_there_are_lanes(tmp_path: Path) -> None:
    workers = QueryWorkers(wide_graph(tmp_path / "graph"), tmp_path / "copies", processes=1, deadline_s=DEADLINE_S)
    ended: list[CatalogueError] = []
    slow = asked_slowly(workers, 2, ended)
    while len(workers.processes()) < 3:  # two that are slow, and one in the lane
        time.sleep(0.01)
    assert workers.answer("ASK {}", media_type=JSON).body
    assert all(thread.is_alive() for thread in slow)
    workers.close()
    for thread in slow:
        thread.join()
    assert workers.processes() == []
    assert len(ended) == 2


def test_the_last_of_too_many_slow_queries_is_ended_and_told_why(tmp_path: Path) -> None:
    workers = QueryWorkers(wide_graph(tmp_path / "graph"), tmp_path / "copies", processes=1, deadline_s=3 * DEADLINE_S)
    ended: list[CatalogueError] = []
    begun_at = time.monotonic()
    slow = asked_slowly(workers, 3, ended)
    while not ended:
        time.sleep(0.01)
    assert time.monotonic() - begun_at < 3 * DEADLINE_S
    (why,) = ended
    assert isinstance(why, QueryTimedOut)
    assert "slow queries" in str(why)
    assert workers.answer("ASK {}", media_type=JSON).body
    workers.close()
    for thread in slow:
        thread.join()


def test_a_query_of_some_time_is_answered_beside_the_lanes(tmp_path: Path) -> None:
    workers = QueryWorkers(wide_graph(tmp_path / "graph"), tmp_path / "copies", processes=1)
    workers.answer("ASK {}", media_type=JSON)
    counted = "SELECT (COUNT(?z) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 4000000 } BIND(STR(?f) AS ?z) }"
    assert b"4000000" in workers.answer(counted, media_type=JSON).body
    assert workers.answer("ASK {}", media_type=JSON).body
    workers.close()
    assert workers.processes() == []

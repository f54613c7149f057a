import json
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph_service.errors import NotAcceptable, QueryInterrupted, QueryInvalid, QueryTimedOut, QueryTooLarge
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.workers import QueryWorkers
from tests.graph_service.store.graphs import (
    AUDIENCE,
    CROSS_JOIN,
    EX,
    JSON,
    SECRET,
    SORTED_CROSS_JOIN,
    small_graph,
    wide_graph,
)

MIB = 1 << 20
SUBJECTS = "SELECT DISTINCT ?s { ?s ?p ?o }"


@pytest.fixture
def graph(tmp_path: Path) -> OxigraphStore:
    return small_graph(tmp_path / "graph")


@pytest.fixture
def workers(graph: OxigraphStore, tmp_path: Path) -> Iterator[QueryWorkers]:
    opened = QueryWorkers(graph, tmp_path / "copies")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> OxigraphStore:
    return wide_graph(tmp_path_factory.mktemp("wide"))


def values(workers: QueryWorkers, query: str, *audiences: str) -> set[str]:
    document = json.loads(workers.answer(query, media_type=JSON, audiences=audiences).body)
    return {value["value"] for row in document["results"]["bindings"] for value in row.values()}


def is_true(workers: QueryWorkers, query: str, *audiences: str) -> bool:
    return workers.answer(query, media_type="text/csv", audiences=audiences).body == b"true"


def children() -> list[int]:
    """Workers that this process has started and not waited for."""
    tasks = [task / "children" for task in Path("/proc/self/task").iterdir()]
    return sorted(int(pid) for task in tasks for pid in _text(task).split() if _is_worker(pid))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):  # a thread that has ended
        return ""


def _is_worker(pid: str) -> bool:
    try:
        return b"worker_process" in Path("/proc", pid, "cmdline").read_bytes()
    except FileNotFoundError:
        return False


def eventually(condition: Callable[[], bool]) -> bool:
    ends_at = time.monotonic() + 5
    while not condition() and time.monotonic() < ends_at:
        time.sleep(0.01)
    return condition()


def test_a_query_is_answered_in_its_media_type(workers: QueryWorkers) -> None:
    answer = workers.answer(f"SELECT ?s {{ ?s <{EX}none> ?o }}", media_type="text/csv")
    assert (answer.media_type, answer.body) == ("text/csv", b"s\r\n")


def test_a_query_sees_what_was_written_before(workers: QueryWorkers, graph: OxigraphStore, tmp_path: Path) -> None:
    for change in range(2, 12):
        graph.apply(change=change, remove={}, add={None: [(f"<{EX}{change}>", f"<{EX}p>", '"1"')]})
        assert is_true(workers, f"ASK {{ <{EX}{change}> ?p ?o }}")
    assert sum(1 for _ in (tmp_path / "copies").iterdir()) <= 3, "one for each worker and the latest"


@pytest.mark.parametrize(
    "query",
    [
        SUBJECTS,
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } }",
        f"SELECT ?s {{ GRAPH <{AUDIENCE}> {{ ?s ?p ?o }} }}",
        "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
    ],
)
def test_restricted_statements_are_seen_by_their_audience_alone(workers: QueryWorkers, query: str) -> None:
    assert SECRET.strip("<>") not in values(workers, query)
    assert SECRET.strip("<>") not in values(workers, query, EX + "others")
    assert SECRET.strip("<>") in values(workers, query, AUDIENCE)


def test_restricted_statements_are_not_reached_by_other_ways(workers: QueryWorkers) -> None:
    assert not workers.answer(f"DESCRIBE {SECRET}", media_type="text/turtle").body.count(b"parcel")
    assert not is_true(workers, f"ASK {{ FILTER EXISTS {{ {SECRET} ?p ?o }} }}")
    for clause in (f"FROM <{AUDIENCE}>", f"FROM NAMED <{AUDIENCE}>"):
        assert values(workers, f"SELECT * {clause} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}") == set()


def test_a_faulty_query_leaves_its_worker_as_it_was(workers: QueryWorkers) -> None:
    assert is_true(workers, "ASK {}")
    assert is_true(workers, "ASK {}")
    before = children()
    for _ in range(3):
        with pytest.raises(QueryInvalid, match="line 1, column"):
            workers.answer("SELECT * {", media_type=JSON)
        with pytest.raises(NotAcceptable):
            workers.answer("ASK {}", media_type="text/turtle")
    assert is_true(workers, "ASK {}")
    assert children() == before


def test_service_is_refused_before_a_worker_sees_it(workers: QueryWorkers) -> None:
    with pytest.raises(QueryInvalid, match="SERVICE"):
        workers.answer("SELECT * { SERVICE <http://127.0.0.1/> {} }", media_type=JSON)
    assert children() == []


@pytest.mark.parametrize("query", [CROSS_JOIN, SORTED_CROSS_JOIN], ids=["aggregate", "sort"])
def test_a_hostile_query_ends_with_its_deadline(wide: OxigraphStore, tmp_path: Path, query: str) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    assert is_true(workers, "ASK {}")
    asked_at = time.monotonic()
    with pytest.raises(QueryTimedOut):
        workers.answer(query, media_type=JSON, deadline_s=0.5)
    assert time.monotonic() - asked_at < 1.5
    assert is_true(workers, "ASK {}")
    workers.close()
    assert children() == []


def test_a_caller_may_have_less_time_but_not_more(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", deadline_s=1)
    for deadline_s in (0.2, 60.0):
        asked_at = time.monotonic()
        with pytest.raises(QueryTimedOut):
            workers.answer(CROSS_JOIN, media_type=JSON, deadline_s=deadline_s)
        assert time.monotonic() - asked_at < 2
    workers.close()


def test_waiting_for_a_worker_is_part_of_the_time(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1, deadline_s=1)
    with ThreadPoolExecutor() as threads:
        hostile = threads.submit(workers.answer, CROSS_JOIN, media_type=JSON)
        assert eventually(lambda: bool(children()))
        with pytest.raises(QueryTimedOut, match="no worker was free"):
            workers.answer("ASK {}", media_type=JSON, deadline_s=0.1)
        with pytest.raises(QueryTimedOut):
            hostile.result()
    workers.close()


def test_many_callers_share_the_workers(workers: QueryWorkers) -> None:
    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(lambda _: is_true(workers, "ASK { ?s ?p ?o }"), range(200)))
    assert len(children()) == 2


def test_memory_is_bounded(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1, memory_bytes=100 * MIB)
    with pytest.raises(QueryTooLarge, match="memory"):
        workers.answer(SORTED_CROSS_JOIN, media_type=JSON)
    assert is_true(workers, "ASK { ?s ?p ?o }")
    workers.close()


def test_the_length_of_a_result_is_bounded(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1, result_bytes=MIB)
    with pytest.raises(QueryTooLarge, match="1,048,576 bytes"):
        workers.answer("SELECT * { ?a ?b ?c . ?d ?e ?f }", media_type=JSON)
    assert len(workers.answer("SELECT ?a { ?a ?b ?c }", media_type="text/csv").body) > 60_000
    workers.close()


def test_the_rows_of_a_result_are_bounded(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1, result_rows=100)
    for query, media_type in (("SELECT ?a { ?a ?b ?c }", JSON), ("CONSTRUCT WHERE { ?a ?b ?c }", "text/turtle")):
        with pytest.raises(QueryTooLarge, match="100 rows"):
            workers.answer(query, media_type=media_type)
        assert workers.answer(f"{query} LIMIT 100", media_type=media_type).body
    workers.close()


WIDE = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 300000"
"""Some 10 MB of rows, the first of them at once."""


def test_the_beginning_of_a_long_answer_is_there_before_its_end(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    whole = workers.answer(WIDE, media_type="text/csv").body
    assert len(whole) > 10 * MIB
    found = workers.stream(WIDE, media_type="text/csv")
    assert found.rest is not None
    assert MIB < len(found.first) < 2 * MIB
    assert sorted((found.first + b"".join(found.rest)).splitlines()) == sorted(whole.splitlines())
    assert workers.stream("ASK {}", media_type=JSON).rest is None
    workers.close()


def test_a_slow_reader_does_not_keep_a_worker(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    slow = workers.stream(WIDE, media_type="text/csv")
    assert is_true(workers, "ASK {}")
    assert slow.rest is not None
    assert sum(map(len, slow.rest)) > 9 * MIB
    workers.close()


def test_a_long_answer_ends_with_its_deadline(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    assert is_true(workers, "ASK {}")
    asked_at = time.monotonic()
    found = workers.stream("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", media_type="text/csv", deadline_s=1)
    assert found.rest is not None
    with pytest.raises(QueryTimedOut):
        sum(map(len, found.rest))
    assert time.monotonic() - asked_at < 2
    assert is_true(workers, "ASK {}")
    workers.close()
    assert children() == []


def test_an_answer_that_nobody_reads_on_is_given_up(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1, deadline_s=30)
    found = workers.stream("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", media_type="text/csv")
    assert isinstance(found.rest, Generator)
    next(found.rest)
    found.rest.close()
    asked_at = time.monotonic()
    assert is_true(workers, "ASK {}")
    assert time.monotonic() - asked_at < 5
    workers.close()


def test_a_query_that_is_nested_too_deeply_costs_no_more_than_its_worker(workers: QueryWorkers) -> None:
    with pytest.raises(QueryTooLarge, match="nested"):
        workers.answer("SELECT * {" + "{" * 100_000 + "}" * 100_001, media_type=JSON)
    assert is_true(workers, "ASK {}")


def test_a_worker_that_dies_while_idle_is_replaced_unseen(workers: QueryWorkers) -> None:
    for _ in range(3):
        assert is_true(workers, "ASK {}")
        for pid in children():
            os.kill(pid, signal.SIGKILL)


def test_a_worker_that_is_killed_at_work_is_an_error_once(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    assert is_true(workers, "ASK {}")
    (pid,) = children()
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(QueryInterrupted):
        workers.answer(CROSS_JOIN, media_type=JSON)
    assert is_true(workers, "ASK {}")
    workers.close()


def test_closing_ends_what_is_being_worked_on(wide: OxigraphStore, tmp_path: Path) -> None:
    workers = QueryWorkers(wide, tmp_path / "copies", processes=1)
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(workers.answer, CROSS_JOIN, media_type=JSON) for _ in range(3)]
        assert eventually(lambda: bool(children()))
        workers.close()
        for answer in asked:
            with pytest.raises(QueryInterrupted):
                answer.result(timeout=2)
    assert children() == []
    assert list((tmp_path / "copies").iterdir()) == []
    workers.close()
    with pytest.raises(QueryInterrupted):
        workers.answer("ASK {}", media_type=JSON)

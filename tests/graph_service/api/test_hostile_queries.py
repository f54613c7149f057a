"""Queries that would never end, or take everything, over the whole service."""

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.graph_service.api.live import Live, live
from tests.graph_service.store.test_workers import children

TIMEOUT_S = 2.0
GRACE_S = 1.0

MARK, NUMBER = "<http://e/mark>", "<http://e/n> <http://e/is>"
CROSSED = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
HOSTILE = {
    "an aggregate": f"SELECT (COUNT(*) AS ?n) {{ {CROSSED} . ?j ?k ?l }}",
    "a distinct aggregate": f"SELECT (COUNT(DISTINCT ?b) AS ?n) {{ {CROSSED} . ?j ?k ?l }}",
    "an order": f"SELECT * {{ {CROSSED} }} ORDER BY ?a ?e ?i",
    "a group": f"SELECT ?a (SUM(STRLEN(STR(?i))) AS ?n) {{ {CROSSED} }} GROUP BY ?a",
    "a cross join that finds nothing": f"SELECT * {{ {CROSSED} FILTER(STR(?a) = CONCAT(STR(?d), '!')) }}",
    "a path": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>|^!<a:a>)* ?b . ?c (!<a:a>|^!<a:a>)* ?d }",
    "nothing but values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(6))
    + " }",
    "a regular expression": f"ASK {{ {CROSSED} FILTER(REGEX(CONCAT(STR(?a), STR(?d)), '(x+x+)+y!')) }}",
    "not exists": "ASK { ?a ?b ?c FILTER NOT EXISTS "
    "{ ?d ?e ?f . ?g ?h ?i FILTER(STR(?f) = CONCAT(STR(?i), STR(?c), '!')) } }",
    "a long text": f"SELECT (STRLEN(GROUP_CONCAT(STR(?a))) AS ?n) {{ {CROSSED} }}",
    "a construction": f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSSED} FILTER(STR(?a) = CONCAT(STR(?d), '!')) }}",
    "a description": f"DESCRIBE ?a {{ {CROSSED} FILTER(STR(?a) = CONCAT(STR(?d), '!')) }}",
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("hostile"), query_timeout_s=TIMEOUT_S, query_processes=3) as running:
        yield running


@pytest.fixture(scope="module")
def client(service: Live) -> Iterator[httpx.Client]:
    with service.client(service.token("writer")) as opened:
        yield opened


def ask(client: httpx.Client, query: str, **params: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query} | params)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_with_its_deadline(client: httpx.Client, name: str) -> None:
    assert ask(client, "ASK {}").status_code == 200
    asked_at = time.monotonic()
    answer = ask(client, HOSTILE[name])
    assert time.monotonic() - asked_at < TIMEOUT_S + GRACE_S
    assert (answer.status_code, answer.json()["code"]) in ((503, "QueryTimedOut"), (400, "QueryTooLarge"))
    assert ask(client, "ASK {}").json()["boolean"] is True


def test_a_request_may_ask_for_less(client: httpx.Client) -> None:
    ask(client, "ASK {}")
    asked_at = time.monotonic()
    assert ask(client, HOSTILE["an aggregate"], timeout="0.5").status_code == 503
    assert time.monotonic() - asked_at < 0.5 + GRACE_S


def test_a_hostile_update_ends_with_its_deadline_and_changes_nothing(client: httpx.Client) -> None:
    before = client.get("/health").json()["change"]
    asked_at = time.monotonic()
    update = f"INSERT DATA {{ <http://e/a> <http://e/p> 1 }} ; INSERT {{ ?a <http://e/p> ?i }} WHERE {{ {CROSSED} }}"
    answer = client.post("/sparql/update", data={"update": update})
    assert (answer.status_code, answer.json()["code"]) in ((503, "QueryTimedOut"), (400, "QueryTooLarge"))
    assert time.monotonic() - asked_at < TIMEOUT_S + GRACE_S
    assert client.get("/health").json()["change"] == before
    assert ask(client, "ASK { <http://e/a> ?p ?o }").json()["boolean"] is False


def test_other_queries_go_on_beside_hostile_ones(service: Live) -> None:
    with service.client() as client:
        for _ in range(3):
            ask(client, "ASK {}")
        hostile = [threading.Thread(target=_asked, args=[service, HOSTILE["an order"]]) for _ in range(2)]
        for one in hostile:
            one.start()
        slowest = 0.0
        while any(one.is_alive() for one in hostile):
            asked_at = time.monotonic()
            assert ask(client, "ASK {}").status_code == 200
            slowest = max(slowest, time.monotonic() - asked_at)
        assert slowest < TIMEOUT_S


def _asked(service: Live, query: str) -> None:
    with service.client() as client:
        ask(client, query)


def test_a_result_that_breaks_off_is_never_taken_for_whole(client: httpx.Client) -> None:
    with client.stream("POST", "/sparql", data={"query": f"SELECT * {{ {CROSSED} }}"}) as answer:
        assert answer.status_code == 200
        assert "content-length" not in answer.headers
        with pytest.raises(httpx.RemoteProtocolError):
            sum(map(len, answer.iter_bytes()))


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    before = children()
    with live(tmp_path, query_timeout_s=TIMEOUT_S) as service, service.client() as client:
        assert ask(client, HOSTILE["an order"], timeout="1").status_code == 503
        ask(client, "ASK {}")
    assert set(children()) <= set(before)
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_writes_race_reads_and_each_read_sees_whole_changes(client: httpx.Client, service: Live) -> None:
    """Each change moves a mark from one thing to the next, so that every state has exactly one."""
    client.post("/sparql/update", data={"update": "INSERT DATA { <http://e/0> <http://e/mark> 'x' }"})
    stop, seen = threading.Event(), list[int]()

    def read() -> None:
        with service.client() as reader:
            while not stop.is_set():
                rows = ask(reader, "SELECT ?s { ?s <http://e/mark> ?o }").json()["results"]["bindings"]
                assert len(rows) == 1
                seen.append(int(rows[0]["s"]["value"].removeprefix("http://e/")))

    reader = threading.Thread(target=read)
    reader.start()
    for number in itertools.count(1):
        move = f"DELETE {{ ?s {MARK} ?o }} INSERT {{ <http://e/{number}> {MARK} ?o }} WHERE {{ ?s {MARK} ?o }}"
        answer = client.post("/sparql/update", data={"update": move})
        assert answer.status_code == 204, answer.text
        change = answer.headers["orrery-change"]
        own = client.get(
            "/sparql", params={"query": f"ASK {{ <http://e/{number}> ?p ?o }}"}, headers={"Orrery-Change": change}
        )
        assert own.json()["boolean"] is True
        if number >= 30 or not reader.is_alive():
            break
    stop.set()
    reader.join()
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_writers_that_race_lose_nothing(service: Live) -> None:
    """Each adds one to the same number, reading it and writing it in one update."""
    token = service.token("counter")

    def count() -> None:
        add = f"DELETE {{ {NUMBER} ?n }} INSERT {{ {NUMBER} ?m }} WHERE {{ {NUMBER} ?n BIND(?n + 1 AS ?m) }}"
        with service.client(token) as client:
            for _ in range(5):
                assert client.post("/sparql/update", data={"update": add}).status_code == 204

    with service.client(token) as client:
        client.post("/sparql/update", data={"update": "INSERT DATA { <http://e/n> <http://e/is> 0 }"})
        writers = [threading.Thread(target=count) for _ in range(4)]
        for one in writers:
            one.start()
        for one in writers:
            one.join()
        found = ask(client, "SELECT ?n { <http://e/n> <http://e/is> ?n }").json()["results"]["bindings"]
        assert [row["n"]["value"] for row in found] == ["20"]

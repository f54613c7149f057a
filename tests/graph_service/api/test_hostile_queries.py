"""Queries that would never end, or take everything, over the whole service."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
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
    "an expansion of bombs": "SELECT (STRLEN(?v39) AS ?n) { BIND('aaaaaaaaaa' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(39))
    + " }",
    "a text that is long to read": "SELECT * { ?s geo:asWKT ?w FILTER(geof:sfWithin(?w, 'POINT(1 1)'^^geo:wktLiteral)) "
    f"FILTER(CONCAT({','.join(['?x'] * 6000)})) }}",
    "calls of what there is not": f"SELECT * {{ FILTER({' && '.join(['<a:b>(1)'] * 1500)}) }}",
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


REFUSED = {
    "open brackets": ("SELECT * { FILTER(" + "(" * 500_000, 400),
    "brackets": ("SELECT * { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }", 400),
    "groups": ("SELECT * " + "{" * 5_000 + "?s ?p ?o" + "}" * 5_000, 400),
    "unions": ("SELECT * { {} " + "UNION {} " * 300_000 + "}", 400),
    "triples": ("SELECT * { " + "?s ?p ?o . " * 100_000 + "}", 400),
    "negations": ("ASK { FILTER(" + "!" * 500_000 + "1) }", 400),
    "a long text": ("ASK {} #" + "a" * 5_000_000, 413),
    "a name of danger": ("ASK { ?s ?p 'SERVICE' }" + " " * 1_000_000, 400),
    "no character": ("ASK { ?s ?p '\\uD800' }", 400),
    "a zero byte": ("ASK { \0 }", 400),
    "a number without end": ("SELECT * {} LIMIT 99999999999999999999999", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_asked_is_refused_soon_and_harms_nobody(client: httpx.Client, name: str) -> None:
    ask(client, "ASK {}")
    query, status = REFUSED[name]

    def send() -> httpx.Response:
        asked_at = time.monotonic()
        found = client.post("/sparql", content=query.encode(), headers={"Content-Type": "application/sparql-query"})
        assert time.monotonic() - asked_at < TIMEOUT_S + GRACE_S
        return found

    answer = answered(send)
    assert answer.status_code == status, answer.text
    assert answer.json()["description"]
    assert ask(client, "ASK {}").json()["boolean"] is True


VALUES = "SELECT (COUNT(*) AS ?n) { VALUES ?x { " + " ".join(map(str, range(100_000))) + " } }"


def test_a_hundred_thousand_values_are_counted(service: Live, client: httpx.Client) -> None:
    assert ask(client, VALUES).json()["results"]["bindings"][0]["n"]["value"] == "100000"


BODIES = {
    "packed": (b"\x1f\x8b", {"Content-Encoding": "gzip"}, 415, "Content-Encoding"),
    "packed twice": (b"\x1f\x8b", {"Content-Encoding": "gzip, gzip"}, 415, "Content-Encoding"),
    "binary": (bytes(range(256)), {}, 400, "UTF-8"),
    "a token that is no text": (b"ASK {}", {"Authorization": "Bearer \xff\xfe"}, 401, "token"),
    "a change that is no number": (b"ASK {}", {"Orrery-Change": "9" * 5000}, 400, "Orrery-Change"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["/sparql", "/sparql/update", "/rdf-graph-store?graph=http://e/g"])
def test_a_body_that_is_no_text_is_refused(service: Live, client: httpx.Client, name: str, path: str) -> None:
    body, headers, status, reason = BODIES[name]
    media_type = {"/sparql": "application/sparql-query", "/sparql/update": "application/sparql-update"}
    given = {"Content-Type": media_type.get(path, "text/turtle")} | headers
    sent = {key.encode(): value.encode("latin-1") for key, value in given.items()}
    answer = client.post(path, content=body, headers=sent)
    assert answer.status_code in (status, 400)
    if path == "/sparql":
        assert reason in answer.json()["description"]


def test_a_client_that_goes_away_leaves_no_process_at_work(tmp_path: Path) -> None:
    with live(tmp_path, query_timeout_s=60.0, query_processes=1) as service, service.client() as client:
        before = set(children())
        with client.stream("POST", "/sparql", data={"query": f"SELECT * {{ {CROSSED} }}"}) as answer:
            assert len(next(answer.iter_bytes())) > 0
            at_work = set(children()) - before
        ends_at = time.monotonic() + 20
        while at_work & set(children()) and time.monotonic() < ends_at:
            time.sleep(0.02)
        assert not at_work & set(children())
        assert ask(client, "ASK {}").json()["boolean"] is True


def test_slow_queries_do_not_stand_before_a_fast_one(tmp_path: Path) -> None:
    with live(tmp_path, query_timeout_s=10.0, query_processes=1) as service, service.client() as client:
        slow = [threading.Thread(target=_asked, args=[service, HOSTILE["an order"]]) for _ in range(2)]
        for one in slow:
            one.start()
        assert ask(client, "ASK {}").status_code == 200
        assert any(one.is_alive() for one in slow)
        for one in slow:
            one.join()


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


def answered(send: Callable[[], httpx.Response]) -> httpx.Response:
    """An answer, asked for again where a busy machine came to the deadline first."""
    for _ in range(20):
        if (answer := send()).status_code != 503:
            break
    return answer


def test_what_is_written_together_is_seen_together_by_everybody(service: Live) -> None:
    """Writers keep pairs of the same number in two graphs; a reader that saw half a change would see two numbers."""
    token, rounds = service.token("pairs"), 8
    wrong: list[str] = []
    done = threading.Event()

    def write(pair: str) -> None:
        with service.client(token) as client:
            for number in range(rounds):
                text = (
                    f"DELETE WHERE {{ GRAPH <http://e/one> {{ <{pair}> <http://e/is> ?n }} }} ; "
                    f"DELETE WHERE {{ GRAPH <http://e/two> {{ <{pair}> <http://e/is> ?n }} }} ; "
                    f"INSERT DATA {{ GRAPH <http://e/one> {{ <{pair}> <http://e/is> {number} }} "
                    f"GRAPH <http://e/two> {{ <{pair}> <http://e/is> {number} }} }}"
                )
                answer = answered(partial(client.post, "/sparql/update", data={"update": text}))
                own = f"ASK {{ GRAPH <http://e/one> {{ <{pair}> <http://e/is> {number} }} }}"
                change = {"Orrery-Change": answer.headers.get("orrery-change", "")}
                seen = answered(partial(client.get, "/sparql", params={"query": own}, headers=change))
                if answer.status_code != 204 or seen.status_code != 200 or not seen.json()["boolean"]:
                    wrong.append(f"{pair} {number}: {answer.text} {seen.text}")

    def read() -> None:
        torn = (
            "ASK { GRAPH <http://e/one> { ?x <http://e/is> ?n } GRAPH <http://e/two> { ?x <http://e/is> ?m } "
            "FILTER(?n != ?m) }"
        )
        half = (
            "ASK { GRAPH <http://e/one> { ?x <http://e/is> ?n } "
            "FILTER NOT EXISTS { GRAPH <http://e/two> { ?x <http://e/is> ?n } } }"
        )
        with service.client() as client:
            while not done.is_set():
                for query in (torn, half):
                    answer = answered(partial(ask, client, query))
                    if answer.status_code != 200 or answer.json()["boolean"]:
                        wrong.append(f"{query}: {answer.text}")

    writers = [threading.Thread(target=write, args=[f"http://e/pair{n}"]) for n in range(4)]
    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in (*writers, *readers):
        one.start()
    for one in writers:
        one.join()
    done.set()
    for one in readers:
        one.join()
    assert wrong == []


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

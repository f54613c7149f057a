"""SERVICE clauses: asked where they may be, within their time, and never by the engine."""

import threading
import time
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
import pytest

from graph_service.errors import EndpointFailed, QueryInvalid
from graph_service.federation.calling import LONGEST
from graph_service.federation.hosts import AllowedHosts, allowed_hosts
from graph_service.federation.services import MOST_CLAUSES, MOST_SOLUTIONS, Services
from graph_service.store.query_guard import guard
from graph_service.store.skolem import SKOLEM
from tests.graph_service.federation.endpoints import Answer, Seen, endless, endpoint, fixed, honest

LOCAL = """
PREFIX ex: <http://example.org/>
INSERT DATA { ex:pavia ex:on ex:ticino . ex:ferrara ex:on ex:po . ex:bari ex:on ex:sea }
"""
PREFIXES = {"ex": "http://example.org/"}
DECLARED = "PREFIX ex: <http://example.org/> "


@pytest.fixture(scope="module")
def rivers() -> Iterator[tuple[int, Seen]]:
    with endpoint(honest()) as started:
        yield started


def services_at(port: int, *, timeout_s: float = 10.0) -> Services:
    return Services(allowed_hosts(f"127.0.0.1:{port}"), timeout_s=timeout_s)


def rows_of(services: Services, text: str) -> list[tuple[str, ...]]:
    """The rows that the engine gives for what the services made of a query."""
    answered = services.answered(DECLARED + text, deadline_s=30)
    guard(answered)
    store = ox.Store()
    store.update(LOCAL)
    solutions = store.query(answered, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    return sorted(tuple("" if term is None else str(term) for term in row) for row in solutions)


def fault_of(services: Services, text: str, error: type[Exception] = EndpointFailed) -> str:
    with pytest.raises(error) as refused:
        services.answered(DECLARED + text, deadline_s=30)
    return str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (
            "?town ex:on ?river . SERVICE <{url}> {{ ?river ex:length ?length }}",
            {("ferrara", "po", "652"), ("pavia", "ticino", "248.5")},
        ),
        (
            "?town ex:on ?river . OPTIONAL {{ SERVICE <{url}> {{ ?river ex:length ?length }} }}",
            {("bari", "sea", ""), ("ferrara", "po", "652"), ("pavia", "ticino", "248.5")},
        ),
        (
            "?town ex:on ?river . MINUS {{ SERVICE <{url}> {{ ?river ex:length ?any }} }}",
            {("bari", "sea", "")},
        ),
        (
            "?town ex:on ?river . FILTER NOT EXISTS {{ SERVICE <{url}> {{ ?river ex:length ?any }} }}",
            {("bari", "sea", "")},
        ),
        (
            "?town ex:on ?river . {{ SERVICE <{url}> {{ ex:po ex:length 652 }} }}",
            {("bari", "sea", ""), ("ferrara", "po", ""), ("pavia", "ticino", "")},
        ),
        ("?town ex:on ?river . SERVICE <{url}> {{ ex:po ex:length 1 }}", set()),
        (
            "?town ex:on ?river . SERVICE <{url}> {{ SELECT ?river (MAX(?l) AS ?length) "
            "{{ ?river ex:length ?l FILTER(?l > 300) }} GROUP BY ?river }}",
            {("ferrara", "po", "652")},
        ),
        (
            "{{ ?town ex:on ?river . SERVICE <{url}> {{ ?river ex:length 652 }} }} UNION "
            "{{ ?town ex:on ?river . SERVICE <{url}> {{ ?river ex:length 248.5 }} }}",
            {("ferrara", "po", ""), ("pavia", "ticino", "")},
        ),
    ],
)
def test_a_clause_is_joined_where_it_stands(
    rivers: tuple[int, Seen], pattern: str, expected: set[tuple[str, str, str]]
) -> None:
    url = f"http://127.0.0.1:{rivers[0]}/sparql"
    text = f"SELECT ?town ?river ?length {{ {pattern.format(url=url)} }}"
    found = rows_of(services_at(rivers[0]), text)
    short = [tuple(term.split("^^")[0].strip('<>"').rpartition("/")[2] for term in row) for row in found]
    assert len(short) == len(expected)
    assert set(short) == expected


def test_every_kind_of_term_comes_back_as_it_is(rivers: tuple[int, Seen]) -> None:
    url = f"http://127.0.0.1:{rivers[0]}/"
    text = f"SELECT ?p ?o {{ SERVICE <{url}> {{ ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }} }}"
    found = {row[1] for row in rows_of(services_at(rivers[0]), text)}
    assert {'"Po"', '"Pò"@it', '"652"^^<http://www.w3.org/2001/XMLSchema#integer>'} <= found
    assert '"SERVICE <http://a/> { } \\" \\\\ \\n"' in found


def test_a_blank_node_from_elsewhere_is_the_same_one_in_the_whole_answer(rivers: tuple[int, Seen]) -> None:
    url = f"http://127.0.0.1:{rivers[0]}/"
    text = f"SELECT ?a ?b {{ SERVICE <{url}> {{ ?s ex:mouth ?a . ?b ex:name 'delta' }} }}"
    ((one, other),) = rows_of(services_at(rivers[0]), text)
    assert one == other
    assert one.startswith(f"<{SKOLEM}")


def test_nothing_leaves_but_the_pattern_of_the_clause(rivers: tuple[int, Seen]) -> None:
    port, seen = rivers
    url = f"http://127.0.0.1:{port}/"
    text = f"SELECT * {{ ?town ex:on ?river FILTER(?town != ex:secret) SERVICE <{url}> {{ ?river ex:name ?n }} }}"
    rows_of(services_at(port), text)
    assert seen.queries[-1] == "PREFIX ex: <http://example.org/> SELECT ?river ?n WHERE { ?river ex:name ?n . }"
    assert {"authorization", "cookie"}.isdisjoint(name.lower() for name in seen.headers[-1])


def test_many_solutions_are_all_there() -> None:
    rows = ",".join(f'{{"n":{{"type":"literal","value":"{n}"}}}}' for n in range(5_000))
    body = f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{rows}]}}}}'.encode()
    with endpoint(fixed(body)) as (port, _):
        text = f"SELECT (COUNT(DISTINCT ?n) AS ?c) {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ex:n ?n }} }}"
        assert rows_of(services_at(port), text) == [('"5000"^^<http://www.w3.org/2001/XMLSchema#integer>',)]


def test_an_endpoint_binds_no_other_variable_than_the_clause_has() -> None:
    body = b'{"head":{"vars":["town"]},"results":{"bindings":[{"town":{"type":"uri","value":"http://evil/"}}]}}'
    with endpoint(fixed(body)) as (port, _):
        text = f"SELECT ?town ?x {{ SERVICE <http://127.0.0.1:{port}/> {{ ?x ex:name ?x }} }}"
        assert rows_of(services_at(port), text) == [("", "")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
        "http://127.1:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data",
        "http://data.example.org.:{port}/",
        "https://data.example.org/",
        "file:///etc/passwd",
        "ftp://data.example.org/",
        "http://somebody:secret@data.example.org:{port}/",
        "http:///",
    ],
)
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_what_is_not_listed_is_not_asked(rivers: tuple[int, Seen], url: str, silent: str) -> None:
    port, seen = rivers
    before = len(seen.queries)
    services = Services(allowed_hosts(f"data.example.org:{port}"), resolve=lambda *_: ["127.0.0.1"])
    said = fault_of(services, f"SELECT * {{ SERVICE {silent}<{url.format(port=port)}> {{ ?s ?p ?o }} }}", QueryInvalid)
    assert "SERVICE <" in said
    assert "secret" not in said
    assert len(seen.queries) == before


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "no address",
    ],
)  # fmt: skip
def test_a_listed_name_that_leads_to_an_address_which_is_not_public_is_not_asked(
    rivers: tuple[int, Seen], address: str
) -> None:
    port, seen = rivers
    before = len(seen.queries)
    services = Services(allowed_hosts(f"data.example.org:{port}"), resolve=lambda *_: ["93.184.215.14", address])
    said = fault_of(services, f"SELECT * {{ SERVICE <http://data.example.org:{port}/> {{ ?s ?p ?o }} }}")
    assert "data.example.org" in said
    assert len(seen.queries) == before


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(rivers: tuple[int, Seen]) -> None:
    port, seen = rivers
    resolved: list[tuple[str, int]] = []

    def resolve(host: str, at: int) -> Sequence[str]:
        resolved.append((host, at))
        return ["127.0.0.1"] if len(resolved) == 1 else ["127.0.0.2"]

    services = Services(allowed_hosts(f"data.example.org:{port}, 127.0.0.1:{port}"), resolve=resolve)
    rows_of(services, f"SELECT * {{ SERVICE <http://data.example.org:{port}/sparql> {{ ?s ex:length ?o }} }}")
    assert resolved == [("data.example.org", port)]
    assert seen.headers[-1]["Host"] == f"data.example.org:{port}"


def test_the_next_address_is_tried_when_one_refuses(rivers: tuple[int, Seen]) -> None:
    port, _ = rivers
    hosts = allowed_hosts(f"data.example.org:{port}, 127.0.0.1:{port}, [::1]:{port}")
    services = Services(hosts, resolve=lambda *_: ["::1", "127.0.0.1"])
    assert rows_of(services, f"SELECT * {{ SERVICE <http://data.example.org:{port}/> {{ ?s ex:length 652 }} }}")


REDIRECT = fixed(b"", 302, Location="http://127.0.0.1:1/")
FAULTS: list[tuple[Answer, str]] = [
    (REDIRECT, "redirect"),
    (fixed(b"", 307, Location="/elsewhere"), "redirect"),
    (fixed(b"boom", 500), "status 500"),
    (fixed(b"<html>", Content_Type="text/html"), "text/html"),
    (fixed(b"\x1f\x8b", Content_Encoding="gzip"), "gzip"),
    (fixed(b"<html>"), "no SPARQL result"),
    (fixed(b'{"head":{},"boolean":true}'), "no solutions"),
    (
        fixed(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"a> } }"}}]}}'),
        "cannot be read",
    ),
    (fixed(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s"'), "cannot be read"),
    (fixed(b'{"head":{"vars":["s"]},"results":{"bindings":[' + b"{}," * MOST_SOLUTIONS + b"{}]}}"), "50,000 solutions"),
    (fixed(b" " * (LONGEST + 1)), "longer than"),
    (endless(0), "longer than"),
]


@pytest.mark.parametrize(("answer", "fault"), FAULTS)
def test_an_endpoint_that_does_not_behave_fails_the_query_unless_it_is_silent(answer: Answer, fault: str) -> None:
    with endpoint(answer) as (port, _):
        clause = f"<http://127.0.0.1:{port}/> {{ ?s ?p ?o }}"
        services = services_at(port)
        assert fault in fault_of(services, f"SELECT * {{ SERVICE {clause} }}")
        assert rows_of(services, f"SELECT ?s {{ SERVICE SILENT {clause} }}") == [("",)]


@pytest.mark.parametrize("pause_s", [0.05, 30.0])
def test_a_slow_endpoint_is_given_up_in_time(pause_s: float) -> None:
    with endpoint(endless(pause_s)) as (port, _):
        asked_at = time.monotonic()
        said = fault_of(
            services_at(port, timeout_s=0.4), f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        )
        assert "within 0.4 s" in said
        assert time.monotonic() - asked_at < 2


def test_the_deadline_of_the_query_holds_for_its_clauses_too() -> None:
    with endpoint(endless(0.05)) as (port, _):
        text = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        asked_at = time.monotonic()
        assert "SERVICE" not in services_at(port).answered(text, deadline_s=0.3)
        assert time.monotonic() - asked_at < 2


def test_a_resolver_that_hangs_is_given_up_in_time() -> None:
    given_up = threading.Event()

    def resolve(_: str, __: int) -> Sequence[str]:
        given_up.wait()
        return []

    services = Services(allowed_hosts("data.example.org"), timeout_s=0.2, resolve=resolve)
    asked_at = time.monotonic()
    assert "within" in fault_of(services, "ASK { SERVICE <http://data.example.org/> { ?s ?p ?o } }")
    assert time.monotonic() - asked_at < 2
    given_up.set()


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("SERVICE ?where {{ ?s ?p ?o }}", "variable"),
        ("SERVICE nowhere:a {{ ?s ?p ?o }}", "prefix"),
        ("SERVICE <{url}> {{ ?s nowhere:a ?o }}", "the prefix nowhere:"),
        ("SERVICE <{url}> {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", "within another"),
        (" ".join(["SERVICE <{url}> {{ ?s ?p ?o }}"] * (MOST_CLAUSES + 1)), "8 SERVICE clauses"),
        ("SERVICE <{url}> {{ ?s ?p", "line 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(rivers: tuple[int, Seen], pattern: str, fault: str) -> None:
    text = f"SELECT * {{ {pattern.format(url=f'http://127.0.0.1:{rivers[0]}/')} }}"
    assert fault in fault_of(services_at(rivers[0]), text, QueryInvalid)


@pytest.mark.parametrize(
    "text",
    ["ASK { ?s ?p 'SERVICE' }", "nonsense", "SELECT * { ?service a ?b }", "ASK { ?s ?p 'SERVICE' } #" + " " * 30_000],
)
def test_a_query_without_clauses_stays_as_it_is(text: str) -> None:
    assert Services(allowed_hosts("127.0.0.1:1")).answered(text, deadline_s=1) == text


@pytest.mark.parametrize(
    "text", ["ASK { SERVICE <http://127.0.0.1:1/> { } }", "ASK { \\u0053ERVICE <http://127.0.0.1:1/> { } }"]
)
def test_without_hosts_a_clause_is_refused_as_ever(text: str) -> None:
    with pytest.raises(QueryInvalid, match="SERVICE"):
        guard(Services(AllowedHosts()).answered(text, deadline_s=1))

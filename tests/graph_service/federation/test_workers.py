"""SERVICE clauses of queries that worker processes answer."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.errors import QueryInvalid, QueryTimedOut
from graph_service.federation.hosts import allowed_hosts
from graph_service.federation.services import Services
from graph_service.reasoning.meaning import Meaning
from graph_service.sparql.expansion import expanded
from graph_service.store.workers import QueryWorkers
from ontology.loader import packaged
from tests.docs.pages import DOCS, blocks
from tests.graph_service.federation.endpoints import endless, endpoint, honest
from tests.graph_service.store.graphs import JSON, small_graph

RIVERS = (
    "SELECT ?length { SERVICE <http://127.0.0.1:%d/> { <http://example.org/po> <http://example.org/length> ?length } }"
)


@pytest.fixture
def port() -> Iterator[int]:
    with endpoint(honest()) as (port, _):
        yield port


def workers_asking(folder: Path, port: int) -> QueryWorkers:
    services = Services(allowed_hosts(f"127.0.0.1:{port}"))
    return QueryWorkers(small_graph(folder / "graph"), folder / "copies", services=services)


def test_a_clause_is_answered_before_the_engine_is_asked(tmp_path: Path, port: int) -> None:
    workers = workers_asking(tmp_path, port)
    answer = json.loads(workers.answer(RIVERS % port, media_type=JSON).body)
    assert [row["length"]["value"] for row in answer["results"]["bindings"]] == ["652"]
    with pytest.raises(QueryInvalid, match="port 1,"):
        workers.answer(RIVERS % 1, media_type=JSON)
    workers.close()


def test_of_the_documented_question_the_clause_alone_leaves(tmp_path: Path) -> None:
    (question,) = (one for one in blocks(DOCS / "http.md", "sparql") if "SERVICE" in one)
    with endpoint(honest()) as (port, seen):
        workers = workers_asking(tmp_path, port)
        workers.answer(question.replace("https://query.example.org", f"http://127.0.0.1:{port}"), media_type=JSON)
        workers.close()
    assert "(<https://example.org/River>) (<https://example.org/Lake>)" in seen.queries[0]
    assert "orr:" not in seen.queries[0]


def test_a_call_that_cannot_be_is_refused_before_the_engine_is_asked(tmp_path: Path) -> None:
    workers = workers_asking(tmp_path, 1)
    with pytest.raises(QueryInvalid, match="column 14: geof:sfWithin takes 2 arguments, and is given 1"):
        workers.answer("ASK { FILTER(geof:sfWithin(1)) }", media_type=JSON)
    workers.close()


def test_time_spent_elsewhere_counts(tmp_path: Path) -> None:
    with endpoint(endless(0.05)) as (port, _):
        workers = workers_asking(tmp_path, port)
        asked_at = time.monotonic()
        silent = (RIVERS % port).replace("SERVICE", "SERVICE SILENT")
        with pytest.raises(QueryTimedOut):
            workers.answer(silent, media_type=JSON, deadline_s=0.3)
        assert time.monotonic() - asked_at < 2
        workers.close()


def test_what_is_asked_elsewhere_is_not_widened_by_the_ontology_here() -> None:
    text = expanded(
        "ASK { ?s a orr:DerivedScene SERVICE <http://a.example/> { ?s a orr:DerivedScene } }", Meaning.of(packaged())
    )
    here, elsewhere = text.split("SERVICE <http://a.example/>")
    assert "WaterAnalysis" in here
    assert elsewhere.count("orr:DerivedScene") == 1
    assert "WaterAnalysis" not in elsewhere

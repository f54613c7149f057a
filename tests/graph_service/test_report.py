import json

import pytest

from graph_service.intake import Outcome, Status
from graph_service.report import Report
from ingest.document import Notice

FAILED = Outcome("bad.json", "failed", "stac-item", field="geometry", reason="is absent")
SKIPPED = Outcome("a.jp2", "skipped", reason="no document")
NOTICED = Outcome("b.json", "replaced", "stac-item", "urn:b", notices=(Notice("gsd", "is text"), Notice("x", "y")))
OUTCOMES = [
    Outcome("a.json", "ingested", "stac-item", "urn:a"),
    NOTICED,
    Outcome("c.SAFE", "ingested", "sentinel-2-safe", "urn:c"),
    Outcome("d.json", "unchanged", iri="urn:d"),
    FAILED,
    SKIPPED,
]


def report_of(*outcomes: Outcome, **values: object) -> Report:
    report = Report(**values)  # type: ignore[arg-type]  # what a test sets
    for outcome in outcomes:
        report.add(outcome)
    return report


def test_an_empty_run_is_complete() -> None:
    report = Report()
    assert report.complete
    counts = ("ingested", "replaced", "unchanged", "failed", "skipped")
    assert [report.as_json()[name] for name in counts] == [0] * 5


def test_report_counts_each_outcome_once() -> None:
    report = report_of(*OUTCOMES)
    assert (report.ingested, report.replaced, report.unchanged, report.failed, report.skipped) == (3, 1, 1, 1, 1)
    assert report.ingested + report.unchanged + report.failed + report.skipped == len(OUTCOMES)


def test_json_report_is_as_programs_read_it() -> None:
    report = report_of(*OUTCOMES, seconds=1.23456, stopped="no space left")
    assert report.as_json() == {
        "ingested": 3,
        "replaced": 1,
        "unchanged": 1,
        "failed": 1,
        "skipped": 1,
        "seconds": 1.235,
        "kinds": {"stac-item": 2, "sentinel-2-safe": 1},
        "stopped": "no space left",
        "failures": [{"source": "bad.json", "kind": "stac-item", "field": "geometry", "reason": "is absent"}],
        "skips": [{"source": "a.jp2", "reason": "no document"}],
        "notices": [
            {"source": "b.json", "field": "gsd", "reason": "is text"},
            {"source": "b.json", "field": "x", "reason": "y"},
        ],
    }
    assert json.loads(json.dumps(report.as_json())) == report.as_json()


@pytest.mark.parametrize(
    ("status", "complete"),
    [("ingested", True), ("replaced", True), ("unchanged", True), ("skipped", True), ("failed", False)],
)
def test_a_run_is_complete_unless_a_document_failed(status: Status, complete: bool) -> None:
    assert report_of(Outcome("a", status)).complete is complete


def test_a_run_that_stopped_is_not_complete() -> None:
    assert not report_of(OUTCOMES[0], stopped="interrupted").complete


def test_an_unchanged_document_has_no_kind_to_count() -> None:
    assert report_of(OUTCOMES[3]).as_json()["kinds"] == {}

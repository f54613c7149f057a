"""The command as a user meets it: a process with arguments, output and exit status."""

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pytest

from graph_service.cli import main
from graph_service.service import running_service
from tests.graph_service.federation.endpoints import endpoint, honest
from tests.graph_service.service import item, write_items


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


class Orrery:
    """The command over one data directory, in this process: starting another takes a second each."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.data = folder / "data"
        self._capture = capture
        self._patch = patch
        patch.setenv("ORRERY_DATA", str(self.data))
        patch.setenv("COLUMNS", "200")
        patch.setenv("NO_COLOR", "1")

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        self._patch.setattr(sys, "argv", ["orrery", *arguments])
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capture.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = self._capture.readouterr()
        return Ran(int(end.value.code or 0), out, err)

    def aside(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """The same in a process of its own."""
        command = [sys.executable, "-W", "error", "-m", "graph_service.cli", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture
def orrery(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Orrery:
    return Orrery(tmp_path, capfd, monkeypatch)


@pytest.fixture
def served(orrery: Orrery) -> Iterator[Orrery]:
    assert orrery("serve", "--detach", "--port", "0").returncode == 0
    yield orrery
    orrery("stop")


def report_of(run: Ran) -> dict[str, object]:
    report: dict[str, object] = json.loads(run.stdout)
    return report


def test_a_document_goes_in_and_comes_out_again(orrery: Orrery, tmp_path: Path) -> None:
    document = item(odd={"nested": [None, 1.0, 1e-7, 2**70]})
    path = tmp_path / "item.json"
    path.write_text(json.dumps(document))
    run = orrery.aside("ingest", str(path))
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 ingested" in run.stdout
    given = json.loads(orrery("get", "scene-1").stdout)
    assert {k: v for k, v in given.items() if k != "links"} == {k: v for k, v in document.items() if k != "links"}
    assert orrery("get", "tests/scene-1", "--as", "document").stdout == path.read_text()
    assert "orr:Scene" in orrery("get", "scene-1", "--as", "turtle").stdout
    assert json.loads(orrery("get", "scene-1", "--as", "jsonld").stdout)


def test_the_same_documents_again_change_nothing(orrery: Orrery, tmp_path: Path) -> None:
    path = write_items(tmp_path, item("a"), item("b"))
    first, second = (report_of(orrery("ingest", "--json", str(path))) for _ in range(2))
    assert (first["ingested"], first["unchanged"]) == (2, 0)
    assert (second["ingested"], second["unchanged"]) == (0, 2)


def test_the_report_names_each_failure_and_the_exit_status_says_so(orrery: Orrery, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_items(tmp_path / "in", item("good"), item("bad") | {"geometry": None})
    (tmp_path / "in" / "notes.txt").write_text("no document")
    run = orrery("ingest", "--json", str(tmp_path / "in"), str(tmp_path / "absent.json"))
    report = report_of(run)
    assert run.returncode == 1
    assert {key: report[key] for key in ("ingested", "unchanged", "failed", "skipped")} == {
        "ingested": 1, "unchanged": 0, "failed": 2, "skipped": 1,
    }  # fmt: skip
    failures = report["failures"]
    assert isinstance(failures, list)
    assert {(Path(f["source"].partition(":")[0]).name, f["field"]) for f in failures} == {
        ("items.ndjson", "geometry"), ("absent.json", ""),
    }  # fmt: skip
    assert isinstance(report["seconds"], float)
    text = orrery("ingest", str(tmp_path / "in"))
    assert text.returncode == 1
    [line] = [line for line in text.stdout.splitlines() if line.startswith("failed")]
    assert "items.ndjson:2: geometry" in line


def test_verbose_names_every_document_and_its_kind(orrery: Orrery, tmp_path: Path) -> None:
    run = orrery("ingest", "-v", str(write_items(tmp_path, item())))
    assert "stac-item" in run.stderr
    assert "items.ndjson:1" in run.stderr


def test_mixed_forms_are_taken_in_at_once(orrery: Orrery, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(item("one")))
    (tmp_path / "two.ndjson.gz").write_bytes(gzip.compress(json.dumps(item("two")).encode()))
    collection = {"type": "FeatureCollection", "features": [item("three"), item("four")]}
    (tmp_path / "more.geojson").write_text(json.dumps(collection))
    report = report_of(orrery("ingest", "--json", str(tmp_path / "*.*json*")))
    assert report["ingested"] == 4


def test_a_query_is_a_file_a_name_or_standard_input(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    text = "SELECT ?id WHERE { ?s orr:productIdentifier ?id }"
    (tmp_path / "ids.rq").write_text(text)
    for run in (orrery("query", str(tmp_path / "ids.rq"), "-f", "csv"), orrery("query", "-", "-f", "csv", stdin=text)):
        assert run.stdout.splitlines() == ["id", "scene-1"]
    area = "area=POLYGON((9 45, 9.1 45, 9.1 45.1, 9 45.1, 9 45))"
    rows = json.loads(orrery("query", "scenes_in_area", "-p", area, "--json").stdout)["results"]["bindings"]
    assert len(rows) == 1
    assert "scene-1" in orrery("query", "scenes_in_area", "-p", area).stdout


def test_an_expanded_query_finds_subclasses(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    text = "SELECT ?id WHERE { ?s a orr:EOProduct ; orr:productIdentifier ?id }"
    assert orrery("query", "-", "-f", "csv", stdin=text).stdout.splitlines() == ["id"]
    assert orrery("query", "-", "-f", "csv", "--expand", stdin=text).stdout.splitlines() == ["id", "scene-1"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("query", "-"), "line 1, column 9"),
        (("query", "nowhere"), "floods"),
        (("query", "scenes_in_area"), "area"),
        (("query", "floods", "-p", "since=yesterday"), "since"),
        (("query", "-", "-f", "odd"), "--format odd"),
        (("get", "absent"), "absent"),
        (("get", "scene-1", "--as", "odd"), "odd"),
        (("delete", "absent"), "absent"),
        (("token", "revoke", "absent"), "absent"),
        (("stop",), "no service"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(
    orrery: Orrery, tmp_path: Path, arguments: tuple[str, ...], fault: str
) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    run = orrery(*arguments, stdin="SELECT 1")
    assert run.returncode == 1
    assert run.stderr.startswith("error ")
    assert fault in run.stderr
    # Of a query that does not parse the line is shown, with a caret below.
    assert len(run.stderr.splitlines()) == (3 if "column" in fault else 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("SELECT 1", ["  SELECT 1", "          ^"]),
        ("ASK {\n  ?s a oor:Scene }", ["    ?s a oor:Scene }", "         ^"]),
        ("ASK { FILTER(geof:sfWithn(1, 2)) }", ["  ASK { FILTER(geof:sfWithn(1, 2)) }", "               ^"]),
    ],
)
def test_a_fault_of_a_query_is_shown_in_its_line(orrery: Orrery, tmp_path: Path, text: str, lines: list[str]) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    assert orrery("query", "-", stdin=text).stderr.splitlines()[1:] == lines


SCENES = """
SELECT ?id ?sensed ?where {
  ?scene orr:productIdentifier ?id ; orr:sensedAt ?sensed ; geo:hasDefaultGeometry/geo:asWKT ?where
} ORDER BY ?id
"""


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml", "geojson"])
def test_a_result_goes_to_a_file_as_it_goes_to_the_terminal(orrery: Orrery, tmp_path: Path, form: str) -> None:
    orrery("ingest", str(write_items(tmp_path, item("a"), item("b"))))
    path = tmp_path / "rows"
    run = orrery("query", "-", "-f", form, "--output", str(path), stdin=SCENES)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    printed = orrery("query", "-", "-f", form, stdin=SCENES).stdout
    assert path.read_text().split() == printed.split()


def test_geoparquet_goes_to_a_file_and_not_to_a_terminal(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item("a"), item("b"))))
    path = tmp_path / "scenes.parquet"
    assert orrery("query", "-", "-f", "geoparquet", "-o", str(path), stdin=SCENES).returncode == 0
    frame = geopandas.read_parquet(path)
    assert frame["id"].tolist() == ["a", "b"]
    assert frame.geometry.name == "where"
    assert str(frame["sensed"].dtype) == "datetime64[us, UTC]"
    assert tuple(frame.total_bounds) == (9, 45, 9.5, 45.4)
    before = path.read_bytes()
    run = orrery("query", "-", "-f", "geoparquet", "-o", str(path), stdin="SELECT ?id { ?s orr:productIdentifier ?id }")
    assert (run.returncode, path.read_bytes()) == (1, before)


def test_a_query_asks_the_endpoints_that_the_site_lists(
    orrery: Orrery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    with endpoint(honest()) as (port, _):
        text = f"SELECT ?n {{ SERVICE <http://127.0.0.1:{port}/> {{ <http://example.org/ticino> ?p ?n }} }}"
        assert "SERVICE" in orrery("query", "-", stdin=text).stderr
        monkeypatch.setenv("ORRERY_SERVICE_HOSTS", f"127.0.0.1:{port}")
        assert "Ticino" in orrery("query", "-", "-f", "csv", stdin=text).stdout


def test_a_bad_setting_is_named(orrery: Orrery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORRERY_FLOOD_EXCESS_PERCENT", "much")
    assert "ORRERY_FLOOD_EXCESS_PERCENT" in orrery("stats").stderr


def test_a_query_that_would_reach_the_network_is_refused(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    run = orrery("query", "-", stdin="SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    assert run.returncode == 1
    assert "SERVICE" in run.stderr


def test_a_query_is_given_up_at_its_deadline(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    run = orrery.aside("query", "-", "--timeout", "0.5", stdin=endless)
    assert run.returncode == 1
    assert "0.5 s" in run.stderr


def test_stats_count_what_is_there(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item("a"), item("b", platform="landsat-8"))))
    figures = json.loads(orrery("stats", "--json").stdout)
    assert figures["products"] == 2
    assert figures["by platform"] == {"landsat-8": 1, "sentinel-2a": 1}
    assert "sentinel-2a" in orrery("stats").stdout


def test_doctor_finds_a_healthy_catalogue_healthy_and_a_broken_one_broken(orrery: Orrery, tmp_path: Path) -> None:
    assert orrery("doctor").returncode == 1
    orrery("ingest", str(write_items(tmp_path, item())))
    assert orrery("doctor").returncode == 0
    (orrery.data / "documents.sqlite").unlink()
    findings = {f["check"]: f["ok"] for f in json.loads(orrery("doctor", "--json").stdout)}
    assert findings["documents"] is False
    assert findings["records"] is True


def test_the_index_is_made_again(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item("a"), item("b"))))
    for path in orrery.data.glob("index.sqlite*"):
        path.unlink()
    assert "records indexed" in orrery("index", "rebuild").stdout
    assert orrery("doctor").returncode == 0
    assert report_of(orrery("ingest", "--json", str(tmp_path / "items.ndjson")))["unchanged"] == 2


def test_a_deleted_record_is_gone(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", str(write_items(tmp_path, item())))
    assert orrery("delete", "scene-1").returncode == 0
    assert orrery("get", "scene-1").returncode == 1
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?s), 'scene-1')) }"
    assert orrery("query", "-", "-f", "csv", stdin=count).stdout.splitlines() == ["n", "0"]


def test_tokens_are_made_listed_and_revoked(orrery: Orrery) -> None:
    secret = orrery("token", "create", "harvester").stdout.strip()
    assert secret not in (orrery.data / "tokens.json").read_text()
    assert "harvester  writes" in orrery("token", "list").stdout
    assert orrery("token", "revoke", "harvester").returncode == 0
    assert json.loads(orrery("token", "list", "--json").stdout) == []


def test_while_a_service_holds_the_store_commands_work_through_it(served: Orrery, tmp_path: Path) -> None:
    path = write_items(tmp_path, item("a"), item("b"), item("bad") | {"geometry": None})
    run = served("ingest", "--json", str(path))
    report = report_of(run)
    assert (run.returncode, report["ingested"], report["failed"]) == (1, 2, 1)
    assert report_of(served("ingest", "--json", str(path)))["unchanged"] == 2
    assert json.loads(served("get", "a").stdout)["id"] == "a"
    assert json.loads(served("stats", "--json").stdout)["products"] == 2
    assert served("delete", "a").returncode == 0
    assert served("get", "a").returncode == 1
    assert served("doctor").returncode == 0
    rows = served("query", "-", "-f", "csv", stdin="SELECT ?id WHERE { ?s orr:productIdentifier ?id }").stdout
    assert rows.splitlines() == ["id", "b"]


def test_a_data_directory_is_served_once(served: Orrery) -> None:
    run = served.aside("serve", "--port", "0")
    assert run.returncode == 1
    assert "already" in run.stderr


def test_a_stopped_service_leaves_nothing_behind(orrery: Orrery, tmp_path: Path) -> None:
    assert orrery("serve", "--detach", "--port", "0").returncode == 0
    address = running_service(orrery.data / "service.json")
    assert address is not None
    assert orrery("stop").returncode == 0
    assert not (orrery.data / "service.json").exists()
    assert report_of(orrery("ingest", "--json", str(write_items(tmp_path, item()))))["ingested"] == 1


def test_an_address_that_cannot_be_had_is_named(orrery: Orrery) -> None:
    run = orrery.aside("serve", "--port", "99999")
    assert run.returncode == 1
    assert "99999" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_announcement_of_a_service_is_for_its_owner_alone(served: Orrery) -> None:
    assert (served.data / "service.json").stat().st_mode & 0o077 == 0


def test_restricted_documents_stay_out_of_what_everybody_sees(orrery: Orrery, tmp_path: Path) -> None:
    orrery("ingest", "--audience", "partners", str(write_items(tmp_path, item())))
    assert json.loads(orrery("stats", "--json").stdout)["products"] == 0
    asked = ("query", "-", "-f", "csv")
    assert orrery(*asked, stdin="ASK { ?s a orr:Scene }").stdout.strip() == "false"
    assert orrery(*asked, "--audience", "partners", stdin="ASK { ?s a orr:Scene }").stdout.strip() == "true"
    assert json.loads(orrery("get", "scene-1").stdout)["id"] == "scene-1"


def test_a_restricted_document_is_not_published_by_mistake(orrery: Orrery, tmp_path: Path) -> None:
    path = str(write_items(tmp_path, item()))
    orrery("ingest", "--audience", "partners", path)
    run = orrery("ingest", path)
    assert run.returncode == 1
    assert "--audience partners" in run.stdout
    assert json.loads(orrery("stats", "--json").stdout)["products"] == 0
    orrery("delete", "scene-1")
    assert orrery("ingest", path).returncode == 0
    assert json.loads(orrery("stats", "--json").stdout)["products"] == 1


def test_older_documents_of_a_record_are_listed_and_given(orrery: Orrery, tmp_path: Path) -> None:
    path = tmp_path / "item.json"
    path.write_text(json.dumps(item()))
    orrery("ingest", str(path))
    older = path.read_text()
    path.write_text(json.dumps(item("scene-1", **{"eo:cloud_cover": 3})))
    assert report_of(orrery("ingest", "--json", str(path)))["replaced"] == 1
    changes = json.loads(orrery("history", "scene-1", "--json").stdout)
    assert len(changes) == 2
    given = orrery("get", "scene-1", "--as", "document", "--change", str(changes[0]["change"]))
    assert given.stdout == older
    assert orrery("get", "scene-1", "--as", "document", "--change", "99").returncode == 1


def test_the_demo_answers_three_questions(tmp_path: Path, orrery: Orrery) -> None:
    run = orrery("demo", "--data", str(tmp_path / "demo"), "--port", "0", "--no-serve")
    assert run.returncode == 0, run.stderr
    for words in ("516 products", "no real acquisition", "SPARQL:", "STAC:", "Key/value:", " ms"):
        assert words in run.stdout
    assert "(0 rows)" not in run.stdout
    assert "(0 items)" not in run.stdout
    assert "(0 products)" not in run.stdout

"""``orrery validate``: findings like a linter's, reports for programs, and an exit status that says so."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from graph_service.cli import main
from graph_service.settings import Settings
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.validation_report import COMPONENTS, Finding, ValidationReport
from ingest.synthetic.archive import synthetic_archive
from ontology import terms
from ontology.identifiers import item_iri, platform_iri
from ontology.shacl import SH
from tests.docs.pages import DOCS, table_rows
from tests.graph_service.service import item, write_items

Run = Callable[..., tuple[int, str]]

REPORT_SHAPES = f"""
@prefix sh: <{SH}> .
[] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
    sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype <{terms.XSD}boolean> ] ,
        [ sh:path sh:result ; sh:class sh:ValidationResult ] .
[] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
    sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ,
        [ sh:path sh:value ; sh:maxCount 1 ] ,
        [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:resultMessage ; sh:uniqueLang true ; sh:nodeKind sh:Literal ] .
"""
"""What SHACL (section 3.6) says of reports, as shapes."""


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ORRERY_DATA", str(tmp_path / "data"))

    def orrery(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["orrery", *words])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        sys.stdout.flush()
        return int(end.value.code or 0), capfdbinary.readouterr().out.decode()

    return orrery


def bad_items(folder: Path) -> Path:
    return write_items(folder, item("good"), item("bad") | {"geometry": None}, item("late", datetime="Tuesday"))


def findings(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["findings"]
    return found


def plant(folder: Path, *statements: tuple[str, str, str]) -> None:
    """Write statements past every check."""
    graph = OxigraphStore.open(Settings(data=folder / "data").graph_folder)
    graph.apply(change=graph.change_number() + 1, remove={}, add={None: statements})
    graph.close()


def test_documents_without_a_fault_end_with_status_0(run: Run, tmp_path: Path) -> None:
    status, text = run("validate", str(write_items(tmp_path, item("a"), item("b"))))
    assert status == 0
    assert text.startswith("2 checked: 0 violations, 0 warnings, 0 notes; 0 files skipped")


def test_each_finding_is_one_line_with_source_element_rule_and_remedy(run: Run, tmp_path: Path) -> None:
    path = bad_items(tmp_path)
    status, text = run("validate", str(path))
    first, second, summary = text.splitlines()
    assert status == 1
    assert first == (f"{path}:2: geometry: document: is absent or null (give the footprint as a GeoJSON geometry)")
    assert second.startswith(f"{path}:3: properties.datetime: document: ")
    assert summary.startswith("3 checked: 2 violations, ")


def test_nothing_is_written_by_validating_documents(run: Run, tmp_path: Path) -> None:
    run("validate", str(write_items(tmp_path, item())))
    assert not (tmp_path / "data").exists()


def test_json_says_the_same_for_programs(run: Run, tmp_path: Path) -> None:
    status, text = run("validate", "--json", str(bad_items(tmp_path)))
    report = json.loads(text)
    assert (status, report["conforms"], report["checked"]) == (1, False, 3)
    assert [(one["place"], one["rule"], one["severity"]) for one in report["findings"]] == [
        ("geometry", "document", "violation"), ("properties.datetime", "document", "violation"),
    ]  # fmt: skip
    assert run("validate", "--format", "json", str(bad_items(tmp_path)))[0] == 1


def test_files_that_are_no_documents_are_counted_and_no_fault(run: Run, tmp_path: Path) -> None:
    write_items(tmp_path, item())
    (tmp_path / "image.png").write_bytes(b"")
    status, text = run("validate", "--json", str(tmp_path))
    assert (status, json.loads(text)["skipped"]) == (0, 1)


def test_what_a_mapper_had_to_mend_is_a_note_and_no_violation(run: Run, tmp_path: Path) -> None:
    ring = [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]
    path = write_items(tmp_path, item() | {"geometry": {"type": "Polygon", "coordinates": [ring]}})
    status, text = run("validate", "--json", str(path))
    assert status == 0
    assert [(one["rule"], one["severity"]) for one in findings(text)] == [("notice", "info")]


@pytest.mark.parametrize("form", ["turtle", "jsonld"])
def test_report_in_rdf_is_one_as_shacl_has_them(run: Run, tmp_path: Path, form: str) -> None:
    status, text = run("validate", "--format", form, str(bad_items(tmp_path)))
    read = ox.parse(text, format=ox.RdfFormat.TURTLE if form == "turtle" else ox.RdfFormat.JSON_LD)
    lines = ox.serialize([quad.triple for quad in read], format=ox.RdfFormat.N_TRIPLES)
    assert lines is not None
    report = rdflib.Graph().parse(data=lines.decode(), format="nt")
    conforms, _, told = pyshacl.validate(report, shacl_graph=rdflib.Graph().parse(data=REPORT_SHAPES, format="turtle"))
    assert conforms, told
    assert status == 1
    (subject,) = report.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationReport"))
    assert len(list(report.objects(subject, rdflib.URIRef(SH + "result")))) == 2
    assert str(report.value(subject, rdflib.URIRef(SH + "conforms"))) == "false"


def test_report_without_a_finding_conforms(run: Run, tmp_path: Path) -> None:
    status, text = run("validate", "-f", "turtle", str(write_items(tmp_path, item())))
    assert status == 0
    assert "sh:conforms true" in text


def test_generated_products_conform_to_the_published_shapes(run: Run, tmp_path: Path) -> None:
    for path, content in synthetic_archive(scenes=2).files():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    status, text = run("validate", "--shacl", "--json", str(tmp_path))
    report = json.loads(text)
    assert [one for one in report["findings"] if one["severity"] == "violation"] == []
    assert status == 0
    assert report["checked"] > 2


def test_store_is_sound_after_taking_in_documents(run: Run, tmp_path: Path) -> None:
    run("ingest", str(write_items(tmp_path, item("a"), item("b"))))
    status, text = run("validate", "--store")
    assert status == 0
    assert " 0 violations, 0 warnings, 0 notes" in text


def test_what_the_store_points_to_and_does_not_have_is_a_note_or_a_warning(run: Run, tmp_path: Path) -> None:
    derived = item("a") | {"links": [{"rel": "derived_from", "href": "https://example.org/gone.json"}]}
    run("ingest", str(write_items(tmp_path, derived)))
    scene, absent = item_iri("tests", "a"), platform_iri("elsewhere")
    plant(tmp_path, (f"<{scene}>", f"<{terms.ACQUIRED_BY}>", f"<{absent}>"))
    plant(tmp_path, (f"<{scene}>", f"<{terms.DERIVED_FROM}>", f"<{item_iri('tests', 'gone')}>"))
    status, text = run("validate", "--store", "--json")
    assert status == 0
    told = {(one["path"], one["value"], one["severity"]) for one in findings(text) if one["rule"] == "reference"}
    assert (terms.ACQUIRED_BY, absent, "warning") in told
    assert (terms.DERIVED_FROM, item_iri("tests", "gone"), "info") in told


def test_a_broken_rule_in_the_store_is_found_with_its_record(run: Run, tmp_path: Path) -> None:
    run("ingest", str(write_items(tmp_path, item("a"), item("b"))))
    scene = item_iri("tests", "a")
    plant(tmp_path, (f"<{scene}>", f"<{terms.CLOUD_COVER}>", f'"101"^^<{terms.DECIMAL}>'))
    status, text = run("validate", "--store")
    assert status == 1
    assert text.startswith(
        f"{scene}: orr:cloudCover: 101.0: maximum: is above 100 (give a decimal number from 0 to 100"
    )


def test_a_record_that_cannot_be_read_is_found(run: Run, tmp_path: Path) -> None:
    run("ingest", str(write_items(tmp_path, item("a"))))
    lost = item_iri("tests", "lost")
    plant(tmp_path, (f"<{lost}>", f"<{terms.TYPE}>", f"<{terms.SCENE}>"))
    status, text = run("validate", "--store", "--json")
    assert status == 1
    assert [(one["source"], one["rule"]) for one in findings(text)] == [(lost, "record")]


def test_shapes_find_in_the_store_what_no_record_can_hold(run: Run, tmp_path: Path) -> None:
    run("ingest", str(write_items(tmp_path, item("a"))))
    scene = item_iri("tests", "a")
    plant(tmp_path, (f"<{scene}>", f"<{terms.SENSED_AT}>", f'"2025-10-21T00:00:00Z"^^<{terms.DATE_TIME}>'))
    plant(tmp_path, (f"<{scene}>", f"<{terms.CLOUD_COVER}>", f'"101"^^<{terms.DECIMAL}>'))
    status, text = run("validate", "--store", "--shacl", "--json")
    assert status == 1
    assert sorted((one["path"], one["rule"]) for one in findings(text)) == [
        (terms.CLOUD_COVER, "maximum"), (terms.SENSED_AT, "maxCount"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", [["validate"], ["validate", "--store", "a.json"], ["validate", "--store", "--format", "xml"]]
)
def test_a_request_that_cannot_be_met_is_refused(run: Run, words: list[str]) -> None:
    assert run(*words) == (1, "")


def test_notes_and_warnings_alone_conform() -> None:
    note = Finding("a.json", "geometry", "", "notice", "was cut", severity="info")
    assert ValidationReport(findings=[note]).conforms
    assert note.line == "a.json: geometry: info notice: was cut"


def test_every_rule_is_described() -> None:
    described = {row[0].strip("`") for row in table_rows(DOCS / "validation.md")}
    assert set(COMPONENTS) <= described

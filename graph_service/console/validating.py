"""``orrery validate``: records of documents, or of the store, held against bounds and shapes."""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson
import pyoxigraph as ox
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from graph_service.console.conformance import Conformance
from graph_service.console.ingesting import bytes_in
from graph_service.console.reading import Reading, open_for_reading
from graph_service.console.referring import Pointers
from graph_service.errors import RequestInvalid
from graph_service.settings import Settings
from graph_service.store.oxigraph import n_triples
from graph_service.views.validation_report import Finding, ValidationReport, finding_of
from ingest.document import Document
from ingest.errors import DocumentRefused
from ingest.kinds import JSON, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.reading import Advance, read_targets
from ingest.sources.targets import Skipped, find_targets
from ontology.errors import RecordInvalid
from ontology.loader import published_iris
from ontology.records import Record
from ontology.related import Related
from ontology.shapes import TOP_LEVEL
from ontology.triples import record_from, statements
from ontology.validation import violations

log = logging.getLogger(__name__)

FORMATS = ("text", "json", "turtle", "jsonld")
_RDF = {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one document or record."""

    source: str
    findings: tuple[Finding, ...] = ()
    records: tuple[tuple[str, Callable[[], str]], ...] = ()
    """IRI of each record and what writes its N-Triples, for a SHACL processor."""
    skipped: bool = False


def validate_documents(settings: Settings, paths: list[str], *, form: str, shacl: bool, console: Console) -> bool:
    """Validate what documents would be taken in as, print the report, and return whether no rule is broken.

    Args:
        settings: of the mapping.
        paths: files, folders or patterns, as for ``orrery ingest``.
        form: one of ``FORMATS``.
        shacl: hold the records against the published shapes by a SHACL processor as well.
        console: for the progress bar, where it is a terminal.
    """
    require_format(form)
    with _progress_bar(console, bytes_in(paths)) as advance:
        report = _reported(_documents(paths, settings.mapping, advance), shacl, console)
    print_report(report, form)
    return report.conforms


def validate_store(settings: Settings, *, form: str, shacl: bool, console: Console) -> bool:
    """Validate every record in a data directory and where it points to; otherwise as ``validate_documents``."""
    require_format(form)
    reading = open_for_reading(settings)
    try:
        iris = _stored(reading)
        pointers = Pointers()
        with _progress_bar(console, len(iris)) as advance:
            report = _reported(_records(reading, iris, pointers, advance), shacl, console)
        report.findings += pointers.leading_nowhere(reading, iris)
    finally:
        reading.close()
    print_report(report, form)
    return report.conforms


def require_format(form: str) -> None:
    """Refuse a format that there is not, before any work is done.

    Raises:
        RequestInvalid: it is none of ``FORMATS``.
    """
    if form not in FORMATS:
        raise RequestInvalid(f"--format {form}: is none of {', '.join(FORMATS)}")


def _reported(checked: Iterable[Checked], shacl: bool, console: Console) -> ValidationReport:
    report = ValidationReport()
    conformance = Conformance() if shacl else None
    start = time.perf_counter()
    for one in checked:
        report.skipped += one.skipped
        report.checked += not one.skipped
        report.findings += one.findings
        for iri, lines in one.records if conformance is not None else ():
            conformance.add(iri, one.source, lines())  # type: ignore[union-attr]  # not None where there is anything
    if conformance is not None:
        console.print("holding records against the SHACL shapes, some dozens a second", highlight=False)
        known = {(one.focus, one.path, one.component) for one in report.findings}
        for batch in conformance.findings():
            report.findings += [one for one in batch if (one.focus, one.path, one.component) not in known]
    report.seconds = time.perf_counter() - start
    return report


def _documents(paths: Iterable[str], settings: MappingSettings, advance: Advance) -> Iterator[Checked]:
    for found in read_targets(find_targets(paths), advance):
        match found:
            case Skipped(source, _):
                yield Checked(source, skipped=True)
            case DocumentRefused():
                yield _refused(found)
            case Document():
                yield from _document(found, settings)


def _document(document: Document, settings: MappingSettings) -> Iterator[Checked]:
    try:
        for member in documents_within(document):
            if member.kind == JSON:
                yield from _document(member, settings)
            else:
                yield _mapped(member, settings)
    except DocumentRefused as refusal:
        yield _refused(refusal)


def _mapped(document: Document, settings: MappingSettings) -> Checked:
    source = document.source
    try:
        result = mapped(document, settings)
    except DocumentRefused as refusal:
        return _refused(refusal)
    except Exception as fault:
        # The outer edge: a fault of ours in one document must not cost the findings about the rest.
        log.error("%s", source, exc_info=fault)
        message = f"met an error that nobody foresaw, which is worth a report: {type(fault).__name__}: {fault}"
        return Checked(source, (Finding(source, "", "", "document", message),))
    notices = [Finding(source, one.field, "", "notice", one.reason, severity="info") for one in result.notices]
    found = [_validated(source, record) for record in (result.record, *result.references)]
    faults = [fault for one in found for fault in one.findings]
    return Checked(source, (*faults, *notices), tuple(record for one in found for record in one.records))


def _refused(refusal: DocumentRefused) -> Checked:
    message, _, remedy = refusal.reason.partition("; ")
    return Checked(refusal.source, (Finding(refusal.source, refusal.field, "", "document", message, remedy),))


def _validated(source: str, record: Record | Related) -> Checked:
    found = tuple(finding_of(source, one) for one in violations(record, thorough=True))
    return Checked(source, found, ((record.iri, lambda: _written(record)),))


def _written(record: Record | Related) -> str:
    try:
        return n_triples(statements(record))
    except (RecordInvalid, TypeError, ValueError):
        # What cannot be written at all is among the findings.
        return ""


def _stored(reading: Reading) -> list[str]:
    """IRIs of every record in the graph, without what the published ontology describes."""
    classes = {shape.types[0] for shape in TOP_LEVEL}
    return sorted({iri for one in classes for iri in reading.graph.subjects_of_type(one)} - published_iris())


def _records(reading: Reading, iris: list[str], pointers: Pointers, advance: Advance) -> Iterator[Checked]:
    for iri in iris:
        yield _stored_record(iri, reading.graph.about(iri), pointers)
        advance(1)


def _stored_record(iri: str, quads: list[ox.Quad], pointers: Pointers) -> Checked:
    own = ((iri, lambda: "".join(f"{quad.triple} .\n" for quad in quads)),)
    try:
        record = record_from(iri, quads)
    except RecordInvalid as fault:
        message = str(fault).removeprefix(f"{iri}: ")
        return Checked(iri, (Finding(iri, "", "", "record", message, "take its document in again", focus=iri),), own)
    pointers.add(record)
    return Checked(iri, tuple(finding_of(iri, one) for one in violations(record, thorough=True)), own)


@contextmanager
def _progress_bar(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar over bytes or records, on a terminal; yields what advances it."""
    columns = (TextColumn("validating"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("validating", total=max(total, 1))
        yield lambda amount: progress.advance(task, amount)


def print_report(report: ValidationReport, form: str) -> None:
    """Write a report to standard output in one of ``FORMATS``."""
    if form == "text":
        lines = [*(one.line for one in report.findings), report.summary]
        content = "".join(f"{line}\n" for line in lines).encode(errors="replace")
    elif form == "json":
        content = orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2) + b"\n"
    else:
        content = report.as_rdf(_RDF[form])
    sys.stdout.buffer.write(content)

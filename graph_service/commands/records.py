"""Commands about records: taking in, deleting, showing, checking."""

import gc
import sys
from typing import Annotated

import typer
from rich.markup import escape

from graph_service.changes import Batch
from graph_service.commands.arguments import (
    ERR,
    OUT,
    DataOption,
    JsonOption,
    intake_of,
    print_json,
    settings_with,
    writer_of,
)
from graph_service.console.ingesting import bytes_in, print_report, progress_bar, run_ingest
from graph_service.console.reading import find_record, open_for_reading
from graph_service.console.showing import FORMS, changes_of, record_as
from graph_service.console.validating import FORMATS, validate_documents, validate_store
from graph_service.errors import RequestInvalid
from ontology.identifiers import audience_iri


def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs; see below.")],
    data: DataOption = None,
    audience: Annotated[
        str | None, typer.Option(help="Name of the restricted data set to write to; public without it.")
    ] = None,
    json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name every document and its kind.")] = False,
) -> None:
    """Take documents into the catalogue.

    Reads STAC items and collections (.json, .geojson, feature collections), newline-delimited
    JSON (.ndjson, .ndjson.gz), Sentinel-2 SAFE folders and zip archives, in any mixture. What is
    there already, unchanged, is passed over, so an interrupted run goes on when started again.
    Exits with status 1 when any document failed.
    """
    # One thread maps while another writes; at the usual 5 ms the writer waits longer for its turn than it works.
    sys.setswitchinterval(0.0001)
    # A run makes millions of small values and hardly a cycle; collecting less often saves a fifteenth of the time.
    gc.set_threshold(100_000, 20, 20)
    settings = settings_with(data)
    graph_name = None if audience is None else audience_iri(audience)
    with writer_of(settings) as writer:
        intake = intake_of(writer, settings, graph_name)
        with progress_bar(ERR, bytes_in(paths), shown=ERR.is_terminal and not json) as (advance, done):

            def tell(outcome: object) -> None:
                done()
                if verbose and not json:
                    ERR.print(escape(_line(outcome)), soft_wrap=True, highlight=False)

            report = run_ingest(intake, paths, advance=advance, tell=tell)
        # Before the stores are shut: a full disk can refuse that as well.
        if json:
            print_json(report.as_json())
        else:
            print_report(OUT, report, verbose=verbose)
    raise typer.Exit(0 if report.complete else 1)


def _line(outcome: object) -> str:
    parts = [getattr(outcome, name) or "" for name in ("status", "kind", "source")]
    return "  ".join(parts)


def delete(
    name: Annotated[str, typer.Argument(metavar="ID", help="IRI, collection/id, or id of the record.")],
    data: DataOption = None,
) -> None:
    """Delete a record whole; its source documents stay in its history."""
    settings = settings_with(data)
    reading = open_for_reading(settings)
    iri = find_record(reading.index, name, reading.index.audiences()).iri
    reading.close()
    with writer_of(settings) as writer:
        writer.apply(Batch(deletions=(iri,)))
    OUT.print(f"deleted {escape(iri)}", soft_wrap=True, highlight=False)


def get(
    name: Annotated[str, typer.Argument(metavar="ID", help="IRI, collection/id, or id of the record.")],
    form: Annotated[str, typer.Option("--as", metavar="FORM", help=f"One of {', '.join(FORMS)}.")] = "stac",
    data: DataOption = None,
    part: Annotated[
        str | None, typer.Option(help="With --as document: the file of a bundle, such as manifest.safe.")
    ] = None,
    change: Annotated[
        int | None, typer.Option(help="With --as document: the change that wrote it; orrery history lists them.")
    ] = None,
) -> None:
    """Print a record as a STAC document, as triples, or its source document verbatim."""
    reading = open_for_reading(settings_with(data))
    try:
        sys.stdout.buffer.write(record_as(reading, name, form, part, change))
    finally:
        reading.close()


def history(
    name: Annotated[str, typer.Argument(metavar="ID", help="IRI of a record, which may be deleted; or as for get.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """List the documents that a record was made from, oldest first."""
    reading = open_for_reading(settings_with(data))
    changes = changes_of(reading, name)
    reading.close()
    if json:
        print_json([{"change": number, "document": digest} for number, digest in changes])
        return
    for number, digest in changes:
        OUT.print(f"change {number}  {digest or 'no document: deleted, or made known by others'}", highlight=False)


def validate(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH...]", help="Files, folders, globs, as for ingest.")
    ] = None,
    store: Annotated[bool, typer.Option("--store", help="Validate what is in the data directory instead.")] = False,
    form: Annotated[str, typer.Option("--format", "-f", metavar="FORM", help=f"One of {', '.join(FORMATS)}.")] = "text",
    shacl: Annotated[bool, typer.Option("--shacl", help="Ask a SHACL processor as well, which is slow.")] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Check documents before they are taken in, or what is in the store; exits with status 1 when a rule is broken."""
    settings, shown = settings_with(data), "json" if json else form
    if bool(paths) == store:
        raise RequestInvalid("orrery validate: give paths of documents, or --store")
    if paths:
        sound = validate_documents(settings, paths, form=shown, shacl=shacl, console=ERR)
    else:
        sound = validate_store(settings, form=shown, shacl=shacl, console=ERR)
    raise typer.Exit(0 if sound else 1)

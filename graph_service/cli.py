"""The command ``orrery``: arguments in, objects wired, exit status out."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.console.answering import answer_query, query_text
from graph_service.console.demonstration import ask_three_questions, introduce
from graph_service.console.ingesting import bytes_in, print_report, progress_bar, run_ingest
from graph_service.console.reading import find_record, open_for_reading
from graph_service.console.reasoning import check_inferences, print_check
from graph_service.console.serving import become_server, start_detached, stop_service
from graph_service.console.showing import FORMS, changes_of, check_health, record_as, statistics
from graph_service.console.validating import FORMATS, validate_documents, validate_store
from graph_service.directory import open_catalogue
from graph_service.errors import RequestInvalid, StoreInUse
from graph_service.index.sqlite import SQLiteIndex
from graph_service.intake import Intake
from graph_service.security.tokens import TokenFile
from graph_service.service import ServiceWriter, running_service
from graph_service.settings import Settings, settings_from
from ingest.synthetic.archive import write_archive
from ontology.errors import CatalogueError
from ontology.identifiers import audience_iri

app = typer.Typer(
    name="orrery",
    help="A semantic knowledge-graph catalogue for Earth observation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
token_app = typer.Typer(help="API tokens, which writing over HTTP needs.", no_args_is_help=True)
index_app = typer.Typer(help="The search index, which graph and documents can always make again.", no_args_is_help=True)
app.add_typer(token_app, name="token")
app.add_typer(index_app, name="index")

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Data directory; ORRERY_DATA, or orrery-data here.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_out = Console()
_err = Console(stderr=True)


def main() -> None:
    """Run the command; an error that a user can act on is one line and exit status 1."""
    try:
        app()
    except CatalogueError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    _err.print(f"[red]error[/] {escape(message)}", soft_wrap=True, highlight=False)
    sys.exit(1)


def _settings(data: Path | None) -> Settings:
    settings = settings_from(os.environ)
    return settings if data is None else replace(settings, data=data)


def _print_json(value: object) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@contextmanager
def _writer(settings: Settings) -> Iterator[Catalogue | ServiceWriter]:
    """The catalogue to write, or the service that holds it."""
    if (address := running_service(settings.service_file)) is not None:
        service = ServiceWriter(address)
        try:
            yield service
        finally:
            service.close()
        return
    try:
        catalogue = open_catalogue(settings)
    except StoreInUse as cause:
        raise StoreInUse(f"{cause}, and it is no service that answers; wait for it to end") from cause
    try:
        yield catalogue
    finally:
        catalogue.close()


def _intake(writer: Catalogue | ServiceWriter, settings: Settings, audience: str | None) -> Intake:
    index = writer.index if isinstance(writer, Catalogue) else SQLiteIndex(settings.index_file)
    return Intake(writer, index, settings.mapping, audience=audience)


@app.command()
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
    settings = _settings(data)
    graph_name = None if audience is None else audience_iri(audience)
    with _writer(settings) as writer:
        intake = _intake(writer, settings, graph_name)
        with progress_bar(_err, bytes_in(paths), shown=_err.is_terminal and not json) as (advance, done):

            def tell(outcome: object) -> None:
                done()
                if verbose and not json:
                    _err.print(escape(_line(outcome)), soft_wrap=True, highlight=False)

            report = run_ingest(intake, paths, advance=advance, tell=tell)
        # Before the stores are shut: a full disk can refuse that as well.
        if json:
            _print_json(report.as_json())
        else:
            print_report(_out, report, verbose=verbose)
    raise typer.Exit(0 if report.complete else 1)


def _line(outcome: object) -> str:
    parts = [getattr(outcome, name) or "" for name in ("status", "kind", "source")]
    return "  ".join(parts)


@app.command()
def delete(
    name: Annotated[str, typer.Argument(metavar="ID", help="IRI, collection/id, or id of the record.")],
    data: DataOption = None,
) -> None:
    """Delete a record whole; its source documents stay in its history."""
    settings = _settings(data)
    reading = open_for_reading(settings)
    iri = find_record(reading.index, name, reading.index.audiences()).iri
    reading.close()
    with _writer(settings) as writer:
        writer.apply(Batch(deletions=(iri,)))
    _out.print(f"deleted {escape(iri)}", soft_wrap=True, highlight=False)


@app.command()
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
    reading = open_for_reading(_settings(data))
    try:
        sys.stdout.buffer.write(record_as(reading, name, form, part, change))
    finally:
        reading.close()


@app.command()
def history(
    name: Annotated[str, typer.Argument(metavar="ID", help="IRI of a record, which may be deleted; or as for get.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """List the documents that a record was made from, oldest first."""
    reading = open_for_reading(_settings(data))
    changes = changes_of(reading, name)
    reading.close()
    if json:
        _print_json([{"change": number, "document": digest} for number, digest in changes])
        return
    for number, digest in changes:
        _out.print(f"change {number}  {digest or 'no document: deleted, or made known by others'}", highlight=False)


@app.command()
def query(
    source: Annotated[str, typer.Argument(metavar="FILE|NAME|-", help="A .rq file, a kept query, or - for stdin.")],
    parameter: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Input of a kept query; repeatable.")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="table, json, xml, csv, tsv, geojson, parquet, geoparquet; turtle, ntriples, jsonld, rdfxml.",
        ),
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds after which the query is ended.")] = None,
    audience: Annotated[
        list[str] | None, typer.Option(help="Name of a restricted data set to ask besides the public one; repeatable.")
    ] = None,
    expand: Annotated[
        bool, typer.Option("--expand", help="Find what follows from the ontology too: subclasses, narrower codes, ...")
    ] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the graph in SPARQL 1.1."""
    settings = _settings(data)
    text = query_text(source, parameter or [])
    deadline = settings.query_timeout_s if timeout is None else timeout
    audiences = [audience_iri(one) for one in audience or []]
    shown = "json" if json else form
    answer_query(
        settings, text, form=shown, audiences=audiences, deadline_s=deadline, console=_out, output=output, expand=expand
    )


@app.command()
def stats(data: DataOption = None, json: JsonOption = False) -> None:
    """What is in the catalogue."""
    reading = open_for_reading(_settings(data))
    figures = statistics(reading)
    reading.close()
    if json:
        _print_json(figures)
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            _out.print(f"[bold]{name}[/]")
            for key, number in value.items():
                _out.print(f"  {escape(str(key)):40} {number:>12,}", highlight=False)
        else:
            _out.print(f"{name:42} {value:>12,}", highlight=False)


@app.command()
def doctor(data: DataOption = None, json: JsonOption = False) -> None:
    """Check that the stores agree with each other; exits with status 1 when they do not."""
    findings = check_health(_settings(data))
    if json:
        _print_json([{"check": f.check, "ok": f.ok, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            mark = "[green]ok[/]  " if finding.ok else "[red]bad[/] "
            _out.print(f"{mark} {finding.check}: {escape(finding.detail)}", soft_wrap=True, highlight=False)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@app.command()
def reason(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; print what is missing or wrong.")] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Make every inference again, for which no service may run; or check them, also while one runs.

    The check works them out in another way. It exits with status 1 when there are differences.
    """
    settings = _settings(data)
    if check:
        found = check_inferences(settings, console=_err)
        print_check(found, json=json)
        raise typer.Exit(0 if found.agrees else 1)
    with _writer(settings) as writer:
        if not isinstance(writer, Catalogue):
            raise RequestInvalid("a service holds this data directory; stop it first, or use --check")
        mended = writer.infer_again()
    if json:
        _print_json({"mended": mended})
    else:
        _out.print(f"{mended:,} records had wrong inferences, which are mended", highlight=False)


@app.command()
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
    settings, shown = _settings(data), "json" if json else form
    if bool(paths) == store:
        raise RequestInvalid("orrery validate: give paths of documents, or --store")
    if paths:
        sound = validate_documents(settings, paths, form=shown, shacl=shacl, console=_err)
    else:
        sound = validate_store(settings, form=shown, shacl=shacl, console=_err)
    raise typer.Exit(0 if sound else 1)


HostOption = Annotated[str | None, typer.Option(help="Address to listen on; ORRERY_HOST.", show_default="127.0.0.1")]
PortOption = Annotated[
    int | None, typer.Option(help="Port to listen on, 0 for any free one; ORRERY_PORT.", show_default="8020")
]


@app.command()
def serve(
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    detach: Annotated[bool, typer.Option("--detach", help="Return when it answers; orrery stop ends it.")] = False,
) -> None:
    """Serve the catalogue over HTTP: SPARQL, STAC, search and a start page."""
    settings = _listening(_settings(data), host, port)
    if detach:
        address = start_detached(settings, settings.data / "service.log")
        _out.print(f"Orrery answers at {address.url}", soft_wrap=True, highlight=False)
    else:
        become_server(settings)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    return replace(settings, host=host or settings.host, port=settings.port if port is None else port)


@app.command()
def stop(data: DataOption = None) -> None:
    """Stop the service that holds a data directory."""
    address = stop_service(_settings(data).service_file)
    _out.print(f"stopped the service at {address.url}", soft_wrap=True, highlight=False)


@token_app.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="For you to know it by.")],
    write: Annotated[bool, typer.Option("--write/--read-only", help="Whether it may write.")] = True,
    audience: Annotated[
        list[str] | None, typer.Option(help="Name of a restricted data set that it may see; repeatable.")
    ] = None,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Make a token and print it; it is kept as a hash and cannot be shown again."""
    tokens = TokenFile(_settings(data).tokens_file)
    secret = tokens.create(name, writes=write, audiences=[audience_iri(one) for one in audience or []])
    if json:
        _print_json({"name": name, "token": secret})
    else:
        sys.stdout.write(secret + "\n")


@token_app.command("list")
def token_list(data: DataOption = None, json: JsonOption = False) -> None:
    """List the tokens, without their secrets."""
    rows = [
        {"name": t.name, "created_at": t.created_at, "writes": t.writes, "audiences": list(t.audiences)}
        for t in TokenFile(_settings(data).tokens_file).tokens()
    ]
    if json:
        _print_json(rows)
        return
    for row in rows:
        rights = "writes" if row["writes"] else "reads"
        _out.print(f"{escape(str(row['name']))}  {rights}  {row['created_at']}", highlight=False)


@token_app.command("revoke")
def token_revoke(name: str, data: DataOption = None) -> None:
    """Make a token worthless at once."""
    TokenFile(_settings(data).tokens_file).revoke(name)
    _out.print(f"revoked {escape(name)}", highlight=False)


@index_app.command("rebuild")
def index_rebuild(data: DataOption = None) -> None:
    """Make the search index again from graph and documents."""
    settings = _settings(data)
    with _writer(settings) as writer:
        if not isinstance(writer, Catalogue):
            raise RequestInvalid("a service holds this data directory; stop it first")
        number = writer.rebuild()
    _out.print(f"{number:,} records indexed", highlight=False)


@app.command()
def demo(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Where to put archive and catalogue.")] = Path(
        "demo-data"
    ),
    host: HostOption = None,
    port: PortOption = None,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Leave the server running.")] = True,
) -> None:
    """Generate a small archive, take it in, ask three questions, and leave the server running."""
    settings = _listening(replace(settings_from(os.environ), data=data / "catalogue"), host, port)
    archive = data / "archive"
    introduce(_out, archive, write_archive(archive).products)
    with _writer(settings) as writer:
        intake = _intake(writer, settings, None)
        report = run_ingest(intake, [str(archive)], advance=lambda _: None, tell=lambda _: None)
    print_report(_out, report, verbose=False)
    running = running_service(settings.service_file)
    address = running or start_detached(settings, settings.data / "service.log")
    ask_three_questions(address, _out)
    if not serving and running is None:
        stop_service(settings.service_file)
        return
    command = f"orrery stop --data {settings.data}"
    _out.print(f"\nOrrery answers at {address.url} until '{command}'.", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()

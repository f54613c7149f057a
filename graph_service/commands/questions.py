"""Commands that ask about the catalogue and its health, and make again what follows from it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from graph_service.catalogue import Catalogue
from graph_service.commands.arguments import ERR, OUT, DataOption, JsonOption, print_json, settings_with, writer_of
from graph_service.console.answering import answer_query, query_text
from graph_service.console.reading import open_for_reading
from graph_service.console.reasoning import check_inferences, print_check
from graph_service.console.showing import check_health, statistics
from graph_service.errors import RequestInvalid
from ontology.identifiers import audience_iri


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
    settings = settings_with(data)
    text = query_text(source, parameter or [])
    deadline = settings.query_timeout_s if timeout is None else timeout
    audiences = [audience_iri(one) for one in audience or []]
    shown = "json" if json else form
    answer_query(
        settings, text, form=shown, audiences=audiences, deadline_s=deadline, console=OUT, output=output, expand=expand
    )


def stats(data: DataOption = None, json: JsonOption = False) -> None:
    """What is in the catalogue."""
    reading = open_for_reading(settings_with(data))
    figures = statistics(reading)
    reading.close()
    if json:
        print_json(figures)
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            OUT.print(f"[bold]{name}[/]")
            for key, number in value.items():
                OUT.print(f"  {escape(str(key)):40} {number:>12,}", highlight=False)
        else:
            OUT.print(f"{name:42} {value:>12,}", highlight=False)


def doctor(data: DataOption = None, json: JsonOption = False) -> None:
    """Check that the stores agree with each other; exits with status 1 when they do not."""
    findings = check_health(settings_with(data))
    if json:
        print_json([{"check": f.check, "ok": f.ok, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            mark = "[green]ok[/]  " if finding.ok else "[red]bad[/] "
            OUT.print(f"{mark} {finding.check}: {escape(finding.detail)}", soft_wrap=True, highlight=False)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def reason(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; print what is missing or wrong.")] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Make every inference again, for which no service may run; or check them, also while one runs.

    The check works them out in another way. It exits with status 1 when there are differences.
    """
    settings = settings_with(data)
    if check:
        found = check_inferences(settings, console=ERR)
        print_check(found, json=json)
        raise typer.Exit(0 if found.agrees else 1)
    with writer_of(settings) as writer:
        if not isinstance(writer, Catalogue):
            raise RequestInvalid("a service holds this data directory; stop it first, or use --check")
        mended = writer.infer_again()
    if json:
        print_json({"mended": mended})
    else:
        OUT.print(f"{mended:,} records had wrong inferences, which are mended", highlight=False)


def index_rebuild(data: DataOption = None) -> None:
    """Make the search index again from graph and documents."""
    settings = settings_with(data)
    with writer_of(settings) as writer:
        number = writer.rebuild()
    OUT.print(f"{number:,} records indexed", highlight=False)

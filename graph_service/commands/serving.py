"""Commands about the service: starting, stopping, tokens, the demonstration."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from graph_service.commands.arguments import (
    OUT,
    DataOption,
    JsonOption,
    intake_of,
    print_json,
    settings_with,
    writer_of,
)
from graph_service.console.demonstration import ask_three_questions, introduce
from graph_service.console.ingesting import print_report, run_ingest
from graph_service.console.serving import become_server, start_detached, stop_service
from graph_service.security.tokens import TokenFile
from graph_service.service import running_service
from graph_service.settings import Settings, settings_from
from ingest.synthetic.archive import write_archive
from ontology.identifiers import audience_iri

HostOption = Annotated[str | None, typer.Option(help="Address to listen on; ORRERY_HOST.", show_default="127.0.0.1")]
PortOption = Annotated[
    int | None, typer.Option(help="Port to listen on, 0 for any free one; ORRERY_PORT.", show_default="8020")
]


def serve(
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    detach: Annotated[bool, typer.Option("--detach", help="Return when it answers; orrery stop ends it.")] = False,
) -> None:
    """Serve the catalogue over HTTP: SPARQL, STAC, search and a start page."""
    settings = _listening(settings_with(data), host, port)
    if detach:
        address = start_detached(settings, settings.data / "service.log")
        OUT.print(f"Orrery answers at {address.url}", soft_wrap=True, highlight=False)
    else:
        become_server(settings)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    return replace(settings, host=host or settings.host, port=settings.port if port is None else port)


def stop(data: DataOption = None) -> None:
    """Stop the service that holds a data directory."""
    address = stop_service(settings_with(data).service_file)
    OUT.print(f"stopped the service at {address.url}", soft_wrap=True, highlight=False)


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
    tokens = TokenFile(settings_with(data).tokens_file)
    secret = tokens.create(name, writes=write, audiences=[audience_iri(one) for one in audience or []])
    if json:
        print_json({"name": name, "token": secret})
    else:
        sys.stdout.write(secret + "\n")


def token_list(data: DataOption = None, json: JsonOption = False) -> None:
    """List the tokens, without their secrets."""
    rows = [
        {"name": t.name, "created_at": t.created_at, "writes": t.writes, "audiences": list(t.audiences)}
        for t in TokenFile(settings_with(data).tokens_file).tokens()
    ]
    if json:
        print_json(rows)
        return
    for row in rows:
        rights = "writes" if row["writes"] else "reads"
        OUT.print(f"{escape(str(row['name']))}  {rights}  {row['created_at']}", highlight=False)


def token_revoke(name: str, data: DataOption = None) -> None:
    """Make a token worthless at once."""
    TokenFile(settings_with(data).tokens_file).revoke(name)
    OUT.print(f"revoked {escape(name)}", highlight=False)


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
    introduce(OUT, archive, write_archive(archive).products)
    with writer_of(settings) as writer:
        intake = intake_of(writer, settings, None)
        report = run_ingest(intake, [str(archive)], advance=lambda _: None, tell=lambda _: None)
    print_report(OUT, report, verbose=False)
    running = running_service(settings.service_file)
    address = running or start_detached(settings, settings.data / "service.log")
    ask_three_questions(address, OUT)
    if not serving and running is None:
        stop_service(settings.service_file)
        return
    command = f"orrery stop --data {settings.data}"
    OUT.print(f"\nOrrery answers at {address.url} until '{command}'.", soft_wrap=True, highlight=False)

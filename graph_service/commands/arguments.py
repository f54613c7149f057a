"""What the commands have in common: options, settings, and the catalogue that they write."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from graph_service.catalogue import Catalogue
from graph_service.directory import open_catalogue
from graph_service.errors import StoreInUse
from graph_service.index.sqlite import SQLiteIndex
from graph_service.intake import Intake
from graph_service.service import ServiceWriter, running_service
from graph_service.settings import Settings, settings_from

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Data directory; ORRERY_DATA, or orrery-data here.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

OUT = Console()
ERR = Console(stderr=True)


def settings_with(data: Path | None) -> Settings:
    """Settings of the environment, with the data directory that an option names."""
    settings = settings_from(os.environ)
    return settings if data is None else replace(settings, data=data)


def print_json(value: object) -> None:
    """A value as indented JSON on standard output."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@contextmanager
def writer_of(settings: Settings) -> Iterator[Catalogue | ServiceWriter]:
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


def intake_of(writer: Catalogue | ServiceWriter, settings: Settings, audience: str | None) -> Intake:
    """What takes documents into a catalogue, for one audience; None is everybody."""
    index = writer.index if isinstance(writer, Catalogue) else SQLiteIndex(settings.index_file)
    return Intake(writer, index, settings.mapping, audience=audience)

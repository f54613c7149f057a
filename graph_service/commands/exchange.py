"""Commands that take a catalogue along in files for others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from graph_service.commands.arguments import ERR, OUT, DataOption, JsonOption, print_json, settings_with
from graph_service.console.exporting import items_bar
from graph_service.console.feature_export import write_feature_collection
from graph_service.console.item_table import write_item_table
from graph_service.console.reading import Reading, open_for_reading
from graph_service.console.selecting import Selection, selection_of
from graph_service.console.static_export import export_static
from graph_service.index.cql2_parts import Reading as Interpreting
from graph_service.index.regions import GraphRegions
from graph_service.reasoning.meaning import Meaning
from graph_service.settings import Settings
from graph_service.views.ontology.statements import statements_of
from graph_service.views.trees.branch import Sight
from ontology.identifiers import audience_iri
from ontology.loader import load_ontology

CollectionOption = Annotated[
    list[str] | None, typer.Option("--collection", metavar="ID", help="Of this collection alone; repeatable.")
]
BoxOption = Annotated[str | None, typer.Option("--bbox", metavar="W,S,E,N", help="That meet a box, degrees in CRS84.")]
DatetimeOption = Annotated[
    str | None,
    typer.Option(
        "--datetime", metavar="TIME", help="Sensed at a time or a day, or between two: 2025-10-01/2025-10-31."
    ),
]
FilterOption = Annotated[str | None, typer.Option("--filter", metavar="CQL2", help="That a CQL2 text finds.")]
AudienceOption = Annotated[
    list[str] | None, typer.Option(help="Name of a restricted data set to take along as well; repeatable.")
]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="To write, whole or not at all.")]


@dataclass(frozen=True, slots=True)
class _Export:
    """What is exported, and what tells how far it has come."""

    reading: Reading
    sight: Sight
    selection: Selection
    advance: Callable[[int], None]


@contextmanager
def _export(
    settings: Settings,
    collections: list[str] | None,
    bbox: str | None,
    interval: str | None,
    condition: str | None,
    audiences: list[str] | None,
    *,
    quiet: bool,
) -> Iterator[_Export]:
    ontology = load_ontology(settings.ontology)
    meaning = Meaning.of(ontology)
    reading = open_for_reading(settings)
    try:
        selection = selection_of(
            Interpreting(meaning, GraphRegions(reading.graph)),
            collections=collections or (),
            bbox=bbox,
            interval=interval,
            condition=condition,
            audiences=[audience_iri(one) for one in audiences or ()],
        )
        selection.collections_in(reading.index)
        statements = statements_of(ontology.triples)
        sight = Sight(reading.index, selection.audiences, meaning, statements, selection.tree)
        with items_bar(ERR, selection.number(reading.index), shown=ERR.is_terminal and not quiet) as advance:
            yield _Export(reading, sight, selection, advance)
    finally:
        reading.close()


def export_stac(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Empty, new, or with an earlier export.")],
    collection: CollectionOption = None,
    bbox: BoxOption = None,
    datetime: DatetimeOption = None,
    condition: FilterOption = None,
    audience: AudienceOption = None,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Write a static STAC catalogue: collections, facets, sensors, and a file for each item.

    Its links are relative, so the folder can be moved and put on any web server. A second export to the same folder
    brings it up to date, writes only what has changed, and removes what is no longer there.
    """
    settings = settings_with(data)
    with _export(settings, collection, bbox, datetime, condition, audience, quiet=json) as export:
        done = export_static(export.sight, export.selection, folder, export.advance)
    if json:
        print_json({"folder": str(folder), **done.as_json()})
        return
    OUT.print(
        f"{done.items:,} items, {done.collections:,} collections, {done.catalogs:,} catalogs in {escape(str(folder))}; "
        f"{done.written:,} files written, {done.unchanged:,} unchanged, {done.removed:,} removed, {done.seconds:.1f} s",
        soft_wrap=True,
        highlight=False,
    )


def export_geojson(
    file: FileArgument,
    collection: CollectionOption = None,
    bbox: BoxOption = None,
    datetime: DatetimeOption = None,
    condition: FilterOption = None,
    audience: AudienceOption = None,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Write items as one GeoJSON feature collection, newest first."""
    settings = settings_with(data)
    with _export(settings, collection, bbox, datetime, condition, audience, quiet=json) as export:
        items = export.selection.items(export.reading.index)
        number = write_feature_collection(items, file, export.advance)
    _told(file, number, json=json)


def export_geoparquet(
    file: FileArgument,
    collection: CollectionOption = None,
    bbox: BoxOption = None,
    datetime: DatetimeOption = None,
    condition: FilterOption = None,
    audience: AudienceOption = None,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Write items as one stac-geoparquet file, newest first."""
    settings = settings_with(data)
    with _export(settings, collection, bbox, datetime, condition, audience, quiet=json) as export:
        index, selection = export.reading.index, export.selection
        collections = selection.described(index)
        number = write_item_table(lambda: selection.items(index), collections, file, export.advance)
    _told(file, number, json=json)


def _told(file: Path, number: int, *, json: bool) -> None:
    if json:
        print_json({"file": str(file), "items": number})
    else:
        OUT.print(f"{number:,} items in {escape(str(file))}", soft_wrap=True, highlight=False)

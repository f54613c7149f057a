"""The command ``orrery``: every subcommand by its name, errors as one line and an exit status."""

import sys

import typer
from rich.markup import escape

from graph_service.commands.arguments import ERR
from graph_service.commands.exchange import export_geojson, export_geoparquet, export_stac
from graph_service.commands.questions import doctor, index_rebuild, query, reason, stats
from graph_service.commands.records import delete, get, history, ingest, validate
from graph_service.commands.serving import demo, serve, stop, token_create, token_list, token_revoke
from ontology.errors import CatalogueError

app = typer.Typer(
    name="orrery",
    help="A semantic knowledge-graph catalogue for Earth observation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
token_app = typer.Typer(help="API tokens, which writing over HTTP needs.", no_args_is_help=True)
index_app = typer.Typer(help="The search index, which graph and documents can always make again.", no_args_is_help=True)
export_app = typer.Typer(help="The catalogue, or a part of it, in files for others.", no_args_is_help=True)
app.add_typer(token_app, name="token")
app.add_typer(index_app, name="index")
app.add_typer(export_app, name="export")

for command in (ingest, delete, get, history, query, stats, doctor, reason, validate, serve, stop, demo):
    app.command()(command)
token_app.command("create")(token_create)
token_app.command("list")(token_list)
token_app.command("revoke")(token_revoke)
index_app.command("rebuild")(index_rebuild)
export_app.command("stac")(export_stac)
export_app.command("geojson")(export_geojson)
export_app.command("geoparquet")(export_geoparquet)


def main() -> None:
    """Run the command; an error that a user can act on is one line and exit status 1."""
    try:
        app()
    except CatalogueError as error:
        ERR.print(f"[red]error[/] {escape(str(error))}", soft_wrap=True, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()

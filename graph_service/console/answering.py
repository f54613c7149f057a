"""``orrery query``: a question in, a table or a standard format out."""

import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_service.console.reading import open_for_reading
from graph_service.errors import QueryTimedOut, RequestInvalid
from graph_service.reasoning.meaning import Meaning
from graph_service.settings import Settings
from graph_service.sparql.expansion import expanded
from graph_service.store.query_guard import Form, guard, query_form
from graph_service.store.results import media_types, written
from graph_service.views.geojson import feature_collection
from ontology.errors import CatalogueError
from ontology.loader import load_ontology
from queries.library import ParameterInvalid, load


def query_text(source: str, parameters: Sequence[str]) -> str:
    """The SPARQL that somebody means by a file, ``-`` for standard input, or the name of a kept query.

    Raises:
        RequestInvalid: the file cannot be read.
        QueryUnknown: it is neither a file nor a kept query.
        ParameterInvalid: a parameter is not NAME=VALUE, or not what the query takes.
    """
    values = dict(_pair(parameter) for parameter in parameters)
    if source != "-" and not Path(source).exists():
        return load(source).bound(values)
    if values:
        raise ParameterInvalid(f"{source}: --param goes with a kept query alone")
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise RequestInvalid(f"{source}: cannot be read: {cause}") from cause


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise ParameterInvalid(f"--param {parameter}: write NAME=VALUE")
    return name.strip(), value


FORMATS = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "geojson": ("application/sparql-results+json",),
    "turtle": ("text/turtle",),
    "ntriples": ("application/n-triples",),
    "jsonld": ("application/ld+json",),
    "rdfxml": ("application/rdf+xml",),
}
_LONGEST = 2**30
"""Bytes of an answer, as far as one command prints."""
_SHOWN_ROWS = 500


def answer_query(
    settings: Settings,
    text: str,
    *,
    form: str,
    audiences: Sequence[str],
    deadline_s: float,
    console: Console,
    expand: bool = False,
) -> None:
    """Print the answer of a query.

    Args:
        settings: of the catalogue.
        text: SPARQL 1.1.
        form: ``table``, or one of ``FORMATS``.
        audiences: IRIs of the restricted graphs to ask besides the public one.
        deadline_s: seconds after which the command gives up.
        console: for the table.
        expand: whether to find what follows from the ontology as well.

    Raises:
        QueryInvalid: it does not parse, or asks for something that is refused.
        QueryTimedOut: the deadline passed.
        RequestInvalid: the form is unknown, or not one for this query.
        NotAcceptable: GeoJSON cannot draw the answer.
    """
    guard(text)
    media_type = _media_type(form, query_form(text))
    asked = expanded(text, Meaning.of(load_ontology(settings.ontology))) if expand else text
    answer = _answered(settings, asked, media_type, audiences, deadline_s)
    if form == "table" and media_type.endswith("results+json"):
        _print_table(orjson.loads(answer), console)
    elif form == "geojson":
        sys.stdout.buffer.write(feature_collection(orjson.loads(answer)) + b"\n")
    else:
        sys.stdout.buffer.write(answer + (b"" if answer.endswith(b"\n") else b"\n"))


def _media_type(form: str, query: Form) -> str:
    offered = media_types(query)
    if form == "table":
        return offered[0]
    found = next((one for one in FORMATS.get(form, ()) if one in offered), None)
    if found is None:
        fitting = ", ".join(name for name, types in FORMATS.items() if set(types) & set(offered))
        raise RequestInvalid(f"--format {form}: a {query} query gives table, {fitting}")
    return found


def _answered(settings: Settings, text: str, media_type: str, audiences: Sequence[str], deadline_s: float) -> bytes:
    answered: Queue[bytes | CatalogueError] = Queue()

    def ask() -> None:
        # The results have to be read by the thread that asked for them.
        try:
            reading = open_for_reading(settings)
            results = reading.graph.query(text, audiences=audiences)
            answered.put(bytes(written(results, media_type, longest=_LONGEST)))
        except CatalogueError as fault:
            answered.put(fault)

    # Nothing can stop the engine within a query, so it works aside, and the process ends without waiting for it.
    Thread(target=ask, daemon=True).start()
    try:
        answer = answered.get(timeout=deadline_s)
    except Empty as cause:
        reason = f"the query was not answered within {deadline_s:g} s; ask for less, or give more with --timeout"
        raise QueryTimedOut(reason) from cause
    if isinstance(answer, CatalogueError):
        raise answer
    return answer


def _print_table(answer: dict[str, Any], console: Console) -> None:
    if "boolean" in answer:
        console.print("yes" if answer["boolean"] else "no")
        return
    names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    table = Table(*(escape(name) for name in names))
    for row in rows[:_SHOWN_ROWS]:
        table.add_row(*(escape(row[name]["value"]) if name in row else "" for name in names))
    console.print(table)
    more = f", the first {_SHOWN_ROWS:,} shown; all with --format csv" if len(rows) > _SHOWN_ROWS else ""
    console.print(f"{len(rows):,} rows{more}", highlight=False)

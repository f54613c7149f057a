"""``orrery query``: a question in, a table or a standard format out."""

import io
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_service.console.output import ensure_shown, write_result
from graph_service.console.parquet import geoparquet, parquet
from graph_service.console.pointing import pointing_into
from graph_service.console.reading import Reading, open_for_reading
from graph_service.errors import QueryTimedOut, RequestInvalid
from graph_service.federation.services import Services
from graph_service.reasoning.meaning import Meaning
from graph_service.settings import Settings
from graph_service.sparql.calls import ensure_calls_known
from graph_service.sparql.expansion import expanded
from graph_service.spatial.planning import Planner
from graph_service.store.joined import Joined
from graph_service.store.oxigraph import OxigraphStore
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
    "parquet": ("application/sparql-results+json",),
    "geoparquet": ("application/sparql-results+json",),
    "turtle": ("text/turtle",),
    "ntriples": ("application/n-triples",),
    "jsonld": ("application/ld+json",),
    "rdfxml": ("application/rdf+xml",),
}
_DRAWN: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "geojson": feature_collection,
    "parquet": parquet,
    "geoparquet": geoparquet,
}
"""Forms that are made of the results in JSON."""
_BINARY = ("parquet", "geoparquet")
_LONGEST = 2**30
"""Bytes of an answer, as far as one command prints."""
_SHOWN_ROWS = 500
_WIDEST = 1_000
"""Characters of a line of a table in a file."""


def answer_query(
    settings: Settings,
    text: str,
    *,
    form: str,
    audiences: Sequence[str],
    deadline_s: float,
    console: Console,
    output: Path | None = None,
    expand: bool = False,
) -> None:
    """Print the answer of a query, or write it to a file.

    Args:
        settings: of the catalogue.
        text: SPARQL 1.1.
        form: ``table``, or one of ``FORMATS``.
        audiences: IRIs of the restricted graphs to ask besides the public one.
        deadline_s: seconds after which the command gives up.
        console: for the table.
        output: file to write to, whole or not at all; None for the standard output.
        expand: whether to find what follows from the ontology as well.

    Raises:
        QueryInvalid: it does not parse, or asks for something that is refused; the message shows the line.
        EndpointFailed: the endpoint of a SERVICE clause does not answer as it should.
        QueryTimedOut: the deadline passed.
        RequestInvalid: the form is unknown, not one for this query, or binary and for a terminal.
        NotAcceptable: GeoJSON or GeoParquet cannot draw the answer.
        StorageFailed: the file cannot be written.
    """
    ends_at = time.monotonic() + deadline_s
    with pointing_into(text):
        media_type = _media_type(form, query_form(text))
        ensure_shown(output, binary=form in _BINARY)
        if settings.store is None:
            # Another engine may have functions of its own.
            ensure_calls_known(text)
        asked = expanded(text, Meaning.of(load_ontology(settings.ontology))) if expand else text
        services = Services(settings.service_hosts, timeout_s=settings.service_timeout_s)
        asked = services.answered(asked, deadline_s=deadline_s)
        guard(asked)
    with pointing_into(asked):
        answer = _answered(settings, asked, media_type, audiences, deadline_s, ends_at)
    if form == "table" and media_type.endswith("results+json"):
        _print_table(orjson.loads(answer), console, output)
    else:
        drawn = _DRAWN[form](orjson.loads(answer)) if form in _DRAWN else answer
        write_result(drawn, output, binary=form in _BINARY)


def _media_type(form: str, query: Form) -> str:
    offered = media_types(query)
    if form == "table":
        return offered[0]
    found = next((one for one in FORMATS.get(form, ()) if one in offered), None)
    if found is None:
        fitting = ", ".join(name for name, types in FORMATS.items() if set(types) & set(offered))
        raise RequestInvalid(f"--format {form}: a {query} query gives table, {fitting}")
    return found


def _answered(
    settings: Settings, text: str, media_type: str, audiences: Sequence[str], deadline_s: float, ends_at: float
) -> bytes:
    answered: Queue[bytes | CatalogueError] = Queue()

    def ask() -> None:
        try:
            reading = open_for_reading(settings)
            answered.put(_written(reading, _planned(reading, text, audiences), media_type, audiences))
        except CatalogueError as fault:
            answered.put(fault)

    # Nothing can stop the engine within a query, so it works aside, and the process ends without waiting for it.
    Thread(target=ask, daemon=True).start()
    try:
        answer = answered.get(timeout=max(0.0, ends_at - time.monotonic()))
    except Empty as cause:
        reason = f"the query was not answered within {deadline_s:g} s; ask for less, or give more with --timeout"
        raise QueryTimedOut(reason) from cause
    if isinstance(answer, CatalogueError):
        raise answer
    return answer


def _written(reading: Reading, asked: str | Joined, media_type: str, audiences: Sequence[str]) -> bytes:
    # The thread that asked for results has to read them and to let go of them. What plans a query leaves
    # its caller behind for the collector of garbage, in whichever thread, so they are no concern of that caller.
    if isinstance(asked, Joined):
        assert isinstance(reading.graph, OxigraphStore), "it is planned for no other"
        results = reading.graph.query(asked, audiences=audiences)
    else:
        results = reading.graph.query(asked, audiences=audiences)
    return bytes(written(results, media_type, longest=_LONGEST))


def _planned(reading: Reading, text: str, audiences: Sequence[str]) -> str | Joined:
    """A query with what the spatial index says of it; as it is where another engine answers."""
    if not isinstance(reading.graph, OxigraphStore):
        return text
    # What was opened for reading stays at its change, which is the one that is planned for.
    plan = Planner(reading.graph, reading.index).plan(text, audiences)
    return plan.text if plan.sooner is None else plan.sooner[1]


def _print_table(answer: dict[str, Any], console: Console, output: Path | None) -> None:
    if output is None:
        _print_rows(answer, console, _SHOWN_ROWS)
        return
    # As wide as it needs to be, and whole.
    page = Console(file=io.StringIO(), width=_WIDEST)
    with page.capture() as text:
        _print_rows(answer, page, None)
    write_result(text.get().encode(), output, binary=False)


def _print_rows(answer: dict[str, Any], console: Console, most: int | None) -> None:
    if "boolean" in answer:
        console.print("yes" if answer["boolean"] else "no")
        return
    names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    table = Table(*(escape(name) for name in names))
    for row in rows[:most]:
        table.add_row(*(escape(row[name]["value"]) if name in row else "" for name in names))
    console.print(table)
    more = f", the first {most:,} shown; all with --format csv" if most is not None and len(rows) > most else ""
    console.print(f"{len(rows):,} rows{more}", highlight=False)

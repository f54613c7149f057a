"""Answers of an engine, as the embedded one gives its own."""

from typing import Protocol

import pyoxigraph as ox

from graph_service.errors import EngineFailed
from graph_service.store.evaluation import Results
from graph_service.store.query_guard import Form
from graph_service.store.remote_body import original_nodes


class Readable(Protocol):
    """A text that comes piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...


def rows_of(body: bytes) -> list[ox.QuerySolution]:
    """The solutions in SPARQL results in JSON.

    Raises:
        EngineFailed: it is something else.
    """
    found = _parsed(original_nodes(body))
    if isinstance(found, ox.QueryBoolean):
        raise EngineFailed("the engine answers a SELECT with a boolean")
    return list(found)


def boolean_of(body: bytes) -> bool:
    """The answer to an ASK; Virtuoso gives it as a table, with a row or without.

    Raises:
        EngineFailed: it is something else.
    """
    found = _parsed(body)
    return bool(found) if isinstance(found, ox.QueryBoolean) else any(True for _ in found)


def results_from(body: Readable, form: Form) -> Results:
    """The results of a query, from SPARQL results in JSON, or from N-Triples for a graph.

    Args:
        body: read to its end, but for the solutions of a SELECT, which are read as they are asked for.
        form: of the query.

    Raises:
        EngineFailed: the body is something else.
    """
    if form == "SELECT":
        return _parsed(body)
    if form == "ASK":
        text = f'{{"head": {{}}, "boolean": {"true" if boolean_of(body.read()) else "false"}}}'
        return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    graph = ox.Store()
    try:
        graph.load(body, format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]  # ``read`` is all that it calls
    except (SyntaxError, ValueError) as cause:
        raise EngineFailed(f"the answer of the engine is no N-Triples: {cause}") from cause
    return graph.query("CONSTRUCT WHERE { ?s ?p ?o }")


def _parsed(body: bytes | Readable) -> ox.QuerySolutions | ox.QueryBoolean:
    try:
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]  # as above
    except (SyntaxError, ValueError) as cause:
        raise EngineFailed(f"the answer of the engine is no SPARQL result: {cause}") from cause

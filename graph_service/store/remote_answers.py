"""Answers of an engine, as the embedded one gives its own."""

import re

import pyoxigraph as ox

from graph_service.errors import EngineFailed
from graph_service.store.evaluation import Results
from graph_service.store.query_guard import Form

_ODD_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*)"nodeID://')
"""Virtuoso writes blank nodes as IRIs of its own."""


def rows_of(body: bytes) -> list[ox.QuerySolution]:
    """The solutions in SPARQL results in JSON.

    Raises:
        EngineFailed: it is something else.
    """
    found = _parsed(body)
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


def results_from(body: bytes, form: Form) -> Results:
    """The results of a query, from SPARQL results in JSON, or from N-Triples for a graph.

    Raises:
        EngineFailed: the body is something else.
    """
    if form == "SELECT":
        return _parsed(body)
    if form == "ASK":
        text = f'{{"head": {{}}, "boolean": {"true" if boolean_of(body) else "false"}}}'
        return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    graph = ox.Store()
    try:
        graph.load(body, format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError) as cause:
        raise EngineFailed(f"the answer of the engine is no N-Triples: {cause}") from cause
    return graph.query("CONSTRUCT WHERE { ?s ?p ?o }")


def _parsed(body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    try:
        return ox.parse_query_results(_ODD_NODE.sub(rb'\1"', body), format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as cause:
        raise EngineFailed(f"the answer of the engine is no SPARQL result: {cause}") from cause

"""What a caller sees of a store: the one place where a query meets the engine."""

import re
from collections.abc import Sequence

import pyoxigraph as ox

from graph_service.errors import QueryInvalid
from ontology import terms

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

ENGINE_FAULTS = (SyntaxError, ValueError, RuntimeError)
"""What the engine raises about a query, when it is asked and while its results are read."""

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASS = re.compile(r"\[[^\]]*\](, )?")
_LONGEST_MESSAGE = 500


def results_of(store: ox.Store, text: str, audiences: Sequence[str]) -> Results:
    """The results of a query over the default graph and those of the audiences, merged, and no other graph.

    Args:
        text: without SERVICE and FROM, which ``query_guard`` refuses before. The engine
            would reach the network for the one, and passes the other over in silence.
        audiences: IRIs of the named graphs.

    Raises:
        QueryInvalid: it does not parse or cannot be evaluated.
    """
    graphs = [ox.NamedNode(audience) for audience in audiences]
    try:
        return store.query(
            text,
            prefixes=terms.PREFIXES,
            default_graph=[ox.DefaultGraph(), *graphs] if graphs else ox.DefaultGraph(),
            named_graphs=list(graphs),
        )
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(fault(cause)) from cause


def fault(cause: Exception) -> str:
    """What the engine says about a query: where it does not parse, without the characters that it lists."""
    position = _POSITION.match(str(cause))
    if position is None:
        return f"the query cannot be run: {cause}"
    line, column, expected = position.groups()
    rest = " ".join(_CHARACTER_CLASS.sub("", expected).split()).rstrip(" ,")
    return f"the query does not parse at line {line}, column {column}: {rest}"[:_LONGEST_MESSAGE]

"""What a caller sees of a store: the one place where a query meets the engine."""

import re
from collections.abc import Sequence

import pyoxigraph as ox

from graph_service.errors import QueryInvalid
from graph_service.geosparql.functions import AGGREGATES, FUNCTIONS
from ontology import terms

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

ENGINE_FAULTS = (SyntaxError, ValueError, RuntimeError)
"""What the engine raises about a query, when it is asked and while its results are read."""

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][A-Za-z]+ [A-Za-z][A-Za-z ]{6,}")


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
            custom_functions=FUNCTIONS,
            custom_aggregate_functions=AGGREGATES,
        )
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(fault(cause, text)) from cause


def fault(cause: Exception, text: str = "") -> str:
    """What the engine says about a query, in one line.

    Of a query that does not parse it lists every character that it would take
    instead. Only the place is kept of that, and a sentence where there is one.
    """
    position = _POSITION.match(str(cause))
    if position is None:
        return f"the query cannot be run: {cause}"
    line, column = int(position[1]), int(position[2])
    read_on = "".join(text.split("\n")[line - 1 : line])[column - 1 :].split(maxsplit=1)
    found = repr(read_on[0][:40]) if read_on else "the end of the line"
    sentence = _SENTENCE.search(position[3])
    reason = f": {sentence[0]}" if sentence else ""
    return f"the query does not parse at line {line}, column {column}, at {found}{reason}"

"""What a caller sees of a store: the one place where a query meets the engine."""

import re
from collections.abc import Sequence

import pyoxigraph as ox

from graph_service.errors import QueryInvalid
from graph_service.geosparql.functions import AGGREGATES, FUNCTIONS
from graph_service.store.dataset import Dataset, dataset_of, view_of, without_default_names
from graph_service.store.prefixes import undeclared_prefix
from ontology import terms
from ontology.identifiers import QUERY_BASE

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

ENGINE_FAULTS = (SyntaxError, ValueError, RuntimeError)
"""What the engine raises about a query, when it is asked and while its results are read."""

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][A-Za-z]+ [A-Za-z][A-Za-z ]{6,}")


def results_of(
    store: ox.Store, text: str, audiences: Sequence[str], dataset: Dataset | None = None, base: str = QUERY_BASE
) -> Results:
    """The results of a query over the graphs that it asks for, as far as its caller may see them, and no other.

    Args:
        text: without SERVICE, which ``query_guard`` refuses before; the engine would reach the network for it.
        audiences: IRIs of the restricted graphs that the caller may see.
        dataset: graphs that the request asks for, instead of those that FROM clauses name.
        base: IRI that relative ones in the text are read under, before it declares one (SPARQL 1.1, 4.1.1.2).

    Raises:
        QueryInvalid: it does not parse or cannot be evaluated.
    """
    # The engine passes FROM over in silence when it is told the graphs.
    dataset = dataset or dataset_of(text)
    view = view_of(store, audiences, dataset)
    if dataset is None:
        text = without_default_names(text)
    try:
        return store.query(
            text,
            base_iri=base,
            prefixes=terms.PREFIXES,
            default_graph=view.default,
            named_graphs=view.named,
            custom_functions=FUNCTIONS,
            custom_aggregate_functions=AGGREGATES,
        )
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(fault(cause, text)) from cause


def function_iris() -> list[str]:
    """IRIs of the functions that queries may call beside those of SPARQL."""
    return sorted(one.value for one in FUNCTIONS)


def aggregate_iris() -> list[str]:
    """IRIs of the aggregates that queries may call beside those of SPARQL."""
    return sorted(one.value for one in AGGREGATES)


def fault(cause: Exception, text: str = "") -> str:
    """What the engine says about a query, in one line.

    Of a query that does not parse it lists every character that it would take
    instead. Only the place is kept of that, and a sentence where there is one.
    """
    position = _POSITION.match(str(cause))
    if position is None:
        return f"the query cannot be run: {cause}"
    if (undeclared := undeclared_prefix(text)) is not None:
        return undeclared
    line, column = int(position[1]), int(position[2])
    read_on = "".join(text.split("\n")[line - 1 : line])[column - 1 :].split(maxsplit=1)
    found = repr(read_on[0][:40]) if read_on else "the end of the line"
    sentence = _SENTENCE.search(position[3])
    reason = f": {sentence[0]}" if sentence else ""
    return f"the query does not parse at line {line}, column {column}, at {found}{reason}"

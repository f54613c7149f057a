"""What a query answers, in a form that can be compared."""

from collections import Counter
from typing import Any

import pyoxigraph as ox
from rdflib import Graph
from rdflib.compare import to_canonical_graph

from graph_service.store.evaluation import results_of


def answer(store: ox.Store, query: str) -> Any:
    """A truth value, a set of triples, or the variables with how often each row comes."""
    results = results_of(store, query, [])
    if isinstance(results, ox.QuerySolutions):
        names = sorted(variable.value for variable in results.variables)
        return names, Counter(tuple(_told(row[name]) for name in names) for row in results)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    graph = Graph()
    for triple in results:
        graph.parse(data=f"{triple} .", format="nt")
    return set(to_canonical_graph(graph)) if len(graph) < 50 else len(graph)


def _told(term: Any) -> str:
    return "blank" if isinstance(term, ox.BlankNode) else str(term)

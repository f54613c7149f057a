"""Queries over all of the grammar of SPARQL 1.1, and a small graph to ask them of."""

from pathlib import Path

import pyoxigraph as ox

_FOLDER = Path(__file__).parent
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "BASE", "PREFIX")

PREFIXES = """PREFIX : <http://x.test/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
NAMED = "@prefix : <http://x.test/> . :a :near :z ; :name 'elsewhere' . :g2 a :Port ."


def table() -> list[str]:
    """The queries, each with its prefixes; a line that begins with no form goes on with the one before."""
    queries: list[str] = []
    for line in (_FOLDER / "queries.txt").read_text("utf-8").splitlines():
        if line.upper().startswith(_FORMS):
            queries.append(PREFIXES + line)
        else:
            queries[-1] += "\n" + line
    return queries


def small_store() -> ox.Store:
    """A store with the graph, and a named graph."""
    store = ox.Store()
    store.load((_FOLDER / "graph.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    store.load(NAMED.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x.test/g"))
    return store

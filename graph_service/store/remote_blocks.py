"""Statements as an engine elsewhere is given them, in a text that can be nothing else."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from graph_service.errors import StatementsInvalid
from graph_service.store.oxigraph import StatementsByAudience, n_triples
from graph_service.store.remote_graphs import Aliases, RemoteGraphs
from ontology.triples import Statement

Blocks = Mapping[str, str]
"""N-Triples by the IRI of the graph."""


def blocks_of(statements: StatementsByAudience, graphs: RemoteGraphs, aliases: Aliases) -> Blocks:
    """Statements by graph, without the empty groups.

    Raises:
        StatementsInvalid: a term is not RDF or a blank node, or a graph is one that the store keeps for itself.
    """
    for audience in statements:
        if audience is not None and graphs.is_own(audience):
            raise StatementsInvalid(f"{audience}: is a graph that the store keeps for itself; choose another name")
    return {
        audience or graphs.public: aliases.stored(_checked(group)) for audience, group in statements.items() if group
    }


def _checked(group: Iterable[Statement | str]) -> str:
    text = n_triples(group)
    try:
        for triple in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                raise StatementsInvalid(f"{triple}: a graph in another engine has no place for a blank node")
    except (SyntaxError, ValueError) as cause:
        raise StatementsInvalid(f"the graph does not take the statements: {cause}") from cause
    return text

"""Quads that an update says or that a client sends, as the graph keeps them: none of their terms is a blank node."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from graph_service.errors import QueryInvalid, RequestInvalid
from graph_service.store.operations import VARIABLE
from graph_service.store.skolem import Skolems

Graph = ox.NamedNode | ox.DefaultGraph
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def instances(template: Sequence[ox.Quad], values: Mapping[str, Term], within: Graph) -> Iterator[ox.Quad]:
    """The quads of a template for one solution, less those that are incomplete or no RDF.

    Source: SPARQL 1.1 Update, 3.1.3; its blank nodes are new ones for each solution.
    """
    blank: dict[str, ox.BlankNode] = {}

    def term(one: object) -> object:
        if isinstance(one, ox.BlankNode):
            return blank.setdefault(one.value, ox.BlankNode())
        if isinstance(one, ox.NamedNode) and one.value.startswith(VARIABLE):
            return values.get(one.value)
        return within if isinstance(one, ox.DefaultGraph) else one

    for quad in template:
        subject, predicate, value, graph = map(term, (quad.subject, quad.predicate, quad.object, quad.graph_name))
        if (
            isinstance(subject, ox.NamedNode | ox.BlankNode)
            and isinstance(predicate, ox.NamedNode)
            and isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal)
            and isinstance(graph, Graph)
        ):
            yield ox.Quad(subject, predicate, value, graph)


def skolemised(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Quads with an IRI in the place of each blank node."""
    skolems = Skolems()
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            raise QueryInvalid("the update cannot be run: a triple within a triple (RDF 1.2) cannot be kept")
        subject = skolems.iri(subject) if isinstance(subject, ox.BlankNode) else subject
        value = skolems.iri(value) if isinstance(value, ox.BlankNode) else value
        yield ox.Quad(subject, quad.predicate, value, quad.graph_name)


def parsed(content: bytes, media_type: str, into: Graph) -> Iterator[ox.Quad]:
    """The quads of a document, all of one graph.

    Args:
        content: of the document; relative IRIs are read under that of the graph.
        media_type: one of ``content_types``.
        into: the graph.

    Raises:
        RequestInvalid: it is not what its media type says, or has quads of another graph.
    """
    base = into.value if isinstance(into, ox.NamedNode) else None
    try:
        # One of the formats for several graphs may say things of no other graph than the one that is written.
        for quad in ox.parse(content, format=_FORMATS[media_type], base_iri=base):
            if quad.graph_name not in (ox.DefaultGraph(), into):
                raise RequestInvalid(f"the content names the graph {quad.graph_name}; it is to be of one graph")
            yield ox.Quad(quad.subject, quad.predicate, quad.object, into)
    except (SyntaxError, ValueError) as cause:
        raise RequestInvalid(f"the content is no {media_type}: {cause}") from cause


_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "text/n3": ox.RdfFormat.N3,
}


def content_types() -> list[str]:
    """Media types of documents that are read."""
    return list(_FORMATS)

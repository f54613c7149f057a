"""What the SPARQL endpoint can do, as its service description.

Source: SPARQL 1.1 Service Description, 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.views.linked import described, iri, text
from ontology import terms

SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"

_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
            "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG")  # fmt: skip
_INPUTS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG", "N3")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What there is to describe."""

    query_url: str
    update_url: str
    void_url: str
    functions: Sequence[str]
    """IRIs of the functions beside those of SPARQL."""
    aggregates: Sequence[str]
    graphs: Sequence[str]
    """IRIs of the public named graphs."""
    public_graph: str
    """Name by which requests ask for the default graph."""
    triples: int
    federates: bool = False
    """Whether queries may name other endpoints."""


def service_description(endpoint: Endpoint) -> list[ox.Triple]:
    """The description of an endpoint."""
    service = iri(endpoint.query_url)
    update = iri(endpoint.update_url)
    dataset, default = iri(f"{endpoint.query_url}#dataset"), iri(f"{endpoint.query_url}#default-graph")
    features = ["BasicFederatedQuery"] if endpoint.federates else []
    found = described(
        service,
        {
            terms.TYPE: [iri(SD + "Service")],
            terms.LABEL: [text("Orrery, queries", "en")],
            SD + "endpoint": [service],
            SD + "supportedLanguage": [iri(SD + "SPARQL10Query"), iri(SD + "SPARQL11Query")],
            SD + "resultFormat": [iri(_FORMATS + name) for name in _RESULTS],
            SD + "feature": [iri(SD + name) for name in features],
            SD + "extensionFunction": list(map(iri, endpoint.functions)),
            SD + "extensionAggregate": list(map(iri, endpoint.aggregates)),
            SD + "defaultEntailmentRegime": [iri("http://www.w3.org/ns/entailment/Simple")],
            SD + "defaultDataset": [dataset],
        },
    )
    found += described(
        update,
        {
            terms.TYPE: [iri(SD + "Service")],
            terms.LABEL: [text("Orrery, updates", "en")],
            SD + "endpoint": [update],
            SD + "supportedLanguage": [iri(SD + "SPARQL11Update")],
            SD + "inputFormat": [iri(_FORMATS + name) for name in _INPUTS],
            SD + "defaultDataset": [dataset],
        },
    )
    for function in endpoint.functions:
        found += described(iri(function), {terms.TYPE: [iri(SD + "Function")]})
    for aggregate in endpoint.aggregates:
        found += described(iri(aggregate), {terms.TYPE: [iri(SD + "Aggregate")]})
    return found + _dataset(endpoint, dataset, default)


def _dataset(endpoint: Endpoint, dataset: ox.NamedNode, default: ox.NamedNode) -> list[ox.Triple]:
    named = [iri(f"{endpoint.query_url}#named-graph-{number}") for number, _ in enumerate(endpoint.graphs, 1)]
    found = described(
        dataset,
        {
            terms.TYPE: [iri(SD + "Dataset")],
            SD + "defaultGraph": [default],
            SD + "namedGraph": named,
            terms.RDFS + "seeAlso": [iri(endpoint.void_url)],
        },
    )
    found += described(
        default,
        {
            terms.TYPE: [iri(SD + "Graph")],
            terms.LABEL: [text("The public graph", "en")],
            terms.RDFS + "comment": [text(f"Requests name it {endpoint.public_graph}", "en")],
            "http://rdfs.org/ns/void#triples": [ox.Literal(endpoint.triples)],
        },
    )
    for node, name in zip(named, endpoint.graphs, strict=True):
        found += described(node, {terms.TYPE: [iri(SD + "NamedGraph")], SD + "name": [iri(name)]})
    return found

"""Results of queries as bytes: which media types a query form can be written in, and the writing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from graph_service.errors import NotAcceptable, QueryInvalid
from graph_service.store.evaluation import ENGINE_FAULTS, Results, fault
from graph_service.store.jsonld import compacted
from graph_service.store.pieces import Pieces, row_counter, too_many_rows
from graph_service.store.query_guard import Form
from graph_service.store.skolem import with_blank_nodes
from graph_service.store.sparql_tokens import NAME_MORE, NAME_START
from ontology import terms

_SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
}
_TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}

_XML_NAME = re.compile(rf"[{NAME_START}_][{NAME_START}{NAME_MORE}_.-]*$")


def media_types(form: Form) -> Sequence[str]:
    """The media types in which the results of a query form can be written, the preferred one first."""
    return tuple(_SOLUTIONS if form in ("SELECT", "ASK") else _TRIPLES)


def written(results: Results, media_type: str, *, longest: int) -> memoryview:
    """Results in a media type, as one piece.

    Args:
        results: read to their end.
        media_type: one of ``media_types``.
        longest: bytes that the text may have.

    Raises:
        NotAcceptable: the media type is for another form of query, or cannot say a triple.
        QueryInvalid: the query cannot be evaluated to its end.
        QueryTooLarge: the text is longer.
    """
    pieces: list[bytes] = []
    write(results, media_type, pieces.append, longest=longest)
    return memoryview(b"".join(pieces))


def write(
    results: Results, media_type: str, send: Callable[[bytes], None], *, longest: int, rows: int | None = None
) -> None:
    """Write results piece by piece, as they are found.

    Args:
        results: read to their end.
        media_type: one of ``media_types``.
        send: takes each piece. JSON-LD comes as a single one, since its context stands first.
        longest: bytes that the text may have.
        rows: solutions or triples that it may have; None for any number.

    Raises:
        NotAcceptable: the media type is for another form of query, or cannot say a triple.
        QueryInvalid: the query cannot be evaluated to its end.
        QueryTooLarge: the text is longer, or has more rows.
    """
    try:
        if isinstance(results, ox.QueryTriples):
            _write_triples(_counted(results, rows), media_type, send, longest)
        elif media_type not in _SOLUTIONS:
            raise NotAcceptable(f"SELECT and ASK have no {media_type}; they have {', '.join(_SOLUTIONS)}")
        else:
            output = Pieces(send, longest, None if rows is None else row_counter(media_type, rows))
            results.serialize(output, format=_SOLUTIONS[media_type])
            output.flush()
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(fault(cause)) from cause


def _write_triples(triples: Iterable[ox.Triple], media_type: str, send: Callable[[bytes], None], longest: int) -> None:
    if media_type not in _TRIPLES:
        raise NotAcceptable(f"CONSTRUCT and DESCRIBE have no {media_type}; they have {', '.join(_TRIPLES)}")
    if media_type == "application/rdf+xml":
        triples = _with_xml_names(triples)
    kept: list[bytes] = []
    is_jsonld = media_type == "application/ld+json"
    output = Pieces(kept.append if is_jsonld else send, longest)
    triples = with_blank_nodes(triples)
    # ``results.serialize`` takes no prefixes; this was measured 0 to 10 percent slower.
    ox.serialize(triples, output, format=_TRIPLES[media_type], prefixes=terms.PREFIXES)
    output.flush()
    if is_jsonld:
        send(compacted(b"".join(kept), terms.PREFIXES))


def _counted(triples: Iterable[ox.Triple], most: int | None) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples):
        if number == most:
            raise too_many_rows(most)
        yield triple


def _with_xml_names(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples, as long as RDF/XML can say them; for others the engine writes what is no XML."""
    named: set[str] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in named:
            if _XML_NAME.search(predicate) is None:
                raise NotAcceptable(f"RDF/XML cannot name the property {predicate}, which does not end in an XML name")
            named.add(predicate)
        yield triple

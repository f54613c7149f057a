"""Results of queries as bytes: which media types a query form can be written in, and the writing."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from graph_service.errors import NotAcceptable, QueryInvalid, QueryTooLarge
from graph_service.store.evaluation import ENGINE_FAULTS, Results, fault
from graph_service.store.jsonld import compacted
from graph_service.store.query_guard import Form
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
}

_XML_NAME = re.compile(rf"[{NAME_START}_][{NAME_START}{NAME_MORE}_.-]*$")


def media_types(form: Form) -> Sequence[str]:
    """The media types in which the results of a query form can be written, the preferred one first."""
    return tuple(_SOLUTIONS if form in ("SELECT", "ASK") else _TRIPLES)


def written(results: Results, media_type: str, *, longest: int) -> memoryview:
    """Results in a media type.

    Args:
        results: read to their end.
        media_type: one of ``media_types``.
        longest: bytes that the text may have.

    Raises:
        NotAcceptable: the media type is for another form of query, or cannot say a triple.
        QueryInvalid: the query cannot be evaluated to its end.
        QueryTooLarge: the text is longer.
    """
    output = _Limited(longest)
    try:
        _write(results, media_type, output)
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(fault(cause)) from cause
    return output.getbuffer()


def _write(results: Results, media_type: str, output: "_Limited") -> None:
    if not isinstance(results, ox.QueryTriples):
        if media_type not in _SOLUTIONS:
            raise NotAcceptable(f"SELECT and ASK have no {media_type}; they have {', '.join(_SOLUTIONS)}")
        results.serialize(output, format=_SOLUTIONS[media_type])
    elif media_type not in _TRIPLES:
        raise NotAcceptable(f"CONSTRUCT and DESCRIBE have no {media_type}; they have {', '.join(_TRIPLES)}")
    else:
        triples = _with_xml_names(results) if media_type == "application/rdf+xml" else results
        # ``results.serialize`` takes no prefixes; this was measured 0 to 10 percent slower.
        ox.serialize(triples, output, format=_TRIPLES[media_type], prefixes=terms.PREFIXES)
        if media_type == "application/ld+json":
            text = compacted(output.getvalue(), terms.PREFIXES)
            output.seek(0)
            output.truncate()
            output.write(text)


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


class _Limited(io.BytesIO):
    """Bytes up to a number; the engine writes them in pieces of 8 KB."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._longest = longest

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]  # the engine and json write nothing else
        if self.tell() + len(piece) > self._longest:
            raise QueryTooLarge(f"the result is longer than {self._longest:,} bytes; LIMIT and OFFSET cut it")
        return super().write(piece)

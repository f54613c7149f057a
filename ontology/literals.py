"""Values as RDF terms in N-Triples syntax, and back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from ontology import terms
from ontology.errors import RecordInvalid
from ontology.identifiers import document_digest, document_iri

# RDF 1.1 N-Triples, section 7: what may stand between the angle brackets, after a scheme.
_IRI_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


def iri_term(iri: str) -> str:
    """An IRI in N-Triples syntax.

    Raises:
        RecordInvalid: it is not absolute or holds a character that no IRI has.
    """
    if _IRI_REFERENCE.fullmatch(iri) is None:
        raise RecordInvalid(f"{iri!r} is no absolute IRI")
    return f"<{iri}>"


def _quoted(text: str) -> str:
    # JSON's escapes are a subset of N-Triples' (RDF 1.1 N-Triples, section 2.4).
    return orjson.dumps(text).decode()


def _decimal(value: float) -> str:
    text = repr(value)
    # xsd:decimal has no exponent (XML Schema 1.1 part 2, section 3.3.3).
    return format(Decimal(text), "f") if "e" in text else text


def time_text(value: datetime) -> str:
    """An aware time as xsd:dateTime in UTC, with a fraction only where there is one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time_value(term: Any) -> datetime:
    return datetime.fromisoformat(term.value)


@dataclass(frozen=True, slots=True)
class Codec:
    """How a value is written as a term, and read from one of pyoxigraph's."""

    write: Callable[[Any], str]
    read: Callable[[Any], Any]


def _typed(datatype: str, text: Callable[[Any], str], read: Callable[[str], Any]) -> Codec:
    return Codec(lambda value: f'"{text(value)}"^^<{datatype}>', lambda term: read(term.value))


TEXT = Codec(_quoted, lambda term: term.value)
URI = Codec(lambda value: f"{_quoted(value)}^^<{terms.ANY_URI}>", lambda term: term.value)
IRI = Codec(iri_term, lambda term: term.value)
DOCUMENT = Codec(lambda digest: iri_term(document_iri(digest)), lambda term: document_digest(term.value))
INTEGER = _typed(terms.INTEGER, str, int)
DECIMAL = _typed(terms.DECIMAL, _decimal, float)
TIME = Codec(lambda value: f'"{time_text(value)}"^^<{terms.DATE_TIME}>', _time_value)

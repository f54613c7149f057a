"""Arguments of functions that are no geometries."""

import math

import pyoxigraph as ox

from graph_service.geosparql.errors import ArgumentInvalid
from graph_service.geosparql.literals import Term
from ontology import terms

_TEXTS = (terms.STRING, terms.ANY_URI)
_INTEGERS = frozenset(
    terms.XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt",
        "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_NUMBERS = _INTEGERS | {terms.XSD + name for name in ("decimal", "double", "float")}


def iri_of(term: Term) -> str:
    """An IRI, as such or as a literal of xsd:anyURI.

    Raises:
        ArgumentInvalid: it is neither.
    """
    if isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.datatype.value == terms.ANY_URI):
        return term.value
    raise ArgumentInvalid(f"{term} is no IRI")


def text_of(term: Term) -> str:
    """A text without a language, or the IRI of what is named so.

    Raises:
        ArgumentInvalid: it is neither.
    """
    if isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.datatype.value in _TEXTS):
        return term.value
    raise ArgumentInvalid(f"{term} is no text")


def number_of(term: Term) -> float:
    """A finite number.

    Raises:
        ArgumentInvalid: it is none.
    """
    return _number(term, _NUMBERS)


def whole_number_of(term: Term) -> int:
    """A whole number of one of the integer types.

    Raises:
        ArgumentInvalid: it is none.
    """
    return int(_number(term, _INTEGERS))


def _number(term: Term, datatypes: frozenset[str]) -> float:
    if isinstance(term, ox.Literal) and term.datatype.value in datatypes:
        try:
            number = float(term.value)
        except ValueError as cause:
            raise ArgumentInvalid(f"{term} is no number") from cause
        if math.isfinite(number):
            return number
    raise ArgumentInvalid(f"{term} is no number of a type that the function takes")

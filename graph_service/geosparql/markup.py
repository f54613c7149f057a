"""XML within literals, and the coordinates in it."""

from collections.abc import Iterator

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from graph_service.geosparql.errors import GeometryUnreadable


def root_of(literal: str, *, prefix: str, namespace: str) -> etree._Element:
    """The outermost element of a literal.

    Entities are not resolved, nothing is fetched, and a document type is refused; so are
    more than 256 elements within each other, by libxml2.

    Args:
        literal: an element, which may leave its usual prefix undeclared as the examples of
            the standard do.
        prefix: the usual one.
        namespace: what it means.

    Raises:
        GeometryUnreadable: it is no well-formed XML.
    """
    try:
        root = _parsed(literal)
    except etree.XMLSyntaxError as cause:
        if f"prefix {prefix} " not in str(cause):
            raise GeometryUnreadable(f"the literal is no XML: {cause}") from cause
        root = _within(literal, prefix, namespace)
    if "<!DOCTYPE" in literal:
        raise GeometryUnreadable("a document type stands in the literal")
    return root


def _parsed(text: str) -> etree._Element:
    # A parser of its own for each: one is not shared between threads.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(text.strip().encode(), parser)


def _within(literal: str, prefix: str, namespace: str) -> etree._Element:
    try:
        around = _parsed(f'<literal xmlns:{prefix}="{namespace}">{literal}</literal>')
    except etree.XMLSyntaxError as cause:
        raise GeometryUnreadable(f"the literal is no XML: {cause}") from cause
    if len(around) != 1:
        raise GeometryUnreadable("the literal is not one element")
    return around[0]


def name_of(element: etree._Element) -> str:
    """The name of an element without its namespace, which differs between versions and in the standard's examples."""
    return etree.QName(element).localname


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The child elements of some names, in their order."""
    return (child for child in element.iterchildren("*") if name_of(child) in names)


def numbers(text: str | None) -> NDArray[np.float64]:
    """Numbers with white space between them.

    Raises:
        GeometryUnreadable: one is no number.
    """
    try:
        found = np.array((text or "").split(), dtype=np.float64)
    except ValueError as cause:
        raise GeometryUnreadable(f"a coordinate is no number: {cause}") from cause
    return _finite(found)


def tuples(text: str | None) -> NDArray[np.float64]:
    """Places whose numbers have commas, and which have white space between them: of KML and GML 2.

    Raises:
        GeometryUnreadable: they have not all two numbers, or all three.
    """
    rows = [place.split(",") for place in (text or "").split()]
    try:
        places = np.array(rows, dtype=np.float64)
    except ValueError as cause:
        raise GeometryUnreadable(f"the coordinates are no places: {cause}") from cause
    if places.ndim != 2 or places.shape[1] not in (2, 3):
        raise GeometryUnreadable("a place has not two or three coordinates")
    return _finite(places)


def _finite(found: NDArray[np.float64]) -> NDArray[np.float64]:
    if not np.isfinite(found).all():
        raise GeometryUnreadable("a coordinate is no finite number")
    return found

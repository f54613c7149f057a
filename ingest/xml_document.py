"""XML documents of producers: parsed without trust, read by element path.

Paths are written with local names, ``General_Info/Product_Info/PRODUCT_TYPE``, and
match in any namespace: producers change theirs with every version of a format.
Where a function takes several paths, the first with text in it counts; errors name
the first path.
"""

import math
from datetime import UTC, datetime
from functools import cache

from lxml import etree

from ingest.errors import DocumentUnreadable, MetadataInvalid, MetadataMissing
from ontology.bounds import fault_of
from ontology.records import Scene

Element = etree._Element


def parse_xml(content: bytes, *, source: str) -> Element:
    """The root element of a document, without its comments and processing instructions.

    Args:
        content: the document in any encoding that it declares.
        source: path or URL, repeated in every error.

    Raises:
        DocumentUnreadable: it is not well-formed or incomplete, with line and column, or it has a
            DOCTYPE: no producer's schema needs one, and entities are a way to read files and exhaust memory.
    """
    try:
        root: Element = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as cause:
        line, column = cause.position
        fault = str(cause.msg).removesuffix(f", line {line}, column {column}")
        reason = f"line {line}, column {column}: is not well-formed XML: {fault}"
        raise DocumentUnreadable(source, "", reason) from cause
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentUnreadable(source, "", "has a DOCTYPE, which is refused; publish the document without it")
    return root


def _parser() -> etree.XMLParser:
    # collect_ids=False would be faster, but makes lxml 6.1 load the external DTD whatever load_dtd says.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


@cache
def _any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def child(root: Element, *paths: str) -> Element | None:
    """The first element that one of the paths leads to, or None."""
    return next((found for path in paths if (found := root.find(_any_namespace(path))) is not None), None)


def children(root: Element, path: str) -> list[Element]:
    """Every element that a path leads to, in document order."""
    return root.findall(_any_namespace(path))


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def optional_text(root: Element, *paths: str) -> str | None:
    """The text at a path without the space around it; None where it is absent or empty."""
    texts = ((root.findtext(_any_namespace(path)) or "").strip() for path in paths)
    return next((text for text in texts if text), None)


def required_text(root: Element, *paths: str, source: str) -> str:
    """The text at a path.

    Raises:
        MetadataMissing: it is absent or empty.
    """
    text = optional_text(root, *paths)
    if text is None:
        raise MetadataMissing(source, paths[0], "is absent or empty")
    return text


def number(text: str, *, element: str, source: str) -> float:
    """A finite number from its text.

    Raises:
        MetadataInvalid: the text is no number, NaN or infinite.
    """
    try:
        value = float(text)
    except ValueError as cause:
        raise MetadataInvalid(source, element, f"{text!r} is not a number") from cause
    if not math.isfinite(value):
        raise MetadataInvalid(source, element, f"{text} is not a finite number")
    return value


def optional_number(
    root: Element, *paths: str, source: str, field: str | None = None, record_class: type = Scene
) -> float | None:
    """The number at a path, None where there is none.

    Args:
        root: where the paths start.
        paths: alternatives, the first with text counts.
        source: document, repeated in every error.
        field: field of the record that the number is for, whose bounds it must keep; None to check no bounds.
        record_class: class of that record.

    Raises:
        MetadataInvalid: it does not parse, is NaN or infinite, or lies outside the field's bounds.
    """
    text = optional_text(root, *paths)
    if text is None:
        return None
    value = number(text, element=paths[0], source=source)
    if field is not None:
        require_within(value, field, element=paths[0], source=source, record_class=record_class)
    return value


def optional_integer(root: Element, *paths: str, source: str, field: str, record_class: type = Scene) -> int | None:
    """The whole number at a path, as ``optional_number``; leading zeros do not matter."""
    text = optional_text(root, *paths)
    if text is None:
        return None
    return integer(text, field, element=paths[0], source=source, record_class=record_class)


def integer(text: str, field: str, *, element: str, source: str, record_class: type = Scene) -> int:
    """A whole number from its text, within the bounds of a record's field.

    Raises:
        MetadataInvalid: the text is no whole number, or lies outside the bounds.
    """
    try:
        value = int(text)
    except ValueError as cause:
        raise MetadataInvalid(source, element, f"{text!r} is not a whole number") from cause
    require_within(value, field, element=element, source=source, record_class=record_class)
    return value


def require_within(value: float, field: str, *, element: str, source: str, record_class: type = Scene) -> None:
    """Pass a number that a record's field can hold.

    Raises:
        MetadataInvalid: it lies outside the field's bounds.
    """
    fault = fault_of(record_class, field, value)
    if fault is not None:
        raise MetadataInvalid(source, element, fault)


def optional_time(root: Element, *paths: str, source: str) -> datetime | None:
    """The time at a path in UTC, None where there is none.

    Raises:
        MetadataInvalid: it is not a time in ISO 8601.
    """
    text = optional_text(root, *paths)
    return None if text is None else utc_time(text, element=paths[0], source=source)


def utc_time(text: str, *, element: str, source: str) -> datetime:
    """An aware time in UTC from ISO 8601; a text without an offset is taken to be UTC.

    Raises:
        MetadataInvalid: the text is not a time.
    """
    try:
        value = datetime.fromisoformat(text)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise MetadataInvalid(source, element, f"{text!r} is not a time in ISO 8601") from cause


def optional_attribute(element: Element | None, name: str) -> str | None:
    """An attribute without the space around it; None where the element, the attribute or its value is missing."""
    value = None if element is None else element.get(name)
    return None if value is None else value.strip() or None

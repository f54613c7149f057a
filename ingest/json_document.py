"""JSON as documents hold it: strict, with the place of a fault."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

import orjson

from ingest.document import Document
from ingest.errors import DocumentUnreadable

# Digits folded into one: finding a run of nineteen is then a search for one text, ten times faster than a pattern.
_FOLDED = bytes.maketrans(b"123456789", b"000000000")
_LONG_INTEGER = b"0" * 19


def read_json(content: bytes, *, source: str) -> Any:
    """The value of a JSON text (RFC 8259, UTF-8), integers of any length exact.

    Raises:
        DocumentUnreadable: it does not parse, is nested too deeply, or has NaN or an
            infinite number; the message names line and column, or the element.
    """
    # A byte order mark is no JSON (RFC 8259, section 8.1), but some editors write one.
    content = content.removeprefix(BOM_UTF8)
    try:
        value = orjson.loads(content)
        # orjson gives integers beyond 64 bits as floats.
        return json.loads(content) if _LONG_INTEGER in content.translate(_FOLDED) else value
    except orjson.JSONDecodeError as cause:
        raise _explained(content, cause, source) from cause
    except RecursionError as cause:
        raise nested_too_deeply(source) from cause


def nested_too_deeply(source: str) -> DocumentUnreadable:
    """The refusal of a document whose lists and objects no function can walk through."""
    return DocumentUnreadable(source, "", "is nested too deeply")


def json_text(value: Any, *, source: str) -> bytes:
    """The JSON text of a value, on one line.

    Raises:
        DocumentUnreadable: it is nested too deeply.
    """
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits, or more than 254 levels
        try:
            return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
        except RecursionError as cause:
            raise nested_too_deeply(source) from cause


def json_value(document: Document) -> Any:
    """The value of a JSON document, decoded when nobody has done so before.

    Raises:
        DocumentUnreadable: as ``read_json``.
    """
    if document.value is not None:
        return document.value
    return read_json(document.parts[0].content, source=document.source)


def _explained(content: bytes, cause: orjson.JSONDecodeError, source: str) -> DocumentUnreadable:
    if not content.strip():
        return DocumentUnreadable(source, "", "is empty")
    try:
        for path, number in _not_finite(json.loads(content)):
            return DocumentUnreadable(source, path, f"{number} is not a number that JSON has; leave the element out")
    except (ValueError, RecursionError):
        pass  # what orjson says stands
    return DocumentUnreadable(source, "", f"is not JSON: {cause}")


def _not_finite(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    match value:
        case dict():
            for key, member in value.items():
                yield from _not_finite(member, f"{path}.{key}" if path else key)
        case list():
            for place, member in enumerate(value):
                yield from _not_finite(member, f"{path}[{place}]")
        case float() if not math.isfinite(value):
            yield path, value

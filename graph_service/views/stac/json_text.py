"""JSON text and values, integers of any length exact."""

from typing import Any

from ingest.errors import DocumentUnreadable
from ingest.json_document import json_text as written
from ingest.json_document import read_json


def json_value(text: bytes) -> Any:
    """The value of a JSON text; None where it is no JSON at all."""
    try:
        return read_json(text, source="")
    except DocumentUnreadable:
        return None


def json_text(value: Any) -> bytes:
    """The JSON text of a value, on one line."""
    return written(value, source="a STAC document")

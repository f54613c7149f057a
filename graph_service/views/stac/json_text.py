"""JSON text and values, integers of any length exact."""

import json
import re
from typing import Any

import orjson

_LONG_INTEGER = re.compile(rb"\d{19}")


def json_value(text: bytes) -> Any:
    """The value of a JSON text; None where it is no JSON at all."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    # orjson gives integers beyond 64 bits as floats.
    return json.loads(text) if _LONG_INTEGER.search(text) else value


def json_text(value: Any) -> bytes:
    """The JSON text of a value, on one line."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()

"""Changes to parts of a JSON document, in the two forms that HTTP clients send."""

from collections.abc import Callable, Sequence
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException

from graph_service.errors import PatchFailed, RequestInvalid, RequestTooLarge
from ingest.json_document import json_text

Patch = Callable[[Any], Any]
"""Gives a document with the changes in it; the one that is given stays as it is."""

_MOST_OPERATIONS = 1_000
_LONGEST = 10_000_000
"""Bytes of a document after each step: copies of copies grow fast."""


def merge_patch(patch: Any) -> Patch:
    """The changes of a JSON Merge Patch: members given are set, those that are null go. Source: RFC 7396, 2."""
    return lambda document: _merged(document, patch)


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), value)
    return found


def operations_patch(operations: Any) -> Patch:
    """The changes of a JSON Patch, one operation after the other. Source: RFC 6902.

    Raises:
        RequestInvalid: it is no list of operations, or one of too many.
    """
    if not isinstance(operations, list) or len(operations) > _MOST_OPERATIONS:
        raise RequestInvalid(f"patch: is no list of up to {_MOST_OPERATIONS:,} operations")
    try:
        steps = [jsonpatch.JsonPatch([operation]) for operation in operations]
    except (jsonpatch.JsonPatchException, JsonPointerException, TypeError, AttributeError) as cause:
        raise RequestInvalid(f"patch: {cause}") from cause
    return lambda document: _after(document, steps, operations)


def _after(document: Any, steps: Sequence[jsonpatch.JsonPatch], operations: Sequence[Any]) -> Any:
    for place, (step, operation) in enumerate(zip(steps, operations, strict=True)):
        try:
            document = step.apply(document)
        except (jsonpatch.JsonPatchException, JsonPointerException, TypeError) as cause:
            raise PatchFailed(f"patch[{place}]: cannot be done, so nothing is: {cause}") from cause
        if operation["op"] == "copy" and len(json_text(document, source="patch")) > _LONGEST:
            raise RequestTooLarge(f"patch[{place}]: the document is longer than {_LONGEST:,} bytes")
    return document

"""JSON-LD in its compacted form, with prefixes as the context.

The engine writes the expanded form, which spells every IRI out and wraps every value.
Source: JSON-LD 1.1, 4.1.5 Compact IRIs; JSON-LD 1.1 API, 5.6 Value Compaction, 8.2 Data Round Tripping.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from ontology import terms

_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def compacted(expanded: bytes, prefixes: Mapping[str, str]) -> bytes:
    """A document with its IRIs shortened by prefixes and its single values unwrapped.

    Args:
        expanded: an array of node objects.
        prefixes: namespaces by prefix. One that an IRI of the document has as its
            scheme (``geo:48.1,11.6``, RFC 5870) is left out, since it would change that IRI.
    """
    nodes = json.loads(expanded)
    names = _Names({prefix: iri for prefix, iri in prefixes.items() if f'"{prefix}:'.encode() not in expanded})
    graph = [names.node(node) for node in nodes]
    document = {"@context": names.context(), "@graph": graph}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class _Names:
    """Short names for IRIs, and which prefixes they used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._short: dict[str, str] = {}
        self._used: set[str] = set()

    def context(self) -> dict[str, str]:
        return {prefix: iri for prefix, iri in self._prefixes.items() if prefix in self._used}

    def short(self, iri: str) -> str:
        known = self._short.get(iri)
        if known is None:
            known = self._short[iri] = self._shortened(iri)
        return known

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            # A name that went on with two slashes would be read as an IRI with an authority.
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                self._used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        short: dict[str, Any] = {}
        for key, values in node.items():
            if key == "@id":
                short[key] = self.short(values)
            elif key == terms.TYPE and all(value.keys() == {"@id"} for value in values):
                short["@type"] = _one_or_all([self.short(value["@id"]) for value in values])
            else:
                short[self.short(key)] = _one_or_all([self._value(value) for value in values])
        return short

    def _value(self, value: Mapping[str, Any]) -> Any:
        if value.keys() == {"@value"}:
            return value["@value"]
        if value.get("@type") == terms.INTEGER and _CANONICAL_INTEGER.fullmatch(value["@value"]):
            return int(value["@value"])
        return {key: self.short(part) if key in ("@id", "@type") else part for key, part in value.items()}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values

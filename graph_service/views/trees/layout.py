"""Where the files of a static catalogue stand, and how they lead to one another."""

import hashlib
import posixpath
import re
from collections.abc import Sequence

_PLAIN = re.compile(rb"[A-Za-z0-9._-]")
_LONGEST = 150
"""Bytes of a name; file systems allow 255, and some suffix follows."""


def file_name(text: str) -> str:
    """An identifier as the name of a file or folder that every file system and URL takes as it stands.

    Other bytes of UTF-8 than those of letters, digits, ``.``, ``_`` and ``-`` become ``~`` and two hexadecimal
    digits: a percent sign, which URLs have for that, would be decoded by some readers of local links and not by others.
    """
    written = "".join(_written(byte) for byte in text.encode())
    if written.startswith("."):
        written = f"~2E{written[1:]}"
    if len(written) <= _LONGEST:
        return written
    return f"{written[:_LONGEST]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _written(byte: int) -> str:
    plain = bytes((byte,))
    return plain.decode() if _PLAIN.fullmatch(plain) else f"~{byte:02X}"


def branch_file(path: Sequence[str]) -> str:
    """The file of a branch or a collection, relative to the root of the catalogue.

    Args:
        path: of a branch; ``("collections", identifier)`` for a collection, nothing for the root.
    """
    kind = "collection" if len(path) == 2 and path[0] == "collections" else "catalog"
    return "/".join((*map(file_name, path), f"{kind}.json"))


def item_file(collection: str, identifier: str) -> str:
    """The file of an item, relative to the root of the catalogue."""
    return f"collections/{file_name(collection)}/items/{file_name(identifier)}.json"


def relative_href(target: str, source: str) -> str:
    """How one file leads to another; both relative to the root of the catalogue."""
    href = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return href if href.startswith(".") else f"./{href}"

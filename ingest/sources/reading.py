"""Targets read into documents, one at a time, with bounds on what a hostile file can cost."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from ingest.document import Document, Part
from ingest.errors import DocumentRefused, DocumentUnreadable
from ingest.kinds import JSON
from ingest.sources.archive import documents_in_archive
from ingest.sources.item_table import items_in_table
from ingest.sources.safe import safe_in_folder
from ingest.sources.targets import Found, Skipped, Target

LARGEST_JSON = 512 * 1024 * 1024
"""Bytes of one JSON file."""

LARGEST_LINE = 64 * 1024 * 1024
"""Bytes of one line of newline-delimited JSON."""

Advance = Callable[[int], None]


def read_targets(
    found: Iterable[Found], advance: Advance = lambda _: None
) -> Iterator[Document | Skipped | DocumentRefused]:
    """The documents in targets; what cannot be read comes as the error that says why.

    Args:
        found: targets; skipped files and errors are passed on.
        advance: told the bytes consumed since it was last told, in all the size of each target.
    """
    for target in found:
        if not isinstance(target, Target):
            yield target
            continue
        try:
            yield from _documents(target, advance)
        except DocumentRefused as refusal:
            yield refusal
        except (OSError, EOFError, zlib.error) as cause:
            yield DocumentUnreadable(str(target.path), "", f"cannot be read: {cause}")


def _documents(target: Target, advance: Advance) -> Iterator[Document | DocumentRefused]:
    if target.form == "lines":
        yield from _lines(target, advance)
        return
    try:
        if target.form == "archive":
            yield from documents_in_archive(target.path)
        elif target.form == "safe":
            yield safe_in_folder(target.path)
        elif target.form == "table":
            yield from items_in_table(target.path)
        else:
            yield Document(str(target.path), JSON, (Part("", _content(target.path)),))
    finally:
        advance(target.size)


def _content(path: Path) -> bytes:
    with path.open("rb") as raw, _unpacked(path, raw) as file:
        content = file.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise DocumentUnreadable(str(path), "", f"is larger than {LARGEST_JSON} bytes; split it, or give it as .ndjson")
    return content


def _unpacked(path: Path, raw: IO[bytes]) -> IO[bytes]:
    return gzip.open(raw, "rb") if path.suffix.lower() == ".gz" else raw  # type: ignore[return-value]  # a GzipFile reads bytes


def _lines(target: Target, advance: Advance) -> Iterator[Document]:
    told = 0
    try:
        with target.path.open("rb") as raw, _unpacked(target.path, raw) as file:
            number = 0
            while line := _line(file, f"{target.path}:{number + 1}"):
                number += 1
                if content := line.strip():
                    yield Document(f"{target.path}:{number}", JSON, (Part("", content),))
                position = raw.tell()
                advance(position - told)
                told = position
    finally:
        # What follows a line that cannot be read, and the end of a packed file.
        advance(max(target.size - told, 0))


def _line(file: IO[bytes], source: str) -> bytes:
    try:
        line = file.readline(LARGEST_LINE + 1)
    except (OSError, EOFError, zlib.error) as cause:
        raise DocumentUnreadable(source, "", f"cannot be read: {cause}") from cause
    if len(line) > LARGEST_LINE:
        raise DocumentUnreadable(source, "", f"is a line of more than {LARGEST_LINE} bytes")
    return line

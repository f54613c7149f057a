"""What the paths of a command line stand for: files, SAFE folders and archives, found but not yet read."""

import errno
import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown
from ingest.sources.item_table import is_item_table

Form = Literal["json", "lines", "archive", "safe", "table"]

_FORMS: dict[str, Form] = {
    ".json": "json", ".geojson": "json", ".ndjson": "lines", ".jsonl": "lines", ".geojsonl": "lines", ".zip": "archive",
    ".parquet": "table", ".geoparquet": "table",
}  # fmt: skip
_DOCUMENT_SUFFIXES = {".xml", ".safe", ".gz"}


@dataclass(frozen=True, slots=True)
class Target:
    """A file or a SAFE folder to be read."""

    path: Path
    form: Form
    size: int
    """Bytes; of the metadata alone for a SAFE folder, estimated."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file met in a folder that is no document, such as an image."""

    source: str
    reason: str


Found = Target | Skipped | DocumentRefused

_SAFE_METADATA_BYTES = 600_000
"""Typical metadata of a Sentinel-2 product; only for showing progress."""


def find_targets(paths: Iterable[str]) -> Iterator[Found]:
    """What is to be read, in the order given, folders walked by name.

    A path may be a file, a folder or a glob. In a folder, files that are no documents
    are skipped; a file that is named itself has to be one.
    """
    for path in paths:
        matches = [path] if os.path.lexists(path) else _matches(path)
        if not matches:
            yield DocumentUnreadable(path, "", "there is no such file or folder, and no file matches it as a pattern")
        for match in matches:
            yield from _found(Path(match))


def _matches(pattern: str) -> list[str]:
    """What a pattern matches, by name, less what lies in a folder that it matches as well."""
    matches = sorted(glob.glob(pattern, recursive=True))
    folders = {Path(match) for match in matches if os.path.isdir(match)}
    return [match for match in matches if folders.isdisjoint(Path(match).parents)]


def _found(named: Path) -> Iterator[Found]:
    # A list of what is left instead of a call for each folder: folders may be nested deeper than calls.
    pending = [named]
    while pending:
        path = pending.pop()
        try:
            if not path.is_dir():
                yield _file(path, named=path is named)
            elif path is not named and path.is_symlink():
                yield Skipped(str(path), "a link to a folder, which is not followed")
            elif _is_safe(path, entries := sorted(path.iterdir())):
                yield Target(path, "safe", _SAFE_METADATA_BYTES)
            else:
                pending.extend(reversed(entries))
        except OSError as cause:
            yield DocumentUnreadable(str(path), "", f"cannot be read: {cause.strerror or cause}")


def _file(path: Path, *, named: bool) -> Found:
    if (form := _form(path, sniff=named)) is not None:
        if form == "table" and not named and not is_item_table(path):
            return Skipped(str(path), "a Parquet file of something else than STAC items")
        return Target(path, form, _size(path))
    if named or path.suffix.lower() in _DOCUMENT_SUFFIXES:
        return KindUnknown(str(path), "", f"is none of the known kinds of file: {', '.join(sorted(_FORMS))}, SAFE")
    return Skipped(str(path), f"no document ({path.suffix or 'no suffix'})")


def _size(path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        # A pipe would be waited for without end.
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return status.st_size


def _is_safe(folder: Path, entries: list[Path]) -> bool:
    return folder.suffix.upper() == ".SAFE" or any(
        entry.name.upper().startswith("MTD_MSIL") and entry.suffix.lower() == ".xml" for entry in entries
    )


def _form(path: Path, *, sniff: bool) -> Form | None:
    name = path.name.lower()
    form = _FORMS.get(Path(name.removesuffix(".gz")).suffix)
    if form is not None or not sniff or path.is_fifo():
        return form
    with path.open("rb") as file:
        start = file.read(256).lstrip()
    if start.startswith((b"{", b"[")):
        return "json"
    return "archive" if start.startswith(b"PK\x03\x04") else None

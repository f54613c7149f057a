"""What the paths of a command line stand for: files, SAFE folders and archives, found but not yet read."""

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown

Form = Literal["json", "lines", "archive", "safe"]

_FORMS: dict[str, Form] = {
    ".json": "json", ".geojson": "json", ".ndjson": "lines", ".jsonl": "lines", ".geojsonl": "lines", ".zip": "archive",
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
        matches = [path] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True))
        if not matches:
            yield DocumentUnreadable(path, "", "there is no such file or folder, and no file matches it as a pattern")
        for match in matches:
            yield from _found(Path(match), named=True)


def _found(path: Path, *, named: bool) -> Iterator[Found]:
    try:
        if path.is_dir():
            yield from _in_folder(path)
        elif (form := _form(path, sniff=named)) is not None:
            yield Target(path, form, path.stat().st_size)
        elif named or _is_document(path):
            yield KindUnknown(str(path), "", f"is none of the known kinds of file: {', '.join(sorted(_FORMS))}, SAFE")
        else:
            yield Skipped(str(path), f"no document ({path.suffix or 'no suffix'})")
    except OSError as cause:
        yield DocumentUnreadable(str(path), "", f"cannot be read: {cause.strerror or cause}")


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in _DOCUMENT_SUFFIXES


def _in_folder(folder: Path) -> Iterator[Found]:
    entries = sorted(folder.iterdir())
    if _is_safe(folder, entries):
        yield Target(folder, "safe", _SAFE_METADATA_BYTES)
        return
    for entry in entries:
        if entry.is_symlink() and entry.is_dir():
            yield Skipped(str(entry), "a link to a folder, which is not followed")
        else:
            yield from _found(entry, named=False)


def _is_safe(folder: Path, entries: list[Path]) -> bool:
    return folder.suffix.upper() == ".SAFE" or any(
        entry.name.upper().startswith("MTD_MSIL") and entry.suffix.lower() == ".xml" for entry in entries
    )


def _form(path: Path, *, sniff: bool) -> Form | None:
    name = path.name.lower()
    form = _FORMS.get(Path(name.removesuffix(".gz")).suffix)
    if form is not None or not sniff:
        return form
    with path.open("rb") as file:
        start = file.read(256).lstrip()
    if start.startswith(b"{"):
        return "json"
    return "archive" if start.startswith(b"PK\x03\x04") else None

"""Documents in a zip archive, read in place: nothing is unpacked to disk, no entry beyond a bound is read."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from ingest.document import Document, Part
from ingest.errors import DocumentRefused, DocumentUnreadable, KindUnknown
from ingest.kinds import JSON
from ingest.sources.safe import LARGEST_METADATA, is_metadata, safe_document

MOST_ENTRIES = 100_000

_DRIVE = re.compile("[A-Za-z]:")
_BOUNDED_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Packings that ``zipfile`` unpacks piece by piece; a few kilobytes of bzip2 or LZMA may become gigabytes at once."""


def documents_in_archive(path: Path) -> Iterator[Document | DocumentRefused]:
    """The SAFE products and JSON documents in an archive.

    Raises:
        DocumentUnreadable: it is no zip archive, or has an entry that points outside it.
        KindUnknown: it holds no document.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _documents(archive, str(path))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as cause:  # the last for names that are not UTF-8
        raise DocumentUnreadable(str(path), "", f"is not a zip archive that can be read: {cause}") from cause


def _documents(archive: zipfile.ZipFile, source: str) -> Iterator[Document | DocumentRefused]:
    named = (entry for entry in archive.infolist() if entry.filename)
    entries = {entry.filename: entry for entry in named if not entry.is_dir()}
    if len(entries) > MOST_ENTRIES:
        raise DocumentUnreadable(source, "", f"has {len(entries)} entries, more than {MOST_ENTRIES}")
    for name in entries:
        _require_inside(name, source)
    roots = sorted({root for name in entries if (root := _safe_root(name)) is not None})
    documents = sorted(name for name in entries if _is_json(name) and not any(_below(name, root) for root in roots))
    if not roots and not documents:
        raise KindUnknown(source, "", "is an archive without a SAFE product or JSON document")
    for root in roots:
        yield _attempt(lambda root=root: _safe(archive, entries, root, source))  # type: ignore[misc]  # bound now
    for name in documents:
        yield _attempt(lambda name=name: _json(archive, entries[name], source))  # type: ignore[misc]  # bound now


def _attempt(read: Callable[[], Document]) -> Document | DocumentRefused:
    try:
        return read()
    except DocumentRefused as refusal:
        return refusal


def _require_inside(name: str, source: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(name):
        raise DocumentUnreadable(source, name, "points outside the archive; such archives are refused whole")


def _safe_root(name: str) -> str | None:
    """The folder of the product that an entry belongs to, ``""`` for the top; None for other entries."""
    folders = PurePosixPath(name).parts[:-1]
    for depth, folder in enumerate(folders, 1):
        if folder.upper().endswith(".SAFE"):
            return "/".join(folders[:depth])
    return "/".join(folders) if PurePosixPath(name).name.upper().startswith("MTD_MSIL") else None


def _below(name: str, root: str) -> bool:
    return root == "" or name.startswith(root + "/")


def _is_json(name: str) -> bool:
    return name.lower().endswith((".json", ".geojson"))


def _safe(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], root: str, source: str) -> Document:
    inside = {name.removeprefix(root).lstrip("/"): entry for name, entry in entries.items() if _below(name, root)}
    parts = [Part(name, _content(archive, entry, source)) for name, entry in inside.items() if is_metadata(name)]
    return safe_document(f"{source}/{root}" if root else source, PurePosixPath(root or source).name, parts)


def _json(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> Document:
    return Document(f"{source}/{entry.filename}", JSON, (Part("", _content(archive, entry, source)),))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> bytes:
    if entry.file_size > LARGEST_METADATA:
        reason = f"unpacks to {entry.file_size} bytes, more than the {LARGEST_METADATA} of any metadata"
        raise DocumentUnreadable(source, entry.filename, reason)
    if entry.compress_type not in _BOUNDED_METHODS:
        reason = f"is packed by method {entry.compress_type}; pack the archive with deflate"
        raise DocumentUnreadable(source, entry.filename, reason)
    try:
        with archive.open(entry) as file:
            # The size in the directory may lie.
            content = file.read(LARGEST_METADATA + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as cause:
        raise DocumentUnreadable(source, entry.filename, f"cannot be unpacked: {cause}") from cause
    if len(content) > LARGEST_METADATA:
        raise DocumentUnreadable(source, entry.filename, f"unpacks to more than {LARGEST_METADATA} bytes")
    return content

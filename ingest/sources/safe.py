"""The metadata files of a Standard Archive Format for Europe (SAFE) product, the images left where they are."""

import re
from pathlib import Path, PurePosixPath

from ingest.document import Document, Part
from ingest.errors import DocumentUnreadable, KindUnknown, MetadataMissing

LARGEST_METADATA = 64 * 1024 * 1024
"""Bytes of one metadata file; real ones are below 2 MiB."""

KIND = "sentinel-2-safe"

_METADATA = re.compile(r"(MTD_MSIL[^/]*\.xml|GRANULE/[^/]+/MTD_TL\.xml|manifest\.safe)", re.IGNORECASE)


def is_metadata(name: str) -> bool:
    """Whether a file of a product, named relative to its root, is read for the catalogue."""
    return _METADATA.fullmatch(name) is not None


def safe_in_folder(folder: Path) -> Document:
    """The document of a product in a folder.

    Raises:
        KindUnknown: it is the product of another mission.
        DocumentUnreadable: a metadata file cannot be read, or is far too large.
    """
    # Metadata stand at the top and in GRANULE/<name>/; the many images below are not listed.
    files = sorted([*folder.glob("*"), *folder.glob("*/*/*")])
    parts = [_part(file, name) for file in files if is_metadata(name := file.relative_to(folder).as_posix())]
    return safe_document(str(folder), folder.name, parts)


def _part(file: Path, name: str) -> Part:
    if not file.is_file():
        raise DocumentUnreadable(str(file), "", "is not a file")
    if (size := file.stat().st_size) > LARGEST_METADATA:
        raise DocumentUnreadable(str(file), "", f"has {size} bytes, more than the {LARGEST_METADATA} of any metadata")
    return Part(name, file.read_bytes())


def safe_document(source: str, name: str, parts: list[Part]) -> Document:
    """The document that the metadata files of a product make up.

    Args:
        source: where the product came from.
        name: of its root folder.
        parts: metadata files, named relative to the root.

    Raises:
        KindUnknown: it is the product of another mission.
        MetadataMissing: it has no product metadata.
    """
    if not any(PurePosixPath(part.name).name.upper().startswith("MTD_MSIL") for part in parts):
        if not name.upper().startswith("S2"):
            raise KindUnknown(source, "", "is a SAFE product of a mission that is not read yet; Sentinel-2 is")
        raise MetadataMissing(source, "MTD_MSIL*.xml", "is absent; a product is read from its product metadata")
    return Document(source, KIND, tuple(sorted(parts, key=lambda part: part.name)))

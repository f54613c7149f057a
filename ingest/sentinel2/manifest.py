"""The table of contents of a SAFE, ``manifest.safe``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.xml_document import (
    Element,
    child,
    children,
    integer,
    optional_attribute,
    optional_text,
    utc_time,
)
from ontology.records import Asset, ProcessingStep

_WRAPPED = "metadataSection/metadataObject/metadataWrap/xmlData"
_SOURCE_PRODUCT = re.compile(r"S2[A-Z]_MSIL1C_\w+")
_MULTIHASH_PREFIXES = {"MD5": "d50110", "SHA-256": "1220", "SHA3-256": "1620", "SHA3-512": "1440"}
"""Code and length of the hash, each a varint in hexadecimal (multiformats, multicodec table)."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the SAFE as its manifest lists it."""

    byte_size: int | None = None
    checksum: str | None = None
    """Multihash, lower-case hexadecimal."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says; None or empty where it is silent."""

    absolute_orbit: int | None = None
    steps: tuple[ProcessingStep, ...] = ()
    """Oldest first."""
    source_products: tuple[str, ...] = ()
    """Names of the Level-1C products that went into the processing, sorted."""
    files: Mapping[str, File] = field(default_factory=dict)
    """By path within the SAFE."""


def read_manifest(root: Element, *, source: str) -> Manifest:
    """The manifest of a product of either level.

    Raises:
        MetadataInvalid: a number or time does not parse or lies outside its range.

    Source: Standard Archive Format for Europe, Sentinel-SAFE core; XFDU (CCSDS 661.0-B-1).
    """
    processings = [part for last in children(root, f"{_WRAPPED}/processing") for part in _history(last)]
    return Manifest(
        absolute_orbit=_absolute_orbit(root, source),
        steps=tuple(_step(position, part, source) for position, part in enumerate(processings, 1)),
        source_products=_source_products(processings),
        files=dict(_files(root, source)),
    )


def _absolute_orbit(root: Element, source: str) -> int | None:
    text = optional_text(root, f"{_WRAPPED}/orbitReference/orbitNumber")
    return None if text is None else integer(text, "absolute_orbit", element="orbitNumber", source=source)


def _history(processing: Element) -> Iterator[Element]:
    """A processing after those that made its resources."""
    for earlier in children(processing, "resource/processing"):
        yield from _history(earlier)
    yield processing


def _step(position: int, processing: Element, source: str) -> ProcessingStep:
    software = child(processing, "facility/software", "software")
    return ProcessingStep(
        position=position,
        name=optional_attribute(processing, "name"),
        software=optional_attribute(software, "name"),
        software_version=optional_attribute(software, "version"),
        facility=optional_attribute(child(processing, "facility"), "name"),
        started_at=_time(processing, "start", source),
        ended_at=_time(processing, "stop", source),
    )


def _time(processing: Element, name: str, source: str) -> datetime | None:
    text = optional_attribute(processing, name)
    return None if text is None else utc_time(text, element=f"processing/@{name}", source=source)


def _source_products(processings: list[Element]) -> tuple[str, ...]:
    resources = [resource for processing in processings for resource in children(processing, "resource")]
    named = [_SOURCE_PRODUCT.search(resource.get("name") or "") for resource in resources]
    return tuple(sorted({match[0] for match in named if match}))


def _files(root: Element, source: str) -> Iterator[tuple[str, File]]:
    for stream in children(root, "dataObjectSection/dataObject/byteStream"):
        href = optional_attribute(child(stream, "fileLocation"), "href")
        if href is not None:
            yield href.removeprefix("./"), File(_byte_size(stream, source), _multihash(child(stream, "checksum")))


def _byte_size(stream: Element, source: str) -> int | None:
    text = optional_attribute(stream, "size")
    if text is None:
        return None
    return integer(text, "byte_size", element="byteStream/@size", source=source, record_class=Asset)


def _multihash(checksum: Element | None) -> str | None:
    """A checksum with the name of its algorithm in front; None for one whose algorithm has no code here."""
    prefix = _MULTIHASH_PREFIXES.get((optional_attribute(checksum, "checksumName") or "").upper())
    if checksum is None or prefix is None or not checksum.text:
        return None
    return prefix + checksum.text.strip().lower()

"""The metadata files of one SAFE, found and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.document import Document, Notice, Part
from ingest.errors import MetadataInvalid, MetadataMissing
from ingest.sentinel2.granule import Granule, read_granule
from ingest.sentinel2.manifest import Manifest, read_manifest
from ingest.sentinel2.user_product import UserProduct, read_user_product
from ingest.xml_document import Element, parse_xml

_PRODUCT = re.compile(r"(?:.*/)?MTD_MSIL(?:1C|2A)\.xml", re.IGNORECASE)
_GRANULE = re.compile(r"(?:.*/)?MTD_TL\.xml", re.IGNORECASE)
_MANIFEST = re.compile(r"(?:.*/)?manifest\.safe", re.IGNORECASE)
_FOLDER = re.compile(r"(?:^|[/\\!])(S2[A-Z]_(?:MSIL|OPER_PRD_|USER_PRD_)\w+?)(?:\.SAFE|\.zip)*(?=[/\\!]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """What the documents of a SAFE say; an absent one says nothing."""

    product_source: str
    """Where the product document stands, for errors."""
    product: UserProduct
    granule: Granule
    manifest: Manifest
    metadata_files: Mapping[str, str]
    """Paths within the SAFE by the key of the asset."""
    notices: tuple[Notice, ...]


def read_safe(document: Document) -> Safe:
    """The metadata files of a product.

    Raises:
        DocumentUnreadable: a file is not XML.
        MetadataMissing: the product document, or something in it that a scene cannot do without, is absent.
        MetadataInvalid: a value is out of range, or there are several granules.
    """
    product, granule, manifest = _product_part(document), _granule_part(document), _first(document, _MANIFEST)
    read = read_user_product(_root(document, product), source=_at(document, product))
    return Safe(
        product_source=_at(document, product),
        product=read,
        granule=Granule() if granule is None else read_granule(_root(document, granule), source=_at(document, granule)),
        manifest=(
            Manifest() if manifest is None else read_manifest(_root(document, manifest), source=_at(document, manifest))
        ),
        metadata_files=_paths(product_metadata=product, granule_metadata=granule, safe_manifest=manifest),
        notices=(*_absences(granule, manifest), *_other_name(document.source, read.identifier)),
    )


def _at(document: Document, part: Part) -> str:
    return f"{document.source}/{part.name}"


def _root(document: Document, part: Part) -> Element:
    return parse_xml(part.content, source=_at(document, part))


def _paths(**parts: Part | None) -> dict[str, str]:
    return {key: part.name for key, part in parts.items() if part is not None}


def _named(document: Document, name: re.Pattern[str]) -> list[Part]:
    """Parts with a name, those nearest to the root first."""
    found = [part for part in document.parts if name.fullmatch(part.name)]
    return sorted(found, key=lambda part: part.name.count("/"))


def _first(document: Document, name: re.Pattern[str]) -> Part | None:
    return next(iter(_named(document, name)), None)


def _product_part(document: Document) -> Part:
    part = _first(document, _PRODUCT)
    if part is None:
        reason = "is absent; give the product document of Level-1C or Level-2A"
        raise MetadataMissing(document.source, "MTD_MSIL*.xml", reason)
    return part


def _granule_part(document: Document) -> Part | None:
    """The tile's document; copies outside of ``GRANULE`` do not count where there is one inside."""
    found = _named(document, _GRANULE)
    inside = [part for part in found if part.name.upper().startswith("GRANULE/")] or found
    if len(inside) > 1:
        names = ", ".join(part.name for part in inside)
        reason = f"is there {len(inside)} times ({names}); split the product into one SAFE for each tile"
        raise MetadataInvalid(document.source, "MTD_TL.xml", reason)
    return inside[0] if inside else None


def _absences(granule: Part | None, manifest: Part | None) -> list[Notice]:
    notices = []
    if granule is None:
        notices.append(Notice("MTD_TL.xml", "is absent: angles, CRS and the tile's sensing time are unknown"))
    if manifest is None:
        notices.append(Notice("manifest.safe", "is absent: processing history, file sizes and checksums are unknown"))
    return notices


def _other_name(source: str, identifier: str) -> list[Notice]:
    folders = [match[1] for match in _FOLDER.finditer(source)]
    if not folders or folders[-1] == identifier:
        return []
    return [Notice("PRODUCT_URI", f"names {identifier}, the folder is {folders[-1]}; the former identifies the scene")]

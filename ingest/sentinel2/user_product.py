"""The product document of a SAFE, ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.errors import MetadataInvalid
from ingest.sentinel2.bands import SpectralInformation, file_name, micrometres
from ingest.sentinel2.cover import Cover, read_cover
from ingest.sentinel2.quality import read_quality_checks
from ingest.sentinel2.ring import polygon
from ingest.xml_document import (
    Element,
    child,
    children,
    local_name,
    optional_attribute,
    optional_integer,
    optional_number,
    optional_text,
    optional_time,
    required_text,
)
from ontology.records import Band, QualityCheck

_INFO = ("General_Info/Product_Info", "General_Info/L2A_Product_Info")
_CHARACTERISTICS = ("General_Info/Product_Image_Characteristics", "General_Info/L2A_Product_Image_Characteristics")
_FOOTPRINT = "Geometric_Info/Product_Footprint/Product_Footprint/Global_Footprint/EXT_POS_LIST"
_GRANULES = ("Granule_List/Granule", "Granule_List/Granules")
_ORGANISATIONS = ("Product_Organisation", "L2A_Product_Organisation")
_SUFFIXES = {"JPEG2000": ".jp2", "GeoTIFF": ".tif"}
"""By ``imageFormat``; GeoTIFF is what S2A_MSIL2A_20190212T192651_N0212 was reprocessed to."""
_IMAGES = ("IMAGE_FILE", "IMAGE_FILE_2A", "IMAGE_ID", "IMAGE_ID_2A")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProduct:
    """What the product document says; None or empty where it is silent."""

    identifier: str
    """Name of the SAFE without its suffix."""
    level: str
    """``1C`` or ``2A``."""
    polygon: Mapping[str, Any]
    """GeoJSON, longitude before latitude, degrees."""
    product_type: str | None
    baseline: str | None
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime | None
    datatake: str | None
    datatake_started_at: datetime | None
    datatake_type: str | None
    platform: str | None
    relative_orbit: int | None
    orbit_direction: str | None
    source_product: str | None
    """Name of the Level-1C product that a Level-2A product was made from, where it is named."""
    granule: str | None
    """Identifier of the tile."""
    images: tuple[str, ...]
    """Paths within the SAFE, with suffix."""
    preview_url: str | None
    cover: Cover
    quality_checks: tuple[QualityCheck, ...]
    spectral: Mapping[str, SpectralInformation]
    """By band name."""


def read_user_product(root: Element, *, source: str) -> UserProduct:
    """The product document of either level, of baselines from 02.01 on.

    Raises:
        MetadataMissing: product name or footprint is absent.
        MetadataInvalid: the document is of another kind, has several granules, or a value does not
            parse or lies outside its range.

    Source: Sentinel-2 Products Specification Document, user product metadata; the elements with ``2A``
    in their names are those of the pilot Level-2A production of 2017 (type ``S2MSI2Ap``).
    """
    info = _product_info(root, source)
    granules = _granules(info)
    datatake = child(info, "Datatake")
    return UserProduct(
        identifier=_product_name(required_text(info, "PRODUCT_URI", "PRODUCT_URI_2A", source=source)),
        level=_level(root, source),
        polygon=polygon(required_text(root, _FOOTPRINT, source=source), element="EXT_POS_LIST", source=source),
        product_type=optional_text(info, "PRODUCT_TYPE"),
        baseline=optional_text(info, "PROCESSING_BASELINE"),
        started_at=optional_time(info, "PRODUCT_START_TIME", source=source),
        ended_at=optional_time(info, "PRODUCT_STOP_TIME", source=source),
        created_at=optional_time(info, "GENERATION_TIME", source=source),
        datatake=optional_attribute(datatake, "datatakeIdentifier"),
        datatake_started_at=optional_time(info, "Datatake/DATATAKE_SENSING_START", source=source),
        datatake_type=optional_text(info, "Datatake/DATATAKE_TYPE"),
        platform=optional_text(info, "Datatake/SPACECRAFT_NAME"),
        relative_orbit=optional_integer(info, "Datatake/SENSING_ORBIT_NUMBER", source=source, field="relative_orbit"),
        orbit_direction=optional_text(info, "Datatake/SENSING_ORBIT_DIRECTION"),
        source_product=_source_product(info),
        granule=_only_granule(granules, source),
        images=tuple(image for granule in granules for image in _images(granule)),
        preview_url=_url(optional_text(info, "PREVIEW_IMAGE_URL")),
        cover=read_cover(root, source=source),
        quality_checks=read_quality_checks(root),
        spectral=_spectral(root, source),
    )


def _product_info(root: Element, source: str) -> Element:
    info = child(root, *_INFO)
    if info is None:
        raise MetadataInvalid(source, _INFO[0], "is absent: this is no product document of Sentinel-2")
    return info


def _level(root: Element, source: str) -> str:
    match = re.fullmatch(r"Level-(1C|2A)_User_Product", local_name(root))
    if match is None:
        raise MetadataInvalid(source, local_name(root), "is no product document of Level-1C or Level-2A")
    return match[1]


def _product_name(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2].removesuffix(".SAFE")


def _source_product(info: Element) -> str | None:
    name = optional_text(info, "PRODUCT_URI_1C")
    return None if name is None else _product_name(name)


def _granules(info: Element) -> list[Element]:
    """Every entry of the granule list; S2B_MSIL2A_20180327T105019 has one for each resolution of the same tile."""
    paths = [f"{organisation}/{path}" for organisation in _ORGANISATIONS for path in _GRANULES]
    return [granule for path in paths for granule in children(info, path)]


def _only_granule(granules: list[Element], source: str) -> str | None:
    names = {name for granule in granules if (name := optional_attribute(granule, "granuleIdentifier")) is not None}
    if len(names) > 1:
        reason = f"lists {len(names)} granules; split the product into one SAFE for each tile"
        raise MetadataInvalid(source, "Granule_List", reason)
    return next(iter(names), None)


def _images(granule: Element) -> list[str]:
    named = [(image.text or "").strip() for path in _IMAGES for image in children(granule, path)]
    folder = f"GRANULE/{optional_attribute(granule, 'granuleIdentifier')}/IMG_DATA/"
    suffix = _SUFFIXES.get(optional_attribute(granule, "imageFormat") or "", ".jp2")
    return [_with_suffix(name if "/" in name else folder + name, suffix) for name in named if name]


def _with_suffix(path: str, suffix: str) -> str:
    return path if "." in path.rpartition("/")[2] else path + suffix


def _url(text: str | None) -> str | None:
    """A preview's address; the producer writes ``Not applicable`` where there is none."""
    return text if text is not None and text.startswith(("http://", "https://")) else None


def _spectral(root: Element, source: str) -> dict[str, SpectralInformation]:
    characteristics = child(root, *_CHARACTERISTICS)
    if characteristics is None:
        return {}
    elements = children(characteristics, "Spectral_Information_List/Spectral_Information")
    return {
        file_name(band): _spectral_information(element, source)
        for element in elements
        if (band := optional_attribute(element, "physicalBand")) is not None
    }


def _spectral_information(element: Element, source: str) -> SpectralInformation:
    center_nm = optional_number(
        element, "Wavelength/CENTRAL", source=source, field="center_wavelength_um", record_class=Band
    )
    return SpectralInformation(
        center_wavelength_um=None if center_nm is None else micrometres(center_nm),
        resolution_m=optional_number(element, "RESOLUTION", source=source, field="resolution_m", record_class=Band),
    )

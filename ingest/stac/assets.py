"""Assets and bands of a STAC item, in the spellings of STAC 0.9 to 1.1."""

import re
from collections.abc import Mapping
from typing import Any

from ingest.stac.members import Members
from ontology import terms
from ontology.bounds import fault_of
from ontology.media_types import is_cloud_optimized
from ontology.records import Asset, Band

_PLAIN = {"href", "type", "title", "description"}
_EPSG = re.compile(r"EPSG:(\d+)", re.IGNORECASE)


def assets_of(item: Members) -> tuple[Asset, ...]:
    """The assets, sorted by key; one without an href is left out with a notice."""
    found = (_asset(key, value, item) for key, value in sorted(item.object("assets").items()))
    return tuple(asset for asset in found if asset is not None)


def _asset(key: str, value: Any, item: Members) -> Asset | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("href"), str):
        item.leave_out(f"assets.{key}", "has no href; left out of the record")
        return None
    asset = item.within(value, f"assets.{key}")
    media_type = asset.text("type")
    return Asset(
        key=key,
        href=value["href"],
        kind=terms.CLOUD_OPTIMIZED_ASSET if is_cloud_optimized(media_type) else terms.ASSET,
        title=asset.text("title"),
        media_type=media_type,
        # Most assets say no more; not to look for it takes a third off the mapping of an item.
        **({} if value.keys() <= _PLAIN else _measures(asset)),
    )


def _measures(asset: Members) -> dict[str, Any]:
    return {
        "roles": tuple(sorted(set(asset.texts("roles", "role")))),
        "bands": bands_of(asset),
        "byte_size": asset.integer(Asset, "byte_size", "file:size"),
        "checksum": _checksum(asset),
        "resolution_m": asset.number(Asset, "resolution_m", "gsd", "eo:gsd"),
        "epsg": epsg_of(asset),
    }


def _checksum(asset: Members) -> str | None:
    multihash = asset.text("file:checksum", "checksum:multihash")
    return None if multihash is None else multihash.lower()


def bands_of(owner: Members) -> tuple[Band, ...]:
    """The bands of an item or asset: ``bands`` of STAC 1.1, ``eo:bands`` before."""
    name, _ = owner.first(("bands", "eo:bands"))
    return tuple(
        _band(position, owner.within(band, f"{name}[{position - 1}]"))
        for position, band in enumerate(owner.objects("bands", "eo:bands"), 1)
    )


def _band(position: int, band: Members) -> Band:
    return Band(
        position=position,
        name=band.text("name"),
        common_name=band.text("eo:common_name", "common_name"),
        center_wavelength_um=band.number(Band, "center_wavelength_um", "eo:center_wavelength", "center_wavelength"),
        full_width_half_max_um=band.number(
            Band, "full_width_half_max_um", "eo:full_width_half_max", "full_width_half_max"
        ),
        resolution_m=band.number(Band, "resolution_m", "gsd"),
    )


def epsg_of(owner: Members) -> int | None:
    """The EPSG code of ``proj:code`` (projection extension 2.0), ``proj:epsg`` or ``eo:epsg``."""
    code = owner.text("proj:code")
    if code is None or (match := _EPSG.fullmatch(code)) is None:
        return owner.integer(Asset, "epsg", "proj:epsg", "eo:epsg")
    if (fault := fault_of(Asset, "epsg", number := int(match[1]))) is not None:
        owner.leave_out("proj:code", f"{fault}; left out of the record")
        return None
    return number

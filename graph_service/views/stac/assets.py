"""The files and bands of a record as STAC gives them."""

from collections.abc import Iterable
from typing import Any

from graph_service.views.stac.members import said
from ontology import terms
from ontology.records import Asset, Band


def stac_assets(assets: Iterable[Asset]) -> dict[str, dict[str, Any]]:
    """STAC assets by key.

    Source: STAC Item specification 1.1.0, asset object; File extension 2.1, Projection extension 2.0.
    """
    return {asset.key: _asset(asset) for asset in assets}


def _asset(asset: Asset) -> dict[str, Any]:
    return said(
        {
            "href": asset.href,
            "title": asset.title,
            "type": asset.media_type,
            "roles": list(asset.roles),
            "gsd": asset.resolution_m,
            "proj:code": projection_code(asset.epsg),
            "file:size": asset.byte_size,
            "file:checksum": asset.checksum,
            "bands": stac_bands(asset.bands),
            "orrery:kind": None if asset.kind == terms.ASSET else asset.kind.removeprefix(terms.ORR),
        }
    )


def stac_bands(bands: Iterable[Band]) -> list[dict[str, Any]]:
    """STAC bands in their order; wavelengths in micrometres.

    Source: STAC 1.1.0, common metadata, bands; Electro-Optical extension 2.0.
    """
    return [
        said(
            {
                "name": band.name,
                "gsd": band.resolution_m,
                "eo:common_name": band.common_name,
                "eo:center_wavelength": band.center_wavelength_um,
                "eo:full_width_half_max": band.full_width_half_max_um,
            }
        )
        for band in bands
    ]


def projection_code(epsg: int | None) -> str | None:
    """The code of a CRS as the Projection extension 2.0 writes it."""
    return None if epsg is None else f"EPSG:{epsg}"

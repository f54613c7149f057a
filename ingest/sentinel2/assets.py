"""The files of a Sentinel-2 product as assets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingest.sentinel2.bands import ORDER, VISUAL, numbered
from ingest.sentinel2.manifest import File
from ontology.records import Asset, Band

_IMAGE = re.compile(r"_(?P<layer>B\d[\dA]|TCI|AOT|WVP|SCL|CLD|SNW|DDV)(?:_(?P<resolution>\d+)m)?\.\w+$")
_TITLES = {
    "AOT": "Aerosol optical thickness",
    "CLD": "Cloud confidence",
    "DDV": "Dense dark vegetation",
    "SCL": "Scene classification",
    "SNW": "Snow confidence",
    "TCI": "True colour image",
    "WVP": "Water vapour",
}
_MEDIA_TYPES = {"jp2": "image/jp2", "tif": "image/tiff; application=geotiff"}
_XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Package:
    """The SAFE that files lie in."""

    name: str
    """Name of the product; the folder's adds ``.SAFE``."""
    files: Mapping[str, File]
    """By path within the SAFE."""

    def image(self, path: str, key: str, role: str) -> Asset:
        """A picture by its path within the SAFE, with size and checksum where the manifest lists it."""
        return self._file(path, key, role, _MEDIA_TYPES.get(path.rpartition(".")[2].lower()))

    def metadata(self, path: str, key: str) -> Asset:
        """A metadata file by its path within the SAFE."""
        return self._file(path, key, "metadata", _XML)

    def _file(self, path: str, key: str, role: str, media_type: str | None) -> Asset:
        file = self.files.get(path, File())
        return Asset(
            key=key,
            href=f"{self.name}.SAFE/{path}",
            media_type=media_type,
            roles=(role,),
            byte_size=file.byte_size,
            checksum=file.checksum,
        )


def image_asset(path: str, package: Package, bands: Mapping[str, Band], *, epsg: int | None) -> Asset:
    """An image of the product.

    Args:
        path: within the SAFE; its end names the layer and, in Level-2A, the resolution.
        package: the SAFE.
        bands: every band of the satellite by name, in native resolution.
        epsg: CRS of the tile.

    Returns:
        An asset with the key ``B02_10m`` in Level-2A, ``B02`` in Level-1C, and the file's own name for
        an image of neither form.
    """
    match = _IMAGE.search(path)
    if match is None:
        return replace(package.image(path, path.rpartition("/")[2].partition(".")[0], "data"), epsg=epsg)
    layer, resolution_m = match["layer"], _resolution_m(match, bands)
    key = layer if match["resolution"] is None else f"{layer}_{match['resolution']}m"
    return replace(
        package.image(path, key, "visual" if layer == "TCI" else "data"),
        title=_TITLES.get(layer),
        bands=numbered(replace(bands[name], resolution_m=resolution_m) for name in _layer_bands(layer)),
        resolution_m=resolution_m,
        epsg=epsg,
    )


def _resolution_m(match: re.Match[str], bands: Mapping[str, Band]) -> float | None:
    if match["resolution"] is not None:
        return float(match["resolution"])
    names = _layer_bands(match["layer"])
    return bands[names[0]].resolution_m if names else None


def _layer_bands(layer: str) -> tuple[str, ...]:
    return VISUAL if layer == "TCI" else tuple(name for name in ORDER if name == layer)


def bands_shown(assets: tuple[Asset, ...], bands: Mapping[str, Band]) -> tuple[Band, ...]:
    """The bands that images hold by themselves, in native resolution, numbered in the order of ``bandId``."""
    shown = {asset.bands[0].name for asset in assets if len(asset.bands) == 1}
    return numbered(band for name, band in bands.items() if name in shown)

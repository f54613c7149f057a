"""The bands of Sentinel-2's instrument and the images that a product lists."""

from dataclasses import dataclass

from ingest.synthetic.scene import Level


@dataclass(frozen=True, slots=True)
class SpectralBand:
    name: str
    """As file names carry it."""
    resolution_m: int
    central_nm: float
    width_nm: float
    irradiance: float
    """Of the sun, W/m²/µm."""

    @property
    def physical_name(self) -> str:
        """As the metadata carry it: ``B1``."""
        return self.name.replace("B0", "B")


# Sentinel-2 User Handbook, spectral bands, rounded.
BANDS = (
    SpectralBand("B01", 60, 442.7, 20, 1884.7),
    SpectralBand("B02", 10, 492.7, 65, 1959.7),
    SpectralBand("B03", 10, 559.8, 35, 1823.2),
    SpectralBand("B04", 10, 664.6, 30, 1512.1),
    SpectralBand("B05", 20, 704.1, 14, 1424.6),
    SpectralBand("B06", 20, 740.5, 14, 1287.6),
    SpectralBand("B07", 20, 782.8, 19, 1162.1),
    SpectralBand("B08", 10, 832.8, 105, 1041.6),
    SpectralBand("B8A", 20, 864.7, 21, 955.3),
    SpectralBand("B09", 60, 945.1, 19, 812.9),
    SpectralBand("B10", 60, 1373.5, 29, 367.2),
    SpectralBand("B11", 20, 1613.7, 90, 245.6),
    SpectralBand("B12", 20, 2202.4, 174, 85.3),
)

_LAYERS = {
    10: ("B02", "B03", "B04", "B08", "TCI", "AOT", "WVP"),
    20: ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12", "TCI", "AOT", "WVP", "SCL"),
    60: ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B09", "B11", "B12", "TCI", "AOT", "WVP", "SCL"),
}


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a product of the real archive would hold."""

    layer: str
    resolution_m: int
    path: str
    """Below the granule's folder, without ``.jp2``."""


def images(level: Level, stem: str) -> tuple[Image, ...]:
    """The images of a product in the order of its metadata."""
    if level == "1C":
        named = [(band.name, band.resolution_m) for band in BANDS] + [("TCI", 10)]
        return tuple(Image(layer, metres, f"IMG_DATA/{stem}_{layer}") for layer, metres in named)
    return tuple(
        Image(layer, metres, f"IMG_DATA/R{metres}m/{stem}_{layer}_{metres}m")
        for metres, layers in _LAYERS.items()
        for layer in layers
    )

"""The thirteen bands of the MultiSpectral Instrument.

Source: Sentinel-2 Products Specification Document, physical bands; ESA, Sentinel-2 MSI
technical guide, radiometric resolution (wavelengths of 2A and 2B); STAC EO extension (common names).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ontology.records import Band


@dataclass(frozen=True, slots=True)
class Response:
    """Where a band of one satellite sees."""

    center_wavelength_um: float
    full_width_half_max_um: float


ORDER = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
"""Names as in file names, in the order of ``bandId``."""

VISUAL = ("B04", "B03", "B02")
"""Bands of the true colour image, red first."""

_COMMON = dict(
    zip(
        ORDER,
        ("coastal", "blue", "green", "red", "rededge", "rededge", "rededge", "nir", "nir08", "nir09", "cirrus",
         "swir16", "swir22"),
        strict=True,
    )
)  # fmt: skip
_RESOLUTION_M = dict(zip(ORDER, (60, 10, 10, 10, 20, 20, 20, 10, 20, 60, 60, 20, 20), strict=True))


def _responses(centers_nm: tuple[float, ...], widths_nm: tuple[float, ...]) -> dict[str, Response]:
    return {
        name: Response(micrometres(center), micrometres(width))
        for name, center, width in zip(ORDER, centers_nm, widths_nm, strict=True)
    }


def micrometres(nanometres: float) -> float:
    """A wavelength in micrometres, with the decimals that it had in nanometres."""
    return round(nanometres / 1000, 9)


_RESPONSES: Mapping[str, Mapping[str, Response]] = {
    "sentinel-2a": _responses(
        (442.7, 492.4, 559.8, 664.6, 704.1, 740.5, 782.8, 832.8, 864.7, 945.1, 1373.5, 1613.7, 2202.4),
        (21, 66, 36, 31, 15, 15, 20, 106, 21, 20, 31, 91, 175),
    ),
    "sentinel-2b": _responses(
        (442.2, 492.1, 559.0, 664.9, 703.8, 739.1, 779.7, 832.9, 864.0, 943.2, 1376.9, 1610.4, 2185.7),
        (21, 66, 36, 31, 16, 15, 20, 106, 22, 21, 30, 94, 185),
    ),
}


@dataclass(frozen=True, slots=True)
class SpectralInformation:
    """What a product says of one band."""

    center_wavelength_um: float | None = None
    resolution_m: float | None = None


def file_name(physical_band: str) -> str:
    """A band's name in file names by its physical name: ``B1`` is ``B01``, ``B8A`` stays."""
    return re.sub(r"^B(\d)$", r"B0\1", physical_band.strip().upper())


def band_table(platform: str | None, said: Mapping[str, SpectralInformation]) -> dict[str, Band]:
    """Every band of a satellite by name, positioned by ``bandId``, in its native resolution.

    Args:
        platform: normalised name; wavelengths that the product does not give are None where it is unknown.
        said: what the product gives, by band name; it goes before the published values.
    """
    responses = _RESPONSES.get(platform or "", {})
    return {
        name: _band(position, name, responses.get(name), said.get(name, SpectralInformation()))
        for position, name in enumerate(ORDER, 1)
    }


def _band(position: int, name: str, published: Response | None, said: SpectralInformation) -> Band:
    center = published.center_wavelength_um if published else None
    return Band(
        position=position,
        name=name,
        common_name=_COMMON[name],
        center_wavelength_um=center if said.center_wavelength_um is None else said.center_wavelength_um,
        full_width_half_max_um=published.full_width_half_max_um if published else None,
        resolution_m=_RESOLUTION_M[name] if said.resolution_m is None else said.resolution_m,
    )


def numbered(bands: Iterable[Band]) -> tuple[Band, ...]:
    """Bands positioned from 1 in the order in which they come."""
    return tuple(replace(band, position=position) for position, band in enumerate(bands, 1))

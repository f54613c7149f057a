"""Instruments by the names that producers give them: how each is spelt, and what kind it is."""

from collections.abc import Iterable, Mapping

from ontology import terms

_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "etm+": ("etm",),
    "csar": ("c-sar",),
    "sar-c": ("c-sar",),
    "oli-2": ("oli",),
    "tirs-2": ("tirs",),
    # How USGS names the pair that is on every Landsat from 8 on.
    "oli_tirs": ("oli", "tirs"),
}
"""Names of one instrument, or of several at once, that are not the catalogue's own."""

_GENERIC: Mapping[tuple[str, str], str] = {("sentinel-1", "sar"): "c-sar"}
"""Names that tell the instrument on the satellites of one constellation alone."""

_OPTICAL = frozenset(
    (
        "msi", "oli", "tirs", "tm", "etm", "mss", "olci", "slstr", "meris", "modis", "viirs", "avhrr", "aster",
        "aeiss", "aeiss-a", "naomi", "phr-1a", "phr-1b", "psb.sd", "ps2", "ps2.sd",
    )
)  # fmt: skip
_SAR = frozenset(("c-sar", "x-sar", "l-sar", "asar", "palsar", "palsar-2", "sar"))
_ATMOSPHERIC = frozenset(("tropomi", "omi", "gome-2", "sciamachy"))
_ALTIMETERS = frozenset(("sral", "poseidon-3", "poseidon-4"))

_SCENES = {
    terms.SAR_SCENE: _SAR,
    terms.OPTICAL_SCENE: _OPTICAL,
    terms.ATMOSPHERIC_SCENE: _ATMOSPHERIC,
    terms.ALTIMETRY_SCENE: _ALTIMETERS,
}


def instrument_names(names: Iterable[str], carrier: str | None) -> tuple[str, ...]:
    """The instruments that producers' names stand for, each by its normalised name, sorted.

    Args:
        names: in any spelling; one can stand for several instruments (``OLI_TIRS``).
        carrier: normalised name of the satellite; None where it is unknown.
    """
    return tuple(sorted({one for name in names for one in _spelt(name.strip().lower(), carrier or "")}))


def _spelt(name: str, carrier: str) -> tuple[str, ...]:
    for (constellation, generic), instrument in _GENERIC.items():
        if name == generic and carrier.startswith(constellation):
            return (instrument,)
    return _SPELLINGS.get(name, (name,))


def instrument_kind(name: str) -> str:
    """The most specific class of the instruments with a normalised name.

    Radiometers of the infrared are optical; altimeters and spectrometers of the
    atmosphere are neither that nor imaging radars.

    Source: CEOS Earth Observation Handbook, table of instruments.
    """
    if name in _OPTICAL:
        return terms.OPTICAL_INSTRUMENT
    return terms.SAR_INSTRUMENT if name in _SAR else terms.INSTRUMENT


def scene_kind(instruments: tuple[str, ...]) -> str | None:
    """The class of the scenes that instruments of one kind take; None for unknown ones and for several kinds."""
    if not instruments:
        return None
    return next((kind for kind, names in _SCENES.items() if names.issuperset(instruments)), None)

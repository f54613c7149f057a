"""What the name of a Sentinel-2 product tells of the scene behind a derived item.

DaFab's derived items name their source and say nothing else of it; the naming
convention of the products (Sentinel-2 Products Specification Document, compact
naming) gives satellite, level, orbit and tile.
"""

import re
from typing import Any

from ingest.references import References

_NAME = re.compile(
    r"(?P<satellite>S2[A-Z])_MSI(?P<level>L\w\w)_\d{8}T\d{6}_N\d{4}_R(?P<orbit>\d{3})_T(?P<tile>\d{2}[A-Z]{3})_\d{8}T\d{6}"
)


def source_fields(identifier: str, references: References) -> dict[str, Any]:
    """Fields of a derived scene that its identifier tells; none where it follows no known convention.

    Args:
        identifier: of the derived item, ``{source}_{collection}_{version}``.
        references: that IRIs are taken from.
    """
    match = _NAME.match(identifier)
    if match is None:
        return {}
    satellite = f"sentinel-{match['satellite'][1:].lower()}"
    return {
        "platform": references.platform(satellite),
        "instruments": references.instruments(satellite, ("msi",)),
        "relative_orbit": int(match["orbit"]),
        "tile": references.tile(f"MGRS-{match['tile']}"),
    }

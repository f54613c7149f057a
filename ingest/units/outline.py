"""The outline of a territory: as a footprint, but mended where generalising made it cross itself."""

from typing import Any

import shapely

from ingest.document import Notice
from ingest.errors import FootprintInvalid
from ingest.footprints import footprint_of


def outline_of(geometry: Any, source: str, notices: list[Notice]) -> str:
    """The outline that a GeoJSON geometry draws, as WKT in CRS84.

    Args:
        geometry: the decoded GeoJSON object; positions are (longitude, latitude), degrees.
        source: document, for errors.
        notices: that notices are added to.

    Raises:
        MetadataMissing: there is no geometry.
        FootprintInvalid: it is none, or leaves the globe, as files in metres of a projection do.
    """
    try:
        wkt, found = footprint_of(geometry, source=source)
    except FootprintInvalid:
        wkt, found = footprint_of(_mended(geometry), source=source)
        found = (*found, Notice("geometry", "crosses itself; taken without the loops that generalising left"))
    notices.extend(found)
    return wkt


def _mended(geometry: Any) -> Any:
    """The geometry made valid where it can be drawn at all; else as it is, to be refused for what it is."""
    try:
        drawn = shapely.geometry.shape(geometry)
        if shapely.is_valid(drawn):
            return geometry
        return shapely.geometry.mapping(shapely.make_valid(drawn, method="structure", keep_collapsed=False))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return geometry

"""The document of a tile, ``MTD_TL.xml``."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ingest.document import Notice
from ingest.sentinel2.cover import Cover, read_cover
from ingest.xml_document import (
    Element,
    child,
    children,
    integer,
    local_name,
    number,
    optional_text,
    optional_time,
    require_within,
)

_SUN = "Geometric_Info/Tile_Angles/Mean_Sun_Angle"
_VIEWS = (
    "Geometric_Info/Tile_Angles/Mean_Viewing_Incidence_Angle_List/Mean_Viewing_Incidence_Angle",
    "Geometric_Info/Tile_Angles/Mean_Viewing_Incidence_Angle",
)
_CRS = "Geometric_Info/Tile_Geocoding/HORIZONTAL_CS_CODE"


@dataclass(frozen=True, slots=True)
class View:
    """The direction from the ground to the satellite, degrees, over all bands."""

    zenith: float
    azimuth: float
    """Clockwise from north."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granule:
    """What a tile's document says; None where it is silent."""

    tile_id: str | None = None
    sensed_at: datetime | None = None
    archiving_centre: str | None = None
    archived_at: datetime | None = None
    epsg: int | None = None
    sun_elevation: float | None = None
    """Degrees above the horizon."""
    sun_azimuth: float | None = None
    """Degrees clockwise from north."""
    view: View | None = None
    cover: Cover = field(default_factory=Cover)
    preview: str | None = None
    """Path within the SAFE, with suffix where the document writes it."""
    notices: tuple[Notice, ...] = ()


def read_granule(root: Element, *, source: str) -> Granule:
    """A tile of either level.

    Args:
        root: root of ``MTD_TL.xml``.
        source: path or URL of the document, repeated in every error.

    Raises:
        MetadataInvalid: a value does not parse or lies outside its range.

    Source: Sentinel-2 Products Specification Document, tile metadata.
    """
    sun = child(root, _SUN)
    elevation = _sun_elevation(sun, source)
    azimuth = _angle(sun, "AZIMUTH_ANGLE", "sun_azimuth", source)
    views = [_view(element, source) for path in _VIEWS for element in children(root, path)]
    seen = [view for view in views if view is not None]
    return Granule(
        tile_id=optional_text(root, "General_Info/TILE_ID", "General_Info/TILE_ID_2A"),
        sensed_at=optional_time(root, "General_Info/SENSING_TIME", source=source),
        archiving_centre=optional_text(root, "General_Info/Archiving_Info/ARCHIVING_CENTRE"),
        archived_at=optional_time(root, "General_Info/Archiving_Info/ARCHIVING_TIME", source=source),
        epsg=_epsg(root, source),
        sun_elevation=elevation,
        sun_azimuth=azimuth,
        view=mean_view(seen),
        cover=read_cover(root, source=source),
        preview=optional_text(root, "Quality_Indicators_Info/PVI_FILENAME"),
        notices=tuple(_unknown_angles(sun, elevation is not None and azimuth is not None, len(views) - len(seen))),
    )


def _epsg(root: Element, source: str) -> int | None:
    text = optional_text(root, _CRS)
    if text is None:
        return None
    return integer(text.upper().removeprefix("EPSG:"), "epsg", element=_CRS, source=source)


def _angle(parent: Element | None, name: str, record_field: str | None, source: str) -> float | None:
    """A mean angle in degrees, None where it is absent or NaN.

    NaN is how the producer says that there is nothing to average: bands that miss the sliver shown by
    S2B_MSIL2A_20220413T150759_N0400_R025_T33XWJ. Elsewhere in the documents it is an error.
    """
    text = None if parent is None else optional_text(parent, name)
    if parent is None or text is None or text.lower() == "nan":
        return None
    element = f"{local_name(parent)}/{name}"
    value = number(text, element=element, source=source)
    if record_field is not None:
        require_within(value, record_field, element=element, source=source)
    return value


def _sun_elevation(sun: Element | None, source: str) -> float | None:
    zenith = _angle(sun, "ZENITH_ANGLE", None, source)
    if zenith is None:
        return None
    require_within(90 - zenith, "sun_elevation", element="90 degrees - Mean_Sun_Angle/ZENITH_ANGLE", source=source)
    return 90 - zenith


def _view(element: Element, source: str) -> View | None:
    zenith = _angle(element, "ZENITH_ANGLE", "incidence_angle", source)
    azimuth = _angle(element, "AZIMUTH_ANGLE", "view_azimuth", source)
    return None if zenith is None or azimuth is None else View(zenith, azimuth)


def _unknown_angles(sun: Element | None, sun_known: bool, unseen_bands: int) -> Iterator[Notice]:
    if sun is not None and not sun_known:
        yield Notice("Mean_Sun_Angle", "gives no angles; the sun's place is unknown")
    if unseen_bands:
        yield Notice("Mean_Viewing_Incidence_Angle", f"gives no angles for {unseen_bands} bands, which are left out")


def mean_view(views: list[View]) -> View | None:
    """The mean of several directions, None of none; azimuths are averaged on the circle, as 359 and 1 give 0."""
    if not views:
        return None
    east = math.fsum(math.sin(math.radians(view.azimuth)) for view in views)
    north = math.fsum(math.cos(math.radians(view.azimuth)) for view in views)
    zenith = math.fsum(view.zenith for view in views) / len(views)
    return View(zenith, math.degrees(math.atan2(east, north)) % 360)


def tile_code(*identifiers: str | None) -> str | None:
    """The grid code within the first identifier that has one: ``..._T01WCP_...`` gives ``MGRS-01WCP``.

    The zone keeps its leading zero, as in the product's own name.
    """
    code = _first(r"_T(\d{2}[A-Z]{3})(?![0-9A-Z])", identifiers)
    return None if code is None else f"MGRS-{code}"


def absolute_orbit(*identifiers: str | None) -> int | None:
    """The orbit number within the first identifier that has one: ``..._A041826_...`` gives 41826."""
    digits = _first(r"_A(\d{6})(?![0-9A-Z])", identifiers)
    return None if digits is None else int(digits)


def processing_centre(tile_id: str | None) -> str | None:
    """The site that made a tile, four characters padded with underscores: ``..._TL_SGS__2018...`` gives ``SGS``."""
    site = _first(r"_TL_([0-9A-Z_]{4})_", (tile_id,))
    return None if site is None else site.rstrip("_")


def _first(pattern: str, identifiers: tuple[str | None, ...]) -> str | None:
    matches = (re.search(pattern, identifier) for identifier in identifiers if identifier)
    return next((match[1] for match in matches if match), None)

"""The metadata of a product's one tile, ``MTD_TL.xml`` (PSD, granule metadata)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import atan, degrees

from lxml import etree

from ingest.synthetic.revisit import Acquisition
from ingest.synthetic.river import EDGE_M, EPSG, degrees_from_metres
from ingest.synthetic.safe.bands import BANDS
from ingest.synthetic.safe.classification import cover_elements
from ingest.synthetic.safe.markup import E, document, psd_root, psd_vocabulary
from ingest.synthetic.scene import CENTRE, Product, iso_time
from ingest.synthetic.sun import SunPosition, sun_position

_STEP_M = 55_000
"""Between the nodes of the angle grids, which have 23 × 23 nodes 5000 m apart in a real product and 3 × 3 here."""
_STEPS = range(3)
_HEIGHT_M = 786_000


def granule_document(product: Product) -> bytes:
    """The document about a product's tile."""
    schema = f"S2_PDI_Level-{product.level}_Tile_Metadata.xsd"
    n1 = psd_vocabulary(schema)
    root = psd_root(n1, f"Level-{product.level}_Tile_ID")
    root.extend(
        (
            n1("General_Info", *_general(product)),
            n1("Geometric_Info", _geocoding(product), _angles(product.scene.acquisition)),
            n1("Quality_Indicators_Info", *_quality(product), metadataLevel="Standard"),
        )
    )
    return document(root)


def _general(product: Product) -> Iterable[etree._Element]:
    if product.level == "2A":
        yield E("L1C_TILE_ID", replace(product, level="1C").tile_identifier, metadataLevel="Brief")
    yield E("TILE_ID", product.tile_identifier, metadataLevel="Brief")
    yield E("DATASTRIP_ID", product.datastrip_identifier, metadataLevel="Standard")
    yield E("DOWNLINK_PRIORITY", "NOMINAL", metadataLevel="Standard")
    yield E("SENSING_TIME", iso_time(product.scene.acquisition.sensed_at), metadataLevel="Standard")
    archived = E("ARCHIVING_TIME", iso_time(product.generated_at))
    yield E("Archiving_Info", E("ARCHIVING_CENTRE", CENTRE), archived, metadataLevel="Expertise")


def _geocoding(product: Product) -> etree._Element:
    tile = product.scene.acquisition.tile
    sizes = (
        E("Size", E("NROWS", str(EDGE_M // metres)), E("NCOLS", str(EDGE_M // metres)), resolution=str(metres))
        for metres in (10, 20, 60)
    )
    positions = (
        E(
            "Geoposition",
            E("ULX", str(tile.west_m)),
            E("ULY", str(tile.north_m)),
            E("XDIM", str(metres)),
            E("YDIM", str(-metres)),
            resolution=str(metres),
        )
        for metres in (10, 20, 60)
    )
    name = E("HORIZONTAL_CS_NAME", f"WGS84 / UTM zone {EPSG % 100}N")
    code = E("HORIZONTAL_CS_CODE", f"EPSG:{EPSG}")
    return E("Tile_Geocoding", name, code, *sizes, *positions, metadataLevel="Brief")


def _angles(seen: Acquisition) -> etree._Element:
    centre = EDGE_M / 2
    sun = _sun(seen, centre, centre)
    view_zenith, view_azimuth = _view(seen, centre, centre)
    return E(
        "Tile_Angles",
        _grid(
            "Sun_Angles_Grid",
            lambda east, south: _sun(seen, east, south).zenith,
            lambda east, south: _sun(seen, east, south).azimuth,
        ),
        _angle("Mean_Sun_Angle", sun.zenith, sun.azimuth),
        *(_viewing_grid(seen, str(number)) for number in range(len(BANDS))),
        E(
            "Mean_Viewing_Incidence_Angle_List",
            *(
                _angle("Mean_Viewing_Incidence_Angle", view_zenith, view_azimuth, bandId=str(number))
                for number in range(len(BANDS))
            ),
        ),
        metadataLevel="Standard",
    )


def _viewing_grid(seen: Acquisition, band: str) -> etree._Element:
    grid = _grid(
        "Viewing_Incidence_Angles_Grids",
        lambda east, south: _view(seen, east, south)[0],
        lambda east, south: _view(seen, east, south)[1],
    )
    grid.set("bandId", band)
    grid.set("detectorId", "6")
    return grid


_AngleAt = Callable[[float, float], float]
"""An angle in degrees at a place, metres east and south of the tile's upper left corner."""


def _grid(name: str, zenith: _AngleAt, azimuth: _AngleAt) -> etree._Element:
    return E(name, _values("Zenith", zenith), _values("Azimuth", azimuth))


def _values(name: str, angle_at: _AngleAt) -> etree._Element:
    rows = (" ".join(f"{angle_at(column * _STEP_M, row * _STEP_M):.4f}" for column in _STEPS) for row in _STEPS)
    return E(
        name,
        E("COL_STEP", str(_STEP_M), unit="m"),
        E("ROW_STEP", str(_STEP_M), unit="m"),
        E("Values_List", *(E("VALUES", row) for row in rows)),
    )


def _angle(name: str, zenith: float, azimuth: float, **attributes: str) -> etree._Element:
    return E(
        name,
        E("ZENITH_ANGLE", f"{zenith:.10f}", unit="deg"),
        E("AZIMUTH_ANGLE", f"{azimuth:.10f}", unit="deg"),
        **attributes,
    )


def _sun(seen: Acquisition, east: float, south: float) -> SunPosition:
    longitude, latitude = degrees_from_metres().transform(seen.tile.west_m + east, seen.tile.north_m - south)
    return sun_position(seen.sensed_at, longitude=longitude, latitude=latitude)


def _view(seen: Acquisition, east: float, south: float) -> tuple[float, float]:
    """Zenith and azimuth, in degrees, of the satellite seen from the ground: to the west or the east of it."""
    northing = seen.tile.north_m - south
    beside_m = seen.tile.west_m + east - seen.track.easting_at(northing)
    return degrees(atan(abs(beside_m) / _HEIGHT_M)), 286.0 if beside_m > 0 else 106.0


def _quality(product: Product) -> Iterable[etree._Element]:
    if product.level == "2A":
        yield E("Image_Content_QI", *cover_elements(product.scene, of_tile=True))
    else:
        yield E(
            "Image_Content_QI",
            E("CLOUDY_PIXEL_PERCENTAGE", str(product.scene.cloud_cover)),
            E("DEGRADED_MSI_DATA_PERCENTAGE", "0"),
            E("SNOW_PIXEL_PERCENTAGE", str(product.scene.snow_cover)),
        )
    folder = f"{product.granule}/QI_DATA"
    masks = (
        E("MASK_FILENAME", f"{folder}/MSK_DETFOO_{band.name}.jp2", bandId=str(number), type="MSK_DETFOO")
        for number, band in enumerate(BANDS)
    )
    yield E("Pixel_Level_QI", *masks, geometry="FULL_RESOLUTION")
    yield E("PVI_FILENAME", f"{folder}/{product.image_stem}_PVI.jp2")

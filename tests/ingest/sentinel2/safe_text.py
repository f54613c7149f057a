"""SAFE metadata as Sentinel-2 products have them, written from scratch.

Source: Sentinel-2 Products Specification Document. ``old`` writes the dialect of baseline
02.01 (quality flags as elements, no spectral information), ``new`` that of 05.11.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ingest.document import Document, Part

_PSD = "https://psd-{version}.sentinel2.eo.esa.int/PSD"
_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
_L2A_IMAGES = {
    "10": ("B02", "B03", "B04", "B08", "TCI", "AOT", "WVP"),
    "20": ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12", "TCI", "AOT", "WVP", "SCL"),
    "60": ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B09", "B11", "B12", "TCI", "AOT", "WVP", "SCL"),
}
_CHECKS = ("FORMAT_CORRECTNESS", "GENERAL_QUALITY", "GEOMETRIC_QUALITY", "RADIOMETRIC_QUALITY", "SENSOR_QUALITY")
RING = "41.55 22.66 41.57 23.98 40.58 23.99 40.56 22.69 41.55 22.66"
"""Latitude, longitude; a tile in Macedonia."""


def tag(name: str, content: str | None, /, **attributes: str) -> str:
    """An element, or nothing for content None."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return "" if content is None else f"<{name}{written}>{content}</{name}>\n"


@dataclass(frozen=True, kw_only=True)
class SafeText:
    """One product of a tile; a text that is None leaves its element out."""

    level: str = "2A"
    dialect: str = "new"
    satellite: str | None = "Sentinel-2B"
    name: str | None = "S2B_MSIL2A_20240812T092029_N0511_R093_T34TGL_20240812T121340"
    start: str | None = "2024-08-12T09:20:29.024Z"
    stop: str | None = "2024-08-12T09:20:29.024Z"
    datatake_start: str | None = "2024-08-12T09:20:29.024Z"
    sensed: str | None = "2024-08-12T09:27:13.523876Z"
    generated: str | None = "2024-08-12T12:13:40.000000Z"
    baseline: str | None = "05.11"
    direction: str | None = "DESCENDING"
    relative_orbit: str | None = "93"
    ring: str | None = RING
    cloud_assessment: str | None = "12.500000000000002"
    cloud: str | None = "12.5"
    snow: str | None = "0.25"
    water: str | None = "3.5"
    vegetation: str | None = "61.75"
    no_data: str | None = "7.0E-6"
    sun_zenith: str | None = "29.5"
    sun_azimuth: str | None = "148.25"
    views: tuple[tuple[str, str], ...] = (("8.0", "359.0"), ("9.0", "1.0"))
    crs: str | None = "EPSG:32634"
    tile_id: str | None = "S2B_OPER_MSI_L2A_TL_2BPS_20240812T121340_A038824_T34TGL_N05.11"
    preview: str | None = "GRANULE/L2A_T34TGL_A038824_20240812T092713/QI_DATA/T34TGL_20240812T092029_PVI.jp2"
    preview_url: str | None = "Not applicable"
    source_product: str | None = None
    image_format: str = "JPEG2000"
    outcomes: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_CHECKS, "PASSED"))
    extra_granule: str | None = None

    @property
    def folder(self) -> str:
        """The tile's folder."""
        return f"GRANULE/L{self.level}_T34TGL_A038824_20240812T092713"

    @property
    def images(self) -> list[str]:
        """Paths without suffix, as IMAGE_FILE has them."""
        stem = "T34TGL_20240812T092029"
        if self.level == "1C":
            return [f"{self.folder}/IMG_DATA/{stem}_{layer}" for layer in (*_BANDS, "TCI")]
        return [
            f"{self.folder}/IMG_DATA/R{resolution}m/{stem}_{layer}_{resolution}m"
            for resolution, layers in _L2A_IMAGES.items()
            for layer in layers
        ]

    def product(self) -> str:
        """``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``."""
        image_files = "".join(tag("IMAGE_FILE", path) for path in self.images)
        granules = tag("Granule", image_files, granuleIdentifier=self.tile_id or "", imageFormat=self.image_format)
        granules += tag(
            "Granule", self.extra_granule, granuleIdentifier="S2B_OPER_MSI_L2A_TL_2BPS_A038824_T34TGM_N05.11"
        )
        info = tag("Product_Info", self._info() + _wrapped("Product_Organisation/Granule_List", granules))
        ring = tag("EXT_POS_LIST", self.ring)
        return self._document(
            f"Level-{self.level}_User_Product",
            tag("n1:General_Info", info + tag("Product_Image_Characteristics", self._spectral())),
            tag("n1:Geometric_Info", _wrapped("Product_Footprint/Product_Footprint/Global_Footprint", ring)),
            tag("n1:Quality_Indicators_Info", tag("Cloud_Coverage_Assessment", self.cloud_assessment) + self._checks()),
        )

    def granule(self) -> str:
        """``MTD_TL.xml``."""
        archiving = tag("ARCHIVING_CENTRE", "SGS_") + tag("ARCHIVING_TIME", "2024-08-12T13:00:00.5Z")
        identity = tag("TILE_ID", self.tile_id, metadataLevel="Brief") + tag("SENSING_TIME", self.sensed)
        geocoding = tag("Tile_Geocoding", tag("HORIZONTAL_CS_CODE", self.crs))
        quality = tag("Image_Content_QI", self._content()) + tag("PVI_FILENAME", self.preview)
        return self._document(
            f"Level-{self.level}_Tile_ID",
            tag("n1:General_Info", identity + tag("Archiving_Info", archiving)),
            tag("n1:Geometric_Info", geocoding + tag("Tile_Angles", self._angles())),
            tag("n1:Quality_Indicators_Info", quality),
        )

    def manifest(self, processing: str | None = None) -> str:
        """``manifest.safe`` with one processing unless another is given."""
        name = f"Generation of Level-{self.level} User Product"
        usual = tag("safe:processing", "", name=name, start="2024-08-12T12:13:40.000000Z")
        orbit = '<safe:orbitReference><safe:orbitNumber type="start">038824</safe:orbitNumber></safe:orbitReference>'
        files = "".join(
            _data_object(f"./{path}.jp2", size, "SHA3-256", f"{size:064X}") for size, path in enumerate(self.images, 1)
        )
        return (
            '<xfdu:XFDU xmlns:safe="http://www.esa.int/safe/sentinel/1.1" xmlns:xfdu="urn:ccsds:schema:xfdu:1">'
            f"<metadataSection>{_metadata_object(orbit)}{_metadata_object(usual if processing is None else processing)}"
            f"</metadataSection><dataObjectSection>{files}</dataObjectSection></xfdu:XFDU>"
        )

    def document(self, source: str = "somewhere", /, **others: str | None) -> Document:
        """The SAFE; ``product``, ``granule`` and ``manifest`` replace or, with None, leave out a file."""
        texts = {
            "product": (f"MTD_MSIL{self.level}.xml", self.product()),
            "granule": (f"{self.folder}/MTD_TL.xml", self.granule()),
            "manifest": ("manifest.safe", self.manifest()),
        }
        written = [(name, others.get(key, text)) for key, (name, text) in texts.items()]
        return safe_document(((name, text) for name, text in written if text is not None), source=source)

    def _document(self, root: str, *parts: str) -> str:
        namespace = _PSD.format(version="12" if self.dialect == "old" else "15") + f"/{root}.xsd"
        content = "<!-- made for a test -->" + "".join(parts)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<n1:{root} xmlns:n1="{namespace}">{content}</n1:{root}>'

    def _info(self) -> str:
        datatake = (
            tag("SPACECRAFT_NAME", self.satellite)
            + tag("DATATAKE_TYPE", "INS-NOBS")
            + tag("DATATAKE_SENSING_START", self.datatake_start)
            + tag("SENSING_ORBIT_NUMBER", self.relative_orbit)
            + tag("SENSING_ORBIT_DIRECTION", self.direction)
        )
        return (
            tag("PRODUCT_START_TIME", self.start)
            + tag("PRODUCT_STOP_TIME", self.stop)
            + tag("PRODUCT_URI_1C", self.source_product)
            + tag("PRODUCT_URI", None if self.name is None else f"{self.name}.SAFE")
            + tag("PROCESSING_LEVEL", f"Level-{self.level}")
            + tag("PRODUCT_TYPE", f"S2MSI{self.level}")
            + tag("PROCESSING_BASELINE", self.baseline)
            + tag("GENERATION_TIME", self.generated)
            + tag("PREVIEW_IMAGE_URL", self.preview_url)
            + tag("Datatake", datatake, datatakeIdentifier="GS2B_20240812T092029_038824_N05.11")
        )

    def _spectral(self) -> str:
        if self.dialect == "old":
            return ""
        wavelength = tag("Wavelength", tag("CENTRAL", "492.3", unit="nm"))
        blue = tag("Spectral_Information", tag("RESOLUTION", "10") + wavelength, bandId="1", physicalBand="B2")
        return tag("Spectral_Information_List", blue)

    def _checks(self) -> str:
        if self.dialect == "old":
            checks = "".join(tag(f"{name}_FLAG", outcome) for name, outcome in self.outcomes.items())
        else:
            checks = "".join(tag("quality_check", outcome, checkType=name) for name, outcome in self.outcomes.items())
        return _wrapped("Quality_Control_Checks/Quality_Inspections", checks)

    def _angles(self) -> str:
        grid = _wrapped("Sun_Angles_Grid/Zenith/Values_List", tag("VALUES", "29.1 29.2 NaN"))
        sun = tag("ZENITH_ANGLE", self.sun_zenith, unit="deg") + tag("AZIMUTH_ANGLE", self.sun_azimuth, unit="deg")
        views = "".join(_view(band, zenith, azimuth) for band, (zenith, azimuth) in enumerate(self.views))
        return grid + tag("Mean_Sun_Angle", sun) + tag("Mean_Viewing_Incidence_Angle_List", views)

    def _content(self) -> str:
        cloud = tag("CLOUDY_PIXEL_PERCENTAGE", self.cloud)
        if self.level == "1C":
            return cloud + tag("SNOW_PIXEL_PERCENTAGE", self.snow)
        return (
            cloud
            + tag("NODATA_PIXEL_PERCENTAGE", self.no_data)
            + tag("VEGETATION_PERCENTAGE", self.vegetation)
            + tag("WATER_PERCENTAGE", self.water)
            + tag("SNOW_ICE_PERCENTAGE", self.snow)
        )


def _view(band: int, zenith: str, azimuth: str) -> str:
    angles = tag("ZENITH_ANGLE", zenith, unit="deg") + tag("AZIMUTH_ANGLE", azimuth, unit="deg")
    return tag("Mean_Viewing_Incidence_Angle", angles, bandId=str(band))


def _wrapped(path: str, content: str) -> str:
    for name in reversed(path.split("/")):
        content = tag(name, content)
    return content


def _metadata_object(content: str) -> str:
    return f"<metadataObject><metadataWrap><xmlData>{content}</xmlData></metadataWrap></metadataObject>"


def _data_object(href: str, size: int, algorithm: str, checksum: str) -> str:
    return (
        f'<dataObject><byteStream mimeType="application/octet-stream" size="{size}">'
        f'<fileLocation locatorType="URL" href="{href}"/><checksum checksumName="{algorithm}">{checksum}</checksum>'
        "</byteStream></dataObject>"
    )


def safe_document(texts: Iterable[tuple[str, str]], *, source: str = "somewhere") -> Document:
    """A document of named texts."""
    parts = tuple(Part(name, text.encode()) for name, text in sorted(texts))
    return Document(source, "sentinel-2-safe", parts)


L2A = SafeText()
L2A_OLD = replace(L2A, dialect="old", baseline="02.07")
L1C = replace(
    L2A, level="1C", name="S2B_MSIL1C_20240812T092029_N0511_R093_T34TGL_20240812T100000", water=None, vegetation=None,
    no_data=None, tile_id="S2B_OPER_MSI_L1C_TL_2BPS_20240812T100000_A038824_T34TGL_N05.11",
    preview="GRANULE/L1C_T34TGL_A038824_20240812T092713/QI_DATA/T34TGL_20240812T092029_PVI.jp2",
)  # fmt: skip
L1C_OLD = replace(L1C, dialect="old", baseline="02.01")

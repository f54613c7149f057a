"""What covers the ground in a product, as its metadata count the pixels."""

from dataclasses import dataclass, fields

from ingest.xml_document import Element, child, optional_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Shares of the pixels in percent, None where the document does not say."""

    cloud: float | None = None
    snow: float | None = None
    water: float | None = None
    vegetation: float | None = None
    no_data: float | None = None

    def completed_by(self, other: "Cover") -> "Cover":
        """These shares, and the other's where these are unknown."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return Cover(**{k: getattr(other, k) if value is None else value for k, value in own.items()})


_INDICATORS = ("Quality_Indicators_Info", "L2A_Quality_Indicators_Info")
_CONTENT = ("Image_Content_QI", "L2A_Image_Content_QI")
_ELEMENTS = {
    "cloud_cover": ("CLOUDY_PIXEL_PERCENTAGE",),
    "snow_cover": ("SNOW_ICE_PERCENTAGE", "SNOW_PIXEL_PERCENTAGE"),
    "water_cover": ("WATER_PERCENTAGE",),
    "vegetation_cover": ("VEGETATION_PERCENTAGE",),
    "no_data_cover": ("NODATA_PIXEL_PERCENTAGE",),
}


def read_cover(root: Element, *, source: str) -> Cover:
    """The cover that a product or granule document of either level gives.

    The product document of Level-1C, and for clouds also that of Level-2A, has assessments
    beside the image contents; they count where the contents are silent.

    Raises:
        MetadataInvalid: a percentage does not parse or lies outside 0 to 100.
    """
    content = child(root, *(f"{indicators}/{name}" for indicators in _INDICATORS[::-1] for name in _CONTENT[::-1]))
    counted = Cover() if content is None else _counted(content, source)
    return counted.completed_by(_assessed(root, source))


def _counted(content: Element, source: str) -> Cover:
    def percent(field: str) -> float | None:
        return optional_number(content, *_ELEMENTS[field], source=source, field=field)

    return Cover(
        cloud=percent("cloud_cover"),
        snow=percent("snow_cover"),
        water=percent("water_cover"),
        vegetation=percent("vegetation_cover"),
        no_data=percent("no_data_cover"),
    )


def _assessed(root: Element, source: str) -> Cover:
    clouds, snow = (
        "Quality_Indicators_Info/Cloud_Coverage_Assessment",
        "Quality_Indicators_Info/Snow_Coverage_Assessment",
    )
    return Cover(
        cloud=optional_number(root, clouds, source=source, field="cloud_cover"),
        snow=optional_number(root, snow, source=source, field="snow_cover"),
    )

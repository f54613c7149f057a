"""The percentages of a Level-2A scene classification, which product and granule both carry."""

from collections.abc import Iterable

from lxml import etree

from ingest.synthetic.safe.markup import E
from ingest.synthetic.scene import Scene
from ingest.synthetic.surface import scene_classification


def cover_elements(scene: Scene, *, of_tile: bool) -> Iterable[etree._Element]:
    """The elements of ``Image_Content_QI`` in the producer's order.

    Args:
        scene: that they describe.
        of_tile: whether for the granule's document, which also repeats the clouds and the lost data.
    """
    classes = scene_classification(scene)
    if of_tile:
        yield E("CLOUDY_PIXEL_PERCENTAGE", f"{scene.cloud_cover:.6f}")
    yield E("CLOUDY_PIXEL_OVER_LAND_PERCENTAGE", f"{scene.cloud_cover:.6f}")
    if of_tile:
        yield E("DEGRADED_MSI_DATA_PERCENTAGE", "0.000000")
    shares = {
        "NODATA_PIXEL": classes.no_data,
        "SATURATED_DEFECTIVE_PIXEL": 0.0,
        "DARK_FEATURES": classes.dark,
        "CLOUD_SHADOW": classes.cloud_shadow,
        "VEGETATION": classes.vegetation,
        "NOT_VEGETATED": classes.not_vegetated,
        "WATER": classes.water,
        "UNCLASSIFIED": classes.unclassified,
        "MEDIUM_PROBA_CLOUDS": classes.cloud_medium,
        "HIGH_PROBA_CLOUDS": classes.cloud_high,
        "THIN_CIRRUS": classes.cirrus,
        "SNOW_ICE": classes.snow,
    }
    yield from (E(f"{name}_PERCENTAGE", f"{share:.6f}") for name, share in shares.items())
    yield from (
        E(f"{name}_ACCURACY", "0.0") for name in ("RADIATIVE_TRANSFER", "WATER_VAPOUR_RETRIEVAL", "AOT_RETRIEVAL")
    )
    yield E("AOT_RETRIEVAL_METHOD", "CAMS")
    yield E("GRANULE_MEAN_AOT", "0.150000")
    yield E("GRANULE_MEAN_WV", "1.200000")
    yield E("OZONE_SOURCE", "AUX_ECMWFT")
    yield E("OZONE_VALUE", "300.000000")

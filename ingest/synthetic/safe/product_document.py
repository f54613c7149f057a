"""The product metadata, ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml`` (PSD, user product metadata)."""

from collections.abc import Iterable

from lxml import etree

from ingest.synthetic.safe.bands import BANDS, SpectralBand, images
from ingest.synthetic.safe.classification import cover_elements
from ingest.synthetic.safe.datatake import datatake
from ingest.synthetic.safe.markup import E, document, psd_root, psd_vocabulary
from ingest.synthetic.scene import BASELINE, Product, compact, iso_time

_CLASSES = (
    "NODATA",
    "SATURATED_DEFECTIVE",
    "DARK_FEATURE_SHADOW",
    "CLOUD_SHADOW",
    "VEGETATION",
    "NOT_VEGETATED",
    "WATER",
    "UNCLASSIFIED",
    "CLOUD_MEDIUM_PROBA",
    "CLOUD_HIGH_PROBA",
    "THIN_CIRRUS",
    "SNOW_ICE",
)


def product_document(product: Product) -> bytes:
    """The document about a whole product."""
    schema = f"User_Product_Level-{product.level}.xsd"
    n1 = psd_vocabulary(schema)
    root = psd_root(n1, f"Level-{product.level}_User_Product")
    root.extend(
        (
            n1("General_Info", _product_info(product), _image_characteristics(product)),
            n1("Geometric_Info", _footprint(product), _reference_system()),
            n1("Auxiliary_Data_Info", *_auxiliary_data(product)),
            n1("Quality_Indicators_Info", *_quality(product)),
        )
    )
    return document(root)


def _product_info(product: Product) -> etree._Element:
    seen = product.scene.acquisition
    return E(
        "Product_Info",
        E("PRODUCT_START_TIME", iso_time(seen.started_at)),
        E("PRODUCT_STOP_TIME", iso_time(seen.started_at)),
        E("PRODUCT_URI", f"{product.identifier}.SAFE"),
        E("PROCESSING_LEVEL", f"Level-{product.level}"),
        E("PRODUCT_TYPE", f"S2MSI{product.level}"),
        E("PROCESSING_BASELINE", BASELINE),
        E("PRODUCT_DOI", "https://orrery.example/generated"),
        E("GENERATION_TIME", iso_time(product.generated_at).replace("Z", "000Z")),
        E("PREVIEW_IMAGE_URL", "Not applicable"),
        E("PREVIEW_GEO_INFO", "Not applicable"),
        datatake(product, name="Datatake"),
        E("Query_Options", E("PRODUCT_FORMAT", "SAFE_COMPACT"), completeSingleTile="true"),
        E("Product_Organisation", E("Granule_List", _granule(product))),
    )


def _granule(product: Product) -> etree._Element:
    listed = images(product.level, product.image_stem)
    return E(
        "Granule",
        *(E("IMAGE_FILE", f"{product.granule}/{image.path}") for image in listed),
        datastripIdentifier=product.datastrip_identifier,
        granuleIdentifier=product.tile_identifier,
        imageFormat="JPEG2000",
    )


def _image_characteristics(product: Product) -> etree._Element:
    special = [_special_value("NODATA", 0), _special_value("SATURATED", 65535)]
    order = E("Image_Display_Order", E("RED_CHANNEL", "3"), E("GREEN_CHANNEL", "2"), E("BLUE_CHANNEL", "1"))
    last = [] if product.level == "1C" else [E("Scene_Classification_List", *_scene_classes())]
    return E(
        "Product_Image_Characteristics",
        *special,
        order,
        *_quantification(product),
        E("Reflectance_Conversion", E("U", "1.0"), E("Solar_Irradiance_List", *_irradiances())),
        E("Spectral_Information_List", *(_spectral(number, band) for number, band in enumerate(BANDS))),
        *(E("PHYSICAL_GAINS", "4.0", bandId=str(number)) for number in range(len(BANDS))),
        E("REFERENCE_BAND", "3"),
        *last,
    )


def _special_value(text: str, index: int) -> etree._Element:
    return E("Special_Values", E("SPECIAL_VALUE_TEXT", text), E("SPECIAL_VALUE_INDEX", str(index)))


def _quantification(product: Product) -> Iterable[etree._Element]:
    """How stored numbers become reflectance; an offset since baseline 04.00."""
    if product.level == "1C":
        offsets = (E("RADIO_ADD_OFFSET", "-1000", band_id=str(number)) for number in range(len(BANDS)))
        return E("QUANTIFICATION_VALUE", "10000", unit="none"), E("Radiometric_Offset_List", *offsets)
    values = E(
        "QUANTIFICATION_VALUES_LIST",
        E("BOA_QUANTIFICATION_VALUE", "10000", unit="none"),
        E("AOT_QUANTIFICATION_VALUE", "1000.0", unit="none"),
        E("WVP_QUANTIFICATION_VALUE", "1000.0", unit="cm"),
    )
    offsets = (E("BOA_ADD_OFFSET", "-1000", band_id=str(number)) for number in range(len(BANDS)))
    return values, E("BOA_ADD_OFFSET_VALUES_LIST", *offsets)


def _irradiances() -> Iterable[etree._Element]:
    for number, band in enumerate(BANDS):
        yield E("SOLAR_IRRADIANCE", str(band.irradiance), bandId=str(number), unit="W/m²/µm")


def _spectral(number: int, band: SpectralBand) -> etree._Element:
    low, high = (round(band.central_nm + side * band.width_nm / 2) for side in (-1, 1))
    return E(
        "Spectral_Information",
        E("RESOLUTION", str(band.resolution_m)),
        E(
            "Wavelength",
            E("MIN", str(low), unit="nm"),
            E("MAX", str(high), unit="nm"),
            E("CENTRAL", str(band.central_nm), unit="nm"),
        ),
        bandId=str(number),
        physicalBand=band.physical_name,
    )


def _scene_classes() -> Iterable[etree._Element]:
    for index, name in enumerate(_CLASSES):
        yield E(
            "Scene_Classification_ID",
            E("SCENE_CLASSIFICATION_TEXT", f"SC_{name}"),
            E("SCENE_CLASSIFICATION_INDEX", str(index)),
        )


def _footprint(product: Product) -> etree._Element:
    return E(
        "Product_Footprint",
        E("Product_Footprint", E("Global_Footprint", E("EXT_POS_LIST", positions(product)))),
        E("RASTER_CS_TYPE", "POINT"),
        E("PIXEL_ORIGIN", "1"),
    )


def positions(product: Product) -> str:
    """The closed ring of a footprint, latitude before longitude, ending in a blank as the producer's do."""
    ring = product.scene.acquisition.footprint.exterior.coords
    return "".join(f"{latitude} {longitude} " for longitude, latitude in ring)


def _reference_system() -> etree._Element:
    tables = E("GEO_TABLES", "EPSG", version="1")
    return E("Coordinate_Reference_System", tables, E("HORIZONTAL_CS_TYPE", "GEOGRAPHIC"))


def _auxiliary_data(product: Product) -> Iterable[etree._Element]:
    day = compact(product.scene.acquisition.started_at)[:8]
    yield E("GIPP_List")
    yield E("PRODUCTION_DEM_TYPE", "None")
    yield E("IERS_BULLETIN_FILENAME", f"S2__OPER_AUX_UT1UTC_DEMO_{day}T000000")
    yield E("GRI_List")
    yield E("ECMWF_DATA_REF", f"S2__OPER_AUX_ECMWFD_DEMO_{day}T000000")


def _quality(product: Product) -> Iterable[etree._Element]:
    yield E("Cloud_Coverage_Assessment", str(product.scene.cloud_cover))
    if product.level == "1C":
        yield E("Snow_Coverage_Assessment", str(product.scene.snow_cover))
    yield E(
        "Technical_Quality_Assessment",
        E("DEGRADED_ANC_DATA_PERCENTAGE", "0.0"),
        E("DEGRADED_MSI_DATA_PERCENTAGE", "0"),
    )
    checks = ["FORMAT_CORRECTNESS", "GENERAL_QUALITY", "GEOMETRIC_QUALITY", "RADIOMETRIC_QUALITY", "SENSOR_QUALITY"]
    if product.level == "2A":
        checks.insert(3, "L2A_QUALITY")
    inspections = E("Quality_Inspections", *(E("quality_check", "PASSED", checkType=check) for check in checks))
    yield E("Quality_Control_Checks", inspections, E("Failed_Inspections"))
    if product.level == "2A":
        yield E("Image_Content_QI", *cover_elements(product.scene, of_tile=False))

"""The manifest of a product, ``manifest.safe`` (SAFE on XFDU, CCSDS 661.0)."""

import hashlib
from collections.abc import Iterable, Mapping

from lxml import etree

from ingest.synthetic.safe.bands import Image, images
from ingest.synthetic.safe.markup import E, Vocabulary, document
from ingest.synthetic.safe.product_document import positions
from ingest.synthetic.scene import GENERATOR, Product, iso_time

_GML = "http://www.opengis.net/gml"
_SAFE = "http://www.esa.int/safe/sentinel/1.1"
_XFDU = "urn:ccsds:schema:xfdu:1"
_NAMESPACES = {"gml": _GML, "safe": _SAFE, "xfdu": _XFDU}
_G = Vocabulary(_GML, _NAMESPACES)
_S = Vocabulary(_SAFE, _NAMESPACES)
_X = Vocabulary(_XFDU, _NAMESPACES)


def manifest(product: Product, files: Mapping[str, bytes]) -> bytes:
    """The document that lists a product's files.

    Args:
        product: whose manifest it is.
        files: path within the product to content, of the files that are there. The images
            are listed too, as in a real manifest, although the archive does not hold them.
    """
    level = f"Level-{product.level}"
    held = {_file_name(path, level): (path, content) for path, content in files.items()}
    listed = {_image_name(image): image for image in images(product.level, product.image_stem)}
    root = _X("XFDU", version=f"esa/safe/sentinel/1.1/sentinel-2/msi/archive_l{product.level.lower()}_user_product")
    objects = [_file_object(name, path, content) for name, (path, content) in held.items()]
    objects += [_image_object(name, image, product) for name, image in listed.items()]
    root.extend(
        (
            E("informationPackageMap", _contents(level, held, listed)),
            E("metadataSection", *_metadata(product)),
            E("dataObjectSection", *objects),
        )
    )
    return document(root)


def _file_name(path: str, level: str) -> str:
    part = {"MTD_TL.xml": "Tile1", "MTD_DS.xml": "Datastrip1"}.get(path.rpartition("/")[2], "Product")
    return f"S2_{level}_{part}_Metadata"


def _image_name(image: Image) -> str:
    return f"IMG_DATA_Band_{image.layer}_{image.resolution_m}m_Tile1_Data"


def _contents(level: str, held: Iterable[str], listed: Iterable[str]) -> etree._Element:
    return _X(
        "contentUnit",
        *(_pointer(name, "Metadata Unit") for name in held),
        *(_pointer(name, "Measurement Data Unit") for name in listed),
        dmdID="acquisitionPeriod platform",
        pdiID="processing",
        textInfo=f"SENTINEL-2 MSI {level} User Product",
        unitType=f"Product_{level}",
    )


def _pointer(name: str, kind: str) -> etree._Element:
    return _X("contentUnit", E("dataObjectPointer", dataObjectID=name), ID=f"{name}_Unit", unitType=kind)


def _metadata(product: Product) -> Iterable[etree._Element]:
    seen = product.scene.acquisition
    yield _wrapped(
        "acquisitionPeriod",
        "Acquisition Period",
        _S("acquisitionPeriod", _S("startTime", iso_time(seen.started_at))),
    )
    orbit = _S("orbitNumber", f"{seen.absolute_orbit:06d}", groundTrackDirection="descending", type="start")
    relative = _S("relativeOrbitNumber", f"{seen.track.relative_orbit:03d}", type="start")
    yield _wrapped("measurementOrbitReference", "Orbit Reference", _S("orbitReference", orbit, relative))
    platform = _S(
        "platform",
        _S("nssdcIdentifier", "0000-000A"),
        _S("familyName", "SENTINEL"),
        _S("number", f"2{seen.satellite.letter}"),
        _S("instrument", _S("familyName", "Multi-Spectral Instrument", abbreviation="MSI")),
    )
    yield _wrapped("platform", "Platform Description", platform)
    processing = _S(
        "processing",
        _S("facility", name=GENERATOR, organisation="Orrery"),
        name=f"Generation of Level-{product.level} User Product",
        start=iso_time(product.generated_at).replace("Z", "000Z"),
    )
    yield _wrapped("processing", "Processing", processing, category="PDI", classification="PROVENANCE")
    frame = _S("footPrint", _G("coordinates", positions(product)), srsName=f"{_GML}/srs/epsg.xml#4326")
    yield _wrapped("measurementFrameSet", "Frame Set", _S("frameSet", frame))


def _wrapped(
    name: str,
    title: str,
    content: etree._Element,
    *,
    category: str = "DMD",
    classification: str = "DESCRIPTION",
) -> etree._Element:
    wrap = E("metadataWrap", E("xmlData", content), mimeType="text/xml", textInfo=title, vocabularyName="Sentinel-SAFE")
    return E("metadataObject", wrap, ID=name, category=category, classification=classification)


def _file_object(name: str, path: str, content: bytes) -> etree._Element:
    return _object(name, path, "text/xml", len(content), hashlib.sha3_256(content).hexdigest())


def _image_object(name: str, image: Image, product: Product) -> etree._Element:
    """An image's entry; its size and checksum are made from its name."""
    digest = hashlib.sha3_256(image.path.encode()).hexdigest()
    size = 40_000_000 // image.resolution_m + int(digest[:5], 16)
    return _object(name, f"{product.granule}/{image.path}.jp2", "application/octet-stream", size, digest)


def _object(name: str, path: str, media_type: str, size: int, digest: str) -> etree._Element:
    stream = E(
        "byteStream",
        E("fileLocation", href=f"./{path}", locatorType="URL"),
        E("checksum", digest, checksumName="SHA3-256"),
        mimeType=media_type,
        size=str(size),
    )
    return E("dataObject", stream, ID=name)

"""A Sentinel-2 product of Level-1C or Level-2A, from the metadata files of its SAFE."""

from collections.abc import Mapping
from datetime import datetime

from ingest.document import Document, Mapped, Notice
from ingest.errors import MetadataMissing
from ingest.footprints import footprint_of
from ingest.references import References, platform_name
from ingest.sentinel2.assets import Package, bands_shown, image_asset
from ingest.sentinel2.bands import band_table
from ingest.sentinel2.granule import absolute_orbit, tile_code
from ingest.sentinel2.provenance import collection_name, processing_run, source_scenes
from ingest.sentinel2.safe import Safe, read_safe
from ontology import terms
from ontology.cloudclass import cloud_class
from ontology.identifiers import item_iri
from ontology.records import Asset, Band, Scene


def read_product(document: Document) -> Mapped:
    """The scene that the metadata files of one SAFE describe.

    Args:
        document: parts are named by their path within the SAFE. ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml`` is
            required; ``MTD_TL.xml`` and ``manifest.safe`` may be absent; others are not read.

    Returns:
        An optical scene, sensed when its tile was; start and end are those that the product gives.

    Raises:
        DocumentUnreadable: a file is not XML.
        MetadataMissing: product document, name, footprint or sensing time is absent.
        MetadataInvalid: a value is out of range, or the product has several granules.

    Source: Sentinel-2 Products Specification Document.
    """
    safe, references = read_safe(document), References()
    footprint, cuts = footprint_of(safe.product.polygon, source=safe.product_source, field="EXT_POS_LIST")
    bands = _bands(safe)
    assets, repeats = _assets(safe, bands)
    scene = _scene(safe, references, footprint, assets, bands_shown(assets, bands))
    return Mapped(scene, references.records(), (*safe.notices, *safe.granule.notices, *cuts, *repeats))


def _scene(
    safe: Safe, references: References, footprint: str, assets: tuple[Asset, ...], bands: tuple[Band, ...]
) -> Scene:
    product, granule = safe.product, safe.granule
    cover, view = granule.cover.completed_by(product.cover), granule.view
    identifiers = (granule.tile_id, product.granule, product.identifier)
    collection = collection_name(product.level)
    orbit, tile = absolute_orbit(*identifiers), tile_code(*identifiers)
    return Scene(
        iri=item_iri(collection, product.identifier),
        identifier=product.identifier,
        collection=references.collection(collection),
        kind=terms.OPTICAL_SCENE,
        footprint=footprint,
        sensed_at=_sensed_at(safe),
        started_at=product.started_at,
        ended_at=product.ended_at,
        created_at=product.created_at,
        platform=None if product.platform is None else references.platform(product.platform),
        instruments=() if product.platform is None else references.instruments(product.platform, ("msi",)),
        product_type=_code(references, "ProductType", product.product_type),
        processing_level=references.level(product.level),
        processing_version=product.baseline,
        orbit_direction=_code(references, "OrbitDirection", _lower(product.orbit_direction)),
        relative_orbit=product.relative_orbit,
        absolute_orbit=safe.manifest.absolute_orbit if orbit is None else orbit,
        datatake=product.datatake,
        acquisition_mode=_code(references, "AcquisitionMode", product.datatake_type),
        sun_elevation=granule.sun_elevation,
        sun_azimuth=granule.sun_azimuth,
        incidence_angle=None if view is None else view.zenith,
        view_azimuth=None if view is None else view.azimuth,
        cloud_cover=cover.cloud,
        cloud_class=cloud_class(cover.cloud),
        snow_cover=cover.snow,
        water_cover=cover.water,
        vegetation_cover=cover.vegetation,
        no_data_cover=cover.no_data,
        resolution_m=min((band.resolution_m for band in bands if band.resolution_m is not None), default=None),
        epsg=granule.epsg,
        tile=None if tile is None else references.tile(tile),
        derived_from=source_scenes(product, safe.manifest),
        assets=assets,
        bands=bands,
        quality_checks=product.quality_checks,
        run=processing_run(product, granule, safe.manifest),
    )


def _sensed_at(safe: Safe) -> datetime:
    times = (safe.granule.sensed_at, safe.product.started_at, safe.product.datatake_started_at)
    known = next((time for time in times if time is not None), None)
    if known is None:
        raise MetadataMissing(
            safe.product_source, "PRODUCT_START_TIME", "is absent, and so is every other sensing time"
        )
    return known


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _code(references: References, scheme: str, notation: str | None) -> str | None:
    return None if notation is None else references.code(scheme, notation)


def _bands(safe: Safe) -> dict[str, Band]:
    platform = safe.product.platform
    return band_table(None if platform is None else platform_name(platform), safe.product.spectral)


def _assets(safe: Safe, bands: Mapping[str, Band]) -> tuple[tuple[Asset, ...], tuple[Notice, ...]]:
    """Images, metadata files and previews by key, with a notice for each key that came twice."""
    package = Package(safe.product.identifier, safe.manifest.files)
    images = [image_asset(path, package, bands, epsg=safe.granule.epsg) for path in safe.product.images]
    metadata = [package.metadata(path, key) for key, path in safe.metadata_files.items()]
    by_key: dict[str, Asset] = {}
    notices = []
    for asset in (*images, *metadata, *_previews(safe, package)):
        if by_key.setdefault(asset.key, asset) is not asset:
            notices.append(Notice("IMAGE_FILE", f"names {asset.key} more than once; {asset.href} is left out"))
    return tuple(by_key[key] for key in sorted(by_key)), tuple(notices)


def _previews(safe: Safe, package: Package) -> list[Asset]:
    preview, url = safe.granule.preview, safe.product.preview_url
    drawn = [] if preview is None or "/" not in preview else [package.image(preview, "preview", "overview")]
    return drawn if url is None else [*drawn, Asset(key="thumbnail", href=url, roles=("thumbnail",))]

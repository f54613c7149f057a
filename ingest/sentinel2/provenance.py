"""Who made a Sentinel-2 product, from what and when."""

from ingest.sentinel2.granule import Granule, processing_centre
from ingest.sentinel2.manifest import Manifest
from ingest.sentinel2.user_product import UserProduct
from ontology.identifiers import item_iri
from ontology.records import ProcessingRun, ProcessingStep


def collection_name(level: str) -> str:
    """The collection of a processing level: ``sentinel-2-l2a`` for ``2A``."""
    return f"sentinel-2-l{level.lower()}"


def source_scenes(product: UserProduct, manifest: Manifest) -> tuple[str, ...]:
    """IRIs of the Level-1C scenes that a Level-2A product names as its sources, sorted."""
    if product.level != "2A":
        return ()
    names = {*manifest.source_products, *([] if product.source_product is None else [product.source_product])}
    return tuple(sorted(item_iri(collection_name("1C"), name) for name in names))


def processing_run(product: UserProduct, granule: Granule, manifest: Manifest) -> ProcessingRun | None:
    """The activity that made a product, None where no document tells of one.

    Its times are those of the last processing in the manifest; archiving follows as a step of its own.
    """
    last = manifest.steps[-1] if manifest.steps else ProcessingStep(position=1)
    run = ProcessingRun(
        inputs=source_scenes(product, manifest),
        facility=last.facility or processing_centre(granule.tile_id or product.granule),
        started_at=last.started_at,
        ended_at=last.ended_at,
        steps=(*manifest.steps, *_archiving(len(manifest.steps) + 1, granule)),
    )
    return None if run == ProcessingRun() else run


def _archiving(position: int, granule: Granule) -> tuple[ProcessingStep, ...]:
    if granule.archiving_centre is None and granule.archived_at is None:
        return ()
    facility = None if granule.archiving_centre is None else granule.archiving_centre.rstrip("_")
    return (ProcessingStep(position=position, name="Archiving", facility=facility, ended_at=granule.archived_at),)

"""The metadata of the strip that a tile was cut from, ``MTD_DS.xml`` (PSD, datastrip metadata), in short."""

from ingest.synthetic.safe.datatake import datatake
from ingest.synthetic.safe.markup import E, document, psd_root, psd_vocabulary
from ingest.synthetic.scene import BASELINE, CENTRE, Product, iso_time


def datastrip_document(product: Product) -> bytes:
    """The document about a product's datastrip: what was flown, and who processed it."""
    schema = f"S2_PDI_Level-{product.level}_Datastrip_Metadata.xsd"
    n1 = psd_vocabulary(schema)
    root = psd_root(n1, f"Level-{product.level}_DataStrip_ID")
    flown = datatake(product, name="Datatake_Info")
    processed = E(
        "Processing_Info",
        E("PROCESSING_BASELINE", BASELINE),
        E("UTC_DATE_TIME", iso_time(product.generated_at)),
        E("PROCESSING_CENTER", CENTRE),
    )
    archived = E("Archiving_Info", E("ARCHIVING_CENTRE", CENTRE), E("ARCHIVING_TIME", iso_time(product.generated_at)))
    root.append(n1("General_Info", flown, processed, archived))
    return document(root)

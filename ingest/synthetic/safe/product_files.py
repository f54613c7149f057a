"""A product as files: a SAFE folder, or the same folder in a zip archive."""

import io
import zipfile

from ingest.synthetic.safe.datastrip_document import datastrip_document
from ingest.synthetic.safe.granule_document import granule_document
from ingest.synthetic.safe.manifest import manifest
from ingest.synthetic.safe.product_document import product_document
from ingest.synthetic.scene import Product


def safe_files(product: Product) -> dict[str, bytes]:
    """The metadata files of a product: path, from its ``.SAFE`` folder on, to content."""
    files = {
        f"MTD_MSIL{product.level}.xml": product_document(product),
        f"{product.datastrip}/MTD_DS.xml": datastrip_document(product),
        f"{product.granule}/MTD_TL.xml": granule_document(product),
    }
    files["manifest.safe"] = manifest(product, files)
    return {f"{product.identifier}.SAFE/{path}": content for path, content in files.items()}


def safe_zip(product: Product) -> bytes:
    """The same files as one zip archive, whose members are dated by the product and not by the clock."""
    packed = io.BytesIO()
    made = product.generated_at
    dated = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in safe_files(product).items():
            member = zipfile.ZipInfo(path, dated)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, wherever it is made
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return packed.getvalue()

"""The real products, where the shared data are there."""

from pathlib import Path

import pytest

from ingest.document import Document, Part

_SAFES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "s2_safe"
_NAMES = {"mtd_tl.xml", "manifest.safe"}


@pytest.fixture(scope="session")
def real_products() -> dict[Path, Document]:
    """Every product of the shared data by its folder; the test is skipped where there are none."""
    products = [path for path in sorted(_SAFES.rglob("MTD_MSI*.xml"))]
    if not products:
        pytest.skip(f"no products in {_SAFES}")
    return {path.parent: _document(path) for path in products}


def _document(product: Path) -> Document:
    folder = product.parent
    paths = [path for path in sorted(folder.rglob("*")) if path == product or path.name.lower() in _NAMES]
    parts = tuple(Part(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)
    return Document(str(folder), "sentinel-2-safe", parts)

"""The files of an archive, opened."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from lxml import etree


@dataclass(frozen=True, slots=True)
class Contents:
    files: Mapping[str, bytes]
    products: Mapping[str, Mapping[str, bytes]]
    """Name of the SAFE folder to its files, by their paths within it."""
    water_items: tuple[dict[str, Any], ...]
    field_items: tuple[dict[str, Any], ...]
    collections: Mapping[str, dict[str, Any]]

    def trees(self, name: str) -> dict[str, etree._Element]:
        """The documents of a name, by product."""
        return {
            product: etree.fromstring(content)
            for product, files in self.products.items()
            for path, content in files.items()
            if path.rpartition("/")[2] == name
        }


def contents_of(files: Mapping[str, bytes]) -> Contents:
    products: dict[str, dict[str, bytes]] = {}
    for path, content in _product_files(files).items():
        product, _, within = path.partition("/")
        products.setdefault(product, {})[within] = content
    lines = gzip.decompress(files["water_analysis.ndjson.gz"]).splitlines()
    collections = [orjson.loads(content) for path, content in files.items() if path.startswith("collections/")]
    return Contents(
        files,
        products,
        tuple(orjson.loads(line) for line in lines),
        tuple(orjson.loads(content) for path, content in files.items() if path.startswith("smart_agriculture/")),
        {collection["id"]: collection for collection in collections},
    )


def _product_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path, content in files.items():
        if not path.startswith("sentinel-2/"):
            continue
        if path.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                found |= {member: packed.read(member) for member in packed.namelist()}
        else:
            found[path.removeprefix("sentinel-2/")] = content
    return found

"""``orrery export geojson``: items as one FeatureCollection, an item at a time."""

from collections.abc import Callable, Iterable
from pathlib import Path

from graph_service.console.exporting import replaced_file
from graph_service.index.paging import Found


def write_feature_collection(items: Iterable[Found], path: Path, advance: Callable[[int], None]) -> int:
    """Write items as a GeoJSON FeatureCollection, a line each, and return how many there are.

    Args:
        items: with the documents that they are; each keeps its own links.
        path: of the file, which is replaced when everything is written.
        advance: told the items written.

    Source: RFC 7946; STAC 1.1, ItemCollection.
    """
    number = 0
    with replaced_file(path) as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, item in enumerate(items, 1):
            file.write(b"\n" if number == 1 else b",\n")
            file.write(item.body[:-1] + b',"links":' + item.links + b"}")
            advance(1)
        file.write(b"\n]}\n")
    return number

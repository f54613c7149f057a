"""The synthetic archive: about 500 small products that no satellite made, for demonstrations, tests and benchmarks."""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from ingest.synthetic.collections import SUBJECTS, collection_document
from ingest.synthetic.field_items import COLLECTION as FIELDS
from ingest.synthetic.field_items import field_item
from ingest.synthetic.safe.product_files import safe_files, safe_zip
from ingest.synthetic.scene import NOTICE, Level, Product, Scene, scenes_of
from ingest.synthetic.water_items import water_item

SAFE_FOLDER = "sentinel-2"
WATER_FILE = "water_analysis.ndjson.gz"
FIELDS_FOLDER = "smart_agriculture"
_ZIPPED_EACH = 8
"""Of this many products one is a zip archive."""
_SCENES_A_LEVEL_1 = 15
_SCENES_A_FIELD_ANALYSIS = 12
_CLEAR_PERCENT = 30.0
"""Clouds up to which fields are outlined."""

_README = f"""{NOTICE}.

This folder was written by Orrery's generator of a synthetic archive (ingest/synthetic). The region and the tiles
are real; every product, measurement, flood and drought in it is invented, and the images that the metadata
name do not exist. Nothing here says anything about the Earth.

{SAFE_FOLDER}/                Sentinel-2 products, metadata only, as SAFE folders and zip archives
{WATER_FILE}   one water analysis of each Level-2A product, a STAC item a line
{FIELDS_FOLDER}/         field analyses of a few products, a STAC item a file
collections/               a STAC collection a file

Licence of these files: CC0-1.0.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSummary:
    """What was written where."""

    folder: Path
    level_2a: int
    level_1c: int
    water_analyses: int
    field_analyses: int
    collections: int

    @property
    def products(self) -> int:
        return self.level_2a + self.level_1c + self.water_analyses + self.field_analyses


@dataclass(frozen=True, slots=True)
class Archive:
    """The products of an archive, before they become files."""

    seed: int
    scenes: tuple[Scene, ...]

    @property
    def level_2a(self) -> tuple[Product, ...]:
        return _products(self.scenes, "2A")

    @property
    def level_1c(self) -> tuple[Product, ...]:
        return _products(self._level_1_scenes, "1C")

    @property
    def _level_1_scenes(self) -> tuple[Scene, ...]:
        return self.scenes[::_SCENES_A_LEVEL_1]

    @property
    def field_scenes(self) -> tuple[Scene, ...]:
        """The scenes whose fields are outlined: clear ones, spread over the season."""
        clear = tuple(scene for scene in self.scenes if scene.cloud_cover <= _CLEAR_PERCENT)
        wanted = min(len(self.scenes) // _SCENES_A_FIELD_ANALYSIS, len(clear))
        return tuple(clear[number * len(clear) // wanted] for number in range(wanted))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the archive: its path, with ``/`` between folders, and its bytes."""
        yield "README.txt", _README.encode()
        yield from self._collection_files()
        for number, product in enumerate((*self.level_2a, *self.level_1c)):
            yield from _product_files(product, zipped=number % _ZIPPED_EACH == 0)
        yield WATER_FILE, gzip.compress(self._water_lines(), mtime=0)
        for product in _products(self.field_scenes, "2A"):
            item = field_item(product, seed=self.seed)
            yield f"{FIELDS_FOLDER}/{item['id']}.json", orjson.dumps(item, option=orjson.OPT_INDENT_2)

    def summary(self, folder: Path) -> ArchiveSummary:
        """The counts of the archive, once it is in a folder."""
        return ArchiveSummary(
            folder=folder,
            level_2a=len(self.level_2a),
            level_1c=len(self.level_1c),
            water_analyses=len(self.level_2a),
            field_analyses=len(self.field_scenes),
            collections=len(SUBJECTS),
        )

    def _collection_files(self) -> Iterator[tuple[str, bytes]]:
        shown = {"sentinel-2-l1c": self._level_1_scenes, FIELDS: self.field_scenes}
        for subject in SUBJECTS:
            collection = collection_document(subject, shown.get(subject.identifier) or self.scenes)
            yield f"collections/{subject.identifier}.json", orjson.dumps(collection, option=orjson.OPT_INDENT_2)

    def _water_lines(self) -> bytes:
        items = (water_item(product, seed=self.seed) for product in self.level_2a)
        return b"".join(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in items)


def synthetic_archive(*, seed: int = 7, scenes: int = 240) -> Archive:
    """An archive, the same for the same seed.

    Args:
        seed: decides what is left to chance.
        scenes: number of Level-2A products, at least one.
    """
    return Archive(seed, scenes_of(scenes, seed=seed))


def write_archive(folder: Path, *, seed: int = 7, scenes: int = 240) -> ArchiveSummary:
    """Write an archive into a folder, which is made where it is missing.

    Args:
        folder: files of the same name in it are replaced.
        seed: decides what is left to chance; the same seed gives the same bytes.
        scenes: number of Level-2A products, at least one.
    """
    archive = synthetic_archive(seed=seed, scenes=scenes)
    _write(folder, archive.files())
    return archive.summary(folder)


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _products(scenes: Sequence[Scene], level: Level) -> tuple[Product, ...]:
    return tuple(Product(scene, level) for scene in scenes)


def _product_files(product: Product, *, zipped: bool) -> Iterator[tuple[str, bytes]]:
    if zipped:
        yield f"{SAFE_FOLDER}/{product.identifier}.zip", safe_zip(product)
        return
    for path, content in safe_files(product).items():
        yield f"{SAFE_FOLDER}/{path}", content

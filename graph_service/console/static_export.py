"""``orrery export stac``: a static catalogue in a folder, which a second export brings up to date.

What is linked to is written before what links to it, and what is no longer linked to is removed last;
each file is replaced as a whole. So the folder is a sound catalogue at any moment after the first
export, and one that was interrupted goes on where it was when it is started again.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.console.selecting import Selection
from graph_service.errors import RequestInvalid, StorageFailed, StoreInUse
from graph_service.index.filters import OneOf
from graph_service.index.paging import Found
from graph_service.store.exclusive import ExclusiveFile
from graph_service.views.trees.branch import EVERYTHING, Branch, Sight
from graph_service.views.trees.facet_tree import FacetTree
from graph_service.views.trees.layout import branch_file, item_file
from graph_service.views.trees.sensor_tree import SensorTree
from graph_service.views.trees.static import static_branch, static_collection, static_item, static_root

MARK = ".orrery-export"
"""A file that tells a folder of ours, in which files may be removed; held while an export writes."""

TITLE = "Orrery"
DESCRIPTION = "A static catalogue of Earth observation products, exported from Orrery."


@dataclass(slots=True)
class Exported:
    """What an export did."""

    items: int = 0
    collections: int = 0
    catalogs: int = 0
    written: int = 0
    """Files that are new or other than before."""
    unchanged: int = 0
    removed: int = 0
    seconds: float = 0.0
    files: set[str] = field(default_factory=set, repr=False)
    """Every file of the catalogue, relative to its folder."""

    def as_json(self) -> dict[str, int | float]:
        """For programs."""
        names = ("items", "collections", "catalogs", "written", "unchanged", "removed")
        return {name: getattr(self, name) for name in names} | {"seconds": round(self.seconds, 3)}


def export_static(sight: Sight, selection: Selection, folder: Path, advance: Callable[[int], None]) -> Exported:
    """Write a selection as a static catalogue, or bring the one in a folder to it.

    Args:
        sight: of the catalogue, within the selection.
        selection: what to take along.
        folder: that is empty, is not there, or has an earlier export.
        advance: told the items written.

    Raises:
        RequestInvalid: the folder has something else in it.
        NotFound: there is no collection of a name that was asked for.
        StoreInUse: another export is writing there.
        StorageFailed: something cannot be written.
    """
    _require_ours(folder)
    try:
        held = ExclusiveFile(folder / MARK)
    except StoreInUse as cause:
        raise StoreInUse(f"{folder}: another export is writing there; wait for it to end") from cause
    start = time.perf_counter()
    try:
        writing = _Writing(sight, selection, folder, advance)
        writing.run()
    except OSError as cause:
        raise StorageFailed(f"{folder}: cannot be written: {cause.strerror or cause}") from cause
    finally:
        held.release()
    writing.done.seconds = time.perf_counter() - start
    return writing.done


def _require_ours(folder: Path) -> None:
    try:
        foreign = folder.exists() and not (folder / MARK).exists() and any(folder.iterdir())
    except NotADirectoryError as cause:
        raise RequestInvalid(f"{folder}: is a file; name a folder") from cause
    if foreign:
        raise RequestInvalid(f"{folder}: has something else in it than an earlier export; name an empty folder")


class _Writing:
    """One run."""

    def __init__(self, sight: Sight, selection: Selection, folder: Path, advance: Callable[[int], None]) -> None:
        self._sight = sight
        self._selection = selection
        self._folder = folder
        self._advance = advance
        self._facets = FacetTree(sight)
        self._sensors = SensorTree(sight)
        self.done = Exported()

    def run(self) -> None:
        collections = [one for one in self._selection.collections_in(self._sight.index) if self._collection(one)]
        self.done.collections = len(collections)
        sensors = self._sensor_branches()
        self._put(branch_file(()), static_root(TITLE, DESCRIPTION, collections, sensors))
        self._remove_others()

    def _collection(self, found: Found) -> bool:
        """Write a collection with its items and facets; False where a filter leaves it without items."""
        name, index = found.identifier, self._sight.index
        items = list(self._items(name))
        if not items and self._selection.within != EVERYTHING:
            return False
        self.done.items += len(items)
        facets = self._facets.facets(name)
        for facet in (self._facets.facet(name, twig.name) for twig in facets.children):
            for twig in facet.children:
                self._branch(self._facets.value(name, facet.name, twig.name))
            self._branch(facet)
        extent = index.extent(name, audiences=self._sight.audiences)
        self._put(branch_file(("collections", name)), static_collection(found, extent, facets, items))
        return True

    def _items(self, collection: str) -> Iterator[str]:
        for item in self._selection.items(self._sight.index, OneOf("collection", (collection,))):
            self._put(item_file(collection, item.identifier), static_item(item))
            self._advance(1)
            yield item.identifier

    def _sensor_branches(self) -> Branch:
        """Write the tree of sensors, what lies below first."""
        tree = self._sensors
        sensors = tree.sensors()
        for sensor in (tree.sensor(twig.name) for twig in sensors.children):
            for collection in (tree.collection(sensor.name, twig.name) for twig in sensor.children):
                for year in (tree.year(sensor.name, collection.name, int(twig.name)) for twig in collection.children):
                    for month in year.children:
                        names = (sensor.name, collection.name, int(year.name), int(month.name))
                        self._branch(tree.month(*names))
                    self._branch(year)
                self._branch(collection)
            self._branch(sensor)
        self._branch(sensors)
        return sensors

    def _branch(self, branch: Branch) -> None:
        items: Iterator[tuple[str, str]] = iter(())
        if branch.members is not None:
            found = self._selection.items(self._sight.index, branch.members)
            items = ((one.collection, one.identifier) for one in found)
        # What others write meanwhile has no file yet.
        known = [one for one in items if item_file(*one) in self.done.files]
        self._put(branch_file(branch.path), static_branch(branch, known))
        self.done.catalogs += 1

    def _put(self, name: str, content: bytes) -> None:
        """Write a file, unless it is there as it should be."""
        self.done.files.add(name)
        path = self._folder / name
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            self.done.unchanged += 1
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(content)
        os.replace(beside, path)
        self.done.written += 1

    def _remove_others(self) -> None:
        """Remove the files that an earlier export wrote and this one did not, and folders that are empty then."""
        for tree in ("collections", "sensors"):
            for parent, _, names in os.walk(self._folder / tree, topdown=False):
                folder = Path(parent)
                for path in (folder / name for name in names):
                    if path.relative_to(self._folder).as_posix() not in self.done.files:
                        path.unlink()
                        self.done.removed += 1
                if not any(folder.iterdir()):
                    folder.rmdir()

"""What STAC requires of every item and collection, for documents that lack it.

A client that walks a list stops at the first document that lacks one of these, and never
sees the others; so what producers left out is added, and nothing that they said is changed
but a version that clients refuse and an extent that they cannot read.
"""

import re
from typing import Any

_VERSION = "1.1.0"
_OLD_ITEM = re.compile(r"0\.[0-7]\.")
"""Versions of items that pystac does not read."""
_OLD_COLLECTION = re.compile(r"0\.|1\.0\.0-(alpha|beta)")
"""Versions from before collections had a type, with which pystac takes what has one for no collection."""
_UTC = re.compile(r"(\+00:00|Z)$")


def completed_item(own: dict[str, Any], collection: str) -> dict[str, Any]:
    """An item with its version, its collection and its assets.

    Args:
        own: the producer's.
        collection: identifier of the collection in which it is served.
    """
    named = own.get("collection")
    home = {"collection": named if isinstance(named, str) and named else collection}
    return {"assets": {}} | _versioned(own, _OLD_ITEM) | home


def completed_collection(own: dict[str, Any], required: dict[str, Any]) -> dict[str, Any]:
    """A collection with the members that STAC requires; without an extent where its own cannot be read.

    Args:
        own: the producer's.
        required: what the members are where the producer gave none.
    """
    extent = _read_extent(own.get("extent"))
    missing = {name: value for name, value in required.items() if own.get(name) is None}
    others = {name: value for name, value in own.items() if name != "extent"}
    return _with_templates(_versioned(others, _OLD_COLLECTION) | missing) | (
        {} if extent is None else {"extent": extent}
    )


def _with_templates(own: dict[str, Any]) -> dict[str, Any]:
    """A collection whose assets without an address, which are those of its items, are told as such.

    Source: STAC 1.1.0, collection, item_assets; before 1.0 they were among the assets.
    """
    assets, described = own.get("assets"), own.get("item_assets")
    if not isinstance(assets, dict) or all(isinstance(one, dict) and "href" in one for one in assets.values()):
        return own
    placed = {name: one for name, one in assets.items() if isinstance(one, dict) and "href" in one}
    others = {name: one for name, one in assets.items() if name not in placed}
    return own | {"assets": placed, "item_assets": others | (described if isinstance(described, dict) else {})}


def _versioned(own: dict[str, Any], refused: re.Pattern[str]) -> dict[str, Any]:
    version = own.get("stac_version")
    is_read = isinstance(version, str) and refused.match(version) is None
    return own if is_read else own | {"stac_version": _VERSION}


def _read_extent(extent: Any) -> dict[str, Any] | None:
    """An extent as it is, an old one in today's form, or None for what is neither.

    Source: STAC 1.0.0, collection, extent; before 0.8 it was one box and one interval.
    """
    if not isinstance(extent, dict):
        return None
    spatial, temporal = extent.get("spatial"), extent.get("temporal")
    if isinstance(spatial, list) and isinstance(temporal, list):
        extent = extent | {"spatial": {"bbox": [spatial]}, "temporal": {"interval": [temporal]}}
    return extent if _are_boxes(extent.get("spatial")) and _are_intervals(extent.get("temporal")) else None


def _are_boxes(spatial: Any) -> bool:
    boxes = spatial.get("bbox") if isinstance(spatial, dict) else None
    return isinstance(boxes, list) and bool(boxes) and all(map(_is_box, boxes))


def _is_box(box: Any) -> bool:
    return isinstance(box, list) and len(box) in (4, 6) and all(isinstance(one, int | float) for one in box)


def _are_intervals(temporal: Any) -> bool:
    intervals = temporal.get("interval") if isinstance(temporal, dict) else None
    return isinstance(intervals, list) and bool(intervals) and all(map(_is_interval, intervals))


def _is_interval(interval: Any) -> bool:
    return isinstance(interval, list) and len(interval) == 2 and all(map(_is_end, interval))


def _is_end(time: Any) -> bool:
    return time is None or (isinstance(time, str) and _UTC.search(time) is not None)

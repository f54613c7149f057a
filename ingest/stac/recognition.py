"""Whether a decoded JSON value is a STAC item or collection, in any version from 0.9 on."""

from typing import Any


def is_item(value: Any) -> bool:
    """Whether it is an item: before 1.0.0-beta items have no stac_version, and other features have no assets."""
    return isinstance(value, dict) and value.get("type") == "Feature" and ("assets" in value or "stac_version" in value)


def is_collection(value: Any) -> bool:
    """Whether it is a collection: before 1.0 collections have no type."""
    if not isinstance(value, dict):
        return False
    if value.get("type") == "Collection":
        return "stac_version" in value or "extent" in value
    return "type" not in value and {"stac_version", "extent", "license"} <= value.keys()

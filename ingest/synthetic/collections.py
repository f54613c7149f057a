"""The STAC collections that the products of the synthetic archive belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapely import union_all

from ingest.synthetic.field_items import COLLECTION as FIELDS
from ingest.synthetic.scene import GENERATOR, NOTICE, Scene, iso_time
from ingest.synthetic.stac_frame import GENERATED, LICENCE, ROOT, SCENES, STAC_VERSION
from ingest.synthetic.water_items import COLLECTION as WATER


@dataclass(frozen=True, slots=True)
class Subject:
    """What a collection is about."""

    identifier: str
    title: str
    description: str
    keywords: tuple[str, ...]


SUBJECTS = (
    Subject(
        SCENES,
        "Generated Sentinel-2 Level-2A",
        "Metadata of surface reflectance products of the river Po, autumn 2025, with an invented flood.",
        ("sentinel-2", "level-2a", "surface reflectance", "river po"),
    ),
    Subject(
        "sentinel-2-l1c",
        "Generated Sentinel-2 Level-1C",
        "Metadata of top-of-atmosphere products of the river Po, autumn 2025.",
        ("sentinel-2", "level-1c", "top of atmosphere", "river po"),
    ),
    Subject(
        WATER,
        "Generated water analyses",
        "Water seen in the scenes beside its reference, in the shape of DaFab's water_analysis items.",
        ("water", "flood", "drought", "river po"),
    ),
    Subject(
        FIELDS,
        "Generated field analyses",
        "Fields outlined in the scenes, in the shape of DaFab's smart_agriculture items.",
        ("agriculture", "fields", "river po"),
    ),
)


def collection_document(subject: Subject, scenes: Sequence[Scene]) -> dict[str, Any]:
    """A STAC collection.

    Args:
        subject: of the collection.
        scenes: shown in it, in order of time; at least one.
    """
    seen = [scene.acquisition for scene in scenes]
    box = union_all([acquisition.footprint for acquisition in seen]).bounds
    own = f"{ROOT}/collections/{subject.identifier}"
    return {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "id": subject.identifier,
        "title": subject.title,
        "description": f"{NOTICE}. {subject.description}",
        "license": LICENCE,
        "keywords": [*subject.keywords, "generated", "demonstration"],
        "providers": [{"name": GENERATOR, "roles": ["producer"]}],
        "extent": {
            "spatial": {"bbox": [[round(edge, 6) for edge in box]]},
            "temporal": {"interval": [[iso_time(seen[0].started_at), iso_time(seen[-1].started_at)]]},
        },
        GENERATED: True,
        "links": [
            {"rel": "root", "href": ROOT},
            {"rel": "self", "href": own},
            {"rel": "items", "href": f"{own}/items"},
        ],
    }

"""What DaFab's derived items have in common: their source scene and the model that made them."""

from dataclasses import dataclass
from typing import Any

from ingest.dafab.source_scene import source_fields
from ingest.document import Document, Notice
from ingest.json_document import json_value
from ingest.references import References
from ingest.stac.item import scene_fields
from ingest.stac.members import Members
from ontology import terms
from ontology.records import ProcessingRun


@dataclass(frozen=True, slots=True)
class DerivedItem:
    """A derived item, read but for its measures."""

    fields: dict[str, Any]
    """Of a Scene: those of any item, its source's, and the run of a model."""
    measures: Members
    """What the model measured; an empty object where the item has none."""
    references: References
    notices: list[Notice]


def read_derived(document: Document, *, measures: str, model: str) -> DerivedItem:
    """A derived item.

    Args:
        document: a STAC item.
        measures: name of the property that holds them.
        model: name of the algorithm; ``processing:version`` is its version.

    Raises:
        DocumentRefused: as for any STAC item.
    """
    item = json_value(document)
    notices: list[Notice] = []
    references = References()
    fields = scene_fields(item, document.source, references, notices)
    properties = Members(item["properties"], document.source, "properties", notices)
    return DerivedItem(
        fields | _told(fields, references) | {"run": _run(fields, references, model)},
        properties.within(properties.object(measures), measures),
        references,
        notices,
    )


def _told(fields: dict[str, Any], references: References) -> dict[str, Any]:
    """What the identifier of the source tells and the item itself does not say."""
    source_scene = source_fields(fields["identifier"], references)
    return {name: value for name, value in source_scene.items() if fields[name] in (None, ())}


def _run(fields: dict[str, Any], references: References, model: str) -> ProcessingRun:
    version = fields["processing_version"]
    return ProcessingRun(
        kind=terms.INFERENCE_ACTIVITY,
        model=None if version is None else references.model(model, version),
        inputs=fields["derived_from"],
    )

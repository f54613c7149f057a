"""What DaFab's derived items have in common: their source scene and the model that made them."""

from collections.abc import Mapping
from typing import Any

from ingest.dafab.source_scene import source_fields
from ingest.document import Notice
from ingest.references import References
from ingest.stac.item import scene_fields
from ontology import terms
from ontology.records import ProcessingRun


def derived_fields(
    item: Mapping[str, Any], source: str, references: References, notices: list[Notice], *, model: str
) -> dict[str, Any]:
    """The fields of a derived scene: those of any item, its source's, and the run of a model.

    Args:
        item: the decoded item.
        source: document, for errors.
        references: that IRIs are taken from.
        notices: that notices are added to.
        model: name of the algorithm; ``processing:version`` is its version.
    """
    fields = scene_fields(item, source, references, notices)
    source_scene = source_fields(fields["identifier"], references)
    told = {name: value for name, value in source_scene.items() if fields[name] in (None, ())}
    version = fields["processing_version"]
    run = ProcessingRun(
        kind=terms.INFERENCE_ACTIVITY,
        model=None if version is None else references.model(model, version),
        inputs=fields["derived_from"],
    )
    return fields | told | {"run": run}

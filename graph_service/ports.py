"""What the parts of the service ask of each other."""

from typing import Protocol

from graph_service.catalogue import Applied, Batch
from graph_service.index.sqlite import Known


class CatalogueWriter(Protocol):
    """Something that batches can be written through: the catalogue itself, or a service that holds it."""

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records, all or nothing."""
        ...


class FingerprintIndex(Protocol):
    """Something that knows which documents were taken in before."""

    def with_fingerprint(self, fingerprint: str) -> Known | None:
        """The record that was made from a document in exactly this way."""
        ...

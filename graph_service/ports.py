"""What the parts of the service ask of each other."""

from collections.abc import Sequence
from typing import Protocol

from graph_service.changes import Applied, Batch, Entry, Prepared
from graph_service.index.sqlite import Known


class CatalogueWriter(Protocol):
    """Something that batches can be written through: the catalogue itself, or a service that holds it."""

    def prepare(self, entry: Entry) -> Entry | Prepared:
        """Do what can be done for an entry before its batch is written."""
        ...

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records, all or nothing."""
        ...


class KnownRecords(Protocol):
    """Something that knows which records and documents were taken in before."""

    def known_among(self, iris: Sequence[str]) -> dict[str, Known]:
        """Those of some IRIs that name a record, with what is known of each."""
        ...

    def with_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, Known]:
        """The records that were made from documents in exactly these ways, by fingerprint."""
        ...

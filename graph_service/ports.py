"""What the parts of the service ask of each other."""

from collections.abc import Callable, Sequence
from typing import Protocol

from graph_service.changes import Applied, Batch, Entry, Prepared
from graph_service.index.sqlite import Known
from graph_service.store.dataset import Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.update_plan import GraphWrite, Update
from graph_service.store.workers import Answer, Stream


class CatalogueWriter(Protocol):
    """Something that batches can be written through: the catalogue itself, or a service that holds it."""

    def prepare(self, entry: Entry) -> Entry | Prepared:
        """Do what can be done for an entry before its batch is written."""
        ...

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records, all or nothing."""
        ...


class QueryAnswers(Protocol):
    """Something that answers queries on the graph: worker processes, or a relay to the engine that holds it."""

    deadline_s: float
    """Seconds that a query may take."""

    def answer(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """The whole answer to a query."""
        ...

    def stream(
        self,
        text: str,
        *,
        media_type: str,
        audiences: Sequence[str] = (),
        deadline_s: float | None = None,
        dataset: Dataset | None = None,
    ) -> Stream:
        """The answer to a query, the beginning of a long one before its end is there."""
        ...

    def plan(
        self,
        asked: Update | GraphWrite,
        *,
        writer: Writer,
        own: Callable[[], Sequence[str]],
        deadline_s: float | None = None,
    ) -> Edit:
        """What an update would change."""
        ...

    def close(self) -> None:
        """Answer no more."""
        ...


class KnownRecords(Protocol):
    """Something that knows which records and documents were taken in before."""

    def known_among(self, iris: Sequence[str]) -> dict[str, Known]:
        """Those of some IRIs that name a record, with what is known of each."""
        ...

    def with_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, Known]:
        """The records that were made from documents in exactly these ways, by fingerprint."""
        ...

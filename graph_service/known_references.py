"""Reference records that are in the catalogue, and what a batch adds to them."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from graph_service.changes import Entry
from graph_service.index.sqlite import SQLiteIndex
from graph_service.store.graph_store import GraphStore
from ontology.records import Collection, Reference
from ontology.triples import record_from

Audienced = list[tuple[Reference, str | None]]
"""Reference records with the IRIs of the graphs that hold them, None for the public one."""


class KnownReferences:
    """What was written of the things that products point to."""

    def __init__(self, graph: GraphStore, index: SQLiteIndex) -> None:
        self._graph = graph
        self._index = index
        self._seen: dict[str, Reference] = {}

    def news(self, entries: Iterable[Entry]) -> Audienced:
        """The references of some entries that are new, become public, or say more than is known."""
        own: set[str] = set()
        wanted: dict[str, tuple[Reference, str | None]] = {}
        for entry in entries:
            own.add(entry.record.iri)
            for reference in entry.references:
                kept = wanted.get(reference.iri)
                if kept is None or (entry.audience is None and kept[1] is not None):
                    wanted[reference.iri] = (reference, entry.audience)
                elif kept[1] == entry.audience and kept[0] != reference:
                    wanted[reference.iri] = (_both(kept[0], reference), entry.audience)
        others = [(r, audience) for r, audience in wanted.values() if r.iri not in own]
        return [told for r, audience in others if (told := self._told(r, audience)) is not None]

    def _told(self, reference: Reference, audience: str | None) -> tuple[Reference, str | None] | None:
        if isinstance(reference, Collection):
            return (reference, audience) if self._is_new_collection(reference, audience) else None
        written = self._index.reference(reference.iri)
        if written is None:
            return reference, audience
        if written[0] != audience and audience is not None:
            # What a restricted data set says of a public thing stays out of what everybody sees.
            return None
        known = self._known(reference.iri)
        told = reference if known is None else _both(known, reference)
        return (told, audience) if told != known or written[0] != audience else None

    def _is_new_collection(self, reference: Collection, audience: str | None) -> bool:
        known = self._index.known(reference.iri)
        # A described collection stays as its own document has it.
        return known is None or (known.document is None and known.audience is not None and audience is None)

    def _known(self, iri: str) -> Reference | None:
        if iri not in self._seen and (quads := self._graph.about(iri)):
            record = record_from(iri, quads)
            assert isinstance(record, Reference)
            self._seen[iri] = record
        return self._seen.get(iri)

    def forget(self, iris: Iterable[str]) -> None:
        """Look some records up again: a change writes or deletes them."""
        for iri in iris:
            self._seen.pop(iri, None)


def _both(first: Reference, second: Reference) -> Reference:
    """A record with what a second one says beyond it; where they differ the first stands."""
    if type(first) is not type(second):
        return first
    more: dict[str, Any] = {
        one.name: getattr(second, one.name) for one in fields(first) if getattr(first, one.name) in (None, ())
    }
    return replace(first, **more)

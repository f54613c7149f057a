"""Where the records of a store point to, and which of these places nothing describes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from graph_service.console.reading import Reading
from graph_service.views.validation_report import Finding
from ontology import terms
from ontology.literals import iri_term
from ontology.loader import ontology_triples, published_iris
from ontology.members import references
from ontology.prefixed import prefixed
from ontology.records import Record
from ontology.related import Related
from ontology.shape_tables.references import REFERENCES

_ASKED_AT_ONCE = 1000
"""IRIs in one question to the graph."""


@dataclass(slots=True)
class _Pointer:
    """The first statement that points to an IRI, and how many do."""

    focus: str
    path: str
    number: int = 0


class Pointers:
    """The IRIs that records point to, gathered as they are read."""

    def __init__(self) -> None:
        self._pointers: dict[str, _Pointer] = {}

    def add(self, record: Record | Related) -> None:
        """Take note of where a record points to."""
        for focus, path, iri in references(record):
            self._pointers.setdefault(iri, _Pointer(focus, path)).number += 1

    def leading_nowhere(self, reading: Reading, described: Iterable[str]) -> Iterator[Finding]:
        """A finding for each IRI that nothing describes.

        What the catalogue writes beside every product, such as its platform, must be there: a warning.
        A product may come from another that is not in this catalogue: a note.

        Args:
            reading: the stores.
            described: IRIs that are known to be described.
        """
        unknown = sorted(self._pointers.keys() - set(described) - published_iris())
        for start in range(0, len(unknown), _ASKED_AT_ONCE):
            some = unknown[start : start + _ASKED_AT_ONCE]
            there = _described_among(reading, some)
            yield from (self._finding(iri) for iri in some if iri not in there)

    def _finding(self, iri: str) -> Finding:
        pointer = self._pointers[iri]
        record, _, part = pointer.focus.partition("#")
        always = pointer.path in _written_beside()
        others = "1 statement points" if pointer.number == 1 else f"{pointer.number:,} statements point"
        remedy = "take the document of the record in again" if always else "take in what describes it"
        return Finding(
            source=record,
            place=f"#{part} {prefixed(pointer.path)}" if part else prefixed(pointer.path),
            value=iri,
            rule="reference",
            message=f"is described by nothing here; {others} to it",
            remedy=remedy,
            severity="warning" if always else "info",
            focus=pointer.focus,
            path=pointer.path,
        )


def _described_among(reading: Reading, iris: Sequence[str]) -> set[str]:
    values = " ".join(map(iri_term, iris))
    text = f"SELECT ?iri {{ VALUES ?iri {{ {values} }} FILTER EXISTS {{ ?iri ?property ?value }} }}"
    rows = reading.graph.query(text, audiences=reading.index.audiences())
    assert isinstance(rows, ox.QuerySolutions)
    return {row["iri"].value for row in rows}


@cache
def _written_beside() -> frozenset[str]:
    """The properties whose values are records that products bring along."""
    classes = {one for shape in REFERENCES for one in shape.types}
    ranges = (t for t in ontology_triples() if t.predicate.value == terms.RDFS + "range")
    return frozenset(str(t.subject.value) for t in ranges if getattr(t.object, "value", "") in classes)  # type: ignore[union-attr]  # properties have IRIs

"""The search index as a projection: rows, references and geometries made from graph and documents."""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypedDict

from graph_service.draft import audience_of, is_record, statement
from graph_service.errors import StoreInUse
from graph_service.index.concepts import concepts_of
from graph_service.index.geometries import GeometryChange
from graph_service.index.rows import Row, row
from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.statements import LINKS, SERIALISATIONS, survey
from graph_service.store.documents import DocumentStore
from graph_service.store.graph_store import GraphStore
from ontology.records import Primary, Record
from ontology.related import Related
from ontology.shapes import TOP_LEVEL
from ontology.triples import Statement, record_from

log = logging.getLogger(__name__)

_RECORD_CLASSES = tuple(dict.fromkeys(shape.types[0] for shape in TOP_LEVEL))

StacDocument = Callable[[Primary, bytes | None], tuple[bytes, bytes]]
"""STAC body without links, and the links it keeps, from a record and its source document (None: there is none)."""


_AT_A_TIME = 500
"""Records whose rows are made before they are written."""
_TOLD_EVERY = 20


class _Made(TypedDict):
    """What some records are in the index."""

    rows: list[Row]
    references: list[tuple[str, str | None]]
    gone: list[str]


class Projection:
    """What the index holds of one graph and its documents."""

    def __init__(
        self, graph: GraphStore, documents: DocumentStore, index: SQLiteIndex, stac_document: StacDocument
    ) -> None:
        self._graph = graph
        self._documents = documents
        self._index = index
        self._stac_document = stac_document
        self._rebuilding = threading.Lock()

    def row(
        self, record: Record | Related, audience: str | None, document: bytes | None, stated: Iterable[Statement]
    ) -> Row | None:
        """The row of a record; None where it is one that search does not list.

        Args:
            record: as it is written.
            audience: the named graph that it stands in; None is public.
            document: that it was made from, where there is one.
            stated: what the record states.
        """
        if not isinstance(record, Primary):
            return None
        stac, links = self._stac_document(record, document)
        concepts = concepts_of(record.iri, stated)
        return row(record, audience=audience, stac=stac, links=links, concepts=concepts)

    def survey(self) -> None:
        """Find every geometry of the graph anew, whoever wrote it, as of the change that the index holds."""
        self._survey(self._index)

    def _survey(self, index: SQLiteIndex) -> None:
        index.place(survey(quad for iri in (*LINKS, *SERIALISATIONS) for quad in self._graph.quads_with(iri)))

    def recorded(self, described: Collection[str]) -> list[str]:
        """IRIs of every record in the graph, without what the published ontology describes."""
        found = {iri for class_iri in _RECORD_CLASSES for iri in self._graph.subjects_of_type(class_iri)}
        written = self._documents.touched_after(0, self._graph.change_number())
        return sorted(found - (set(described).difference(written)))

    def refresh(self, change: int, iris: Sequence[str], *, geometries: GeometryChange | None = None) -> None:
        """Make the rows of some records again, so many at a time.

        Args:
            change: number that the index holds after the last of them.
            iris: of the records; those that the graph does not have are forgotten.
            geometries: that came and went with the change, where the records are so few that it is one.
        """
        behind = self._index.change_number()
        *first, last = _chunks(iris) or [[]]
        for number, chunk in enumerate(first):
            self._index.apply(behind, **self._made(chunk))
            _tell(number, len(iris))
        self._index.apply(change, **self._made(last), geometries=geometries)

    def rebuild(
        self, recorded: Callable[[], Sequence[str]], settled: Callable[[], AbstractContextManager[None]]
    ) -> int:
        """Make the index again beside the one that is served and written meanwhile, and return how many rows it has.

        Args:
            recorded: IRIs of every record of the graph as it stands.
            settled: within which nobody writes, and the index has all that was written.

        Raises:
            StoreInUse: it is being made again already.
        """
        if not self._rebuilding.acquire(blocking=False):
            raise StoreInUse("the index is being made again already")
        try:
            with settled():
                other, change = self._index.beside(), self._graph.change_number()
            self._rebuild(other, change, recorded, settled)
        finally:
            self._rebuilding.release()
        return self._index.count_records()

    def _rebuild(
        self,
        other: SQLiteIndex,
        change: int,
        recorded: Callable[[], Sequence[str]],
        settled: Callable[[], AbstractContextManager[None]],
    ) -> None:
        try:
            other.apply(change, rows=())
            self._survey(other)
            self._fill_all(other, change, recorded())
            while len(more := self._index.written_since()) > _AT_A_TIME:
                self._fill_all(other, change, more)
            self._fill(other, change, more)
            with settled():
                self._fill(other, self._graph.change_number(), self._index.written_since())
                self._index.exchange(other)
        except BaseException:
            self._index.give_up(other)
            raise

    def _fill_all(self, other: SQLiteIndex, change: int, iris: Sequence[str]) -> None:
        for number, chunk in enumerate(_chunks(iris)):
            self._fill(other, change, chunk)
            _tell(number, len(iris))

    def _fill(self, other: SQLiteIndex, change: int, iris: Sequence[str]) -> None:
        other.apply(change, **self._made(iris), numbers=self._index.row_numbers(iris))

    def _made(self, iris: Iterable[str]) -> "_Made":
        made = _Made(rows=[], references=[], gone=[])
        for iri in iris:
            quads = self._graph.about(iri)
            if not is_record(quads):
                made["gone"].append(iri)
                continue
            record = record_from(iri, quads)
            document = self.document(record)
            if found := self.row(record, audience_of(quads[0]), document, map(statement, quads)):
                made["rows"].append(found)
            else:
                made["references"].append((iri, audience_of(quads[0])))
        return made

    def document(self, record: Record | Related) -> bytes | None:
        """The document that a record was made from, where it is kept."""
        digest = record.document if isinstance(record, Primary) else None
        found = None if digest is None else self._documents.content(digest)
        return None if found is None else found[1]


def _chunks(iris: Sequence[str]) -> list[Sequence[str]]:
    return [iris[start : start + _AT_A_TIME] for start in range(0, len(iris), _AT_A_TIME)]


def _tell(chunk: int, records: int) -> None:
    if (chunk + 1) % _TOLD_EVERY == 0:
        log.info("indexed: %d of %d records", (chunk + 1) * _AT_A_TIME, records)


def has_row(record: Record | Related) -> bool:
    """Whether search lists a record."""
    return isinstance(record, Primary)


def with_inferred(rows: Sequence[Row], inferred: Iterable[Statement]) -> list[Row]:
    """Rows with the classes and codes that were inferred of their records."""
    more: dict[str, list[Statement]] = {}
    for one in inferred:
        more.setdefault(one[0][1:-1], []).append(one)
    return [
        replace(one, concepts=one.concepts | concepts_of(one.iri, more[one.iri])) if one.iri in more else one
        for one in rows
    ]

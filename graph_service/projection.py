"""The search index as a projection: rows, references and geometries made from graph and documents."""

from collections.abc import Callable, Collection, Iterable

from graph_service.draft import audience_of, is_record, statement
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

_RECORD_CLASSES = tuple(dict.fromkeys(shape.types[0] for shape in TOP_LEVEL))

StacDocument = Callable[[Primary, bytes | None], tuple[bytes, bytes]]
"""STAC body without links, and the links it keeps, from a record and its source document (None: there is none)."""


class Projection:
    """What the index holds of one graph and its documents."""

    def __init__(
        self, graph: GraphStore, documents: DocumentStore, index: SQLiteIndex, stac_document: StacDocument
    ) -> None:
        self._graph = graph
        self._documents = documents
        self._index = index
        self._stac_document = stac_document

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

    def survey(self, change: int) -> None:
        """Find every geometry of the graph anew, whoever wrote it."""
        quads = (quad for iri in (*LINKS, *SERIALISATIONS) for quad in self._graph.quads_with(iri))
        self._index.apply(change, rows=(), geometries=survey(quads))

    def recorded(self, described: Collection[str]) -> list[str]:
        """IRIs of every record in the graph, without what the published ontology describes."""
        found = {iri for class_iri in _RECORD_CLASSES for iri in self._graph.subjects_of_type(class_iri)}
        written = self._documents.touched_after(0, self._graph.change_number())
        return sorted(found - (set(described).difference(written)))

    def refresh(
        self, change: int, iris: Iterable[str], *, afresh: bool = False, geometries: GeometryChange | None = None
    ) -> int:
        """Make the rows of some records again, and return how many there are.

        Args:
            change: number that the index holds afterwards.
            iris: of the records; those that the graph does not have are forgotten.
            afresh: forget everything first.
            geometries: that came and went with the change.
        """
        rows: list[Row] = []
        references: list[tuple[str, str | None]] = []
        gone: list[str] = []
        for iri in iris:
            quads = self._graph.about(iri)
            if not is_record(quads):
                gone.append(iri)
                continue
            record = record_from(iri, quads)
            document = self.document(record)
            if found := self.row(record, audience_of(quads[0]), document, map(statement, quads)):
                rows.append(found)
            else:
                references.append((iri, audience_of(quads[0])))
        self._index.apply(change, rows=rows, references=references, gone=gone, afresh=afresh, geometries=geometries)
        return len(rows)

    def document(self, record: Record | Related) -> bytes | None:
        """The document that a record was made from, where it is kept."""
        digest = record.document if isinstance(record, Primary) else None
        found = None if digest is None else self._documents.content(digest)
        return None if found is None else found[1]


def has_row(record: Record | Related) -> bool:
    """Whether search lists a record."""
    return isinstance(record, Primary)

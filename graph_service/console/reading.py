"""A data directory as commands read it: side by side with whoever writes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.errors import NotFound, RequestInvalid
from graph_service.index.filters import OneOf
from graph_service.index.sqlite import Known, SQLiteIndex
from graph_service.settings import Settings
from graph_service.store.documents import DocumentStore
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.remote_store import RemoteStore
from ontology import terms
from ontology.identifiers import BASE, collection_iri, item_iri


@dataclass(frozen=True, slots=True)
class Reading:
    """The stores of a data directory, for reading."""

    graph: GraphStore
    documents: DocumentStore
    index: SQLiteIndex

    def close(self) -> None:
        """The files are given back."""
        self.documents.close()
        self.index.close()


def open_for_reading(settings: Settings) -> Reading:
    """The stores of a data directory, also while a service or a command writes it.

    Raises:
        NotFound: there is no catalogue in it.
        StorageFailed: it cannot be read.
    """
    if not settings.index_file.exists():
        raise NotFound(f"{settings.data}: there is no catalogue here; orrery ingest makes one")
    return Reading(_graph(settings), DocumentStore(settings.documents_file), SQLiteIndex(settings.index_file))


def _graph(settings: Settings) -> GraphStore:
    if settings.store is not None:
        return RemoteStore.reading(settings.store)
    return OxigraphStore.open_read_only(settings.graph_folder)


def find_record(index: SQLiteIndex, name: str, audiences: Sequence[str] = ()) -> Known:
    """The record that somebody means by an IRI, ``collection/id``, the id of an item, or a collection's id.

    Raises:
        NotFound: there is none.
        RequestInvalid: there are several; the message lists them.
    """
    for iri in _readings(name):
        if (known := index.known(iri)) is not None and (known.audience is None or known.audience in audiences):
            return known
    found = index.search(OneOf("id", (name,)), audiences=audiences, limit=10).found
    if len(found) > 1:
        listed = ", ".join(f"{one.collection}/{one.identifier}" for one in found)
        raise RequestInvalid(f"{name}: several products have this id: {listed}")
    known = index.known(found[0].iri) if found else None
    if known is None:
        raise NotFound(f"{name}: no record has this IRI, collection/id or id")
    return known


def _readings(name: str) -> list[str]:
    if name.startswith((BASE, terms.CODE)):
        return [name]
    collection, slash, identifier = name.partition("/")
    return [item_iri(collection, identifier)] if slash else [collection_iri(name)]

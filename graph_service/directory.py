"""A data directory, opened for writing."""

from graph_service.catalogue import Catalogue
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.reasoner import Reasoner
from graph_service.settings import Settings
from graph_service.store.documents import DocumentStore
from graph_service.store.exclusive import ExclusiveFile
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.store.remote_store import RemoteStore
from graph_service.views.stac.document import stac_document
from ontology.loader import load_ontology


def _graph(settings: Settings) -> GraphStore:
    if settings.store is None:
        return OxigraphStore.open(settings.graph_folder)
    held = ExclusiveFile(settings.lock_file)
    try:
        return RemoteStore.open(settings.store, held)
    except BaseException:
        held.release()
        raise


def open_catalogue(settings: Settings) -> Catalogue:
    """The catalogue in a data directory, made where it is missing, with the ontology in its graph.

    Raises:
        OntologyInvalid: a module of the ontology cannot be used.
        StoreInUse: another process holds it.
        StorageFailed: it cannot be read or written.
    """
    ontology = load_ontology(settings.ontology)
    reasoner = Reasoner(ontology)
    graph = _graph(settings)
    documents = DocumentStore(settings.documents_file)
    catalogue = Catalogue(graph, documents, SQLiteIndex(settings.index_file, may_renew=True), stac_document, reasoner)
    catalogue.publish_ontology(ontology.text, ontology.triples)
    return catalogue

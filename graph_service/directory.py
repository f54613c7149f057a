"""A data directory, opened for writing."""

from graph_service.catalogue import Catalogue
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.reasoner import Reasoner
from graph_service.settings import Settings
from graph_service.store.documents import DocumentStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ontology.loader import load_ontology


def open_catalogue(settings: Settings) -> Catalogue:
    """The catalogue in a data directory, made where it is missing, with the ontology in its graph.

    Raises:
        OntologyInvalid: a module of the ontology cannot be used.
        StoreInUse: another process holds it.
        StorageFailed: it cannot be read or written.
    """
    ontology = load_ontology(settings.ontology)
    reasoner = Reasoner(ontology)
    graph = OxigraphStore.open(settings.graph_folder)
    documents = DocumentStore(settings.documents_file)
    catalogue = Catalogue(graph, documents, SQLiteIndex(settings.index_file), stac_document, reasoner)
    catalogue.publish_ontology(ontology.text, ontology.triples)
    return catalogue

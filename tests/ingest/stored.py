"""Records as they come back from the engine that keeps them."""

import pyoxigraph as ox

from ontology.records import Record
from ontology.related import Related
from ontology.triples import record_from, statements


def as_stored(record: Record | Related) -> Record | Related:
    """The record that is read from a record's triples after an engine has loaded them as N-Triples."""
    store = ox.Store()
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in statements(record))
    store.load(text, format=ox.RdfFormat.N_TRIPLES)
    return record_from(record.iri, store)

"""Whether graph, index and documents of a catalogue say the same."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph_service.catalogue import Catalogue
from graph_service.draft import difference_of
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore
from ontology import terms
from ontology.identifiers import CATALOGUE
from ontology.loader import published_iris
from ontology.records import Primary, Record
from ontology.related import Related
from ontology.triples import owner_of, record_from, statements
from tests.graph_service.builders import reasoner
from tests.graph_service.index.contents import contents, iris

Quad = tuple[str | None, str, str, str]
"""Audience, subject, predicate and object as text."""

AUDIENCES = ("urn:orrery:test:north", "urn:orrery:test:south")


def quads(graph: GraphStore) -> list[Quad]:
    """Everything that is stated in a graph but the catalogue's own statements, sorted."""
    return stated(everything(graph))


def stated(found: list[Quad]) -> list[Quad]:
    """Quads without the inferred ones, which their names tell."""
    types = {(a, s, o) for a, s, p, o in found if p == terms.INFERRED_TYPE}
    is_inferred = reasoner().program.is_inferred
    return [
        (a, s, p, o)
        for a, s, p, o in found
        if not is_inferred((f"<{s}>", f"<{p}>", o)) and not (p == terms.TYPE and (a, s, o) in types)
    ]


def everything(graph: GraphStore) -> list[Quad]:
    """All that a graph holds but the catalogue's own statements, sorted."""
    found: list[Quad] = []
    for audience in (None, *AUDIENCES):
        where = f"GRAPH <{audience}> {{ ?s ?p ?o }}" if audience else "?s ?p ?o"
        rows: Any = graph.query(f"SELECT * {{ {where} }}", audiences=[audience] if audience else [])
        # Without an audience ``where`` sees the default graph alone, with one GRAPH sees the named one alone.
        found += [(audience, row["s"].value, row["p"].value, str(row["o"])) for row in rows]
    assert len(found) == len(graph), "a graph of no audience"
    return sorted((one for one in found if one[1] != CATALOGUE), key=repr)


def quads_of(records: Iterable[tuple[Record | Related, str | None]]) -> list[Quad]:
    """What a graph holds of records with their audiences, in the words of the engine."""
    graph = OxigraphStore.in_memory()
    groups: dict[str | None, list[tuple[str, str, str]]] = {}
    for record, audience in records:
        groups.setdefault(audience, []).extend(statements(record))
    graph.apply(change=1, remove={}, add=groups)
    return quads(graph)


def disagreements(catalogue: Catalogue, index_file: Path) -> list[str]:
    """What a thorough check finds wrong; the index is made again for it and must come out the same."""
    faults: list[str] = []
    if catalogue.index.change_number() != catalogue.graph.change_number():
        faults.append(f"index at {catalogue.index.change_number()}, graph at {catalogue.graph.change_number()}")
    found = [one for one in everything(catalogue.graph) if one[1] not in published_iris()]
    owners = {owner_of(subject) for _, subject, _, _ in found}
    before = contents(index_file)
    if owners != iris(before):
        faults.append(f"in one of graph and index alone: {sorted(owners ^ iris(before))}")
    if torn := [iri for iri, n in Counter(o for _, o in {(a, owner_of(s)) for a, s, _, _ in found}).items() if n > 1]:
        faults.append(f"in several graphs: {torn}")
    reached = sum(len(catalogue.graph.about(iri)) for iri in owners)
    if reached != len(found):
        faults.append(f"{len(found) - reached} statements about parts that no record owns")
    for iri in owners:
        record = record_from(iri, catalogue.graph.about(iri))
        digest = record.document if isinstance(record, Primary) else None
        if digest is not None and catalogue.documents.content(digest) is None:
            faults.append(f"{iri} has lost its document")
    if wrong := difference_of(sorted(owners), catalogue.graph, catalogue.reasoner).records:
        faults.append(f"not what follows of {wrong}")
    catalogue.rebuild()
    faults += [
        f"the table {table} is rebuilt otherwise"
        for table, rows in contents(index_file).items()
        if rows != before[table]
    ]
    return faults

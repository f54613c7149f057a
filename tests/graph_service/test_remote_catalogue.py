"""The catalogue with its graph in another engine: its own tests once more, and what is different there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.errors import EngineFailed
from graph_service.index.sqlite import SQLiteIndex
from graph_service.store.documents import DocumentStore
from graph_service.store.remote import Endpoint
from graph_service.store.remote_store import RemoteStore
from graph_service.views.stac.document import stac_document
from ontology import terms
from ontology.identifiers import constellation_iri, platform_iri
from ontology.records import Constellation, Platform
from ontology.triples import record_from
from tests.graph_service.builders import reasoner
from tests.graph_service.store.engines import Server
from tests.graph_service.test_catalogue import (  # noqa: F401  # they run here as well, on this graph
    catalogue,
    entry_of,
    index_file,
    place,
    rich,
    test_a_collection_and_its_first_product_in_one_batch,
    test_a_deleted_collection_is_made_known_again_by_its_products,
    test_a_deleted_record_is_gone_whole_and_references_stay,
    test_a_deleted_record_may_come_back,
    test_a_described_collection_stays_as_its_document_has_it,
    test_a_described_restricted_collection_stays_restricted,
    test_a_lost_index_is_made_again_when_opened,
    test_a_new_version_replaces_the_record_whole,
    test_a_newer_ontology_replaces_the_older_whole,
    test_a_prepared_entry_is_written_as_the_entry_itself,
    test_a_public_reference_stays_public_when_its_records_are_restricted,
    test_a_record_deleted_and_written_in_one_batch_is_there,
    test_a_record_deleted_twice_is_unknown_the_second_time,
    test_a_record_moves_to_an_audience_and_back_whole,
    test_a_record_that_is_not_rdf_spoils_its_batch_and_nothing_else,
    test_a_restricted_record_is_deleted_from_its_graph,
    test_a_restricted_reference_becomes_public_when_a_public_record_needs_it,
    test_an_empty_batch_is_a_change_of_nothing,
    test_an_index_that_failed_catches_up_when_opened,
    test_an_index_that_failed_catches_up_with_the_next_change,
    test_an_older_copy_of_the_index_catches_up_from_the_journal,
    test_an_unknown_deletion_changes_nothing_at_all,
    test_of_one_record_twice_in_a_batch_the_last_is_kept,
    test_older_documents_stay_in_the_history,
    test_publishing_an_ontology_twice_is_no_change,
    test_rebuilding_gives_the_same_index,
    test_records_whose_iris_start_alike_are_strangers,
    test_references_are_written_once,
    test_references_of_a_mixed_batch_are_public,
    test_the_published_ontology_is_asked_like_everything_else,
    test_the_same_batch_twice_changes_nothing_but_the_change_number,
    test_what_is_written_is_the_statements_of_records_and_references,
    test_what_products_point_to_can_be_deleted,
    test_what_the_documents_refuse_leaves_no_trace,
)

GRAPH = "urn:orrery:test:catalogue"


@pytest.fixture(scope="module")
def opened(oxigraph: Server) -> Iterator[RemoteStore]:
    store = RemoteStore.open(oxigraph.store_settings(GRAPH))
    yield store
    store.erase()


@pytest.fixture
def graph(opened: RemoteStore) -> RemoteStore:
    """The empty graph that the catalogue's own tests write."""
    opened.erase()
    return opened


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def any_engine(request: pytest.FixtureRequest) -> Iterator[RemoteStore]:
    server: Server = request.getfixturevalue(request.param)
    store = RemoteStore.open(server.store_settings(f"{GRAPH}/any"))
    yield store
    store.erase()


@pytest.fixture
def remote(any_engine: RemoteStore, tmp_path: Path) -> Iterator[Catalogue]:
    any_engine.erase()
    opened = reopened(any_engine, tmp_path)
    yield opened
    opened.documents.close()
    opened.index.close()


def reopened(graph: RemoteStore, folder: Path) -> Catalogue:
    documents, index = DocumentStore(folder / "documents.sqlite"), SQLiteIndex(folder / "index.sqlite")
    return Catalogue(graph, documents, index, stac_document, reasoner())


def held(within: Catalogue, iri: str) -> object:
    """The record that the graph holds under an IRI; None for none."""
    quads = within.graph.about(iri)
    return record_from(iri, quads) if quads else None


def test_a_record_is_written_replaced_and_deleted(remote: Catalogue) -> None:
    old, new = entry_of(rich("a", 3)), entry_of(rich("a", 2))
    for entry in (old, new):
        remote.apply(Batch((entry,)))
        assert held(remote, entry.record.iri) == entry.record
    size = len(remote.graph)
    remote.apply(Batch(deletions=(new.record.iri,)))
    assert held(remote, new.record.iri) is None
    assert len(remote.graph) < size
    assert (remote.graph.change_number(), remote.index.change_number()) == (3, 3)


def test_what_follows_from_a_record_is_written_with_it_and_mended(remote: Catalogue) -> None:
    satellite = Platform(iri=platform_iri("test-1"), name="test-1")
    scene = entry_of(rich("a"))
    remote.apply(Batch((scene,)))
    fleet = Constellation(iri=constellation_iri("tests"), name="tests")
    joined = Platform(iri=satellite.iri, name="test-1", constellation=fleet.iri)
    remote.apply(Batch((Entry(fleet), Entry(joined))))
    predicate = terms.ACQUIRED_BY_CONSTELLATION
    fleets = [str(q.object) for q in remote.graph.about(scene.record.iri) if q.predicate.value == predicate]
    assert fleets == [f"<{fleet.iri}>"]


def test_a_change_that_is_cut_off_anywhere_is_done_or_not_done(
    any_engine: RemoteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = next(n for n in range(30) if is_whole_after(n, any_engine, tmp_path / str(n), monkeypatch))
    assert enough == 1 if any_engine.engine.atomic else enough > 5


def is_whole_after(requests: int, engine: RemoteStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a change takes so many requests; one that takes more is cut off there, and is done or not done."""
    folder.mkdir()
    engine.erase()
    first = reopened(engine, folder)
    old, new = entry_of(rich("a", 1)), entry_of(rich("a", 2))
    first.apply(Batch((old,)))
    is_whole = applied_within(requests, first, Batch((new,)), monkeypatch)
    first.documents.close()
    first.index.close()
    again = reopened(engine, folder)
    number = again.graph.change_number()
    assert held(again, old.record.iri) == (old.record if number == 1 else new.record)
    assert number == 2 or not is_whole
    assert again.index.change_number() == number
    again.apply(Batch((new,)))
    assert held(again, new.record.iri) == new.record
    again.documents.close()
    again.index.close()
    return is_whole


def applied_within(requests: int, writer: Catalogue, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a batch is applied with so many requests, behind which the process is as if killed."""
    update, left = Endpoint.update, requests

    def until_killed(self: Endpoint, text: str) -> None:
        nonlocal left
        if not left:
            raise EngineFailed("killed")
        left -= 1
        update(self, text)

    with monkeypatch.context() as patch:
        patch.setattr(Endpoint, "update", until_killed)
        try:
            writer.apply(batch)
        except EngineFailed:
            return False
    return True

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.catalogue import Catalogue
from graph_service.changes import Applied, Batch, Entry
from graph_service.errors import NotFound, StatementsInvalid, StorageFailed
from graph_service.index.filters import All, Meets
from graph_service.index.sqlite import SQLiteIndex
from graph_service.intake import Intake
from graph_service.store.documents import DocumentStore, StoredDocument
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from ingest.synthetic.archive import write_archive
from ontology.errors import RecordInvalid
from ontology.identifiers import CATALOGUE, collection_iri, item_iri, platform_iri, tile_iri
from ontology.loader import ontology_text, ontology_triples, turtle_triples
from ontology.records import (
    Asset,
    Band,
    Collection,
    GridTile,
    Platform,
    Primary,
    ProcessingRun,
    ProcessingStep,
    QualityCheck,
    Reference,
    Scene,
)
from tests.graph_service.builders import COLLECTION, item_of, reasoner, scene_of
from tests.graph_service.index.agreement import AUDIENCES, disagreements, quads, quads_of
from tests.graph_service.index.contents import contents, iris
from tests.graph_service.index.rows import ids

NORTH, SOUTH = AUDIENCES
SERIES = Collection(iri=collection_iri(COLLECTION), identifier=COLLECTION)
SATELLITE = Platform(iri=platform_iri("test-1"), name="test-1")
TILE = GridTile(iri=tile_iri("MGRS-32TQQ"), code="MGRS-32TQQ")
ALWAYS_IN_BULK = -1

Place = Callable[[], Catalogue]
"""Opens the stores of one folder again, as another process would."""


@pytest.fixture
def graph() -> OxigraphStore:
    return OxigraphStore.in_memory()


@pytest.fixture
def index_file(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def place(tmp_path: Path, graph: OxigraphStore, index_file: Path) -> Place:
    return lambda: Catalogue(
        graph, DocumentStore(tmp_path / "documents.sqlite"), SQLiteIndex(index_file), stac_document, reasoner()
    )


@pytest.fixture
def catalogue(place: Place, index_file: Path) -> Iterator[Catalogue]:
    """An empty catalogue, held against itself when the test is over."""
    opened = place()
    yield opened
    opened = place()
    assert disagreements(opened, index_file) == []
    opened.documents.close()
    opened.index.close()


def rich(identifier: str = "a", version: int = 1, **more: Any) -> Scene:
    """A scene with parts, and parts of parts, other ones in each version."""
    values: dict[str, Any] = {
        "cloud_cover": float(version),
        "platform": SATELLITE.iri,
        "tile": TILE.iri,
        "assets": (
            Asset(key=f"B{version}", href=f"https://example.org/{version}.tif", bands=(Band(position=1, name="x"),)),
            Asset(key="thumbnail", href="t.png"),
        ),
        "quality_checks": (QualityCheck(name=f"check {version}", outcome="PASSED"),),
        "run": ProcessingRun(facility="ESRIN", steps=tuple(ProcessingStep(position=k + 1) for k in range(version))),
    }
    return scene_of(identifier, **values | more)


def entry_of(
    record: Primary, *, audience: str | None = None, references: tuple[Reference, ...] = (SERIES, SATELLITE, TILE)
) -> Entry:
    """A record as intake would write it: with its document, digest and fingerprint."""
    version = getattr(record, "cloud_cover", None)
    document = item_of(record, version=version) if isinstance(record, Scene) else {"type": "Collection", "extent": {}}
    content = json.dumps(document).encode()
    digest = hashlib.sha256(content).hexdigest()
    fingerprint = hashlib.sha256(f"{audience} {digest}".encode()).hexdigest()
    own = replace(record, document=digest, fingerprint=fingerprint)
    return Entry(own, references, (StoredDocument(digest, "application/geo+json", content),), audience)


def write(catalogue: Catalogue, *entries: Entry) -> Applied:
    return catalogue.apply(Batch(entries))


def delete(catalogue: Catalogue, *iris: str) -> Applied:
    return catalogue.apply(Batch(deletions=iris))


def state(catalogue: Catalogue, index_file: Path) -> tuple[object, ...]:
    return quads(catalogue.graph), contents(index_file), catalogue.documents.count()


REFERENCES: list[tuple[Any, str | None]] = [(SERIES, None), (SATELLITE, None), (TILE, None)]


# Writing


def test_what_is_written_is_the_statements_of_records_and_references(catalogue: Catalogue) -> None:
    first, second = entry_of(rich("a")), entry_of(rich("b"), audience=NORTH)
    applied = write(catalogue, first, second)
    assert applied == Applied(1, frozenset())
    assert quads(catalogue.graph) == quads_of([(first.record, None), (second.record, NORTH), *REFERENCES])
    assert ids(catalogue.index, All(())) == ["a"]
    assert ids(catalogue.index, All(()), NORTH) == ["a", "b"]


def test_the_same_batch_twice_changes_nothing_but_the_change_number(catalogue: Catalogue, index_file: Path) -> None:
    entries = (entry_of(rich("a")), entry_of(rich("b"), audience=NORTH))
    write(catalogue, *entries)
    before = state(catalogue, index_file)
    again = write(catalogue, *entries)
    assert state(catalogue, index_file) == before
    assert again == Applied(2, frozenset(entry.record.iri for entry in entries))


def test_a_prepared_entry_is_written_as_the_entry_itself(catalogue: Catalogue, index_file: Path) -> None:
    old, new = entry_of(rich("a", version=1)), entry_of(rich("a", version=2))
    prepared = [catalogue.prepare(entry) for entry in (old, new)]
    catalogue.apply(Batch((prepared[1],)))
    before = state(catalogue, index_file)
    catalogue.apply(Batch((prepared[0], new)))
    assert state(catalogue, index_file) == before


def test_an_empty_batch_is_a_change_of_nothing(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich()))
    before = state(catalogue, index_file)
    assert catalogue.apply(Batch()) == Applied(2, frozenset())
    assert state(catalogue, index_file) == before


def test_a_new_version_replaces_the_record_whole(catalogue: Catalogue) -> None:
    old, new = entry_of(rich(version=3)), entry_of(rich(version=2))
    write(catalogue, old)
    applied = write(catalogue, new)
    assert applied.known_before == {old.record.iri}
    assert quads(catalogue.graph) == quads_of([(new.record, None), *REFERENCES])
    assert catalogue.index.count_all() == 1


def test_older_documents_stay_in_the_history(catalogue: Catalogue) -> None:
    entries = [entry_of(rich(version=version)) for version in (1, 2, 1)]
    for entry in entries:
        write(catalogue, entry)
    digests = [entry.documents[0].digest for entry in entries]
    assert catalogue.documents.history(entries[0].record.iri) == list(zip((1, 2, 3), digests, strict=True))
    assert all(catalogue.documents.has(digest) for digest in digests)
    assert catalogue.documents.count() == 2


def test_of_one_record_twice_in_a_batch_the_last_is_kept(catalogue: Catalogue) -> None:
    first, last = entry_of(rich(version=1)), entry_of(rich(version=2))
    write(catalogue, first, entry_of(rich("b")), last)
    assert quads(catalogue.graph) == quads_of([(last.record, None), (entry_of(rich("b")).record, None), *REFERENCES])


def test_records_whose_iris_start_alike_are_strangers(catalogue: Catalogue) -> None:
    names = ("a", "ab", "a/b", "a#footprint", "a%23footprint", "A")
    for name in names:
        write(catalogue, entry_of(rich(name)))
    delete(catalogue, item_iri(COLLECTION, "a"))
    write(catalogue, entry_of(rich("a#footprint", version=2)))
    assert ids(catalogue.index, All(())) == sorted(names[1:])
    left = [(entry_of(rich(name, 2 if name == "a#footprint" else 1)).record, None) for name in names[1:]]
    assert quads(catalogue.graph) == quads_of([*left, *REFERENCES])


def test_a_large_batch_is_written_as_a_small_one(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", ALWAYS_IN_BULK)
    entries = [entry_of(rich(str(k)), audience=NORTH) for k in range(5)]
    write(catalogue, *entries)
    write(catalogue, *entries)
    restricted = [(reference, NORTH) for reference, _ in REFERENCES]
    assert quads(catalogue.graph) == quads_of([*((e.record, NORTH) for e in entries), *restricted])


# Deleting


def test_a_deleted_record_is_gone_whole_and_references_stay(catalogue: Catalogue, index_file: Path) -> None:
    kept, gone = entry_of(rich("a")), entry_of(rich("b"))
    write(catalogue, kept, gone)
    applied = delete(catalogue, gone.record.iri)
    assert applied.known_before == {gone.record.iri}
    assert quads(catalogue.graph) == quads_of([(kept.record, None), *REFERENCES])
    assert iris(contents(index_file)) == {kept.record.iri, SERIES.iri, SATELLITE.iri, TILE.iri}
    assert ids(catalogue.index, Meets(shapely.box(-180, -90, 180, 90))) == ["a"]
    assert catalogue.documents.has(gone.documents[0].digest)
    assert catalogue.documents.history(gone.record.iri)[-1] == (2, None)


def test_a_record_that_breaks_a_shape_is_refused_by_its_message(catalogue: Catalogue) -> None:
    kept = entry_of(rich("a"))
    cloudy = replace(kept, record=replace(rich("b"), cloud_cover=140.0))
    nameless = replace(entry_of(rich("c")), references=(replace(SATELLITE, name=""),))
    for broken, fault in ((cloudy, r"orr:cloudCover.*140"), (nameless, r"test-1.*rdfs:label")):
        with pytest.raises(RecordInvalid, match=fault):
            write(catalogue, kept, broken)
    assert quads(catalogue.graph) == []


def test_what_products_point_to_can_be_deleted(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(rich("a")))
    assert delete(catalogue, SATELLITE.iri).known_before == {SATELLITE.iri}
    assert not catalogue.graph.about(SATELLITE.iri)


@pytest.mark.parametrize("unknown", [item_iri(COLLECTION, "never"), platform_iri("never"), CATALOGUE, "urn:x", ""])
def test_an_unknown_deletion_changes_nothing_at_all(catalogue: Catalogue, index_file: Path, unknown: str) -> None:
    known = entry_of(rich("a"))
    write(catalogue, known)
    before = state(catalogue, index_file)
    with pytest.raises(NotFound, match=f"^{unknown}: no such record"):
        catalogue.apply(Batch((entry_of(rich("b")),), (known.record.iri, unknown)))
    assert state(catalogue, index_file) == before
    assert catalogue.graph.change_number() == 1
    assert catalogue.documents.history(known.record.iri) == [(1, known.documents[0].digest)]


def test_a_record_deleted_twice_is_unknown_the_second_time(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(rich()))
    delete(catalogue, rich().iri, rich().iri)
    with pytest.raises(NotFound):
        delete(catalogue, rich().iri)


def test_a_record_deleted_and_written_in_one_batch_is_there(catalogue: Catalogue) -> None:
    old, new = entry_of(rich(version=1)), entry_of(rich(version=2))
    write(catalogue, old)
    catalogue.apply(Batch((new,), (old.record.iri,)))
    assert quads(catalogue.graph) == quads_of([(new.record, None), *REFERENCES])
    assert catalogue.documents.history(old.record.iri)[-1] == (2, new.documents[0].digest)


def test_a_deleted_record_may_come_back(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich()))
    before = state(catalogue, index_file)
    delete(catalogue, rich().iri)
    write(catalogue, entry_of(rich()))
    assert state(catalogue, index_file) == before


def test_a_deleted_collection_is_made_known_again_by_its_products(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich()))
    before = state(catalogue, index_file)
    delete(catalogue, SERIES.iri)
    assert catalogue.index.collections() == []
    write(catalogue, entry_of(rich()))
    assert state(catalogue, index_file) == before


# Public and restricted


def test_a_record_moves_to_an_audience_and_back_whole(catalogue: Catalogue, index_file: Path) -> None:
    public, restricted = entry_of(rich()), entry_of(rich(), audience=NORTH)
    write(catalogue, public)
    before = state(catalogue, index_file)
    write(catalogue, restricted)
    assert quads(catalogue.graph) == quads_of([(restricted.record, NORTH), *REFERENCES])
    assert ids(catalogue.index, All(())) == []
    assert ids(catalogue.index, All(()), NORTH) == ["a"]
    write(catalogue, replace(restricted, audience=SOUTH))
    assert quads(catalogue.graph) == quads_of([(restricted.record, SOUTH), *REFERENCES])
    write(catalogue, public)
    assert state(catalogue, index_file) == before


def test_a_restricted_record_is_deleted_from_its_graph(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(rich("a"), audience=NORTH), entry_of(rich("b")))
    delete(catalogue, rich("a").iri)
    assert quads(catalogue.graph) == quads_of([(entry_of(rich("b")).record, None), *REFERENCES])


def test_references_are_written_once(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich("a")))
    renamed = replace(SATELLITE, name="another name")
    write(catalogue, entry_of(rich("b"), references=(SERIES, renamed, TILE)))
    assert catalogue.index.reference(SATELLITE.iri) == (None,)
    assert [q for q in quads(catalogue.graph) if q[1] == SATELLITE.iri] == quads_of([(SATELLITE, None)])
    assert len(catalogue.documents.history(SATELLITE.iri)) == 1
    assert len(contents(index_file)["collection"]) == 1


def test_a_restricted_reference_becomes_public_when_a_public_record_needs_it(catalogue: Catalogue) -> None:
    restricted, public = entry_of(rich("a"), audience=NORTH), entry_of(rich("b"))
    write(catalogue, restricted)
    assert [one.identifier for one in catalogue.index.collections()] == []
    write(catalogue, public)
    assert quads(catalogue.graph) == quads_of([(restricted.record, NORTH), (public.record, None), *REFERENCES])
    assert [one.identifier for one in catalogue.index.collections()] == [COLLECTION]
    assert catalogue.index.reference(TILE.iri) == (None,)


@pytest.mark.parametrize("restricted_first", [True, False])
def test_references_of_a_mixed_batch_are_public(catalogue: Catalogue, restricted_first: bool) -> None:
    entries = [entry_of(rich("a"), audience=NORTH), entry_of(rich("b"))]
    write(catalogue, *(entries if restricted_first else entries[::-1]))
    assert catalogue.index.reference(SATELLITE.iri) == (None,)
    assert [one.identifier for one in catalogue.index.collections()] == [COLLECTION]


def test_a_public_reference_stays_public_when_its_records_are_restricted(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(rich()))
    write(catalogue, entry_of(rich(), audience=NORTH))
    assert catalogue.index.reference(SATELLITE.iri) == (None,)


def test_a_described_collection_stays_as_its_document_has_it(catalogue: Catalogue) -> None:
    described = entry_of(replace(SERIES, title="Sentinel-2", keywords=("msi",)), references=())
    write(catalogue, entry_of(rich("a")))
    write(catalogue, described)
    write(catalogue, entry_of(rich("b")))
    entries = [entry_of(rich(name)).record for name in ("a", "b")]
    left = [(record, None) for record in (described.record, *entries)]
    assert quads(catalogue.graph) == quads_of([*left, (SATELLITE, None), (TILE, None)])


def test_a_described_restricted_collection_stays_restricted(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(SERIES, audience=NORTH, references=()))
    write(catalogue, entry_of(rich()))
    assert catalogue.index.collections() == []
    assert len(catalogue.index.collections(audiences=[NORTH])) == 1


def test_a_collection_and_its_first_product_in_one_batch(catalogue: Catalogue) -> None:
    described = entry_of(replace(SERIES, title="Sentinel-2"), references=())
    write(catalogue, entry_of(rich()), described)
    left = [(described.record, None), (entry_of(rich()).record, None), (SATELLITE, None), (TILE, None)]
    assert quads(catalogue.graph) == quads_of(left)


# Faults


BAD_IRI = "https://example.org/a b"


def test_a_record_that_is_not_rdf_spoils_its_batch_and_nothing_else(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich("a")))
    before = state(catalogue, index_file)
    with pytest.raises((StatementsInvalid, RecordInvalid)):
        catalogue.apply(Batch((entry_of(rich("b")), entry_of(rich("c", platform=BAD_IRI))), deletions=(rich("a").iri,)))
    assert state(catalogue, index_file)[:2] == before[:2]
    assert catalogue.graph.change_number() == 1
    assert catalogue.documents.history(rich("b").iri) == []


def refuse(*_: object, **__: object) -> None:
    raise StorageFailed("no space left on device")


def test_what_the_graph_refuses_leaves_no_trace(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich("a")))
    before = state(catalogue, index_file)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(OxigraphStore, "apply", refuse)
        with pytest.raises(StorageFailed):
            write(catalogue, entry_of(rich("a", version=2)), entry_of(rich("b")))
    assert state(catalogue, index_file)[:2] == before[:2]
    write(catalogue, entry_of(rich("b")))
    assert catalogue.documents.history(rich("a").iri) == [(1, entry_of(rich("a")).documents[0].digest)]


def test_what_the_documents_refuse_leaves_no_trace(catalogue: Catalogue, index_file: Path) -> None:
    write(catalogue, entry_of(rich("a")))
    before = state(catalogue, index_file)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(DocumentStore, "keep", refuse)
        with pytest.raises(StorageFailed):
            write(catalogue, entry_of(rich("b")))
    assert state(catalogue, index_file) == before


def fail_index(catalogue: Catalogue, batch: Batch) -> None:
    catalogue.catch_up()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(SQLiteIndex, "apply", refuse)
        with pytest.raises(StorageFailed):
            catalogue.apply(batch)


def test_an_index_that_failed_catches_up_with_the_next_change(catalogue: Catalogue) -> None:
    write(catalogue, entry_of(rich("a")), entry_of(rich("b")))
    fail_index(catalogue, Batch((entry_of(rich("a", version=2)), entry_of(rich("c"))), deletions=(rich("b").iri,)))
    new = entry_of(rich("c", version=2))
    write(catalogue, new)
    assert ids(catalogue.index, All(())) == ["a", "c"]
    left = [(entry_of(rich("a", version=2)).record, None), (new.record, None)]
    assert quads(catalogue.graph) == quads_of([*left, *REFERENCES])


def test_an_index_that_failed_catches_up_when_opened(catalogue: Catalogue, place: Place) -> None:
    write(catalogue, entry_of(rich("a")), entry_of(rich("b")))
    fail_index(catalogue, Batch((entry_of(rich("a", version=2)),), deletions=(rich("b").iri,)))
    assert catalogue.index.change_number() == 1
    again = place()
    assert again.index.change_number() == 2
    assert ids(again.index, All(())) == ["a"]


def test_an_older_copy_of_the_index_catches_up_from_the_journal(
    catalogue: Catalogue, place: Place, index_file: Path, tmp_path: Path
) -> None:
    write(catalogue, entry_of(rich("a")), entry_of(rich("b")), entry_of(rich("c"), audience=NORTH))
    catalogue.index.close()
    shutil.copy(index_file, tmp_path / "copy")
    write(catalogue, entry_of(rich("a", version=2)), entry_of(rich("d")))
    write(catalogue, entry_of(rich("b"), audience=NORTH))
    delete(catalogue, rich("c").iri)
    write(catalogue, entry_of(SERIES, references=()))
    newest = contents(index_file)
    catalogue.index.close()
    shutil.copy(tmp_path / "copy", index_file)
    again = place()
    assert contents(index_file) == newest
    assert again.index.change_number() == 5


def test_a_lost_index_is_made_again_when_opened(catalogue: Catalogue, place: Place, index_file: Path) -> None:
    write(catalogue, entry_of(rich("a")), entry_of(rich("b"), audience=NORTH))
    delete(catalogue, rich("a").iri)
    before = contents(index_file)
    catalogue.index.close()
    index_file.unlink()
    place()
    assert contents(index_file) == before


def test_an_index_ahead_of_a_graph_that_was_put_back_is_made_again(
    catalogue: Catalogue, place: Place, graph: OxigraphStore, index_file: Path
) -> None:
    write(catalogue, entry_of(rich("a")))
    before = contents(index_file)
    write(catalogue, entry_of(rich("b")))
    own = entry_of(rich("b")).record
    # What the graph of the day before holds.
    graph.forget(own.iri)
    graph.forget(CATALOGUE)
    graph.apply(change=1, remove={}, add={})
    place()
    assert contents(index_file) == before


def killed_before_the_change_number(catalogue: Catalogue, *entries: Entry) -> None:
    """Do to the stores what a process does that is killed between the bulk load and the change number."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", ALWAYS_IN_BULK)
        monkeypatch.setattr("graph_service.store.oxigraph._update_text", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            write(catalogue, *entries)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("in_the_same_process", [True, False])
def test_what_was_loaded_without_its_change_number_is_taken_back(
    catalogue: Catalogue, place: Place, index_file: Path, in_the_same_process: bool
) -> None:
    write(catalogue, entry_of(rich("a")))
    delete(catalogue, rich("a").iri)
    write(catalogue, entry_of(rich("b")))
    before = state(catalogue, index_file)
    killed_before_the_change_number(catalogue, entry_of(rich("a", version=2)), entry_of(rich("c")))
    assert quads(catalogue.graph) != before[0]
    after = catalogue if in_the_same_process else place()
    after.catch_up()
    assert state(after, index_file)[:2] == before[:2]
    assert [number for number, _ in after.documents.history(rich("a").iri)] == [1, 2]
    write(after, entry_of(rich("a", version=3)))
    left = [(entry_of(rich("a", version=3)).record, None), (entry_of(rich("b")).record, None)]
    assert quads(after.graph) == quads_of([*left, *REFERENCES])


def test_a_new_reference_is_taken_back_with_the_record_that_needed_it(catalogue: Catalogue) -> None:
    killed_before_the_change_number(catalogue, entry_of(rich("a"), audience=NORTH))
    catalogue.catch_up()
    assert quads(catalogue.graph) == []
    write(catalogue, entry_of(rich("a")))
    assert quads(catalogue.graph) == quads_of([(entry_of(rich("a")).record, None), *REFERENCES])


# Rebuilding


def test_rebuilding_gives_the_same_index(catalogue: Catalogue, index_file: Path) -> None:
    catalogue.publish_ontology(ontology_text(), ontology_triples())
    undescribed = Entry(scene_of("plain", resolution_m=10.0, footprint="MULTIPOINT ((1 2), (-180 3))"), (SERIES,))
    write(catalogue, entry_of(rich("a")), entry_of(rich("b"), audience=NORTH), undescribed)
    write(catalogue, entry_of(rich("a", version=2)), entry_of(SERIES, references=()))
    delete(catalogue, rich("b").iri)
    before = contents(index_file)
    assert catalogue.rebuild() == len(before["scene"]) + len(before["collection"]) == 3
    assert contents(index_file) == before


def test_an_index_of_a_synthetic_archive_is_rebuilt_the_same(
    catalogue: Catalogue, index_file: Path, tmp_path: Path
) -> None:
    from_archive(catalogue, tmp_path / "archive")
    before = contents(index_file)
    assert len(before["scene"]) > 5
    catalogue.rebuild()
    assert contents(index_file) == before


def from_archive(catalogue: Catalogue, folder: Path) -> None:
    write_archive(folder, scenes=4)
    intake = Intake(catalogue, catalogue.index, MappingSettings())
    outcomes = list(intake.run(read_targets(find_targets([str(folder)]))))
    assert {outcome.status for outcome in outcomes} <= {"ingested", "skipped"}


# The ontology


OLD = """
@prefix : <urn:o#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A rdfs:label "A"@en ; rdfs:subClassOf :B, [ :on :p ] . :Gone rdfs:label "gone" .
"""
NEW = '@prefix : <urn:o#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :A rdfs:label "A"@en, "a"@fr .'


def published(catalogue: Catalogue) -> set[str]:
    return {f"{s.removeprefix('urn:o#')} {o}" for _, s, _, o in quads(catalogue.graph) if s.startswith("urn:o#")}


def test_publishing_an_ontology_twice_is_no_change(catalogue: Catalogue, index_file: Path) -> None:
    assert catalogue.publish_ontology(OLD, turtle_triples(OLD))
    before = state(catalogue, index_file)
    assert not catalogue.publish_ontology(OLD, turtle_triples(OLD))
    assert state(catalogue, index_file) == before
    assert catalogue.graph.change_number() == catalogue.index.change_number() == 1
    catalogue.publish_ontology("", [])


def test_a_newer_ontology_replaces_the_older_whole(catalogue: Catalogue) -> None:
    entry = entry_of(rich())
    catalogue.publish_ontology(OLD, turtle_triples(OLD))
    assert published(catalogue) == {'A "A"@en', "A <urn:o#B>", 'Gone "gone"'}
    write(catalogue, entry)
    assert catalogue.publish_ontology(NEW, turtle_triples(NEW))
    assert published(catalogue) == {'A "A"@en', 'A "a"@fr'}
    assert len(catalogue.graph.about(CATALOGUE)) == 3
    catalogue.publish_ontology("", [])
    assert quads(catalogue.graph) == quads_of([(entry.record, None), *REFERENCES])


def test_the_published_ontology_is_asked_like_everything_else(catalogue: Catalogue) -> None:
    catalogue.publish_ontology(ontology_text(), ontology_triples())
    rows: Any = catalogue.graph.query("SELECT ?label { orr:Scene rdfs:label ?label FILTER(lang(?label) = 'en') }")
    assert [row["label"].value for row in rows] == ["scene"]


# Any sequence of changes


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "delete", "described", "killed", "index fails", "reopened"]),
        st.sampled_from("abcd"),
        st.integers(1, 3),
        st.sampled_from([None, None, NORTH, SOUTH]),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
def test_after_any_changes_graph_and_index_are_those_of_the_live_records(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, str, int, str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    graph = OxigraphStore.in_memory()
    opened = partial(_opened, folder, graph)
    catalogue = opened()
    live: dict[str, Entry] = {}
    public: set[str] = set()
    known: set[str] = set()
    for action, name, version, audience in operations:
        scene = action != "described"
        series = Collection(iri=collection_iri(name), identifier=name, title=str(version))
        record = rich(name, version) if scene else series
        entry = entry_of(record, audience=audience, references=(SATELLITE, TILE) if scene else ())
        if action == "reopened":
            catalogue.index.close()
            catalogue = opened()
        elif action == "delete":
            if record.iri in live:
                delete(catalogue, record.iri)
                del live[record.iri]
        elif action == "killed":
            if record.iri not in live and known <= public:
                killed_before_the_change_number(catalogue, entry)
        else:
            if action == "index fails":
                fail_index(catalogue, Batch((entry,)))
            else:
                write(catalogue, entry)
            live[record.iri] = entry
            known |= {r.iri for r in entry.references}
            public |= {r.iri for r in entry.references if audience is None}
    catalogue.catch_up()
    expected: list[tuple[Any, str | None]] = [(entry.record, entry.audience) for entry in live.values()]
    found = quads(graph)
    for reference in (SATELLITE, TILE):
        graphs = {q[0] for q in found if q[1] == reference.iri}
        assert len(graphs) == (reference.iri in known)
        assert graphs == {None} or reference.iri not in public
        expected += [(reference, audience) for audience in graphs]
    assert found == quads_of(expected)
    assert disagreements(catalogue, folder / "index.sqlite") == []
    catalogue.documents.close()
    catalogue.index.close()
    shutil.rmtree(folder)


def _opened(folder: Path, graph: OxigraphStore) -> Catalogue:
    documents, index = DocumentStore(folder / "documents.sqlite"), SQLiteIndex(folder / "index.sqlite")
    return Catalogue(graph, documents, index, stac_document, reasoner())

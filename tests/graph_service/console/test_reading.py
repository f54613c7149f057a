from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.console.reading import find_record, open_for_reading
from graph_service.errors import NotFound, RequestInvalid, StorageFailed
from graph_service.index.filters import All
from graph_service.index.sqlite import SQLiteIndex
from graph_service.settings import Settings
from graph_service.store.documents import DocumentStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ontology.identifiers import collection_iri, item_iri
from ontology.records import Collection, Primary
from tests.graph_service.builders import COLLECTION, entry_of, reasoner, scene_of
from tests.graph_service.index.rows import index_of, put, row_of

NORTH = "urn:north"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SQLiteIndex]:
    records: list[Primary] = [
        scene_of("plain"),
        scene_of("twice"),
        scene_of("twice", collection="other"),
        scene_of("a/b c"),
        scene_of("series", collection="other"),
        Collection(iri=collection_iri("series"), identifier="series"),
    ]
    opened = index_of(tmp_path, records)
    put(opened, "hidden", audience=NORTH)
    put(opened, "twice", audience=NORTH, collection="secret")
    opened.apply(9, rows=[row_of(Collection(iri=collection_iri("secret"), identifier="secret"), NORTH)])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("plain", item_iri(COLLECTION, "plain")),
        (f"{COLLECTION}/plain", item_iri(COLLECTION, "plain")),
        (item_iri(COLLECTION, "plain"), item_iri(COLLECTION, "plain")),
        ("other/twice", item_iri("other", "twice")),
        ("a/b c", item_iri(COLLECTION, "a/b c")),
        (f"{COLLECTION}/a/b c", item_iri(COLLECTION, "a/b c")),
        ("series", collection_iri("series")),
        (collection_iri("series"), collection_iri("series")),
        ("other/series", item_iri("other", "series")),
    ],
)
def test_a_record_is_found_by_any_of_its_names(index: SQLiteIndex, name: str, iri: str) -> None:
    assert find_record(index, name).iri == iri


@pytest.mark.parametrize(
    "name",
    [
        "never",
        "",
        "/",
        "other/plain",
        "plai",
        "PLAIN",
        "plain ",
        "%",
        "pl_in",
        "' OR 1=1 --",
        item_iri(COLLECTION, "x"),
    ],
)
def test_an_unknown_name_is_told(index: SQLiteIndex, name: str) -> None:
    with pytest.raises(NotFound, match="no record has this IRI"):
        find_record(index, name)


def test_an_ambiguous_id_is_refused_with_its_readings(index: SQLiteIndex) -> None:
    with pytest.raises(RequestInvalid, match="several products") as refusal:
        find_record(index, "twice")
    assert f"{COLLECTION}/twice" in str(refusal.value)
    assert "other/twice" in str(refusal.value)
    assert "secret" not in str(refusal.value)
    with pytest.raises(RequestInvalid, match="secret/twice"):
        find_record(index, "twice", [NORTH])


@pytest.mark.parametrize(
    "name", ["hidden", f"{COLLECTION}/hidden", item_iri(COLLECTION, "hidden"), "secret", "secret/twice"]
)
def test_a_restricted_record_is_there_for_its_audience_alone(index: SQLiteIndex, name: str) -> None:
    for audiences in ([], ["urn:south"]):
        with pytest.raises(NotFound):
            find_record(index, name, audiences)
    assert find_record(index, name, [NORTH]).audience == NORTH


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def catalogue_of(settings: Settings) -> Catalogue:
    graph, documents = OxigraphStore.open(settings.graph_folder), DocumentStore(settings.documents_file)
    return Catalogue(graph, documents, SQLiteIndex(settings.index_file), stac_document, reasoner())


def test_a_folder_without_a_catalogue_is_told_and_left_alone(settings: Settings) -> None:
    with pytest.raises(NotFound, match="there is no catalogue here"):
        open_for_reading(settings)
    assert not settings.data.exists()


def test_a_catalogue_without_its_graph_is_told(settings: Settings) -> None:
    SQLiteIndex(settings.index_file).close()
    with pytest.raises(StorageFailed, match="graph"):
        open_for_reading(settings)


def test_a_catalogue_is_read_while_it_is_written(settings: Settings) -> None:
    writing = catalogue_of(settings)
    writing.apply(Batch((entry_of(scene_of("a"), {"id": "a"}),)))
    reading = open_for_reading(settings)
    assert reading.graph.change_number() == reading.index.change_number() == 1
    assert reading.graph.about(item_iri(COLLECTION, "a")) != []
    assert reading.documents.count() == 1
    writing.apply(Batch((entry_of(scene_of("b")),)))
    assert reading.index.count(All(())) == 2
    reading.close()
    writing.close()

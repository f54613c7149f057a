import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import StorageFailed
from graph_service.store.documents import BUNDLE, DocumentStore, StoredDocument, Touched, stored
from ingest.document import Part

UNKNOWN = "0" * 64


def document_of(content: bytes, media_type: str = "application/json") -> StoredDocument:
    return StoredDocument(hashlib.sha256(content).hexdigest(), media_type, content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "documents.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[DocumentStore]:
    opened = DocumentStore(path)
    yield opened
    opened.close()


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00", b'{"a": 1}\r\n', "é☃".encode(), os.urandom(70_000)])
def test_a_document_is_kept_verbatim(store: DocumentStore, content: bytes) -> None:
    document = document_of(content)
    store.keep(1, [document], [])
    assert store.content(document.digest) == ("application/json", content)
    assert store.has(document.digest)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=6))
def test_whatever_is_kept_comes_back(contents: list[bytes]) -> None:
    store = DocumentStore(Path(":memory:"))
    store.keep(1, [document_of(content) for content in contents], [])
    assert [store.content(document_of(content).digest) for content in contents] == [
        ("application/json", content) for content in contents
    ]
    assert store.count() == len(set(contents))
    store.close()


def test_a_document_that_was_never_kept_is_none(store: DocumentStore) -> None:
    assert store.content(UNKNOWN) is None
    assert store.parts(UNKNOWN) is None
    assert not store.has(UNKNOWN)


def test_a_document_is_kept_once(store: DocumentStore) -> None:
    document = document_of(b"{}")
    store.keep(1, [document, document], [])
    store.keep(2, [document], [])
    assert store.count() == 1


def test_documents_are_compressed(store: DocumentStore, path: Path) -> None:
    store.keep(1, [document_of(b'{"type": "Feature"}' * 100_000)], [])
    store.close()
    assert path.stat().st_size < 100_000


def test_documents_outlive_the_process_that_kept_them(store: DocumentStore, path: Path) -> None:
    document = document_of(b"{}")
    store.keep(3, [document], [Touched("urn:a", document.digest)])
    store.close()
    again = DocumentStore(path)
    assert again.content(document.digest) == ("application/json", b"{}")
    assert again.history("urn:a") == [(3, document.digest)]
    again.close()


def test_a_document_of_one_part_is_kept_as_it_is(store: DocumentStore) -> None:
    kept = stored([Part("", b"{}")], media_type="application/geo+json")
    store.keep(1, kept, [])
    assert kept == (StoredDocument(hashlib.sha256(b"{}").hexdigest(), "application/geo+json", b"{}"),)
    assert store.parts(kept[-1].digest) == (Part("", b"{}"),)


def test_a_bundle_gives_its_parts_by_name(store: DocumentStore) -> None:
    parts = (Part("GRANULE/L1C/MTD_TL.xml", b"<a/>"), Part("MTD_MSIL1C.xml", b"<b/>"), Part("manifest.safe", b"<a/>"))
    kept = stored(parts, media_type="application/xml")
    store.keep(1, kept, [])
    assert store.parts(kept[-1].digest) == parts
    assert store.content(parts[1].digest) == ("application/xml", b"<b/>")
    found = store.content(kept[-1].digest)
    assert found is not None
    assert found[0] == BUNDLE


def test_bundles_that_differ_in_a_name_alone_are_two(store: DocumentStore) -> None:
    first, second = (stored((Part("a", b"1"), Part(name, b"2")), media_type="text/xml") for name in ("b", "c"))
    assert first[-1].digest != second[-1].digest


def test_history_tells_every_change_of_a_record(store: DocumentStore) -> None:
    old, new = document_of(b"old"), document_of(b"new")
    store.keep(1, [old], [Touched("urn:a", old.digest), Touched("urn:ab", None)])
    store.keep(2, [new], [Touched("urn:a", new.digest)])
    store.keep(3, [], [Touched("urn:a", None, deleted=True)])
    assert store.history("urn:a") == [(1, old.digest), (2, new.digest), (3, None)]
    assert store.history("urn:ab") == [(1, None)]
    assert store.history("urn:never") == []


def test_journal_names_what_was_touched_between_two_changes(store: DocumentStore) -> None:
    for change, iri in enumerate(("urn:a", "urn:b", "urn:a", "urn:c"), 1):
        store.keep(change, [], [Touched(iri, None)])
    assert sorted(store.touched_after(0, 4)) == ["urn:a", "urn:b", "urn:c"]
    assert sorted(store.touched_after(1, 3)) == ["urn:a", "urn:b"]
    assert store.touched_after(3, 3) == []


def test_a_change_that_never_reached_the_graph_leaves_no_note_when_its_number_is_used_again(
    store: DocumentStore,
) -> None:
    store.keep(1, [], [Touched("urn:a", None)])
    store.keep(1, [], [Touched("urn:b", None)])
    assert store.touched_after(0, 9) == ["urn:b"]


def test_half_done_is_what_a_later_change_alone_notes(store: DocumentStore) -> None:
    document = document_of(b"{}")
    store.keep(1, [document], [Touched("urn:old", document.digest), Touched("urn:reference", None)])
    store.keep(2, [document], [Touched(f"urn:{name}", None) for name in ("old", "reference", "new")])
    assert store.left_half_done(1) == ["urn:new"]
    assert store.left_half_done(2) == []


def test_half_done_is_also_what_was_deleted_before(store: DocumentStore) -> None:
    document = document_of(b"{}")
    store.keep(1, [document], [Touched("urn:a", document.digest)])
    store.keep(2, [], [Touched("urn:a", None, deleted=True)])
    store.keep(3, [document], [Touched("urn:a", document.digest)])
    assert store.left_half_done(2) == ["urn:a"]


def test_notes_after_a_change_are_forgotten_documents_stay(store: DocumentStore) -> None:
    document = document_of(b"{}")
    store.keep(1, [], [Touched("urn:a", None)])
    store.keep(2, [document], [Touched("urn:a", document.digest)])
    store.forget_after(1)
    assert store.history("urn:a") == [(1, None)]
    assert store.has(document.digest)


def test_nothing_is_kept_when_one_note_cannot_be(store: DocumentStore) -> None:
    refused = Touched(None, None)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(StorageFailed):
        store.keep(1, [document_of(b"{}")], [Touched("urn:a", None), refused])
    assert store.count() == 0
    assert store.touched_after(0, 9) == []


def test_a_closed_store_says_so(store: DocumentStore, path: Path) -> None:
    store.close()
    with pytest.raises(StorageFailed, match=path.name):
        store.keep(1, [], [])
    with pytest.raises(StorageFailed, match=path.name):
        store.content(UNKNOWN)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(StorageFailed, match=path.name):
        DocumentStore(path)


@pytest.mark.parametrize("where", ["file/documents.sqlite", "folder"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageFailed):
        DocumentStore(tmp_path / where)


@pytest.mark.parametrize("damage", ["substr(body, 1, length(body) - 3)", "x'00112233'", "CAST('{}' AS BLOB)"])
def test_a_damaged_document_is_told_and_not_given(store: DocumentStore, path: Path, damage: str) -> None:
    document = document_of(os.urandom(2000))
    store.keep(1, [document], [])
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE document SET body = {damage}")
    connection.close()
    with pytest.raises(StorageFailed, match=document.digest):
        store.content(document.digest)


def test_a_document_under_another_digest_is_told_and_not_given(store: DocumentStore, path: Path) -> None:
    first, second = document_of(b"one"), document_of(b"two")
    store.keep(1, [first, second], [])
    with sqlite3.connect(path) as connection:
        bodies = "SELECT body FROM document WHERE digest = ?"
        connection.execute(
            f"UPDATE document SET body = ({bodies}) WHERE digest = ?",
            (bytes.fromhex(second.digest), bytes.fromhex(first.digest)),
        )
    connection.close()
    with pytest.raises(StorageFailed, match="another digest"):
        store.content(first.digest)


def test_pages_of_a_damaged_file_are_told(store: DocumentStore, path: Path) -> None:
    documents = [document_of(os.urandom(3000)) for _ in range(50)]
    store.keep(1, documents, [])
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(StorageFailed):
        DocumentStore(path).content(documents[0].digest)

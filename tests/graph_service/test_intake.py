import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.index.filters import All, Comparison
from graph_service.intake import Intake, Outcome, fingerprint_of
from graph_service.store.documents import DocumentStore
from ingest.document import Document, Mapped, Part
from ingest.errors import DocumentUnreadable
from ingest.kinds import JSON, mapped
from ingest.settings import MappingSettings
from ingest.sources.targets import Skipped
from ingest.synthetic.archive import WATER_FILE, synthetic_archive
from ontology.anomaly import Thresholds
from ontology.identifiers import item_iri
from ontology.records import Scene
from tests.graph_service.builders import COLLECTION, item_of, open_catalogue, scene_of
from tests.graph_service.index.agreement import AUDIENCES, disagreements, quads
from tests.graph_service.index.rows import ids

NORTH = AUDIENCES[0]
SETTINGS = MappingSettings()

Given = Document | Skipped | DocumentUnreadable


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue, held against itself when the test is over."""
    opened = open_catalogue(tmp_path)
    yield opened
    assert disagreements(opened, tmp_path / "index.sqlite") == []
    opened.close()


def text_of(identifier: str, **more: Any) -> bytes:
    return json.dumps(item_of(scene_of(identifier), **more)).encode()


def document(source: str, content: bytes | None = None) -> Document:
    """A JSON document; without content, an item whose id is the source."""
    return Document(source, JSON, (Part("", text_of(source) if content is None else content),))


def cloudy(identifier: str, percent: float) -> bytes:
    item = item_of(scene_of(identifier))
    return json.dumps(item | {"properties": item["properties"] | {"eo:cloud_cover": percent}}).encode()


def run(catalogue: Catalogue, given: Iterable[Given], **options: Any) -> list[Outcome]:
    return list(Intake(catalogue, catalogue.index, options.pop("settings", SETTINGS), **options).run(given))


def statuses(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Status by source."""
    found = [(outcome.source, outcome.status) for outcome in outcomes]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_a_document_is_ingested_then_unchanged_then_replaced(catalogue: Catalogue) -> None:
    assert statuses(run(catalogue, [document("a")])) == {"a": "ingested"}
    assert statuses(run(catalogue, [document("a")])) == {"a": "unchanged"}
    assert statuses(run(catalogue, [document("a", cloudy("a", 5.0))])) == {"a": "replaced"}
    assert ids(catalogue.index, Comparison("cloud_cover", "=", 5)) == ["a"]
    assert catalogue.graph.change_number() == 2


def test_an_outcome_says_kind_and_record(catalogue: Catalogue) -> None:
    first = run(catalogue, [document("a")])[0]
    assert (first.source, first.kind, first.iri) == ("a", "stac-item", item_iri(COLLECTION, "a"))
    again = run(catalogue, [document("other file", text_of("a"))])[0]
    assert (again.source, again.iri) == ("other file", item_iri(COLLECTION, "a"))


def test_a_document_is_kept_verbatim(catalogue: Catalogue) -> None:
    content = b" " + text_of("a", unknown_member=[1.0, 1e400 > 1]) + b"\n"
    run(catalogue, [document("a", content)])
    known = catalogue.index.known(item_iri(COLLECTION, "a"))
    assert known is not None
    assert known.document is not None
    assert catalogue.documents.content(known.document) == ("application/geo+json", content)


def test_what_cannot_be_read_and_what_is_no_document_is_said(catalogue: Catalogue) -> None:
    given: list[Given] = [
        DocumentUnreadable("bad.zip", "entry", "is broken"),
        Skipped("image.jp2", "no document"),
        document("a"),
    ]
    first, second, third = run(catalogue, given)
    assert first == Outcome("bad.zip", "failed", field="entry", reason="is broken")
    assert second == Outcome("image.jp2", "skipped", reason="no document")
    assert third.status == "ingested"


@pytest.mark.parametrize("batch_size", [1, 2, 3, 7, 8, 500])
def test_batches_of_any_size_write_everything_once(catalogue: Catalogue, batch_size: int) -> None:
    names = [f"{k}" for k in range(7)]
    outcomes = run(catalogue, map(document, names), batch_size=batch_size)
    assert [outcome.source for outcome in outcomes] == names
    assert {outcome.status for outcome in outcomes} == {"ingested"}
    assert catalogue.graph.change_number() == -(-7 // batch_size)
    assert ids(catalogue.index, All(())) == names


def test_a_run_over_nothing_is_no_change(catalogue: Catalogue) -> None:
    assert run(catalogue, []) == []
    assert run(catalogue, [Skipped("x", "y")])[0].status == "skipped"
    assert catalogue.graph.change_number() == 0


def test_outcomes_are_told_when_their_batch_is_written(catalogue: Catalogue) -> None:
    for outcome in Intake(catalogue, catalogue.index, SETTINGS, batch_size=2).run(map(document, "abcde")):
        assert outcome.iri is not None
        assert catalogue.index.known(outcome.iri) is not None


# Duplicates


@pytest.mark.parametrize("batch_size", [1, 2, 500])
def test_the_same_bytes_twice_in_a_run_are_unchanged(catalogue: Catalogue, batch_size: int) -> None:
    given = [document("a"), document("copy", text_of("a")), document("b"), document("late copy", text_of("a"))]
    for first in ("ingested", "unchanged"):
        found = statuses(run(catalogue, given, batch_size=batch_size))
        assert found == {"a": first, "copy": "unchanged", "b": first, "late copy": "unchanged"}


@pytest.mark.parametrize("batch_size", [1, 2, 500])
def test_a_path_given_twice_is_unchanged_the_second_time(catalogue: Catalogue, batch_size: int) -> None:
    outcomes = run(catalogue, [document("a"), document("a"), document("b")], batch_size=batch_size)
    assert sorted(outcome.status for outcome in outcomes) == ["ingested", "ingested", "unchanged"]
    assert catalogue.documents.count() == 2


@pytest.mark.parametrize("batch_size", [1, 2, 500])
def test_other_bytes_for_the_same_record_fail_and_name_both_sources(catalogue: Catalogue, batch_size: int) -> None:
    given = [document("first"), document("second", cloudy("first", 5)), document("b")]
    for status in ("ingested", "unchanged"):
        outcomes = run(catalogue, given, batch_size=batch_size)
        assert statuses(outcomes) == {"first": status, "second": "failed", "b": status}
        failed = next(outcome for outcome in outcomes if outcome.status == "failed")
        assert failed.field == "id"
        assert "from first, with other content" in failed.reason
        assert ids(catalogue.index, Comparison("cloud_cover", "=", 5)) == []
    assert catalogue.documents.count() == 2


def test_the_same_id_in_another_collection_is_another_record(catalogue: Catalogue) -> None:
    given = [document("a"), document("b", text_of("a", collection="other"))]
    assert set(statuses(run(catalogue, given)).values()) == {"ingested"}
    assert catalogue.index.count_all() == 2


# Bad documents


def geometry(value: Any) -> bytes:
    return text_of("bad", geometry=value)


DEEP = b"[" * 3000 + b"]" * 3000
BAD = {
    "empty": b"",
    "no JSON": b"{",
    "binary": b"\x00\xff\xfe" * 10,
    "null": b"null",
    "number": b"1",
    "text": b'"Feature"',
    "unknown kind": b'{"type": "Topology"}',
    "no id": json.dumps({k: v for k, v in item_of(scene_of("x")).items() if k != "id"}).encode(),
    "id is null": text_of("bad", id=None),
    "no geometry": geometry(None),
    "geometry is text": geometry("POINT (1 2)"),
    "open ring": geometry({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}),
    "latitude of 100": geometry({"type": "Point", "coordinates": [0, 100]}),
    "no time": text_of("bad", properties={}),
    "no such day": text_of("bad", properties={"datetime": "2024-02-30T00:00:00Z"}),
    "properties is a list": text_of("bad", properties=[]),
    "NaN": text_of("bad").replace(b'"stac_version": "1.0.0"', b'"stac_version": NaN'),
    "deep": b'{"type": "Feature", "deep": ' + DEEP + b"}",
    "lone surrogate": text_of("bad", title="\ud800"),
    "features of nothing": b'{"type": "FeatureCollection", "features": [null, 1]}',
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_bad_document_fails_with_a_reason_and_stops_nothing(catalogue: Catalogue, content: bytes) -> None:
    outcomes = run(catalogue, [document("a"), document("bad", content), document("b")], batch_size=2)
    assert statuses(outcomes) == {"a": "ingested", "bad": "failed", "b": "ingested"}
    failed = next(outcome for outcome in outcomes if outcome.status == "failed")
    assert failed.reason
    assert ids(catalogue.index, All(())) == ["a", "b"]


def odd(**properties: Any) -> bytes:
    return text_of("odd", properties={"datetime": "2024-05-01T00:00:00Z"} | properties)


STRANGE = {
    "an integer of forty digits": odd(n=10**40),
    "an empty title": odd(title=""),
    "control characters": odd(title="\0\x01\x1f\x7f\x85"),
    "quotes and slashes": odd(title="\"'\\n\\\n\r\t<>{}|^`"),
    "all planes": odd(title="é☃😀\uffff\U0010ffff"),
    "the first year": odd(datetime="0001-01-01T00:00:00Z"),
    "the last year": odd(datetime="9999-12-31T23:59:59.999999Z"),
    "a point": text_of("odd", geometry={"type": "Point", "coordinates": [180, 90]}, bbox=[180, 90, 180, 90]),
    "a long title": odd(title="x" * 300_000),
    "an id of everything": text_of("odd", id="a b/c?d#e%f\"<>\\é\n☃"),
    "a long id": text_of("odd", id="x" * 5000),
}  # fmt: skip


@pytest.mark.parametrize("batch_size", [1, 500])
@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
def test_a_strange_document_is_taken_in_whole_and_may_be_replaced(
    catalogue: Catalogue, content: bytes, batch_size: int
) -> None:
    given = [document("a"), document("odd", content), document("b")]
    assert statuses(run(catalogue, given, batch_size=batch_size)) == {
        "a": "ingested",
        "odd": "ingested",
        "b": "ingested",
    }
    assert set(statuses(run(catalogue, given, batch_size=batch_size)).values()) == {"unchanged"}
    before = len(quads(catalogue.graph))
    again = run(catalogue, [document("odd", content + b" ")])
    assert [outcome.status for outcome in again] == ["replaced"]
    assert len(quads(catalogue.graph)) == before
    catalogue.apply(Batch(deletions=(str(again[0].iri),)))


def spoiled(monkeypatch: pytest.MonkeyPatch, name: str, iri: str) -> None:
    """Have the mapper give a record an IRI that is none."""

    def map_badly(given: Document, settings: MappingSettings) -> Mapped:
        result = mapped(given, settings)
        if given.source != name:
            return result
        assert isinstance(result.record, Scene)
        return replace(result, record=replace(result.record, tile=iri))

    monkeypatch.setattr("graph_service.intake.mapped", map_badly)


@pytest.mark.parametrize("batch_size", [1, 2, 500])
@pytest.mark.parametrize("iri", ["https://example.org/a b", "https://example.org/>", "no-scheme", ""])
def test_a_record_that_is_not_rdf_is_singled_out_of_its_batch(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, batch_size: int, iri: str
) -> None:
    spoiled(monkeypatch, "bad", iri)
    outcomes = run(catalogue, map(document, ["a", "bad", "b", "c"]), batch_size=batch_size)
    assert statuses(outcomes) == {"a": "ingested", "bad": "failed", "b": "ingested", "c": "ingested"}
    failed = next(outcome for outcome in outcomes if outcome.status == "failed")
    assert failed.reason
    assert failed.iri is None
    assert ids(catalogue.index, All(())) == ["a", "b", "c"]


# Feature collections


def collection_of(*members: bytes) -> bytes:
    return b'{"type": "FeatureCollection", "features": [' + b", ".join(members) + b"]}"


def test_a_feature_collection_is_its_items(catalogue: Catalogue) -> None:
    given = document("all", collection_of(text_of("a"), text_of("bad", geometry=None), text_of("b")))
    outcomes = run(catalogue, [given, document("c")])
    assert statuses(outcomes) == {
        "all#features[0]": "ingested", "all#features[1]": "failed", "all#features[2]": "ingested", "c": "ingested",
    }  # fmt: skip


def test_items_of_a_feature_collection_are_unchanged_one_by_one(catalogue: Catalogue) -> None:
    run(catalogue, [document("all", collection_of(text_of("a"), text_of("b")))])
    outcomes = run(catalogue, [document("all", collection_of(text_of("a"), cloudy("b", 9), text_of("c")))])
    assert [outcome.status for outcome in sorted(outcomes, key=lambda o: o.source)] == [
        "unchanged", "replaced", "ingested",
    ]  # fmt: skip


def test_one_record_twice_in_a_feature_collection_fails_the_second(catalogue: Catalogue) -> None:
    outcomes = run(catalogue, [document("all", collection_of(text_of("a"), cloudy("a", 9), text_of("a")))])
    assert statuses(outcomes) == {
        "all#features[0]": "ingested", "all#features[1]": "failed", "all#features[2]": "unchanged",
    }  # fmt: skip


# What steers the mapping


def water_items() -> list[Document]:
    lines = gzip.decompress(dict(synthetic_archive(scenes=12).files())[WATER_FILE]).splitlines()
    return [document(str(number), line) for number, line in enumerate(lines)]


def test_changed_thresholds_map_again(catalogue: Catalogue) -> None:
    given = water_items()
    assert given
    run(catalogue, given)
    assert set(statuses(run(catalogue, given)).values()) == {"unchanged"}
    before = dict(catalogue.index.counts("anomaly_type"))
    strict = MappingSettings(thresholds=Thresholds(flood_excess_percent=0.0, flood_excess_km2=0.0))
    assert set(statuses(run(catalogue, given, settings=strict)).values()) == {"replaced"}
    after = dict(catalogue.index.counts("anomaly_type"))
    assert after != before
    assert sum(after.values()) == sum(before.values())
    assert set(statuses(run(catalogue, given)).values()) == {"replaced"}
    assert dict(catalogue.index.counts("anomaly_type")) == before


def test_another_audience_maps_again_and_moves_the_record(catalogue: Catalogue) -> None:
    for audience, status, seen in ((None, "ingested", ["a"]), (NORTH, "replaced", [])):
        assert run(catalogue, [document("a")], audience=audience)[0].status == status
        assert ids(catalogue.index, All(())) == seen
        assert ids(catalogue.index, All(()), NORTH) == ["a"]
        assert run(catalogue, [document("a")], audience=audience)[0].status == "unchanged"


@pytest.mark.parametrize("batch_size", [1, 500])
def test_what_is_restricted_is_not_published_by_a_run(catalogue: Catalogue, batch_size: int) -> None:
    run(catalogue, [document("a")], audience=NORTH)
    outcomes = run(catalogue, map(document, "ab"), batch_size=batch_size)
    assert statuses(outcomes) == {"a": "failed", "b": "ingested"}
    assert "restricted" in next(outcome.reason for outcome in outcomes if outcome.status == "failed")
    assert ids(catalogue.index, All(())) == ["b"]
    assert ids(catalogue.index, All(()), NORTH) == ["a", "b"]
    catalogue.apply(Batch(deletions=(item_iri(COLLECTION, "a"),)))
    assert statuses(run(catalogue, map(document, "ab"))) == {"a": "ingested", "b": "unchanged"}


def test_a_fingerprint_differs_with_anything_that_steers_the_record() -> None:
    parts = (Part("a", b"1"), Part("b", b"2"))
    settings = MappingSettings(thresholds=Thresholds(flood_excess_km2=1.0))
    found = [
        fingerprint_of(Document("x", "kind", parts), SETTINGS, None),
        fingerprint_of(Document("x", "kind", parts), SETTINGS, NORTH),
        fingerprint_of(Document("x", "kind", parts), settings, None),
        fingerprint_of(Document("x", "kind", parts[:1]), SETTINGS, None),
        fingerprint_of(Document("x", "kind", (Part("a", b"1"), Part("c", b"2"))), SETTINGS, None),
        fingerprint_of(Document("x", "kind", (Part("a", b"2"), Part("b", b"1"))), SETTINGS, None),
    ]
    assert len(set(found)) == len(found)
    assert fingerprint_of(Document("elsewhere", "other", parts), SETTINGS, None) == found[0]


def test_a_run_that_its_reader_gives_up_leaves_what_it_told(catalogue: Catalogue) -> None:
    outcomes = Intake(catalogue, catalogue.index, SETTINGS, batch_size=1).run(map(document, "abcdefgh"))
    first = next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert first.source in ids(catalogue.index, All(()))
    assert isinstance(catalogue.documents, DocumentStore)


def test_an_error_that_nobody_foresaw_costs_one_document_and_is_logged(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    odd = Document("odd", "of-no-mapper", (Part("", b"{}"),))
    assert statuses(run(catalogue, [document("a"), odd, document("b")])) == {
        "a": "ingested", "odd": "failed", "b": "ingested",
    }  # fmt: skip
    assert "KeyError" in caplog.text

"""Intake where a store or a record refuses: what was told stands, what was not written is not told."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Applied, Batch, Entry, Prepared
from graph_service.errors import StatementsInvalid, StorageFailed
from graph_service.index.filters import All
from graph_service.index.sqlite import Known
from graph_service.intake import Intake
from ingest.document import Document, Part
from ingest.kinds import JSON
from ontology.errors import RecordInvalid
from tests.graph_service.builders import item_of, open_catalogue, scene_of
from tests.graph_service.index.rows import ids
from tests.graph_service.test_intake import SETTINGS, cloudy, document, run, statuses


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(tmp_path)
    yield opened
    opened.close()


class Refusing:
    """A writer that writes some batches and then refuses with a fault."""

    def __init__(self, catalogue: Catalogue, batches: int, fault: Callable[[], Exception]) -> None:
        self._catalogue, self._left, self._fault = catalogue, batches, fault

    def prepare(self, entry: Entry) -> Entry | Prepared:
        return self._catalogue.prepare(entry)

    def apply(self, batch: Batch) -> Applied:
        self._left -= 1
        if self._left < 0:
            raise self._fault()
        return self._catalogue.apply(batch)


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_what_was_answered_for_before_a_store_refused_stands(catalogue: Catalogue, batches: int) -> None:
    writer = Refusing(catalogue, batches, lambda: StorageFailed("no space left"))
    intake = Intake(writer, catalogue.index, SETTINGS, batch_size=2)
    told: list[str] = []
    with pytest.raises(StorageFailed, match="no space left"):
        told.extend(outcome.source for outcome in intake.run(map(document, "abcdefg")))
    assert ids(catalogue.index, All(())) == list("abcdef"[: batches * 2])
    found = statuses(run(catalogue, map(document, "abcdefg")))
    assert found == {name: "unchanged" if name in "abcdef"[: batches * 2] else "ingested" for name in "abcdefg"}


def test_what_the_writer_finds_invalid_fails_one_by_one(catalogue: Catalogue) -> None:
    intake = Intake(Refusing(catalogue, 0, lambda: StatementsInvalid("no RDF")), catalogue.index, SETTINGS)
    outcomes = list(intake.run(map(document, "abc")))
    assert {(outcome.status, outcome.reason) for outcome in outcomes} == {("failed", "no RDF")}
    assert catalogue.graph.change_number() == 0


class Choosy(Refusing):
    """A writer that finds the first record invalid."""

    def prepare(self, entry: Entry) -> Entry | Prepared:
        self._left -= 1
        if self._left == 0:
            raise self._fault()
        return super().prepare(entry)


def test_another_document_may_give_the_record_of_one_that_failed(catalogue: Catalogue) -> None:
    writer = Choosy(catalogue, 1, lambda: RecordInvalid("no IRI"))
    writer.apply = catalogue.apply  # type: ignore[method-assign]  # it refuses records alone
    outcomes = Intake(writer, catalogue.index, SETTINGS).run([document("a"), document("b", cloudy("a", 3))])
    assert statuses(outcomes) == {"a": "failed", "b": "ingested"}


class Forgetful:
    """Known records that cannot be read after some look-ups."""

    def __init__(self, catalogue: Catalogue, lookups: int) -> None:
        self._index, self._left = catalogue.index, lookups

    def known_among(self, iris: Sequence[str]) -> dict[str, Known]:
        return self._index.known_among(iris)

    def with_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, Known]:
        self._left -= 1
        if self._left < 0:
            raise StorageFailed("cannot be read")
        return self._index.with_fingerprints(fingerprints)


@pytest.mark.parametrize("lookups", [0, 1])
def test_an_index_that_cannot_be_read_is_no_fault_of_a_document(catalogue: Catalogue, lookups: int) -> None:
    members = {"type": "FeatureCollection", "features": [item_of(scene_of("a"))]}
    given = Document("many", JSON, (Part("", json.dumps(members).encode()),))
    with pytest.raises(StorageFailed, match="cannot be read"):
        list(Intake(catalogue, Forgetful(catalogue, lookups), SETTINGS).run([given]))

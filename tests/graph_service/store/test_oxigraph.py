import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import StatementsInvalid, StorageFailed, StoreInUse
from graph_service.store.oxigraph import OxigraphStore, StatementsByAudience
from ontology.identifiers import audience_iri
from ontology.records import Record
from ontology.triples import Statement, statements
from tests.ontology.record_strategies import STORED_CLASSES, records_of

NORTH, SOUTH = audience_iri("north"), audience_iri("south")
NEVER_IN_BULK, ALWAYS_IN_BULK = 10**9, -1


def statement(subject: str, value: str, predicate: str = "urn:p") -> Statement:
    return f"<{subject}>", f"<{predicate}>", f"<{value}>"


A, B, C = (statement(f"urn:{name}", "urn:o") for name in "abc")
ENTRY_POINTS = (
    pytest.param(NEVER_IN_BULK, id="update"),
    pytest.param(ALWAYS_IN_BULK, id="bulk"),
)
IN_EITHER_WAY = pytest.mark.parametrize("bulk_bytes", ENTRY_POINTS)


def store_of(**groups: list[Statement]) -> OxigraphStore:
    """A store after one change that adds to audiences by their parameter names; ``public`` for the default graph."""
    store = OxigraphStore.in_memory()
    audiences = {"public": None, "north": NORTH, "south": SOUTH}
    store.apply(change=1, remove={}, add={audiences[name]: group for name, group in groups.items()})
    return store


def subjects(store: OxigraphStore, *audiences: str) -> list[str]:
    """Subjects of ``urn:p``, once for each row."""
    solutions: Any = store.query("SELECT ?s { ?s <urn:p> ?o } ORDER BY ?s", audiences=audiences)
    return [row["s"].value.removeprefix("urn:") for row in solutions]


@IN_EITHER_WAY
@pytest.mark.parametrize("bad", ['"open', "<urn:open", "", '"a"@', "_:b .\n<urn:x>", "} ; DROP ALL ; INSERT DATA {"])
@pytest.mark.parametrize("audience", [None, SOUTH])
def test_a_statement_that_is_not_rdf_leaves_everything_as_it_was(
    monkeypatch: pytest.MonkeyPatch, bulk_bytes: int, bad: str, audience: str | None
) -> None:
    monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", bulk_bytes)
    store = store_of(public=[A], north=[B])
    removed: StatementsByAudience = {} if bulk_bytes == ALWAYS_IN_BULK else {None: [A]}
    wrong = ("<urn:bad>", "<urn:p>", bad)
    groups: Sequence[StatementsByAudience] = (
        {audience: [C, wrong]},
        {None: [C], SOUTH: [wrong]},
        {SOUTH: [C, wrong], NORTH: [C]},
    )
    for added in groups:
        with pytest.raises(StatementsInvalid):
            store.apply(change=2, remove=removed, add=added)
    assert subjects(store) == ["a"]
    assert subjects(store, NORTH) == ["a", "b"]
    assert (store.change_number(), len(store)) == (1, 3)


def contents(group: Sequence[Statement]) -> set[str]:
    """What a restricted graph holds after a change that adds a group to it."""
    store = OxigraphStore.in_memory()
    store.apply(change=1, remove={}, add={NORTH: group})
    rows: Any = store.query(f"SELECT * {{ GRAPH <{NORTH}> {{ ?s ?p ?o }} }}", audiences=[NORTH])
    return {f"{row['s']} {row['p']} {row['o']}" for row in rows}


def test_a_change_of_more_than_a_megabyte_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    add = [(f"<urn:s{k}>", "<urn:p>", f'"{"ü" * 100} {k}"@de') for k in range(10_000)]
    assert sum(len(" ".join(one)) for one in add) > 1_000_000
    in_bulk = contents(add)
    monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", NEVER_IN_BULK)
    assert contents(add) == in_bulk
    assert len(in_bulk) == 10_000


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STORED_CLASSES).flatmap(records_of))
def test_any_record_is_the_same_either_way(record: Record) -> None:
    add = list(statements(record))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", ALWAYS_IN_BULK)
        in_bulk = contents(add)
        monkeypatch.setattr("graph_service.store.oxigraph._BULK_BYTES", NEVER_IN_BULK)
        assert contents(add) == in_bulk


def test_a_folder_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path / "graph")
    store.apply(change=1, remove={}, add={None: [A], NORTH: [B]})
    store.close()
    again = OxigraphStore.open(tmp_path / "graph")
    assert subjects(again, NORTH) == ["a", "b"]
    assert again.change_number() == 1


def test_a_second_process_may_not_write(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path)
    script = (
        "import sys; from pathlib import Path; from graph_service.store.oxigraph import OxigraphStore\n"
        "try: OxigraphStore.open(Path(sys.argv[1]))\n"
        "except Exception as fault: print(type(fault).__name__, fault)"
    )
    other = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert other.stdout.startswith(f"{StoreInUse.__name__} {tmp_path}: another process")
    assert store.change_number() == 0


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StorageFailed, match="file"):
            OxigraphStore.open(folder)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path)
    store.apply(change=1, remove={}, add={None: [A]})
    store.close()
    (tmp_path / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(StorageFailed):
        OxigraphStore.open(tmp_path)

"""The table of bad input in docs/documents.md says what one gets."""

from pathlib import Path

import pytest

from ingest.document import Document
from ingest.errors import DocumentRefused
from ingest.kinds import JSON, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import Skipped, find_targets
from tests.docs.bad_input import BAD_INPUT
from tests.docs.pages import DOCS, section


def rows() -> dict[str, tuple[str, str]]:
    """Element and reason by input; an element of the whole document is empty, an open end of a reason is cut."""
    lines = section(DOCS / "documents.md", "What is refused").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    return {
        name: ("" if field == "the whole" else field.strip("`"), reason.strip("`")) for name, field, reason in cells
    }


def refusal_of(path: Path) -> DocumentRefused:
    """The first refusal of a run over a path."""
    for found in read_targets(find_targets([str(path)])):
        if isinstance(found, DocumentRefused):
            return found
        if isinstance(found, Skipped):
            continue
        try:
            map_all(found)
        except DocumentRefused as refusal:
            return refusal
    raise AssertionError(f"{path} is not refused")


def map_all(document: Document) -> None:
    for member in documents_within(document):
        if member.kind == JSON:
            map_all(member)
        else:
            mapped(member, MappingSettings())


def test_table_has_a_row_for_each_bad_input() -> None:
    assert list(rows()) == list(BAD_INPUT)


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_refused_as_the_table_says(name: str, tmp_path: Path) -> None:
    field, reason = rows()[name]
    refusal = refusal_of(BAD_INPUT[name](tmp_path))
    assert refusal.field == field
    if reason.endswith(" …"):
        assert refusal.reason.startswith(reason.removesuffix(" …"))
    else:
        assert refusal.reason == reason

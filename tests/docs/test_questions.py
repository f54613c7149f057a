"""The page of the twenty questions says what their files say."""

import re

import pytest

from queries.library import load
from tests.docs.pages import DOCS, table_rows

PAGE = DOCS / "questions.md"
ROWS = [row for row in table_rows(PAGE) if row[0].isdigit()]


def test_there_are_twenty() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 21)]
    assert len({row[2] for row in ROWS}) == 20


@pytest.mark.parametrize("row", ROWS, ids=[row[2].strip("`") for row in ROWS])
def test_each_is_a_kept_query_with_its_inputs_and_needs(row: list[str]) -> None:
    query = load(row[2].strip("`"))
    assert re.findall(r"`(\w+)`", row[3]) == [one.name for one in query.inputs]
    assert row[4] == "; ".join(query.needs)
    for name, default in re.findall(r"`(\w+)` = ([^,]+)", row[3]):
        assert default == next(one.default for one in query.inputs if one.name == name)

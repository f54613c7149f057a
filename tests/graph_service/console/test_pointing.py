"""The line of a fault, with a caret under its place."""

import pytest

from graph_service.console.pointing import pointed_at, pointing_into
from graph_service.errors import NotAcceptable, QueryInvalid


@pytest.mark.parametrize(
    ("message", "text", "shown"),
    [
        ("at line 1, column 9, at '1'", "SELECT 1", "  SELECT 1\n          ^"),
        ("line 2, column 3: x", "ASK {\r\n  nope\r\n}", "    nope\n    ^"),
        ("line 1, column 5: x", "a\tbcd", "  a bcd\n      ^"),
        ("line 1, column 4: x", "日本 x", "  日本 x\n       ^"),
        ("line 1, column 7: x", "ASK {}", "  ASK {}\n        ^"),
        ("line 1, column 1: x", "\x1b[31m", "   [31m\n  ^"),
        ("line 9, column 1: x", "ASK {}", ""),
        ("no place", "ASK {}", ""),
    ],
)
def test_the_caret_stands_under_the_column(message: str, text: str, shown: str) -> None:
    assert pointed_at(message, text) == shown


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    line, caret = pointed_at("line 1, column 501", "a" * 500 + "b" + "a" * 500).split("\n")
    assert len(line) == 102
    assert line[len(caret) - 1] == "b"


def test_the_line_follows_the_message_of_a_fault_that_has_a_place() -> None:
    with pytest.raises(QueryInvalid, match=r"^line 1, column 5: odd\n  ASK x\n      \^$"), pointing_into("ASK x"):
        raise QueryInvalid("line 1, column 5: odd")
    with pytest.raises(QueryInvalid, match=r"^odd$"), pointing_into("ASK x"):
        raise QueryInvalid("odd")
    with pytest.raises(NotAcceptable, match=r"^line 1, column 1$"), pointing_into("ASK x"):
        raise NotAcceptable("line 1, column 1")

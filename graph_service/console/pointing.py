"""Faults of a query with the line that they are in, and a caret under the place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rich.cells import cell_len

from graph_service.errors import QueryInvalid

_PLACE = re.compile(r"\bline (\d+), column (\d+)")
_WIDEST = 100
"""Columns of a line that are shown."""
_BEFORE = 60
"""Characters shown before the place, where the line is longer."""


@contextmanager
def pointing_into(text: str) -> Iterator[None]:
    """Raise a QueryInvalid that names a place in a text again, with the line and a caret below its message."""
    try:
        yield
    except QueryInvalid as fault:
        if shown := pointed_at(str(fault), text):
            raise QueryInvalid(f"{fault}\n{shown}") from fault
        raise


def pointed_at(message: str, text: str) -> str:
    """The line of a text that a message names, and a caret under the column; nothing where it names none."""
    place = _PLACE.search(message)
    lines = text.split("\n")
    if place is None or int(place[1]) > len(lines):
        return ""
    line, column = lines[int(place[1]) - 1].rstrip("\r").expandtabs(1), int(place[2]) - 1
    if cell_len(line) > _WIDEST:
        start = max(0, column - _BEFORE)
        line, column = line[start : start + _WIDEST], column - start
    shown = "".join(character if character.isprintable() else " " for character in line)
    return f"  {shown}\n  {' ' * cell_len(shown[:column])}^"

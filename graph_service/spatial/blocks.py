"""Candidates as patterns of a query that bind them."""

import re
from collections.abc import Iterable, Sequence

from rdflib import Variable

_BLOCK = 900
"""Rows of one VALUES: the engine's planner joins lists of a thousand rows last, shorter ones first (measured)."""
_LONGEST = 4_000_000
"""Characters that a pattern may take, all its copies together."""
_UNWRITABLE = re.compile(r"^_:|[\x00-\x09\x0b-\x20<>\"{}|^`\\]", re.MULTILINE)

Row = tuple[str, ...]
"""IRIs, one for each variable."""


def union_text(
    variables: Sequence[Variable], given: Sequence[tuple[Sequence[Row], str]], blanks: Iterable[str]
) -> str | None:
    """A union in which each of some blocks of rows is joined with a pattern.

    Args:
        variables: that the rows bind.
        given: rows, which are all different, with the pattern, without braces, that each of them is joined with.
        blanks: names of the blank nodes in the patterns, which stand for nothing else; no two groups may share one.

    Returns:
        None where that would be too long. Of no rows at all it is one empty block.
    """
    blocks = [(rows[k : k + _BLOCK], body) for rows, body in given for k in range(0, len(rows), _BLOCK)]
    if sum(len(body) for _, body in blocks) > _LONGEST:
        return None
    head = " ".join(f"?{one}" for one in variables)
    names = re.compile("|".join(blanks) or r"(?!)")
    return " UNION ".join(
        f"{{ VALUES ({head}) {{ {_listed(rows)} }} {_renamed(body, names, k)} }}"
        for k, (rows, body) in enumerate(blocks or [((), given[0][1])])
    )


def _listed(rows: Sequence[Row]) -> str:
    # Some megabytes at most: as terms they would be checked and written one by one.
    return "".join(f"(<{'> <'.join(row)}>)" for row in rows)


def _renamed(body: str, names: re.Pattern[str], block: int) -> str:
    return names.sub(lambda name: f"{name[0]}b{block}", body)


def are_writable(rows: Iterable[Sequence[str]]) -> bool:
    """Whether every candidate can be named in a query, as no blank node can."""
    return _UNWRITABLE.search("\n".join("\n".join(row) for row in rows)) is None

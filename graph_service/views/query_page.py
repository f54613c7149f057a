"""Results of a query as the page shows them: a table of terms, or a text.

Source: SPARQL 1.1 Query Results CSV and TSV Formats, 4, whose terms are written as in Turtle.
"""

import re
from dataclasses import dataclass

from ontology import terms

MOST_ROWS = 500
"""Rows that a page shows."""
MOST_CHARACTERS = 200_000
"""Of a text that a page shows."""

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_PREFIXED = re.compile(r"[A-Za-z0-9_.~-]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A term in a table."""

    text: str
    href: str = ""
    """IRI that can be followed."""
    kind: str = ""
    """Language or datatype of a literal, where it has one that the text does not show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a result."""

    columns: list[str]
    rows: list[list[Cell]]
    text: str = ""
    """In place of a table."""
    cut: bool = False
    """Whether there is more."""


def table(tsv: str, *, complete: bool) -> Shown:
    """The beginning of the solutions of a SELECT query, or the truth of an ASK.

    Args:
        tsv: text/tab-separated-values.
        complete: whether it is all of them; else its last line may be a part.
    """
    lines = tsv.split("\n")
    head, body = lines[0], lines[1:-1]
    if not head.startswith("?"):
        return Shown([], [], text=head)
    rows = [[_cell(term) for term in line.split("\t")] for line in body[:MOST_ROWS]]
    return Shown([name.removeprefix("?") for name in head.split("\t")], rows, cut=not complete or len(body) > MOST_ROWS)


def graph(turtle: str, *, complete: bool) -> Shown:
    """The beginning of the triples of a CONSTRUCT or DESCRIBE."""
    return Shown([], [], text=turtle[:MOST_CHARACTERS], cut=not complete or len(turtle) > MOST_CHARACTERS)


def _cell(term: str) -> Cell:
    if term.startswith("<"):
        iri = term[1:-1]
        return Cell(_short(iri), iri if iri.startswith(("http://", "https://")) else "")
    literal = _LITERAL.fullmatch(term)
    if literal is None:
        return Cell(term)
    text = _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), literal[1])
    return Cell(text, kind=literal[2] or _short(literal[3] or ""))


def _short(iri: str) -> str:
    """An IRI with one of the prefixes that need no declaration, where one fits."""
    for prefix, start in terms.PREFIXES.items():
        if iri.startswith(start) and _PREFIXED.fullmatch(iri, len(start)):
            return f"{prefix}:{iri[len(start) :]}"
    return iri

"""A branch of a tree that users walk: a catalogue of other branches, or of the items that a filter finds."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.index.filters import All, Filter
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.meaning import Meaning
from graph_service.views.ontology.statements import Statements

EVERYTHING = All(())


@dataclass(frozen=True, slots=True)
class Twig:
    """A branch as the one above it lists it."""

    name: str
    """Last part of its path."""
    title: str
    number: int | None = None
    """Items in it, each counted once; None where nobody counts, for an item may be in several of its branches."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One catalogue of a tree."""

    path: tuple[str, ...]
    """Names from the root on; where it is served or written."""
    parent: tuple[str, ...]
    """Path of what lists it; empty for the root."""
    title: str
    description: str
    """CommonMark."""
    number: int | None = None
    """Items in it, each counted once; None where nobody counts."""
    children: tuple[Twig, ...] = ()
    members: Filter | None = None
    """What finds its items; None where it lists branches instead."""

    @property
    def name(self) -> str:
        """Last part of its path, which is its identifier."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of an index, and how its terms are called."""

    index: SQLiteIndex
    audiences: Sequence[str]
    """IRIs of the restricted data that count beside what is public."""
    meaning: Meaning
    statements: Statements
    """Of the ontology."""
    within: Filter = EVERYTHING
    """What items have to match besides."""

    def number(self, members: Filter, counted: int | None = None) -> int:
        """How many items a filter finds.

        Args:
            members: the filter.
            counted: how many there are where nothing has to match besides; None where nobody has counted.
        """
        if counted is not None and self.within == EVERYTHING:
            return counted
        return self.index.count(All((self.within, members)), audiences=self.audiences)

"""What an update comes to: statements that go and come, and public named graphs that begin and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ontology.triples import Statement

ByGraph = Mapping[str | None, Sequence[Statement]]
"""Statements by the named graph that holds them; None for the public default graph."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as far as graphs are concerned."""

    audiences: tuple[str, ...] = ()
    """IRIs of the restricted graphs that it may see and write."""
    owns: bool = False
    """Whether it may write every restricted graph."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a graph, worked out and not yet made."""

    remove: ByGraph = field(default_factory=dict)
    add: ByGraph = field(default_factory=dict)
    created: tuple[str, ...] = ()
    """IRIs of public named graphs that are to exist, those that do already among them."""
    dropped: tuple[str, ...] = ()
    """IRIs of public named graphs that are to exist no more."""
    change: int | None = None
    """Change number of the graph that it was worked out on; None where it holds on any."""

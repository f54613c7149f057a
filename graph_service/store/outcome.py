"""What the operations of an update have come to: the last word on a quad, and on a public named graph, counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_service.errors import NotAuthorised
from graph_service.store.basis import Basis
from graph_service.store.dataset import AUDIENCES, DEFAULT_NAMES, LISTS
from graph_service.store.edit import Edit, Writer
from graph_service.store.operations import Target
from graph_service.store.quads import Graph
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement

DEFAULT = ox.DefaultGraph()
_CATALOGUE, _LISTS = ox.NamedNode(CATALOGUE), ox.NamedNode(LISTS)


@dataclass(slots=True)
class Outcome:
    """A change that grows with each operation, of graphs that its writer may write."""

    basis: Basis
    writer: Writer
    own: Sequence[str]
    """IRIs of the subjects in the public graph that are no records: emptying it means them alone."""
    last_word: dict[ox.Quad, bool] = field(default_factory=dict)
    """Whether a quad is there in the end, for every quad that an operation names."""
    graphs: dict[str, bool] = field(default_factory=dict)
    """Whether a public named graph exists in the end, for every one that an operation names."""
    passed: dict[str, bool] = field(default_factory=dict)
    """Whether a named graph is a restricted one, for those that the writer was found to be able to write."""

    def exists(self, name: str) -> bool:
        """Whether there is a public named graph of a name."""
        return self.graphs[name] if name in self.graphs else name in self.basis.public_graphs()

    def named(self) -> list[str]:
        """IRIs of the public named graphs."""
        return [name for name in {*self.basis.public_graphs(), *self.graphs} if self.exists(name)]

    def content(self, target: Target) -> list[ox.Quad]:
        """The quads that emptying a graph removes."""
        if target == "ALL":
            return [*self.content("DEFAULT"), *self.content("NAMED")]
        if target == "NAMED":
            return [quad for name in self.named() for quad in self.content(name)]
        return self.basis.content(graph_of(target), self.own if target == "DEFAULT" else None)

    def set(self, quads: Iterable[ox.Quad], *, there: bool) -> None:
        """Add or remove quads.

        Raises:
            NotAuthorised: the writer may not write a graph.
        """
        for found in quads:
            quad = _at_home(found)
            self.ensure_writable(quad.graph_name, there=there)
            self.last_word.pop(quad, None)
            self.last_word[quad] = there
            self.basis.note(quad, there=there)

    def ensure_writable(self, graph: object, *, there: bool) -> None:
        """Pass a graph that the writer may write; a public one begins with what is first written to it.

        Raises:
            NotAuthorised: the writer may not.
        """
        if not isinstance(graph, ox.NamedNode):
            return
        name = graph.value
        if name not in self.passed:
            restricted = self._is_restricted(name)
            if restricted and name not in self.writer.audiences and not self.writer.owns:
                raise NotAuthorised(f"{name}: is no graph that the token may write")
            self.passed[name] = restricted
        if there and not self.passed[name] and not self.graphs.get(name):
            self.create(name)

    def _is_restricted(self, name: str) -> bool:
        if name in self.writer.audiences or name.startswith(AUDIENCES):
            return True
        return name not in self.graphs and name not in self.basis.public_graphs() and self.basis.is_used(name)

    def create(self, name: str) -> None:
        """Have a public named graph.

        Raises:
            NotAuthorised: it is the graph of a restricted data set.
        """
        if not self.exists(name):
            if self._is_restricted(name):
                raise NotAuthorised(f"{name}: is the graph of a restricted data set, which is not made like this")
            self._list(name, there=True)
        self.graphs[name] = True

    def drop(self, name: str) -> None:
        """Have a public named graph no more; its content is removed apart from that."""
        self.graphs[name] = False
        self._list(name, there=False)

    def _list(self, name: str, *, there: bool) -> None:
        self.basis.note(ox.Quad(_CATALOGUE, _LISTS, ox.NamedNode(name), DEFAULT), there=there)

    def edit(self) -> Edit:
        """All of it, as one change."""
        remove: dict[str | None, list[Statement]] = {}
        add: dict[str | None, list[Statement]] = {}
        for quad, there in self.last_word.items():
            held = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else None
            (add if there else remove).setdefault(held, []).append(_statement(quad))
        created = tuple(name for name, exists in self.graphs.items() if exists)
        return Edit(remove, add, created, tuple(set(self.graphs) - set(created)), self.basis.change)


def graph_of(name: str) -> Graph:
    """The graph of a name; the public one has several."""
    return DEFAULT if name == "DEFAULT" or name in DEFAULT_NAMES else ox.NamedNode(name)


def _at_home(quad: ox.Quad) -> ox.Quad:
    """A quad whose graph is the default one, where it goes by one of its names."""
    if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in DEFAULT_NAMES:
        return ox.Quad(quad.subject, quad.predicate, quad.object, DEFAULT)
    return quad


def _statement(quad: ox.Quad) -> Statement:
    return str(quad.subject), str(quad.predicate), str(quad.object)

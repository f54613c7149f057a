"""What a SPARQL 1.1 update would change, worked out on a graph that is only read.

Every operation becomes quads that go and quads that come. An operation that looks at
the graph sees what those before it have done; the last word on a
quad counts. Who writes decides which graphs are open: the public ones, and those of
its own audiences.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.errors import NotFound, QueryInvalid, RequestInvalid
from graph_service.store.basis import Basis
from graph_service.store.dataset import DEFAULT_NAMES, PUBLIC_GRAPH, Dataset, without_default_names
from graph_service.store.edit import Edit, Writer
from graph_service.store.operations import (
    Data,
    Management,
    Modification,
    Operation,
    Target,
    operations_of,
    quads_of,
    template_of,
)
from graph_service.store.outcome import DEFAULT, Outcome, graph_of
from graph_service.store.quads import Term, instances, parsed, skolemised

_EMPTIES = re.compile(rf"\b(DEFAULT|ALL)\b|{'|'.join(map(re.escape, sorted(DEFAULT_NAMES)))}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Update:
    """An update to work out."""

    text: str
    using: Dataset | None = None
    """Graphs that the request chooses for WHERE clauses."""

    @property
    def may_empty_public_graph(self) -> bool:
        """Whether an operation may empty the public graph; true of a few that do not."""
        return _EMPTIES.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """The content of one graph, as the Graph Store Protocol sends it."""

    graph: str
    """IRI; one of ``DEFAULT_NAMES`` for the public graph."""
    content: bytes | None
    """None where the graph is to be dropped."""
    media_type: str = ""
    replaces: bool = False
    """Whether what the graph has goes first."""
    more: tuple[tuple[bytes, str], ...] = ()
    """Further documents, each with its media type, whose statements come as well."""

    @property
    def may_empty_public_graph(self) -> bool:
        """Whether the public graph is to be emptied."""
        return self.graph in DEFAULT_NAMES and (self.replaces or self.content is None)


def planned(basis: Basis, asked: Update | GraphWrite, writer: Writer, own: Sequence[str]) -> Edit:
    """What an update, or a graph that is sent, would change.

    Args:
        basis: the graph, before it.
        asked: what is asked for.
        writer: who asks.
        own: IRIs of the subjects in the public graph that are no records: emptying it means them alone.

    Raises:
        QueryInvalid: the update does not parse or cannot be evaluated.
        EngineLacks: it cannot be worked out on the engine that holds the graph.
        RequestInvalid: the content is not what its media type says, or the request chooses graphs twice.
        NotAuthorised: the writer may not write a graph.
        NotFound: a graph does not exist.
        QueryTimedOut: the deadline of the basis has passed.
        StorageFailed: the graph cannot be read.
    """
    plan = _Plan(basis, Outcome(basis, writer, own), writer)
    if isinstance(asked, GraphWrite):
        plan.write_graph(asked)
    else:
        for operation in operations_of(asked.text, at_each=basis.ensure_time):
            plan.take(operation, asked.using)
    return plan.outcome.edit()


@dataclass(frozen=True, slots=True)
class _Plan:
    basis: Basis
    outcome: Outcome
    writer: Writer

    def take(self, operation: Operation, using: Dataset | None) -> None:
        self.basis.ensure_time()
        if isinstance(operation, Data):
            self.outcome.set(skolemised(quads_of(operation)), there=operation.inserts)
        elif isinstance(operation, Modification):
            if using is not None and operation.chooses_graphs:
                # SPARQL 1.1 Protocol, 2.2.3.
                raise RequestInvalid("using-graph-uri: the update has USING or WITH as well; choose graphs in one way")
            self._modify(operation, using)
        else:
            self._manage(operation)

    def write_graph(self, asked: GraphWrite) -> None:
        target = "DEFAULT" if asked.graph in DEFAULT_NAMES else asked.graph
        if asked.content is None:
            self._manage(Management("DROP", False, target))
            return
        into = graph_of(target)
        documents = ((asked.content, asked.media_type), *asked.more)
        # A blank node of one document is none of another's.
        added = [quad for sent, media_type in documents for quad in skolemised(parsed(sent, media_type, into))]
        self.outcome.ensure_writable(into, there=True)
        if asked.replaces:
            self.outcome.set(self.outcome.content(target), there=False)
        self.outcome.set(added, there=True)

    # DELETE and INSERT with WHERE

    def _modify(self, operation: Modification, using: Dataset | None) -> None:
        variables: dict[str, str] = {}
        templates = [
            [] if block is None else template_of(operation.prologue, block, variables)
            for block in (operation.delete, operation.insert)
        ]
        within = DEFAULT if operation.within is None else graph_of(operation.within)
        gone: dict[ox.Quad, None] = {}
        come: dict[ox.Quad, None] = {}
        for values in self._solutions(operation, using, variables):
            gone.update(dict.fromkeys(instances(templates[0], values, within)))
            come.update(dict.fromkeys(skolemised(instances(templates[1], values, within))))
        # Deletion comes before insertion, whatever the order of the solutions: SPARQL 1.1 Update, 3.1.3.
        self.outcome.set(gone, there=False)
        self.outcome.set(come, there=True)

    def _solutions(
        self, operation: Modification, using: Dataset | None, variables: dict[str, str]
    ) -> Iterator[dict[str, Term]]:
        shown = " ".join(f"?{name}" for name in sorted(set(variables.values()))) or "*"
        plain = using is None and not operation.chooses_graphs
        where = without_default_names(operation.where) if plain else operation.where
        query = f"{operation.prologue} SELECT {shown} WHERE {where}"
        try:
            for found in self.basis.solutions(query, self.writer.audiences, self._dataset(operation, using)):
                pairs = ((stand_in, found[name]) for stand_in, name in variables.items())
                yield {stand_in: value for stand_in, value in pairs if value is not None}
        except QueryInvalid as cause:
            raise type(cause)(str(cause).replace("the query", "the update", 1)) from cause

    def _dataset(self, operation: Modification, using: Dataset | None) -> Dataset:
        if using is not None:
            return using
        if operation.using or operation.using_named:
            return Dataset(operation.using, operation.using_named)
        # Restricted statements are reached by name alone, so that no template publishes them unawares.
        return Dataset((operation.within or PUBLIC_GRAPH,), (*self.writer.audiences, *self.outcome.named()))

    # Whole graphs

    def _manage(self, operation: Management) -> None:
        if operation.verb == "CREATE":
            if self.outcome.exists(operation.target) and not operation.silent:
                raise RequestInvalid(f"{operation.target}: the graph exists already; CREATE SILENT passes over that")
            self.outcome.create(_named_target(operation.target))
        elif operation.verb in ("CLEAR", "DROP"):
            if self._is_there(operation.target, silent=operation.silent):
                self._empty(operation.target, drops=operation.verb == "DROP")
        else:
            self._transfer(operation)

    def _is_there(self, target: Target, *, silent: bool) -> bool:
        if target in ("ALL", "NAMED", "DEFAULT") or target in DEFAULT_NAMES or self.outcome.exists(target):
            return True
        if not silent:
            raise NotFound(f"{target}: there is no public graph of this name; SILENT passes over that")
        return False

    def _empty(self, target: Target, *, drops: bool) -> None:
        target = "DEFAULT" if target in DEFAULT_NAMES else target
        self.outcome.set(self.outcome.content(target), there=False)
        if drops and target != "DEFAULT":
            for name in self.outcome.named() if target in ("ALL", "NAMED") else [target]:
                self.outcome.drop(name)

    def _transfer(self, operation: Management) -> None:
        """ADD, COPY or MOVE. Source: SPARQL 1.1 Update, 3.2.3 to 3.2.5."""
        source, target = ("DEFAULT" if one in DEFAULT_NAMES else one for one in (operation.source, operation.target))
        if source == target or not self._is_there(source, silent=operation.silent):
            return
        if source == "DEFAULT" and operation.verb == "MOVE":
            raise RequestInvalid("MOVE DEFAULT: the public graph cannot be moved; COPY it")
        moved = self.basis.content(graph_of(source))
        if operation.verb != "ADD":
            self.outcome.set(self.outcome.content(target), there=False)
        into = graph_of(target)
        self.outcome.ensure_writable(into, there=True)
        self.outcome.set((ox.Quad(q.subject, q.predicate, q.object, into) for q in moved), there=True)
        if operation.verb == "MOVE":
            self._empty(source, drops=True)


def _named_target(target: Target) -> str:
    if target in DEFAULT_NAMES:
        raise RequestInvalid(f"{target}: is the public default graph, which exists")
    return target

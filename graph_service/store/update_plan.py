"""What a SPARQL 1.1 update would change, worked out on a graph that is only read.

Every operation becomes quads that go and quads that come. An operation that looks at
the graph sees what those before it have done, in a private copy; the last word on a
quad counts. Who writes decides which graphs are open: the public ones, and those of
its own audiences.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from graph_service.errors import NotAuthorised, NotFound, QueryInvalid, RequestInvalid, StorageFailed
from graph_service.store.dataset import (
    AUDIENCES,
    DEFAULT_NAMES,
    LISTS,
    PUBLIC_GRAPH,
    Dataset,
    public_graphs,
    without_default_names,
)
from graph_service.store.edit import Edit, Writer
from graph_service.store.evaluation import ENGINE_FAULTS, fault, results_of
from graph_service.store.operations import Data, Management, Modification, Target, operations_of, quads_of, template_of
from graph_service.store.quads import Graph, Term, instances, parsed, skolemised
from ontology import terms
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement

_EMPTIES = re.compile(rf"\b(DEFAULT|ALL)\b|{'|'.join(map(re.escape, sorted(DEFAULT_NAMES)))}", re.IGNORECASE)
_DEFAULT = ox.DefaultGraph()
_CATALOGUE, _LISTS = ox.NamedNode(CATALOGUE), ox.NamedNode(LISTS)


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

    @property
    def may_empty_public_graph(self) -> bool:
        """Whether the public graph is to be emptied."""
        return self.graph in DEFAULT_NAMES and (self.replaces or self.content is None)


def planned(
    read: Callable[[Path], ox.Store],
    checkpoint: Path,
    scratch: Path,
    asked: Update | GraphWrite,
    writer: Writer,
    own: Sequence[str],
) -> Edit:
    """What an update, or a graph that is sent, would change.

    Args:
        read: opens a checkpoint for reading.
        checkpoint: folder of the graph, which is not written.
        scratch: folder that a copy may be made in; whoever asks removes it.
        asked: what is asked for.
        writer: who asks.
        own: IRIs of the subjects in the public graph that are no records: emptying it means them alone.

    Raises:
        QueryInvalid: the update does not parse or cannot be evaluated.
        RequestInvalid: the content is not what its media type says, or the request chooses graphs twice.
        NotAuthorised: the writer may not write a graph.
        NotFound: a graph does not exist.
        StorageFailed: the graph cannot be read.
    """
    plan = _Plan(read, checkpoint, scratch, writer, own)
    if isinstance(asked, GraphWrite):
        plan.write_graph(asked)
    else:
        for operation in operations_of(asked.text):
            plan.take(operation, asked.using)
    return plan.edit()


@dataclass(slots=True)
class _Plan:
    read: Callable[[Path], ox.Store]
    checkpoint: Path
    scratch: Path
    writer: Writer
    own: Sequence[str]
    last_word: dict[ox.Quad, bool] = field(default_factory=dict)
    """Whether a quad is there in the end, for every quad that an operation names."""
    store: ox.Store | None = None
    unseen: list[tuple[ox.Quad, bool]] = field(default_factory=list)
    """What the store that is read has not been told."""
    copied: bool = False
    """Whether that store is a private copy."""
    passed: dict[str, bool] = field(default_factory=dict)
    """Whether a named graph is a restricted one, for those that the writer was found to be able to write."""
    graphs: dict[str, bool] = field(default_factory=dict)
    """Whether a public named graph exists in the end, for every one that an operation names."""
    change: int | None = None

    def take(self, operation: Data | Modification | Management, using: Dataset | None) -> None:
        if isinstance(operation, Data):
            self._set(skolemised(quads_of(operation)), there=operation.inserts)
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
        added = skolemised(parsed(asked.content, asked.media_type, _graph(target)))
        self._ensure_writable(_graph(target), there=True)
        if asked.replaces:
            self._set(self._content(target), there=False)
        self._set(added, there=True)

    def edit(self) -> Edit:
        remove: dict[str | None, list[Statement]] = {}
        add: dict[str | None, list[Statement]] = {}
        for quad, there in self.last_word.items():
            held = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else None
            (add if there else remove).setdefault(held, []).append(_statement(quad))
        created = tuple(name for name, exists in self.graphs.items() if exists)
        return Edit(remove, add, created, tuple(set(self.graphs) - set(created)), self.change)

    # What is read

    def _before(self) -> ox.Store:
        """A graph that was told of some of the operations, or of none."""
        if self.store is None:
            self.store = self.read(self.checkpoint)
            numbers = self.store.quads_for_pattern(_CATALOGUE, ox.NamedNode(terms.CHANGE_NUMBER), None, _DEFAULT)
            self.change = next((int(one.object.value) for one in numbers), 0)  # type: ignore[union-attr]  # a literal
        return self.store

    def _read(self) -> ox.Store:
        """The graph as the operations until now have left it."""
        store = self._before()
        if self.unseen:
            if not self.copied:
                self.store = store = _writable_copy(self.checkpoint, self.scratch)
                self.copied = True
            for quad, there in self.unseen:
                (store.add if there else store.remove)(quad)
            self.unseen.clear()
        return store

    def _exists(self, name: str) -> bool:
        return self.graphs[name] if name in self.graphs else name in public_graphs(self._before())

    def _content(self, target: Target) -> list[ox.Quad]:
        """The quads that emptying a graph removes."""
        store = self._read()
        if target == "ALL":
            return [*self._content("DEFAULT"), *self._content("NAMED")]
        if target == "NAMED":
            return [quad for name in self._named() for quad in self._content(name)]
        if target == "DEFAULT":
            return [q for iri in self.own for q in store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT)]
        return list(store.quads_for_pattern(None, None, None, ox.NamedNode(target)))

    def _named(self) -> list[str]:
        return [name for name in {*public_graphs(self._before()), *self.graphs} if self._exists(name)]

    # What is changed

    def _set(self, quads: Iterable[ox.Quad], *, there: bool) -> None:
        for found in quads:
            quad = _at_home(found)
            self._ensure_writable(quad.graph_name, there=there)
            self.last_word.pop(quad, None)
            self.last_word[quad] = there
            self.unseen.append((quad, there))

    def _ensure_writable(self, graph: object, *, there: bool) -> None:
        """Pass a graph that the writer may write; a public one begins with what is first written to it."""
        if not isinstance(graph, ox.NamedNode):
            return
        name = graph.value
        if name not in self.passed:
            restricted = self._is_restricted(name)
            if restricted:
                self._ensure_own(name)
            self.passed[name] = restricted
        if there and not self.passed[name] and not self.graphs.get(name):
            self._create(name)

    def _ensure_own(self, name: str) -> None:
        if name not in self.writer.audiences and not self.writer.owns:
            raise NotAuthorised(f"{name}: is no graph that the token may write")

    def _is_restricted(self, name: str) -> bool:
        if name in self.writer.audiences or name.startswith(AUDIENCES):
            return True
        store = self._before()
        if name in self.graphs or name in public_graphs(store):
            return False
        return next(iter(store.quads_for_pattern(None, None, None, ox.NamedNode(name))), None) is not None

    def _create(self, name: str) -> None:
        if not self._exists(name):
            if self._is_restricted(name):
                raise NotAuthorised(f"{name}: is the graph of a restricted data set, which is not made like this")
            self.unseen.append((ox.Quad(_CATALOGUE, _LISTS, ox.NamedNode(name), _DEFAULT), True))
        self.graphs[name] = True

    def _modify(self, operation: Modification, using: Dataset | None) -> None:
        variables: dict[str, str] = {}
        templates = [
            [] if block is None else template_of(operation.prologue, block, variables)
            for block in (operation.delete, operation.insert)
        ]
        within = _DEFAULT if operation.within is None else _graph(operation.within)
        gone: dict[ox.Quad, None] = {}
        come: dict[ox.Quad, None] = {}
        for values in self._solutions(operation, using, variables):
            gone.update(dict.fromkeys(instances(templates[0], values, within)))
            come.update(dict.fromkeys(skolemised(instances(templates[1], values, within))))
        # Deletion comes before insertion, whatever the order of the solutions: SPARQL 1.1 Update, 3.1.3.
        self._set(gone, there=False)
        self._set(come, there=True)

    def _solutions(
        self, operation: Modification, using: Dataset | None, variables: dict[str, str]
    ) -> Iterator[dict[str, Term]]:
        store = self._read()
        shown = " ".join(f"?{name}" for name in sorted(set(variables.values()))) or "*"
        plain = using is None and not operation.chooses_graphs
        where = without_default_names(operation.where) if plain else operation.where
        query = f"{operation.prologue} SELECT {shown} WHERE {where}"
        try:
            results = results_of(store, query, self.writer.audiences, self._dataset(operation, using))
            assert isinstance(results, ox.QuerySolutions)
            for found in results:
                pairs = ((stand_in, found[name]) for stand_in, name in variables.items())
                yield {stand_in: value for stand_in, value in pairs if value is not None}
        except ENGINE_FAULTS as cause:
            raise QueryInvalid(fault(cause).replace("the query", "the update", 1)) from cause

    def _dataset(self, operation: Modification, using: Dataset | None) -> Dataset:
        visible = (*self.writer.audiences, *self._named())
        if using is not None:
            return using
        if operation.using or operation.using_named:
            return Dataset(operation.using, operation.using_named)
        # Restricted statements are reached by name alone, so that no template publishes them unawares.
        return Dataset((operation.within or PUBLIC_GRAPH,), visible)

    def _manage(self, operation: Management) -> None:
        if operation.verb == "CREATE":
            if self._exists(operation.target) and not operation.silent:
                raise RequestInvalid(f"{operation.target}: the graph exists already; CREATE SILENT passes over that")
            self._create(_named_target(operation.target))
        elif operation.verb in ("CLEAR", "DROP"):
            if self._is_there(operation.target, silent=operation.silent):
                self._empty(operation.target, drops=operation.verb == "DROP")
        else:
            self._transfer(operation)

    def _is_there(self, target: Target, *, silent: bool) -> bool:
        if target in ("ALL", "NAMED", "DEFAULT") or target in DEFAULT_NAMES or self._exists(target):
            return True
        if not silent:
            raise NotFound(f"{target}: there is no public graph of this name; SILENT passes over that")
        return False

    def _empty(self, target: Target, *, drops: bool) -> None:
        target = "DEFAULT" if target in DEFAULT_NAMES else target
        self._set(self._content(target), there=False)
        if drops and target != "DEFAULT":
            for name in self._named() if target in ("ALL", "NAMED") else [target]:
                self.graphs[name] = False
                self.unseen.append((ox.Quad(_CATALOGUE, _LISTS, ox.NamedNode(name), _DEFAULT), False))

    def _transfer(self, operation: Management) -> None:
        """ADD, COPY or MOVE. Source: SPARQL 1.1 Update, 3.2.3 to 3.2.5."""
        source, target = ("DEFAULT" if one in DEFAULT_NAMES else one for one in (operation.source, operation.target))
        if source == target or not self._is_there(source, silent=operation.silent):
            return
        if source == "DEFAULT" and operation.verb == "MOVE":
            raise RequestInvalid("MOVE DEFAULT: the public graph cannot be moved; COPY it")
        moved = list(self._read().quads_for_pattern(None, None, None, _graph(source)))
        if operation.verb != "ADD":
            self._set(self._content(target), there=False)
        into = _graph(target)
        self._ensure_writable(into, there=True)
        self._set((ox.Quad(q.subject, q.predicate, q.object, into) for q in moved), there=True)
        if operation.verb == "MOVE":
            self._empty(source, drops=True)


def _named_target(target: Target) -> str:
    if target in DEFAULT_NAMES:
        raise RequestInvalid(f"{target}: is the public default graph, which exists")
    return target


def _graph(name: str) -> Graph:
    return _DEFAULT if name == "DEFAULT" or name in DEFAULT_NAMES else ox.NamedNode(name)


def _at_home(quad: ox.Quad) -> ox.Quad:
    """A quad whose graph is the default one, where it goes by one of its names."""
    if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in DEFAULT_NAMES:
        return ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)
    return quad


def _statement(quad: ox.Quad) -> Statement:
    return str(quad.subject), str(quad.predicate), str(quad.object)


def _writable_copy(folder: Path, copy: Path) -> ox.Store:
    """A copy of a store; its tables, which nobody ever changes, are hard links."""

    def taken(source: str, target: str) -> None:
        if source.endswith(".sst"):
            Path(target).hardlink_to(source)
        else:
            shutil.copyfile(source, target)

    try:
        shutil.copytree(folder, copy, copy_function=taken)
        return ox.Store(str(copy))
    except OSError as cause:
        raise StorageFailed(f"{copy}: the update cannot be worked out: {cause}") from cause

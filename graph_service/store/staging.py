"""Changes for engines that do parts of an update: put together aside, sealed, and then done again until done.

A change is its removals and its additions, each held by a graph of its own. Sealed, it is
done by moving them; whoever finds a sealed change does that again, and comes to the same
end, because all that a change alters is in it. One that is not sealed is dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.store.remote import Endpoint
from graph_service.store.remote_answers import rows_of
from graph_service.store.remote_blocks import Blocks
from graph_service.store.remote_graphs import RemoteGraphs, cleared

_CHUNK = 1000
"""Statements of one request: Virtuoso compiles 4,000 at 30 per millisecond, and refuses 10,000."""


@dataclass(frozen=True, slots=True)
class _Part:
    stage: str
    """Graph that holds the statements until they are moved."""
    verb: str
    """``removes`` or ``adds``."""
    graph: str


class Staging:
    """The changes of one writer.

    Args:
        endpoint: of the engine.
        graphs: of the catalogue.
        fence: number of the writer, which requests of earlier ones do not have.
        fenced: pattern that holds as long as there is no later writer.
    """

    def __init__(self, endpoint: Endpoint, graphs: RemoteGraphs, fence: str, fenced: str) -> None:
        self._endpoint = endpoint
        self._graphs = graphs
        self._fence = fence
        self._fenced = fenced
        self._made = 0

    def write(self, removed: Blocks, added: Blocks, numbering: str) -> None:
        """Do a change.

        Args:
            removed: by graph.
            added: by graph.
            numbering: the update that advances the change number.
        """
        parts = [*self._parts("removes", removed), *self._parts("adds", added)]
        self._register(parts)
        for part in parts:
            self._fill(part, (removed if part.verb == "removes" else added)[part.graph])
        self._seal(numbering)
        self._do(parts, numbering)

    def _parts(self, verb: str, blocks: Blocks) -> Iterator[_Part]:
        for graph in blocks:
            self._made += 1
            yield _Part(self._graphs.stage(self._fence, self._made), verb, graph)

    def _register(self, parts: list[_Part]) -> None:
        lines = "".join(f"<{one.stage}> <{self._graphs.term(one.verb)}> <{one.graph}> ." for one in parts)
        if lines:
            self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._graphs.books}> {{ {lines} }} }}")

    def _fill(self, part: _Part, text: str) -> None:
        lines = text.split("\n")
        for start in range(0, len(lines), _CHUNK):
            chunk = "\n".join(lines[start : start + _CHUNK])
            if chunk:
                self._endpoint.update(f"INSERT DATA {{ GRAPH <{part.stage}> {{ {chunk} }} }}")

    def _seal(self, numbering: str) -> None:
        quoted = numbering.replace("\\", "\\\\").replace('"', '\\"')
        seal = f'GRAPH <{self._graphs.books}> {{ <{self._graphs.books}> <{self._graphs.term("sealed")}> "{quoted}" }}'
        self._endpoint.update(f"INSERT {{ {seal} }} WHERE {{ {self._fenced} }}")

    def _do(self, parts: list[_Part], numbering: str) -> None:
        for part in sorted(parts, key=lambda one: one.verb, reverse=True):  # removals first
            verb = "DELETE" if part.verb == "removes" else "INSERT"
            move = f"{verb} {{ GRAPH <{part.graph}> {{ ?s ?p ?o }} }}"
            self._endpoint.update(f"{move} WHERE {{ {self._fenced} GRAPH <{part.stage}> {{ ?s ?p ?o }} }}")
        self._endpoint.update(f"{numbering} WHERE {{ {self._fenced} }}")
        self._drop(parts)

    def _drop(self, parts: list[_Part]) -> None:
        # The seal goes first: what is left then is dropped by whoever finds it.
        self._strike(f"<{self._graphs.books}> <{self._graphs.term('sealed')}> ?o")
        for part in parts:
            self._endpoint.update(cleared(part.stage))
            self._strike(f"<{part.stage}> ?p ?o")

    def _strike(self, pattern: str) -> None:
        entry = f"GRAPH <{self._graphs.books}> {{ {pattern} }}"
        self._endpoint.update(f"DELETE {{ {entry} }} WHERE {{ {self._fenced} {entry} }}")

    def recover(self) -> None:
        """Finish or drop what an earlier writer has left."""
        books = self._graphs.books
        dataset = self._graphs.seen((books,), ())
        sealed = rows_of(
            self._endpoint.looked_up(f"SELECT ?n {{ <{books}> <{self._graphs.term('sealed')}> ?n }}", dataset)
        )
        parts = [
            _Part(row["stage"].value, verb, row["graph"].value)
            for verb in ("removes", "adds")
            for row in rows_of(
                self._endpoint.looked_up(f"SELECT * {{ ?stage <{self._graphs.term(verb)}> ?graph }}", dataset)
            )
        ]
        if sealed:
            self._do(parts, sealed[0]["n"].value)
        elif parts:
            self._drop(parts)

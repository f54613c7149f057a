"""What an engine itself keeps of how a catalogue is held in it: beside the graph, so that it goes where that goes."""

from collections.abc import Iterable
from uuid import uuid4

import orjson

from graph_service.store.engine import Engine
from graph_service.store.remote import Endpoint
from graph_service.store.remote_answers import rows_of
from graph_service.store.remote_graphs import Aliases, RemoteGraphs


class RemoteBooks:
    """The books of one catalogue, as they were when last read, and as this process has written them since."""

    def __init__(self, endpoint: Endpoint, graphs: RemoteGraphs) -> None:
        """Raises EngineFailed where they cannot be read."""
        self._endpoint = endpoint
        self._graphs = graphs
        self.named: dict[str, None] = {}
        """Graphs beside the public one that hold, or have held, statements."""
        self.engine: Engine | None = None
        """What the last writer found that the engine can do; None before the first."""
        self._fence = ""
        for name, value in self._entries():
            if name == graphs.term("holds"):
                self.named[value] = None
            elif name == graphs.term("engine"):
                self.engine = _engine_from(value)

    def _entries(self) -> list[tuple[str, str]]:
        books = self._graphs.books
        body = self._endpoint.looked_up(f"SELECT ?p ?o {{ <{books}> ?p ?o }}", self._graphs.seen((books,), ()))
        return [(str(row["p"].value), str(row["o"].value)) for row in rows_of(body)]

    def note_engine(self, engine: Engine) -> None:
        """Keep what the engine can do; data are held under its names of datatypes from now on."""
        self._state("engine", _text_of(engine))
        self.engine = engine

    def raise_fence(self) -> str:
        """Take the right to write from whoever had it, and return the name under which it is held now."""
        self._fence = uuid4().hex
        self._state("fence", self._fence)
        return self._fence

    @property
    def fenced(self) -> str:
        """The pattern that holds as long as nobody has taken the right to write away."""
        own = f'<{self._graphs.books}> <{self._graphs.term("fence")}> "{self._fence}"'
        return f"GRAPH <{self._graphs.books}> {{ {own} }}"

    def enter(self, graphs: Iterable[str]) -> None:
        """Note graphs before they hold anything, so that no look-up passes them over."""
        if news := [graph for graph in graphs if graph not in self.named]:
            holds = f"<{self._graphs.books}> <{self._graphs.term('holds')}>"
            lines = "".join(f"{holds} <{graph}> . " for graph in news)
            self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._graphs.books}> {{ {lines} }} }}")
            self.named.update(dict.fromkeys(news))

    def strike(self, graphs: Iterable[str]) -> None:
        """Note that graphs hold nothing any more, once they do not."""
        if gone := [graph for graph in graphs if graph in self.named]:
            holds = f"<{self._graphs.books}> <{self._graphs.term('holds')}>"
            lines = "".join(f"{holds} <{graph}> . " for graph in gone)
            self._endpoint.update(f"DELETE DATA {{ GRAPH <{self._graphs.books}> {{ {lines} }} }}")
            for graph in gone:
                del self.named[graph]

    def _state(self, name: str, value: str) -> None:
        entry = f"<{self._graphs.books}> <{self._graphs.term(name)}>"
        graph = f"GRAPH <{self._graphs.books}>"
        self._endpoint.update(f"DELETE WHERE {{ {graph} {{ {entry} ?old }} }}")
        self._endpoint.update(f"INSERT DATA {{ {graph} {{ {entry} {orjson.dumps(value).decode()} }} }}")


def _text_of(engine: Engine) -> str:
    return orjson.dumps(
        {
            "atomic": engine.atomic,
            "apart": engine.apart,
            "decimal_digits": engine.decimal_digits,
            "leaks": sorted(engine.leaks),
            "missing_functions": sorted(engine.missing_functions),
            "missing_features": engine.missing_features,
            "datatypes": sorted(engine.aliases.datatypes),
        }
    ).decode()


def _engine_from(text: str) -> Engine:
    found = orjson.loads(text)
    return Engine(
        atomic=found["atomic"],
        apart=found["apart"],
        decimal_digits=found["decimal_digits"],
        leaks=frozenset(found["leaks"]),
        missing_functions=frozenset(found["missing_functions"]),
        missing_features=tuple(found["missing_features"]),
        aliases=Aliases(frozenset(found["datatypes"])),
    )

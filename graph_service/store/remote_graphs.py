"""The graphs of one catalogue in an engine that may hold others: their names, and those that are for bookkeeping.

Public statements stand in a graph with a name, because the default graph of one engine is
empty, of another the union of all, and because a request can merge graphs with names alone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph_service.store.dataset import DEFAULT_NAMES, PUBLIC_GRAPH, Dataset

_DATATYPES = ("wktLiteral", "gmlLiteral", "geoJSONLiteral", "kmlLiteral")
_GEO = "http://www.opengis.net/ont/geosparql#"

DATATYPES = tuple(_GEO + name for name in _DATATYPES)
"""Datatypes whose literals some engines read and print again in their own way, or refuse."""

_STRING_OR_IRI = re.compile(r'"(?:[^"\\]|\\.)*+"|<(?P<iri>[^<>"\s]*+)>')
_VERBATIM = "https://w3id.org/orrery/id/verbatim/"


_KEPT = ("books", "nothing", "probe", "stage")
"""Names below that of the public graph."""


@dataclass(frozen=True, slots=True)
class RemoteGraphs:
    """IRIs of the graphs beside the public one, and of the properties of the books."""

    public: str = PUBLIC_GRAPH

    @property
    def books(self) -> str:
        """Graph that says which graphs there are, who may write, and which change is being written."""
        return f"{self.public}/books"

    @property
    def nothing(self) -> str:
        """Graph that is always empty: an engine that is given no named graph may take all that it has."""
        return f"{self.public}/nothing"

    def probe(self, name: str) -> str:
        """A graph for trying what the engine does."""
        return f"{self.public}/probe/{name}"

    def stage(self, fence: str, number: int) -> str:
        """A graph that holds a part of a change until all of it is there."""
        return f"{self.public}/stage/{fence}-{number}"

    def is_own(self, graph: str) -> bool:
        """Whether a graph is the public one or one for bookkeeping, which nobody else's data are to stand in."""
        return graph == self.public or f"{graph}/".startswith(tuple(f"{self.public}/{name}/" for name in _KEPT))

    def term(self, name: str) -> str:
        """A property of the books."""
        return f"{self.books}#{name}"

    def seen(self, default: tuple[str, ...], named: tuple[str, ...]) -> Dataset:
        """A dataset that no engine takes for another: neither part of it is empty."""
        return Dataset(default or (self.nothing,), named or (self.nothing,))

    def view(self, audiences: Sequence[str], visible: Collection[str], dataset: Dataset | None) -> Dataset:
        """The graphs that the engine is given for a query.

        Args:
            audiences: IRIs of the restricted graphs that its caller may see.
            visible: IRIs of all graphs that it may, but the public one.
            dataset: that the request asks for; None for the public graph merged with those of the audiences.
        """
        if dataset is None:
            return self.seen((self.public, *audiences), tuple(visible))
        public = {name: self.public for name in DEFAULT_NAMES}
        default = dict.fromkeys(public.get(name, name) for name in dataset.default if name in public or name in visible)
        return self.seen(tuple(default), tuple(name for name in dataset.named if name in visible))


@dataclass(frozen=True, slots=True)
class Aliases:
    """Names under which an engine holds datatypes that it would not keep as they are written.

    The whole IRI is exchanged wherever it stands, on the way in and on the way out, so that nobody sees it.
    """

    datatypes: frozenset[str] = frozenset()

    def stored(self, text: str) -> str:
        """N-Triples, or a look-up of our own, as the engine is given it."""

        def exchanged(match: re.Match[str]) -> str:
            iri = match["iri"]
            return f"<{alias_of(iri)}>" if iri in self.datatypes else match[0]

        return _STRING_OR_IRI.sub(exchanged, text) if self.datatypes else text

    def original(self, answer: bytes) -> bytes:
        """An answer of the engine as it is handed on."""
        for datatype in self.datatypes:
            answer = answer.replace(alias_of(datatype).encode(), datatype.encode())
        return answer


def alias_of(datatype: str) -> str:
    """The name that stands for a datatype."""
    return _VERBATIM + datatype.removeprefix(_GEO)


def cleared(graph: str) -> str:
    """The update that leaves nothing of a graph; Virtuoso drops only what was created, others keep an empty name."""
    return f"CLEAR SILENT GRAPH <{graph}> ; DROP SILENT GRAPH <{graph}>"

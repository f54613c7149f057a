"""Solutions of two queries, joined by pairs of IRIs that somebody found sooner than the engine would."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
import pyoxigraph as ox

from graph_service.store.evaluation import results_of

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Side:
    """One of two queries."""

    text: str
    key: str
    """Name of the variable that the pairs are of."""
    shown: tuple[str, ...]
    """Names of its variables that the answer has."""
    names: Sequence[str]
    """IRIs that the key may stand for."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Two queries without a variable in common, and what belongs together among their solutions."""

    variables: tuple[str, ...]
    """Names of those of the answer."""
    sides: tuple[Side, Side]
    pairs: tuple[Sequence[int], Sequence[int]]
    """Places among the names of the one side and of the other."""

    def results(self, store: ox.Store, audiences: Sequence[str]) -> ox.QuerySolutions:
        """The solutions, made as they are read.

        Raises:
            QueryInvalid: one of the queries cannot be evaluated.
        """
        rows = [_rows(side, store, audiences) for side in self.sides]
        found = ox.parse_query_results(_Stream(self._pieces(*rows)), ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]  # it reads and does nothing else
        assert isinstance(found, ox.QuerySolutions)
        return found

    def _pieces(self, rows: Sequence[Sequence[bytes]], others: Sequence[Sequence[bytes]]) -> Iterator[bytes]:
        head = orjson.dumps({"vars": list(self.variables)})
        piece = bytearray(b'{"head":' + head + b',"results":{"bindings":[')
        before = b"{"
        for k, j in zip(*self.pairs, strict=True):
            for one in rows[k]:
                for other in others[j]:
                    piece += before + one + (b"," if one and other else b"") + other + b"}"
                    before = b",{"
            if len(piece) > _PIECE:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece + b"]}}")


def _rows(side: Side, store: ox.Store, audiences: Sequence[str]) -> list[list[bytes]]:
    """The solutions of one side by the place of the key, each as what stands in braces in JSON."""
    places = {name: place for place, name in enumerate(side.names)}
    found: list[list[bytes]] = [[] for _ in side.names]
    solutions = results_of(store, side.text, audiences)
    assert isinstance(solutions, ox.QuerySolutions)
    written = solutions.serialize(format=ox.QueryResultsFormat.JSON)
    for row in orjson.loads(written or b"")["results"]["bindings"]:
        place = places.get(row[side.key]["value"])
        if place is not None:
            found[place].append(orjson.dumps({name: row[name] for name in side.shown if name in row})[1:-1])
    return found


class _Stream:
    """Bytes that are made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, not more than so many; none at the end."""
        if not self._left:
            self._left = next(self._pieces, b"")
        piece, self._left = (self._left[:size], self._left[size:]) if size >= 0 else (self._left, b"")
        return piece

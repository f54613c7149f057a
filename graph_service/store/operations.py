"""The operations of a SPARQL 1.1 update, told apart without being evaluated.

An update is cut at its semicolons, and each operation into its blocks; the engine
parses each operation first, so that only what it takes is looked into here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyoxigraph as ox

from graph_service.errors import QueryInvalid
from graph_service.store.dataset import resolved
from graph_service.store.evaluation import ENGINE_FAULTS, fault
from graph_service.store.sparql_tokens import Token, tokens
from ontology import terms
from ontology.identifiers import QUERY_BASE

Target = str | Literal["DEFAULT", "NAMED", "ALL"]
"""A graph by its IRI, or what a keyword stands for."""

_NOWHERE = "DROP GRAPH <urn:x-orrery:nowhere> ;"
"""An operation that fails, so that those behind it are parsed and not evaluated."""

VARIABLE = "urn:x-orrery:variable:"
"""Namespace of the IRIs that stand for variables in the quads of a template."""

_LINE = re.compile(r"error at (\d+):")
_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_TRANSFERS = ("ADD", "MOVE", "COPY")


@dataclass(frozen=True, slots=True)
class Data:
    """INSERT DATA or DELETE DATA."""

    block: str
    """Quads in braces, with the prologue before them."""
    inserts: bool


@dataclass(frozen=True, slots=True)
class Modification:
    """DELETE and INSERT with a WHERE clause."""

    prologue: str
    delete: str | None
    """Template in braces; None where nothing is deleted."""
    insert: str | None
    where: str
    """Pattern in braces."""
    within: str | None = None
    """IRI of the graph that WITH names."""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()

    @property
    def chooses_graphs(self) -> bool:
        """Whether it says itself which graphs it works on."""
        return bool(self.within or self.using or self.using_named)


@dataclass(frozen=True, slots=True)
class Management:
    """An operation on whole graphs."""

    verb: str
    """CLEAR, DROP, CREATE, ADD, MOVE or COPY."""
    silent: bool
    target: Target
    """Graph that is changed."""
    source: Target = ""
    """Graph that ADD, MOVE and COPY read."""


Operation = Data | Modification | Management


def operations_of(text: str, *, at_each: Callable[[], None] = lambda: None) -> list[Operation]:
    """The operations of an update, none of which is evaluated.

    Args:
        text: SPARQL 1.1.
        at_each: called before each operation is read; what it raises ends that.

    Raises:
        QueryInvalid: it does not parse, and then the message has line and column; or an operation
            is written in a way that is not understood here.
    """
    found: list[Operation] = []
    prologue = ""
    for part in _parts([one for one in tokens(text) if one.kind != "comment"]):
        at_each()
        start = next((i for i, one in enumerate(part) if _is_verb(one)), len(part))
        prologue += " ".join(one.text for one in part[:start]) + " "
        if start < len(part):
            _ensure_readable(text, prologue, part[start:])
            found.append(_Reader(text, prologue, part[start:]).operation())
    return found


def _ensure_readable(text: str, prologue: str, part: Sequence[Token]) -> None:
    """Pass an operation that the engine can read; it takes no prologue but that before the first, so each comes alone.

    Source: SPARQL 1.1, 19.8 Grammar, [29] Update.
    """
    start, last = part[0].start, part[-1]
    line_start = text.rfind("\n", 0, start) + 1
    # Behind the first line everything stands in its own column.
    alone = f"{prologue}{_NOWHERE}\n{' ' * (start - line_start)}{text[start : last.start + len(last.text)]}"
    try:
        ox.Store().update(alone, base_iri=QUERY_BASE, prefixes=terms.PREFIXES)
    except SyntaxError as cause:
        above = text.count("\n", 0, start)
        message = _LINE.sub(lambda place: f"error at {max(1, int(place[1]) - 1) + above}:", str(cause))
        raise QueryInvalid(fault(SyntaxError(message), text).replace("the query", "the update", 1)) from cause
    except ENGINE_FAULTS:
        return


def quads_of(data: Data) -> list[ox.Quad]:
    """The quads of INSERT DATA or DELETE DATA.

    Raises:
        QueryInvalid: a term is not RDF.
    """
    return _quads(data.block)


def template_of(prologue: str, block: str, variables: dict[str, str]) -> list[ox.Quad]:
    """The quads of a template, with an IRI in the place of each variable.

    Args:
        prologue: declarations before it.
        block: the template in braces.
        variables: takes the name of each variable by the IRI that stands for it.
    """
    text = block
    for token in reversed([one for one in tokens(block) if one.kind == "variable"]):
        stand_in = VARIABLE + token.text[1:]
        variables[stand_in] = token.text[1:]
        text = f"{text[: token.start]} <{stand_in}> {text[token.start + len(token.text) :]}"
    return _quads(f"{prologue} INSERT DATA {text}")


def _quads(update: str) -> list[ox.Quad]:
    store = ox.Store()
    try:
        store.update(update, base_iri=QUERY_BASE, prefixes=terms.PREFIXES)
    except ENGINE_FAULTS as cause:
        raise QueryInvalid(f"the update cannot be run: {cause}") from cause
    return list(store)


def _parts(found: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens between semicolons that stand in no braces."""
    depth = 0
    part: list[Token] = []
    for token in found:
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if token.text == ";" and depth == 0:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _is_verb(token: Token) -> bool:
    return token.kind == "sign" or (token.kind == "word" and token.text.upper() not in _PROLOGUE)


@dataclass(slots=True)
class _Reader:
    """One operation, read from its first word on."""

    text: str
    prologue: str
    rest: list[Token]
    place: int = field(default=0)

    def operation(self) -> Operation:
        verb = self._word()
        if verb in ("CLEAR", "DROP", "CREATE"):
            return Management(verb, self._has("SILENT"), self._target())
        if verb in _TRANSFERS:
            silent, source = self._has("SILENT"), self._target()
            self._expect("TO")
            return Management(verb, silent, self._target(), source)
        if verb in ("INSERT", "DELETE") and self._has("DATA"):
            # Both are read as what they would insert.
            return Data(f"{self.prologue} INSERT DATA {self._block()}", verb == "INSERT")
        if verb == "DELETE" and self._has("WHERE"):
            block = self._block()
            return Modification(self.prologue, block, None, block)
        return self._modification(verb)

    def _modification(self, verb: str) -> Modification:
        within = None
        if verb == "WITH":
            within, verb = self._name(), self._word()
        if verb not in ("INSERT", "DELETE"):
            raise QueryInvalid(
                f"the update cannot be run: {verb[:40]} is no operation; put a blank behind each keyword"
            )
        delete = self._block() if verb == "DELETE" else None
        insert = self._block() if verb == "INSERT" or self._has("INSERT") else None
        using: list[str] = []
        named: list[str] = []
        while self._has("USING"):
            (named if self._has("NAMED") else using).append(self._name())
        self._has("WHERE")
        return Modification(self.prologue, delete, insert, self._block(), within, tuple(using), tuple(named))

    def _peek(self) -> Token | None:
        return self.rest[self.place] if self.place < len(self.rest) else None

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise QueryInvalid("the update cannot be run: it ends within an operation")
        self.place += 1
        return token

    def _word(self) -> str:
        return self._next().text.upper()

    def _has(self, word: str) -> bool:
        """Whether a keyword follows, which is then passed."""
        token = self._peek()
        found = token is not None and token.kind == "word" and token.text.upper() == word
        self.place += found
        return found

    def _expect(self, word: str) -> None:
        if not self._has(word):
            raise QueryInvalid(f"the update cannot be run: {word} is expected; put a blank behind each keyword")

    def _target(self) -> Target:
        for word in ("DEFAULT", "NAMED", "ALL"):
            if self._has(word):
                return word
        self._has("GRAPH")
        return self._name()

    def _name(self) -> str:
        return resolved(self._next(), self.prologue)

    def _block(self) -> str:
        """The text from an opening brace to the one that closes it."""
        first = last = self._next()
        depth = 1
        while depth and first.text == "{":
            last = self._next()
            depth += {"{": 1, "}": -1}.get(last.text, 0) if last.kind == "sign" else 0
        if depth:
            raise QueryInvalid(f"the update cannot be run: {first.text[:40]!r}, where a brace is expected")
        return self.text[first.start : last.start + 1]

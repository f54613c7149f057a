"""Calls of functions by their IRIs: that there is such a function, and that it is given as many arguments as it takes.

An engine leaves the value of a call that cannot be unbound, or fails when a row comes to it (SPARQL 1.1, 17.2);
so a misspelt name looks like an empty answer.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.geosparql.functions import AGGREGATES, FUNCTIONS
from graph_service.sparql.expressions import list_of
from graph_service.sparql.kept import Kept
from graph_service.sparql.prologue import Prologue, prologue_of
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.syntax import LONGEST, node_text, parse, shape_in
from graph_service.store.sparql_tokens import Token, place_of, tokens
from ontology import terms

_CASTS = (
    "boolean", "date", "dateTime", "dayTimeDuration", "decimal", "double", "duration", "float", "gDay", "gMonth",
    "gMonthDay", "gYear", "gYearMonth", "integer", "string", "time", "yearMonthDuration",
)  # fmt: skip
"""Datatypes of XML Schema that the engine casts to."""
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Arity:
    """How many arguments a function takes."""

    least: int
    most: int

    def __str__(self) -> str:
        number = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"{number} argument{'' if self.most == 1 else 's'}"


def _arity(function: Callable[..., object]) -> Arity:
    parameters = inspect.signature(function).parameters.values()
    return Arity(sum(one.default is inspect.Parameter.empty for one in parameters), len(parameters))


KNOWN: Mapping[str, Arity] = {
    **{one.value: _arity(function) for one, function in FUNCTIONS.items()},
    **{one.value: Arity(1, 1) for one in AGGREGATES},
    **{terms.XSD + name: Arity(1, 1) for name in _CASTS},
}
"""Functions that have an IRI, ours and the engine's."""


def ensure_calls_known(text: str) -> None:
    """Pass a query whose calls name functions that there are, with as many arguments as they take.

    A query that does not parse, or is too long to be parsed here, passes: the engine says what is wrong with it.
    The text is looked through for what may be a wrong call, which takes a tenth of a millisecond; only
    where there is one is it parsed. Of a shape that has passed, nothing more is looked at.

    Raises:
        QueryInvalid: a call that cannot be, with its place and with functions of a similar name.
    """
    shape = shape_in(text)
    if shape is None and len(text) > LONGEST:
        return
    if shape is not None and _PASSED.get(shape.text):
        return
    _ensure_known_in(text)
    if shape is not None:
        _PASSED.put(shape.text, True)


_PASSED: Kept[bool] = Kept(50 * LONGEST)
"""Shapes with calls that can be; the names of functions are part of a shape."""


def _ensure_known_in(text: str) -> None:
    calls = list(_calls(text))
    if all(_fits(iri, number) for _, iri, number in calls):
        return
    try:
        query = parse(text)
    except QueryInvalid:
        return
    prologue = prologue_of(query.prologue)
    for node in nodes_of(query.body):
        if isinstance(node, CompValue) and node.name == "Function":
            _ensure_call_known(node, prologue, text, [token for token, _, _ in calls])


def _fits(iri: str, number: int) -> bool:
    arity = KNOWN.get(iri)
    return arity is not None and arity.least <= number <= arity.most


def _ensure_call_known(node: CompValue, prologue: Prologue, text: str, calls: list[Token]) -> None:
    iri, written, number = prologue.iri(node.iri), node_text(node.iri), _number(node)
    if iri is None or _fits(iri, number):
        return
    place = next((f"{place_of(text, token)}: " for token in calls if token.text == written), "")
    if (arity := KNOWN.get(iri)) is not None:
        raise QueryInvalid(f"{place}{written} takes {arity}, and is given {number}")
    raise QueryInvalid(f"{place}there is no function {written}{_suggestion(iri)}")


def _number(node: CompValue) -> int:
    return 0 if node.expr is None else len(list_of(node.expr))


def _suggestion(iri: str) -> str:
    names = {_name(one): one for one in KNOWN}
    near = get_close_matches(_name(iri), names, n=3, cutoff=0.6)
    if not near and (local := _local(iri)):
        near = [name for name, one in names.items() if _local(one).lower() == local.lower()]
    return f"; near it are {', '.join(near)}" if near else ""


def _local(iri: str) -> str:
    return max(iri.rpartition("/")[2], iri.rpartition("#")[2], key=lambda part: iri.rfind(part) if part else -1)


def _name(iri: str) -> str:
    """An IRI with one of our prefixes, where there is one for it."""
    found = next((prefix for prefix, start in terms.PREFIXES.items() if iri.startswith(start)), None)
    return f"<{iri}>" if found is None else f"{found}:{iri.removeprefix(terms.PREFIXES[found])}"


def _calls(text: str) -> Iterator[tuple[Token, str, int]]:
    """What may be a call: the token of its name, the IRI, the number of its arguments."""
    found = [token for token in tokens(text) if token.kind != "comment"]
    prefixes = dict(terms.PREFIXES)
    for rank, token in enumerate(found[:-1]):
        following = found[rank + 1]
        if token.kind == "prefixed" and following.kind == "iri":
            prefixes[token.text.removesuffix(":")] = following.text[1:-1]
        elif token.kind in ("iri", "prefixed") and following.text == "(":
            yield token, _iri(token, prefixes), _arguments(found, rank + 2)


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local


def _arguments(found: list[Token], start: int) -> int:
    """The number of arguments between the bracket before a token and the one that closes it."""
    depth, number = 0, 0
    for token in found[start:]:
        if token.text in _CLOSING:
            if depth == 0:
                return number
            depth -= 1
            continue
        number = number or 1
        if token.text in _OPENING:
            depth += 1
        elif token.text == "," and depth == 0:
            number += 1
    return number

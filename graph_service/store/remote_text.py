"""A query as an engine elsewhere is given it: without what it would take for more than SPARQL 1.1."""

import re
from collections.abc import Iterator, Mapping

from graph_service.errors import EngineLacks, QueryInvalid
from graph_service.store.engine import GEOF, Engine
from graph_service.store.evaluation import fault
from graph_service.store.remote_graphs import alias_of
from graph_service.store.sparql_tokens import Token, tokens
from ontology import terms
from ontology.identifiers import QUERY_BASE

_LOCAL_ESCAPE = re.compile(r"\\(.)")
_INNER = re.compile(r"<?(bif|sql):", re.IGNORECASE)
"""Names of Virtuoso's own functions and options, which reach its SQL engine."""
_FROM = re.compile(r"FROM", re.IGNORECASE)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_TOLD_LINE = re.compile(r"(?:error at |line )(\d+)")


def remote_text(text: str, engine: Engine, *, hides: bool) -> tuple[str, int]:
    """A query for an engine, and how many lines now stand before it.

    Args:
        text: with the prefixes of ``terms.PREFIXES`` declared or not; FROM clauses are left out, because the
            request names the graphs, and Virtuoso would add those of the text to them.
        engine: that it is for.
        hides: whether there are graphs that the caller may not see.

    Raises:
        EngineLacks: the query needs what the engine does not have.
        QueryInvalid: it reaches for the inside of the engine.
    """
    found = [token for token in tokens(text) if token.kind != "comment"]
    declared = _declared(found)
    _refuse(text, found, engine, hides)
    changes = dict(_without_from(found))
    for token in found:
        if (iri := _iri(token, declared)) is None:
            continue
        if iri.startswith(GEOF) and iri.removeprefix(GEOF) in engine.missing_functions:
            raise EngineLacks(f"{_place(text, token)}: the engine that holds the graph has no function <{iri}>")
        if iri in engine.aliases.datatypes:
            changes.setdefault(token.start, (len(token.text), f"<{alias_of(iri)}>"))
    missing = [*_base(found), *_undeclared(found)]
    return "".join([*missing, "\n" if missing else "", *_changed(text, changes)]), bool(missing)


def _refuse(text: str, found: list[Token], engine: Engine, hides: bool) -> None:
    depth = 0
    for token in found:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        word = token.text.upper()
        if token.kind == "word" and hides and any(leak in word for leak in engine.leaks):
            raise EngineLacks(
                f"{_place(text, token)}: {token.text} cannot be answered here: with it the engine that holds the "
                "graph would look into restricted data sets that the request may not see"
            )
        # Virtuoso takes FROM in a sub-query as well, and adds the graph to those of the request.
        is_inner_from = depth > 0 and token.kind == "word" and _FROM.match(token.text)
        if is_inner_from or _INNER.match(token.text) or token.text == "`":
            raise QueryInvalid(f"{_place(text, token)}: {token.text[:40]!r} is not SPARQL 1.1")


def _declared(found: list[Token]) -> Mapping[str, str]:
    """Namespaces by prefix: those of the query, and ours for the rest."""
    own = {name.text[:-1]: iri.text[1:-1] for name, iri in _declarations(found)}
    return {**terms.PREFIXES, **own}


def _declarations(found: list[Token]) -> Iterator[tuple[Token, Token]]:
    for word, name, iri in zip(found, found[1:], found[2:], strict=False):
        if word.text.upper() == "PREFIX" and name.kind == "prefixed" and iri.kind == "iri":
            yield name, iri


def _base(found: list[Token]) -> list[str]:
    """What relative IRIs are read under, where there are some; engines take what they like for it."""
    relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in found)
    return [f"BASE <{QUERY_BASE}> "] if relative else []


def _undeclared(found: list[Token]) -> list[str]:
    own = {name.text[:-1] for name, _ in _declarations(found)}
    used = {token.text.partition(":")[0] for token in found if token.kind == "prefixed"}
    return [f"PREFIX {name}: <{iri}> " for name, iri in terms.PREFIXES.items() if name in used - own]


def _iri(token: Token, declared: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, colon, local = token.text.partition(":")
    if token.kind != "prefixed" or not colon or prefix not in declared:
        return None
    return declared[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)


def _without_from(found: list[Token]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Places, lengths and replacements of the FROM clauses."""
    depth = 0
    for position, token in enumerate(found):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and token.kind == "word" and _FROM.fullmatch(token.text):
            named = found[position + 1 : position + 2]
            last = found[position + 1 + bool(named and named[0].text.upper() == "NAMED")]
            yield token.start, (last.start + len(last.text) - token.start, " ")


def _changed(text: str, changes: Mapping[int, tuple[int, str]]) -> Iterator[str]:
    read = 0
    for start, (length, replacement) in sorted(changes.items()):
        if start >= read:
            yield text[read:start]
            yield replacement
            read = start + length
    yield text[read:]


def _place(text: str, token: Token) -> str:
    line = text.count("\n", 0, token.start) + 1
    return f"line {line}, column {token.start - text.rfind(chr(10), 0, token.start)}"


def told(said: str, text: str, before: int) -> str:
    """What an engine says about a query, its lines counted as the caller wrote them."""

    def moved(match: re.Match[str]) -> str:
        start, end = match.span(1)
        return (
            match.string[match.start() : start] + str(max(1, int(match[1]) - before)) + match.string[end : match.end()]
        )

    return fault(SyntaxError(_TOLD_LINE.sub(moved, said)), text)

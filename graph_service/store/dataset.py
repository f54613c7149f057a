"""Which graphs a query or an update works on: what its text or its request asks for, and what its caller may see.

The public graph is the default graph of the store. Beside it stand the graphs of
audiences, which nobody else sees, and public named graphs, which writers make and
which the catalogue lists among its own statements (``sd:namedGraph``): a graph that
is not on that list is an audience's, whatever its name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.errors import QueryInvalid
from graph_service.store.sparql_tokens import Token, tokens
from ontology import terms
from ontology.identifiers import BASE, CATALOGUE, QUERY_BASE

PUBLIC_GRAPH = f"{BASE}graph/public"
"""Name by which a request asks for the public default graph."""

DEFAULT_NAMES = frozenset((PUBLIC_GRAPH, "urn:x-rdflib:default", "urn:x-arq:DefaultGraph"))
"""Names of the default graph: ours, and those that rdflib and Jena give to one without a name."""

AUDIENCES = f"{BASE}audience/"
"""Namespace of audiences' graphs; nobody makes public graphs there."""

LISTS = "http://www.w3.org/ns/sparql-service-description#namedGraph"
"""Property by which the catalogue lists its public named graphs."""

_FROM = re.compile(r"FROM(NAMED)?", re.IGNORECASE)
_NAMED = re.compile(r"NAMED", re.IGNORECASE)
_FORM = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)", re.IGNORECASE)
_NAMES = ("iri", "prefixed")
_PLACE = re.compile(r"^Parser error at line .*?: | \(line \d+\)$")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Graphs that a request asks for, by name."""

    default: tuple[str, ...] = ()
    """Merged into the default graph; none for an empty one."""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Graphs that the engine is given: no other is ever read."""

    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    named: list[ox.NamedNode | ox.BlankNode]


def public_graphs(store: ox.Store) -> list[str]:
    """IRIs of the public named graphs of a store."""
    listed = store.quads_for_pattern(ox.NamedNode(CATALOGUE), ox.NamedNode(LISTS), None, ox.DefaultGraph())
    return sorted(str(quad.object.value) for quad in listed)  # type: ignore[union-attr]  # IRIs


def view_of(store: ox.Store, audiences: Sequence[str], dataset: Dataset | None) -> View:
    """The graphs of a store that a query may read.

    A graph that does not exist and one that the caller may not see are both empty, so that nobody
    learns which of the two it is.

    Args:
        store: that holds them.
        audiences: IRIs of the restricted graphs that the caller may see.
        dataset: that the request asks for; None for the public graph merged with those of the audiences, and
            all graphs by name.
    """
    visible = dict.fromkeys([*audiences, *public_graphs(store)])
    if dataset is None:
        merged: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.DefaultGraph(), *map(ox.NamedNode, audiences)]
        return View(merged, [ox.NamedNode(name) for name in visible])
    default = [graph for name in dataset.default if (graph := _graph(name, visible)) is not None]
    # A graph that is merged with itself would give each of its triples twice.
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(n) for n in dict.fromkeys(dataset.named) if n in visible]
    return View(list(dict.fromkeys(default)), named)


def _graph(name: str, visible: Iterable[str]) -> ox.NamedNode | ox.DefaultGraph | None:
    if name in DEFAULT_NAMES:
        return ox.DefaultGraph()
    return ox.NamedNode(name) if name in visible else None


def dataset_of(text: str) -> Dataset | None:
    """The graphs that the FROM clauses of a query ask for; None where it has none.

    Source: SPARQL 1.1, 13.2 Specifying RDF Datasets.

    Raises:
        QueryInvalid: an IRI of such a clause is none, or its prefix is not declared.
    """
    if not _FROM.search(text):
        return None
    default: list[str] = []
    named: list[str] = []
    for is_named, name, prologue in _clauses(text):
        (named if is_named else default).append(resolved(name, prologue))
    return Dataset(tuple(default), tuple(named)) if default or named else None


def _clauses(text: str) -> Iterable[tuple[bool, Token, str]]:
    """The FROM clauses of a query: whether one is FROM NAMED, its name, and the prologue before it."""
    prologue: str | None = None
    depth, pending = 0, ""
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if token.kind == "comment" or depth:
            continue
        if prologue is None and token.kind == "word" and _FORM.match(token.text):
            prologue = text[: token.start]
        if token.kind == "word" and _FROM.fullmatch(token.text):
            pending = token.text
        elif token.kind == "word" and pending and _NAMED.fullmatch(token.text):
            pending = "FROM NAMED"
        elif pending and token.kind in _NAMES:
            yield pending.upper() != "FROM", token, prologue or ""
            pending = ""


def without_default_names(text: str) -> str:
    """A query or a pattern whose GRAPH clauses for the default graph, by one of its names, are plain groups.

    No engine has the default graph under a name; rdflib asks for it by its own. Every character
    keeps its place. A clause within another GRAPH stays, and finds nothing.

    Args:
        text: of a request that chooses no graphs; else the default graph is another one.
    """
    if not any(name in text for name in DEFAULT_NAMES):
        return text
    kept = list(text)
    # For each open brace, whether it or one around it belongs to a GRAPH clause.
    within: list[bool] = []
    before: list[Token] = []
    for token in (one for one in tokens(text) if one.kind != "comment"):
        if token.text == "{" and token.kind == "sign":
            named = len(before) == 2 and before[0].kind == "word" and before[0].text.upper() == "GRAPH"
            outside = not any(within[-1:])
            if named and outside and before[1].text[1:-1] in DEFAULT_NAMES:
                start, end = before[0].start, before[1].start + len(before[1].text)
                kept[start:end] = " " * (end - start)
                named = False
            within.append(named or not outside)
        elif token.text == "}" and within and token.kind == "sign":
            within.pop()
        before = [*before[-1:], token]
    return "".join(kept)


def resolved(name: Token, prologue: str) -> str:
    """The IRI that a name of a query is.

    Args:
        name: an IRI or a prefixed name.
        prologue: text of the declarations of bases and prefixes before it.

    Raises:
        QueryInvalid: it is no IRI, or its prefix is not declared.
    """
    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in terms.PREFIXES.items())
    # Turtle has the same declarations and names as SPARQL, and the engine's own rules for them.
    document = f"{declared}{prologue}\n{name.text} <a:a> <a:a> ."
    try:
        return str(next(iter(ox.parse(document, format=ox.RdfFormat.TURTLE, base_iri=QUERY_BASE))).subject.value)
    except (SyntaxError, ValueError) as cause:
        raise QueryInvalid(f"{name.text[:80]}: is no IRI of a graph: {_PLACE.sub('', str(cause))}") from cause

"""Variables of a query: which are used, and which a pattern shows to whoever is around it (SPARQL 1.1, 18.2.1)."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.triples import triples_in


def nodes_of(tree: Any) -> Iterator[Any]:
    """Everything in a tree, itself first."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, CompValue):
            pending.extend(node.values())
        elif not isinstance(node, str) and isinstance(node, Iterable):
            pending.extend(node)


def new_variables(tree: Any) -> Iterator[Variable]:
    """Variables that a tree does not use, without end."""
    used = {str(node) for node in nodes_of(tree) if isinstance(node, Variable)}
    return (Variable(name) for number in count(1) if (name := f"_{number}") not in used)


def visible(pattern: Any) -> tuple[Variable, ...]:
    """The variables that SELECT * shows of a pattern, in order of appearance."""
    return tuple(dict.fromkeys(_visible(pattern)))


def _visible(node: Any) -> Iterator[Variable]:
    if not isinstance(node, CompValue):
        return
    match node.name:
        case "TriplesBlock":
            for triple in triples_in(node.triples):
                yield from (term for term in triple if isinstance(term, Variable))
        case "Bind":
            yield node.var
        case "InlineData" | "ValuesClause":
            yield from node.var or ()
        case "SubSelect" | "SelectQuery":
            yield from projected(node)
        case "MinusGraphPattern" | "Filter":
            return
        case "GraphGraphPattern" | "ServiceGraphPattern":
            yield from (node.term,) if isinstance(node.term, Variable) else ()
            yield from _visible(node.graph)
        case _:
            for part in (*_listed(node.part), *_listed(node.graph)):
                yield from _visible(part)


def projected(select: CompValue) -> Iterator[Variable]:
    """The variables that a SELECT shows."""
    if select.projection:
        yield from (one.evar if one.var is None else one.var for one in select.projection)
    else:
        yield from _visible(select.where)
        yield from _visible(select.valuesClause)


def _listed(value: Any) -> Iterable[Any]:
    return () if value is None else value if isinstance(value, list) else (value,)

"""SERVICE clauses, answered here: the engine is given their solutions as VALUES and never the clauses.

The engine (pyoxigraph 0.5) would ask any address, without a deadline. Nothing of a
catalogue leaves it but what stands in the clause: the pattern is asked as it is, whatever is
bound around it. Source: SPARQL 1.1 Federated Query.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import anyio
import pyoxigraph as ox
from pyparsing import ParseResults
from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import EndpointFailed, QueryInvalid
from graph_service.federation.calling import Resolve, addresses_of, new_client, solutions_of
from graph_service.federation.hosts import AllowedHosts, Endpoint, endpoint_of
from graph_service.sparql.prologue import Prologue, prologue_of
from graph_service.sparql.scope import nodes_of, visible
from graph_service.sparql.syntax import Query, node_text, parse, text_of
from graph_service.sparql.triples import group_of, union_of
from graph_service.store.query_guard import guard
from graph_service.store.skolem import Skolems

MOST_CLAUSES = 8
MOST_SOLUTIONS = 50_000
"""Of one clause; the engine takes a quarter of a second to read so many."""
_BLOCK = 900
"""Solutions in one VALUES; the engine's planner joins a longer one last."""

_SERVICE = "ServiceGraphPattern"


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question to another endpoint."""

    endpoint: Endpoint
    query: str
    variables: Sequence[Variable]
    silent: bool


class Services:
    """The endpoints that queries may name in SERVICE clauses."""

    def __init__(self, hosts: AllowedHosts, *, timeout_s: float = 10.0, resolve: Resolve = addresses_of) -> None:
        """Services on some hosts.

        Args:
            hosts: that may be asked; none of them leaves every query as it is.
            timeout_s: seconds in which all clauses of a query have to be answered.
            resolve: gives the addresses of a host.
        """
        self._hosts = hosts
        self._timeout_s = timeout_s
        self._resolve = resolve

    def answered(self, text: str, *, deadline_s: float) -> str:
        """A query with the solutions of its SERVICE clauses instead of them; as it is where it has none.

        Solutions that hold a blank node hold an IRI for it (RDF 1.1 Concepts, 3.5).

        Args:
            text: SPARQL 1.1.
            deadline_s: seconds that are left to the query.

        Raises:
            QueryInvalid: a clause names a variable or a host that is not asked, is within
                another one, or there are too many; or the query is no SPARQL 1.1.
            EndpointFailed: an endpoint does not answer in time or not as it should, and its clause is
                not SILENT.
        """
        if not self._hosts.hosts or _is_local(text):
            return text
        query = parse(text)
        clauses = {id(node): node for node in nodes_of(query.body) if _is_clause(node)}
        if not clauses:
            return text
        if len(clauses) > MOST_CLAUSES:
            raise QueryInvalid(f"a query may have {MOST_CLAUSES} SERVICE clauses; this one has {len(clauses)}")
        prologue = prologue_of(query.prologue)
        asked = {key: self._clause(node, prologue) for key, node in clauses.items()}
        found = anyio.run(self._solutions, asked, min(self._timeout_s, deadline_s))
        return text_of(Query(query.prologue, _replaced(query.body, found)))

    def _clause(self, node: CompValue, prologue: Prologue) -> _Clause:
        if isinstance(node.term, Variable):
            raise QueryInvalid(f"SERVICE ?{node.term}: an endpoint is named by its IRI, not by a variable")
        iri = prologue.iri(node.term)
        if iri is None:
            raise QueryInvalid(f"SERVICE {node_text(node.term)}: nothing declares this prefix")
        if any(_is_clause(inner) for inner in nodes_of(node.graph)):
            raise QueryInvalid(f"SERVICE <{iri}>: a SERVICE clause within another one is not asked")
        endpoint = endpoint_of(iri)
        self._hosts.admit(endpoint)
        shown = visible(node.graph)
        return _Clause(endpoint, _question(node.graph, shown, prologue), shown, bool(node.silent))

    async def _solutions(self, clauses: dict[int, _Clause], seconds: float) -> dict[int, CompValue]:
        """The patterns that stand for clauses, each asked at the same time."""
        found: dict[int, CompValue] = {}
        failed: list[EndpointFailed] = []

        async def ask(key: int, clause: _Clause) -> None:
            try:
                found[key] = await self._pattern(client, clause, seconds)
            except EndpointFailed as fault:
                # The frames of an error hold solutions, which are for the thread that read them.
                fault.__cause__ = fault.__context__ = None
                failed.append(fault.with_traceback(None))
                group.cancel_scope.cancel()

        async with new_client() as client, anyio.create_task_group() as group:
            for key, clause in clauses.items():
                group.start_soon(ask, key, clause)
        if failed:
            raise failed.pop(0)
        return found

    async def _pattern(self, client: Any, clause: _Clause, seconds: float) -> CompValue:
        try:
            with anyio.fail_after(seconds):
                solutions = await solutions_of(
                    client, clause.endpoint, clause.query, hosts=self._hosts, resolve=self._resolve
                )
            return _values(clause.variables, list(_rows(solutions, clause)))
        except (TimeoutError, EndpointFailed) as cause:
            if clause.silent:
                # One solution that binds nothing (SPARQL 1.1 Federated Query, 2.1).
                return _values((), [()])
            if isinstance(cause, EndpointFailed):
                raise
            raise EndpointFailed(f"SERVICE <{clause.endpoint.url}>: no answer within {seconds:.3g} s") from cause


def _is_local(text: str) -> bool:
    """Whether a query surely has no SERVICE clause, so that it need not be parsed here."""
    try:
        guard(text)
    except QueryInvalid:
        return False
    return True


def _is_clause(node: Any) -> bool:
    return isinstance(node, CompValue) and node.name == _SERVICE


def _question(pattern: Any, shown: Sequence[Variable], prologue: Prologue) -> str:
    """A query of its own for the pattern of a clause, with the prefixes that it uses."""
    used = {node.prefix or "" for node in nodes_of(pattern) if isinstance(node, CompValue) and node.name == "pname"}
    head = [f"BASE <{prologue.base}>"] if prologue.base is not None else []
    for prefix in sorted(used):
        if prefix not in prologue.prefixes:
            raise QueryInvalid(f"the prefix {prefix}: in a SERVICE clause is not declared")
        head.append(f"PREFIX {prefix}: <{prologue.prefixes[prefix]}>")
    names = " ".join(f"?{name}" for name in shown) or "*"
    return " ".join([*head, f"SELECT {names} WHERE {node_text(pattern)}"])


def _rows(solutions: ox.QuerySolutions, clause: _Clause) -> Iterator[tuple[str, ...]]:
    """Solutions as SPARQL text, of the variables that the clause shows and no other that the endpoint may give."""
    given = {variable.value for variable in solutions.variables}
    skolems = Skolems()
    try:
        for row in islice(solutions, MOST_SOLUTIONS):
            terms = [row[str(name)] if str(name) in given else None for name in clause.variables]
            yield tuple(_text(term, skolems) for term in terms)
        more = next(iter(solutions), None) is not None
    except (SyntaxError, ValueError) as cause:
        raise EndpointFailed(f"SERVICE <{clause.endpoint.url}>: the answer cannot be read: {cause}") from cause
    if more:
        raise EndpointFailed(
            f"SERVICE <{clause.endpoint.url}>: more than {MOST_SOLUTIONS:,} solutions; LIMIT cuts them"
        )


def _text(term: Any, skolems: Skolems) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.BlankNode):
        return str(skolems.iri(term))
    if isinstance(term, ox.Triple):
        raise ValueError("it holds a triple as a term")
    return str(term)


def _values(variables: Sequence[Variable], rows: Sequence[tuple[str, ...]]) -> CompValue:
    """Solutions as a pattern: VALUES, or a union of several where there are many."""
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)] or [rows]
    data = [CompValue("InlineData", var=list(variables), value=list(block)) for block in blocks]
    return data[0] if len(data) == 1 else union_of(group_of([one]) for one in data)


def _replaced(node: Any, patterns: dict[int, CompValue]) -> Any:
    """A tree with patterns instead of the nodes that they are given for."""
    if id(node) in patterns:
        return patterns[id(node)]
    if isinstance(node, CompValue):
        return CompValue(node.name, **{key: _replaced(value, patterns) for key, value in node.items()})
    if isinstance(node, ParseResults | list):
        return [_replaced(one, patterns) for one in node]
    return node

"""Queries widened by the meaning of their terms.

Each triple pattern finds what it would find if everything that follows from the
ontology stood in the graph, once for each solution. Where a pattern can hold in
several ways, it becomes a union; every branch leaves out what an earlier one finds.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

from pyparsing import ParseResults
from rdflib import BNode, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from graph_service.reasoning.meaning import Meaning
from graph_service.sparql.alternatives import Alternatives
from graph_service.sparql.forms import is_short_construct
from graph_service.sparql.prologue import prologue_of
from graph_service.sparql.scope import new_variables, nodes_of, visible
from graph_service.sparql.syntax import Query, parse, text_of
from graph_service.sparql.triples import Triple, block_of, group_of, simplified, triples_in, union_of

_PER_SOLUTION = frozenset(("Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE"))
"""Functions whose value differs between two solutions that are the same otherwise."""

_MOST = 2_000
"""Patterns that one query may be given beside its own."""


def expanded(text: str, meaning: Meaning) -> str:
    """A query that finds what follows from the ontology as well as what is stated.

    Args:
        text: SPARQL 1.1.
        meaning: of the ontology that the graph is written by.

    Raises:
        QueryInvalid: it is no SPARQL 1.1, or too long, too wide or too deep to be expanded.
    """
    query = parse(text)
    try:
        body = _Expansion(query, meaning).of(query.body, loose=False)
        return text_of(Query(query.prologue, body))
    except RecursionError as cause:
        raise QueryInvalid("the query is nested too deeply to be expanded") from cause


class _Expansion:
    """The expansion of one query.

    ``loose`` says that it does not matter how often a solution is found.
    """

    def __init__(self, query: Query, meaning: Meaning) -> None:
        self._alternatives = Alternatives(meaning, prologue_of(query.prologue))
        self._new = new_variables(query.body)
        self._variables: dict[BNode, Variable] = {}
        self._added = 0

    def of(self, node: Any, *, loose: bool) -> Any:
        """A node with its patterns expanded."""
        if isinstance(node, CompValue):
            match node.name:
                case "SelectQuery" | "SubSelect" | "AskQuery" | "DescribeQuery" | "ConstructQuery":
                    return self._form(node, loose=_is_loose(node, loose))
                case "ServiceGraphPattern":
                    return node  # another catalogue has an ontology of its own
                case "GroupGraphPatternSub":
                    return group_of(self._parts(node.part or (), loose=loose))
                case "Builtin_EXISTS" | "Builtin_NOTEXISTS" | "MinusGraphPattern":
                    loose = True
            return CompValue(node.name, **{key: self.of(value, loose=loose) for key, value in node.items()})
        if isinstance(node, ParseResults | list):
            return [self.of(one, loose=loose) for one in node]
        return node

    def _form(self, node: CompValue, *, loose: bool) -> CompValue:
        if is_short_construct(node):
            return self._full_construct(node)
        kept = {key: value for key, value in node.items() if key == "template"}
        rest = {key: self.of(value, loose=loose) for key, value in node.items() if key not in kept}
        return hidden(node, CompValue(node.name, **kept, **rest))

    def _full_construct(self, node: CompValue) -> CompValue:
        parts = () if node.where is None else node.where.part
        blocks = [list(triple) for part in parts for triple in triples_in(part.triples)]
        where = group_of(self._parts(parts, loose=False))
        return CompValue(node.name, **{**node, "template": blocks, "where": where})

    def _parts(self, parts: Iterable[CompValue], *, loose: bool) -> list[CompValue]:
        """Parts of a group, in order."""
        given = list(parts)
        triples = [triple for part in given if part.name == "TriplesBlock" for triple in triples_in(part.triples)]
        # A blank node cannot stand for the same thing in two groups; a variable can.
        split = any(isinstance(one, CompValue) for triple in triples for one in self._triple(triple, loose=True))
        found: list[CompValue | Triple] = []
        for part in given:
            if part.name == "TriplesBlock":
                for triple in triples_in(part.triples):
                    found += self._triple(self._named(triple) if split else triple, loose=loose)
            else:
                found.append(self.of(part, loose=loose))
        return _in_blocks(found)

    def _named(self, triple: Triple) -> Triple:
        """A triple with variables instead of blank nodes."""
        return Triple(*(self._variable(term) if isinstance(term, BNode) else term for term in triple))

    def _variable(self, node: BNode) -> Variable:
        if node not in self._variables:
            self._variables[node] = next(self._new)
        return self._variables[node]

    def _triple(self, triple: Triple, *, loose: bool) -> list[CompValue | Triple]:
        """Patterns that together have the solutions of a triple."""
        return list(self._path(*triple, loose=loose)) if self._changes(*triple) else [triple]

    def _changes(self, subject: Any, path: Any, value: Any) -> bool:
        """Whether a triple can hold in other ways than it says."""
        path = simplified(path)
        match _name(path):
            case "PathAlternative":
                return any(self._changes(subject, part, value) for part in path.part)
            case "PathSequence":
                ends = (subject, *(_ANY,) * (len(path.part) - 1), value)
                return any(self._changes(a, p, b) for (a, b), p in zip(pairwise(ends), path.part, strict=True))
            case "PathEltOrInverse":
                return self._changes(value, path.part, subject)
            case "PathElt":
                return bool(self._widened(path) != path)
            case "PathNegatedPropertySet":
                return False
            case _:
                triple = Triple(subject, path, value)
                return self._alternatives.of(triple) != (triple,)

    def _path(self, subject: Any, path: Any, value: Any, *, loose: bool) -> Iterator[CompValue | Triple]:
        """Patterns that together have the solutions of a triple whose predicate is a path."""
        path = simplified(path)
        match _name(path):
            case "PathAlternative" if self._alternatives.is_along(path, value):
                # The engine gives a solution of several branches once, and so it stays.
                whole = Triple(subject, self._widened(path), value)
                yield from self._union(self._alternatives.along(whole), loose=loose)
            case "PathAlternative":
                ways = (_in_blocks(self._path(subject, part, value, loose=loose)) for part in path.part)
                yield union_of(group_of(parts) for parts in ways)
            case "PathSequence":
                ends = (subject, *(next(self._new) for _ in path.part[1:]), value)
                for (start, end), part in zip(pairwise(ends), path.part, strict=True):
                    yield from self._path(start, part, end, loose=loose)
            case "PathEltOrInverse":
                yield from self._path(value, path.part, subject, loose=loose)
            case "PathElt":
                yield Triple(subject, self._widened(path), value)
            case "PathNegatedPropertySet":
                yield Triple(subject, path, value)
            case _:
                yield from self._union(self._alternatives.of(Triple(subject, path, value)), loose=loose)

    def _widened(self, path: Any, *, repeated: bool = False) -> Any:
        """A path whose properties are those that they imply; it is walked as a set, so it finds nothing twice."""
        path = simplified(path)
        match _name(path):
            case "PathNegatedPropertySet":
                return path
            case "PathElt":
                repeated = path.mod in ("+", "*")
                return CompValue(path.name, part=self._widened(path.part, repeated=repeated), mod=path.mod)
            case "PathEltOrInverse":
                return CompValue(path.name, part=self._widened(path.part, repeated=repeated))
            case "PathAlternative" | "PathSequence":
                again = repeated and path.name == "PathAlternative"
                return CompValue(path.name, part=[self._widened(part, repeated=again) for part in path.part])
            case _:
                return self._alternatives.path(path, repeated=repeated)

    def _union(self, alternatives: tuple[Triple, ...], *, loose: bool) -> Iterator[CompValue | Triple]:
        if len(alternatives) == 1:
            yield alternatives[0]
            return
        groups = []
        for rank, one in enumerate(alternatives):
            earlier = () if loose else alternatives[:rank]
            excluded = [_without(other) for other in earlier if not self._alternatives.are_apart(one, other)]
            groups.append(group_of([block_of([one]), *excluded]))
            self._added += 1 + len(excluded)
            if self._added > _MOST:
                raise QueryInvalid(f"expanded, the query would have {_MOST:,} patterns more; ask for narrower terms")
        yield union_of(groups)


_ANY = Variable("any")


def _name(path: Any) -> str:
    return path.name if isinstance(path, CompValue) else ""


def _without(triple: Triple) -> CompValue:
    absent = CompValue("Builtin_NOTEXISTS", graph=group_of([block_of([triple])]))
    return CompValue("Filter", expr=absent)


def _in_blocks(parts: Iterable[CompValue | Triple]) -> list[CompValue]:
    """Parts of a group with the triples between them gathered."""
    found: list[CompValue] = []
    for are_triples, some in groupby(parts, key=lambda part: isinstance(part, Triple)):
        gathered = list(some)
        found += [block_of(gathered)] if are_triples else gathered  # type: ignore[arg-type]  # as the key says
    return found


def _is_loose(form: CompValue, around: bool) -> bool:
    """Whether it does not matter how often a solution is found within a query or a subquery.

    Args:
        form: the query or subquery.
        around: whether it does not matter how often its own solutions are found.
    """
    names = {_name(node) for node in nodes_of(form)}
    if form.groupby or form.having or names & _PER_SOLUTION or any(name.startswith("Aggregate_") for name in names):
        return False
    if form.modifier == "DISTINCT":
        return True
    return (around or form.name == "AskQuery") and form.limitoffset is None


def hidden(before: CompValue, after: CompValue) -> CompValue:
    """A query or subquery that shows no variables but those that it showed before it was expanded."""
    shown = tuple(dict.fromkeys((*visible(before.where), *visible(before.valuesClause))))
    if set(visible(after.where)) <= set(shown):
        return after
    if before.name == "DescribeQuery" and not before.var:
        return CompValue(after.name, **{**after, "var": list(_some(shown))})
    if before.name in ("SelectQuery", "SubSelect") and not before.projection:
        return CompValue(after.name, **{**after, "projection": _projection(shown)})
    if any(_name(node) == "Aggregate_Count" and node.vars == "*" and node.distinct for node in nodes_of(before)):
        inner = CompValue("SubSelect", projection=_projection(visible(before.where)), where=after.where)
        return CompValue(after.name, **{**after, "where": group_of([union_of([inner])])})
    return after


def _projection(variables: tuple[Variable, ...]) -> list[CompValue]:
    return [CompValue("vars", var=one) for one in _some(variables)]


def _some(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    if not variables:
        raise QueryInvalid("the query selects * and names no variable, so that it cannot be expanded; name one")
    return variables

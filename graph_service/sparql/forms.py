"""Whole queries and subqueries as SPARQL text."""

from collections.abc import Callable, Iterable
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.expressions import Write
from graph_service.sparql.patterns import triples_text


def form_text(node: CompValue, write: Write) -> str | None:
    """The text of a query, a subquery or one of their clauses; None where the node is none."""
    form = _FORMS.get(node.name)
    return None if form is None else form(node, write)


def is_short_construct(node: CompValue) -> bool:
    """Whether a query is a CONSTRUCT whose pattern is its template as well."""
    return bool(node.name == "ConstructQuery" and (node.where is None or node.where.name == "FakeGroupGraphPatten"))


def _joined(texts: Iterable[str]) -> str:
    return " ".join(text for text in texts if text)


def _tail(node: CompValue, write: Write) -> str:
    clauses = (node.groupby, node.having, node.orderby, node.limitoffset, node.valuesClause)
    return _joined(write(clause) for clause in clauses if clause is not None)


def _datasets(node: CompValue, write: Write) -> str:
    return _joined(write(one) for one in node.datasetClause or ())


def _select(node: CompValue, write: Write) -> str:
    shown = _joined(write(one) for one in node.projection) if node.projection else "*"
    head = _joined(("SELECT", node.modifier or "", shown))
    text = _joined((head, _datasets(node, write), f"WHERE {write(node.where)}", _tail(node, write)))
    return text if node.name == "SelectQuery" else f"{{ {text} }}"


def _ask(node: CompValue, write: Write) -> str:
    return _joined(("ASK", _datasets(node, write), f"WHERE {write(node.where)}", _tail(node, write)))


def _construct(node: CompValue, write: Write) -> str:
    where = "{ }" if node.where is None else write(node.where)
    template = "" if is_short_construct(node) else f"{{ {triples_text(node.template or (), write)} }}"
    return _joined(("CONSTRUCT", template, _datasets(node, write), f"WHERE {where}", _tail(node, write)))


def _describe(node: CompValue, write: Write) -> str:
    named = _joined(write(one) for one in node.var) if node.var else "*"
    where = "" if node.where is None else f"WHERE {write(node.where)}"
    return _joined(("DESCRIBE", named, _datasets(node, write), where, _tail(node, write)))


def _shown(node: CompValue, write: Write) -> str:
    return write(node.var) if node.expr is None else f"({write(node.expr)} AS {write(node.evar)})"


def _dataset(node: CompValue, write: Write) -> str:
    return f"FROM {write(node.default)}" if node.named is None else f"FROM NAMED {write(node.named)}"


def _grouped(node: CompValue, write: Write) -> str:
    return f"({write(node.expr)})" if node.var is None else f"({write(node.expr)} AS {write(node.var)})"


def _listed(keyword: str, form: Callable[[Any, Write], str]) -> Callable[[CompValue, Write], str]:
    return lambda node, write: f"{keyword} {' '.join(form(one, write) for one in node.condition)}"


def _slice(node: CompValue, write: Write) -> str:
    limit = "" if node.limit is None else f"LIMIT {write(node.limit)}"
    return _joined((limit, "" if node.offset is None else f"OFFSET {write(node.offset)}"))


_FORMS: dict[str, Callable[[CompValue, Write], str]] = {
    "SelectQuery": _select,
    "SubSelect": _select,
    "AskQuery": _ask,
    "ConstructQuery": _construct,
    "DescribeQuery": _describe,
    "vars": _shown,
    "DatasetClause": _dataset,
    "GroupAs": _grouped,
    "GroupClause": _listed("GROUP BY", lambda one, write: write(one)),
    "HavingClause": _listed("HAVING", lambda one, write: f"({write(one)})"),
    "OrderClause": _listed("ORDER BY", lambda one, write: f"{one.order or 'ASC'}({write(one.expr)})"),
    "LimitOffsetClauses": _slice,
}

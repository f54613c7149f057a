"""Graph patterns and property paths as SPARQL text."""

from collections.abc import Callable, Iterable
from typing import Any

from pyparsing import ParseResults
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.expressions import Write
from graph_service.sparql.triples import triples_in


def pattern_text(node: CompValue, write: Write) -> str | None:
    """The text of a graph pattern or of a property path; None where the node is neither."""
    form = _FORMS.get(node.name)
    return None if form is None else form(node, write)


def triples_text(lists: Iterable[Any], write: Write) -> str:
    """Triples, each with its dot."""
    return " ".join(f"{' '.join(write(term) for term in triple)} ." for triple in triples_in(lists))


def data_text(node: CompValue, write: Write) -> str:
    """The variables and rows of a VALUES clause."""
    rows = (row if isinstance(row, ParseResults | list | tuple) else (row,) for row in node.value or ())
    names = " ".join(write(name) for name in node.var or ())
    return f"VALUES ({names}) {{ {' '.join(f'({_listed(row, write)})' for row in rows)} }}"


def _listed(values: Iterable[Any], write: Write) -> str:
    return " ".join(write(value) for value in values)


def _group(node: CompValue, write: Write) -> str:
    return f"{{ {' '.join(write(part) for part in node.part or ())} }}"


def _service(node: CompValue, write: Write) -> str:
    return f"SERVICE {'SILENT ' if node.silent else ''}{write(node.term)} {write(node.graph)}"


def _separated(separator: str) -> Callable[[CompValue, Write], str]:
    def text(node: CompValue, write: Write) -> str:
        parts = [write(part) for part in node.part]
        return parts[0] if len(parts) == 1 else f"({separator.join(parts)})"

    return text


def _element(node: CompValue, write: Write) -> str:
    path = write(node.part)
    if node.mod is None:
        return path
    return f"{path if path.startswith('(') and path.endswith(')') else f'({path})'}{node.mod}"


_FORMS: dict[str, Callable[[CompValue, Write], str]] = {
    "GroupGraphPatternSub": _group,
    "FakeGroupGraphPatten": _group,  # the parser's own spelling
    "TriplesBlock": lambda node, write: triples_text(node.triples, write),
    "GroupOrUnionGraphPattern": lambda node, write: " UNION ".join(write(one) for one in node.graph),
    "OptionalGraphPattern": lambda node, write: f"OPTIONAL {write(node.graph)}",
    "MinusGraphPattern": lambda node, write: f"MINUS {write(node.graph)}",
    "GraphGraphPattern": lambda node, write: f"GRAPH {write(node.term)} {write(node.graph)}",
    "ServiceGraphPattern": _service,
    "Filter": lambda node, write: f"FILTER({write(node.expr)})",
    "Bind": lambda node, write: f"BIND({write(node.expr)} AS {write(node.var)})",
    "InlineData": data_text,
    "ValuesClause": data_text,
    "PathAlternative": _separated("|"),
    "PathSequence": _separated("/"),
    "PathElt": _element,
    "PathEltOrInverse": lambda node, write: f"(^{write(node.part)})",
    "PathNegatedPropertySet": lambda node, write: f"!({'|'.join(write(part) for part in node.part or ())})",
    "InversePath": lambda node, write: f"^{write(node.part)}",
}

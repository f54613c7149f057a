"""Trees of queries with places for constants, kept for the shapes that were parsed last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyparsing import ParseResults
from rdflib import Literal, URIRef
from rdflib.compat import decodeUnicodeEscape
from rdflib.namespace import XSD
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.sparql.grammar import signed_number
from graph_service.sparql.scope import nodes_of
from graph_service.sparql.shapes import Constant, placeholder

_DATATYPES = {"integer": XSD.integer, "decimal": XSD.decimal, "double": XSD.double}
_Read = Callable[[Constant], Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A tree whose constants are placeholders."""

    tree: Any
    places: Mapping[int, tuple[int, _Read]]
    """For each node that is a placeholder: the rank of its constant, and how that is read."""
    above: frozenset[int]
    """The nodes that have placeholders in them."""

    def filled(self, constants: Sequence[Constant]) -> Any:
        """The tree with constants in their places; what has none in it is not copied."""
        return self._filled(self.tree, constants)

    def _filled(self, node: Any, constants: Sequence[Constant]) -> Any:
        if (place := self.places.get(id(node))) is not None:
            rank, read = place
            return read(constants[rank])
        if id(node) not in self.above:
            return node
        if isinstance(node, CompValue):
            return CompValue(node.name, **{key: self._filled(value, constants) for key, value in node.items()})
        if isinstance(node, tuple):
            return tuple(self._filled(one, constants) for one in node)
        made = node.copy()
        made[:] = [self._filled(one, constants) for one in node]
        return made


def template_of(tree: Any, constants: Sequence[Constant]) -> Template | None:
    """A parsed shape as a template; None where a placeholder is not to be found in it as a term.

    Args:
        tree: of the shape.
        constants: of a text of that shape.
    """
    readings = _readings(constants)
    found = {
        id(node): (node, *readings[key])
        for node in nodes_of(tree)
        if isinstance(node, Literal | URIRef) and (key := _key(node)) in readings
    }
    if {rank for _, rank, _ in found.values()} != set(range(len(constants))):
        return None
    above: set[int] = set()
    _mark(tree, found.keys(), above)
    return Template(tree, {key: (rank, read) for key, (_, rank, read) in found.items()}, frozenset(above))


def _mark(node: Any, places: Any, above: set[int]) -> bool:
    """Whether a node is a place or has one in it, noted for all that have."""
    if id(node) in places:
        return True
    parts = (
        node.values() if isinstance(node, CompValue) else node if isinstance(node, ParseResults | list | tuple) else ()
    )
    if any([_mark(part, places, above) for part in parts]):
        above.add(id(node))
        return True
    return False


def _readings(constants: Sequence[Constant]) -> dict[tuple[Any, ...], tuple[int, _Read]]:
    """For the term that each placeholder is parsed to, in any of its forms: rank, and how the constant is read."""
    found: dict[tuple[Any, ...], tuple[int, _Read]] = {}
    for rank, constant in enumerate(constants):
        stand_in = Constant(constant.kind, placeholder(constant.kind, rank).strip())
        for read in _WAYS.get(constant.kind, _NUMBERS):
            found.setdefault(_key(read(stand_in)), (rank, read))
    return found


def _key(term: Literal | URIRef) -> tuple[Any, ...]:
    return (type(term), str(term), getattr(term, "datatype", None))


def _string(constant: Constant) -> Literal:
    quotes = 3 if constant.text[:3] in ("'''", '"""') and len(constant.text) >= 6 else 1
    return Literal(decodeUnicodeEscape(constant.text[quotes:-quotes]))


def _iri(constant: Constant) -> URIRef:
    return URIRef(constant.text[1:-1])


def _number(sign: str, constant: Constant) -> Literal:
    """As the grammar makes it of a number behind a sign that belongs to it."""
    datatype = _DATATYPES[constant.kind]
    return signed_number(sign, Literal(constant.text, datatype=datatype))


_NUMBERS: Sequence[_Read] = tuple(partial(_number, sign) for sign in ("", "-", "+"))
_WAYS: Mapping[str, Sequence[_Read]] = {"string": (_string,), "iri": (_iri,)}

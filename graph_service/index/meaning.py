"""What a filter means by the ontology: every search language is widened here, between its parser and SQL.

A class finds its subclasses, a code its narrower codes, a property its
subproperties, a constellation its satellites; names and labels in any language of
the ontology are accepted where a term is.
"""

from typing import assert_never

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, Concept, During, Filter, Meets, Not, OneOf
from graph_service.index.properties import PROPERTIES, Property, property_named
from graph_service.reasoning.meaning import Meaning
from graph_service.reasoning.names import TermUnknown
from ontology import terms
from ontology.identifiers import constellation_iri, notation, segment
from ontology.prefixed import expanded

CONCEPT = "concept"
"""Name by which a filter asks for a class, a code or a thing that a record has or names."""

_KINDS = ("class", "code", "individual")


def widened(tree: Filter, meaning: Meaning) -> Filter:
    """A filter that finds whatever the ontology says that another one means.

    Raises:
        RequestInvalid: a concept is compared other than by ``=`` or ``!=``, or a property of the ontology is not searched.
        TermUnknown: a concept has no term of its name, or several.
    """
    match tree:
        case Comparison(name, "!=", value):
            return Not(_equal(name, str(value), meaning)) if _has_meaning(name) else tree
        case Comparison(name, "=", value):
            return _equal(name, str(value), meaning) if _has_meaning(name) else tree
        case Comparison(name, operator, value):
            if name != CONCEPT and expanded(name) is None:
                return tree
            return Any(tuple(Comparison(one.name, operator, value) for one in _searched(name, meaning)))
        case OneOf(name, values):
            return Any(tuple(_equal(name, value, meaning) for value in values)) if _has_meaning(name) else tree
        case All(parts):
            return All(tuple(widened(part, meaning) for part in parts))
        case Any(parts):
            return Any(tuple(widened(part, meaning) for part in parts))
        case Not(part):
            return Not(widened(part, meaning))
        case Concept() | Meets() | During():
            return tree
        case _:
            assert_never(tree)


def _has_meaning(name: str) -> bool:
    if name == CONCEPT or expanded(name) is not None:
        return True
    found = property_named(name)
    return found.scheme is not None or found.name == "platform"


def _equal(name: str, value: str, meaning: Meaning) -> Filter:
    if name == CONCEPT:
        return Concept(concepts(value, meaning))
    parts = tuple(_value(one, value, meaning) for one in _searched(name, meaning))
    return parts[0] if len(parts) == 1 else Any(parts)


def _value(one: Property, value: str, meaning: Meaning) -> Filter:
    if one.scheme is not None:
        return OneOf(one.name, tuple(dict.fromkeys(map(notation, _codes(one.scheme, value, meaning)))))
    if one.name == "platform" and (iri := constellation_iri(value)) in meaning.members:
        return Concept((iri,))
    return Comparison(one.name, "=", value)


def _codes(scheme: str, value: str, meaning: Meaning) -> tuple[str, ...]:
    """The codes of a scheme that a notation or a label finds; a producer's own code finds itself."""
    iri = terms.code(scheme, segment(value))
    if len(found := meaning.codes(iri)) > 1:
        return found
    try:
        named = meaning.resolve(value, ("code",))
    except TermUnknown:
        return (iri,)
    return meaning.codes(named) if named.startswith(f"{terms.CODE}{scheme}-") else (iri,)


def concepts(text: str, meaning: Meaning) -> tuple[str, ...]:
    """IRIs of whatever counts as a concept: a class with its subclasses, a code with its narrower ones, a thing itself.

    Raises:
        TermUnknown: no term is called so, or several are.
    """
    iri = text if text.startswith(("http:", "https:", "urn:")) else meaning.resolve(text, _KINDS)
    return tuple(dict.fromkeys((*meaning.classes(iri), *meaning.codes(iri))))


def _searched(name: str, meaning: Meaning) -> list[Property]:
    """The declared properties that a name means; one of the ontology means those of its subproperties as well."""
    if name == CONCEPT:
        raise RequestInvalid("concept: is compared with = or != alone")
    if (iri := expanded(name)) is None:
        return [property_named(name)]
    names = meaning.properties(iri).names
    if found := [one for one in PROPERTIES if one.term in names]:
        return found
    listed = ", ".join(one.name for one in PROPERTIES)
    raise RequestInvalid(f"{name}: neither it nor a property below it can be searched; there are {listed}")

"""What a filter means by the ontology: every search language is widened here, between its parser and SQL.

A class finds its subclasses, a code its narrower codes, a property its
subproperties, a constellation its satellites; names and labels in any language of
the ontology are accepted where a term is.
"""

from collections.abc import Sequence
from typing import assert_never

from graph_service.errors import RequestInvalid
from graph_service.index.filters import (
    Absent,
    All,
    Among,
    Any,
    Attribute,
    Compared,
    Comparison,
    Concept,
    Constant,
    During,
    Expression,
    Filter,
    Fits,
    Like,
    Meets,
    Members,
    Not,
    Null,
    OneOf,
    Operator,
    Related,
    Sets,
    Text,
)
from graph_service.index.properties import CONCEPT, NAMES, PROPERTIES, property_named
from graph_service.index.property_values import Property
from graph_service.reasoning.meaning import Meaning
from ontology import terms
from ontology.identifiers import notation, platform_iri, segment, short_name
from ontology.prefixed import expanded

_PLATFORM = platform_iri("")
_KINDS = ("class", "code", "individual")


def widened(tree: Filter, meaning: Meaning) -> Filter:
    """A filter that finds whatever the ontology says that another one means.

    Raises:
        RequestInvalid: a concept is compared otherwise than by being equal or not, or nothing that a property of the
            ontology means can be searched.
        TermUnknown: a concept has no term of its name, or several.
    """
    match tree:
        case All(parts):
            return All(tuple(widened(part, meaning) for part in parts))
        case Any(parts):
            return Any(tuple(widened(part, meaning) for part in parts))
        case Not(part):
            return Not(widened(part, meaning))
        case Comparison(name, operator, value):
            return _compared(name, operator, value, meaning)
        case OneOf(name, values) if name == CONCEPT:
            return _concept(values, meaning)
        case OneOf(name, values):
            return _equal(searched(name, meaning), values, meaning)
        case Like(name, pattern):
            return _any([Like(one.name, pattern) for one in searched(name, meaning)])
        case Null(name):
            return All(tuple(Null(one.name) for one in searched(name, meaning)))
        case Sets():
            return _sets(tree, meaning)
        case Concept() | Meets() | Related() | During() | Text() | Compared() | Among() | Fits() | Absent():
            return tree
        case _:
            assert_never(tree)


def _compared(name: str, operator: Operator, value: str | float, meaning: Meaning) -> Filter:
    if operator in ("=", "!="):
        values = (value,)
        equal = _concept(values, meaning) if name == CONCEPT else _equal(searched(name, meaning), values, meaning)
        return equal if operator == "=" else _other(equal)
    found = searched(name, meaning)
    if any(one.kind == "list" for one in found):
        raise RequestInvalid(f"{name}: is a list, which has no order")
    return _any([Comparison(one.name, operator, value) for one in found])


def _equal(properties: Sequence[Property], values: Sequence[str | float], meaning: Meaning) -> Filter:
    return _any([_one_of(one, values, meaning) for one in properties])


def _other(equal: Filter) -> Filter:
    """What has another value: of what has none that is not said."""
    match equal:
        case Comparison(one, "=", same):
            return Comparison(one, "!=", same)
        case _:
            return Not(equal)


def _any(parts: Sequence[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


def _one_of(one: Property, values: Sequence[str | float], meaning: Meaning) -> Filter:
    if one.kind == "list":
        wanted = Members(tuple(Constant(str(value)) for value in values))
        return _sets(Sets("overlaps", Attribute(one.name), wanted), meaning)
    if one.scheme is not None:
        found = [code for value in values for code in _codes(one.scheme, str(value), meaning)]
        return _equals(one, [notation(code) for code in found])
    if one.name == "platform":
        return _platforms(one, [str(value) for value in values], meaning)
    if one.name == "constellation":
        return _equals(one, [found for value in values for found in _constellations(str(value), meaning)])
    return _equals(one, values)


def _platforms(one: Property, names: Sequence[str], meaning: Meaning) -> Filter:
    """Scenes of satellites, each by its name or label, or by that of its constellation."""
    found = {name: meaning.names.found(name) for name in names}
    constellations = tuple(dict.fromkeys(iri for iris in found.values() for iri in iris if iri in meaning.members))
    satellites = [short_name(iri) for iris in found.values() for iri in iris if iri.startswith(_PLATFORM)]
    equals = _equals(one, [*satellites, *(name for name in names if name not in satellites)])
    # The second part also says that nothing is known of a scene without a platform, which CQL2 wants of its contrary.
    return Any((Concept(constellations, constellations), equals)) if constellations else equals


def _constellations(name: str, meaning: Meaning) -> tuple[str, ...]:
    """The names of a constellation that its name or label finds, beside the name itself."""
    return (*(short_name(iri) for iri in meaning.names.found(name) if iri in meaning.members), name)


def _equals(one: Property, values: Sequence[str | float]) -> Filter:
    distinct = tuple(dict.fromkeys(values))
    return Comparison(one.name, "=", distinct[0]) if len(distinct) == 1 else OneOf(one.name, distinct)


def _codes(scheme: str, value: str, meaning: Meaning) -> tuple[str, ...]:
    """The codes of a scheme that a notation or a label finds; a producer's own code finds itself."""
    iri = terms.code(scheme, segment(value))
    named = [one for one in meaning.names.found(value) if one.startswith(f"{terms.CODE}{scheme}-")]
    return tuple(dict.fromkeys(found for one in (named or [iri]) for found in meaning.codes(one)))


def _sets(tree: Sets, meaning: Meaning) -> Filter:
    """Lists of codes beside lists that somebody wrote, in which each code stands for its narrower ones as well."""
    match tree:
        case Sets(relation, Attribute(name), Members(members)) if (scheme := property_named(name).scheme) is not None:
            written = [_narrower(scheme, one, meaning) for one in members]
        case _:
            return tree
    every = Sets("contained_by", tree.left, _members([code for codes in written for code in codes]))
    each = All(tuple(Sets("overlaps", tree.left, _members(codes)) for codes in written))
    match relation:
        case "contains":
            # Of no members at all, what is unknown has to stay so.
            return each if written else tree
        case "contained_by":
            return every
        case "overlaps":
            return Sets("overlaps", tree.left, every.right)
        case "equals":
            return All((*each.parts, every))


def _members(values: Sequence[Expression]) -> Members:
    return Members(tuple(dict.fromkeys(values)))


def _narrower(scheme: str, member: Expression, meaning: Meaning) -> tuple[Expression, ...]:
    if not isinstance(member, Constant):
        return (member,)
    return tuple(Constant(notation(code)) for code in _codes(scheme, str(member.value), meaning))


def _concept(values: Sequence[str | float], meaning: Meaning) -> Concept:
    asked = tuple(dict.fromkeys(_term(str(value), meaning) for value in values))
    return Concept(tuple(dict.fromkeys(iri for one in asked for iri in _covered(one, meaning))), asked)


def concepts(text: str, meaning: Meaning) -> tuple[str, ...]:
    """IRIs of whatever counts as a concept: a class with its subclasses, a code with its narrower ones, a thing itself.

    Raises:
        TermUnknown: no term is called so, or several are.
    """
    return _covered(_term(text, meaning), meaning)


def _term(text: str, meaning: Meaning) -> str:
    return text if text.startswith(("http:", "https:", "urn:")) else meaning.resolve(text, _KINDS)


def _covered(iri: str, meaning: Meaning) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*meaning.cover(iri), *meaning.codes(iri))))


def searched(name: str, meaning: Meaning) -> tuple[Property, ...]:
    """The declared properties that a name means; one of the ontology means those of its subproperties as well.

    Raises:
        RequestInvalid: there are none.
    """
    if name == CONCEPT:
        raise RequestInvalid("concept: is compared with =, <> or IN alone")
    if (iri := expanded(name)) is None:
        return (property_named(name),)
    names = meaning.properties(iri).names
    if found := tuple(one for one in PROPERTIES if one.term in names):
        return found
    raise RequestInvalid(f"{name}: neither it nor a property below it can be searched; there are {NAMES}")

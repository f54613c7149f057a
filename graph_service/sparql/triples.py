"""Triples of a parse tree."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rdflib.plugins.sparql.parserutils import CompValue


class Triple(NamedTuple):
    """One triple pattern, or one triple of a template; terms and paths are nodes of the tree."""

    subject: Any
    predicate: Any
    """An IRI, a prefixed name, a variable or a path."""
    object: Any


def triples_in(lists: Iterable[Any]) -> Iterator[Triple]:
    """The triples of a block, which the parser gives as lists of three terms each, one after the other."""
    for terms in lists:
        flat = iter(terms)
        for subject, predicate, value in zip(flat, flat, flat, strict=True):
            yield Triple(subject, simplified(predicate), value)


def block_of(triples: Iterable[Triple]) -> CompValue:
    """Triples as a part of a group."""
    return CompValue("TriplesBlock", triples=[list(triple) for triple in triples])


def group_of(parts: Iterable[CompValue]) -> CompValue:
    """A group of patterns."""
    return CompValue("GroupGraphPatternSub", part=list(parts))


def union_of(groups: Iterable[CompValue]) -> CompValue:
    """Groups of which each gives solutions; a single one is a group within a group."""
    return CompValue("GroupOrUnionGraphPattern", graph=list(groups))


def simplified(predicate: Any) -> Any:
    """A path without the layers that say nothing: the path of a single IRI is that IRI."""
    while isinstance(predicate, CompValue):
        if predicate.name in ("PathAlternative", "PathSequence") and len(predicate.part) == 1:
            predicate = predicate.part[0]
        elif predicate.name == "PathElt" and predicate.mod is None:
            predicate = predicate.part
        else:
            break
    return predicate

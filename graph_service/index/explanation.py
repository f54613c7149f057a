"""Why a filter finds a record: what each of its conditions says of it, and by which way through the ontology."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.condition_text import attributes_of, condition_text
from graph_service.index.filters import All, Any, Comparison, Concept, Filter, Leaf, Meets, Not, OneOf, Related
from graph_service.index.properties import property_named
from graph_service.index.property_values import Property
from graph_service.index.sql import condition
from graph_service.index.writing import MOST_VALUES
from graph_service.reasoning.meaning import Meaning
from ontology import terms
from ontology.identifiers import segment
from ontology.prefixed import prefixed

_MOST_LEAVES = 500
"""Conditions of a filter that is explained; SQLite gives 2,000 columns at most."""

Explanation = dict[str, AnyValue]
"""``{"condition", "holds", ...}`` of a condition, ``{"op", "holds", "parts"}`` of what is joined; as JSON has it."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of one record."""

    holds: Mapping[int, bool | None]
    """Of each leaf, by its place."""
    values: Mapping[str, object]
    """Of each property that a leaf names, by its short name."""
    concepts: frozenset[str]


def explanations(
    connection: sqlite3.Connection, tree: Filter, iris: Sequence[str], meaning: Meaning
) -> dict[str, Explanation]:
    """What each part of a filter says of some records, by their IRIs; records that are unknown are left out.

    Args:
        connection: to the index; ``SQLiteIndex.within_one_state`` gives it.
        tree: widened by the ontology, as it was searched with.
        iris: of the records.
        meaning: that it was widened with.

    Raises:
        RequestInvalid: the filter has too many conditions to tell of each.
    """
    leaves = list(dict.fromkeys(_leaves(tree)))
    if len(leaves) > _MOST_LEAVES:
        raise RequestInvalid(f"explain: the filter has more than {_MOST_LEAVES} conditions")
    numbers = {leaf: number for number, leaf in enumerate(leaves)}
    known = _facts(connection, leaves, iris)
    return {iri: _explained(tree, numbers, facts, meaning) for iri, facts in known.items()}


def _leaves(tree: Filter) -> Iterator[Leaf]:
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case _:
            yield tree


def _facts(connection: sqlite3.Connection, leaves: Sequence[Leaf], iris: Sequence[str]) -> dict[str, _Facts]:
    conditions = [condition(leaf) for leaf in leaves]
    named = list(dict.fromkeys(property_named(name).name for leaf in leaves for name in attributes_of(leaf)))
    columns = [*(f"({one.text})" for one in conditions), *(f"scene.{property_named(name).column}" for name in named)]
    bound = [value for one in conditions for value in one.values]
    found: dict[str, _Facts] = {}
    for start in range(0, len(iris), MOST_VALUES):
        some = tuple(iris[start : start + MOST_VALUES])
        where = f"WHERE scene.iri IN ({', '.join('?' * len(some))})"
        concepts = _concepts(connection, where, some) if any(isinstance(leaf, Concept) for leaf in leaves) else {}
        statement = f"SELECT {', '.join(['scene.iri', *columns])} FROM scene {where}"
        for iri, *row in connection.execute(statement, (*bound, *some)):
            holds = {n: None if value is None else bool(value) for n, value in enumerate(row[: len(leaves)])}
            values = dict(zip(named, row[len(leaves) :], strict=True))
            found[iri] = _Facts(holds, values, frozenset(concepts.get(iri, ())))
    return found


def _concepts(connection: sqlite3.Connection, where: str, iris: tuple[str, ...]) -> dict[str, list[str]]:
    statement = (
        "SELECT scene.iri, concept.iri FROM scene JOIN scene_concept ON scene_concept.scene_row = scene.row "
        f"JOIN concept ON concept.number = scene_concept.concept {where}"
    )
    found: dict[str, list[str]] = {}
    for iri, concept in connection.execute(statement, iris):
        found.setdefault(iri, []).append(concept)
    return found


def _explained(tree: Filter, numbers: Mapping[Leaf, int], facts: _Facts, meaning: Meaning) -> Explanation:
    match tree:
        case All(parts):
            told = [_explained(part, numbers, facts, meaning) for part in parts]
            return {"op": "and", "holds": _all(one["holds"] for one in told), "parts": told}
        case Any(parts):
            told = [_explained(part, numbers, facts, meaning) for part in parts]
            return {"op": "or", "holds": _not(_all(_not(one["holds"]) for one in told)), "parts": told}
        case Not(part):
            inner = _explained(part, numbers, facts, meaning)
            return {"op": "not", "holds": _not(inner["holds"]), "parts": [inner]}
        case _:
            said = {"condition": condition_text(tree), "holds": facts.holds[numbers[tree]]}
            return said | _values(tree, facts) | _ways(tree, facts, meaning)


def _all(parts: Iterator[bool | None]) -> bool | None:
    """False beats unknown, unknown beats true."""
    found = set(parts)
    return False if False in found else None if None in found else True


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one


def _values(leaf: Leaf, facts: _Facts) -> Explanation:
    """The values that the record has of the properties that a condition names."""
    found = {one.stac_name: _said(one, facts.values[one.name]) for one in map(property_named, attributes_of(leaf))}
    region = leaf.region if isinstance(leaf, Meets | Related) else None
    return ({"values": found} if found else {}) | ({"region": region} if region else {})


def _said(one: Property, value: object) -> object:
    """A value as a STAC document has it."""
    if value is None:
        return None
    if one.kind == "time":
        return datetime.fromtimestamp(float(str(value)), UTC).isoformat().replace("+00:00", "Z")
    return json.loads(str(value)) if one.kind == "list" else value


def _ways(leaf: Leaf, facts: _Facts, meaning: Meaning) -> Explanation:
    """The ways from what the record has to what was asked for, each from the narrower to the wider."""
    match leaf:
        case Concept():
            found = [way for asked in leaf.asked or leaf.iris for way in _from_concepts(asked, facts.concepts, meaning)]
        case Comparison(name, "=", value):
            found = _from_code(property_named(name), (value,), facts, meaning)
        case OneOf(name, values):
            found = _from_code(property_named(name), values, facts, meaning)
        case _:
            found = []
    return {"ways": [[prefixed(iri) for iri in way] for way in found]} if found else {}


def _from_concepts(asked: str, concepts: frozenset[str], meaning: Meaning) -> list[list[str]]:
    below = [iri for iri in _below(asked, meaning) if iri in concepts]
    narrowest = [one for one in below if not any(_is_below(other, one, meaning) for other in below)]
    return [_way(one, asked, meaning) for one in narrowest]


def _from_code(one: Property, values: Sequence[str | float], facts: _Facts, meaning: Meaning) -> list[list[str]]:
    """From the code that a record has to the widest of those that were looked for."""
    own = facts.values[one.name]
    if one.scheme is None or own not in values:
        return []
    start = terms.code(one.scheme, segment(str(own)))
    sought = [terms.code(one.scheme, segment(str(value))) for value in values]
    around = [iri for iri in sought if iri == start or _is_below(start, iri, meaning)]
    widest = max(around, key=lambda iri: len(_below(iri, meaning)))
    return [_way(start, widest, meaning)]


def _below(iri: str, meaning: Meaning) -> tuple[str, ...]:
    """A class, a code or a constellation with what is narrower, itself first."""
    return tuple(dict.fromkeys((*meaning.classes(iri), *meaning.codes(iri), *meaning.members.get(iri, ()))))


def _is_below(one: str, other: str, meaning: Meaning) -> bool:
    """Whether one is narrower than another; what is equivalent is not."""
    return one != other and one in _below(other, meaning) and other not in _below(one, meaning)


def _way(start: str, goal: str, meaning: Meaning) -> list[str]:
    """The steps from a narrower term to a wider one, both included."""
    way = [start]
    between = [iri for iri in _below(goal, meaning) if _is_below(start, iri, meaning)]
    while way[-1] != goal:
        above = [iri for iri in between if _is_below(way[-1], iri, meaning)]
        way.append(min(above, key=lambda iri: (len(_below(iri, meaning)), iri)) if above else goal)
    return way

"""What scenes of the index have, and how many have it: the branches of the trees that users walk."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

Connection = sqlite3.Connection
"""An open index, within one state of it."""

_LAST = "\U0010ffff"
_FEW = 5000
"""Scenes of a collection that are sooner looked at one by one than the scenes of a concept."""
_FROM_SCENES = (
    "scene CROSS JOIN scene_concept ON scene_concept.scene_row = scene.row "
    "CROSS JOIN concept ON concept.number = scene_concept.concept"
)
_FROM_CONCEPTS = (
    "concept CROSS JOIN scene_concept ON scene_concept.concept = concept.number "
    "CROSS JOIN scene ON scene.row = scene_concept.scene_row"
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A value, and how many scenes have it."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Flown:
    """Scenes of one satellite in one collection."""

    platform: str
    collection: str
    number: int


def concepts_named(
    connection: Connection, prefix: str, collection: str, audiences: Sequence[str]
) -> tuple[Occurrence, ...]:
    """The codes or things that scenes of a collection have or name, by IRI.

    Args:
        connection: of the index.
        prefix: that their IRIs begin with.
        collection: its identifier.
        audiences: IRIs of what restricted data counts.
    """
    seen, values = _visible(audiences)
    rows = connection.execute(
        f"SELECT concept.iri, count(*) FROM {_FROM_CONCEPTS} "
        f"WHERE concept.iri >= ? AND concept.iri < ? AND scene.collection = ? AND {seen} GROUP BY 1 ORDER BY 1",
        (prefix, prefix + _LAST, collection, *values),
    )
    return tuple(Occurrence(iri, number) for iri, number in rows)


def names_any(connection: Connection, prefix: str, collection: str, audiences: Sequence[str]) -> bool:
    """Whether a scene has or names at least one of them; arguments as of ``concepts_named``."""
    seen, values = _visible(audiences)
    some = f"SELECT 1 FROM scene WHERE collection = ? LIMIT {_FEW + 1}"
    few = connection.execute(f"SELECT count(*) FROM ({some})", (collection,)).fetchone()[0] <= _FEW
    # Ends with the first that is found. Where there is none, it helps to have begun with what is fewer.
    tables = _FROM_SCENES if few else _FROM_CONCEPTS
    where = f"concept.iri >= ? AND concept.iri < ? AND scene.collection = ? AND {seen}"
    found = connection.execute(
        f"SELECT 1 FROM {tables} WHERE {where} LIMIT 1", (prefix, prefix + _LAST, collection, *values)
    )
    return found.fetchone() is not None


def platforms_flown(connection: Connection, audiences: Sequence[str]) -> tuple[Flown, ...]:
    """How many scenes each satellite has in each collection, by their names; scenes of none are left out."""
    seen, values = _visible(audiences)
    rows = connection.execute(
        "SELECT platform, collection, count(*) FROM scene "
        f"WHERE platform IS NOT NULL AND {seen} GROUP BY platform, collection ORDER BY platform, collection",
        values,
    )
    return tuple(Flown(*row) for row in rows)


def months_sensed(
    connection: Connection,
    collection: str,
    audiences: Sequence[str],
    *,
    platforms: Sequence[str] | None = None,
    concept: str | None = None,
) -> tuple[Occurrence, ...]:
    """The months in UTC that scenes of a collection were sensed in, as ``2025-10``, the earliest first.

    Args:
        connection: of the index.
        collection: its identifier.
        audiences: IRIs of what restricted data counts.
        platforms: names of the satellites whose scenes count; None for all scenes.
        concept: IRI of a class or code that scenes have to have; None for all scenes.
    """
    seen, values = _visible(audiences)
    where = f"collection = ? AND {seen}"
    bound: tuple[str, ...] = (collection, *values)
    if platforms is not None:
        where += f" AND platform IN ({_marks(platforms)})"
        bound += tuple(platforms)
    if concept is not None:
        where += (
            " AND row IN (SELECT scene_row FROM scene_concept JOIN concept ON number = concept WHERE concept.iri = ?)"
        )
        bound += (concept,)
    month = "strftime('%Y-%m', datetime, 'unixepoch')"
    rows = connection.execute(f"SELECT {month}, count(*) FROM scene WHERE {where} GROUP BY 1 ORDER BY 1", bound)
    return tuple(Occurrence(value, number) for value, number in rows)


def _visible(audiences: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    return f"(scene.audience IS NULL OR scene.audience IN ({_marks(audiences)}))", tuple(audiences)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))

"""The words of scenes for full-text search: what their documents say, and what the ontology calls their concepts."""

import sqlite3
from collections.abc import Iterable, Mapping

import orjson

from graph_service.index.properties import PROPERTIES
from graph_service.index.rows import Row

_PLACES = {one.name: place for place, one in enumerate(PROPERTIES)}
_IDENTIFIERS = ("id", "collection", "platform", "tile", "product_type", "datatake", "doi")
"""Properties whose values people type as words."""


def write_words(connection: sqlite3.Connection, rows: Iterable[tuple[int, Row]], labels: Mapping[str, str]) -> None:
    """Write the words of scenes that have none yet.

    Args:
        connection: within a transaction.
        rows: scenes with their row numbers.
        labels: what concepts are called, by IRI.
    """
    statement = "INSERT INTO words (rowid, title, description, keywords, labels, identifiers) VALUES (?, ?, ?, ?, ?, ?)"
    connection.executemany(statement, ((number, *_words(one, labels)) for number, one in rows))


def _words(one: Row, labels: Mapping[str, str]) -> tuple[str | None, ...]:
    keywords = _value(one, "keywords")
    return (
        _value(one, "title"),
        one.description,
        None if keywords is None else ", ".join(orjson.loads(keywords)),
        _labels(one.concepts, labels),
        " ".join(dict.fromkeys(value for name in _IDENTIFIERS if (value := _value(one, name)) is not None)),
    )


def _value(one: Row, name: str) -> str | None:
    found = one.values[_PLACES[name]]
    return None if found is None else str(found)


def _labels(concepts: Iterable[str], labels: Mapping[str, str]) -> str:
    return "; ".join(sorted(labels[iri] for iri in concepts if iri in labels))


def labels_in(connection: sqlite3.Connection) -> dict[str, str]:
    """What concepts are called, by IRI, as scenes are written with it."""
    return dict(connection.execute("SELECT iri, text FROM label").fetchall())


def relabel(connection: sqlite3.Connection, labels: Mapping[str, str]) -> None:
    """Give concepts other names, and the scenes that have them other words.

    Args:
        connection: within a transaction.
        labels: names of every concept, in all languages, by IRI.
    """
    before = labels_in(connection)
    changed = sorted(iri for iri in {*before, *labels} if before.get(iri) != labels.get(iri))
    connection.execute("DELETE FROM label")
    connection.executemany("INSERT INTO label VALUES (?, ?)", labels.items())
    connection.execute("CREATE TEMP TABLE renamed (iri TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO renamed VALUES (?)", [(iri,) for iri in changed])
    rows = connection.execute(
        "SELECT DISTINCT scene_row FROM renamed JOIN concept USING (iri) "
        "JOIN scene_concept ON scene_concept.concept = concept.number"
    ).fetchall()
    connection.execute("DROP TABLE renamed")
    concepts = "SELECT iri FROM scene_concept JOIN concept ON number = concept WHERE scene_row = ?"
    for (row,) in rows:
        text = _labels([iri for (iri,) in connection.execute(concepts, (row,))], labels)
        connection.execute("UPDATE words SET labels = ? WHERE rowid = ?", (text, row))

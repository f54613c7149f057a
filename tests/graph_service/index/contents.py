"""What an index file holds, comparable from one file to another."""

import sqlite3
from pathlib import Path
from typing import Any

_TABLES = {
    "collection": "SELECT * FROM collection",
    "reference": "SELECT * FROM reference",
    "scene": "SELECT scene.iri, scene.* FROM scene",
    "stac": "SELECT scene.iri, stac.* FROM stac LEFT JOIN scene USING (row)",
    "concept": "SELECT scene.iri, concept.iri FROM scene_concept LEFT JOIN scene ON row = scene_row "
    "LEFT JOIN concept ON concept.number = scene_concept.concept",
    "box": "SELECT scene.iri, scene_box.* FROM scene_box LEFT JOIN scene ON scene.row = part / 1024",
    "centre": "SELECT scene.iri, centre.* FROM centre LEFT JOIN scene USING (row)",
    "words": "SELECT scene.iri, words.* FROM words LEFT JOIN scene ON scene.row = words.rowid",
}
_NUMBERS = {"row", "part", "scene_row"}
"""Columns that a rebuilt index may number anew."""


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but for row numbers, sorted; what has lost its scene has None for its IRI."""
    connection = sqlite3.connect(path)
    try:
        return {table: _rows(connection, statement) for table, statement in _TABLES.items()}
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, statement: str) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement)
    kept = [place for place, column in enumerate(cursor.description) if column[0] not in _NUMBERS]
    return sorted((tuple(found[place] for place in kept) for found in cursor), key=repr)


def iris(found: dict[str, list[tuple[Any, ...]]]) -> set[str]:
    """IRIs that any table mentions as its own."""
    return {str(one[0]) for rows in found.values() for one in rows}

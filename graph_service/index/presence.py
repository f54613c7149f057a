"""The properties that the scenes of a collection have."""

import sqlite3
from collections.abc import Sequence

from graph_service.index.access import visible
from graph_service.index.properties import PROPERTIES

_LOOKED_AT = 1000
"""Scenes at each end of a collection that are looked at; all of one collection mostly come from one producer."""


def present_properties(connection: sqlite3.Connection, collection: str, audiences: Sequence[str]) -> frozenset[str]:
    """Short names of the properties that the newest and the oldest scenes of a collection have.

    Args:
        connection: within one state of the index.
        collection: its identifier.
        audiences: IRIs of what restricted data is looked at.
    """
    seen = visible(audiences)
    rows = [
        f"SELECT * FROM (SELECT row FROM scene WHERE collection = ? AND {seen.text} "
        f"ORDER BY datetime {way}, row {way} LIMIT {_LOOKED_AT})"
        for way in ("DESC", "ASC")
    ]
    columns = ", ".join(f"max({one.column} IS NOT NULL)" for one in PROPERTIES)
    statement = f"SELECT {columns} FROM scene WHERE row IN ({' UNION '.join(rows)})"
    found = connection.execute(statement, (collection, *seen.values) * 2).fetchone()
    return frozenset(one.name for one, has in zip(PROPERTIES, found, strict=True) if has)

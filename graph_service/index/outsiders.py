"""Features and geometries that are not the catalogue's own, by their names."""

from graph_service.index.geometries import Connection

_AFTER_ALL = "\U0010ffff"


def has_outsiders(connection: Connection, namespace: str) -> bool:
    """Whether any feature or geometry has a name beyond a namespace.

    The names are kept in order, so that those of the namespace are not looked at, however many there are.
    """
    beyond = "SELECT number FROM place WHERE name < ? UNION ALL SELECT number FROM place WHERE name > ?"
    feature = "EXISTS (SELECT 1 FROM geometry_of WHERE feature = beyond.number)"
    geometry = "EXISTS (SELECT 1 FROM geometry WHERE node = beyond.number)"
    statement = f"SELECT 1 FROM ({beyond}) AS beyond WHERE {feature} OR {geometry} LIMIT 1"
    return connection.execute(statement, (namespace, namespace + _AFTER_ALL)).fetchone() is not None

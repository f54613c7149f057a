"""The one root of what can go wrong in the catalogue."""


class CatalogueError(Exception):
    """Something a caller can act on: the message names the document, the element and the fault."""


class RecordInvalid(CatalogueError):
    """Triples that should describe a record do not: a required property is absent or of another type."""

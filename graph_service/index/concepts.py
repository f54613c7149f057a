"""What a record is and what it names: classes, codes, satellites, units and the like, for finding it by them."""

from collections.abc import Iterable

from ontology import terms
from ontology.identifiers import BASE
from ontology.triples import Statement

_TYPE = f"<{terms.TYPE}>"
_NAMED = (f"<{terms.CODE}", f"<{BASE}")
_NOT_NAMED = (f"<{BASE}item/", f"<{BASE}collection/")


def concepts_of(iri: str, statements: Iterable[Statement]) -> frozenset[str]:
    """IRIs of the classes that a record has, and of what it or a part of it points to but products.

    Args:
        iri: of the record.
        statements: of the record and its parts, in N-Triples syntax, inferred ones included.
    """
    own = f"<{iri}>"
    found: set[str] = set()
    for subject, predicate, value in statements:
        if predicate == _TYPE:
            if subject == own:
                found.add(value[1:-1])
        elif value.startswith(_NAMED) and not value.startswith(_NOT_NAMED) and "#" not in value:
            found.add(value[1:-1])
    return frozenset(found)

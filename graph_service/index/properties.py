"""The properties that a search can filter by, by their names."""

from collections.abc import Iterable
from difflib import get_close_matches

from graph_service.errors import RequestInvalid
from graph_service.index.declared import DECLARED
from graph_service.index.property_values import Property, Said, Value
from ontology.prefixed import prefixed
from ontology.records import Scene

CONCEPT = "concept"
"""Name by which a filter asks for a class, a code or a thing that a record has or names."""
GEOMETRY = "geometry"
"""Name of the footprint in a filter."""

PROPERTIES: tuple[Property, ...] = DECLARED
"""Every property that a search can filter by."""

NAMES = ", ".join((*(p.name for p in PROPERTIES), CONCEPT))
"""Everything that a filter can name, for messages."""

_BY_NAME = {name: p for p in PROPERTIES for name in p.names}
_BY_TERM = {prefixed(p.term): p for p in PROPERTIES if p.term is not None}


def values_of(scene: Scene, said: Said) -> tuple[Value, ...]:
    """One value for each declared property, in their order.

    Args:
        scene: the record.
        said: the ``properties`` of the STAC document made from it.
    """
    return tuple(one.value_of(scene, said) for one in PROPERTIES)


def is_declared(name: str) -> bool:
    """Whether a property has this short or STAC name."""
    return name.removeprefix("properties.") in _BY_NAME


def property_named(name: str) -> Property:
    """The property with a short or STAC name.

    Raises:
        RequestInvalid: there is none; the message lists those there are.
    """
    found = _BY_NAME.get(name.removeprefix("properties."))
    if found is None:
        raise RequestInvalid(unknown_properties([name]))
    return found


def unknown_properties(names: Iterable[str]) -> str:
    """What to say of names that no property has: those that are alike, and all there are."""
    unknown = list(dict.fromkeys(names))
    known = (*_BY_NAME, *_BY_TERM, CONCEPT, GEOMETRY)
    near = dict.fromkeys(
        found for name in unknown for found in get_close_matches(name[:_LONGEST_COMPARED], known, n=2, cutoff=0.6)
    )
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    shown = ", ".join(name[:_LONGEST_COMPARED] for name in unknown)
    return f"{shown}: no property of this name can be searched{hint}; there are {NAMES}"


_LONGEST_COMPARED = 100
"""Characters of a name that similar ones are looked for."""

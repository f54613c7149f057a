"""The tree of DaFab's profile: a collection, its facets, the values of a facet, and their items.

What belongs to a value is computed by a filter whenever it is asked for; nothing is listed anywhere.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import unquote

import pyoxigraph as ox

from graph_service.errors import NotFound
from graph_service.index.filters import All, Concept, Filter, OneOf
from graph_service.index.occurrences import concepts_named, months_sensed, names_any
from graph_service.views.trees.branch import EVERYTHING, Branch, Sight, Twig
from graph_service.views.trees.facets import FACETS, Facet
from graph_service.views.trees.periods import Period, month_of, season_name, season_of, season_title
from ontology import terms

_KEPT = 2 * len(FACETS)

FOLDER = "catalogs"
"""Below a collection, of its facets."""


@dataclass(frozen=True, slots=True)
class _Value:
    name: str
    """Within the facet."""
    title: str
    members: Filter
    number: int


class FacetTree:
    """The facets of collections, as somebody sees them; made anew to see what has changed."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        # Whoever walks the whole tree comes by the same values for each of them.
        self._values = lru_cache(maxsize=_KEPT)(self._found)

    def facets(self, collection: str) -> Branch:
        """The facets of a collection that have values."""
        home = ("collections", collection)
        title, description = f"Facets of {collection}", f"Ways to group the items of the collection {collection}."
        twigs = tuple(Twig(facet.name, facet.title) for facet in FACETS if self._groups(facet, collection))
        return Branch((*home, FOLDER), home, title, description, children=twigs)

    def facet(self, collection: str, name: str) -> Branch:
        """A facet with its values.

        Raises:
            NotFound: there is no such facet, or no item has a value of it.
        """
        facet = next((one for one in FACETS if one.name == name), None)
        values = {} if facet is None else self._values(facet, collection)
        if facet is None or not values:
            raise NotFound(f"{name}: no facet of this name groups items of the collection {collection}")
        children = tuple(Twig(f"{name}_{value.name}", value.title, value.number) for value in values.values())
        home = ("collections", collection)
        path = (*home, FOLDER, name)
        return Branch(path, home, facet.title, self._definition(facet), children=children)

    def value(self, collection: str, name: str, value: str) -> Branch:
        """A value of a facet, which has items.

        Args:
            collection: identifier of the collection.
            name: of the facet.
            value: its name after that of the facet: ``water_anomaly_flood``.

        Raises:
            NotFound: no item of the collection has it.
        """
        facet = next((one for one in FACETS if one.name == name), None)
        values = {} if facet is None else self._values(facet, collection)
        found = values.get(value.removeprefix(f"{name}_")) if value.startswith(f"{name}_") else None
        if facet is None or found is None:
            raise NotFound(f"{value}: no value of the facet {name} in the collection {collection}")
        home = ("collections", collection, FOLDER, name)
        members = All((_in(collection), found.members))
        description = f"Items of {collection} by {facet.title.lower()}: {found.title}."
        return Branch((*home, value), home, found.title, description, found.number, (), members)

    def _groups(self, facet: Facet, collection: str) -> bool:
        """Whether an item has a value."""
        sight = self._sight
        if facet.prefix is None or sight.within != EVERYTHING:
            return bool(self._values(facet, collection))
        look = partial(names_any, prefix=facet.prefix, collection=collection, audiences=sight.audiences)
        return sight.index.within_one_state(look)

    def _found(self, facet: Facet, collection: str) -> dict[str, _Value]:
        """The values that items have, by name; a code has the items of its narrower codes as well."""
        found = self._seasons(facet, collection) if facet.prefix is None else self._named(facet.prefix, collection)
        return {one.name: one for one in found if one.number}

    def _named(self, prefix: str, collection: str) -> Iterator[_Value]:
        sight = self._sight
        look = partial(concepts_named, prefix=prefix, collection=collection, audiences=sight.audiences)
        for one in sight.index.within_one_state(look):
            codes = sight.meaning.codes(one.value)
            members = Concept(codes)
            counted = one.number if len(codes) == 1 else None
            number = sight.number(All((_in(collection), members)), counted)
            yield _Value(_short(one.value, prefix), self._label(one.value, prefix), members, number)

    def _seasons(self, facet: Facet, collection: str) -> Iterator[_Value]:
        sight = self._sight
        look = partial(months_sensed, collection=collection, audiences=sight.audiences, concept=facet.kind)
        seasons: Counter[Period] = Counter()
        for month in sight.index.within_one_state(look):
            seasons[season_of(month_of(month.value))] += month.number
        kind = () if facet.kind is None else (Concept((facet.kind,)),)
        for season, counted in sorted(seasons.items()):
            members = All((*kind, season.members))
            number = sight.number(All((_in(collection), members)), counted)
            yield _Value(season_name(season), season_title(season), members, number)

    def _label(self, iri: str, prefix: str) -> str:
        node = ox.NamedNode(iri)
        texts = (self._sight.statements.text(node, term) for term in (terms.PREF_LABEL, terms.LABEL))
        return next((text for text in texts if text), _short(iri, prefix))

    def _definition(self, facet: Facet) -> str:
        text = self._sight.statements.text(ox.NamedNode(facet.term), terms.DEFINITION)
        return text or f"Items by {facet.title.lower()}."


def _in(collection: str) -> Filter:
    return OneOf("collection", (collection,))


def _short(iri: str, prefix: str) -> str:
    """What tells a value from the others of its facet; a path in its IRI becomes one segment."""
    return unquote(iri.removeprefix(prefix)).replace("/", ":")

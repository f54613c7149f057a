"""The tree of sensors: missions, their collections, the years and months of sensing, and the items."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from graph_service.errors import NotFound
from graph_service.index.filters import All, Filter, OneOf
from graph_service.index.occurrences import Flown, months_sensed, platforms_flown
from graph_service.views.trees.branch import Branch, Sight, Twig
from graph_service.views.trees.periods import Period, month_name, month_of
from ingest.references import constellation_name
from ontology.identifiers import short_name

_KEPT = 16
"""Collections of missions whose months are kept."""
_NUMBER = re.compile(r"[0-9]{1,4}")

ROOT = "sensors"
"""Name of the tree, and first part of every path in it."""


class SensorTree:
    """The missions that made the items, as somebody sees them.

    A mission is a constellation where a satellite belongs to one, by the ontology or by its name, else the
    satellite itself. Items of no known satellite are not in the tree.
    """

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        # Whoever walks the whole tree comes by the same months for each of them.
        self._months = lru_cache(maxsize=_KEPT)(self._months_found)
        self._flown = lru_cache(maxsize=1)(self._flown_found)
        self._constellations = {
            short_name(satellite): short_name(constellation)
            for constellation, satellites in sight.meaning.members.items()
            for satellite in satellites
        }

    def sensors(self) -> Branch:
        """Every mission."""
        numbers: Counter[str] = Counter()
        for one in self._flown():
            numbers[self._sensor(one.platform)] += one.number
        twigs = tuple(Twig(name, name, number) for name, number in sorted(numbers.items()))
        description = "What sensed the items: missions, their collections, years and months."
        return Branch((ROOT,), (), "Sensors", description, sum(numbers.values()), twigs)

    def sensor(self, sensor: str) -> Branch:
        """A mission with the collections that have items of it.

        Raises:
            NotFound: no item is of such a mission.
        """
        numbers: Counter[str] = Counter()
        for one in self._flown():
            if self._sensor(one.platform) == sensor:
                numbers[one.collection] += one.number
        if not numbers:
            raise NotFound(f"{sensor}: no sensor of this name has items")
        twigs = tuple(Twig(name, name, number) for name, number in sorted(numbers.items()))
        description = f"Collections with items that {sensor} sensed."
        return Branch((ROOT, sensor), (ROOT,), sensor, description, sum(numbers.values()), twigs)

    def below(self, sensor: str, place: str) -> Branch:
        """What lies below a mission.

        Args:
            sensor: name of the mission.
            place: a collection, a collection and a year, or these and a month, with slashes between; identifiers
                of collections may hold slashes themselves.

        Raises:
            NotFound: there is nothing there.
        """
        names = {one.collection for one in self._flown() if self._sensor(one.platform) == sensor}
        if place in names:
            return self.collection(sensor, place)
        walks: tuple[Callable[..., Branch], ...] = (self.year, self.month)
        for number, walk in enumerate(walks, 1):
            parts = place.rsplit("/", number)
            if parts[0] in names and all(_NUMBER.fullmatch(part) for part in parts[1:]):
                return walk(sensor, parts[0], *map(int, parts[1:]))
        raise NotFound(f"{place}: {sensor} sensed no item of a collection of this name")

    def collection(self, sensor: str, collection: str) -> Branch:
        """A collection with the years in which a mission sensed items of it.

        Raises:
            NotFound: it has no items of the mission.
        """
        years: Counter[int] = Counter()
        for period, number in self._months(sensor, collection):
            years[period.year] += number
        twigs = tuple(Twig(f"{year:04}", f"{year:04}", number) for year, number in sorted(years.items()))
        path = (ROOT, sensor, collection)
        description = f"Items of {collection} that {sensor} sensed, by year."
        return Branch(path, path[:-1], collection, description, sum(years.values()), twigs)

    def year(self, sensor: str, collection: str, year: int) -> Branch:
        """A year with the months in which a mission sensed items of a collection.

        Raises:
            NotFound: there are no such items.
        """
        months = [(period, number) for period, number in self._months(sensor, collection) if period.year == year]
        if not months:
            raise NotFound(f"{year}: {sensor} sensed no item of {collection} in this year")
        twigs = tuple(Twig(f"{one.month:02}", f"{month_name(one.month)} {year}", number) for one, number in months)
        path = (ROOT, sensor, collection, f"{year:04}")
        description = f"Items of {collection} that {sensor} sensed in {year}, by month."
        return Branch(path, path[:-1], f"{year:04}", description, sum(number for _, number in months), twigs)

    def month(self, sensor: str, collection: str, year: int, month: int) -> Branch:
        """A month in which a mission sensed items of a collection, in UTC.

        Raises:
            NotFound: there are no such items.
        """
        period = Period(year, month)
        number = dict(self._months(sensor, collection)).get(period, 0)
        if not number:
            raise NotFound(f"{year}-{month:02}: {sensor} sensed no item of {collection} in this month")
        title = f"{month_name(month)} {year}"
        path = (ROOT, sensor, collection, f"{year:04}", f"{month:02}")
        description = f"Items of {collection} that {sensor} sensed in {title}."
        members = All((_of(collection, self._platforms(sensor, collection)), period.members))
        return Branch(path, path[:-1], title, description, number, (), members)

    def _sensor(self, platform: str) -> str:
        return self._constellations.get(platform) or constellation_name(platform) or platform

    def _flown_found(self) -> tuple[Flown, ...]:
        return tuple(self._counted())

    def _counted(self) -> Iterator[Flown]:
        sight = self._sight
        for one in sight.index.within_one_state(partial(platforms_flown, audiences=sight.audiences)):
            number = sight.number(_of(one.collection, (one.platform,)), one.number)
            if number:
                yield Flown(one.platform, one.collection, number)

    def _platforms(self, sensor: str, collection: str) -> tuple[str, ...]:
        """Names of the satellites of a mission that items of a collection have."""
        mine = (one.platform for one in self._flown() if one.collection == collection)
        return tuple(platform for platform in mine if self._sensor(platform) == sensor)

    def _months_found(self, sensor: str, collection: str) -> tuple[tuple[Period, int], ...]:
        platforms = self._platforms(sensor, collection)
        if not platforms:
            raise NotFound(f"{collection}: {sensor} sensed no item of a collection of this name")
        sight = self._sight
        look = partial(months_sensed, collection=collection, audiences=sight.audiences, platforms=platforms)
        found = ((month_of(one.value), one.number) for one in sight.index.within_one_state(look))
        members = _of(collection, platforms)
        counted = [(month, sight.number(All((members, month.members)), number)) for month, number in found]
        return tuple((month, number) for month, number in counted if number)


def _of(collection: str, platforms: Iterable[str]) -> Filter:
    return All((OneOf("collection", (collection,)), OneOf("platform", tuple(platforms))))

"""Graphs of places with their index, and queries answered on them with and without it."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.explanation import Plan
from graph_service.spatial.planning import Planner
from graph_service.spatial.statements import geometry_change
from graph_service.store.joined import Joined
from graph_service.store.oxigraph import OxigraphStore
from ontology import terms
from ontology.triples import Statement

EX = "http://example.org/"
AUDIENCE = EX + "audience"
UTM = "<http://www.opengis.net/def/crs/EPSG/0/32632> "
LATITUDE_FIRST = "<http://www.opengis.net/def/crs/EPSG/0/4326> "


class Places:
    """A graph that is written through one method, and asked in two ways."""

    def __init__(self, folder: Path) -> None:
        self.graph = OxigraphStore.in_memory()
        self.index = SQLiteIndex(folder / "index.sqlite")
        self.planner = Planner(self.graph, self.index)

    def write(
        self, add: list[Statement], *, remove: list[Statement] | None = None, audience: str | None = None
    ) -> None:
        """One change, which the index follows."""
        change = self.graph.change_number() + 1
        gone, come = {audience: remove or []}, {audience: add}
        self.graph.apply(change=change, remove=gone, add=come)
        self.index.apply(change, rows=(), geometries=geometry_change(gone, come))

    def plan(self, query: str, audiences: tuple[str, ...] = ()) -> Plan:
        """How a query would be asked."""
        return self.planner.plan(query, audiences)

    def answers(self, query: str, audiences: tuple[str, ...] = ()) -> tuple[Any, Any]:
        """What a query finds as it is, and as it is planned."""
        plan = self.plan(query, audiences)
        return self._answer(query, audiences), self._answer(plan.joined or plan.accelerated or plan.text, audiences)

    def _answer(self, query: str | Joined, audiences: tuple[str, ...]) -> Any:
        results = self.graph.query(query, audiences=audiences)
        if isinstance(results, ox.QuerySolutions):
            names = [variable.value for variable in results.variables]
            return names, Counter(tuple(str(row[name]) for name in names) for row in results)
        return bool(results) if isinstance(results, ox.QueryBoolean) else Counter(map(str, results))

    def close(self) -> None:
        """The file is given back."""
        self.index.close()


def feature(
    name: str, literal: str, *, kind: str = "Place", property_name: str = "asWKT", datatype: str = "wktLiteral"
) -> list[Statement]:
    """A feature with one geometry, and a number that is the length of its name."""
    iri, node = f"<{EX}{name}>", f"<{EX}{name}#footprint>"
    return [
        (iri, f"<{terms.TYPE}>", f"<{EX}{kind}>"),
        (iri, f"<{EX}number>", f'"{sum(map(ord, name)) % 7}"^^<{terms.INTEGER}>'),
        (iri, f"<{terms.HAS_DEFAULT_GEOMETRY}>", node),
        (iri, f"<{terms.HAS_GEOMETRY}>", node),
        (node, f"<{terms.TYPE}>", f"<{terms.GEOMETRY}>"),
        (node, f"<{terms.GEO}{property_name}>", f'"{literal}"^^<{terms.GEO}{datatype}>'),
    ]


def random_shape(choose: random.Random) -> BaseGeometry:
    """A shape on a grid of whole and half degrees, so that touching and equal ones are frequent."""
    x, y = choose.randrange(0, 20) / 2, choose.randrange(0, 20) / 2
    width, height = choose.randrange(1, 6) / 2, choose.randrange(1, 6) / 2
    match choose.randrange(5):
        case 0:
            return shapely.Point(x, y)
        case 1:
            return shapely.LineString([(x, y), (x + width, y + height)])
        case 2:
            return shapely.MultiPolygon([shapely.box(x, y, x + 0.5, y + 0.5), shapely.box(x + 3, y, x + 4, y + 1)])
        case _:
            return shapely.box(x, y, x + width, y + height)


def random_literal(choose: random.Random) -> str:
    """A literal that may be of another reference system, empty, or none at all."""
    shape = random_shape(choose)
    match choose.randrange(14):
        case 0:
            return LATITUDE_FIRST + shapely.to_wkt(shapely.transform(shape, lambda c: c[:, ::-1]))
        case 1:
            return "POLYGON EMPTY"
        case 2:
            return "no geometry"
        case _:
            return str(shapely.to_wkt(shape))


def random_places(folder: Path, seed: int) -> Places:
    """Features of two classes, some restricted, some with two geometries, some replaced or deleted again."""
    choose = random.Random(seed)
    places = Places(folder)
    for k in range(60):
        kind = choose.choice(("Place", "Field"))
        some = feature(f"f{k}", random_literal(choose), kind=kind)
        if choose.random() < 0.2:
            some += feature(f"f{k}", random_literal(choose), kind=kind)[-1:]
        audience = AUDIENCE if choose.random() < 0.2 else None
        places.write(some, audience=audience)
        if choose.random() < 0.2:
            replaced = feature(f"f{k}", random_literal(choose), kind=kind)
            places.write(replaced, remove=some, audience=audience)
        elif choose.random() < 0.1:
            places.write([], remove=some, audience=audience)
    return places

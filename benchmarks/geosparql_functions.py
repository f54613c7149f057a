"""How fast filters by GeoSPARQL functions are, ours beside those that the query engine has built in.

python -m benchmarks.geosparql_functions [FOOTPRINTS]
"""

import random
import sys
import time
from collections.abc import Callable

import pyoxigraph as ox
import shapely

from graph_service.geosparql.functions import FUNCTIONS
from graph_service.geosparql.literals import Term
from ontology import terms

FOOTPRINTS = 20_000
ROUNDS = 4

AREA = shapely.to_wkt(shapely.box(5, 43, 12, 48), rounding_precision=-1)
COAST = shapely.to_wkt(shapely.Point(9, 46).buffer(4, quad_segs=25_000), rounding_precision=-1)
LATITUDE_FIRST = "<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON ((43 5, 43 12, 48 12, 48 5, 43 5))"

EXPRESSIONS = {
    "sfIntersects, area first": f'geof:sfIntersects("{AREA}"^^geo:wktLiteral, ?g)',
    "sfIntersects, area second": f'geof:sfIntersects(?g, "{AREA}"^^geo:wktLiteral)',
    "sfWithin": f'geof:sfWithin(?g, "{AREA}"^^geo:wktLiteral)',
    "sfDisjoint": f'geof:sfDisjoint(?g, "{AREA}"^^geo:wktLiteral)',
    "sfTouches": f'geof:sfTouches(?g, "{AREA}"^^geo:wktLiteral)',
    "ehInside": f'geof:ehInside(?g, "{AREA}"^^geo:wktLiteral)',
    "rcc8po": f'geof:rcc8po(?g, "{AREA}"^^geo:wktLiteral)',
    "relate": f'geof:relate(?g, "{AREA}"^^geo:wktLiteral, "T*F**F***")',
    "sfIntersects, 100,000 vertices": f'geof:sfIntersects(?g, "{COAST}"^^geo:wktLiteral)',
    "sfIntersects, another CRS": f'geof:sfIntersects(?g, "{LATITUDE_FIRST}"^^geo:wktLiteral)',
    "distance, metres": f'(geof:distance(?g, "{AREA}"^^geo:wktLiteral, uom:metre) < 20000)',
    "metricArea": "(geof:metricArea(?g) > 1e9)",
    "metricBuffer": f'geof:sfIntersects(geof:metricBuffer(?g, 1000), "{AREA}"^^geo:wktLiteral)',
}
LACKING = {"distance, metres", "metricArea", "metricBuffer"}
"""The engine has no distance of polygons, and none of the others."""


def main() -> None:
    """Print microseconds a footprint: built in, ours when it reads the literals first, and ours when they were read."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FOOTPRINTS
    print(f"{count:,} footprints\n")
    print("| Filter | Built in | Ours, first | Ours, again | Ratios | Rows, built in | Rows, ours |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, expression in EXPRESSIONS.items():
        rows = count // 100 if "vertices" in name else count
        store = ox.Store()  # with footprints of its own, so that none was read before
        store.bulk_load("\n".join(_statements(rows, name)).encode(), format=ox.RdfFormat.N_TRIPLES)
        ours = [_microseconds(store, expression, FUNCTIONS) for _ in range(ROUNDS)]
        again = min(took for took, _ in ours[1:])
        figures = f"{ours[0][0] / rows:.1f} µs | {again / rows:.1f} µs"
        if name in LACKING:
            print(f"| {name} | | {figures} | | | {ours[0][1]:,} |")
            continue
        builtin = [_microseconds(store, expression, {}) for _ in range(ROUNDS)]
        least = min(took for took, _ in builtin)
        ratio = f"{ours[0][0] / least:.1f}, {again / least:.1f}"
        print(f"| {name} | {least / rows:.1f} µs | {figures} | {ratio} | {builtin[0][1]:,} | {ours[0][1]:,} |")


def _microseconds(
    store: ox.Store, expression: str, functions: dict[ox.NamedNode, Callable[..., Term | None]]
) -> tuple[float, int]:
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s geo:asWKT ?g FILTER({expression}) }}"
    start = time.perf_counter()
    solutions = store.query(query, prefixes=terms.PREFIXES, custom_functions=functions)
    assert isinstance(solutions, ox.QuerySolutions)
    row = next(iter(solutions))
    return (time.perf_counter() - start) * 1e6, int(row["n"].value)


def _statements(count: int, seed: str) -> list[str]:
    choose = random.Random(seed)
    predicate, datatype = f"<{terms.AS_WKT}>", f"<{terms.WKT_LITERAL}>"
    return [f'<http://x.test/{n}> {predicate} "{_footprint(choose)}"^^{datatype} .' for n in range(count)]


def _footprint(choose: random.Random) -> str:
    """Of about a degree, a little turned, as scenes have them."""
    lon, lat = choose.uniform(-5, 25), choose.uniform(35, 60)
    corners = [(0, 0.98), (1.4, 1), (1.42, 0.02), (0.03, 0)]
    places = [f"{lon + dx:.6f} {lat + dy:.6f}" for dx, dy in [*corners, corners[0]]]
    return f"POLYGON (({', '.join(places)}))"


if __name__ == "__main__":
    main()

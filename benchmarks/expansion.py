"""How soon terms and queries are widened by the ontology, and how fast the widened queries are answered.

python -m benchmarks.expansion
"""

import random
import time
from collections.abc import Callable

import pyoxigraph as ox

from graph_service.reasoning.meaning import Meaning
from graph_service.sparql.expansion import expanded
from graph_service.sparql.syntax import parse, text_of
from ontology import terms
from ontology.loader import packaged

SCENES = 50_000
_KINDS = (terms.OPTICAL_SCENE, terms.SAR_SCENE, terms.ATMOSPHERIC_SCENE, terms.ALTIMETRY_SCENE, terms.DERIVED_SCENE)
_LEVELS = ("L1", "L1C", "L1-GRD", "L1-SLC", "L2", "L2A", "L3", "L4")

QUERIES = {
    "class": "SELECT ?s { ?s a orr:EOProduct }",
    "class, level, cloud": "SELECT ?s { ?s a orr:SARScene ; orr:hasProcessingLevel code:ProcessingLevel-L1 ;"
    " orr:cloudCover ?c FILTER(?c < 5) }",
    "level alone": "SELECT ?s { ?s orr:hasProcessingLevel code:ProcessingLevel-L1 }",
    "features of radar scenes": "SELECT ?s ?f { ?s a orr:SARScene ; orr:intersectsFeature ?f }",
    "scenes on a feature": "SELECT ?s ?c { ?s orr:intersectsFeature <http://x.test/f17> ; orr:cloudCover ?c }",
    "assets on a feature": "SELECT ?s ?a { ?s orr:intersectsFeature <http://x.test/f17> ; orr:hasAsset ?a ."
    " ?a a orr:Asset }",
    "entities on a feature": "SELECT ?s ?a { ?s orr:intersectsFeature <http://x.test/f17> ; dcat:distribution ?a ."
    " ?a a prov:Entity }",
    "features where there are": "SELECT ?s ?f { ?s orr:onTile <http://x.test/t3>"
    " OPTIONAL { ?s orr:intersectsFeature ?f } }",
    "ten newest with features": "SELECT ?s ?t ?f { ?s a orr:Scene ; orr:sensedAt ?t ; orr:intersectsFeature ?f }"
    " ORDER BY DESC(?t) LIMIT 10",
    "lineage of one": "SELECT ?a { <http://x.test/s49998> orr:hasLineageSource ?a }",
    "without features": "SELECT ?s { ?s a orr:SARScene FILTER NOT EXISTS { ?s orr:intersectsFeature ?f } }",
    "less those with features": "SELECT ?s { ?s a orr:SARScene MINUS { ?s orr:intersectsFeature ?f } }",
    "entities": "SELECT (COUNT(*) AS ?n) { ?e a prov:Entity }",
}


def main() -> None:
    """Print milliseconds to build the meaning, to ask it, to widen each query, and to answer it plain and widened."""
    meaning = Meaning.of(packaged())
    print(f"built in {_milliseconds(lambda: Meaning.of(packaged())):.0f} ms")
    slowest = max(_milliseconds(lambda iri=iri: meaning.classes(iri)) for iri in meaning.names.kinds)  # type: ignore[misc]
    print(f"a class, the slowest of {len(meaning.names.kinds)} terms: {slowest:.4f} ms")
    store = ox.Store()
    store.bulk_load("\n".join(_statements()).encode(), format=ox.RdfFormat.N_TRIPLES)
    print(f"{SCENES:,} scenes, {len(store):,} triples\n")
    print("| Query | Widened | Plain | Widened | Rows, plain | Rows, widened |\n|---|--:|--:|--:|--:|--:|")
    for name, query in QUERIES.items():
        plain, widened = text_of(parse(query)), expanded(query, meaning)
        took = _milliseconds(lambda query=query: expanded(query, meaning))  # type: ignore[misc]
        times = [_milliseconds(lambda text=text: _rows(store, text)) for text in (plain, widened)]  # type: ignore[misc]
        rows = [_rows(store, text) for text in (plain, widened)]
        print(f"| {name} | {took:.1f} ms | {times[0]:.1f} ms | {times[1]:.1f} ms | {rows[0]:,} | {rows[1]:,} |")


def _rows(store: ox.Store, text: str) -> int:
    results = store.query(text, prefixes=terms.PREFIXES)
    assert isinstance(results, ox.QuerySolutions)
    return sum(1 for _ in results)


def _milliseconds(work: Callable[[], object]) -> float:
    """The shortest of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _statements() -> list[str]:
    """Scenes as records state them, with three assets each; some with a parcel or a unit, some derived from another."""
    choose = random.Random(1)
    lines: list[str] = []
    for number in range(SCENES):
        scene = f"<http://x.test/s{number}>"
        features = [f"<http://x.test/f{choose.randrange(5000)}>" for _ in range(3)]
        said = [
            (terms.TYPE, f"<{terms.SCENE}>"),
            (terms.TYPE, f"<{choose.choice(_KINDS)}>"),
            (terms.SENSED_AT, f'"{2015 + number % 10}-01-01T00:00:00Z"^^<{terms.DATE_TIME}>'),
            (terms.CLOUD_COVER, f'"{choose.random() * 100:.2f}"^^<{terms.DECIMAL}>'),
            (terms.HAS_PROCESSING_LEVEL, f"<{terms.CODE}ProcessingLevel-{choose.choice(_LEVELS)}>"),
            (terms.ON_TILE, f"<http://x.test/t{number % 500}>"),
        ]
        if number % 2:
            said.append((terms.ORR + "intersectsFeature", features[0]))
        if number % 10 == 0:
            said.append((terms.ORR + "hasParcel", features[1]))
        if number % 7 == 0:
            said.append((terms.ORR + "meetsUnit", features[2]))
        if number % 3 == 0 and number > 9:
            said.append((terms.DERIVED_FROM, f"<http://x.test/s{choose.randrange(number)}>"))
        for asset in range(3):
            said.append((terms.HAS_ASSET, f"<http://x.test/s{number}#a{asset}>"))
            kind = terms.CLOUD_OPTIMIZED_ASSET if asset == 1 else terms.ASSET
            lines.append(f"<http://x.test/s{number}#a{asset}> <{terms.TYPE}> <{kind}> .")
        lines += (f"{scene} <{predicate}> {value} ." for predicate, value in said)
    return lines


if __name__ == "__main__":
    main()

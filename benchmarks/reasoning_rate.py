"""How fast inferences are made: the closure alone over generated scenes, beside two other reasoners.

python -m benchmarks.reasoning_rate
"""

import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import owlrl
import rdflib

from graph_service.reasoning.closure import Closure
from graph_service.reasoning.comparison import Comparison
from graph_service.reasoning.fixpoint import Fixpoint
from graph_service.reasoning.reasoner import Reasoner
from graph_service.store.oxigraph import OxigraphStore, n_triples
from ontology import terms
from ontology.identifiers import collection_iri, instrument_iri, item_iri, model_iri, platform_iri, unit_iri
from ontology.loader import packaged
from ontology.records import Asset, ProcessingRun, Record, WaterAnalysis, WaterAnomaly
from ontology.related import AdministrativeUnit, Related
from ontology.triples import Statement, statements

Found = TypeVar("Found")

SCENES = 8000
IN_OWLRL = 20
"""Scenes that owlrl is given: it takes a second for some dozens, most of it for the ontology."""
_UNITS = 300
_FIRST = datetime(2025, 1, 1, tzinfo=UTC)
_ANOMALIES = (terms.ANOMALY_FLOOD, terms.ANOMALY_DROUGHT, terms.ANOMALY_FLOOD_AND_DROUGHT, None)


def units() -> Iterator[AdministrativeUnit]:
    """Countries, regions and municipalities, each in the next larger."""
    for number in range(_UNITS):
        around = () if number < 10 else (unit_iri(str(number % 10 if number < 60 else 10 + number % 50)),)
        yield AdministrativeUnit(iri=unit_iri(str(number)), name=str(number), within=around)


def scenes(number: int) -> Iterator[WaterAnalysis]:
    """Water analyses of Sentinel-2 scenes, with what a producer says of each."""
    chance = random.Random(7)
    for place in range(number):
        identifier = f"water-{place:06}"
        anomaly = chance.choice(_ANOMALIES)
        found = None if anomaly is None else WaterAnomaly(anomaly_type=anomaly, score=12.0, rule="urn:benchmark:rule")
        yield WaterAnalysis(
            iri=item_iri("water", identifier),
            identifier=identifier,
            collection=collection_iri("water"),
            kind=terms.WATER_ANALYSIS,
            footprint="POLYGON ((8.1 44.1, 9.4 44.1, 9.4 45.2, 8.1 45.2, 8.1 44.1))",
            sensed_at=_FIRST + timedelta(minutes=place),
            platform=platform_iri(f"sentinel-2{chance.choice('ab')}"),
            instruments=(instrument_iri("sentinel-2a", "msi"),),
            cloud_cover=float(place % 100),
            cloud_class=chance.choice((terms.CLOUD_FREE, terms.PARTLY_CLOUDY)),
            units=(unit_iri(str(chance.randrange(60, _UNITS))),),
            assets=(Asset(key="mask", href="mask.tif"),),
            run=ProcessingRun(kind=terms.INFERENCE_ACTIVITY, model=model_iri("water", str(place % 3))),
            anomaly=found,
        )


def main() -> None:
    """Print a table: what each reasoner took, and how much it went through in a second."""
    reasoner = Reasoner(packaged())
    records: list[Record | Related] = [*units(), *scenes(SCENES)]
    written = [one for record in records for one in statements(record)]
    print(f"{SCENES:,} scenes, {len(written):,} base triples, {len(written) / SCENES:.1f} a scene")
    print(f"{'':34}{'s':>8}{'scenes/s':>12}{'triples/s':>12}")
    facts = show("rules: relevant facts", SCENES, len(written), lambda: reasoner.relevant(written))
    known = reasoner.relevant(sorted(reasoner.published))
    closure = Closure(reasoner.program)
    show("rules: closure alone", SCENES, len(written), lambda: closure.of([*known, *facts]).values)
    empty = OxigraphStore.in_memory()
    found = show("rules: as records are written", SCENES, len(written), lambda: inferred(reasoner, written, empty))
    print(f"{'':34}inferred {len(found) / SCENES:.1f} statements a scene")
    show("fixpoint", SCENES, len(written), lambda: Fixpoint(packaged()).with_facts(written))
    stored = OxigraphStore.in_memory()
    stored.apply(change=1, remove={}, add={None: [*reasoner.published, *written, *found]})
    comparison = Comparison(Fixpoint(packaged()), reasoner.program, reasoner.described)
    wrong = show(
        "fixpoint: orrery reason --check", SCENES, len(written), lambda: list(comparison.disagreements(stored, []))
    )
    print(f"{'':34}{len(wrong)} disagreements")
    few = [one for record in records[: _UNITS + IN_OWLRL] for one in statements(record)]
    show(f"owlrl, {IN_OWLRL} scenes", IN_OWLRL, len(few), lambda: by_owlrl(few))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def inferred(reasoner: Reasoner, written: list[Statement], graph: OxigraphStore) -> list[Statement]:
    """What is inferred when all is written in one change to an empty graph."""
    found = reasoner.inferred({None: reasoner.relevant(written)}, graph, frozenset())
    return found[None]


def by_owlrl(written: list[Statement]) -> rdflib.Graph:
    """A closure by a general reasoner of OWL 2 RL in Python."""
    graph = rdflib.Graph().parse(data=packaged().text, format="turtle")
    graph.parse(data=n_triples(written), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def show(name: str, number: int, triples: int, work: Callable[[], Found]) -> Found:
    """Print how long some work took and what it came to in a second."""
    start = time.process_time()
    found = work()
    seconds = time.process_time() - start
    print(f"{name:34}{seconds:>8.2f}{number / seconds:>12,.0f}{triples / seconds:>12,.0f}")
    return found


if __name__ == "__main__":
    main()

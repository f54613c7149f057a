"""Any sequence of changes leaves exactly what follows of the records that are there."""

import random
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.draft import difference_of
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.reasoner import Reasoner
from graph_service.store.documents import DocumentStore
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ontology import terms
from ontology.identifiers import link_iri
from ontology.loader import load_ontology
from ontology.records import Record
from ontology.related import Link, Related
from tests.graph_service.builders import scene_of
from tests.graph_service.index.agreement import AUDIENCES, disagreements
from tests.graph_service.inference import (
    CAMERA,
    CITY,
    COUNTRY,
    FLEET,
    MODEL,
    OTHER_MODEL,
    OTHER_SATELLITE,
    OTHER_SITE,
    REGION,
    SATELLITE,
    SITE,
    fields,
    parcel,
    replica,
    run,
    unit,
    water,
    wrong,
)
from tests.graph_service.reasoning.ontologies import module_file

PLACES = (CITY, REGION, COUNTRY)
ANOMALIES = (None, terms.ANOMALY_FLOOD, terms.ANOMALY_DROUGHT, terms.ANOMALY_FLOOD_AND_DROUGHT)
RUN = f"{water().iri}#run"
"""The run that made the water analysis, which a link can name as well."""


def versions(chance: random.Random) -> list[Record | Related]:
    """One version of each of the records, at random."""
    some = chance.choice
    scene: Any = {"units": (some(PLACES),)} if some((True, False)) else {}
    products = (scene_of("S1").iri, water("W1").iri, fields("F1").iri)
    return [
        *(unit(place, *chance.sample(PLACES, chance.randrange(3))) for place in PLACES),
        parcel("1", some(PLACES)),
        replace(SATELLITE, constellation=some((None, FLEET.iri))),
        replace(OTHER_SATELLITE, constellation=some((None, FLEET.iri))),
        replace(
            CAMERA,
            platform=some((SATELLITE.iri, OTHER_SATELLITE.iri)),
            kind=some((terms.INSTRUMENT, terms.OPTICAL_INSTRUMENT, terms.SAR_INSTRUMENT)),
        ),
        scene_of(
            "S1",
            kind=some((terms.SCENE, terms.OPTICAL_SCENE)),
            instruments=some(((), (CAMERA.iri,))),
            cloud_class=some((None, terms.CLOUD_FREE, terms.PARTLY_CLOUDY)),
            derived_from=(some(products),),
            **scene,
        ),
        water("W1", some(ANOMALIES), run=some((None, run(None), run(MODEL.iri), run(OTHER_MODEL.iri))), **scene),
        fields(
            "F1",
            parcels=some(((), (parcel("1").iri,))),
            platform=some((None, SATELLITE.iri, OTHER_SATELLITE.iri)),
            derived_from=(some(products),),
        ),
        replace(
            replica(scene_of("S1").iri, SITE), product=some((scene_of("S1").iri, water("W1").iri, parcel("1").iri))
        ),
        replica(water("W1").iri, some((SITE, OTHER_SITE))),
        Link(
            iri=link_iri("1"),
            subject=scene_of("S1").iri,
            object=water("W1").iri,
            relation=terms.code("LinkRelation", "covers"),
            method="any",
            run=some((None, RUN)),
        ),
    ]


class Changes(RuleBasedStateMachine):
    """Writes and deletions of a dozen records that rest on each other, public and restricted."""

    catalogue: Catalogue
    folder: Path
    modules: str | None = None
    """What a site adds to the ontology, in Turtle without prefixes."""

    def __init__(self) -> None:
        super().__init__()
        self.there: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        added = None if self.modules is None else module_file(self.folder / "modules", self.modules)
        self.ontology = load_ontology(added)
        documents, index = DocumentStore(self.folder / "documents.sqlite"), SQLiteIndex(self.folder / "index.sqlite")
        graph, reasoner = OxigraphStore.in_memory(), Reasoner(self.ontology)
        self.catalogue = Catalogue(graph, documents, index, stac_document, reasoner)
        self.catalogue.publish_ontology(self.ontology.text, self.ontology.triples)

    @rule(
        seed=st.integers(0, 10_000),
        chosen=st.sets(st.integers(0, 12), min_size=1, max_size=5),
        audience=st.sampled_from((None, None, *AUDIENCES)),
        gone=st.integers(0, 30),
    )
    def change(self, seed: int, chosen: set[int], audience: str | None, gone: int) -> None:
        offered = versions(random.Random(seed))
        records = [offered[number] for number in sorted(chosen) if number < len(offered)]
        deletions = sorted(self.there)[gone : gone + 1]
        self.catalogue.apply(Batch(tuple(Entry(one, audience=audience) for one in records), tuple(deletions)))
        self.there = (self.there - set(deletions)) | {one.iri for one in records}

    @precondition(lambda self: self.there)
    @rule(number=st.integers(0, 12))
    def delete(self, number: int) -> None:
        gone = sorted(self.there)[number % len(self.there)]
        self.catalogue.apply(Batch(deletions=(gone,)))
        self.there.remove(gone)

    @invariant()
    def holds_what_follows_and_no_more(self) -> None:
        if not hasattr(self, "catalogue"):
            return
        assert wrong(self.catalogue, AUDIENCES, self.ontology) == []
        assert difference_of(sorted(self.there), self.catalogue.graph, self.catalogue.reasoner).records == []

    def teardown(self) -> None:
        if hasattr(self, "catalogue"):
            if self.modules is None:
                assert disagreements(self.catalogue, self.folder / "index.sqlite") == []
            self.catalogue.close()
            shutil.rmtree(self.folder)


class ChangesAtASite(Changes):
    """The same under axioms that let records rest on what was inferred of others, in circles too."""

    modules = (
        ":originType a owl:ObjectProperty ; owl:propertyChainAxiom ( orr:derivedFrom orr:hasAnomalyType ) . "
        ":originModel a owl:ObjectProperty , owl:TransitiveProperty ; "
        "owl:propertyChainAxiom ( orr:derivedFrom orr:producedByModel ) , ( orr:derivedFrom :originModel ) . "
        ":Wet a owl:Class . "
        "[ owl:onProperty orr:intersectsUnit ; owl:hasValue <https://w3id.org/orrery/id/unit/city> ] "
        "rdfs:subClassOf :Wet . [ owl:onProperty orr:derivedFrom ; owl:someValuesFrom :Wet ] rdfs:subClassOf :Wet . "
        ":theme a owl:ObjectProperty . :Wet rdfs:subClassOf "
        "[ owl:onProperty :theme ; owl:hasValue code:AnomalyType-floodAndDrought ] . "
        ":broadTheme a owl:ObjectProperty ; owl:propertyChainAxiom ( :theme skos:broader ) . "
        ":Source a owl:Class . [ owl:onProperty [ owl:inverseOf orr:derivedFrom ] ; owl:someValuesFrom :Wet ] "
        "rdfs:subClassOf :Source . "
        ":Crowded a owl:Class . :Source rdfs:subClassOf [ owl:onProperty orr:hasParcel ; owl:allValuesFrom :Crowded ] ."
    )


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
TestChangesAtASite = ChangesAtASite.TestCase
TestChangesAtASite.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)

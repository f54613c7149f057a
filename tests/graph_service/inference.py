"""Records of every kind that something is inferred of, and a catalogue of them held against the fixpoint."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.reasoning.comparison import Comparison, Disagreement
from graph_service.reasoning.fixpoint import Fixpoint
from ontology import terms
from ontology.identifiers import (
    collection_iri,
    constellation_iri,
    instrument_iri,
    model_iri,
    parcel_iri,
    platform_iri,
    replica_iri,
    short_name,
    site_iri,
    unit_iri,
)
from ontology.loader import Ontology, packaged
from ontology.records import (
    Collection,
    Constellation,
    FieldAnalysis,
    Instrument,
    Model,
    Platform,
    ProcessingRun,
    Record,
    WaterAnalysis,
    WaterAnomaly,
)
from ontology.related import AdministrativeUnit, Parcel, Related, Replica, StorageSite
from tests.graph_service.builders import COLLECTION, scene_of

SERIES = Collection(iri=collection_iri(COLLECTION), identifier=COLLECTION)
FLEET = Constellation(iri=constellation_iri("fleet"), name="fleet")
SATELLITE = Platform(iri=platform_iri("sat-1"), name="sat-1")
OTHER_SATELLITE = Platform(iri=platform_iri("sat-2"), name="sat-2", constellation=FLEET.iri)
CAMERA = Instrument(
    iri=instrument_iri("sat-1", "cam"), name="cam", kind=terms.OPTICAL_INSTRUMENT, platform=SATELLITE.iri
)
RADAR = Instrument(iri=instrument_iri("sat-1", "sar"), name="sar", kind=terms.SAR_INSTRUMENT, platform=SATELLITE.iri)
MODEL = Model(iri=model_iri("water", "1"), name="water", version="1")
OTHER_MODEL = Model(iri=model_iri("water", "2"), name="water", version="2")
CITY, REGION, COUNTRY = (unit_iri(code) for code in ("city", "region", "country"))
SITE, OTHER_SITE = site_iri("one"), site_iri("two")
WATER = "water_analysis"


def water(identifier: str = "W1", anomaly: str | None = terms.ANOMALY_FLOOD, **more: Any) -> WaterAnalysis:
    """A water analysis, with an anomaly of some type unless None."""
    found = None if anomaly is None else WaterAnomaly(anomaly_type=anomaly, score=10.0, rule="urn:orrery:test:rule")
    scene = scene_of(identifier, collection=WATER)
    values = {name: getattr(scene, name) for name in ("iri", "identifier", "collection", "footprint", "sensed_at")}
    return WaterAnalysis(**values | {"kind": terms.WATER_ANALYSIS, "anomaly": found} | more)


def fields(identifier: str = "F1", **more: Any) -> FieldAnalysis:
    scene = scene_of(identifier, collection="fields")
    values = {name: getattr(scene, name) for name in ("iri", "identifier", "collection", "footprint", "sensed_at")}
    return FieldAnalysis(**values | {"kind": terms.FIELD_ANALYSIS} | more)


def unit(iri: str, *within: str) -> AdministrativeUnit:
    return AdministrativeUnit(iri=iri, name=iri.rpartition("/")[2], within=tuple(sorted(within)))


def parcel(identifier: str, *within: str) -> Parcel:
    return Parcel(iri=parcel_iri("lpis", identifier), identifier=identifier, within=tuple(sorted(within)))


def replica(product: str, site: str) -> Replica:
    return Replica(iri=replica_iri(product, short_name(site)), product=product, site=site)


def site(iri: str) -> StorageSite:
    return StorageSite(iri=iri, name=iri.rpartition("/")[2])


def run(model: str | None) -> ProcessingRun:
    return ProcessingRun(kind=terms.INFERENCE_ACTIVITY, model=model)


def write(catalogue: Catalogue, *records: Record | Related, audience: str | None = None) -> None:
    """Write records in one change, each replacing what there was of it."""
    catalogue.apply(Batch(tuple(Entry(record, audience=audience) for record in records)))


def delete(catalogue: Catalogue, *iris: str) -> None:
    catalogue.apply(Batch(deletions=iris))


def values(catalogue: Catalogue, iri: str, term: str, audience: str | None = None) -> set[str]:
    """The values of a property of a record in one graph, without where they stand."""
    found = catalogue.graph.statements_of(f"<{iri}>")
    return {value.strip("<>") for owner, (_, name, value) in found if owner == audience and name == f"<{term}>"}


def inferred(catalogue: Catalogue, iri: str, audience: str | None = None) -> set[tuple[str, str]]:
    """Everything that was inferred of a record: property or ``a`` with the end of the value's IRI."""
    found = {fact for owner, fact in catalogue.graph.statements_of(f"<{iri}>") if owner == audience}
    marked = {value for _, name, value in found if name == f"<{terms.INFERRED_TYPE}>"}
    return {
        ("a" if name == f"<{terms.TYPE}>" else _end(name), _end(value))
        for one in found
        if (name := one[1]) and (value := one[2]) and name != f"<{terms.INFERRED_TYPE}>"
        if catalogue.reasoner.program.is_inferred(one) or (name == f"<{terms.TYPE}>" and value in marked)
    }


def _end(term: str) -> str:
    return term.strip("<>").replace("#", "/").rpartition("/")[2]


@cache
def fixpoint(ontology: Ontology) -> Fixpoint:
    return Fixpoint(ontology)


def wrong(catalogue: Catalogue, audiences: Sequence[str] = (), ontology: Ontology | None = None) -> list[Disagreement]:
    """Where the inferences of a catalogue are other than the fixpoint of what it states."""
    used = fixpoint(ontology or packaged())
    written = catalogue.documents.touched_after(0, catalogue.graph.change_number())
    described = catalogue.reasoner.described - set(written)
    comparison = Comparison(used, catalogue.reasoner.program, described)
    assert comparison.unwritten() == []
    return list(comparison.disagreements(catalogue.graph, audiences))

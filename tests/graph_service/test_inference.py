"""What follows of records as they are written, and goes when its reason goes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from graph_service.errors import StorageFailed
from graph_service.index.sqlite import SQLiteIndex
from graph_service.reasoning.reasoner import Reasoner
from graph_service.store.documents import DocumentStore
from graph_service.store.oxigraph import OxigraphStore, StatementsByAudience
from graph_service.views.stac.document import stac_document
from ontology import terms
from ontology.identifiers import instrument_iri, link_iri
from ontology.loader import load_ontology
from ontology.related import Link
from ontology.triples import record_from
from tests.graph_service.builders import reasoner, scene_of
from tests.graph_service.index.agreement import AUDIENCES, disagreements
from tests.graph_service.index.contents import contents
from tests.graph_service.inference import (
    CAMERA,
    CITY,
    COUNTRY,
    FLEET,
    MODEL,
    OTHER_MODEL,
    OTHER_SATELLITE,
    OTHER_SITE,
    RADAR,
    REGION,
    SATELLITE,
    SERIES,
    SITE,
    delete,
    fields,
    inferred,
    parcel,
    replica,
    run,
    site,
    unit,
    values,
    water,
    write,
    wrong,
)
from tests.graph_service.reasoning.ontologies import module_file

NORTH, SOUTH = AUDIENCES
S1 = scene_of("S1").iri
W1 = water().iri


class Frail(OxigraphStore):
    """A graph that refuses every write from the moment that it is told to fail, but for some."""

    writes_left: int | None = None

    def apply(self, *, change: int, remove: StatementsByAudience, add: StatementsByAudience) -> None:
        if self.writes_left is not None:
            if self.writes_left == 0:
                raise StorageFailed("no space left on device")
            self.writes_left -= 1
        super().apply(change=change, remove=remove, add=add)


@pytest.fixture
def graph() -> Frail:
    store = Frail.in_memory()
    assert isinstance(store, Frail)
    return store


@pytest.fixture
def catalogue(graph: Frail, tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue, held against the fixpoint and against itself when the test is over."""
    opened = open_again(graph, tmp_path)
    yield opened
    graph.writes_left = None
    opened = open_again(graph, tmp_path)
    assert wrong(opened, AUDIENCES) == []
    assert disagreements(opened, tmp_path / "index.sqlite") == []
    opened.documents.close()
    opened.index.close()


def open_again(graph: OxigraphStore, folder: Path, by: Reasoner | None = None) -> Catalogue:
    documents, index = DocumentStore(folder / "documents.sqlite"), SQLiteIndex(folder / "index.sqlite")
    return Catalogue(graph, documents, index, stac_document, by or reasoner())


# What is inferred


def test_a_flood_makes_a_flood_scene(catalogue: Catalogue) -> None:
    write(catalogue, water("W1"))
    assert inferred(catalogue, W1) == {("hasAnomalyType", "AnomalyType-flood"), ("a", "FloodScene")}


def test_flood_and_drought_is_both(catalogue: Catalogue) -> None:
    write(catalogue, water("W1", terms.ANOMALY_FLOOD_AND_DROUGHT))
    assert inferred(catalogue, W1) == {
        *(("hasAnomalyType", f"AnomalyType-{name}") for name in ("flood", "drought", "floodAndDrought")),
        ("a", "FloodScene"),
        ("a", "DroughtScene"),
    }


def test_a_cloud_free_scene_is_found_by_its_class(catalogue: Catalogue) -> None:
    write(catalogue, scene_of("S1", cloud_class=terms.CLOUD_FREE), scene_of("S2", cloud_class=terms.PARTLY_CLOUDY))
    assert inferred(catalogue, S1) == {("a", "CloudFreeScene")}
    assert inferred(catalogue, scene_of("S2").iri) == set()


def test_a_scene_lies_in_the_units_around_its_parcels_features_and_units(catalogue: Catalogue) -> None:
    field, house = parcel("1", CITY), parcel("2", REGION)
    write(catalogue, unit(CITY, REGION), unit(REGION, COUNTRY), unit(COUNTRY), field, house)
    write(catalogue, fields("F1", parcels=(field.iri,)), scene_of("S1", units=(REGION,)))
    write(catalogue, scene_of("S2", features=(house.iri,)))
    around = {"S1": {REGION, COUNTRY}, "S2": {REGION, COUNTRY}}
    for name, expected in around.items():
        assert values(catalogue, scene_of(name).iri, terms.INTERSECTS_UNIT) == expected
    assert values(catalogue, fields("F1").iri, terms.INTERSECTS_UNIT) == {CITY, REGION, COUNTRY}


def test_a_scene_has_the_platform_of_its_instrument_and_its_constellation(catalogue: Catalogue) -> None:
    write(catalogue, replace(SATELLITE, constellation=FLEET.iri), FLEET, RADAR)
    write(catalogue, scene_of("S1", instruments=(RADAR.iri,)))
    assert inferred(catalogue, S1) == {
        ("acquiredByPlatform", "sat-1"),
        ("acquiredByConstellation", "fleet"),
        ("a", "SARScene"),
    }


def test_a_product_is_made_by_the_model_of_its_run(catalogue: Catalogue) -> None:
    write(catalogue, MODEL, water("W1", None, run=run(MODEL.iri)))
    assert inferred(catalogue, W1) == {("producedByModel", "1")}


@pytest.mark.parametrize("first", ["product", "replica"])
def test_a_product_is_available_where_its_replicas_are(catalogue: Catalogue, first: str) -> None:
    product, copies = [scene_of("S1")], [replica(S1, SITE), replica(S1, OTHER_SITE), site(SITE), site(OTHER_SITE)]
    for group in (product, copies) if first == "product" else (copies, product):
        write(catalogue, *group)
    assert values(catalogue, S1, terms.AVAILABLE_AT) == {SITE, OTHER_SITE}


def test_a_record_of_which_nothing_else_matters_is_available_too(catalogue: Catalogue) -> None:
    write(catalogue, SERIES, replica(SERIES.iri, SITE))
    assert values(catalogue, SERIES.iri, terms.AVAILABLE_AT) == {SITE}


def test_of_what_is_no_record_nothing_is_written(catalogue: Catalogue) -> None:
    write(catalogue, replica("https://example.org/elsewhere", SITE))
    assert catalogue.graph.statements_of("<https://example.org/elsewhere>") == []


def test_published_instruments_and_codes_count(catalogue: Catalogue) -> None:
    write(catalogue, scene_of("S1", instruments=(instrument_iri("sentinel-2a", "msi"),)))
    assert inferred(catalogue, S1) >= {("a", "OpticalScene"), ("acquiredByPlatform", "sentinel-2a")}
    assert ("acquiredByConstellation", "sentinel-2") in inferred(catalogue, S1)


# Told apart


def test_a_stated_class_is_not_said_to_be_inferred(catalogue: Catalogue) -> None:
    write(catalogue, SATELLITE, CAMERA)
    write(catalogue, scene_of("S1", kind=terms.OPTICAL_SCENE, instruments=(CAMERA.iri,)))
    write(catalogue, scene_of("S2", instruments=(CAMERA.iri,)))
    assert values(catalogue, S1, terms.INFERRED_TYPE) == set()
    assert values(catalogue, scene_of("S2").iri, terms.INFERRED_TYPE) == {terms.OPTICAL_SCENE}


@pytest.mark.parametrize("kind", [terms.SCENE, terms.SAR_SCENE, terms.DERIVED_SCENE, terms.OPTICAL_SCENE])
def test_a_record_reads_back_as_it_was_stated(catalogue: Catalogue, kind: str) -> None:
    write(catalogue, SATELLITE, CAMERA)
    scene = scene_of("S1", kind=kind, instruments=(CAMERA.iri,), cloud_class=terms.CLOUD_FREE)
    write(catalogue, scene)
    assert values(catalogue, S1, terms.TYPE) >= {terms.OPTICAL_SCENE, terms.CLOUD_FREE_SCENE}
    assert record_from(S1, catalogue.graph.about(S1)) == scene


# Withdrawn


def test_an_anomaly_that_is_another_or_none_takes_its_class_along(catalogue: Catalogue) -> None:
    write(catalogue, water("W1", terms.ANOMALY_FLOOD))
    write(catalogue, water("W1", terms.ANOMALY_DROUGHT))
    assert inferred(catalogue, W1) == {("hasAnomalyType", "AnomalyType-drought"), ("a", "DroughtScene")}
    write(catalogue, water("W1", None))
    assert inferred(catalogue, W1) == set()


def test_a_parcel_that_moves_takes_its_scenes_along(catalogue: Catalogue) -> None:
    write(catalogue, unit(CITY), unit(REGION, COUNTRY), unit(COUNTRY), parcel("1", CITY))
    product = fields("F1", parcels=(parcel("1").iri,))
    write(catalogue, product)
    write(catalogue, parcel("1", REGION))
    assert values(catalogue, product.iri, terms.INTERSECTS_UNIT) == {REGION, COUNTRY}
    delete(catalogue, parcel("1").iri)
    assert inferred(catalogue, product.iri) == set()


def test_a_deleted_replica_is_available_no_more(catalogue: Catalogue) -> None:
    write(catalogue, scene_of("S1"), replica(S1, SITE), replica(S1, OTHER_SITE))
    delete(catalogue, replica(S1, SITE).iri)
    assert values(catalogue, S1, terms.AVAILABLE_AT) == {OTHER_SITE}


def test_a_replica_that_turns_out_to_be_of_another_product(catalogue: Catalogue) -> None:
    copy, other = replica(S1, SITE), scene_of("S2").iri
    write(catalogue, scene_of("S1"), scene_of("S2"), copy)
    write(catalogue, replace(copy, product=other))
    assert values(catalogue, S1, terms.AVAILABLE_AT) == set()
    assert values(catalogue, other, terms.AVAILABLE_AT) == {SITE}


def test_a_product_that_is_deleted_and_comes_back_has_its_replicas(catalogue: Catalogue) -> None:
    write(catalogue, scene_of("S1"), replica(S1, SITE))
    delete(catalogue, S1)
    assert catalogue.graph.about(S1) == []
    write(catalogue, scene_of("S1"))
    assert values(catalogue, S1, terms.AVAILABLE_AT) == {SITE}


def test_a_run_with_another_model(catalogue: Catalogue) -> None:
    write(catalogue, MODEL, OTHER_MODEL, water("W1", run=run(MODEL.iri)))
    write(catalogue, water("W1", run=run(OTHER_MODEL.iri)))
    assert values(catalogue, W1, terms.PRODUCED_BY_MODEL) == {OTHER_MODEL.iri}
    write(catalogue, water("W1", run=run(None)))
    assert values(catalogue, W1, terms.PRODUCED_BY_MODEL) == set()


def test_a_link_of_anothers_run_has_the_model_that_the_run_has_now(catalogue: Catalogue) -> None:
    relation = terms.code("LinkRelation", "covers")
    link = Link(iri=link_iri("1"), subject=S1, object=W1, relation=relation, method="m", run=f"{W1}#run")
    write(catalogue, water("W1", run=run(MODEL.iri)), link)
    assert values(catalogue, W1, terms.GENERATED_BY_RUN) == {link.run}
    assert values(catalogue, link.iri, terms.PRODUCED_BY_MODEL) == {MODEL.iri}
    write(catalogue, water("W1", run=run(OTHER_MODEL.iri)))
    assert values(catalogue, link.iri, terms.PRODUCED_BY_MODEL) == {OTHER_MODEL.iri}
    delete(catalogue, W1)
    assert values(catalogue, link.iri, terms.PRODUCED_BY_MODEL) == set()


def test_a_platform_that_joins_a_constellation_later(catalogue: Catalogue) -> None:
    write(catalogue, SATELLITE, FLEET, CAMERA, scene_of("S1", instruments=(CAMERA.iri,)))
    write(catalogue, scene_of("S2", platform=SATELLITE.iri))
    write(catalogue, replace(SATELLITE, constellation=FLEET.iri))
    for name in ("S1", "S2"):
        assert values(catalogue, scene_of(name).iri, terms.ACQUIRED_BY_CONSTELLATION) == {FLEET.iri}
    write(catalogue, SATELLITE)
    assert values(catalogue, S1, terms.ACQUIRED_BY_CONSTELLATION) == set()


def test_an_instrument_that_is_mounted_elsewhere_and_of_another_kind(catalogue: Catalogue) -> None:
    write(catalogue, SATELLITE, OTHER_SATELLITE, CAMERA, scene_of("S1", instruments=(CAMERA.iri,)))
    moved = replace(CAMERA, platform=OTHER_SATELLITE.iri, kind=terms.SAR_INSTRUMENT)
    write(catalogue, moved)
    assert inferred(catalogue, S1) == {
        ("a", "SARScene"), ("acquiredByPlatform", "sat-2"), ("acquiredByConstellation", "fleet"),
    }  # fmt: skip


def test_a_unit_that_comes_between_and_one_that_goes(catalogue: Catalogue) -> None:
    write(catalogue, unit(CITY, COUNTRY), unit(COUNTRY), scene_of("S1", units=(CITY,)))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, COUNTRY}
    write(catalogue, unit(CITY, REGION), unit(REGION, COUNTRY))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, REGION, COUNTRY}
    delete(catalogue, REGION)
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, REGION}


def test_units_that_lie_within_each_other_do_not_keep_each_other(catalogue: Catalogue) -> None:
    write(catalogue, unit(CITY, REGION), unit(REGION, CITY, COUNTRY), scene_of("S1", units=(CITY,)))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, REGION, COUNTRY}
    write(catalogue, unit(REGION, CITY))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, REGION}


def test_reasons_change_and_go_in_the_batch_of_what_rests_on_them(catalogue: Catalogue) -> None:
    write(catalogue, unit(CITY, REGION), unit(REGION), scene_of("S1", units=(CITY,)))
    write(catalogue, unit(CITY, COUNTRY), scene_of("S2", units=(CITY,)))
    for name in ("S1", "S2"):
        assert values(catalogue, scene_of(name).iri, terms.INTERSECTS_UNIT) == {CITY, COUNTRY}


def test_more_records_than_are_mended_at_once(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_service.catalogue._CHUNK", 2)
    write(catalogue, unit(CITY, REGION), *(scene_of(f"S{k}", units=(CITY,)) for k in range(7)))
    write(catalogue, unit(CITY, COUNTRY))
    assert all(values(catalogue, scene_of(f"S{k}").iri, terms.INTERSECTS_UNIT) == {CITY, COUNTRY} for k in range(7))


# Audiences


def test_what_is_restricted_shows_in_no_public_inference(catalogue: Catalogue) -> None:
    write(catalogue, unit(REGION, COUNTRY), audience=NORTH)
    write(catalogue, scene_of("S1", units=(REGION,)))
    write(catalogue, scene_of("S2", units=(REGION,)), audience=NORTH)
    write(catalogue, scene_of("S3", units=(REGION,)), audience=SOUTH)
    found = [
        values(catalogue, scene_of(name).iri, terms.INTERSECTS_UNIT, audience)
        for name, audience in (("S1", None), ("S2", NORTH), ("S3", SOUTH))
    ]
    assert found == [{REGION}, {REGION, COUNTRY}, {REGION}]


def test_a_restricted_replica_says_nothing_of_a_public_product(catalogue: Catalogue) -> None:
    write(catalogue, scene_of("S1"))
    write(catalogue, replica(S1, SITE), audience=NORTH)
    assert inferred(catalogue, S1) == inferred(catalogue, S1, NORTH) == set()


def test_a_reason_that_becomes_restricted_takes_public_inferences_along(catalogue: Catalogue) -> None:
    write(catalogue, unit(REGION, COUNTRY), scene_of("S1", units=(REGION,)))
    write(catalogue, scene_of("S2", units=(REGION,)), audience=NORTH)
    write(catalogue, unit(REGION, COUNTRY), audience=NORTH)
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {REGION}
    assert values(catalogue, scene_of("S2").iri, terms.INTERSECTS_UNIT, NORTH) == {REGION, COUNTRY}
    write(catalogue, unit(REGION, CITY), audience=NORTH)
    assert values(catalogue, scene_of("S2").iri, terms.INTERSECTS_UNIT, NORTH) == {REGION, CITY}
    write(catalogue, unit(REGION, COUNTRY))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {REGION, COUNTRY}


def test_a_record_that_becomes_restricted_takes_its_inferences_along(catalogue: Catalogue) -> None:
    write(catalogue, water("W1"))
    write(catalogue, water("W1"), audience=NORTH)
    assert inferred(catalogue, W1) == set()
    assert ("a", "FloodScene") in inferred(catalogue, W1, NORTH)


# The index


def concepts(folder: Path, iri: str) -> set[str]:
    return {str(concept) for scene, concept in contents(folder / "index.sqlite")["concept"] if scene == iri}


def test_the_index_follows(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, unit(CITY, REGION), water("W1", units=(CITY,)))
    own = {terms.FLOOD_SCENE, terms.ANOMALY_FLOOD, CITY}
    assert concepts(tmp_path, W1) >= {*own, REGION}
    write(catalogue, unit(CITY, COUNTRY))
    assert concepts(tmp_path, W1) >= {*own, COUNTRY}
    assert REGION not in concepts(tmp_path, W1)
    write(catalogue, water("W1", terms.ANOMALY_DROUGHT))
    assert not concepts(tmp_path, W1) & {terms.FLOOD_SCENE, terms.ANOMALY_FLOOD, COUNTRY}


# Made again


def test_wrong_inferences_are_counted_and_mended(catalogue: Catalogue) -> None:
    write(catalogue, water("W1"), water("W2"), scene_of("S1"))
    flood = (f"<{S1}>", f"<{terms.TYPE}>", f"<{terms.FLOOD_SCENE}>")
    gone = (f"<{W1}>", f"<{terms.HAS_ANOMALY_TYPE}>", f"<{terms.ANOMALY_FLOOD}>")
    catalogue.graph.apply(change=catalogue.graph.change_number() + 1, remove={None: [gone]}, add={None: [flood]})
    assert [(one.record, one.kind, one.statement) for one in wrong(catalogue)] == [
        (S1, "extra", flood),
        (W1, "missing", gone),
    ]
    assert catalogue.infer_again() == 2
    assert wrong(catalogue) == []
    assert catalogue.infer_again() == 0


# Interrupted


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_failure_between_a_change_and_its_consequences_is_made_good(
    catalogue: Catalogue, graph: Frail, tmp_path: Path, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_service.catalogue._CHUNK", 2)
    write(catalogue, unit(CITY, REGION), *(scene_of(f"S{k}", units=(CITY,)) for k in range(4)))
    graph.writes_left = writes
    with pytest.raises(StorageFailed):
        write(catalogue, unit(CITY, COUNTRY))
    graph.writes_left = None
    assert graph.catalogue_values(terms.AWAITS_INFERENCE) == [CITY]
    again = open_again(graph, tmp_path)
    assert graph.catalogue_values(terms.AWAITS_INFERENCE) == []
    assert all(values(again, scene_of(f"S{k}").iri, terms.INTERSECTS_UNIT) == {CITY, COUNTRY} for k in range(4))
    assert {COUNTRY} <= concepts(tmp_path, scene_of("S3").iri)


def test_the_next_change_makes_it_good_as_well(catalogue: Catalogue, graph: Frail) -> None:
    write(catalogue, unit(CITY, REGION), scene_of("S1", units=(CITY,)))
    graph.writes_left = 1
    with pytest.raises(StorageFailed):
        write(catalogue, unit(CITY, COUNTRY))
    graph.writes_left = None
    write(catalogue, scene_of("S2"))
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, COUNTRY}


def test_a_deletion_that_is_interrupted_is_made_good(catalogue: Catalogue, graph: Frail, tmp_path: Path) -> None:
    write(catalogue, scene_of("S1"), replica(S1, SITE))
    graph.writes_left = 1
    with pytest.raises(StorageFailed):
        delete(catalogue, replica(S1, SITE).iri)
    graph.writes_left = None
    assert values(open_again(graph, tmp_path), S1, terms.AVAILABLE_AT) == set()


def test_a_change_that_was_refused_leaves_no_note(catalogue: Catalogue, graph: Frail) -> None:
    write(catalogue, unit(CITY, REGION), scene_of("S1", units=(CITY,)))
    graph.writes_left = 0
    with pytest.raises(StorageFailed):
        write(catalogue, unit(CITY, COUNTRY))
    graph.writes_left = None
    assert graph.catalogue_values(terms.AWAITS_INFERENCE) == []
    assert values(catalogue, S1, terms.INTERSECTS_UNIT) == {CITY, REGION}


# Another ontology

MODULES = {
    "a class": (
        ":Wet a owl:Class . [ owl:intersectionOf ( orr:Scene "
        "[ owl:onProperty orr:meetsUnit ; owl:someValuesFrom orr:AdministrativeUnit ] ) ] rdfs:subClassOf :Wet .",
        ("a", "Wet"),
    ),
    "a chain over what is inferred": (
        ":originType a owl:ObjectProperty ; owl:propertyChainAxiom ( orr:derivedFrom orr:hasAnomalyType ) .",
        ("originType", "AnomalyType-flood"),
    ),
    "a chain over parts of others": (
        ":originModel a owl:ObjectProperty ; owl:propertyChainAxiom ( orr:derivedFrom orr:producedByModel ) .",
        ("originModel", "1"),
    ),
    "a value for a class": (
        ":theme a owl:ObjectProperty . :broadTheme a owl:ObjectProperty ; "
        "owl:propertyChainAxiom ( :theme skos:broader ) . orr:Scene rdfs:subClassOf "
        "[ owl:onProperty :theme ; owl:hasValue code:AnomalyType-floodAndDrought ] .",
        ("broadTheme", "AnomalyType-flood"),
    ),
    "a narrower code": (
        "code:CloudClass-cloudy skos:broader code:Extra-broad . :cloudKind a owl:ObjectProperty ; "
        "owl:propertyChainAxiom ( orr:hasCloudClass skos:broader ) .",
        ("cloudKind", "Extra-broad"),
    ),
}


def under(graph: Frail, folder: Path, modules: Path | None) -> Catalogue:
    """The catalogue as it starts under our ontology and the modules of a folder."""
    ontology = load_ontology(modules)
    opened = open_again(graph, folder, Reasoner(ontology))
    opened.publish_ontology(ontology.text, ontology.triples)
    assert wrong(opened, AUDIENCES, ontology) == []
    return opened


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_the_site_gives_new_answers_and_takes_them_along(graph: Frail, tmp_path: Path, name: str) -> None:
    text, expected = MODULES[name]
    opened = under(graph, tmp_path, None)
    scene = scene_of("S1", units=(CITY,), derived_from=(W1,), cloud_class=terms.code("CloudClass", "cloudy"))
    write(opened, unit(CITY), MODEL, water("W1", run=run(MODEL.iri)), scene)
    before = inferred(opened, S1)
    extended = under(graph, tmp_path, module_file(tmp_path / "modules", text))
    assert expected in inferred(extended, S1)
    # Whatever a change makes of it, it is what the fixpoint comes to.
    runs = [water("W1", run=run(model)) for model in (OTHER_MODEL.iri, None, MODEL.iri)]
    for change in (water("W1", None), *runs, scene):
        write(extended, change)
        assert wrong(extended, (), load_ontology(tmp_path / "modules")) == []
    assert inferred(under(graph, tmp_path, None), S1) == before


def test_a_satellite_of_the_sites_own_ontology(graph: Frail, tmp_path: Path) -> None:
    modules = module_file(tmp_path / "m", f"<{SATELLITE.iri}> orr:memberOfConstellation <{FLEET.iri}> .")
    opened = under(graph, tmp_path, modules)
    write(opened, SATELLITE, scene_of("S1", platform=SATELLITE.iri))
    assert values(opened, S1, terms.ACQUIRED_BY_CONSTELLATION) == {FLEET.iri}
    assert wrong(opened, (), load_ontology(modules)) == []

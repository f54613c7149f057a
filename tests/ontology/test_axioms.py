"""What the OWL modules say beyond names: axioms within OWL 2 RL, and what follows from them."""

from graphlib import TopologicalSorter
from itertools import combinations

import pyoxigraph as ox
import pytest

from ontology import terms
from ontology.loader import ontology_triples
from tests.ontology import vocabulary as v

RL_WORDS = {
    "AllDisjointClasses", "AnnotationProperty", "Class", "DatatypeProperty", "ObjectProperty", "Ontology",
    "Restriction", "SymmetricProperty", "TransitiveProperty", "disjointWith", "equivalentClass", "hasValue", "imports",
    "intersectionOf", "inverseOf", "members", "onProperty", "propertyChainAxiom", "someValuesFrom", "versionIRI",
    "versionInfo",
}  # fmt: skip
"""All that the modules use of OWL: each within OWL 2 RL, none a key, a facet or a cardinality."""
RL_DATATYPES = {terms.XSD + name for name in ("string", "decimal", "integer", "dateTime", "anyURI", "base64Binary")}
ACTIVITIES = {terms.PROV + "Activity", terms.SOSA + "Observation"}
ENTITIES = {terms.PROV + name for name in ("Entity", "Plan", "Collection")} | {
    terms.SOSA + name for name in ("Result", "Platform", "Sensor", "Procedure", "FeatureOfInterest")
}
"""What PROV-O keeps apart, with what the alignment of SOSA to it says."""
KEPT_APART = [
    ["EOProduct", "Satellite", "Instrument", "Constellation", "Event", "MLModel", "StorageSite", "Embedding"],
    ["OpticalInstrument", "SARInstrument"],
    ["Parcel", "AdministrativeUnit", "GridTile", "WaterBody"],
    ["EmissionSource", "AdministrativeUnit"],  # a reservoir or a rice field can be a source
    ["EmissionSource", "GridTile"],
    ["ReferenceWaterMask", "ObservedWaterMask"],
]


@pytest.mark.parametrize("axiom", ["propertyChainAxiom", "inverseOf", "equivalentClass"])
def test_what_follows_from_an_axiom_is_said_to_be_never_stated(axiom: str) -> None:
    found = {t.subject for t in ontology_triples() if t.predicate.value == v.OWL + axiom}
    iris = [node.value for node in found if isinstance(node, ox.NamedNode)]
    assert iris
    assert [iri for iri in iris if "never state" not in v.text_in(iri, v.DEFINITION, "en")] == []


@pytest.mark.parametrize("relation", [v.SUBCLASS_OF, v.SUBPROPERTY_OF])
def test_no_term_is_above_itself(relation: str) -> None:
    tree = {iri: v.values(iri, relation) for iri in [*v.classes(), *v.properties()]}
    assert len(list(TopologicalSorter(tree).static_order())) >= len(tree)


def test_every_class_descends_from_another_vocabulary() -> None:
    assert [iri for iri in v.classes() if v.ancestors(iri, v.SUBCLASS_OF) <= set(v.classes())] == []


def test_only_own_terms_are_said_to_be_disjoint() -> None:
    assert {iri for pair in v.disjoint_pairs() for iri in pair} <= set(v.classes())


@pytest.mark.parametrize("names", KEPT_APART)
def test_kinds_that_nothing_can_have_both_of_are_disjoint(names: list[str]) -> None:
    iris = [terms.ORR + name for name in names]
    assert {frozenset(pair) for pair in combinations(iris, 2)} - v.disjoint_pairs() == set()


def test_no_class_descends_from_two_that_are_disjoint() -> None:
    above = {iri: v.ancestors(iri, v.SUBCLASS_OF) for iri in v.classes()}
    assert [iri for iri in above if any(pair <= above[iri] for pair in v.disjoint_pairs())] == []


@pytest.mark.parametrize("iri", v.classes())
def test_a_class_holds_activities_or_entities_and_not_both(iri: str) -> None:
    above = v.ancestors(iri, v.SUBCLASS_OF)
    assert not (above & ACTIVITIES and above & ENTITIES)


@pytest.mark.parametrize("instrument", ["Optical", "SAR"])
def test_a_scene_is_of_the_kind_of_its_instrument(instrument: str) -> None:
    assert v.holds(f"""[] owl:onProperty orr:acquiredBy ; owl:someValuesFrom orr:{instrument}Instrument ;
        rdfs:subClassOf orr:{instrument}Scene .""")


@pytest.mark.parametrize(
    ("name", "term", "code"),
    [
        ("CloudFreeScene", "hasCloudClass", terms.CLOUD_FREE),
        ("FloodScene", "hasAnomalyType", terms.ANOMALY_FLOOD),
        ("DroughtScene", "hasAnomalyType", terms.ANOMALY_DROUGHT),
    ],
)
def test_a_class_of_scenes_is_defined_by_a_code(name: str, term: str, code: str) -> None:
    assert v.holds(f"""orr:{name} rdfs:subClassOf orr:Scene ; owl:equivalentClass/owl:intersectionOf ?both .
        ?both rdf:rest*/rdf:first orr:Scene , [ owl:onProperty orr:{term} ; owl:hasValue <{code}> ] .""")


@pytest.mark.parametrize(
    ("inferred", "first", "second"),
    [
        ("acquiredByPlatform", "acquiredBy", "mountedOn"),
        ("acquiredByConstellation", "acquiredByPlatform", "memberOfConstellation"),
        ("availableAt", "hasReplica", "atSite"),
        ("intersectsUnit", "intersectsFeature", "withinUnit"),
        ("hasAnomalyType", "hasWaterAnomaly", "anomalyType"),
        ("producedByModel", "generatedByRun", "usedModel"),
    ],
)
def test_a_shortcut_follows_from_two_steps(inferred: str, first: str, second: str) -> None:
    assert v.holds(f"""orr:{inferred} owl:propertyChainAxiom ?steps .
        ?steps rdf:first orr:{first} ; rdf:rest/rdf:first orr:{second} ; rdf:rest/rdf:rest rdf:nil .""")


def test_a_unit_that_a_scene_meets_counts_as_one_that_it_intersects() -> None:
    assert v.values(terms.MEETS_UNIT, v.SUBPROPERTY_OF) == [terms.INTERSECTS_FEATURE, terms.INTERSECTS_UNIT]


def test_some_values_from_stands_on_the_left_of_an_axiom_alone() -> None:
    assert not v.holds("""?some owl:someValuesFrom ?filler .
        { ?class rdfs:subClassOf ?some } UNION { ?class owl:equivalentClass ?some }
        UNION { ?some owl:equivalentClass ?class } UNION { ?list rdf:first ?some }""")


def test_the_modules_stay_within_owl_2_rl() -> None:
    nodes = {node for t in ontology_triples() for node in (t.predicate, t.object) if isinstance(node, ox.NamedNode)}
    assert {n.value.removeprefix(v.OWL) for n in nodes if n.value.startswith(v.OWL)} <= RL_WORDS
    assert {v.values(iri, v.RANGE)[0] for iri in v.own(v.instances(v.DATATYPE_PROPERTY))} <= RL_DATATYPES


def test_a_domain_is_at_least_as_wide_as_that_of_every_narrower_property() -> None:
    for iri in v.properties():
        for parent in set(v.values(iri, v.SUBPROPERTY_OF)) & set(v.properties()):
            for relation in (v.DOMAIN, v.RANGE):
                assert v.values(parent, relation)[0] in v.ancestors(v.values(iri, relation)[0], v.SUBCLASS_OF)

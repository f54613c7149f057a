"""What we say contradicts neither itself nor a record nor the vocabularies beneath; and a contradiction is seen."""

import pytest
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.term import Node

from ontology import terms
from ontology.shapes import TOP_LEVEL
from tests.ontology.quality.one_of_each import classes_of_records, iri_of, records_graph
from tests.ontology.quality.ontology_graph import (
    CODE,
    ORR,
    annotations,
    classes,
    graph_of,
    local,
    object_properties,
    ours,
    properties,
)
from tests.ontology.quality.reasoners import (
    HAS_JAVA,
    closure,
    errors,
    foundations,
    is_consistent,
    logic,
    unsatisfiable,
    world_of,
)

needs_java = pytest.mark.skipif(not HAS_JAVA, reason="HermiT is a Java program, and no java is on the path")

A = "<https://example.org/a>"
CONTRADICTIONS = {
    "an anomaly that is an observation": f"{A} a orr:WaterAnomaly , sosa:Observation .",
    "a plume that is a run": f"{A} a orr:GasPlume , orr:InferenceActivity .",
    "a product that is a run": f"{A} a orr:EOProduct , orr:ProcessingRun .",
    "a scene made by a scene": f"{A} orr:generatedByRun [ a orr:Scene ] .",
    "an observation that is a parcel's entity": f"{A} a orr:SoilMoistureObservation , prov:Entity .",
    "an instrument both optical and radar": f"{A} a orr:OpticalInstrument , orr:SARInstrument .",
    "a scene by an instrument that is a satellite": f"{A} orr:acquiredBy [ a orr:Satellite ] .",
    "a satellite that is an instrument": f"{A} a orr:Satellite , orr:Instrument .",
    "an event that is a scene": f"{A} a orr:FloodEvent , orr:Scene .",
    "a water body that is a parcel": f"{A} a orr:WaterBody , orr:AgriculturalParcel .",
    "a mask of what is and of what should be": f"{A} a orr:ReferenceWaterMask , orr:ObservedWaterMask .",
    "a scheme in place of a code": f"{A} orr:hasAnomalyType code:AnomalyType .",
    "a scene used as a model": f"{A} orr:usedModel [ a orr:Scene ] .",
    "a text in place of a number": f'{A} orr:cloudCover "many" .',
    "half an orbit": f"{A} orr:relativeOrbit 1.5 .",
}
C = URIRef("https://example.org/c")
INFERRED = {
    "a class by its code": (
        "a orr:Scene ; orr:hasCloudClass code:CloudClass-cloudFree", RDF.type, ORR.CloudFreeScene,
    ),
    "a class by a broader code": (
        "a orr:Scene ; orr:hasWaterAnomaly [ orr:anomalyType code:AnomalyType-floodAndDrought ]",
        RDF.type, ORR.DroughtScene,
    ),
    "a class by the instrument": ("a orr:Scene ; orr:acquiredBy [ a orr:SARInstrument ]", RDF.type, ORR.SARScene),
    "the constellation": (
        f"orr:acquiredBy [ orr:mountedOn [ orr:memberOfConstellation <{C}> ] ]", ORR.acquiredByConstellation, C,
    ),
    "the unit around a unit": (
        f"orr:meetsUnit [ orr:withinUnit [ orr:withinUnit <{C}> ] ]", ORR.intersectsUnit, C,
    ),
    "the model": (f"orr:generatedByRun [ orr:usedModel <{C}> ]", ORR.producedByModel, C),
}  # fmt: skip
"""What is said of a thing, and what follows from it."""
FOR_RULES = ["an instrument both optical and radar", "a satellite that is an instrument", "an event that is a scene"]
"""Those that our modules alone contradict, without what lies beneath them."""


def test_there_is_a_record_of_each_class_and_kind() -> None:
    kinds = {kind for shape in TOP_LEVEL for kind in (*shape.types, *shape.kinds)}
    assert kinds <= {str(term) for term in classes_of_records()}


@needs_java
def test_every_class_can_have_a_member_and_a_record_of_each_contradicts_nothing() -> None:
    assert unsatisfiable(records_graph()) == []


@needs_java
@pytest.mark.parametrize("text", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_planted_contradiction_is_seen(text: str) -> None:
    assert not is_consistent(graph_of(text))


@pytest.fixture(scope="module")
def closed() -> Graph:
    """Our modules and one record of each class, with all that follows by the rules of OWL 2 RL."""
    return closure(records_graph())


def test_the_rules_find_no_contradiction(closed: Graph) -> None:
    assert errors(closed) == []
    assert list(closed.subjects(RDF.type, OWL.Nothing)) == []


def test_the_rules_merge_nothing(closed: Graph) -> None:
    things = {URIRef(node) for node in closed.subjects(OWL.sameAs) if isinstance(node, URIRef)}
    merged = {(one, other) for one in things for other in closed.objects(one, OWL.sameAs) if one != other}
    assert merged == set()


@pytest.mark.parametrize("name", FOR_RULES)
def test_the_rules_see_a_planted_contradiction(name: str) -> None:
    assert errors(closure(graph_of(CONTRADICTIONS[name]))) != []


@pytest.mark.parametrize(("text", "predicate", "value"), INFERRED.values(), ids=INFERRED)
def test_the_rules_infer_what_search_relies_on(text: str, predicate: Node, value: Node) -> None:
    assert (URIRef(A.strip("<>")), predicate, value) in closure(graph_of(f"{A} {text} ."))


def test_a_replica_tells_where_a_product_is(closed: Graph) -> None:
    product, site = iri_of(terms.SCENE), iri_of(terms.STORAGE_SITE)
    assert (URIRef(product), ORR.availableAt, URIRef(site)) in closed


def test_owlready2_reads_every_class_property_and_individual() -> None:
    world = world_of(logic([ours()]))
    own = (str(ORR), str(CODE))
    assert {one.iri for one in world.classes() if one.iri.startswith(own)} == {str(term) for term in classes(ours())}
    found = {one.iri for one in world.properties() if one.iri.startswith(own)}
    assert found == {str(term) for term in [*properties(ours()), *annotations(ours())]}
    for kind in (terms.CONCEPT, terms.SATELLITE, terms.INSTRUMENT, terms.CONSTELLATION):
        known = {one.iri for one in world[kind].instances()}
        assert {str(one) for one in ours().subjects(RDF.type, URIRef(kind))} == known


def test_owlready2_reads_the_kind_of_every_property() -> None:
    world = world_of(logic([ours()]))
    found = {one.iri for one in world.object_properties() if one.iri.startswith(str(ORR))}
    assert found == {str(term) for term in object_properties(ours())}


def test_rdflib_writes_what_it_read_in_every_form() -> None:
    sizes = {form: len(_again(form)) for form in ("turtle", "xml", "nt")}
    assert sizes == dict.fromkeys(sizes, len(ours()))


def _again(form: str) -> Graph:
    return Graph().parse(data=ours().serialize(format=form), format=form)


def test_the_foundations_describe_other_vocabularies_alone() -> None:
    assert [local(node) for node in foundations().all_nodes() if str(node).startswith(str(ORR))] == []

"""The modules have none of the pitfalls of OOPS!, and each check finds one that is planted."""

import pytest
from rdflib import OWL, RDFS, SKOS, Literal

from tests.ontology.quality.ontology_graph import (
    ORR,
    PREFIXES,
    above,
    classes,
    disjoint_sets,
    graph_of,
    local,
    object_properties,
    ours,
    within,
)
from tests.ontology.quality.pitfalls import PITFALLS

INVERSES_LEFT_OUT = {
    "many things point to one of these, which would have to list them all": {
        "acquiredBy", "acquiredByConstellation", "acquiredByPlatform", "atSite", "availableAt", "derivedByRule",
        "growsCrop", "inCollection", "madeByPlatform", "mountedOn", "onPlatform", "onTile", "producedByModel",
        "usedModel",
    },
    "a part has the IRI of its owner within its own": {
        "hasBand", "hasEmbedding", "hasMaskAgreement", "hasQualityCheck", "hasStep", "observedWaterMask",
        "referenceWaterMask", "sourceDocument",
    },
    "lineage is walked both ways by one path, as ^orr:derivedFrom": {
        "derivedFrom", "fromScene", "generatedByRun", "hasLineageSource", "hasSceneInput", "resultOfAcquisition",
        "supersedes",
    },
    "features meet both ways: a query asks from either end": {
        "affectsWaterBody", "hasParcel", "intersectsFeature", "intersectsUnit", "meetsUnit", "observesParcel",
    },
    "events are told of by few; a query asks from either end": {"causedBy", "reports"},
    "the ends of a link are things of any kind, which links must not describe": {
        "linkEvidence", "linkObject", "linkSubject",
    },
}  # fmt: skip
"""Why relations have no inverse (P13)."""
ALLOWED = {"P13": sorted(name for names in INVERSES_LEFT_OUT.values() for name in names)}

DISJOINT = [
    {"Satellite", "Instrument", "Constellation", "EOProduct", "Event", "MLModel", "StorageSite", "Embedding"},
    {"OpticalInstrument", "SARInstrument"},
    {"Parcel", "AdministrativeUnit", "GridTile", "WaterBody"},
    {"EmissionSource", "AdministrativeUnit", "GridTile"},  # A reservoir emits, and so does a rice field.
    {"ReferenceWaterMask", "ObservedWaterMask"},
]
"""Classes that share no member; pair by pair, in whatever axiom that says it."""

THING = 'rdfs:label "thing"@en ; skos:definition "A thing."@en ; rdfs:isDefinedBy <https://w3id.org/orrery/ontology/x>'
HEADER = """
<https://w3id.org/orrery/ontology/x> a owl:Ontology ; dcterms:license <https://example.org/licence> ;
    vann:preferredNamespaceUri "https://w3id.org/orrery/ontology#" ."""
ENDS = "rdfs:domain orr:A ; rdfs:range orr:A"
PLANTED = {
    "P02": ("orr:A owl:equivalentClass orr:B .", ["A", "B"]),
    "P03": ("orr:isA a owl:ObjectProperty .", ["isA"]),
    "P04": (f"orr:A a owl:Class . orr:p a owl:ObjectProperty . orr:q a owl:ObjectProperty ; {ENDS}, orr:B .", ["p"]),
    "P05": ("orr:p owl:inverseOf orr:q ; rdfs:domain orr:A ; rdfs:range orr:B . orr:q rdfs:domain orr:A .", ["p"]),
    "P06": (
        "orr:A rdfs:subClassOf orr:B . orr:B rdfs:subClassOf orr:C . orr:C rdfs:subClassOf orr:A . "
        "orr:D rdfs:subClassOf orr:A .",
        ["A", "B", "C"],
    ),
    "P07": ("orr:FloodOrDrought a owl:Class . orr:Orbit a owl:Class . orr:Sandy a owl:Class .", ["FloodOrDrought"]),
    "P08": (f"orr:A a owl:Class . orr:B a owl:Class ; {THING} .", ["A"]),
    "P11": (f"orr:p a owl:DatatypeProperty ; rdfs:domain orr:A . orr:q a owl:ObjectProperty ; {ENDS} .", ["p"]),
    "P12": (f"orr:p a owl:ObjectProperty ; {THING} . orr:q a owl:ObjectProperty ; {THING} .", ["p", "q"]),
    "P13": (
        "orr:p a owl:ObjectProperty . orr:q a owl:ObjectProperty ; owl:inverseOf orr:r . orr:r a owl:ObjectProperty . "
        "orr:s a owl:ObjectProperty , owl:SymmetricProperty . orr:t a owl:ObjectProperty ; rdfs:range skos:Concept .",
        ["p"],
    ),
    "P19": (f"orr:p a owl:ObjectProperty ; {ENDS} , orr:B . orr:q a owl:ObjectProperty ; {ENDS} .", ["p"]),
    "P20": (
        'orr:A a owl:Class ; rdfs:label "A thing that is."@en ; skos:definition "A."@en . '
        'orr:B a owl:Class ; rdfs:label "b"@en ; skos:definition "thing"@en .',
        ["A", "B"],
    ),
    "P21": ("orr:OtherScene a owl:Class . orr:Scene a owl:Class .", ["OtherScene"]),
    "P22": (
        "orr:scene a owl:Class . orr:CloudCover a owl:DatatypeProperty . "
        'code:S-a a skos:Concept ; skos:inScheme code:S ; skos:notation "b" . '
        'code:S-c a skos:Concept ; skos:inScheme code:S ; skos:notation "c" .',
        ["CloudCover", "S-a", "scene"],
    ),
    "P24": ("orr:A owl:equivalentClass [ owl:onProperty orr:p ; owl:someValuesFrom orr:A ] .", ["A"]),
    "P25": ("orr:p owl:inverseOf orr:p . orr:q owl:inverseOf orr:r .", ["p"]),
    "P26": ("orr:p a owl:SymmetricProperty ; owl:inverseOf orr:q .", ["p"]),
    "P27": ("orr:p owl:equivalentProperty orr:q ; rdfs:domain orr:A .", ["p"]),
    "P28": ("orr:p a owl:SymmetricProperty ; rdfs:domain orr:A ; rdfs:range orr:B .", ["p"]),
    "P29": (
        "orr:p a owl:TransitiveProperty ; rdfs:domain orr:A ; rdfs:range orr:C . orr:B rdfs:subClassOf orr:A . "
        "orr:q a owl:TransitiveProperty ; rdfs:domain orr:A ; rdfs:range orr:B .",
        ["p"],
    ),
    "P30": (f"orr:A a owl:Class ; {THING} . orr:B a owl:Class ; {THING} .", ["A", "B"]),
    "P31": ("orr:A owl:equivalentClass orr:B ; owl:disjointWith orr:B .", ["A"]),
    "P32": (f'orr:A a owl:Class ; {THING} . orr:B a owl:Class ; rdfs:label "Thing"@en .', ["A", "B"]),
    "P33": ("orr:p owl:propertyChainAxiom ( orr:q ) . orr:q owl:propertyChainAxiom ( orr:p orr:p ) .", ["p"]),
    "P34": ("orr:A a owl:Class ; rdfs:subClassOf orr:B . <https://example.org/a> a orr:C .", ["B", "C"]),
    "P35": (
        "orr:p a owl:ObjectProperty ; owl:propertyChainAxiom ( orr:q prov:used ) . <https://example.org/a> orr:r 1 .",
        ["q", "r"],
    ),
    "P36": ("<https://example.org/a.ttl> a owl:Ontology . <https://example.org/b/1.0> a owl:Ontology .", ["a.ttl"]),
    "P38": (f"orr:A a owl:Class ; {THING} .", ["A"]),
    "P39": (
        f"{HEADER} <https://w3id.org/orrery/x#B> a owl:Class . <https://example.org/y> a owl:Ontology .", ["B", "y"],
    ),
    "P40": ("dcat:Resource a owl:Class . dcat:Dataset a owl:Class ; rdfs:subClassOf orr:A .", ["Dataset"]),
    "P41": (f"{HEADER} <https://example.org/y> a owl:Ontology .", ["y"]),
}  # fmt: skip
"""For each check a text with the pitfall, and what it must find there."""


@pytest.mark.parametrize("number", PITFALLS)
def test_the_modules_have_no_pitfall_but_those_with_a_reason(number: str) -> None:
    assert PITFALLS[number](ours()) == ALLOWED.get(number, [])


def test_every_check_has_a_planted_pitfall() -> None:
    assert PLANTED.keys() == PITFALLS.keys()


@pytest.mark.parametrize(("number", "text", "culprits"), [(number, *case) for number, case in PLANTED.items()])
def test_a_planted_pitfall_is_found(number: str, text: str, culprits: list[str]) -> None:
    assert PITFALLS[number](graph_of(text)) == culprits


@pytest.mark.parametrize("group", DISJOINT, ids=lambda group: min(group))
def test_classes_that_share_no_member_are_said_to_be_disjoint(group: set[str]) -> None:  # P10
    apart = disjoint_sets(ours())
    missing = [
        (one, other)
        for one in sorted(group)
        for other in sorted(group)
        if one < other and not any({ORR[one], ORR[other]} <= known for known in apart)
    ]
    assert missing == []


def test_no_class_is_disjoint_with_one_above_it() -> None:
    graph = ours()
    wrong = [
        (local(one), local(other))
        for known in disjoint_sets(graph)
        for one in known
        for other in known - {one}
        if other in above(graph, one)
    ]
    assert wrong == []


def test_nothing_is_below_two_disjoint_classes() -> None:
    graph = ours()
    crushed = [
        local(term)
        for term in classes(graph)
        if any(len(known & above(graph, term)) > 1 for known in disjoint_sets(graph))
    ]
    assert crushed == []


def test_every_inverse_that_is_left_out_is_a_relation_of_ours() -> None:
    names = [name for group in INVERSES_LEFT_OUT.values() for name in group]
    assert len(names) == len(set(names))
    assert set(names) <= {local(term) for term in object_properties(ours())}


def test_a_defined_class_is_built_from_declared_terms() -> None:
    graph = ours()
    pairs = graph.subject_objects(OWL.equivalentClass)
    used = {node for _, expression in pairs for node in within(graph, expression)}
    strangers = {node for node in used if str(node).startswith(str(ORR)) and (node, None, None) not in graph}
    assert strangers == set()


def test_texts_are_in_their_language_once() -> None:
    graph, repeated = ours(), []
    for predicate in (RDFS.label, SKOS.definition, SKOS.prefLabel):
        found = [(s, o.language) for s, o in graph.subject_objects(predicate) if isinstance(o, Literal)]
        repeated += sorted({local(s) for s, language in found if found.count((s, language)) > 1})
    assert repeated == []


def test_the_prefixes_of_planted_texts_are_ours() -> None:
    usual = {prefix: str(space) for prefix, space in graph_of("").namespaces()}
    modules = {prefix: str(space) for prefix, space in ours().namespaces()}
    assert PREFIXES.count("@prefix") == 11
    assert {prefix: modules[prefix] for prefix in ("orr", "code", "prov", "sosa")}.items() <= usual.items()

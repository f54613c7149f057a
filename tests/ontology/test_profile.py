"""Axioms outside OWL 2 RL, and those by which engines go wrong, stop the start with file, line, term and remedy."""

import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology.loader import MODULES, OntologyInvalid, load_ontology, module_text, packaged, turtle_triples
from ontology.profile import OTHERS, faults

HEADER = """\
@prefix code: <https://w3id.org/orrery/code/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix ex: <https://example.org/site#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix orr: <https://w3id.org/orrery/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/site> a owl:Ontology ; owl:imports <https://w3id.org/orrery/ontology/core> .
ex:Farm a owl:Class . ex:Field a owl:Class .
ex:near a owl:ObjectProperty . ex:beside a owl:ObjectProperty . ex:size a owl:DatatypeProperty .
"""
FIRST_LINE = HEADER.count("\n") + 1
BARN, NEXT, COUNT, LOST = (f"<https://example.org/site#{name}>" for name in ("Barn", "next", "count", "Lost"))
NEAR = "owl:onProperty ex:near"
SIZE = "owl:onProperty ex:size"


def superclass(expression: str) -> str:
    return f"ex:Barn a owl:Class ; rdfs:subClassOf [ {expression} ] ."


def subclass(expression: str) -> str:
    return f"ex:Barn a owl:Class . [ {expression} ] rdfs:subClassOf ex:Barn ."


def equivalent(expression: str) -> str:
    return f"ex:Barn a owl:Class ; owl:equivalentClass [ {expression} ] ."


def next_to(rest: str) -> str:
    return f"ex:next a owl:ObjectProperty ; {rest} ."


def count(rest: str) -> str:
    return f"ex:count a owl:DatatypeProperty ; {rest} ."


RIGHT = {
    "a named superclass": "ex:Barn a owl:Class ; rdfs:subClassOf ex:Farm , dcat:Resource .",
    "a part of a superclass in an intersection": superclass("owl:intersectionOf ( ex:Farm dcat:Resource )"),
    "a complement above": superclass("owl:complementOf ex:Farm"),
    "all values above": superclass(f"{NEAR} ; owl:allValuesFrom ex:Farm"),
    "all data values above": superclass(f"{SIZE} ; owl:allValuesFrom xsd:integer"),
    "one datatype and another": superclass(
        f"{SIZE} ; owl:allValuesFrom [ a rdfs:Datatype ; owl:intersectionOf ( xsd:integer xsd:decimal ) ]"
    ),
    "a value above": superclass(f"{NEAR} ; owl:hasValue code:CloudClass-cloudFree"),
    "at most one datum": superclass(f"{SIZE} ; owl:maxCardinality 1"),
    "at most one datum of a type": superclass(f"{SIZE} ; owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:integer"),
    "none of a property": superclass(f"{NEAR} ; owl:maxCardinality 0"),
    "none of a class": superclass(f"{NEAR} ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing"),
    "some value below": subclass(f"{NEAR} ; owl:someValuesFrom ex:Farm"),
    "anything at all below": subclass(f"{NEAR} ; owl:someValuesFrom owl:Thing"),
    "some datum below": subclass(f"{SIZE} ; owl:someValuesFrom xsd:integer"),
    "a union below": subclass("owl:unionOf ( ex:Farm ex:Field )"),
    "members below": subclass("owl:oneOf ( ex:one )"),
    "the inverse of a property below": subclass(
        "owl:onProperty [ owl:inverseOf ex:near ] ; owl:someValuesFrom [ owl:unionOf ( ex:Farm ex:Field ) ]"
    ),
    "a class defined by a value": equivalent(
        "owl:intersectionOf ( orr:Scene [ owl:onProperty orr:hasCloudClass ; owl:hasValue code:CloudClass-cloudFree ] )"
    ),
    "disjoint classes": "ex:Barn a owl:Class ; owl:disjointWith ex:Farm .",
    "a set of disjoint classes": "ex:Barn a owl:Class . [] a owl:AllDisjointClasses ; owl:members ( ex:Barn ex:Farm ).",
    "disjoint properties": next_to("owl:propertyDisjointWith ex:near"),
    "a set of disjoint properties": next_to("rdfs:domain ex:Farm")
    + " [] a owl:AllDisjointProperties ; owl:members ( ex:next ex:near ) .",
    "a chain over another vocabulary": next_to("owl:propertyChainAxiom ( ex:near skos:broader )"),
    "a chain over an inverse": next_to("owl:propertyChainAxiom ( ex:near [ owl:inverseOf ex:beside ] )"),
    "characteristics": next_to(
        "a owl:TransitiveProperty , owl:SymmetricProperty , owl:AsymmetricProperty , owl:IrreflexiveProperty"
    ),
    "an inverse": next_to("owl:inverseOf ex:near"),
    "a property below the inverse of another": next_to("rdfs:subPropertyOf [ owl:inverseOf ex:near ]"),
    "a functional datatype property": count("a owl:FunctionalProperty"),
    "a domain and a range": count("rdfs:domain dcat:Resource ; rdfs:range xsd:nonNegativeInteger"),
    "a range of classes together": next_to("rdfs:range [ owl:intersectionOf ( ex:Farm geo:Feature ) ]"),
    "domain of an annotation": "ex:note a owl:AnnotationProperty ; rdfs:domain owl:Thing .",
    "a datatype of its own": "ex:size2 a rdfs:Datatype ; owl:equivalentClass xsd:decimal . "
    + count("rdfs:range ex:size2"),
    "an individual": "ex:mine a ex:Farm ; ex:near ex:yours ; owl:differentFrom ex:yours .",
    "a class without members": "ex:Barn a owl:Class ; rdfs:subClassOf owl:Nothing .",
    "notes": 'ex:Barn a owl:Class ; owl:deprecated true ; rdfs:label "barn"@en ; skos:closeMatch dcat:Dataset .',
}
WRONG = {
    "some value above": (superclass(f"{NEAR} ; owl:someValuesFrom ex:Farm"), BARN, "superclass, which OWL 2 RL allows"),
    "some value in a definition": (
        equivalent(f"{NEAR} ; owl:someValuesFrom ex:Farm"), BARN, "owl:someValuesFrom in an equivalent class",
    ),
    "some value deep in a definition": (
        equivalent(f"owl:intersectionOf ( ex:Farm [ {NEAR} ; owl:someValuesFrom ex:Farm ] )"), BARN, "turn the axiom",
    ),
    "all values in a definition": (equivalent(f"{NEAR} ; owl:allValuesFrom ex:Farm"), BARN, "in superclasses alone"),
    "a union above": (superclass("owl:unionOf ( ex:Farm ex:Field )"), BARN, "name the union as a class"),
    "a union within an intersection above": (
        superclass("owl:intersectionOf ( ex:Farm [ owl:unionOf ( ex:Farm ex:Field ) ] )"), BARN, "name the union",
    ),
    "members above": (superclass("owl:oneOf ( ex:one )"), BARN, "make a code scheme"),
    "itself above": (superclass(f"{NEAR} ; owl:hasSelf true"), BARN, "owl:hasSelf in a superclass, which OWL 2"),
    "itself below": (subclass(f"{NEAR} ; owl:hasSelf true"), BARN, "owl:hasSelf in a subclass, which OWL 2"),
    "all values below": (subclass(f"{NEAR} ; owl:allValuesFrom ex:Farm"), BARN, "owl:allValuesFrom in a subclass"),
    "a complement below": (subclass("owl:complementOf ex:Farm"), BARN, "owl:disjointWith instead"),
    "at most one below": (subclass(f"{SIZE} ; owl:maxCardinality 1"), BARN, "owl:maxCardinality in a subclass"),
    "at least one above": (superclass(f"{SIZE} ; owl:minCardinality 1"), BARN, "validation of records"),
    "exactly one above": (superclass(f"{SIZE} ; owl:cardinality 1"), BARN, "owl:cardinality in a superclass"),
    "at least one of a class": (
        superclass(f"{NEAR} ; owl:minQualifiedCardinality 1 ; owl:onClass ex:Farm"), BARN, "owl:minQualified",
    ),
    "exactly one of a class": (
        subclass(f"{NEAR} ; owl:qualifiedCardinality 1 ; owl:onClass ex:Farm"), BARN, "owl:qualified",
    ),
    "at most two": (superclass(f"{SIZE} ; owl:maxCardinality 2"), BARN, "maxCardinality 2 in a superclass"),
    "at most one thing": (superclass(f"{NEAR} ; owl:maxCardinality 1"), BARN, "by which engines merge individuals"),
    "facets": (
        superclass(f"{SIZE} ; owl:allValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
                   "owl:withRestrictions ( [ xsd:maxInclusive 5 ] ) ]"),
        BARN, "owl:withRestrictions in a superclass, a data range that OWL 2 RL does not have; bin the values",
    ),
    "facets in a range": (
        count("rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
              "owl:withRestrictions ( [ xsd:minInclusive 0 ] ) ]"),
        COUNT, "owl:withRestrictions in its range",
    ),
    "facets in a datatype": (
        "ex:Small a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
        "owl:withRestrictions ( [ xsd:minInclusive 0 ] ) ] .",
        "<https://example.org/site#Small>", "owl:withRestrictions in a datatype",
    ),
    "listed values": (
        count('rdfs:range [ a rdfs:Datatype ; owl:oneOf ( "a" "b" ) ]'), COUNT, "make a code scheme of the values",
    ),
    "a union of datatypes": (
        count("rdfs:range [ a rdfs:Datatype ; owl:unionOf ( xsd:integer xsd:string ) ]"), COUNT, "the wider datatype",
    ),
    "a complement of a datatype": (
        count("rdfs:range [ a rdfs:Datatype ; owl:datatypeComplementOf xsd:integer ]"), COUNT, "owl:datatypeComple",
    ),
    "a malformed data range": (count("rdfs:range [ a rdfs:Datatype ]"), COUNT, "malformed data range in its range"),
    "a date": (count("rdfs:range xsd:date"), COUNT, "xsd:date in its range, no datatype of OWL 2 RL; use one"),
    "a geometry": (count("rdfs:range geo:wktLiteral"), COUNT, "geo:wktLiteral in its range, no datatype"),
    "a real number": (count("rdfs:range owl:real"), COUNT, "owl#real> in its range, no datatype"),
    "some date below": (subclass(f"{SIZE} ; owl:someValuesFrom xsd:duration"), BARN, "xsd:duration in a subclass"),
    "a class as the range of data": (count("rdfs:range ex:Farm"), COUNT, "no datatype of OWL 2 RL"),
    "a datatype as the range of things": (next_to("rdfs:range xsd:string"), NEXT, "make the property a datatype prop"),
    "a union as domain": (next_to("rdfs:domain [ owl:unionOf ( ex:Farm ex:Field ) ]"), NEXT, "owl:unionOf in its"),
    "some value as range": (
        next_to(f"rdfs:range [ {NEAR} ; owl:someValuesFrom ex:Farm ]"), NEXT, "owl:someValuesFrom in its range",
    ),
    "everything as superclass": ("ex:Barn a owl:Class ; rdfs:subClassOf owl:Thing .", BARN, "owl:Thing in a super"),
    "everything as domain": (next_to("rdfs:domain owl:Thing"), NEXT, "owl:Thing in its domain"),
    "a disjoint union": (
        "ex:Barn a owl:Class ; owl:disjointUnionOf ( ex:Farm ex:Field ) .", BARN, "state subclasses and",
    ),
    "a complement among the disjoint": (
        "ex:Barn a owl:Class ; owl:disjointWith [ owl:complementOf ex:Farm ] .", BARN, "in a disjoint class",
    ),
    "a reflexive property": (next_to("a owl:ReflexiveProperty"), NEXT, "owl:ReflexiveProperty, which OWL 2"),
    "the property of everything": (
        next_to("rdfs:subPropertyOf owl:topObjectProperty"), NEXT, "to which OWL 2 RL gives no meaning",
    ),
    "the datum of nothing": (count("rdfs:subPropertyOf owl:bottomDataProperty"), COUNT, "owl:bottomDataProperty"),
    "everything in a restriction": (
        subclass("owl:onProperty owl:topObjectProperty ; owl:someValuesFrom ex:Farm"), BARN, "owl:topObjectProperty",
    ),
    "a type that says there is some": (
        f"ex:barn a [ {NEAR} ; owl:someValuesFrom ex:Farm ] .", "<https://example.org/site#barn>", "in its type",
    ),
    "a class that is no name": (
        "ex:Barn a owl:Class ; owl:unionOf ( ex:Farm ex:Field ) .", BARN, "say it in an owl:equivalentClass",
    ),
    "several properties at once": (
        superclass("owl:onProperties ( ex:size ex:count ) ; owl:allValuesFrom xsd:integer"), BARN, "owl:onProperties",
    ),
    "a key": ("ex:Barn a owl:Class ; owl:hasKey ( ex:size ) .", BARN, "by which engines merge individuals silently"),
    "a functional object property": (next_to("a owl:FunctionalProperty"), NEXT, "is a functional object property, by"),
    "an inverse functional property": (next_to("a owl:InverseFunctionalProperty"), NEXT, "owl:InverseFunctional"),
    "the same thing": ("ex:a a ex:Farm ; owl:sameAs ex:b .", "<https://example.org/site#a>", "say skos:exactMatch"),
    "a transitive datatype property": (count("a owl:TransitiveProperty"), COUNT, "which holds of object properties"),
    "an object and a datatype property": (
        "ex:next a owl:ObjectProperty , owl:DatatypeProperty .", NEXT, "make two of it",
    ),
    "a chain of one": (next_to("owl:propertyChainAxiom ( ex:near )"), NEXT, "property chain with fewer than two steps"),
    "an empty chain": (next_to("owl:propertyChainAxiom ( )"), NEXT, "property chain with fewer than two steps"),
    "a chain that ends in data": (next_to("owl:propertyChainAxiom ( ex:near ex:size )"), NEXT, "the datatype"),
    "a chain without an end": (
        next_to("owl:propertyChainAxiom [ rdf:first ex:near ; rdf:rest [ rdf:first ex:near ] ]"), NEXT, "malformed",
    ),
    "a list in a circle": (
        superclass("owl:intersectionOf _:l") + " _:l rdf:first ex:Farm ; rdf:rest _:l .", BARN, "malformed list",
    ),
    "a list with two firsts": (
        superclass("owl:intersectionOf [ rdf:first ex:Farm , ex:Field ; rdf:rest ( ex:Farm ) ]"), BARN, "malformed",
    ),
    "a union of one": (subclass("owl:unionOf ( ex:Farm )"), BARN, "with two or more members"),
    "one disjoint class": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:Barn ) . ex:Barn a owl:Class .", BARN, "with a malformed list",
    ),
    "a class built from itself": (
        superclass("owl:complementOf _:c") + " _:c owl:unionOf ( ex:Farm _:c ) .", BARN, "built from itself",
    ),
    "a restriction that says nothing": (superclass(f"a owl:Restriction ; {NEAR}"), BARN, "give it one constructor"),
    "a restriction of two kinds": (
        superclass(f"{NEAR} ; owl:hasValue ex:a ; owl:allValuesFrom ex:Farm"), BARN, "give it one constructor",
    ),
    "a restriction of no property": (superclass("owl:hasValue ex:a"), BARN, "without its one owl:onProperty"),
    "a text as superclass": ('ex:Barn a owl:Class ; rdfs:subClassOf "Farm" .', BARN, "name a class there"),
    "a word that OWL lacks": ("ex:Barn a owl:Class ; owl:subClassOf ex:Farm .", BARN, "owl:subClassOf, which is"),
    "a kind that OWL lacks": ("ex:next a owl:TransitiveProprty .", NEXT, "owl:TransitiveProprty, which is no term"),
    "a superclass misspelt": (
        "ex:Barn a owl:Class ; rdfs:subClassOf orr:Scenes .", BARN, "orr:Scenes in a superclass, which no",
    ),
    "a property misspelt": (
        subclass("owl:onProperty orr:aquiredBy ; owl:someValuesFrom ex:Farm"), BARN, "declares as a property; correct",
    ),
    "a step misspelt": (next_to("owl:propertyChainAxiom ( ex:near orr:mountdOn )"), NEXT, "orr:mountdOn in a property"),
    "a statement misspelt": (
        "ex:mine a ex:Farm ; orr:withinUnits ex:yours .", "<https://example.org/site#mine>", "in what it says",
    ),
    "a class of another vocabulary": (
        "dcat:Dataset rdfs:subClassOf ex:Farm .", "dcat:Dataset", "somebody else's term; say it of",
    ),
    "a domain for another vocabulary": ("skos:broader rdfs:domain ex:Farm .", "skos:broader", "somebody else's term"),
    "a range for another vocabulary": ("skos:broader rdfs:range ex:Farm .", "skos:broader", "somebody else's term"),
    "a chain for another vocabulary": (
        "skos:broader owl:propertyChainAxiom ( ex:near ex:near ) .", "skos:broader", "somebody else's term",
    ),
    "a characteristic for another vocabulary": (
        "skos:broader a owl:TransitiveProperty .", "skos:broader", "somebody else's term",
    ),
    "an equal in another vocabulary": (
        "ex:Barn a owl:Class ; owl:equivalentClass dcat:Dataset .", BARN, "about dcat:Dataset, somebody",
    ),
    "a stranger among the disjoint": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:Barn dcat:Dataset ) . ex:Barn a owl:Class .",
        BARN, "about dcat:Dataset, somebody",
    ),
    "an axiom about strangers alone": (
        "[ owl:unionOf ( dcat:Dataset geo:Feature ) ] rdfs:subClassOf ex:Barn .", BARN, "of other vocabularies alone",
    ),
    "a class that nobody declares": ("ex:Lost rdfs:subClassOf ex:Farm .", LOST, "correct the name or declare it"),
    "a term that is not ours yet": ("orr:Barn rdfs:subClassOf orr:Scene .", "orr:Barn", "which no module declares"),
}  # fmt: skip


def site(folder: Path, body: str) -> Path:
    (folder / "site.ttl").write_text(HEADER + body + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_an_axiom_of_owl_2_rl_is_taken(tmp_path: Path, body: str) -> None:
    ontology = load_ontology(site(tmp_path, body))
    assert [module.place for module in ontology.modules[len(MODULES) :]] == [str(tmp_path / "site.ttl")]


@pytest.mark.parametrize(("body", "term", "phrase"), WRONG.values(), ids=WRONG)
def test_an_axiom_that_is_not_allowed_is_named_with_its_remedy(
    tmp_path: Path, body: str, term: str, phrase: str
) -> None:
    with pytest.raises(OntologyInvalid) as caught:
        load_ontology(site(tmp_path, body))
    assert str(caught.value).startswith(f"{tmp_path / 'site.ttl'} line {FIRST_LINE}: {term} ")
    assert phrase in str(caught.value)
    assert "; " in str(caught.value)


def test_a_fault_is_found_on_the_line_where_its_term_is_described(tmp_path: Path) -> None:
    body = "ex:Shed a owl:Class .\n\nex:Barn a owl:Class ;\n    rdfs:subClassOf owl:Thing ."
    with pytest.raises(OntologyInvalid) as caught:
        load_ontology(site(tmp_path, body))
    assert str(caught.value) == (
        f"{tmp_path / 'site.ttl'} line {FIRST_LINE + 2}: {BARN} has owl:Thing in a superclass, "
        "which OWL 2 RL does not allow; leave it out, as all things are that"
    )


def test_every_fault_of_a_module_is_found() -> None:
    body = "ex:Barn a owl:Class ; rdfs:subClassOf owl:Thing ; owl:hasKey ( ex:size ) . ex:a owl:sameAs ex:b ."
    module = tuple(turtle_triples(HEADER + body))
    assert {fault.term.partition("#")[2] for fault in faults(module, module)} == {"Barn", "a"}
    assert len(list(faults(module, module))) == 3


def test_no_declared_term_of_another_vocabulary_is_taken_for_ours() -> None:
    declared = {t.subject.value for t in turtle_triples(module_text("external")) if isinstance(t.subject, ox.NamedNode)}
    assert {iri for iri in declared if not iri.startswith(OTHERS)} == {"https://w3id.org/orrery/ontology/external"}


def test_our_modules_have_no_fault() -> None:
    ontology = packaged()
    assert [fault for module in ontology.modules for fault in faults(module.triples, ontology.triples)] == []


def test_all_modules_are_looked_through_in_a_twentieth_of_a_second() -> None:
    ontology = packaged()
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        assert not any(fault for module in ontology.modules for fault in faults(module.triples, ontology.triples))
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.05

"""Every term that code names is in the OWL modules, and every term there is complete and keeps the rules."""

from collections import Counter
from graphlib import TopologicalSorter

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import terms
from ontology.loader import ontology_triples, published_iris
from ontology.records import Record
from ontology.shapes import terms_written
from ontology.triples import statements
from tests.ontology import vocabulary as v
from tests.ontology.record_strategies import STORED_CLASSES, records_of

NAMED_IN_CODE = sorted(
    value
    for value in vars(terms).values()
    if isinstance(value, str) and value.startswith((terms.ORR, terms.CODE)) and value not in (terms.ORR, terms.CODE)
)
OWN = (terms.ORR, terms.CODE, v.ONTOLOGY_BASE, "https://w3id.org/orrery/id/")
FOREIGN = (terms.DCAT, terms.DCTERMS, terms.GEO, terms.PROV, terms.RDF, terms.RDFS, terms.SKOS)
LANGUAGES = ["de", "en", "es", "fr", "it"]
RL_WORDS = {
    "AllDisjointClasses", "AnnotationProperty", "Class", "DatatypeProperty", "ObjectProperty", "Ontology",
    "TransitiveProperty", "disjointWith", "imports", "inverseOf", "members", "propertyChainAxiom", "versionIRI",
    "versionInfo",
}  # fmt: skip
"""All that the modules use of OWL: each within OWL 2 RL, none a key, a facet or a cardinality."""
ABROAD = {terms.DCAT + name: {terms.DCAT + "Dataset", terms.DCAT + "Resource"} for name in ("Dataset", "DatasetSeries")}
"""What DCAT 3 itself says above the classes that ours descend from."""
RL_DATATYPES = {terms.XSD + name for name in ("string", "decimal", "integer", "dateTime", "anyURI")}


@pytest.mark.parametrize("iri", NAMED_IN_CODE)
def test_a_term_that_code_names_is_declared(iri: str) -> None:
    assert iri in published_iris()


def test_what_records_write_is_declared_or_foreign() -> None:
    own = {iri for iri in terms_written() if not iri.startswith(FOREIGN)}
    assert own <= {*v.classes(), *v.properties()}


@pytest.mark.parametrize("iri", [*v.classes(), *v.properties(), *v.instances(v.ANNOTATION_PROPERTY)])
def test_a_term_has_a_definition_a_source_and_a_module(iri: str) -> None:
    assert v.languages(iri, v.DEFINITION) == ["en"]
    assert len(v.values(iri, v.SOURCE)) == 1
    assert v.values(iri, v.IS_DEFINED_BY)[0] in v.instances(v.OWL + "Ontology")
    assert "en" in v.languages(iri, terms.LABEL)


@pytest.mark.parametrize("iri", v.classes())
def test_a_class_has_a_label_in_five_languages(iri: str) -> None:
    assert v.languages(iri, terms.LABEL) == LANGUAGES


@pytest.mark.parametrize("iri", [*v.codes(), *v.instances(v.CONCEPT_SCHEME)])
def test_a_code_has_a_name_in_five_languages_a_definition_and_a_source(iri: str) -> None:
    assert v.languages(iri, terms.PREF_LABEL) == LANGUAGES
    assert v.languages(iri, v.DEFINITION) == ["en"]
    assert len(v.values(iri, v.SOURCE)) == 1
    assert v.values(iri, v.IS_DEFINED_BY) == [v.ONTOLOGY_BASE + "codes"]


@pytest.mark.parametrize("iri", v.properties())
def test_a_property_has_one_domain_one_range_and_one_kind_of_metadata(iri: str) -> None:
    assert len(v.values(iri, v.DOMAIN)) == 1
    assert len(v.values(iri, v.RANGE)) == 1
    assert [kind in v.codes() for kind in v.values(iri, v.METADATA_KIND)] == [True]


@pytest.mark.parametrize("iri", v.properties())
def test_codes_have_a_scheme_and_measures_a_unit(iri: str) -> None:
    (range_,) = v.values(iri, v.RANGE)
    schemes, units = v.values(iri, v.CODE_SCHEME), v.values(iri, v.HAS_UNIT)
    assert (range_ == terms.CONCEPT) == bool(schemes)
    assert set(schemes) <= set(v.instances(v.CONCEPT_SCHEME))
    assert units or range_ != terms.DECIMAL


def test_labels_of_terms_are_told_apart_in_every_language() -> None:
    triples = [t for t in ontology_triples() if t.predicate.value == terms.LABEL and isinstance(t.object, ox.Literal)]
    labels = Counter(t.object for t in triples if t.subject in {ox.NamedNode(iri) for iri in v.classes()})
    assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize("relation", [v.SUBCLASS_OF, v.SUBPROPERTY_OF])
def test_no_term_is_above_itself(relation: str) -> None:
    tree = {iri: v.values(iri, relation) for iri in [*v.classes(), *v.properties()]}
    assert len(list(TopologicalSorter(tree).static_order())) >= len(tree)


def test_every_class_descends_from_another_vocabulary() -> None:
    assert [iri for iri in v.classes() if v.ancestors(iri, v.SUBCLASS_OF) <= set(v.classes())] == []


def test_only_own_terms_are_described() -> None:
    subjects = {t.subject.value for t in ontology_triples() if isinstance(t.subject, ox.NamedNode)}
    assert {iri for iri in subjects if not iri.startswith(OWN)} == set()


def test_only_own_terms_are_said_to_be_disjoint() -> None:
    query = """
        PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?class WHERE { { [] owl:members/rdf:rest*/rdf:first ?class } UNION { [] owl:disjointWith ?class } }"""
    disjoint = {row["class"].value for row in v.graph().query(query)}  # type: ignore[union-attr]  # a SELECT
    assert disjoint <= set(v.classes())


def test_the_modules_stay_within_owl_2_rl() -> None:
    nodes = {node for t in ontology_triples() for node in (t.predicate, t.object) if isinstance(node, ox.NamedNode)}
    assert {n.value.removeprefix(v.OWL) for n in nodes if n.value.startswith(v.OWL)} <= RL_WORDS
    assert {v.values(iri, v.RANGE)[0] for iri in v.instances(v.DATATYPE_PROPERTY)} <= RL_DATATYPES


def test_a_domain_is_at_least_as_wide_as_that_of_every_narrower_property() -> None:
    for iri in v.properties():
        for parent in set(v.values(iri, v.SUBPROPERTY_OF)) & set(v.properties()):
            for relation in (v.DOMAIN, v.RANGE):
                assert v.values(parent, relation)[0] in v.ancestors(v.values(iri, relation)[0], v.SUBCLASS_OF)


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_record_writes_fits_domain_and_range(record_class: type, data: st.DataObject) -> None:
    record: Record = data.draw(records_of(record_class, complete=True))
    triples = _parsed(record)
    types: dict[str, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == terms.TYPE:
            own = v.ancestors(value.value, v.SUBCLASS_OF)
            types.setdefault(subject, set()).update(own.union(*(ABROAD.get(iri, ()) for iri in own)))
    for subject, predicate, value in triples:
        if predicate in v.properties():
            assert v.values(predicate, v.DOMAIN)[0] in types[subject]
            if isinstance(value, ox.Literal):
                assert v.values(predicate, v.RANGE) == [value.datatype.value]
            elif value.value.startswith(record.iri + "#"):
                assert v.values(predicate, v.RANGE)[0] in types[value.value]


def _parsed(record: Record) -> list[tuple[str, str, ox.NamedNode | ox.Literal]]:
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in statements(record))
    parsed = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    return [(t.subject.value, t.predicate.value, t.object) for t in parsed]

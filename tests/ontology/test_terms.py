"""Every term that code names is in the OWL modules, and every term there is complete and keeps the rules."""

import re
from collections import Counter
from importlib.resources import files

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import terms
from ontology.loader import module_text, ontology_triples, published_iris, turtle_triples
from ontology.records import Record
from ontology.related import Related
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
FOREIGN = (terms.DCAT, terms.DCTERMS, terms.GEO, terms.PROV, terms.RDF, terms.RDFS, terms.SKOS, terms.SOSA)
LANGUAGES = ["de", "en", "es", "fr", "it"]
ABROAD = {terms.DCAT + name: {terms.DCAT + "Dataset", terms.DCAT + "Resource"} for name in ("Dataset", "DatasetSeries")}
"""What DCAT 3 itself says above the classes that ours descend from."""
UNIT_BESIDE = {terms.MEASURED_VALUE}
"""Measures whose unit differs from one observation to the next and stands beside the value."""
D31_ITEMS = {
    "parcel boundaries": (terms.HAS_PARCEL, terms.HAS_DEFAULT_GEOMETRY),
    "agricultural coverage": (terms.AGRICULTURAL_COVERAGE,),
    "cloud-free agricultural coverage": (terms.CLOUD_FREE_AGRICULTURAL_COVERAGE,),
    "reference water mask": (terms.HAS_REFERENCE_WATER_MASK,),
    "surface of permanent water": (terms.PERMANENT_WATER_SURFACE,),
    "observed water bodies": (terms.HAS_OBSERVED_WATER_MASK,),
    "surface of observed water bodies": (terms.OBSERVED_WATER_SURFACE,),
    "water extent anomaly score": (terms.HAS_WATER_ANOMALY, terms.WATER_EXTENT_ANOMALY_SCORE),
    "anomaly type": (terms.HAS_WATER_ANOMALY, terms.ANOMALY_TYPE),
    "delineated anomaly": (terms.HAS_WATER_ANOMALY, terms.HAS_DEFAULT_GEOMETRY),
}
"""The metadata that deliverable D3.1 of the DaFab project lists, each by its path from a scene."""


@pytest.mark.parametrize("iri", NAMED_IN_CODE)
def test_a_term_that_code_names_is_declared(iri: str) -> None:
    assert iri in published_iris()


def test_what_records_write_is_declared_or_foreign() -> None:
    own = {iri for iri in terms_written() if not iri.startswith(FOREIGN)}
    assert own <= {*v.classes(), *v.properties()}


@pytest.mark.parametrize("iri", [*v.classes(), *v.properties(), *v.own(v.instances(v.ANNOTATION_PROPERTY))])
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
    assert (terms.CONCEPT in v.ancestors(range_, v.SUBCLASS_OF)) == bool(schemes)
    assert set(schemes) <= set(v.instances(v.CONCEPT_SCHEME))
    assert units or range_ != terms.DECIMAL or iri in UNIT_BESIDE


@pytest.mark.parametrize("item", D31_ITEMS)
def test_an_item_of_the_unified_metadata_catalogue_is_reached_from_a_scene(item: str) -> None:
    reached = {terms.SCENE} | v.ancestors(terms.SCENE, v.SUBCLASS_OF)
    for step in D31_ITEMS[item]:
        domains, ranges = v.values(step, v.DOMAIN), v.values(step, v.RANGE)
        assert set(domains or [terms.GEO + "Feature"]) <= reached
        reached = {one for range_ in ranges for one in v.ancestors(range_, v.SUBCLASS_OF)}
    assert set(D31_ITEMS[item]) <= terms_written()


def test_what_is_never_stated_is_never_written() -> None:
    described = {iri: v.text_in(iri, v.DEFINITION, "en") for iri in [*v.classes(), *v.properties()]}
    inferred = {iri for iri, definition in described.items() if "never state" in definition}
    assert inferred >= {terms.FLOOD_SCENE, terms.DROUGHT_SCENE, terms.CLOUD_FREE_SCENE, terms.HAS_ANOMALY_TYPE}
    assert inferred & terms_written() == set()


def test_the_changelog_names_every_term_and_every_scheme() -> None:
    named = set(re.findall(r"\w+", files("ontology").joinpath("CHANGELOG.md").read_text(encoding="utf-8")))
    own = [*v.classes(), *v.properties(), *v.own(v.instances(v.ANNOTATION_PROPERTY)), *v.instances(v.CONCEPT_SCHEME)]
    assert [iri for iri in own if re.split("[#/]", iri)[-1] not in named] == []


def test_the_changelog_has_a_section_for_the_version_of_the_modules() -> None:
    versions = {v.values(iri, v.OWL + "versionInfo")[0] for iri in v.instances(v.OWL + "Ontology")}
    sections = re.findall(r"^## (\S+)", files("ontology").joinpath("CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert versions == {sections[0]}


def test_labels_of_terms_are_told_apart_in_every_language() -> None:
    triples = [t for t in ontology_triples() if t.predicate.value == terms.LABEL and isinstance(t.object, ox.Literal)]
    labels = Counter(t.object for t in triples if t.subject in {ox.NamedNode(iri) for iri in v.classes()})
    assert [label for label, count in labels.items() if count > 1] == []


def test_only_own_terms_are_described() -> None:
    subjects = {t.subject.value for t in ontology_triples() if isinstance(t.subject, ox.NamedNode)}
    # What kind of term one of another vocabulary is, OWL 2 wants to be told (tests/ontology/test_loader.py).
    others = {t.subject.value for t in turtle_triples(module_text("external")) if isinstance(t.subject, ox.NamedNode)}
    assert {iri for iri in subjects - others if not iri.startswith(OWN)} == set()


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_record_writes_fits_domain_and_range(record_class: type, data: st.DataObject) -> None:
    record: Record | Related = data.draw(records_of(record_class, complete=True))
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


def _parsed(record: Record | Related) -> list[tuple[str, str, ox.NamedNode | ox.Literal]]:
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in statements(record))
    parsed = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    return [(t.subject.value, t.predicate.value, t.object) for t in parsed]

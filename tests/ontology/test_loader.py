"""The modules are read whole, import one another in order, and say where they are broken."""

from collections.abc import Iterator
from importlib.resources import files

import pyoxigraph as ox
import pytest
import rdflib

from ontology import loader
from ontology.loader import MODULES, OntologyInvalid, module_text, ontology_triples, published_iris
from tests.ontology import vocabulary as v

IMPORTS = v.OWL + "imports"


@pytest.fixture
def _fresh_cache() -> Iterator[None]:
    ontology_triples.cache_clear()
    yield
    ontology_triples.cache_clear()


def test_rdflib_reads_as_many_triples_as_pyoxigraph() -> None:
    read = [len(rdflib.Graph().parse(data=module_text(name), format="turtle")) for name in MODULES]
    assert sum(read) == len(ontology_triples())


def test_no_triple_is_said_twice() -> None:
    assert len(set(ontology_triples())) == len(ontology_triples())


def test_every_module_is_loaded() -> None:
    published = {path.name for path in files("ontology").iterdir() if path.name.endswith(".ttl")}
    assert published == {f"{name}.ttl" for name in MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_a_versioned_licensed_header(name: str) -> None:
    iri = v.ONTOLOGY_BASE + name
    assert iri in v.instances(v.OWL + "Ontology")
    (version,) = v.values(iri, v.OWL + "versionInfo")
    assert v.values(iri, v.OWL + "versionIRI") == [f"{iri}/{version}"]
    assert v.values(iri, "http://purl.org/dc/terms/license") == ["https://creativecommons.org/licenses/by/4.0/"]
    required = ("title", "description", "creator", "created", "modified")
    assert all(len(v.values(iri, "http://purl.org/dc/terms/" + word)) == 1 for word in required)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_imports_comes_before_it(name: str) -> None:
    earlier = {v.ONTOLOGY_BASE + module for module in MODULES[: MODULES.index(name)]}
    assert set(v.values(v.ONTOLOGY_BASE + name, IMPORTS)) <= earlier


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_every_module_whose_terms_it_builds_on(name: str) -> None:
    iri = v.ONTOLOGY_BASE + name
    notes = {v.METADATA_KIND, v.CODE_SCHEME, v.IS_DEFINED_BY}
    parsed = [q.triple for q in ox.parse(module_text(name), format=ox.RdfFormat.TURTLE)]
    named = {t.object.value for t in parsed if isinstance(t.object, ox.NamedNode) and t.predicate.value not in notes}
    used = {home for term in named for home in v.values(term, v.IS_DEFINED_BY)}
    assert used <= v.ancestors(iri, IMPORTS)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_defines_what_it_describes(name: str) -> None:
    parsed = [q.triple for q in ox.parse(module_text(name), format=ox.RdfFormat.TURTLE)]
    described = {t.subject.value for t in parsed if isinstance(t.subject, ox.NamedNode)} - {v.ONTOLOGY_BASE + name}
    assert {home for term in described for home in v.values(term, v.IS_DEFINED_BY)} == {v.ONTOLOGY_BASE + name}
    assert described <= published_iris()


@pytest.mark.usefixtures("_fresh_cache")
def test_a_module_that_is_not_turtle_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "module_text", lambda name: "<a:s> <a:p> <a:o> .\n<a:s> a\n")
    with pytest.raises(OntologyInvalid, match=r"ontology/core\.ttl: .*line [23]"):
        ontology_triples()

"""The modules are read whole, import one another in order, and say where they are broken."""

import re
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from ontology import terms
from ontology.loader import (
    MODULES,
    OntologyInvalid,
    line_of,
    load_ontology,
    module_text,
    ontology_triples,
    packaged,
    published_iris,
    turtle_triples,
)
from tests.ontology import vocabulary as v

IMPORTS = v.OWL + "imports"


DEFINING = [name for name in MODULES if name not in ("external", "alignment")]
"""Modules with terms of ours."""
SITE = "https://example.org/site"
PREFIXES = """\
@prefix ex: <https://example.org/site#> .
@prefix orr: <https://w3id.org/orrery/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(PREFIXES + "\n" + text, encoding="utf-8")
    return folder / name


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
    # A code in one of these is a value, about which nothing is said: the codes need not be there.
    notes = {v.METADATA_KIND, v.CODE_SCHEME, v.IS_DEFINED_BY, v.OWL + "hasValue"}
    parsed = [q.triple for q in ox.parse(module_text(name), format=ox.RdfFormat.TURTLE)]
    named = {t.object.value for t in parsed if isinstance(t.object, ox.NamedNode) and t.predicate.value not in notes}
    used = {home for term in named for home in v.values(term, v.IS_DEFINED_BY)}
    assert used <= v.ancestors(iri, IMPORTS)


@pytest.mark.parametrize("name", DEFINING)
def test_a_module_defines_what_it_describes(name: str) -> None:
    parsed = [q.triple for q in ox.parse(module_text(name), format=ox.RdfFormat.TURTLE)]
    described = {t.subject.value for t in parsed if isinstance(t.subject, ox.NamedNode)} - {v.ONTOLOGY_BASE + name}
    assert {home for term in described for home in v.values(term, v.IS_DEFINED_BY)} == {v.ONTOLOGY_BASE + name}
    assert described <= published_iris()


def test_of_terms_of_others_we_say_what_kind_they_are_and_no_more() -> None:
    own = ox.NamedNode(v.ONTOLOGY_BASE + "external")
    said = [triple for triple in turtle_triples(module_text("external")) if triple.subject != own]
    assert {triple.predicate.value for triple in said} == {terms.TYPE}
    assert len({triple.subject for triple in said}) == len(said)


def test_the_alignment_describes_what_other_modules_define() -> None:
    described = {
        t.subject.value for t in turtle_triples(module_text("alignment")) if isinstance(t.subject, ox.NamedNode)
    }
    homes = {iri: v.values(iri, v.IS_DEFINED_BY) for iri in described - {v.ONTOLOGY_BASE + "alignment"}}
    defining = {v.ONTOLOGY_BASE + name for name in DEFINING}
    assert {iri: found for iri, found in homes.items() if len(found) != 1 or not defining.issuperset(found)} == {}


def test_the_modules_of_a_folder_come_after_ours_by_name(tmp_path: Path) -> None:
    written(tmp_path, "b.ttl", f"<{SITE}/b> a owl:Ontology ; owl:versionInfo '3' ; owl:imports <{SITE}/a> .")
    written(tmp_path, "a.ttl", f"<{SITE}/a> a owl:Ontology .")
    written(tmp_path, ".hidden.ttl", "not Turtle")
    written(tmp_path, "notes.md", "# Notes")
    ontology = load_ontology(tmp_path)
    assert ontology.modules[: len(MODULES)] == packaged().modules
    added = ontology.modules[len(MODULES) :]
    assert [(one.iri, one.version) for one in added] == [(f"{SITE}/a", None), (f"{SITE}/b", "3")]
    assert len(ontology.triples) == len(packaged().triples) + 4
    assert ontology.text.endswith(added[-1].text)


def test_without_a_folder_there_are_our_modules_alone() -> None:
    assert load_ontology() is packaged()
    assert [module.iri for module in packaged().modules] == [v.ONTOLOGY_BASE + name for name in MODULES]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("ex:a ex:b ex:c .\nex:a ex:b\n", "line 7, column 1"),
        ("ex:a ex:b ex:c .\nex:a other:b ex:c .\n", "line 6, column 6"),
        ('ex:a ex:b "no end .\n', "line 5, column 11"),
    ],
)
def test_what_is_not_turtle_is_named_with_line_and_column(tmp_path: Path, text: str, position: str) -> None:
    place = written(tmp_path, "site.ttl", text)
    with pytest.raises(OntologyInvalid, match=rf"^{re.escape(str(place))} {position}: is not Turtle: "):
        load_ontology(tmp_path)


def test_an_import_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    place = written(tmp_path, "site.ttl", f"<{SITE}> a owl:Ontology ;\n    owl:imports <{SITE}/lost> .")
    with pytest.raises(OntologyInvalid) as caught:
        load_ontology(tmp_path)
    assert str(caught.value) == (
        f"{place} line 6: <{SITE}/lost> is imported, and no module here has this IRI; add its file"
    )


def test_a_fault_is_named_with_file_line_and_term(tmp_path: Path) -> None:
    place = written(tmp_path, "site.ttl", "\norr:cloudCover a owl:InverseFunctionalProperty .")
    with pytest.raises(OntologyInvalid, match=rf"^{re.escape(str(place))} line 6: orr:cloudCover is an owl:Inverse"):
        load_ontology(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyInvalid, match="lost: cannot be read as a folder of ontology modules"):
        load_ontology(tmp_path / "lost")


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    place = written(tmp_path, "site.ttl", "")
    with pytest.raises(OntologyInvalid, match=r"site\.ttl: cannot be read as a folder"):
        load_ontology(place)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.ttl").write_bytes(b"\xff\xfe")
    with pytest.raises(OntologyInvalid, match=r"cannot be read as a folder of ontology modules: .*utf-8"):
        load_ontology(tmp_path)


@pytest.mark.parametrize(
    ("iri", "line"),
    [("https://example.org/site#Barn", 4), ("https://example.org/site#Farm", 2), ("https://example.org/none", 1)],
)
def test_a_term_is_found_where_it_is_described_or_named_first(iri: str, line: int) -> None:
    text = """@prefix ex: <https://example.org/site#> .
ex:BarnOwl ex:of ex:Farm ;
    ex:in ex:Barn .
ex:Barn ex:of ex:Farm .
"""
    assert line_of(text, iri) == line

"""What docs/reasoning.md says of the inferences."""

from pathlib import Path

from graph_service.reasoning.program import program_of
from graph_service.reasoning.reasoner import Reasoner
from ontology.loader import load_ontology, packaged
from ontology.prefixed import prefixed
from tests.docs.pages import DOCS, blocks, section
from tests.graph_service.builders import open_catalogue, scene_of
from tests.graph_service.inference import MODEL, inferred, run, water, write, wrong

PAGE = DOCS / "reasoning.md"


def test_everything_that_is_inferred_has_a_row_and_nothing_else() -> None:
    rows = [line.split("|") for line in section(PAGE, "What is inferred").splitlines() if line.startswith("|")][2:]
    written = {prefixed(key.removeprefix("a ").strip("<>")) for key in program_of(packaged()).written}
    assert {row[2].strip(" `") for row in rows} == written


def test_the_module_of_a_site_is_one(tmp_path: Path) -> None:
    (text,) = blocks(PAGE, "turtle")
    (tmp_path / "site.ttl").write_text(text)
    ontology = load_ontology(tmp_path)
    catalogue = open_catalogue(tmp_path)
    catalogue.reasoner = Reasoner(ontology)
    product = scene_of("S1", derived_from=(water().iri,))
    write(catalogue, MODEL, water(run=run(MODEL.iri)), product, scene_of("S2", derived_from=(product.iri,)))
    assert ("a", "WetScene") in inferred(catalogue, water().iri)
    assert inferred(catalogue, product.iri) == {("originModel", "1")}
    assert inferred(catalogue, scene_of("S2").iri) == {("originModel", "1")}
    assert wrong(catalogue, (), ontology) == []
    catalogue.close()

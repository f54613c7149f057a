"""The facets and the terms that declare them."""

import pyoxigraph as ox
import pytest

from graph_service.views.ontology.statements import statements_of
from graph_service.views.trees.facets import FACETS, Facet
from graph_service.views.trees.layout import branch_file, item_file, relative_href
from ontology import terms
from ontology.identifiers import BASE
from ontology.loader import packaged


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.name)
def test_facet_is_declared_by_a_defined_term(facet: Facet) -> None:
    statements = statements_of(packaged().triples)
    assert statements.text(ox.NamedNode(facet.term), terms.DEFINITION)


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.name)
def test_values_are_codes_or_things_that_an_item_is_known_to_name(facet: Facet) -> None:
    assert facet.prefix is None or facet.prefix.startswith((terms.CODE, BASE))


def test_branches_stand_below_one_another() -> None:
    assert branch_file(()) == "catalog.json"
    assert branch_file(("collections", "a/b")) == "collections/a~2Fb/collection.json"
    assert branch_file(("sensors", "sentinel-2", "c", "2025")) == "sensors/sentinel-2/c/2025/catalog.json"
    assert item_file("c", "i 1") == "collections/c/items/i~201.json"


def test_files_lead_to_one_another() -> None:
    assert relative_href("catalog.json", "collections/c/collection.json") == "../../catalog.json"
    assert relative_href("collections/c/items/i.json", "collections/c/collection.json") == "./items/i.json"
    assert relative_href("collections/c/collection.json", "catalog.json") == "./collections/c/collection.json"

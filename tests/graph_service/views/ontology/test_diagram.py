"""Class diagrams: superclasses to the left, nothing on top of anything else."""

from itertools import combinations, pairwise

import pytest

from graph_service.views.ontology.diagram import Diagram, diagram_of, layers
from graph_service.views.ontology.names import Reference
from graph_service.views.ontology.page import page_of
from ontology.loader import packaged

PAGE = page_of(packaged())
DRAWN = {part.name: part.diagram for part in PAGE.modules if part.diagram is not None} | {"modules": PAGE.overview}


def drawn(parents: dict[str, list[str]]) -> Diagram:
    found = diagram_of(parents, lambda iri: Reference(iri, f"#{iri}", iri), lambda _: "own", "a test")
    assert found is not None
    return found


def test_layers_are_the_generations_of_a_hierarchy() -> None:
    parents = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "a"]}
    assert layers(parents) == [["a"], ["b", "c"], ["d"]]


def test_what_is_below_stands_to_the_right() -> None:
    boxes = {box.name.text: box for box in drawn({"a": [], "b": ["a"], "c": ["b", "a"]}).boxes}
    assert boxes["a"].x + boxes["a"].width < boxes["b"].x
    assert boxes["b"].x + boxes["b"].width < boxes["c"].x


def test_a_parent_stands_in_the_middle_of_its_children() -> None:
    boxes = {box.name.text: box for box in drawn({"a": [], "b": ["a"], "c": ["a"], "d": ["a"]}).boxes}
    assert boxes["a"].middle == boxes["c"].middle


def test_nothing_is_drawn_of_nothing() -> None:
    assert diagram_of({}, lambda iri: Reference(iri, "", iri), lambda _: "own", "") is None


@pytest.mark.parametrize("name", DRAWN)
def test_boxes_do_not_overlap_and_lie_within_the_drawing(name: str) -> None:
    diagram = DRAWN[name]
    assert diagram is not None
    for one, other in combinations(diagram.boxes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or abs(one.y - other.y) >= diagram.box
    assert all(0 <= box.x <= box.x + box.width <= diagram.width for box in diagram.boxes)
    assert all(0 <= box.y <= box.y + diagram.box <= diagram.height for box in diagram.boxes)


def test_classes_of_the_module_others_and_foreign_ones_are_told_apart() -> None:
    water = DRAWN["water"]
    assert water is not None
    manners = {box.name.text: box.manner for box in water.boxes}
    assert (manners["FloodScene"], manners["Scene"], manners["prov:Entity"]) == ("own", "other", "foreign")


def test_columns_are_ordered_by_what_they_are_joined_to() -> None:
    parents = {"p": [], "q": [], "x": ["q"], "y": ["p"]}
    boxes = drawn(parents).boxes
    heights = [[box.y for name in pair for box in boxes if box.name.text == name] for pair in (("p", "y"), ("q", "x"))]
    assert all(one == other for pair in heights for one, other in pairwise(pair))

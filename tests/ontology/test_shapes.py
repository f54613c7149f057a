"""The table of shapes keeps to the domains and ranges that the modules give to the properties."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ontology import terms
from ontology.literals import DECIMAL, DOCUMENT, INTEGER, IRI, TEXT, TIME, URI
from ontology.properties import Footprint, Inline, Owned, Shape, Value
from ontology.shapes import TOP_LEVEL
from tests.ontology import vocabulary as v

ABOVE_IN_DCAT = {
    terms.DCAT + name: {terms.DCAT + "Dataset", terms.DCAT + "Resource"} for name in ("Dataset", "DatasetSeries")
}
"""What DCAT 3 itself says above the classes that ours descend from."""
DATATYPES = [
    (TEXT, terms.STRING), (URI, terms.ANY_URI), (INTEGER, terms.INTEGER), (DECIMAL, terms.DECIMAL),
    (TIME, terms.DATE_TIME),
]  # fmt: skip


def _with_parts(shape: Shape, owner: Shape | None = None) -> Iterator[Shape]:
    """A shape and those of its parts; an inline group has the classes of its owner."""
    stated = shape if owner is None else replace(shape, types=owner.types, kinds=owner.kinds)
    yield stated
    for prop in shape.properties:
        if isinstance(prop, Owned | Inline):
            yield from _with_parts(prop.shape, stated if isinstance(prop, Inline) else None)


ALL = {shape.record.__name__: shape for top in TOP_LEVEL for shape in _with_parts(top)}
VALUES = [
    pytest.param(shape, prop, id=f"{name}-{prop.field}")
    for name, shape in ALL.items()
    for prop in shape.properties
    if isinstance(prop, Value | Owned) and prop.term.startswith(terms.ORR)
]
LOCATED = [shape for shape in ALL.values() if any(isinstance(prop, Footprint) for prop in shape.properties)]


def _closure(*classes: str) -> set[str]:
    own = set[str]().union(*(v.ancestors(iri, v.SUBCLASS_OF) for iri in classes))
    return own.union(*(ABOVE_IN_DCAT.get(iri, ()) for iri in own))


@pytest.mark.parametrize(("shape", "prop"), VALUES)
def test_a_record_has_the_class_that_the_domain_of_its_property_asks_for(shape: Shape, prop: Any) -> None:
    (domain,) = v.values(prop.term, v.DOMAIN)
    always = _closure(*shape.types)
    # A crop alone needs more than every record of its class is: an agricultural parcel.
    assert domain in (_closure(*shape.kinds) if prop.term == terms.GROWS_CROP else always)


@pytest.mark.parametrize(("shape", "prop"), VALUES)
def test_a_value_is_written_as_the_range_of_its_property_asks_for(shape: Shape, prop: Any) -> None:
    (range_,) = v.values(prop.term, v.RANGE)
    if isinstance(prop, Owned):
        assert range_ in _closure(*prop.shape.types)
    elif prop.codec in (IRI, DOCUMENT):
        assert prop.term in v.instances(v.OBJECT_PROPERTY)
    else:
        assert (prop.codec, range_) in DATATYPES


@pytest.mark.parametrize("shape", LOCATED, ids=lambda shape: shape.record.__name__)
def test_what_has_a_footprint_is_a_feature(shape: Shape) -> None:
    assert terms.GEO + "Feature" in _closure(*shape.types)


@pytest.mark.parametrize("shape", ALL.values(), ids=ALL)
def test_a_kind_is_below_the_class_that_is_stated_beside_it(shape: Shape) -> None:
    for kind in {*shape.kinds, shape.default_kind} - {None}:
        assert set(shape.types) <= _closure(str(kind))


@pytest.mark.parametrize("shape", ALL.values(), ids=ALL)
def test_no_two_properties_of_a_record_share_a_term(shape: Shape) -> None:
    written = [prop.term for prop in shape.properties if isinstance(prop, Value | Owned)]
    assert len(written) == len(set(written))


def test_no_record_states_what_is_inferred_alone() -> None:
    inferred = {
        terms.HAS_ANOMALY_TYPE, terms.INTERSECTS_UNIT, terms.ACQUIRED_BY_PLATFORM, terms.ACQUIRED_BY_CONSTELLATION,
        terms.PRODUCED_BY_MODEL, terms.AVAILABLE_AT, terms.FLOOD_SCENE, terms.DROUGHT_SCENE, terms.CLOUD_FREE_SCENE,
        terms.HAS_REPLICA, terms.CONTAINS_UNIT, terms.ANOMALY_OF_SCENE, terms.HAS_PLUME, terms.EMITS, terms.SEEN_IN,
    }  # fmt: skip
    for shape in ALL.values():
        stated = {prop.term for prop in shape.properties if isinstance(prop, Value | Owned)}
        assert inferred.isdisjoint(stated | set(shape.types) | set(shape.kinds))

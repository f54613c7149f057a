"""Every field of every stored record has its place in the graph."""

from dataclasses import MISSING, fields, is_dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from ontology import records, related
from ontology.bounds import bounds_of
from ontology.shapes import fields_written, record_classes

DATACLASSES: set[type] = {
    value
    for module in (records, related)
    for value in vars(module).values()
    if isinstance(value, type) and is_dataclass(value)
}

CLASSES = sorted(DATACLASSES, key=lambda record_class: record_class.__name__)


def test_every_record_class_has_a_shape() -> None:
    assert record_classes() == DATACLASSES


@pytest.mark.parametrize("record_class", CLASSES)
def test_every_field_is_written(record_class: Any) -> None:
    assert fields_written(record_class) == {field.name for field in fields(record_class)} - {"iri"}


def test_what_products_are_related_to_is_one_union() -> None:
    assert set(get_args(related.Related)) == {one for one in DATACLASSES if one.__module__ == "ontology.related"}


@pytest.mark.parametrize("record_class", CLASSES)
def test_every_record_is_frozen_slotted_and_named_by_keyword(record_class: Any) -> None:
    parameters = record_class.__dataclass_params__
    assert parameters.frozen
    assert hasattr(record_class, "__slots__")
    assert all(field.kw_only for field in fields(record_class))


@pytest.mark.parametrize("record_class", CLASSES)
def test_what_may_be_unknown_is_none_unless_given(record_class: Any) -> None:
    hints = get_type_hints(record_class)
    optional = [field for field in fields(record_class) if NoneType in get_args(hints[field.name])]
    assert all(field.default is None for field in optional)


@pytest.mark.parametrize("record_class", CLASSES)
def test_every_number_has_bounds(record_class: Any) -> None:
    hints = get_type_hints(record_class)
    numbers = [f.name for f in fields(record_class) if {int, float} & {hints[f.name], *get_args(hints[f.name])}]
    assert all(bounds_of(record_class, name) is not None for name in numbers)


def test_only_tuples_and_kinds_default_to_something_else_than_none() -> None:
    defaults = {
        (cls.__name__, field.name): field.default
        for cls in DATACLASSES
        for field in fields(cls)
        if field.default is not MISSING and field.default is not None and field.default != ()
    }
    assert {name for _, name in defaults} == {"kind"}

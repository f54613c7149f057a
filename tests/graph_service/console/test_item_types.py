"""The types that JSON values have in common, and what their columns take."""

from typing import Any

import pyarrow as pa
import pytest

from graph_service.console.item_types import ANY, JsonType, column_field, common, fitted, is_json, moment_of, type_of


def type_of_all(*values: Any) -> JsonType:
    found = JsonType()
    for value in values:
        found = common(found, type_of(value))
    return found


@pytest.mark.parametrize(
    ("values", "arrow"),
    [
        ((None,), "null"),
        ((True, None), "bool"),
        ((1, 2), "int64"),
        ((1, 2.5), "double"),
        (("a", None), "string"),
        (([1], [2.5], []), "list<element: double>"),
        (({"a": 1}, {"b": "x"}), "struct<a: int64, b: string>"),
        (({"a": {"b": [True]}},), "struct<a: struct<b: list<element: bool>>>"),
        ((b"wkb",), "binary"),
    ],
)
def test_values_have_a_column_of_their_type(values: tuple[Any, ...], arrow: str) -> None:
    found = type_of_all(*values)
    assert str(column_field("x", found).type) == arrow
    assert type_of_all(*reversed(values)) == found


@pytest.mark.parametrize(
    "values",
    [(1, "one"), ([1], {"a": 1}), (True, 1), (2**80,), ({},), ([1, "two"],), ({"a": 1}, "b"), (b"wkb", "text")],
)
def test_values_without_a_type_in_common_are_json_texts(values: tuple[Any, ...]) -> None:
    found = type_of_all(*values)
    inner = found.element if found.kind == "list" else found
    assert inner is not None
    assert is_json(inner)
    assert column_field("x", inner).metadata == {b"orrery:encoding": b"json"}


@pytest.mark.parametrize(
    ("value", "it", "expected"),
    [
        (None, ANY, None),
        ("text", ANY, '"text"'),
        ({"a": [1, None]}, ANY, '{"a":[1,null]}'),
        (2**80, ANY, str(2**80)),
        ([1, "two"], type_of([1, "two"]), ["1", '"two"']),
        ({"a": {}}, type_of({"a": {}}), {"a": "{}"}),
        ({"a": 1}, type_of_all({"a": 1}, {"b": 2}), {"a": 1}),
    ],
)
def test_value_is_fitted_to_its_column(value: Any, it: JsonType, expected: Any) -> None:
    assert fitted(value, it) == expected
    assert pa.array([expected], column_field("x", it).type).null_count == (expected is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-20T10:00:00Z", "2025-10-20T10:00:00+00:00"),
        ("2025-10-20T12:00:00.5+02:00", "2025-10-20T10:00:00.500000+00:00"),
        ("2025-10-20T10:00:00", "2025-10-20T10:00:00+00:00"),
        ("lately", None),
        (5, None),
        (None, None),
    ],
)
def test_moment_is_in_utc(text: Any, expected: str | None) -> None:
    moment = moment_of(text)
    assert (None if moment is None else moment.isoformat()) == expected

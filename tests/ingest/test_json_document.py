"""JSON as documents hold it: strict, exact, with the place of a fault."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Part
from ingest.errors import DocumentUnreadable
from ingest.json_document import json_value, read_json

_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])) | _NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=8,
)


@given(value=_VALUES)
def test_a_value_comes_back_from_its_text(value: object) -> None:
    assert read_json(json.dumps(value).encode(), source="a.json") == value


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**300, 12345678901234567890])
def test_an_integer_of_any_length_is_exact(number: int) -> None:
    assert read_json(b'{"a": [%d]}' % number, source="a.json") == {"a": [number]}


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        (b"", "", "is empty"),
        (b" \n\t", "", "is empty"),
        (b'{"a": NaN}', "a", "nan is not a number that JSON has; leave the element out"),
        (b'{"a": [1, {"b": Infinity}]}', "a[1].b", "inf is not a number that JSON has; leave the element out"),
        (b'[{"a": -Infinity}]', "[0].a", "-inf is not a number that JSON has; leave the element out"),
        (b'{"assets": {"gsd": 1e999}}', "assets.gsd", "inf is not a number that JSON has; leave the element out"),
        (b'{"a": {"b": -1e999}}', "a.b", "-inf is not a number that JSON has; leave the element out"),
    ],
)
def test_a_fault_names_the_element(content: bytes, field: str, reason: str) -> None:
    with pytest.raises(DocumentUnreadable) as caught:
        read_json(content, source="a.json")
    assert (caught.value.source, caught.value.field, caught.value.reason) == ("a.json", field, reason)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"a": 1', "line 1 column 8"),
        (b'{\n"a": 1,\n}', "line 2 column 7"),
        (b'{"a" 1}', "line 1 column 6"),
        (b"{'a': 1}", "line 1 column 2"),
        (b'{"a": 1} trailing', "line 1 column 10"),
        (b"<a/>", "line 1 column 1"),
        (b"\x00", "line 1 column 1"),
        (b'{"a": "\xff"}', "line 1"),
        ('{"a": 1}'.encode("utf-16"), "line 1"),
        (b'{"a": "\\ud800"}', "line 1"),
        (b'{"a": ' + b"9" * 400 + b"}", "line 1 column 7"),
        (b'{"a": ' + b"9" * 5000 + b', "b": NaN}', "line 1"),
    ],
)
def test_what_is_not_json_is_refused_with_line_and_column(content: bytes, place: str) -> None:
    with pytest.raises(DocumentUnreadable) as caught:
        read_json(content, source="a.json")
    assert (caught.value.source, caught.value.field) == ("a.json", "")
    assert caught.value.reason.startswith("is not JSON: ")
    assert place in caught.value.reason


@pytest.mark.parametrize("inner", [b"", b"NaN", b"1" * 20])
def test_nesting_beyond_any_reader_is_refused(inner: bytes) -> None:
    with pytest.raises(DocumentUnreadable, match=r"^a\.json: is not JSON: depth limit exceeded: line 1"):
        read_json(b"[" * 100_000 + inner + b"]" * 100_000, source="a.json")


@pytest.mark.parametrize("depth", range(900, 1000, 10))
def test_a_number_that_is_none_is_refused_at_any_depth(depth: int) -> None:
    with pytest.raises(DocumentUnreadable):
        read_json(b"[" * depth + b"NaN" + b"]" * depth, source="a.json")


def test_an_integer_too_long_to_be_exact_in_deep_nesting_is_refused() -> None:
    with pytest.raises(DocumentUnreadable, match=r"^a\.json: is nested too deeply$"):
        read_json(b"[" * 1020 + b"1" * 20 + b"]" * 1020, source="a.json")


def test_a_decoded_value_is_not_decoded_again() -> None:
    value = {"a": 1}
    assert json_value(Document("a.json", "stac-item", (Part("", b"{not read"),), value)) is value
    assert json_value(Document("a.json", "stac-item", (Part("", b'{"a": 1}'),))) == value


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}', source="x") == {"a": 1}

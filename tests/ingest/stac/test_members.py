"""Members of a JSON object, read one by one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Notice
from ingest.errors import MetadataInvalid
from ingest.stac.members import Members, shown
from ontology.records import Scene


def members(**values: Any) -> Members:
    return Members(values, "a.json", "properties", [])


_TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(time=_TIMES, minutes=st.integers(-23 * 60, 23 * 60))
def test_a_time_is_the_same_moment_in_utc_whatever_its_offset(time: datetime, minutes: int) -> None:
    sign, rest = "-" if minutes < 0 else "+", abs(minutes)
    local = time.replace(tzinfo=None)
    text = f"{local.isoformat()}{sign}{rest // 60:02}:{rest % 60:02}"
    read = members(a=text).time("a")
    assert read is not None
    assert read.tzinfo is UTC
    assert (time - read).total_seconds() == minutes * 60


def test_the_first_member_that_is_present_counts() -> None:
    read = members(a=None, b=2, c=3)
    assert read.first(("a", "b", "c")) == ("b", 2)
    assert read.first(("a", "z")) == ("z", None)


@pytest.mark.parametrize(
    ("value", "text"), [(" a ", "a"), ("", None), ("  ", None), (7, "7"), (5.11, "5.11"), (0, "0"), (None, None)]
)
def test_a_text_is_stripped_and_a_number_becomes_its_digits(value: object, text: str | None) -> None:
    read = members(a=value)
    assert read.text("a") == text
    assert read.notices == []


@pytest.mark.parametrize(("value", "kind"), [(True, "bool"), ([], "list"), ({}, "dict")])
def test_what_is_no_text_is_left_out(value: object, kind: str) -> None:
    read = members(a=value)
    assert read.text("a") is None
    assert read.notices == [Notice("properties.a", f"is not a text but {kind}; left out of the record")]


@pytest.mark.parametrize(("value", "number"), [(0, 0.0), (-0.0, 0.0), (100, 100.0), (12.5, 12.5), (None, None)])
def test_a_number_within_its_bounds_is_read(value: object, number: float | None) -> None:
    read = members(a=value)
    assert read.number(Scene, "cloud_cover", "a") == number
    assert read.notices == []


@pytest.mark.parametrize(
    "value", [100.0000001, -1e-300, float("nan"), float("inf"), 10**308, "12", "", True, [12], {"value": 12}]
)
def test_a_number_out_of_bounds_or_none_at_all_is_left_out(value: object) -> None:
    read = members(a=value)
    assert read.number(Scene, "cloud_cover", "a") is None
    assert [notice.field for notice in read.notices] == ["properties.a"]


@pytest.mark.parametrize(("value", "number"), [(93, 93), (93.0, 93), (0, 0), (2**62 + 1, 2**62 + 1)])
def test_a_whole_number_is_exact(value: float, number: int) -> None:
    read = members(a=value).integer(Scene, "relative_orbit", "a")
    assert read == number
    assert isinstance(read, int)


def test_a_fraction_is_no_whole_number() -> None:
    read = members(a=0.5)
    assert read.integer(Scene, "relative_orbit", "z", "a") is None
    assert read.notices == [Notice("properties.a", "0.5 is not a whole number; left out of the record")]


def test_a_required_time_that_is_none_is_an_error_and_an_optional_one_a_notice() -> None:
    read = members(a="noon")
    with pytest.raises(MetadataInvalid) as caught:
        read.time("a")
    assert (caught.value.source, caught.value.field) == ("a.json", "properties.a")
    assert caught.value.reason == "'noon' is not an RFC 3339 time"
    assert read.optional_time("a") is None
    assert read.notices == [Notice("properties.a", "'noon' is not an RFC 3339 time; left out of the record")]


@pytest.mark.parametrize(
    ("value", "texts"),
    [(["b", " a ", "", " "], ("b", "a")), ("a", ("a",)), ([], ()), (None, ())],
)
def test_texts_are_stripped_and_empty_ones_passed_over(value: object, texts: tuple[str, ...]) -> None:
    assert members(a=value).texts("a") == texts


def test_objects_among_other_things_are_found() -> None:
    assert members(a=[{"b": 1}, None, "c", {}]).objects("a") == ({"b": 1}, {})


def test_an_absent_object_is_empty_without_a_notice() -> None:
    read = members(a=None)
    assert (read.object("a"), read.object("b"), read.notices) == ({}, {}, [])


def test_notices_of_inner_objects_have_the_whole_path_and_one_list() -> None:
    outer = Members({"a": {"b": []}}, "a.json", "", [])
    inner = outer.within(outer.object("a"), "a")
    assert inner.text("b") is None
    assert outer.notices == [Notice("a.b", "is not a text but list; left out of the record")]


def test_a_long_value_is_shown_by_its_ends() -> None:
    assert shown("abc") == "'abc'"
    text = shown("a" * 10_000)
    assert len(text) <= 200
    assert (text[:3], text[-3:]) == ("'aa", "aa'")


def test_a_deep_value_is_shown() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert shown(deep) == "[[[[[[[...]]]]]]]"


def test_a_whole_number_that_no_store_can_hold_is_left_out() -> None:
    read = members(a=2**63)
    assert read.integer(Scene, "relative_orbit", "a") is None
    assert [notice.field for notice in read.notices] == ["properties.a"]

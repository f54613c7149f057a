from pathlib import Path

import pytest

from ingest.errors import DocumentUnreadable, MetadataInvalid, MetadataMissing
from ingest.xml_document import (
    child,
    optional_integer,
    optional_number,
    optional_text,
    optional_time,
    parse_xml,
    required_text,
)

_BILLION_LAUGHS = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>'


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1, column 1"),
        (b"<a>\n<b></a>", "line 2, column 8"),
        (b"<a><b>cut off", "line 1, column 14"),
        (b"\x00\x01\x02", "line 1"),
        (b"{}", "line 1, column 1"),
    ],
)
def test_what_is_not_xml_is_refused_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(DocumentUnreadable, match=f"^there/a.xml: {place}.*is not well-formed XML"):
        parse_xml(content, source="there/a.xml")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
        _BILLION_LAUGHS,
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_document_with_a_doctype_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentUnreadable, match="has a DOCTYPE, which is refused"):
        parse_xml(content, source="a.xml")


def test_an_external_dtd_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.dtd").write_text("<!ATTLIST a")
    content = f'<!DOCTYPE a SYSTEM "file://{tmp_path}/a.dtd"><a/>'.encode()
    with pytest.raises(DocumentUnreadable, match="has a DOCTYPE, which is refused"):
        parse_xml(content, source="a.xml")


def test_paths_match_in_any_namespace_and_comments_are_not_seen() -> None:
    root = parse_xml(b'<n:a xmlns:n="urn:x"><!-- c --><n:b><c xmlns="urn:y"> text </c></n:b></n:a>', source="a.xml")
    assert optional_text(root, "b/c") == "text"
    assert len(root) == 1


def test_the_first_path_with_text_counts() -> None:
    root = parse_xml(b"<a><b> </b><c>second</c></a>", source="a.xml")
    assert optional_text(root, "b", "c") == "second"
    assert optional_text(root, "b") is None
    assert child(root, "d", "b") is root[0]


@pytest.mark.parametrize("content", [b"<a/>", b"<a><b/></a>", b"<a><b>  </b></a>"])
def test_a_required_text_that_is_absent_or_empty_is_missing(content: bytes) -> None:
    with pytest.raises(MetadataMissing, match=r"a.xml: b: is absent or empty"):
        required_text(parse_xml(content, source="a.xml"), "b", source="a.xml")


def test_an_absent_number_is_none_and_zero_is_zero() -> None:
    root = parse_xml(b"<a><b>0</b></a>", source="a.xml")
    assert optional_number(root, "b", source="a.xml", field="cloud_cover") == 0
    assert optional_number(root, "c", source="a.xml") is None
    assert optional_integer(root, "c", source="a.xml", field="absolute_orbit") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("many", "'many' is not a number"),
        ("NaN", "NaN is not a finite number"),
        ("-inf", "-inf is not a finite number"),
        ("100.01", "100.01 lies outside 0 to 100"),
        ("-1", "-1.0 lies outside 0 to 100"),
    ],
)
def test_a_number_that_cannot_be_kept_is_invalid(text: str, fault: str) -> None:
    root = parse_xml(f"<a><b>{text}</b></a>".encode(), source="a.xml")
    with pytest.raises(MetadataInvalid, match=f"^a.xml: b: {fault}"):
        optional_number(root, "b", source="a.xml", field="cloud_cover")


@pytest.mark.parametrize("text", ["1.5", "-1", "one"])
def test_a_count_that_is_none_is_invalid(text: str) -> None:
    root = parse_xml(f"<a><b>{text}</b></a>".encode(), source="a.xml")
    with pytest.raises(MetadataInvalid, match=f"^a.xml: b: .*{text}"):
        optional_integer(root, "b", source="a.xml", field="absolute_orbit")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2015-12-23T13:55:37.10864Z", "2015-12-23T13:55:37.108640+00:00"),
        ("2015-12-23T13:55:37", "2015-12-23T13:55:37+00:00"),
        ("2015-12-23T13:55:37+02:00", "2015-12-23T11:55:37+00:00"),
    ],
)
def test_times_come_in_utc(text: str, iso: str) -> None:
    root = parse_xml(f"<a><b>{text}</b></a>".encode(), source="a.xml")
    time = optional_time(root, "b", source="a.xml")
    assert time is not None
    assert time.isoformat() == iso


@pytest.mark.parametrize("text", ["yesterday", "2015-13-01T00:00:00Z", "0001-01-01T00:00:00+05:00"])
def test_what_is_not_a_time_is_invalid(text: str) -> None:
    root = parse_xml(f"<a><b>{text}</b></a>".encode(), source="a.xml")
    with pytest.raises(MetadataInvalid, match=r"^a.xml: b: .* is not a time in ISO 8601"):
        optional_time(root, "b", source="a.xml")

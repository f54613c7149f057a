"""Links that name other products."""

from typing import Any

import pytest

from ingest.document import Notice
from ingest.stac.links import products_linked
from ingest.stac.members import Members
from ontology.identifiers import item_iri


def read(*links: Any) -> tuple[tuple[str, ...], list[Notice]]:
    notices: list[Notice] = []
    return products_linked(Members({"links": list(links)}, "a.json", "", notices), "derived_from"), notices


def derived_from(href: object) -> dict[str, object]:
    return {"rel": "derived_from", "href": href}


@pytest.mark.parametrize(
    ("href", "iri"),
    [
        ("https://example.com/stac/collections/c/items/i", item_iri("c", "i")),
        ("https://example.com/stac/collections/c/items/i/", item_iri("c", "i")),
        ("https://example.com/stac/collections/c/items/i?token=1#a", item_iri("c", "i")),
        ("/stac/collections/c/items/i", item_iri("c", "i")),
        ("https://example.com/collections/a%2Fb/items/c%20d%C3%BC", item_iri("a/b", "c dü")),
        ("https://example.com/collections/c/items/S2A.SAFE", item_iri("c", "S2A.SAFE")),
        ("https://example.com/items/i.json", "https://example.com/items/i.json"),
        ("https://example.com/collections/c", "https://example.com/collections/c"),
        ("s3://bucket/scene.json", "s3://bucket/scene.json"),
        ("urn:ogc:def:EOP:scene", "urn:ogc:def:EOP:scene"),
        ("https://example.com/ü", "https://example.com/ü"),
    ],
)
def test_an_absolute_link_names_a_product(href: str, iri: str) -> None:
    assert read(derived_from(href)) == ((iri,), [])


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("../scene.json", "'../scene.json'"),
        ("scene.json", "'scene.json'"),
        ("", "''"),
        ("https://example.com/a b", "'https://example.com/a b'"),
        ("https://example.com/{id}", "'https://example.com/{id}'"),
        ("https://example.com/<a>", "'https://example.com/<a>'"),
        ("C:\\scenes\\a.json", "'C:\\\\scenes\\\\a.json'"),
        (None, "None"),
        (7, "7"),
        (["https://example.com/a"], "['https://example.com/a']"),
    ],
)
def test_a_link_that_names_nothing_outside_is_left_out_with_a_notice(href: object, shown: str) -> None:
    reason = f"derived_from: {shown} is no absolute link; left out of the record"
    assert read(derived_from(href)) == ((), [Notice("links", reason)])


def test_a_bad_link_does_not_hide_a_good_one() -> None:
    found, notices = read(derived_from("a"), "text", None, derived_from("https://example.com/a"))
    assert found == ("https://example.com/a",)
    assert len(notices) == 1


def test_links_are_sorted_without_doubles() -> None:
    hrefs = ["https://example.com/b", "https://example.com/collections/c/items/i", "https://example.com/b", "urn:x:a"]
    found, _ = read(*map(derived_from, hrefs))
    assert found == tuple(sorted({"https://example.com/b", item_iri("c", "i"), "urn:x:a"}))


@pytest.mark.parametrize("rel", ["self", None, ["derived_from"], "Derived_From"])
def test_links_of_another_relation_are_passed_over(rel: object) -> None:
    assert read({"rel": rel, "href": "https://example.com/a"}, {"href": "a"}) == ((), [])


def test_links_that_are_no_list_are_left_out_with_a_notice() -> None:
    notices: list[Notice] = []
    assert products_linked(Members({"links": {"self": "a"}}, "a.json", "", notices), "derived_from") == ()
    assert notices == [Notice("links", "is not a list; left out of the record")]

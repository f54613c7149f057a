"""IRIs are quoted so that they stay apart and give their names back."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import identifiers

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("S2A_MSIL2A_20150716T091006", "S2A_MSIL2A_20150716T091006"),
        ("a~b.c-d", "a~b.c-d"),
        ("etm+", "etm%2B"),
        ("a/b", "a%2Fb"),
        ("a#b", "a%23b"),
        ("50%", "50%25"),
        ("Überflug 1", "%C3%9Cberflug%201"),
    ],
)
def test_what_is_not_unreserved_is_percent_encoded(text: str, quoted: str) -> None:
    assert identifiers.segment(text) == quoted


@given(TEXT)
def test_a_segment_is_part_of_a_valid_iri(text: str) -> None:
    (triple,) = ox.parse(f"<a:s> <a:p> <{identifiers.collection_iri(text)}> .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(triple.object, ox.NamedNode)
    assert triple.object.value == identifiers.collection_iri(text)


@given(TEXT)
def test_a_collection_gives_its_identifier_back(text: str) -> None:
    assert identifiers.collection_identifier(identifiers.collection_iri(text)) == text


@given(TEXT.filter(bool), TEXT.filter(bool))
def test_two_parts_have_two_iris(one: str, other: str) -> None:
    item = identifiers.item_iri("c", "i")
    same = identifiers.owned_iri(item, "asset", one) == identifiers.owned_iri(item, "asset", other)
    assert same == (one == other)


@given(st.tuples(TEXT, TEXT), st.tuples(TEXT, TEXT))
def test_two_items_have_two_iris(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (identifiers.item_iri(*one) == identifiers.item_iri(*other)) == (one == other)


@given(st.tuples(TEXT, TEXT, TEXT), st.tuples(TEXT, TEXT, TEXT))
def test_two_replicas_have_two_iris(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    iris = [identifiers.replica_iri(identifiers.item_iri(c, i), site) for c, i, site in (one, other)]
    assert (iris[0] == iris[1]) == (one == other)


def test_a_replica_of_a_product_of_elsewhere_is_told_apart_from_one_of_ours() -> None:
    assert identifiers.replica_iri("c/i", "a") != identifiers.replica_iri(identifiers.item_iri("c", "i"), "a")


@given(TEXT, TEXT)
def test_no_record_owns_the_parts_of_another(one: str, other: str) -> None:
    part = identifiers.owned_iri(identifiers.collection_iri(one), "footprint")
    assert part.startswith(identifiers.collection_iri(other) + "#") == (one == other)


@given(st.binary(min_size=32, max_size=32))
def test_a_document_gives_its_digest_back(digest: bytes) -> None:
    assert identifiers.document_digest(identifiers.document_iri(digest.hex())) == digest.hex()


def test_a_part_without_a_name_is_its_owner_and_the_part() -> None:
    assert identifiers.owned_iri("a:b", "footprint") == "a:b#footprint"


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (identifiers.item_iri("sentinel-2-l2a", "S2A"), "item/sentinel-2-l2a/S2A"),
        (identifiers.platform_iri("sentinel-2a"), "platform/sentinel-2a"),
        (identifiers.constellation_iri("sentinel-2"), "constellation/sentinel-2"),
        (identifiers.instrument_iri("sentinel-2a", "msi"), "instrument/sentinel-2a/msi"),
        (identifiers.tile_iri("MGRS-34SGH"), "tile/MGRS-34SGH"),
        (identifiers.model_iri("water", "2.0.0"), "model/water/2.0.0"),
        (identifiers.rule_iri("water-extent-1", "0f"), "rule/water-extent-1/0f"),
        (identifiers.unit_iri("EL61"), "unit/EL61"),
        (identifiers.water_body_iri("Λίμνη"), "water-body/%CE%9B%CE%AF%CE%BC%CE%BD%CE%B7"),
        (identifiers.parcel_iri("lpis-gr", "12/3"), "parcel/lpis-gr/12%2F3"),
        (identifiers.source_iri("plant 7"), "source/plant%207"),
        (identifiers.plume_iri("s5p-1"), "plume/s5p-1"),
        (identifiers.event_iri("emsr", "EMSR692"), "event/emsr/EMSR692"),
        (identifiers.in_situ_platform_iri("6901234"), "in-situ-platform/6901234"),
        (identifiers.observation_iri("soil-moisture", "a1"), "observation/soil-moisture/a1"),
        (identifiers.site_iri("CESNET"), "site/CESNET"),
        (identifiers.replica_iri(identifiers.item_iri("c", "i"), "CESNET"), "replica/CESNET/c/i"),
        (identifiers.link_iri("0f"), "link/0f"),
        (identifiers.audience_iri("staff"), "audience/staff"),
    ],
)
def test_every_kind_of_thing_has_its_own_path(iri: str, path: str) -> None:
    assert iri == "https://w3id.org/orrery/id/" + path

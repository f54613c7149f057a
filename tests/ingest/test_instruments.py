"""What instruments are called, and what kinds of instruments and scenes their names tell."""

import pyoxigraph as ox
import pytest

from ingest.instruments import instrument_kind, instrument_names, scene_kind
from ontology import terms
from ontology.identifiers import BASE, short_name
from ontology.loader import ontology_triples


@pytest.mark.parametrize(
    ("names", "carrier", "expected"),
    [
        ([" MSI "], "sentinel-2a", ("msi",)),
        (["TIRS", "OLI", "oli"], "landsat-8", ("oli", "tirs")),
        (["OLI_TIRS"], None, ("oli", "tirs")),
        (["ETM+"], "landsat-7", ("etm",)),
        (["SAR"], "sentinel-1", ("c-sar",)),
        (["sar"], "sentinel-1b", ("c-sar",)),
        (["SAR"], "tsx-1", ("sar",)),
        (["SAR"], None, ("sar",)),
        (["Anything else"], "x", ("anything else",)),
        ([], "x", ()),
    ],
)
def test_an_instrument_has_one_name(names: list[str], carrier: str | None, expected: tuple[str, ...]) -> None:
    assert instrument_names(names, carrier) == expected
    assert instrument_names(expected, carrier) == expected


@pytest.mark.parametrize(
    ("instruments", "kind"),
    [
        (("msi",), terms.OPTICAL_SCENE),
        (("oli", "tirs"), terms.OPTICAL_SCENE),
        (("c-sar",), terms.SAR_SCENE),
        (("tropomi",), terms.ATMOSPHERIC_SCENE),
        (("sral",), terms.ALTIMETRY_SCENE),
        (("c-sar", "msi"), None),
        (("msi", "something"), None),
        (("something",), None),
        ((), None),
    ],
)
def test_instruments_of_one_kind_tell_the_kind_of_their_scene(instruments: tuple[str, ...], kind: str | None) -> None:
    assert scene_kind(instruments) == kind


def test_the_kind_of_every_published_instrument_is_the_published_one() -> None:
    published: dict[str, set[str]] = {}
    types = (triple for triple in ontology_triples() if triple.predicate.value == terms.TYPE)
    for subject, _, kind in types:
        assert isinstance(kind, ox.NamedNode)
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(f"{BASE}instrument/"):
            published.setdefault(subject.value, set()).add(kind.value)
    assert len(published) > 20
    for iri, kinds in published.items():
        assert kinds == {terms.INSTRUMENT, instrument_kind(short_name(iri))}, iri

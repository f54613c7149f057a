"""The satellites, constellations, instruments and codes that the modules describe are records like any other."""

import pytest

from ontology import identifiers as ids
from ontology import records, terms
from ontology.loader import ontology_triples
from ontology.triples import record_from
from tests.ontology import vocabulary as v

PLATFORMS = {
    "sentinel-1": ["sentinel-1a", "sentinel-1b", "sentinel-1c", "sentinel-1d"],
    "sentinel-2": ["sentinel-2a", "sentinel-2b", "sentinel-2c"],
    "sentinel-3": ["sentinel-3a", "sentinel-3b"],
    "sentinel-5p": ["sentinel-5p"],
    "sentinel-6": ["sentinel-6a"],
    "landsat": ["landsat-4", "landsat-5", "landsat-7", "landsat-8", "landsat-9"],
}
KINDS = dict.fromkeys(("msi", "olci", "slstr", "mss", "tm", "etm", "oli", "tirs"), terms.OPTICAL_INSTRUMENT) | {
    "c-sar": terms.SAR_INSTRUMENT
}
"""Of the instruments whose scenes are optical or radar scenes; those of altimeters and TROPOMI are neither."""
CONSTELLATION_OF = [(platform, group) for group, platforms in PLATFORMS.items() for platform in platforms]
INSTRUMENTS = {
    "sentinel-1": {"c-sar"},
    "sentinel-2": {"msi"},
    "sentinel-3": {"olci", "slstr", "sral", "mwr"},
    "sentinel-5p": {"tropomi"},
    "sentinel-6": {"poseidon-4", "amr-c"},
    "landsat-4": {"mss", "tm"},
    "landsat-5": {"mss", "tm"},
    "landsat-7": {"etm"},
    "landsat-8": {"oli", "tirs"},
    "landsat-9": {"oli", "tirs"},
}


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_constellation_reads_as_a_record(name: str) -> None:
    iri = ids.constellation_iri(name)
    assert record_from(iri, ontology_triples()) == records.Constellation(iri=iri, name=name)


@pytest.mark.parametrize(("name", "constellation"), CONSTELLATION_OF)
def test_a_satellite_reads_as_a_record(name: str, constellation: str) -> None:
    iri = ids.platform_iri(name)
    expected = records.Platform(iri=iri, name=name, constellation=ids.constellation_iri(constellation))
    assert record_from(iri, ontology_triples()) == expected


@pytest.mark.parametrize(("platform", "constellation"), CONSTELLATION_OF)
def test_the_instruments_of_a_satellite_read_as_records(platform: str, constellation: str) -> None:
    for name in INSTRUMENTS.get(platform) or INSTRUMENTS[constellation]:
        iri = ids.instrument_iri(platform, name)
        kind = KINDS.get(name, terms.INSTRUMENT)
        expected = records.Instrument(iri=iri, name=name, kind=kind, platform=ids.platform_iri(platform))
        assert record_from(iri, ontology_triples()) == expected


def test_nothing_else_is_in_the_fleet() -> None:
    counts = {cls: len(v.instances(cls)) for cls in (terms.CONSTELLATION, terms.SATELLITE, terms.INSTRUMENT)}
    carried = sum(len(INSTRUMENTS.get(platform) or INSTRUMENTS[group]) for platform, group in CONSTELLATION_OF)
    assert counts == {terms.CONSTELLATION: 6, terms.SATELLITE: len(CONSTELLATION_OF), terms.INSTRUMENT: carried}


@pytest.mark.parametrize("iri", v.codes())
def test_a_code_reads_as_a_record_with_its_english_name(iri: str) -> None:
    expected = records.Concept(
        iri=iri, label=v.text_in(iri, terms.PREF_LABEL, "en"), scheme=v.values(iri, terms.IN_SCHEME)[0]
    )
    assert record_from(iri, ontology_triples()) == expected

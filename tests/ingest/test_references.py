"""The producers' spellings of one thing become one IRI."""

import pytest

from ingest.references import References, constellation_name, level_notation, platform_name
from ontology import terms
from ontology.identifiers import constellation_iri, instrument_iri, model_iri, platform_iri, tile_iri
from ontology.loader import published_iris
from ontology.records import Collection, Concept, Constellation, GridTile, Instrument, Model, Platform


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sentinel-2a", "sentinel-2a"),
        ("Sentinel-2A", "sentinel-2a"),
        ("SENTINEL-2A", "sentinel-2a"),
        ("Sentinel 2A", "sentinel-2a"),
        ("sentinel_2a", "sentinel-2a"),
        ("sentinel2a", "sentinel-2a"),
        ("SENTINEL-2-A", "sentinel-2a"),
        ("S2A", "sentinel-2a"),
        (" s2c ", "sentinel-2c"),
        ("Sentinel-2", "sentinel-2"),
        ("S1A", "sentinel-1a"),
        ("S3B", "sentinel-3b"),
        ("S5P", "sentinel-5p"),
        ("Sentinel-5P", "sentinel-5p"),
        ("Sentinel-5 Precursor", "sentinel-5p"),
        ("SENTINEL-5-PRECURSOR", "sentinel-5p"),
        ("Landsat-8", "landsat-8"),
        ("LANDSAT_8", "landsat-8"),
        ("landsat 7", "landsat-7"),
        ("Landsat9", "landsat-9"),
        ("LC08", "landsat-8"),
        ("LE07", "landsat-7"),
        ("LT05", "landsat-5"),
        ("LM01", "landsat-1"),
        ("TerraSAR-X", "terrasar-x"),
        ("Sentinel-6 Michael Freilich", "sentinel-6-michael-freilich"),
        ("PLEIADES / NEO", "pleiades-neo"),
        ("spot_7", "spot-7"),
    ],
)
def test_a_satellite_has_one_name(text: str, name: str) -> None:
    assert platform_name(text) == name
    assert platform_name(name) == name


@pytest.mark.parametrize(
    ("platform", "constellation"),
    [
        ("sentinel-2a", "sentinel-2"),
        ("sentinel-1c", "sentinel-1"),
        ("sentinel-5p", "sentinel-5p"),
        ("sentinel-2", None),
        ("landsat-8", "landsat"),
        ("terrasar-x", None),
    ],
)
def test_a_name_tells_its_constellation(platform: str, constellation: str | None) -> None:
    assert constellation_name(platform) == constellation


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("L2A", "L2A"),
        ("l2a", "L2A"),
        ("Level-2A", "L2A"),
        ("LEVEL2A", "L2A"),
        ("level 2a", "L2A"),
        ("LEVEL_1C", "L1C"),
        ("2A", "L2A"),
        ("Level-2Ap", "L2A"),
        ("L1", "L1"),
        ("4", "L4"),
        ("L1TP", "L1TP"),
        ("L2SP", "L2SP"),
        ("L2__NO2", "L2__NO2"),
        (" GRD ", "GRD"),
    ],
)
def test_a_processing_level_has_one_notation(text: str, notation: str) -> None:
    assert level_notation(text) == notation
    assert References().level(text) == terms.code("ProcessingLevel", notation)


@pytest.mark.parametrize(
    ("code", "tile"),
    [("MGRS-34TGL", "MGRS-34TGL"), ("MGRS-4QGJ", "MGRS-04QGJ"), (" WRS2-084024 ", "WRS2-084024")],
)
def test_a_tile_of_the_first_zones_has_two_digits(code: str, tile: str) -> None:
    references = References()
    assert references.tile(code) == tile_iri(tile)
    assert references.records() == (GridTile(iri=tile_iri(tile), code=tile),)


def test_a_satellite_is_a_record_with_its_constellation() -> None:
    references = References()
    iri = references.platform("KOMPSAT-9", "KOMPSAT")
    assert iri == platform_iri("kompsat-9")
    assert references.records() == (
        Constellation(iri=constellation_iri("kompsat"), name="kompsat"),
        Platform(iri=iri, name="kompsat-9", constellation=constellation_iri("kompsat")),
    )


def test_a_satellite_of_no_known_constellation_has_none() -> None:
    references = References()
    iri = references.platform("KOMPSAT-9")
    assert references.records() == (Platform(iri=iri, name="kompsat-9", constellation=None),)


def test_an_instrument_belongs_to_its_satellite() -> None:
    references = References()
    iri = references.instrument("KOMPSAT-9", " AEISS ")
    assert iri == instrument_iri("kompsat-9", "aeiss")
    assert references.records() == (Instrument(iri=iri, name="aeiss", platform=platform_iri("kompsat-9")),)


def test_what_the_ontology_describes_is_not_described_again() -> None:
    references = References()
    named = [
        references.platform("S2A"),
        references.instrument("S2A", "MSI"),
        references.level("L2A"),
        references.code("OrbitDirection", "ascending"),
    ]
    assert published_iris().issuperset(named)
    assert references.records() == ()


def test_a_code_of_no_list_is_a_concept_of_its_scheme() -> None:
    references = References()
    iri = references.code("ProductType", " a new/type ")
    assert iri == terms.code("ProductType", "a%20new%2Ftype")
    assert references.records() == (Concept(iri=iri, label="a new/type", scheme=terms.CODE + "ProductType"),)


def test_what_is_named_twice_is_one_record() -> None:
    references = References()
    assert references.collection("a") == references.collection("a")
    assert references.model("net", "2.0.0") == references.model("net", "2.0.0") == model_iri("net", "2.0.0")
    assert [type(record) for record in references.records()] == [Collection, Model]

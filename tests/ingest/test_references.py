"""The producers' spellings of one thing become one IRI."""

import pytest

from ingest.references import References, constellation_name, level_notation, platform_name
from ontology import terms
from ontology.identifiers import constellation_iri, instrument_iri, model_iri, platform_iri, short_name, tile_iri
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
    (iri,) = references.instruments("KOMPSAT-9", [" NEW-EYE "])
    assert iri == instrument_iri("kompsat-9", "new-eye")
    assert references.records() == (Instrument(iri=iri, name="new-eye", platform=platform_iri("kompsat-9")),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("AEISS", terms.OPTICAL_INSTRUMENT),
        ("modis", terms.OPTICAL_INSTRUMENT),
        ("slstr", terms.OPTICAL_INSTRUMENT),
        ("X-SAR", terms.SAR_INSTRUMENT),
        ("SAR", terms.SAR_INSTRUMENT),
        ("sral", terms.INSTRUMENT),
        ("TROPOMI", terms.INSTRUMENT),
        ("mwr", terms.INSTRUMENT),
    ],
)
def test_a_known_instrument_of_another_satellite_is_of_its_kind(name: str, kind: str) -> None:
    references = References()
    references.instruments("KOMPSAT-9", [name])
    (record,) = references.records()
    assert isinstance(record, Instrument)
    assert (record.name, record.kind) == (name.lower(), kind)


@pytest.mark.parametrize(
    ("platform", "names", "instruments"),
    [
        ("Landsat-7", ["ETM+"], ["landsat-7/etm"]),
        ("LE07", ["ETM"], ["landsat-7/etm"]),
        ("landsat-8", ["OLI_TIRS"], ["landsat-8/oli", "landsat-8/tirs"]),
        ("landsat-8", ["OLI", "TIRS", "oli_tirs"], ["landsat-8/oli", "landsat-8/tirs"]),
        ("landsat-9", ["OLI-2", "TIRS-2"], ["landsat-9/oli", "landsat-9/tirs"]),
        ("S1A", ["SAR"], ["sentinel-1a/c-sar"]),
        ("sentinel-1c", ["C-SAR"], ["sentinel-1c/c-sar"]),
        ("sentinel-1d", ["csar"], ["sentinel-1d/c-sar"]),
        ("SENTINEL-2A", ["MSI"], ["sentinel-2a/msi"]),
    ],
)
def test_an_instrument_in_any_spelling_is_the_published_one(
    platform: str, names: list[str], instruments: list[str]
) -> None:
    references = References()
    found = references.instruments(platform, names)
    assert found == tuple(instrument_iri(*one.split("/")) for one in instruments)
    assert references.records() == ()


@pytest.mark.parametrize(
    ("platform", "constellation", "expected"),
    [
        ("Landsat-3", "Landsat-3", "landsat"),
        ("Landsat-10", "LANDSAT_8", "landsat"),
        ("Sentinel-2E", "Sentinel-2A", "sentinel-2"),
        ("Sentinel-2E", "Sentinel-2", "sentinel-2"),
        ("S5P-2", "Sentinel-5P", "sentinel-5p"),
        ("Aqua", "A-Train", "a-train"),
        ("KOMPSAT-3A", "KOMPSAT-3", "kompsat-3"),
    ],
)
def test_a_satellite_in_the_place_of_a_constellation_stands_for_its_own(
    platform: str, constellation: str, expected: str
) -> None:
    references = References()
    references.platform(platform, constellation)
    (record,) = (one for one in references.records() if isinstance(one, Platform))
    assert record.constellation == constellation_iri(expected)


def test_no_published_satellite_is_taken_for_a_constellation() -> None:
    satellites = [short_name(iri) for iri in published_iris() if iri.startswith(platform_iri(""))]
    assert len(satellites) > 15
    for satellite in satellites:
        references = References()
        references.platform("another-1", satellite)
        assert not any(isinstance(record, Constellation) for record in references.records())


def test_what_the_ontology_describes_is_not_described_again() -> None:
    references = References()
    named = [
        references.platform("S2A"),
        *references.instruments("S2A", ["MSI"]),
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

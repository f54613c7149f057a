"""The code lists: their names, their order, and the spellings of producers that lead to them."""

import pytest

from ingest.references import level_notation
from ontology import terms
from ontology.cloudclass import CLOUD_FREE_PERCENT, PARTLY_CLOUDY_PERCENT
from ontology.identifiers import segment
from tests.ontology import vocabulary as v

NOTATION = terms.SKOS + "notation"
TOP_CONCEPT_OF = terms.SKOS + "topConceptOf"
EXPECTED = {
    "AnomalyType": {"normal", "flood", "drought", "floodAndDrought"},
    "ProcessingLevel": {"L0", "L1", "L1A", "L1B", "L1C", "L1-GRD", "L1-SLC", "L2", "L2A", "L2B", "L3", "L4"}
    | {"L1TP", "L1GT", "L1GS", "L2SP", "L2SR"},
    "ProductType": {"S2MSI1C", "S2MSI2A", "IW_GRDH_1S", "IW_SLC__1S", "EW_GRDM_1S"}
    | {"L2__CH4___", "L2__NO2___", "OL_2_LFR___", "SL_2_LST___"},
    "OrbitDirection": {"ascending", "descending"},
    "AcquisitionMode": {"IW", "EW", "SM", "WV", "INS-NOBS"},
    "Polarisation": {"VV", "VH", "HH", "HV"},
    "CloudClass": {"cloudFree", "partlyCloudy", "cloudy"},
    "MetadataKind": {"identifying", "technical", "structural", "provenance", "descriptive"},
    "MetadataStatus": {"draft", "validated", "withdrawn"},
    "HazardType": {"hydrological", "floodHazard", "droughtHazard", "tropicalCyclone", "wildfire"},
    "GasSpecies": {"CH4", "NO2", "SO2", "CO"},
    "LinkRelation": {"covers", "overlapsInTime", "observes", "sameEvent", "evidences", "derivedFrom"},
    "OceanVariable": {"seaSurfaceHeight", "seaWaterTemperature", "seaWaterSalinity", "significantWaveHeight"},
    "Crop": {"commonWheat", "durumWheat", "barley", "maize", "rice", "sugarBeet", "potato", "sunflower"}
    | {"rapeseed", "soybean", "grapevine", "olive", "cotton", "alfalfa", "grassland"},
    "LandCover": {"1", "2", "3", "4", "5"},
}


def test_the_schemes_hold_the_codes_that_are_published() -> None:
    found: dict[str, set[str]] = {}
    for iri in v.codes():
        (scheme,) = v.values(iri, terms.IN_SCHEME)
        found.setdefault(scheme.removeprefix(terms.CODE), set()).update(v.values(iri, NOTATION))
    assert found == EXPECTED
    assert v.instances(v.CONCEPT_SCHEME) == sorted(terms.CODE + name for name in EXPECTED)


@pytest.mark.parametrize("iri", v.codes())
def test_a_code_has_the_iri_that_its_notation_gives(iri: str) -> None:
    (scheme,), (notation,) = v.values(iri, terms.IN_SCHEME), v.values(iri, NOTATION)
    assert iri == terms.code(scheme.removeprefix(terms.CODE), segment(notation))


@pytest.mark.parametrize("iri", v.codes())
def test_a_code_is_at_the_top_of_its_scheme_or_below_codes_of_it(iri: str) -> None:
    broader, top_of = v.values(iri, terms.BROADER), v.values(iri, TOP_CONCEPT_OF)
    assert bool(broader) != bool(top_of)
    assert set(top_of) | {s for code in broader for s in v.values(code, terms.IN_SCHEME)} == set(
        v.values(iri, terms.IN_SCHEME)
    )


def test_every_scheme_has_a_property_that_takes_its_codes() -> None:
    assert {scheme for iri in v.properties() for scheme in v.values(iri, v.CODE_SCHEME)} == {
        terms.CODE + name for name in EXPECTED
    }


def test_crops_and_nothing_else_are_of_the_class_of_crops() -> None:
    assert v.instances(terms.CROP) == [iri for iri in v.codes() if iri.startswith(terms.CODE + "Crop-")]


@pytest.mark.parametrize(("language", "name"), [("en", "rice"), ("fr", "riz"), ("de", "Reis"), ("it", "riso")])
def test_a_crop_is_named_in_the_language_of_the_user(language: str, name: str) -> None:
    assert v.text_in(terms.code("Crop", "rice"), terms.PREF_LABEL, language) == name


def test_a_hazard_of_flood_is_found_by_hydrological_hazard() -> None:
    assert v.values(terms.HAZARD_FLOOD, terms.BROADER) == [terms.HAZARD_HYDROLOGICAL]


def test_flood_and_drought_is_both() -> None:
    assert v.values(terms.ANOMALY_FLOOD_AND_DROUGHT, terms.BROADER) == [terms.ANOMALY_DROUGHT, terms.ANOMALY_FLOOD]


@pytest.mark.parametrize("scheme", EXPECTED)
def test_names_are_told_apart_within_a_scheme_in_every_language(scheme: str) -> None:
    iris = [iri for iri in v.codes() if v.values(iri, terms.IN_SCHEME) == [terms.CODE + scheme]]
    for language in ("de", "en", "es", "fr", "it"):
        names = [v.text_in(iri, terms.PREF_LABEL, language) for iri in iris]
        assert len(set(names)) == len(iris)


@pytest.mark.parametrize("notation", sorted(EXPECTED["ProcessingLevel"]))
def test_a_level_in_its_own_notation_stays_as_it_is(notation: str) -> None:
    assert level_notation(notation) == notation


@pytest.mark.parametrize(
    ("text", "notation"),
    [("Level-2A", "L2A"), ("LEVEL2A", "L2A"), ("2A", "L2A"), ("Level-2Ap", "L2A"), ("l1tp", "L1TP"), ("1", "L1")],
)
def test_a_level_in_a_producers_spelling_is_a_published_code(text: str, notation: str) -> None:
    assert level_notation(text) == notation
    assert terms.code("ProcessingLevel", notation) in v.codes()


def test_the_definitions_of_cloud_classes_name_the_limits_that_code_uses() -> None:
    (free,), (partly,), (cloudy,) = (
        v.values(iri, v.DEFINITION) for iri in (terms.CLOUD_FREE, terms.PARTLY_CLOUDY, terms.CLOUDY)
    )
    assert f"at most {CLOUD_FREE_PERCENT} percent" in free
    assert f"more than {CLOUD_FREE_PERCENT} and at most {PARTLY_CLOUDY_PERCENT} percent" in partly
    assert f"more than {PARTLY_CLOUDY_PERCENT} percent" in cloudy

"""Administrative units out of the files of GISCO and Natural Earth."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import shapely

from ingest.errors import DocumentRefused
from ingest.json_document import read_json
from ingest.kinds import documents_within, mapped
from ingest.settings import MappingSettings
from ontology.identifiers import unit_iri
from ontology.related import AdministrativeUnit
from ontology.triples import record_from, statements
from tests.ingest.documents import SOURCE, json_document
from tests.ingest.units.documents import BOW_TIE, SQUARE, collected, country_feature, nuts_feature, state_feature

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "reference_vectors"


def unit_of(feature: dict[str, Any]) -> AdministrativeUnit:
    (document,) = documents_within(json_document(feature))
    record = mapped(document, MappingSettings()).record
    assert isinstance(record, AdministrativeUnit)
    return record


@pytest.mark.parametrize(
    ("code", "level", "within"),
    [("IT", 0, ()), ("ITH", 1, ("IT",)), ("ITH5", 2, ("ITH",)), ("ITH59", 3, ("ITH5",)), ("EL61", 2, ("EL6",))],
)
def test_code_of_nuts_tells_level_and_what_it_lies_within(code: str, level: int, within: tuple[str, ...]) -> None:
    unit = unit_of(nuts_feature(code, "Emilia-Romagna"))
    assert (unit.iri, unit.nuts_code, unit.level) == (unit_iri(code), code, level)
    assert unit.within == tuple(unit_iri(one) for one in within)
    assert unit.name == "Emilia-Romagna"


def test_outline_is_the_footprint() -> None:
    footprint = unit_of(nuts_feature("ITH5")).footprint
    assert footprint is not None
    assert shapely.from_wkt(footprint).equals(shapely.Polygon(SQUARE[0]))


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"NAME_LATN": "Attiki", "NUTS_NAME": "Αττική"}, "Attiki"),
        ({"NAME_LATN": ..., "NUTS_NAME": "Αττική"}, "Αττική"),
        ({"NAME_LATN": ..., "NUTS_NAME": ..., "Name": "Attica"}, "Attica"),
        ({"NAME_LATN": None, "NUTS_NAME": ""}, "EL30"),
    ],
)
def test_name_of_nuts_is_the_first_there_is(more: dict[str, Any], name: str) -> None:
    assert unit_of(nuts_feature("EL30", **more)).name == name


def test_other_names_are_kept_beside_it() -> None:
    assert unit_of(nuts_feature("EL30", NAME_LATN="Attiki", NUTS_NAME="Αττική")).other_names == ("Αττική",)
    assert unit_of(nuts_feature("EL30", "Attiki")).other_names == ()
    names = {"NAME_DE": "Italien", "NAME_FR": "Italie", "NAME_ZHT": "義大利", "NAME_EN": "Italy", "NAME_LEN": 5}
    assert unit_of(country_feature("ITA", "Italy", **names)).other_names == ("Italie", "Italien", "義大利")


def test_country_of_natural_earth_has_a_name_of_its_own_among_units() -> None:
    unit = unit_of(country_feature("FRA", "France"))
    assert (unit.iri, unit.nuts_code, unit.level, unit.within) == (unit_iri("naturalearth-FRA"), None, 0, ())
    assert unit.name == "France"


def test_state_of_natural_earth_lies_within_its_country() -> None:
    unit = unit_of(state_feature("ITA-5365", "ITA", "Bologna"))
    assert (unit.iri, unit.level) == (unit_iri("naturalearth-ITA-5365"), 1)
    assert unit.within == (unit_iri("naturalearth-ITA"),)


@pytest.mark.parametrize("feature", [nuts_feature("ITH5"), country_feature("ITA"), state_feature("ITA-1", "ITA")])
def test_unit_comes_back_from_its_triples(feature: dict[str, Any]) -> None:
    unit = unit_of(feature)
    lines = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in statements(unit))
    triples = (quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES))
    assert record_from(unit.iri, triples) == unit


def test_file_is_a_document_for_each_unit() -> None:
    file = collected(nuts_feature("IT"), country_feature("ITA"), {"type": "Feature", "properties": {}})
    members = [one.source for one in documents_within(json_document(file))]
    assert members == [f"{SOURCE}#features[{place}]" for place in range(3)]


def test_loops_that_generalising_left_are_mended_and_told() -> None:
    feature = nuts_feature("ITH5", geometry={"type": "Polygon", "coordinates": BOW_TIE})
    (document,) = documents_within(json_document(feature))
    result = mapped(document, MappingSettings())
    assert isinstance(result.record, AdministrativeUnit)
    assert result.record.footprint is not None
    assert shapely.from_wkt(result.record.footprint).is_valid
    assert [(one.field, "crosses itself" in one.reason) for one in result.notices] == [("geometry", True)]


@pytest.mark.parametrize(
    ("feature", "field"),
    [
        (nuts_feature("Emilia"), "properties.NUTS_ID"),
        (nuts_feature("ITH5", LEVL_CODE=3), "properties.LEVL_CODE"),
        (nuts_feature("ITH5", geometry=None), "geometry"),
        (
            nuts_feature("ITH5", geometry={"type": "Polygon", "coordinates": [[[4e6, 2e6], [5e6, 2e6], [4e6, 2e6]]]}),
            None,
        ),
        (nuts_feature("ITH5", geometry={"type": "Polygon", "coordinates": "none"}), "geometry"),
        (country_feature("ITA", ADM0_A3="-99"), "properties.adm0_a3"),
        (country_feature("ITA", geometry={"type": "Blob"}), "geometry"),
        (state_feature("-99", "ITA"), "properties.adm1_code"),
    ],
)
def test_what_is_no_unit_is_refused_for_its_element(feature: dict[str, Any], field: str | None) -> None:
    (document,) = documents_within(json_document(feature))
    with pytest.raises(DocumentRefused) as caught:
        mapped(document, MappingSettings())
    assert caught.value.source == SOURCE
    assert field is None or caught.value.field.startswith(field)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_every_unit_of_real_files_is_read() -> None:
    paths = [*REAL.rglob("nuts_*.json"), *REAL.rglob("ne_*_admin_*.json")]
    units: list[AdministrativeUnit] = []
    for path in paths:
        value = read_json(path.read_bytes(), source=str(path))
        units += (unit_of(feature) for feature in value["features"])
    assert len(units) == len({unit.iri for unit in units}) > 600

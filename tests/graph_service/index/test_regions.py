"""Administrative units as areas for filters, out of the graph."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.index.regions import GraphRegions, Region
from ontology.identifiers import audience_iri, unit_iri
from ontology.related import AdministrativeUnit
from tests.graph_service.builders import open_catalogue

PO = shapely.box(8, 44, 12, 46)
NOWHERE = shapely.box(0, 0, 1, 1)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(tmp_path)
    yield opened
    opened.close()


def unit(code: str, area: shapely.Polygon | None = PO, name: str = "Somewhere", level: int = 2) -> AdministrativeUnit:
    footprint = None if area is None else shapely.to_wkt(area)
    return AdministrativeUnit(iri=unit_iri(code), name=name, level=level, footprint=footprint)


def write(catalogue: Catalogue, *units: AdministrativeUnit, audience: str | None = None) -> None:
    catalogue.apply(Batch(tuple(Entry(one, audience=audience) for one in units)))


def area_of(regions: GraphRegions, scheme: str, code: str) -> shapely.Geometry | None:
    wkb = regions.region(scheme, code)
    return None if wkb is None else shapely.from_wkb(wkb)


@pytest.mark.parametrize("scheme", ["NUTS", "nuts"])
@pytest.mark.parametrize("code", ["ITH5", "ith5"])
def test_unit_is_found_by_scheme_and_code_in_any_letter_case(catalogue: Catalogue, scheme: str, code: str) -> None:
    write(catalogue, unit("ITH5"))
    assert area_of(GraphRegions(catalogue.graph), scheme, code) == PO


def test_codes_of_two_schemes_are_told_apart(catalogue: Catalogue) -> None:
    write(catalogue, unit("FRA"), unit("naturalearth-FRA", NOWHERE))
    regions = GraphRegions(catalogue.graph)
    assert area_of(regions, "NUTS", "FRA") == PO
    assert area_of(regions, "naturalearth", "FRA") == NOWHERE


@pytest.mark.parametrize(("scheme", "code"), [("NUTS", "ITH6"), ("LAU", "ITH5"), ("NUTS", ""), ("NUTS", "<a b>")])
def test_unknown_unit_has_no_area(catalogue: Catalogue, scheme: str, code: str) -> None:
    write(catalogue, unit("ITH5"))
    assert GraphRegions(catalogue.graph).region(scheme, code) is None


def test_unit_without_a_footprint_has_no_area_and_is_not_suggested(catalogue: Catalogue) -> None:
    write(catalogue, unit("ITH5", None))
    regions = GraphRegions(catalogue.graph)
    assert (regions.region("NUTS", "ITH5"), list(regions.listed())) == (None, [])


def test_restricted_unit_is_not_known(catalogue: Catalogue) -> None:
    write(catalogue, unit("ITH5"), audience=audience_iri("ours"))
    regions = GraphRegions(catalogue.graph)
    assert (regions.region("NUTS", "ITH5"), list(regions.listed())) == (None, [])


def test_what_is_written_replaced_and_deleted_is_so_at_once(catalogue: Catalogue) -> None:
    regions = GraphRegions(catalogue.graph)
    assert area_of(regions, "NUTS", "ITH5") is None
    write(catalogue, unit("ITH5"))
    assert area_of(regions, "NUTS", "ITH5") == PO
    write(catalogue, unit("ITH5", NOWHERE))
    assert area_of(regions, "NUTS", "ITH5") == NOWHERE
    catalogue.apply(Batch(deletions=(unit_iri("ITH5"),)))
    assert area_of(regions, "NUTS", "ITH5") is None


def test_units_are_listed_by_scheme_and_code(catalogue: Catalogue) -> None:
    write(catalogue, unit("naturalearth-ITA", name="Italy", level=0), unit("ITH5", name="Emilia-Romagna"), unit("AT"))
    assert [(one.scheme, one.code) for one in GraphRegions(catalogue.graph).listed()] == [
        ("NUTS", "AT"),
        ("NUTS", "ITH5"),
        ("naturalearth", "ITA"),
    ]
    italy = GraphRegions(catalogue.graph).listed()[2]
    assert italy == Region("naturalearth", "ITA", "Italy", 0, unit_iri("naturalearth-ITA"))

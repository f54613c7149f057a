"""What the ontology, administrative units and undeclared properties do to a filter."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.errors import RequestInvalid
from graph_service.index.cql2 import cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.filters import All, Filter, Meets
from graph_service.index.key_value import key_value_filter
from graph_service.index.meaning import widened
from graph_service.index.regions import Region
from graph_service.index.sqlite import SQLiteIndex
from ontology import terms
from ontology.identifiers import instrument_iri, platform_iri, unit_iri
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.builders import scene_of
from tests.graph_service.index.rows import at, ids, index_of

VV, VH = (terms.code("Polarisation", name) for name in ("VV", "VH"))


AREAS: dict[tuple[str, str], BaseGeometry] = {
    ("NUTS", "ITH5"): shapely.Polygon([(9, 43.5), (13, 43.5), (13, 45.2), (9, 44.8)]),
    ("naturalearth", "FJI"): shapely.union(shapely.box(176, -20, 180, -15), shapely.box(-180, -20, -178, -15)),
}


class Units:
    """Two units, of which one crosses the antimeridian."""

    def region(self, scheme: str, code: str) -> bytes | None:
        found = AREAS.get((scheme, code))
        return None if found is None else shapely.to_wkb(found)

    def listed(self) -> Sequence[Region]:
        return [Region(scheme, code, "Emilia", None, unit_iri(code)) for scheme, code in AREAS]


READING = Reading(meaning(), Units())
LENIENT = Reading(meaning(), undeclared_as_null=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    scenes = [
        scene_of("inside", **at(shapely.box(10, 44, 11, 44.5)), instruments=(instrument_iri("s", "msi"),)),
        scene_of("across", **at(shapely.box(12.5, 44, 14, 44.5)), polarisations=(VV,)),
        scene_of("beside", **at(shapely.box(13, 44, 14, 44.5)), polarisations=(VH, VV)),
        scene_of("fiji", **at(shapely.box(-179.5, -18, -179, -17)), platform=platform_iri("sentinel-2a")),
        scene_of("west", **at(shapely.box(177, -18, 178, -17)), platform=platform_iri("landsat-8")),
        scene_of("pacific", **at(shapely.box(-170, -18, -169, -17))),
        scene_of("seam", **at(shapely.box(-180, 50, -179, 51))),
    ]
    opened = index_of(tmp_path_factory.mktemp("meaning"), scenes)
    yield opened
    opened.close()


def tree(text: str, reading: Reading = READING) -> Filter:
    return cql2_filter(text, "cql2-text", reading)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S_WITHIN(geometry, region('NUTS','ITH5'))", ["inside"]),
        ("S_WITHIN(geometry, REGION('NUTS','ITH5'))", ["inside"]),
        ("S_INTERSECTS(geometry, region('NUTS','ITH5'))", ["across", "beside", "inside"]),
        ("S_INTERSECTS(region('NUTS','ITH5'), geometry)", ["across", "beside", "inside"]),
        ("S_TOUCHES(geometry, region('NUTS','ITH5'))", ["beside"]),
        ("S_OVERLAPS(geometry, region('NUTS','ITH5'))", ["across"]),
        ("S_DISJOINT(geometry, region('NUTS','ITH5'))", ["fiji", "pacific", "seam", "west"]),
        ("S_INTERSECTS(geometry, region('naturalearth','FJI'))", ["fiji", "west"]),
        ("S_WITHIN(geometry, region('naturalearth','FJI'))", ["fiji", "west"]),
        ("S_INTERSECTS(geometry, BBOX(170, -20, -175, 0))", ["fiji", "west"]),
        ("S_WITHIN(geometry, BBOX(178.5, -20, -175, 0))", ["fiji"]),
        ("S_INTERSECTS(geometry, BBOX(179, 50, 180, 51))", ["seam"]),
        ("S_DISJOINT(geometry, BBOX(179, 50, 180, 51)) AND id = 'seam'", []),
        ("S_INTERSECTS(geometry, POINT(180 50.5))", ["seam"]),
        ("S_INTERSECTS(region('NUTS','ITH5'), POINT(10 44)) AND id = 'west'", ["west"]),
        ("S_CONTAINS(geometry, geometry) AND id = 'west'", ["west"]),
        ("geometry IS NULL", []),
        (
            "S_WITHIN(geometry, GEOMETRYCOLLECTION(POLYGON((9 43, 10.6 43, 10.6 45, 9 45, 9 43)), "
            "POLYGON((10.4 43, 12 43, 12 45, 10.4 45, 10.4 43))))",
            ["inside"],
        ),
    ],
)
def test_places_are_regions_and_may_lie_on_both_sides_of_the_antimeridian(
    index: SQLiteIndex, text: str, found: list[str]
) -> None:
    assert ids(index, tree(text)) == found


def test_a_region_is_remembered_by_its_name() -> None:
    area = AREAS["NUTS", "ITH5"]
    assert tree("S_INTERSECTS(geometry, region('NUTS','ITH5'))") == Meets(area, "region('NUTS','ITH5')")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ITH6", r"'ITH6' of 'NUTS' is no region that the catalogue knows; did you mean region\('NUTS','ITH5'\)"),
        ("emilia", r"did you mean region\('naturalearth','FJI'\)"),
        ("9999", "the schemes are NUTS, naturalearth"),
    ],
)
def test_an_unknown_region_is_refused_with_those_that_are_alike(code: str, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        tree(f"S_WITHIN(geometry, region('NUTS','{code}'))")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A_CONTAINS(sar:polarizations, ('VV'))", ["across", "beside"]),
        ("A_CONTAINS(sar:polarizations, ('VV', 'VH'))", ["beside"]),
        ("A_EQUALS(sar:polarizations, ('VV'))", ["across"]),
        ("A_CONTAINEDBY(sar:polarizations, ('VV', 'HH'))", ["across"]),
        ("A_OVERLAPS(sar:polarizations, ('VH', 'HV'))", ["beside"]),
        ("NOT A_OVERLAPS(sar:polarizations, ('VH', 'HV'))", ["across"]),
        ("A_OVERLAPS(orr:hasPolarisation, ('code:Polarisation-VH'))", ["beside"]),
        ("constellation = 'Sentinel-2'", ["fiji"]),
        ("constellation <> 'sentinel-2'", ["west"]),
        ("constellation IN ('landsat', 'sentinel-2')", ["fiji", "west"]),
        ("CASEI(constellation) = CASEI('SENTINEL-2')", ["fiji"]),
    ],
)
def test_codes_and_names_of_the_ontology_are_accepted(index: SQLiteIndex, text: str, found: list[str]) -> None:
    assert ids(index, tree(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("polarizations=VH", ["beside"]),
        ("polarizations!=VH", ["across"]),
        ("instruments=msi;polarizations=VV", ["across", "beside", "inside"]),
    ],
)
def test_key_value_filters_ask_for_members_of_a_list(index: SQLiteIndex, text: str, found: list[str]) -> None:
    assert ids(index, widened(key_value_filter(text), meaning())) == found


def test_a_list_has_no_order() -> None:
    with pytest.raises(RequestInvalid, match="instruments: is a list, which has no order"):
        widened(key_value_filter("instruments<msi"), meaning())


UNDECLARED: list[tuple[str, list[str]]] = [
    ("dafab:nothing = 5", []),
    ("NOT dafab:nothing = 5", []),
    ("dafab:nothing = 'x' OR platform = 'landsat-8'", ["west"]),
    ("dafab:nothing IS NULL AND platform = 'landsat-8'", ["west"]),
    ("dafab:nothing IS NOT NULL", []),
    ("dafab:nothing LIKE 'x%'", []),
    ("dafab:nothing IN (1, 2)", []),
    ("dafab:nothing BETWEEN 1 AND 2", []),
    ("dafab:nothing + 1 > 2", []),
    ("dafab:nothing > DATE('2024-01-01')", []),
    ("T_AFTER(dafab:nothing, datetime)", []),
    ("A_CONTAINS(dafab:nothing, ('x'))", []),
    ("CASEI(dafab:nothing) = 'x'", []),
    ("orr:nothing = 5", []),
]


@pytest.mark.parametrize(("text", "found"), UNDECLARED)
def test_what_is_not_declared_is_null_where_a_site_wants_it_so(index: SQLiteIndex, text: str, found: list[str]) -> None:
    assert ids(index, tree(text, LENIENT)) == found
    with pytest.raises(RequestInvalid, match=r"(dafab|orr):nothing: "):
        tree(text)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"op": "=", "args": [{"property": "cloudcover"}, 5]}, r"filter.args\[0\]: cloudcover: .*mean cloud_cover"),
        ({"op": "a", "args": [{"property": "cloudcover"}, {"property": "gds"}]}, "filter: cloudcover, gds: .*gsd"),
        ([{"property": name} for name in ("x" * 5000, "\ud800", "y")], "filter: xxx.*, y: no property of this name"),
    ],
)
def test_all_unknown_properties_are_named_with_near_ones(value: Any, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        cql2_filter(value, "cql2-json", READING)


def test_a_geometry_without_a_place_meets_nothing(index: SQLiteIndex) -> None:
    nothing: BaseGeometry = shapely.Polygon()
    assert ids(index, All((Meets(nothing),))) == []

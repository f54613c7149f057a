"""Why a record matched, or did not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from graph_service.catalogue import Catalogue
from graph_service.errors import RequestInvalid
from graph_service.index.cql2 import cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.explanation import explanations
from graph_service.index.filters import All, Comparison, During, Filter, Meets, OneOf, Text
from graph_service.index.filters import Any as AnyOf
from ontology import terms
from ontology.identifiers import instrument_iri, item_iri, platform_iri
from ontology.records import Scene, WaterAnalysis, WaterAnomaly
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.builders import COLLECTION, SENSED, entry_of, open_catalogue, scene_of, write

FLOOD, CLOUDY = item_iri(COLLECTION, "flood"), item_iri(COLLECTION, "cloudy")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    opened = open_catalogue(folder)
    base = scene_of(
        "flood",
        cloud_cover=5.0,
        platform=platform_iri("sentinel-2a"),
        processing_level=terms.code("ProcessingLevel", "L2A"),
        instruments=(instrument_iri("sentinel-2a", "msi"),),
    )
    fields = {name: getattr(base, name) for name in Scene.__dataclass_fields__} | {"kind": terms.WATER_ANALYSIS}
    anomaly = WaterAnomaly(anomaly_type=terms.code("AnomalyType", "floodAndDrought"), score=120.0, rule="urn:rule")
    write(opened, [entry_of(WaterAnalysis(**fields, anomaly=anomaly)), entry_of(scene_of("cloudy", cloud_cover=90.0))])
    yield opened
    opened.close()


def told(catalogue: Catalogue, tree: Filter | str, iri: str = FLOOD) -> Any:
    asked = cql2_filter(tree, "cql2-text", Reading(meaning())) if isinstance(tree, str) else tree
    found = catalogue.index.within_one_state(lambda connection: explanations(connection, asked, [iri], meaning()))
    return json.loads(json.dumps(found))[iri]


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        (
            "eo:cloud_cover < 10",
            {"condition": "eo:cloud_cover < 10", "holds": True, "values": {"eo:cloud_cover": 5.0}},
        ),
        (
            "sat:relative_orbit = 5",
            {"condition": "sat:relative_orbit = 5", "holds": None, "values": {"sat:relative_orbit": None}},
        ),
        (
            "processing:level = 'L2'",
            {
                "condition": "processing:level IN ('L2', 'L2A', 'L2B', 'L2SP', 'L2SR')",
                "holds": True,
                "values": {"processing:level": "L2A"},
                "ways": [["code:ProcessingLevel-L2A", "code:ProcessingLevel-L2"]],
            },
        ),
        (
            "anomaly_type = 'flood'",
            {
                "condition": "anomaly_type IN ('flood', 'floodAndDrought')",
                "holds": True,
                "values": {"anomaly_type": "floodAndDrought"},
                "ways": [["code:AnomalyType-floodAndDrought", "code:AnomalyType-flood"]],
            },
        ),
        (
            "concept = 'orr:EOProduct'",
            {
                "condition": "concept IN ('orr:EOProduct')",
                "holds": True,
                "ways": [
                    ["orr:DroughtScene", "orr:Scene", "orr:EOProduct"],
                    ["orr:FloodScene", "orr:Scene", "orr:EOProduct"],
                    ["orr:OpticalScene", "orr:Scene", "orr:EOProduct"],
                    ["orr:WaterAnalysis", "orr:DerivedScene", "orr:Scene", "orr:EOProduct"],
                ],
            },
        ),
        (
            "datetime > DATE('2024-04-01')",
            {
                "condition": "datetime > TIMESTAMP('2024-04-01T23:59:59.999999Z')",
                "holds": True,
                "values": {"datetime": "2024-05-01T10:20:30.500000Z"},
            },
        ),
        (
            "A_CONTAINS(instruments, ('msi'))",
            {"condition": "A_CONTAINS(instruments, ('msi'))", "holds": True, "values": {"instruments": ["msi"]}},
        ),
        (
            "CASEI(platform) LIKE 'x%'",
            {"condition": "casei(platform) LIKE 'x%'", "holds": False, "values": {"platform": "sentinel-2a"}},
        ),
        (
            "eo:cloud_cover * 2 < gsd",
            {
                "condition": "(eo:cloud_cover * 2.0) < gsd",
                "holds": None,
                "values": {"eo:cloud_cover": 5.0, "gsd": None},
            },
        ),
        (
            "S_WITHIN(geometry, POINT(1 2))",
            {"condition": "S_WITHIN(geometry, POINT (1 2))", "holds": False},
        ),
    ],
)
def test_a_condition_is_told_with_the_values_and_the_ways_to_it(
    catalogue: Catalogue, text: str, explained: dict[str, Any]
) -> None:
    assert told(catalogue, text) == explained


def test_a_satellite_is_told_as_a_member_of_its_constellation(catalogue: Catalogue) -> None:
    found = told(catalogue, "platform = 'sentinel-2'")
    assert found["op"] == "or"
    assert found["holds"] is True
    (by_constellation, by_name) = found["parts"]
    assert by_constellation["holds"] is True
    assert [way[0].rpartition("/")[2] for way in by_constellation["ways"]] == ["sentinel-2a>"]
    assert by_name["values"] == {"platform": "sentinel-2a"}


def test_joined_conditions_are_told_in_three_valued_logic(catalogue: Catalogue) -> None:
    found = told(catalogue, "NOT (eo:cloud_cover < 10 AND gsd = 10) OR id = 'flood'")
    (contrary, by_name) = found["parts"]
    assert (found["op"], found["holds"], contrary["op"], contrary["holds"]) == ("or", True, "not", None)
    assert [part["holds"] for part in contrary["parts"][0]["parts"]] == [True, None]
    assert by_name == {"condition": "id = 'flood'", "holds": True, "values": {"id": "flood"}}


def test_what_was_named_is_told_by_its_name(catalogue: Catalogue) -> None:
    area = Meets(shapely.box(11, 44, 12, 45), "region('NUTS','ITH5')")
    found = told(catalogue, area)
    assert found == {
        "condition": "S_INTERSECTS(geometry, region('NUTS','ITH5'))",
        "holds": True,
        "region": "region('NUTS','ITH5')",
    }


def test_what_a_record_is_not_is_told_as_well(catalogue: Catalogue) -> None:
    found = told(catalogue, "concept = 'orr:FloodScene' AND eo:cloud_cover < 10", CLOUDY)
    assert [part["holds"] for part in found["parts"]] == [False, False]
    assert "ways" not in found["parts"][0]


def test_every_record_of_a_page_is_told_and_no_other(catalogue: Catalogue) -> None:
    iris = [FLOOD, CLOUDY, item_iri(COLLECTION, "never")]
    tree = All((During(SENSED, None), Comparison("cloud_cover", "<", 10)))
    found = catalogue.index.within_one_state(lambda connection: explanations(connection, tree, iris, meaning()))
    assert {iri: one["holds"] for iri, one in found.items()} == {FLOOD: True, CLOUDY: False}
    assert found[FLOOD]["parts"][0]["condition"].startswith("T_INTERSECTS(datetime, INTERVAL(TIMESTAMP('2024-05-01T")


def test_long_lists_are_cut_short(catalogue: Catalogue) -> None:
    found = told(catalogue, OneOf("id", tuple(map(str, range(50)))))
    assert found["condition"] == "id IN ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', … 40 more)"


def test_words_are_conditions_too(catalogue: Catalogue) -> None:
    assert told(catalogue, Text("flood"))["condition"] == "text 'flood'"


def test_too_many_conditions_are_refused(catalogue: Catalogue) -> None:
    tree = AnyOf(tuple(Comparison("cloud_cover", "<", float(n)) for n in range(501)))
    with pytest.raises(RequestInvalid, match="more than 500 conditions"):
        told(catalogue, tree)

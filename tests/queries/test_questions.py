"""The questions of the ontology, each answered on the small graph with its complete table."""

from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
import shapely

from ontology import terms
from ontology.identifiers import collection_iri, unit_iri, water_body_iri
from ontology.loader import ontology_triples
from ontology.records import Scene
from ontology.triples import statements
from tests.queries.happenings import OWNER_OF_ALL, TILE
from tests.queries.land import TICINO
from tests.queries.parts import ELSEWHERE, FLOODED, FLOODED_NEXT_DAY, iri_of, point
from tests.queries.small_graph import RECORDS, inferred
from tests.queries.tables import alike, rectangle_km2, table_of

ASIDE = shapely.from_wkt(ELSEWHERE)
FLOOD, NEXT_FLOOD = shapely.from_wkt(FLOODED), shapely.from_wkt(FLOODED_NEXT_DAY)
OVER_PAVIA = shapely.box(8.5, 44.5, 9.5, 45.5)
WEST = shapely.from_wkt(point(9, 45.03, azimuth=270, metres=19_900))
IN_JUNE = {"first": "2025-06-01", "last": "2025-06-30"}
FARM = shapely.box(11, 44, 12, 45)
INSIDE, OVERLAPPING, NO_FARM = (
    shapely.box(west, 45.01, west + 0.01, 45.02) for west in (9.01, 9.015, 9.03)
)  # fmt: skip
IN_PART = rectangle_km2(9.095, 45.05, 9.15, 45.06)
T0, NEXT_DAY = "2025-10-20T10:00:00Z", "2025-10-21T10:00:00Z"


def km2(value: str) -> Decimal:
    return Decimal(value)


# Question, inputs, the whole table.
TABLES: list[tuple[str, dict[str, str], list[tuple[Any, ...]]]] = [
    (
        "floods",
        {"since": "2023-12-31T00:00:00Z"},
        [
            ("both", NEXT_DAY, Decimal(120), None),
            ("by another", "2024-12-24T10:00:00Z", Decimal(120), None),
            ("flood", T0, Decimal(120), None),
            ("ranked both", "2023-12-31T23:00:00Z", Decimal(120), Decimal("5.5")),
        ],
    ),
    (
        "products_by_platform",
        {},
        [
            ("landsat-8", 11, "2023-06-01T00:00:00Z", "2024-12-24T10:00:00Z"),
            ("sentinel-2a", 6, "2023-01-24T10:00:00Z", NEXT_DAY),
            ("sentinel-2b", 4, T0, "2025-11-09T10:00:00Z"),
            ("sentinel-5p", 3, T0, T0),
        ],
    ),
    ("scenes_in_area", {"area": "POINT (9 45)"}, [("both", NEXT_DAY, OVER_PAVIA), ("flood", T0, OVER_PAVIA)]),
    ("scenes_in_area", {"area": "POINT (9 45)", "since": NEXT_DAY}, [("both", NEXT_DAY, OVER_PAVIA)]),
    ("scenes_in_area", {"area": "POINT (9 47)"}, []),
    (
        "flood_scenes_of_constellation",
        {},
        [
            ("both", NEXT_DAY, "sentinel-2b", OVER_PAVIA),
            ("flood", T0, "sentinel-2a", OVER_PAVIA),
            ("old", "2023-01-24T10:00:00Z", "sentinel-2a", ASIDE),
        ],
    ),
    (
        "cloud_free_farmland",
        {"area": "POINT (11.5 44.5)"} | IN_JUNE,
        [
            ("farm, last hour", "2025-06-30T23:59:59Z", Decimal(90), "farm, last hour fields", FARM),
            ("farm", "2025-06-10T10:00:00Z", Decimal("60.5"), "farm fields", FARM),
        ],
    ),
    (
        "cloud_free_farmland",
        {"area": "POINT (11.5 44.5)", "level": "code:ProcessingLevel-L1", "above": "79.9"} | IN_JUNE,
        [("farm, level 1", "2025-06-10T10:00:00Z", Decimal(80), "farm, level 1 fields", FARM)],
    ),
    (
        "scenes_in_unit",
        {"unit": unit_iri("IT"), "since": "2025-01-01T00:00:00Z"},
        [
            ("no surfaces", "2025-11-09T10:00:00Z", ASIDE),
            ("november", "2025-11-09T10:00:00Z", ASIDE),
            ("in Pavia", NEXT_DAY, ASIDE),
            ("flood", T0, OVER_PAVIA),
        ],
    ),
    ("scenes_in_unit", {"unit": unit_iri("ITC48")}, [("in Pavia", NEXT_DAY, ASIDE)]),
    ("scenes_in_unit", {"unit": unit_iri("EL")}, []),
    (
        "monthly_water",
        {"body": TICINO},
        [
            ("2025-10", 2, Decimal(11), Decimal(30)),
            ("2025-11", 1, Decimal(12), Decimal("11.5")),
        ],
    ),
    ("monthly_water", {"body": water_body_iri("loire")}, [("2025-10", 1, Decimal(99), Decimal(99))]),
    (
        "largest_anomalies",
        {"year": "2023"},
        [
            (f"{name}#anomaly", name, f"2023-{time}:00:00Z", f"AnomalyType-{kind}", km2(surface), outline)
            for name, time, kind, surface, outline in [
                ("ranked drought", "01-01T00", "drought", "50.5", None),
                ("ranked both", "12-31T23", "floodAndDrought", "20", None),
                ("ranked 9", "06-09T00", "flood", "9", None),
                ("ranked 8", "06-08T00", "flood", "8", None),
                ("ranked outline", "07-01T00", "flood", "7.25", shapely.box(50, 0, 50.1, 0.1)),
                ("ranked 7", "06-07T00", "flood", "7", None),
                ("ranked 6", "06-06T00", "flood", "6", None),
                ("ranked 5", "06-05T00", "flood", "5", None),
                ("ranked 4", "06-04T00", "flood", "4", None),
                ("ranked 3", "06-03T00", "flood", "3", None),
            ]
        ],
    ),
    *(
        (
            "parcels_in_flood",
            {"flood": flood},
            [
                ("inside", "inside", "Crop-commonWheat", "common wheat", INSIDE),
                ("no farm", "no farm", None, None, NO_FARM),
                ("overlaps inside", "overlaps inside", None, None, OVERLAPPING),
            ],
        )
        for flood in (iri_of("flood"), f"{iri_of('flood')}#anomaly")
    ),
    ("parcels_in_flood", {"flood": iri_of("drought")}, []),
    (
        "flooded_farmland_by_unit",
        {"since": "2025-01-01T00:00:00Z"},
        [
            ("IT", "Italia", 0, 3, rectangle_km2(9.01, 45.01, 9.025, 45.02) + IN_PART),
            ("ITC4", "Lombardia", 2, 3, rectangle_km2(9.01, 45.01, 9.025, 45.02) + IN_PART),
            ("ITC48", "Pavia", 3, 2, rectangle_km2(9.01, 45.01, 9.02, 45.02) + IN_PART),
        ],
    ),
    (
        "flooded_farmland_by_unit",
        {"until": "2023-12-31T00:00:00Z"},
        [("EL", "Elláda", 0, 1, rectangle_km2(22.01, 39.01, 22.02, 39.02))],
    ),
    (
        "floods_matching_events",
        {},
        [
            ("both", "both kinds", NEXT_DAY, T0, 0.0, NEXT_FLOOD),
            ("flood", "both kinds", T0, T0, 0.0, FLOOD),
            ("flood", "ended", T0, "2025-10-10T10:00:00Z", 0.0, FLOOD),
            ("both", "ended", NEXT_DAY, "2025-10-10T10:00:00Z", 2.36417, NEXT_FLOOD),
            ("flood", "three days", T0, "2025-10-17T10:00:00Z", 19.9, FLOOD),
        ],
    ),
    ("floods_matching_events", {"within": "PT0S", "km": "0"}, [("flood", "both kinds", T0, T0, 0.0, FLOOD)]),
    (
        "dry_parcels",
        {},
        [
            ("in part", "in part", Decimal("0.05"), "2025-10-20T11:00:00Z", "drought",
             shapely.box(9.095, 45.05, 9.165, 45.06)),
            ("inside", "inside", Decimal("0.09"), "2025-10-20T11:00:00Z", "drought", INSIDE),
        ],
    ),
    (
        "methane_plumes",
        {},
        [
            ("of nobody", T0, Decimal(900), None, None, None, shapely.Point(5, 5)),
            ("strong", T0, Decimal("500.5"), "mine", "Mine", "E-1", shapely.Point(19, 50)),
        ],
    ),
    (
        "methane_plumes",
        {"species": "code:GasSpecies-NO2"},
        [("other gas", T0, Decimal(9000), None, None, None, None)],
    ),
    (
        "repeated_sources",
        {},
        [
            ("farmyard", "Farmyard", 4, 4, T0, "2025-10-20T13:00:00Z", None),
            ("mine", "Mine", 3, 3, T0, "2025-10-20T12:00:00Z", shapely.Point(19, 50)),
        ],
    ),
    ("repeated_sources", {"times": "4"}, [("farmyard", "Farmyard", 4, 4, T0, "2025-10-20T13:00:00Z", None)]),
    (
        "made_by_model",
        {"name": "net", "version": "1.0"},
        [("licensed", T0), ("map of map", T0), ("rich", T0), ("map", "2025-10-19T10:00:00Z"), ("1", None)],
    ),
    ("made_by_model", {"name": "net", "version": "2.0"}, [("next map", T0)]),
    ("made_by_model", {"name": "ne", "version": "1.0"}, []),
    (
        "lineage",
        {"product": iri_of("map of map")},
        [
            ("level 2", "ProcessingLevel-L2A"),
            ("level 1", "ProcessingLevel-L1C"),
            ("raw", "ProcessingLevel-L0"),
            ("heights", None),
            ("map", None),
        ],
    ),
    ("lineage", {"product": iri_of("raw")}, []),
    (
        "metadata_of_kind",
        {"product": iri_of("level 2"), "kind": "code:MetadataKind-provenance"},
        [("level 2", "ontology#derivedFrom", "level 1")],
    ),
    (
        "in_situ_near_altimetry",
        {"scene": iri_of("track")},
        [
            (name, "6901", "OceanVariable-seaSurfaceHeight", Decimal("0.25"), unit, observed, kilometres,
             shapely.from_wkt(point(0, 51, azimuth=90, metres=kilometres * 1000)))
            for name, unit, observed, kilometres in [
                ("last", None, "2025-10-20T17:00:00Z", 0.1),
                ("near", "m", "2025-10-20T04:00:00Z", 49.9),
            ]
        ],
    ),
    ("in_situ_near_altimetry", {"scene": iri_of("flood")}, []),
    (
        "radar_optical_pairs",
        {"tile": TILE},
        [("storm", "radar", "optical", "2025-12-07T10:00:00Z", "2025-12-13T10:00:00Z", ASIDE)],
    ),
    (
        "reports_of_floods",
        {},
        [
            ("near", "flood", "place", "2025-10-17T10:00:00Z", T0, WEST),
            ("names it", "flood", "event", "2025-11-29T10:00:00Z", T0, None),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "expected"), TABLES, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(TABLES)]
)
def test_a_question_has_exactly_these_answers(
    name: str, values: dict[str, str], expected: list[tuple[Any, ...]]
) -> None:
    found = table_of(name, values)
    assert alike(found, expected, tolerance=2e-5), found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"since": T0}, ["both", "flood"]),
        ({"since": "2025-10-20T10:00:00.1Z"}, ["both"]),
        ({"since": "2025-01-01T00:00:00Z", "until": "2025-10-20T12:00:00+02:00"}, ["flood"]),
        ({"since": "2025-10-20T12:00+02:00", "until": "2025-10-20T10:00Z"}, ["flood"]),
        ({"since": "20251021T000000Z"}, ["both"]),
        ({"until": "2015-05-01T00:00:00Z"}, []),
    ],
)
def test_floods_are_sensed_within_the_bounds(values: dict[str, str], found: list[str]) -> None:
    assert [row[0] for row in table_of("floods", values)] == found


def test_flooded_farmland_is_clipped_exactly() -> None:
    found = {row[0]: row[4] for row in table_of("flooded_farmland_by_unit", {"since": "2025-01-01T00:00:00Z"})}
    assert found["ITC48"] == pytest.approx(rectangle_km2(9.01, 45.01, 9.02, 45.02) + IN_PART, rel=1e-6)
    assert found["IT"] == pytest.approx(rectangle_km2(9.01, 45.01, 9.025, 45.02) + IN_PART, rel=1e-6)


SCENES = [record for record in RECORDS if isinstance(record, Scene)]
PRODUCTS = sorted(record.identifier for record in SCENES)


def test_audit_counts_what_each_collection_lacks() -> None:
    others = [one for one in SCENES if one.collection == collection_iri("tests")]
    untraced = [one for one in others if not (one.derived_from or one.run or one.platform or one.instruments)]
    assert table_of("fair_audit", {}) == [
        ("closed", 3, 1, 1, 1),
        ("open", 2, 0, 0, 1),
        ("tests", len(others), len(others) - 1, 0, len(untraced)),
    ]


def test_every_product_with_fewer_than_two_replicas_is_found_with_its_sites() -> None:
    without = [(name, name, 0, None, None) for name in PRODUCTS if name not in ("level 1", "level 2", "nameless")]
    found = table_of("few_replicas", {})
    assert found[:-1] == [("nameless", None, 0, None, None), *without]
    assert found[-1] == ("level 1", "level 1", 1, "athens", "Athens")


def test_more_replicas_can_be_asked_for() -> None:
    found = table_of("few_replicas", {"fewer": "3"})
    assert found[-3:] == [
        ("level 1", "level 1", 1, "athens", "Athens"),
        ("level 2", "level 2", 2, "athens", "Athens"),
        ("level 2", "level 2", 2, "bologna", "Bologna"),
    ]


KINDS = ("identifying", "technical", "structural", "provenance", "descriptive")


def test_every_statement_of_a_product_and_its_parts_is_of_one_kind_of_metadata() -> None:
    product = {"product": OWNER_OF_ALL.iri}
    tables = {kind: table_of("metadata_of_kind", product | {"kind": f"code:MetadataKind-{kind}"}) for kind in KINDS}
    stated = statements(OWNER_OF_ALL)
    every = {*stated, *(one for one in inferred(stated) if one[0].startswith(f"<{OWNER_OF_ALL.iri}"))}
    rows = [row for table in tables.values() for row in table]
    assert len(rows) == len(every)
    found = {kind: {(row[0], str(row[1]).split("#")[-1]) for row in table} for kind, table in tables.items()}
    assert {("rich", "title"), ("rich", "productIdentifier"), ("rich", "licenceIdentifier")} <= found["identifying"]
    assert ("rich#asset-a", "mediaType") in found["technical"]
    assert {("rich", "inCollection"), ("rich", "hasAsset")} <= found["structural"]
    assert {("rich", "derivedFrom"), ("rich#run", "usedModel"), ("rich", "onPlatform")} <= found["provenance"]
    assert {("rich", "sensedAt"), ("rich", "cloudCover"), ("rich#footprint", "asWKT")} <= found["descriptive"]


def labels(language: str) -> dict[str, str]:
    return {
        triple.subject.value.rsplit("/", 1)[-1]: triple.object.value
        for triple in ontology_triples()
        if isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.Literal)
        and triple.subject.value.startswith(terms.code("Crop", ""))
        and triple.predicate.value == terms.PREF_LABEL
        and triple.object.language == language
    }


@pytest.mark.parametrize(
    ("asked", "given"), [("en", "en"), ("de", "de"), ("DE", "de"), ("de-AT", "de"), ("it", "it"), ("fi", "en")]
)
def test_crops_are_named_in_the_language_or_in_english(asked: str, given: str) -> None:
    found = table_of("crop_labels", {"language": asked})
    assert {row[0]: row[2] for row in found} == labels(given)
    assert [row[2] for row in found] == sorted(labels(given).values(), key=str.casefold)
    assert all(row[0] == f"Crop-{row[1]}" for row in found)


def test_german_names_are_german() -> None:
    found = {row[1]: row[2] for row in table_of("crop_labels", {"language": "de"})}
    assert (found["barley"], found["maize"], found["potato"]) == ("Gerste", "Mais", "Kartoffel")

"""Units, floods, fields, farms and soil of the small graph."""

from datetime import UTC, datetime
from typing import Any

from ontology import terms
from ontology.identifiers import event_iri, observation_iri, parcel_iri, unit_iri, water_body_iri
from ontology.records import FieldAnalysis, Platform, Record
from ontology.related import AdministrativeUnit, Parcel, Related, SoilMoistureObservation, WaterBody
from ontology.terms import code
from tests.queries.parts import (
    BOTH,
    DAY,
    DROUGHT,
    FLOOD,
    FLOODED,
    FLOODED_NEXT_DAY,
    HOUR,
    LANDSAT,
    NORMAL,
    S2A,
    S2B,
    T0,
    analysis,
    box,
    iri_of,
    scene,
)


def parcel(name: str, outline: str, unit: str, *, farmed: bool = True, crop: str | None = None) -> Parcel:
    return Parcel(
        iri=parcel_iri("lpis", name),
        identifier=name,
        kind=terms.AGRICULTURAL_PARCEL if farmed else terms.PARCEL,
        footprint=outline,
        crop=None if crop is None else code("Crop", crop),
        within=(unit_iri(unit),),
    )


UNITS: list[Related] = [
    AdministrativeUnit(iri=unit_iri("IT"), name="Italia", level=0, nuts_code="IT"),
    AdministrativeUnit(iri=unit_iri("ITC4"), name="Lombardia", level=2, within=(unit_iri("IT"),)),
    AdministrativeUnit(iri=unit_iri("ITC48"), name="Pavia", level=3, within=(unit_iri("ITC4"),)),
    AdministrativeUnit(iri=unit_iri("FR"), name="France", level=0),
    AdministrativeUnit(iri=unit_iri("EL"), name="Elláda", level=0),
    WaterBody(iri=water_body_iri("ticino"), name="Ticino", within=(unit_iri("ITC4"),)),
    WaterBody(iri=water_body_iri("loire"), name="Loire", within=(unit_iri("FR"),)),
]
TICINO = water_body_iri("ticino")
FLOODS: list[Record] = [
    Platform(iri=LANDSAT, name="landsat-8"),
    analysis(
        "flood", FLOOD, outline=FLOODED, platform=S2A, footprint=box(8.5, 44.5, 9.5, 45.5), features=(TICINO,),
        permanent_water_km2=10.0, observed_water_km2=25.0, events=(event_iri("ems", "both kinds"),),
    ),
    analysis(
        "both", BOTH, outline=FLOODED_NEXT_DAY, platform=S2B, footprint=box(8.5, 44.5, 9.5, 45.5),
        water_bodies=(TICINO,), permanent_water_km2=12.0, observed_water_km2=35.0, sensed_at=T0 + DAY,
    ),
    analysis(
        "november", NORMAL, platform=S2B, units=(TICINO,), sensed_at=T0 + 20 * DAY,
        permanent_water_km2=12.0, observed_water_km2=11.5,
    ),
    analysis("no surfaces", NORMAL, platform=S2B, features=(TICINO,), sensed_at=T0 + 20 * DAY, observed_water_km2=500),
    analysis(
        "on the Loire", NORMAL, platform=S2B, features=(water_body_iri("loire"),), sensed_at=T0,
        permanent_water_km2=99.0, observed_water_km2=99.0,
    ),
    analysis("old", FLOOD, outline=box(22, 39, 22.1, 39.1), platform=S2A, sensed_at=T0 - 1000 * DAY),
    analysis("drought", DROUGHT, outline=box(8.9, 44.9, 9.2, 45.2), platform=S2A, derived_from=(iri_of("dry"),)),
    analysis("by another", FLOOD, platform=LANDSAT, sensed_at=T0 - 300 * DAY),
]  # fmt: skip
FIELDS: list[Related] = [
    parcel("inside", box(9.01, 45.01, 9.02, 45.02), "ITC48", crop="commonWheat"),
    parcel("overlaps inside", box(9.015, 45.01, 9.025, 45.02), "ITC4"),
    parcel("in part", box(9.095, 45.05, 9.165, 45.06), "ITC48", crop="maize"),
    parcel("dry corner", box(9.01, 45.07, 9.02, 45.08), "ITC48", crop="rice"),
    parcel("at the edge", box(8.99, 45.01, 9.0, 45.02), "ITC48", crop="rice"),
    parcel("no farm", box(9.03, 45.01, 9.04, 45.02), "ITC48", farmed=False),
    parcel("old", box(22.01, 39.01, 22.02, 39.02), "EL"),
]
# Twelve that count and two that do not: the tenth largest is 3 square kilometres.
RANKED: list[Record] = [
    *(analysis(f"ranked {n}", FLOOD, excess_km2=float(n), sensed_at=datetime(2023, 6, n, tzinfo=UTC), platform=LANDSAT)
      for n in range(1, 10)),
    analysis("ranked drought", DROUGHT, excess_km2=60.0, deficit_km2=50.5, sensed_at=datetime(2023, 1, 1, tzinfo=UTC)),
    analysis("ranked both", BOTH, excess_km2=5.5, deficit_km2=20.0, sensed_at=datetime(2023, 12, 31, 23, tzinfo=UTC)),
    analysis("ranked outline", FLOOD, excess_km2=100.0, outline=box(50, 0, 50.1, 0.1), area_km2=7.25,
             sensed_at=datetime(2023, 7, 1, tzinfo=UTC), platform=LANDSAT),
    analysis("ranked normal", NORMAL, excess_km2=999.0, sensed_at=datetime(2023, 7, 1, tzinfo=UTC)),
    analysis("ranked before", FLOOD, excess_km2=999.0, sensed_at=datetime(2022, 12, 31, 23, 59, tzinfo=UTC)),
]  # fmt: skip

JUNE = datetime(2025, 6, 10, 10, tzinfo=UTC)


def farm(name: str, coverage: float, *, inside: bool = True, **more: Any) -> list[Record]:
    """A cloud-free Level-2A scene and its field analysis."""
    footprint = box(11, 44, 12, 45) if inside else box(13, 44, 14, 45)
    level = code("ProcessingLevel", "L2A")
    values: dict[str, Any] = {"sensed_at": JUNE, "cloud_class": terms.CLOUD_FREE, "processing_level": level} | more
    fields: dict[str, Any] = {
        "kind": terms.FIELD_ANALYSIS,
        "sensed_at": values["sensed_at"],
        "agricultural_coverage": coverage,
    }
    return [
        scene(name, footprint=footprint, **values),
        scene(f"{name} fields", record=FieldAnalysis, derived_from=(iri_of(name),), footprint=footprint, **fields),
    ]


FARMS: list[Record] = [
    *farm("farm", 60.5),
    *farm("farm, last hour", 90, sensed_at=datetime(2025, 6, 30, 23, 59, 59, tzinfo=UTC)),
    *farm("farm, too few fields", 60),
    *farm("farm, next month", 80, sensed_at=datetime(2025, 7, 1, tzinfo=UTC)),
    *farm("farm, clouds", 80, cloud_class=terms.PARTLY_CLOUDY),
    *farm("farm, level 1", 80, processing_level=code("ProcessingLevel", "L1C")),
    *farm("farm, elsewhere", 80, inside=False),
]
IN_UNITS: list[Record] = [
    scene("in Pavia", units=(unit_iri("ITC48"),), sensed_at=T0 + DAY, platform=S2A),
    scene("in France", units=(unit_iri("FR"),)),
]


def moisture(name: str, of: str, value: float, source: str | None) -> SoilMoistureObservation:
    return SoilMoistureObservation(
        iri=observation_iri("soil-moisture", name),
        parcel=parcel_iri("lpis", of),
        soil_moisture=value,
        observed_at=T0 + HOUR,
        scene=None if source is None else iri_of(source),
    )


SOIL: list[Record | Related] = [
    scene("dry"),
    scene("not dry"),
    moisture("of what shows it", "inside", 0.09, "drought"),
    moisture("of its source", "in part", 0.05, "dry"),
    moisture("too wet", "inside", 0.10, "drought"),
    moisture("of another scene", "inside", 0.01, "not dry"),
    moisture("of no scene", "inside", 0.01, None),
]

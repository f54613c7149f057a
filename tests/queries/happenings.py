"""Events, reports, plumes, models, copies, the sea, storms and audited collections of the small graph."""

from datetime import datetime
from typing import Any

from ontology import terms
from ontology.identifiers import (
    collection_iri,
    event_iri,
    in_situ_platform_iri,
    link_iri,
    model_iri,
    observation_iri,
    owned_iri,
    platform_iri,
    plume_iri,
    replica_iri,
    rule_iri,
    site_iri,
    source_iri,
    tile_iri,
)
from ontology.records import (
    Asset,
    Band,
    Collection,
    GridTile,
    MaskAgreement,
    Model,
    ProcessingRun,
    ProcessingStep,
    QualityCheck,
    Record,
    WaterAnalysis,
    WaterAnomaly,
)
from ontology.related import (
    EmissionSource,
    GasPlume,
    HazardEvent,
    InSituObservation,
    InSituPlatform,
    Link,
    Related,
    Replica,
    SocialMediaReport,
    StorageSite,
)
from ontology.terms import code
from tests.queries.parts import DAY, ELSEWHERE, HOUR, NORMAL, S2A, T0, box, iri_of, point, run_of, scene


def event(name: str, started: datetime, place: str | None, **more: Any) -> HazardEvent:
    values = {"kind": terms.FLOOD_EVENT} | more
    return HazardEvent(iri=event_iri("ems", name), identifier=name, started_at=started, footprint=place, **values)


EVENTS: list[Related] = [
    event("both kinds", T0, point(9.07, 45.05), kind=terms.HAZARD_EVENT, hazard_type=code("HazardType", "floodHazard")),
    event("three days", T0 - 3 * DAY, point(9, 45.03, azimuth=270, metres=19_900)),
    event("20.1 km", T0, point(9, 45.03, azimuth=270, metres=20_100)),
    event("3.5 days", T0 - 3.5 * DAY, point(9.02, 45.03)),
    event("ended", T0 - 10 * DAY, point(9.02, 45.03), ended_at=T0 - 2 * DAY),
    event("fire", T0, point(9.02, 45.03), kind=terms.HAZARD_EVENT, hazard_type=code("HazardType", "wildfire")),
    event("nowhere", T0, None),
    event("storm", T0 + 50 * DAY, ELSEWHERE, kind=terms.STORM_EVENT, ended_at=T0 + 52 * DAY),
    event("storm elsewhere", T0 + 50 * DAY, box(0, 0, 1, 1), kind=terms.STORM_EVENT),
]


def report(name: str, posted: datetime, place: str | None, *told: str) -> SocialMediaReport:
    events = tuple(event_iri("ems", one) for one in told)
    return SocialMediaReport(
        iri=event_iri("posts", name), identifier=name, started_at=posted, footprint=place, reports=events
    )


REPORTS: list[Related] = [
    report("names it", T0 + 40 * DAY, None, "both kinds"),
    report("names another", T0 + 40 * DAY, None, "fire"),
    report("near", T0 - 3 * DAY, point(9, 45.03, azimuth=270, metres=19_900)),
    report("20.1 km", T0, point(9, 45.03, azimuth=270, metres=20_100)),
    report("3.5 days", T0 - 3.5 * DAY, point(9.02, 45.03)),
]


def plume(name: str, hours: float, *, rate: float | None = None, species: str = "CH4", **more: Any) -> GasPlume:
    return GasPlume(
        iri=plume_iri(name),
        detected_at=T0 + hours * HOUR,
        emission_rate_kg_h=rate,
        species=code("GasSpecies", species),
        **more,
    )


def overpass(name: str, orbit: int) -> Record:
    made: Record = scene(name, kind=terms.ATMOSPHERIC_SCENE, platform=platform_iri("sentinel-5p"), absolute_orbit=orbit)
    return made


MINE, DUMP, FARMYARD = (source_iri(name) for name in ("mine", "dump", "farmyard"))
GASES: list[Record | Related] = [
    EmissionSource(iri=MINE, name="Mine", identifier="E-1", footprint="POINT (19 50)"),
    EmissionSource(iri=DUMP, name="Dump"),
    EmissionSource(iri=FARMYARD, name="Farmyard"),
    plume("strong", 0, rate=500.5, source=MINE),
    plume("of nobody", 0, rate=900, footprint="POINT (5 5)"),
    plume("at the limit", 0, rate=500),
    plume("other gas", 0, species="NO2", rate=9000),
    overpass("orbit 7", 7),
    overpass("orbit 7, next granule", 7),
    overpass("orbit 8", 8),
    plume("mine 1", 1, source=MINE, scene=iri_of("orbit 7")),
    plume("mine 2", 2, source=MINE, scene=iri_of("orbit 8")),
    plume("dump 1", 1, source=DUMP, scene=iri_of("orbit 7")),
    plume("dump 2", 1.1, source=DUMP, scene=iri_of("orbit 7, next granule")),
    plume("dump 3", 2, source=DUMP, scene=iri_of("orbit 8")),
    *(plume(f"farmyard {n}", n, source=FARMYARD) for n in range(4)),
]
NET, NEXT_NET = (Model(iri=model_iri("net", v), name="net", version=v) for v in ("1.0", "2.0"))
MODELS: list[Record | Related] = [
    NET,
    NEXT_NET,
    scene("raw", processing_level=code("ProcessingLevel", "L0")),
    scene("level 1", processing_level=code("ProcessingLevel", "L1C"), derived_from=(iri_of("raw"),)),
    scene("level 2", processing_level=code("ProcessingLevel", "L2A"), derived_from=(iri_of("level 1"),)),
    scene("heights"),
    scene("map", derived_from=(iri_of("level 2"),), run=run_of(NET, iri_of("heights")), sensed_at=T0 - DAY),
    scene("map of map", derived_from=(iri_of("map"),), run=run_of(NET), sensed_at=T0),
    scene("next map", run=run_of(NEXT_NET)),
    Link(
        iri=link_iri("1"), subject=iri_of("map"), object=iri_of("raw"), relation=code("LinkRelation", "covers"),
        method="test", run=owned_iri(iri_of("map"), "run"),
    ),
]  # fmt: skip


def replica(product: str, site: str) -> Replica:
    return Replica(iri=replica_iri(iri_of(product), site), product=iri_of(product), site=site_iri(site))


COPIES: list[Record | Related] = [
    StorageSite(iri=site_iri("athens"), name="Athens"),
    StorageSite(iri=site_iri("bologna"), name="Bologna"),
    replica("level 1", "athens"),
    replica("level 2", "athens"),
    replica("level 2", "bologna"),
]
OWNER_OF_ALL = scene(
    "rich", record=WaterAnalysis, kind=terms.WATER_ANALYSIS, title="Rich", licence="CC-BY-4.0", created_at=T0,
    platform=S2A, cloud_cover=2.5, derived_from=(iri_of("raw"),), bands=(Band(position=1, name="B1"),),
    assets=(Asset(key="a", href="a.tif", media_type="image/tiff", bands=(Band(position=1, name="B1"),)),),
    quality_checks=(QualityCheck(name="q", outcome="PASSED"),),
    run=ProcessingRun(model=NET.iri, started_at=T0, steps=(ProcessingStep(position=1, name="s"),)),
    agreements=(MaskAgreement(compared="a_b", kappa=0.5),),
    anomaly=WaterAnomaly(anomaly_type=NORMAL, score=1, rule=rule_iri("r", "1"), footprint="POINT (60 10)"),
)  # fmt: skip
TRACK = scene(
    "track", kind=terms.ALTIMETRY_SCENE, footprint="LINESTRING (0 50, 0 52)", sensed_at=T0, started_at=T0,
    ended_at=T0 + HOUR,
)  # fmt: skip


def at_sea(name: str, hours: float, metres: float, **more: Any) -> InSituObservation:
    """East of the track, which is a meridian."""
    return InSituObservation(
        iri=observation_iri("in-situ", name),
        platform=in_situ_platform_iri("6901"),
        footprint=point(0, 51, azimuth=90, metres=metres),
        observed_at=T0 + hours * HOUR,
        variable=code("OceanVariable", "seaSurfaceHeight"),
        value=0.25,
        **more,
    )


SEA: list[Record | Related] = [
    TRACK,
    InSituPlatform(iri=in_situ_platform_iri("6901"), name="6901"),
    at_sea("near", -6, 49_900, unit="m"),
    at_sea("last", 7, 100),
    at_sea("50.1 km", 0, 50_100),
    at_sea("too late", 7.01, 100),
    at_sea("too early", -6.01, 100),
]
TILE = tile_iri("MGRS-41PQR")
STORMY = T0 + 54 * DAY
PAIRS: list[Record] = [
    GridTile(iri=TILE, code="MGRS-41PQR"),
    scene("optical", kind=terms.OPTICAL_SCENE, tile=TILE, sensed_at=STORMY),
    scene("optical, too late", kind=terms.OPTICAL_SCENE, tile=TILE, sensed_at=STORMY + HOUR),
    scene("optical, other tile", kind=terms.OPTICAL_SCENE, tile=tile_iri("MGRS-41PQS"), sensed_at=STORMY),
    scene("optical, derived", record=WaterAnalysis, kind=terms.WATER_ANALYSIS, tile=TILE, sensed_at=STORMY,
          instruments=("https://w3id.org/orrery/id/instrument/sentinel-2a/msi",)),
    scene("radar", kind=terms.SAR_SCENE, sensed_at=T0 + 48 * DAY, footprint=box(60.5, 9, 62, 10.5)),
    scene("radar, too early", kind=terms.SAR_SCENE, sensed_at=T0 + 48 * DAY - HOUR),
    scene("radar, elsewhere", kind=terms.SAR_SCENE, sensed_at=STORMY, footprint=box(61.5, 9, 62, 10.5)),
]  # fmt: skip
AUDITED: list[Record] = [
    Collection(iri=collection_iri("open"), identifier="open", licence="CC-BY-4.0"),
    Collection(iri=collection_iri("closed"), identifier="closed"),
    scene("whole", collection="open", platform=S2A),
    scene("untraced", collection="open"),
    scene("licensed", collection="closed", licence="CC0-1.0", run=run_of(NET)),
    scene("unlicensed", collection="closed", derived_from=(iri_of("raw"),)),
    scene("nameless", collection="closed", licence="CC0-1.0"),
]
NAMELESS = iri_of("nameless", "closed")
"""Without an identifier in the graph, which no record lacks."""

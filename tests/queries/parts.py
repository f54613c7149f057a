"""Parts that the small graph is put together from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from pyproj import Geod

from ontology import terms
from ontology.identifiers import collection_iri, item_iri, platform_iri, rule_iri
from ontology.records import Model, ProcessingRun, Scene, WaterAnalysis, WaterAnomaly

T0 = datetime(2025, 10, 20, 10, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ELSEWHERE = "POLYGON ((60 10, 61 10, 61 11, 60 11, 60 10))"
S2A, S2B, LANDSAT = (platform_iri(name) for name in ("sentinel-2a", "sentinel-2b", "landsat-8"))
FLOOD, DROUGHT, BOTH, NORMAL = (
    terms.ANOMALY_FLOOD, terms.ANOMALY_DROUGHT, terms.ANOMALY_FLOOD_AND_DROUGHT, terms.ANOMALY_NORMAL,
)  # fmt: skip

# The flood is an L: the corner at 9.00 to 9.04, 45.06 to 45.10 is dry, though within its bounding box.
FLOODED = "POLYGON ((9 45, 9.1 45, 9.1 45.1, 9.04 45.1, 9.04 45.06, 9 45.06, 9 45))"
FLOODED_NEXT_DAY = "POLYGON ((9.05 45, 9.15 45, 9.15 45.1, 9.05 45.1, 9.05 45))"


def box(west: float, south: float, east: float, north: float) -> str:
    return shapely.to_wkt(shapely.box(west, south, east, north), rounding_precision=6)


def point(lon: float, lat: float, *, azimuth: float = 0, metres: float = 0) -> str:
    """A point as far from another as a geodesic of some length leads."""
    lon, lat, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, metres)
    return f"POINT ({lon:.9f} {lat:.9f})"


def iri_of(identifier: str, collection: str = "tests") -> str:
    return item_iri(collection, identifier)


def scene(identifier: str, *, record: type[Scene] = Scene, collection: str = "tests", **more: Any) -> Any:
    values: dict[str, Any] = {"footprint": ELSEWHERE, "sensed_at": T0} | more
    iri = iri_of(identifier, collection)
    return record(iri=iri, identifier=identifier, collection=collection_iri(collection), **values)


def analysis(identifier: str, anomaly_type: str, *, outline: str | None = None, **more: Any) -> WaterAnalysis:
    about = {name: more.pop(name) for name in ("area_km2", "water_bodies") if name in more}
    anomaly = WaterAnomaly(anomaly_type=anomaly_type, score=120, rule=rule_iri("r", "1"), footprint=outline, **about)
    made: WaterAnalysis = scene(identifier, record=WaterAnalysis, kind=terms.WATER_ANALYSIS, anomaly=anomaly, **more)
    return made


def run_of(model: Model, *inputs: str) -> ProcessingRun:
    return ProcessingRun(kind=terms.INFERENCE_ACTIVITY, model=model.iri, inputs=inputs)

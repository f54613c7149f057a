"""Records that each break one rule in one place, with the property and the rule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from ontology import records, terms
from ontology.identifiers import BASE, collection_iri, item_iri
from ontology.records import Record
from ontology.related import Related

SENSED = datetime(2026, 1, 2, 10, 20, 31, tzinfo=UTC)
BAND = records.Band(position=1, name="B04", center_wavelength_um=0.665)
ASSET = records.Asset(key="B04", href="B04.jp2", bands=(BAND,), byte_size=10)
SCENE = records.Scene(
    iri=item_iri("c", "s"),
    identifier="s",
    collection=collection_iri("c"),
    footprint="POINT (1 2)",
    sensed_at=SENSED,
    assets=(ASSET,),
)
WATER = records.WaterAnalysis(
    iri=item_iri("c", "w"),
    identifier="w",
    collection=collection_iri("c"),
    kind=terms.WATER_ANALYSIS,
    footprint="POINT (1 2)",
    sensed_at=SENSED,
)
TILE = records.GridTile(iri=BASE + "tile/t", code="MGRS-34SGH")


def scene(**changes: Any) -> records.Scene:
    return replace(SCENE, **changes)


def water(**changes: Any) -> records.WaterAnalysis:
    return replace(WATER, **changes)


def asset(**changes: Any) -> records.Scene:
    return scene(assets=(replace(ASSET, **changes),))


def _anomaly(**changes: Any) -> records.WaterAnalysis:
    flood = records.WaterAnomaly(anomaly_type=terms.ANOMALY_FLOOD, score=120.0, rule=BASE + "rule/r")
    return water(anomaly=replace(flood, **changes))


_EARLIER = SENSED - timedelta(seconds=1)

BROKEN: Mapping[str, tuple[Record, str, str]] = {
    "a cover above 100 percent": (scene(cloud_cover=100.5), terms.CLOUD_COVER, "maximum"),
    "a cover below 0 percent": (scene(snow_cover=-0.5), terms.SNOW_COVER, "minimum"),
    "a negative orbit": (scene(relative_orbit=-1), terms.RELATIVE_ORBIT, "minimum"),
    "an integer too large": (scene(absolute_orbit=2**63), terms.ABSOLUTE_ORBIT, "maximum"),
    "a file of negative size": (asset(byte_size=-1), terms.BYTE_SIZE, "minimum"),
    "a file without a key": (asset(key=""), terms.ASSET_KEY, "minLength"),
    "a band at place 0": (asset(bands=(replace(BAND, position=0),)), terms.BAND_POSITION, "minimum"),
    "a difference above 100 percent": (
        water(difference=records.WaterDifference(deficit=101.0)), terms.DIFFERENCE_DEFICIT, "maximum",
    ),
    "a correlation below -1": (
        water(agreements=(records.MaskAgreement(compared="a_b", kappa=-1.5),)), terms.KAPPA_COEFFICIENT, "minimum",
    ),
    "an anomaly of no type": (_anomaly(anomaly_type=terms.CLOUDY), terms.ANOMALY_TYPE, "codeScheme"),
    "a delineation of negative surface": (_anomaly(area_km2=-1.0), terms.AREA_KM2, "minimum"),
    "a delineation that is no geometry": (_anomaly(footprint="the river"), terms.AS_WKT, "wkt"),
    "an empty identifier": (scene(identifier=""), terms.PRODUCT_IDENTIFIER, "minLength"),
    "no sensing time": (scene(sensed_at=None), terms.SENSED_AT, "minCount"),
    "no footprint": (scene(footprint=None), terms.HAS_DEFAULT_GEOMETRY, "minCount"),
    "a footprint of another kind": (scene(footprint="CIRCULARSTRING (1 2, 3 4, 5 6)"), terms.AS_WKT, "wkt"),
    "a footprint cut short": (scene(footprint="POLYGON ((1 2, 3 4"), terms.AS_WKT, "wkt"),
    "a code of another scheme": (scene(product_type=terms.CLOUDY), terms.HAS_PRODUCT_TYPE, "codeScheme"),
    "a code that is none": (scene(polarisations=(BASE + "VV",)), terms.HAS_POLARISATION, "codeScheme"),
    "a document by another name": (scene(document="item.json"), terms.SOURCE_DOCUMENT, "digest"),
    "an end before the start": (scene(started_at=SENSED, ended_at=_EARLIER), terms.START_TIME, "order"),
    "a run that ends before it starts": (
        scene(run=records.ProcessingRun(started_at=SENSED, ended_at=_EARLIER)), terms.STARTED_AT, "order",
    ),
    "a tile without a code": (replace(TILE, code=""), terms.TILE_CODE, "minLength"),
    "a label that is absent": (
        records.Constellation(iri=BASE + "constellation/c", name=None),  # type: ignore[arg-type]  # the fault itself
        terms.LABEL, "minCount",
    ),
}  # fmt: skip
"""What a record can say that no record may: both the record itself and its triples show the fault."""


Stored = TypeVar("Stored", bound=Record | Related)


def apart(number: int, record: Stored) -> Stored:
    """The same record under an IRI of its own, so that many fit into one graph."""
    return replace(record, iri=f"{record.iri}-{number}")

"""What validation costs beside reading and writing a record: one core, no store.

python -m benchmarks.validation_rate
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from timeit import repeat

import pyoxigraph as ox

from ontology import records, terms
from ontology.identifiers import collection_iri, instrument_iri, item_iri, platform_iri, tile_iri
from ontology.triples import record_from, statements
from ontology.validation import ensure_valid, violations

ASSETS = 17
BANDS = 3
_CALLS = 5000
_SENSED = datetime(2025, 10, 20, 10, 20, 31, tzinfo=UTC)


def typical_scene(number: int = 0) -> records.Scene:
    """An optical scene with everything that a Sentinel-2 product says."""
    identifier = f"S2A_MSIL2A_20251020T102031_N0511_R065_T32TMR_{number:06}"
    return records.Scene(
        iri=item_iri("sentinel-2-l2a", identifier),
        identifier=identifier,
        collection=collection_iri("sentinel-2-l2a"),
        kind=terms.OPTICAL_SCENE,
        title=identifier,
        footprint="POLYGON ((8.1 44.1, 9.4 44.1, 9.4 45.2, 8.1 45.2, 8.1 44.1))",
        sensed_at=_SENSED,
        started_at=_SENSED,
        ended_at=_SENSED + timedelta(seconds=14),
        created_at=_SENSED + timedelta(hours=5),
        platform=platform_iri("sentinel-2a"),
        instruments=(instrument_iri("sentinel-2a", "msi"),),
        product_type=terms.code("ProductType", "S2MSI2A"),
        processing_level=terms.code("ProcessingLevel", "L2A"),
        processing_version="05.11",
        orbit_direction=terms.ORBIT_DESCENDING,
        relative_orbit=65,
        absolute_orbit=53912,
        sun_elevation=33.4,
        sun_azimuth=165.2,
        cloud_cover=12.75,
        cloud_class=terms.PARTLY_CLOUDY,
        snow_cover=0.0,
        tile=tile_iri("MGRS-32TMR"),
        assets=tuple(_asset(f"B{place:02}") for place in range(1, ASSETS + 1)),
        quality_checks=(records.QualityCheck(name="GENERAL_QUALITY", outcome="PASSED"),),
        run=records.ProcessingRun(facility="ESA", ended_at=_SENSED + timedelta(hours=4)),
        document="0" * 64,
        fingerprint="1" * 64,
    )


def _asset(key: str) -> records.Asset:
    bands = tuple(
        records.Band(position=place, name=f"{key}-{place}", common_name="red", center_wavelength_um=0.665)
        for place in range(1, BANDS + 1)
    )
    return records.Asset(
        key=key,
        href=f"GRANULE/IMG_DATA/{key}.jp2",
        media_type="image/jp2",
        roles=("data",),
        bands=bands,
        byte_size=123_456,
        resolution_m=10.0,
        epsg=32632,
    )


def main() -> None:
    """Print microseconds for each step of one scene, the best of five rounds."""
    numbers = count()
    fresh = [typical_scene(next(numbers)) for _ in range(_CALLS)]
    scene = fresh[0]
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in statements(scene))
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    print(f"scene with {ASSETS} assets of {BANDS} bands, {len(triples)} triples")
    show("ensure_valid", lambda: list(map(ensure_valid, fresh)))
    show("violations, thorough", lambda: [violations(one, thorough=True) for one in fresh])
    show("statements", lambda: [statements(one) for one in fresh])
    show("record_from", lambda: [record_from(scene.iri, triples) for _ in fresh])


def show(name: str, work: Callable[[], object]) -> None:
    best = min(repeat(work, number=1, repeat=5))
    print(f"{name:22} {best / _CALLS * 1e6:8.1f} µs")


if __name__ == "__main__":
    main()

"""A graph of generated scenes and parcels with its spatial index, for measuring queries about places."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import shapely

from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.statements import geometry_change
from graph_service.store.oxigraph import n_triples
from ontology import terms
from ontology.identifiers import CATALOGUE, collection_iri, item_iri
from ontology.records import Asset, Scene
from ontology.triples import statements

_CHUNK = 5_000
_COLLECTION = "sentinel-2-l2a"
_EPOCH = datetime(2016, 1, 1, tzinfo=UTC)
_LEVELS = ("L1C", "L2A")


def build(folder: Path, *, scenes: int, parcels: int) -> tuple[ox.Store, SQLiteIndex]:
    """Scenes of about a degree over Europe and ten years, and parcels of about a hundred metres in northern Italy."""
    store, index = ox.Store(str(folder / "graph")), SQLiteIndex(folder / "index.sqlite")
    choose = random.Random(1)
    for start in range(0, scenes, _CHUNK):
        chunk = [_scene(number, choose) for number in range(start, min(scenes, start + _CHUNK))]
        _write(store, index, "".join(n_triples(statements(one)) for one in chunk))
    for start in range(0, parcels, _CHUNK):
        lines = (_parcel(number, choose) for number in range(start, min(parcels, start + _CHUNK)))
        _write(store, index, "".join(lines))
    store.optimize()
    return store, index


def _write(store: ox.Store, index: SQLiteIndex, lines: str) -> None:
    change = index.change_number() + 1
    store.update(f"DELETE WHERE {{ <{CATALOGUE}> <{terms.CHANGE_NUMBER}> ?n }}")
    number = f'<{CATALOGUE}> <{terms.CHANGE_NUMBER}> "{change}"^^<{terms.INTEGER}> .\n'
    store.bulk_load((lines + number).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    index.apply(change, rows=(), geometries=geometry_change({}, {None: [lines]}))


def _scene(number: int, choose: random.Random) -> Scene:
    west, south = choose.uniform(-10, 30), choose.uniform(35, 65)
    tilt = choose.uniform(0.05, 0.2)
    footprint = shapely.Polygon(
        [(west + tilt, south), (west + 1.2, south + tilt), (west + 1.2 - tilt, south + 1), (west, south + 1 - tilt)]
    )
    identifier = f"S2A_MSIL2A_{number:08d}_N0511_R{choose.randrange(143):03d}"
    return Scene(
        iri=item_iri(_COLLECTION, identifier),
        identifier=identifier,
        collection=collection_iri(_COLLECTION),
        kind=choose.choice((terms.OPTICAL_SCENE, terms.SAR_SCENE)),
        footprint=shapely.to_wkt(footprint, rounding_precision=6),
        sensed_at=_EPOCH + timedelta(minutes=choose.randrange(10 * 365 * 24 * 60)),
        cloud_cover=round(choose.uniform(0, 100), 2),
        relative_orbit=choose.randrange(143),
        processing_level=f"{terms.CODE}ProcessingLevel-{choose.choice(_LEVELS)}",
        resolution_m=10.0,
        epsg=32632,
        assets=tuple(Asset(key=key, href=f"{identifier}/{key}.tif", roles=("data",)) for key in ("B04", "B08")),
    )


def _parcel(number: int, choose: random.Random) -> str:
    iri = f"https://example.org/parcel/{number}"
    west, south = choose.uniform(7, 13), choose.uniform(44, 46)
    wkt = shapely.to_wkt(shapely.box(west, south, west + 0.001, south + 0.001), rounding_precision=6)
    return "".join(_statements_of_parcel(iri, wkt))


def _statements_of_parcel(iri: str, wkt: str) -> Iterator[str]:
    yield f"<{iri}> <{terms.TYPE}> <{terms.ORR}Parcel> .\n"
    yield f"<{iri}> <{terms.HAS_DEFAULT_GEOMETRY}> <{iri}#footprint> .\n"
    yield f"<{iri}> <{terms.HAS_GEOMETRY}> <{iri}#footprint> .\n"
    yield f"<{iri}#footprint> <{terms.TYPE}> <{terms.GEOMETRY}> .\n"
    yield f'<{iri}#footprint> <{terms.AS_WKT}> "{wkt}"^^<{terms.WKT_LITERAL}> .\n'

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pystac
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.views.stac.geometry import bounding_box
from graph_service.views.stac.item import item_document, item_links
from graph_service.views.stac.json_text import json_text
from ontology import terms
from ontology.identifiers import (
    collection_iri,
    event_iri,
    instrument_iri,
    item_iri,
    model_iri,
    parcel_iri,
    platform_iri,
    rule_iri,
    tile_iri,
    unit_iri,
    water_body_iri,
)
from ontology.records import (
    Asset,
    Band,
    FieldAnalysis,
    MaskAgreement,
    ProcessingRun,
    ProcessingStep,
    QualityCheck,
    Scene,
    WaterAnalysis,
    WaterAnomaly,
    WaterDifference,
)
from tests.graph_service.builders import SENSED, scene_of
from tests.ontology.record_strategies import records_of

BAND = Band(
    position=1,
    name="B04",
    common_name="red",
    center_wavelength_um=0.6646,
    full_width_half_max_um=0.038,
    resolution_m=10.0,
)
FULL = scene_of(
    title="A tile",
    started_at=SENSED,
    ended_at=SENSED + timedelta(seconds=3),
    created_at=SENSED,
    updated_at=SENSED,
    platform=platform_iri("sentinel-2a"),
    instruments=(instrument_iri("sentinel-2a", "msi"),),
    product_type=terms.code("ProductType", "S2MSI2A"),
    processing_level=terms.code("ProcessingLevel", "L2A"),
    processing_version="05.10",
    licence="CC-BY-4.0",
    orbit_direction=terms.ORBIT_DESCENDING,
    relative_orbit=122,
    absolute_orbit=46000,
    datatake="GS2A_20240501T102031_046268_N05.10",
    sun_elevation=0.0,
    sun_azimuth=150.5,
    incidence_angle=4.5,
    cloud_cover=0.0,
    cloud_class=terms.CLOUD_FREE,
    snow_cover=1.5,
    water_cover=2.5,
    vegetation_cover=40.0,
    no_data_cover=0.0,
    resolution_m=10.0,
    epsg=32632,
    tile=tile_iri("MGRS-32TQQ"),
    assets=(
        Asset(
            key="B04",
            href="GRANULE/B04.jp2",
            title="Red",
            media_type="image/jp2",
            roles=("data", "reflectance"),
            bands=(BAND,),
            byte_size=0,
            checksum="d50110f9",
            resolution_m=10.0,
            epsg=32632,
        ),
        Asset(key="metadata", href="MTD_MSIL2A.xml"),
    ),
    bands=(BAND,),
    quality_checks=(QualityCheck(name="SENSOR_QUALITY", outcome="PASSED"),),
    run=ProcessingRun(
        facility="ESA",
        lineage="Sen2Cor",
        ended_at=SENSED,
        steps=(ProcessingStep(position=1, software="Sen2Cor", software_version="2.10"),),
    ),
)


def test_item_has_every_property_of_its_record() -> None:
    assert item_document(FULL)["properties"] == {
        "title": "A tile",
        "datetime": "2024-05-01T10:20:30.500000Z",
        "start_datetime": "2024-05-01T10:20:30.500000Z",
        "end_datetime": "2024-05-01T10:20:33.500000Z",
        "created": "2024-05-01T10:20:30.500000Z",
        "updated": "2024-05-01T10:20:30.500000Z",
        "license": "CC-BY-4.0",
        "gsd": 10.0,
        "product:type": "S2MSI2A",
        "processing:level": "L2A",
        "processing:version": "05.10",
        "proj:code": "EPSG:32632",
        "grid:code": "MGRS-32TQQ",
        "eo:cloud_cover": 0.0,
        "eo:snow_cover": 1.5,
        "orrery:cloud_class": "cloudFree",
        "orrery:quality_checks": {"SENSOR_QUALITY": "PASSED"},
        "bands": [STAC_BAND],
        "platform": "sentinel-2a",
        "constellation": "sentinel-2",
        "instruments": ["msi"],
        "sat:orbit_state": "descending",
        "sat:relative_orbit": 122,
        "sat:absolute_orbit": 46000,
        "view:incidence_angle": 4.5,
        "view:sun_azimuth": 150.5,
        "view:sun_elevation": 0.0,
        "processing:facility": "ESA",
        "processing:lineage": "Sen2Cor",
        "processing:datetime": "2024-05-01T10:20:30.500000Z",
        "processing:software": {"Sen2Cor": "2.10"},
        "s2:datatake_id": "GS2A_20240501T102031_046268_N05.10",
        "s2:processing_baseline": "05.10",
        "s2:water_percentage": 2.5,
        "s2:vegetation_percentage": 40.0,
        "s2:nodata_pixel_percentage": 0.0,
    }


STAC_BAND = {
    "name": "B04",
    "gsd": 10.0,
    "eo:common_name": "red",
    "eo:center_wavelength": 0.6646,
    "eo:full_width_half_max": 0.038,
}


def test_item_has_the_assets_of_its_record() -> None:
    assert item_document(FULL)["assets"] == {
        "B04": {
            "href": "GRANULE/B04.jp2",
            "title": "Red",
            "type": "image/jp2",
            "roles": ["data", "reflectance"],
            "gsd": 10.0,
            "proj:code": "EPSG:32632",
            "file:size": 0,
            "file:checksum": "d50110f9",
            "bands": [STAC_BAND],
        },
        "metadata": {"href": "MTD_MSIL2A.xml"},
    }


def test_item_declares_the_extensions_that_it_uses_and_no_others() -> None:
    used = [uri.split("/")[3] for uri in item_document(FULL)["stac_extensions"]]
    assert used == ["eo", "file", "grid", "processing", "product", "projection", "sentinel-2", "sat", "view"]
    assert item_document(scene_of())["stac_extensions"] == []


@pytest.mark.parametrize("scene", [FULL, scene_of(), scene_of(licence="see https://example.org")])
def test_item_is_valid_by_the_schema_of_stac_1_1(scene: Scene) -> None:
    document = item_document(scene) | {"links": item_links(scene), "stac_extensions": []}
    document["links"].append({"rel": "collection", "href": "https://example.org/c"})
    item = pystac.Item.from_dict(document)
    assert item.validate() is not None


def test_start_without_end_is_left_out() -> None:
    properties = item_document(scene_of(started_at=SENSED))["properties"]
    assert properties == {"datetime": "2024-05-01T10:20:30.500000Z"}


def test_licence_that_is_an_address_is_a_link() -> None:
    scene = scene_of(licence="https://example.org/terms")
    assert item_document(scene)["properties"]["license"] == "other"
    assert item_links(scene) == [{"rel": "license", "href": "https://example.org/terms"}]


def test_covers_of_other_missions_have_the_catalogues_prefix() -> None:
    scene = replace(FULL, platform=platform_iri("landsat-8"), snow_cover=None)
    properties = item_document(scene)["properties"]
    assert properties["constellation"] == "landsat"
    assert properties["orrery:water_cover"] == 2.5
    assert not [name for name in properties if name.startswith("s2:")]


def test_radar_scene_has_its_mode_and_polarisations() -> None:
    scene = scene_of(
        platform=platform_iri("sentinel-1a"),
        acquisition_mode=terms.code("AcquisitionMode", "IW"),
        polarisations=(terms.code("Polarisation", "VH"), terms.code("Polarisation", "VV")),
    )
    properties = item_document(scene)["properties"]
    assert properties["sar:instrument_mode"] == "IW"
    assert properties["sar:polarizations"] == ["VH", "VV"]


def _values(scene: Scene) -> dict[str, Any]:
    kept = ("identifier", "collection", "footprint", "sensed_at")
    return {"iri": item_iri("w", "W")} | {name: getattr(scene, name) for name in kept}


def test_water_analysis_has_its_numbers_under_the_catalogues_prefix() -> None:
    analysis = WaterAnalysis(
        **_values(scene_of("W")),
        observed_water=0.0,
        excess_bodies=3,
        difference=WaterDifference(deficit=1.0),
        agreements=(MaskAgreement(compared="ai_scl", kappa=-0.5),),
        anomaly=WaterAnomaly(anomaly_type=terms.ANOMALY_FLOOD, score=120.0, rule=rule_iri("flood", "1")),
        run=ProcessingRun(model=model_iri("water", "1")),
    )
    properties = item_document(analysis)["properties"]
    assert {name: value for name, value in properties.items() if name.startswith("orrery:")} == {
        "orrery:model": model_iri("water", "1"),
        "orrery:observed_water": 0.0,
        "orrery:excess_bodies": 3,
        "orrery:difference": {"deficit": 1.0},
        "orrery:agreements": [{"compared": "ai_scl", "kappa": -0.5}],
        "orrery:anomaly_type": "flood",
        "orrery:anomaly_score": 120.0,
        "orrery:anomaly_rule": rule_iri("flood", "1"),
    }


def test_delineated_anomaly_has_its_outline_surface_and_water_bodies() -> None:
    anomaly = WaterAnomaly(
        anomaly_type=terms.ANOMALY_NORMAL,
        score=0.0,
        rule=rule_iri("flood", "1"),
        footprint="POLYGON ((22 40, 23 40, 23 41, 22 40))",
        area_km2=0.0,
        water_bodies=(water_body_iri("Volvi"),),
    )
    properties = item_document(WaterAnalysis(**_values(scene_of("W")), anomaly=anomaly))["properties"]
    ring = ((22.0, 40.0), (23.0, 40.0), (23.0, 41.0), (22.0, 40.0))
    assert properties["orrery:anomaly_geometry"] == {"type": "Polygon", "coordinates": (ring,)}
    assert properties["orrery:anomaly_area_km2"] == 0.0
    assert properties["orrery:anomaly_water_bodies"] == [water_body_iri("Volvi")]


def test_masks_are_named_by_the_keys_of_their_assets() -> None:
    analysis = WaterAnalysis(
        **_values(scene_of("W")),
        permanent_water_km2=12.5,
        observed_water_km2=0.0,
        assets=(
            Asset(key="a mask", href="a.tif", kind=terms.REFERENCE_WATER_MASK),
            Asset(key="b", href="b.tif", kind=terms.OBSERVED_WATER_MASK),
        ),
        reference_mask=item_iri("w", "W") + "#asset-a%20mask",
        observed_mask="https://example.org/elsewhere.tif",
    )
    document = item_document(analysis)
    assert {name: value for name, value in document["properties"].items() if name.startswith("orrery:")} == {
        "orrery:permanent_water_km2": 12.5,
        "orrery:observed_water_km2": 0.0,
        "orrery:reference_mask": "a mask",
        "orrery:observed_mask": "https://example.org/elsewhere.tif",
    }
    assert {key: asset["orrery:kind"] for key, asset in document["assets"].items()} == {
        "a mask": "ReferenceWaterMask",
        "b": "ObservedWaterMask",
    }


def test_field_analysis_has_its_numbers_and_parcels_under_the_catalogues_prefix() -> None:
    parcels = (parcel_iri("LPIS", "1"), parcel_iri("LPIS", "2"))
    analysis = FieldAnalysis(
        **_values(scene_of("F")),
        field_count=0,
        cloud_free_agricultural_coverage=0.0,
        total_area_ha=12.5,
        parcels=parcels,
    )
    properties = item_document(analysis)["properties"]
    assert {name: value for name, value in properties.items() if name.startswith("orrery:")} == {
        "orrery:field_count": 0,
        "orrery:cloud_free_agricultural_coverage": 0.0,
        "orrery:total_area_ha": 12.5,
        "orrery:parcels": list(parcels),
    }


def test_scene_names_what_it_shows() -> None:
    unit, lake, flood = unit_iri("EL52"), water_body_iri("Volvi"), event_iri("GDACS", "1")
    properties = item_document(scene_of(units=(unit,), features=(lake,), events=(flood,)))["properties"]
    assert [properties[f"orrery:{name}"] for name in ("units", "features", "events")] == [[unit], [lake], [flood]]


def _all_but(value: Any, field: str) -> Any:
    """A value with the default of one of its fields."""
    (default,) = (one.default for one in fields(value) if one.name == field)
    return replace(value, **{field: default})


_SHOWN = ("units", "features", "events")


@pytest.mark.parametrize(
    ("record_class", "field"),
    [(one, field) for one in (WaterAnalysis, FieldAnalysis) for field in (*_SHOWN, *one.__annotations__)],
)
@settings(max_examples=10)
@given(data=st.data())
def test_item_has_every_field_of_an_analysis(record_class: type, field: str, data: st.DataObject) -> None:
    analysis = data.draw(records_of(record_class, complete=True))
    assert json_text(item_document(analysis)) != json_text(item_document(_all_but(analysis, field)))


@pytest.mark.parametrize("field", ["footprint", "area_km2", "water_bodies"])
@given(anomaly=records_of(WaterAnomaly, complete=True))
def test_item_has_every_field_of_an_anomaly(field: str, anomaly: WaterAnomaly) -> None:
    whole, less = (
        item_document(WaterAnalysis(**_values(scene_of("W")), anomaly=one))
        for one in (anomaly, _all_but(anomaly, field))
    )
    assert whole != less


def test_item_names_its_collection_as_the_producer_writes_it() -> None:
    scene = replace(scene_of(), collection=collection_iri("Größe/1"))
    assert item_document(scene)["collection"] == "Größe/1"


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([(11, 44, 12, 45)], [11, 44, 12, 45]),
        ([(178, -1, 180, 1), (-180, -2, -179, 1)], [178, -2, -179, 1]),
        ([(-180, -1, -179, 1), (-10, -1, 10, 1), (178, -1, 180, 1)], [-10, -1, -179, 1]),
        ([(-180, 80, 180, 90)], [-180, 80, 180, 90]),
        ([(-180, 0, 5, 1), (5, 0, 180, 1)], [-180, 0, 180, 1]),
        ([(170, 0, 180, 1)], [170, 0, 180, 1]),
    ],
)
def test_bounding_box_follows_rfc_7946(boxes: list[tuple[float, float, float, float]], expected: list[float]) -> None:
    footprint = shapely.MultiPolygon([shapely.box(*box) for box in boxes])
    assert bounding_box(footprint) == expected

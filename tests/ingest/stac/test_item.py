"""STAC items of versions 0.9 to 1.1: every field that one can fill, and what is refused or left out."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.document import Mapped, Notice
from ingest.errors import DocumentRefused, FootprintInvalid, MetadataInvalid, MetadataMissing
from ingest.stac.item import read_item
from ontology import terms
from ontology.identifiers import (
    collection_iri,
    constellation_iri,
    instrument_iri,
    item_iri,
    platform_iri,
    tile_iri,
)
from ontology.records import (
    Asset,
    Band,
    Collection,
    Constellation,
    GridTile,
    Instrument,
    Platform,
    ProcessingRun,
    ProcessingStep,
    Scene,
)
from tests.ingest.documents import CHECKSUM, SOURCE, SQUARE, VERSIONS, full_item, json_document, stac_item
from tests.ingest.stored import as_stored


def read(item: dict[str, Any]) -> Mapped:
    return read_item(json_document(item, "stac-item"))


def scene_of(item: dict[str, Any]) -> Scene:
    record = read(item).record
    assert isinstance(record, Scene)
    return record


def scene_with(**properties: Any) -> Scene:
    return scene_of(stac_item(properties={name.replace("__", ":"): value for name, value in properties.items()}))


def notices_with(properties: dict[str, Any]) -> tuple[Notice, ...]:
    return read(stac_item(properties=properties)).notices


def refusal_of(item: dict[str, Any]) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read(item)
    assert caught.value.source == SOURCE
    assert str(caught.value) == f"{SOURCE}: {caught.value.field}: {caught.value.reason}"
    return caught.value


_BAND = Band(
    position=1,
    name="B04",
    common_name="red",
    center_wavelength_um=0.665,
    full_width_half_max_um=0.038,
    resolution_m=10,
)
_SOURCE_SCENE = item_iri("sentinel-2-l1c", "S2B_L1C")
_FULL: dict[str, Any] = {
    "iri": item_iri("series", "scene"),
    "identifier": "scene",
    "collection": collection_iri("series"),
    "kind": terms.OPTICAL_SCENE,
    "title": "A scene",
    "footprint": "POLYGON ((22 40, 23 40, 23 41, 22 41, 22 40))",
    "sensed_at": datetime(2024, 8, 12, 9, 27, 13, 523876, tzinfo=UTC),
    "started_at": datetime(2024, 8, 12, 9, 20, 29, tzinfo=UTC),
    "ended_at": datetime(2024, 8, 12, 9, 30, tzinfo=UTC),
    "created_at": datetime(2024, 8, 12, 12, 13, 40, tzinfo=UTC),
    "updated_at": datetime(2024, 8, 13, tzinfo=UTC),
    "platform": platform_iri("sentinel-2b"),
    "instruments": (instrument_iri("sentinel-2b", "msi"),),
    "product_type": terms.code("ProductType", "S2MSI2A"),
    "processing_level": terms.code("ProcessingLevel", "L2A"),
    "processing_version": "05.11",
    "licence": "CC-BY-4.0",
    "orbit_direction": terms.ORBIT_DESCENDING,
    "relative_orbit": 93,
    "absolute_orbit": 38824,
    "datatake": "GS2B_20240812T092029_038824_N05.11",
    "acquisition_mode": terms.code("AcquisitionMode", "IW"),
    "polarisations": (terms.code("Polarisation", "VH"), terms.code("Polarisation", "VV")),
    "sun_elevation": 60.5,
    "sun_azimuth": 148.25,
    "off_nadir": 0,
    "incidence_angle": 8.5,
    "view_azimuth": 285,
    "cloud_cover": 0,
    "cloud_class": terms.CLOUD_FREE,
    "snow_cover": 0.25,
    "water_cover": 3.5,
    "vegetation_cover": 61.75,
    "no_data_cover": 0,
    "resolution_m": 10,
    "epsg": 32634,
    "tile": tile_iri("MGRS-34TGL"),
    "derived_from": (_SOURCE_SCENE,),
    "assets": (
        Asset(
            key="red",
            href="https://example.com/B04.tif",
            kind=terms.CLOUD_OPTIMIZED_ASSET,
            title="Red",
            media_type="image/tiff; application=geotiff; profile=cloud-optimized",
            roles=("data", "reflectance"),
            bands=(_BAND,),
            byte_size=1024,
            checksum=CHECKSUM,
            resolution_m=10,
            epsg=32634,
        ),
    ),
    "bands": (_BAND,),
    "run": ProcessingRun(
        inputs=(_SOURCE_SCENE,),
        facility="ESA",
        lineage="Made from level 1C",
        ended_at=datetime(2024, 8, 12, 13, 23, 45, tzinfo=UTC),
        steps=(
            ProcessingStep(position=1, software="GIPP", software_version="4"),
            ProcessingStep(position=2, software="Sen2Cor", software_version="2.11"),
        ),
    ),
}


def _run_of(software: str, version: str | None) -> ProcessingRun:
    return ProcessingRun(steps=(ProcessingStep(position=1, software=software, software_version=version),))


_NOT_OF_ITEMS = {"units", "features", "events", "quality_checks", "document", "fingerprint"}
"""No STAC item has checks or names what it shows; the last two are set where documents are stored."""


@pytest.mark.parametrize("field", _FULL)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_field_is_read_in_the_spelling_of_every_version(version: str, field: str) -> None:
    assert getattr(scene_of(full_item(version)), field) == _FULL[field]


def test_every_field_that_an_item_can_fill_is_claimed() -> None:
    assert _FULL.keys() | _NOT_OF_ITEMS == {field.name for field in fields(Scene)}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_of_a_good_item_is_noted(version: str) -> None:
    assert read(full_item(version)).notices == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_comes_back_from_its_triples(version: str) -> None:
    record = scene_of(full_item(version))
    assert as_stored(record) == record


@pytest.mark.parametrize(
    ("properties", "field", "expected"),
    [
        ({"eo:platform": "S2B"}, "platform", platform_iri("sentinel-2b")),
        (
            {"eo:platform": "landsat-8", "eo:instrument": "OLI_TIRS"},
            "instruments",
            (instrument_iri("landsat-8", "oli"), instrument_iri("landsat-8", "tirs")),
        ),
        ({"eo:sun_azimuth": 0.5}, "sun_azimuth", 0.5),
        ({"eo:sun_elevation": -0.25}, "sun_elevation", -0.25),
        ({"eo:off_nadir": 1.5}, "off_nadir", 1.5),
        ({"eo:azimuth": 95}, "view_azimuth", 95),
        ({"eo:gsd": 30}, "resolution_m", 30),
        ({"eo:epsg": 32610}, "epsg", 32610),
        ({"sat:pass_direction": "ASCENDING"}, "orbit_direction", terms.ORBIT_ASCENDING),
        ({"dtr:start_datetime": "2024-08-12T00:00:00Z"}, "started_at", datetime(2024, 8, 12, tzinfo=UTC)),
        ({"dtr:end_datetime": "2024-08-13T00:00:00Z"}, "ended_at", datetime(2024, 8, 13, tzinfo=UTC)),
        (
            {"eo:bands": [{"name": "B1", "common_name": "coastal"}]},
            "bands",
            (Band(position=1, name="B1", common_name="coastal"),),
        ),
        ({"sar:product_type": "GRD"}, "product_type", terms.code("ProductType", "GRD")),
        ({"s3:product_type": "OL_1_EFR___"}, "product_type", terms.code("ProductType", "OL_1_EFR___")),
        ({"s5p:product_type": "L2__NO2___"}, "product_type", terms.code("ProductType", "L2__NO2___")),
        ({"landsat:correction": "L2SP"}, "product_type", terms.code("ProductType", "L2SP")),
        ({"s1:datatake_id": 12345}, "datatake", "12345"),
        ({"s2:mgrs_tile": "4QGJ"}, "tile", tile_iri("MGRS-04QGJ")),
        ({"processing:software": {"snap": None}}, "run", _run_of("snap", None)),
        ({"processing:software": {"snap": 9}}, "run", _run_of("snap", "9")),
    ],
)
def test_other_spellings_are_read(properties: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(scene_of(stac_item("0.8.1", properties)), field) == expected


def test_the_newer_spelling_goes_before_the_older() -> None:
    scene = scene_with(view__sun_azimuth=10, eo__sun_azimuth=20, proj__code="EPSG:4326", proj__epsg=32634)
    assert (scene.sun_azimuth, scene.epsg) == (10, 4326)


def test_a_newer_spelling_that_is_null_does_not_hide_the_older() -> None:
    assert scene_with(view__sun_azimuth=None, eo__sun_azimuth=20).sun_azimuth == 20


def test_what_an_item_does_not_say_is_none_or_empty() -> None:
    scene = scene_of(stac_item())
    required = {"iri", "identifier", "collection", "kind", "footprint", "sensed_at"}
    assert {field.name for field in fields(Scene) if getattr(scene, field.name) not in (None, ())} == required


def test_a_null_is_as_good_as_absence() -> None:
    nothing = dict.fromkeys(full_item("1.1.0")["properties"]) | {"datetime": "2024-08-12T09:27:13Z"}
    mapped = read(stac_item() | {"properties": nothing, "links": None, "assets": None})
    assert mapped.record == scene_of(stac_item())
    assert mapped.notices == ()


@pytest.mark.parametrize(
    "name", ["eo:cloud_cover", "eo:snow_cover", "view:off_nadir", "view:sun_azimuth", "sat:relative_orbit"]
)
def test_zero_is_a_value(name: str) -> None:  # fmt: skip
    field = name.partition(":")[2]
    assert getattr(scene_of(stac_item(properties={name: 0})), field) == 0


@pytest.mark.parametrize(
    ("instruments", "kind"),
    [
        (["msi"], terms.OPTICAL_SCENE),
        (["OLI", "TIRS"], terms.OPTICAL_SCENE),
        (["oli_tirs"], terms.OPTICAL_SCENE),
        (["ETM+"], terms.OPTICAL_SCENE),
        (["olci"], terms.OPTICAL_SCENE),
        (["c-sar"], terms.SAR_SCENE),
        (["TROPOMI"], terms.ATMOSPHERIC_SCENE),
        (["sral"], terms.ALTIMETRY_SCENE),
        (["msi", "c-sar"], terms.SCENE),
        (["OLI_TIRS", "x-sar"], terms.SCENE),
        (["something"], terms.SCENE),
        ([], terms.SCENE),
    ],
)
def test_the_instruments_tell_the_kind_of_scene(instruments: list[str], kind: str) -> None:
    assert scene_with(instruments=instruments).kind == kind


@pytest.mark.parametrize(
    ("platform", "instruments", "constellation"),
    [
        ("landsat-7", ["ETM+"], "landsat"),
        ("sentinel-1a", ["SAR"], "sentinel-1"),
        ("Landsat-8", ["OLI_TIRS"], "Landsat-8"),
        ("landsat-9", ["OLI-2", "TIRS-2"], "LANDSAT_9"),
    ],
)
def test_known_satellites_and_instruments_in_odd_spellings_are_the_published_ones(
    platform: str, instruments: list[str], constellation: str
) -> None:
    named = {"platform": platform, "instruments": instruments, "constellation": constellation}
    mapped = read(stac_item(properties=named))
    assert mapped.references == (Collection(iri=collection_iri("series"), identifier="series"),)
    assert isinstance(mapped.record, Scene)
    assert mapped.record.instruments


def test_a_radar_mode_tells_a_radar_scene_where_no_instrument_is_named() -> None:
    assert scene_with(sar__instrument_mode="IW").kind == terms.SAR_SCENE


def test_an_instrument_without_a_satellite_is_nobodys() -> None:
    assert scene_with(instruments=["msi"]).instruments == ()


def test_an_item_without_a_collection_is_uncollected() -> None:
    scene = scene_of(stac_item(collection=None))
    assert (scene.iri, scene.collection) == (item_iri("uncollected", "scene"), collection_iri("uncollected"))


def test_an_identifier_with_any_character_makes_an_iri() -> None:
    scene = scene_of(stac_item(id='a b/ü"<>', collection="c/d"))
    assert scene.identifier == 'a b/ü"<>'
    assert scene.iri == item_iri("c/d", 'a b/ü"<>')
    assert as_stored(scene) == scene


def test_what_the_item_names_comes_along_once() -> None:
    properties = {"platform": "KOMPSAT-9", "constellation": "KOMPSAT", "instruments": ["AEISS"], "grid:code": "X-1"}
    platform = platform_iri("kompsat-9")
    assert read(stac_item(properties=properties)).references == (
        Collection(iri=collection_iri("series"), identifier="series"),
        Constellation(iri=constellation_iri("kompsat"), name="kompsat"),
        Platform(iri=platform, name="kompsat-9", constellation=constellation_iri("kompsat")),
        Instrument(
            iri=instrument_iri("kompsat-9", "aeiss"), name="aeiss", kind=terms.OPTICAL_INSTRUMENT, platform=platform
        ),
        GridTile(iri=tile_iri("X-1"), code="X-1"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-08-12T09:27:13Z", datetime(2024, 8, 12, 9, 27, 13, tzinfo=UTC)),
        ("2024-08-12t09:27:13z", datetime(2024, 8, 12, 9, 27, 13, tzinfo=UTC)),
        ("2024-08-12 09:27:13Z", datetime(2024, 8, 12, 9, 27, 13, tzinfo=UTC)),
        ("2024-08-12T09:27:13+00:00", datetime(2024, 8, 12, 9, 27, 13, tzinfo=UTC)),
        ("2024-08-12T01:27:13+05:30", datetime(2024, 8, 11, 19, 57, 13, tzinfo=UTC)),
        ("2024-12-31T23:30:00-01:00", datetime(2025, 1, 1, 0, 30, tzinfo=UTC)),
        ("2024-08-12T09:27:13.5Z", datetime(2024, 8, 12, 9, 27, 13, 500000, tzinfo=UTC)),
        ("2024-08-12T09:27:13.1234567Z", datetime(2024, 8, 12, 9, 27, 13, 123456, tzinfo=UTC)),
        ("2024-08-12T09:27:13.123456789Z", datetime(2024, 8, 12, 9, 27, 13, 123456, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc_whatever_its_offset_and_fraction(text: str, expected: datetime) -> None:
    mapped = read(stac_item(properties={"datetime": text}))
    assert isinstance(mapped.record, Scene)
    assert (mapped.record.sensed_at, mapped.record.sensed_at.tzinfo) == (expected, UTC)
    assert mapped.notices == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-08-12T09:27:13", datetime(2024, 8, 12, 9, 27, 13, tzinfo=UTC)),
        ("2024-08-12", datetime(2024, 8, 12, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_taken_as_utc_with_a_notice(text: str, expected: datetime) -> None:
    mapped = read(stac_item(properties={"datetime": text}))
    assert isinstance(mapped.record, Scene)
    assert mapped.record.sensed_at == expected
    assert mapped.notices == (Notice("properties.datetime", "has no time zone; taken as UTC"),)


@pytest.mark.parametrize(
    ("start", "end", "sensed"),
    [
        ("2024-08-12T00:00:00Z", "2024-08-13T00:00:00Z", datetime(2024, 8, 12, tzinfo=UTC)),
        ("2024-08-12T00:00:00Z", None, datetime(2024, 8, 12, tzinfo=UTC)),
        (None, "2024-08-13T00:00:00Z", datetime(2024, 8, 13, tzinfo=UTC)),
        ("2024-08-12T00:00:00Z", "2024-08-12T00:00:00Z", datetime(2024, 8, 12, tzinfo=UTC)),
    ],
)
def test_an_interval_stands_in_for_a_null_time(start: str | None, end: str | None, sensed: datetime) -> None:
    scene = scene_with(datetime=None, start_datetime=start, end_datetime=end)
    assert scene.sensed_at == sensed


@pytest.mark.parametrize(
    ("item", "error", "field", "reason"),
    [
        (stac_item(id=None), MetadataMissing, "id", "is absent or empty; every item needs an identifier"),
        (stac_item(id=""), MetadataMissing, "id", "is absent or empty; every item needs an identifier"),
        (stac_item(id=7), MetadataInvalid, "id", "is not a text but int"),
        (stac_item(id=["a"]), MetadataInvalid, "id", "is not a text but list"),
        (stac_item() | {"properties": None}, MetadataMissing, "properties", "is absent or not an object"),
        (stac_item() | {"properties": []}, MetadataMissing, "properties", "is absent or not an object"),
        (
            stac_item(geometry=None),
            MetadataMissing,
            "geometry",
            "is absent or null; give the footprint as a GeoJSON geometry",
        ),
        (
            {name: value for name, value in stac_item().items() if name != "geometry"},
            MetadataMissing,
            "geometry",
            "is absent or null; give the footprint as a GeoJSON geometry",
        ),
        (
            stac_item(geometry=SQUARE | {"coordinates": [[[22, 40], [23, 40], [23, 95], [22, 40]]]}),
            FootprintInvalid,
            "geometry",
            "has latitudes from 40.0 to 95.0, outside -90 to 90 degrees",
        ),
        (
            stac_item(properties={"datetime": None}),
            MetadataMissing,
            "properties.datetime",
            "is absent or null, and so are start_datetime and end_datetime",
        ),
        (
            stac_item() | {"properties": {}},
            MetadataMissing,
            "properties.datetime",
            "is absent or null, and so are start_datetime and end_datetime",
        ),
        (
            stac_item(
                properties={"start_datetime": "2024-08-13T00:00:00Z", "end_datetime": "2024-08-12T23:59:59Z"},
            ),
            MetadataInvalid,
            "properties.start_datetime",
            "is later than end_datetime",
        ),
        (
            stac_item(properties={"datetime": "yesterday"}),
            MetadataInvalid,
            "properties.datetime",
            "'yesterday' is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"datetime": ""}),
            MetadataInvalid,
            "properties.datetime",
            "'' is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"datetime": "2024-02-30T00:00:00Z"}),
            MetadataInvalid,
            "properties.datetime",
            "'2024-02-30T00:00:00Z' is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"datetime": "0001-01-01T00:00:00+10:00"}),
            MetadataInvalid,
            "properties.datetime",
            "'0001-01-01T00:00:00+10:00' is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"datetime": 20240812}),
            MetadataInvalid,
            "properties.datetime",
            "20240812 is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"datetime": ["2024-08-12T00:00:00Z"]}),
            MetadataInvalid,
            "properties.datetime",
            "['2024-08-12T00:00:00Z'] is not an RFC 3339 time",
        ),
        (
            stac_item(properties={"end_datetime": True}),
            MetadataInvalid,
            "properties.end_datetime",
            "True is not an RFC 3339 time",
        ),
    ],
)
def test_an_item_without_what_a_record_needs_is_refused(
    item: dict[str, Any], error: type[DocumentRefused], field: str, reason: str
) -> None:
    refusal = refusal_of(item)
    assert (type(refusal), refusal.field, refusal.reason) == (error, field, reason)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("eo:cloud_cover", 100.5, "100.5 lies outside 0 to 100"),
        ("eo:cloud_cover", -1, "-1 lies outside 0 to 100"),
        ("eo:cloud_cover", "12", "'12' is not a number"),
        ("eo:cloud_cover", True, "True is not a number"),
        ("eo:cloud_cover", [1], "[1] is not a number"),
        ("view:sun_azimuth", 361, "361 lies outside 0 to 360"),
        ("eo:sun_azimuth", -181, "-181 lies outside 0 to 360"),
        ("view:sun_elevation", 90.5, "90.5 lies outside -90 to 90"),
        ("view:off_nadir", -11.5, "-11.5 lies outside 0 to 90"),
        ("sat:relative_orbit", 93.5, "93.5 is not a whole number"),
        ("sat:absolute_orbit", -1, "-1 lies outside 0 to 9223372036854775807"),
        ("gsd", -10, "-10 lies outside 0 to ∞"),
        ("proj:epsg", 0, "0 lies outside 1 to 9223372036854775807"),
        ("proj:code", "EPSG:0", "0 lies outside 1 to 9223372036854775807"),
        ("title", ["A"], "is not a text but list"),
        ("platform", {"name": "S2A"}, "is not a text but dict"),
        ("instruments", {"msi": 1}, "is not a list of texts"),
        ("instruments", ["msi", 1], "is not a list of texts"),
        ("sar:polarizations", 7, "is not a list of texts"),
        ("processing:software", "snap", "is not an object but str"),
        ("eo:bands", {"B1": {}}, "is not a list"),
        ("created", "yesterday", "'yesterday' is not an RFC 3339 time"),
        ("processing:datetime", 5, "5 is not an RFC 3339 time"),
    ],
)
def test_an_optional_member_that_does_not_fit_is_left_out_with_one_notice(name: str, value: Any, reason: str) -> None:
    mapped = read(stac_item(properties={name: value}))
    assert mapped.record == scene_of(stac_item())
    assert mapped.notices == (Notice(f"properties.{name}", f"{reason}; left out of the record"),)


def test_the_cut_at_the_antimeridian_is_noted() -> None:
    ring = [[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]]
    mapped = read(stac_item(geometry={"type": "Polygon", "coordinates": [ring]}))
    assert mapped.notices == (Notice("geometry", "crosses the antimeridian; cut there into 2 parts"),)


@pytest.mark.parametrize(
    ("code", "epsg"),
    [("EPSG:32634", 32634), ("epsg:4326", 4326), ("IAU_2015:30100", None), ("32634", None), (None, None)],
)
def test_only_a_code_of_epsg_is_one(code: str | None, epsg: int | None) -> None:
    assert scene_with(proj__code=code).epsg == epsg


@pytest.mark.parametrize("direction", ["geostationary", "up", ""])
def test_an_orbit_without_a_direction_has_none(direction: str) -> None:
    assert scene_with(sat__orbit_state=direction).orbit_direction is None


def test_a_whole_number_beyond_the_digits_of_a_float_is_exact() -> None:
    assert scene_with(sat__absolute_orbit=2**53 + 1).absolute_orbit == 2**53 + 1


def test_an_azimuth_counted_from_minus_180_is_counted_from_0() -> None:
    assert scene_with(view__sun_azimuth=-30.5).sun_azimuth == 329.5
    [notice] = notices_with({"eo:sun_azimuth": -30.5})
    assert notice.field == "properties.eo:sun_azimuth"

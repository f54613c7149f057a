from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.document import Document, Mapped
from ingest.sentinel2.product import read_product
from ontology import terms
from ontology.cloudclass import cloud_class
from ontology.identifiers import collection_iri, instrument_iri, item_iri, platform_iri, tile_iri
from ontology.records import Asset, Scene
from ontology.triples import record_from, statements
from tests.ingest.sentinel2.safe_text import L1C, L1C_OLD, L2A, L2A_OLD, SafeText

_PRODUCTS = {"L1C old": L1C_OLD, "L1C new": L1C, "L2A old": L2A_OLD, "L2A new": L2A}


def scene_of(mapped: Mapped) -> Scene:
    assert isinstance(mapped.record, Scene)
    return mapped.record


def scene_from(text: SafeText) -> Scene:
    return scene_of(read_product(text.document()))


def assets_of(text: SafeText) -> dict[str, Asset]:
    return {asset.key: asset for asset in scene_from(text).assets}


@pytest.fixture(params=list(_PRODUCTS.values()), ids=list(_PRODUCTS))
def text(request: pytest.FixtureRequest) -> SafeText:
    product: SafeText = request.param
    return product


_COMMON = {
    "kind": terms.OPTICAL_SCENE,
    "sensed_at": datetime(2024, 8, 12, 9, 27, 13, 523876, tzinfo=UTC),
    "started_at": datetime(2024, 8, 12, 9, 20, 29, 24000, tzinfo=UTC),
    "ended_at": datetime(2024, 8, 12, 9, 20, 29, 24000, tzinfo=UTC),
    "created_at": datetime(2024, 8, 12, 12, 13, 40, tzinfo=UTC),
    "footprint": "POLYGON ((22.66 41.55, 23.98 41.57, 23.99 40.58, 22.69 40.56, 22.66 41.55))",
    "platform": platform_iri("sentinel-2b"),
    "instruments": (instrument_iri("sentinel-2b", "msi"),),
    "orbit_direction": terms.ORBIT_DESCENDING,
    "relative_orbit": 93,
    "absolute_orbit": 38824,
    "datatake": "GS2B_20240812T092029_038824_N05.11",
    "acquisition_mode": terms.code("AcquisitionMode", "INS-NOBS"),
    "sun_elevation": 60.5,
    "sun_azimuth": 148.25,
    "incidence_angle": 8.5,
    "cloud_cover": 12.5,
    "cloud_class": terms.PARTLY_CLOUDY,
    "snow_cover": 0.25,
    "epsg": 32634,
    "tile": tile_iri("MGRS-34TGL"),
    "resolution_m": 10,
    "licence": None,
}


@pytest.mark.parametrize("field", _COMMON)
def test_every_level_and_baseline_gives_the_field(text: SafeText, field: str) -> None:
    assert getattr(scene_from(text), field) == _COMMON[field]


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (L2A, {"product_type": "S2MSI2A", "processing_level": "L2A", "processing_version": "05.11"}),
        (L2A_OLD, {"product_type": "S2MSI2A", "processing_level": "L2A", "processing_version": "02.07"}),
        (L1C, {"product_type": "S2MSI1C", "processing_level": "L1C", "processing_version": "05.11"}),
        (L1C_OLD, {"product_type": "S2MSI1C", "processing_level": "L1C", "processing_version": "02.01"}),
    ],
)
def test_level_type_and_baseline_are_those_of_the_product(product: SafeText, expected: dict[str, str]) -> None:
    scene = scene_from(product)
    assert scene.product_type == terms.code("ProductType", expected["product_type"])
    assert scene.processing_level == terms.code("ProcessingLevel", expected["processing_level"])
    assert scene.processing_version == expected["processing_version"]


@pytest.mark.parametrize(("product", "collection"), [(L1C, "sentinel-2-l1c"), (L2A, "sentinel-2-l2a")])
def test_the_product_name_identifies_the_scene_in_the_collection_of_its_level(
    product: SafeText, collection: str
) -> None:
    scene = scene_from(product)
    assert scene.identifier == product.name
    assert scene.iri == item_iri(collection, str(product.name))
    assert scene.collection == collection_iri(collection)


def test_azimuths_are_averaged_across_north() -> None:
    assert scene_from(L2A).view_azimuth in (pytest.approx(0, abs=1e-9), pytest.approx(360, abs=1e-9))


def test_land_cover_is_that_of_level_2a() -> None:
    scene = scene_from(L2A)
    assert (scene.water_cover, scene.vegetation_cover, scene.no_data_cover) == (3.5, 61.75, 7e-6)
    unknown = scene_from(L1C)
    assert (unknown.water_cover, unknown.vegetation_cover, unknown.no_data_cover) == (None, None, None)


def test_a_cloud_cover_of_zero_is_kept() -> None:
    scene = scene_from(replace(L2A, cloud="0.0", cloud_assessment="0.0"))
    assert scene.cloud_cover == 0
    assert scene.cloud_class == terms.CLOUD_FREE


def test_an_overhead_sun_is_kept() -> None:
    scene = scene_from(replace(L2A, sun_zenith="0.0", sun_azimuth="0.0"))
    assert (scene.sun_elevation, scene.sun_azimuth) == (90, 0)


def test_the_products_cloud_assessment_stands_in_for_the_tiles() -> None:
    assert scene_from(replace(L2A, cloud=None)).cloud_cover == 12.500000000000002
    assert scene_from(replace(L2A, cloud=None, cloud_assessment=None)).cloud_cover is None


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (None, None),
        (0.0, terms.CLOUD_FREE),
        (5.0, terms.CLOUD_FREE),
        (5.01, terms.PARTLY_CLOUDY),
        (50.0, terms.PARTLY_CLOUDY),
        (50.01, terms.CLOUDY),
        (100.0, terms.CLOUDY),
    ],
)
def test_cloud_classes_include_their_upper_limit(cover: float | None, expected: str | None) -> None:
    assert cloud_class(cover) == expected


@pytest.mark.parametrize(
    ("product", "outcomes"),
    [(L1C_OLD, {"GEOMETRIC_QUALITY": "FAILED"}), (L2A, {"L2A_QUALITY": "PASSED", "GEOMETRIC_QUALITY": "FAILED"})],
)
def test_quality_checks_keep_the_producers_word_by_name(product: SafeText, outcomes: dict[str, str]) -> None:
    checks = scene_from(replace(product, outcomes=product.outcomes | outcomes)).quality_checks
    assert {check.name: check.outcome for check in checks} == product.outcomes | outcomes
    assert [check.name for check in checks] == sorted(check.name for check in checks)


def test_level_2a_has_an_image_for_each_layer_and_resolution() -> None:
    assets = assets_of(L2A)
    assert set(assets) >= {"B02_10m", "B8A_20m", "B09_60m", "TCI_10m", "AOT_60m", "WVP_20m", "SCL_20m"}
    assert len(assets) == len(L2A.images) + 4
    blue = assets["B02_20m"]
    assert blue.href == f"{L2A.name}.SAFE/{L2A.folder}/IMG_DATA/R20m/T34TGL_20240812T092029_B02_20m.jp2"
    assert (blue.media_type, blue.roles, blue.resolution_m, blue.epsg) == ("image/jp2", ("data",), 20, 32634)
    assert [(band.name, band.common_name, band.resolution_m) for band in blue.bands] == [("B02", "blue", 20)]


def test_images_in_geotiff_are_named_and_typed_so() -> None:
    blue = assets_of(replace(L2A, image_format="GeoTIFF"))["B02_10m"]
    assert blue.href.endswith("_B02_10m.tif")
    assert blue.media_type == "image/tiff; application=geotiff"


def test_images_of_the_pilot_production_are_named_without_folder() -> None:
    text = L2A.product().replace("IMAGE_FILE>", "IMAGE_ID_2A>").replace(f"{L2A.folder}/IMG_DATA/R10m/", "")
    scene = scene_of(read_product(L2A.document(product=text)))
    blue = next(asset for asset in scene.assets if asset.key == "B02_10m")
    assert blue.href == f"{L2A.name}.SAFE/GRANULE/{L2A.tile_id}/IMG_DATA/T34TGL_20240812T092029_B02_10m.jp2"


def test_the_pilot_productions_element_names_give_the_same_scene() -> None:
    text = L2A.product()
    for name in ("Product_Info", "Product_Organisation", "Product_Image_Characteristics"):
        text = text.replace(f"{name}>", f"L2A_{name}>")
    for name in ("PRODUCT_URI", "IMAGE_FILE"):
        text = text.replace(f"{name}>", f"{name}_2A>")
    assert read_product(L2A.document(product=text)) == read_product(L2A.document())


def test_level_1c_has_an_image_for_each_band() -> None:
    assets = assets_of(L1C)
    assert assets["B01"].resolution_m == 60
    assert assets["B12"].bands[0].common_name == "swir22"
    assert [band.name for band in assets["TCI"].bands] == ["B04", "B03", "B02"]
    assert (assets["TCI"].roles, assets["TCI"].resolution_m) == (("visual",), 10)


def test_metadata_and_preview_are_assets() -> None:
    assets = assets_of(L2A)
    metadata = {key: asset.href.partition("/")[2] for key, asset in assets.items() if asset.roles == ("metadata",)}
    assert metadata == {
        "product_metadata": "MTD_MSIL2A.xml",
        "granule_metadata": f"{L2A.folder}/MTD_TL.xml",
        "safe_manifest": "manifest.safe",
    }
    assert assets["preview"].href == f"{L2A.name}.SAFE/{L2A.preview}"
    assert {assets[key].media_type for key in metadata} == {"application/xml"}


def test_a_preview_address_is_a_thumbnail_and_not_applicable_is_none() -> None:
    assert "thumbnail" not in assets_of(L2A)
    assert assets_of(replace(L2A, preview_url="https://example.com/a.jpg"))["thumbnail"].href.endswith("a.jpg")


def test_sizes_and_checksums_are_those_of_the_manifest() -> None:
    blue = assets_of(L2A)["B02_10m"]
    assert (blue.byte_size, blue.checksum) == (1, "1620" + f"{1:064x}")


@pytest.mark.parametrize(("product", "count"), [(L1C, 13), (L2A, 12)])
def test_bands_are_those_with_an_image_in_their_native_resolution(product: SafeText, count: int) -> None:
    bands = scene_from(product).bands
    assert [band.position for band in bands] == list(range(1, count + 1))
    assert ("B10" in [band.name for band in bands]) is (product.level == "1C")
    assert [band.resolution_m for band in bands][:5] == [60, 10, 10, 10, 20]


def test_a_wavelength_in_the_product_goes_before_the_published_one() -> None:
    assert scene_from(L2A).bands[1].center_wavelength_um == 0.4923
    assert scene_from(L2A_OLD).bands[1].center_wavelength_um == 0.4921
    assert scene_from(L2A).bands[1].full_width_half_max_um == 0.066


def test_wavelengths_of_an_unknown_satellite_are_unknown() -> None:
    assert scene_from(replace(L2A_OLD, satellite="Sentinel-2Z")).bands[1].center_wavelength_um is None
    assert scene_from(replace(L2A_OLD, satellite=None)).platform is None


def test_what_the_product_points_to_is_named() -> None:
    mapped = read_product(replace(L2A, satellite="Sentinel-2Z").document())
    assert {reference.iri for reference in mapped.references} >= {
        platform_iri("sentinel-2z"), instrument_iri("sentinel-2z", "msi"), tile_iri("MGRS-34TGL")
    }  # fmt: skip


def test_a_folder_with_another_name_than_the_product_is_noticed(text: SafeText) -> None:
    document = text.document("/data/S2B_MSIL2A_20240812T092029_R093_T34TGL.SAFE")
    assert [notice.field for notice in read_product(document).notices] == ["PRODUCT_URI"]


@pytest.mark.parametrize("source", ["/data/{name}.SAFE", "/data/{name}.SAFE/", "/data/{name}.zip", "s3://b/{name}"])
def test_a_folder_with_the_products_name_is_not_noticed(source: str) -> None:
    assert read_product(L2A.document(source.format(name=L2A.name))).notices == ()


def test_a_footprint_across_the_antimeridian_is_cut() -> None:
    ring = "66.6 179.5 66.6 -179.0 65.6 -179.0 65.6 179.5 66.6 179.5"
    mapped = read_product(replace(L2A, ring=ring).document())
    assert scene_of(mapped).footprint.startswith("MULTIPOLYGON")
    assert [notice.field for notice in mapped.notices] == ["EXT_POS_LIST"]


def written_and_read(scene: Scene) -> object:
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in statements(scene))
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    return record_from(scene.iri, store)


def test_a_scene_survives_the_graph(text: SafeText) -> None:
    scene = scene_from(text)
    assert written_and_read(scene) == scene


def test_every_real_product_maps_and_survives_the_graph(real_products: dict[Path, Document]) -> None:
    for document in real_products.values():
        scene = scene_of(read_product(document))
        assert written_and_read(scene) == scene
